//! `signalpost completions` and `signalpost man`: made from the same definitions as the help.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Cli, Completions};
use super::error::CommandError;
use super::terminal::Terminal;
use crate::failure::Failure;

pub fn completions(args: &Completions, terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "signalpost", &mut script);
    terminal.data(String::from_utf8_lossy(&script))
}

/// The page of the program, with a section a command: one page, because one redirection should install it.
pub fn man(terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut program = Cli::command();
    program.build();
    let mut page = Vec::new();
    let rendered = sections(&program, &mut page);
    rendered.map_err(|error| Failure::system("write the manual page", error))?;
    terminal.data(String::from_utf8_lossy(&page))
}

fn sections(program: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    // A date that is left out altogether would make the version the date; a written one would have to be kept.
    let man = Man::new(program.clone()).date(" ");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    page.extend(as_typed(program).bytes());
    for command in commands_of(program) {
        page.extend(section(&command.get_name().to_uppercase(), command)?.bytes());
        for below in commands_of(command) {
            let name = format!("{} {}", command.get_name(), below.get_name()).to_uppercase();
            page.extend(section(&name, below)?.bytes());
        }
    }
    Ok(())
}

fn commands_of(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| command.get_name() != "help")
}

fn section(name: &str, command: &Command) -> io::Result<String> {
    // The global options stand above, once.
    let own = command.clone().mut_args(|arg| {
        let is_global = arg.is_global_set() || arg.get_id() == "help";
        arg.hide(is_global)
    });
    let man = Man::new(own);
    let mut section = Vec::new();
    man.render_description_section(&mut section)?;
    man.render_synopsis_section(&mut section)?;
    if command.get_arguments().any(|arg| !arg.is_global_set() && arg.get_id() != "help") {
        man.render_options_section(&mut section)?;
    }
    let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
    Ok(format!(".SH \"{name}\"\n{section}{}", as_typed(command)))
}

/// The text below a command's help, with its line ends: roff fills lines otherwise.
fn as_typed(command: &Command) -> String {
    let Some(text) = command.get_after_help().map(|text| text.to_string()) else { return String::new() };
    let text: Vec<String> = text.lines().map(|line| format!("\\&{}", line.replace('\\', "\\\\").replace('-', "\\-"))).collect();
    format!(".PP\n.nf\n{}\n.fi\n", text.join("\n"))
}
