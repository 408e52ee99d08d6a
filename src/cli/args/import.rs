//! The command that moves a site here.

use std::path::PathBuf;

use clap::Args;

use super::one_of;
use crate::import::{Guess, System};

/// Make posts of another system's export, and report every guess
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost import wordpress export.xml --dry-run
  signalpost import wordpress export.xml --media old/wp-content/uploads 2> report.txt
  signalpost import wordpress export-1.xml export-2.xml --guess all

Titles, dates, texts, tags, categories, authors, old addresses and feed ids are kept. A file that
is there already is left as it is: importing again is safe. What is guessed:
  none   nothing: every post is a notice
  safe   servers that a post names; threads that are numbered; a past window that one sentence
         says, in a post of the category Maintenance, Incident or Outage
  all    such windows, and kind and impact, in every post

No guess makes a server look down today.")]
pub struct Import {
    /// The system that the export is from
    #[arg(value_name = "SYSTEM", value_parser = one_of(&System::ALL, System::word))]
    pub system: System,
    /// The export's files; of cState the folder `content/issues`, or files of it
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How much is read into the texts
    #[arg(long, value_name = "HOW", default_value = "safe", value_parser = one_of(&Guess::ALL, Guess::word))]
    pub guess: Guess,
    /// The old `wp-content/uploads`: what posts link to there is copied, and stays at its address
    #[arg(long, value_name = "DIR")]
    pub media: Option<PathBuf>,
    /// Report, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}
