//! The page for developers: what it documents is there, and what is there it documents. `tests/api/developers.py` runs its examples.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use signalpost::outputs::status_json;
use signalpost::plan;
use signalpost::render::Bundle;

use super::sites::{at, bundle, eventful};

const NOW: &str = "2026-05-04T19:10:00Z";

fn page(bundle: &Bundle) -> Html {
    Html::parse_document(std::str::from_utf8(&bundle.files["developers/index.html"]).expect("UTF-8"))
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

#[test]
fn every_key_of_status_json_is_documented_and_no_other() {
    let page = page(&bundle(&eventful(), NOW));
    let document = serde_json::to_value(status_json::document(&plan::of(&at(&eventful(), NOW)))).expect("a document");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<BTreeSet<String>>();
    for (within, expected) in [("", keys(&document)), ("servers", keys(&document["servers"][0]))] {
        let cells = format!("table[data-documents='status.json'][data-within='{within}'] td:first-child code");
        let told: BTreeSet<String> = select(&page, &cells).iter().map(|code| code.text().collect()).collect();
        assert_eq!(told, expected, "within {within:?}");
    }
}

#[test]
fn every_address_on_the_page_is_a_file_of_the_site() {
    let bundle = bundle(&eventful(), NOW);
    let page = page(&bundle);
    let links = select(&page, ".developers a[href^='/']");
    assert!(links.len() > 15);
    for link in links {
        let address = link.attr("href").expect("an address").trim_start_matches('/');
        let file = if address.ends_with('/') { format!("{address}index.html") } else { address.to_owned() };
        assert!(bundle.files.contains_key(&file), "no file at /{address}");
    }
}

#[test]
fn every_file_for_machines_is_on_the_page() {
    let bundle = bundle(&eventful(), NOW);
    let text: String = select(&page(&bundle), ".developers").iter().flat_map(|part| part.text()).collect();
    for file in bundle.files.keys().filter(|file| ["api/", "status.", "badge.", "widget"].iter().any(|start| file.starts_with(start))) {
        let address = file.trim_end_matches("index.html").trim_end_matches("widget.css");
        assert!(text.contains(address), "/{file} is not documented");
    }
}

#[test]
fn hosts_are_told_to_let_every_origin_read_the_files_for_machines() {
    let bundle = bundle(&eventful(), NOW);
    let rules = std::str::from_utf8(&bundle.files["_headers"]).expect("UTF-8");
    let open: Vec<&str> = rules
        .split("\n/")
        .filter(|rule| rule.contains("Access-Control-Allow-Origin: *"))
        .filter_map(|rule| rule.lines().next())
        .map(|path| path.trim_start_matches('/'))
        .collect();
    let ends = ["status.json", "status.txt", "badge.svg", "badge.json", "uptime.csv", "widget.js"];
    for file in bundle.files.keys().filter(|file| file.starts_with("api/") || ends.iter().any(|end| file.ends_with(end))) {
        assert!(open.iter().any(|path| matches(path, file)), "no rule opens /{file}");
    }
}

/// Whether a host's rule is for a file: `*` at its end stands for anything, `:name` for one folder.
fn matches(rule: &str, file: &str) -> bool {
    if let Some(start) = rule.strip_suffix('*') {
        return file.starts_with(start);
    }
    let (rule, file): (Vec<&str>, Vec<&str>) = (rule.split('/').collect(), file.split('/').collect());
    rule.len() == file.len() && rule.iter().zip(&file).all(|(rule, part)| rule.starts_with(':') || rule == part)
}
