//! What the pages say of many things at once, of nothing, and in which order.

mod support;

use signalpost::{Options, build};
use support::{given, post, sources};

fn page(path: &str, files: &[(&str, &str)], options: &Options) -> String {
    let built = build(&sources(files), options);
    let files = built.bundle.expect("there are no errors").files;
    String::from_utf8(files[path].to_vec()).unwrap()
}

fn front_page(files: &[(&str, &str)], options: &Options) -> String {
    page("index.html", files, options)
}

/// What stands between two texts, the second behind the first.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no `{start}` in {text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no `{end}` behind `{start}` in {text}")).0
}

/// The words of a piece of HTML.
fn words(html: &str) -> String {
    let texts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn servers(count: usize) -> String {
    (0..count).map(|n| format!("[[server]]\nid = \"s{n}\"\nname = \"S{n}\"\n")).collect()
}

/// The newest words of an outage of everything stand on the first screen of a telephone, not below forty names.
#[test]
fn an_event_names_a_dozen_servers_and_counts_the_others() {
    let page = |count: usize| {
        let ids: Vec<String> = (0..count).map(|n| format!("\"s{n}\"")).collect();
        let post = format!("+++\ntitle = \"Power\"\nkind = \"incident\"\nservers = [{}]\n+++\n\nWe are on it.\n", ids.join(", "));
        let servers = servers(count);
        let files = [("content/servers.toml", servers.as_str()), ("content/posts/2026-05-04-1900-power.md", post.as_str())];
        let page = front_page(&files, &given("2026-05-04T20:00:00Z"));
        let (_, rest) = page.split_once("<p class=\"servers\">").expect("the box names servers");
        rest.split_once("</p>").expect("a paragraph ends").0.to_owned()
    };
    let names = |line: &str| line.matches("<bdi>").count();
    assert_eq!(names(&page(12)), 12);
    assert!(!page(12).contains("more"));
    assert_eq!(names(&page(13)), 11);
    assert!(page(13).ends_with("<a href=\"/2026/05/04/power/\">and 2 more</a>"), "{}", page(13));
    assert!(page(40).contains("and 29 more"));
}

/// An entry stands in the list of each of its servers: if it named them all, pages would grow with the square of their number.
#[test]
fn an_entry_names_a_dozen_servers_and_counts_the_others() {
    let line = |count: usize, text: &str| {
        let ids: Vec<String> = (0..count).map(|n| format!("\"s{n}\"")).collect();
        let post = format!("+++\ntitle = \"Power\"\nkind = \"notice\"\nservers = [{}]\n+++\n\nOff.\n{text}", ids.join(", "));
        let servers = servers(count);
        let files = [("content/servers.toml", servers.as_str()), ("content/posts/2026-05-04-1900-power.md", post.as_str())];
        let page = page("server/s0/index.html", &files, &given("2026-05-04T20:00:00Z"));
        between(&page, "<p class=\"servers\">", "</p>").to_owned()
    };
    let update = "\n## 2026-05-04 19:30 UTC\nOn.\n";
    assert_eq!(words(&line(2, "")), "S0 · S1");
    assert_eq!(words(&line(2, update)), "S0 · S1 · 2 updates");
    assert_eq!(words(&line(12, "")), "S0 · S1 · S2 · S3 · S4 · S5 · S6 · S7 · S8 · S9 · S10 · S11");
    assert_eq!(words(&line(13, "")), "S0 · S1 · S2 · S3 · S4 · S5 · S6 · S7 · S8 · S9 · S10 and 2 more");
    assert!(line(40, update).ends_with(" <a href=\"/2026/05/04/power/\">and 29 more</a> · 2 updates"), "{}", line(40, update));
}

/// A site as it stood has no page of what came later: words that led there stand without their link, and a list of such links is left out.
#[test]
fn links_to_what_comes_later_than_the_moment_are_left_out() {
    let block = |title: &str, links: &str| format!("[[sidebar]]\ntitle = \"{title}\"\n{links}\n");
    let link = |title: &str, url: &str| format!("{{ title = \"{title}\", url = \"{url}\" }}");
    let (later, feed, now) = (link("Disk", "/2026/05/06/disk/"), link("Feed", "/tag/disks/feed.xml"), link("Mail", "/2026/05/04/mail/"));
    let settings = [
        support::SITE.to_owned(),
        block("All later", &format!("links = [{later}, {feed}]")),
        block("Some later", &format!("links = [{later}, {now}]")),
        block("With words", &format!("text = \"Words.\"\nlinks = [{later}]")),
        block("Never any", "links = []"),
    ];
    let mail = "+++\ntitle = \"Mail\"\n+++\nSee [the *end*](#u-20260506T0900Z).\n\n## 2026-05-06 09:00 UTC\nThe end.\n";
    let files = [
        ("site.toml", &*settings.concat()),
        ("content/posts/2026-05-04-mail.md", mail),
        ("content/posts/2026-05-06-disk.md", "+++\ntitle = \"Disk\"\ntags = [\"disks\"]\n+++\nWords.\n"),
    ];
    let titles = |front: &str| ["All later", "Some later", "With words", "Never any"].map(|title| front.contains(title));
    let (before, after) = (given("2026-05-05T12:00:00Z"), given("2026-05-07T12:00:00Z"));
    let front = front_page(&files, &before);
    assert_eq!(titles(&front), [false, true, true, true], "{front}");
    assert!(!front.contains("/2026/05/06/disk/") && !front.contains("/tag/disks/"), "{front}");
    assert_eq!(titles(&front_page(&files, &after)), [true; 4]);
    let post = |options: &Options| page("2026/05/04/mail/index.html", &files, options);
    assert!(post(&before).contains("See the <em>end</em>."), "{}", post(&before));
    assert!(post(&after).contains("<a href=\"#u-20260506T0900Z\">the <em>end</em></a>"), "{}", post(&after));
}

/// The worst is said behind each server of a few, and of many once, where it is the same.
#[test]
fn a_post_lists_few_servers_one_by_one_and_many_in_a_row() {
    let facts = |count: usize, impacts: &str| {
        let ids: Vec<String> = (0..count).map(|n| format!("\"s{n}\"")).collect();
        let post = format!(
            "+++\ntitle = \"Power\"\nservers = [{}]\nimpact = {impacts}\nstart = 2026-05-04T19:00:00Z\n+++\n\nOff.\n",
            ids.join(", ")
        );
        let servers = servers(count);
        let files = [("content/servers.toml", servers.as_str()), ("content/posts/2026-05-04-1900-power.md", post.as_str())];
        let page = page("2026/05/04/power/index.html", &files, &given("2026-05-04T20:00:00Z"));
        words(&between(&page, "<dt>Affected servers</dt><dd>", "</dd>").replace("<br>", " | "))
    };
    assert_eq!(facts(2, "\"major-outage\""), "S0 (at worst: Major outage) | S1 (at worst: Major outage)");
    assert_eq!(facts(7, "\"major-outage\""), "S0, S1, S2, S3, S4, S5, S6 (at worst: Major outage)");
    let mixed = "{ s0 = \"degraded\", s1 = \"degraded\", s2 = \"major-outage\", s3 = \"major-outage\", s4 = \"major-outage\", s5 = \"major-outage\", s6 = \"major-outage\" }";
    assert_eq!(facts(7, mixed), "S0, S1 (at worst: Degraded), S2, S3, S4, S5, S6 (at worst: Major outage)");
}

#[test]
fn a_post_says_its_newest_update_first_and_of_planned_work_no_state_of_servers() {
    let incident = "+++\ntitle = \"Power\"\nserver = \"ns1\"\nstart = 2026-05-04T19:00:00Z\n+++\n\nOff.\n\n## 2026-05-04 19:10 UTC — ";
    let latest = |heading: &str| {
        let post = format!("{incident}{heading}\nMore.\n");
        let page =
            page("2026/05/04/power/index.html", &[("content/posts/2026-05-04-1900-power.md", &*post)], &given("2026-05-04T20:00:00Z"));
        let (before, _) = page.split_once("<dl class=\"facts\">").unwrap();
        words(between(before, "<p class=\"news\">", "</p>"))
    };
    assert_eq!(latest("Identified"), "Latest update: Identified, 4 May 2026, 19:10 UTC");
    assert_eq!(latest("Update"), "Latest update: 4 May 2026, 19:10 UTC");
    let work = "+++\ntitle = \"Disks\"\nkind = \"maintenance\"\nserver = \"ns1\"\nstart = 2026-05-06T22:00:00Z\nend = 2026-05-07T06:00:00Z\n+++\n\nNew disks.\n";
    let page = page("2026/05/02/disks/index.html", &[("content/posts/2026-05-02-disks.md", work)], &given("2026-05-04T20:00:00Z"));
    assert_eq!(words(between(&page, "<dt>Affected servers</dt><dd>", "</dd>")), "NS1");
}

#[test]
fn a_window_over_midnight_has_both_its_days_in_full() {
    let date = |end: &str| {
        let post = format!(
            "+++\ntitle = \"Disks\"\nkind = \"maintenance\"\nserver = \"ns1\"\nstart = 2026-05-06T22:00:00Z\nend = {end}\n+++\n\nNew disks.\n"
        );
        let page = front_page(&[("content/posts/2026-05-02-disks.md", &*post)], &given("2026-05-04T20:00:00Z"));
        words(between(&page, "<p class=\"date\">", "</p>"))
    };
    assert_eq!(date("2026-05-06T23:30:00Z"), "6 May 2026 22:00–23:30 UTC 1 hour 30 minutes");
    assert_eq!(date("2026-05-07T06:00:00Z"), "6 May 2026, 22:00 UTC – 7 May 2026, 06:00 UTC 8 hours");
}

#[test]
fn the_table_has_the_columns_that_its_servers_fill_and_without_servers_there_is_none() {
    let page = |servers: &str| front_page(&[("content/servers.toml", servers)], &given("2026-05-04T20:00:00Z"));
    let plain = "[[server]]\nid = \"a\"\ngroup = \"Mail\"\n";
    let heads = |page: &str| words(&between(page, "<thead>", "</thead>").replace("</th>", " "));
    assert_eq!(heads(&page(plain)), "System Status");
    assert!(page(plain).contains("<th colspan=\"3\" scope=\"rowgroup\">"));
    let place = format!("{plain}location = {{ name = \"London\" }}\n");
    assert_eq!(heads(&page(&place)), "Loc. System Status");
    let ping = format!("{place}[[server]]\nid = \"b\"\nping = \"https://ping.example/\"\n");
    assert_eq!(heads(&page(&ping)), "Loc. System Status Ping");
    assert!(page(&ping).contains("<th colspan=\"5\" scope=\"rowgroup\">"));
    assert!(!page("").contains("id=\"glance\"") && !page("").contains("<table"));
}

#[test]
fn a_pinned_post_stands_above_the_table() {
    let post = "+++\ntitle = \"Read this first\"\nkind = \"notice\"\npinned = true\n+++\n\nWe close early.\n";
    let page = front_page(&[("content/posts/2026-05-02-first.md", post)], &given("2026-05-04T20:00:00Z"));
    assert!(between(&page, "<h2 id=\"pinned\">", "<h2 id=\"glance\">").contains("Read this first"));
    assert!(!page.contains("id=\"recent\""), "a heading with nothing below it");
    let until = |pinned: &str| {
        let post = post.replace("pinned = true", pinned);
        let page = front_page(&[("content/posts/2026-05-02-first.md", &post)], &given("2026-05-04T20:00:00Z"));
        between(&page, "<article class=\"entry notice\"", ">").to_owned()
    };
    assert_eq!(until("pinned = 2026-05-05T00:00:00Z"), " data-until=\"2026-05-05T00:00:00Z\"", "the page's script takes it away");
    assert_eq!(until("pinned = true"), "");
}

#[test]
fn what_was_withdrawn_counts_nowhere() {
    let front = "title = \"Mail\"\nserver = \"nc023\"\ntags = [\"mail\"]\nstart = 2026-05-02T10:00:00Z\nend = 2026-05-02T11:00:00Z";
    let posts = [post("2026-05-02-mail", front, "Down."), post("2026-05-02-mistake", &format!("{front}\nwithdrawn = true"), "Down.")];
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    for path in ["archives/index.html", "tags/index.html"] {
        let page = page(path, &files, &given("2026-05-04T20:00:00Z"));
        assert!(between(&page, "<main", "</main>").contains("(1)") && !page.contains("(2)"), "{path}: {page}");
    }
}

#[test]
fn lists_have_the_comma_of_the_language() {
    let site = "title = \"Status\"\nbase_url = \"https://status.example.net\"\nlanguage = \"ar\"\n";
    let post = "+++\ntitle = \"x\"\nservers = [\"nc023\", \"ns1\"]\ntags = [\"a\", \"b\"]\nstart = 2026-05-04T19:00:00Z\n+++\n\nx\n";
    let files = [("site.toml", site), ("content/posts/2026-05-04-1900-x.md", post)];
    for path in ["index.html", "2026/05/04/x/index.html", "server/ns1/index.html"] {
        let words = words(between(&page(path, &files, &given("2026-05-04T20:00:00Z")), "<main", "</main>"));
        assert!(words.contains('،') && !words.contains(','), "{path}: {words}");
    }
}

/// Whoever reads a saved page, or one that was passed on, finds the feed all the same.
#[test]
fn pages_name_feeds_by_their_full_addresses() {
    for path in ["index.html", "server/ns1/index.html"] {
        let page = page(path, &[], &given("2026-05-04T20:00:00Z"));
        let links = page.lines().filter(|line| line.starts_with("<link rel=\"alternate\"") && !line.contains("application/json"));
        let relative: Vec<&str> = links.filter(|line| !line.contains("href=\"https://status.example.net/")).collect();
        assert!(relative.is_empty() && page.contains("application/feed+json"), "{relative:?}");
    }
}
