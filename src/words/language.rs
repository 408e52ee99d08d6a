//! The language files, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::dates::Dates;
use super::names::Names;
use super::plural::Rule;

/// One language: every text by its key, English where the language has none, and its date forms, ready for use.
#[derive(Debug)]
pub struct Language {
    pub texts: BTreeMap<String, String>,
    pub dates: Dates,
    pub names: Names,
    pub plural: Rule,
    /// The keys that the language's own file has.
    pub own: BTreeSet<String>,
}

/// The files, by their primary language subtag; the first is English.
pub const FILES: [(&str, &str); 6] = [
    ("en", include_str!("en.toml")),
    ("ar", include_str!("ar.toml")),
    ("de", include_str!("de.toml")),
    ("es", include_str!("es.toml")),
    ("fr", include_str!("fr.toml")),
    ("pt", include_str!("pt.toml")),
];

static LANGUAGES: [LazyLock<Arc<Language>>; FILES.len()] = [
    LazyLock::new(|| Arc::new(Language::built_in(0))),
    LazyLock::new(|| Arc::new(Language::built_in(1))),
    LazyLock::new(|| Arc::new(Language::built_in(2))),
    LazyLock::new(|| Arc::new(Language::built_in(3))),
    LazyLock::new(|| Arc::new(Language::built_in(4))),
    LazyLock::new(|| Arc::new(Language::built_in(5))),
];

/// The built-in language for a BCP 47 tag, by its first part: `pt-BR` is `pt`. `None` where there is no file.
pub fn find(tag: &str) -> Option<Arc<Language>> {
    let primary = primary(tag);
    let position = FILES.iter().position(|(name, _)| *name == primary)?;
    Some(LANGUAGES[position].clone())
}

pub fn english() -> Arc<Language> {
    LANGUAGES[0].clone()
}

pub fn english_texts() -> &'static BTreeMap<String, String> {
    &LANGUAGES[0].texts
}

/// The first part of a BCP 47 tag, in lower case.
pub fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// How a language is written: by its script where the tag names one, else by the usual one.
pub fn direction(tag: &str) -> &'static str {
    const SCRIPTS: [&str; 7] = ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg"];
    const LANGUAGES: [&str; 11] = ["ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"];
    let script = tag.split(['-', '_']).skip(1).find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let rtl = match script {
        Some(script) => SCRIPTS.contains(&script.to_ascii_lowercase().as_str()),
        None => LANGUAGES.contains(&primary(tag).as_str()),
    };
    if rtl { "rtl" } else { "ltr" }
}

impl Language {
    fn built_in(position: usize) -> Language {
        let (name, file) = FILES[position];
        let plural = plural(file).unwrap_or_else(|| panic!("{name}.toml: `plural` names no rule of plural.rs"));
        let own = texts(file);
        let keys = own.keys().cloned().collect();
        let mut all = if position == 0 { BTreeMap::new() } else { english().texts.clone() };
        all.extend(own);
        Language { dates: Dates::of(&all), names: Names::of(&all), texts: all, plural, own: keys }
    }

    /// The same language with a site's own texts over it.
    pub fn with(&self, overrides: &[(String, String)]) -> Language {
        let mut texts = self.texts.clone();
        texts.extend(overrides.iter().cloned());
        Language { dates: Dates::of(&texts), names: Names::of(&texts), texts, plural: self.plural, own: self.own.clone() }
    }
}

/// The texts of a language file by their dotted keys: `[status] degraded` is `status.degraded`.
///
/// The files are part of the program and a test reads each; one that cannot be read has no texts.
pub fn texts(file: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    flatten("", toml::from_str(file).unwrap_or_default(), &mut found);
    found.remove(PLURAL);
    found
}

/// The one key of a language file that is no text.
const PLURAL: &str = "plural";

fn plural(file: &str) -> Option<Rule> {
    let table: toml::Table = toml::from_str(file).ok()?;
    Rule::from_word(table.get(PLURAL)?.as_str()?)
}

fn flatten(above: &str, table: toml::Table, found: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = if above.is_empty() { key } else { format!("{above}.{key}") };
        match value {
            toml::Value::String(text) => {
                found.insert(key, text);
            }
            toml::Value::Table(table) => flatten(&key, table, found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_must_say_how_it_counts() {
        assert_eq!(plural("plural = \"french\"\n[status]\ndegraded = \"x\"\n"), Some(Rule::French));
        assert_eq!(plural("[status]\ndegraded = \"x\"\n"), None);
        assert_eq!(plural("plural = \"polish\"\n"), None);
    }
}
