//! What is said of the whole site in one sentence, now and at the times at which that changes by itself.
//!
//! In: the overall status, when it changes, and the events. Out: the headline of each moment to come. Pages that follow the clock, the
//! widget and programs tell it from the same two lists; only here are they put together.

use super::impact::Status;
use super::moment::Moment;
use super::thread::{Event, Phase};

/// What the site's headline says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headline {
    pub overall: Status,
    /// Whether an event goes on though the overall status is operational: nobody says then that all is well.
    pub is_active: bool,
}

impl Headline {
    fn of(overall: Status, active: usize) -> Headline {
        Headline { overall, is_active: overall == Status::Operational && active > 0 }
    }
}

/// The headline at the site's `now`, and what it turns to, rising. `overall_next` is when the overall status changes.
pub fn headlines<'e>(
    events: impl Iterator<Item = &'e Event>,
    overall: Status,
    overall_next: &[(Moment, Status)],
) -> (Headline, Vec<(Moment, Headline)>) {
    let mut turns: Vec<(Moment, Turn)> = overall_next.iter().map(|(at, status)| (*at, Turn::Overall(*status))).collect();
    let mut active = 0;
    for event in events {
        let mut was_active = event.phase.is_active();
        active += usize::from(was_active);
        for (at, is_active) in event.next_phases().into_iter().map(|(at, phase)| (at, Phase::is_active(phase))) {
            match (was_active, is_active) {
                (false, true) => turns.push((at, Turn::Begun)),
                (true, false) => turns.push((at, Turn::Over)),
                _ => {}
            }
            was_active = is_active;
        }
    }
    turns.sort_by_key(|(at, _)| *at);
    let (now, mut overall) = (Headline::of(overall, active), overall);
    let (mut last, mut next) = (now, Vec::new());
    for turns in turns.chunk_by(|(one, _), (other, _)| one == other) {
        for (_, turn) in turns {
            match turn {
                Turn::Overall(status) => overall = *status,
                Turn::Begun => active += 1,
                Turn::Over => active -= 1,
            }
        }
        let headline = Headline::of(overall, active);
        if headline != last {
            next.push((turns[0].0, headline));
            last = headline;
        }
    }
    (now, next)
}

enum Turn {
    Overall(Status),
    /// One more event goes on.
    Begun,
    /// One fewer.
    Over,
}
