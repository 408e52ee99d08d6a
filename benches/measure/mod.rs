//! Whole processes, measured: wall time, processor time, peak memory; and where their files lie meanwhile.

#![allow(dead_code, reason = "every bench that includes this module uses a part of it")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// What one run of a program took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub wall: Duration,
    /// User and system, of the process and all that it started.
    pub cpu: Duration,
    pub peak_mib: f64,
}

const MEASURED: &str = "--measured";

/// To be called first in `main`: this program also runs as the parent of exactly one measured child, because the system keeps peak
/// memory for all children of a process together.
pub fn become_parent_if_asked() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_none_or(|first| first != MEASURED) {
        return;
    }
    let start = Instant::now();
    let status = Command::new(&arguments[1]).args(&arguments[2..]).stdout(Stdio::null()).status();
    let wall = start.elapsed();
    let Ok(true) = status.map(|status| status.success()) else { std::process::exit(1) };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("Linux and macOS know it");
    let cpu = [usage.user_time(), usage.system_time()].iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum::<f64>();
    println!("{} {cpu} {}", wall.as_secs_f64(), usage.max_rss());
    std::process::exit(0);
}

/// Runs a command and measures it; its complaints go to stderr. `None` where it failed.
pub fn run(program: &Path, arguments: &[&std::ffi::OsStr], folder: &Path) -> Option<Run> {
    let itself = std::env::current_exe().expect("a running program has a path");
    let output =
        Command::new(itself).arg(MEASURED).arg(program).args(arguments).current_dir(folder).stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [wall, cpu, kib] = numbers[..] else { return None };
    Some(Run { wall: Duration::from_secs_f64(wall), cpu: Duration::from_secs_f64(cpu), peak_mib: kib / 1024.0 })
}

/// Field by field, the value in the middle.
pub fn median(runs: &[Run]) -> Run {
    let middle = |value: fn(&Run) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Run {
        wall: Duration::from_secs_f64(middle(|run| run.wall.as_secs_f64())),
        cpu: Duration::from_secs_f64(middle(|run| run.cpu.as_secs_f64())),
        peak_mib: middle(|run| run.peak_mib),
    }
}

/// A new folder on a memory file system where there is one, so that the program is measured and not the disk. `TMPDIR` goes before.
pub fn scratch() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let parent = if std::env::var_os("TMPDIR").is_none() && memory.is_dir() { memory } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("signalpost-bench-").tempdir_in(parent).expect("a folder for temporary files")
}

/// How many files lie below a folder, and their bytes together.
pub fn weight(folder: &Path) -> (usize, u64) {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    files.fold((0, 0), |(files, bytes), entry| (files + 1, bytes + entry.metadata().map_or(0, |metadata| metadata.len())))
}

/// The numbers of posts to measure: those on the command line, else these.
pub fn sizes(default: &[usize]) -> Vec<usize> {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.replace(['_', ','], "").parse().ok()).collect();
    if given.is_empty() { default.to_vec() } else { given }
}
