//! `signalpost check`

use super::args::{Check, Global};
use super::site;
use super::stop::Stop;
use super::terminal::{GREEN, Terminal, styled};

pub fn run(global: &Global, args: &Check, terminal: &mut Terminal) -> Result<(), Stop> {
    let project = site::open(global)?;
    let options = site::options(&args.reading)?;
    let built = crate::build(&project.sources, &options);
    site::show(&built.findings, &project.sources, args.format, terminal)?;
    if built.findings.has_errors() {
        return Err(Stop::Findings);
    }
    if built.findings.is_empty() {
        terminal.say(format_args!("{}", styled(GREEN, "No problems found.")));
    }
    Ok(())
}
