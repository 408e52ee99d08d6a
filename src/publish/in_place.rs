//! Publishing file by file, for an output folder that cannot be exchanged: a mount point, a git worktree.
//!
//! Everything was written to a side folder before, so that a full disk is met before anything shows. Then each file takes
//! its place by a rename, in an order in which a reader finds what a page asks for; deletions come last. A journal says
//! what may have been written: cut off at any instant, the next build knows all files as its own and finishes the job.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::difference::Difference;
use super::folder::write_new;
use super::interrupt::Interrupts;
use super::manifest;
use super::scan::remove;
use super::staging::Staging;
use super::{PublishOptions, at, sync};
use crate::failure::Failure;
use crate::outputs::role::Role;

pub fn publish(
    difference: &Difference<'_>,
    output: &Path,
    staging: &Staging,
    options: &PublishOptions<'_>,
    interrupts: &Interrupts,
) -> Result<(), Failure> {
    let own = output.join(manifest::FOLDER);
    fs::create_dir_all(&own).map_err(at("create", &own))?;
    let written = in_turn(difference.written());
    let brought;
    let staging = if staging.is_within(output) {
        staging
    } else {
        brought = bring_in(&written, staging, own.join("stage"), interrupts)?;
        &brought
    };
    interrupts.check()?;
    // From here on it is sooner finished than taken back.
    write_whole(&output.join(manifest::JOURNAL), &difference.manifest.text(), &own)?;
    if options.sync {
        sync(&own)?;
    }
    for (path, number) in &written {
        let place = output.join(path);
        make_way(output, path, difference)?;
        fs::rename(staging.place(path, *number), &place).map_err(at("replace", &place))?;
    }
    for path in &difference.removed {
        take_away(output, path)?;
    }
    let (journal, done) = (output.join(manifest::JOURNAL), output.join(manifest::PATH));
    fs::rename(&journal, &done).map_err(at("replace", &done))?;
    if options.sync { sync(output) } else { Ok(()) }
}

/// Files in the order in which they take their places; within a turn as they come.
fn in_turn<'a>(files: impl Iterator<Item = (&'a str, usize)>) -> Vec<(&'a str, usize)> {
    let mut files: Vec<_> = files.collect();
    files.sort_by_cached_key(|(path, _)| Role::of(path).turn());
    files
}

/// Brings files that wait elsewhere into the output's own file system, where a rename puts each into its place.
fn bring_in(written: &[(&str, usize)], staging: &Staging, stage: PathBuf, interrupts: &Interrupts) -> Result<Staging, Failure> {
    remove(&stage).and_then(|()| fs::create_dir(&stage)).map_err(at("create", &stage))?;
    let brought = Staging::Numbered(stage);
    written.par_iter().try_for_each(|(path, number)| {
        interrupts.check()?;
        let (from, to) = (staging.place(path, *number), brought.place(path, *number));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => fs::copy(&from, &to).map(drop),
            moved => moved,
        }
        .map_err(at("write", &to))
    })?;
    Ok(brought)
}

/// Makes the folders of a new file; a file of ours that stands where a folder is needed, or the other way round, goes first.
fn make_way(output: &Path, path: &str, difference: &Difference<'_>) -> Result<(), Failure> {
    let place = output.join(path);
    let Some(parent) = place.parent() else { return Ok(()) };
    for folder in manifest::parents(path) {
        if difference.removed.binary_search(&folder).is_ok() {
            take_away(output, folder)?;
        }
    }
    fs::create_dir_all(parent).map_err(at("create", parent))?;
    if place.is_dir() {
        let below = format!("{path}/");
        for removed in difference.removed.iter().filter(|removed| removed.starts_with(&below)) {
            take_away(output, removed)?;
        }
        let _ = fs::remove_dir(&place);
    }
    Ok(())
}

/// Removes a file, and the folders that this leaves empty.
fn take_away(output: &Path, path: &str) -> Result<(), Failure> {
    let place = output.join(path);
    if fs::symlink_metadata(&place).is_ok_and(|there| there.is_dir()) {
        return Ok(()); // a folder of the new site has its name
    }
    match fs::remove_file(&place) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(at("remove", &place)(error));
        }
        _ => {}
    }
    for folder in place.ancestors().skip(1).take_while(|folder| *folder != output) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(place: &Path, bytes: &[u8], own: &Path) -> Result<(), Failure> {
    let new = own.join("new");
    remove_file(&new)?; // of a build that died
    let written = write_new(&new, bytes).map_err(at("write", &new));
    let done = written.and_then(|()| fs::rename(&new, place).map_err(at("replace", place)));
    if done.is_err() {
        let _ = fs::remove_file(&new);
    }
    done
}

fn remove_file(place: &Path) -> Result<(), Failure> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at("remove", place)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_come_before_pages_and_what_says_that_something_is_new_comes_last() {
        let paths = [
            "2026/05/04/a/index.html",
            "_headers",
            "api/v2/status.json",
            "assets/site.0123456789.css",
            "assets/x.json",
            "badge.svg",
            "feed.xml",
            "feeds.opml",
            "index.html",
            "logo.png",
            "server/nc023/badge.svg",
            "server/nc023/index.html",
            "widget.js",
            "widget/index.html",
            "widget/widget.css",
        ];
        let order: Vec<&str> = in_turn(paths.into_iter().zip(0..)).into_iter().map(|(path, _)| path).collect();
        let assets = ["assets/site.0123456789.css", "assets/x.json", "logo.png", "widget/widget.css"];
        let pages = ["2026/05/04/a/index.html", "server/nc023/index.html", "widget/index.html"];
        let last = ["_headers", "api/v2/status.json", "badge.svg", "feed.xml", "feeds.opml", "server/nc023/badge.svg", "widget.js"];
        assert_eq!(order, [&assets[..], &pages, &["index.html"], &last].concat());
    }
}
