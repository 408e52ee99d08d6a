//! Incidents of other status pages through the program: what their exports leave open, say twice or say otherwise than the contract.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

mod terminal;

use serde_json::{Value, json};
use terminal::{Ran, Site};

fn site() -> Site {
    let site = Site::at("2026-11-22T12:00:00Z");
    site.write("site.toml", "title = \"Status\"\nbase_url = \"https://status.example.net\"\n");
    site.write("content/servers.toml", "[[server]]\nid = \"mail\"\n");
    site
}

/// Imports a page's incidents from a file `page.json`.
fn import(site: &Site, incidents: &[Value]) -> Ran {
    import_lists(site, incidents, &[])
}

fn import_lists(site: &Site, incidents: &[Value], maintenances: &[Value]) -> Ran {
    let page = json!({ "url": "https://s.example" });
    site.write("page.json", &json!({ "page": page, "incidents": incidents, "scheduled_maintenances": maintenances }).to_string());
    let ran = site.run(&["import", "statuspage", "page.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let check = site.run(&["check"]);
    assert!(check.code == 0 && !check.err.contains("error"), "{}", check.err);
    ran
}

/// An incident of 4 April that is resolved; `updates` are the newest first, with their times of that day.
fn resolved(id: &str, updates: &[(&str, &str)]) -> Value {
    let update = |(at, status): &(&str, &str)| json!({ "status": status, "body": status, "created_at": format!("2026-04-04T{at}Z") });
    let updates: Vec<Value> = updates.iter().map(update).collect();
    json!({
        "id": id, "name": format!("Mail {id}"), "status": "resolved", "impact": "critical", "created_at": "2026-04-04T10:00:00.100Z",
        "resolved_at": "2026-04-04T11:00:00.900Z", "components": [{ "name": "mail" }], "incident_updates": updates,
    })
}

/// Kind, end and headings of a post.
fn told(site: &Site, path: &str) -> Vec<String> {
    let is_told = |line: &&str| ["kind", "end", "## "].iter().any(|begin| line.starts_with(begin));
    site.read(&format!("content/posts/{path}")).lines().filter(is_told).map(str::to_owned).collect()
}

/// The files below `content/posts`, by their names.
fn names(site: &Site) -> Vec<String> {
    let files = walkdir::WalkDir::new(site.path("content/posts")).sort_by_file_name().into_iter().map(Result::unwrap);
    files.filter(|file| file.file_type().is_file()).map(|file| file.file_name().to_str().unwrap().to_owned()).collect()
}

#[test]
fn updates_of_one_second_keep_their_order_and_the_incident_its_end() {
    let site = site();
    import(
        &site,
        &[
            resolved("three", &[("11:00:00.900", "resolved"), ("11:00:00.100", "monitoring"), ("10:00:00.100", "investigating")]),
            resolved("same", &[("11:00:00.500", "resolved"), ("11:00:00.500", "monitoring"), ("10:00:00.100", "investigating")]),
            resolved("two", &[("10:00:00.900", "resolved"), ("10:00:00.100", "investigating")]),
            resolved("rising", &[("10:00:00.100", "investigating"), ("11:00:00.500", "monitoring"), ("11:00:00.500", "resolved")]),
        ],
    );
    for id in ["three", "same", "rising"] {
        assert_eq!(
            told(&site, &format!("2026/2026-04-04-1000-mail-{id}.md")),
            ["kind    = \"incident\"", "## 2026-04-04 11:00 UTC — Monitoring", "## 2026-04-04 11:00:01 UTC — Resolved"],
        );
    }
    let two = site.read("content/posts/2026/2026-04-04-1000-mail-two.md");
    assert!(two.ends_with("+++\n\ninvestigating\n\n## 2026-04-04 10:00:01 UTC — Resolved\nresolved\n"), "{two}");
    let history = site.run(&["status", "--now", "2026-04-04T10:30:00Z", "--format", "json"]).out;
    assert!(history.contains("\"major-outage\""), "{history}");
    site.write(
        "issues/2018-05-25-tie.md",
        "---\ntitle: Tie\ndate: 2018-05-25T05:54:00Z\nresolved: true\nresolvedWhen: 2018-05-25T08:00:00Z\nseverity: down\n---\n\
         *Resolved* - Well. {{< track \"2018-05-25T08:00:00Z\" >}}\n\n*Monitoring* - Mended. {{< track \"2018-05-25T08:00:00Z\" >}}\n\n\
         *Investigating* - We look. {{< track \"2018-05-25T05:54:00Z\" >}}\n",
    );
    assert_eq!(site.run(&["import", "cstate", "issues"]).code, 0);
    assert_eq!(
        told(&site, "2018/2018-05-25-0554-tie.md"),
        ["kind    = \"incident\"", "## 2018-05-25 08:00 UTC — Monitoring", "## 2018-05-25 08:00:01 UTC — Resolved"],
    );
}

#[test]
fn what_the_export_says_is_resolved_is_over_whatever_its_updates_say() {
    let site = site();
    let mut late = resolved("late", &[("14:00:00", "monitoring"), ("11:00:00", "resolved"), ("10:00:00", "investigating")]);
    let mut again = resolved("again", &[("13:00:00", "investigating"), ("11:00:00", "resolved"), ("10:00:00", "investigating")]);
    again["resolved_at"] = json!("2026-04-04T14:00:00Z");
    let mut twice = resolved("twice", &[("14:00:00", "investigating"), ("11:00:00", "resolved"), ("10:00:00", "investigating")]);
    twice["resolved_at"] = json!("2026-04-04T14:00:00Z");
    let mut silent = resolved("silent", &[("12:00:00", "monitoring"), ("10:00:00", "investigating")]);
    silent["resolved_at"] = Value::Null;
    let mut open = resolved("open", &[("12:00:00", "monitoring"), ("10:00:00", "investigating")]);
    open["status"] = json!("monitoring");
    late["impact"] = json!("major");
    let ran = import(&site, &[late, again, twice, silent, open]);
    let post = |id: &str| told(&site, &format!("2026/2026-04-04-1000-mail-{id}.md"));
    let [kind, ended] = ["kind    = \"incident\"", "end     = 2026-04-04T"];
    assert_eq!(post("late"), [kind, "## 2026-04-04 11:00 UTC — Resolved", "## 2026-04-04 14:00 UTC — Update"]);
    assert_eq!(
        post("again"),
        [kind, &format!("{ended}14:00:00Z"), "## 2026-04-04 11:00 UTC — Resolved", "## 2026-04-04 13:00 UTC — Investigating"]
    );
    assert_eq!(post("twice"), [kind, "## 2026-04-04 11:00 UTC — Resolved", "## 2026-04-04 14:00 UTC — Update"]);
    assert_eq!(post("silent"), [kind, &format!("{ended}12:00:00Z"), "## 2026-04-04 12:00 UTC — Monitoring"]);
    assert_eq!(post("open")[0], "kind    = \"notice\"");
    for line in [
        "is resolved by the export, and an update behind its end says that it goes on: a plain update here: content/posts/2026/2026-04-04-1000-mail-late.md",
        "is resolved and does not say when: it ends with what was said last: content/posts/2026/2026-04-04-1000-mail-silent.md",
    ] {
        assert!(ran.err.contains(line), "{line}\nis not in\n{}", ran.err);
    }
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
}

#[test]
fn a_maintenance_that_is_over_does_not_go_on_by_what_was_said_at_its_planned_end() {
    let site = site();
    let mut work = resolved("disk", &[("11:00:00.500", "investigating"), ("10:30:00", "investigating")]);
    work["resolved_at"] = Value::Null;
    work["scheduled_for"] = json!("2026-04-04T10:00:00.100Z");
    work["scheduled_until"] = json!("2026-04-04T11:00:00.500Z");
    import_lists(&site, &[], &[work]);
    let post = told(&site, &format!("2026/{}", names(&site)[0]));
    assert_eq!(post, ["kind    = \"maintenance\"", "end     = 2026-04-04T11:01:00Z", "## 2026-04-04 11:00 UTC — Investigating"]);
    assert!(site.run(&["status"]).out.contains("MAIL  operational"));
}

#[test]
fn an_incident_ends_when_the_update_that_resolves_it_says() {
    let site = site();
    let mut one = resolved("one", &[("10:00:00", "resolved")]);
    one["started_at"] = json!("2026-04-04T09:00:00Z");
    let two = resolved("two", &[("10:40:00", "resolved"), ("10:00:00", "investigating")]);
    let near = resolved("near", &[("10:58:00", "resolved"), ("10:00:00", "investigating")]);
    let ran = import(&site, &[one, two, near]);
    let end = "end     = 2026-04-04T10:00:00Z";
    assert_eq!(told(&site, "2026/2026-04-04-1000-mail-one.md"), ["kind    = \"incident\"", end]);
    assert_eq!(told(&site, "2026/2026-04-04-1000-mail-two.md")[1..], ["## 2026-04-04 10:40 UTC — Resolved"]);
    for (at, id) in [("10:00", "one"), ("10:40", "two")] {
        let line = format!(
            "was resolved at 2026-04-04 11:00 UTC by the export, and at 2026-04-04 {at} UTC by the update that says so: \
             content/posts/2026/2026-04-04-1000-mail-{id}.md"
        );
        assert!(ran.err.contains(&line), "{line}\nis not in\n{}", ran.err);
    }
    assert!(!ran.err.contains("10:58"), "{}", ran.err);
}

#[test]
fn overlapping_saves_make_one_post_and_what_changed_is_told() {
    let site = site();
    let early = resolved("a", &[("10:20:00", "monitoring"), ("10:00:00", "investigating")]);
    let ran = import(&site, &[early.clone(), early.clone()]);
    assert!(ran.err.contains("  1 (twice in the export): “Mail a”\n"), "{}", ran.err);
    assert_eq!(names(&site), ["2026-04-04-1000-mail-a.md"]);
    let before = site.read("content/posts/2026/2026-04-04-1000-mail-a.md");
    let mut late = resolved("a", &[("11:00:00", "resolved"), ("10:20:00", "monitoring"), ("09:50:00", "investigating")]);
    late["name"] = json!("Mail was slow");
    // The later save in front of the earlier one.
    late["updated_at"] = json!("2026-04-05T11:00:00Z");
    let mut early = early;
    early["updated_at"] = json!("2026-04-04T11:00:00Z");
    let ran = import(&site, &[late, early]);
    let path = "content/posts/2026/2026-04-04-1000-mail-a.md";
    for line in [
        "  1 (twice in the export, and the newer differs in its title, its time, its updates, kind, window, impact or components): “Mail a”",
        &format!("  the export calls it “Mail was slow” now: {path}"),
        &format!("  the export has it begin at 2026-04-04T09:50:00Z now: {path}"),
        &format!("  the export has an update of 2026-04-04T11:00:00Z (resolved) that is not here: {path}"),
        &format!("{path} is kept as it is: the export would make it otherwise."),
        "0 posts imported, 1 kept as they are.",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
    assert_eq!((names(&site).len(), site.read(path)), (1, before));
}

/// A WordPress export of posts of 4 May 2013, by their names and old links. They have no feed ids.
fn blog(posts: &[(&str, &str, &str)]) -> String {
    let item = |(slug, link, text): &(&str, &str, &str)| {
        format!(
            "<item><title>{slug}</title><link>https://old.example{link}</link><content:encoded><![CDATA[{text}]]></content:encoded>\
             <wp:post_date_gmt>2013-05-04 02:46:00</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
        )
    };
    let items: String = posts.iter().map(item).collect();
    format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
         <link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>{items}</channel></rss>"
    )
}

#[test]
fn a_post_without_a_feed_id_is_one_by_its_old_link() {
    let site = site();
    let slow = ("slow", "/news/slow/", "Slow.");
    site.write("export.xml", &blog(&[slow, slow, ("fast", "/2013/05/04/fast/", "Fast.")]));
    let ran = site.run(&["import", "wordpress", "export.xml"]);
    assert!(ran.code == 0 && ran.err.contains("  1 (twice in the export): “slow”\n"), "{}", ran.err);
    assert_eq!(names(&site), ["2013-05-04-0246-fast.md", "2013-05-04-0246-slow.md"]);
    assert!(site.run(&["import", "wordpress", "export.xml"]).err.ends_with("0 posts imported, 2 there already.\n"));
}

#[test]
fn a_number_behind_a_name_is_not_taken_from_the_post_that_has_it() {
    let site = site();
    let dup = |link| ("dup", link, "Text.");
    site.write(
        "export.xml",
        &blog(&[dup("/2013/05/04/dup/"), dup("/2013/05/04/dup/?x=1"), ("dup-2", "/2013/05/04/dup-2/", "The second.")]),
    );
    assert_eq!(site.run(&["import", "wordpress", "export.xml"]).code, 0);
    assert_eq!(names(&site), ["2013-05-04-0246-dup-2.md", "2013-05-04-0246-dup-3.md", "2013-05-04-0246-dup.md"]);
    assert!(site.read("content/posts/2013/2013-05-04-0246-dup-2.md").contains("The second."));
    assert!(site.run(&["import", "wordpress", "export.xml"]).err.ends_with("0 posts imported, 3 there already.\n"));
}

#[test]
fn words_that_no_status_page_has_are_told_and_an_unreadable_incident_keeps_none_away() {
    let site = site();
    let mut odd = resolved("odd", &[("10:00:00", "exploded")]);
    (odd["status"], odd["impact"]) = (json!("exploded"), json!("apocalyptic"));
    odd["incident_updates"][0]["affected_components"] = json!([{ "name": "mail", "new_status": "on_fire" }]);
    let (mut nameless, mut stateless) = (resolved("nameless", &[]), resolved("stateless", &[]));
    nameless["name"] = Value::Null;
    stateless.as_object_mut().unwrap().remove("status");
    let ran = import(&site, &[nameless, stateless, odd]);
    assert_eq!(names(&site), ["2026-04-04-1000-mail-odd.md"]);
    for line in [
        "  1 (cannot be read: invalid type: null, expected a string): “nameless”",
        "  1 (cannot be read: missing field `status`): “Mail stateless”",
        "  the status “exploded” has no meaning here, and is left out: content/posts/2026/2026-04-04-1000-mail-odd.md",
        "  the impact “apocalyptic” has no meaning here, and is left out: content/posts/2026/2026-04-04-1000-mail-odd.md",
        "  the component's status “on_fire” has no meaning here, and is left out: content/posts/2026/2026-04-04-1000-mail-odd.md",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
}

#[test]
fn a_blogs_list_is_no_old_address_and_its_scripts_name_no_server() {
    let site = site();
    let code = "<script>let a = 'server mail';</script><style>.server mail {}</style>Text.";
    site.write(
        "export.xml",
        &blog(&[("second-page", "/page/2/", "Text."), ("tagged", "/tag/mail/", "Text."), ("code", "/2013/05/04/code/", code)]),
    );
    let ran = site.run(&["import", "wordpress", "export.xml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for (address, name) in [("/page/2/", "second-page"), ("/tag/mail/", "tagged")] {
        let path = format!("content/posts/2013/2013-05-04-0246-{name}.md");
        assert!(ran.err.contains(&format!("its old address `{address}` is taken by another page: {path}\n")), "{}", ran.err);
        assert!(!site.read(&path).contains("aliases"));
    }
    assert!(!ran.err.contains("server `mail`"), "{}", ran.err);
}

#[test]
fn a_title_that_is_made_is_told() {
    let site = site();
    let export =
        blog(&[("down", "/2013/05/04/down/", "The relay is down since this morning, we are sorry."), ("none", "/2013/05/04/none/", "")]);
    site.write("export.xml", &export.replace("<title>down</title>", "<title></title>").replace("<title>none</title>", "<title> </title>"));
    let ran = site.run(&["import", "wordpress", "export.xml", "--guess", "none"]);
    let path = |name: &str| format!("content/posts/2013/2013-05-04-0246-{name}.md");
    assert!(site.read(&path("down")).contains("\"The relay is down since this morning, we\"\n"), "{}", ran.err);
    assert!(site.read(&path("none")).contains("\"Without a title\"\n"), "{}", ran.err);
    for line in [
        format!("  has no title, and is called “The relay is down since this morning, we”: {}", path("down")),
        format!("  has no title, and is called “Without a title”: {}", path("none")),
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
}

#[test]
fn what_looks_like_html_in_a_name_is_a_part_of_it() {
    let site = site();
    let mut moving = resolved("a", &[("11:00:00", "resolved"), ("10:00:00", "investigating")]);
    moving["name"] = json!("Move of <table> data\n& <b>NC035</b>");
    import(&site, &[moving]);
    assert_eq!(names(&site), ["2026-04-04-1000-move-of-table-data-b-nc035-b.md"]);
    let post = site.read("content/posts/2026/2026-04-04-1000-move-of-table-data-b-nc035-b.md");
    assert!(post.contains("\"Move of <table> data & <b>NC035</b>\""), "{post}");
}

#[test]
fn an_end_before_the_start_is_told_as_such() {
    let site = site();
    let issue = |when: &str| format!("---\ntitle: Mail\ndate: 2018-05-25T05:00:00Z\nresolved: true\nresolvedWhen: {when}\n---\nSlow.\n");
    site.write("issues/before.md", &issue("2018-05-24T05:00:00Z"));
    site.write("issues/ahead.md", &issue("2028-05-24T05:00:00Z"));
    let ran = site.run(&["import", "cstate", "issues"]);
    for line in [
        "  was resolved at 2018-05-24 05:00 UTC by the export, which is before it began: it ends at 2018-05-25 05:00 UTC here: \
         content/posts/2018/2018-05-25-0500-before.md",
        "  was resolved at 2028-05-24 05:00 UTC by the export, which lies ahead: it ends at 2018-05-25 05:00 UTC here: \
         content/posts/2018/2018-05-25-0500-ahead.md",
    ] {
        assert!(ran.err.lines().any(|said| said == line), "{line}\nis not in\n{}", ran.err);
    }
    assert!(!ran.err.contains("does not say when"), "{}", ran.err);
}

#[test]
fn a_planned_end_that_no_work_can_have_is_told() {
    let site = site();
    let work = |id: &str, until: &str, updates: &[(&str, &str)]| {
        let mut work = resolved(id, updates);
        work["status"] = json!("completed");
        work["resolved_at"] = Value::Null;
        work["scheduled_for"] = json!("2026-04-04T10:00:00Z");
        work["scheduled_until"] = json!(until);
        work
    };
    let mut planned = work("planned", "2026-12-04T09:00:00Z", &[("10:00:00", "scheduled")]);
    planned["status"] = json!("scheduled");
    planned["scheduled_for"] = json!("2026-12-04T10:00:00Z");
    let day_before = "2026-04-03T11:00:00Z";
    let said = [
        work("done", day_before, &[("10:40:00", "completed"), ("10:00:00", "in_progress")]),
        work("unsaid", day_before, &[("10:30:00", "in_progress"), ("10:00:00", "in_progress")]),
        work("far", "2926-04-04T11:00:00Z", &[("10:40:00", "completed"), ("10:00:00", "in_progress")]),
        planned,
    ];
    let ran = import_lists(&site, &[], &said);
    let unsaid = "it ends at 2026-04-04 10:31 UTC here";
    for (id, end, what) in [
        ("done", "2026-04-03 11:00", "before it begins: that end is left out"),
        ("unsaid", "2026-04-03 11:00", &format!("before it begins: {unsaid}")),
        ("far", "2926-04-04 11:00", "too far ahead: that end is left out"),
        ("planned", "2026-12-04 09:00", "before it begins: that end is left out"),
    ] {
        let line = format!("is to end at {end} UTC by the export, which is {what}");
        let path = format!("content/posts/2026/2026-04-04-1000-mail-{id}.md");
        assert!(ran.err.lines().any(|said| said.contains(&line) && said.contains(&path)), "{line}\nis not of {path} in\n{}", ran.err);
        assert_eq!(told(&site, &format!("2026/2026-04-04-1000-mail-{id}.md"))[0], "kind    = \"maintenance\"", "{id}");
    }
    assert!(site.run(&["status"]).out.contains("MAIL  operational"));
}

#[test]
fn cstates_translations_are_left_out_and_its_folders_are_part_of_the_old_addresses() {
    let site = site();
    let issue = "---\ntitle: Mail\ndate: 2018-05-25T05:54:00Z\n---\nSlow.\n";
    for path in ["mail.md", "mail.fr.md", "sub/Deep Down.md", "b/index.md"] {
        site.write(&format!("content/issues/{path}"), issue);
    }
    let ran = site.run(&["import", "cstate", "content/issues"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("  1 (a translation of another issue): content/issues/mail.fr.md\n"), "{}", ran.err);
    for (name, address) in [("mail", "/issues/mail/"), ("deep-down", "/issues/sub/deep-down/"), ("b", "/issues/b/")] {
        let post = site.read(&format!("content/posts/2018/2018-05-25-0554-{name}.md"));
        assert!(post.contains(&format!("aliases = [\"{address}\"]")), "{post}");
    }
}
