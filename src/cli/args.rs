//! What may be typed: the commands, their arguments, and the help of each.

mod import;
mod network;

pub use import::Import;
pub use network::{Announce, Probe};

use std::path::PathBuf;
use std::sync::LazyLock;

use anstream::ColorChoice;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::moment;
use crate::findings::Format;
use crate::load::schema::Described;
use crate::model::{BaseUrl, Impact, Kind, Moment, State};

/// Compiles a folder of Markdown incident posts into a status site: static files that any web host serves.
#[derive(Parser)]
#[command(name = "signalpost", version, long_version = VERSION.as_str(), max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

static VERSION: LazyLock<String> = LazyLock::new(|| format!("{} (time zones {})", env!("CARGO_PKG_VERSION"), crate::words::ZONES));

const EXAMPLES: &str = "\
Examples:
  signalpost init status                     a new site in the folder `status`
  signalpost serve --open                    look at it while you write
  signalpost new incident \"Mail is slow\" --server nc023
  signalpost update mail-is-slow monitoring \"The queue is getting shorter.\"
  signalpost resolve mail-is-slow \"All mail is delivered.\"
  signalpost build                           the finished site in `public`

Exit codes: 0 fine, 1 the site's files have errors, 2 wrong usage, 3 a failure of the machine.";

#[derive(Args)]
pub struct Global {
    /// The site's folder; without it the nearest one upwards that has a `site.toml`
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub root: Option<PathBuf>,
    /// When to use colour; auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: Color,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say more: which files, how long
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Sets when everything that prints uses colour, clap's help and errors included.
    pub fn apply(self) {
        match self {
            Color::Auto => {}
            Color::Always => ColorChoice::Always.write_global(),
            Color::Never => ColorChoice::Never.write_global(),
        }
    }
}

#[derive(Subcommand)]
pub enum Command {
    Init(Init),
    Build(Build),
    Check(Check),
    Serve(Serve),
    Watch(Watch),
    New(New),
    Update(Update),
    Resolve(Resolve),
    Status(Status),
    Next(Next),
    Probe(Probe),
    Announce(Announce),
    Import(Import),
    Explain(Explain),
    Schema(Schema),
    Theme(Theme),
    Completions(Completions),
    Man(Man),
}

/// The moment that a command works at.
#[derive(Args)]
pub struct At {
    /// The moment to show the site at, as RFC 3339; without it SOURCE_DATE_EPOCH, without that the clock
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub now: Option<Moment>,
}

/// What is read and how, for every command that builds.
#[derive(Args)]
pub struct Reading {
    #[command(flatten)]
    pub at: At,
    /// Show drafts too
    #[arg(long)]
    pub drafts: bool,
    /// The address to build for, in place of `base_url` in `site.toml`
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<BaseUrl>,
}

fn base_url(text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text).ok_or_else(|| "not an http or https URL without query, such as `https://status.example.net`".to_owned())
}

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
    /// The folder to write; without it `public` in the site's folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Write into a folder that holds other files too; those that the site does not have itself stay
    #[arg(long)]
    pub force: bool,
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
    /// The folder to write; without it `public` in the site's folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Write into a folder that holds other files too; those that the site does not have itself stay
    #[arg(long)]
    pub force: bool,
    /// Look at the files every second, where the system tells no changes (network folders, some containers)
    #[arg(long)]
    pub poll: bool,
}

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
    /// Open the post in $EDITOR
    #[arg(short, long)]
    pub edit: bool,
    /// The moment to stamp it with, as RFC 3339, in place of the clock's
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub now: Option<Moment>,
}

/// Append an update to a post, stamped with the UTC minute
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost update mail-is-slow \"Two of three queues are empty.\"
  signalpost update mail-is-slow monitoring \"All queues are empty.\"
  signalpost update mail-is-slow \"in progress\" --impact nc023=degraded < text.md
  signalpost update new-disk --end 2026-05-04T22:00Z \"The work takes until 22:00 UTC.\"
  signalpost update                       on a terminal: choose among the open posts

States: investigating, identified, monitoring, resolved, update, scheduled, in progress, verifying,
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
    /// Of a maintenance that lies ahead: when it starts now
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub start: Option<Moment>,
    /// Of a maintenance that is not over: when it is planned to end now
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub end: Option<Moment>,
    /// Open the post in $EDITOR
    #[arg(short, long)]
    pub edit: bool,
    /// The moment to stamp it with, as RFC 3339, in place of the clock's
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub now: Option<Moment>,
}

/// Append a Resolved or Completed update to a post, and set its `end`
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost resolve mail-is-slow \"All mail is delivered.\"
  signalpost resolve nc023                what is open about that server, where it is one
  signalpost resolve content/posts/2026-05-04-1900-relay-maintenance.md < text.md
  signalpost resolve                      on a terminal: choose among the open posts")]
pub struct Resolve {
    /// The post: its path, slug or id; or a server, where one event about it is open
    pub post: Option<String>,
    /// The text as Markdown; without it, it is read from the standard input where that is not a terminal
    #[arg(value_name = "TEXT")]
    pub words: Vec<String>,
    /// Open the post in $EDITOR
    #[arg(short, long)]
    pub edit: bool,
    /// The moment to stamp it with, as RFC 3339, in place of the clock's
    #[arg(long, value_name = "T", value_parser = moment::parse)]
    pub now: Option<Moment>,
}

/// Print every server's status
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost status
  signalpost status --now 2026-05-04T19:10:00Z
  signalpost status --format json | jq -r '.[] | select(.status != \"operational\") | .id'

The JSON is a list of `{id, name, group, status, since, posts}`.")]
pub struct Status {
    #[command(flatten)]
    pub at: At,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: StatusFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    Table,
    Json,
}

/// Print the next moment at which the site would change by itself, or nothing
#[derive(Args)]
#[command(after_help = "Example:
  signalpost next         2026-05-04T19:00:00Z

Build again at that moment: a window begins or ends there, a post is no longer pinned, or the results of
`signalpost probe` are too old.")]
pub struct Next {
    #[command(flatten)]
    pub at: At,
}

/// Tell what a finding means, with a bad and a good example
#[derive(Args)]
#[command(after_help = "Examples:
  signalpost explain no-time-zone
  signalpost explain                      every code in one line")]
pub struct Explain {
    /// The word in brackets of a finding: `unknown-server`
    pub code: Option<String>,
}

/// Print the JSON Schema of a file, for editors
#[derive(Args)]
#[command(after_help = "Example:
  signalpost schema post > post.schema.json")]
pub struct Schema {
    /// Which file: site.toml, servers.toml, or the front matter of a post
    #[arg(value_name = "FILE", value_parser = one_of(&Described::ALL, Described::word))]
    pub of: Described,
}

/// Work with the site's theme
#[derive(Args)]
pub struct Theme {
    #[command(subcommand)]
    pub command: ThemeCommand,
}

#[derive(Subcommand)]
pub enum ThemeCommand {
    /// Copy a built-in file into the site's theme, to change it there
    #[command(after_help = "Examples:
  signalpost theme eject                          the names of the files
  signalpost theme eject templates/post.html")]
    Eject {
        /// `templates/NAME` or `static/NAME`
        file: Option<String>,
    },
}

/// Print the completion script of a shell
#[derive(Args)]
#[command(after_help = "Example:
  signalpost completions bash > ~/.local/share/bash-completion/completions/signalpost")]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

/// Print the manual page
#[derive(Args)]
#[command(after_help = "Example:
  signalpost man > ~/.local/share/man/man1/signalpost.1")]
pub struct Man {}

/// One of the words of a list, which the help and the "did you mean" of clap know then.
fn one_of<T: Copy + Send + Sync + 'static>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T> {
    let words = all.iter().map(|value| word(*value));
    PossibleValuesParser::new(words).try_map(move |typed| {
        let found = all.iter().copied().find(|value| word(*value).eq_ignore_ascii_case(&typed));
        found.ok_or_else(|| format!("there is no `{typed}`"))
    })
}
