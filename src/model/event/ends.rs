//! When posts say that their event is over: `end` of the front matter, and which of several hold.

use super::course::course;
use super::marks::{End, Mark};
use crate::model::moment::Moment;
use crate::model::post::{Kind, Post};
use crate::model::thread::Window;

/// The `end`s that hold. An event that began again has one for each time that it lasted: a post that says when it ended means the time that had
/// begun by then, of those that were told of when it was posted, and corrects what was said of that. Until when work is planned is said of the time that goes
/// on, or comes next; who says it of work that `end` alone has ended makes that longer.
pub fn ends<'a>(kind: Kind, start: Moment, posts: &[&'a Post], marks: &[Mark<'a>]) -> Vec<End<'a>> {
    let said = posts.iter().enumerate().filter_map(|(nth, &post)| {
        let is_actual = |end: Moment| kind == Kind::Incident || post.date >= end;
        post.end.map(|at| End { at, post, nth, told: post.date, is_actual: is_actual(at) })
    });
    let mut ends: Vec<End<'a>> = Vec::new();
    let mut before = 0;
    // The latest moment that any post before tells of.
    let mut latest = start;
    for end in said {
        for post in &posts[std::mem::replace(&mut before, end.nth)..end.nth] {
            latest = [Some(post.last_update()), post.start, post.end].into_iter().flatten().fold(latest, Moment::max);
        }
        // Of trouble that began after all that nobody else says an end.
        if ends.is_empty() || kind == Kind::Incident && end.post.start.is_some_and(|begin| begin > latest) {
            ends.push(end);
            continue;
        }
        let was_told = |mark: &&Mark<'a>| mark.nth < end.nth && mark.told() <= end.post.date;
        let course = |marks: Vec<Mark<'a>>| course(kind, start, &ends, &marks);
        let known = course(marks.iter().filter(was_told).copied().collect());
        let is_in = |window: &Window, begin: Moment| window.from <= begin && window.until.is_none_or(|until| begin <= until);
        let own = end.post.start.filter(|begin| *begin > start && !known.windows.iter().any(|window| is_in(window, *begin)));
        if let Some(later) = own.and_then(|begin| known.windows.iter().map(|window| window.from).find(|from| *from > begin)) {
            // It tells of trouble between two times that were told of before.
            if end.at < later {
                ends.push(End { told: end.at, ..end });
                ends.sort_by_key(|end| end.at);
                continue;
            }
            // It goes over into one that is known to have lasted longer.
            let goes_over = |window: &Window| window.from <= end.at && window.until.is_some_and(|until| end.at <= until);
            if known.windows.iter().any(goes_over) {
                continue;
            }
        }
        // Work that was over has no second window: that has its finding.
        if kind == Kind::Maintenance && own.is_some() && known.closed.is_some() {
            continue;
        }
        let is_own = |mark: &&Mark<'a>| mark.nth == end.nth && mark.at < end.at;
        let windows = course(marks.iter().filter(|mark| was_told(mark) || is_own(mark)).copied().collect()).windows;
        if !end.is_actual {
            let from = windows.last().map_or(start, |window| window.from);
            let is_said_over = marks.iter().any(|mark| was_told(&mark) && mark.is_final() && mark.at >= from);
            ends.retain(|other| is_said_over || !other.is_actual || other.at <= from);
            ends.push(end);
            continue;
        }
        let meant = windows.partition_point(|window| window.from < end.at).saturating_sub(1);
        let (from, next) = (windows[meant].from, windows.get(meant + 1).map(|window| window.from));
        let told = match next {
            None => end.told,
            Some(next) if end.at < next => windows[meant].until.map_or(end.told, |until| until.min(end.told)),
            // It would leave nothing between the two.
            Some(_) => continue,
        };
        ends.retain(|other| other.at <= from || next.is_some_and(|next| other.at >= next));
        ends.push(End { told, ..end });
        ends.sort_by_key(|end| end.at);
    }
    ends
}
