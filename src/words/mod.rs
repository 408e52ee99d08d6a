//! The words of the interface, and how a language writes dates.
//!
//! In: the site's language, its overrides and a moment. Out: text for people. Every page, feed and calendar asks here.
//! Never decides what a status is.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::model::{Config, Moment};

/// The interface's words in one language.
#[derive(Debug, Clone)]
pub struct Words {
    /// BCP 47: `en`, `pt-BR`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// The words of a site: the built-in language file, with the site's `[words]` over it and English below it.
    pub fn of(config: &Config) -> Words {
        let mut texts = BTreeMap::new();
        texts.extend(config.words.iter().cloned());
        Words { language: config.language.clone(), dir: "ltr", texts }
    }

    /// The text behind a key, or the key itself where there is none: `status.operational`.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A text with its `{name}` places filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.text(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// A text that depends on a number: `KEY.one`, `KEY.other` (CLDR's plural categories), with `{n}` filled.
    pub fn count(&self, key: &str, n: usize) -> String {
        let category = if n == 1 { "one" } else { "other" };
        self.fill(&format!("{key}.{category}"), &[("n", &n.to_string())])
    }

    /// `4 May 2026`
    pub fn day(&self, date: NaiveDate) -> String {
        date.format("%-d %B %Y").to_string()
    }

    /// `May 2026`
    pub fn month(&self, year: i32, month: u32) -> String {
        NaiveDate::from_ymd_opt(year, month, 1).map_or_else(String::new, |date| date.format("%B %Y").to_string())
    }

    /// `19:00 UTC`
    pub fn time(&self, at: Moment) -> String {
        at.format("%H:%M UTC").to_string()
    }

    /// `4 May 2026, 19:00 UTC`
    pub fn date_time(&self, at: Moment) -> String {
        format!("{}, {}", self.day(at.date_naive()), self.time(at))
    }

    /// A window in UTC: `4 May 2026, 19:00–19:30 UTC`, with the second day where it differs.
    pub fn window(&self, start: Moment, end: Option<Moment>) -> String {
        match end {
            Some(end) if end.date_naive() == start.date_naive() => {
                format!("{}, {}–{}", self.day(start.date_naive()), start.format("%H:%M"), self.time(end))
            }
            Some(end) => format!("{} – {}", self.date_time(start), self.date_time(end)),
            None => self.date_time(start),
        }
    }

    /// The same window in another zone, with the day where it is not the UTC day: `5 May 03:00–03:30 AWST`, `21:00–21:30 CAT`.
    pub fn window_in(&self, start: Moment, end: Option<Moment>, zone: Tz) -> String {
        let local = start.with_timezone(&zone);
        let day = if local.date_naive() == start.date_naive() { String::new() } else { format!("{} {} ", local.day(), local.format("%b")) };
        match end {
            Some(end) => format!("{day}{}–{}", local.format("%H:%M"), end.with_timezone(&zone).format("%H:%M %Z")),
            None => format!("{day}{}", local.format("%H:%M %Z")),
        }
    }

    /// Every text by its key, for templates: `{{ words["status.operational"] }}`.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.texts
    }
}
