//! What calendars show of windows that move, are called off, or spare a server.

use super::super::testing::{made, plan, post, site, site_at, update};
use super::*;

fn maintenance(states: &[State]) -> Post {
    let mut disk = Post { kind: Some(Kind::Maintenance), ..post("disk", "Disk, fan; \\ & more\u{7}", "2026-05-01T09:00:00Z") };
    disk.start = Some("2026-05-04T19:00:00Z".parse().unwrap());
    disk.end = Some("2026-05-04T19:30:00Z".parse().unwrap());
    for (day, state) in states.iter().enumerate() {
        disk.updates.push(update(&format!("2026-05-{:02}T10:00:00Z", day + 2), Some(*state), "<p>Word.</p>"));
    }
    disk
}

fn lines(post: Post) -> Vec<String> {
    let text = made(&KIND, &plan(site(vec![post])), "calendar.ics");
    assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{text}");
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_window_is_an_event_with_escaped_text_and_utc_times() {
    let lines = lines(maintenance(&[]));
    for line in [
        "UID:disk@status.example.net",
        "DTSTAMP:20260501T090000Z",
        "SEQUENCE:0",
        "DTSTART:20260504T190000Z",
        "DTEND:20260504T193000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Disk\\, fan\\; \\\\ & more (NC023)",
        "CATEGORIES:NC023",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} is not in {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("METHOD") || line.contains("VALARM")), "{lines:#?}");
}

#[test]
fn a_cancelled_window_stays_says_so_and_counts_up() {
    let lines = lines(maintenance(&[State::Scheduled, State::Cancelled]));
    for line in ["STATUS:CANCELLED", "SEQUENCE:2", "DTSTAMP:20260503T100000Z", "DTSTART:20260504T190000Z", "DTEND:20260504T193000Z"] {
        assert!(lines.contains(&line.to_owned()), "{line} is not in {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("SUMMARY:Cancelled: Disk")), "{lines:#?}");
}

#[test]
fn a_window_that_takes_place_after_all_counts_up() {
    let mut work = maintenance(&[State::Cancelled]);
    let mut after_all = update("2026-05-04T09:00:00Z", None, "<p>It takes place.</p>");
    after_all.change.all = Some(Impact::Maintenance);
    work.updates.push(after_all);
    let lines = lines(work);
    assert!(lines.contains(&"STATUS:CONFIRMED".to_owned()) && lines.contains(&"SEQUENCE:2".to_owned()), "{lines:#?}");
}

#[test]
fn what_goes_on_or_was_over_lately_is_there_however_many_are_planned() {
    let window = |id: &str, start: &str, last: Option<(&str, State)>| {
        let mut post = Post { kind: Some(Kind::Maintenance), ..post(id, id, "2026-05-01T09:00:00Z") };
        post.start = Some(start.parse().unwrap());
        post.end = post.start.map(|start| start + TimeDelta::hours(1));
        post.updates.extend(last.map(|(at, state)| update(at, Some(state), "<p>Word.</p>")));
        post
    };
    let planned = (0..WINDOWS).map(|n| window(&format!("planned-{n}"), "2026-12-01T01:00:00Z", None));
    let others = [
        window("overrunning", "2026-05-04T19:00:00Z", Some(("2026-05-04T20:10:00Z", State::InProgress))),
        window("recent", "2026-08-24T19:00:00Z", Some(("2026-08-24T19:40:00Z", State::Completed))),
        window("long-ago", "2026-08-22T19:00:00Z", Some(("2026-08-22T19:40:00Z", State::Completed))),
    ];
    let calendar = made(&KIND, &plan(site(planned.chain(others).collect())), "calendar.ics");
    assert!(calendar.contains("UID:overrunning@") && calendar.contains("UID:recent@"), "{calendar}");
    assert!(!calendar.contains("UID:long-ago@"), "{calendar}");
}

#[test]
fn a_withdrawn_maintenance_is_cancelled_in_calendars() {
    let lines = lines(Post { withdrawn: true, ..maintenance(&[]) });
    for line in ["STATUS:CANCELLED", "SEQUENCE:1", "DTSTAMP:20260501T090001Z"] {
        assert!(lines.contains(&line.to_owned()), "{line} is not in {lines:#?}");
    }
}

/// Work on both servers, which a follow-up of these days spares one of.
fn spared(follow_ups: &[(&str, &[ServerIx])]) -> Vec<Post> {
    let first = Post { servers: vec![0, 1], ..maintenance(&[]) };
    let follow_ups = follow_ups.iter().enumerate().map(|(at, (date, servers))| Post {
        kind: None,
        follows: Some("disk".to_owned()),
        servers: servers.to_vec(),
        ..post(&format!("disk-{at}"), "Fewer disks", date)
    });
    std::iter::once(first).chain(follow_ups).collect()
}

/// Work on both servers, of one of which updates say this.
fn told(impacts: &[Impact]) -> Post {
    let mut disk = Post { servers: vec![0, 1], ..maintenance(&vec![State::Update; impacts.len()]) };
    for (update, impact) in disk.updates.iter_mut().rev().zip(impacts.iter().rev()) {
        update.state = None;
        update.change.servers.insert(1, *impact);
    }
    disk
}

#[test]
fn a_server_that_a_follow_up_or_an_update_spares_has_the_window_as_cancelled() {
    // Before the work, during it and behind it.
    let times = ["2026-05-03T09:00:00Z", "2026-05-04T19:10:00Z", "2026-06-04T19:00:00Z"];
    let ways = [spared(&[("2026-05-02T09:00:00Z", &[0])]), vec![told(&[Impact::None])]];
    for (now, posts) in times.iter().flat_map(|now| ways.iter().map(move |posts| (now, posts.clone()))) {
        let plan = plan(site_at(now, posts));
        let of = |path: &str| made(&KIND, &plan, path).replace("\r\n ", "");
        let of_spared = of("server/nc027/calendar.ics");
        for line in ["UID:disk@status.example.net", "STATUS:CANCELLED", "SEQUENCE:1", "DTSTART:20260504T190000Z", "CATEGORIES:NC027"] {
            assert!(of_spared.lines().any(|one| one == line), "{now}: {line} is not in {of_spared}");
        }
        assert!(of_spared.contains("SUMMARY:Cancelled: Disk") && of_spared.contains("(NC027)"), "{of_spared}");
        let of_all = of("calendar.ics");
        let event = |calendar: &str| calendar[calendar.find("BEGIN:VEVENT").unwrap()..].to_owned();
        assert_eq!(event(&of_all), event(&of("server/nc023/calendar.ics")), "{now}");
        assert!(of_all.contains("STATUS:CONFIRMED") && of_all.contains("CATEGORIES:NC023\r\n"), "{now}: {of_all}");
    }
}

#[test]
fn a_server_that_is_spared_when_work_is_put_off_has_the_window_as_cancelled() {
    let mut disk = Post { servers: vec![0, 1], ..maintenance(&[]) };
    disk.updates.push(update("2026-05-03T10:10:00Z", Some(State::InProgress), "<p>Begun.</p>"));
    disk.updates.push(update("2026-05-03T10:20:00Z", Some(State::Scheduled), "<p>Put off; B is done.</p>"));
    disk.updates.last_mut().unwrap().change.servers.insert(1, Impact::None);
    for now in ["2026-05-03T12:00:00Z", "2026-05-04T19:10:00Z"] {
        let plan = plan(site_at(now, vec![disk.clone()]));
        let calendar = made(&KIND, &plan, "server/nc027/calendar.ics");
        assert!(calendar.contains("STATUS:CANCELLED") && calendar.contains("SEQUENCE:2"), "{now}: {calendar}");
        assert!(made(&KIND, &plan, "calendar.ics").contains("CATEGORIES:NC023\r\n"), "{now}");
    }
}

#[test]
fn a_server_is_spared_only_until_it_is_named_again_and_never_once_the_work_has_begun() {
    for posts in [
        spared(&[("2026-05-02T09:00:00Z", &[0]), ("2026-05-03T09:00:00Z", &[0, 1])]),
        spared(&[("2026-05-04T19:10:00Z", &[0])]),
        vec![told(&[Impact::None, Impact::Maintenance])],
    ] {
        let plan = plan(site_at("2026-05-04T19:20:00Z", posts));
        let calendar = made(&KIND, &plan, "server/nc027/calendar.ics");
        assert!(calendar.contains("STATUS:CONFIRMED"), "{calendar}");
    }
}

#[test]
fn a_server_on_which_nothing_is_felt_is_not_spared() {
    let mut disk = Post { servers: vec![0, 1], ..maintenance(&[]) };
    disk.impact.servers.insert(1, Impact::None);
    let plan = plan(site_at("2026-05-03T09:00:00Z", vec![disk]));
    assert!(!made(&KIND, &plan, "server/nc027/calendar.ics").contains("CANCELLED"));
}

#[test]
fn no_line_is_longer_than_75_octets_and_none_is_torn() {
    for length in 60..240 {
        let line = format!("DESCRIPTION:{}\r\n", "ab ž".repeat(length).chars().take(length).collect::<String>());
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|line| line.len() <= 75), "{folded}");
        assert_eq!(folded.replace("\r\n ", ""), line);
    }
}

#[test]
fn events_stand_in_the_order_of_their_uids() {
    let others = ["disk-2", "disk"].map(|id| Post { id: id.to_owned(), path: format!("content/posts/{id}.md").into(), ..maintenance(&[]) });
    let calendar = made(&KIND, &plan(site(others.to_vec())), "calendar.ics");
    let uids: Vec<&str> = calendar.lines().filter_map(|line| line.strip_prefix("UID:")).collect();
    assert_eq!(uids, ["disk-2@status.example.net", "disk@status.example.net"]);
}

#[test]
fn a_server_has_its_own_windows_only() {
    let plan = plan(site(vec![maintenance(&[])]));
    assert!(made(&KIND, &plan, "server/nc023/calendar.ics").contains("UID:disk@"));
    assert!(!made(&KIND, &plan, "server/nc027/calendar.ics").contains("VEVENT"));
}
