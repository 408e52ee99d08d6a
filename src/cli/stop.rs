//! Why a command ends before it is done, and the exit code that says so.

use std::process::ExitCode;

use super::terminal::{CYAN, RED, Terminal, styled};
use crate::failure::Failure;

/// A command's end without success.
#[derive(Debug)]
pub enum Stop {
    /// 1: the site's files have errors, and the person has seen them.
    Findings,
    /// 2: the command was called in a way that it cannot follow.
    Usage { message: String, hint: Option<String> },
    /// 3, mostly: see [`Failure::exit_code`].
    Failure(Failure),
}

impl Stop {
    /// `message` is a sentence without full stop, as a finding's.
    pub fn usage(message: impl Into<String>) -> Stop {
        Stop::Usage { message: message.into(), hint: None }
    }

    /// What to do about it; an empty hint is none.
    pub fn hint(self, hint: impl Into<String>) -> Stop {
        match self {
            Stop::Usage { message, .. } => Stop::Usage { message, hint: Some(hint.into()).filter(|hint| !hint.is_empty()) },
            Stop::Failure(failure) => Stop::Failure(failure.help(hint)),
            Stop::Findings => Stop::Findings,
        }
    }

    /// Tells the person what was not told yet.
    pub fn tell(self, terminal: &mut Terminal) -> ExitCode {
        let (code, message, hint) = match self {
            Stop::Findings => return ExitCode::from(1),
            Stop::Usage { message, hint } => (2, message, hint),
            Stop::Failure(failure) => (failure.exit_code(), failure.to_string(), failure.help),
        };
        terminal.always_say(format_args!("{} {message}", styled(RED, "error:")));
        if let Some(hint) = hint {
            terminal.always_say(format_args!("  {} {hint}", styled(CYAN, "help:")));
        }
        ExitCode::from(code)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}
