//! What the preview shows now: the last good site, and the errors that keep a newer one from being shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, RwLock};

use bytes::Bytes;
use tokio::sync::watch;

use super::Shown;
use crate::Prepared;
use crate::findings::{Drawing, Findings, draw};
use crate::model::BaseUrl;
use crate::source::Sources;
use crate::theme::TemplateProblem;

/// Shared by the thread that builds and the one that answers.
#[derive(Clone, Default)]
pub struct Preview {
    shown: Arc<RwLock<Arc<PreviewState>>>,
    versions: Arc<watch::Sender<usize>>,
}

/// One state of the preview.
#[derive(Default)]
pub struct PreviewState {
    pub site: Option<Arc<LazySite>>,
    pub errors: Option<Errors>,
    /// Rises with every change.
    pub version: usize,
}

/// Findings as they are shown in a page.
#[derive(Debug, Clone, Default)]
pub struct Errors {
    /// "2 errors"
    pub title: String,
    /// As in a terminal, not escaped.
    pub text: String,
}

/// A site whose files are made when they are asked for.
pub struct LazySite {
    prepared: Prepared,
    /// By their number among the outputs: of thousands a person looks at a few.
    made: Mutex<HashMap<usize, Bytes>>,
    /// The theme's files, for what a template got wrong.
    sources: Sources,
}

impl PreviewState {
    pub fn what(&self) -> Shown {
        match (&self.site, &self.errors) {
            (Some(_), None) => Shown::ThisBuild,
            (Some(_), Some(_)) => Shown::LastGood,
            (None, _) => Shown::Errors,
        }
    }
}

impl Preview {
    /// Takes a new build: shows it, or its errors over the last good one.
    pub fn show(&self, prepared: Option<Prepared>, findings: &Findings, sources: &Sources) {
        let before = self.shown();
        let version = before.version + 1;
        let now = match prepared {
            Some(prepared) if !findings.has_errors() => {
                PreviewState { site: Some(Arc::new(LazySite::new(prepared, sources))), errors: None, version }
            }
            _ => PreviewState { site: before.site.clone(), errors: Some(Errors::of(findings, sources)), version },
        };
        *self.shown.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(now);
        self.versions.send_replace(version);
        // Taking a large site apart takes longer than a reader should wait.
        rayon::spawn(move || drop(before));
    }

    pub fn shown(&self) -> Arc<PreviewState> {
        self.shown.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Tells each new version.
    pub fn versions(&self) -> watch::Receiver<usize> {
        self.versions.subscribe()
    }

    /// `/status` where the site is published below such a path; else empty.
    pub fn base_path(&self) -> String {
        self.shown().site.as_ref().map_or_else(String::new, |site| site.base().path.clone())
    }
}

impl Errors {
    pub fn of(findings: &Findings, sources: &Sources) -> Errors {
        let errors = findings.errors();
        let title = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
        Errors { title, text: draw(findings, sources, Drawing { width: 110, ..Drawing::default() }) }
    }
}

impl LazySite {
    pub fn new(prepared: Prepared, sources: &Sources) -> LazySite {
        let themes = sources.under("themes/").map(|file| (file.path.clone(), file.clone())).collect();
        LazySite { prepared, made: Mutex::default(), sources: Sources { files: themes, unreadable: Vec::new() } }
    }

    pub fn base(&self) -> &BaseUrl {
        self.prepared.plan.site.base()
    }

    pub fn has(&self, path: &str) -> bool {
        self.number(path).is_some()
    }

    /// A site is planned more often than a browser asks: an index would cost more than the search.
    fn number(&self, path: &str) -> Option<usize> {
        self.prepared.outputs.iter().position(|output| output.path == path)
    }

    /// The bytes of a file, made once; `None` where the site has no such file.
    pub fn file(&self, path: &str) -> Option<Result<Bytes, Errors>> {
        let number = self.number(path)?;
        if let Some(bytes) = self.made().get(&number) {
            return Some(Ok(bytes.clone()));
        }
        let made = self.prepared.outputs[number].bytes(&self.prepared.plan, &self.prepared.theme).map_err(|problem| self.errors(problem));
        if let Ok(bytes) = &made {
            self.made().insert(number, bytes.clone());
        }
        Some(made)
    }

    fn made(&self) -> MutexGuard<'_, HashMap<usize, Bytes>> {
        self.made.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn errors(&self, problem: TemplateProblem) -> Errors {
        let mut findings = Findings::default();
        findings.push(problem.finding());
        Errors::of(&findings, &self.sources)
    }
}
