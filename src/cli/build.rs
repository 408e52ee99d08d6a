//! `signalpost build`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::args::{Build, Global};
use super::error::CommandError;
use super::progress::Progress;
use super::terminal::{BOLD, Terminal, styled};
use super::{moment, site};
use crate::findings::{self, Findings, Format, visible};
use crate::publish::{PublishOptions, Published};
use crate::source::Sources;

pub fn run(global: &Global, args: &Build, terminal: &mut Terminal) -> Result<(), CommandError> {
    let options = site::options(&args.publishing.reading)?;
    let mut timings = Timings::start();
    let mut project = site::open(global)?;
    timings.step("read the files");
    let progress = Progress::new(terminal.err_is_terminal() && !terminal.is_quiet());
    progress.step("Reading");
    let (prepared, mut findings) = crate::prepare(&project.sources, &options);
    // Of most texts nothing will be said any more: what is made next can have their memory.
    let told = findings.files();
    project.sources.release(|path| path.starts_with("themes/") || told.contains(path));
    timings.step("understand and plan");
    progress.step("Building");
    let output = args.publishing.output.clone().unwrap_or_else(|| project.root.join("public"));
    let how = PublishOptions { root: Some(&project.root), force: args.publishing.force, in_place: args.in_place, sync: args.sync };
    let drafts = prepared.as_ref().map(|prepared| prepared.plan.site.drafts.clone()).unwrap_or_default();
    let published = match prepared.filter(|_| !findings.has_errors()) {
        Some(mut prepared) => {
            prepared.outputs = progress.count(prepared.outputs);
            let published = crate::publish_site(&prepared, &output, &how, &mut findings);
            // The process ends soon, and to give back millions of small pieces one by one takes a large site longer than to plan it.
            std::mem::forget(prepared);
            published
        }
        None => Ok(None),
    };
    timings.step("make and write");
    drop(progress);
    match &published {
        Ok(Some(published)) if args.format == Format::Json => terminal.data(with_changes(&findings, &project.sources, published))?,
        _ => site::show_of_build(&findings, &project.sources, args.format, terminal)?,
    }
    moment::tell_of_epoch(options.now, &findings, terminal);
    let Some(published) = published? else {
        if output.exists() {
            terminal.always_say(format_args!("The previous site in `{}` is untouched.", visible(&shown(&output).to_string_lossy())));
        }
        return Err(CommandError::Findings);
    };
    for path in &project.skipped {
        terminal.detail(format_args!("skipped {}", visible(path)));
    }
    for path in &drafts {
        terminal.detail(format_args!("skipped {}, a draft", visible(path)));
    }
    tell(&published, &output, timings.total(), terminal);
    if args.timings {
        terminal.always_show(timings.table(published.writing));
    }
    std::mem::forget(project); // as above
    Ok(())
}

/// What was done, in a line; every changed file where the person wants to know more.
pub fn tell(published: &Published, output: &Path, took: Duration, terminal: &mut Terminal) {
    for (word, paths) in lists(published) {
        for path in paths {
            terminal.detail(format_args!("{word:7} {}", visible(path)));
        }
    }
    terminal.say(format_args!("{} {}", styled(BOLD, "Built"), visible(&summary(published, &shown(output), took))));
}

/// The findings, and behind them each file that changed: `{"change": "added", "file": "index.html"}`.
fn with_changes(findings: &Findings, sources: &Sources, published: &Published) -> String {
    let mut list = findings::json_list(findings, sources);
    for (change, paths) in lists(published) {
        list.extend(paths.iter().map(|file| json!({ "change": change, "file": file })));
    }
    format!("{:#}\n", Value::from(list))
}

fn lists(published: &Published) -> [(&'static str, &[String]); 3] {
    [("added", &published.added), ("changed", &published.changed), ("removed", &published.removed)]
}

/// "1204 files in `public` (2 added, 12 changed) in 0.31 s"
fn summary(published: &Published, output: &Path, took: Duration) -> String {
    let files = published.added.len() + published.changed.len() + published.unchanged;
    let counts: Vec<String> =
        lists(published).iter().filter(|(_, paths)| !paths.is_empty()).map(|(word, paths)| format!("{} {word}", paths.len())).collect();
    let counts = if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(", ") };
    format!("{files} files in `{}` ({counts}) in {:.2} s", output.display(), took.as_secs_f64())
}

/// A path as it is typed from here.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).filter(|path| !path.as_os_str().is_empty()).unwrap_or(path).to_owned()
}

/// How long each step took.
struct Timings {
    started: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Timings {
    fn start() -> Timings {
        Timings { started: Instant::now(), steps: Vec::new() }
    }

    /// Ends a step that began where the last one ended.
    fn step(&mut self, name: &'static str) {
        let before: Duration = self.steps.iter().map(|(_, took)| *took).sum();
        self.steps.push((name, self.started.elapsed() - before));
    }

    fn total(&self) -> Duration {
        self.steps.iter().map(|(_, took)| *took).sum()
    }

    /// `writing` is a part of the last step, on all threads together.
    fn table(&self, writing: Duration) -> String {
        let threads = u32::try_from(rayon::current_num_threads()).unwrap_or(1).max(1);
        let lines = self.steps.iter().copied().chain([("  of it writing", writing / threads), ("in all", self.total())]);
        lines.map(|(name, took)| format!("{name:20}{:9.1} ms\n", took.as_secs_f64() * 1000.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_told_in_a_line() {
        let told = |published: &Published| summary(published, Path::new("public"), Duration::from_millis(314));
        let mut published = Published { added: vec!["a".into(); 2], changed: vec!["b".into(); 12], unchanged: 30, ..Published::default() };
        assert_eq!(told(&published), "44 files in `public` (2 added, 12 changed) in 0.31 s");
        published.removed.push("c".into());
        assert_eq!(told(&published), "44 files in `public` (2 added, 12 changed, 1 removed) in 0.31 s");
        assert_eq!(told(&Published { unchanged: 30, ..Published::default() }), "30 files in `public` (nothing changed) in 0.31 s");
    }
}
