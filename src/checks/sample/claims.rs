//! What pages that were made from the site's own templates must say, held to the model.
//!
//! A condition takes a name that does not exist as false, and a theme may say words of its own: then its pages would be silent about
//! an outage, or say that all is well, and no engine would complain. Held are only claims that hold for every theme: what a page may
//! leave out, as the front page the table of all systems, is not asked for.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::shown;
use crate::findings::{Code, Finding, Findings};
use crate::model::Status;
use crate::plan::{Plan, Shows};
use crate::source::Span;
use crate::theme::Theme;

const HEADLINE: &str = "print `{{ front.headline.text }}` as it is; `[words]` in site.toml changes what it says";
const EVENTS: &str = "`{% for event in front.active %}{% include \"event.html\" %}{% endfor %}` shows each in a box, whose heading is \
    `{{ event.title }}`; `if` and `for` take a name that does not exist for nothing";
const ANSWER: &str = "only `{{ front.headline.text }}` knows how things are: take out what says so beside it";
const POST: &str = "print `{{ page.title }}`";
const SERVER: &str = "print `{{ server.row.status.text }}`; `[words]` in site.toml changes what states are called";
const ROW: &str = "`row.html` prints `{{ row.status.text }}`; `[words]` in site.toml changes what states are called";

/// Holds the pages of a sample to its model. Of each kind of slip the first is told.
pub struct Claims<'a> {
    theme: &'a Theme,
    told: BTreeSet<&'static str>,
}

impl<'a> Claims<'a> {
    pub fn of(theme: &'a Theme, told: BTreeSet<&'static str>) -> Claims<'a> {
        Claims { theme, told }
    }

    /// What was told.
    pub fn told(self) -> BTreeSet<&'static str> {
        self.told
    }

    /// Looks at all pages that could be made, by their path.
    pub fn check(&mut self, plan: &Plan, pages: &BTreeMap<String, Bytes>, findings: &mut Findings) {
        let Plan { site, words, .. } = plan;
        for page in &plan.pages {
            let Some(bytes) = pages.get(&page.address.file()) else { continue };
            let text = || shown::text(&String::from_utf8_lossy(bytes));
            match page.shows {
                Shows::Front => self.front(plan, &text(), findings),
                // Whether it says how things are now is its own business: a post tells what happened.
                Shows::Post(post) if site.glance.active.iter().any(|ix| site.threads[*ix].posts.contains(&post)) => {
                    self.need("a post's page", &["post.html", "base.html"], &text(), [site.posts[post].title.as_str()], POST, findings);
                }
                Shows::Server(server) => {
                    let status = site.glance.servers[server].status;
                    let needed = status.has_impact().then(|| words.status(status));
                    self.need("a server's page", &["server.html", "base.html"], &text(), needed, SERVER, findings);
                }
                Shows::Servers => {
                    let states: BTreeSet<&str> = site
                        .groups
                        .iter()
                        .flat_map(|group| &group.servers)
                        .map(|server| site.glance.servers[*server].status)
                        .filter(|status| status.has_impact())
                        .map(|status| words.status(status))
                        .collect();
                    self.need(
                        "the page of all servers",
                        &["row.html", "glance.html", "servers.html", "base.html"],
                        &text(),
                        states,
                        ROW,
                        findings,
                    );
                }
                _ => {}
            }
        }
    }

    fn front(&mut self, plan: &Plan, text: &str, findings: &mut Findings) {
        let Plan { site, words, .. } = plan;
        let title = |thread: &usize| site.posts[site.title_ix(&site.threads[*thread])].title.as_str();
        self.need("the front page", &["front.html", "base.html"], text, [words.headline(site.glance.headline)], HEADLINE, findings);
        // Where the boxes of other events have their titles, it is the front page that leaves these out.
        let has_boxes = site.glance.planned.iter().chain(&site.glance.active).any(|thread| shown::says(text, title(thread)));
        let templates = if has_boxes { ["front.html", "event.html", "base.html"] } else { ["event.html", "front.html", "base.html"] };
        self.need("the front page", &templates, text, site.glance.active.iter().map(title), EVENTS, findings);
        let is_calm = site.glance.active.is_empty() && site.glance.overall == Status::Operational;
        let wrong: &[Status] = match is_calm {
            true => &[Status::Degraded, Status::PartialOutage, Status::MajorOutage],
            false => &[Status::Operational],
        };
        // A word that is also that of a server's state, or stands in a text of the site's own, may be there for good reason.
        let config = &site.config;
        let own =
            config.sidebar.iter().map(|block| format!("{} {}", block.title, block.text.as_ref().map_or("", |text| text.html.as_str())));
        let own: String = own.chain([config.title.clone(), config.description.clone()]).collect();
        let is_state = |sentence: &str| Status::ALL.iter().any(|status| shown::says(words.status(*status), sentence));
        let wrong =
            wrong.iter().map(|status| words.overall(*status)).filter(|sentence| !is_state(sentence) && !shown::says(&own, sentence));
        if let Some(sentence) = wrong.into_iter().find(|sentence| shown::says_alone(text, sentence)) {
            let day = if is_calm { "on a day when nothing is wrong" } else { "in an outage" };
            self.tell(&["front.html", "base.html"], format!("the front page says `{sentence}` {day}"), ANSWER, findings);
        }
    }

    /// Tells what is missing of the words that a page must say.
    fn need<'w>(
        &mut self,
        page: &str,
        templates: &[&str],
        text: &str,
        words: impl IntoIterator<Item = &'w str>,
        help: &'static str,
        findings: &mut Findings,
    ) {
        if let Some(missing) = words.into_iter().find(|words| !shown::says(text, words)) {
            self.tell(
                templates,
                format!("filled with our sample of a site, {page} does not say `{missing}`, as it should"),
                help,
                findings,
            );
        }
    }

    /// Tells it of the first of these templates that is the site's own.
    fn tell(&mut self, templates: &[&str], message: String, help: &'static str, findings: &mut Findings) {
        let Some(path) = templates.iter().find_map(|name| self.theme.own_template(name)) else { return };
        if self.told.insert(help) {
            findings.push(Finding::new(Code::Template, Span::whole_file(path), message).help(help));
        }
    }
}
