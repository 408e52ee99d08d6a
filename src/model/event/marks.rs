//! What the posts of a thread say of their event and when: their updates and openings as marks, and their `end`.

use crate::model::moment::Moment;
use crate::model::post::{ImpactChange, Kind, Post, State};

/// What one update, or the front matter of a follow-up, says about the event.
#[derive(Clone, Copy)]
pub struct Mark<'a> {
    pub by: By,
    pub post: &'a Post,
    /// The position of the post among those that tell of the event.
    pub nth: usize,
    /// From when on it holds.
    pub at: Moment,
    pub state: Option<State>,
    pub change: &'a ImpactChange,
}

/// What says a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Update,
    /// A follow-up's opening: its servers take the place of those before.
    Opening,
    /// The `start` of a follow-up: it says that trouble began again, where the event was over then, and else nothing.
    Beginning,
}

impl Mark<'_> {
    /// When it was said.
    pub fn told(&self) -> Moment {
        if self.by == By::Beginning { self.post.date } else { self.at }
    }

    /// Whether it can be news of an event that goes on: not a postmortem, nor the front matter of a post that says when it ended.
    pub fn is_news(&self) -> bool {
        match self.by {
            By::Update => self.state != Some(State::Postmortem),
            By::Opening | By::Beginning => self.post.end.is_none_or(|end| end > self.post.date),
        }
    }

    pub fn is_final(&self) -> bool {
        self.state.is_some_and(State::is_final)
    }

    /// Whether it means that an event which was over is not.
    pub fn reopens(&self) -> bool {
        self.by == By::Beginning
            || self.is_news() && !self.is_final() && (self.state.is_some_and(State::reopens) || self.change.is_trouble())
    }
}

/// Everything that is said after the first post's front matter, in the order of time.
pub fn marks<'a>(kind: Kind, posts: &[&'a Post]) -> Vec<Mark<'a>> {
    let mut marks = Vec::new();
    for (nth, post) in posts.iter().enumerate() {
        if nth > 0 {
            let opening = Mark { by: By::Opening, post, nth, at: post.date, state: None, change: &post.impact };
            if let (Kind::Incident, Some(start)) = (kind, post.start) {
                marks.push(Mark { by: By::Beginning, at: start, ..opening });
            }
            marks.push(opening);
        }
        for update in post.updates.iter().filter(|update| !update.is_opening()) {
            marks.push(Mark { by: By::Update, post, nth, at: update.at, state: update.state, change: &update.change });
        }
    }
    marks.sort_by_key(|mark| mark.at);
    marks
}

/// `end` of the front matter.
#[derive(Clone, Copy)]
pub struct End<'a> {
    pub at: Moment,
    /// The post that says it, and its position.
    pub post: &'a Post,
    pub nth: usize,
    /// When it was said. What corrects an end was said when the end was: nothing that was told in between is news to it.
    pub told: Moment,
    /// Whether it says when the event ended; else when it is planned to.
    pub is_actual: bool,
}

impl End<'_> {
    /// Whether what is said comes after it. What is said in its minute was said before, but for trouble of which a later post tells.
    pub fn is_before(&self, mark: &Mark<'_>) -> bool {
        mark.at > self.at || mark.at == self.at && mark.nth > self.nth && mark.change.is_trouble()
    }
}
