//! The event that a thread would tell if its posts said something else, for whoever asks what a line in one of them does.

use std::borrow::Cow;

use super::of;
use crate::model::{Event, Moment, Post};

/// What the event of some posts would be if those that `instead` has another for said that.
pub fn what_if<'p>(posts: impl Iterator<Item = &'p Post>, now: Moment, instead: impl Fn(&Post) -> Option<Post>) -> Option<Event> {
    let posts: Vec<Cow<'_, Post>> = posts.map(|post| instead(post).map_or(Cow::Borrowed(post), Cow::Owned)).collect();
    of(&posts.iter().map(AsRef::as_ref).collect::<Vec<&Post>>(), now)
}
