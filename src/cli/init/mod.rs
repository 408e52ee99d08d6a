//! `signalpost init`: a site that builds at once, and the workflows that publish it.

mod decap;
mod kept;

use std::path::{Path, PathBuf};

use chrono::{Datelike, TimeDelta};

use super::args::{Global, Init};
use super::error::CommandError;
use super::terminal::{BOLD, Terminal, styled};
use super::{files, moment};
use crate::model::{Moment, Server};
use crate::source::SETTINGS;
use crate::{Now, Options, project};

/// Every file of a new site: its path, and its text with `@{…}` for what depends on the day. The settings come last: they make a
/// folder a site, and what was cut off before can be begun again.
const FILES: &[(&str, &str)] = &[
    ("content/servers.toml", include_str!("files/servers.toml")),
    ("content/pages/about.md", include_str!("files/about.md")),
    ("content/posts/@{day_before}-0800-we-have-a-status-page.md", include_str!("files/posts/notice.md")),
    ("content/posts/@{yesterday}-0912-web-1-answers-slowly.md", include_str!("files/posts/incident.md")),
    ("content/posts/@{yesterday}-1400-new-network-card.md", include_str!("files/posts/maintenance.md")),
    ("POSTING.md", include_str!("files/POSTING.md")),
    (".gitignore", include_str!("files/gitignore")),
    (".github/workflows/status.yml", include_str!("files/ci/github.yml")),
    (".gitlab-ci.yml", include_str!("files/ci/gitlab.yml")),
    (".forgejo/workflows/status.yml", include_str!("files/ci/forgejo.yml")),
    ("ci/install.sh", include_str!("files/ci/install.sh")),
    ("ci/check-against.sh", include_str!("files/ci/check-against.sh")),
    ("ci/rebuild-due.sh", include_str!("files/ci/rebuild-due.sh")),
    ("ci/announce.sh", include_str!("files/ci/announce.sh")),
    ("ci/publish-rsync.sh", include_str!("files/ci/publish-rsync.sh")),
    (SETTINGS, include_str!("files/site.toml")),
];

/// Where the program's source is, for the workflows; a reserved name while the package does not say it.
fn repository() -> &'static str {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|repository| !repository.is_empty()).unwrap_or("https://forge.example/signalpost/signalpost")
}

pub fn run(global: &Global, args: &Init, terminal: &mut Terminal) -> Result<(), CommandError> {
    let folder = args.dir.clone().or_else(|| global.root.clone()).unwrap_or_else(|| PathBuf::from("."));
    let is_a_site = folder.join(SETTINGS).exists();
    if is_a_site && !args.decap {
        let hint = "init makes new sites only; `signalpost serve` shows this one";
        return Err(CommandError::usage(format!("`{}` is a site already", folder.display())).hint(hint));
    }
    let now = moment::of_writing(None)?;
    let mut lacks = Vec::new();
    if !is_a_site {
        for (path, text) in FILES {
            if !write(&folder, &fill(path, now), &fill(text, now), terminal)? {
                lacks.extend(std::fs::read_to_string(folder.join(path)).ok().and_then(|there| kept::lacks(path, text, &there)));
            }
        }
    }
    if args.decap {
        let servers = servers(&folder, now)?;
        let written = [("config.yml", decap::config(&servers)), ("index.html", decap::PAGE.to_owned())]
            .into_iter()
            .map(|(name, text)| write(&folder, &format!("content/static/admin/{name}"), &text, terminal))
            .collect::<Result<Vec<bool>, CommandError>>()?;
        if is_a_site && !written.contains(&true) {
            let hint = "to write it anew, with the servers of today, delete `content/static/admin/config.yml` first";
            return Err(CommandError::usage("the form is there already").hint(hint));
        }
    }
    for words in lacks {
        terminal.always_say(format_args!("\n{words}"));
    }
    say_what_next(args, is_a_site, terminal);
    if !is_a_site && is_inside_a_repository(&folder) {
        terminal.say(
            "This folder lies in a git repository, and forges read workflows only at its root: make the site a repository of its own, `git init`.",
        );
    }
    Ok(())
}

/// Whether a folder above is the root of the repository, and not this one.
fn is_inside_a_repository(folder: &Path) -> bool {
    let is_root = |folder: &Path| folder.join(".git").exists();
    folder.canonicalize().is_ok_and(|folder| !is_root(&folder) && folder.ancestors().skip(1).any(is_root))
}

fn say_what_next(args: &Init, was_a_site: bool, terminal: &mut Terminal) {
    if !was_a_site {
        let go = args.dir.as_ref().map(|dir| format!("cd {} && ", dir.display())).unwrap_or_default();
        terminal.say(format_args!("\nLook at it:  {}", styled(BOLD, format_args!("{go}signalpost serve --open"))));
        terminal.say(
            "Then set title, address and servers in site.toml and content/servers.toml, and the address of this program in ci/install.sh.",
        );
        terminal.say("POSTING.md is for the people who will write here.");
    }
    if args.decap {
        terminal.say("The form needs two things more: your repository in content/static/admin/config.yml, and decap-cms.js beside it.");
    }
}

/// Writes a file unless there is one, and says which; whether it was written.
fn write(folder: &Path, path: &str, text: &str, terminal: &mut Terminal) -> Result<bool, CommandError> {
    let written = if path.ends_with(".sh") {
        files::create_program(&folder.join(path), text.as_bytes())?
    } else {
        files::create(&folder.join(path), text.as_bytes())?
    };
    terminal.say(format_args!("{} {path}", if written { "wrote" } else { "kept " }));
    Ok(written)
}

/// The site's servers, as far as they can be read; a slip in the servers file is `check`'s to tell.
fn servers(folder: &Path, now: Moment) -> Result<Vec<Server>, CommandError> {
    let project = project::read(folder)?;
    let (prepared, _) = crate::prepare(&project.sources, &Options { now: Now::Clock(now), drafts: true, base_url: None });
    match prepared {
        Some(prepared) => Ok(prepared.plan.site.servers.to_vec()),
        None => Err(CommandError::usage("the site's servers cannot be read").hint("`signalpost check` tells why")),
    }
}

/// Dates are told by the day, so that a site that was made a minute before midnight has no post from the future.
fn fill(text: &str, now: Moment) -> String {
    let day = |days: i64| (now + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    text.replace("@{yesterday}", &day(-1))
        .replace("@{day_before}", &day(-2))
        .replace("@{next_week}", &day(7))
        .replace("@{year}", &now.year().to_string())
        .replace("@{repository}", repository())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_file_is_filled() {
        let now = "2027-01-01T00:00:10Z".parse().unwrap();
        for (path, text) in FILES {
            assert!(!fill(path, now).contains("@{") && !fill(text, now).contains("@{"), "{path}");
        }
        assert_eq!(fill(FILES[3].0, now), "content/posts/2026-12-31-0912-web-1-answers-slowly.md");
    }

    #[test]
    fn the_instructions_show_commands_that_can_be_typed() {
        use clap::Parser;
        let typed = include_str!("files/POSTING.md").lines().filter(|line| line.starts_with("signalpost "));
        let commands: Vec<Vec<String>> = typed.map(words).collect();
        assert_eq!(commands.len(), 5);
        for command in commands {
            assert!(super::super::args::Cli::try_parse_from(&command).is_ok(), "{command:?}");
        }
    }

    /// A line's words, with double quotes around those that hold blanks.
    fn words(line: &str) -> Vec<String> {
        let pieces = line.split('"').enumerate();
        pieces
            .flat_map(|(n, piece)| if n % 2 == 1 { vec![piece.to_owned()] } else { piece.split_whitespace().map(str::to_owned).collect() })
            .collect()
    }
}
