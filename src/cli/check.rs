//! `signalpost check`

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io;
use std::path::Path;

use bytes::Bytes;

use super::args::{Check, Global};
use super::error::CommandError;
use super::terminal::{GREEN, Terminal, styled};
use super::{moment, site};
use crate::checks::against::against;
use crate::failure::at;
use crate::findings::{Findings, visible};
use crate::project::Project;
use crate::publish::{MANIFEST, Manifest};
use crate::{Options, render};

pub fn run(global: &Global, args: &Check, terminal: &mut Terminal) -> Result<(), CommandError> {
    let options = site::options(&args.reading)?;
    let earlier = args.against.as_deref().map(read_output).transpose()?;
    let project = site::open(global)?;
    let mut findings = Findings::default();
    let comparison = look(&project, &options, earlier.as_ref(), &mut findings);
    site::show(&findings, &project.sources, args.format, terminal)?;
    moment::tell_of_epoch(options.now, &findings, terminal);
    match comparison {
        Some(Comparison::Changes(sentence)) => terminal.say(format_args!("Subscribers will be told: {}.", visible(&sentence))),
        Some(Comparison::NothingToCompare) => {
            let folder = args.against.as_deref().unwrap_or(Path::new("."));
            let hint = "name the folder that an earlier `signalpost build` wrote, or its status.json";
            return Err(CommandError::usage(format!("`{}` holds no earlier site", folder.display())).hint(hint));
        }
        None => {}
    }
    if findings.has_errors() {
        return Err(CommandError::Findings);
    }
    if findings.is_empty() {
        terminal.say(styled(GREEN, "No problems found."));
    }
    Ok(())
}

/// What the comparison with an earlier site gave.
enum Comparison {
    /// In words, what subscribers hear of.
    Changes(String),
    NothingToCompare,
}

fn look(project: &Project, options: &Options, earlier: Option<&BTreeMap<String, Bytes>>, findings: &mut Findings) -> Option<Comparison> {
    let (prepared, found) = crate::prepare(&project.sources, options);
    findings.extend(found);
    let prepared = prepared?;
    let Some(earlier) = earlier else {
        // Every file is made, for what a template got wrong, and none is kept: the site need not fit into memory.
        let Ok(_) = render::each(&prepared.plan, &prepared.outputs, &prepared.theme, findings, |_, _| Ok::<_, Infallible>(()));
        return None;
    };
    let bundle = render::bundle(&prepared.plan, &prepared.outputs, &prepared.theme, findings);
    if findings.has_errors() {
        return None;
    }
    let changes = against(earlier, &prepared.plan.site, &bundle, findings);
    Some(changes.map_or(Comparison::NothingToCompare, |changes| Comparison::Changes(changes.to_string())))
}

/// The files that a build wrote into an output folder, by their path below it; of a single file, that one.
fn read_output(place: &Path) -> Result<BTreeMap<String, Bytes>, CommandError> {
    let mut files = BTreeMap::new();
    if place.is_file() {
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.insert(name, fs::read(place).map_err(at("read", place))?.into());
        return Ok(files);
    }
    if !place.is_dir() {
        let hint = "name the folder that an earlier `signalpost build` wrote, or its status.json";
        return Err(CommandError::usage(format!("there is no folder `{}` to hold the site against", place.display())).hint(hint));
    }
    read_below(place, "", &mut files).map_err(at("read the site in", place))?;
    // What no build wrote is left where it is, and goes on answering.
    if let Some(manifest) = files.get(MANIFEST).and_then(|text| Manifest::parse(std::str::from_utf8(text).ok()?)) {
        files.retain(|path, _| manifest.files.contains_key(path));
    }
    Ok(files)
}

fn read_below(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_below(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            files.insert(format!("{prefix}{name}"), fs::read(entry.path())?.into());
        }
    }
    Ok(())
}
