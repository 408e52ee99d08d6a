//! What the template engine complains of, as a problem at a place in the site's own files.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Error, ErrorKind, ReportError};

use crate::findings::{Code, Finding};
use crate::source::Span;

/// A template that could not be compiled or filled.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateProblem {
    pub message: String,
    /// Where in the site's template; `None` where the template is built in.
    pub span: Option<Span>,
    pub help: Option<String>,
}

impl TemplateProblem {
    /// The same as a finding; one in the built-in theme is said of `site.toml`, which chose it.
    pub fn finding(self) -> Finding {
        let span = self.span.unwrap_or_else(|| Span::whole_file(&"site.toml".into()));
        let finding = Finding::new(Code::Template, span, self.message);
        match self.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

/// Where the site's own templates stand: by template name, the source file, the bytes before its text, and its text.
#[derive(Debug, Default)]
pub(super) struct Places {
    files: BTreeMap<String, (Arc<str>, usize)>,
    texts: BTreeMap<String, String>,
}

impl Places {
    pub fn insert(&mut self, name: String, path: Arc<str>, offset: usize, text: &str) {
        self.texts.insert(name.clone(), text.to_owned());
        self.files.insert(name, (path, offset));
    }

    pub fn problem(&self, error: &Error) -> TemplateProblem {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => self.at_report(report),
            ErrorKind::MissingParent { current, parent } => {
                self.at_start(current, format!("this template extends `{parent}`, which does not exist"))
            }
            ErrorKind::CircularExtend { tpl, .. } => self.at_start(tpl, "templates extend each other in a circle".to_owned()),
            ErrorKind::CircularInclude { tpl, .. } => self.at_start(tpl, "templates include each other in a circle".to_owned()),
            other => self.of_text(&other.to_string()),
        }
    }

    fn at_report(&self, report: &ReportError) -> TemplateProblem {
        let (mut message, help) = said(report.message());
        if let Some(expression) = self.texts.get(report.filename()).and_then(|text| text.get(report.span().range.clone()))
            && message.ends_with("that is undefined")
        {
            // The engine's range of `words["x"]` leaves out the last bracket.
            let bracket = if expression.contains('[') && !expression.contains(']') { "]" } else { "" };
            message = format!("`{}{bracket}` is not defined", expression.trim());
        }
        let span = self.files.get(report.filename()).map(|(path, offset)| {
            let range = &report.span().range;
            Span::new(path, offset + range.start..offset + range.end)
        });
        self.told(message, span, report.filename(), help)
    }

    fn at_start(&self, name: &str, message: String) -> TemplateProblem {
        let span = self.files.get(name).map(|(path, _)| Span::whole_file(path));
        self.told(message, span, name, None)
    }

    /// Some complaints come as a drawn text only: its first line is the message, `--> post.html:3:6` the place.
    fn of_text(&self, text: &str) -> TemplateProblem {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("the template cannot be used");
        let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let name = place.and_then(|place| place.split(':').next()).map_or("", |name| name.trim_matches(['[', ']']));
        let span = self.files.get(name).map(|(path, _)| Span::whole_file(path));
        let (message, help) = said(first.trim_start_matches("error: ").trim());
        let message = match place {
            Some(place) if span.is_some() => format!("{message}, at {place}"),
            _ => message,
        };
        self.told(message, span, name, help)
    }

    fn told(&self, message: String, span: Option<Span>, name: &str, help: Option<String>) -> TemplateProblem {
        let message = if span.is_none() && !name.is_empty() { format!("{message} (in the built-in `{name}`)") } else { message };
        TemplateProblem { message, span, help }
    }
}

/// The engine's sentence in our form: lower case, no full stop, the names that exist as help.
fn said(message: &str) -> (String, Option<String>) {
    let (what, names) = ["Available variables: ", "Available fields: "]
        .iter()
        .find_map(|mark| message.split_once(mark))
        .map_or((message, None), |(what, names)| (what, Some(names)));
    let what = what.trim().trim_end_matches('.');
    let mut letters = what.chars();
    let what = letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
    let help = names.map(|names| {
        let names = names.split(',').map(|name| format!("`{}`", name.trim())).collect::<Vec<_>>().join(", ");
        format!("these exist here: {names}")
    });
    (what, help)
}
