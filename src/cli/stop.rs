//! Why a command ends before it is done, and the exit code that says so.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// A command's end without success, and what to say about it.
#[derive(Debug)]
pub struct Stop {
    pub exit: Exit,
    /// `None` where everything was said already.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The program's exit codes beside 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The site's files have errors, which have been shown.
    Findings = 1,
    /// The command was called in a way that it cannot follow.
    Usage = 2,
    /// The machine failed: a disk, a port, a permission.
    Machine = 3,
}

impl Stop {
    /// The site's files have errors, and the person has seen them.
    pub fn findings() -> Stop {
        Stop { exit: Exit::Findings, message: None, hint: None }
    }

    pub fn usage(message: impl Into<String>) -> Stop {
        Stop { exit: Exit::Usage, message: Some(message.into()), hint: None }
    }

    /// `doing` is what we were at: "writing content/posts/x.md".
    pub fn machine(doing: impl Display, why: impl Display) -> Stop {
        Stop { exit: Exit::Machine, message: Some(format!("{doing}: {why}")), hint: None }
    }

    /// A failure of the system, in its own words and with what helps against the common ones.
    pub fn io(doing: impl Display, error: &io::Error) -> Stop {
        let stop = Stop::machine(doing, error);
        match error.kind() {
            io::ErrorKind::PermissionDenied => stop.hint("try it as the owner of that folder, or change its permissions"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => stop.hint("make room on the disk and try again"),
            io::ErrorKind::ReadOnlyFilesystem => stop.hint("the disk is read-only; name a folder on another one"),
            _ => stop,
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Stop {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
