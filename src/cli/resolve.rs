//! `signalpost resolve`

use std::io::IsTerminal;

use super::args::{Global, Resolve};
use super::error::CommandError;
use super::posting::PostingSession;
use super::terminal::Terminal;
use super::update::End;
use super::{find_post, update};
use crate::authoring::NewUpdate;
use crate::model::{Kind, Phase, PostIx, State};

pub fn run(global: &Global, args: &Resolve, terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut session = PostingSession::open(global, args.now, terminal)?;
    let post = find_post::find(args.post.as_deref(), is_begun, &session, terminal)?;
    // Before a person types.
    final_state(post, &session)?;
    let path = session.site.posts[post].path.clone();
    let text = match args.words.join(" ") {
        text if text.is_empty() && !args.edit && !std::io::stdin().is_terminal() => terminal.read_text()?,
        text => text,
    };
    let lock = session.lock_and_refresh(terminal)?;
    let post = find_post::again(&path, &session, terminal)?;
    // Asked again: another may have ended it meanwhile.
    let state = final_state(post, &session)?;
    let at = update::stamp_for(post, &session);
    let update = NewUpdate { at, state: Some(state), impacts: &[], text: &text, is_apart: false };
    // A window that is over ended as it was planned, however late somebody says so.
    let is_window_over = session.site.thread(post).event.as_ref().is_some_and(|event| event.phase == Phase::WindowOver);
    // Work that began early may be done before its `start`: then the update alone says when it ended.
    let is_before_start = session.site.posts[post].start.is_some_and(|start| at < start);
    let end = if is_window_over || is_before_start { End::Keep } else { End::Set(at) };
    update::append(&update, None, end, &path, &session, terminal)?;
    drop(lock);
    session.done(&path, at, args.edit, terminal)
}

/// Whether there is something to end.
fn is_begun(phase: Phase) -> bool {
    !phase.is_over() && phase != Phase::Scheduled
}

/// The state that ends a post's event; an error where there is nothing to end.
fn final_state(post: PostIx, session: &PostingSession) -> Result<State, CommandError> {
    let title = &session.site.posts[post].title;
    let thread = session.site.thread(post);
    let state = match thread.kind {
        Kind::Incident => State::Resolved,
        Kind::Maintenance => State::Completed,
        Kind::Notice => {
            return Err(CommandError::usage(format!("`{title}` is a notice: it has no end")).hint("`signalpost update` adds to it"));
        }
    };
    match thread.event.as_ref().map(|event| event.phase) {
        Some(Phase::Scheduled) => {
            let hint = "to call it off: signalpost update POST cancelled TEXT";
            Err(CommandError::usage(format!("`{title}` has not begun")).hint(hint))
        }
        Some(phase) if phase.is_over() => {
            let hint = "to add to it: signalpost update POST TEXT";
            Err(CommandError::usage(format!("`{title}` is over already ({})", phase.word())).hint(hint))
        }
        Some(_) => Ok(state),
        None => Err(CommandError::usage(format!("`{title}` was withdrawn: there is nothing to end"))),
    }
}
