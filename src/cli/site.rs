//! What most commands begin with: the site's files read, built at a moment, and its findings shown.

use std::path::Path;
use std::sync::Arc;

use super::args::{Global, Reading};
use super::error::CommandError;
use super::moment;
use super::terminal::Terminal;
use crate::findings::{self, Drawing, Findings, Format};
use crate::model::Site;
use crate::project::{self, Project};
use crate::source::Sources;
use crate::{Now, Options};

/// Said where the folder that is watched was exchanged for another.
pub const ANOTHER_ROOT: &str = "The site's folder is another one now: building from that.";

/// Finds the site and reads its files.
pub fn open(global: &Global) -> Result<Project, CommandError> {
    let root = match &global.root {
        Some(root) if root.join(crate::source::SETTINGS).is_file() => root.clone(),
        Some(root) => {
            let hint = format!("name a site's folder, or make one there: signalpost init {}", root.display());
            return Err(CommandError::usage(format!("there is no `site.toml` in `{}`", root.display())).hint(hint));
        }
        None => project::find_root(Path::new("."))?,
    };
    Ok(project::read(&root)?)
}

/// The options of a command that builds.
pub fn options(reading: &Reading) -> Result<Options, CommandError> {
    Ok(Options { now: moment::of_site(reading.at.now)?, drafts: reading.drafts, base_url: reading.base_url.clone() })
}

/// The site at a moment, for a question about it; an error in any file stops it, since the answer could be wrong.
pub fn at(now: Now, project: &Project, terminal: &mut Terminal) -> Result<Arc<Site>, CommandError> {
    let (prepared, findings) = crate::prepare(&project.sources, &Options { now, drafts: false, base_url: None });
    match prepared {
        Some(prepared) if !findings.has_errors() => Ok(prepared.plan.site),
        _ => {
            show(&findings, &project.sources, Format::Human, terminal)?;
            moment::tell_of_epoch(now, &findings, terminal);
            Err(CommandError::Findings)
        }
    }
}

/// Writes findings: for people to the standard error, for programs to the standard output.
pub fn show(findings: &Findings, sources: &Sources, format: Format, terminal: &mut Terminal) -> Result<(), CommandError> {
    show_as(Drawing { format, ..Drawing::default() }, findings, sources, terminal)
}

/// The same for a command that publishes the site.
pub fn show_of_build(findings: &Findings, sources: &Sources, format: Format, terminal: &mut Terminal) -> Result<(), CommandError> {
    show_as(Drawing { format, publishes: true, ..Drawing::default() }, findings, sources, terminal)
}

fn show_as(drawing: Drawing, findings: &Findings, sources: &Sources, terminal: &mut Terminal) -> Result<(), CommandError> {
    let drawing = Drawing { colour: terminal.err_has_color(), width: terminal.width(), ..drawing };
    let drawn = findings::draw(findings, sources, drawing);
    if drawing.format.is_data() {
        terminal.data(drawn)
    } else {
        terminal.always_show(drawn);
        Ok(())
    }
}
