//! When a site is built again though no file has changed: the clock's moments, held against the clock itself. A moment that is waited
//! for by another measure passes unseen where the clock is set, or the machine sleeps.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::Now;
use crate::model::Moment;

/// A clock that is corrected by no more than this was not set.
const STEP: TimeDelta = TimeDelta::seconds(5);

/// Rings at a moment, and where the clock has jumped: what was built then may be of another day.
#[derive(Debug)]
pub struct Alarm {
    at: Option<Moment>,
    /// The clock's reading of late, and when that was by the measure that only runs on while the machine is awake.
    seen: (Moment, Instant),
}

impl Alarm {
    /// For a site whose build began at `now`, and that changes by itself at `next`; rings `longest` after the build in any case. None by
    /// a given `--now`: time stands still.
    pub fn set(now: Now, began: Instant, next: Option<Moment>, longest: Option<Duration>) -> Option<Alarm> {
        let Now::Clock(now) = now else { return None };
        let latest = longest.and_then(|longest| now.checked_add_signed(TimeDelta::from_std(longest).ok()?));
        Some(Alarm { at: next.into_iter().chain(latest).min(), seen: (now, began) })
    }

    /// Whether it rings, now that the clock says this.
    pub fn rings(&mut self, now: Moment, instant: Instant) -> bool {
        let (before, awake) = std::mem::replace(&mut self.seen, (now, instant));
        let passed = TimeDelta::from_std(instant.saturating_duration_since(awake)).unwrap_or(TimeDelta::MAX);
        let jumped = (now - before).checked_sub(&passed).is_none_or(|jump| jump.abs() > STEP);
        jumped || self.at.is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Moment {
        format!("2026-11-24T{time}Z").parse().unwrap()
    }

    /// Built at 09:59:58, with a change at 10:00; what it does at each reading of the clock, so many seconds after the build.
    fn rung(longest: Option<Duration>, looks: &[(u64, &str)]) -> Vec<bool> {
        let began = Instant::now();
        let mut alarm = Alarm::set(Now::Clock(at("09:59:58")), began, Some(at("10:00:00")), longest).unwrap();
        looks.iter().map(|(seconds, time)| alarm.rings(at(time), began + Duration::from_secs(*seconds))).collect()
    }

    #[test]
    fn it_rings_when_the_clock_comes_to_the_moment() {
        assert_eq!(rung(None, &[(0, "09:59:58"), (1, "09:59:59"), (2, "10:00:00"), (3, "10:00:01")]), [false, false, true, true]);
        assert_eq!(rung(None, &[(1, "10:00:00")]), [true], "the clock was ahead");
        assert_eq!(rung(Some(Duration::from_secs(1)), &[(0, "09:59:58"), (1, "09:59:59")]), [false, true]);
        assert!(Alarm::set(Now::Given(at("09:59:58")), Instant::now(), Some(at("10:00:00")), None).is_none());
    }

    #[test]
    fn it_rings_once_where_the_clock_was_set_or_the_machine_slept() {
        assert_eq!(rung(None, &[(1, "09:00:00"), (2, "09:00:01")]), [true, false]);
        assert_eq!(rung(None, &[(1, "09:59:50"), (2, "09:59:51")]), [true, false]);
        assert_eq!(rung(None, &[(1, "09:59:55"), (2, "09:59:56")]), [false, false], "a clock that is corrected a little");
        let began = Instant::now();
        let mut unplanned = Alarm::set(Now::Clock(at("09:59:58")), began, None, None).unwrap();
        assert!(!unplanned.rings(at("10:05:00"), began + Duration::from_secs(302)), "a build that took long is no jump");
        assert!(unplanned.rings(at("11:00:00"), began + Duration::from_secs(303)), "what was from the future is not now");
        assert!(!unplanned.rings(at("11:00:01"), began + Duration::from_secs(304)));
    }
}
