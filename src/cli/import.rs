//! `signalpost import`

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::{Global, Import};
use super::error::CommandError;
use super::terminal::Terminal;
use super::{files, moment, site};
use crate::failure::{Failure, at};
use crate::findings::{Finding, Findings, Format, Severity, visible};
use crate::import::{self, ExistingSite, File, Imported, NewPost, System};
use crate::load::STATIC;
use crate::project::Project;
use crate::{Now, Options};

pub fn run(global: &Global, args: &Import, terminal: &mut Terminal) -> Result<(), CommandError> {
    if let Some(path) = args.files.iter().find(|path| !path.exists()) {
        return Err(CommandError::usage(format!("there is no `{}` to import", path.display())));
    }
    let project = site::open(global)?;
    let options = Options { now: Now::Clock(moment::of_writing(None)?), drafts: true, base_url: None };
    let (prepared, findings) = crate::prepare(&project.sources, &options);
    let Some(prepared) = prepared else {
        site::show(&findings, &project.sources, Format::Human, terminal)?;
        return Err(CommandError::Findings);
    };
    let outputs = prepared.outputs.iter().map(|output| output.path.clone()).collect();
    let media = args.media.as_deref().map(list).transpose()?.unwrap_or_default();
    let existing = ExistingSite { site: &prepared.plan.site, outputs: &outputs, media: &media };
    let mut skipped = Vec::new();
    let export = args.files.iter().map(|path| read(path, args.system, &mut skipped)).collect::<Result<Vec<_>, _>>()?.concat();
    let mut imported = import::import(args.system, &export, args.guess, &existing)
        .map_err(|refused| Failure::refused("import", refused.to_string()).help("nothing was written"))?;
    skipped.iter().for_each(|path| imported.report.skip("no issue of cState", &path.display().to_string()));
    check(&imported, &project, &options, terminal)?;
    for line in imported.report.lines() {
        terminal.say(visible(&line));
    }
    let written = write(&imported, &project, args.media.as_deref(), args.dry_run)?;
    written.tell(args.dry_run, terminal);
    Ok(())
}

/// A file; where an export is a folder of posts, each of them. What else lies in the folder is skipped.
fn read(path: &Path, system: System, skipped: &mut Vec<PathBuf>) -> Result<Vec<File>, Failure> {
    let paths = match system {
        System::Cstate if path.is_dir() => {
            let (issues, others) = list(path)?.iter().map(|file| path.join(file)).partition(|file| is_issue(file));
            skipped.extend::<Vec<_>>(others);
            issues
        }
        _ => vec![path.to_owned()],
    };
    let file = |from: PathBuf| {
        let below = from.strip_prefix(path).ok().filter(|below| below.file_name().is_some()).or(from.file_name().map(Path::new));
        let below = below.unwrap_or(&from).to_string_lossy().replace('\\', "/");
        Ok(File { bytes: fs::read(&from).map_err(at("read", &from))?, name: from.display().to_string(), below })
    };
    paths.into_iter().map(file).collect()
}

/// Hugo's `_index.md` is a list's own text.
fn is_issue(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "md") && file.file_name().is_some_and(|name| name != "_index.md")
}

/// The files of a folder and the folders below it, by their paths below it; what is no ordinary file is none.
fn list(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(at("read", &next))? {
            let entry = entry.map_err(at("read", &next))?;
            let path = entry.path();
            // Such names would not be published.
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let metadata = fs::symlink_metadata(&path).map_err(at("read", &path))?;
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.is_file()
                && let Some(below) = path.strip_prefix(folder).ok().and_then(Path::to_str)
            {
                files.insert(below.to_owned());
            }
        }
    }
    Ok(files)
}

fn media_path(file: &str) -> String {
    format!("{STATIC}wp-content/uploads/{file}")
}

/// Builds the site with the new files, and refuses what `check` would.
fn check(imported: &Imported, project: &Project, options: &Options, terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut sources = project.sources.clone();
    let mut new = BTreeSet::new();
    for post in imported.posts.iter().filter(|post| project.sources.get(&post.path).is_none()) {
        sources.insert(&post.path, post.text.clone());
        new.insert(post.path.as_str());
    }
    for file in &imported.media {
        sources.insert(&media_path(file), "");
    }
    let (_, findings) = crate::prepare(&sources, options);
    let concerns = |finding: &Finding| {
        let mut spans = std::iter::once(&finding.span).chain(finding.related.iter().map(|(span, _)| span));
        finding.severity() == Severity::Error && spans.any(|span| new.contains(&*span.path))
    };
    let mut refused = Findings::default();
    refused.extend(findings.into_iter().filter(concerns));
    if refused.is_empty() {
        return Ok(());
    }
    site::show(&refused, &sources, Format::Human, terminal)?;
    terminal.always_say("Nothing was written: the imported posts would have these errors.");
    Err(CommandError::Findings)
}

/// What became of the files.
#[derive(Default)]
struct Written {
    new: usize,
    /// Were there with the same content, or under another name.
    there: usize,
    /// Are there with another content.
    kept: Vec<String>,
    copied: usize,
}

/// Writes what is not there. A dry run does the same but for the writing.
fn write(imported: &Imported, project: &Project, media: Option<&Path>, is_dry: bool) -> Result<Written, Failure> {
    let mut written = Written { there: imported.there.len(), ..Written::default() };
    // Each file is on the disk before the next is begun: several at a time wait shorter.
    let is_new = |post: &NewPost| match project.sources.get(&post.path) {
        Some(there) => Ok((*there.bytes != *post.text.as_bytes()).then_some(false)),
        None if is_dry => Ok(Some(true)),
        None => files::create(&project.root.join(&post.path), post.text.as_bytes()).map(Some),
    };
    let made: Vec<Result<Option<bool>, Failure>> = imported.posts.par_iter().map(is_new).collect();
    for (post, made) in imported.posts.iter().zip(made) {
        match made? {
            Some(true) => written.new += 1,
            Some(false) => written.kept.push(post.path.clone()),
            None => written.there += 1,
        }
    }
    for file in &imported.media {
        let path = media_path(file);
        let is_there = project.sources.get(&path).is_some();
        let Some(from) = media.map(|media| media.join(file)).filter(|_| !is_there) else { continue };
        if is_dry || files::create(&project.root.join(&path), &fs::read(&from).map_err(at("read", &from))?)? {
            written.copied += 1;
        }
    }
    Ok(written)
}

impl Written {
    fn tell(&self, is_dry: bool, terminal: &mut Terminal) {
        for path in &self.kept {
            terminal.always_say(visible(&format!("{path} is kept as it is: the export would make it otherwise.")));
        }
        let posts = |count: usize| if count == 1 { "1 post".to_owned() } else { format!("{count} posts") };
        let mut told = format!("{} {}", posts(self.new), if is_dry { "would be imported" } else { "imported" });
        let more = [(self.there, "there already"), (self.kept.len(), "kept as they are"), (self.copied, "files copied")];
        for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
            told.push_str(&format!(", {count} {what}"));
        }
        terminal.say(format_args!("{told}."));
    }
}
