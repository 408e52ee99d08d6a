//! Pieces that several pages show: times, windows, states, links.

use chrono::TimeDelta;
use serde::Serialize;

use crate::model::{Address, Event, Impact, Kind, Moment, Phase, PostIx, ServerIx, Site, State, Status, Term, moment, rfc3339};
use crate::theme::{Markup, Ready, TemplateProblem};
use crate::words::Words;

use super::Maker;

/// One of the two ways in which posts are grouped by their authors' words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taxonomy {
    Tags,
    Categories,
}

/// A moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimeView {
    /// For `<time datetime>`: `2026-05-04T19:00:00Z`.
    pub iso: String,
    /// In words, in UTC: `4 May 2026, 19:00 UTC`.
    pub text: String,
}

/// A day, in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayView {
    /// For `<time datetime>`: `2026-05-04`.
    pub iso: String,
    /// In words: `4 May 2026`.
    pub text: String,
}

/// From when until when, in UTC alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpanView {
    /// Day and time of the beginning.
    pub start: TimeView,
    /// The end, as a time alone where it is on the same day; nothing where none is known.
    pub end: Option<TimeView>,
}

/// From when until when, in all that is to be said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WindowView {
    /// Day and time of the beginning.
    pub start: TimeView,
    /// The end, as a time alone where it is on the same day; nothing where none is known.
    pub end: Option<TimeView>,
    /// Whether it ends on the day on which it begins.
    pub is_one_day: bool,
    /// The day of the beginning: `4 May 2026`.
    pub day: String,
    /// The times of day, in UTC: `19:00–19:30 UTC`; with days where the window ends on another.
    pub times: String,
    /// How long it is: `30 minutes`; empty where no end is known.
    pub duration: String,
    /// The same in each zone that the site offers.
    pub zones: Vec<ZoneView>,
}

/// A window in another time zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneView {
    /// What people call the zone: `Perth`.
    pub name: String,
    /// The window there: `5 May 03:00–03:30 AWST`.
    pub text: String,
}

/// A status or phase that comes by itself when its time has come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeView {
    /// When: `2026-05-04T19:00:00Z`.
    pub iso: String,
    /// When, in words: a time alone where the change before it is on the same day.
    pub text: String,
    /// Whether it comes within a week, and should be shown.
    pub is_soon: bool,
    /// What it becomes, as a class and key: `maintenance`.
    pub word: &'static str,
    /// What it becomes, in words: `Maintenance`.
    pub becomes: String,
}

/// A word with a meaning of its own: a kind, a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordView {
    /// The word for classes and scripts: `maintenance`, `in-progress`.
    pub word: String,
    /// The word for people: `Maintenance`, `In progress`.
    pub text: String,
}

/// How something is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatusView {
    /// The word for classes and scripts: `partial-outage`.
    pub word: &'static str,
    /// The word for people: `Partial outage`.
    pub text: String,
    /// What it will become by itself, soonest first.
    pub next: Vec<ChangeView>,
}

/// Where an event stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PhaseView {
    /// The word for classes and scripts: `in-progress`.
    pub word: &'static str,
    /// The word for people: `In progress`.
    pub text: String,
    /// What it will become by itself, soonest first.
    pub next: Vec<ChangeView>,
    /// Whether its event is not over: planned, at work, wrong, or without a word of its end.
    pub is_open: bool,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkView {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub href: String,
}

/// A server by its name, and what an event does to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerLinkView {
    /// Its id: `nc023`.
    pub id: String,
    /// Its name: `NC023`.
    pub name: String,
    /// What it is for: `Outgoing mail relay`; empty where the servers file does not say.
    pub about: String,
    /// Its page.
    pub href: String,
    /// The worst that the event does or did to it; nothing where it has no effect.
    pub impact: Option<StatusView>,
    /// How it is now, in a box that says something else of the whole; nothing where it is as the box says, and elsewhere.
    pub state: Option<WordView>,
    /// All but that as a post's page shows it. From `affected.html`.
    pub line: Markup,
}

/// A tag or category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermView {
    /// As it is written: `Mail relay`.
    pub name: String,
    /// Its page.
    pub href: String,
    /// How many posts have it, without withdrawn ones.
    pub count: usize,
}

impl TermView {
    pub fn of(site: &Site, taxonomy: Taxonomy, term: &Term) -> TermView {
        let address = match taxonomy {
            Taxonomy::Tags => Address::of_tag(&term.slug),
            Taxonomy::Categories => Address::of_category(&term.slug),
        };
        TermView { name: term.name.clone(), href: site.base().href(&address), count: term.standing }
    }
}

impl PhaseView {
    /// A phase after which nothing comes by itself.
    pub fn last(phase: Phase, words: &Words) -> PhaseView {
        PhaseView { word: phase.word(), text: words.phase(phase).to_owned(), next: Vec::new(), is_open: !phase.is_over() }
    }
}

impl Maker<'_> {
    pub fn href(&self, address: &crate::model::Address) -> String {
        self.site.base().href(address)
    }

    /// A link that the user wrote: an address of this site gets the base path, a URL stays.
    pub fn written_href(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.site.base().path) } else { url.to_owned() }
    }

    pub fn text(&self, key: &str) -> String {
        self.shared.words.text(key).to_owned()
    }

    pub fn time(&self, at: Moment) -> TimeView {
        TimeView { iso: rfc3339(at), text: self.shared.words.date_time(at) }
    }

    pub fn day(&self, date: chrono::NaiveDate) -> DayView {
        DayView { iso: moment::day(date, "-"), text: self.shared.words.day(date) }
    }

    pub fn span(&self, start: Moment, end: Option<Moment>) -> SpanView {
        let words = &self.shared.words;
        let text = |end: Moment| if end.date_naive() == start.date_naive() { words.time(end) } else { words.date_time(end) };
        SpanView { start: self.time(start), end: end.map(|end| TimeView { iso: rfc3339(end), text: text(end) }) }
    }

    pub fn window(&self, start: Moment, end: Option<Moment>) -> WindowView {
        let words = &self.shared.words;
        let is_one_day = end.is_some_and(|end| end.date_naive() == start.date_naive());
        let SpanView { start: start_view, end: end_view } = self.span(start, end);
        let times = match &end_view {
            Some(end) if is_one_day => {
                let mut times = String::with_capacity(24);
                moment::push_clock(&mut times, &start);
                times + "–" + &end.text
            }
            Some(end) => format!("{} – {}", words.time(start), end.text),
            None => words.time(start),
        };
        let zones = &self.site.config.time_zones;
        WindowView {
            start: start_view,
            end: end_view,
            is_one_day,
            day: words.day(start.date_naive()),
            times,
            duration: end.map_or_else(String::new, |end| words.duration(end - start)),
            zones: zones.iter().map(|zone| ZoneView { name: words.zone(*zone), text: words.window_in(start, end, *zone) }).collect(),
        }
    }

    pub fn status(&self, status: Status, next: &[(Moment, Status)]) -> StatusView {
        let words = &self.shared.words;
        let next = next.iter().map(|(at, to)| (*at, to.word(), words.status(*to)));
        StatusView { word: status.word(), text: words.status(status).to_owned(), next: self.changes(next) }
    }

    pub fn phase(&self, event: &Event) -> Ready<PhaseView> {
        let words = &self.shared.words;
        let next = event.next_phases();
        if next.is_empty() {
            return self.shared.phases[event.phase as usize].clone();
        }
        let next = next.into_iter().map(|(at, to)| (at, to.word(), words.phase(to)));
        Ready::new(&PhaseView { next: self.changes(next), ..PhaseView::last(event.phase, words) })
    }

    pub fn kind(&self, kind: Kind) -> Ready<WordView> {
        self.shared.kinds[kind as usize].clone()
    }

    pub fn state(&self, state: State) -> Ready<WordView> {
        self.shared.states[state as usize].clone()
    }

    fn changes<'w>(&self, next: impl Iterator<Item = (Moment, &'static str, &'w str)>) -> Vec<ChangeView> {
        let words = &self.shared.words;
        let soon = self.site.now + TimeDelta::weeks(1);
        let mut day = None;
        let change = |(at, word, becomes): (Moment, &'static str, &str)| {
            let same_day = day.replace(at.date_naive()) == Some(at.date_naive());
            let text = if same_day { words.time(at) } else { words.date_time(at) };
            ChangeView { iso: rfc3339(at), text, is_soon: at <= soon, word, becomes: becomes.to_owned() }
        };
        next.map(change).collect()
    }

    /// A server as an event has it: with the worst that the event does to it.
    pub fn server_link(&self, server: ServerIx, event: Option<&Event>) -> Result<Ready<ServerLinkView>, TemplateProblem> {
        let worst = worst(server, event);
        let ready = &self.shared.server_links[server][worst.map_or(0, |impact| 1 + impact as usize)];
        ready.get_or_init(|| self.server_link_view(server, worst).map(|view| Ready::new(&view))).clone()
    }

    fn server_link_view(&self, server: ServerIx, worst: Option<Impact>) -> Result<ServerLinkView, TemplateProblem> {
        let server = &self.site.servers[server];
        let mut view = ServerLinkView {
            id: server.id.to_string(),
            name: server.name.clone(),
            about: server.about.clone().unwrap_or_default(),
            href: self.href(&server.address()),
            impact: worst.map(|impact| self.status(impact.status(), &[])),
            state: None,
            line: Markup::default(),
        };
        view.line = self.fill_part("affected.html", "server", &view)?;
        Ok(view)
    }

    /// A server in a box, whose state is told where that is not what the box says.
    pub fn server_in_box(
        &self,
        server: ServerIx,
        event: Option<&Event>,
        state: Option<Status>,
        said: Status,
    ) -> Result<Ready<ServerLinkView>, TemplateProblem> {
        let Some(state) = state.filter(|state| *state != said) else { return self.server_link(server, event) };
        let state = WordView { word: state.word().to_owned(), text: self.shared.words.status(state).to_owned() };
        Ok(Ready::new(&ServerLinkView { state: Some(state), ..self.server_link_view(server, worst(server, event))? }))
    }

    pub fn server_links(
        &self,
        servers: impl IntoIterator<Item = ServerIx>,
        event: Option<&Event>,
    ) -> Result<Vec<Ready<ServerLinkView>>, TemplateProblem> {
        servers.into_iter().map(|server| self.server_link(server, event)).collect()
    }

    pub fn post_link(&self, post: PostIx) -> LinkView {
        let post = &self.site.posts[post];
        LinkView { title: post.title.clone(), href: self.href(&post.address) }
    }

    /// The same, made once: the posts before and after it link to a post, and the others of its thread.
    pub fn ready_post_link(&self, post: PostIx) -> Ready<LinkView> {
        self.shared.post_links[post].get_or_init(|| Ready::new(&self.post_link(post))).clone()
    }

    /// The pages of the tags or categories that a post carries.
    pub fn terms(&self, taxonomy: Taxonomy, names: &[String]) -> Vec<Ready<TermView>> {
        let terms = match taxonomy {
            Taxonomy::Tags => &self.shared.tags,
            Taxonomy::Categories => &self.shared.categories,
        };
        names.iter().filter_map(|name| terms.get(name)).cloned().collect()
    }

    pub fn term(&self, taxonomy: Taxonomy, term: &Term) -> TermView {
        TermView::of(self.site, taxonomy, term)
    }
}

/// The worst that an event does or did to a server.
fn worst(server: ServerIx, event: Option<&Event>) -> Option<Impact> {
    event.into_iter().flat_map(|event| event.windows_of(server)).map(|window| window.impact).max()
}
