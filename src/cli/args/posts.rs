//! The commands that write posts.

use clap::Args;

use super::one_of;
use crate::cli::moment;
use crate::model::{Impact, Kind, Moment, State};

/// Write a new post with the times filled in, and print its path
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost new incident \"Mail is slow\" --server nc023
  signalpost new incident \"Power failure in London\" --server nc023,nc027 --impact major-outage
  signalpost new maintenance \"New disk\" -s nc023 --start 2026-05-04T19:00Z --end 2026-05-04T19:30Z
  signalpost new notice \"New opening hours\" --edit

The text of the file comes from `content/templates/KIND.md` where the site has one.")]
pub struct New {
    /// What it tells
    #[arg(value_name = "KIND", value_parser = one_of(&Kind::ALL, Kind::word))]
    pub kind: Kind,
    /// The post's title; its first words become the address
    pub title: String,
    /// A server's id or alias; repeat it, or separate several by commas
    #[arg(short, long = "server", value_name = "ID", value_delimiter = ',')]
    pub servers: Vec<String>,
    /// When it starts, in UTC; an incident's is now without it
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub start: Option<Moment>,
    /// When it ends, or is planned to
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub end: Option<Moment>,
    /// How bad it is
    #[arg(long, value_name = "IMPACT", value_parser = one_of(&Impact::ALL, Impact::word))]
    pub impact: Option<Impact>,
    /// A tag; repeat it for several
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// The post's text, as Markdown; `-` reads it from the standard input
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    #[command(flatten)]
    pub writing: Writing,
}

/// Append an update to a post, stamped with the UTC minute
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost update mail-is-slow \"Two of three queues are empty.\"
  signalpost update mail-is-slow monitoring \"All queues are empty.\"
  signalpost update mail-is-slow in-progress --impact nc023=degraded < text.md
  signalpost update new-disk --end 2026-05-04T22:00Z \"The work takes until 22:00 UTC.\"
  signalpost update                       on a terminal: choose among the open posts

States: investigating, identified, monitoring, resolved, update, scheduled, in-progress, verifying,
completed, cancelled, postmortem.")]
pub struct Update {
    /// The post: its path, slug or id; or a server, where one event about it is open
    pub post: Option<String>,
    /// A state where the first word is one, then the text as Markdown, in quotes; without a text it is read from the standard input
    #[arg(value_name = "STATE|TEXT")]
    pub words: Vec<String>,
    /// The state, in any case
    #[arg(long, ignore_case = true, value_parser = one_of(&State::ALL, State::word))]
    pub state: Option<State>,
    /// What holds from now on: an impact for all servers of the post, or ID=IMPACT for one
    #[arg(long = "impact", value_name = "IMPACT")]
    pub impacts: Vec<String>,
    /// Of a maintenance that lies ahead, or is put off with the state `scheduled`: when it starts now
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub start: Option<Moment>,
    /// Of a maintenance that is not over: when it is planned to end now
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub end: Option<Moment>,
    #[command(flatten)]
    pub writing: Writing,
}

/// Append a Resolved or Completed update to a post, and set its `end`
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost resolve mail-is-slow \"All mail is delivered.\"
  signalpost resolve nc023                what is open about that server, where it is one
  signalpost resolve mail-is-slow --end 2026-05-04T19:20Z \"It was over by then.\"
  signalpost resolve content/posts/2026-05-04-1900-relay-maintenance.md < text.md
  signalpost resolve                      on a terminal: choose among the open posts")]
pub struct Resolve {
    /// The post: its path, slug or id; or a server, where one event about it is open
    pub post: Option<String>,
    /// The text as Markdown; without it, it is read from the standard input where that is not a terminal
    #[arg(value_name = "TEXT")]
    pub words: Vec<String>,
    /// When it was over, where that was before now: `end` says so, and the record of its servers with it
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub end: Option<Moment>,
    #[command(flatten)]
    pub writing: Writing,
}

/// What every command that writes posts is told.
#[derive(Args)]
pub struct Writing {
    /// Open the post in $EDITOR
    #[arg(short, long)]
    pub edit: bool,
    /// The moment to stamp it with, as RFC 3339, in place of the clock's
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub now: Option<Moment>,
}
