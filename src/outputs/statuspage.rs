//! What the outputs in the shape of Atlassian Statuspage share: the text of an update, and the words that the original writes by itself,
//! which stay English.

use crate::model::{Kind, Post, Site, State, Update, escape};

/// What is said where an event comes to a state that no update tells.
pub fn untold(kind: Kind, state: State) -> &'static str {
    match (kind, state.is_over()) {
        (Kind::Maintenance, true) => "The scheduled maintenance has been completed.",
        (Kind::Maintenance, false) => "The scheduled maintenance goes on.",
        (_, true) => "This incident has been resolved.",
        (_, false) => "This incident has been reopened.",
    }
}

/// An update's text as HTML with full URLs, below its own heading where it has one. `first` is the post that the event has its name from.
pub fn text(site: &Site, first: &Post, post: &Post, update: &Update) -> String {
    let base = site.base();
    let text = update.html.with_prefix(&format!("{}{}", base.origin, base.path), &base.absolute(&post.address));
    // A follow-up's title would be lost: the incident has the first post's.
    let follow_up = (update.is_opening() && post.id != first.id).then_some(&post.title);
    match update.title.as_ref().or(follow_up) {
        Some(title) => format!("<p><strong>{}</strong></p>\n{text}", escape(title.as_str())),
        None => text.into_owned(),
    }
}
