//! What an event does to each server, from its beginning to its end.

use std::collections::{BTreeMap, BTreeSet};

use super::course::Course;
use super::marks::{By, Mark};
use crate::model::impact::Impact;
use crate::model::post::{Kind, Post};
use crate::model::server::ServerIx;
use crate::model::thread::{ImpactWindow, Window};

/// What holds for each server, as the posts have said so far.
#[derive(Clone)]
pub struct Impacts {
    pub servers: Vec<ServerIx>,
    all: Impact,
    single: BTreeMap<ServerIx, Impact>,
}

impl Impacts {
    fn of(&self, server: ServerIx) -> Impact {
        self.single.get(&server).copied().unwrap_or(self.all)
    }

    /// What the first post's front matter says.
    pub fn at_first(kind: Kind, first: &Post, servers: Vec<ServerIx>) -> Impacts {
        Impacts { servers, all: first.impact.all.unwrap_or(kind.default_impact()), single: first.impact.servers.clone() }
    }

    /// What holds after a mark. It is about the servers of its post; those of other posts in the thread keep what they have.
    pub fn after(mut self, mark: &Mark<'_>) -> Impacts {
        if mark.by != By::Update && !mark.post.servers.is_empty() {
            self.servers = mark.post.servers.clone();
        }
        if let Some(all) = mark.change.all {
            let meant = Among::new(&mark.post.servers);
            let is_other = |server: &&ServerIx| !mark.post.servers.is_empty() && !meant.has(**server);
            let others = self.servers.iter().filter(is_other).map(|server| (*server, self.of(*server))).collect();
            (self.all, self.single) = (all, others);
            if all != Impact::None {
                self.concern(mark.post.servers.iter().copied());
            }
        }
        let single = &mark.change.servers;
        self.single.extend(single);
        self.concern(single.iter().filter(|(_, impact)| **impact != Impact::None).map(|(server, _)| *server));
        self
    }

    /// Servers have trouble, also where a follow-up had left them out. None is named twice.
    fn concern(&mut self, servers: impl Iterator<Item = ServerIx>) {
        let known = Among::new(&self.servers);
        let new: Vec<ServerIx> = servers.filter(|server| !known.has(*server)).collect();
        self.servers.extend(new);
    }

    fn is_none(&self) -> bool {
        self.servers.iter().all(|server| self.of(*server) == Impact::None)
    }
}

/// Some servers, for asking which are among them: posts name a few, but may name hundreds.
enum Among<'s> {
    Few(&'s [ServerIx]),
    Sorted(Vec<ServerIx>),
}

impl Among<'_> {
    fn new(servers: &[ServerIx]) -> Among<'_> {
        if servers.len() <= 16 {
            return Among::Few(servers);
        }
        let mut sorted = servers.to_vec();
        sorted.sort_unstable();
        Among::Sorted(sorted)
    }

    fn has(&self, server: ServerIx) -> bool {
        match self {
            Among::Few(servers) => servers.contains(&server),
            Among::Sorted(servers) => servers.binary_search(&server).is_ok(),
        }
    }
}

/// What an event does, in the words of [`Event`](crate::model::thread::Event).
pub struct Effect {
    pub servers: Vec<ServerIx>,
    pub concerned: Vec<ServerIx>,
    pub impact_windows: Vec<ImpactWindow>,
}

/// What an event does to servers and when, and all servers that it is about meanwhile.
pub fn effect(mut impacts: Impacts, marks: &[Mark<'_>], course: &Course) -> Effect {
    // What held last: an update that reopens the event brings that back where nobody has said an impact since; who says `none` means it.
    let mut last_effect = impacts.clone();
    // What held before work began that is put off later: it is planned once more then.
    let mut planned = None;
    let mut replannings = course.replannings.iter().copied().peekable();
    let mut impact_windows = Vec::new();
    let mut concerned = BTreeSet::new();
    let mut newest = BTreeMap::new();
    let mut marks = marks.iter().enumerate().filter(|(position, mark)| course.is_heard(*position, mark)).peekable();
    for window in &course.windows {
        let mut from = window.from;
        loop {
            while let Some((position, mark)) = marks.next_if(|(_, mark)| mark.at <= from) {
                if !course.restorings.is_empty() && !impacts.is_none() {
                    last_effect = impacts.clone();
                }
                if let Some((_, begun)) = replannings.peek().copied()
                    && mark.at >= begun
                {
                    planned.get_or_insert_with(|| impacts.clone());
                }
                if let Some(again) = replannings.next_if(|(put_off, _)| *put_off == position).and_then(|_| planned.take()) {
                    impacts = Impacts { servers: impacts.servers, ..again };
                }
                impacts = impacts.after(mark);
                if course.restorings.binary_search(&position).is_ok() && impacts.is_none() {
                    impacts = Impacts { servers: impacts.servers, ..last_effect.clone() };
                }
            }
            let next = marks.peek().map(|(_, mark)| mark.at).filter(|at| !window.is_over(*at));
            let part = Window { from, until: next.or(window.until) };
            if !part.is_empty() {
                concerned.extend(&impacts.servers);
                for server in &impacts.servers {
                    let held = ImpactWindow { server: *server, window: part, impact: impacts.of(*server) };
                    if held.impact != Impact::None {
                        add(&mut impact_windows, &mut newest, held);
                    }
                }
            }
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
    }
    let servers = marks.fold(impacts, |impacts, (_, mark)| impacts.after(mark)).servers;
    if course.is_cancelled {
        return Effect { servers, concerned: Vec::new(), impact_windows: Vec::new() };
    }
    impact_windows.sort_unstable_by_key(|held| (held.server, held.window.from));
    Effect { servers, concerned: concerned.into_iter().collect(), impact_windows }
}

/// Adds an impact window, joined to the one before it where only a mark without effect lies between. `newest` is where each server's
/// last one stands.
fn add(impact_windows: &mut Vec<ImpactWindow>, newest: &mut BTreeMap<ServerIx, usize>, held: ImpactWindow) {
    if let Some(at) = newest.get(&held.server) {
        let last = &mut impact_windows[*at];
        if last.impact == held.impact && last.window.until == Some(held.window.from) {
            last.window.until = held.window.until;
            return;
        }
    }
    newest.insert(held.server, impact_windows.len());
    impact_windows.push(held);
}
