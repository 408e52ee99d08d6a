//! What subscribers get from whole sites, hostile ones too, read back by parsers that are not ours.

mod support;

use std::collections::BTreeSet;

use signalpost::render::Bundle;
use signalpost::{Options, build};
use support::{clock, codes, given, post, said, sources};

fn built(posts: &[(String, String)], options: &Options) -> Bundle {
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let build = build(&sources(&files), options);
    build.bundle.unwrap_or_else(|| panic!("{:#?}", said(&build.findings)))
}

fn text<'a>(bundle: &'a Bundle, path: &str) -> &'a str {
    let bytes = bundle.files.get(path).unwrap_or_else(|| panic!("no {path}"));
    std::str::from_utf8(bytes).unwrap()
}

/// Items of an RSS feed as (id, title, date), newest first.
fn items(bundle: &Bundle, path: &str) -> Vec<(String, String, i64)> {
    let feed = feed_rs::parser::parse(text(bundle, path).as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"));
    feed.entries.into_iter().map(|entry| (entry.id, entry.title.unwrap().content, entry.published.unwrap().timestamp())).collect()
}

fn json(bundle: &Bundle, path: &str) -> serde_json::Value {
    serde_json::from_str(text(bundle, path)).unwrap()
}

fn titles(bundle: &Bundle, path: &str) -> Vec<String> {
    items(bundle, path).into_iter().map(|(_, title, _)| title).collect()
}

fn feeds(bundle: &Bundle) -> Vec<(&str, &str)> {
    let is_feed = |path: &&String| path.ends_with(".xml") || path.ends_with(".rss") || path.ends_with(".atom");
    bundle.files.keys().filter(is_feed).map(|path| (path.as_str(), text(bundle, path))).collect()
}

#[test]
fn hostile_text_leaves_every_feed_well_formed() {
    let title = format!("]]> \\u0010\\u0000 & <b>\\\"quoted\\\" 🚨 {}", "long ".repeat(1000));
    let body = "A \u{8}backspace, an \u{1b}escape, \u{fffe} and ]]> with <script>alert(1)</script> &amp; [a link](javascript:alert(1)).\n\n\
                ## 2026-05-04 19:20 UTC — Update: ]]> <i>\u{b}\nText.";
    let hostile = post(
        "2026-05-04-relay",
        &format!("title = \"{title}\"\nservers = [\"relay\"]\ntags = [\"]]> <x>\"]\nstart = 2026-05-04T19:00:00Z"),
        body,
    );
    let bundle = built(&[hostile], &given("2026-05-05T00:00:00Z"));
    let feeds = feeds(&bundle);
    assert!(feeds.len() > 10, "{}", feeds.len());
    for (path, xml) in feeds {
        roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{path}: {error}\n{xml}"));
        assert!(!xml.contains("<script"), "{path}");
    }
    assert_eq!(items(&bundle, "feed.xml"), items(&bundle, "feed.json"));
    assert_eq!(items(&bundle, "feed.xml"), items(&bundle, "atom.xml"));
    for title in titles(&bundle, "feed.xml") {
        assert!(title.chars().count() <= 91 && title.contains("]]> & <b>\"quoted\" 🚨"), "{title}");
    }
    let calendar = text(&bundle, "calendar.ics");
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains(char::is_control)), "{calendar}");
}

#[test]
fn a_surrogate_that_stands_alone_is_an_error_with_its_place() {
    let lone = post("2026-05-04-relay", "title = \"\\uD800\"", "Text.");
    let files = [(lone.0.as_str(), lone.1.as_str())];
    let build = build(&sources(&files), &given("2026-05-05T00:00:00Z"));
    assert!(build.bundle.is_none() && codes(&build.findings).contains(&"toml"), "{:?}", said(&build.findings));
}

#[test]
fn updates_of_one_minute_get_dates_of_their_own_that_rise() {
    let posts: Vec<_> =
        (0..5).map(|n| post(&format!("2026-05-04-p{n}"), &format!("title = \"P{n}\"\nstart = 2026-05-04T19:00:00Z"), "Text.")).collect();
    let bundle = built(&posts, &given("2026-05-05T00:00:00Z"));
    let items = items(&bundle, "feed.xml");
    assert_eq!(items.len(), 5);
    assert!(items.windows(2).all(|pair| pair[0].2 > pair[1].2), "{items:?}");
}

#[test]
fn two_items_never_share_an_id() {
    for key in ["id = \"relay\"", "guid = \"https://old.example.net/?p=7\""] {
        let posts = [
            post("2026-05-04-a", &format!("title = \"A\"\n{key}"), "Text."),
            post("2026-05-05-b", &format!("title = \"B\"\n{key}"), "Text."),
        ];
        let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let build = build(&sources(&files), &given("2026-06-05T00:00:00Z"));
        assert!(codes(&build.findings).contains(&"duplicate-id"), "{key}: {:?}", said(&build.findings));
    }
}

const OPEN: &str = "title = \"Relay offline\"\nservers = [\"relay\"]\nstart = 2026-05-04T19:00:00Z";

#[test]
fn nothing_in_a_feed_depends_on_the_moment_of_the_build() {
    let posts = [post("2026-05-04-relay", OPEN, "It fails.\n\n## 2026-05-04 19:20 UTC — Resolved\nIt works.")];
    let [today, later] = [clock("2026-05-04T19:30:00Z"), clock("2027-05-04T19:30:00Z")].map(|options| built(&posts, &options));
    for (path, xml) in feeds(&today).into_iter().filter(|(path, _)| *path != "sitemap.xml") {
        assert_eq!(xml, text(&later, path), "{path}");
    }
    for path in ["feed.json", "calendar.ics", "_redirects", "_headers"] {
        assert_eq!(text(&today, path), text(&later, path), "{path}");
    }
}

#[test]
fn an_item_never_changes_when_something_is_added_or_moved() {
    let follow = post("2026-05-05-relay-two", "title = \"Relay again\"\nfollows = \"relay\"\nservers = [\"relay\", \"ns1\"]", "Again.");
    let planned = |window: &str, updates: &str| {
        let front = format!("title = \"Disk\"\nkind = \"maintenance\"\nservers = [\"nc027\"]\ndate = 2026-05-01T09:00:00Z\n{window}");
        post("2026-05-01-disk", &front, &format!("We replace a disk.{updates}"))
    };
    let before = built(
        &[post("2026-05-04-relay", OPEN, "It fails."), planned("start = 2026-06-01T09:00:00Z\nend = 2026-06-01T10:00:00Z", "")],
        &given("2026-05-06T00:00:00Z"),
    );
    let after = built(
        &[
            post("2026-05-04-relay", OPEN, "It fails.\n\n## 2026-05-04 19:20 UTC — Resolved\nIt works."),
            planned("start = 2026-06-08T09:00:00Z\nend = 2026-06-08T11:00:00Z", "\n\n## 2026-05-02 09:00 UTC — Scheduled\nA week later."),
            follow,
        ],
        &given("2026-05-06T00:00:00Z"),
    );
    let lines = |bundle: &Bundle, path: &str| -> BTreeSet<String> {
        text(bundle, path).split("<item>").skip(1).map(|item| item.split("</item>").next().unwrap().to_owned()).collect()
    };
    assert!(lines(&before, "feed.xml").is_subset(&lines(&after, "feed.xml")));
    assert_eq!((lines(&before, "feed.xml").len(), lines(&after, "feed.xml").len()), (2, 5));
    assert_eq!(titles(&after, "server/ns1/feed.xml"), ["Incident: Relay again (NC023, NS1)"], "what was told before it stays out");
}

#[test]
fn a_withdrawn_post_stays_and_a_quiet_one_is_told_to_nobody() {
    let withdrawn = post("2026-05-04-relay", &format!("{OPEN}\nwithdrawn = true"), "A slip.");
    let quiet = post("2026-05-05-web", "title = \"Web\"\nnotify = false\nstart = 2026-05-05T09:00:00Z", "Backdated.");
    let bundle = built(&[withdrawn, quiet], &given("2026-05-06T00:00:00Z"));
    assert_eq!(titles(&bundle, "feed.xml"), ["Withdrawn: Incident: Relay offline (NC023)"]);
    assert!(feeds(&bundle).iter().all(|(path, xml)| *path == "sitemap.xml" || !xml.contains("A slip") && !xml.contains("Backdated")));
}

#[test]
fn feeds_and_calendars_of_every_server_are_there_also_of_a_retired_one() {
    let bundle = built(&[], &given("2026-05-06T00:00:00Z"));
    for server in ["nc023", "nc027", "ns1", "nc028", "nc018"] {
        assert_eq!(titles(&bundle, &format!("server/{server}/feed.xml")), Vec::<String>::new());
        assert!(text(&bundle, &format!("server/{server}/calendar.ics")).starts_with("BEGIN:VCALENDAR\r\n"));
    }
}

#[test]
fn every_item_leads_to_an_anchor_of_a_page() {
    let posts = [post("2026-05-04-relay", OPEN, "It fails.\n\n## 2026-05-04 19:20 UTC — Resolved {#done}\nIt works.")];
    let bundle = built(&posts, &given("2026-05-06T00:00:00Z"));
    let feed = feed_rs::parser::parse(text(&bundle, "feed.xml").as_bytes()).unwrap();
    let links: Vec<&str> = feed.entries.iter().map(|entry| entry.links[0].href.as_str()).collect();
    assert_eq!(links, ["https://status.example.net/2026/05/04/relay/#u-done", "https://status.example.net/2026/05/04/relay/#u-opening"]);
    let page = text(&bundle, "2026/05/04/relay/index.html");
    assert!(page.contains("id=\"u-done\"") && page.contains("id=\"u-opening\""), "{page}");
}

/// What `/history.atom` has in strong letters, the states of its one entry, newest first.
fn told(bundle: &Bundle) -> Vec<String> {
    let pieces = text(bundle, "history.atom").split("&lt;strong&gt;").skip(1);
    pieces.filter_map(|piece| piece.split("&lt;/strong&gt;").next()).map(str::to_owned).collect()
}

fn told_states(posts: &[(String, String)]) -> Vec<String> {
    told(&built(posts, &given("2026-05-05T00:00:00Z")))
}

#[test]
fn the_history_carries_a_state_over_follow_ups_and_tells_of_an_end() {
    let first = post("2026-05-04-0800-mail", "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T08:00:00Z", "It is slow.");
    let second = post("2026-05-04-0900-still", "title = \"Still\"\nfollows = \"mail\"", "Still slow.");
    let third = post("2026-05-04-1100-over", "title = \"Over\"\nfollows = \"mail\"\nend = 2026-05-04T10:50:00Z", "All is well.");
    assert_eq!(told_states(&[first.clone(), second.clone()]), ["Update", "Investigating"]);
    assert_eq!(told_states(&[first, second, third]), ["Resolved", "Update", "Investigating"]);
    let again = "Slow.\n\n## 2026-05-04 08:20 UTC — Resolved\nWell.\n\n## 2026-05-04 08:30 UTC — Investigating\nNot well.";
    let front = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T08:00:00Z\nend = 2026-05-04T08:40:00Z";
    let reopened = told_states(&[post("2026-05-04-0800-mail", front, again)]);
    assert_eq!(reopened, ["Resolved", "Investigating", "Resolved", "Investigating"]);
    assert_eq!(told_states(&[post("2026-05-04-0800-mail", front, "It was slow.")]), ["Resolved", "Investigating"]);
}

#[test]
fn the_api_and_the_history_tell_a_maintenance_in_the_same_states() {
    let both = |name: &str, updates: &str, now: &str| {
        let front =
            "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z\nend = 2026-05-04T12:00:00Z";
        let bundle = built(&[post(name, front, &format!("Words.{updates}"))], &given(&format!("2026-05-04T{now}:00Z")));
        let document = json(&bundle, "api/v2/scheduled-maintenances.json");
        let updates = document["scheduled_maintenances"][0]["incident_updates"].as_array().unwrap().clone();
        let of_api: Vec<String> = updates.iter().map(|update| update["status"].as_str().unwrap().replace('_', " ")).collect();
        // Behind the line about the window.
        let of_history: Vec<String> = told(&bundle).into_iter().skip(1).map(|state| state.to_lowercase()).collect();
        assert_eq!(of_history, of_api, "{name} {updates:?}");
        of_api
    };
    let not_quite = "\n\n## 10:00 UTC — In progress\nWords.\n\n## 10:30 UTC — Completed\nWords.\n\n## 10:45 UTC — Not quite {impact=maintenance}\nWords.";
    let not_quite = not_quite.replace("## ", "## 2026-05-04 ");
    assert_eq!(both("2026-05-04-0900-disk", &not_quite, "11:00"), ["in progress", "completed", "in progress", "scheduled"]);
    assert_eq!(both("2026-05-04-1010-disk", "", "11:00"), ["in progress"], "it was posted in its window");
    assert_eq!(both("2026-05-04-0900-disk", "", "11:00"), ["scheduled"], "nothing is told by the clock");
    assert_eq!(both("2026-05-04-0900-disk", "", "12:00"), ["completed", "scheduled"], "who looks for an end finds one");
    let cancelled = "\n\n## 2026-05-04 09:30 UTC — Cancelled\nWords.";
    assert_eq!(both("2026-05-04-0900-disk", cancelled, "11:00"), ["completed", "scheduled"], "the original knows no other word");
}

#[test]
fn the_history_has_every_word_of_an_update() {
    let mail = post(
        "2026-05-04-0900-mail",
        "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T09:00:00Z",
        "See [the plan](https://example.net/plan):\n\n- one\n- two\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n\
         ## 2026-05-04 09:10 UTC — Identified: The disk is full\n\n## 2026-05-04 09:20 UTC — Resolved: All queues are empty\n**Thanks.**",
    );
    let follow_up = post("2026-05-04-0930-moved", "title = \"The maintenance moved\"\nfollows = \"mail\"", "To Monday.");
    let bundle = built(&[mail, follow_up], &given("2026-05-05T00:00:00Z"));
    let atom = feed_rs::parser::parse(text(&bundle, "history.atom").as_bytes()).unwrap().entries.remove(0);
    let html = atom.content.and_then(|content| content.body).unwrap();
    let texts: Vec<&str> = html.split("</small><br>").skip(1).map(|piece| piece.split("</p>").next().unwrap()).collect();
    assert_eq!(
        texts,
        [
            "<strong>Update</strong> - <b>The maintenance moved</b><br><br>To Monday.",
            "<strong>Resolved</strong> - <b>All queues are empty</b><br><br><b>Thanks.</b>",
            "<strong>Identified</strong> - <b>The disk is full</b>",
            "<strong>Investigating</strong> - See <a href=\"https://example.net/plan\">the plan</a>:<br><br>\
             • one<br>• two<br><br>A | B<br>1 | 2",
        ]
    );
    let body = &json(&bundle, "api/v2/incidents.json")["incidents"][0]["incident_updates"][3]["body"];
    assert!(body.as_str().unwrap().contains("<table><thead><tr><th>A</th>"), "{body}: simple HTML, not the page's");
}

#[test]
fn an_end_that_no_update_tells_moves_the_entry_of_the_history() {
    let entry = |end: &str, follow_up: &str| {
        let mail = format!("title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T08:00:00Z{end}");
        let other = format!("title = \"More\"\nfollows = \"mail\"\n{follow_up}");
        let posts = [post("2026-05-04-0900-mail", &mail, "It is slow."), post("2026-05-04-0930-more", &other, "Still slow.")];
        let bundle = built(&posts, &given("2026-05-05T00:00:00Z"));
        let atom = feed_rs::parser::parse(text(&bundle, "history.atom").as_bytes()).unwrap().entries.remove(0);
        let rss = feed_rs::parser::parse(text(&bundle, "history.rss").as_bytes()).unwrap().entries.remove(0);
        assert_eq!(atom.updated, rss.published);
        let document = json(&bundle, "api/v2/incidents.json");
        let newest = &document["incidents"][0]["incident_updates"][0];
        let at: chrono::DateTime<chrono::Utc> = newest["created_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(Some(at), atom.updated, "the API has the same update");
        (at.format("%H:%M").to_string(), newest["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(entry("", ""), ("09:30".into(), "investigating".into()));
    assert_eq!(entry("\nend = 2026-05-04T10:30:00Z", ""), ("10:30".into(), "resolved".into()));
    assert_eq!(entry("", "withdrawn = true"), ("09:00".into(), "investigating".into()));
}

#[test]
fn a_maintenance_closed_before_it_began_is_taken_out_of_calendars() {
    let front = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:30:00Z";
    let maintenance = post("2026-05-01-disk", front, "Soon.\n\n## 2026-05-04 18:00 UTC — Completed\nDone early.");
    let bundle = built(&[maintenance], &given("2026-05-05T00:00:00Z"));
    let calendar = text(&bundle, "calendar.ics");
    for line in ["DTSTART:20260504T190000Z", "DTEND:20260504T193000Z", "STATUS:CANCELLED"] {
        assert!(calendar.contains(line), "{line}\n{calendar}");
    }
    let maintenances = json(&bundle, "api/v2/scheduled-maintenances.json");
    let maintenance = &maintenances["scheduled_maintenances"][0];
    assert_eq!([&maintenance["status"], &maintenance["started_at"]], ["completed", "2026-05-04T18:00:00.000Z"]);
    assert_eq!(maintenance["resolved_at"], maintenance["started_at"]);
}

/// The lines of `/calendar.ics` that begin with a name.
fn calendar_lines<'a>(bundle: &'a Bundle, names: &[&str]) -> Vec<&'a str> {
    let lines = text(bundle, "calendar.ics").lines();
    lines.filter(|line| names.iter().any(|name| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))).collect()
}

const DISK: &str = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"nc023\"\nstart = 2026-05-06T19:00:00Z\nend = 2026-05-06T20:00:00Z";

#[test]
fn each_withdrawal_is_a_newer_event_in_calendars_without_what_the_post_said() {
    let built = |first: &str, second: &str| {
        let follow =
            format!("title = \"Fan\"\nfollows = \"disk\"\nserver = \"ns1\"\nkind = \"maintenance\"\nend = 2026-05-06T21:00:00Z{second}");
        let posts = [post("2026-05-04-disk", &format!("{DISK}{first}"), "We replace it."), post("2026-05-05-fan", &follow, "A fan, too.")];
        let bundle = built(&posts, &given("2026-05-06T00:00:00Z"));
        let names = ["CREATED", "DTSTAMP", "SEQUENCE", "DTEND", "STATUS", "SUMMARY", "DESCRIPTION"];
        calendar_lines(&bundle, &names).join("\n")
    };
    let withdrawn = "\nwithdrawn = true";
    assert_eq!(
        built("", withdrawn),
        "CREATED:20260504T000000Z\nDESCRIPTION:We replace it.\nDTEND:20260506T200000Z\nDTSTAMP:20260505T000001Z\nSEQUENCE:2\n\
         STATUS:CONFIRMED\nSUMMARY:Disk (NC023)"
    );
    let follow_up_stands = built(withdrawn, "\nstart = 2026-05-06T20:00:00Z");
    assert_eq!(
        follow_up_stands,
        "CREATED:20260504T000000Z\nDESCRIPTION:A fan\\, too.\nDTEND:20260506T210000Z\nDTSTAMP:20260505T000001Z\nSEQUENCE:2\n\
         STATUS:CONFIRMED\nSUMMARY:Fan (NS1)"
    );
    let both = built(withdrawn, withdrawn);
    for line in ["DTSTAMP:20260505T000002Z", "SEQUENCE:3", "DTEND:20260506T210000Z", "STATUS:CANCELLED"] {
        assert!(both.contains(line), "{line}\n{both}");
    }
}

#[test]
fn the_end_of_a_withdrawn_follow_up_is_none_for_a_maintenance_that_overruns() {
    let follow = "title = \"Longer\"\nfollows = \"disk\"\nwithdrawn = true\nend = 2026-05-07T20:00:00Z";
    let posts = |updates| [post("2026-05-04-disk", DISK, &format!("Soon.{updates}")), post("2026-05-05-longer", follow, "Longer.")];
    let before = built(&posts(""), &clock("2026-05-06T20:05:00Z"));
    let after = built(&posts("\n\n## 2026-05-06 20:10 UTC\nStill at it."), &clock("2026-05-06T20:11:00Z"));
    assert_eq!(calendar_lines(&before, &["DTEND", "SEQUENCE"]), ["DTEND:20260506T200000Z", "SEQUENCE:2"]);
    assert_eq!(calendar_lines(&after, &["DTEND", "SEQUENCE"]), ["DTEND:20260506T200000Z", "SEQUENCE:2"]);
}

#[test]
fn a_withdrawn_maintenance_keeps_its_window_at_every_moment() {
    let posts = [post("2026-05-04-disk", &format!("{DISK}\nwithdrawn = true"), "Soon.")];
    for options in [given("2026-05-05T00:00:00Z"), given("2026-05-07T00:00:00Z"), clock("2026-05-05T00:00:00Z")] {
        let bundle = built(&posts, &options);
        assert_eq!(calendar_lines(&bundle, &["DTEND", "STATUS"]), ["DTEND:20260506T200000Z", "STATUS:CANCELLED"]);
    }
}
