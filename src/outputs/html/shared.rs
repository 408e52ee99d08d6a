//! What many pages share, made once a build and pasted everywhere.

use std::sync::OnceLock;

use foldhash::HashMap;
use serde::Serialize;

use super::Maker;
use super::entry::EntryView;
use super::view::{LinkView, PhaseView, ServerLinkView, Taxonomy, TermView, WordView};
use crate::model::{Impact, Kind, Phase, PostIx, State, Term};
use crate::plan::Plan;
use crate::theme::{Markup, Ready, TemplateProblem, Values};
use crate::words::Words;

/// Characters of a summary in lists and previews.
const SUMMARY: usize = 160;

type Once<T> = OnceLock<Result<T, TemplateProblem>>;

/// What many pages share. Parts are made when a page first asks for them.
pub struct Shared {
    pub words: Words,
    framed: Once<Values>,
    full_sidebar: Once<Markup>,
    /// The first words of a post, by `PostIx`.
    summaries: Vec<OnceLock<String>>,
    /// A post's entry in lists, by `PostIx`.
    entries: Vec<Once<Markup>>,
    /// By `ServerIx`; of each, without an impact and with each of them.
    pub server_links: Vec<[Once<Ready<ServerLinkView>>; 1 + Impact::ALL.len()]>,
    /// Links to posts, by `PostIx`.
    pub post_links: Vec<OnceLock<Ready<LinkView>>>,
    pub kinds: [Ready<WordView>; Kind::ALL.len()],
    pub states: [Ready<WordView>; State::ALL.len()],
    /// Phases after which nothing comes by itself.
    pub phases: [Ready<PhaseView>; Phase::ALL.len()],
    /// By each way that a tag is written.
    pub tags: HashMap<String, Ready<TermView>>,
    /// By each way that a category is written.
    pub categories: HashMap<String, Ready<TermView>>,
}

/// Pieces of every page, already filled.
#[derive(Serialize)]
pub struct Parts {
    /// What stands in `<head>` on every page: policy, style, script, icons, feeds. From `head.html`.
    pub head: Markup,
    /// The site's name and navigation. From `header.html`.
    pub header: Markup,
    /// What closes every page. From `footer.html`.
    pub footer: Markup,
}

impl Shared {
    pub fn of(plan: &Plan) -> Shared {
        let words = plan.words.clone();
        let word = |word: &str, text: &str| Ready::new(&WordView { word: word.replace(' ', "-"), text: text.to_owned() });
        Shared {
            kinds: Kind::ALL.map(|kind| word(kind.word(), words.kind(kind))),
            states: State::ALL.map(|state| word(state.word(), words.state(state))),
            phases: Phase::ALL.map(|phase| Ready::new(&PhaseView::last(phase, &words))),
            post_links: plan.site.posts.iter().map(|_| OnceLock::new()).collect(),
            summaries: (0..plan.site.posts.len()).map(|_| OnceLock::new()).collect(),
            entries: (0..plan.site.posts.len()).map(|_| OnceLock::new()).collect(),
            server_links: plan.site.servers.iter().map(|_| Default::default()).collect(),
            tags: by_spelling(plan, Taxonomy::Tags, &plan.site.tags),
            categories: by_spelling(plan, Taxonomy::Categories, &plan.site.categories),
            words,
            framed: OnceLock::new(),
            full_sidebar: OnceLock::new(),
        }
    }
}

fn by_spelling(plan: &Plan, taxonomy: Taxonomy, terms: &[Term]) -> HashMap<String, Ready<TermView>> {
    let spelt = |term: &Term| {
        let view = Ready::new(&TermView::of(&plan.site, taxonomy, term));
        term.spellings.iter().map(move |word| (word.clone(), view.clone())).collect::<Vec<_>>()
    };
    terms.iter().flat_map(spelt).collect()
}

impl Maker<'_> {
    /// What a whole page is filled with, before its own values.
    pub fn framed(&self) -> Result<Values, TemplateProblem> {
        let make = || {
            let part = |template: &str| self.theme.fill_markup(template, &Values::default());
            let parts = Parts { head: part("head.html")?, header: part("header.html")?, footer: part("footer.html")? };
            // Nothing in this one changes with a new post; pages that are rewritten anyway get the full one instead.
            let sidebar = self.fill_part("sidebar.html", "sidebar", &self.sidebar_view(false))?;
            Ok(Values::default().with("parts", &parts).with("sidebar", &sidebar))
        };
        self.shared.framed.get_or_init(make).clone()
    }

    /// The sidebar of pages that are rewritten with every post.
    pub fn full_sidebar(&self) -> Result<Markup, TemplateProblem> {
        let make = || self.fill_part("sidebar.html", "sidebar", &self.sidebar_view(true));
        self.shared.full_sidebar.get_or_init(make).clone()
    }

    /// Words for lists and previews: the post's `summary`, or its first words.
    pub fn summary(&self, post: PostIx) -> &str {
        self.shared.summaries[post].get_or_init(|| self.site.posts[post].summary(SUMMARY))
    }

    /// A post's entry as lists paste it.
    pub fn entry(&self, post: PostIx) -> Result<Markup, TemplateProblem> {
        let make = || self.fill_part("entry.html", "entry", &EntryView::of(self, post)?);
        self.shared.entries[post].get_or_init(make).clone()
    }

    pub fn entries(&self, posts: impl IntoIterator<Item = PostIx>) -> Result<Vec<Markup>, TemplateProblem> {
        posts.into_iter().map(|post| self.entry(post)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_in_a_list_stands_at_its_own_number() {
        assert!(Kind::ALL.iter().enumerate().all(|(at, kind)| *kind as usize == at));
        assert!(State::ALL.iter().enumerate().all(|(at, state)| *state as usize == at));
        assert!(Phase::ALL.iter().enumerate().all(|(at, phase)| *phase as usize == at));
    }
}
