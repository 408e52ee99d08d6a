//! Time enters the program here, once: from `--now`, from SOURCE_DATE_EPOCH, or from the clock.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};

use super::stop::Stop;
use crate::Now;
use crate::model::Moment;

/// The moment of a run that shows the site: an explicit one shows it as it stood.
pub fn of_site(given: Option<Moment>) -> Result<Now, Stop> {
    match given {
        Some(moment) => Ok(Now::Given(moment)),
        None => clock().map(Now::Clock),
    }
}

/// The moment of a run that writes a post: an explicit one stands for the clock's.
pub fn of_writing(given: Option<Moment>) -> Result<Moment, Stop> {
    given.map_or_else(clock, Ok)
}

/// SOURCE_DATE_EPOCH (<https://reproducible-builds.org/specs/source-date-epoch/>) stands for the clock's reading.
fn clock() -> Result<Moment, Stop> {
    let Some(seconds) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(Utc::now().trunc_subsecs(0)) };
    let moment = seconds.to_str().and_then(|text| text.parse().ok()).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.ok_or_else(|| {
        Stop::usage(format!("SOURCE_DATE_EPOCH is not a number of seconds: `{}`", seconds.display()))
            .hint("set it to what `date +%s` prints, or unset it")
    })
}

/// Reads a moment from the command line: RFC 3339, where the seconds may be left out. A time without a zone is refused.
pub fn parse(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    let written = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |time| format!("{time}Z"));
    let with_seconds = format!("{}:00{}", written.get(..16).unwrap_or_default(), written.get(16..).unwrap_or_default());
    for candidate in [&written, &with_seconds] {
        if let Ok(moment) = DateTime::parse_from_rfc3339(candidate) {
            return Ok(moment.to_utc().trunc_subsecs(0));
        }
    }
    let naive = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&written, format).ok());
    Err(match naive {
        Some(naive) => format!("a time without a zone; in UTC it is written `{}`", written_in_utc(naive.and_utc())),
        None => "not a moment; write it as `2026-05-04T19:00:00Z`".to_owned(),
    })
}

/// RFC 3339 in UTC: `2026-05-04T19:00:00Z`.
pub fn written_in_utc(moment: Moment) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_may_leave_out_its_seconds_and_have_an_offset() {
        for text in
            ["2026-05-04T19:00:00Z", "2026-05-04T19:00Z", "2026-05-04 19:00Z", "2026-05-04 19:00 UTC", "2026-05-04T21:00+02:00"]
        {
            assert_eq!(parse(text).map(written_in_utc), Ok("2026-05-04T19:00:00Z".to_owned()), "{text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_refused_with_the_same_time_in_utc() {
        assert_eq!(parse("2026-05-04 19:00"), Err("a time without a zone; in UTC it is written `2026-05-04T19:00:00Z`".to_owned()));
        for text in ["", "19:00", "2026-02-30T00:00:00Z", "tomorrow", "2026-05-04T19:0é"] {
            assert_eq!(parse(text), Err("not a moment; write it as `2026-05-04T19:00:00Z`".to_owned()), "{text}");
        }
    }
}
