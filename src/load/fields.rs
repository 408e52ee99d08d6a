//! A TOML table read key by key: every slip becomes a finding with its location, and reading goes on.

mod misplaced;
mod times;

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use misplaced::{belongs_above, misplaced};
pub use times::BooleanOrTime;

use super::clean::{Deceptive, clean, deceptive, one_line};
use super::keys::{Key, Shape};
use super::parsed::{Parsed, TomlSource};
use crate::findings::nearest::{did_you_mean, list, nearest};
use crate::findings::{Code, Finding, Findings};
use crate::model::characters::{composed, is_forbidden};
use crate::source::Span;

/// A value and where it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    pub value: T,
    pub range: Range<usize>,
}

impl At<String> {
    /// For a word that names something: see [`composed`].
    pub fn composed(self) -> At<String> {
        match composed(&self.value) {
            Cow::Borrowed(_) => self,
            Cow::Owned(value) => At { value, ..self },
        }
    }
}

#[cfg(test)]
thread_local! {
    /// The keys that a reader has asked for: a test holds them against the lists.
    pub static ASKED_FOR: std::cell::RefCell<Vec<&'static Key>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// One table, with the list of keys that it may hold.
pub struct Fields<'t, 'i> {
    table: &'t DeTable<'i>,
    pub range: Range<usize>,
    parsed: &'t Parsed<'i>,
    keys: &'static [Key],
    /// The keys of the whole file.
    top: &'static [Key],
}

impl<'t, 'i> Fields<'t, 'i> {
    /// Reports unknown and missing keys at once. `of` is what the table describes, with its article: "a post".
    pub fn of(parsed: &'t Parsed<'i>, keys: &'static [Key], of: &str, findings: &mut Findings) -> Self {
        Fields::new(parsed.table.get_ref(), 0..0, parsed, [keys, keys], of, findings)
    }

    fn new(
        table: &'t DeTable<'i>,
        range: Range<usize>,
        parsed: &'t Parsed<'i>,
        [keys, top]: [&'static [Key]; 2],
        of: &str,
        findings: &mut Findings,
    ) -> Self {
        for key in table.keys() {
            let is_headless = parsed.headless.iter().any(|lines| lines.contains(&key.span().start));
            if is_headless || keys.iter().any(|known| known.name == key.get_ref().as_ref()) {
                continue;
            }
            let names: Vec<&str> = keys.iter().map(|known| known.name).collect();
            let help = misplaced(key.get_ref(), parsed, keys, top).unwrap_or_else(|| match did_you_mean(key.get_ref(), &names, "") {
                help if help.is_empty() => format!("{of} has {}", list(&names)),
                help => help,
            });
            let message = format!("{of} has no key `{}`", shown(key.get_ref()));
            findings.push(Finding::new(Code::UnknownKey, parsed.source.span(key.span()), message).help(help));
        }
        for key in keys.iter().filter(|key| key.required && !table.contains_key(key.name)) {
            let near = table.keys().any(|present| {
                nearest(present.get_ref(), [key.name]).is_some() && !keys.iter().any(|k| k.name == present.get_ref().as_ref())
            });
            if !near {
                findings.push(
                    Finding::new(Code::MissingKey, parsed.source.span(range.clone()), format!("{of} has no `{}`", key.name)).help(format!(
                        "add a line `{} = …` ({})",
                        key.name,
                        key.about.trim_end_matches('.')
                    )),
                );
            }
        }
        Fields { table, range, parsed, keys, top }
    }

    /// Whether one of these keys may be there under a misspelt name.
    pub fn has_misspelt(&self, names: &[&str]) -> bool {
        let is_known = |name: &str| self.keys.iter().any(|key| key.name == name);
        self.table.keys().any(|key| !is_known(key.get_ref()) && nearest(key.get_ref(), names.iter().copied()).is_some())
    }

    pub fn source(&self) -> TomlSource<'i> {
        self.parsed.source
    }

    /// Where one of its values stands.
    pub fn at<T>(&self, value: &At<T>) -> Span {
        Span::new(self.parsed.source.path, value.range.clone())
    }

    fn get(&self, name: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        let key = || self.keys.iter().find(|key| key.name == name);
        debug_assert!(key().is_some(), "`{name}` is in no list of keys");
        #[cfg(test)]
        ASKED_FOR.with_borrow_mut(|asked_for| asked_for.extend(key()));
        let value = self.table.get(name)?;
        let range = value.span();
        let is_broken = self.parsed.broken.iter().any(|line| range.start <= line.end && line.start < range.end.max(range.start + 1))
            || self.parsed.headless.iter().any(|lines| lines.start < range.end && range.end <= lines.end);
        // The forms of editors write `end = ""` for what nobody filled in.
        let is_left_out = value.get_ref().as_str() == Some("") && key().is_some_and(|key| !key.required);
        (!is_broken && !is_left_out).then_some(value)
    }

    fn shape(&self, name: &str) -> Option<Shape> {
        self.keys.iter().find(|key| key.name == name).map(|key| key.shape)
    }

    fn wrong(&self, name: &str, value: &Spanned<DeValue<'_>>, expected: &str, findings: &mut Findings) {
        let finding = Finding::new(
            Code::WrongType,
            self.parsed.source.span(value.span()),
            format!("`{name}` takes {expected}, found {}", type_name(value.get_ref())),
        );
        let example = match self.shape(name) {
            Some(Shape::Text | Shape::Title | Shape::Form(_) | Shape::Word(_) | Shape::Duration)
                if !value.get_ref().is_array() && !value.get_ref().is_table() =>
            {
                Some(format!("put it in quotes: `{name} = \"…\"`"))
            }
            Some(Shape::Texts | Shape::Words(_)) => Some(format!("write `{name} = [\"…\", \"…\"]`")),
            Some(Shape::Boolean) => Some(format!("write `{name} = true` or `{name} = false`, without quotes")),
            Some(Shape::Integer(least, most)) => Some(integer_help(name, least, most)),
            Some(Shape::Table(keys)) => {
                let needed: Vec<&Key> = keys.iter().filter(|key| key.required).chain(keys.first()).take(1).collect();
                needed.first().map(|key| format!("write `{name} = {{ {} = … }}`", key.name))
            }
            Some(Shape::Time | Shape::BooleanOrTime) => Some(format!("write `{name} = 2026-05-04T19:00:00Z`")),
            _ => None,
        };
        findings.push(match example {
            Some(example) => finding.help(example),
            None => finding,
        });
    }

    /// A text in one line, without control characters; `None` if it is not there or not a text.
    pub fn text(&self, name: &str, findings: &mut Findings) -> Option<At<String>> {
        self.lines(name, findings).map(|text| At { value: one_line(text.value), range: text.range })
    }

    /// The same for a text that may have several lines.
    pub fn lines(&self, name: &str, findings: &mut Findings) -> Option<At<String>> {
        let value = self.get(name)?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(name, value, "text", findings);
            return None;
        };
        Some(At { value: self.cleaned(text, value.span(), findings), range: self.parsed.source.range(value.span()) })
    }

    /// Warns of a name that reads as another; `called` is what it is, with its article: "the title".
    pub fn check_name(&self, called: &str, name: &At<String>, findings: &mut Findings) {
        let message = match deceptive(&name.value) {
            None => return,
            Some(Deceptive::Hidden(c)) => format!("{called} holds a character that nobody sees, U+{:04X}", u32::from(c)),
            Some(Deceptive::OtherScript(c)) => format!("{called} has a letter of another script in a Latin word, U+{:04X}", u32::from(c)),
        };
        findings.push(
            Finding::new(Code::HiddenCharacters, self.at(name), message)
                .help(format!("type {called} anew: such characters can make it read as another")),
        );
    }

    fn cleaned(&self, text: &str, range: Range<usize>, findings: &mut Findings) -> String {
        let cleaned = clean(text);
        if let Some(found) = cleaned.control {
            findings.push(
                Finding::new(
                    Code::ControlCharacter,
                    self.parsed.source.span(range),
                    format!("a control character U+{:04X} in a text", u32::from(found)),
                )
                .help("it is left out; take it out of the file as well"),
            );
        }
        cleaned.text.trim().to_owned()
    }

    /// One text, or a list of texts.
    pub fn texts(&self, name: &str, findings: &mut Findings) -> Vec<At<String>> {
        let Some(value) = self.get(name) else { return Vec::new() };
        match value.get_ref() {
            DeValue::String(text) => {
                vec![At { value: one_line(self.cleaned(text, value.span(), findings)), range: self.parsed.source.range(value.span()) }]
            }
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(At {
                        value: one_line(self.cleaned(text, item.span(), findings)),
                        range: self.parsed.source.range(item.span()),
                    }),
                    _ => {
                        self.wrong(name, item, "a list of texts", findings);
                        None
                    }
                })
                .collect(),
            _ => {
                self.wrong(name, value, "text or a list of texts", findings);
                Vec::new()
            }
        }
    }

    pub fn boolean(&self, name: &str, findings: &mut Findings) -> Option<bool> {
        let value = self.get(name)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => {
                self.wrong(name, value, "`true` or `false`", findings);
                None
            }
        }
    }

    /// A number within the key's limits.
    pub fn integer(&self, name: &str, findings: &mut Findings) -> Option<usize> {
        let (value, Shape::Integer(least, most)) = (self.get(name)?, self.shape(name)?) else { return None };
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong(name, value, "a whole number", findings);
            return None;
        };
        let number =
            i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let message = format!("`{name}` takes a number from {least} to {most}");
            findings
                .push(Finding::new(Code::BadValue, self.parsed.source.span(value.span()), message).help(integer_help(name, least, most)));
        }
        number.and_then(|number| usize::try_from(number).ok())
    }

    /// A text that becomes part of an address or id: nothing is taken out of it, because a link to it would change.
    pub fn name(&self, name: &str, findings: &mut Findings) -> Option<At<String>> {
        let value = self.get(name)?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(name, value, "text", findings);
            return None;
        };
        if let Some(control) = text.chars().find(|c| c.is_control() || is_forbidden(*c)) {
            findings.push(
                Finding::new(
                    Code::BadName,
                    self.parsed.source.span(value.span()),
                    format!("`{name}` holds a control character, U+{:04X}", u32::from(control)),
                )
                .help("type it anew: letters, digits, `-`, `_` and `.` are allowed"),
            );
            return None;
        }
        Some(At { value: text.to_string(), range: self.parsed.source.range(value.span()) }.composed())
    }

    /// One of the key's words, by a function that knows them.
    pub fn word<T>(&self, name: &str, find: impl Fn(&str) -> Option<T>, findings: &mut Findings) -> Option<At<T>> {
        self.one_of(name, name, self.text(name, findings)?, find, findings)
    }

    /// The same of a text from the key's list or table; `called` is what such a word is.
    pub fn one_of<T>(
        &self,
        name: &str,
        called: &str,
        text: At<String>,
        find: impl Fn(&str) -> Option<T>,
        findings: &mut Findings,
    ) -> Option<At<T>> {
        if let Some(value) = find(&text.value) {
            return Some(At { value, range: text.range });
        }
        let words = match self.shape(name) {
            Some(Shape::Word(words) | Shape::Words(words) | Shape::WordByServer(words)) => words,
            _ => &[],
        };
        let finding = Finding::new(Code::BadValue, self.at(&text), format!("`{}` is no {called}", shown(&text.value)));
        findings.push(finding.help(did_you_mean(&text.value, words, "")));
        None
    }

    /// A table below this one.
    pub fn table(&self, name: &str, keys: &'static [Key], of: &str, findings: &mut Findings) -> Option<Fields<'t, 'i>> {
        let value = self.get(name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(table, value.span(), self.parsed, [keys, self.top], of, findings)),
            _ => {
                self.wrong(name, value, "a table", findings);
                None
            }
        }
    }

    /// A list of tables.
    pub fn tables(&self, name: &str, keys: &'static [Key], of: &str, findings: &mut Findings) -> Vec<Fields<'t, 'i>> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(name, value, &format!("a list of tables (`[[{name}]]`)"), findings);
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| match item.get_ref() {
                DeValue::Table(table) => Some(Fields::new(table, item.span(), self.parsed, [keys, self.top], of, findings)),
                _ => {
                    self.wrong(name, item, "a list of tables", findings);
                    None
                }
            })
            .collect()
    }

    /// A table from free keys to texts, by their dotted keys: `[words.status] retired = "…"` is `status.retired`.
    pub fn text_table(&self, name: &str, findings: &mut Findings) -> Vec<(At<String>, At<String>)> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(name, value, "a table", findings);
            return Vec::new();
        };
        let mut texts = Vec::new();
        self.texts_below(name, "", table, &mut texts, findings);
        // The parser sorts keys by their letters; findings go by the place.
        texts.sort_by_key(|(key, _)| key.range.start);
        texts
    }

    fn texts_below(
        &self,
        name: &str,
        above: &str,
        table: &DeTable<'_>,
        texts: &mut Vec<(At<String>, At<String>)>,
        findings: &mut Findings,
    ) {
        for (key, item) in table {
            let is_word = matches!((self.shape(name), item.get_ref().as_str()), (Some(Shape::WordByServer(words)), Some(word)) if words.contains(&word));
            if let Some(help) = belongs_above(key.get_ref(), self.parsed, self.top).filter(|_| above.is_empty() && !is_word) {
                let message = format!("`[{name}]` has no key `{}`", key.get_ref());
                findings.push(Finding::new(Code::UnknownKey, self.parsed.source.span(key.span()), message).help(help));
                continue;
            }
            let dotted = if above.is_empty() { key.get_ref().to_string() } else { format!("{above}.{}", key.get_ref()) };
            match item.get_ref() {
                DeValue::String(text) => texts.push((
                    At { value: dotted, range: self.parsed.source.range(key.span()) },
                    At { value: one_line(self.cleaned(text, item.span(), findings)), range: self.parsed.source.range(item.span()) },
                )),
                DeValue::Table(table) => self.texts_below(name, &dotted, table, texts, findings),
                _ => self.wrong(name, item, "texts", findings),
            }
        }
    }

    /// Whether a value is a table: for keys that take a word or a table.
    pub fn is_table(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.get_ref().is_table())
    }

    /// Where an empty text stands that is taken for a key left out.
    pub fn range_of_empty(&self, name: &str) -> Option<Range<usize>> {
        let value = self.table.get(name).filter(|value| value.get_ref().as_str() == Some(""))?;
        Some(self.parsed.source.range(value.span()))
    }

    /// Where a key's value stands, whatever it is.
    pub fn range_of(&self, name: &str) -> Option<Range<usize>> {
        self.get(name).map(|value| self.parsed.source.range(value.span()))
    }
}

fn integer_help(name: &str, least: i64, most: i64) -> String {
    format!("write a whole number without quotes: `{name} = {}`", 20.clamp(least, most))
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A word of the user's inside a message: short, and without characters that nobody sees.
pub fn shown(word: &str) -> String {
    let word: String = word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if word.chars().count() > 60 { format!("{}…", word.chars().take(60).collect::<String>()) } else { word }
}
