//! Events whose record or state changes beside what subscribers were told.

use super::*;

#[test]
fn a_resolution_that_is_told_late_leaves_the_outage_as_long_as_it_was() {
    let site = with_two_open_incidents();
    edit(&site, OUTAGE, "It fails.\n\n", "It fails.\n\n## 2026-05-04 09:45 UTC — Resolved\nIt works.\n");
    let words = ["never show it: date it 2026-05-04 12:00:00 UTC, and write `end = 2026-05-04T09:45:00Z`: that is when it was over\n"];
    assert_found(&site, &["late-item"], &words);
    edit(&site, OUTAGE, "09:45 UTC — Resolved", "12:00 UTC — Resolved");
    edit(&site, OUTAGE, "impact", "end = 2026-05-04T09:45:00Z\nimpact");
    assert_found(&site, &["end-disagrees"], &["let it stand if it was over then", "1 new item: Resolved: Down (A1)."]);
    publish(&site);
    let record = site.read("public/server/a1/uptime.csv");
    assert!(record.lines().any(|line| line.split(',').any(|minutes| minutes == "45")), "{record}");
}

#[test]
fn a_post_that_comes_late_as_a_whole_is_dated_as_a_whole_and_keeps_its_times() {
    let site = with_two_open_incidents();
    let late = "2026-05-04-1100-late";
    let text = "It fails.\n\n## 2026-05-04 11:15 UTC — Resolved\nIt works.\n";
    write(&site, late, "title = \"Late\"\nkind = \"incident\"\nserver = \"a1\"\n", text);
    let words = [
        "name its file `2026-05-04-1200-late.md`, date its later updates then or later, write `start = 2026-05-04T11:00:00Z` and \
         `end = 2026-05-04T11:15:00Z`, so that the event keeps its times; or write `notify = false`\n",
        "2 new items: Incident: Late (A1); Resolved: Late (A1).",
    ];
    assert_found(&site, &["late-item"], &words);
    assert_eq!(check(&site).out.matches("[late-item]").count(), 1);
    rename(&site, late, "2026-05-04-1200-late");
    edit(&site, "2026-05-04-1200-late", "11:15 UTC", "12:00 UTC");
    edit(&site, "2026-05-04-1200-late", "server", "start = 2026-05-04T11:00:00Z\nend = 2026-05-04T11:15:00Z\nserver");
    let words = ["let it stand if it was over then", "2 new items: Incident: Late (A1); Resolved: Late (A1)."];
    assert_found(&site, &["end-disagrees"], &words);
}

#[test]
fn a_forgotten_update_that_would_open_again_what_is_over_is_left_where_it_is() {
    let site = with_two_open_incidents();
    edit(&site, OUTAGE, "It fails.\n\n", "It fails.\n\n## 2026-05-04 11:50 UTC — Resolved\nIt works.\n");
    publish(&site);
    let resolved = site.read(&path(OUTAGE));
    for (heading, word) in [("Monitoring", "a state"), ("{impact=degraded}", "a state or an impact")] {
        site.write(&path(OUTAGE), &resolved.replace("## ", &format!("## 2026-05-04 11:40 UTC — {heading}\nAll seems well.\n\n## ")));
        let words = format!("it would undo what was said since; leave it, and tell of it in an update without {word}\n");
        assert_found(&site, &["late-item"], &[&words]);
    }
    let told = "\n## 2026-05-04 12:00 UTC — Update\nWe had watched it from 11:40 on.\n";
    site.write(&path(OUTAGE), &format!("{}{told}", site.read(&path(OUTAGE))));
    publish(&site);
    assert!(site.read("public/status.json").matches("\"ongoing\"").count() == 1, "the outage is over");
}

#[test]
fn a_late_post_whose_updates_say_more_than_an_end_keeps_what_held_when() {
    let site = with_two_open_incidents();
    site.write("content/servers.toml", &format!("{}\n[[server]]\nid = \"c3\"\nname = \"C3\"\n", site.read("content/servers.toml")));
    let late = "2026-05-04-1100-late";
    let text = "Slow.\n\n## 2026-05-04 11:10 UTC — Identified {impact=major-outage}\nA disk.\n\n";
    let keys = "title = \"Late\"\nkind = \"incident\"\nserver = \"c3\"\n";
    let how = "never show it: write `notify = false`, so that what its updates say holds when it did, and tell of it in a new post, dated \
               2026-05-04 12:00:00 UTC, with `follows = \"2026-05-04-1100-late\"`";
    write(&site, late, keys, text);
    assert_found(&site, &["late-item"], &[&format!("{how}\n")]);
    write(&site, late, keys, &format!("{text}## 2026-05-04 11:30 UTC — Resolved\nIt works.\n"));
    assert_found(&site, &["late-item"], &[&format!("{how} and `kind = \"notice\"`\n")]);
    let record = || {
        assert_eq!(site.run(&["build", "--output", "other"]).code, 0);
        site.read("other/server/c3/uptime.csv")
    };
    let before = record();
    edit(&site, late, "server", "notify = false\nserver");
    let keys = format!("title = \"What was\"\nfollows = \"{late}\"\nkind = \"notice\"\n");
    write(&site, "2026-05-04-1200-what-was", &keys, "It failed from 11:10 to 11:30.\n");
    assert_found(&site, &[], &["1 new item: Notice: What was (C3)."]);
    assert_eq!(record(), before);
}

#[test]
fn an_incident_that_is_over_or_open_again_without_a_word_is_warned_of() {
    let site = with_two_open_incidents();
    edit(&site, "2026-05-04-1000-slow", "— Identified", "— Resolved");
    let words = ["slow.md:8:4: warning", "over since 2026-05-04 11:30 UTC now", "`signalpost update POST resolved \"…\"`"];
    assert_found(&site, &["untold-change"], &words);
    publish(&site);
    edit(&site, "2026-05-04-1000-slow", "— Resolved", "— Identified");
    assert_found(&site, &["untold-change"], &["slow.md:2:9: warning", "is not open in what was published and is open now"]);
    publish(&site);
    edit(&site, OUTAGE, "impact", "end = 2026-05-04T09:45:00Z\nimpact");
    assert_found(&site, &["untold-change"], &["down.md:5:7: warning", "over since 2026-05-04 09:45 UTC now, and no new update says so"]);
    edit(&site, OUTAGE, "It fails.\n\n", "It fails.\n\n## 2026-05-04 12:00 UTC — Resolved\nIt works.\n");
    assert_found(&site, &["end-disagrees"], &["let it stand if it was over then", "1 new item: Resolved: Down (A1)."]);
}

#[test]
fn an_impact_that_is_corrected_in_place_is_warned_of_also_by_the_status_alone() {
    let site = with_two_open_incidents();
    edit(&site, OUTAGE, "major-outage", "degraded");
    let words = ["down.md:5:10: warning", "was published as `major-outage` and is `degraded`, and no new update says so"];
    assert_found(&site, &["untold-change"], &words);
    let ran = site.run(&["check", "--against", "public/status.json", "--format", "short"]);
    assert!(ran.code == 0 && ran.out.contains(words[1]), "{ran:?}");
    edit(&site, OUTAGE, "It fails.\n\n", "It fails.\n\n## 2026-05-04 12:00 UTC — Update\nIt was slow, and never down.\n");
    assert_found(&site, &[], &["1 new item: Update: Down (A1)."]);
}

#[test]
fn an_open_incident_does_not_vanish_without_a_word() {
    let site = with_two_open_incidents();
    let text = site.read(&path(OUTAGE));
    let gone = "this event goes on in what was published and does not now, and no new update says so; say ";
    let (say, first) = (format!("{gone}it, `signalpost update POST update \"…\"`"), format!("{gone}first that it was a mistake"));
    for (from, to, words) in [
        ("start", "kind = \"notice\"\nstart", &say),
        ("start", "kind = \"maintenance\"\nend = 2026-05-04T09:30:00Z\nstart", &say),
        ("start", "withdrawn = true\nstart", &first),
    ] {
        edit(&site, OUTAGE, from, to);
        let (codes, ran) = found(&site);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(codes.contains(&"untold-change".to_owned()) && said.contains(words.as_str()), "{to}: {said}");
        let update = "## 2026-05-04 12:00 UTC — Update\nIt was not A1.\n";
        site.write(&path(OUTAGE), &format!("{}{update}", site.read(&path(OUTAGE))));
        let (codes, ran) = found(&site);
        assert!(!codes.contains(&"untold-change".to_owned()), "{to}: {ran:?}");
        site.write(&path(OUTAGE), &text);
    }
    let quiet = "title = \"Up\"\nfollows = \"2026-05-04-0900-down\"\nend = 2026-05-04T11:00:00Z\n";
    let follow_up = "2026-05-04-1200-up";
    write(&site, follow_up, &format!("{quiet}notify = false\n"), "It works.\n");
    assert_found(&site, &["untold-change"], &["up.md:4:7: warning", "over since 2026-05-04 11:00 UTC now"]);
    write(&site, follow_up, quiet, "It works.\n");
    assert_found(&site, &[], &["1 new item"]);
}

#[test]
fn work_that_is_over_as_planned_or_completed_is_no_change_that_nobody_told() {
    let site = site(50);
    let keys = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"a1\"\nstart = 2026-05-04T11:00:00Z\nend = 2026-05-04T13:00:00Z\n";
    let text = "A disk.\n\n## 2026-05-04 11:30 UTC — Verifying\nIt spins.\n";
    write(&site, "2026-05-01-0900-disk", keys, text);
    publish(&site);
    let ran = site.run(&["check", "--against", "public", "--now", "2026-05-04T14:00:00Z"]);
    assert!(!ran.err.contains("untold-change"), "{ran:?}");
    edit(&site, "2026-05-01-0900-disk", "Verifying", "Completed");
    let (codes, ran) = found(&site);
    assert!(codes.contains(&"untold-change".to_owned()), "{ran:?}");
    assert!(format!("{}{}", ran.out, ran.err).contains("this work is open in what was published and over"), "{ran:?}");
}

#[test]
fn what_was_part_of_an_open_event_may_stand_alone() {
    let site = with_two_open_incidents();
    let worse = "2026-05-04-1140-worse";
    write(&site, worse, "title = \"Worse\"\nkind = \"incident\"\nserver = \"b2\"\nfollows = \"2026-05-04-1000-slow\"\n", "Slower.\n");
    publish(&site);
    edit(&site, worse, "follows = \"2026-05-04-1000-slow\"\n", "");
    let (codes, ran) = found(&site);
    assert!(!codes.contains(&"untold-change".to_owned()), "{ran:?}");
    edit(&site, worse, "\n+++\n", "\nfollows = \"2026-05-04-1000-slow\"\n+++\n");
    edit(&site, "2026-05-04-1000-slow", "A disk.\n", "A disk.\n\n## 2026-05-04 11:50 UTC — Update\nStill.\n");
    publish(&site);
    edit(&site, worse, "follows = \"2026-05-04-1000-slow\"\n", "");
    let (codes, ran) = found(&site);
    assert!(!codes.contains(&"untold-change".to_owned()), "{ran:?}");
}

#[test]
fn an_archive_is_put_in_order_without_a_word() {
    let site = site(4);
    let forgotten = "2015-05-04-0800-forgotten";
    write(&site, forgotten, "title = \"Forgotten\"\nkind = \"incident\"\nserver = \"b2\"\n", "It fails.\n");
    incident(&site, OLD, "server = \"a1\"\ntags = [\"disk\", \"other\"]\n");
    incident(&site, "2022-02-23-0800-other", "server = \"a1\"\ntags = [\"other\"]\n");
    for name in ["2026-01-01-0800-x", "2026-01-02-0800-y", "2026-01-03-0800-z"] {
        incident(&site, name, "server = \"b2\"\n");
    }
    publish(&site);
    edit(&site, OLD, "tags = [\"disk\", \"other\"]", "tags = [\"disk\"]");
    edit(&site, forgotten, "server", "end = 2015-05-04T09:00:00Z\nserver");
    let (codes, ran) = found(&site);
    assert!(codes.is_empty(), "{ran:?}");
}

#[test]
fn the_record_of_yesterday_is_corrected_in_place_and_in_an_update() {
    let site = site(50);
    let past = "2026-05-03-0800-past";
    incident(&site, past, "server = \"a1\"\nimpact = \"degraded\"\n");
    publish(&site);
    let text = site.read(&path(past));
    let worst =
        |word: &str| format!("the worst impact of this event was published as `degraded` and is `{word}`, and no new update says so");
    let gone = "this event stands in the record that was published and does not now, and no new update says so".to_owned();
    let end = "this event was over at 2026-05-03 11:00 UTC, and at 2026-05-03 10:00 UTC now, and no new update says so".to_owned();
    for (from, to, place, words) in [
        ("\"degraded\"", "\"major-outage\"", "6:10", worst("major-outage")),
        ("\"degraded\"", "\"none\"", "6:10", worst("none")),
        ("\"incident\"", "\"notice\"", "3:8", gone),
        ("server", "end = 2026-05-03T10:00:00Z\nserver", "5:7", end),
    ] {
        edit(&site, past, from, to);
        let (codes, ran) = found(&site);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(&format!("past.md:{place}: warning[untold-change]: {words}")), "{to}: {said}");
        assert_eq!(said.matches("[untold-change]").count(), 1, "{codes:?}: {said}");
        let ran = site.run(&["update", "past", "update", "It was otherwise."]);
        assert_eq!(ran.code, 0, "{to}: {}", ran.err);
        let (codes, ran) = found(&site);
        assert!(!codes.contains(&"untold-change".to_owned()), "{to}: {ran:?}");
        site.write(&path(past), &text);
    }
    assert_found(&site, &[], &["no new item."]);
}

#[test]
fn impacts_that_change_servers_in_a_published_heading_are_warned_of_also_by_the_status_alone() {
    let site = site(50);
    let past = "2026-05-03-0800-past";
    let text =
        "Both are slow.\n\n## 2026-05-03 09:00 UTC — Identified {a1=major-outage}\nA disk.\n\n## 2026-05-03 10:00 UTC — Resolved\nDone.\n";
    write(&site, past, "title = \"Past\"\nservers = [\"a1\", \"b2\"]\nstart = 2026-05-03T08:00:00Z\n", text);
    publish(&site);
    edit(&site, past, "{a1=", "{b2=");
    let words = [
        "past.md:2:9: warning[untold-change]: `a1` was published with 60 minutes of major-outage and 60 of degraded on 2026-05-03 \
         and has 120 minutes of degraded now, and no new update says so; the same goes for 1 more server",
        "no new item.",
    ];
    assert_found(&site, &["untold-change"], &words);
    let ran = site.run(&["check", "--against", "public/status.json", "--format", "short"]);
    assert!(ran.code == 0 && ran.out.contains(words[0]), "{ran:?}");
}

#[test]
fn an_open_incident_that_becomes_part_of_another_explains_no_other_minutes() {
    let site = site(50);
    let (first, second) = ("2026-05-04-0900-down", "2026-05-04-1000-slow");
    write(&site, first, "title = \"Down\"\nserver = \"a1\"\nimpact = \"major-outage\"\nstart = 2026-05-04T09:00:00Z\n", "It fails.\n");
    write(&site, second, "title = \"Slow\"\nkind = \"incident\"\nservers = [\"b2\"]\n", "It is slow.\n");
    publish(&site);
    edit(&site, second, "kind = \"incident\"\nservers = [\"b2\"]", "follows = \"down\"\nservers = [\"b2\", \"a1\"]");
    let words = ["`b2` was published with 120 minutes of degraded on 2026-05-04 and has 120 minutes of major-outage now"];
    assert_found(&site, &["untold-change"], &words);
}
