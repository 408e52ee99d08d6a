//! Why a command ends before it is done, and the exit code that says so.

use crate::failure::Failure;

/// A command's end without success.
#[derive(Debug)]
pub enum CommandError {
    /// 1: the site's files have errors, and the person has seen them.
    Findings,
    /// 2: the command was called in a way that it cannot follow.
    Usage { message: String, hint: Option<String> },
    /// 3, mostly: see [`Failure::exit_code`].
    Failure(Failure),
}

impl CommandError {
    /// `message` is a sentence without full stop, as a finding's.
    pub fn usage(message: impl Into<String>) -> CommandError {
        CommandError::Usage { message: message.into(), hint: None }
    }

    /// What to do about it; an empty hint is none.
    pub fn hint(self, hint: impl Into<String>) -> CommandError {
        match self {
            CommandError::Usage { message, .. } => CommandError::Usage { message, hint: Some(hint.into()).filter(|hint| !hint.is_empty()) },
            CommandError::Failure(failure) => CommandError::Failure(failure.help(hint)),
            CommandError::Findings => CommandError::Findings,
        }
    }

    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            CommandError::Findings => 1,
            CommandError::Usage { .. } => 2,
            CommandError::Failure(failure) => failure.exit_code(),
        }
    }

    /// The message and the hint that the person has not seen yet; `None` where all was shown.
    pub fn message(self) -> Option<(String, Option<String>)> {
        match self {
            CommandError::Findings => None,
            CommandError::Usage { message, hint } => Some((message, hint)),
            CommandError::Failure(failure) => Some((failure.to_string(), failure.help)),
        }
    }
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> CommandError {
        CommandError::Failure(failure)
    }
}
