//! What the template engine complains of, as a problem at a place in the site's own files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use tera::{Error, ErrorKind, ReportError};

use super::BUILTIN_TEMPLATES;
use crate::findings::nearest::did_you_mean;
use crate::findings::{Code, Finding};
use crate::source::Span;
use crate::words;

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

/// A place where a template of the site's own prints a value: `{{ event.window }}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Print {
    pub template: String,
    pub span: Span,
    /// In the template's text.
    range: Range<usize>,
}

/// Where the site's own templates stand: by template name, the source file, the bytes before its text, and its text.
#[derive(Debug, Clone, Default)]
pub(super) struct TemplateSources {
    files: BTreeMap<String, (Arc<str>, usize)>,
    texts: BTreeMap<String, String>,
    /// Those that cannot be used.
    aside: BTreeSet<String>,
    /// The names of the theme's assets.
    pub assets: Vec<String>,
}

impl TemplateSources {
    pub fn insert(&mut self, name: String, path: Arc<str>, offset: usize, text: &str) {
        self.texts.insert(name.clone(), text.to_owned());
        self.files.insert(name, (path, offset));
    }

    pub fn is_any(&self) -> bool {
        !self.files.is_empty()
    }

    /// As [`super::Theme::idle`].
    pub fn idle(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        let is_built_in = |name: &str| BUILTIN_TEMPLATES.iter().any(|(built_in, _)| *built_in == name);
        let is_named = |name: &str| self.texts.iter().any(|(other, text)| other != name && names(text, name));
        let is_idle = move |name: &str| !is_built_in(name) && !is_named(name) && !has_component(&self.texts[name]);
        self.files.iter().filter(move |(name, _)| is_idle(name)).map(|(name, (path, _))| (name.as_str(), path))
    }

    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// Those that stand over the built-in ones.
    pub fn usable(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str).filter(|name| !self.aside.contains(*name))
    }

    /// Takes out templates that are broken, and those that cannot be judged without them: what one of them includes may get its values
    /// there, what extends one may fill its blocks, and so on; a component may be used anywhere.
    pub fn set_aside(&mut self, broken: &BTreeSet<String>) {
        let mut waiting: Vec<&str> = broken.iter().map(String::as_str).collect();
        self.aside.extend(broken.iter().cloned());
        while let Some(name) = waiting.pop() {
            let text = self.texts.get(name).map_or("", String::as_str);
            for (other, other_text) in &self.texts {
                if (has_component(text) || names(text, other) || names(other_text, name)) && self.aside.insert(other.clone()) {
                    waiting.push(other);
                }
            }
        }
    }

    /// As [`super::Theme::prints`].
    pub fn prints(&self) -> Vec<Print> {
        let of = |name: &str| {
            let Some((path, offset)) = self.file(name) else { return Vec::new() };
            let text = self.text(name);
            let starts = text.match_indices("{{").map(|(at, _)| at);
            let ranges =
                starts.filter_map(|at| Some(at..at + text[at..].find("}}")? + 2)).filter(|range| !text[range.clone()].contains('|'));
            ranges
                .map(|range| Print { template: name.to_owned(), span: Span::new(path, offset + range.start..offset + range.end), range })
                .collect()
        };
        self.usable().flat_map(of).collect()
    }

    /// The text of a template with spaces at a place that prints, and from now on without it.
    pub fn blank(&mut self, print: &Print) -> String {
        let text = self.texts.entry(print.template.clone()).or_default();
        text.replace_range(print.range.clone(), &" ".repeat(print.range.len()));
        text.clone()
    }

    /// The file of a template that is in force, and the bytes before its text; `None` where the built-in one is.
    pub fn file(&self, name: &str) -> Option<&(Arc<str>, usize)> {
        self.files.get(name).filter(|_| !self.aside.contains(name))
    }

    /// All that an error says: what the engine finds when it joins templates comes together.
    pub fn problems(&self, error: &Error) -> Vec<TemplateProblem> {
        match error.kind() {
            ErrorKind::Msg(text) => text.split("\n\nerror: ").map(|text| self.of_text(text, "")).collect(),
            _ => vec![self.problem(error, "")],
        }
    }

    /// What an error says. `filled` is the template that was being filled, if any: the place where the engine names none.
    pub fn problem(&self, error: &Error, filled: &str) -> TemplateProblem {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => self.at_report(report),
            ErrorKind::MissingParent { current, parent } => {
                let help = did_you_mean(parent, &self.names(), "Pages extend `base.html`");
                self.at_text(current, parent, format!("this template extends `{parent}`, which does not exist"), Some(help))
            }
            ErrorKind::CircularExtend { tpl, .. } => {
                self.at_text(tpl, "extends", "templates extend each other in a circle".to_owned(), None)
            }
            ErrorKind::CircularInclude { tpl, .. } => {
                self.at_text(tpl, "include", "templates include each other in a circle".to_owned(), None)
            }
            other => self.of_text(&other.to_string(), filled),
        }
    }

    fn at_report(&self, report: &ReportError) -> TemplateProblem {
        let (mut message, mut help) = said(report.message());
        help = help.or_else(|| syntax_help(&message).map(str::to_owned));
        let file = self.file(report.filename());
        if let Some(expression) = file.and_then(|_| self.text(report.filename()).get(report.span().range.clone()))
            && message.ends_with("that is undefined")
        {
            // The engine's range of `words["x"]` leaves out the last bracket.
            let bracket = if expression.contains('[') && !expression.contains(']') { "]" } else { "" };
            let expression = format!("{}{bracket}", expression.trim());
            help = help.or_else(|| words_beside(&expression)).or_else(|| self.assets_beside(&expression));
            message = format!("`{expression}` is not defined");
        } else if file.is_some() && message == "iteration not possible on type `undefined`" {
            // The engine's range is that of the first name.
            let text = self.text(report.filename()).get(report.span().range.start..).unwrap_or_default();
            let is_part = |c: char| c.is_alphanumeric() || ['_', '.'].contains(&c);
            let list = text.split(|c| !is_part(c)).next().unwrap_or_default();
            message = format!("`{list}` is not defined, and cannot be gone through");
            help = Some(format!("print it, `{{{{ {list} }}}}`, to be told the names that exist there"));
        }
        let span = file.map(|(path, offset)| {
            let range = &report.span().range;
            Span::new(path, offset + range.start..offset + range.end)
        });
        self.told(message, span, report.filename(), help)
    }

    /// At the first place of a text in a template.
    fn at_text(&self, name: &str, text: &str, message: String, help: Option<String>) -> TemplateProblem {
        let span = self.file(name).map(|(path, offset)| {
            let at = self.texts.get(name).and_then(|template| template.find(text)).map(|at| offset + at);
            at.map_or_else(|| Span::whole_file(path), |at| Span::new(path, at..at + text.len()))
        });
        self.told(message, span, name, help)
    }

    /// What the theme has beside an asset that is not there.
    fn assets_beside(&self, expression: &str) -> Option<String> {
        let name = expression.strip_prefix("assets[")?.trim_end_matches(']').trim_matches('"');
        let names: Vec<&str> = self.assets.iter().map(String::as_str).collect();
        Some(did_you_mean(name, &names, "A theme's files lie in its folder `static`"))
    }

    /// The templates that there are.
    fn names(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = BUILTIN_TEMPLATES.iter().map(|(name, _)| *name).chain(self.texts.keys().map(String::as_str)).collect();
        all.into_iter().collect()
    }

    /// Some complaints come as a drawn text only: its first line is the message, `--> post.html:3:6` the place.
    fn of_text(&self, text: &str, filled: &str) -> TemplateProblem {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("the template cannot be used");
        let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let mut place = place.unwrap_or_default().trim_matches(['[', ']']).split(':');
        let name = place.next().filter(|name| !name.is_empty()).unwrap_or(filled);
        let mut number = || place.next().and_then(|number| number.trim().parse().ok());
        let (line, column) = (number(), number());
        let (message, mut help) = said(first.trim_start_matches("error: ").trim());
        let span = self.file(name).map(|(path, offset)| {
            let about = message.split('`').nth(1).unwrap_or_default();
            let range = line.zip(column).and_then(|(line, column)| range_of(self.texts.get(name)?, line, column, about));
            range.map_or_else(|| Span::whole_file(path), |range| Span::new(path, offset + range.start..offset + range.end))
        });
        if message.starts_with("unknown template") {
            help = help.or_else(|| Some(these_exist(self.names())));
        } else if message.starts_with("unknown filter") {
            help = help.or_else(|| Some("`fill` exists here, and the filters that Tera brings".to_owned()));
        } else if message.ends_with("is not defined in any parent template") {
            help = help.or_else(|| Some(format!("`base.html` has the blocks {BLOCKS}")));
        }
        self.told(message, span, name, help)
    }

    fn told(&self, message: String, span: Option<Span>, name: &str, help: Option<String>) -> TemplateProblem {
        let message = if span.is_none() && !name.is_empty() { format!("{message} (in the built-in `{name}`)") } else { message };
        TemplateProblem { message, span, help }
    }
}

/// Whether a template names another. A name in quotes may also be put together or come from a variable: where it stands does not
/// matter.
fn names(text: &str, name: &str) -> bool {
    ['"', '\'', '`'].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
}

/// Whether a template defines components, which are at hand everywhere.
fn has_component(text: &str) -> bool {
    text.contains("{% component")
}

/// Where a name stands: in a line, both counted from 1, at a column or behind it. The engine's column may be that of the whole tag.
fn range_of(text: &str, line: usize, column: usize, name: &str) -> Option<Range<usize>> {
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines.clone().take(line.checked_sub(1)?).map(str::len).sum();
    let line = lines.nth(line - 1)?;
    let from = line.char_indices().nth(column.checked_sub(1)?).map_or(0, |(at, _)| at);
    let at = from + line[from..].find(name).filter(|_| !name.is_empty())?;
    Some(start + at..start + at + name.len())
}

/// What to write where the engine only says what it met.
fn syntax_help(message: &str) -> Option<&'static str> {
    if message == "unknown tag" {
        Some("the tags are `if`, `elif`, `else`, `endif`, `for`, `endfor`, `block`, `endblock`, `set`, `include` and `extends`")
    } else if message.contains("end of ") {
        Some(
            "something is not closed: `{{` needs `}}`, `{%` needs `%}`, and `if`, `for` and `block` need `{% endif %}`, `{% endfor %}` and `{% endblock %}`",
        )
    } else if message.starts_with("found ") || message.starts_with("unexpected ") || message.starts_with("invalid ") {
        Some(
            "a value is written `{{ page.title }}`, a choice `{% if post.tags %}…{% endif %}`, a loop `{% for tag in post.tags %}…{% endfor %}`",
        )
    } else {
        None
    }
}

/// The blocks of the built-in `base.html`.
const BLOCKS: &str = "`head`, `layout`, `main` and `aside`";

/// What stands in `words` beside a key that is not there: those with the same beginning.
fn words_beside(expression: &str) -> Option<String> {
    let key = expression.strip_prefix("words[")?.trim_end_matches(']').trim_matches('"');
    let room = &key[..=key.find('.')?];
    let keys: Vec<&str> = words::english().keys().map(String::as_str).filter(|other| other.starts_with(room)).collect();
    (!keys.is_empty()).then(|| these_exist(keys))
}

fn these_exist<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter().map(|name| format!("`{}`", name.trim())).collect::<Vec<_>>().join(", ");
    format!("these exist here: {names}")
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
    // Of an included template the engine lists only the names that it sets itself.
    let is_part = |names: &str| message.contains("Available variables: ") && !names.split(", ").any(|name| name == "site");
    let help = names.map(|names| match is_part(names) {
        true => "every template has `assets`, `site` and `words`, and an included one what is named where it is included".to_owned(),
        false => these_exist(names.split(',')),
    });
    (what, help)
}
