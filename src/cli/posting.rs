//! What the commands that write posts share: the site as it is, and the check of what they are about to write.

use std::cell::RefCell;
use std::fs::File;
use std::sync::Arc;

use super::args::Global;
use super::error::CommandError;
use super::lock::{WhenHeld, lock};
use super::terminal::Terminal;
use super::{editor, moment, outcome, site};
use crate::findings::{Finding, Findings, Format, Severity, visible};
use crate::load::Memo;
use crate::load::POSTS;
use crate::model::{Moment, Site};
use crate::project::Project;
use crate::source::Sources;
use crate::{Now, Options};

/// One run of a command that writes a post: the site as it was read, to which a post or an update is about to be added.
pub struct PostingSession {
    pub project: Project,
    /// As it is published, or with drafts where one is written to; once all is done, as it is published.
    pub site: Arc<Site>,
    pub findings: Findings,
    pub now: Moment,
    with_drafts: bool,
    /// The moment that stands for the clock's.
    given: Option<Moment>,
    /// What was read of files that a dry run does not change.
    memo: RefCell<Memo>,
}

impl PostingSession {
    /// For an update: what a draft says holds for nobody, and is not read.
    pub fn open(global: &Global, given: Option<Moment>, terminal: &mut Terminal) -> Result<PostingSession, CommandError> {
        PostingSession::opened(global, given, false, terminal)
    }

    /// For a new post, which its template may make a draft.
    pub fn open_with_drafts(global: &Global, given: Option<Moment>, terminal: &mut Terminal) -> Result<PostingSession, CommandError> {
        PostingSession::opened(global, given, true, terminal)
    }

    fn opened(global: &Global, given: Option<Moment>, with_drafts: bool, terminal: &mut Terminal) -> Result<PostingSession, CommandError> {
        let project = site::open(global)?;
        let now = moment::of_writing(given)?;
        moment::tell_of_stamp(given, terminal);
        let mut memo = Memo::default();
        let (site, findings) = understood(&project, now, with_drafts, &mut memo, terminal)?;
        Ok(PostingSession { project, site, findings, now, with_drafts, given, memo: RefCell::new(memo) })
    }

    /// Reads drafts as well, or leaves them out again.
    pub fn read_drafts(&mut self, with_drafts: bool, terminal: &mut Terminal) -> Result<(), CommandError> {
        self.with_drafts = with_drafts;
        (self.site, self.findings) = understood(&self.project, self.now, with_drafts, self.memo.get_mut(), terminal)?;
        Ok(())
    }

    /// What others wrote since, and what time it is now: between opening the session and writing, a person may have typed for minutes.
    /// As long as the lock is held, no other command of ours writes a post. There is none where the folder cannot be locked, as on some
    /// network drives: nobody is kept from posting by that.
    #[must_use = "without the lock another command may write between reading and writing"]
    pub fn lock_and_refresh(&mut self, terminal: &mut Terminal) -> Result<Option<File>, CommandError> {
        let lock = lock(&self.project.root.join(POSTS), WhenHeld::Wait).ok();
        let changes = self.project.refresh()?;
        let now = moment::of_writing(self.given)?;
        if !changes.is_empty() || now != self.now {
            (self.site, self.findings) = understood(&self.project, now, self.with_drafts, self.memo.get_mut(), terminal)?;
            self.now = now;
        }
        Ok(lock)
    }

    /// Says which file was written, opens it in the editor where that was asked for, and says what `check` warns of because of it and what
    /// holds now: from the files as a build reads them, at `written` or later. An error in any of them keeps the page as it was; the file is
    /// written all the same.
    pub fn done(&mut self, path: &str, written: Moment, edit: bool, terminal: &mut Terminal) -> Result<(), CommandError> {
        // The file is written, whoever can read that or not: a script that tried again would say everything twice.
        if let Err(CommandError::Failure(failure)) = terminal.data(format_args!("{path}\n")) {
            let why = failure.why;
            terminal.always_say(visible(&format!("`{path}` is written, but that could not be said on the standard output: {why}")));
        }
        // Whatever the editor did: what holds now is said.
        let edited = if edit { editor::open(&self.project.root.join(path)) } else { Ok(()) };
        self.project.refresh()?;
        self.now = moment::of_writing(self.given)?.max(written);
        let (site, findings) = read(&self.project.sources, self.now, false, self.memo.get_mut());
        let warnings = |findings: &Findings| about(path, Severity::Warning, findings);
        let noted = brought(&warnings(&self.findings), warnings(&findings));
        site::show(&noted, &self.project.sources, Format::Human, terminal)?;
        let mut errors = Findings::default();
        errors.extend(findings.into_iter().filter(|finding| finding.severity() == Severity::Error));
        if let Some(site) = site {
            self.site = site;
        }
        if self.site.drafts.iter().any(|draft| **draft == *path) {
            terminal.always_say("The post is a draft, and nobody sees it: to publish it, take `draft = true` out of it.");
        }
        if errors.is_empty() {
            if let Some(line) = outcome::of_post(path, &self.site) {
                terminal.say(line);
            }
            return edited;
        }
        site::show(&errors, &self.project.sources, Format::Human, terminal)?;
        if edit && !errors_about(path, &errors).is_empty() {
            terminal.always_say("The file is kept as you wrote it.");
            return Err(CommandError::Findings);
        }
        let (what, verb) = if errors.len() == 1 { ("the error", "is") } else { ("the errors", "are") };
        terminal.always_say(format_args!("The post is written, but it will not appear on the page until {what} above {verb} mended."));
        edited
    }

    /// The site as it would be with `text` at `path`, and what `check` would refuse about that file.
    pub fn with_file(&self, path: &str, text: &str) -> DryRun {
        let mut sources = self.project.sources.clone();
        sources.insert(path, text.as_bytes().to_vec());
        let (site, findings) = read(&sources, self.now, self.with_drafts, &mut self.memo.borrow_mut());
        DryRun { site, refused: errors_about(path, &findings), sources }
    }
}

/// The site as it would be with one file more or other than on the disk, and what `check` says of that file.
pub struct DryRun {
    /// `None` where nothing can be said of the site.
    pub site: Option<Arc<Site>>,
    pub refused: Findings,
    sources: Sources,
}

impl DryRun {
    /// Shows what is wrong; the error is what the command ends with. `consequence` says what became of the file.
    pub fn refuse(&self, consequence: &str, terminal: &mut Terminal) -> CommandError {
        if let Err(unshown) = site::show(&self.refused, &self.sources, Format::Human, terminal) {
            return unshown;
        }
        terminal.always_say(consequence);
        CommandError::Findings
    }
}

/// The site of a folder; where nothing can be said of it, its findings are shown and end the command.
fn understood(
    project: &Project,
    now: Moment,
    with_drafts: bool,
    memo: &mut Memo,
    terminal: &mut Terminal,
) -> Result<(Arc<Site>, Findings), CommandError> {
    match read(&project.sources, now, with_drafts, memo) {
        (Some(site), findings) => Ok((site, findings)),
        (None, findings) => {
            site::show(&findings, &project.sources, Format::Human, terminal)?;
            Err(CommandError::Findings)
        }
    }
}

/// The site, with its drafts or as it is published, and all findings.
fn read(sources: &Sources, now: Moment, drafts: bool, memo: &mut Memo) -> (Option<Arc<Site>>, Findings) {
    let options = Options { now: Now::Clock(now), drafts, base_url: None };
    let (prepared, findings) = crate::prepare_with(memo, sources, &options);
    (prepared.map(|prepared| prepared.plan.site), findings)
}

/// The errors that are in a file, or in another because of it.
pub fn errors_about(path: &str, findings: &Findings) -> Findings {
    about(path, Severity::Error, findings)
}

fn about(path: &str, severity: Severity, findings: &Findings) -> Findings {
    let concerns = |finding: &Finding| &*finding.span.path == path || finding.related.iter().any(|(span, _)| &*span.path == path);
    let mut about = Findings::default();
    about.extend(findings.iter().filter(|finding| finding.severity() == severity && concerns(finding)).cloned());
    about
}

/// The findings that a change to a file brings. Where they stand says nothing, since what stands below a changed window has moved: of those
/// that are alike the last ones are new, as an update is at the file's end.
fn brought(before: &Findings, after: Findings) -> Findings {
    let mut known: Vec<&Finding> = before.iter().collect();
    let mut brought = Findings::default();
    for finding in after {
        let is_alike =
            |known: &&Finding| (known.code, &known.span.path, &known.message) == (finding.code, &finding.span.path, &finding.message);
        match known.iter().position(is_alike) {
            Some(position) => _ = known.swap_remove(position),
            None => brought.push(finding),
        }
    }
    brought
}
