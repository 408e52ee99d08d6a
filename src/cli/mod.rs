//! Arguments, one file a command, the terminal.
//!
//! In: the command line, the environment, the clock. Out: exit codes, data on the standard output, words on the standard
//! error. Never holds logic that is worth testing without a terminal.

mod announce;
mod args;
mod build;
mod check;
mod editor;
mod error;
mod explain;
mod files;
mod find_post;
mod import;
mod init;
mod lock;
pub mod memory;
mod moment;
mod new;
mod next;
mod outcome;
mod posting;
mod probe;
mod progress;
mod resolve;
mod schema;
mod serve;
mod shell;
mod site;
mod status;
mod terminal;
mod theme;
mod update;
mod watch;
mod window;

use std::ffi::OsStr;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, ValueEnum};

use args::{Cli, Color, Command};
use error::CommandError;
use terminal::Terminal;

/// The program.
pub fn main() -> ExitCode {
    crate::begin_pool();
    crate::publish::follow_as_first();
    color_wanted().apply();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help_or_slip) => {
            // A reader that went away before the help was written has seen enough.
            let _ = help_or_slip.print();
            return ExitCode::from(u8::try_from(help_or_slip.exit_code()).unwrap_or(2));
        }
    };
    cli.global.color.apply();
    let mut terminal = Terminal::new(cli.global.quiet, cli.global.verbose);
    let Err(error) = run(&cli, &mut terminal) else { return ExitCode::SUCCESS };
    let code = ExitCode::from(error.exit_code());
    terminal.error(error);
    code
}

/// What may be typed, for the manual.
pub fn command() -> clap::Command {
    Cli::command()
}

fn run(cli: &Cli, terminal: &mut Terminal) -> Result<(), CommandError> {
    let global = &cli.global;
    match &cli.command {
        Command::Init(args) => init::run(global, args, terminal),
        Command::Build(args) => build::run(global, args, terminal),
        Command::Check(args) => check::run(global, args, terminal),
        Command::Serve(args) => serve::run(global, args, terminal),
        Command::Watch(args) => watch::run(global, args, terminal),
        Command::New(args) => new::run(global, args, terminal),
        Command::Update(args) => update::run(global, args, terminal),
        Command::Resolve(args) => resolve::run(global, args, terminal),
        Command::Status(args) => status::run(global, args, terminal),
        Command::Next(args) => next::run(global, args, terminal),
        Command::Probe(args) => probe::run(global, args, terminal),
        Command::Announce(args) => announce::run(global, args, terminal),
        Command::Import(args) => import::run(global, args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Schema(args) => schema::run(args, terminal),
        Command::Theme(args) => theme::run(global, args, terminal),
        Command::Completions(args) => shell::completions(args, terminal),
        Command::Man(_) => shell::man(terminal),
    }
}

/// What `--color` says, before the arguments are parsed: their errors are in colour too.
fn color_wanted() -> Color {
    let words: Vec<_> = std::env::args_os().collect();
    let after = words.windows(2).find(|pair| pair[0] == "--color").map(|pair| pair[1].as_os_str());
    let within = words.iter().find_map(|word| word.to_str()?.strip_prefix("--color=")).map(OsStr::new);
    after.or(within).and_then(OsStr::to_str).and_then(|word| Color::from_str(word, false).ok()).unwrap_or(Color::Auto)
}
