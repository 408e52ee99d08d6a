//! `signalpost explain`

use super::args::Explain;
use super::error::CommandError;
use super::terminal::{BOLD, Terminal, styled};
use crate::findings::Code;
use crate::findings::nearest::did_you_mean;

pub fn run(args: &Explain, terminal: &mut Terminal) -> Result<(), CommandError> {
    let Some(name) = &args.code else {
        let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
        let list: String = Code::ALL
            .iter()
            .map(|code| {
                format!("{}  {:7}  {}\n", styled(BOLD, format_args!("{:width$}", code.name())), code.severity().word(), code.title())
            })
            .collect();
        return terminal.data(list);
    };
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let code = Code::from_name(name).ok_or_else(|| {
        CommandError::usage(format!("no finding has the code `{name}`")).hint(did_you_mean(name, &names, "`signalpost explain` lists them"))
    })?;
    terminal.data(code.explanation())
}
