//! What is wrong with a site's choice of words: `language` and `[words]` in `site.toml`.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::clean::is_visible;
use super::fields::{At, shown};
use super::impacts::said_twice;
use crate::findings::nearest;
use crate::findings::{Code, Finding, Findings};
use crate::source::Span;
use crate::words;

/// Finds keys that do not exist, places that their text does not have, and words that the language lacks.
///
/// `written` are the entries of `[words]` by their dotted keys; `language_span` is where `site.toml` names the language (its
/// beginning where it does not).
pub fn check(language: &str, language_span: &Span, written: &[(At<String>, At<String>)], findings: &mut Findings) {
    // A key in quotes and tables with the same names are one text.
    let mut first: HashMap<&str, Span> = HashMap::new();
    for (key, text) in written {
        check_entry(key, text, &language_span.path, findings);
        let span = Span::new(&language_span.path, key.range.clone());
        match first.entry(&key.value) {
            Entry::Vacant(entry) => drop(entry.insert(span)),
            Entry::Occupied(entry) => {
                let message = format!("the text `{}` is written twice", shown(&key.value));
                findings.push(said_twice(message, span, entry.get()).help("take one of the two out"));
            }
        }
    }
    check_answers(language, &language_span.path, written, findings);
    let has = |key: &str| written.iter().any(|(written, _)| written.value == key);
    let finding = |message| Finding::new(Code::MissingWords, language_span.clone(), message);
    match words::lacking(language) {
        Some(lacking) => {
            let missing: Vec<_> = lacking.into_iter().filter(|key| !has(key)).collect();
            if let Some(list) = shorten(&missing) {
                let message = format!("words that `{language}` lacks are shown in English: {list}");
                findings.push(finding(message).help("write them under `[words]` in site.toml"));
            }
        }
        None if words::english().keys().all(|key| has(key)) => {}
        None => {
            let known: Vec<_> = words::languages().collect();
            let help = format!("there are words for {}; others can be written under `[words]`", nearest::list(&known));
            let message = format!("there are no words for the language `{language}`");
            findings.push(finding(message).label("the interface is shown in English").help(help));
        }
    }
}

fn check_entry(key: &At<String>, text: &At<String>, path: &Arc<str>, findings: &mut Findings) {
    let Some(model) = words::model(&key.value) else {
        let near = nearest::did_you_mean(&key.value, &words::english().keys().map(String::as_str).collect::<Vec<_>>(), "");
        let help = if near.is_empty() { "`signalpost schema site` lists the texts that exist".to_owned() } else { near };
        findings.push(
            Finding::new(Code::UnknownKey, Span::new(path, key.range.clone()), format!("there is no text called `{}`", key.value))
                .help(help),
        );
        return;
    };
    let wrong = |message| Finding::new(Code::BadValue, Span::new(path, text.range.clone()), message);
    if !is_visible(&text.value) {
        let help = format!("write what is to stand there instead of `{model}`, or take the line out");
        findings.push(wrong(format!("`{}` is empty", key.value)).help(help));
        return;
    }
    let allowed = words::placeholders(model);
    let places = words::placeholders(&text.value);
    for place in places.difference(&allowed) {
        let known: Vec<_> = allowed.iter().map(|place| format!("{{{place}}}")).collect();
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let help =
            if known.is_empty() { "nothing is filled into this text".to_owned() } else { format!("it can hold {}", nearest::list(&known)) };
        findings.push(wrong(format!("`{}` has no place `{{{place}}}`", key.value)).help(help));
    }
    // A date without its year is a matter of taste; one of "one update" names the number in a word.
    let may_leave_out = words::is_for_few_numbers(&key.value) || key.value.starts_with("date.");
    if !may_leave_out && places.is_subset(&allowed) {
        for place in allowed.difference(&places) {
            let message = format!("`{}` has lost its place `{{{place}}}`: nobody is told that", key.value);
            let help = format!("write `{{{place}}}` where it is to stand: `{model}`");
            findings.push(Finding::new(Code::MissingWords, Span::new(path, text.range.clone()), message).help(help));
        }
    }
    let months = matches!(key.value.as_str(), "date.months" | "date.months_short");
    if months && text.value.split_whitespace().count() != 12 {
        findings.push(wrong(format!("`{}` does not name 12 months", key.value)).help("write the twelve names with a space between them"));
    }
}

/// What is wrong must not read like what is well.
fn check_answers(language: &str, path: &Arc<str>, written: &[(At<String>, At<String>)], findings: &mut Findings) {
    const WRONG: [&str; 6] = ["degraded", "partial-outage", "major-outage", "maintenance", "unknown", "active"];
    let said = |key: &str| written.iter().find(|(written, _)| written.value == key).map(|(_, text)| text);
    let text = |key: &str| said(key).map(|text| text.value.clone()).or_else(|| words::own_text(language, key));
    for table in ["status", "overall"] {
        let well = format!("{table}.operational");
        for key in WRONG.map(|word| format!("{table}.{word}")) {
            let Some(place) = said(&key).or_else(|| said(&well)) else { continue };
            let read = |key: &str| text(key).map(|text| text.trim().to_lowercase());
            if is_visible(&place.value) && read(&key).is_some_and(|text| Some(text) == read(&well)) {
                let message = format!("`{key}` reads like `{well}`: `{}`", shown(place.value.trim()));
                let help = "write two texts that nobody takes for each other";
                findings.push(Finding::new(Code::Contradiction, Span::new(path, place.range.clone()), message).help(help));
            }
        }
    }
}

/// The first ten keys and how many there are beside; `None` for none.
fn shorten(keys: &[&str]) -> Option<String> {
    match keys {
        [] => None,
        _ if keys.len() <= 10 => Some(nearest::list(keys)),
        _ => {
            Some(format!("{} and {} more", keys[..10].iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "), keys.len() - 10))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span() -> Span {
        Span::whole_file(&"site.toml".into())
    }

    fn written(key: &str, text: &str) -> (At<String>, At<String>) {
        (At { value: key.into(), range: 0..0 }, At { value: text.into(), range: 0..0 })
    }

    fn findings(language: &str, written: &[(At<String>, At<String>)]) -> Vec<Finding> {
        let mut findings = Findings::default();
        check(language, &span(), written, &mut findings);
        findings.into_iter().collect()
    }

    #[test]
    fn a_language_with_a_complete_file_has_no_findings() {
        for language in words::languages() {
            assert_eq!(findings(language, &[written("status.operational", "OK"), written("count.updates.few", "{n}")]), [], "{language}");
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
        let found = findings("en", &[written("post.thread", "{m} / {of}"), written("date.months", "J F")]);
        let messages: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, ["`date.months` does not name 12 months", "`post.thread` has no place `{m}`"]);
        assert_eq!(found[1].help.as_deref(), Some("it can hold `{n}` and `{of}`"));
    }

    #[test]
    fn a_place_that_a_text_has_lost_is_told() {
        let found = findings(
            "en",
            &[written("glance.since", "for some time"), written("count.updates.one", "an update"), written("date.day", "{d} {month}")],
        );
        let messages: Vec<_> = found.iter().map(|finding| (finding.code, finding.message.as_str())).collect();
        assert_eq!(messages, [(Code::MissingWords, "`glance.since` has lost its place `{time}`: nobody is told that")]);
    }

    #[test]
    fn what_is_wrong_must_not_read_like_what_is_well() {
        let messages =
            |written: &[(At<String>, At<String>)]| findings("en", written).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
        assert_eq!(
            messages(&[written("status.degraded", "operational ")]),
            ["`status.degraded` reads like `status.operational`: `operational`"]
        );
        assert_eq!(
            messages(&[written("overall.operational", "Major outage")]),
            ["`overall.major-outage` reads like `overall.operational`: `Major outage`"]
        );
        assert_eq!(messages(&[written("status.partial-outage", "Outage"), written("status.major-outage", "Outage")]), [""; 0]);
    }

    #[test]
    fn a_language_without_a_file_is_said_once() {
        let found = findings("nl", &[written("status.operational", "Werkt")]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].message.as_str()), (Code::MissingWords, "there are no words for the language `nl`"));
    }

    #[test]
    fn a_long_list_is_cut_after_ten() {
        assert_eq!(shorten(&[]), None);
        assert_eq!(shorten(&["a", "b"]).as_deref(), Some("`a` and `b`"));
        assert!(shorten(&["a"; 12]).is_some_and(|list| list.ends_with("`a` and 2 more")));
    }
}
