//! Time enters the program here, once: from `--now`, from SOURCE_DATE_EPOCH, or from the clock.

use chrono::{DateTime, SubsecRound, Utc};

use super::error::CommandError;
use super::terminal::Terminal;
use crate::Now;
use crate::findings::{Code, Findings};
use crate::load::times::{self, TimeProblem};
use crate::model::{Moment, rfc3339};

/// The moment of a run that shows the site: an explicit one shows it as it stood.
pub fn of_site(given: Option<Moment>) -> Result<Now, CommandError> {
    match given {
        Some(moment) => Ok(Now::Given(moment)),
        None => clock().map(Now::Clock),
    }
}

/// The moment of a run that writes a post: an explicit one stands for the clock's.
pub fn of_writing(given: Option<Moment>) -> Result<Moment, CommandError> {
    given.map_or_else(clock, Ok)
}

/// SOURCE_DATE_EPOCH stands for the clock's reading.
fn clock() -> Result<Moment, CommandError> {
    Ok(of_epoch()?.unwrap_or_else(|| Utc::now().trunc_subsecs(0)))
}

/// What SOURCE_DATE_EPOCH (<https://reproducible-builds.org/specs/source-date-epoch/>) says, where it is set.
fn of_epoch() -> Result<Option<Moment>, CommandError> {
    let Some(seconds) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let moment = seconds.to_str().and_then(|text| text.parse().ok()).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.filter(|moment| times::is_kept(*moment)).map(Some).ok_or_else(|| {
        let shown = seconds.to_string_lossy();
        CommandError::usage(format!("SOURCE_DATE_EPOCH is not a number of seconds that lies in the years 1970 to 2199: `{shown}`"))
            .hint("set it to what `date +%s` prints, or unset it")
    })
}

/// Says that the variable makes the present, where something is from the future by it: nobody shall mend a post that is right.
pub fn tell_of_epoch(now: Now, findings: &Findings, terminal: &mut Terminal) {
    let Ok(Some(epoch)) = of_epoch() else { return };
    if now == Now::Clock(epoch) && findings.iter().any(|finding| finding.code == Code::FromTheFuture) {
        let now = rfc3339(epoch);
        terminal.always_say(format_args!(
            "Now is {now} because SOURCE_DATE_EPOCH says so. Is it later by the clock, unset that; the posts may be right."
        ));
    }
}

/// Says that the variable dates what is written: some shells and services have it set to the day of a release.
pub fn tell_of_stamp(given: Option<Moment>, terminal: &mut Terminal) {
    if let (None, Ok(Some(epoch))) = (given, of_epoch()) {
        let now = rfc3339(epoch);
        terminal
            .always_say(format_args!("What is written is dated {now}, because SOURCE_DATE_EPOCH says so; unset that to go by the clock."));
    }
}

/// Reads a moment from the command line: RFC 3339, and what front matter takes. A time without a zone is refused.
pub fn parse(text: &str) -> Result<Moment, String> {
    times::from_text(text).map_err(|problem| match problem {
        TimeProblem::NoZone { as_utc } => format!("a time without a zone; in UTC it is written `{}`", rfc3339(as_utc)),
        TimeProblem::NoTime { example } => format!("a date without a time; write `{}`", rfc3339(example)),
        TimeProblem::Impossible { why } | TimeProblem::NotKept { why } => why,
        TimeProblem::Unreadable => "not a moment; write it as `2026-05-04T19:00:00Z`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_cannot_be_taken_shows_one_that_can() {
        assert_eq!(parse("2026-05-04T21:00+02:00").map(rfc3339), Ok("2026-05-04T19:00:00Z".to_owned()));
        for (text, message) in [
            ("2026-05-04 19:00", "a time without a zone; in UTC it is written `2026-05-04T19:00:00Z`"),
            ("2026-05-04", "a date without a time; write `2026-05-04T00:00:00Z`"),
            ("2026-02-30T00:00:00Z", "there is no such day"),
            ("tomorrow", "not a moment; write it as `2026-05-04T19:00:00Z`"),
        ] {
            assert_eq!(parse(text), Err(message.to_owned()), "{text}");
        }
    }
}
