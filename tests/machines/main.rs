//! What machines read: the Statuspage API, `status.json`, `status.txt`, badges, the widget and the uptime tables, over whole sites.

mod api;
mod developers;
mod headline;
mod sites;
mod status_json;

use serde_json::Value;
use signalpost::model::{Impact, Standing, Status};
use signalpost::outputs::api::Api;
use signalpost::outputs::api::shape::ComponentStatus;
use signalpost::outputs::{badge, status_text, widget};
use signalpost::plan;

use sites::{MOMENTS, SERVERS, SETTINGS, at, bundle, crowded, eventful, every_site};

#[test]
fn the_state_is_the_same_wherever_it_is_said() {
    for (name, site) in every_site() {
        let plan = plan::of(&site);
        let document = signalpost::outputs::status_json::document(&plan);
        let components = Api::of(&site).components().components;
        let badges = badge::all(&plan);
        let text = status_text::text(&plan);
        for (server, now) in site.servers.iter().zip(&site.glance.servers) {
            let told = document.servers.iter().find(|told| told.id == *server.id).expect("every server is told of");
            assert_eq!((told.status, told.since), (now.status, now.since), "{name}, {}", server.id);
            let badge = badges.iter().find(|(folder, _)| *folder == format!("server/{}/", server.id)).expect("every server has a badge");
            let word = plan.words.text(&format!("status.{}", now.status.word())).to_owned();
            assert_eq!((badge.1.status, &badge.1.message), (now.status, &word), "{name}, {}", server.id);
            let component = components.iter().find(|component| !component.group && component.name == server.name);
            assert_eq!(component.map(|component| component.status), component_status(server.standing, now.status), "{name}, {}", server.id);
            if server.standing != Standing::Retired {
                let row = text.lines().find(|line| line.trim().starts_with(&server.name) && line.ends_with(&word));
                assert!(row.is_some(), "{name}, {}: no row says {word} in\n{text}", server.id);
            }
        }
        assert_eq!((document.overall.status, badges[0].1.status), (site.glance.overall, site.glance.overall), "{name}");
        assert!(text.lines().any(|line| line == document.overall.text), "{name}:\n{text}");
        assert!(widget::page(&plan).contains(&format!("data-status=\"{}\"", site.glance.overall.word())), "{name}");
        assert!(widget::script(&plan).contains(&format!("\"status\":\"{}\"", site.glance.overall.word())), "{name}");
        let worst = components.iter().filter(|component| !component.group).map(|component| impact(component.status)).max();
        assert_eq!(worst.unwrap_or(Impact::None), site.glance.overall.impact(), "{name}");
    }
}

#[test]
fn the_table_on_the_front_page_says_the_same_as_the_files() {
    let (sources, select) = (eventful(), |selector: &str| scraper::Selector::parse(selector).expect("a selector"));
    for now in MOMENTS {
        let bundle = bundle(&sources, now);
        let file = |path: &str| std::str::from_utf8(&bundle.files[path]).expect("UTF-8");
        let document: Value = serde_json::from_str(file("status.json")).expect("JSON");
        let mut told: Vec<(&str, &str)> = Vec::new();
        for server in document["servers"].as_array().expect("servers") {
            let status = server["status"].as_str().expect("a status");
            told.push((server["name"].as_str().expect("a name"), status));
            let own = format!("server/{}/status.json", server["id"].as_str().expect("an id"));
            let own: Value = serde_json::from_str(file(&own)).expect("JSON");
            assert_eq!(&own["server"], server, "{now}");
        }
        let page = scraper::Html::parse_document(file("index.html"));
        let mut shown: Vec<(String, &str)> = page
            .select(&select(".glance tr[data-status], .retired li[data-status]"))
            .map(|row| (row.select(&select("a")).next().expect("a name").text().collect(), row.attr("data-status").expect("a status")))
            .collect();
        told.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown.iter().map(|(name, status)| (name.as_str(), *status)).collect::<Vec<_>>(), told, "{now}");
    }
}

/// What the API calls a status; `None` for servers that it leaves out.
fn component_status(standing: Standing, status: Status) -> Option<ComponentStatus> {
    (standing == Standing::Operational).then_some(match status {
        Status::Maintenance => ComponentStatus::UnderMaintenance,
        Status::Degraded => ComponentStatus::DegradedPerformance,
        Status::PartialOutage => ComponentStatus::PartialOutage,
        Status::MajorOutage => ComponentStatus::MajorOutage,
        _ => ComponentStatus::Operational,
    })
}

fn impact(status: ComponentStatus) -> Impact {
    match status {
        ComponentStatus::Operational => Impact::None,
        ComponentStatus::UnderMaintenance => Impact::Maintenance,
        ComponentStatus::DegradedPerformance => Impact::Degraded,
        ComponentStatus::PartialOutage => Impact::PartialOutage,
        ComponentStatus::MajorOutage => Impact::MajorOutage,
    }
}

#[test]
fn text_and_widget_stay_small_in_every_language_and_on_a_large_site() {
    let mut large = crowded();
    let servers: String =
        (0..200).map(|n| format!("[[server]]\nid = \"s{n}\"\nname = \"A server with a long name, number {n}\"\n\n")).collect();
    large.insert("content/servers.toml", format!("{SERVERS}\n{servers}"));
    for n in 0..40 {
        let post = format!(
            "+++\ntitle = \"Planned work with a rather long title that goes on and on, number {n}\"\nkind = \"maintenance\"\nserver = \"s{n}\"\n\
             date = 2026-04-30T00:00:00Z\nstart = 2026-06-{:02}T19:00:00Z\nend = 2026-06-{:02}T20:00:00Z\n+++\nWork.\n",
            n % 28 + 1,
            n % 28 + 1
        );
        large.insert(&format!("content/posts/2026-04-30-work-{n}.md"), post);
    }
    for language in ["en", "de", "fr", "es", "ar", "he", "pt-BR", "ja", "ru", "pl", "xx"] {
        large.insert("site.toml", format!("{SETTINGS}language = \"{language}\"\n"));
        let plan = plan::of(&at(&large, "2026-05-01T12:00:00Z"));
        let text = status_text::text(&plan);
        assert!(text.len() < 2000, "{language}: status.txt has {} bytes", text.len());
        assert!(text.contains("NC023") && text.contains("… +"), "{language}:\n{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        for (file, length) in [("widget.js", widget::script(&plan).len()), ("widget/", widget::page(&plan).len())] {
            assert!(length < 3000, "{language}: {file} has {length} bytes");
        }
    }
}

#[test]
fn the_widget_page_has_neither_script_nor_style_of_its_own() {
    for (name, site) in every_site() {
        let page = scraper::Html::parse_document(&widget::page(&plan::of(&site)));
        let count = |selector: &str| page.select(&scraper::Selector::parse(selector).expect("a selector")).count();
        assert_eq!((count("script"), count("style"), count("[style]"), count("[onclick]"), count("b")), (0, 0, 0, 0, 0), "{name}");
        assert_eq!(
            (count("meta[http-equiv=Content-Security-Policy]"), count("main[data-status] a[href]"), count("h1")),
            (1, 1, 1),
            "{name}"
        );
    }
}

/// What is wrong with a value by the definition of a schema.
fn problems(schema: &str, definition: &str, value: &Value) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(schema).expect("a schema");
    schema["$ref"] = format!("#/$defs/{}", definition.replace('/', "~1")).into();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    validator.iter_errors(value).map(|problem| format!("{}: {problem}", problem.instance_path())).collect()
}
