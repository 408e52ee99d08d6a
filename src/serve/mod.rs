//! A preview of the site on this machine, built again at every change.
//!
//! In: a project and the caller's [`Hooks`]. Out: answers on a loopback address, from the same outputs that a build would
//! write, each made when it is first asked for. Errors are shown over the last good site. Never writes a file, never
//! builds in a way of its own, never answers to another machine or to another site's pages.

pub mod alarm;
mod answer;
mod browser;
mod http;
mod overlay;
mod preview;
mod request;
mod rules;
#[expect(clippy::disallowed_methods, reason = "it asks which folders are there to be watched")]
pub mod watch;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::findings::Findings;
use crate::project::{Changes, Project};
use crate::source::Sources;
use crate::{Memo, Now, Options};
use alarm::Alarm;
use preview::Preview;
use watch::Watcher;

/// What is previewed, and where.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// 0 takes a free one.
    pub port: u16,
    pub drafts: bool,
    /// Looks at the files every second, for file systems that tell no changes.
    pub poll: bool,
    /// Opens the browser.
    pub open: bool,
}

/// What a preview asks of its caller, and tells.
pub trait Hooks {
    /// The moment of the build that begins.
    fn now(&self) -> Now;
    /// The preview answers at this address.
    fn ready(&mut self, url: &str);
    /// A build is done.
    fn built(&mut self, report: &Report<'_>);
    /// Something that a person wants to know: that changes are looked for every second, say.
    fn notice(&mut self, words: &str);
}

/// One build of a preview.
pub struct Report<'a> {
    /// What made it necessary; everything is added at first.
    pub changes: &'a Changes,
    pub findings: &'a Findings,
    pub sources: &'a Sources,
    pub shown: Shown,
    pub elapsed: Duration,
}

/// What a preview shows after a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    ThisBuild,
    /// With this one's errors over it.
    LastGood,
    /// The errors alone: no build was good yet.
    Errors,
}

/// How long an error must last before it is shown: an editor that writes in place leaves half a file for an instant.
const SETTLING: Duration = Duration::from_millis(60);

/// Previews a site until the program is ended. Returns only where it cannot begin.
pub fn run(project: Project, options: &ServeOptions, mut hooks: impl Hooks) -> Result<(), Failure> {
    let listener = listen(options.port)?;
    let address = listener.local_addr().map_err(|error| Failure::system("listen on this machine", error))?;
    let mut watcher = Watcher::start(&project.named, options.poll);
    let preview = Preview::default();
    let mut builder = Builder { project, memo: Memo::default(), options: options.clone(), preview: preview.clone(), alarm: None };
    let first = Changes { added: builder.project.sources.files.keys().cloned().collect(), ..Changes::default() };
    builder.build(&first, &mut hooks);
    http::start(listener, preview.clone()).map_err(|error| Failure::system("answer on this machine", error))?;
    let url = format!("http://localhost:{}{}/", address.port(), preview.base_path());
    hooks.ready(&url);
    if let Some(words) = watcher.notice() {
        hooks.notice(words);
    }
    if options.open
        && let Err(error) = browser::open(&url)
    {
        hooks.notice(&format!("no browser could be opened: {error}"));
    }
    loop {
        builder.after(&mut watcher, &mut hooks);
    }
}

fn listen(port: u16) -> Result<TcpListener, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).map_err(|error| {
        let kind = error.kind();
        let failure = Failure::system(format!("listen on port {port}"), error);
        match kind {
            ErrorKind::AddrInUse => {
                failure.help(format!("another program uses it; `--port {}` or `--port 0` takes another", port.saturating_add(1)))
            }
            ErrorKind::PermissionDenied => failure.help("the low ports are the administrator's; `--port 0` takes a free one"),
            _ => failure,
        }
    })
}

/// Builds the site again and again.
struct Builder {
    project: Project,
    memo: Memo,
    options: ServeOptions,
    preview: Preview,
    alarm: Option<Alarm>,
}

impl Builder {
    /// Waits for a change, or for the moment at which the site changes by itself.
    fn after(&mut self, watcher: &mut Watcher, hooks: &mut impl Hooks) {
        let alarm = &mut self.alarm;
        let Some(changed) = watcher.until(|| alarm.as_mut().is_some_and(|alarm| alarm.rings(hooks.now().moment(), Instant::now()))) else {
            // Events are no more than hints: everything is looked at.
            let changes = self.project.refresh().unwrap_or_else(|failure| {
                hooks.notice(&failure.to_string());
                Changes::default()
            });
            return self.build(&changes, hooks);
        };
        match changed.refresh(&mut self.project) {
            Ok(changes) if changes.is_empty() => {}
            Ok(changes) => self.settle(changes, watcher, hooks),
            Err(failure) => hooks.notice(&failure.to_string()),
        }
    }

    /// Builds; where that finds an error, gives the one who saves a moment to finish.
    fn settle(&mut self, mut changes: Changes, watcher: &mut Watcher, hooks: &mut impl Hooks) {
        let started = Instant::now();
        let now = hooks.now();
        let (prepared, findings) = self.prepare(now);
        if findings.has_errors()
            && let Some(changed) = watcher.within(SETTLING)
            && let Ok(more) = changed.refresh(&mut self.project)
            && !more.is_empty()
        {
            changes.absorb(more);
            return self.build(&changes, hooks);
        }
        self.show(now, prepared, findings, &changes, started, hooks);
    }

    fn build(&mut self, changes: &Changes, hooks: &mut impl Hooks) {
        let started = Instant::now();
        let now = hooks.now();
        let (prepared, findings) = self.prepare(now);
        self.show(now, prepared, findings, changes, started, hooks);
    }

    fn prepare(&mut self, now: Now) -> (Option<crate::Prepared>, Findings) {
        let options = Options { now, drafts: self.options.drafts, base_url: None };
        crate::prepare_with(&mut self.memo, &self.project.sources, &options)
    }

    fn show(
        &mut self,
        now: Now,
        prepared: Option<crate::Prepared>,
        findings: Findings,
        changes: &Changes,
        started: Instant,
        hooks: &mut impl Hooks,
    ) {
        self.alarm = Alarm::set(now, started, prepared.as_ref().and_then(|prepared| prepared.plan.site.glance.next_change), None);
        self.preview.show(prepared, &findings, &self.project.sources);
        let shown = self.preview.shown().what();
        hooks.built(&Report { changes, findings: &findings, sources: &self.project.sources, shown, elapsed: started.elapsed() });
    }
}

#[cfg(test)]
mod tests;
