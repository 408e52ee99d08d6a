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
