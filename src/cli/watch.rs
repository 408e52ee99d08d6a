//! `signalpost watch`: a build at every change of a file, and at every moment at which the site changes by itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::args::{Global, Watch};
use super::error::CommandError;
use super::terminal::Terminal;
use super::{build, moment, site};
use crate::Options;
use crate::failure::{Failure, Why, at};
use crate::findings::{Format, visible};
use crate::load::Memo;
use crate::project::Project;
use crate::publish::PublishOptions;
use crate::serve::alarm::Alarm;
use crate::serve::watch::Watcher;

pub fn run(global: &Global, args: &Watch, terminal: &mut Terminal) -> Result<(), CommandError> {
    let options = site::options(&args.publishing.reading)?;
    let mut project = site::open(global)?;
    // Absolute, since the folder that we are in may be moved away.
    let output = args.publishing.output.as_ref().map(std::path::absolute).transpose().map_err(at("find", Path::new(".")))?;
    let mut watcher = Watcher::start(&project.named, args.poll);
    let mut folder = Folder { memo: Memo::default(), output, force: args.publishing.force };
    let mut again = folder.build(&project, &options, terminal)?;
    terminal.say("Waiting for changes (Ctrl-C ends it).");
    if let Some(words) = watcher.notice() {
        terminal.say(words);
    }
    loop {
        let waited = wait(&mut watcher, &mut project, || again.is_due(), terminal).map_err(CommandError::from);
        let options = site::options(&args.publishing.reading)?;
        again = match waited.and_then(|()| folder.build(&project, &options, terminal)) {
            Err(CommandError::Failure(failure)) if !matches!(failure.why, Why::Interrupted(_)) => {
                terminal.error(failure.into());
                terminal.always_say("Trying again in a minute, or at the next change.");
                Again::After(Instant::now() + Duration::from_secs(60))
            }
            built => built?,
        };
    }
}

/// When to build again though no file has changed.
enum Again {
    Never,
    At(Alarm),
    After(Instant),
}

impl Again {
    fn is_due(&mut self) -> bool {
        match self {
            Again::Never => false,
            // Where the clock could be read at first, it can be read now.
            Again::At(alarm) => moment::of_site(None).is_ok_and(|now| alarm.rings(now.moment(), Instant::now())),
            Again::After(instant) => *instant <= Instant::now(),
        }
    }
}

/// Returns when a file is other than before, or when it is time; then everything is looked at, since events are no more than hints.
fn wait(watcher: &mut Watcher, project: &mut Project, mut is_due: impl FnMut() -> bool, terminal: &mut Terminal) -> Result<(), Failure> {
    loop {
        let changed = watcher.until(&mut is_due);
        let changes = match &changed {
            Some(changed) => changed.refresh(project),
            None => Ok(project.refresh()?),
        };
        match changes {
            Ok(changes) => {
                if changes.root {
                    terminal.say(site::ANOTHER_ROOT);
                }
                if changed.is_none() || !changes.is_empty() {
                    return Ok(());
                }
            }
            Err(failure) => terminal.always_say(visible(&failure.to_string())),
        }
    }
}

/// The folder that is written again and again.
struct Folder {
    memo: Memo,
    /// None for `public` in the site's folder, whichever that is.
    output: Option<PathBuf>,
    force: bool,
}

impl Folder {
    /// Builds once; findings are shown, and keep the folder as it is. Gives when to build again.
    fn build(&mut self, project: &Project, options: &Options, terminal: &mut Terminal) -> Result<Again, CommandError> {
        let started = Instant::now();
        let (prepared, mut findings) = crate::prepare_with(&mut self.memo, &project.sources, options);
        let site = prepared.as_ref().map(|prepared| &prepared.plan.site);
        let (next, stale_after) = site.map_or((None, TimeDelta::MAX), |site| (site.glance.next_change, site.config.stale_after));
        let output = self.output.clone().unwrap_or_else(|| project.root.join("public"));
        let how = PublishOptions { root: Some(&project.root), force: self.force, ..PublishOptions::default() };
        let published = match prepared.filter(|_| !findings.has_errors()) {
            Some(prepared) => crate::publish_site(&prepared, &output, &how, &mut findings),
            None => Ok(None),
        };
        site::show_of_build(&findings, &project.sources, Format::Human, terminal)?;
        moment::tell_of_epoch(options.now, &findings, terminal);
        if let Some(published) = published? {
            build::tell(&published, &output, started.elapsed(), terminal);
        }
        Ok(Alarm::set(options.now, started, next, Some(longest(stale_after))).map_or(Again::Never, Again::At))
    }
}

/// Once a day or before half of `stale_after` is over the site is built in any case, so that no page calls itself out of date.
fn longest(stale_after: TimeDelta) -> Duration {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    (stale_after / 2).to_std().map_or(DAY, |half| half.min(DAY))
}
