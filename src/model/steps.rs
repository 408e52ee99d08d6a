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
    course.tell_of_turn();
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
        // Of two in one minute, the later one alone is left to tell.
        if self.untold.is_some_and(|untold| untold.at() < turn.at()) {
            self.tell_of_turn();
        }
        self.untold = Some(turn);
    }

    fn update(&mut self, at: Moment, update: StepUpdate, said: Option<State>) {
        let state = match (said.filter(|state| is_of(self.kind, *state)), self.untold, self.state()) {
            (Some(said), ..) => {
                // What was said in the minute of the end was said before it.
                let is_untold = match self.untold {
                    Some(Turn::Closed(end)) => !said.is_final() && (end < at || said == State::Postmortem),
                    Some(Turn::Reopened(since)) => said.is_over() && since < at,
                    None => false,
                };
                if is_untold {
                    self.tell_of_turn();
                }
                self.untold = self.untold.filter(|turn| said.is_over() == matches!(turn, Turn::Reopened(_)));
                said
            }
            (None, Some(turn), _) => {
                self.untold = None;
                match (turn, self.state()) {
                    (Turn::Closed(_), Some(before)) if before.is_over() => before,
                    (Turn::Closed(_), _) => end_of(self.kind),
                    (Turn::Reopened(_), _) => self.work(at),
                }
            }
            (None, None, None | Some(State::Scheduled)) => self.work(at),
            (None, None, Some(before)) => before,
        };
        self.steps.push(Step { at, update: Some(update), state });
    }

    /// A step for a turn that no update tells, unless it leaves the event as open or as over as it was.
    fn tell_of_turn(&mut self) {
        let (at, state) = match self.untold.take() {
            Some(Turn::Closed(at)) => (at, end_of(self.kind)),
            Some(Turn::Reopened(at)) => (at, self.work(at)),
            None => return,
        };
        if self.state().is_none_or(|before| before.is_over() != state.is_over()) {
            self.steps.push(Step { at, update: None, state });
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
