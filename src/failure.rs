//! What the machine could not do: one thing, with what we were doing, why it failed and what to try.
//!
//! Made by `project`, `publish`, `probe`, `serve` and `cli`. Never about the contents of the
//! user's files: those are findings.

use std::io;
use std::path::Path;

/// A failure of the machine. `Display` gives one line: "cannot write `public/index.html`: no space left on device".
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing}: {why}")]
pub struct Failure {
    /// After "cannot": "write `public/index.html`".
    pub doing: String,
    #[source]
    pub why: Why,
    /// What to try, as a sentence without full stop.
    pub help: Option<String>,
}

/// The reasons.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    #[error("there is no `site.toml` here or in a folder above")]
    NoSite,
    #[error("{0}")]
    Refused(String),
    #[error("another build (pid {pid}) is writing there")]
    Busy { pid: String },
    /// Another program is in the way, or a service did not do its part.
    #[error("{0}")]
    Blocked(String),
    #[error("interrupted by signal {0}")]
    Interrupted(i32),
    #[error("{}", system_words(.0))]
    System(#[source] io::Error),
}

impl Failure {
    pub fn new(doing: impl Into<String>, why: Why) -> Failure {
        Failure { doing: doing.into(), why, help: None }
    }

    /// What the system refused.
    pub fn system(doing: impl Into<String>, error: io::Error) -> Failure {
        Failure::new(doing, Why::System(error))
    }

    /// What we refuse: the request is at fault and not the machine.
    pub fn refused(doing: impl Into<String>, because: impl Into<String>) -> Failure {
        Failure::new(doing, Why::Refused(because.into()))
    }

    /// What another program or a service keeps us from.
    pub fn blocked(doing: impl Into<String>, because: impl Into<String>) -> Failure {
        Failure::new(doing, Why::Blocked(because.into()))
    }

    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// 2 where the request was wrong, 128 and the signal where one came, else 3.
    pub fn exit_code(&self) -> u8 {
        match &self.why {
            Why::NoSite | Why::Refused(_) => 2,
            Why::Interrupted(signal) => u8::try_from(128 + signal).unwrap_or(3),
            Why::Busy { .. } | Why::Blocked(_) | Why::System(_) => 3,
        }
    }
}

/// For `map_err`: names the file that the system refused, with the help that its reason suggests.
pub fn at<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Failure + 'a {
    move |error| {
        let help = help_for(error.kind());
        Failure { help, ..Failure::system(format!("{verb} `{}`", path.display()), error) }
    }
}

fn help_for(kind: io::ErrorKind) -> Option<String> {
    use io::ErrorKind::*;
    let help = match kind {
        StorageFull => "free some space or inodes on that file system (`df`, `df -i`) and try again",
        QuotaExceeded => "your quota there is used up; free some space and try again",
        PermissionDenied => "check who owns it (`ls -ld`)",
        ReadOnlyFilesystem => "that file system is read-only",
        NotFound => "it may have been moved or deleted meanwhile; try again",
        _ => return None,
    };
    Some(help.to_owned())
}

/// The system's words without its number: "No space left on device".
fn system_words(error: &io::Error) -> String {
    let words = error.to_string();
    match words.rfind(" (os error ") {
        Some(end) => words[..end].to_owned(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_as_one_sentence_with_a_help() {
        let full = at("write", Path::new("public/index.html"))(io::Error::from_raw_os_error(28));
        if cfg!(target_os = "linux") {
            assert_eq!(full.to_string(), "cannot write `public/index.html`: No space left on device");
            assert!(full.help.as_ref().is_some_and(|help| help.contains("space")));
        }
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            let refused = at("write", Path::new("content/posts/x.md"))(kind.into());
            assert!(refused.help.is_some_and(|help| !help.contains("build")), "not every command builds");
        }
        assert_eq!(full.exit_code(), 3);
        assert_eq!(Failure::new("build", Why::Interrupted(15)).exit_code(), 143);
        assert_eq!(Failure::refused("build", "no").exit_code(), 2);
        let blocked = Failure::blocked("change `x.md`", "another program has changed it just now");
        assert_eq!(
            (blocked.exit_code(), blocked.to_string().as_str()),
            (3, "cannot change `x.md`: another program has changed it just now")
        );
    }
}
