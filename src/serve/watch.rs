//! Waiting for changes below a site's root, however they come about: a file written in place, renamed over another,
//! deleted and made again, four hundred at once, a checkout.
//!
//! The system's events are hints of where to look and nothing more: what they miss (files in folders that are new,
//! events that were lost) a look at everything finds a moment later. Where the system tells nothing, everything is
//! looked at every second. Whether the root is still the same folder no event tells: that is looked at every second, too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::failure::Failure;
use crate::project::{Changes, FOLDERS, Project, Root, is_source};

/// Events that follow each other this closely belong together.
const QUIET: Duration = Duration::from_millis(5);
/// But after so long a storm something is shown.
const PATIENCE: Duration = Duration::from_millis(250);
/// When everything is looked at after the last event.
const AFTERWARDS: Duration = Duration::from_millis(300);
/// How often everything is looked at where the system tells nothing, and the root in any case.
const POLLING: Duration = Duration::from_secs(1);

/// Watches a site's sources.
pub struct Watcher {
    root: Root,
    /// None where everything is looked at every second.
    events: Option<Events>,
    notice: Option<String>,
    /// When everything is to be looked at.
    look_at: Option<Instant>,
}

struct Events {
    watcher: RecommendedWatcher,
    receiver: Receiver<notify::Result<Event>>,
}

/// The paths where something may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedPaths {
    /// At and below these absolute paths.
    Some(BTreeSet<PathBuf>),
    All,
}

impl ChangedPaths {
    /// Reads again what changed there.
    pub fn refresh(&self, project: &mut Project) -> Result<Changes, Failure> {
        match self {
            ChangedPaths::Some(changed) => Ok(project.refresh_at(changed.iter().map(PathBuf::as_path))),
            ChangedPaths::All => project.refresh(),
        }
    }

    /// Adds an event's paths; whether it has any that matter.
    fn note(&mut self, event: notify::Result<Event>, root: &Path) -> bool {
        let event = match event {
            Ok(event) if !event.need_rescan() => event,
            _ => {
                *self = ChangedPaths::All;
                return true;
            }
        };
        // On Linux even opening a file for reading is an event, and our own reading would wake us for ever.
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        let mut sources = event.paths.into_iter().filter(|place| is_source(root, place)).peekable();
        let matters = sources.peek().is_some();
        if let ChangedPaths::Some(changed) = self {
            changed.extend(sources);
        }
        matters
    }
}

impl Watcher {
    /// Watches below `root`. Where that cannot be done, or `poll` asks for it, it looks at everything every second.
    pub fn start(root: &Root, poll: bool) -> Watcher {
        let mut watcher = Watcher { root: root.clone(), events: None, notice: None, look_at: None };
        if poll {
            return watcher;
        }
        match Events::start(root.place()) {
            Ok(events) => watcher.events = Some(events),
            Err(error) => watcher.notice = Some(format!("the system cannot watch this folder ({error}): looking for changes every second")),
        }
        watcher
    }

    /// What a person should know of how changes are found.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Waits for the next changes, or for `timeout`; then there are none.
    pub fn within(&mut self, timeout: Duration) -> Option<ChangedPaths> {
        self.next(Instant::now().checked_add(timeout), || false)
    }

    /// Waits for the next changes, or until `is_due`, which is asked every second; then there are none.
    pub fn until(&mut self, is_due: impl FnMut() -> bool) -> Option<ChangedPaths> {
        self.next(None, is_due)
    }

    fn next(&mut self, deadline: Option<Instant>, mut is_due: impl FnMut() -> bool) -> Option<ChangedPaths> {
        loop {
            if is_due() {
                return None;
            }
            if self.events.is_none() {
                self.look_at.get_or_insert_with(|| Instant::now() + POLLING);
            }
            let wait = [deadline, self.look_at].into_iter().flatten().min().map(|at| at.saturating_duration_since(Instant::now()));
            let wait = wait.map_or(POLLING, |wait| wait.min(POLLING));
            let event = match &self.events {
                Some(events) => events.receiver.recv_timeout(wait),
                None => {
                    std::thread::sleep(wait);
                    Err(RecvTimeoutError::Timeout)
                }
            };
            match event {
                Ok(event) => {
                    if let Some(changed) = self.collect(event) {
                        return Some(changed);
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.root.look_again() => {
                    // Those of the old folder are of no use.
                    self.events = self.events.take().and_then(|_| Events::start(self.root.place()).ok());
                    self.look_at = Some(Instant::now() + AFTERWARDS);
                    return Some(ChangedPaths::All);
                }
                Err(RecvTimeoutError::Timeout) if self.look_at.is_some_and(|at| at <= Instant::now()) => {
                    self.look_at = None;
                    return Some(ChangedPaths::All);
                }
                Err(RecvTimeoutError::Timeout) if deadline.is_some_and(|at| at <= Instant::now()) => return None,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => self.events = None,
            }
        }
    }

    /// Waits until the events that follow have gone quiet; `None` where none of them matters.
    fn collect(&mut self, first: notify::Result<Event>) -> Option<ChangedPaths> {
        let events = self.events.as_mut()?;
        let mut changed = ChangedPaths::Some(BTreeSet::new());
        let mut matters = changed.note(first, self.root.place());
        while let Ok(event) = events.receiver.try_recv() {
            matters |= changed.note(event, self.root.place());
        }
        if !matters {
            return None; // somebody reads, or the output was written
        }
        let latest = Instant::now() + PATIENCE;
        let mut quiet = Instant::now() + QUIET;
        while let Ok(event) = events.receiver.recv_timeout(quiet.min(latest).saturating_duration_since(Instant::now())) {
            if changed.note(event, self.root.place()) {
                quiet = Instant::now() + QUIET;
            }
        }
        events.watch_new(self.root.place(), &changed);
        self.look_at = Some(Instant::now() + AFTERWARDS);
        Some(changed)
    }
}

impl Events {
    fn start(root: &Path) -> notify::Result<Events> {
        let (sender, receiver) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        watcher.watch(root, RecursiveMode::NonRecursive)?;
        for folder in FOLDERS.map(|folder| root.join(folder)).iter().filter(|folder| folder.is_dir()) {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
        Ok(Events { watcher, receiver })
    }

    /// Watches folders that are new or there again. Once something is watched, a failure to watch more costs no more than
    /// what the look afterwards makes good.
    fn watch_new(&mut self, root: &Path, changed: &ChangedPaths) {
        let top = FOLDERS.map(|folder| root.join(folder));
        let folders: Vec<&PathBuf> = match changed {
            ChangedPaths::Some(changed) => changed.iter().filter(|place| place.is_dir()).collect(),
            ChangedPaths::All => top.iter().filter(|place| place.is_dir()).collect(),
        };
        for folder in folders {
            let _ = self.watcher.watch(folder, RecursiveMode::Recursive);
        }
    }
}

#[cfg(test)]
mod tests;
