//! `signalpost next`

use super::args::{Global, Next};
use super::error::CommandError;
use super::terminal::Terminal;
use super::{moment, site};
use crate::model::rfc3339;

pub fn run(global: &Global, args: &Next, terminal: &mut Terminal) -> Result<(), CommandError> {
    let project = site::open(global)?;
    let site = site::at(moment::of_site(args.at.now)?, &project, terminal)?;
    match site.glance.next_change {
        Some(next) => terminal.data(format_args!("{}\n", rfc3339(next))),
        None => Ok(()),
    }
}
