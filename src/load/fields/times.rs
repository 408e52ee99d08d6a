//! The times and dates of a table.

use toml::de::DeValue;

use super::{At, Fields};
use crate::findings::{Code, Finding, Findings};
use crate::load::times::{self, TimeProblem};
use crate::model::{Moment, midnight};

/// `true`, `false`, or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BooleanOrTime {
    Boolean(bool),
    Time(Moment),
}

impl Fields<'_, '_> {
    /// A moment in UTC.
    pub fn time(&self, name: &str, findings: &mut Findings) -> Option<At<Moment>> {
        let value = self.get(name)?;
        let Some(read) = read_time(value.get_ref()) else {
            self.wrong(name, value, "a time", findings);
            return None;
        };
        match read {
            Ok(at) => Some(At { value: at, range: self.parsed.source.range(value.span()) }),
            Err(problem) => {
                findings.push(problem.finding(name, self.parsed.source.span(value.span())));
                None
            }
        }
    }

    /// A time without a zone, as it would be in UTC: to be held against another one of the same post.
    pub fn time_without_zone(&self, name: &str) -> Option<At<Moment>> {
        let value = self.get(name)?;
        match read_time(value.get_ref()) {
            Some(Err(TimeProblem::NoZone { as_utc })) => Some(At { value: as_utc, range: self.parsed.source.range(value.span()) }),
            _ => None,
        }
    }

    /// `true`, `false` or a time.
    pub fn boolean_or_time(&self, name: &str, findings: &mut Findings) -> Option<BooleanOrTime> {
        match self.get(name)?.get_ref() {
            DeValue::Boolean(boolean) => Some(BooleanOrTime::Boolean(*boolean)),
            DeValue::Datetime(_) | DeValue::String(_) => self.time(name, findings).map(|at| BooleanOrTime::Time(at.value)),
            _ => {
                self.wrong(name, self.get(name)?, "`true` or a time", findings);
                None
            }
        }
    }

    /// A date without a time.
    pub fn date(&self, name: &str, findings: &mut Findings) -> Option<chrono::NaiveDate> {
        let value = self.get(name)?;
        let date = match value.get_ref() {
            DeValue::Datetime(datetime) if datetime.time.is_none() => datetime.date,
            DeValue::String(text) => {
                text.parse::<toml::value::Datetime>().ok().filter(|datetime| datetime.time.is_none()).and_then(|datetime| datetime.date)
            }
            _ => None,
        };
        let date = date.and_then(|date| chrono::NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
        let date = date.filter(|date| times::is_kept(midnight(*date)));
        if date.is_none() {
            findings.push(
                Finding::new(Code::BadValue, self.parsed.source.span(value.span()), format!("`{name}` takes a date"))
                    .help(format!("write `{name} = 2026-05-04`; years from 1970 to 2199 are kept here")),
            );
        }
        date
    }
}

/// Nothing where the value is neither a date-time nor a text.
fn read_time(value: &DeValue<'_>) -> Option<Result<Moment, TimeProblem>> {
    match value {
        DeValue::Datetime(datetime) => Some(times::from_toml(datetime)),
        DeValue::String(text) => Some(times::from_text(text)),
        _ => None,
    }
}
