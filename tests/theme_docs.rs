//! `themes/README.md` documents every template and every field that it gets. It is made from the view types' own words:
//! `SIGNALPOST_WRITE=1 cargo test --test theme_docs` writes it, without the variable it is compared.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use signalpost::outputs::html::TEMPLATES;
use signalpost::source::Sources;
use signalpost::theme::{BUILTIN_ASSETS, BUILTIN_TEMPLATES};
use signalpost::{Now, Options};

const BEGIN: &str = "<!-- generated: tests/theme_docs.rs -->\n";

/// A view type: what it is, and its fields.
struct View {
    about: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    /// As Rust writes it.
    kind: String,
    about: String,
}

#[test]
fn the_themes_readme_documents_every_template_and_field() {
    let path = root().join("themes/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (written, _) = text.split_once(BEGIN).expect("the README says where its generated part begins");
    let expected = format!("{written}{BEGIN}\n{}", reference(&views()));
    if std::env::var_os("SIGNALPOST_WRITE").is_some() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert!(text == expected, "out of date: run SIGNALPOST_WRITE=1 cargo test --test theme_docs");
    }
}

#[test]
fn what_extra_holds_reaches_a_template_with_times_as_text() {
    let extra =
        "[extra]\nopened = 2020-01-01\nyears = [2020, 2021]\nshare = 1.5\nis_open = true\n[extra.next]\nmeeting = 2026-05-04T19:00:00Z\n";
    let mut sources = Sources::default();
    sources.insert("site.toml", format!("title = \"x\"\nbase_url = \"https://status.example.net\"\ntheme = \"own\"\n{extra}"));
    sources.insert("content/servers.toml", "[[server]]\nid = \"nc023\"\n");
    let template =
        "{{ site.extra.opened }} {{ site.extra.years }} {{ site.extra.share }} {{ site.extra.is_open }} {{ site.extra.next.meeting }}";
    sources.insert("themes/own/templates/404.html", template);
    let now = Now::Given("2026-05-05T12:00:00Z".parse().unwrap());
    let built = signalpost::build(&sources, &Options { now, drafts: false, base_url: None });
    let page = &built.bundle.expect("there are no errors").files["404.html"];
    assert_eq!(std::str::from_utf8(page), Ok("2020-01-01 [2020, 2021] 1.5 true 2026-05-04T19:00:00Z"));
}

#[test]
fn the_theme_of_two_files_is_behind_every_page() {
    let text = fs::read_to_string(root().join("themes/README.md")).unwrap();
    let fenced: Vec<(&str, &str)> = text.split("\n```").filter_map(|part| part.split_once('\n')).collect();
    let files = fenced.iter().filter_map(|(opening, text)| Some((opening.split_once(' ')?.1, *text)));
    let files: Vec<_> = files.filter(|(path, _)| path.starts_with("themes/own/")).collect();
    assert_eq!(files.iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["themes/own/templates/base.html", "themes/own/static/own.css"]);
    let mut sources = Sources::default();
    sources.insert("site.toml", "title = \"x\"\nbase_url = \"https://status.example.net\"\ntheme = \"own\"\n");
    sources.insert("content/servers.toml", "[[server]]\nid = \"nc023\"\n");
    sources.insert("content/posts/2026-05-04-0900-relay.md", "+++\ntitle = \"Relay\"\nkind = \"notice\"\n+++\nIt moves.\n");
    files.iter().for_each(|(path, text)| sources.insert(path, (*text).to_owned()));
    let now = Now::Given("2026-05-05T12:00:00Z".parse().unwrap());
    let built = signalpost::build(&sources, &Options { now, drafts: false, base_url: None });
    assert_eq!(built.findings.iter().collect::<Vec<_>>(), [] as [&signalpost::findings::Finding; 0]);
    let files = built.bundle.unwrap().files;
    let (name, _) = files.iter().find(|(path, _)| path.starts_with("assets/own.")).unwrap();
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html")).map(|(path, page)| (path, String::from_utf8_lossy(page)));
    // The widget is a page for other sites.
    for (path, page) in pages.filter(|(path, page)| !path.starts_with("widget/") && !page.contains("http-equiv=\"refresh\"")) {
        let (site, own) = (page.find("/assets/site."), page.find(&format!("/{name}")));
        assert!(site.is_some() && site < own, "{path}: {page}");
    }
}

#[test]
fn every_field_that_a_template_sees_has_words_of_its_own() {
    let views = views();
    let fields = views.iter().flat_map(|(name, view)| view.fields.iter().map(move |field| (name, field)));
    // A field whose type is a view that is documented needs no more.
    let silent = fields.filter(|(_, field)| field.about.is_empty() && !views.keys().any(|known| field.kind.contains(known)));
    let silent: Vec<String> = silent.map(|(name, field)| format!("{name}.{}", field.name)).collect();
    assert!(silent.is_empty(), "no doc comment: {silent:?}");
}

#[test]
fn every_template_is_listed_with_what_it_gets() {
    let views = views();
    let listed: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
    let built_in: Vec<&str> = BUILTIN_TEMPLATES.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, built_in);
    for (name, view) in TEMPLATES.iter().flat_map(|template| template.gets) {
        assert!(views.contains_key(*view), "`{name}` is a {view}, which is not documented");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The reference: templates, then view types.
fn reference(views: &BTreeMap<String, View>) -> String {
    let mut text = String::from("## Templates\n\n| template | what it is | gets, beside `site`, `words`, `assets` |\n|---|---|---|\n");
    for template in TEMPLATES {
        let gets: Vec<String> = template.gets.iter().map(|(name, view)| format!("`{name}`: {}", linked(views, view))).collect();
        writeln!(text, "| `{}` | {} | {} |", template.name, template.about, gets.join(", ")).unwrap();
    }
    let assets: Vec<String> = BUILTIN_ASSETS.iter().map(|(name, _)| format!("`{name}`")).collect();
    write!(text, "\nBuilt-in assets: {}.\n\n## What templates get\n", assets.join(", ")).unwrap();
    for (name, view) in views {
        write!(text, "\n### {name}\n\n{}\n\n| field | type | |\n|---|---|---|\n", view.about).unwrap();
        for field in &view.fields {
            writeln!(text, "| `{}` | {} | {} |", field.name, linked(views, &field.kind), field.about.replace('|', "\\|")).unwrap();
        }
    }
    text
}

/// A Rust type in the words of a theme author.
fn linked(views: &BTreeMap<String, View>, kind: &str) -> String {
    let inner = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inner) = inner("Vec<") {
        return format!("list of {}", linked(views, inner));
    }
    if let Some(inner) = inner("Option<") {
        return format!("{} or nothing", linked(views, inner));
    }
    if let Some(inner) = inner("Ready<") {
        return linked(views, inner);
    }
    match kind {
        "String" | "&'static str" => "text".into(),
        "Markup" => "HTML".into(),
        "bool" => "true or false".into(),
        "usize" | "i64" => "number".into(),
        "toml::Table" => "table".into(),
        view if views.contains_key(view) => format!("[{view}](#{})", view.to_lowercase()),
        other => panic!("templates know no type {other}"),
    }
}

/// Every view type, as the source writes it.
fn views() -> BTreeMap<String, View> {
    let mut files: Vec<_> = fs::read_dir(root().join("src/outputs/html")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut views = BTreeMap::new();
    for file in files {
        read_views(&file, &mut views);
    }
    views
}

/// Reads the structs of a file that derive `Serialize`, with their doc comments.
fn read_views(file: &Path, views: &mut BTreeMap<String, View>) {
    let source = fs::read_to_string(file).unwrap();
    let (mut about, mut serialized, mut open): (Vec<&str>, bool, Option<String>) = (Vec::new(), false, None);
    for line in source.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            about.push(doc.trim());
        } else if line.starts_with("#[derive(") {
            serialized = line.contains("Serialize");
        } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")).filter(|_| serialized) {
            views.insert(name.to_owned(), View { about: std::mem::take(&mut about).join(" "), fields: Vec::new() });
            open = Some(name.to_owned());
        } else if let (Some(view), Some((name, kind))) = (&open, line.strip_prefix("pub ").and_then(|line| line.split_once(": "))) {
            let kind = kind.trim_end_matches(',').to_owned();
            views.get_mut(view).unwrap().fields.push(Field { name: name.to_owned(), kind, about: std::mem::take(&mut about).join(" ") });
        } else {
            about.clear();
            if line == "}" {
                (open, serialized) = (None, false);
            }
        }
    }
}
