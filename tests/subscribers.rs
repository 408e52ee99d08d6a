//! `signalpost check --against`: what would tell subscribers old news again, take something back or leave an address without an answer,
//! in whichever feed and however long ago it was told.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written to the disk")]

#[path = "subscribers/events.rs"]
mod events;
mod terminal;

use std::fs;

use terminal::{Ran, Site};

/// A site at noon of 4 May 2026 whose feeds hold `items` items, with the servers A1 and B2 and no post.
fn site(items: usize) -> Site {
    let site = Site::at("2026-05-04T12:00:00Z");
    set_items(&site, items);
    site.write("content/servers.toml", "[[server]]\nid = \"a1\"\nname = \"A1\"\n\n[[server]]\nid = \"b2\"\nname = \"B2\"\n");
    fs::create_dir_all(site.path("content/posts")).unwrap();
    site
}

fn set_items(site: &Site, items: usize) {
    let settings = "title = \"Test\"\nbase_url = \"https://status.example.net/s\"\n[feeds]\nauthority = \"status.example.net,2026\"\n";
    site.write("site.toml", &format!("{settings}items = {items}\n"));
}

/// A resolved incident of two updates; `keys` are further lines of its front matter.
fn incident(site: &Site, name: &str, keys: &str) {
    let day = &name[..10];
    let text = format!("+++\ntitle = \"Trouble of {name}\"\nkind = \"incident\"\nstart = {day}T08:00:00Z\n{keys}+++\nIt fails.\n\n");
    site.write(&path(name), &format!("{text}## {day} 11:00 UTC — Resolved {{impact=none}}\nIt works.\n"));
}

fn path(name: &str) -> String {
    format!("content/posts/{name}.md")
}

fn edit(site: &Site, name: &str, from: &str, to: &str) {
    let text = site.read(&path(name));
    assert!(text.contains(from), "{from:?} is not in {text}");
    site.write(&path(name), &text.replace(from, to));
}

fn rename(site: &Site, from: &str, to: &str) {
    fs::rename(site.path(&path(from)), site.path(&path(to))).unwrap();
}

fn delete(site: &Site, name: &str) {
    fs::remove_file(site.path(&path(name))).unwrap();
}

fn publish(site: &Site) {
    let ran = site.run(&["build"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

fn check(site: &Site) -> Ran {
    site.run(&["check", "--against", "public", "--format", "short"])
}

/// The codes of what `check --against public` finds, each once and in the order of their places, with all that it says.
fn found(site: &Site) -> (Vec<String>, Ran) {
    let ran = check(site);
    let code = |line: &str| Some(line.split_once('[')?.1.split_once("]:")?.0.to_owned());
    let mut codes: Vec<String> = ran.out.lines().chain(ran.err.lines()).filter_map(code).collect();
    codes.sort();
    codes.dedup();
    (codes, ran)
}

#[track_caller]
fn assert_found(site: &Site, codes: &[&str], words: &[&str]) {
    let (found, ran) = found(site);
    let said = format!("{}{}", ran.out, ran.err);
    assert_eq!(found, codes, "{said}");
    for words in words {
        assert!(said.contains(words), "`{words}` is not in {said}");
    }
}

/// An old incident about A1, and three newer ones about B2: of four items in a feed, that of everything has lost the old one, and that of
/// A1 has it.
fn with_an_old_post() -> Site {
    let site = site(4);
    incident(&site, OLD, "server = \"a1\"\n");
    for name in ["2026-01-01-0800-x", "2026-01-02-0800-y", "2026-01-03-0800-z"] {
        incident(&site, name, "server = \"b2\"\n");
    }
    publish(&site);
    let everything = site.read("public/feed.xml");
    assert!(!everything.contains("2022-02-22") && site.read("public/server/a1/feed.xml").contains("2022-02-22"), "{everything}");
    site
}

const OLD: &str = "2022-02-22-0800-old";

#[test]
fn the_newest_update_of_a_feed_of_one_item_is_not_deleted_unsaid() {
    let site = site(1);
    incident(&site, "2026-05-02-0900-m", "server = \"a1\"\n");
    incident(&site, "2026-05-03-0905-w", "server = \"a1\"\n");
    publish(&site);
    delete(&site, "2026-05-02-0900-m");
    assert_found(&site, &["lost-address"], &["a post was published at `/2026/05/02/m/`", "keep the post, with `withdrawn = true`"]);
    incident(&site, "2026-05-02-0900-m", "server = \"a1\"\n");
    delete(&site, "2026-05-03-0905-w");
    assert_found(&site, &["lost-address", "lost-item"], &["`Resolved: Trouble of 2026-05-03-0905-w (A1)`", "`/2026/05/03/w/`"]);
}

#[test]
fn an_update_that_only_a_servers_feed_has_is_guarded_as_well() {
    let site = with_an_old_post();
    assert_found(&site, &[], &["no new item."]);
    let text = site.read(&path(OLD));
    let back = || site.write(&path(OLD), &text);

    edit(&site, OLD, "+++\nIt fails", "id = \"other\"\n+++\nIt fails");
    assert_found(&site, &["changed-id"], &["write `id = \"2022-02-22-0800-old\"` in the front matter", "no new item."]);
    back();
    edit(&site, OLD, "## 2022-02-22 11:00 UTC — Resolved {impact=none}\nIt works.\n", "");
    assert_found(&site, &["lost-item", "open-for-weeks"], &["`Resolved: Trouble of 2022-02-22-0800-old (A1)`"]);
    back();
    edit(&site, OLD, "11:00", "11:30");
    assert_found(&site, &["changed-date"], &["has 2022-02-22 11:30:00 UTC now; write the time that it had", "no new item."]);
    back();
    edit(&site, OLD, "+++\nIt fails", "notify = false\n+++\nIt fails");
    assert_found(&site, &["lost-item"], &["not `notify = false`"]);
    back();
    delete(&site, OLD);
    assert_found(&site, &["lost-address", "lost-item"], &["`/2022/02/22/old/`"]);
}

#[test]
fn an_id_that_only_the_history_has_is_guarded_as_well() {
    let site = site(3);
    for name in ["2026-01-01-0800-x", "2026-01-02-0800-y", "2026-01-03-0800-z"] {
        incident(&site, name, "impact = \"degraded\"\n");
    }
    publish(&site);
    edit(&site, "2026-01-01-0800-x", "+++\nIt fails", "id = \"other\"\n+++\nIt fails");
    let (codes, ran) = found(&site);
    let words = "`/history.rss` and `/history.atom` told of `Trouble of 2026-01-01-0800-x` as `2026-01-01-0800-x`";
    assert!(codes.contains(&"changed-id".to_owned()) && format!("{}{}", ran.out, ran.err).contains(words), "{ran:?}");
}

#[test]
fn an_old_post_may_move_where_its_address_goes_on_answering() {
    let site = with_an_old_post();
    rename(&site, OLD, "2022-02-22-0800-moved");
    edit(&site, "2022-02-22-0800-moved", "+++\nIt fails", "id = \"2022-02-22-0800-old\"\n+++\nIt fails");
    assert_found(
        &site,
        &["lost-address"],
        &["moved.md:2:9: error", "write `aliases = [\"/2022/02/22/old/\"]`", "no new item; 2 corrected"],
    );
    edit(&site, "2022-02-22-0800-moved", "+++\nIt fails", "aliases = [\"/2022/02/22/old/\"]\n+++\nIt fails");
    assert_found(&site, &[], &["no new item; 2 corrected silently."]);
    publish(&site);
    edit(&site, "2022-02-22-0800-moved", "aliases = [\"/2022/02/22/old/\"]\n", "");
    assert_found(&site, &["lost-address"], &["moved.md:2:9: error", "`/2022/02/22/old/` led to `/s/2022/02/22/moved/`"]);
}

#[test]
fn a_post_that_nobody_was_told_of_keeps_its_address_and_its_silence() {
    let site = with_an_old_post();
    let archived = "2019-02-01-0800-archived";
    incident(&site, archived, "server = \"a1\"\nnotify = false\n");
    publish(&site);
    rename(&site, archived, "2019-02-01-0800-b");
    let words = ["2019-02-01-0800-b.md:2:9: error", "write `aliases = [\"/2019/02/01/archived/\"]`"];
    assert_found(&site, &["lost-address"], &words);
    edit(&site, "2019-02-01-0800-b", "notify = false\n", "notify = false\naliases = [\"/2019/02/01/archived/\"]\n");
    assert_found(&site, &[], &["no new item."]);
    edit(&site, "2019-02-01-0800-b", "notify = false\n", "");
    let words = ["b.md:2:9: error", "2 updates of it come into `/server/a1/feed.xml` now", "write `notify = false` as before"];
    assert_found(&site, &["old-news"], &words);
}

#[test]
fn a_page_that_no_build_wrote_is_nothing_to_lose() {
    let site = with_an_old_post();
    site.write("public/by-hand/index.html", "<meta http-equiv=\"refresh\" content=\"0; url=/s/2022/02/22/old/\">");
    assert_found(&site, &[], &["no new item."]);
    // Where nobody can tell who wrote it, it is taken for the site's own.
    fs::remove_dir_all(site.path("public/.signalpost")).unwrap();
    assert_found(&site, &["lost-address"], &["`/by-hand/` led to `/s/2022/02/22/old/`"]);
}

#[test]
fn what_newer_items_push_out_of_feeds_is_not_lost() {
    let site = with_an_old_post();
    for name in ["2026-05-04-0800-p", "2026-05-04-0801-q", "2026-05-04-0802-r"] {
        incident(&site, name, "servers = [\"a1\", \"b2\"]\ntags = [\"new\"]\n");
        edit(&site, name, "11:00", &format!("11:{}", &name[13..15]));
    }
    let (codes, ran) = found(&site);
    assert!(codes.is_empty() && ran.err.contains("6 new items: "), "{ran:?}");
    publish(&site);
    let of_server = site.read("public/server/a1/feed.xml");
    assert!(!of_server.contains("2022-02-22") && of_server.matches("<item>").count() == 4, "{of_server}");
    assert_found(&site, &[], &["no new item."]);
}

#[test]
fn a_new_tag_begins_with_its_history_and_a_post_that_names_another_server_is_late_there() {
    let site = with_an_old_post();
    edit(&site, OLD, "server = \"a1\"\n", "server = \"a1\"\ntags = [\"disk\"]\n");
    assert_found(&site, &[], &["no new item; 2 corrected silently."]);
    incident(&site, "2026-01-04-0800-newer", "server = \"a1\"\n");
    publish(&site);
    for name in ["2026-01-01-0800-x", "2026-01-03-0800-z"] {
        edit(&site, name, "server = \"b2\"", "servers = [\"a1\", \"b2\"]");
        let words = [&format!("{name}.md:2:9: warning"), "into `/server/a1/feed.xml` behind newer ones"];
        assert_found(&site, &["late-item"], &words);
        // What is new in it is the news.
        let text = site.read(&path(name));
        site.write(&path(name), &format!("{text}\n## 2026-05-04 11:00 UTC — Postmortem\nA1 failed as well.\n"));
        assert_found(&site, &[], &["1 new item: Postmortem"]);
        publish(&site);
    }
}

#[test]
fn a_post_that_leaves_a_full_feed_brings_no_old_one_back() {
    let site = with_an_old_post();
    edit(&site, "2026-01-03-0800-z", "server = \"b2\"", "server = \"a1\"");
    let words = ["z.md:2:9: error", "has left `/server/b2/feed.xml`: older updates come back there as new"];
    assert_found(&site, &["old-news"], &words);
}

#[test]
fn longer_feeds_are_said_once_and_shorter_ones_are_fine() {
    let site = with_an_old_post();
    set_items(&site, 6);
    assert_found(&site, &["late-item"], &["site.toml:1:1: warning", "feeds held 4 items and hold 6 now"]);
    set_items(&site, 2);
    assert_found(&site, &[], &["no new item."]);
}

/// A maintenance on the twelfth of May, published.
fn with_maintenance(text: &str) -> Site {
    let site = site(1);
    let keys = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"a1\"\nstart = 2026-05-12T19:00:00Z\nend = 2026-05-12T20:00:00Z\n";
    site.write(&path("2026-05-01-0900-disk"), &format!("+++\n{keys}+++\nA new disk.\n\n{text}"));
    publish(&site);
    site
}

#[test]
fn a_cancelled_maintenance_stays_in_calendars() {
    let site = with_maintenance("## 2026-05-02 09:00 UTC — Cancelled\nNot now.\n");
    incident(&site, "2026-05-03-0800-x", "server = \"b2\"\n");
    publish(&site);
    delete(&site, "2026-05-01-0900-disk");
    let words = ["the cancelled maintenance `2026-05-01-0900-disk@status.example.net` lies ahead", "`/2026/05/01/disk/`"];
    let (codes, ran) = found(&site);
    assert!(codes.contains(&"lost-window".to_owned()), "{ran:?}");
    let said = format!("{}{}", ran.out, ran.err);
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}

#[test]
fn the_line_that_moved_a_window_is_named() {
    let site = with_maintenance("");
    edit(&site, "2026-05-01-0900-disk", "T20:00:00Z", "T21:00:00Z");
    assert_found(&site, &["calendar-sequence"], &["2026-05-01-0900-disk.md:6:7: error"]);
    edit(&site, "2026-05-01-0900-disk", "T19:00:00Z", "T18:00:00Z");
    assert_found(&site, &["calendar-sequence"], &["2026-05-01-0900-disk.md:5:9: error"]);
}

/// A post as it is written: its front matter and its text.
fn write(site: &Site, name: &str, keys: &str, text: &str) {
    site.write(&path(name), &format!("+++\n{keys}+++\n{text}"));
}

/// An outage of A1 since nine, and after it one of B2 that is told until half past eleven. Both are open and published.
fn with_two_open_incidents() -> Site {
    let site = site(50);
    write(&site, OUTAGE, "title = \"Down\"\nserver = \"a1\"\nstart = 2026-05-04T09:00:00Z\nimpact = \"major-outage\"\n", "It fails.\n\n");
    let text = "Slow.\n\n## 2026-05-04 11:30 UTC — Identified\nA disk.\n";
    write(&site, "2026-05-04-1000-slow", "title = \"Slow\"\nserver = \"b2\"\nstart = 2026-05-04T10:00:00Z\n", text);
    publish(&site);
    site
}

const OUTAGE: &str = "2026-05-04-0900-down";

#[test]
fn a_wrong_server_is_corrected_where_its_subscribers_hear_so() {
    let site = with_two_open_incidents();
    edit(&site, OUTAGE, "\"a1\"", "\"b2\"");
    let words = [
        "down.md:2:9: warning",
        "has left `/server/a1/feed.xml`, whose subscribers were told of it",
        "name `a1` in `servers` beside the right ones, with the impact `none` (`impact = { a1 = \"none\", … }`)",
        "no new item; 1 corrected silently; 1 told elsewhere before, new in /server/b2/feed.xml.",
    ];
    assert_found(&site, &["contradiction", "late-item", "untold-change"], &words);
    edit(&site, OUTAGE, "server = \"b2\"", "servers = [\"a1\", \"b2\"]");
    edit(&site, OUTAGE, "\"major-outage\"", "{ a1 = \"none\", b2 = \"major-outage\" }");
    edit(&site, OUTAGE, "It fails.\n\n", "It fails.\n\n## 2026-05-04 12:00 UTC — Update\nIt is B2, not A1.\n");
    assert_found(&site, &["contradiction"], &["1 new item: Update: Down (A1, B2)"]);
}

#[test]
fn a_start_is_corrected_where_the_post_keeps_the_date_that_it_was_published_with() {
    let site = site(50);
    write(&site, "2026-05-04-down", "title = \"Down\"\nserver = \"a1\"\nstart = 2026-05-04T10:00:00Z\n", "It fails.\n");
    publish(&site);
    edit(&site, "2026-05-04-down", "T10:00", "T09:00");
    let words = ["down.md:4:9: error", "that is when it was published, and stays: write `date = 2026-05-04T10:00:00Z`; `start` may be"];
    assert_found(&site, &["changed-date"], &words);
    edit(&site, "2026-05-04-down", "start", "date = 2026-05-04T10:00:00Z\nstart");
    let words = [
        "down.md:5:9: warning[untold-change]: this event was published as begun at 2026-05-04 10:00 UTC and has begun at 2026-05-04 09:00 UTC",
    ];
    assert_found(&site, &["untold-change"], &words);
    edit(&site, "2026-05-04-down", "It fails.\n", "It fails.\n\n## 2026-05-04 12:00 UTC — Update\nIt began at nine.\n");
    assert_found(&site, &[], &["1 new item: Update: Down (A1)."]);
}

#[test]
fn a_server_keeps_its_id_under_another_name() {
    let site = with_two_open_incidents();
    let servers = site.read("content/servers.toml");
    site.write("content/servers.toml", &servers.replace("id = \"a1\"\n", "id = \"mail\"\naliases = [\"a1\"]\n"));
    assert_found(&site, &["lost-feed"], &["content/servers.toml:2:6: error", "if this is the same server, give it `id = \"a1\"` back"]);
    site.write("content/servers.toml", &servers.replace("name = \"A1\"", "name = \"Mail\"\naliases = [\"mail1\"]"));
    assert_found(&site, &[], &["no new item; 1 corrected silently."]);
    // Of two that stood side by side, one cannot take the other's place.
    let only_b2 = "[[server]]\nid = \"b2\"\nname = \"B2\"\naliases = [\"a1\"]\n";
    site.write("content/servers.toml", only_b2);
    let words = ["content/servers.toml:2:6: error", "with `status = \"retired\"`, and take the name and alias `a1` from `b2`"];
    let (codes, ran) = found(&site);
    assert!(
        codes.contains(&"lost-feed".to_owned()) && words.iter().all(|words| format!("{}{}", ran.out, ran.err).contains(words)),
        "{ran:?}"
    );
}

#[test]
fn a_plain_page_and_a_groups_badge_keep_their_addresses() {
    let site = site(3);
    let servers = |group: &str| format!("[[server]]\nid = \"a1\"\nname = \"A1\"\ngroup = \"{group}\"\n");
    let page = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\nWe pay.\n");
    site.write("content/servers.toml", &servers("Mail"));
    site.write("content/pages/legal/terms.md", &page("Terms"));
    incident(&site, "2026-05-02-0900-m", "server = \"a1\"\ntags = [\"disks\"]\n");
    publish(&site);

    site.write("content/servers.toml", &servers("Post"));
    let words = ["content/servers.toml:1:1: warning", "`/group/mail/badge.svg` was published, and it is gone", "the `group` that they had"];
    assert_found(&site, &["lost-page"], &words);
    site.write("content/servers.toml", &servers("Mail"));

    fs::rename(site.path("content/pages/legal/terms.md"), site.path("content/pages/conditions.md")).unwrap();
    let words = ["content/pages:1:1: warning", "`/legal/terms/` was published", "`content/pages/legal/terms.md`"];
    assert_found(&site, &["lost-page"], &words);
    site.write("content/pages/legal/terms.md", "+++\ntitle = \"Terms\"\n+++\nThey are [our conditions](../conditions.md) now.\n");
    assert_found(&site, &[], &["no new item."]);
    fs::remove_dir_all(site.path("content/pages/legal")).unwrap();
    site.write("content/static/legal/terms/index.html", "<meta http-equiv=\"refresh\" content=\"0; url=/s/conditions/\">");
    assert_found(&site, &[], &["no new item."]);
}

#[test]
fn a_maintenance_that_becomes_an_outage_stays_one() {
    let stays = "stays `kind = \"maintenance\"`: end it with Completed, and post an incident";
    let site = with_maintenance("");
    let (name, now) = ("2026-05-01-0900-disk", "2026-05-12T19:30:00Z");
    edit(&site, name, "\"maintenance\"", "\"incident\"");
    let said = |args: &[&str]| {
        let ran = site.run(&[&["check", "--format", "short", "--now", now], args].concat());
        format!("{}{}", ran.out, ran.err)
    };
    assert!(said(&[]).contains(stays), "{}", said(&[]));
    // What nobody was told of is not what this is about.
    rename(&site, name, "2026-05-12-1900-disk");
    let renamed = said(&["--against", "public"]);
    assert!(renamed.contains("[lost-item]") && !renamed.contains("notify = false` as before"), "{renamed}");
    rename(&site, "2026-05-12-1900-disk", name);
    edit(&site, name, "title", "date = 2026-05-12T09:00:00Z\ntitle");
    let published = said(&["--against", "public"]);
    for words in ["calendars know this post as the maintenance", "has left `/maintenance.xml`", "leave it `kind = \"maintenance\"`"] {
        assert!(published.contains(words), "{words}: {published}");
    }
}
