//! `signalpost schema`

use super::args::Schema;
use super::error::CommandError;
use super::terminal::Terminal;
use crate::load::schema::schema;

pub fn run(args: &Schema, terminal: &mut Terminal) -> Result<(), CommandError> {
    terminal.data(format_args!("{:#}\n", schema(args.of)))
}
