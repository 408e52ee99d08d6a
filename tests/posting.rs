//! `new`, `update` and `resolve` as somebody types them in a hurry: what is taken, what is refused, and what is said of the page.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written to the disk")]

mod terminal;

use std::fs;

use terminal::{Ran, Site};

const MAIL: &str = "content/posts/2026-05-04-1200-mail-is-down.md";
const ROUTER: &str = "content/posts/2026-05-04-1200-router.md";

/// A site with two servers and no post, at noon.
fn empty() -> Site {
    let site = Site::at("2026-05-04T12:00:00Z");
    site.write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
    let servers = "[[server]]\nid = \"nc023\"\nname = \"Mail\"\naliases = [\"relay\"]\n\n[[server]]\nid = \"nc027\"\nname = \"Web\"\n";
    site.write("content/servers.toml", servers);
    fs::create_dir_all(site.path("content/posts")).unwrap();
    site
}

/// With an incident about the mail server.
fn mail_is_down() -> Site {
    let site = empty();
    taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"]));
    site
}

/// With work on the mail server from 20:00 to 20:30, published.
fn router() -> Site {
    let site = empty();
    taken(site.run(&["new", "maintenance", "Router", "-s", "nc023", "--start", "2026-05-04T20:00Z", "--end", "2026-05-04T20:30Z"]));
    taken(site.run(&["build"]));
    site
}

fn taken(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

#[test]
fn a_word_that_is_no_state_is_not_published_as_text() {
    let site = mail_is_down();
    let before = site.read(MAIL);
    for words in [&["fixed", "All mail is delivered."][..], &["done", "All", "mail"], &["ok", "Mail."], &["résolu", "Tout va."], &["down"]]
    {
        let refused = site.run(&[&["update", "mail-is-down"], words].concat());
        assert_eq!(refused.code, 2, "{words:?}: {}", refused.err);
        assert!(refused.err.contains(&format!("there is no state `{}`", words[0])), "{words:?}: {}", refused.err);
        assert!(refused.err.contains("`monitoring`, `resolved`"), "{words:?}: {}", refused.err);
    }
    let whole = site.run(&["update", "mail-is-down", "fixed", "All mail is delivered."]);
    assert!(whole.err.contains("put all of it in quotes: \"fixed All mail is delivered.\""), "{}", whole.err);
    assert_eq!(site.read(MAIL), before);
    taken(site.run(&["update", "mail-is-down", "fixed All mail is delivered."]));
}

#[test]
fn a_state_within_the_text_is_answered_with_what_to_type() {
    let site = mail_is_down();
    let before = site.read(MAIL);
    let colon = site.run(&["update", "mail-is-down", "Identified: broken disk"]);
    assert!(colon.code == 2 && colon.err.contains("signalpost update POST identified \"broken disk\""), "{}", colon.err);
    let typed = site.run_with_input(&["update", "mail-is-down"], "In progress\nWe look.\n");
    assert!(typed.code == 2 && typed.err.contains("signalpost update POST in-progress \"TEXT\""), "{}", typed.err);
    let braces = site.run(&["update", "mail-is-down", "Most is back. {impact=none}"]);
    assert!(braces.code == 2 && braces.err.contains("--impact"), "{}", braces.err);
    assert_eq!(site.read(MAIL), before);
}

#[test]
fn what_holds_is_said_after_writing() {
    let mut site = mail_is_down();
    let update = taken(site.run(&["update", "mail-is-down", "identified", "A disk."]));
    assert_eq!(update.err, "`Mail is down` is ongoing (identified); Mail: degraded\n");
    site.clock("2026-05-04T12:10:00Z");
    taken(site.run(&["new", "incident", "Power", "-s", "nc023,nc027", "--impact", "major-outage"]));
    let resolved = taken(site.run(&["resolve", "mail-is-down", "All is well."]));
    assert_eq!(resolved.err, "`Mail is down` is resolved; Mail: major-outage because of `Power`\n");
    // Within the same second, and with nothing to read but what was asked for.
    let quiet = taken(site.run(&["-q", "update", "power", "monitoring", "It is back."]));
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("content/posts/2026-05-04-1210-power.md\n", ""));
    assert_eq!(taken(site.run(&["resolve", "power", "Done."])).err, "`Power` is resolved; Mail: operational, Web: operational\n");
}

#[test]
fn an_impact_that_nobody_named_is_said() {
    let site = empty();
    let new = taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"]));
    assert!(new.err.contains("taken as `degraded`") && new.err.contains("--impact major-outage"), "{}", new.err);
    let named = taken(site.run(&["new", "incident", "Web is down", "-s", "nc027", "--impact", "major-outage"]));
    assert_eq!(named.err, "`Web is down` is ongoing; Web: major-outage\n");
    site.write(
        "content/templates/incident.md",
        "+++\ntitle = \"{title}\"\nserver = \"nc027\"\nstart = {start}\nimpact = \"major-outage\"\n+++\nDown.\n",
    );
    let template = taken(site.run(&["new", "incident", "Web is gone"]));
    assert!(!template.err.contains("taken as"), "{}", template.err);
}

#[test]
fn what_a_template_has_no_place_for_is_refused() {
    let site = empty();
    let template = "+++\ntitle = \"{title}\"\nservers = {servers}\nstart = {start}\n+++\n{text}\n";
    site.write("content/templates/incident.md", template);
    for (option, value, line) in [
        ("--impact", "major-outage", "impact = {impact}"),
        ("--end", "2026-05-04T13:00Z", "end = {end}"),
        ("--tag", "mail", "tags = {tags}"),
    ] {
        let refused = site.run(&["new", "incident", "Mail is down", "-s", "nc023", option, value]);
        assert_eq!(refused.code, 2, "{}", refused.err);
        let says = |words: &str| assert!(refused.err.contains(words), "{words}: {}", refused.err);
        says(&format!("`content/templates/incident.md` has no place for {option}"));
        says(&format!("add the line `{line}`"));
    }
    site.write("content/templates/notice.md", "+++\ntitle = \"{server_names}: {title}\"\nkind = \"notice\"\nservers = {servers}\n+++\n");
    let titleless = site.run(&["new", "notice", "New hours"]);
    assert_eq!(titleless.code, 2, "{}", titleless.err);
    assert!(titleless.err.contains("`content/templates/notice.md` has no place for the title"), "{}", titleless.err);
    assert_eq!(
        fs::read_dir(site.path("content/posts")).unwrap().filter(|entry| entry.as_ref().unwrap().path().extension().is_some()).count(),
        0
    );
    taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023", "--start", "2026-05-04T11:00Z"]));
    taken(site.run(&["new", "notice", "New hours", "-s", "nc023"]));
}

#[test]
fn a_slip_in_the_theme_is_told_on_a_quiet_day_and_by_whoever_posts() {
    let site = empty();
    taken(site.run(&["build"]));
    site.write("themes/default/templates/event.html", "<h3>{{ event.titel }}</h3>\n");
    for command in ["check", "build"] {
        let ran = site.run(&[command]);
        assert_eq!(ran.code, 1, "{command}: {}", ran.err);
        assert!(ran.err.contains("event.html:1:14") && ran.err.contains("field `titel` is not defined"), "{command}: {}", ran.err);
    }
    let ran = taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"]));
    assert!(ran.err.contains("event.html:1:14") && ran.err.contains("until the error above is mended"), "{}", ran.err);
}

#[test]
fn an_error_in_another_file_is_said_by_whoever_posts() {
    let site = mail_is_down();
    site.write("content/posts/2026-05-04-idea.md", "+++\ntitle = \"Idea\"\nserver = \"nc32\"\n+++\nText.\n");
    for command in [
        &["new", "incident", "Web is down", "-s", "nc027"][..],
        &["update", "mail-is-down", "We look at it."],
        &["resolve", "mail-is-down", "All is well."],
    ] {
        let ran = taken(site.run(command));
        assert!(ran.out.starts_with("content/posts/2026-05-04-1200-"), "{command:?}: {}", ran.out);
        assert!(ran.err.contains("error[unknown-server]: ") && ran.err.contains("2026-05-04-idea.md:3:10"), "{command:?}: {}", ran.err);
        let said = "The post is written, but it will not appear on the page until the error above is mended.";
        assert!(ran.err.contains(said) && !ran.err.contains("is resolved"), "{command:?}: {}", ran.err);
    }
    assert_eq!(site.run(&["build"]).code, 1);
}

#[test]
fn of_posts_with_one_name_the_open_one_is_meant() {
    let mut site = mail_is_down();
    taken(site.run(&["resolve", "mail-is-down", "All is well."]));
    site.clock("2026-09-04T12:00:00Z");
    let second = taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"])).out;
    assert_eq!(taken(site.run(&["update", "mail-is-down", "We look at it."])).out, second);
    site.clock("2026-09-05T12:00:00Z");
    let third = taken(site.run(&["new", "incident", "Mail is down", "-s", "nc027"])).out;
    let both = site.run(&["resolve", "mail-is-down", "All is well."]);
    assert_eq!(both.code, 2);
    assert!(both.err.contains("`mail-is-down` names 2 open posts"), "{}", both.err);
    assert!(both.err.contains(&format!("{} (ongoing), {} (ongoing)", third.trim(), second.trim())), "{}", both.err);
    site.clock("2026-09-05T12:05:00Z");
    taken(site.run(&["resolve", second.trim(), "All is well."]));
    site.clock("2026-09-05T12:06:00Z");
    assert_eq!(taken(site.run(&["resolve", "mail-is-down", "All is well."])).out, third);
    site.clock("2026-09-06T12:00:00Z");
    let none = site.run(&["update", "mail-is-down", "More of it."]);
    assert!(none.code == 2 && none.err.contains("names 3 posts") && none.err.contains(&format!("{MAIL} (resolved)")), "{}", none.err);
}

#[test]
fn a_new_post_takes_no_slug_that_a_follow_up_names() {
    let site = empty();
    site.write(
        "content/posts/2026-04-01-0900-mail-is-slow.md",
        "+++\ntitle = \"Mail is slow\"\nserver = \"nc023\"\nstart = 2026-04-01T09:00:00Z\n+++\nIt waits.\n",
    );
    site.write(
        "content/posts/2026-04-01-1000-well.md",
        "+++\ntitle = \"Mail is well\"\nfollows = \"mail-is-slow\"\nend = 2026-04-01T10:00:00Z\n+++\nIt flows.\n",
    );
    let ran = taken(site.run(&["new", "incident", "Mail is slow", "-s", "nc023"]));
    assert_eq!(ran.out, "content/posts/2026-05-04-1200-mail-is-slow-2.md\n");
    taken(site.run(&["build"]));
    // What names its post by the address means that one in any case.
    let followed = site.read("content/posts/2026-04-01-1000-well.md").replace("mail-is-slow", "2026/04/01/mail-is-slow");
    site.write("content/posts/2026-04-01-1000-well.md", &followed);
    let ran = taken(site.run(&["new", "incident", "Mail is slow", "-s", "nc023"]));
    assert_eq!(ran.out, "content/posts/2026-05-04-1200-mail-is-slow.md\n");
    taken(site.run(&["build"]));
}

#[test]
fn a_server_stands_for_what_is_open_about_it() {
    let mut site = mail_is_down();
    // Work that lies ahead is not meant while something is wrong, and cannot be resolved.
    let work = ["new", "maintenance", "New disk", "-s", "nc027,nc023", "--start", "2026-05-05T20:00Z", "--end", "2026-05-05T21:00Z"];
    taken(site.run(&work));
    for word in ["nc023", "mail", "RELAY"] {
        assert_eq!(taken(site.run(&["update", word, "We look at it."])).out, format!("{MAIL}\n"), "{word}");
    }
    assert_eq!(taken(site.run(&["update", "web", "scheduled", "It stays so."])).out, "content/posts/2026-05-04-1200-new-disk.md\n");
    let nothing = site.run(&["resolve", "nc027", "Done."]);
    assert!(nothing.code == 2 && nothing.err.contains("nothing is open about Web"), "{}", nothing.err);
    assert!(nothing.err.contains("name a post by its path"), "{}", nothing.err);
    // It may be told where it could not be read.
    let broken = "content/posts/2026-05-04-1100-web-is-down.md";
    site.write(broken, "+++\ntitle = \"Web is down\"\nserver = \"nc027\n+++\nWe look into it.\n");
    let unread = site.run(&["resolve", "nc027", "Done."]);
    assert!(unread.code == 2 && unread.err.contains("`content/posts/2026-05-04-1100-web-is-down.md` has errors"), "{}", unread.err);
    fs::remove_file(site.path(broken)).unwrap();
    let second = taken(site.run(&["new", "incident", "Mail is late", "-s", "relay"]));
    assert!(
        second.err.contains("`Mail is down` is open already. To add to that one instead: signalpost update mail-is-down TEXT"),
        "{}",
        second.err
    );
    let both = site.run(&["resolve", "mail", "Done."]);
    assert!(both.code == 2 && both.err.contains("2 events about Mail are open"), "{}", both.err);
    assert!(both.err.contains("mail-is-down (ongoing)") && both.err.contains("mail-is-late (ongoing)"), "{}", both.err);
    taken(site.run(&["resolve", "mail-is-late", "Done."]));
    site.clock("2026-05-04T12:10:00Z");
    assert_eq!(taken(site.run(&["resolve", "nc023", "Done."])).out, format!("{MAIL}\n"));
}

#[test]
fn work_is_extended_and_moved_by_the_update_that_says_so() {
    let mut site = router();
    let moved = taken(site.run(&["update", "router", "Half an hour later.", "--start", "2026-05-04T20:30Z", "--end", "2026-05-04T21:00Z"]));
    assert_eq!(moved.err, "`Router` is scheduled from 2026-05-04T20:30:00Z to 2026-05-04T21:00:00Z; Mail: operational\n");
    let against = taken(site.run(&["check", "--against", "public"]));
    assert!(against.err.ends_with("1 new item: Scheduled: Router (Mail).\nNo problems found.\n"), "{}", against.err);
    taken(site.run(&["build"]));

    site.clock("2026-05-04T20:50:00Z");
    let longer = taken(site.run(&["update", "router", "--end", "2026-05-04T22:00Z", "We need until 22:00 UTC."]));
    assert_eq!(longer.err, "`Router` is in progress until 2026-05-04T22:00:00Z; Mail: maintenance\n");
    assert!(
        taken(site.run(&["check", "--against", "public"])).err.ends_with("1 new item: In progress: Router (Mail).\nNo problems found.\n")
    );
    taken(site.run(&["build"]));

    // Also where the window was over already, and in the state that was named.
    site.clock("2026-05-04T22:10:00Z");
    taken(site.run(&["update", "router", "verifying", "We look at it until 23:00 UTC.", "--end", "2026-05-04T23:00Z"]));
    assert!(site.run(&["status"]).out.contains("Mail  maintenance  since 2026-05-04T20:30:00Z"), "{}", site.run(&["status"]).out);
    taken(site.run(&["check", "--against", "public"]));
    assert_eq!(
        site.read(ROUTER),
        "+++\ntitle   = \"Router\"\nkind    = \"maintenance\"\nservers = [\"nc023\"]\nstart   = 2026-05-04T20:30:00Z\n\
         end     = 2026-05-04T23:00:00Z\n+++\n\nWe will work on Mail.\n\n\
         ## 2026-05-04 12:00:01 UTC — Scheduled\nHalf an hour later.\n\n\
         ## 2026-05-04 20:50 UTC — In progress\nWe need until 22:00 UTC.\n\n\
         ## 2026-05-04 22:10 UTC — Verifying\nWe look at it until 23:00 UTC.\n"
    );
}

#[test]
fn a_window_that_cannot_be_meant_is_refused_in_a_sentence() {
    let mut site = router();
    taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"]));
    let hours = taken(site.run(&["new", "notice", "Hours"]));
    assert!(hours.err.contains("warning[empty-post]"), "what it asks for is not published as if it were the text: {}", hours.err);
    let refused = |site: &Site, arguments: &[&str], expected: &str| {
        let ran = site.run(&[&["update"], arguments, &["The text."]].concat());
        assert!(ran.code == 2 && ran.err.contains(expected), "{arguments:?}: {} {}", ran.code, ran.err);
    };
    refused(&site, &["mail-is-down", "--end", "2026-05-04T22:00Z"], "is an incident");
    refused(&site, &["hours", "--end", "2026-05-04T22:00Z"], "is a notice");
    refused(&site, &["router", "--end", "2026-05-04T11:00Z"], "is not later than now");
    refused(&site, &["router", "--start", "2026-05-04T11:00Z"], "update POST in-progress");
    refused(&site, &["router", "--state", "completed", "--end", "2026-05-04T22:00Z"], "`completed` ends the work");
    let silent = site.run(&["update", "router", "--end", "2026-05-04T22:00Z"]);
    assert!(silent.code == 2 && silent.err.contains("an update needs a text"), "{}", silent.err);
    site.clock("2026-05-04T20:10:00Z");
    refused(&site, &["router", "--start", "2026-05-04T20:20Z"], "to put the work off: signalpost update POST scheduled");
    let follow_up = "+++\ntitle = \"Router, part 2\"\nfollows = \"router\"\nend = 2026-05-04T21:00:00Z\n+++\nIt takes longer.\n";
    site.write("content/posts/2026-05-04-2005-router-part-2.md", follow_up);
    refused(&site, &["router", "--end", "2026-05-04T22:00Z"], "name that one: content/posts/2026-05-04-2005-router-part-2.md");
    taken(site.run(&["update", "router-part-2", "--end", "2026-05-04T22:00Z", "The text."]));
    taken(site.run(&["resolve", "router-part-2", "Done."]));
    site.clock("2026-05-04T20:20:00Z");
    refused(&site, &["router-part-2", "--end", "2026-05-04T22:00Z"], "is over already (completed)");
}

#[test]
fn trouble_in_the_minute_of_an_end_that_is_set_by_hand_opens_the_incident_again() {
    let mut site = mail_is_down();
    site.write(
        MAIL,
        &site.read(MAIL).replace("start   = 2026-05-04T12:00:00Z\n", "start   = 2026-05-04T12:00:00Z\nend     = 2026-05-04T12:30:00Z\n"),
    );
    site.clock("2026-05-04T12:30:40Z");
    let told = taken(site.run(&["update", "mail-is-down", "--impact", "major-outage", "Down again."]));
    assert!(site.read(MAIL).contains("## 2026-05-04 12:30:40 UTC {impact=major-outage}"), "{}", site.read(MAIL));
    assert!(told.err.contains("Mail: major-outage"), "{}", told.err);
}

#[test]
fn planned_work_is_not_completed_by_a_word_about_its_server() {
    let mut site = router();
    for arguments in [&["nc023", "resolved"], &["router", "completed"], &["router", "resolved"]] {
        let ran = site.run(&[&["update"], &arguments[..], &["All is well again."]].concat());
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
    }
    let ran = site.run(&["update", "router", "completed", "Done."]);
    assert!(ran.err.contains("has not begun") && ran.err.contains("update POST cancelled"), "{}", ran.err);
    taken(site.run(&["update", "router", "in-progress", "We begin early."]));
    site.clock("2026-05-04T12:30:00Z");
    taken(site.run(&["update", "router", "completed", "Done."]));
}

#[test]
fn a_post_that_is_called_like_a_server_gives_way_to_what_is_open_about_it() {
    let mut site = empty();
    site.write(
        "content/posts/2026-04-04-1000-relay.md",
        "+++\ntitle = \"Relay trouble\"\nserver = \"nc023\"\nstart = 2026-04-04T10:00:00Z\nend = 2026-04-04T11:00:00Z\n+++\nOver.\n",
    );
    let told = taken(site.run(&["update", "relay", "A word on it."]));
    assert!(told.err.contains("`Relay trouble` is resolved"), "{}", told.err);
    taken(site.run(&["new", "incident", "Queue is stuck", "-s", "nc023"]));
    site.clock("2026-05-04T12:10:00Z");
    let told = taken(site.run(&["update", "relay", "monitoring", "The queue gets shorter."]));
    assert!(told.err.contains("`Queue is stuck` is ongoing (monitoring)"), "{}", told.err);
    taken(site.run(&["update", "content/posts/2026-04-04-1000-relay.md", "Another word on it."]));
    let told = taken(site.run(&["resolve", "relay", "All delivered."]));
    assert!(told.err.contains("`Queue is stuck` is resolved"), "{}", told.err);
}

#[test]
fn what_was_typed_in_the_editor_is_warned_of_and_an_editor_that_fails_hides_nothing() {
    let mut site = mail_is_down();
    site.set("EDITOR", "printf '\\n## Resolved\\n\\nIt works.\\n' >>");
    let told = taken(site.run(&["update", "mail-is-down", "monitoring", "It is better.", "--edit"]));
    assert!(told.err.contains("warning[looks-like-update]") && told.err.contains("is ongoing (monitoring)"), "{}", told.err);
    site.set("EDITOR", "false");
    site.clock("2026-05-04T12:30:00Z");
    let failed = site.run(&["resolve", "mail-is-down", "All is well.", "--edit"]);
    assert_eq!(failed.code, 2, "{}", failed.err);
    assert!(
        failed.err.contains("`Mail is down` is resolved") && failed.err.contains("what the command wrote before stands in"),
        "{}",
        failed.err
    );
}

#[test]
fn of_many_servers_those_with_the_most_trouble_are_told() {
    let site = empty();
    let server = |n: usize| format!("[[server]]\nid = \"s{n}\"\nname = \"S{n}\"\n\n");
    site.write("content/servers.toml", &(0..30).map(server).collect::<String>());
    let named: Vec<String> = (0..30).map(|n| format!("\"s{n}\"")).collect();
    let front = format!(
        "title = \"Power\"\nkind = \"incident\"\nservers = [{}]\nstart = 2026-05-04T11:00:00Z\nimpact = \"none\"",
        named.join(", ")
    );
    site.write("content/posts/2026-05-04-1100-power.md", &format!("+++\n{front}\n+++\nWords.\n"));
    let told = taken(site.run(&["update", "power", "--impact", "s29=major-outage", "--impact", "s7=degraded", "It is worse."]));
    assert!(
        told.err.contains("; S29: major-outage, S7: degraded, S0: operational, ") && told.err.contains(" and 18 more servers"),
        "{}",
        told.err
    );
}

#[test]
fn a_dash_is_the_standard_input() {
    let mut site = mail_is_down();
    taken(site.run_with_input(&["update", "mail-is-down", "identified", "-"], "Two of three queues are empty."));
    site.clock("2026-05-04T12:30:00Z");
    taken(site.run_with_input(&["resolve", "mail-is-down", "-"], "All queues are empty."));
    let text = site.read(MAIL);
    assert!(text.contains("— Identified\nTwo of three queues") && text.contains("— Resolved\nAll queues are empty."), "{text}");
}

#[test]
fn what_was_forgotten_ends_when_it_was_over() {
    let mut site = mail_is_down();
    site.clock("2026-07-06T09:00:00Z");
    let check = site.run(&["check"]);
    assert!(check.err.contains("signalpost resolve POST --end T"), "{}", check.err);
    let late = site.run(&["resolve", "nc023", "--end", "2026-07-06T10:00Z", "Done."]);
    assert!(late.code == 2 && late.err.contains("later than now"), "{}", late.err);
    let ran = site.run(&["resolve", "nc023", "--end", "2026-05-04T13:20Z", "It was over the same day."]);
    assert!(ran.code == 0 && ran.err.contains("let it stand if it was over then and told later"), "{}", ran.err);
    assert!(ran.err.ends_with("`Mail is down` is resolved; Mail: operational\n"), "{}", ran.err);
    let text = site.read(MAIL);
    assert!(text.contains("end     = 2026-05-04T13:20:00Z\n") && text.contains("## 2026-07-06 09:00 UTC — Resolved\n"), "{text}");
    assert_eq!(site.run(&["build"]).code, 0);
    let minutes = site.read("public/server/nc023/uptime.csv");
    assert!(minutes.contains("2026-05") && minutes.contains("2026-06,nc023,43200,43200,0,"), "{minutes}");
}

#[test]
fn an_end_behind_which_the_event_went_on_is_refused() {
    let mut site = mail_is_down();
    site.clock("2026-05-04T13:00:00Z");
    taken(site.run(&["update", "mail-is-down", "monitoring", "We watch it."]));
    site.clock("2026-05-06T09:00:00Z");
    let before = site.read(MAIL);
    let refused = site.run(&["resolve", "mail-is-down", "--end", "2026-05-04T12:50Z", "Over."]);
    assert!(refused.code == 2 && refused.err.contains("would end at 2026-05-06T09:00:00Z instead"), "{}", refused.err);
    assert_eq!(site.read(MAIL), before);
    assert_eq!(site.run(&["resolve", "mail-is-down", "--end", "2026-05-04T13:10Z", "Over."]).code, 0);
    // Of an incident that began again the `end` of its last time, in the post that tells of that.
    site.clock("2026-05-06T10:00:00Z");
    site.write(
        "content/posts/2026-05-06-0930-again.md",
        "+++\ntitle = \"Again\"\nfollows = \"mail-is-down\"\nstart = 2026-05-06T09:10:00Z\n+++\nAgain.\n",
    );
    let again = site.run(&["resolve", "again", "--end", "2026-05-06T09:20Z", "Over."]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(site.read("content/posts/2026-05-06-0930-again.md").contains("end   = 2026-05-06T09:20:00Z"));

    let mut work = router();
    work.clock("2026-05-04T20:40:00Z");
    taken(work.run(&["update", "router", "We are tidying up."]));
    work.clock("2026-05-06T09:00:00Z");
    let refused = work.run(&["resolve", "router", "--end", "2026-05-04T20:35Z", "Done."]);
    assert!(refused.code == 2 && refused.err.contains("went on"), "{}", refused.err);
    assert_eq!(work.run(&["resolve", "router", "--end", "2026-05-04T20:41Z", "Done."]).code, 0);
}

#[test]
fn what_a_draft_says_ends_nothing() {
    let mut site = mail_is_down();
    let draft = "content/posts/2026-05-04-1205-wrap-up.md";
    site.write(
        draft,
        "+++\ntitle = \"Wrap-up\"\nfollows = \"mail-is-down\"\ndraft = true\nend = 2026-05-04T12:05:00Z\n+++\nIt was over quickly.\n\n\
         ## 2026-05-04 12:06 UTC — Resolved\nOver.\n",
    );
    site.clock("2026-05-04T12:30:00Z");
    let draft_told = taken(site.run(&["update", "wrap-up", "More."]));
    assert!(draft_told.err.contains("The post is a draft"), "{}", draft_told.err);
    let live = taken(site.run(&["update", "nc023", "monitoring", "It gets better."]));
    assert_eq!(live.out, format!("{MAIL}\n"));
    let resolved = taken(site.run(&["resolve", "mail-is-down", "It works."]));
    assert!(resolved.err.contains("`Mail is down` is resolved"), "{}", resolved.err);
}

#[test]
fn what_a_fast_clock_resolved_is_not_resolved_again() {
    let mut site = mail_is_down();
    site.clock("2026-05-04T12:34:00Z");
    taken(site.run(&["resolve", "mail-is-down", "It works."]));
    site.clock("2026-05-04T12:30:00Z");
    let ran = site.run(&["resolve", "mail-is-down", "It works."]);
    assert!(ran.code == 2 && ran.err.contains("is over already"), "{}", ran.err);
}

#[test]
fn work_that_was_begun_is_put_off_to_another_day() {
    let mut site = router();
    site.clock("2026-05-04T20:01:00Z");
    taken(site.run(&["update", "router", "in-progress", "We begin."]));
    site.clock("2026-05-04T20:10:00Z");
    let window = ["--start", "2026-05-05T20:00Z", "--end", "2026-05-05T20:30Z"];
    let put_off = taken(site.run(&[&["update", "router", "scheduled"], &window[..], &["A part is missing."]].concat()));
    assert!(put_off.err.contains("is scheduled from 2026-05-05T20:00:00Z to 2026-05-05T20:30:00Z; Mail: operational"), "{}", put_off.err);
    assert!(!put_off.err.contains("warning"), "{}", put_off.err);
    taken(site.run(&["build"]));
    assert_eq!(site.run(&["next"]).out.trim(), "2026-05-05T20:00:00Z");
    let csv = site.read("public/uptime.csv");
    let maintenance = csv.lines().find(|line| line.starts_with("2026-05,nc023,")).and_then(|line| line.split(',').nth(7));
    assert_eq!(maintenance, Some("9"), "what was begun stays in the record: {csv}");
}

#[test]
fn work_with_trouble_or_past_its_window_is_not_put_off_at_the_records_cost() {
    let mut site = router();
    let window = ["--start", "2026-05-05T20:00Z", "--end", "2026-05-05T20:30Z"];
    let put_off = [&["update", "router", "scheduled"], &window[..], &["Put off."]].concat();
    site.clock("2026-05-04T20:05:00Z");
    taken(site.run(&["update", "router", "--impact", "major-outage", "It is gone."]));
    site.clock("2026-05-04T20:15:00Z");
    let before = site.read(ROUTER);
    let refused = site.run(&put_off);
    assert!(refused.code == 2 && refused.err.contains("10 min of `major-outage`"), "{}", refused.err);
    assert!(refused.err.contains("signalpost new maintenance TITLE --start T --end T"), "{}", refused.err);
    site.clock("2026-05-05T08:00:00Z");
    let late = site.run(&put_off);
    assert!(late.code == 2 && late.err.contains("was over at 2026-05-04T20:30:00Z"), "{}", late.err);
    assert_eq!(site.read(ROUTER), before);
}

#[test]
fn an_incident_that_begins_again_keeps_how_long_it_lasted_first() {
    let mut site = mail_is_down();
    site.clock("2026-05-04T12:30:00Z");
    taken(site.run(&["resolve", "mail-is-down", "It was over at 12:05."]));
    site.write(MAIL, &site.read(MAIL).replace("= 2026-05-04T12:30:00Z", "= 2026-05-04T12:05:00Z"));
    site.clock("2026-05-04T13:00:00Z");
    taken(site.run(&["update", "mail-is-down", "investigating", "Again."]));
    site.clock("2026-05-04T13:10:00Z");
    taken(site.run(&["resolve", "mail-is-down", "Over."]));
    taken(site.run(&["build"]));
    assert!(site.read(MAIL).contains("end     = 2026-05-04T12:05:00Z"), "{}", site.read(MAIL));
    let csv = site.read("public/uptime.csv");
    let degraded = csv.lines().find(|line| line.starts_with("2026-05,nc023,")).and_then(|line| line.split(',').nth(4));
    assert_eq!(degraded, Some("15"), "five minutes and ten: {csv}");
}

#[test]
fn an_update_is_later_than_all_that_was_said_in_its_thread_or_told_to_subscribers() {
    let mut site = mail_is_down();
    site.write(
        "content/posts/2026-05-04-1155-again.md",
        "+++\ntitle = \"Again\"\nkind = \"incident\"\nservers = [\"nc027\"]\n+++\nWords.\n",
    );
    site.write("content/posts/2026-05-04-1201-more.md", "+++\ntitle = \"More\"\nfollows = \"mail-is-down\"\n+++\nWords.\n");
    site.clock("2026-05-04T12:05:10Z");
    taken(site.run(&["update", "more", "investigating", "We look at it."]));
    site.clock("2026-05-04T12:05:40Z");
    taken(site.run(&["update", "again", "identified", "It is a disk."]));
    taken(site.run(&["resolve", "mail-is-down", "All is well."]));
    let stamps =
        |path: &str| site.read(path).lines().filter_map(|line| line.strip_prefix("## ").map(|line| line[..19].to_owned())).collect();
    let of = |path: &str| -> Vec<String> { stamps(path) };
    assert_eq!(of("content/posts/2026-05-04-1201-more.md"), ["2026-05-04 12:05 UT"]);
    assert_eq!(of("content/posts/2026-05-04-1155-again.md"), ["2026-05-04 12:05:40"]);
    assert_eq!(of(MAIL), ["2026-05-04 12:05:41"]);
    assert!(site.run(&["status", "--now", "2026-05-04T13:00:00Z"]).out.contains("Mail"));
}

#[test]
fn what_was_withdrawn_is_not_ended() {
    let site = mail_is_down();
    let text = site.read(MAIL).replacen("+++\n", "+++\nwithdrawn = true\n", 1);
    site.write(MAIL, &text);
    let refused = site.run(&["resolve", MAIL, "Done."]);
    assert_eq!((refused.code, site.read(MAIL) == text), (2, true));
    assert!(refused.err.contains("was withdrawn"), "{}", refused.err);
}

#[test]
fn a_title_does_nothing_to_a_terminal() {
    let site = mail_is_down();
    let text = site.read(MAIL).replace("Mail is down", "Mail\u{202e}is down").replacen("+++\n", "+++\nslug = \"mail\"\n", 1);
    site.write(MAIL, &text);
    site.write("content/posts/2026-05-04-mail-note.md", "+++\ntitle = \"Note\u{202e}d\"\n+++\nWords.\n");
    let window = ["update", "mail", "--end", "2026-05-04T13:00Z", "More."];
    let arguments: [&[&str]; 6] = [
        &["update", "mail", "We look."],
        &["new", "incident", "More", "-s", "nc023"],
        &window,
        &["resolve", "mail-note"],
        &["resolve", "mail", "Done."],
        &["resolve", "mail"],
    ];
    for arguments in arguments {
        let ran = site.run(arguments);
        assert!(ran.err.contains("`Mail\u{fffd}is down`") || ran.err.contains("`Note\u{fffd}d`"), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains('\u{202e}'), "{arguments:?}: {}", ran.err);
    }
    taken(site.run(&["build"]));
    site.write("content/posts/2026-05-04-1200-more.md", "+++\ntitle = \"New\u{202e}s\"\n+++\nWords.\n");
    let told = site.run(&["check", "--against", "public"]).err;
    assert!(told.contains("will be told") && told.contains("New\u{fffd}s") && !told.contains('\u{202e}'), "{told}");
    let refused = site.run(&["resolve", "no\u{202e}such", "Done."]);
    assert!(refused.code == 2 && refused.err.contains("`no\u{fffd}such`"), "{}", refused.err);
}

const NOTE: &str = "content/posts/2026-05-04-1201-note.md";

#[test]
fn what_is_said_of_an_event_goes_into_the_newest_post_that_has_an_effect() {
    let mut site = mail_is_down();
    let notice = "+++\ntitle = \"Note\"\nkind = \"notice\"\nfollows = \"mail-is-down\"\n+++\nWords.\n";
    site.write(NOTE, notice);
    site.write("content/posts/2026-05-04-1202-slip.md", &notice.replace("kind = \"notice\"", "withdrawn = true").replace("Note", "Slip"));
    site.write("content/posts/2026-05-04-1203-plan.md", &notice.replace("kind = \"notice\"", "draft = true").replace("Note", "Plan"));
    site.clock("2026-05-04T12:10:00Z");
    assert_eq!(taken(site.run(&["update", "nc023", "monitoring", "It is back."])).out, format!("{MAIL}\n"));
    let refused = |arguments: &[&str], why: &str, instead: &str| {
        let before = (site.read(MAIL), site.read(NOTE));
        let ran = site.run(arguments);
        assert!(ran.code == 2 && ran.err.contains(why) && ran.err.contains(instead), "{arguments:?}: {} {}", ran.code, ran.err);
        assert_eq!((site.read(MAIL), site.read(NOTE)), before, "{arguments:?}");
    };
    let instead = "name the post that tells of the event: mail-is-down";
    for arguments in [
        &["resolve", "note", "All is well."][..],
        &["resolve", NOTE, "All is well."],
        &["update", "note", "resolved", "All is well."],
        &["update", "note", "investigating", "We look at it."],
        &["update", "note", "Mail is well.", "--impact", "nc023=none"],
    ] {
        refused(arguments, "`Note` is a notice: nothing in it changes the event", instead);
    }
    refused(&["update", "slip", "More of it."], "`Slip` is withdrawn", "name a post that stands: mail-is-down");
    refused(&["resolve", "slip", "All is well."], "`Slip` is withdrawn", "name a post that stands: mail-is-down");
    assert_eq!(taken(site.run(&["update", "note", "The shop is open until nine."])).out, format!("{NOTE}\n"));
    site.clock("2026-05-04T12:20:00Z");
    let resolved = taken(site.run(&["resolve", "mail", "All is well."]));
    assert_eq!(resolved, Ran { code: 0, out: format!("{MAIL}\n"), err: "`Mail is down` is resolved; Mail: operational\n".to_owned() });
}

#[test]
fn work_is_called_off_in_the_post_that_tells_of_it() {
    let mut site = router();
    let notice = "+++\ntitle = \"Note\"\nkind = \"notice\"\nfollows = \"router\"\n+++\nWords.\n";
    site.write(NOTE, notice);
    site.clock("2026-05-04T12:10:00Z");
    let moved = site.run(&["update", "note", "Half an hour longer.", "--end", "2026-05-04T21:00Z"]);
    assert!(moved.code == 2 && moved.err.contains("name the post that tells of the event: router"), "{}", moved.err);
    let off = taken(site.run(&["update", "nc023", "cancelled", "The disk did not come."]));
    assert_eq!(off.out, "content/posts/2026-05-04-1200-router.md\n");
    assert!(off.err.starts_with("`Router` is cancelled"), "{}", off.err);
    assert_eq!(site.read(NOTE), notice);
}

#[test]
fn the_end_of_work_that_began_again_is_not_written_over_that_of_the_time_before() {
    let mut site = router();
    let mut told = |now: &str, arguments: &[&str]| {
        site.clock(now);
        site.run(arguments)
    };
    taken(told("2026-05-04T20:10:00Z", &["update", "router", "in-progress", "The disk is out.", "--impact", "major-outage"]));
    taken(told("2026-05-04T23:00:00Z", &["resolve", "router", "It is in."]));
    taken(told("2026-05-04T23:30:00Z", &["update", "router", "in-progress", "Once more."]));
    let until = told("2026-05-04T23:40:00Z", &["update", "router", "Until midnight.", "--end", "2026-05-05T00:00Z"]);
    assert!(until.code == 2 && until.err.contains("`Router` was over at 2026-05-04T20:30:00Z and began again"), "{}", until.err);
    assert!(until.err.contains("say in a follow-up until when the work goes on"), "{}", until.err);
    let over = told("2026-05-04T23:50:00Z", &["resolve", "router", "--end", "2026-05-04T23:45Z", "Now it is in."]);
    assert!(over.code == 2 && over.err.contains("leave `--end` out"), "{}", over.err);
    taken(told("2026-05-04T23:50:00Z", &["resolve", "router", "Now it is in."]));
    assert!(site.read(ROUTER).contains("2026-05-04T20:30:00Z"), "{}", site.read(ROUTER));
}

#[test]
fn of_work_that_a_follow_up_prolonged_the_follow_up_says_when_it_was_over() {
    let mut site = router();
    site.write(
        "content/posts/2026-05-04-2020-longer.md",
        "+++\ntitle = \"Longer\"\nfollows = \"router\"\nend = 2026-05-04T22:00:00Z\n+++\nMore.\n",
    );
    site.clock("2026-05-04T21:50:00Z");
    let elsewhere = site.run(&["resolve", "router", "--end", "2026-05-04T21:40Z", "Done."]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("content/posts/2026-05-04-2020-longer.md"), "{}", elsewhere.err);
    taken(site.run(&["resolve", "longer", "--end", "2026-05-04T21:40Z", "Done."]));
    assert!(site.read("content/posts/2026-05-04-2020-longer.md").contains("end = 2026-05-04T21:40:00Z"));
}

#[test]
fn work_is_put_off_with_what_is_planned_and_when() {
    let mut site = router();
    site.clock("2026-05-04T20:05:00Z");
    let at_once = site.run(&["update", "router", "scheduled", "Tomorrow."]);
    assert!(at_once.code == 2 && at_once.err.contains("`Router` has begun at 2026-05-04T20:00:00Z"), "{}", at_once.err);
    taken(site.run(&["update", "router", "--impact", "none", "It is back for now."]));
    site.clock("2026-05-04T20:10:00Z");
    let put_off = ["update", "router", "scheduled", "--start", "2026-05-05T20:00Z", "--end", "2026-05-05T20:30Z", "All of it tomorrow."];
    let before = site.read(ROUTER);
    let unclear = site.run(&put_off);
    assert!(unclear.code == 2 && unclear.err.contains("`nc023` was planned to be `maintenance`"), "{}", unclear.err);
    assert!(unclear.err.contains("--impact nc023=maintenance"), "{}", unclear.err);
    assert_eq!(site.read(ROUTER), before);
    taken(site.run(&[&put_off[..], &["--impact", "nc023=maintenance"]].concat()));
}

#[test]
fn who_cancels_what_had_begun_with_trouble_is_shown_what_that_takes_away() {
    let mut site = mail_is_down();
    site.clock("2026-05-04T12:40:00Z");
    let cancelled = taken(site.run(&["update", "mail-is-down", "cancelled", "We were wrong."]));
    assert!(cancelled.err.contains("warning[contradiction]: this takes 40 min of `degraded` out of the record"), "{}", cancelled.err);
    assert!(cancelled.err.ends_with("`Mail is down` is cancelled; Mail: operational\n"), "{}", cancelled.err);
    site.clock("2026-05-04T12:45:00Z");
    let resolved = taken(site.run(&["update", "mail-is-down", "resolved", "Mail was slow."]));
    assert_eq!(resolved.err, "`Mail is down` is resolved; Mail: operational\n");
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
}

#[test]
fn of_posts_of_one_name_in_one_thread_the_one_that_tells_of_the_event_is_meant() {
    let mut site = mail_is_down();
    let again = "+++\ntitle = \"Hours\"\nkind = \"notice\"\nfollows = \"2026/05/04/mail-is-down\"\n+++\nWords.\n";
    site.write("content/posts/2026-05-05-0100-mail-is-down.md", again);
    site.clock("2026-05-05T02:00:00Z");
    assert_eq!(taken(site.run(&["resolve", "mail-is-down", "All is well."])).out, format!("{MAIL}\n"));
}

#[test]
fn a_withdrawn_post_that_stands_alone_is_not_added_to() {
    let site = mail_is_down();
    site.write(MAIL, &site.read(MAIL).replacen("+++\n", "+++\nwithdrawn = true\n", 1));
    let refused = site.run(&["update", "mail-is-down", "It was a mistake."]);
    assert!(refused.code == 2 && refused.err.contains("`Mail is down` is withdrawn"), "{}", refused.err);
    assert!(refused.err.contains("signalpost new notice TITLE"), "{}", refused.err);
}

#[test]
fn an_update_shows_the_warnings_that_it_brings_and_none_that_the_post_had() {
    let mut site = empty();
    taken(site.run(&["new", "notice", "Mail is down", "-s", "nc023"]));
    let impact = ["update", "mail-is-down", "identified", "A disk.", "--impact", "nc023=major-outage"];
    let lines = |ran: &Ran| (ran.err.matches("warning[kind-and-impact]").count(), ran.err.matches(" --> ").count());
    let first = taken(site.run(&impact));
    assert!(lines(&first) == (1, 1) && first.err.contains("| ## 2026-05-04 12:00:01 UTC"), "{}", first.err);
    site.clock("2026-05-04T12:10:00Z");
    let words = taken(site.run(&["update", "mail-is-down", "It is a big one."]));
    assert_eq!(words.err, "");
    // One that reads like another is new all the same.
    site.clock("2026-05-04T12:20:00Z");
    let second = taken(site.run(&impact));
    assert!(lines(&second) == (1, 1) && second.err.contains("| ## 2026-05-04 12:20 UTC"), "{}", second.err);
}

#[test]
fn a_warning_that_the_post_had_is_not_shown_again_where_a_new_end_moves_it() {
    let mut site = mail_is_down();
    let text = site.read(MAIL);
    site.write(MAIL, &format!("{text}\n## 2026-05-04 12:05 UTC — Update {{impact=maintenance}}\nWords.\n"));
    site.clock("2026-05-04T12:10:00Z");
    assert!(site.run(&["check"]).err.contains("warning[kind-and-impact]"), "{}", site.run(&["check"]).err);
    let resolved = taken(site.run(&["resolve", "mail-is-down", "All is well."]));
    assert_eq!(resolved.err, "`Mail is down` is resolved; Mail: operational\n");
}

#[test]
fn of_a_draft_it_is_said_that_nobody_sees_it() {
    let site = mail_is_down();
    site.write(MAIL, &site.read(MAIL).replacen("+++\n", "+++\ndraft = true\n", 1));
    for command in [&["update", "mail-is-down", "We look at it."][..], &["-q", "resolve", "mail-is-down", "All is well."]] {
        let ran = taken(site.run(command));
        assert_eq!(ran.err, "The post is a draft, and nobody sees it: to publish it, take `draft = true` out of it.\n", "{command:?}");
    }
}

#[test]
fn a_draft_stands_in_the_way_of_no_outage() {
    let site = mail_is_down();
    let draft = site.read(MAIL).replacen("+++\n", "+++\ndraft = true\n", 1).replace("Mail is down", "Mail is slow");
    fs::remove_file(site.path(MAIL)).unwrap();
    let path = "content/posts/2026-05-04-1200-mail-is-slow.md";
    site.write(path, &draft);
    let refused = site.run(&["update", "relay", "identified", "A disk."]);
    assert!(refused.code == 2 && refused.err.contains("nothing is open about Mail"), "{}", refused.err);
    let new = taken(site.run(&["new", "incident", "Mail is down", "-s", "nc023"]));
    assert!(!new.err.contains("is open already"), "{}", new.err);
    taken(site.run(&["update", "relay", "identified", "A disk."]));
    taken(site.run(&["resolve", "relay", "All mail is delivered."]));
    assert!(site.read(MAIL).contains("A disk.") && site.read(MAIL).contains("All mail is delivered."), "{}", site.read(MAIL));
    assert_eq!(site.read(path), draft);
    taken(site.run(&["update", "mail-is-slow", "identified", "A disk."]));
    assert!(site.read(path).contains("A disk."));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_written_is_named_also_where_the_standard_output_is_full() {
    let mut site = empty();
    for (at, command) in [
        (0, &["new", "incident", "Mail is down", "-s", "nc023"][..]),
        (1, &["update", "mail-is-down", "identified", "A disk."]),
        (2, &["resolve", "mail-is-down", "All is well."]),
    ] {
        site.clock(&format!("2026-05-04T12:0{at}:00Z"));
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = site.command(command).stdout(full).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{err}");
        assert!(err.starts_with(&format!("`{MAIL}` is written, but that could not be said on the standard output")), "{err}");
        assert!(err.contains("`Mail is down` is "), "what holds now is said: {err}");
        assert_eq!(site.read(MAIL).matches("\n## ").count(), at);
    }
}
