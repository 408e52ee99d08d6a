//! What `signalpost probe` found: whether each server answered, and for how long that is worth something.
//!
//! It is the word of one machine at one moment. Status is what staff say: a probe never changes it.

use chrono::TimeDelta;

use super::moment::Moment;
use super::server::ServerIx;

/// How long a result is believed: thirty minutes, so that one run lost among those of every ten minutes or so does no harm.
pub const LIFE: TimeDelta = TimeDelta::minutes(30);

/// The results of one run: `content/probes.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probes {
    /// When the servers were tried.
    pub at: Moment,
    /// By server; `None` for those that were not tried.
    pub answers: Vec<Option<Answer>>,
}

/// What a server did when it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Up {
        /// From the beginning of the look-up of its name to the answer.
        milliseconds: u32,
    },
    Down {
        /// In a few words: "connection refused".
        why: String,
    },
}

/// What the Ping cell says of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Up {
        milliseconds: u32,
    },
    Down,
    /// The result is too old to be believed.
    Unknown,
}

impl Probes {
    /// From this moment on the results are too old.
    pub fn unknown_from(&self) -> Moment {
        self.at + LIFE
    }

    /// What is known of a server at a moment; `None` where it was not tried.
    pub fn reach(&self, server: ServerIx, now: Moment) -> Option<Reach> {
        let answer = self.answers.get(server)?.as_ref()?;
        Some(match answer {
            _ if now >= self.unknown_from() => Reach::Unknown,
            Answer::Up { milliseconds } => Reach::Up { milliseconds: *milliseconds },
            Answer::Down { .. } => Reach::Down,
        })
    }

    /// Whether no server was tried.
    pub fn is_empty(&self) -> bool {
        self.answers.iter().all(Option::is_none)
    }

    /// When what is known of any server will change by itself.
    pub fn next_change(&self) -> Option<Moment> {
        (!self.is_empty()).then(|| self.unknown_from())
    }
}

impl Reach {
    /// The word in JSON and for scripts: `up`, `down` or `unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Reach::Up { .. } => "up",
            Reach::Down => "down",
            Reach::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_believed_for_half_an_hour_and_not_a_second_longer() {
        let at = |text: &str| -> Moment { text.parse().unwrap() };
        let answers = vec![Some(Answer::Up { milliseconds: 12 }), Some(Answer::Down { why: "connection refused".to_owned() }), None];
        let probes = Probes { at: at("2026-05-04T19:00:00Z"), answers };
        let reach = |now: &str| [0, 1, 2, 3].map(|server| probes.reach(server, at(now)));
        assert_eq!(reach("2026-05-04T19:29:59Z"), [Some(Reach::Up { milliseconds: 12 }), Some(Reach::Down), None, None]);
        assert_eq!(reach("2026-05-04T19:30:00Z"), [Some(Reach::Unknown), Some(Reach::Unknown), None, None]);
        assert_eq!(probes.next_change(), Some(at("2026-05-04T19:30:00Z")));
        assert_eq!(Probes { answers: vec![None], ..probes }.next_change(), None, "nothing was tried, so nothing changes");
    }
}
