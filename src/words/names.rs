//! What the model's own words are called in a language. Kept apart from the other texts because every page asks for dozens.

use std::collections::BTreeMap;

use crate::model::{Impact, Kind, Phase, State, Status};

/// Texts by the word of the model that they name; where a language has none, the text is empty.
#[derive(Debug)]
pub struct Names {
    pub status: Room,
    pub overall: Room,
    pub impact: Room,
    pub kind: Room,
    pub phase: Room,
    pub state: Room,
}

/// The names of one enumeration, in its order.
#[derive(Debug)]
pub struct Room(Vec<(&'static str, String)>);

impl Names {
    pub fn of(texts: &BTreeMap<String, String>) -> Names {
        Names {
            status: Room::of(texts, "status", Status::ALL.map(Status::word)),
            overall: Room::of(texts, "overall", Status::ALL.map(Status::word)),
            impact: Room::of(texts, "impact", Impact::ALL.map(Impact::word)),
            kind: Room::of(texts, "kind", Kind::ALL.map(Kind::word)),
            phase: Room::of(texts, "phase", Phase::ALL.map(Phase::word)),
            state: Room::of(texts, "state", State::ALL.map(State::word)),
        }
    }
}

impl Room {
    /// The text of `in progress` stands under the key `state.in-progress`.
    fn of<const COUNT: usize>(texts: &BTreeMap<String, String>, room: &str, words: [&'static str; COUNT]) -> Room {
        let text = |word: &str| texts.get(&format!("{room}.{}", word.replace(' ', "-"))).cloned().unwrap_or_default();
        Room(words.into_iter().map(|word| (word, text(word))).collect())
    }

    pub fn of_word(&self, word: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == word).map_or("", |(_, text)| text)
    }
}
