//! How badly something works: impact of an event, standing state of a server, and the status that both give.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

/// What an event does to a server while it lasts, from the least to the worst: the one order of severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// No effect: the server keeps its standing state.
    None,
    Maintenance,
    Degraded,
    PartialOutage,
    MajorOutage,
}

impl Impact {
    pub const ALL: [Impact; 5] = [Impact::None, Impact::Degraded, Impact::PartialOutage, Impact::MajorOutage, Impact::Maintenance];

    /// The word in front matter and attributes: `partial-outage`.
    pub fn word(self) -> &'static str {
        match self {
            Impact::None => "none",
            Impact::Maintenance => "maintenance",
            Impact::Degraded => "degraded",
            Impact::PartialOutage => "partial-outage",
            Impact::MajorOutage => "major-outage",
        }
    }

    pub fn from_word(word: &str) -> Option<Impact> {
        Impact::ALL.into_iter().find(|impact| impact.word() == word)
    }

    /// The status of an operational server under this impact.
    pub fn status(self) -> Status {
        match self {
            Impact::None => Status::Operational,
            Impact::Maintenance => Status::Maintenance,
            Impact::Degraded => Status::Degraded,
            Impact::PartialOutage => Status::PartialOutage,
            Impact::MajorOutage => Status::MajorOutage,
        }
    }
}

/// What a server is when no event holds: `status` in the servers file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    #[default]
    Operational,
    /// It exists, but not for customers.
    Internal,
    /// Kept for its history.
    Retired,
}

impl Standing {
    pub const ALL: [Standing; 3] = [Standing::Operational, Standing::Internal, Standing::Retired];

    pub fn word(self) -> &'static str {
        self.status().word()
    }

    pub fn from_word(word: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.word() == word)
    }

    /// Whether it serves customers: such servers alone count in the status of groups and of the whole.
    pub fn is_public(self) -> bool {
        self == Standing::Operational
    }

    pub fn status(self) -> Status {
        match self {
            Standing::Operational => Status::Operational,
            Standing::Internal => Status::Internal,
            Standing::Retired => Status::Retired,
        }
    }
}

/// The answer to "is it up?", of a server, a group or the whole site at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Operational,
    Maintenance,
    Degraded,
    PartialOutage,
    MajorOutage,
    Internal,
    Retired,
    /// Nobody knows: of a day without a record, and on a page that is too old to say. Never the status of the present in a build.
    Unknown,
}

impl Status {
    pub const ALL: [Status; 8] = [
        Status::Operational,
        Status::Maintenance,
        Status::Degraded,
        Status::PartialOutage,
        Status::MajorOutage,
        Status::Internal,
        Status::Retired,
        Status::Unknown,
    ];

    /// The word in addresses, JSON, CSS classes and the terminal: `partial-outage`.
    pub fn word(self) -> &'static str {
        match self {
            Status::Operational => "operational",
            Status::Maintenance => "maintenance",
            Status::Degraded => "degraded",
            Status::PartialOutage => "partial-outage",
            Status::MajorOutage => "major-outage",
            Status::Internal => "internal",
            Status::Retired => "retired",
            Status::Unknown => "unknown",
        }
    }

    /// The impact that a server is under: none where it is as it stands, or nobody knows. Which of two is worse is
    /// [`Impact`]'s to say.
    pub fn impact(self) -> Impact {
        match self {
            Status::Operational | Status::Internal | Status::Retired | Status::Unknown => Impact::None,
            Status::Maintenance => Impact::Maintenance,
            Status::Degraded => Impact::Degraded,
            Status::PartialOutage => Impact::PartialOutage,
            Status::MajorOutage => Impact::MajorOutage,
        }
    }

    pub fn has_impact(self) -> bool {
        self.impact() != Impact::None
    }

    /// The worst of several; operational where none has an impact.
    pub fn worst(several: impl Iterator<Item = Status>) -> Status {
        several.map(Status::impact).max().map_or(Status::Operational, Impact::status)
    }

    /// All of them, the worst first.
    pub fn worst_first() -> [Status; 8] {
        let mut all = Status::ALL;
        all.sort_by_key(|status| Reverse(status.impact()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_as_bad_as_the_impact_that_gives_it() {
        for impact in Impact::ALL {
            assert_eq!(impact.status().impact(), impact);
        }
        let words = Status::worst_first().map(Status::word);
        assert_eq!(words[..4], ["major-outage", "partial-outage", "degraded", "maintenance"]);
        assert_eq!(words[4..], ["operational", "internal", "retired", "unknown"], "what is no impact keeps its order");
        let worst = |several: &[Status]| Status::worst(several.iter().copied());
        assert_eq!(worst(&[Status::Degraded, Status::Internal, Status::Maintenance]), Status::Degraded);
        assert_eq!((worst(&[Status::Retired, Status::Unknown]), worst(&[])), (Status::Operational, Status::Operational));
    }
}
