//! `signalpost serve`

use super::args::{Global, Serve};
use super::error::CommandError;
use super::terminal::{BOLD, GREEN, Terminal, styled};
use super::{moment, site};
use crate::Now;
use crate::findings::{Format, visible};
use crate::model::Moment;
use crate::serve::{self, Hooks, Report, ServeOptions, Shown};

pub fn run(global: &Global, args: &Serve, terminal: &mut Terminal) -> Result<(), CommandError> {
    let first = moment::of_site(args.at.now)?;
    let project = site::open(global)?;
    let options = ServeOptions { port: args.port, drafts: args.drafts, poll: args.poll, open: args.open };
    Ok(serve::run(project, &options, TerminalHooks { terminal, given: args.at.now, first })?)
}

/// What a preview says in the terminal.
struct TerminalHooks<'t> {
    terminal: &'t mut Terminal,
    given: Option<Moment>,
    first: Now,
}

impl Hooks for TerminalHooks<'_> {
    fn now(&self) -> Now {
        moment::of_site(self.given).unwrap_or(self.first)
    }

    fn ready(&mut self, url: &str) {
        self.terminal.say(format_args!("{} {url} (Ctrl-C ends it)", styled(BOLD, "Serving at")));
    }

    fn built(&mut self, report: &Report<'_>) {
        if report.changes.root {
            self.terminal.say(site::ANOTHER_ROOT);
        }
        for path in report.changes.added.iter().chain(&report.changes.changed).chain(&report.changes.removed) {
            self.terminal.detail(format_args!("changed {}", visible(path)));
        }
        // A terminal that is gone cannot be told so.
        let _ = site::show(report.findings, report.sources, Format::Human, self.terminal);
        moment::tell_of_epoch(self.now(), report.findings, self.terminal);
        match report.shown {
            Shown::ThisBuild => self.terminal.say(format_args!("{} in {} ms", styled(GREEN, "Built"), report.elapsed.as_millis())),
            Shown::LastGood => self.terminal.always_say("The preview shows the last good site."),
            Shown::Errors => self.terminal.always_say("The preview shows the errors until there is a good site."),
        }
    }

    fn notice(&mut self, words: &str) {
        self.terminal.say(visible(words));
    }
}
