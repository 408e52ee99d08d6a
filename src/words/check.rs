//! What is wrong with a site's choice of words.

use std::collections::{BTreeMap, BTreeSet};

use super::language::{self, Language};
use super::plural::Category;
use crate::findings::{Code, Finding, Findings};
use crate::source::Span;

/// One entry of `[words]` in `site.toml`: its dotted key, its text, and where both stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub key: String,
    pub text: String,
    pub key_span: Span,
    pub text_span: Span,
}

/// Finds keys that do not exist, places that their text does not have, and words that the language lacks.
///
/// `language_span` is where `site.toml` names the language (its beginning where it does not).
pub fn check(language: &str, language_span: &Span, words: &[Written], findings: &mut Findings) {
    let english = language::english();
    for written in words {
        check_written(written, &english, findings);
    }
    let has = |key: &str| words.iter().any(|written| written.key == key);
    match language::find(language) {
        Some(found) => findings.extend(missing(&found, &english, has).map(|list| {
            Finding::new(Code::MissingWords, language_span.clone(), format!("words that `{language}` lacks are shown in English: {list}"))
                .help("write them under `[words]` in site.toml")
        })),
        None if english.texts.keys().all(|key| has(key)) => {}
        None => {
            let known: Vec<_> = language::FILES.iter().map(|(name, _)| format!("`{name}`")).collect();
            findings.push(
                Finding::new(Code::MissingWords, language_span.clone(), format!("there are no words for the language `{language}`"))
                    .label("the interface is shown in English")
                    .help(format!("there are words for {}; others can be written under `[words]`", known.join(", "))),
            );
        }
    }
}

fn check_written(written: &Written, english: &Language, findings: &mut Findings) {
    let Some(model) = text_of(&english.texts, &written.key) else {
        let finding = Finding::new(Code::UnknownKey, written.key_span.clone(), format!("there is no text called `{}`", written.key));
        let near = english.texts.keys().map(|key| (strsim::damerau_levenshtein(key, &written.key), key)).min();
        findings.push(match near {
            Some((distance, key)) if distance <= 2.max(written.key.len() / 5) => finding.help(format!("did you mean `{key}`?")),
            _ => finding.help("`signalpost schema site` lists the texts"),
        });
        return;
    };
    let allowed = places(model);
    for place in places(&written.text).difference(&allowed) {
        let finding = Finding::new(Code::BadValue, written.text_span.clone(), format!("`{}` has no place `{{{place}}}`", written.key));
        let known: Vec<_> = allowed.iter().map(|place| format!("`{{{place}}}`")).collect();
        findings.push(finding.help(match known.is_empty() {
            true => "this text has no places".to_owned(),
            false => format!("it can hold {}", known.join(", ")),
        }));
    }
    if matches!(written.key.as_str(), "date.months" | "date.months_short") && written.text.split_whitespace().count() != 12 {
        findings.push(
            Finding::new(Code::BadValue, written.text_span.clone(), format!("`{}` does not name 12 months", written.key))
                .help("write the twelve names with a space between them"),
        );
    }
}

/// The English text of a key; a counted text's further plural categories have that of `other`.
fn text_of<'a>(english: &'a BTreeMap<String, String>, key: &str) -> Option<&'a String> {
    english.get(key).or_else(|| {
        let (counted, category) = key.rsplit_once('.')?;
        Category::from_word(category)?;
        english.get(&format!("{counted}.other"))
    })
}

/// The names in braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// The keys of English that a language's file has not and the site does not write, as a list; `None` where there are none.
///
/// A counted text is there when its `other` is.
fn missing(language: &Language, english: &Language, site_has: impl Fn(&str) -> bool) -> Option<String> {
    let counted =
        |key: &str| key.rsplit_once('.').is_some_and(|(base, last)| last == "one" && english.own.contains(&format!("{base}.other")));
    let missing: Vec<_> = english.own.iter().filter(|key| !language.own.contains(*key) && !site_has(key) && !counted(key)).collect();
    let shown: Vec<_> = missing.iter().take(10).map(|key| format!("`{key}`")).collect();
    match missing.len() {
        0 => None,
        n if n > shown.len() => Some(format!("{} and {} more", shown.join(", "), n - shown.len())),
        _ => Some(shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span() -> Span {
        Span::whole_file(&"site.toml".into())
    }

    fn written(key: &str, text: &str) -> Written {
        Written { key: key.into(), text: text.into(), key_span: span(), text_span: span() }
    }

    fn findings(language: &str, words: &[Written]) -> Vec<Finding> {
        let mut findings = Findings::default();
        check(language, &span(), words, &mut findings);
        findings.into_iter().collect()
    }

    #[test]
    fn every_language_has_the_keys_and_places_of_english() {
        let english = language::texts(language::FILES[0].1);
        for (name, file) in language::FILES {
            toml::from_str::<toml::Table>(file).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
            for (key, text) in language::texts(file) {
                let model = text_of(&english, &key).unwrap_or_else(|| panic!("{name}.toml has `{key}`, which English lacks"));
                let extra: Vec<_> = places(&text).difference(&places(model)).map(|place| (*place).to_owned()).collect();
                assert!(extra.is_empty(), "{name}.toml: `{key}` has the places {extra:?}, which English lacks");
            }
            assert_eq!(findings(name, &[]), [], "{name}");
        }
    }

    #[test]
    fn a_counted_text_has_every_form_that_its_language_needs() {
        for (name, file) in language::FILES {
            let texts = language::texts(file);
            let needed: BTreeSet<_> = (0..=200).map(|n| super::super::plural::category(name, n)).collect();
            for base in texts.keys().filter_map(|key| key.strip_suffix(".other")) {
                for category in &needed {
                    assert!(texts.contains_key(&format!("{base}.{}", category.word())), "{name}.toml lacks `{base}.{}`", category.word());
                }
            }
        }
    }

    #[test]
    fn a_misspelt_key_gets_the_nearest_one() {
        let found = findings("en", &[written("status.operatonal", "Fine")]);
        assert_eq!(found[0].code, Code::UnknownKey);
        assert_eq!(found[0].help.as_deref(), Some("did you mean `status.operational`?"));
    }

    #[test]
    fn a_place_that_the_text_does_not_have_is_an_error() {
        let found = findings("en", &[written("nav.page", "{m} / {of}"), written("count.posts.few", "{n}"), written("date.months", "J F")]);
        let messages: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, ["`date.months` does not name 12 months", "`nav.page` has no place `{m}`"]);
    }

    #[test]
    fn a_language_without_a_file_is_said_once() {
        let found = findings("nl", &[written("status.operational", "Werkt")]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].message.as_str()), (Code::MissingWords, "there are no words for the language `nl`"));
    }

    #[test]
    fn a_language_that_lacks_words_is_listed_with_them() {
        let texts = |file| -> Language {
            let texts = language::texts(file);
            Language { dates: super::super::dates::Dates::of(&texts), own: texts.keys().cloned().collect(), texts }
        };
        let english = texts("[a]\nb = ''\nc.one = ''\nc.other = ''\nd = ''");
        let partial = texts("[a]\nc.other = ''");
        assert_eq!(missing(&partial, &english, |key| key == "a.d").as_deref(), Some("`a.b`"));
        assert_eq!(missing(&english, &english, |_| false), None);
    }
}
