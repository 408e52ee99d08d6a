//! The terminal: data to the standard output, everything said to a person to the standard error.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Read, Write};

use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style};

use super::error::CommandError;
use crate::failure::Failure;
use crate::findings::visible;

pub const BOLD: Style = Style::new().bold();
pub const RED: Style = AnsiColor::Red.on_default().bold();
pub const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub const GREEN: Style = AnsiColor::Green.on_default();
pub const CYAN: Style = AnsiColor::Cyan.on_default();
pub const DIM: Style = Style::new().dimmed();

/// Where a command prints. Styles may be written always: they are dropped where no colour is wanted.
///
/// A reader that went away (`signalpost check | head`) is no error: what it did not want to see is dropped.
pub struct Terminal {
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    /// Colour is as [`ColorChoice::write_global`] set it before.
    pub fn new(quiet: bool, verbose: bool) -> Terminal {
        Terminal { out: anstream::stdout(), err: anstream::stderr(), quiet, verbose }
    }

    /// Data: what the command was asked for. Nothing is added to it.
    pub fn data(&mut self, text: impl Display) -> Result<(), CommandError> {
        let written = write!(self.out, "{text}").and_then(|()| self.out.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::system("write to the standard output", error).into()),
            _ => Ok(()),
        }
    }

    /// A line to the person, unless it is to be quiet.
    pub fn say(&mut self, line: impl Display) {
        if !self.quiet {
            self.always_say(line);
        }
    }

    /// A line that matters to few.
    pub fn detail(&mut self, line: impl Display) {
        if self.verbose {
            self.always_say(line);
        }
    }

    /// A line that is said even when quiet: a problem. Where nobody listens, there is nobody to tell.
    pub fn always_say(&mut self, line: impl Display) {
        let _ = writeln!(self.err, "{line}");
    }

    /// Tells the person of an error what was not told yet. What is theirs in it, a title or a path, must not act on the terminal.
    pub fn error(&mut self, error: CommandError) {
        let Some((message, hint)) = error.message() else { return };
        self.always_say(format_args!("{} {}", styled(RED, "error:"), visible(&message)));
        if let Some(hint) = hint {
            self.always_say(format_args!("  {} {}", styled(CYAN, "help:"), visible(&hint)));
        }
    }

    /// A text that is drawn already, line ends included.
    pub fn always_show(&mut self, text: impl Display) {
        let _ = write!(self.err, "{text}");
    }

    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether findings are drawn in colour on the standard error.
    pub fn err_has_color(&self) -> bool {
        self.err.current_choice() != ColorChoice::Never
    }

    /// Whether a person sits there who can be asked: both ends are a terminal.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Columns of the terminal that a person reads on.
    pub fn width(&self) -> usize {
        terminal_size::terminal_size_of(io::stderr()).map_or(140, |(width, _)| usize::from(width.0))
    }

    pub fn err_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Asks for one line; `None` at the end of the input.
    pub fn ask(&mut self, question: impl Display) -> Result<Option<String>, CommandError> {
        let _ = write!(self.err, "{question} ").and_then(|()| self.err.flush());
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map_err(|error| Failure::system("read the answer", error))?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    /// The whole standard input as text.
    pub fn read_text(&mut self) -> Result<String, CommandError> {
        if io::stdin().is_terminal() {
            self.say("Write the text; Ctrl-D on an empty line ends it.");
        }
        let mut text = Vec::new();
        io::stdin().lock().read_to_end(&mut text).map_err(|error| Failure::system("read the standard input", error))?;
        String::from_utf8(text).map_err(|_| CommandError::usage("the text on the standard input is not UTF-8"))
    }
}

/// A text in a style.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
