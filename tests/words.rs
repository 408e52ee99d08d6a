//! The words of the interface: every text that is asked for exists, and every one that exists is asked for.

use std::collections::BTreeSet;
use std::path::Path;

use signalpost::words;

/// Rooms whose keys end in a word of the model, are read whole by a script, or are the business of `words` itself.
const WHOLE_ROOMS: [&str; 10] =
    ["date.", "duration.", "status.", "overall.", "impact.", "kind.", "phase.", "state.", "search.", "feed.more-"];

/// The texts of the files below a folder that have one of these endings; of Rust files what stands before their tests.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = walkdir::WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| endings.iter().any(|ending| entry.path().extension().is_some_and(|found| found == *ending)))
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            (entry.path().display().to_string(), text)
        })
        .collect()
}

/// What stands between one of these openings and the next quote.
fn quoted(text: &str, openings: &[&str]) -> Vec<String> {
    let after = openings.iter().flat_map(|opening| text.split(opening).skip(1));
    after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

fn exists(key: &str) -> bool {
    words::model(key).is_some() || words::model(&format!("{key}.other")).is_some()
}

fn is_key(text: &str) -> bool {
    let letters =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    text.split('.').count() >= 2 && text.split('.').all(letters) && ![".html", ".md", ".css", ".js"].iter().any(|end| text.ends_with(end))
}

#[test]
fn every_text_that_templates_and_code_ask_for_exists() {
    let mut missing = Vec::new();
    let templates = files("themes/default", &["html", "js"]);
    let code = files("src", &["rs"]);
    assert!(templates.len() > 20 && code.len() > 40, "the files are there");
    let openings = [".text(\"", ".fill(\"", ".count(\"", "words[\""];
    for (path, text) in templates.iter().chain(&code) {
        for key in quoted(text, &openings).into_iter().filter(|key| is_key(key) && !exists(key)) {
            missing.push(format!("{path} asks for `{key}`"));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_text_that_exists_is_asked_for() {
    let asked: BTreeSet<String> = files("themes/default", &["html", "js"])
        .iter()
        .chain(files("src", &["rs"]).iter())
        .flat_map(|(_, text)| quoted(text, &["\""]).into_iter().chain(text.split('"').map(str::to_owned)))
        .filter(|text| is_key(text))
        .collect();
    let idle: Vec<&str> = words::english()
        .keys()
        .map(String::as_str)
        .filter(|key| !WHOLE_ROOMS.iter().any(|room| key.starts_with(room)))
        .filter(|key| {
            let counted = key.rsplit_once('.').map_or(*key, |(base, _)| base);
            !asked.contains(*key) && !asked.contains(counted)
        })
        .collect();
    assert_eq!(idle, Vec::<&str>::new(), "nobody shows these texts");
}
