//! A site's own templates, filled with a sample that has everything.
//!
//! A slip in `event.html` is met only while there is an event, and then it would keep the news of the outage from being published.
//! So every template is filled on any day with a small site of ours on which an incident goes on, maintenance is ahead, at work and
//! over, a thread has several posts, and so on. Only where the site has templates of its own; how many posts it has does not matter.

mod claims;
mod frame;
mod printed;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::findings::Findings;
use crate::load;
use crate::model::config::Editor;
use crate::model::{Config, Moment, Site};
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

/// How many notices come last: so many that no list of the newest posts has the title of an event, which then stands where a page
/// tells events, or nowhere.
const NOTICES: i64 = 8;

/// When there is everything, and when nothing is wrong: a theme must not need an outage either.
const MOMENTS: [&str; 2] = ["2026-05-04T12:00:00Z", "2026-04-20T12:00:00Z"];

/// When the answer is a sentence that the page says nowhere else, for the front page alone.
const DEGRADED: &str = "2026-05-04T09:10:00Z";

const FRONT: &str = "index.html";

/// Fills every template with the sample. What the theme shares with all templates is the sample's afterwards.
pub fn fill(own: &Site, theme: &mut Theme, findings: &mut Findings) {
    if !theme.has_own_templates() {
        return;
    }
    let mut told = BTreeSet::new();
    for moment in MOMENTS.into_iter().chain([DEGRADED]) {
        let Some(mut sample) = sample(moment, &mut Findings::default()) else { continue };
        sample.config = Arc::new(config(own, &sample));
        borrow_names(&mut sample, own);
        let plan = plan::of(&Arc::new(sample));
        html::share(&plan, theme);
        let mut pages = (html::PAGES.list)(&plan, theme);
        if moment == DEGRADED {
            pages.retain(|page| page.path == FRONT);
        }
        let Ok(pages) = render::each(&plan, &pages, theme, findings, |path, bytes| Ok::<_, Infallible>((path.to_owned(), bytes)));
        let pages: BTreeMap<_, _> = pages.into_iter().collect();
        printed::check(&plan, theme, &pages, findings);
        let mut claims = claims::Claims::of(theme, told);
        claims.check(&plan, &pages, findings);
        told = claims.told();
        if let Some(front) = pages.get(FRONT) {
            frame::check(&plan, theme, &String::from_utf8_lossy(front), findings);
        }
    }
}

fn sample(moment: &str, findings: &mut Findings) -> Option<Site> {
    let mut sources = Sources::default();
    for (path, text) in FILES {
        sources.insert(path, text.as_bytes());
    }
    let now: Moment = moment.parse().ok()?;
    for minutes in 0..NOTICES {
        let path = (now - TimeDelta::minutes(minutes)).format("content/posts/%Y-%m-%d-%H%M-notice.md");
        // Where the front page has titles alone.
        let withdrawn = if minutes == NOTICES - 2 { "withdrawn = true\n" } else { "" };
        sources.insert(&path.to_string(), format!("+++\ntitle = \"Notice\"\nkind = \"notice\"\n{withdrawn}+++\n\nWelcome.\n").into_bytes());
    }
    let options = Options { now: Now::Given(now), drafts: true, base_url: None };
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
    use crate::findings::Code;
    use crate::theme::{self, BUILTIN_TEMPLATES};

    /// What a theme with these templates gets wrong, by place.
    fn slips(templates: &[(String, String)]) -> Vec<(String, usize)> {
        slips_of(&sample(MOMENTS[0], &mut Findings::default()).unwrap(), templates)
    }

    fn slips_of(site: &Site, templates: &[(String, String)]) -> Vec<(String, usize)> {
        let findings = findings_of(site, templates);
        let found = findings.iter().filter(|finding| finding.code == Code::Template);
        found.map(|finding| (finding.span.path.rsplit('/').next().unwrap().to_owned(), finding.span.start)).collect()
    }

    fn findings_of(site: &Site, templates: &[(String, String)]) -> Findings {
        let mut sources = Sources::default();
        for (name, text) in templates {
            sources.insert(&format!("themes/default/templates/{name}"), text.clone().into_bytes());
        }
        let mut findings = Findings::default();
        let mut theme = theme::load(&sources, &site.config, &mut findings);
        fill(site, &mut theme, &mut findings);
        findings
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
        let row = "{{ row.status.text }} {{ site.extra.phones[row.id] }}".to_owned();
        let post = "{{ page.title }}{% if post.phase %}{{ post.phase.text }}{% endif %}{% for tag in post.tags %}{{ site.extra.colours[tag.name] }}{% endfor %}".to_owned();
        assert_eq!(slips_of(&site, &[("row.html".into(), row), ("post.html".into(), post)]), []);
    }

    #[test]
    fn a_theme_must_not_need_an_outage() {
        let front =
            "{{ front.headline.text }} {{ front.active[0].title }} {% for event in front.active %}{{ event.title }}{% endfor %}".to_owned();
        assert_eq!(slips(&[("front.html".to_owned(), front)]), [("front.html".to_owned(), 29)]);
    }

    /// What is said of the built-in templates where one of them has a text replaced: file and message.
    fn told(name: &str, from: &str, to: &str) -> Vec<String> {
        told_with(name, from, to, &[])
    }

    fn told_with(name: &str, from: &str, to: &str, words: &[(&str, &str)]) -> Vec<String> {
        let (_, text) = BUILTIN_TEMPLATES.iter().find(|(built_in, _)| *built_in == name).unwrap();
        assert!(text.contains(from), "{from}");
        let mut site = sample(MOMENTS[0], &mut Findings::default()).unwrap();
        let words = words.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        site.config = Arc::new(Config { words, ..Config::clone(&site.config) });
        let findings = findings_of(&site, &[(name.to_owned(), text.replace(from, to))]);
        findings.iter().map(|finding| format!("{}: {}", finding.span.path.rsplit('/').next().unwrap(), finding.message)).collect()
    }

    fn unsaid(page: &str, words: &str) -> String {
        format!("filled with our sample of a site, {page} does not say `{words}`, as it should")
    }

    #[test]
    fn a_front_page_that_is_silent_about_what_goes_on_is_told() {
        let silent = |title| unsaid("the front page", title);
        let worst = "Websites down";
        assert_eq!(told("front.html", "{% if front.active -%}", "{% if front.activ -%}"), [format!("front.html: {}", silent(worst))]);
        let first = "{% for event in [front.active[0], front.active[1], front.active[2]] %}";
        assert_eq!(
            told("front.html", "{% for event in front.active %}", first),
            [format!("front.html: {}", silent("Telephones are busy"))]
        );
        assert_eq!(told("event.html", "event.title", "event.kind.text"), [format!("event.html: {}", silent(worst))]);
    }

    #[test]
    fn an_answer_in_a_themes_own_words_is_told_and_one_in_the_sites_is_not() {
        let own = "{% if front.headline.status.word == \"outage\" %}Outage{% else %}All is well{% endif %}";
        let answer = "{{ front.headline.text }}";
        assert_eq!(told("front.html", answer, own), [format!("front.html: {}", unsaid("the front page", "All systems operational"))]);
        assert_eq!(told_with("front.html", "x", "x", &[("overall.major-outage", "Down & <out>"), ("overall.operational", "OK")]), [""; 0]);
        assert_eq!(told("front.html", answer, "<b>{{ front.headline.text | upper }}</b>"), [""; 0]);
        assert_eq!(
            told("front.html", answer, "{{ front.headline.text }} {{ words[\"overall.operational\"] }}"),
            ["front.html: the front page says `All systems operational` in an outage"]
        );
        assert_eq!(told("front.html", answer, "{{ front.headline.text }}<p hidden>{{ words[\"overall.operational\"] }}</p>"), [""; 0]);
        assert_eq!(
            told("front.html", answer, "{{ front.headline.text }} {{ words[\"overall.degraded\"] }}"),
            ["front.html: the front page says `Some systems are degraded` on a day when nothing is wrong"]
        );
    }

    #[test]
    fn an_answer_may_be_said_without_the_table_of_all_systems() {
        let front = "{% extends \"base.html\" %}{% block main %}{{ front.headline.text }}{% for event in front.active %}{{ event.title }}\
            {% endfor %}{% endblock %}";
        assert_eq!(slips(&[("front.html".to_owned(), front.to_owned())]), []);
    }

    #[test]
    fn a_page_that_says_no_status_or_no_title_is_told() {
        let words = ">{{ row.status.text }}<";
        assert_eq!(told("row.html", words, ">?<"), [format!("row.html: {}", unsaid("the page of all servers", "Degraded"))]);
        let post = "{% extends \"base.html\" %}{% block main %}<h1>{{ post.kind.text }}</h1>{% endblock %}";
        assert_eq!(slips(&[("post.html".to_owned(), post.to_owned())]), [("post.html".to_owned(), 0)]);
        let server = "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>{% endblock %}";
        assert_eq!(slips(&[("server.html".to_owned(), server.to_owned())]), [("server.html".to_owned(), 0)]);
    }

    #[test]
    fn a_table_that_is_printed_by_mistake_is_told_at_its_place_with_its_fields() {
        let (_, event) = BUILTIN_TEMPLATES.iter().find(|(name, _)| *name == "event.html").unwrap();
        let text = event.replace("{{ event.title }}", "{{ event.title }} {{ event.window.start }} {{ event.servers }}");
        let site = sample(MOMENTS[0], &mut Findings::default()).unwrap();
        let findings = findings_of(&site, &[("event.html".to_owned(), text.clone())]);
        let found = findings.iter().map(|finding| (&text[finding.span.start..finding.span.end], finding.help.as_deref().unwrap()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                ("{{ event.window.start }}", "print one of its fields: `iso`, `text`"),
                (
                    "{{ event.servers }}",
                    "go through it, `{% for one in … %}`, and print a field of each: `id`, `name`, `about`, `href`, `impact`, `state`, `line`"
                ),
            ]
        );
        let list = [(
            "front.html".to_owned(),
            "{{ front.headline.text }}{{ front.recent }}{% for event in front.active %}{{ event.title }}{% endfor %}".to_owned(),
        )];
        let findings = findings_of(&site, &list);
        let message = findings.iter().find(|finding| finding.code == Code::Template).unwrap();
        assert_eq!((message.span.start, message.help.as_deref()), (25, Some("go through it: `{% for one in … %}{{ one }}{% endfor %}`")));
    }

    #[test]
    fn a_base_without_what_keeps_a_page_true_is_told_once() {
        let lacks = |text: &str| {
            let (_, base) = BUILTIN_TEMPLATES.iter().find(|(name, _)| *name == "base.html").unwrap();
            let base =
                if text.is_empty() { (*base).to_owned() } else { base.replace("{{ parts.head }}", text).replace("id=\"stale\"", "") };
            let site = sample(MOMENTS[0], &mut Findings::default()).unwrap();
            let findings = findings_of(&site, &[("base.html".to_owned(), base)]);
            findings.iter().map(|finding| (finding.code, finding.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(lacks(""), []);
        assert_eq!(
            lacks("{{ parts.head }}"),
            [(Code::IncompletePage, "the theme's pages lack the warning of an old page (`id=\"stale\"`)".to_owned())]
        );
        let [(code, message)] = &lacks("<style></style>")[..] else { panic!("one finding") };
        assert_eq!(*code, Code::IncompletePage);
        assert!(message.contains("Content-Security-Policy") && message.contains("the script") && !message.contains("data-stale-after"));
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
