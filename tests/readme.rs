//! The README is the manual: its tables are the program's own lists, and its commands run.
//!
//! `SIGNALPOST_WRITE=1 cargo test --test readme` writes the tables, without the variable they are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use signalpost::findings::Code;
use signalpost::load::keys::{self, Key};
use signalpost::outputs::KINDS;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn key_rows(keys: &[Key]) -> String {
    keys.iter()
        .map(|key| format!("| `{}` | {}{} |\n", key.name, if key.required { "**Required.** " } else { "" }, key.about.replace('|', "\\|")))
        .collect()
}

fn rows(name: &str) -> String {
    match name {
        "site" => key_rows(keys::SITE),
        "feeds" => key_rows(keys::FEEDS),
        "editor" => key_rows(keys::EDITOR),
        "sidebar" => key_rows(keys::SIDEBAR),
        "webhook" => key_rows(keys::WEBHOOK),
        "mail" => key_rows(keys::MAIL),
        "server" => key_rows(keys::SERVER),
        "post" => key_rows(keys::POST),
        "findings" => {
            Code::ALL.iter().map(|code| format!("| `{}` | {} | {} |\n", code.name(), code.severity().word(), code.title())).collect()
        }
        "outputs" => KINDS.iter().map(|kind| format!("| {} | {} |\n", kind.addresses, kind.about)).collect(),
        "commands" => command_rows("signalpost", &signalpost::cli::command()),
        other => panic!("no table is called {other}"),
    }
}

/// A row for each command with all that may be typed behind it, and what it does.
fn command_rows(before: &str, command: &clap::Command) -> String {
    command
        .get_subcommands()
        .map(|command| {
            let name = format!("{before} {}", command.get_name());
            if command.has_subcommands() {
                return command_rows(&name, command);
            }
            let (typed, options): (Vec<_>, Vec<_>) = command.get_arguments().partition(|argument| argument.is_positional());
            let usage: Vec<String> = std::iter::once(name).chain(typed.into_iter().chain(options).map(usage)).collect();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            format!("| `{}` | {} |\n", usage.join(" ").replace('|', "\\|"), about.replace('|', "\\|"))
        })
        .collect()
}

/// `KIND`, `[TEXT]…`, `[--output DIR]`, `[--format table|json]`
fn usage(argument: &clap::Arg) -> String {
    let words: Vec<_> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let words = Some(words.join("|")).filter(|words| !words.is_empty() && words.len() <= 32);
    let name = argument.get_value_names().map_or_else(|| argument.get_id().to_string().to_uppercase(), |names| names[0].to_string());
    let value = words.unwrap_or(name);
    let usage = match argument.get_long() {
        Some(long) if argument.get_action().takes_values() => format!("[--{long} {value}]"),
        Some(long) => format!("[--{long}]"),
        None if argument.is_required_set() => value,
        None => format!("[{value}]"),
    };
    if matches!(argument.get_action(), clap::ArgAction::Append) { format!("{usage}…") } else { usage }
}

#[test]
fn the_tables_of_the_readme_are_the_lists_in_the_program() {
    let text = fs::read_to_string(path()).unwrap();
    let mut expected = String::new();
    let mut rest = text.as_str();
    let mut tables = 0;
    while let Some((before, after)) = rest.split_once("<!-- generated: ") {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once("<!-- end -->").unwrap();
        expected += &format!("{before}<!-- generated: {name} -->\n{}<!-- end -->", rows(name));
        rest = after;
        tables += 1;
    }
    expected += rest;
    assert_eq!(tables, 11);
    if std::env::var_os("SIGNALPOST_WRITE").is_some() {
        fs::write(path(), &expected).unwrap();
    } else {
        assert!(text == expected, "out of date: run SIGNALPOST_WRITE=1 cargo test --test readme");
    }
}

/// Every line of a block that is marked `sh`, in order.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn every_command_of_the_readme_runs() {
    let root = path().parent().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("clone");
    fs::create_dir(&site).unwrap();
    fs::copy(root.join("site.toml"), site.join("site.toml")).unwrap();
    copy(&root.join("content"), &site.join("content"));
    // What the section on moving has beside the site.
    fs::copy(root.join("tests/import/wordpress.xml"), site.join("export.xml")).unwrap();
    copy(&root.join("tests/import/uploads"), &site.join("uploads"));
    let program = Path::new(env!("CARGO_BIN_EXE_signalpost"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let run = |command: &str, folder: &Path| {
        assert!(command.starts_with("signalpost "), "{command}");
        let output = Command::new("sh").args(["-c", command]).current_dir(folder).env("PATH", &path).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let all = commands(&readme);
    assert!(all.len() > 15, "{all:?}");
    all.iter().for_each(|command| run(command, &site));
    // The first post of a newcomer stands in the site that `init` made.
    let (_, first) = readme.split_once("## Post in a minute\n").unwrap();
    let first = commands(first.split("\n## ").next().unwrap());
    assert!(first.len() > 2, "{first:?}");
    first.iter().for_each(|command| run(command, &site.join("status")));
}
