//! `signalpost completions` and `signalpost man`: made from the same definitions as the help.

use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::stop::Stop;
use super::terminal::Terminal;
use crate::failure::Failure;

pub fn completions(args: &Completions, terminal: &mut Terminal) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "signalpost", &mut script);
    terminal.data(String::from_utf8_lossy(&script))
}

/// The page of the program, and below it one section a command.
pub fn man(terminal: &mut Terminal) -> Result<(), Stop> {
    let mut program = Cli::command();
    program.build();
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(program.clone()).render(&mut page).and_then(|()| {
        for command in program.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
            let section = clap_mangen::Man::new(command.clone());
            page.extend_from_slice(format!(".SH \"SIGNALPOST {}\"\n", command.get_name().to_uppercase()).as_bytes());
            section.render_description_section(&mut page)?;
            section.render_synopsis_section(&mut page)?;
            section.render_options_section(&mut page)?;
            section.render_extra_section(&mut page)?;
        }
        Ok(())
    });
    rendered.map_err(|error| Failure::system("write the manual page", error))?;
    terminal.data(String::from_utf8_lossy(&page))
}
