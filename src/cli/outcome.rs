//! What holds after a post was written, in a line: whoever writes at 3 a.m. sees whether it did what was meant.

use crate::findings::visible;
use crate::load::times::written;
use crate::model::{Event, Phase, ServerIx, Site, State, Status, ThreadIx};

/// `` `Mail is slow` is ongoing (monitoring); NC023: degraded ``; `None` for what has no effect on status, and what is not published.
pub fn of_post(path: &str, site: &Site) -> Option<String> {
    let post = site.post_of_file(path)?;
    let thread = site.thread_of[post];
    let event = site.threads[thread].event.as_ref()?;
    let mut line = format!("`{}` is {}", title(thread, site), course(event));
    let servers = &site.threads[thread].servers;
    for (position, server) in worst_first(servers, site).iter().take(MOST_SERVERS).enumerate() {
        line.push_str(if position == 0 { "; " } else { ", " });
        line.push_str(&status(*server, thread, site));
    }
    if let Some(more) = servers.len().checked_sub(MOST_SERVERS).filter(|more| *more > 0) {
        line.push_str(&format!(" and {more} more servers"));
    }
    Some(line)
}

/// More than these nobody reads in a line.
const MOST_SERVERS: usize = 12;

/// In their order where there is room for all, else those with the most trouble first.
fn worst_first(servers: &[ServerIx], site: &Site) -> Vec<ServerIx> {
    let mut servers = servers.to_vec();
    if servers.len() > MOST_SERVERS {
        servers.sort_by_key(|server| std::cmp::Reverse(site.glance.servers[*server].status.impact()));
    }
    servers
}

fn title(thread: ThreadIx, site: &Site) -> String {
    visible(&site.title_post(&site.threads[thread]).title)
}

/// Where the event stands, and the window of planned work that is not over.
fn course(event: &Event) -> String {
    let phase = event.phase.word().replace('-', " ");
    match (event.phase, event.end, event.state) {
        (Phase::Scheduled, Some(end), _) => format!("{phase} from {} to {}", written(event.start), written(end)),
        (Phase::Scheduled, None, _) => format!("{phase} from {}", written(event.start)),
        (Phase::InProgress, Some(end), _) => format!("{phase} until {}", written(end)),
        (Phase::Ongoing, _, Some(state)) if state != State::Update => format!("{phase} ({})", state.word()),
        (Phase::WindowOver, ..) => "past its window".to_owned(),
        _ => phase,
    }
}

/// A server's status, and where another event is behind it, that one's title.
fn status(server: ServerIx, thread: ThreadIx, site: &Site) -> String {
    let now = &site.glance.servers[server];
    let status = format!("{}: {}", visible(&site.servers[server].name), now.status.word());
    match now.causes.first() {
        Some(&cause) if now.status != Status::Operational && !now.causes.contains(&thread) => {
            format!("{status} because of `{}`", title(cause, site))
        }
        _ => status,
    }
}
