//! Status through time against a second, naive reading of the contract; and the model against itself at other moments.

#[path = "model/facts.rs"]
mod facts;
#[path = "model/naive.rs"]
mod naive;
mod support;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Utc};
use facts::{Post, moment, posts, texts};
use proptest::prelude::*;
use signalpost::model::uptime::Uptime;
use signalpost::model::{Event, Impact, Phase, Site, Standing, State};
use signalpost::words::Words;
use signalpost::{Now, Options};
use support::{post, site};

fn site_at(posts: &[Post], now: DateTime<Utc>) -> Site {
    let texts = texts(posts);
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let options = Options { now: Now::Given(now), drafts: false, base_url: None };
    let (site, findings) = support::loaded(&support::sources(&files), &options);
    assert!(!findings.has_errors(), "{:?}", support::said(&findings));
    site.expect("there are settings")
}

fn words(site: &Site) -> Vec<&'static str> {
    site.glance.servers.iter().map(|server| server.status.word()).collect()
}

/// When the next text is written after a moment: until then nothing but windows changes the site.
fn next_text(posts: &[Post], now: i64) -> i64 {
    // The end of an incident is written when it is over, and that it begins again when it does; the end of a maintenance is planned.
    // Where the first post is withdrawn, the next one says what it is.
    let is_planned = |at: usize| {
        let first = &posts[facts::root(posts, at)];
        posts[at].date <= now && first.kind == Some("maintenance") && !first.withdrawn
    };
    let written = posts.iter().enumerate().flat_map(|(at, post)| {
        let end = post.end.filter(|_| !is_planned(at));
        let begins_again = post.start.filter(|_| post.follows.is_some());
        [Some(post.date), begins_again, end].into_iter().flatten().chain(post.updates.iter().map(|update| update.at))
    });
    written.filter(|at| *at > now).min().unwrap_or(100_000)
}

/// The states that each event is told in, oldest first, by the address of its page: as the API has them, and as the history feed has them
/// in the API's words.
fn told(posts: &[Post], now: DateTime<Utc>) -> [BTreeMap<String, Vec<String>>; 2] {
    let texts = texts(posts);
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let options = Options { now: Now::Given(now), drafts: false, base_url: None };
    let (prepared, _) = signalpost::prepare(&support::sources(&files), &options);
    let prepared = prepared.expect("there is no error");
    let file = |path: &str| {
        let output = prepared.outputs.iter().find(|output| output.path == path).expect("the file is made");
        String::from_utf8(output.bytes(&prepared.plan, &prepared.theme).expect("no template is wrong").to_vec()).expect("it is UTF-8")
    };
    let mut api = BTreeMap::new();
    for name in ["incidents", "scheduled_maintenances"] {
        let document: serde_json::Value = serde_json::from_str(&file(&format!("api/v2/{}.json", name.replace('_', "-")))).expect("JSON");
        for event in document[name].as_array().expect("a list") {
            let updates = event["incident_updates"].as_array().expect("a list").iter().rev();
            let states = updates.map(|update| update["status"].as_str().unwrap_or_default().to_owned()).collect();
            api.insert(event["shortlink"].as_str().unwrap_or_default().to_owned(), states);
        }
    }
    let mut history = BTreeMap::new();
    for entry in feed_rs::parser::parse(file("history.atom").as_bytes()).expect("an Atom feed").entries {
        let html = entry.content.and_then(|content| content.body).unwrap_or_default();
        let mut states: Vec<String> = Vec::new();
        for piece in html.split("</small><br><strong>").skip(1).collect::<Vec<_>>().into_iter().rev() {
            let state = piece.split("</strong>").next().unwrap_or_default().to_lowercase().replace(' ', "_");
            let before = states.last().cloned();
            states.push(before.filter(|_| state == "update").unwrap_or(state));
        }
        history.insert(entry.links[0].href.clone(), states);
    }
    [api, history]
}

fn events(site: &Site) -> Vec<&Event> {
    site.threads.iter().filter_map(|thread| thread.event.as_ref()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_file_of_the_site_is_made_at_any_moment(posts in posts(), now in -10..90_i64) {
        let texts = texts(&posts);
        let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let options = Options { now: Now::Given(moment(10 * now - 1)), drafts: false, base_url: None };
        let signalpost::Build { bundle, findings } = signalpost::build(&support::sources(&files), &options);
        prop_assert!(!findings.has_errors(), "{:?}", support::said(&findings));
        prop_assert!(bundle.is_some_and(|bundle| bundle.files.contains_key("calendar.ics")));
    }

    #[test]
    fn the_api_and_the_history_feed_tell_an_event_in_the_same_states(posts in posts(), now in 0..90_i64) {
        let [api, history] = told(&posts, moment(10 * now));
        // A thread whose first post is withdrawn has another address in the API.
        for (address, states) in api.iter().filter(|(address, _)| history.contains_key(*address)) {
            prop_assert_eq!(&history[address], states, "{}", address);
        }
        prop_assert!(posts.iter().any(|post| post.withdrawn) || api.keys().all(|address| history.contains_key(address)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_status_is_what_the_contract_says(posts in posts(), now in 0..90_i64, off in 0..3_i64) {
        let now = 10 * now + off - 1;
        let site = site_at(&posts, moment(now));
        let (expected, overall) = naive::statuses(&posts, now);
        prop_assert_eq!(words(&site), expected);
        prop_assert_eq!(site.glance.overall.word(), overall);
    }

    #[test]
    fn the_last_step_is_an_end_where_the_event_is_over(posts in posts(), now in 0..90_i64) {
        let site = site_at(&posts, moment(10 * now));
        for thread in &site.threads {
            let (Some(event), steps) = (&thread.event, site.steps(thread)) else {
                prop_assert_eq!(site.steps(thread), vec![]);
                continue;
            };
            let last = steps.last().expect("an event was told of").state;
            prop_assert!(steps.is_sorted_by_key(|step| step.at));
            prop_assert!(steps.iter().all(|step| step.state != State::Update));
            if event.phase.is_over() || event.phase == Phase::WindowOver {
                prop_assert!(last.is_over(), "{steps:?}");
            } else {
                prop_assert!(!last.is_final(), "{steps:?}");
            }
        }
    }

    #[test]
    fn what_is_said_to_come_comes(posts in posts(), now in 0..60_i64) {
        let now = 10 * now;
        let site = site_at(&posts, moment(now));
        let until = moment(next_text(&posts, now));
        for (server, present) in site.glance.servers.iter().enumerate() {
            let mut before = present.status;
            for (at, status) in present.next.iter().filter(|(at, _)| *at < until) {
                prop_assert_eq!(site_at(&posts, *at - TimeDelta::seconds(1)).glance.servers[server].status, before);
                prop_assert_eq!(site_at(&posts, *at).glance.servers[server].status, *status);
                before = *status;
            }
        }
        for (at, status) in site.glance.overall_next.iter().filter(|(at, _)| *at < until) {
            prop_assert_eq!(site_at(&posts, *at).glance.overall, *status);
        }
        for (thread, event) in events(&site).into_iter().enumerate() {
            for (at, phase) in event.next_phases().into_iter().filter(|(at, _)| *at < until) {
                prop_assert_eq!(events(&site_at(&posts, at))[thread].phase, phase);
            }
        }
    }

    #[test]
    fn nothing_changes_before_the_next_change(posts in posts(), now in 0..60_i64) {
        let now = 10 * now;
        let site = site_at(&posts, moment(now));
        let until = moment(next_text(&posts, now)).min(moment(now) + TimeDelta::days(2));
        let last = site.glance.next_change.unwrap_or(until).min(until) - TimeDelta::seconds(1);
        let later = site_at(&posts, last.max(moment(now)));
        prop_assert_eq!(words(&later), words(&site));
        let phases = |site: &Site| events(site).iter().map(|event| event.phase).collect::<Vec<_>>();
        prop_assert_eq!(phases(&later), phases(&site));
        prop_assert!(site.glance.next_change.is_none_or(|at| at > moment(now)));
    }

    #[test]
    fn since_is_where_the_present_state_begins(posts in posts(), now in 0..90_i64) {
        let site = site_at(&posts, moment(10 * now));
        for (server, present) in site.glance.servers.iter().enumerate() {
            let timeline = &site.glance.timelines[server];
            let Some(since) = present.since else {
                prop_assert_eq!(present.status, site.servers[server].standing.status());
                prop_assert_eq!(&present.causes, &Vec::<usize>::new());
                continue;
            };
            prop_assert!(since <= site.now);
            prop_assert_eq!(timeline.at(since).status, present.status);
            prop_assert_ne!(timeline.at(since - TimeDelta::seconds(1)).status, present.status);
            prop_assert_eq!(timeline.at(site.now).status, present.status);
            prop_assert!(!present.causes.is_empty());
        }
    }

    #[test]
    fn minutes_of_all_states_are_the_minutes_of_the_month(posts in posts(), now in 0..900_i64, seconds in 0..60_i64) {
        let site = site_at(&posts, moment(now) + TimeDelta::seconds(seconds));
        let sum = |uptime: &Uptime| Impact::ALL.iter().map(|impact| uptime.minutes[*impact]).sum::<i64>();
        for server in 0..site.servers.len() {
            let months = site.months(server);
            for month in months.iter().chain(&Uptime::years(&months)) {
                prop_assert_eq!(sum(month), month.minutes.total());
            }
            let begin = site.history(server).map_or(site.now, |history| history.start);
            let minutes: i64 = months.iter().map(|month| month.minutes.total()).sum();
            // The record of a retired server ends with its last event.
            let impact_windows = events(&site).into_iter().flat_map(|event| &event.impact_windows);
            let windows = impact_windows.filter(|held| held.server == server).map(|held| held.window);
            let last = windows.filter(|window| window.from <= site.now).map(|window| window.until.map_or(site.now, |until| until.min(site.now)));
            let end = last.max().filter(|_| site.servers[server].standing == Standing::Retired).unwrap_or(site.now);
            prop_assert!(((end - begin).num_minutes().max(0) - minutes).abs() <= 1);
        }
    }
}

#[test]
fn a_month_is_as_long_as_the_calendar_says() {
    let front = "title = \"Cables\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2023-12-31T23:00:00Z\nend = 2025-03-01T01:00:00Z\ndate = 2023-12-31T23:00:00Z";
    let site = site(&[post("cables", front, "Cut.")], &support::given("2025-03-01T01:00:00Z"));
    let months = site.months(0);
    assert_eq!(months.len(), 16);
    for month in &months[1..15] {
        let first = Utc.with_ymd_and_hms(month.year, month.month.unwrap(), 1, 0, 0, 0).unwrap();
        let days = i64::from(chrono::NaiveDate::num_days_in_month(&first.date_naive()));
        assert_eq!((month.minutes.total(), month.minutes[Impact::MajorOutage]), (days * 1440, days * 1440), "{first}");
    }
    assert_eq!((months[2].month, months[2].minutes.total()), (Some(2), 29 * 1440), "2024 has a leap day");
    assert_eq!((months[14].year, months[14].minutes.total()), (2025, 28 * 1440));
    assert_eq!((months[0].minutes.total(), months[15].minutes.total()), (60, 60));
    let years = Uptime::years(&months);
    assert_eq!(years.iter().map(|year| year.minutes.total()).collect::<Vec<_>>(), [60, 366 * 1440, (31 + 28) * 1440 + 60]);
    assert_eq!(site.days(0, 400).len(), 400);
    assert_eq!(site.days(0, 400).iter().filter(|day| day.minutes[Impact::MajorOutage] == 1440).count(), 399);
}

#[test]
fn an_outage_that_begins_the_record_makes_no_percentage_before_the_record_is_a_month() {
    let front =
        "title = \"Cables\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-04-20T12:00:00Z\nend = 2026-04-20T22:00:00Z";
    let built = |since: &str, now: &str| {
        let servers = support::SERVERS.replacen("id = \"nc023\"", &format!("id = \"nc023\"\n{since}"), 1);
        let (path, text) = post("2026-04-20-1200-cables", front, "Cut.");
        let sources = support::sources(&[("content/servers.toml", &servers), (&path, &text)]);
        let bundle = signalpost::build(&sources, &support::given(now)).bundle.unwrap();
        let read = |path: &str| String::from_utf8(bundle.files[path].to_vec()).unwrap();
        (read("server/nc023/index.html"), read("server/nc023/uptime.csv"), read("status.json"))
    };
    // Ten of twelve hours were an outage: nobody knows more of this server, and nothing of the days before.
    let (page, csv, json) = built("", "2026-04-21T00:00:00Z");
    assert!(csv.ends_with("2026-04,nc023,720,120,0,0,600,0,\n"), "{csv}");
    assert!(page.contains("2026: <strong>–</strong>") && page.contains("<td>–</td>") && !page.contains("%</"), "{page}");
    assert!(
        page.contains("Major outage: 1 day, Operational: 1 day, Unknown: 88 days")
            && json.contains("\"uptime\":{\"month\":null,\"year\":null}"),
        "{json}"
    );
    // The next month and the year have a percentage when the record is long enough.
    let (page, csv, _) = built("", "2026-05-10T00:00:00Z");
    assert!(csv.contains(",600,0,\n") && csv.ends_with(",0,\n") && page.contains("2026: <strong>–</strong>"), "{csv}");
    let (page, csv, _) = built("", "2026-05-18T12:00:00Z");
    assert!(csv.contains(",600,0,\n") && csv.ends_with(",100.000\n") && page.contains("2026: <strong>98.511%</strong>"), "{page}");
    // Who says `since` knows what was before.
    let (page, csv, _) = built("since = 2026-04-20", "2026-04-21T00:00:00Z");
    assert!(csv.ends_with(",58.333\n") && page.contains("2026: <strong>58.333%</strong>"), "{csv}");
}

#[test]
fn seconds_are_shared_out_so_that_no_minute_is_lost_or_made() {
    let front = "title = \"Blinks\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T19:00:30Z";
    let text = "Off.\n\n## 2026-05-04 19:01:00 UTC — Identified {impact=degraded}\n\n## 2026-05-04 19:01:30 UTC — Resolved {impact=none}";
    let site = site(&[post("2026-05-04-1900-blinks", front, text)], &support::given("2026-05-04T19:02:31Z"));
    let minutes = site.months(0)[0].minutes;
    assert_eq!(minutes.total(), 2);
    assert_eq!([Impact::MajorOutage, Impact::Degraded, Impact::None].map(|impact| minutes[impact]), [1, 0, 1]);
}

/// Zones that people are offered: clocks that change in spring and autumn, in the south, by half an hour, and at midnight.
const ZONES: &[&str] = &[
    "Africa/Lusaka",
    "America/Vancouver",
    "Australia/Perth",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Asia/Beirut",
];

proptest! {
    #[test]
    fn a_window_elsewhere_shows_the_clocks_of_that_place(
        hour in 0..70_000_i64, minute in 0..60_i64, lasts in prop::option::of(0..3000_i64), zone in prop::sample::select(ZONES)
    ) {
        let zone: chrono_tz::Tz = zone.parse().unwrap();
        let start = Utc.with_ymd_and_hms(2020, 1, 1, 0, minute as u32, 0).unwrap() + TimeDelta::hours(hour);
        let end = lasts.map(|minutes| start + TimeDelta::minutes(minutes));
        let text = Words::of(&site(&[], &support::given("2026-01-01T00:00:00Z")).config).window_in(start, end, zone);
        let mut rest = text.as_str();
        for at in [Some(start), end].into_iter().flatten() {
            let local = at.with_timezone(&zone);
            let clock = local.format("%H:%M").to_string();
            prop_assert!(rest.contains(&clock), "{clock} of {at} is not in {text:?}");
            rest = &rest[rest.find(&clock).unwrap() + clock.len()..];
            if local.date_naive() != start.date_naive() || local.date_naive() != start.with_timezone(&zone).date_naive() {
                let day = local.format("%-d %b").to_string();
                prop_assert!(text.contains(&day), "{day} is not in {text:?}");
            }
        }
        let offsets: Vec<_> = [Some(start), end].into_iter().flatten().map(|at| at.with_timezone(&zone).format("%Z").to_string()).collect();
        for name in offsets.iter().filter(|name| name.starts_with(char::is_alphabetic)) {
            prop_assert!(text.contains(name.as_str()), "{name} is not in {text:?}");
        }
    }
}
