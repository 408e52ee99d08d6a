//! Posts chained by `follows`: one event told in one or several posts.

use std::borrow::Cow;

use super::impact::Impact;
use super::moment::Moment;
use super::post::{Kind, PostIx, State, UpdateIx};
use super::server::ServerIx;

/// Position of a thread in `Site::threads`.
pub type ThreadIx = usize;

/// One incident, maintenance or notice, told in one post or several. Every post is in exactly one thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// In the order of telling: the first post, then its follow-ups by date. Never empty.
    pub posts: Vec<PostIx>,
    /// What the thread tells, as [`event::kind`](super::event::kind) has it; inherited by follow-ups that do not say.
    pub kind: Kind,
    /// Every server that the event is about at some time, else that any of its posts names; in the order of the servers file.
    pub servers: Vec<ServerIx>,
    /// All updates of all its posts, in the order of their times.
    pub updates: Vec<UpdateIx>,
    /// What happens when; `None` for a notice, and where the posts that tell of more are withdrawn.
    pub event: Option<Event>,
}

impl Thread {
    /// The servers that it is about, as far as that is known at a moment: before its event begins those that it will touch, from then on
    /// all that it has been about, also where it was put off.
    pub fn servers_known_at(&self, at: Moment) -> Cow<'_, [ServerIx]> {
        let is_ahead = |event: &&Event| at < event.start && event.impact_windows.iter().all(|held| held.window.from > at);
        let ahead = self.event.as_ref().filter(is_ahead);
        ahead.map_or(Cow::Borrowed(&self.servers), |event| Cow::Owned(event.servers_at(at)))
    }
}

/// What an incident or maintenance does, through time. Computed in `model::event`, nowhere else.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Incident or maintenance.
    pub kind: Kind,
    /// Of work that was begun and put off, the start that is planned now; what it did before stands in `impact_windows` alone.
    pub start: Moment,
    /// The end as far as it is known at the site's `now`: of an incident, when it ended; of a maintenance, when it ended or is planned to.
    /// Where it was closed before it began, the end that was planned; never before `start`.
    pub end: Option<Moment>,
    /// The servers it is about at its end; what it does to them when is in `impact_windows`.
    pub servers: Vec<ServerIx>,
    /// All servers that it is about at some time in its windows, also those that it does nothing to; rising.
    pub concerned: Vec<ServerIx>,
    /// Where it stands at the site's `now`.
    pub phase: Phase,
    /// The state of the newest update that has one, before the site's `now` and since the event was last opened again; `None` if no
    /// update names any.
    pub state: Option<State>,
    /// Its ends and reopenings, in turn, whether an update says so or not: what [`Site::steps`](super::Site::steps) is made of.
    pub turns: Vec<Turn>,
    /// When the event was over for good, by its final update or `end`; `None` while it is not.
    pub closed: Option<Moment>,
    /// What it does to each server and when; by server, then time; never overlapping for one server. Empty when cancelled.
    pub impact_windows: Vec<ImpactWindow>,
}

impl Event {
    /// Whether it does not take place in its window: it was cancelled, or closed before it began.
    pub fn is_called_off(&self) -> bool {
        self.phase == Phase::Cancelled || self.closed.is_some_and(|closed| closed < self.start)
    }

    /// The servers that it is about at a moment, rising: those that it touches then; before its window those that it will touch, behind
    /// it those that it touched. Where it touches none, those that its posts name last.
    pub fn servers_at(&self, at: Moment) -> Vec<ServerIx> {
        let touched = |is_meant: &dyn Fn(Window) -> bool| {
            let mut servers: Vec<ServerIx> =
                self.impact_windows.iter().filter(|held| is_meant(held.window)).map(|held| held.server).collect();
            servers.dedup();
            (!servers.is_empty()).then_some(servers)
        };
        touched(&|window| window.holds(at)).or_else(|| touched(&|window| window.from > at)).or_else(|| touched(&|_| true)).unwrap_or_else(
            || {
                let mut named = self.servers.clone();
                named.sort_unstable();
                named
            },
        )
    }

    /// The worst that it does to any server at some time.
    pub fn worst_impact(&self) -> Impact {
        self.impact_windows.iter().map(|held| held.impact).max().unwrap_or(Impact::None)
    }

    /// What it does to a server, in the order of time.
    pub fn windows_of(&self, server: ServerIx) -> &[ImpactWindow] {
        let from = self.impact_windows.partition_point(|held| held.server < server);
        let of_later = &self.impact_windows[from..];
        &of_later[..of_later.partition_point(|held| held.server == server)]
    }

    /// Whether it does something in its window, and nothing to a server. What it did before it was put off is not asked.
    pub fn spares(&self, server: ServerIx) -> bool {
        let is_in_window = |held: &ImpactWindow| held.window.from >= self.start;
        self.impact_windows.iter().any(is_in_window) && !self.windows_of(server).iter().any(is_in_window)
    }

    /// When what it does to a server changes next after a moment.
    pub fn next_change(&self, server: ServerIx, after: Moment) -> Option<Moment> {
        let windows = self.windows_of(server);
        let next = windows.get(windows.partition_point(|it| it.window.is_over(after)))?.window;
        if next.from > after { Some(next.from) } else { next.until }
    }

    /// When the phase will change by itself after the site's `now`, and to what. Rising.
    pub fn next_phases(&self) -> Vec<(Moment, Phase)> {
        let (begun, ended) = match self.kind {
            Kind::Maintenance => (Phase::InProgress, Phase::WindowOver),
            Kind::Incident | Kind::Notice => (Phase::Ongoing, Phase::Resolved),
        };
        match self.phase {
            // A window that ends where it starts is never entered.
            Phase::Scheduled if self.end.is_some_and(|end| end <= self.start) => vec![(self.start, ended)],
            Phase::Scheduled => [Some((self.start, begun)), self.end.map(|end| (end, ended))].into_iter().flatten().collect(),
            Phase::InProgress | Phase::Ongoing => self.end.map(|end| (end, ended)).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// Where an event turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is over: by its final update or by `end`.
    Closed(Moment),
    /// It is opened again.
    Reopened(Moment),
}

impl Turn {
    pub fn at(self) -> Moment {
        let (Turn::Closed(at) | Turn::Reopened(at)) = self;
        at
    }
}

/// Where an event stood from a moment on. Computed in `model::steps`, nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub at: Moment,
    /// The update that tells it; `None` where the event ended by itself: by its `end`, or with the window of a maintenance that nobody
    /// has completed; and where it began again at a time that was told before.
    pub update: Option<UpdateIx>,
    /// What was said, else what follows; that of the step before where nothing changed. Never `update`.
    pub state: State,
}

/// A stretch of time in which something holds: `[from, until)`. Of one that has an end in any case, a `Range` of moments tells as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Moment,
    /// `None`: it goes on.
    pub until: Option<Moment>,
}

impl Window {
    /// Whether a moment lies in it.
    pub fn holds(self, at: Moment) -> bool {
        self.from <= at && !self.is_over(at)
    }

    pub fn is_over(self, at: Moment) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Whether it ends where it begins, or before.
    pub fn is_empty(self) -> bool {
        self.is_over(self.from)
    }
}

/// One impact on one server while a window lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImpactWindow {
    pub server: ServerIx,
    pub window: Window,
    /// Never `none`: that has no window.
    pub impact: Impact,
}

/// Where an event stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A maintenance whose window lies ahead.
    Scheduled,
    /// A maintenance inside its window.
    InProgress,
    /// A maintenance that goes on past its planned end, as a later update tells.
    Overrunning,
    /// A maintenance whose planned end has passed, and nobody has written Completed.
    WindowOver,
    Completed,
    Cancelled,
    /// An incident that goes on.
    Ongoing,
    Resolved,
}

impl Phase {
    pub const ALL: [Phase; 8] = [
        Phase::Scheduled,
        Phase::InProgress,
        Phase::Overrunning,
        Phase::WindowOver,
        Phase::Completed,
        Phase::Cancelled,
        Phase::Ongoing,
        Phase::Resolved,
    ];

    /// The word in CSS classes and language files: `window-over`.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Scheduled => "scheduled",
            Phase::InProgress => "in-progress",
            Phase::Overrunning => "overrunning",
            Phase::WindowOver => "window-over",
            Phase::Completed => "completed",
            Phase::Cancelled => "cancelled",
            Phase::Ongoing => "ongoing",
            Phase::Resolved => "resolved",
        }
    }

    /// Whether it holds now: it belongs to "what is wrong now".
    pub fn is_active(self) -> bool {
        matches!(self, Phase::InProgress | Phase::Overrunning | Phase::Ongoing)
    }

    /// Whether nothing more is expected of it.
    pub fn is_over(self) -> bool {
        matches!(self, Phase::Completed | Phase::Cancelled | Phase::Resolved)
    }
}
