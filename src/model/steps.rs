//! The states that an event went through: what each update said, or left unsaid because it follows from the event's start, from its
//! reopening or from its end.
//!
//! In: the posts of a thread and the turns of their event. Out: its [`Step`]s. Whoever tells of states (feeds, API) takes them from
//! here, so that no two of them can disagree.

use super::moment::Moment;
use super::post::{Kind, Post, State};
use super::thread::{Step, StepUpdate};

/// Where an event turns, whether an update says so or not.
#[derive(Debug, Clone, Copy)]
pub enum Turn {
    /// It is over: by its final update or by `end`.
    Closed(Moment),
    /// It is opened again.
    Reopened(Moment),
}

impl Turn {
    fn at(self) -> Moment {
        let (Turn::Closed(at) | Turn::Reopened(at)) = self;
        at
    }
}

/// The steps of an event that began at `start`. `posts` are those of its thread in the order of telling, of which the one at `first`
/// and what comes after it tell of the event.
pub fn of(kind: Kind, start: Moment, posts: &[&Post], first: usize, turns: impl Iterator<Item = Turn>) -> Vec<Step> {
    let mut moments: Vec<(Moment, Told)> = turns.map(|turn| (turn.at(), Told::Turn(turn))).collect();
    for (post, of) in posts.iter().enumerate().filter(|(_, post)| !post.withdrawn) {
        moments.extend(of.updates.iter().enumerate().map(|(update, it)| (it.at, Told::Update(StepUpdate { post, update }))));
    }
    // A turn comes before the updates of its time, which tell of it.
    moments.sort_by_key(|(at, told)| (*at, matches!(told, Told::Update(_))));
    let mut course = Course { kind, start, steps: Vec::with_capacity(moments.len()), untold: None };
    for (at, told) in moments {
        match told {
            Told::Turn(turn) => course.turn(turn),
            Told::Update(update) => {
                let post = posts[update.post];
                let said = post.updates[update.update].state.filter(|_| update.post >= first && post.has_effect());
                course.update(at, update, said);
            }
        }
    }
    course.tell_of_end();
    course.steps
}

#[derive(Clone, Copy)]
enum Told {
    Turn(Turn),
    Update(StepUpdate),
}

/// The steps so far.
struct Course {
    kind: Kind,
    start: Moment,
    steps: Vec<Step>,
    /// The last turn, while no update has told of it.
    untold: Option<Turn>,
}

impl Course {
    fn state(&self) -> Option<State> {
        self.steps.last().map(|step| step.state)
    }

    fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Closed(_) if self.state().is_some_and(State::is_over) => self.untold = None,
            Turn::Closed(_) => self.untold = Some(turn),
            Turn::Reopened(_) => {
                self.tell_of_end();
                self.untold = Some(turn);
            }
        }
    }

    fn update(&mut self, at: Moment, update: StepUpdate, said: Option<State>) {
        let state = match (said.filter(|state| is_of(self.kind, *state)), self.untold, self.state()) {
            (Some(said), ..) => {
                // What was said in the minute of the end was said before it.
                let is_after_end = matches!(self.untold, Some(Turn::Closed(end)) if end < at) || said == State::Postmortem;
                if is_after_end && !said.is_final() {
                    self.tell_of_end();
                }
                self.untold = self.untold.filter(|turn| !said.is_over() && matches!(turn, Turn::Closed(_)));
                said
            }
            (None, Some(turn), _) => {
                self.untold = None;
                if matches!(turn, Turn::Closed(_)) { end_of(self.kind) } else { self.work(at) }
            }
            (None, None, None | Some(State::Scheduled)) => self.work(at),
            (None, None, Some(before)) => before,
        };
        self.steps.push(Step { at, update: Some(update), state });
    }

    /// A step for an end that no update tells.
    fn tell_of_end(&mut self) {
        if let Some(Turn::Closed(at)) = self.untold.take() {
            self.steps.push(Step { at, update: None, state: end_of(self.kind) });
        }
    }

    /// Where it stands before anybody says more.
    fn work(&self, at: Moment) -> State {
        match self.kind {
            Kind::Maintenance if at < self.start => State::Scheduled,
            Kind::Maintenance => State::InProgress,
            Kind::Incident | Kind::Notice => State::Investigating,
        }
    }
}

fn end_of(kind: Kind) -> State {
    if kind == Kind::Maintenance { State::Completed } else { State::Resolved }
}

/// Whether a state says where an event of a kind stands: nobody plans an incident, and words after a maintenance leave it as it was.
fn is_of(kind: Kind, state: State) -> bool {
    match state {
        State::Update => false,
        State::Scheduled => kind == Kind::Maintenance,
        State::Postmortem => kind != Kind::Maintenance,
        _ => true,
    }
}
