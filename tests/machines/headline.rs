//! The headline of the moments to come: front page, widget and `status.json` foretell the same.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use signalpost::Prepared;
use signalpost::model::Moment;
use signalpost::outputs::Make;

use super::sites::{MOMENTS, eventful, example, moment, prepared, sources};

const PLANNED: usize = 8;
const ACTIVE: [&str; 3] = ["in-progress", "overrunning", "ongoing"];

#[test]
fn page_widget_and_status_json_foretell_the_same_headlines() {
    let silent = sources(&[(
        "2026-05-01-silent.md",
        "+++\ntitle = \"Nobody notices\"\nkind = \"maintenance\"\nserver = \"nc023\"\nimpact = \"none\"\ndate = 2026-05-01T08:00:00Z\n\
         start = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:30:00Z\n+++\nWork.\n",
    )]);
    let (eventful, example) = (eventful(), example());
    let of_example =
        ["2025-09-16T10:30:00Z", "2026-02-10T12:00:00Z", "2026-05-04T18:00:00Z", "2026-05-04T19:05:00Z", "2026-11-21T12:00:00Z"];
    let cases = (MOMENTS.iter().map(|now| (&eventful, *now)))
        .chain(of_example.into_iter().map(|now| (&example, now)))
        .chain(["2026-05-02T00:00:00Z", "2026-05-04T19:10:00Z"].map(|now| (&silent, now)));
    let mut foretold = BTreeSet::new();
    for (sources, now) in cases {
        let prepared = prepared(sources, now);
        let (page, document, widget) = (Page::of(&prepared), Document::of(&prepared), Widget::of(&prepared));
        let now = moment(now);
        assert_eq!(page.headline, page.at(&prepared, now), "the page at {now}");
        assert_eq!((&document.text, &widget.text), (&page.headline, &page.headline), "at {now}");
        let last = widget.next.last().filter(|_| widget.next.len() == PLANNED).map_or(Moment::MAX_UTC, |(at, _)| *at);
        for at in page.turns.iter().chain(&document.turns).chain(widget.next.iter().map(|(at, _)| at)).filter(|at| **at <= last) {
            let said = page.at(&prepared, *at);
            assert_eq!((document.at(&prepared, *at), widget.at(*at)), (said.clone(), said.clone()), "at {at}, foretold at {now}");
            foretold.insert(said);
        }
        let printed = &widget.next[..widget.next.len().min(3)];
        assert_eq!(widget.printed, printed, "/widget/ at {now}");
    }
    let expected = ["All systems operational", "An event is being worked on", "Maintenance in progress"];
    assert!(expected.iter().all(|text| foretold.contains(*text)), "{foretold:?}");
}

/// What a moment brings, by a list of changes: the last that has come, else what holds now.
fn by<'c>(now: &'c str, changes: &'c [(Moment, String)], at: Moment) -> &'c str {
    changes.iter().rfind(|change| change.0 <= at).map_or(now, |change| &change.1)
}

/// As the page's script has it: the words of the status, and others where that is operational while an event goes on.
fn headline(prepared: &Prepared, status: &str, mut phases: impl Iterator<Item = String>) -> String {
    let key = if status == "operational" && phases.any(|phase| ACTIVE.contains(&phase.as_str())) { "active" } else { status };
    prepared.plan.words.text(&format!("overall.{key}")).to_owned()
}

/// A word that changes by itself.
type Changing = (String, Vec<(Moment, String)>);

struct Page {
    headline: String,
    status: Changing,
    events: Vec<Changing>,
    turns: Vec<Moment>,
}

impl Page {
    fn of(prepared: &Prepared) -> Page {
        let page = Html::parse_document(&file(prepared, "index.html"));
        let answer = all(page.root_element(), ".answer").remove(0);
        let events = all(page.root_element(), ".event [data-phase]").into_iter();
        let events: Vec<Changing> = events.map(|event| changing(event, "data-phase", "data-phase-becomes")).collect();
        let status = changing(answer, "data-status", "data-becomes");
        let turns = events.iter().chain([&status]).flat_map(|(_, changes)| changes.iter().map(|(at, _)| *at)).collect();
        Page { headline: text(all(answer, "[data-word]")[0]), status, events, turns }
    }

    fn at(&self, prepared: &Prepared, at: Moment) -> String {
        let phases = self.events.iter().map(|(now, next)| by(now, next, at).to_owned());
        headline(prepared, by(&self.status.0, &self.status.1, at), phases)
    }
}

fn changing(element: ElementRef, now: &str, becomes: &str) -> Changing {
    let change = |time: ElementRef| (moment(time.attr("datetime").expect("a time")), time.attr(becomes).expect("a word").to_owned());
    let changes = all(element, &format!("time[{becomes}]")).into_iter().map(change);
    (element.attr(now).expect("a word").to_owned(), changes.collect())
}

struct Document {
    text: String,
    status: Changing,
    events: Vec<Changing>,
    turns: Vec<Moment>,
}

impl Document {
    fn of(prepared: &Prepared) -> Document {
        let document: Value = serde_json::from_str(&file(prepared, "status.json")).expect("JSON");
        let string = |value: &Value| value.as_str().expect("a string").to_owned();
        let changing = |of: &Value, key: &str| -> Changing {
            let next = of["next"].as_array().expect("changes").iter();
            (string(&of[key]), next.map(|change| (moment(&string(&change["at"])), string(&change[key]))).collect())
        };
        let events = ["active", "planned"].iter().flat_map(|list| document[list].as_array().expect("events"));
        let events: Vec<Changing> = events.map(|event| changing(event, "phase")).collect();
        let status = changing(&document["overall"], "status");
        let turns = events.iter().chain([&status]).flat_map(|(_, changes)| changes.iter().map(|(at, _)| *at)).collect();
        Document { text: string(&document["overall"]["text"]), status, events, turns }
    }

    fn at(&self, prepared: &Prepared, at: Moment) -> String {
        let phases = self.events.iter().map(|(now, next)| by(now, next, at).to_owned());
        headline(prepared, by(&self.status.0, &self.status.1, at), phases)
    }
}

struct Widget {
    text: String,
    next: Vec<(Moment, String)>,
    printed: Vec<(Moment, String)>,
}

impl Widget {
    fn of(prepared: &Prepared) -> Widget {
        let script = file(prepared, "widget.js");
        let (_, data) = script.trim_end().trim_end_matches(");").rsplit_once("})(").expect("data behind the script");
        let data: Value = serde_json::from_str(data).expect("JSON");
        let string = |value: &Value| value.as_str().expect("a string").to_owned();
        let change = |change: &Value| {
            let at = change[0].as_i64().and_then(|at| Moment::from_timestamp(at, 0)).expect("a time");
            (at, string(&change[2]))
        };
        let page = Html::parse_document(&file(prepared, "widget/index.html"));
        let printed = all(page.root_element(), "li").into_iter().map(|line| {
            let at = moment(all(line, "time")[0].attr("datetime").expect("a time"));
            (at, text(line).rsplit_once(": ").expect("a time and a sentence").1.to_owned())
        });
        let next = data["next"].as_array().expect("changes").iter().map(change).collect();
        Widget { text: string(&data["text"]), next, printed: printed.collect() }
    }

    fn at(&self, at: Moment) -> String {
        by(&self.text, &self.next, at).to_owned()
    }
}

fn all<'p>(within: ElementRef<'p>, selector: &str) -> Vec<ElementRef<'p>> {
    within.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().trim().to_owned()
}

fn file(prepared: &Prepared, path: &str) -> String {
    let output = prepared.outputs.iter().find(|output| output.path == path).expect("a file of the site");
    let bytes = match &output.make {
        Make::Ready(bytes) => bytes.to_vec(),
        Make::Later(make) => make(&prepared.plan, &prepared.theme).expect("a file that can be made"),
    };
    String::from_utf8(bytes).expect("UTF-8")
}
