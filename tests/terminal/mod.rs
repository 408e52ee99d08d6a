//! A temporary site and the program run in it, as a person runs it in a terminal.

#![allow(dead_code, reason = "every test that includes this module uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder to run in, and the environment there. Nothing of the tester's own environment but PATH gets in.
pub struct Site {
    folder: tempfile::TempDir,
    environment: BTreeMap<String, String>,
}

/// Commands that say so where SOURCE_DATE_EPOCH dates what they write: they are told the moment, which stands in NOW.
const WRITING: [&str; 3] = ["new", "update", "resolve"];

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Site {
    /// An empty folder; the clock stands at a moment in RFC 3339.
    pub fn at(now: &str) -> Site {
        let mut site = Site { folder: tempfile::tempdir().unwrap(), environment: BTreeMap::new() };
        site.set("PATH", &std::env::var("PATH").unwrap_or_default());
        site.set("HOME", site.folder.path().to_str().unwrap().to_owned().as_str());
        site.clock(now);
        site
    }

    pub fn clock(&mut self, now: &str) {
        self.set("NOW", now);
        let now: chrono::DateTime<chrono::Utc> = now.parse().unwrap();
        self.set("SOURCE_DATE_EPOCH", &now.timestamp().to_string());
    }

    pub fn set(&mut self, variable: &str, value: &str) {
        self.environment.insert(variable.to_owned(), value.to_owned());
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut arguments = arguments.to_vec();
        let command = arguments.iter().position(|word| !word.starts_with('-')).filter(|at| WRITING.contains(&arguments[*at]));
        if let Some(at) = command.filter(|_| !arguments.contains(&"--now")) {
            arguments.splice(at + 1..at + 1, ["--now", &self.environment["NOW"]]);
        }
        self.program(env!("CARGO_BIN_EXE_signalpost"), &arguments)
    }

    /// Any program, in this folder and environment.
    pub fn program(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.environment).stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        ended(self.command(arguments), input)
    }
}

/// Runs a command to its end, with a text on its standard input.
pub fn ended(mut command: Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Commands that read nothing close their end: that is not what is tested here.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}
