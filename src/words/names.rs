//! What the model's own words are called in a language. Kept apart from the other texts because every page asks for dozens.

use std::collections::BTreeMap;

use crate::model::{Impact, Kind, Phase, State, Status};

/// Texts by the word of the model that they name; where a language has none, the text is empty.
#[derive(Debug)]
pub struct Names {
    pub status: EnumNames,
    pub overall: EnumNames,
    pub impact: EnumNames,
    pub kind: EnumNames,
    pub phase: EnumNames,
    pub state: EnumNames,
}

/// What the variants of one enumeration are called, in its order.
#[derive(Debug)]
pub struct EnumNames(Vec<(&'static str, String)>);

impl Names {
    pub fn of(texts: &BTreeMap<String, String>) -> Names {
        Names {
            status: EnumNames::of(texts, "status", Status::ALL.map(Status::word)),
            overall: EnumNames::of(texts, "overall", Status::ALL.map(Status::word)),
            impact: EnumNames::of(texts, "impact", Impact::ALL.map(Impact::word)),
            kind: EnumNames::of(texts, "kind", Kind::ALL.map(Kind::word)),
            phase: EnumNames::of(texts, "phase", Phase::ALL.map(Phase::word)),
            state: EnumNames::of(texts, "state", State::ALL.map(State::word)),
        }
    }
}

impl EnumNames {
    /// The text of `in progress` stands under the key `state.in-progress`.
    fn of<const COUNT: usize>(texts: &BTreeMap<String, String>, section: &str, words: [&'static str; COUNT]) -> EnumNames {
        let text = |word: &str| texts.get(&format!("{section}.{}", word.replace(' ', "-"))).cloned().unwrap_or_default();
        EnumNames(words.into_iter().map(|word| (word, text(word))).collect())
    }

    pub fn of_word(&self, word: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == word).map_or("", |(_, text)| text)
    }
}
