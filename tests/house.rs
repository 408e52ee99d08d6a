//! The rules of the house, read off the source: arrows go one way, each outside package has its room, kinds of output do not know
//! each other, and no file outgrows a reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms, each of which may use those before it and none behind it.
const ORDER: &[&str] = &[
    "failure",
    "source",
    "findings",
    "model",
    "words",
    "load",
    "plan",
    "theme",
    "outputs",
    "render",
    "checks",
    "publish",
    "project",
    "authoring",
    "import",
    "probe",
    "announce",
    "serve",
    "cli",
];

/// Rooms that must not meet although the order would let them.
const STRANGERS: &[(&str, &str)] = &[
    ("plan", "load"),
    ("outputs", "load"),
    ("outputs", "findings"),
    ("outputs", "source"),
    ("theme", "load"),
    ("theme", "plan"),
    ("publish", "load"),
    ("publish", "plan"),
    ("publish", "source"),
    ("project", "load"),
    ("project", "model"),
    ("project", "plan"),
    ("serve", "load"),
];

/// Names that `src/lib.rs` hands on from a room to one that must not meet it, with why.
const HANDED_ON: &[(&str, &str, &str)] = &[("serve", "Memo", "it keeps the memory from build to build and never looks into it")];

/// Packages that are vocabulary rather than a job: any room may use them.
const EVERYWHERE: &[&str] =
    &["serde", "serde_json", "chrono", "bytes", "foldhash", "thiserror", "unicode_normalization", "xxhash_rust", "rayon"];

/// Lines of a file, its tests not counted: about four hundred.
const LONGEST: usize = 430;

/// A source file without comments and tests.
struct File {
    /// From `src/`: `load/keys.rs`.
    path: String,
    room: String,
    code: String,
    lines: usize,
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| entry.path().strip_prefix(&src).expect("it lies in src").to_string_lossy().replace('\\', "/"))
        .filter(|path| !path.ends_with("tests.rs") && !path.ends_with("testing.rs") && !path.contains("/tests/"))
        .map(|path| {
            let text = fs::read_to_string(src.join(&path)).expect("a source file can be read");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
            // The program's own file is the door of the room `cli`.
            let room = path.split('/').next().unwrap_or_default().trim_end_matches(".rs").replace("main", "cli");
            File { room, code, lines: text.lines().count(), path }
        })
        .collect()
}

/// The first names behind every `PREFIX::`, braces opened: `crate::{a::b, c}` gives `a` and `c`.
fn names_behind(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(&format!("{prefix}::")) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len() + 2..];
        if let Some(inside) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for c in inside.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.extend(first_name(&std::mem::take(&mut item))),
                    _ if depth == 0 => item.push(c),
                    _ => {}
                }
            }
            names.extend(first_name(&item));
        } else {
            names.extend(first_name(rest));
        }
    }
    names
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn names_are_found_behind_paths_and_in_braces() {
    let code = "use crate::{plan::Plan, model::{Site, Post}, Options};\nlet x = crate::words::Words::of(mycrate::no);";
    assert_eq!(names_behind(code, "crate"), ["plan", "model", "Options", "words"]);
}

/// What the root hands on of its rooms, `pub use load::Memo;`: the name to its room.
fn handed_on(root: &str) -> BTreeMap<String, String> {
    let lines = root.lines().filter_map(|line| line.strip_prefix("pub use ")?.trim_end_matches(';').split_once("::"));
    let names = |rest: &str| -> Vec<String> { rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned).collect() };
    lines
        .flat_map(|(room, rest)| names(rest).into_iter().map(|name| (name, room.to_owned())))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

#[test]
fn what_the_root_hands_on_belongs_to_its_room() {
    let root = handed_on("pub mod load;\npub use load::Memo;\npub use load::{One, Two};\nuse plan::Plan;\n");
    assert_eq!(root, ["Memo", "One", "Two"].map(|name| (name.to_owned(), "load".to_owned())).into());
}

#[test]
fn arrows_between_rooms_go_one_way() {
    let rank = |room: &str| ORDER.iter().position(|name| *name == room);
    let all = files();
    let root = handed_on(&all.iter().find(|file| file.path == "lib.rs").expect("the root is there").code);
    let mut wrong = Vec::new();
    for file in all.iter().filter(|file| file.room != "lib" && file.room != "main") {
        let Some(own) = rank(&file.room) else {
            wrong.push(format!("src/{}: the room `{}` is in no order", file.path, file.room));
            continue;
        };
        for name in names_behind(&file.code, "crate") {
            if HANDED_ON.iter().any(|(room, handed, _)| *room == file.room && *handed == name) {
                continue;
            }
            let used = root.get(&name).unwrap_or(&name).clone();
            let is_behind = rank(&used).is_some_and(|used| used > own);
            if is_behind || STRANGERS.contains(&(file.room.as_str(), used.as_str())) {
                wrong.push(format!("src/{}: `{}` uses `{used}`", file.path, file.room));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn kinds_of_output_do_not_know_each_other() {
    let all = files();
    let list = all.iter().find(|file| file.path == "outputs/mod.rs").expect("the list of kinds is there");
    let (_, rows) = list.code.split_once("KINDS: &[OutputKind] = &[").expect("the list is there");
    let (rows, _) = rows.split_once("];").expect("the list ends");
    let listed: BTreeSet<&str> = rows.split(',').map(str::trim).filter(|row| !row.is_empty()).collect();
    let kinds: BTreeSet<&str> = listed.iter().filter_map(|row| row.split("::").next()).collect();
    let mut wrong = Vec::new();
    for file in all.iter().filter(|file| file.path.starts_with("outputs/") && file.path != "outputs/mod.rs") {
        let module = file.path["outputs/".len()..].trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
        for (_, name) in file.code.lines().filter_map(|line| line.split_once("const ")).filter(|(_, name)| name.contains(": OutputKind")) {
            let path = format!("{module}::{}", name.split(':').next().unwrap_or_default());
            if !listed.contains(path.as_str()) {
                wrong.push(format!("src/{}: `{path}` is not in the list of kinds", file.path));
            }
        }
        let own = file.path["outputs/".len()..].split('/').next().unwrap_or_default().trim_end_matches(".rs");
        for prefix in ["super", "super::super", "super::super::super", "crate::outputs"] {
            for used in names_behind(&file.code, prefix) {
                let is_inside = prefix == "super" && file.path.matches('/').count() > 1;
                if used != own && kinds.contains(used.as_str()) && kinds.contains(own) && !is_inside {
                    wrong.push(format!("src/{}: `{own}` uses `{used}`", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What of a folder a file belongs to: the file, or the folder in it. The folder's own `mod.rs` is no part: it lists the others, and
/// they may use what it defines.
fn part_of<'f>(file: &'f File, folder: &str) -> Option<&'f str> {
    let below = file.path.strip_prefix(folder)?.strip_prefix('/')?;
    Some(below.split('/').next()?.trim_end_matches(".rs")).filter(|part| *part != "mod")
}

/// The parts of the same folder that a file uses, through `super` or by the whole path.
fn used_siblings(file: &File, folder: &str) -> Vec<String> {
    let module = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
    let levels = module.matches('/').count() - folder.matches('/').count();
    let up = vec!["super"; levels].join("::");
    let whole = format!("crate::{}", folder.replace('/', "::"));
    [names_behind(&file.code, &up), names_behind(&file.code, &whole)].concat()
}

#[test]
fn no_files_of_a_folder_use_each_other_in_a_circle() {
    let all = files();
    let folders: BTreeSet<&str> = all.iter().flat_map(|file| file.path.match_indices('/').map(|(slash, _)| &file.path[..slash])).collect();
    let mut circles = Vec::new();
    for folder in folders {
        let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let parts: BTreeSet<&str> = all.iter().filter_map(|file| part_of(file, folder)).collect();
        for file in &all {
            let Some(part) = part_of(file, folder) else { continue };
            let used = used_siblings(file, folder);
            arrows.entry(part).or_default().extend(parts.iter().filter(|other| **other != part && used.iter().any(|name| name == *other)));
        }
        // What uses nothing that is left is in no circle, and neither is what nothing that is left uses.
        let free = |arrows: &BTreeMap<&str, BTreeSet<&str>>| {
            let is_used = |part: &str| arrows.values().any(|used| used.contains(part));
            arrows.iter().find(|(part, used)| used.is_empty() || !is_used(part)).map(|(part, _)| part.to_string())
        };
        while let Some(free) = free(&arrows) {
            let free = free.as_str();
            arrows.remove(free);
            arrows.values_mut().for_each(|used| used.retain(|other| *other != free));
        }
        if !arrows.is_empty() {
            circles.push(format!("src/{folder}: {arrows:?}"));
        }
    }
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

/// Package (as code writes it) to the rooms that the table in `src/lib.rs` gives it.
fn owners() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("it can be read");
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in text.lines().filter_map(|line| line.strip_prefix("//! | [`")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let room = cells[0].trim_end_matches("`]");
        for package in cells[2].split(',').map(str::trim).filter(|package| !package.is_empty()) {
            owners.entry(package.replace('-', "_")).or_default().push(room.to_owned());
        }
    }
    owners
}

#[test]
fn every_outside_package_has_its_room() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).expect("it can be read");
    let manifest: toml::Table = manifest.parse().expect("Cargo.toml is TOML");
    let owners = owners();
    let everybodys = owners.keys().filter(|package| EVERYWHERE.contains(&package.as_str()));
    let mut wrong: Vec<String> =
        everybodys.map(|package| format!("src/lib.rs: the table has the package `{package}`, which any room may use")).collect();
    let all = files();
    for package in manifest["dependencies"].as_table().expect("there are dependencies").keys() {
        let package = package.replace('-', "_");
        if EVERYWHERE.contains(&package.as_str()) {
            continue;
        }
        let Some(rooms) = owners.get(&package) else {
            wrong.push(format!("src/lib.rs: the table names no room for the package `{package}`"));
            continue;
        };
        let used: Vec<&File> = all.iter().filter(|file| !names_behind(&file.code, &package).is_empty()).collect();
        wrong.extend(
            used.iter()
                .filter(|file| !rooms.contains(&file.room))
                .map(|file| format!("src/{}: `{package}` belongs to `{}`", file.path, rooms.join("`, `"))),
        );
        if used.is_empty() {
            wrong.push(format!("Cargo.toml: nothing uses `{package}`"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> =
        files().iter().filter(|file| file.lines > LONGEST).map(|file| format!("src/{}: {} lines", file.path, file.lines)).collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn every_room_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files() {
        let text = fs::read_to_string(src.join(&file.path)).expect("it can be read");
        assert!(text.starts_with("//! ") || file.path == "main.rs", "src/{} does not begin with its contract", file.path);
    }
}
