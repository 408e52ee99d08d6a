//! `signalpost import` through the program: an export goes in, and the site that comes out is checked, built and asked for every old
//! link and feed id.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

mod terminal;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use terminal::Site;

const SETTINGS: &str = "title = \"Status\"\nbase_url = \"https://status.example.net\"\n[feeds]\nitems = 1000\n";
const SERVERS: &str = "[[server]]\nid = \"nc023\"\naliases = [\"relay\"]\n[[server]]\nid = \"nc027\"\naliases = [\"mail\"]\n";

/// A file of the tests.
fn fixture(name: &str) -> String {
    format!("{}/tests/import/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn site() -> Site {
    let site = Site::at("2026-11-22T12:00:00Z");
    site.write("site.toml", SETTINGS);
    site.write("content/servers.toml", SERVERS);
    site
}

/// A site with the fixture's blog in it.
fn moved() -> Site {
    let site = site();
    let ran = site.run(&["import", "wordpress", &fixture("wordpress.xml"), "--media", &fixture("uploads")]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    site
}

/// Every file below the folder of the posts, by its path.
fn posts(site: &Site) -> BTreeMap<String, String> {
    let entries = walkdir::WalkDir::new(site.path("content")).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let below = |path: &Path| path.strip_prefix(site.path("content")).unwrap().to_str().unwrap().to_owned();
    let posts = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"));
    posts.map(|entry| (below(entry.path()), fs::read_to_string(entry.path()).unwrap())).collect()
}

/// What stands between two marks, wherever it does.
fn all_between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split_once(after)).map(|(found, _)| found).collect()
}

#[test]
fn every_old_link_and_feed_id_lives_on() {
    let site = moved();
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.contains("error")), (0, false), "{}", check.err);
    assert_eq!(site.run(&["build"]).code, 0);
    let export = fs::read_to_string(fixture("wordpress.xml")).unwrap();
    let published: Vec<&str> = all_between(&export, "<item>", "</item>")
        .into_iter()
        .filter(|item| item.contains("<wp:status><![CDATA[publish]]>") && item.contains("<wp:post_type><![CDATA[post]]>"))
        .filter(|item| item.contains("<wp:post_password><![CDATA[]]>"))
        .collect();
    assert_eq!(published.len(), 10);
    let feed = site.read("public/feed.xml");
    for item in published {
        let link = all_between(item, "<link>https://status.example.net/", "</link>")[0].replace("%c3%b6", "ö");
        let page = site.read(&format!("public/{}/index.html", link.trim_end_matches('/')));
        let title = all_between(item, "<title><![CDATA[", "]]></title>")[0];
        let leads_on = all_between(&page, "http-equiv=\"refresh\" content=\"0; url=", "\"");
        let page = match leads_on.as_slice() {
            [] => page,
            [to, ..] => site.read(&format!("public{}index.html", to.trim_start_matches("https://status.example.net"))),
        };
        assert!(page.contains(&title.replace('\'', "&#39;").replace("&#246;", "ö")), "{link} is not the page of “{title}”");
        let guid = all_between(item, "<guid isPermaLink=\"false\">", "</guid>")[0];
        assert!(feed.contains(&format!("<guid isPermaLink=\"false\">{guid}</guid>")), "{guid}");
    }
}

#[test]
fn texts_keep_their_words_and_none_becomes_a_mark() {
    let posts = posts(&moved());
    let helo = &posts["posts/2013/2013-06-11-1409-helo-refused.md"];
    assert!(helo.contains("#554 5.7.1 <senderdomain.local>: Helo command rejected\n+++\n## 2013-06-11 14:00 UTC\n```"), "{helo}");
    assert!(helo.contains("\"\\<senderdomain.local>\"") && helo.contains("\\## 2013-06-11 15:00 UTC"), "{helo}");
    assert!(helo.contains("summary    = \"Why some mail comes back.\"\n") && helo.contains("author     = \"Grace N.\"\n"), "{helo}");
    let moving = &posts["posts/2014/2014-03-03-0915-mail-move.md"];
    assert!(
        moving.contains("[![The plan](/wp-content/uploads/2014/03/plan-300x200.png)](/wp-content/uploads/2014/03/plan.png)"),
        "{moving}"
    );
    assert!(moving.contains("| A\\|H | 14 March |") && moving.contains("pinned     = true"), "{moving}");
    let untitled = &posts["posts/2015/2015-01-10-0800-30.md"];
    assert!(untitled.contains("title      = \"Outgoing mail is slow this morning, we do\""), "{untitled}");
    let umlauts = &posts["posts/2015/2015-02-01-1200-störung-umzug.md"];
    assert!(umlauts.contains("title      = \"Störung & <Umzug>\"") && umlauts.ends_with("Alles läuft wieder.\n"), "{umlauts}");
}

#[test]
fn links_to_the_old_sites_posts_lead_to_their_pages() {
    let posts = posts(&moved());
    let first = &posts["posts/2013/2013-07-02-0530-spam-2.md"];
    assert!(first.contains("aliases    = [\"/2013/07/01/spam/\"]") && first.contains("(/2013/06/11/helo-refused/)"), "{first}");
    // This one stays where it was; by its old date the other was there the day before.
    let second = &posts["posts/2013/2013-07-02-2100-spam.md"];
    assert!(!second.contains("aliases") && second.contains("[Yesterday](/2013/07/02/spam-2/)"), "{second}");
    let update = &posts["posts/2014/2014-03-07-2140-mail-move-update-2.md"];
    assert!(update.contains("all by Grace (https://status.example.net/author/grace/)"), "{update}");
    assert!(update.contains("[Maintenance](/category/maintenance/)") && update.contains("[the feed](/feed.xml)"), "{update}");
    let old = &posts["posts/2015/2015-02-03-1200-an-old-permalink.md"];
    assert!(old.contains("aliases    = [\"/archives/32/\"]") && old.contains("date       = 2015-02-03T12:00:07Z"), "{old}");
}

#[test]
fn the_report_says_what_was_guessed_and_what_was_left_behind() {
    let site = site();
    let ran = site.run(&["import", "wordpress", &fixture("wordpress.xml"), "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for line in [
        "  1 (draft): “Not finished”",
        "  1 (private): “For us alone”",
        "  1 (with a password): “With a word”",
        "  1 (trash): “Thrown away”",
        "  1 (page): “About”",
        "  1 (attachment): “plan”",
        "  content/posts/2013/2013-06-20-1940-nc023-new-disk.md: maintenance 2013-06-20 19:22 to 2013-06-20 19:32 UTC, from “NC023 went down for its new disk at 19:22 UTC and was back at 19:32”",
        "  content/posts/2013/2013-06-20-1940-nc023-new-disk.md: server `nc023`, from “NC023: new disk”",
        "  content/posts/2014/2014-03-05-1030-mail-move-update-1.md: continues `content/posts/2014/2014-03-03-0915-mail-move.md`, from “Mail move: Update 1”",
        "  comments are not taken over: 1",
        "  the shortcode `[gallery]` is kept as text: content/posts/2013/2013-06-11-1409-helo-refused.md",
        "  has no title, and is called “Outgoing mail is slow this morning, we do”: content/posts/2015/2015-01-10-0800-30.md",
        "  NC018 (1)",
        "10 posts would be imported.",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
    assert!(posts(&site).is_empty(), "a dry run writes nothing");
}

#[test]
fn without_guesses_every_post_is_a_notice_about_no_server() {
    let site = site();
    let ran = site.run(&["import", "wordpress", &fixture("wordpress.xml"), "--guess", "none"]);
    assert!(ran.code == 0 && !ran.err.contains("Guessed"), "{}", ran.err);
    for (path, post) in posts(&site) {
        let front = post.split("+++").nth(1).unwrap();
        assert!(front.contains("= \"notice\"") && !front.contains("servers") && !front.contains("follows"), "{path}: {post}");
    }
}

#[test]
fn nothing_that_was_imported_is_wrong_today() {
    for guess in ["none", "safe", "all"] {
        let site = site();
        assert_eq!(site.run(&["import", "wordpress", &fixture("wordpress.xml"), "--guess", guess]).code, 0);
        let status = site.run(&["status", "--format", "json"]);
        assert_eq!(status.out.matches("\"operational\"").count(), 2, "{}", status.out);
    }
}

#[test]
fn importing_again_writes_nothing_and_what_was_changed_is_kept() {
    let site = moved();
    let before = posts(&site);
    let again = ["import", "wordpress", &fixture("wordpress.xml"), "--media", &fixture("uploads")];
    let ran = site.run(&again);
    assert!(ran.code == 0 && ran.err.ends_with("0 posts imported, 10 there already.\n"), "{}", ran.err);
    assert_eq!(posts(&site), before);
    let changed = "content/posts/2013/2013-06-20-1940-nc023-new-disk.md";
    site.write(changed, &site.read(changed).replace("Thank you", "Thanks"));
    fs::rename(site.path("content/posts/2015/2015-01-10-0800-30.md"), site.path("content/posts/2015/2015-01-10-0800-slow.md")).unwrap();
    let ran = site.run(&again);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains(&format!("{changed} is kept as it is: the export would make it otherwise.\n")), "{}", ran.err);
    assert!(ran.err.ends_with("0 posts imported, 9 there already, 1 kept as they are.\n"), "{}", ran.err);
    assert!(site.read(changed).contains("Thanks"));
}

#[test]
fn an_export_in_which_somebody_made_https_of_every_http_is_the_same_export() {
    let (site, usual) = (site(), moved());
    let export =
        fs::read_to_string(fixture("wordpress.xml")).unwrap().replace("http://wordpress.org/export/", "https://wordpress.org/export/");
    site.write("export.xml", &export);
    let ran = site.run(&["import", "wordpress", "export.xml", "--media", &fixture("uploads")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(posts(&site), posts(&usual));
}

#[test]
fn a_file_that_is_no_export_is_refused_and_nothing_is_written() {
    let export = fs::read_to_string(fixture("wordpress.xml")).unwrap();
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><title>&b;</title></channel></rss>";
    for (content, why) in [
        (bomb.as_bytes().to_vec(), "it has a document type, which no export has"),
        (b"<rss><channel><title>&nbsp;</title></channel></rss>".to_vec(), "it has the entity `&nbsp;`, which XML does not know"),
        (export.as_bytes()[..export.len() / 2].to_vec(), "it is cut off"),
        (export.as_bytes()[..export.rfind("</channel>").unwrap()].to_vec(), "it is cut off"),
        (b"hello".to_vec(), "it holds no XML"),
        (b"".to_vec(), "it holds no XML"),
        (b"<html><body>x</body></html>".to_vec(), "it begins with `<html>` and not with `<rss>`"),
        (b"<rss><channel></channel></rss>".to_vec(), "it has no `wp:wxr_version`"),
        (b"<rss><channel><title>\xe9</title></channel></rss>".to_vec(), "byte 21 is not UTF-8"),
        ("<a>".repeat(100_000).into_bytes(), "more than 64 deep"),
        ("<rss><a\u{202e}\u{9b}31m></b></rss>".as_bytes().to_vec(), "`</a\u{fffd}\u{fffd}31m>`"),
        ("<rss>&a\u{202e}\u{9b};</rss>".as_bytes().to_vec(), "the entity `&a\u{fffd}\u{fffd};`"),
    ] {
        let site = site();
        fs::write(site.path("export.xml"), content).unwrap();
        let ran = site.run(&["import", "wordpress", &fixture("wordpress.xml"), "export.xml"]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.starts_with("error: cannot import: `export.xml` is not a WordPress export: "), "{}", ran.err);
        assert!(ran.err.contains(why) && posts(&site).is_empty(), "{}", ran.err);
        assert!(!ran.err.contains(['\u{202e}', '\u{9b}']), "{:?}", ran.err);
    }
}

#[test]
fn a_feed_becomes_posts_that_its_readers_know_already() {
    let site = site();
    let ran = site.run(&["import", "rss", &fixture("feed.xml")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("the feed has its first words alone: content/posts/2020/2020-09-15-0911-webmail-slow.md"), "{}", ran.err);
    let posts = posts(&site);
    assert!(!ran.err.contains("has no feed id"), "{}", ran.err);
    let slow = &posts["posts/2020/2020-09-15-0911-webmail-slow.md"];
    assert!(slow.contains("aliases    = [\"/news/webmail-slow.html\"]") && slow.contains("guid       = \"urn:news:17\""), "{slow}");
    assert!(slow.contains("categories = [\"Webmail\"]") && !slow.contains("notify"), "{slow}");
    let plain = &posts["posts/2020/2020-09-16-0800-all-is-well.md"];
    assert!(plain.contains("guid  = \"https://status.example.net/?id=18\"") && plain.ends_with("+++\n\nAll *is* well.\n"), "{plain}");
    assert_eq!(site.run(&["check"]).code, 0);
    assert!(site.run(&["import", "wordpress", &fixture("feed.xml")]).err.contains("a feed is imported by `import rss`"));
}

#[test]
fn an_old_address_in_another_unicode_form_is_told_and_links_to_it_lead_to_the_page() {
    let site = site();
    let item = |link: &str, text: &str| {
        format!(
            "<item><title>Störung</title><link>https://status.example.net{link}</link><guid>{link}</guid><pubDate>Tue, 15 Sep 2020 09:11:00 +0000</pubDate><description>{text}</description></item>"
        )
    };
    let items = [
        item("/2020/09/15/sto%CC%88rung/", "Slow."),
        item("/2020/09/15/two/", "&lt;a href=\"/2020/09/15/sto%CC%88rung/\"&gt;Slow&lt;/a&gt;"),
    ];
    site.write("feed.xml", &format!("<rss><channel><link>https://status.example.net/</link>{}</channel></rss>", items.concat()));
    let ran = site.run(&["import", "rss", "feed.xml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("its old address is written in another Unicode form: let the host lead from there to the new one: "),
        "{}",
        ran.err
    );
    assert!(posts(&site)["posts/2020/2020-09-15-0911-two.md"].ends_with("[Slow](/2020/09/15/st%C3%B6rung/)\n"));
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
fn a_status_page_keeps_kinds_windows_states_and_addresses() {
    let site = site();
    let files = [fixture("incidents.json"), fixture("scheduled-maintenances.json")];
    let ran = site.run(&["import", "statuspage", &files[0], &files[1]]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let posts = posts(&site);
    assert_eq!(
        posts["posts/2026/2026-02-10-1130-mail-is-slow.md"],
        "+++\n\
         title   = \"Mail is slow\"\n\
         kind    = \"incident\"\n\
         servers = [\"nc023\"]\n\
         date    = 2026-02-10T11:30:00Z\n\
         start   = 2026-02-10T11:10:00Z\n\
         impact  = \"major-outage\"\n\
         aliases = [\"/incidents/aaaa11112222/\"]\n\
         notify  = false\n\
         +++\n\
         \n\
         We look into it.\n\
         \n\
         ## 2026-02-10 12:20 UTC — Monitoring\n\
         The queue shrinks.\\\n\
         \\## 2026-02-10 12:00 UTC\n\
         \n\
         ## 2026-02-10 13:05 UTC — Resolved\n\
         All mail is **delivered**.\n\
         \n\
         ## 2026-02-11 09:00 UTC — Postmortem\n\
         A disk was full.\n"
    );
    let planned = &posts["posts/2026/2026-11-09-1020-new-racks.md"];
    assert!(planned.contains("servers = [\"nc023\"]") && planned.contains("end     = 2026-12-02T02:00:00Z"), "{planned}");
    assert!(!planned.contains("notify"), "{planned}");
    let open = &posts["posts/2026/2026-11-21-1130-webmail-is-slow.md"];
    assert!(open.contains("kind    = \"notice\"") && !open.contains("start"), "{open}");
    for line in [
        "  is not over by the export (identified): a notice here, which has no effect: content/posts/2026/2026-11-21-1130-webmail-is-slow.md",
        "  the component “Billing” is no server by its name: content/posts/2026/2026-02-10-1130-mail-is-slow.md",
        "  lies ahead: subscribers are told of it: content/posts/2026/2026-11-09-1020-new-racks.md",
        "4 posts imported.",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
    assert!(site.run(&["import", "statuspage", &files[0], &files[1]]).err.contains("0 posts imported, 4 there already"));
    let refused = site.run(&["import", "statuspage", &fixture("feed.xml")]);
    assert!(
        refused.code == 2 && refused.err.contains("is not a document of Statuspage's API: expected value at line 1"),
        "{}",
        refused.err
    );
}

#[test]
fn a_status_pages_components_keep_what_each_update_said_of_them() {
    let site = site();
    let update = |at: &str, status: &str, affected: &[(&str, &str, &str)]| {
        let affected: Vec<_> = affected
            .iter()
            .map(|(name, old, new)| format!(r#"{{"code": "c", "name": "{name}", "old_status": "{old}", "new_status": "{new}"}}"#))
            .collect();
        let affected = affected.join(", ");
        format!(r#"{{"status": "{status}", "body": "Text.", "created_at": "{at}:00.000Z", "affected_components": [{affected}]}}"#)
    };
    let (up, slow, part, down) = ("operational", "degraded_performance", "partial_outage", "major_outage");
    let incident = [
        update("2026-02-11T09:00", "postmortem", &[("Mail - NC023", up, slow)]),
        update("2026-02-10T13:05", "resolved", &[("Mail - NC023", slow, up), ("nc027", up, down)]),
        update("2026-02-10T12:20", "monitoring", &[("Mail - NC023", down, slow), ("nc027", part, up), ("Billing", slow, up)]),
        update("2026-02-10T12:00", "identified", &[("Mail - NC023", down, down), ("nc027", part, "under_maintenance")]),
        update("2026-02-10T11:30", "investigating", &[("Mail - NC023", up, down), ("nc027", up, part)]),
    ];
    let quiet =
        [update("2026-02-12T13:00", "resolved", &[("nc023", up, up)]), update("2026-02-12T12:00", "investigating", &[("nc023", up, up)])];
    let work = [
        update("2026-02-14T21:00", "completed", &[("nc023", slow, up)]),
        update("2026-02-14T20:00", "in_progress", &[("nc023", up, down)]),
        update("2026-02-13T08:00", "scheduled", &[("nc023", up, up)]),
    ];
    let event = |id: &str, name: &str, more: &str, updates: &[String]| {
        format!(
            r#"{{"id": "{id}", "name": "{name}", {more}, "components": [{{"name": "nc023"}}], "incident_updates": [{}]}}"#,
            updates.join(", ")
        )
    };
    let events = [
        event("a", "Mail", r#""status": "postmortem", "impact": "critical", "created_at": "2026-02-10T11:30:00Z""#, &incident),
        event("b", "Quiet", r#""status": "resolved", "impact": "major", "created_at": "2026-02-12T12:00:00Z""#, &quiet),
    ];
    let window = r#""scheduled_for": "2026-02-14T20:00:00Z", "scheduled_until": "2026-02-14T21:00:00Z""#;
    let work = event("c", "Work", &format!(r#""status": "completed", "created_at": "2026-02-13T08:00:00Z", {window}"#), &work);
    let file = format!(r#"{{"page": {{}}, "incidents": [{}], "scheduled_maintenances": [{work}]}}"#, events.join(", "));
    site.write("page.json", &file);
    let ran = site.run(&["import", "statuspage", "page.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let posts = posts(&site);
    let told = |path: &str| -> Vec<String> {
        let is_told = |line: &&str| line.starts_with("## ") || line.starts_with("impact") || line.starts_with("servers");
        posts[path].lines().filter(is_told).map(str::to_owned).collect()
    };
    assert_eq!(
        told("posts/2026/2026-02-10-1130-mail.md"),
        [
            "servers = [\"nc023\", \"nc027\"]",
            "impact  = { nc023 = \"major-outage\", nc027 = \"partial-outage\" }",
            "## 2026-02-10 12:00 UTC — Identified",
            "## 2026-02-10 12:20 UTC — Monitoring {nc023=degraded nc027=none}",
            "## 2026-02-10 13:05 UTC — Resolved",
            "## 2026-02-11 09:00 UTC — Postmortem",
        ]
    );
    // Who never changed a component kept no states: the incident's own impact is what there is.
    let quiet = told("posts/2026/2026-02-12-1200-quiet.md");
    assert_eq!(quiet[1..], ["impact  = \"partial-outage\"", "## 2026-02-12 13:00 UTC — Resolved"]);
    assert_eq!(
        told("posts/2026/2026-02-13-0800-work.md")[1..],
        ["## 2026-02-14 20:00 UTC — In progress {nc023=major-outage}", "## 2026-02-14 21:00 UTC — Completed"]
    );
    let line = "  a component is under maintenance in an incident: this is left out: content/posts/2026/2026-02-10-1130-mail.md";
    assert!(ran.err.lines().any(|said| said == line) && ran.err.contains("the component “Billing” is no server"), "{}", ran.err);
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
    let history = site.run(&["status", "--now", "2026-02-10T12:30:00Z", "--format", "json"]).out;
    assert!(history.contains("\"degraded\"") && !history.contains("outage"), "{history}");
}

#[test]
fn cstates_prose_becomes_updates_and_its_addresses_lead_on() {
    let site = site();
    let ran = site.run(&["import", "cstate", &fixture("issues")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let posts = posts(&site);
    assert_eq!(
        posts["posts/2018/2018-05-25-0500-mail-is-slow.md"],
        "+++\n\
         title   = \"Mail is slow\"\n\
         kind    = \"incident\"\n\
         servers = [\"nc023\"]\n\
         date    = 2018-05-25T05:00:00Z\n\
         start   = 2018-05-25T05:00:00Z\n\
         aliases = [\"/issues/2018-05-25-mail-is-slow/\"]\n\
         notify  = false\n\
         +++\n\
         \n\
         We look into it.\n\
         \n\
         ## 2018-05-25 05:20 UTC — Monitoring\n\
         The queue shrinks, see [what we wrote](/2018/04/01/new-disk/) and \\<senderdomain.local>.\n\
         \n\
         ## 2018-05-25 05:54 UTC — Resolved\n\
         All mail is **delivered**.\n"
    );
    let notice = &posts["posts/2018/2018-04-01-1900-new-disk.md"];
    assert!(notice.contains("kind    = \"notice\"") && notice.contains("pinned  = true") && !notice.contains("start"), "{notice}");
    for line in [
        "  its times have no zone, and are taken for UTC: content/posts/2018/2018-05-25-0500-mail-is-slow.md",
        "  the component “Billing” is no server by its name: content/posts/2018/2018-05-25-0500-mail-is-slow.md",
        "2 posts imported.",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
    assert!(site.run(&["import", "cstate", &fixture("issues")]).err.contains("0 posts imported, 2 there already"));
    let refused = site.run(&["import", "cstate", &fixture("feed.xml")]);
    assert!(refused.code == 2 && refused.err.contains("is not an issue of cState: it has no front matter"), "{}", refused.err);
}

#[test]
fn an_issue_that_cannot_be_read_is_named_and_keeps_none_of_the_others_away() {
    let site = site();
    site.write("issues/1.md", "---\ntitle: [\n---\nText.\n");
    site.write(
        "issues/3-disks.md",
        "---\ntitle: Three disks\ndate: 2018-05-25T05:00:00Z\nresolved: true\nresolvedWhen:\naffected:\n---\nSlow.\n",
    );
    site.write("issues/2024-01-02-search_index.md", "---\ntitle: Search\ndate: 2024-01-02T05:00:00Z\nresolved: true\n---\nSlow.\n");
    site.write("issues/_index.md", "---\ntitle: All issues\n---\n");
    site.write("issues/graph.png", "");
    let ran = site.run(&["import", "cstate", "issues"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("  2 (no issue of cState): issues/_index.md, issues/graph.png\n"), "{}", ran.err);
    let posts = posts(&site);
    let names: Vec<&String> = posts.keys().filter(|path| path.starts_with("posts/")).collect();
    assert_eq!(names, ["posts/2018/2018-05-25-0500-3-disks.md", "posts/2024/2024-01-02-0500-search_index.md"], "{}", ran.err);
    assert!(
        ran.err.contains("  1 (cannot be read): `issues/1.md` is not an issue of cState: its front matter cannot be read: "),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("has no feed id that readers know it by: it is in no feed here: content/posts/2018/"), "{}", ran.err);
}
