//! `/.well-known/security.txt`, where the site names a contact (RFC 9116).

use chrono::{Datelike, Days, NaiveDate};

use super::{Output, OutputKind};
use crate::model::{Address, Config, Moment, midnight, rfc3339};

pub const KIND: OutputKind = OutputKind {
    addresses: "`/.well-known/security.txt`",
    about: "whom to tell of a vulnerability, if `security_contact` is set",
    list: |plan, _| {
        let Some(contact) = plan.site.config.security_contact.clone() else { return Vec::new() };
        vec![Output::made(&ADDRESS[1..], move |plan| security_txt(&plan.site.config, &contact, plan.site.now))]
    },
};

const ADDRESS: &str = "/.well-known/security.txt";

fn security_txt(config: &Config, contact: &str, now: Moment) -> String {
    let canonical = config.base_url.absolute(&Address::new(ADDRESS));
    let expires = rfc3339(expires(now));
    format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {}\nCanonical: {canonical}\n", config.language)
}

/// The day before this quarter begins a year later: nine months to a year ahead, as the RFC advises, and the same for
/// every build of a quarter, so that a build without news leaves the file as it is.
fn expires(now: Moment) -> Moment {
    let first_month = (now.month0() / 3) * 3 + 1;
    let next_year = NaiveDate::from_ymd_opt(now.year() + 1, first_month, 1).and_then(|day| day.checked_sub_days(Days::new(1)));
    midnight(next_year.unwrap_or(now.date_naive()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_expires_within_a_year_and_stays_the_same_for_a_quarter() {
        for (now, expected) in [
            ("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"),
            ("2026-05-04T19:00:00Z", "2027-03-31T00:00:00Z"),
            ("2026-06-30T23:59:59Z", "2027-03-31T00:00:00Z"),
            ("2026-07-01T00:00:00Z", "2027-06-30T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2024-12-31T00:00:00Z"),
        ] {
            let (now, expected): (Moment, Moment) = (now.parse().unwrap(), expected.parse().unwrap());
            assert_eq!(expires(now), expected, "{now}");
            assert!((270..366).contains(&(expires(now) - now).num_days()));
        }
    }
}
