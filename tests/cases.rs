//! What a slip gets, as texts: every file of `tests/cases/` holds tiny sites and the findings of each, in both directions.
//!
//! `SIGNALPOST_BLESS=1 cargo test --test cases` writes what is found into the texts; read it aloud before you commit it.

mod case;

use std::path::{Path, PathBuf};

use signalpost::findings::{Code, Drawing, Format, Severity, draw};
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
fn the_schema_and_the_reader_agree_about_every_file() {
    let described = |path: &str| match path {
        "site.toml" => Some(Described::Site),
        "content/servers.toml" => Some(Described::Servers),
        _ => path.starts_with("content/posts/").then_some(Described::Post),
    };
    let validators = Described::ALL.map(|of| (of, jsonschema::draft202012::new(&schema(of)).expect("the schema is a schema")));
    let by_shape = [Code::UnknownKey, Code::WrongType, Code::MissingKey];
    let mut compared = 0;
    for (_, text) in texts() {
        for case in case::cases(&text) {
            let findings = case::findings(&case.sources, &case.options);
            for (path, file) in &case.sources.files {
                let (Some(of), Ok(text)) = (described(path), file.text()) else { continue };
                let text = match of {
                    Described::Post => text.strip_prefix("+++\n").and_then(|text| text.split("\n+++").next()),
                    _ => Some(text),
                };
                let Some(Ok(table)) = text.map(str::parse::<toml::Table>) else { continue };
                let own = || findings.iter().filter(|finding| finding.span.path == file.path);
                let is_valid =
                    validators.iter().any(|(for_one, it)| *for_one == of && it.is_valid(&json(&toml::Value::Table(table.clone()))));
                if own().any(|finding| by_shape.contains(&finding.code)) {
                    assert!(!is_valid, "{}: {path}: the reader refuses what the schema takes", case.name);
                } else if own().next().is_none() {
                    assert!(is_valid, "{}: {path}: the schema refuses what the reader takes", case.name);
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "only {compared} files were compared");
}

/// Lines of a file that begins as the text does, and whether they are taken.
#[test]
fn the_schema_and_the_reader_agree_about_every_line() {
    let site = "title = \"x\"\nbase_url = \"https://x.example\"\n";
    let hook = "[[webhook]]\nname = \"x\"\nurl_env = \"X\"\n";
    let post = "title = \"x\"\n";
    let server = "[[server]]\nid = \"x\"\n";
    let mut wrong = Vec::new();
    for (of, begin, line, is_taken) in [
        (Described::Post, post, "start = 2026-05-04T19:00:00Z\nend = \"\"", true),
        (Described::Post, post, "kind = \"notice\"\nstart = \"\"", true),
        (Described::Post, post, "kind = \"\"\nimpact = \"\"\npinned = \"\"\ndraft = \"\"", true),
        (Described::Post, "", "title = \"\"", false),
        (Described::Post, "", "title = \" \"", false),
        (Described::Site, site, "stale_after = \"\"", true),
        (Described::Site, site, "accent = \"\"\nlogo = \"\"\nposts_per_page = \"\"", true),
        (Described::Site, site, "accent = \"#0b63b0\"", true),
        (Described::Site, site, "accent = \"#06B\"", true),
        (Described::Site, site, "accent = \"0b63b0\"", false),
        (Described::Site, site, "accent = \"#0b63\"", false),
        (Described::Site, site, "logo = \"/feed.xml\"", true),
        (Described::Site, site, "logo = \"logo.svg\"", false),
        (Described::Site, site, "favicon = \"//x.example/logo.svg\"", false),
        (Described::Site, site, "favicon = \"/../logo.svg\"", false),
        (Described::Site, "base_url = \"https://x.example\"\n", "title = \"\"", false),
        (Described::Site, site, "[[sidebar]]\ntitle = \"\"", false),
        (Described::Site, site, "[[sidebar]]\ntitle = \"x\"\nlinks = [{ title = \"\", url = \"/\" }]", false),
        (Described::Site, hook, "kinds = [\"incident\", \"notice\"]", true),
        (Described::Site, hook, "kinds = \"incident\"", true),
        (Described::Site, hook, "kinds = \"\"\nformat = \"\"", true),
        (Described::Site, hook, "kinds = [\"incidnet\"]", false),
        (Described::Site, "[[webhook]]\nurl_env = \"X\"\n", "name = \"\"", false),
        (Described::Servers, server, "since = \"\"\nstatus = \"\"\nprobe = \"\"\nname = \"\"", true),
        (Described::Servers, server, "probe = \"tcp://x.example:25\"", true),
        (Described::Servers, server, "probe = \"https://x.example/\"", true),
        (Described::Servers, server, "probe = \"udp://x.example:53\"", false),
        (Described::Servers, server, "probe = \"tcp://x.example\"", false),
        (Described::Servers, "[[server]]\n", "id = \"web-1_a\"", true),
        (Described::Servers, "[[server]]\n", "id = \"A\"", false),
        (Described::Servers, "[[server]]\n", "id = \"a b\"", false),
        (Described::Servers, "[[server]]\n", "id = \"\"", false),
    ] {
        let begin = if begin.starts_with("[[webhook]]") { format!("{site}{begin}") } else { begin.to_owned() };
        let text = format!("{begin}{line}\n");
        let (path, written) = match of {
            Described::Site => ("site.toml", text.clone()),
            Described::Servers => ("content/servers.toml", text.clone()),
            Described::Post => ("content/posts/2026-05-04-x.md", format!("+++\n{text}+++\nWords.\n")),
        };
        let mut sources = case::site();
        sources.insert(path, written);
        let findings = case::findings(&sources, &case::options());
        let is_read = !findings.iter().any(|finding| finding.span.path.as_ref() == path && finding.severity() == Severity::Error);
        let table: toml::Table = text.parse().expect("the line is TOML");
        let is_valid = jsonschema::draft202012::is_valid(&schema(of), &json(&toml::Value::Table(table)));
        if (is_read, is_valid) != (is_taken, is_taken) {
            wrong.push(format!("{line}: the reader {is_read}, the schema {is_valid}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
