//! A site's own templates, filled with a sample that has everything.
//!
//! A slip in `event.html` is met only while there is an event, and then it would keep the news of the outage from being published.
//! So every template is filled on any day with a small site of ours on which an incident goes on, maintenance is ahead, at work and
//! over, a thread has several posts, and so on. Only where the site has templates of its own; how many posts it has does not matter.

use std::convert::Infallible;
use std::sync::Arc;

use crate::findings::Findings;
use crate::load;
use crate::model::config::Editor;
use crate::model::{Config, Site};
use crate::outputs::html;
use crate::source::Sources;
use crate::theme::Theme;
use crate::{Memo, Now, Options, plan, render};

macro_rules! files {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("sample/", $path)))),*] };
}

const FILES: &[(&str, &str)] = files!(
    "site.toml"
    "content/servers.toml"
    "content/probes.json"
    "content/pages/about.md"
    "content/posts/2025-11-05-old-server-closes.md"
    "content/posts/2026-03-01-1000-new-address.md"
    "content/posts/2026-04-12-0800-certificate-expired.md"
    "content/posts/2026-04-18-new-kernel.md"
    "content/posts/2026-04-28-database-upgrade.md"
    "content/posts/2026-04-29-new-racks.md"
    "content/posts/2026-04-30-2000-mail-down.md"
    "content/posts/2026-05-01-new-disks.md"
    "content/posts/2026-05-02-mail-moves.md"
    "content/posts/2026-05-03-0700-telephones-busy.md"
    "content/posts/2026-05-03-orders-late.md"
    "content/posts/2026-05-04-0900-websites-down.md"
    "content/posts/2026-05-04-1100-websites-down-2.md"
);

/// When there is everything, and when nothing is wrong: a theme must not need an outage either.
const MOMENTS: [&str; 2] = ["2026-05-04T12:00:00Z", "2026-04-20T12:00:00Z"];

/// Fills every template with the sample. What the theme shares with all templates is the sample's afterwards.
pub fn fill(own: &Site, theme: &mut Theme, findings: &mut Findings) {
    if !theme.has_own_templates() {
        return;
    }
    for moment in MOMENTS {
        let Some(mut sample) = sample(moment, &mut Findings::default()) else { continue };
        sample.config = Arc::new(config(own, &sample));
        borrow_names(&mut sample, own);
        let plan = plan::of(&Arc::new(sample));
        html::share(&plan, theme);
        let pages = (html::PAGES.list)(&plan, theme);
        let Ok(_) = render::each(&plan, &pages, theme, findings, |_, _| Ok::<_, Infallible>(()));
    }
}

fn sample(moment: &str, findings: &mut Findings) -> Option<Site> {
    let mut sources = Sources::default();
    for (path, text) in FILES {
        sources.insert(path, text.as_bytes());
    }
    let options = Options { now: Now::Given(moment.parse().ok()?), drafts: true, base_url: None };
    load::site::site(&sources, &options, &mut Memo::forgetful(), findings)
}

/// The site's own settings, with what they lack.
fn config(own: &Site, sample: &Site) -> Config {
    let (own, sample) = (&own.config, &sample.config);
    Config {
        time_zones: if own.time_zones.is_empty() { &sample.time_zones } else { &own.time_zones }.clone(),
        posts_per_page: sample.posts_per_page,
        editor: Editor {
            new_url: own.editor.new_url.clone().or_else(|| sample.editor.new_url.clone()),
            edit_url: own.editor.edit_url.clone().or_else(|| sample.editor.edit_url.clone()),
        },
        sidebar: [own.sidebar.clone(), sample.sidebar.clone()].concat(),
        logo: own.logo.clone().or_else(|| sample.logo.clone()),
        ..Config::clone(own)
    }
}

/// A theme may look up by a name what `[extra]` says of a server or a tag, so the sample has the site's own names.
fn borrow_names(sample: &mut Site, own: &Site) {
    let servers = Arc::make_mut(&mut sample.servers);
    for (server, own) in servers.iter_mut().zip(own.servers.iter().cycle()) {
        (server.id, server.name) = (own.id.clone(), own.name.clone());
    }
    let named = own.groups.iter().filter(|group| group.name.is_some());
    for (group, own) in sample.groups.iter_mut().filter(|group| group.name.is_some()).zip(named.cycle()) {
        group.name.clone_from(&own.name);
        group.servers.iter().for_each(|server| servers[*server].group.clone_from(&own.name));
    }
    for (terms, own) in [(&mut sample.tags, &own.tags), (&mut sample.categories, &own.categories)] {
        terms.iter_mut().zip(own.iter().cycle()).for_each(|(term, own)| term.name.clone_from(&own.name));
    }
    let Some(author) = own.posts.iter().find_map(|post| post.author.as_ref()) else { return };
    for post in sample.posts.iter_mut().filter(|post| post.author.is_some()) {
        Arc::make_mut(post).author = Some(author.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{self, BUILTIN_TEMPLATES};

    /// What a theme with these templates gets wrong, by place.
    fn slips(templates: &[(String, String)]) -> Vec<(String, usize)> {
        slips_of(&sample(MOMENTS[0], &mut Findings::default()).unwrap(), templates)
    }

    fn slips_of(site: &Site, templates: &[(String, String)]) -> Vec<(String, usize)> {
        let mut sources = Sources::default();
        for (name, text) in templates {
            sources.insert(&format!("themes/default/templates/{name}"), text.clone().into_bytes());
        }
        let mut findings = Findings::default();
        let mut theme = theme::load(&sources, &site.config, &mut findings);
        fill(site, &mut theme, &mut findings);
        findings.iter().map(|finding| (finding.span.path.rsplit('/').next().unwrap().to_owned(), finding.span.start)).collect()
    }

    #[test]
    fn the_sample_is_a_site_without_a_finding() {
        for moment in MOMENTS {
            let mut findings = Findings::default();
            assert!(sample(moment, &mut findings).is_some());
            assert_eq!(findings, Findings::default(), "at {moment}");
        }
    }

    #[test]
    fn the_built_in_templates_fill_with_it() {
        let own: Vec<(String, String)> = BUILTIN_TEMPLATES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(slips(&own), []);
    }

    #[test]
    fn a_theme_may_look_up_what_extra_says_of_the_sites_own_names() {
        let mut site = sample(MOMENTS[0], &mut Findings::default()).unwrap();
        Arc::make_mut(&mut site.servers).truncate(1);
        Arc::make_mut(&mut site.servers)[0].id = "nc023".into();
        site.tags.truncate(1);
        site.tags[0].name = "mail relay".to_owned();
        let extra = "[phones]\nnc023 = \"1\"\n[colours]\n\"mail relay\" = \"red\"\n";
        site.config = Arc::new(Config { extra: extra.parse().unwrap(), ..Config::clone(&site.config) });
        let row = "{{ site.extra.phones[row.id] }}".to_owned();
        let post = "{% for tag in post.tags %}{{ site.extra.colours[tag.name] }}{% endfor %}".to_owned();
        assert_eq!(slips_of(&site, &[("row.html".into(), row), ("post.html".into(), post)]), []);
    }

    #[test]
    fn a_theme_must_not_need_an_outage() {
        let front = "{{ front.headline.text }} {{ front.active[0].title }}".to_owned();
        assert_eq!(slips(&[("front.html".to_owned(), front)]), [("front.html".to_owned(), 29)]);
    }

    /// What shows only where a site has no posts, no servers, or more tags than fit the sidebar.
    const UNSAMPLED: [&str; 4] = [
        "archives.html: {% if not archives.years %}",
        "developers.html: {% else -%}",
        "front.html: {% if not front.recent and not front.pinned %}",
        "sidebar.html: {% if sidebar.more_tags %}",
    ];

    /// Every branch and loop of the built-in templates is gone through, so that a slip anywhere in a copy of one is found.
    #[test]
    fn a_slip_in_any_part_of_a_template_is_found() {
        let mut missed = Vec::new();
        for (name, text) in BUILTIN_TEMPLATES {
            let tags = text.match_indices("{% ").chain(text.match_indices("{%- ")).map(|(at, _)| at);
            for at in tags {
                let word = text[at..].trim_start_matches(['{', '%', '-', ' ']).split(' ').next().unwrap();
                let place = at + text[at..].find("%}").unwrap() + 2;
                if ["if", "elif", "else", "for"].contains(&word) {
                    let slipped = format!("{}{{{{ slip }}}}{}", &text[..place], &text[place..]);
                    let found = slips(&[((*name).to_owned(), slipped)]);
                    if found != [((*name).to_owned(), place + 3)] {
                        missed.push(format!("{name}: {}", &text[at..place]));
                    }
                }
            }
        }
        assert_eq!(missed, UNSAMPLED);
    }
}
