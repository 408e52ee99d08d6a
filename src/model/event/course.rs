//! The windows of an event: how what was said of its begin, its end and its beginning again makes them.

use super::marks::{By, End, Mark};
use crate::model::moment::Moment;
use crate::model::post::{Kind, State};
use crate::model::thread::Window;

/// The windows of an event and how it came to its end.
#[derive(Default)]
pub struct Course {
    pub windows: Vec<Window>,
    /// How many of the windows come before the one that is planned now: work that was begun early and put off.
    pub put_off: usize,
    /// The marks that put work off which had begun, by their position, and when it had: what was planned for it then is planned again.
    pub replannings: Vec<(usize, Moment)>,
    /// The final updates that tell of an end before trouble of which a later post knows: their positions.
    pub outdated: Vec<usize>,
    /// The marks that reopened it, by their position.
    pub reopenings: Vec<usize>,
    /// When it was over before each of them.
    pub closings: Vec<Moment>,
    /// Those of them that bring back what held before: nothing was said of an impact since the event was over.
    pub restorings: Vec<usize>,
    /// The openings of follow-ups while it was over: their positions, and since when it was over.
    pub openings_after_end: Vec<(usize, Moment)>,
    /// When staff said that it is over.
    pub closed: Option<Moment>,
    /// The end that is planned for the last window, or was when it was over.
    pub planned: Option<Moment>,
    pub is_cancelled: bool,
    pub is_overrunning: bool,
}

impl Course {
    /// Whether a mark says anything: a beginning does where it opens the event again.
    pub fn is_heard(&self, position: usize, mark: &Mark<'_>) -> bool {
        let is_outdated = || self.outdated.binary_search(&position).is_ok();
        (mark.by != By::Beginning || self.reopenings.binary_search(&position).is_ok()) && !is_outdated()
    }
}

/// What ended an event, while nothing later has reopened it.
#[derive(Clone, Copy)]
struct Over {
    at: Moment,
    /// Whether an `end` says that, which has the last word; else an update, which may come late.
    is_exact: bool,
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
    let mut walk = Walk { start, marks, ends, from: start, begun_told: None, begun: None, over: None, course: Course::default() };
    let mut actual: Vec<&End<'_>> = ends.iter().filter(|end| end.is_actual).collect();
    actual.sort_by_key(|end| end.at);
    let mut coming = actual.into_iter().peekable();
    for (position, mark) in marks.iter().enumerate() {
        while let Some(end) = coming.next_if(|end| end.is_before(mark)) {
            walk.end(end);
        }
        if walk.is_outdated(mark) {
            walk.course.outdated.push(position);
            continue;
        }
        if mark.by == By::Opening {
            walk.hear_opening(position, coming.peek().copied());
        }
        if let Some(state) = mark.state.filter(|state| state.is_final()) {
            walk.close(mark, state);
        } else if mark.reopens() {
            walk.reopen(position);
        }
        if kind == Kind::Maintenance {
            walk.hear_of_work(position);
        }
    }
    coming.for_each(|end| walk.end(end));
    walk.arrive()
}

/// An event on the way through what was said of it.
struct Walk<'w> {
    /// The event's first beginning, or the planned one.
    start: Moment,
    marks: &'w [Mark<'w>],
    /// In the order of telling.
    ends: &'w [End<'w>],
    /// When the present window begins.
    from: Moment,
    /// When the `start` was told that opened it again.
    begun_told: Option<Moment>,
    /// When work began early, or again, until it is put off.
    begun: Option<Moment>,
    over: Option<Over>,
    /// So far.
    course: Course,
}

impl Walk<'_> {
    /// Whether an `end` is one of the present window. From before the event was reopened it is none any more; what its own post opens may end
    /// in the same minute.
    fn is_ended_by(&self, end: &End<'_>) -> bool {
        self.course.windows.is_empty() || end.at > self.from || end.at == self.from && end.post.start == Some(self.from)
    }

    fn end(&mut self, end: &End<'_>) {
        if self.is_ended_by(end) {
            let told = self.over.map_or(end.told, |over| over.told.min(end.told));
            self.over = Some(Over { at: end.at, is_exact: true, told, said: self.over.and_then(|over| over.said) });
        }
    }

    /// What a later post knows to have begun after an `end` is not over because an update before it told of that end.
    fn is_outdated(&self, mark: &Mark<'_>) -> bool {
        let tells_of_earlier_end = || mark.post.end.is_some_and(|end| end <= self.from) && self.over.is_none();
        mark.is_final() && self.begun_told.is_some_and(|begun| mark.told() < begun) && tells_of_earlier_end()
    }

    /// An update says that it is over. Who says so once more does not change since when.
    fn close(&mut self, mark: &Mark<'_>, state: State) {
        let first = self.over.and_then(|over| over.said).map_or(mark.at, |said| said.first);
        self.over = Some(Over {
            at: self.over.map_or(mark.at, |over| over.at),
            is_exact: self.over.is_some_and(|over| over.is_exact),
            told: self.over.map_or(mark.at, |over| over.told.min(mark.at)),
            said: Some(Finals { first, last: mark.at, state }),
        });
    }

    /// The mark at a position says that it goes on: a new window, where it was over.
    fn reopen(&mut self, position: usize) {
        let mark = &self.marks[position];
        let is_after = |over: &mut Over| mark.by != By::Beginning || over.is_before(mark.at, mark.told());
        let Some(before) = self.over.take_if(is_after) else { return };
        self.course.reopenings.push(position);
        self.course.closings.push(before.closed());
        let mut since = self.marks[..=position].iter().rev().take_while(|mark| mark.at > before.known());
        if mark.change.is_empty() && since.all(|mark| mark.is_final() || mark.change.is_empty()) {
            self.course.restorings.push(position);
        }
        // A window that was cancelled, or closed before it began, has not been open: what is announced again is the one in the front
        // matter, or what is left of it.
        let was_open = !before.is_cancelled() && before.at >= self.from;
        if was_open {
            let until = self.until(Some(before), &self.marks[..position], self.planned(Some(before)));
            self.course.windows.push(Window { from: self.from, until });
        }
        self.begun_told = (mark.by == By::Beginning).then(|| mark.told());
        self.from = match was_open || mark.by == By::Beginning {
            true => mark.at,
            false if self.course.windows.is_empty() => mark.at.max(self.start),
            false => mark.at.max(self.from),
        };
    }

    /// A follow-up's opening, before it opens the event again, if it does; `next` is the `end` that comes next.
    fn hear_opening(&mut self, position: usize, next: Option<&End<'_>>) {
        let mark = &self.marks[position];
        // A post in the minute of the end that another says is behind it, though what it tells was said before.
        let in_its_minute = next.filter(|end| end.at == mark.at && end.nth < mark.nth && self.is_ended_by(end));
        let known = self.over.filter(|over| over.told <= mark.told()).map(|over| over.at);
        self.course.openings_after_end.extend(known.or(in_its_minute.map(|end| end.at)).map(|at| (position, at)));
    }

    /// Work may begin before its time, and be planned once more: then it lies ahead, whatever was done of it.
    fn hear_of_work(&mut self, position: usize) {
        let mark = &self.marks[position];
        if mark.state == Some(State::InProgress) && mark.at < self.from {
            self.from = mark.at;
            self.begun.get_or_insert(mark.at);
        }
        if mark.state == Some(State::Scheduled) && mark.at < self.start {
            if self.from < mark.at {
                self.course.windows.push(Window { from: self.from, until: Some(mark.at) });
            }
            if self.from <= mark.at {
                self.course.put_off = self.course.windows.len();
                self.from = self.start;
            }
            self.course.replannings.extend(self.begun.take().filter(|begun| *begun < mark.at).map(|begun| (position, begun)));
        }
    }

    /// The planned end of the present window, as it was told last before staff said that it is over: what is told later is planned for a
    /// window to come. Nothing where an actual one was told after it.
    fn planned(&self, over: Option<Over>) -> Option<Moment> {
        let told_by = over.map_or(Moment::MAX_UTC, Over::closed);
        let last = self.ends.iter().filter(|end| end.told <= told_by).max_by_key(|end| (end.told, end.nth));
        last.filter(|end| !end.is_actual && self.is_ended_by(end)).map(|end| end.at)
    }

    /// When the present window ends by what was heard: at the planned end, where nobody said an earlier one and it did not overrun.
    fn until(&self, over: Option<Over>, heard: &[Mark<'_>], planned: Option<Moment>) -> Option<Moment> {
        let at = over.map(|over| over.at);
        match planned {
            _ if over.is_some_and(|over| over.is_exact) => at,
            Some(planned) if !is_overrunning(over, heard, planned) => Some(at.map_or(planned, |at| at.min(planned))),
            _ => at,
        }
    }

    /// Closes the last window.
    fn arrive(mut self) -> Course {
        let planned = self.planned(self.over);
        self.course.planned = planned;
        self.course.is_overrunning = planned.is_some_and(|planned| is_overrunning(self.over, self.marks, planned));
        let until = self.until(self.over, self.marks, planned);
        self.course.windows.push(Window { from: self.from, until });
        self.course.closed = self.over.map(Over::closed);
        self.course.is_cancelled = self.over.is_some_and(Over::is_cancelled);
        self.course
    }
}

/// Whether there was news behind the planned end before anybody said that it is over.
fn is_overrunning(over: Option<Over>, heard: &[Mark<'_>], planned: Moment) -> bool {
    let is_late = |mark: &Mark<'_>| mark.is_news() && mark.at >= planned && !mark.is_final();
    heard.iter().any(|mark| is_late(mark) && over.is_none_or(|over| mark.at < over.at))
}
