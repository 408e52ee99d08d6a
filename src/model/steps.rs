//! The states that an event went through: what each update said, or left unsaid because it follows from the event's start, from its
//! reopening or from its end.
//!
//! In: an event with its turns, and the posts of its thread. Out: its [`Step`]s. Whoever tells of states (feeds, API) takes them from
//! here, so that no two of them can disagree.

use super::following;
use super::moment::Moment;
use super::post::{Kind, Post, State};
use super::thread::{Event, Step, StepUpdate, Turn};

/// The steps of an event, which the posts of its thread tell; `posts` are in the order of telling.
pub fn of(event: &Event, posts: &[&Post]) -> Vec<Step> {
    let first = following::begun(posts).unwrap_or(0);
    let mut moments: Vec<(Moment, Told)> = event.turns.iter().map(|turn| (turn.at(), Told::Turn(*turn))).collect();
    for (post, of) in posts.iter().enumerate().filter(|(_, post)| !post.withdrawn) {
        let is_heard = |state: &State| post >= first && of.has_effect() && is_of(event.kind, *state);
        let updates = of.updates.iter().enumerate();
        moments.extend(updates.map(|(update, it)| (it.at, Told::Update(StepUpdate { post, update }, it.state.filter(is_heard)))));
    }
    // A turn comes before the updates of its time, which tell of it.
    moments.sort_by_key(|(at, told)| (*at, matches!(told, Told::Update(..))));
    let mut course = Course { kind: event.kind, start: event.start, steps: Vec::with_capacity(moments.len()), untold: None };
    for moment in moments.chunk_by(|(one, _), (other, _)| one == other) {
        let mut last_turn = None;
        for (at, told) in moment {
            match *told {
                Told::Turn(turn) => {
                    course.turn(turn);
                    last_turn = Some(turn);
                }
                Told::Update(update, said) => course.update(*at, update, said),
            }
        }
        // Of what several posts say in the minute of a turn, none has the last word.
        let is_told = |turn: &Turn| match turn {
            Turn::Closed(_) => course.state().is_some_and(State::is_over),
            Turn::Reopened(_) => !course.state().is_some_and(State::is_final),
        };
        course.untold = last_turn.filter(|turn| !is_told(turn)).or(course.untold);
    }
    course.tell_of_turn();
    course.steps
}

#[derive(Clone, Copy)]
enum Told {
    Turn(Turn),
    /// With the state that it says, if it says one of its event.
    Update(StepUpdate, Option<State>),
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
        let state = match (said, self.untold, self.state()) {
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
        let was_over = self.state().is_some_and(State::is_over);
        if state.is_over() != was_over {
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
