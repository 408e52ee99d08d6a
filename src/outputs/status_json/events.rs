//! Threads as events of the document.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::shape::{Event, Latest, PhaseChange};
use crate::model::{Site, ThreadIx};

/// How much of the newest update's text is told.
const TEXT_LIMIT: usize = 300;

/// The events that hold or are planned, made once: each stands in the documents of all its servers.
#[derive(Default)]
pub struct Events {
    made: OnceLock<HashMap<ThreadIx, Arc<Event>>>,
}

impl Events {
    /// Those of some threads, in their order.
    pub fn of<'t>(&self, site: &Site, threads: impl IntoIterator<Item = &'t ThreadIx>) -> Vec<Arc<Event>> {
        let made = self.made.get_or_init(|| {
            let threads = site.glance.active.iter().chain(&site.glance.planned);
            threads.filter_map(|thread| Some((*thread, Arc::new(event(site, *thread)?)))).collect()
        });
        threads.into_iter().filter_map(|thread| made.get(thread).cloned()).collect()
    }
}

/// `None` for a thread without an event.
fn event(site: &Site, thread: ThreadIx) -> Option<Event> {
    let thread = &site.threads[thread];
    let event = thread.event.as_ref()?;
    let first = site.title_post(thread);
    let told = site.standing_updates(thread).next_back();
    let (post, update) = told.map(|(post, update)| (&site.posts[post], &site.posts[post].updates[update]))?;
    Some(Event {
        id: site.id_of(thread).to_owned(),
        kind: event.kind,
        title: first.title.clone(),
        url: site.base().absolute(&first.address),
        phase: event.phase.word().to_owned(),
        state: event.state,
        impact: event.worst_impact(),
        servers: event.servers_at(site.now).into_iter().map(|server| site.servers[server].id.to_string()).collect(),
        start: event.start,
        end: event.end,
        next: event.next_phases().into_iter().map(|(at, phase)| PhaseChange { at, phase: phase.word().to_owned() }).collect(),
        latest: Latest {
            at: update.at,
            url: format!("{}#{}", site.base().absolute(&post.address), update.anchor()),
            text: update.html.first_words(TEXT_LIMIT),
        },
    })
}
