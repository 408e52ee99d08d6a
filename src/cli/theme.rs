//! `signalpost theme`: the built-in theme's files, to look at and to change.

use super::args::{Global, Theme, ThemeCommand};
use super::error::CommandError;
use super::terminal::Terminal;
use super::{files, site};
use crate::findings::nearest::did_you_mean;
use crate::findings::{Findings, Format};
use crate::load::{config, names, servers};
use crate::project::Project;
use crate::source::SETTINGS;
use crate::theme::{BUILTIN_ASSETS, BUILTIN_TEMPLATES};

pub fn run(global: &Global, args: &Theme, terminal: &mut Terminal) -> Result<(), CommandError> {
    match &args.command {
        ThemeCommand::Eject { file: None } => list(terminal),
        ThemeCommand::Eject { file: Some(file) } => eject(global, file, terminal),
    }
}

/// Every built-in file by its name below the theme's folder.
fn built_in() -> Vec<(String, &'static [u8])> {
    let templates = BUILTIN_TEMPLATES.iter().map(|(name, text)| (format!("templates/{name}"), text.as_bytes()));
    let assets = BUILTIN_ASSETS.iter().map(|(name, bytes)| (format!("static/{name}"), *bytes));
    templates.chain(assets).collect()
}

fn list(terminal: &mut Terminal) -> Result<(), CommandError> {
    terminal.data(built_in().iter().map(|(name, _)| format!("{name}\n")).collect::<String>())
}

/// Copies a file to where the site's own theme overrides it, and prints its path.
fn eject(global: &Global, file: &str, terminal: &mut Terminal) -> Result<(), CommandError> {
    let files = built_in();
    let is_meant = |name: &str| name == file || name.split_once('/').is_some_and(|(_, below)| below == file);
    let Some((name, bytes)) = files.iter().find(|(name, _)| is_meant(name)) else {
        let names: Vec<&str> = files.iter().flat_map(|(name, _)| [name.as_str()].into_iter().chain(name.rsplit('/').next())).collect();
        let hint = did_you_mean(file, &names, "`signalpost theme eject` lists them");
        return Err(CommandError::usage(format!("the built-in theme has no file `{file}`")).hint(hint));
    };
    let project = site::open(global)?;
    let path = format!("themes/{}/{name}", chosen(&project, terminal)?);
    if !files::create(&project.root.join(&path), bytes)? {
        return Err(CommandError::usage(format!("`{path}` is there already, and stays as it is")));
    }
    terminal.data(format_args!("{path}\n"))?;
    terminal.say("It stands in place of the built-in file from now on; delete it to go back.");
    Ok(())
}

/// The theme that the settings name. It need not be there: its first file makes it.
fn chosen(project: &Project, terminal: &mut Terminal) -> Result<String, CommandError> {
    let mut findings = Findings::default();
    // What is wrong with the servers is told by `check`, and has nothing to do with the theme.
    let servers = servers::read(project.sources.get(servers::PATH), &mut Findings::default());
    let settings = project.sources.get(SETTINGS).map(|file| config::read(file, &servers, None, &mut findings));
    let Some(settings) = settings.filter(|_| !findings.has_errors()) else {
        site::show(&findings, &project.sources, Format::Human, terminal)?;
        return Err(CommandError::Findings);
    };
    // It becomes a folder, which must not lie outside the site.
    match names::problem(&settings.theme) {
        None => Ok(settings.theme),
        Some(why) => Err(CommandError::usage(format!("a theme cannot be called `{}`: {why}", settings.theme))
            .hint("write another name in site.toml: `theme = \"default\"`")),
    }
}
