//! What may be typed: the commands, their arguments, and the help of each. Here what all of them share, and the commands that answer
//! a question or print a text.

mod import;
mod network;
mod posts;
mod site;

pub use import::Import;
pub use network::{Announce, Probe};
pub use posts::{New, Resolve, Update};
pub use site::{Build, Check, Init, Serve, Watch};

use std::path::PathBuf;
use std::sync::LazyLock;

use anstream::ColorChoice;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::moment;
use crate::load::schema::Described;
use crate::model::{BaseUrl, Moment};

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

/// One of the words of a list, which the help and the "did you mean" of clap know then. A shell takes `in progress` for two words: it is
/// offered as `in-progress`, and taken as `in_progress` too.
fn one_of<T: Copy + Send + Sync + 'static>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T> {
    let typed = |word: &'static str| match word.contains(' ') {
        true => PossibleValue::new(word.replace(' ', "-")).aliases([word.to_owned(), word.replace(' ', "_")]),
        false => PossibleValue::new(word),
    };
    PossibleValuesParser::new(all.iter().map(|value| typed(word(*value)))).try_map(move |typed| {
        let plain = typed.replace([' ', '_'], "-");
        let found = all.iter().copied().find(|value| word(*value).replace(' ', "-").eq_ignore_ascii_case(&plain));
        found.ok_or_else(|| format!("there is no `{typed}`"))
    })
}
