//! The front page: is it them, what is wrong and since when, what comes; my server; what was.

use serde::Serialize;

use super::Maker;
use super::archive::TitleView;
use super::glance::GlanceView;
use super::page::PageView;
use super::post::UpdateView;
use super::view::{LinkView, PhaseView, ServerLinkView, StatusView, TimeView, WindowView, WordView};
use crate::model::{Impact, ImpactWindow, Kind, ServerIx, ThreadIx};
use crate::plan::{self, Listing, Page};
use crate::theme::{Markup, Ready, TemplateProblem};

/// The front page.
#[derive(Serialize)]
pub struct FrontView {
    /// The one sentence that answers "is it them?".
    pub headline: HeadlineView,
    /// What is wrong or at work now: worst first, then newest.
    pub active: Vec<EventView>,
    /// The heading above them: what is wrong, or that there is nothing but maintenance.
    pub active_heading: String,
    /// Maintenance ahead, soonest first.
    pub planned: Vec<EventView>,
    /// Maintenance whose window is over and that waits for a word, newest first.
    pub window_over: Vec<EventView>,
    /// All systems at a glance.
    pub glance: GlanceView,
    /// Entries of pinned posts.
    pub pinned: Vec<Markup>,
    /// Entries of the newest posts, without the pinned ones.
    pub recent: Vec<Markup>,
    /// The titles of the posts that come next in time, as far as the front page goes.
    pub earlier: Vec<TitleView>,
    /// Where the posts stand that the front page has no room for.
    pub older: Option<String>,
}

/// The answer in one sentence.
#[derive(Serialize)]
pub struct HeadlineView {
    /// The overall status and what it becomes.
    pub status: StatusView,
    /// The sentence: `Some systems are degraded`. Never that all is well while an event goes on.
    pub text: String,
    /// Which servers are not operational, worst first, six at most: `NC023, NC027`; empty where all are.
    pub affected: Vec<Ready<ServerLinkView>>,
    /// How many more there are, in words: `and 74 more`; empty where these are all.
    pub more: String,
    /// What is said instead of "all is well" while an event goes on that touches the status of no server.
    pub text_while_active: String,
}

/// An event in a box of its own.
#[derive(Serialize)]
pub struct EventView {
    /// The thread's name: the title of its first post that is not withdrawn.
    pub title: String,
    /// That post.
    pub href: String,
    /// `incident` or `maintenance`.
    pub kind: Ready<WordView>,
    pub phase: Ready<PhaseView>,
    /// The worst that it does to a server now, or will do.
    pub impact: Option<StatusView>,
    /// Since when it does that, where that is later than its beginning.
    pub since: Option<TimeView>,
    pub window: WindowView,
    /// The servers that it is about, twelve at most.
    pub servers: Vec<Ready<ServerLinkView>>,
    /// How many more there are, in words: `and 28 more`; empty where these are all.
    pub more_servers: String,
    /// The newest update, in full.
    pub latest: Option<UpdateView>,
    /// The post that holds the newest update, where it is not that post.
    pub latest_post: Option<LinkView>,
    /// How many updates there are, in words: `6 updates`.
    pub updates: String,
}

/// How many servers the answer names, and how many an event's box, so that its newest words are not pushed off a telephone.
const NAMED: usize = 6;
const NAMED_IN_BOX: usize = 12;

/// How many of the newest posts the front page shows with a summary; the others up to `posts_per_page` by title.
const SUMMARISED: usize = 5;

pub fn make(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let site = maker.site;
    let pinned: Vec<usize> = (0..site.posts.len()).filter(|post| site.posts[*post].pinned.holds(site.now)).collect();
    let shown = site.posts.len().min(site.config.posts_per_page);
    let (recent, earlier): (Vec<usize>, Vec<usize>) = (0..shown).filter(|post| !pinned.contains(post)).partition(|post| *post < SUMMARISED);
    let events = |threads: &[ThreadIx]| threads.iter().filter_map(|thread| maker.event(*thread).transpose()).collect::<Result<_, _>>();
    let is_work = site.glance.active.iter().all(|thread| site.threads[*thread].kind == Kind::Maintenance);
    let front = FrontView {
        headline: maker.headline()?,
        active: events(&site.glance.active)?,
        active_heading: maker.text(if is_work { "front.work" } else { "front.active" }),
        planned: events(&site.glance.planned)?,
        window_over: events(&site.glance.window_over)?,
        glance: maker.glance(),
        recent: maker.entries(recent)?,
        pinned: maker.entries(pinned.iter().copied())?,
        earlier: earlier.into_iter().map(|post| maker.title(post)).collect(),
        older: plan::older(site, Listing::All, site.posts.len()).map(|address| maker.href(&address)),
    };
    let mut view = PageView::of(maker, page, site.config.title.clone()).volatile(maker);
    view.full_title = format!("{} · {}", front.headline.text, site.config.title);
    maker.fill("front.html", &view, "front", &front)
}

impl Maker<'_> {
    fn headline(&self) -> Result<HeadlineView, TemplateProblem> {
        let glance = &self.site.glance;
        let words = &self.shared.words;
        let for_customers = |server: &usize| self.site.servers[*server].standing.is_public();
        let status = |server: &usize| glance.servers[*server].status;
        let mut affected: Vec<usize> =
            (0..self.site.servers.len()).filter(for_customers).filter(|server| status(server).has_impact()).collect();
        affected.sort_by_key(|server| std::cmp::Reverse(status(server).impact()));
        let more = self.more(&mut affected, NAMED);
        Ok(HeadlineView {
            status: self.status(glance.overall, &glance.overall_next),
            text: words.headline(glance.headline).to_owned(),
            affected: affected
                .into_iter()
                .map(|server| self.server_in_box(server, None, Some(status(&server)), glance.overall))
                .collect::<Result<_, _>>()?,
            more,
            text_while_active: words.text("overall.active").to_owned(),
        })
    }

    /// Leaves as many servers as are named; how many more there were, in words.
    fn more(&self, servers: &mut Vec<ServerIx>, most: usize) -> String {
        let (named, more) = self.shared.words.named(servers.len(), most);
        servers.truncate(named);
        more
    }

    pub fn event(&self, ix: ThreadIx) -> Result<Option<EventView>, TemplateProblem> {
        let thread = &self.site.threads[ix];
        let latest = self.site.standing_updates(thread).next_back();
        let (Some(event), Some(latest)) = (&thread.event, latest) else { return Ok(None) };
        let first = self.site.title_ix(thread);
        let link = self.post_link(first);
        let holding: Vec<&ImpactWindow> = event.impact_windows.iter().filter(|held| held.window.holds(self.site.now)).collect();
        // Of an event that goes on, the servers that it touches now: what is well again is no news here.
        let mut servers = event.servers_at(self.site.now);
        let more_servers = self.more(&mut servers, NAMED_IN_BOX);
        let worst = event
            .impact_windows
            .iter()
            .filter(|held| thread.kind == Kind::Maintenance || held.window.holds(self.site.now))
            .map(|held| held.impact)
            .max();
        let worst_now = holding.iter().filter(|held| Some(held.impact) == worst);
        let state_of = |server: &ServerIx| holding.iter().filter(|held| held.server == *server).map(|held| held.impact).max();
        let in_box = |server: ServerIx| match worst {
            Some(worst) => self.server_in_box(server, Some(event), state_of(&server).map(Impact::status), worst.status()),
            None => self.server_link(server, Some(event)),
        };
        let since = worst_now.map(|held| held.window.from).min().filter(|since| *since > event.start);
        Ok(Some(EventView {
            title: link.title,
            href: link.href,
            kind: self.kind(thread.kind),
            phase: self.phase(event),
            impact: worst.map(|impact| self.status(impact.status(), &[])),
            since: since.map(|since| self.time(since)),
            window: self.window(event.start, event.end),
            servers: servers.into_iter().map(in_box).collect::<Result<_, _>>()?,
            more_servers,
            latest: Some(self.update(self.site.update(latest).1)),
            latest_post: (latest.post != first).then(|| self.post_link(latest.post)),
            updates: self.shared.words.count("count.updates", self.site.standing_updates(thread).count()),
        }))
    }
}
