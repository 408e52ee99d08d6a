//! What a status page says of single servers through an event, as the impacts of a post and of its updates.

use std::collections::BTreeMap;

use super::exported_event::is_end;
use super::{Affected, StatedEvent};
use crate::authoring::PostFile;
use crate::model::{Impact, Kind, State};

/// Puts the changes into a post that has its servers and updates already, and gives what there is to tell of it. `server` is the id of
/// the server that a component is.
///
/// Where no update ever says that a component was worse than operational, the page did not keep their states, and the impact of the
/// whole event stays. An update that ends the event, or comes after its end, changes no server: an impact there would open it again.
pub(super) fn take_over(stated: &StatedEvent, file: &mut PostFile, server: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    let all = || stated.affected.iter().chain(stated.updates.iter().flat_map(|update| &update.affected));
    if file.kind == Kind::Notice || all().all(|affected| affected.impact == Impact::None) {
        return None;
    }
    let is_work = file.kind == Kind::Maintenance;
    // Planned work inside an incident is a matter of a post of its own.
    let is_taken = |affected: &&Affected| is_work || affected.impact != Impact::Maintenance;
    let taken = |list: &[Affected]| -> Vec<(String, Impact)> {
        list.iter().filter(is_taken).filter_map(|affected| Some((server(&affected.component)?, affected.impact))).collect()
    };
    let default = file.impact.unwrap_or(if is_work { Impact::Maintenance } else { Impact::Degraded });
    let mut now: BTreeMap<String, Impact> = file.servers.iter().map(|id| (id.clone(), default)).collect();
    // Work is announced before it begins: how the servers are then is not what it will do to them.
    if !is_work {
        now.extend(taken(&stated.affected));
        set_opening(file, &now, default);
    }
    for (update, written) in stated.updates.iter().zip(&mut file.updates) {
        if is_end(update) || file.end.is_some_and(|end| !is_work && update.at >= end) {
            break;
        }
        if update.state == Some(State::Scheduled) {
            continue;
        }
        for (server, impact) in taken(&update.affected) {
            if now.insert(server.clone(), impact) != Some(impact) {
                written.impacts.retain(|(other, _)| *other != server);
                written.impacts.push((server, impact));
            }
        }
    }
    all().any(|affected| !is_taken(&affected)).then_some("a component is under maintenance in an incident: this is left out")
}

/// One impact for all servers where they agree.
fn set_opening(file: &mut PostFile, now: &BTreeMap<String, Impact>, default: Impact) {
    match now.values().next() {
        Some(first) if now.values().all(|impact| impact == first) => {
            if *first != default {
                file.impact = Some(*first);
            }
        }
        _ => file.impacts = file.servers.iter().filter_map(|id| Some((id.clone(), *now.get(id)?))).collect(),
    }
}
