//! Posts that continue others: "Mail move", "Mail move: Update 1", "Mail move: Update 2".

use std::collections::HashMap;

use chrono::TimeDelta;

use super::Item;
use crate::model::Moment;

/// A thread that nothing is added to for longer than this is over: its title means something new afterwards.
const LONGEST_GAP: TimeDelta = TimeDelta::days(90);

/// For each item, which earlier one it continues; items are in order of date.
pub fn continued(items: &[Item]) -> Vec<Option<usize>> {
    let mut last: HashMap<String, (usize, u32, Moment)> = HashMap::new();
    let mut continued = vec![None; items.len()];
    // A status page tells a thread in one post.
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.stated.is_none()) {
        let (base, number) = match numbered(&item.title) {
            Some((base, number)) => (base, Some(number)),
            None => (item.title.as_str(), None),
        };
        let before = last.get(&base.to_lowercase());
        let number = match (number, before) {
            (Some(number), Some((before, last_number, date))) => {
                let next = number.unwrap_or(last_number + 1);
                if next > *last_number && item.date - *date <= LONGEST_GAP {
                    continued[at] = Some(*before);
                }
                next
            }
            (number, _) => number.flatten().unwrap_or(0),
        };
        last.insert(base.to_lowercase(), (at, number, item.date));
    }
    continued
}

/// "Mail move: Update 2" is the second of "Mail move"; a number may be missing.
fn numbered(title: &str) -> Option<(&str, Option<u32>)> {
    let rest = title.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = title[rest.len()..].parse().ok();
    let rest = rest.trim_end_matches([' ', '#']);
    let split = rest.len().checked_sub("update".len())?;
    let base = rest.get(..split)?.trim_end();
    let is_update = rest[split..].eq_ignore_ascii_case("update");
    let is_apart = base.ends_with([':', '-', '–', '—', ',', ';']);
    let base = base.trim_end_matches([':', '-', '–', '—', ',', ';', ' ']);
    (is_update && is_apart && !base.is_empty()).then_some((base, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(titles: &[(&str, &str)]) -> Vec<Item> {
        titles.iter().map(|(date, title)| Item { title: title.to_string(), date: date.parse().unwrap(), ..Item::default() }).collect()
    }

    #[test]
    fn numbered_updates_follow_each_other() {
        let items = items(&[
            ("2013-03-01T00:00:00Z", "Server NC018 replacement"),
            ("2013-03-19T00:00:00Z", "Server NC018 replacement: Update 1"),
            ("2013-03-20T00:00:00Z", "Spam defences"),
            ("2013-05-03T00:00:00Z", "Server NC018 Replacement – update #6"),
            ("2013-05-04T00:00:00Z", "Spam defences"),
            ("2013-05-05T00:00:00Z", "Server NC018 replacement: Update"),
        ]);
        assert_eq!(continued(&items), [None, Some(0), None, Some(1), None, Some(3)]);
    }

    #[test]
    fn a_number_that_starts_again_and_a_long_silence_begin_anew() {
        let items = items(&[
            ("2013-03-01T00:00:00Z", "Power: Update 1"),
            ("2013-03-02T00:00:00Z", "Power: Update 2"),
            ("2013-03-03T00:00:00Z", "Power: Update 1"),
            ("2014-03-03T00:00:00Z", "Power: Update 2"),
            ("2014-03-04T00:00:00Z", "System update 3"),
        ]);
        assert_eq!(continued(&items), [None, Some(0), None, None, None]);
    }
}
