//! The commands that make the site: begin it, build it, check it and show it.

use std::path::PathBuf;

use clap::Args;

use super::{At, Reading, one_of};
use crate::findings::Format;

/// Make a new site: settings, servers, one post of each kind, CI workflows
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost init                 here
  signalpost init status          in the folder `status`
  signalpost init --decap         with a form for phones at /admin/

A file that is there already is left as it is.")]
pub struct Init {
    /// Where to; without it the present folder
    pub dir: Option<PathBuf>,
    /// Write the configuration of a Decap CMS form too, with the site's servers to choose from; on an existing site this alone
    #[arg(long)]
    pub decap: bool,
}

/// Compile the site into the folder `public`
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost build
  signalpost build --output /srv/www/status
  signalpost build --base-url https://preview.example.net/42 --drafts
  signalpost build --now 2026-05-04T19:10:00Z     the site as it stood then

Nothing is written when a file has an error: the previous site stays as it is.")]
pub struct Build {
    #[command(flatten)]
    pub publishing: Publishing,
    /// Write file by file into the folder that is there, for a server that holds on to it, such as a container with a bind mount
    #[arg(long)]
    pub in_place: bool,
    /// Force the site to the disk before it takes the place of the old one, against a power failure (Linux)
    #[arg(long)]
    pub sync: bool,
    /// How findings are written: for people, a line each, or for programs and forges
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = one_of(&Format::ALL, Format::word))]
    pub format: Format,
    /// Say how long each step took
    #[arg(long)]
    pub timings: bool,
}

/// Say everything that `build` would refuse or warn of, and write nothing
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost check
  signalpost check --format github                annotations on a pull request
  signalpost check --against public               what subscribers would be told, compared with the last build")]
pub struct Check {
    /// How findings are written: for people, a line each, or for programs and forges
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = one_of(&Format::ALL, Format::word))]
    pub format: Format,
    /// The site as it was published before, to hold this one against
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// Preview the site on this machine, with live reload
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost serve
  signalpost serve --port 8080 --open
  signalpost serve --now 2026-05-04T19:10:00Z

Only this machine can reach it. Errors are shown in the page; the last good site is kept.")]
pub struct Serve {
    /// The port; 0 takes a free one
    #[arg(short, long, value_name = "N", default_value_t = 7878)]
    pub port: u16,
    #[command(flatten)]
    pub at: At,
    /// Show drafts too
    #[arg(long)]
    pub drafts: bool,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
    /// Look at the files every second, where the system tells no changes (network folders, some containers)
    #[arg(long)]
    pub poll: bool,
}

/// Build again whenever something changes
#[derive(Args)]
#[command(after_help = "Example:
  signalpost watch --output /srv/www/status")]
pub struct Watch {
    #[command(flatten)]
    pub publishing: Publishing,
    /// Look at the files every second, where the system tells no changes (network folders, some containers)
    #[arg(long)]
    pub poll: bool,
}

/// What is published where, for the commands that do.
#[derive(Args)]
pub struct Publishing {
    /// The folder to write; without it `public` in the site's folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Write into a folder that holds other files too; those that the site does not have itself stay
    #[arg(long)]
    pub force: bool,
}
