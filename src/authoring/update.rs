//! An update below the others, and the time that it is stamped with.

use chrono::{DurationRound, TimeDelta};

use super::front_matter::newline;
use crate::model::{Moment, Site, State};

/// An update to append.
#[derive(Debug, Clone)]
pub struct NewUpdate<'a> {
    pub at: Moment,
    pub state: Option<State>,
    /// Impacts as they stand in a heading's attributes: `degraded`, `nc023=none`.
    pub impacts: &'a [String],
    /// Markdown; may be empty.
    pub text: &'a str,
    /// Whether an empty line keeps the text from its heading: an imported text may read like the rest of one. A person who types such
    /// a text means it so, and is told.
    pub is_apart: bool,
}

impl NewUpdate<'_> {
    /// The post's text with the update at its end. What was there stays byte for byte; line endings are the file's own.
    pub fn append_to(&self, post: &str) -> String {
        let newline = newline(post);
        let mut added = String::new();
        if !post.ends_with('\n') {
            added.push('\n');
        }
        if !post.trim_end_matches('\r').ends_with("\n\n") && !post.ends_with("\r\n\r\n") {
            added.push('\n');
        }
        added.push_str(&self.heading());
        added.push('\n');
        let text = self.text.replace("\r\n", "\n");
        let text = text.trim_end().trim_start_matches('\n');
        if !text.is_empty() {
            if self.is_apart {
                added.push('\n');
            }
            added.push_str(text);
            added.push('\n');
        }
        format!("{post}{}", added.replace('\n', newline))
    }

    /// Whether the site that was read with the update at a post's end has it as an update.
    pub fn is_read_in(&self, site: &Site, path: &str) -> bool {
        let post = site.post_of_file(path).map(|post| &site.posts[post]);
        post.is_some_and(|post| post.updates.iter().any(|update| update.at == self.at && update.state == self.state))
    }

    /// `## 2026-05-04 19:02 UTC — In progress {impact=degraded}`, with seconds where there are any.
    fn heading(&self) -> String {
        let seconds = if self.at.timestamp() % 60 == 0 { "" } else { ":%S" };
        let mut heading = self.at.format(&format!("## %Y-%m-%d %H:%M{seconds} UTC")).to_string();
        if let Some(state) = self.state {
            heading.push_str(" — ");
            heading.push_str(&state.capitalised());
        }
        if !self.impacts.is_empty() {
            let attributes: Vec<String> =
                self.impacts.iter().map(|impact| if impact.contains('=') { impact.clone() } else { format!("impact={impact}") }).collect();
            heading.push_str(&format!(" {{{}}}", attributes.join(" ")));
        }
        heading
    }
}

/// The time to stamp an update with: the minute where that is later than everything before it, else the second, else the next second.
///
/// `after` is the latest moment that it must be later than; `from` one that it must not be earlier than.
pub fn stamp(now: Moment, after: Option<Moment>, from: Option<Moment>) -> Moment {
    let is_fine = |moment: Moment| after.is_none_or(|after| moment > after) && from.is_none_or(|from| moment >= from);
    let next_second = || after.map(|after| after + TimeDelta::seconds(1)).max(from).unwrap_or(now);
    [minute(now), now].into_iter().find(|moment| is_fine(*moment)).unwrap_or_else(next_second)
}

/// The beginning of a moment's minute.
pub fn minute(moment: Moment) -> Moment {
    moment.duration_trunc(TimeDelta::minutes(1)).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn update(text: &str) -> NewUpdate<'_> {
        NewUpdate { at: at("2026-05-04T19:02:00Z"), state: Some(State::InProgress), impacts: &[], text, is_apart: false }
    }

    #[test]
    fn an_update_keeps_the_file_before_it_byte_for_byte() {
        let heading = "## 2026-05-04 19:02 UTC — In progress";
        for (post, expected) in [
            ("+++\n+++\nText.\n", format!("\n{heading}\nDown.\n")),
            ("+++\n+++\nText.", format!("\n\n{heading}\nDown.\n")),
            ("+++\n+++\nText.\n\n", format!("{heading}\nDown.\n")),
            ("+++\r\n+++\r\nText.\r\n", format!("\r\n{heading}\r\nDown.\r\n")),
            ("+++\r\n+++\r\nText.\r\n\r\n", format!("{heading}\r\nDown.\r\n")),
            ("+++\r\n+++\r\nText.", format!("\r\n\r\n{heading}\r\nDown.\r\n")),
        ] {
            assert_eq!(update("\r\nDown.\r\n\r\n").append_to(post), format!("{post}{expected}"), "{post:?}");
        }
    }

    #[test]
    fn a_heading_has_seconds_state_and_impacts_only_where_they_are_given() {
        let impacts = ["degraded".to_owned(), "nc023=none".to_owned()];
        let full = NewUpdate { at: at("2026-05-04T19:02:07Z"), impacts: &impacts, ..update("") };
        assert_eq!(full.append_to("+++\n+++\n"), "+++\n+++\n\n## 2026-05-04 19:02:07 UTC — In progress {impact=degraded nc023=none}\n");
        let bare = NewUpdate { state: None, ..update("Text.") };
        assert_eq!(bare.append_to("+++\n+++\n"), "+++\n+++\n\n## 2026-05-04 19:02 UTC\nText.\n");
    }

    #[test]
    fn a_stamp_is_the_minute_and_later_than_all_before() {
        let now = at("2026-05-04T19:02:31Z");
        for (after, from, expected) in [
            (None, None, "2026-05-04T19:02:00Z"),
            (Some("2026-05-04T19:01:59Z"), None, "2026-05-04T19:02:00Z"),
            (Some("2026-05-04T19:02:00Z"), None, "2026-05-04T19:02:31Z"),
            (Some("2026-05-04T19:02:31Z"), None, "2026-05-04T19:02:32Z"),
            (Some("2026-05-04T19:05:00Z"), None, "2026-05-04T19:05:01Z"),
            (Some("2026-05-04T19:01:00Z"), Some("2026-05-04T19:02:30Z"), "2026-05-04T19:02:31Z"),
            (None, Some("2026-05-04T19:02:00Z"), "2026-05-04T19:02:00Z"),
        ] {
            assert_eq!(stamp(now, after.map(at), from.map(at)), at(expected), "{after:?} {from:?}");
        }
    }
}
