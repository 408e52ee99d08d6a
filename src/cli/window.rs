//! A maintenance's window changed together with the update that says so: `signalpost update POST --end T TEXT`.

use super::args::Update;
use super::error::CommandError;
use super::posting::PostingSession;
use crate::findings::visible;
use crate::load::times::written;
use crate::model::{Event, Kind, Moment, Phase, Post, PostIx, State};

/// The state of the update that tells of the new window, since calendars take a changed window only with a state: the one that was named,
/// else the present one, which nobody reads as news of the work itself. An error where there is no such window to change; `at` is the
/// update's time.
pub fn state(args: &Update, named: Option<State>, post: PostIx, at: Moment, session: &PostingSession) -> Result<State, CommandError> {
    let site = &session.site;
    let title = visible(&site.posts[post].title);
    let thread = site.thread(post);
    let event = match (thread.kind, &thread.event) {
        (Kind::Maintenance, Some(event)) => event,
        (Kind::Maintenance, None) => return Err(CommandError::usage(format!("`{title}` is withdrawn: it has no window"))),
        (Kind::Incident, _) => {
            let message = format!("`{title}` is an incident: only a maintenance has a window that is planned");
            return Err(CommandError::usage(message).hint("to say that it is over: signalpost resolve POST TEXT"));
        }
        (Kind::Notice, _) => return Err(CommandError::usage(format!("`{title}` is a notice: it has no window"))),
    };
    if let Some(ends) = named.filter(|state| state.is_final() || *state == State::Postmortem) {
        let message = format!("`{}` ends the work, and `--start` and `--end` say when it is planned", ends.word());
        return Err(CommandError::usage(message).hint("leave one of them out; `signalpost resolve` sets `end` to now"));
    }
    let is_announced_again = event.phase == Phase::Cancelled && named.is_some_and(State::reopens);
    if event.phase.is_over() && !is_announced_again {
        let error = CommandError::usage(format!("`{title}` is over already ({})", event.phase.word()));
        return Err(error.hint(match event.phase {
            Phase::Cancelled => "to announce it again: signalpost update POST scheduled --start T --end T TEXT",
            _ => "to plan more work: signalpost new maintenance TITLE",
        }));
    }
    if let Some(start) = args.start {
        check_start(start, &title, event, at)?;
    }
    if let Some(end) = args.end.filter(|end| *end <= at) {
        let message = format!("`--end` is when the work is planned to end, and {} is not later than now ({})", written(end), written(at));
        return Err(CommandError::usage(message).hint("to say that it is done: signalpost resolve POST TEXT"));
    }
    check_place(args, post, session)?;
    Ok(named.unwrap_or(match (event.phase, event.state) {
        (Phase::Scheduled, _) => State::Scheduled,
        (_, Some(State::Verifying)) => State::Verifying,
        _ => State::InProgress,
    }))
}

fn check_start(start: Moment, title: &str, event: &Event, at: Moment) -> Result<(), CommandError> {
    if !matches!(event.phase, Phase::Scheduled | Phase::Cancelled) {
        let message = format!("`{title}` has begun at {}: its start stays", written(event.start));
        return Err(CommandError::usage(message).hint("`--end` alone changes when it is planned to end"));
    }
    if start <= at {
        let message = format!("`--start` is when the work will begin, and {} is not later than now ({})", written(start), written(at));
        return Err(CommandError::usage(message).hint("to say that it has begun: signalpost update POST in-progress TEXT"));
    }
    Ok(())
}

/// A thread has one window, from the first `start` to the last `end` in its posts: elsewhere they would change nothing.
fn check_place(args: &Update, post: PostIx, session: &PostingSession) -> Result<(), CommandError> {
    let site = &session.site;
    let posts = &site.thread(post).posts;
    let own = posts.iter().position(|other| *other == post).unwrap_or(0);
    let is_said = |(posts, has): (&[PostIx], fn(&Post) -> bool)| {
        posts.iter().map(|post| &site.posts[*post]).find(|post| !post.withdrawn && has(post))
    };
    let elsewhere = [
        args.start.and_then(|_| Some(("start", is_said((&posts[..own], |post| post.start.is_some()))?))),
        args.end.and_then(|_| Some(("end", is_said((&posts[own + 1..], |post| post.end.is_some()))?))),
    ];
    match elsewhere.into_iter().flatten().next() {
        Some((key, other)) => {
            let message = format!("the `{key}` of this maintenance stands in another post of its thread");
            Err(CommandError::usage(message).hint(format!("name that one: {}", other.path)))
        }
        None => Ok(()),
    }
}
