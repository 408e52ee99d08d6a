//! Tiny sites and what becomes of them, in folders that a person can open: `tests/golden/NAME/{site,expected}`.
//!
//! `files.txt` lists every file of the built site; beside it stand those that say most. Names of assets are written without their
//! hash, and pages without the words for their script. `SIGNALPOST_BLESS=1 cargo test --test golden` writes what is built; look at it in a browser before you commit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use signalpost::source::Sources;
use signalpost::{Now, Options, build};

/// Each site, and the moment that it shows.
const SITES: &[(&str, &str)] = &[
    ("maintenance-ahead", "2026-05-02T12:00:00Z"),
    ("outage", "2026-05-04T19:25:00Z"),
    ("thread", "2026-05-05T08:00:00Z"),
    ("base-path", "2026-05-04T20:00:00Z"),
    ("probed", "2026-05-04T19:25:00Z"),
];

/// Whether a file is kept in full: the front page, posts, one feed, and everything as data.
fn is_kept(path: &str) -> bool {
    matches!(path, "index.html" | "feed.xml" | "status.json" | "status.txt" | "calendar.ics")
        || (path.starts_with("20") && path.matches('/').count() == 4)
}

#[test]
fn every_site_becomes_what_is_expected() {
    let bless = std::env::var_os("SIGNALPOST_BLESS").is_some();
    let mut wrong = String::new();
    for (name, now) in SITES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
        let built = built(&folder.join("site"), now);
        let expected = folder.join("expected");
        if bless {
            write(&expected, &built);
        }
        compare(name, &texts(&expected), &built, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}\n\nIf that is meant: SIGNALPOST_BLESS=1 cargo test --test golden, and look at the diff");
}

#[test]
fn every_folder_is_a_site_of_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    found.sort();
    let mut listed: Vec<&str> = SITES.iter().map(|(name, _)| *name).collect();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

/// The files that are kept, and the list of all.
fn built(site: &Path, now: &str) -> BTreeMap<String, String> {
    let mut sources = Sources::default();
    for (path, text) in texts(site) {
        sources.insert(&path, text);
    }
    let made = build(&sources, &Options { now: Now::Given(now.parse().unwrap()), drafts: false, base_url: None });
    assert!(made.findings.is_empty(), "{:?}", made.findings);
    let bundle = made.bundle.unwrap();
    let hashes: Vec<String> = bundle.files.keys().filter_map(|path| hash(path)).collect();
    let without_hashes = |text: &str| hashes.iter().fold(text.to_owned(), |text, hash| text.replace(hash, ".HASH."));
    let mut files: BTreeMap<String, String> = bundle
        .files
        .iter()
        .filter(|(path, _)| is_kept(path))
        .map(|(path, body)| (path.clone(), without_hashes(&without_words(std::str::from_utf8(body).unwrap()))))
        .collect();
    let mut list: Vec<String> = bundle.files.keys().map(|path| without_hashes(path)).collect();
    list.sort();
    files.insert("files.txt".to_owned(), list.join("\n") + "\n");
    files
}

/// A page without the words that it gives to its script: they are the language file's.
fn without_words(page: &str) -> String {
    const WORDS: &str = "id=\"words\">";
    match page.split_once(WORDS).and_then(|(head, rest)| Some((head, rest.split_once("</script>")?.1))) {
        Some((head, rest)) => format!("{head}{WORDS}…</script>{rest}"),
        None => page.to_owned(),
    }
}

/// `.1a2b3c4d5e.` of an asset's path.
fn hash(path: &str) -> Option<String> {
    let hash = path.strip_prefix("assets/")?.split('.').find(|part| part.len() == 10 && part.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some(format!(".{hash}."))
}

/// Every file of a folder as text, by its path below it.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let path_of = |path: PathBuf| path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
    files.map(|entry| (path_of(entry.path().to_owned()), std::fs::read_to_string(entry.path()).unwrap())).collect()
}

fn write(folder: &Path, files: &BTreeMap<String, String>) {
    let _ = std::fs::remove_dir_all(folder);
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn compare(name: &str, expected: &BTreeMap<String, String>, built: &BTreeMap<String, String>, wrong: &mut String) {
    for path in expected.keys().filter(|path| !built.contains_key(*path)) {
        *wrong += &format!("\n{name}: {path} is expected and is not built");
    }
    for (path, text) in built {
        match expected.get(path) {
            None => *wrong += &format!("\n{name}: {path} is built and is not expected"),
            Some(before) if before != text => {
                let line = before
                    .lines()
                    .zip(text.lines())
                    .position(|(one, other)| one != other)
                    .unwrap_or(before.lines().count().min(text.lines().count()));
                let shown = |text: &str| text.lines().nth(line).unwrap_or("(the end)").chars().take(300).collect::<String>();
                *wrong += &format!("\n{name}: {path}:{}\n  expected {}\n  built    {}", line + 1, shown(before), shown(text));
            }
            Some(_) => {}
        }
    }
}
