//! What a slip gets, as texts: every file of `tests/cases/` holds tiny sites and the findings of each, in both directions.
//!
//! `SIGNALPOST_BLESS=1 cargo test --test cases` writes what is found into the texts; read it aloud before you commit it.

mod case;

use std::path::{Path, PathBuf};

use signalpost::findings::{Code, Drawing, Format, draw};
use signalpost::load::schema::{Described, schema};

fn texts() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the cases are there").filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let texts: Vec<_> = paths.into_iter().filter_map(|path| std::fs::read_to_string(&path).ok().map(|text| (path, text))).collect();
    assert!(!texts.is_empty());
    texts
}

#[test]
fn every_case_has_its_findings_and_no_others() {
    let bless = std::env::var_os("SIGNALPOST_BLESS").is_some();
    let mut wrong = String::new();
    for (path, text) in texts() {
        let mut blessed = text.clone();
        for case in case::cases(&text).iter().rev() {
            let found = case::short(&case::findings(&case.sources, &case.options), &case.sources);
            if found != case.expected.text {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                wrong += &format!("\n{file}: {}\n--- expected\n{}--- found\n{found}", case.name, case.expected.text);
                blessed.replace_range(case.expected.start..case.expected.start + case.expected.text.len(), &found);
            }
        }
        if bless && blessed != text {
            std::fs::write(&path, blessed).expect("a blessed text can be written");
        }
    }
    assert!(wrong.is_empty() || bless, "{wrong}\nIf that is meant: SIGNALPOST_BLESS=1 cargo test --test cases, and look at the diff");
}

#[test]
fn every_finding_is_worded_as_the_house_words_them() {
    for (_, text) in texts() {
        for case in case::cases(&text) {
            for finding in case::findings(&case.sources, &case.options).iter() {
                let message = &finding.message;
                let first = message.chars().next().unwrap_or('A');
                assert!(!first.is_uppercase(), "{}: begins with a capital: {message}", case.name);
                assert!(!message.ends_with('.'), "{}: ends with a full stop: {message}", case.name);
                assert!(message.matches('`').count() % 2 == 0, "{}: a backtick without its other: {message}", case.name);
                assert!(
                    !finding.help.as_deref().is_some_and(|help| help.trim().is_empty() || help.ends_with('.')),
                    "{}: {:?}",
                    case.name,
                    finding.help
                );
                assert!(finding.label.as_deref() != Some(""), "{}: an empty label", case.name);
            }
        }
    }
}

#[test]
fn every_finding_can_be_drawn_in_every_format_without_a_control_character() {
    for (_, text) in texts() {
        for case in case::cases(&text) {
            let findings = case::findings(&case.sources, &case.options);
            for format in Format::ALL {
                let drawn = draw(&findings, &case.sources, Drawing { format, ..Drawing::default() });
                assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()), "{} as {format:?}: {drawn:?}", case.name);
            }
        }
    }
}

/// The editors' schema and the reader are made of one list: what the one takes, the other does.
#[test]
fn the_schema_and_the_reader_agree_about_every_post() {
    let validator = jsonschema::draft202012::new(&schema(Described::Post)).expect("the schema is a schema");
    let by_shape = [Code::UnknownKey, Code::WrongType, Code::MissingKey];
    let mut compared = 0;
    for (_, text) in texts() {
        for case in case::cases(&text) {
            let findings = case::findings(&case.sources, &case.options);
            for file in case.sources.under("content/posts/") {
                let front = file.text().ok().and_then(|text| text.strip_prefix("+++\n")).and_then(|text| text.split("\n+++").next());
                let Some(Ok(table)) = front.map(str::parse::<toml::Table>) else { continue };
                let own = || findings.iter().filter(|finding| finding.span.path == file.path);
                let is_valid = validator.is_valid(&json(&toml::Value::Table(table)));
                if own().any(|finding| by_shape.contains(&finding.code)) {
                    assert!(!is_valid, "{}: {}: the reader refuses what the schema takes", case.name, file.path);
                } else if own().next().is_none() {
                    assert!(is_valid, "{}: {}: the schema refuses what the reader takes", case.name, file.path);
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "only {compared} posts were compared");
}

fn json(value: &toml::Value) -> serde_json::Value {
    match value {
        toml::Value::Datetime(datetime) => datetime.to_string().into(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect::<serde_json::Map<_, _>>().into(),
        toml::Value::String(text) => text.clone().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(boolean) => (*boolean).into(),
    }
}
