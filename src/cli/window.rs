//! What is said where `signalpost update POST --start T --end T TEXT` finds no window to change.

use std::collections::BTreeMap;

use super::error::CommandError;
use crate::authoring::NoWindow;
use crate::checks::record::minutes_of;
use crate::model::timeline::Timeline;
use crate::model::{Event, Impact, Moment, Phase, ServerIx, Site, rfc3339};

/// What is left of work that was begun has a post of its own.
const REST: &str = "and announce the rest: signalpost new maintenance TITLE --start T --end T";

/// Refuses to put work off where that would take trouble out of the record: of what had begun by its `start`, nothing but the trouble shows.
pub fn check_put_off(before: &Event, after: Option<&Event>, title: &str, at: Moment) -> Result<(), CommandError> {
    if minutes(before, at) <= after.map_or(0, |after| minutes(after, at)) {
        return Ok(());
    }
    let trouble = minutes_of(&Timeline::trouble_of(before, at));
    let message = format!("in the window of `{title}` there was trouble, and a new one would take {trouble} out of the record");
    Err(CommandError::usage(message).hint(format!("say that it is done for now: signalpost resolve POST TEXT; {REST}")))
}

/// Refuses to put work off that would touch servers otherwise than it was planned to: what an update in its window said of them, while nobody
/// said that it was in progress, reads like a plan behind the new `start`.
pub fn check_plan(before: &Event, after: Option<&Event>, site: &Site) -> Result<(), CommandError> {
    let planned = |event: &Event| -> BTreeMap<ServerIx, Impact> {
        event.impact_windows.iter().filter(|held| held.window.holds(event.start)).map(|held| (held.server, held.impact)).collect()
    };
    let (was, will) = (planned(before), after.map(planned).unwrap_or_default());
    let Some((server, impact)) = was.iter().find(|(server, impact)| will.get(server) != Some(impact)) else { return Ok(()) };
    let (id, word) = (&site.servers[*server].id, impact.word());
    let message = format!(
        "`{id}` was planned to be `{word}`, and an update since then says something else of it, which would hold for the new window"
    );
    Err(CommandError::usage(message).hint(format!("say what is planned now, for example: --impact {id}={word}")))
}

/// Of trouble.
fn minutes(event: &Event, until: Moment) -> i64 {
    Timeline::trouble_of(event, until).iter().map(|(_, minutes)| minutes).sum()
}

/// `title` is the post's, and `at` the update's time.
pub fn refused(why: NoWindow, title: &str, at: Moment) -> CommandError {
    match why {
        NoWindow::Withdrawn => CommandError::usage(format!("`{title}` is withdrawn: it has no window")),
        NoWindow::Notice => CommandError::usage(format!("`{title}` is a notice: it has no window")),
        NoWindow::Incident => {
            let message = format!("`{title}` is an incident: only a maintenance has a window that is planned");
            CommandError::usage(message).hint("to say that it is over, and since when: signalpost resolve POST --end T TEXT")
        }
        NoWindow::StateEnds(state) => {
            let message = format!("`{}` ends the work, and `--start` and `--end` say when it is planned", state.word());
            CommandError::usage(message).hint("leave one of them out; to say when it was over: signalpost resolve POST --end T TEXT")
        }
        NoWindow::NotBegun(state) => {
            let message = format!("`{title}` has not begun, and `{}` ends what has", state.word());
            CommandError::usage(message)
                .hint("to call it off: signalpost update POST cancelled TEXT; where it was done early, say in-progress before that it ends")
        }
        NoWindow::Over(phase) => CommandError::usage(format!("`{title}` is over already ({})", phase.word())).hint(match phase {
            Phase::Cancelled => "to announce it again: signalpost update POST scheduled --start T --end T TEXT",
            _ => "to plan more work: signalpost new maintenance TITLE",
        }),
        NoWindow::WindowOver(end) => CommandError::usage(format!("the window of `{title}` was over at {}", rfc3339(end)))
            .hint(format!("say how it went: signalpost resolve POST TEXT; {REST}")),
        NoWindow::HasBegun(start) => {
            let message = format!("`{title}` has begun at {}: its start stays", rfc3339(start));
            CommandError::usage(message).hint(
                "`--end` alone changes when it is planned to end; to put the work off: signalpost update POST scheduled --start T --end T TEXT",
            )
        }
        NoWindow::StartIsPast(start) => {
            let message = format!("`--start` is when the work will begin, and {} is not later than now ({})", rfc3339(start), rfc3339(at));
            CommandError::usage(message).hint("to say that it has begun: signalpost update POST in-progress TEXT")
        }
        NoWindow::EndIsPast(end) => {
            let message =
                format!("`--end` is when the work is planned to end, and {} is not later than now ({})", rfc3339(end), rfc3339(at));
            CommandError::usage(message).hint("to say that it is done: signalpost resolve POST TEXT")
        }
        NoWindow::OfTimeBefore(end) => {
            let message = format!("`{title}` was over at {} and began again: its `end` says the former", rfc3339(end));
            CommandError::usage(message).hint("say in a follow-up until when the work goes on: a post with `follows` and `end`")
        }
        NoWindow::Elsewhere { key, path } => {
            let message = format!("the `{key}` of this maintenance stands in another post of its thread");
            CommandError::usage(message).hint(format!("name that one: {path}"))
        }
    }
}
