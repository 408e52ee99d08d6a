//! The words of the interface, and how a language writes dates.
//!
//! In: the site's language, its overrides and a moment. Out: text for people. Every page, feed and calendar asks here.
//! Never decides what a status is.
//!
//! Each language is one file beside this one; English has every key. A site's `[words]` stand over its language, English
//! under it. Plural categories and month names follow Unicode CLDR.

mod dates;
mod language;
mod names;
mod pattern;
mod plural;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::model::{Config, Headline, Impact, Kind, Moment, Phase, State, Status};

use language::Language;
use pattern::fill;
pub use pattern::pieces;

/// The release of the IANA time zone database that times in zones are told by: `2025b`. It is part of the program, so that every
/// machine makes the same pages.
pub const ZONES: &str = chrono_tz::IANA_TZDB_VERSION;

/// The interface's words in one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Words {
    /// BCP 47, as the site writes it: `en`, `pt-BR`. Also where the words are English for want of a file.
    pub language: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    words: Arc<Language>,
}

impl Words {
    /// The words of a site: the built-in language file, with the site's `[words]` over it and English below it.
    pub fn of(config: &Config) -> Words {
        Words::in_language(&config.language, &config.words)
    }

    /// The same by what they are made of.
    pub fn in_language(language: &str, overrides: &[(String, String)]) -> Words {
        let built_in = language::find(language).unwrap_or_else(language::english);
        let words = if overrides.is_empty() { built_in } else { Arc::new(built_in.with(overrides)) };
        Words { language: language.to_owned(), dir: language::direction(language), words }
    }

    /// The text behind a key, or the key itself where there is none: `status.operational`.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.texts.get(key).map_or(key, String::as_str)
    }

    /// A text with its `{name}` places filled, each once: braces inside a value stay.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.text(key), values)
    }

    /// A text that depends on a number: `KEY.one`, `KEY.other` (CLDR's plural categories), with `{n}` filled.
    pub fn count(&self, key: &str, n: usize) -> String {
        let category = self.words.plural.category(&self.language, n);
        let text = self.words.texts.get(&format!("{key}.{}", category.word()));
        let text = text.or_else(|| self.words.texts.get(&format!("{key}.other")));
        fill(text.map_or(key, String::as_str), &[("n", &n.to_string())])
    }

    /// Of so many servers, how many are named where `most` have room, and how many more there are, in words; empty where these are
    /// all. One more is never left out: two or none.
    pub fn named(&self, count: usize, most: usize) -> (usize, String) {
        if count <= most {
            return (count, String::new());
        }
        (most - 1, self.count("count.more", count - (most - 1)))
    }

    /// Every text by its key, for templates: `{{ words["status.operational"] }}`. Made once, the same for every page.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.words.texts
    }

    /// What states are called, by key, as a JSON object: for the script that changes them when the clock passes a time. Of phases
    /// those that come by themselves.
    pub fn for_script(&self) -> String {
        let rooms = ["status.", "phase.in-progress", "phase.ongoing", "phase.resolved", "phase.window-over", "overall.", "script."];
        let texts = self.all().iter().filter(|(key, _)| rooms.iter().any(|room| key.starts_with(room)));
        let texts: serde_json::Map<String, serde_json::Value> = texts.map(|(key, text)| (key.clone(), text.clone().into())).collect();
        serde_json::Value::from(texts).to_string()
    }

    /// Several things in a row: `NC023, NC027`.
    pub fn list<T: Borrow<str>>(&self, things: &[T]) -> String {
        things.join(&format!("{} ", self.text("mark.comma")))
    }

    /// What something is called and what it is: `NC023: Operational`.
    pub fn labelled(&self, name: &str, value: &str) -> String {
        format!("{name}{} {value}", self.text("mark.colon"))
    }

    /// A percentage: `99.986%`, of `99.986`.
    pub fn percent(&self, number: &str) -> String {
        self.fill("number.percent", &[("n", &number.replace('.', self.text("number.decimal")))])
    }

    /// What people call a zone: `Africa/Lusaka` is "Lusaka", unless the site says otherwise under `zone.Africa/Lusaka`.
    pub fn zone(&self, zone: Tz) -> String {
        let own = self.words.texts.get(&format!("{ZONE}{}", zone.name()));
        own.cloned().unwrap_or_else(|| zone.name().rsplit('/').next().unwrap_or_default().replace('_', " "))
    }

    /// `Partial outage`
    pub fn status(&self, status: Status) -> &str {
        self.words.names.status.of_word(status.word())
    }

    /// The sentence that answers "is it them?". Never that all is well while an event goes on.
    pub fn headline(&self, headline: Headline) -> &str {
        if headline.is_active { self.text("overall.active") } else { self.overall(headline.overall) }
    }

    /// The whole site's status in a sentence: `All systems operational`.
    pub fn overall(&self, status: Status) -> &str {
        self.words.names.overall.of_word(status.word())
    }

    pub fn impact(&self, impact: Impact) -> &str {
        self.words.names.impact.of_word(impact.word())
    }

    pub fn kind(&self, kind: Kind) -> &str {
        self.words.names.kind.of_word(kind.word())
    }

    pub fn phase(&self, phase: Phase) -> &str {
        self.words.names.phase.of_word(phase.word())
    }

    /// `In progress`; the key is `state.in-progress`.
    pub fn state(&self, state: State) -> &str {
        self.words.names.state.of_word(state.word())
    }

    /// `4 May 2026`
    pub fn day(&self, date: NaiveDate) -> String {
        self.words.dates.day(date)
    }

    /// `May 2026`; empty where there is no such month.
    pub fn month(&self, year: i32, month: u32) -> String {
        self.words.dates.month(year, month)
    }

    /// The name of a month as it stands in a date, 1 to 12: `May`; empty where there is no such month.
    pub fn month_name(&self, month: u32) -> &str {
        self.words.dates.month_name(month)
    }

    /// `19:00 UTC`
    pub fn time(&self, at: Moment) -> String {
        self.words.dates.time(at)
    }

    /// `4 May 2026, 19:00 UTC`
    pub fn date_time(&self, at: Moment) -> String {
        self.words.dates.date_time(at)
    }

    /// A window in UTC: `4 May 2026, 19:00–19:30 UTC`, with the second day where it differs. Without an end, its start.
    pub fn window(&self, start: Moment, end: Option<Moment>) -> String {
        self.words.dates.window(start, end)
    }

    /// The same window in another zone: `21:00–21:30 CAT`, with the days where one of them is not the UTC day of the start:
    /// `5 May 03:00–03:30 AWST`. A zone without letters is written by its offset: `UTC+3`.
    pub fn window_in(&self, start: Moment, end: Option<Moment>, zone: Tz) -> String {
        self.words.dates.window_in(start, end, zone)
    }

    /// A span of time in its two largest units: `2 hours 5 minutes`, `3 days`. Less than a minute in words; never negative.
    pub fn duration(&self, span: TimeDelta) -> String {
        let minutes = usize::try_from(span.num_minutes()).unwrap_or(0);
        let units = [("duration.days", minutes / 1440), ("duration.hours", minutes / 60 % 24), ("duration.minutes", minutes % 60)];
        let Some(largest) = units.iter().position(|(_, n)| *n > 0) else { return self.text("duration.under_a_minute").to_owned() };
        let first = self.count(units[largest].0, units[largest].1);
        match units.get(largest + 1) {
            Some((key, n)) if *n > 0 => self.fill("duration.two", &[("first", &first), ("second", &self.count(key, *n))]),
            _ => first,
        }
    }
}

/// Every text that exists, in English, by its key.
pub fn english() -> &'static BTreeMap<String, String> {
    language::english_texts()
}

/// What stands before a zone of the IANA time zone database in the key of its name: `zone.America/Sao_Paulo`.
pub const ZONE: &str = "zone.";

/// The English text of a key that a language or site may write; `None` where nobody reads it. The further plural
/// categories of a counted text have the text of `other`; a zone has its own name.
pub fn model(key: &str) -> Option<&'static str> {
    if let Some(zone) = key.strip_prefix(ZONE) {
        return zone.parse().ok().map(Tz::name);
    }
    let known = || {
        let (counted, category) = key.rsplit_once('.')?;
        plural::Category::from_word(category)?;
        english().get(&format!("{counted}.other"))
    };
    english().get(key).or_else(known).map(String::as_str)
}

/// Every text that a site may write, in English: a counted one in each plural category that some language has.
pub fn texts_of_a_site() -> BTreeMap<String, &'static str> {
    let mut texts: BTreeMap<_, _> = english().iter().map(|(key, text)| (key.clone(), text.as_str())).collect();
    for (key, text) in english() {
        let Some(counted) = key.strip_suffix(".other") else { continue };
        for category in plural::Category::ALL {
            texts.entry(format!("{counted}.{}", category.word())).or_insert(text);
        }
    }
    texts
}

/// The names in braces that a text has.
pub fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// What a language says by itself for a key: in English where it has no text of its own.
pub fn own_text(language: &str, key: &str) -> Option<String> {
    let own = language::find(language).and_then(|language| language.texts.get(key).cloned());
    own.or_else(|| english().get(key).cloned())
}

/// Whether a key is that of a counted text for some numbers, which may leave the number out: `count.updates.one`.
pub fn is_for_few_numbers(key: &str) -> bool {
    let category = key.rsplit_once('.').and_then(|(_, category)| plural::Category::from_word(category));
    category.is_some_and(|category| category != plural::Category::Other)
}

/// The languages that have a file, by their first part, sorted.
pub fn languages() -> impl Iterator<Item = &'static str> {
    let mut names = language::FILES.map(|(name, _)| name);
    names.sort_unstable();
    names.into_iter()
}

/// The keys that a language's own file lacks; `None` where it has no file. A counted text is there when its `other` is.
pub fn lacking(language: &str) -> Option<Vec<&'static str>> {
    let own = language::find(language)?;
    let has = |key: &str| {
        let counted = || key.strip_suffix(".one").is_some_and(|base| own.own.contains(&format!("{base}.other")));
        own.own.contains(key) || counted()
    };
    Some(english().keys().map(String::as_str).filter(|key| !has(key)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: &str, overrides: &[(&str, &str)]) -> Words {
        let built_in = language::find(language).unwrap_or_else(language::english);
        let overrides: Vec<_> = overrides.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        Words { language: language.to_owned(), dir: language::direction(language), words: Arc::new(built_in.with(&overrides)) }
    }

    #[test]
    fn a_language_is_found_by_its_first_part_and_english_stands_in() {
        assert_eq!(words("pt-BR", &[]).status(Status::Retired), "Desativado");
        assert_eq!(words("nl", &[]).status(Status::Retired), "Retired");
        assert_eq!(words("en", &[]).text("no.such.key"), "no.such.key");
    }

    #[test]
    fn every_language_has_the_keys_and_places_of_english() {
        for (name, file) in language::FILES {
            toml::from_str::<toml::Table>(file).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
            assert_eq!(lacking(name), Some(Vec::new()), "{name}.toml lacks words");
            for (key, text) in language::texts(file) {
                let model = model(&key).unwrap_or_else(|| panic!("{name}.toml has `{key}`, which English lacks"));
                let extra: Vec<_> = placeholders(&text).difference(&placeholders(model)).map(|place| (*place).to_owned()).collect();
                assert!(extra.is_empty(), "{name}.toml: `{key}` has the places {extra:?}, which English lacks");
            }
        }
    }

    #[test]
    fn the_texts_of_a_site_are_those_that_have_a_model() {
        let texts = texts_of_a_site();
        assert!(texts.iter().all(|(key, text)| model(key) == Some(text)));
        assert!(texts.contains_key("count.updates.few") && texts.contains_key("status.operational"));
        assert_eq!(texts["count.updates.one"], english()["count.updates.one"]);
    }

    #[test]
    fn a_counted_text_has_every_form_that_its_language_needs() {
        for (name, file) in language::FILES {
            let texts = language::texts(file);
            let language = language::find(name).unwrap();
            let needed: BTreeSet<_> = (0..=200).map(|n| language.plural.category(name, n)).collect();
            for base in texts.keys().filter_map(|key| key.strip_suffix(".other")) {
                for category in &needed {
                    assert!(texts.contains_key(&format!("{base}.{}", category.word())), "{name}.toml lacks `{base}.{}`", category.word());
                }
            }
        }
    }

    #[test]
    fn every_word_of_the_model_has_a_text_in_every_language() {
        for (language, _) in language::FILES {
            let words = words(language, &[]);
            let mut texts: Vec<_> = Status::ALL.iter().flat_map(|status| [words.status(*status), words.overall(*status)]).collect();
            texts.extend(Impact::ALL.iter().map(|impact| words.impact(*impact)));
            texts.extend(Kind::ALL.iter().map(|kind| words.kind(*kind)));
            texts.extend(Phase::ALL.iter().map(|phase| words.phase(*phase)));
            texts.extend(State::ALL.iter().map(|state| words.state(*state)));
            assert!(texts.iter().all(|text| !text.is_empty()), "{language}: {texts:?}");
        }
    }

    #[test]
    fn a_site_overrides_texts_and_date_forms() {
        let words = words("en", &[("status.operational", "Fine"), ("date.day", "{year}/{month}/{d}"), ("count.updates.few", "unused")]);
        assert_eq!(words.status(Status::Operational), "Fine");
        assert_eq!(words.day(NaiveDate::from_ymd_opt(2026, 5, 4).unwrap()), "2026/May/4");
    }

    #[test]
    fn a_counted_text_takes_the_form_of_its_language() {
        assert_eq!(words("en", &[]).count("count.updates", 1), "1 update");
        assert_eq!(words("en", &[]).count("count.updates", 0), "0 updates");
        assert_eq!(words("fr", &[]).count("count.updates", 0), "0 message");
        assert_eq!(words("es", &[]).count("count.updates", 1_000_000), "1000000 mensajes");
        assert_eq!(words("ar", &[]).count("count.updates", 2), "تحديثان");
        assert_eq!(words("ar", &[]).count("count.updates", 11), "11 تحديثًا");
    }

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        let words = words("en", &[]);
        for (minutes, expected) in [
            (-3, "less than a minute"),
            (1, "1 minute"),
            (125, "2 hours 5 minutes"),
            (1440, "1 day"),
            (3 * 1440 + 61, "3 days 1 hour"),
            (1445, "1 day"),
        ] {
            assert_eq!(words.duration(TimeDelta::minutes(minutes)), expected);
        }
    }

    #[test]
    fn the_direction_follows_the_script() {
        for (tag, dir) in
            [("ar", "rtl"), ("fa-IR", "rtl"), ("uz-Arab", "rtl"), ("az-Latn", "ltr"), ("ar-Latn", "ltr"), ("pt-BR", "ltr"), ("", "ltr")]
        {
            assert_eq!(language::direction(tag), dir, "{tag}");
        }
    }

    #[test]
    fn a_zone_is_named_by_its_city_or_as_the_site_says() {
        let words = words("pt-BR", &[("zone.America/Sao_Paulo", "São Paulo")]);
        assert_eq!(words.zone(Tz::America__Argentina__Buenos_Aires), "Buenos Aires");
        assert_eq!(words.zone(Tz::America__Sao_Paulo), "São Paulo");
        assert_eq!((model("zone.America/Sao_Paulo"), model("zone.America/Sao_Polo")), (Some("America/Sao_Paulo"), None));
    }

    #[test]
    fn a_percentage_has_the_decimal_mark_of_its_language() {
        for (language, expected) in
            [("en", "99.986%"), ("de", "99,986\u{a0}%"), ("fr", "99,986\u{202f}%"), ("pt", "99,986%"), ("ar", "99.986%")]
        {
            assert_eq!(words(language, &[]).percent("99.986"), expected, "{language}");
        }
    }
}
