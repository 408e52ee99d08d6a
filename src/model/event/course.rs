//! The windows of an event: how what was said of its begin, its end and its beginning again makes them.

use super::marks::{End, Mark};
use crate::model::moment::Moment;
use crate::model::post::{Kind, State};
use crate::model::thread::Window;

/// The windows of an event and how it came to its end.
#[derive(Default)]
pub struct Course {
    pub windows: Vec<Window>,
    /// How many of the windows come before the one that is planned now: work that was begun early and put off.
    pub put_off: usize,
    /// The marks that put work off which had begun, by their position: what was planned for it is planned again.
    pub replannings: Vec<usize>,
    /// The final updates that tell of an end before trouble of which a later post knows: their positions.
    pub outdated: Vec<usize>,
    /// The marks that reopened it, by their position.
    pub reopenings: Vec<usize>,
    /// When it was over before each of them.
    pub closings: Vec<Moment>,
    /// Those of them that bring back what held before: nothing was said of an impact since the event was over.
    pub restorings: Vec<usize>,
    /// The openings of follow-ups while it was over, which opened it not: their positions, and since when it was over.
    pub openings_after_end: Vec<(usize, Moment)>,
    /// When staff said that it is over.
    pub closed: Option<Moment>,
    pub is_cancelled: bool,
    pub is_overrunning: bool,
}

impl Course {
    /// Whether a mark says anything: a beginning does where it opens the event again.
    pub fn is_heard(&self, position: usize, mark: &Mark<'_>) -> bool {
        let is_outdated = || self.outdated.binary_search(&position).is_ok();
        (mark.begins.is_none() || self.reopenings.binary_search(&position).is_ok()) && !is_outdated()
    }
}

/// What ended an event, while nothing later has reopened it.
#[derive(Clone, Copy)]
struct Over {
    at: Moment,
    /// When it was said first.
    told: Moment,
    /// The updates that said so; nothing where `end` alone does.
    said: Option<Finals>,
}

/// Updates that end an event, with no other between them that opens it again.
#[derive(Clone, Copy)]
struct Finals {
    first: Moment,
    last: Moment,
    /// What the last one says.
    state: State,
}

impl Over {
    /// When staff said first that it is over, else when it was.
    fn closed(self) -> Moment {
        self.said.map_or(self.at, |said| said.first)
    }

    /// When it was over and had been said to be for the last time.
    fn known(self) -> Moment {
        self.said.map_or(self.at, |said| said.last.max(self.at))
    }

    /// Whether what a post says to begin is trouble after the end. Where a later post says the end, that one has the last word.
    fn is_before(self, start: Moment, told: Moment) -> bool {
        start > self.known() && self.told <= told.max(start)
    }

    fn is_cancelled(self) -> bool {
        self.said.is_some_and(|said| said.state == State::Cancelled)
    }
}

/// `ends` and `marks` are what the posts say, in the order of telling and of time.
pub fn course(kind: Kind, start: Moment, ends: &[End<'_>], marks: &[Mark<'_>]) -> Course {
    let mut from = start;
    let mut course = Course::default();
    // When the `start` was told that opened it again.
    let mut begun_told: Option<Moment> = None;
    let mut over: Option<Over> = None;
    // An `end` from before the event was reopened is none any more; what its own post opens may end in the same minute.
    let holds = |end: &End<'_>, windows: &[Window], from: Moment| {
        windows.is_empty() || end.at > from || end.at == from && end.post.start == Some(from)
    };
    // The actual ends still to come in the order of time.
    let mut coming = ends.iter().copied().filter(|end| end.is_actual).peekable();
    let ended_by = |end: End<'_>, over: Option<Over>| {
        let told = over.map_or(end.told, |over| over.told.min(end.told));
        Some(Over { at: end.at, told, said: over.and_then(|over| over.said) })
    };
    for (position, mark) in marks.iter().enumerate() {
        while let Some(end) = coming.next_if(|end| end.is_before(mark)) {
            if holds(&end, &course.windows, from) {
                over = ended_by(end, over);
            }
        }
        // What a later post knows to have begun after an `end` is not over because an update before it told of that end.
        let tells_of_earlier_end =
            |begun_told: Moment| mark.told < begun_told && mark.post.end.is_some_and(|end| end <= from) && over.is_none();
        if mark.is_final() && begun_told.is_some_and(tells_of_earlier_end) {
            course.outdated.push(position);
            continue;
        }
        if let Some(state) = mark.state.filter(|state| state.is_final()) {
            // Who says once more that it is over does not change since when.
            over = Some(Over {
                at: over.map_or(mark.at, |over| over.at),
                told: over.map_or(mark.at, |over| over.told.min(mark.at)),
                said: Some(Finals { first: over.and_then(|over| over.said).map_or(mark.at, |said| said.first), last: mark.at, state }),
            });
        } else if mark.reopens()
            && let Some(before) = over.take_if(|over| mark.begins.is_none_or(|start| over.is_before(start, mark.told)))
        {
            course.reopenings.push(position);
            course.closings.push(before.closed());
            let mut since = marks[..=position].iter().rev().take_while(|mark| mark.at > before.known());
            if mark.change.is_empty() && since.all(|mark| mark.is_final() || mark.change.is_empty()) {
                course.restorings.push(position);
            }
            // A window that was cancelled, or closed before it began, has not been open: what is announced again is the one in the front
            // matter, or what is left of it.
            let was_open = !before.is_cancelled() && before.at >= from;
            if was_open {
                course.windows.push(Window { from, until: Some(before.at) });
            }
            begun_told = mark.begins.map(|_| mark.told);
            from = match was_open || mark.begins.is_some() {
                true => mark.at,
                false if course.windows.is_empty() => mark.at.max(start),
                false => mark.at.max(from),
            };
        }
        if mark.is_opening && mark.begins.is_none() {
            // A post in the minute of the end that another says is behind it, though what it tells was said before.
            let in_its_minute = coming.peek().filter(|end| end.at == mark.at && end.nth < mark.nth && holds(end, &course.windows, from));
            let known = over.filter(|over| over.told <= mark.told).map(|over| over.at);
            course.openings_after_end.extend(known.or(in_its_minute.map(|end| end.at)).map(|at| (position, at)));
        }
        if kind == Kind::Maintenance && mark.state == Some(State::InProgress) && mark.at < from {
            from = mark.at;
        }
        // Work that is planned once more lies ahead, whatever was done of it.
        if kind == Kind::Maintenance && mark.state == Some(State::Scheduled) && from <= mark.at && mark.at < start {
            if from < mark.at {
                course.windows.push(Window { from, until: Some(mark.at) });
                course.replannings.push(position);
            }
            course.put_off = course.windows.len();
            from = start;
        }
    }
    for end in coming.filter(|end| holds(end, &course.windows, from)) {
        over = ended_by(end, over);
    }
    let until = match ends.last().copied().filter(|end| !end.is_actual && holds(end, &course.windows, from)) {
        None => over.map(|over| over.at),
        Some(planned) => {
            let is_before_end = |mark: &Mark<'_>| over.is_none_or(|over| mark.at < over.at);
            course.is_overrunning =
                marks.iter().any(|mark| mark.is_news && mark.at >= planned.at && !mark.is_final() && is_before_end(mark));
            match over {
                Some(over) if over.at <= planned.at || course.is_overrunning => Some(over.at),
                None if course.is_overrunning => None,
                _ => Some(planned.at),
            }
        }
    };
    course.windows.push(Window { from, until });
    course.closed = over.map(Over::closed);
    course.is_cancelled = over.is_some_and(Over::is_cancelled);
    course
}
