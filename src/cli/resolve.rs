//! `signalpost resolve`

use std::io::IsTerminal;

use super::args::{Global, Resolve};
use super::error::CommandError;
use super::posting::PostingSession;
use super::terminal::Terminal;
use super::{find_post, update};
use crate::authoring::{Change, NoEnd, ending};
use crate::load::times::written;
use crate::model::{Moment, PostIx};

pub fn run(global: &Global, args: &Resolve, terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut session = PostingSession::open(global, args.writing.now, terminal)?;
    let post = find_post::find(args.post.as_deref(), find_post::is_begun, &mut session, terminal)?;
    let ended = |post, at, session: &PostingSession| ended(args.end, post, at, session);
    // Before a person types.
    ended(post, session.now, &session)?;
    let path = session.site.posts[post].path.clone();
    let text = match args.words.join(" ") {
        text if text == "-" || text.is_empty() && !args.writing.edit && !std::io::stdin().is_terminal() => terminal.read_text()?,
        text => text,
    };
    update::add(&path, &text, &[], ended, args.writing.edit, &mut session, terminal)
}

/// What the update changes beside its text; an error where there is nothing to end, or not in this post.
fn ended(over: Option<Moment>, post: PostIx, at: Moment, session: &PostingSession) -> Result<Change, CommandError> {
    let title = &session.site.posts[post].title;
    let change = ending(&session.site, post, at, over).map_err(|why| match why {
        NoEnd::Notice => CommandError::usage(format!("`{title}` is a notice: it has no end")).hint("`signalpost update` adds to it"),
        NoEnd::Withdrawn => CommandError::usage(format!("`{title}` was withdrawn: there is nothing to end")),
        NoEnd::NotBegun => {
            CommandError::usage(format!("`{title}` has not begun")).hint("to call it off: signalpost update POST cancelled TEXT")
        }
        NoEnd::Over(phase) => {
            let error = CommandError::usage(format!("`{title}` is over already ({})", phase.word()));
            error.hint("to add to it: signalpost update POST TEXT")
        }
        NoEnd::BeforeStart(start) => CommandError::usage(format!("`{title}` began at {}: `--end` is later than that", written(start))),
        NoEnd::Ahead => CommandError::usage(format!("`--end` is when it was over, and that is later than now ({})", written(at)))
            .hint("leave `--end` out, if it is over now"),
        NoEnd::AfterEnd(end) => {
            CommandError::usage(format!("`{title}` was over at {} and began again: its `end` says the former", written(end)))
                .hint("leave `--end` out: it is over then when the update says so")
        }
        NoEnd::Elsewhere(other) => CommandError::usage(format!("the `end` of `{title}` stands in another post of its thread"))
            .hint(format!("name that one: {}", session.site.posts[other].path)),
    })?;
    find_post::check_heard(post, true, &session.site)?;
    Ok(change)
}
