//! The commands that talk to other machines.

use std::path::PathBuf;

use clap::Args;

use super::{At, StatusFormat};
use crate::cli::moment;
use crate::model::Moment;

/// Try each server's probe, and write what the Ping column shows
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost probe && signalpost build
  signalpost probe --format json

A server is up where it takes the connection (tcp://HOST:PORT), or sends a page with a status below 500
(http, https). The page shows a result for 30 minutes; from then on it says that nothing is known.")]
pub struct Probe {
    /// The file to write; without it `content/probes.json` in the site's folder
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: StatusFormat,
}

/// Send each new update once to the webhooks and mail addresses of site.toml
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost announce --dry-run
  signalpost announce
  signalpost announce --since 2026-05-04T00:00Z   on the first run: also what was told since then

What was sent is kept in `announced.json`: keep that file between the runs. The first run sends nothing.")]
pub struct Announce {
    #[command(flatten)]
    pub at: At,
    /// The record of what was sent; without it `announced.json` in the site's folder
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Where a channel begins that has no record yet, at most 30 days back; without it now
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub since: Option<Moment>,
    /// Print what would be sent to whom, and send nothing
    #[arg(long)]
    pub dry_run: bool,
}
