//! The commands, through the program itself: exit codes, what goes to which stream, and what is on the disk afterwards.

#![expect(clippy::disallowed_methods, reason = "tests make folders, and look at what was written there")]

mod terminal;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use terminal::Site;

const SERVERS: &str = "[[server]]\nid = \"nc023\"\nname = \"NC023\"\naliases = [\"relay\"]\ngroup = \"Mail\"\n\n[[server]]\nid = \"nc027\"\nname = \"NC027\"\n";
const RELAY: &str = "content/posts/2026-05-03-1800-relay-work.md";
const RELAY_TEXT: &str = "+++\ntitle   = \"NC023: disk replacement\"\nkind    = \"maintenance\"\nservers = [\"nc023\"]\nstart   = 2026-05-04T19:00:00Z\nend     = 2026-05-04T19:30:00Z\n+++\n\nWe replace a disk.\n";

/// A site with two servers and one maintenance; the clock stands at `now`.
fn site(now: &str) -> Site {
    let site = Site::at(now);
    site.write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
    site.write("content/servers.toml", SERVERS);
    site.write(RELAY, RELAY_TEXT);
    site
}

/// The files in the folder of posts, by name.
fn posts(site: &Site) -> Vec<String> {
    let names = fs::read_dir(site.path("content/posts")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut posts: Vec<String> = names.map(|name| format!("content/posts/{}", name.to_str().unwrap())).collect();
    posts.sort();
    posts
}

#[test]
fn an_incident_is_posted_updated_and_resolved_by_three_commands_in_one_minute() {
    let mut site = site("2026-05-04T12:00:10Z");
    let new = site.run(&["new", "incident", "Mail is slow", "--server", "relay"]);
    let path = "content/posts/2026-05-04-1200-mail-is-slow.md";
    assert_eq!((new.code, new.out.as_str()), (0, format!("{path}\n").as_str()), "{}", new.err);
    site.clock("2026-05-04T12:00:20Z");
    assert_eq!(site.run(&["update", "mail-is-slow", "monitoring", "The queue is getting shorter."]).code, 0);
    site.clock("2026-05-04T12:00:30Z");
    let resolved = site.run(&["resolve", path, "All mail is delivered."]);
    assert_eq!((resolved.code, resolved.err.as_str()), (0, "`Mail is slow` is resolved; NC023: operational\n"));
    assert_eq!(
        site.read(path),
        "+++\n\
         title   = \"Mail is slow\"\n\
         kind    = \"incident\"\n\
         servers = [\"nc023\"]\n\
         start   = 2026-05-04T12:00:00Z\n\
         end     = 2026-05-04T12:00:30Z\n\
         +++\n\
         \n\
         There is a problem with NC023. We are looking into it and will write here when we know more.\n\
         \n\
         ## 2026-05-04 12:00:20 UTC — Monitoring\n\
         The queue is getting shorter.\n\
         \n\
         ## 2026-05-04 12:00:30 UTC — Resolved\n\
         All mail is delivered.\n"
    );
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
}

#[test]
fn a_maintenance_is_completed_and_its_planned_end_becomes_the_real_one() {
    let site = site("2026-05-04T19:14:40Z");
    let text = RELAY_TEXT.trim_end().replace('\n', "\r\n");
    site.write(RELAY, &text);
    let resolved = site.run_with_input(&["resolve", "relay-work"], "Disk replaced.\nRelay back.\n\n");
    assert_eq!((resolved.code, resolved.out.as_str()), (0, format!("{RELAY}\n").as_str()), "{}", resolved.err);
    let expected = text.replace("end     = 2026-05-04T19:30:00Z", "end     = 2026-05-04T19:14:00Z")
        + "\r\n\r\n## 2026-05-04 19:14 UTC — Completed\r\nDisk replaced.\r\nRelay back.\r\n";
    assert_eq!(site.read(RELAY), expected);
}

#[test]
fn a_window_that_is_over_stays_as_it_was_planned() {
    let site = site("2026-05-04T21:04:10Z");
    assert_eq!(site.run(&["resolve", "relay-work", "Disk replaced."]).code, 0);
    assert_eq!(site.read(RELAY), format!("{RELAY_TEXT}\n## 2026-05-04 21:04 UTC — Completed\nDisk replaced.\n"));
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(site.read("public/uptime.csv").contains(",30,"), "{}", site.read("public/uptime.csv"));
    assert!(site.read("public/calendar.ics").contains("DTEND:20260504T193000Z"));
}

#[test]
fn work_that_began_and_ended_early_keeps_its_planned_window_in_the_file() {
    let mut site = site("2026-05-04T18:00:00Z");
    assert_eq!(site.run(&["update", "relay-work", "in progress", "Early."]).code, 0);
    site.clock("2026-05-04T18:40:00Z");
    let resolved = site.run(&["resolve", "relay-work", "Done."]);
    assert_eq!(resolved.code, 0, "{}", resolved.err);
    let ends = "## 2026-05-04 18:00 UTC — In progress\nEarly.\n\n## 2026-05-04 18:40 UTC — Completed\nDone.\n";
    assert_eq!(site.read(RELAY), format!("{RELAY_TEXT}\n{ends}"));
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
    assert!(site.run(&["build"]).code == 0 && site.read("public/calendar.ics").contains("DTEND:20260504T184000Z"));
}

#[test]
fn an_incident_that_is_open_again_has_no_end() {
    let mut site = site("2026-05-04T18:00:00Z");
    let path = site.run(&["new", "incident", "Mail slow", "--server", "nc023"]).out.trim().to_owned();
    let before = site.read(&path);
    site.clock("2026-05-04T18:10:00Z");
    assert_eq!(site.run(&["resolve", "mail-slow", "Done."]).code, 0);
    assert!(site.read(&path).contains("end     = 2026-05-04T18:10:00Z\n"));
    site.clock("2026-05-04T18:20:00Z");
    assert_eq!(site.run(&["update", "mail-slow", "investigating", "Again."]).code, 0);
    let updates = "## 2026-05-04 18:10 UTC — Resolved\nDone.\n\n## 2026-05-04 18:20 UTC — Investigating\nAgain.\n";
    assert_eq!(site.read(&path), format!("{before}\n{updates}"));
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
}

/// A command that has read the site and waits for its text.
fn waiting(site: &Site, arguments: &[&str]) -> Child {
    let mut command = site.command(arguments);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    child
}

/// Gives it the text, and how it ended.
fn typed(mut child: Child, text: &str) -> (Option<i32>, String, String) {
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ended.status.code(), text(ended.stdout), text(ended.stderr))
}

#[test]
fn what_a_colleague_wrote_while_a_text_was_typed_stays() {
    let site = site("2026-05-04T19:02:40Z");
    let slow = waiting(&site, &["update", "relay-work"]);
    assert_eq!(site.run(&["update", "relay-work", "in progress", "It is down."]).code, 0);
    let holds = "`NC023: disk replacement` is in progress until 2026-05-04T19:30:00Z; NC023: maintenance\n";
    assert_eq!(typed(slow, "More of it.\n"), (Some(0), format!("{RELAY}\n"), holds.to_owned()));
    let both = format!("{RELAY_TEXT}\n## 2026-05-04 19:02 UTC — In progress\nIt is down.\n\n## 2026-05-04 19:02:40 UTC\nMore of it.\n");
    assert_eq!(site.read(RELAY), both);

    let mut site = site;
    let slow = waiting(&site, &["new", "notice", "Hours", "--text", "-"]);
    site.clock("2026-05-04T19:03:40Z");
    assert_eq!(site.run(&["new", "notice", "Hours"]).out, "content/posts/2026-05-04-1903-hours.md\n");
    assert_eq!(typed(slow, "From May.\n").1, "content/posts/2026-05-04-1902-hours-2.md\n", "two posts of a day need two addresses");
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
fn what_a_colleague_ended_while_a_text_was_typed_is_not_ended_twice() {
    let site = site("2026-05-04T19:02:40Z");
    let slow = waiting(&site, &["resolve", "relay-work"]);
    assert_eq!(site.run(&["resolve", "relay-work", "Done."]).code, 0);
    let text = site.read(RELAY);
    let (code, out, err) = typed(slow, "Done, too.\n");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("is over already (completed)"), "{err}");
    assert_eq!(site.read(RELAY), text);
}

#[test]
fn of_updates_written_at_once_none_is_lost() {
    let site = site("2026-05-04T19:02:40Z");
    let texts: Vec<String> = (0..6).map(|number| format!("Text {number}.")).collect();
    let running: Vec<Child> = texts
        .iter()
        .map(|text| site.command(&["update", "relay-work", text]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in running {
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let post = site.read(RELAY);
    assert!(texts.iter().all(|text| post.contains(text.as_str())), "{post}");
    assert_eq!(site.run(&["check"]).err, "No problems found.\n");
}

#[test]
fn a_text_comes_from_the_standard_input_and_a_state_from_its_option() {
    let site = site("2026-05-04T19:02:40Z");
    let update =
        site.run_with_input(&["update", "/2026/05/03/relay-work/", "--state", "IN PROGRESS", "--impact", "nc023=degraded"], "Down.\n");
    assert_eq!(update.code, 0, "{}", update.err);
    assert_eq!(site.read(RELAY), format!("{RELAY_TEXT}\n## 2026-05-04 19:02 UTC — In progress {{nc023=degraded}}\nDown.\n"));
    let empty = site.run(&["update", "relay-work"]);
    assert_eq!((empty.code, empty.err.lines().next()), (2, Some("error: an update needs a text")));
}

#[test]
fn what_check_would_refuse_is_not_written() {
    let site = site("2026-05-04T12:00:00Z");
    let late = site.run(&["new", "maintenance", "Backwards", "-s", "nc023", "--start", "2026-05-05T10:00Z", "--end", "2026-05-05T09:00Z"]);
    assert_eq!(late.code, 1);
    assert!(late.err.starts_with("error[end-before-start]: ") && late.err.ends_with("Nothing was written.\n"), "{}", late.err);
    assert_eq!(posts(&site), [RELAY]);

    let foreign = site.run(&["update", "relay-work", "update", "Text.", "--impact", "nc027=degraded"]);
    assert_eq!(foreign.code, 1);
    assert!(foreign.err.starts_with("error[foreign-server]: "), "{}", foreign.err);
    assert_eq!(site.read(RELAY), RELAY_TEXT);

    site.write(RELAY, &format!("{RELAY_TEXT}\n```\nlog\n"));
    let hidden = site.run(&["update", "relay-work", "Text."]);
    assert_eq!((hidden.code, hidden.out.as_str()), (1, ""));
    assert!(hidden.err.starts_with("error[unclosed-block]: "), "{}", hidden.err);
}

#[test]
fn a_new_post_takes_no_name_that_is_taken() {
    let site = site("2026-05-04T12:00:00Z");
    let paths: Vec<String> = (0..3).map(|_| site.run(&["new", "notice", "New \"hours\" & days", "--text", "From May."]).out).collect();
    assert_eq!(
        paths,
        [
            "content/posts/2026-05-04-1200-new-hours-days.md\n",
            "content/posts/2026-05-04-1200-new-hours-days-2.md\n",
            "content/posts/2026-05-04-1200-new-hours-days-3.md\n"
        ]
    );
    assert!(site.read(paths[0].trim()).starts_with("+++\ntitle   = \"New \\\"hours\\\" & days\"\nkind    = \"notice\"\n+++\n"));
}

#[test]
fn a_server_is_named_in_any_case_as_posts_may() {
    let site = site("2026-05-04T12:00:00Z");
    site.write("content/servers.toml", "[[server]]\nid = \"web1\"\nname = \"Zürich\"\naliases = [\"straße\"]\n");
    site.write(RELAY, &RELAY_TEXT.replace("nc023", "zürich"));
    for word in ["ZÜRICH", "Straße", "WEB1"] {
        let new = site.run(&["new", "incident", "Slow", "--server", word]);
        assert_eq!(new.code, 0, "{word}: {}", new.err);
        assert!(site.read(new.out.trim()).contains("servers = [\"web1\"]"), "{word}");
    }
}

#[test]
fn a_post_is_found_by_its_name_however_its_file_writes_the_letters() {
    let site = site("2026-05-04T19:05:00Z");
    // A letter and its mark apart, as old Macs and archives have them in names of files.
    let path = "content/posts/2026-05-04-1900-sto\u{308}rung.md";
    site.write(path, "+++\ntitle = \"Störung\"\nkind = \"incident\"\nservers = [\"nc027\"]\n+++\nMail waits.\n");
    for (name, text) in [("störung", "One."), ("sto\u{308}rung", "Two."), ("content/posts/2026-05-04-1900-störung.md", "Three.")] {
        let ran = site.run(&["update", name, "monitoring", text]);
        assert_eq!((ran.code, ran.out.as_str()), (0, format!("{path}\n").as_str()), "{}", ran.err);
        assert!(site.read(path).ends_with(&format!("{text}\n")), "{text}");
    }
    assert_eq!(posts(&site).len(), 2);
}

#[test]
fn a_name_of_a_file_does_nothing_to_a_terminal() {
    let site = site("2026-05-04T12:00:00Z");
    site.write("content/static/.a\u{1b}[31mb", "");
    let built = site.run(&["--color", "always", "-v", "build"]);
    assert!(built.err.contains("skipped content/static/.a\u{241b}[31mb"), "{}", built.err);
}

#[test]
fn drafts_are_named_to_whoever_wants_to_know_more() {
    let site = site("2026-05-04T12:00:00Z");
    site.write("content/posts/2026-05-03-later.md", "+++\ntitle = \"Later\"\ndraft = true\n+++\nWords.\n");
    site.write("content/pages/terms.md", "+++\ntitle = \"Terms\"\ndraft = true\n+++\nWords.\n");
    let built = site.run(&["-v", "build"]);
    for path in ["content/posts/2026-05-03-later.md", "content/pages/terms.md"] {
        assert!(built.err.contains(&format!("skipped {path}, a draft\n")), "{}", built.err);
    }
    assert!(!site.run(&["-v", "build", "--drafts"]).err.contains("a draft"));
}

#[test]
fn what_check_would_warn_of_is_said_when_a_post_is_made() {
    let site = site("2026-05-04T12:00:00Z");
    let new = site.run(&["new", "maintenance", "Disks", "-s", "nc027", "--start", "2026-05-05T10:00Z"]);
    assert_eq!((new.code, new.out.as_str()), (0, "content/posts/2026-05-04-1200-disks.md\n"));
    assert!(new.err.starts_with("warning[maintenance-without-end]: "), "{}", new.err);
}

#[test]
fn a_site_whose_content_is_gone_is_not_published() {
    let site = site("2026-05-04T12:00:00Z");
    assert_eq!(site.run(&["build"]).code, 0);
    let published = site.read("public/index.html");
    fs::rename(site.path("content"), site.path("moved")).unwrap();
    for command in ["check", "build"] {
        let ran = site.run(&[command]);
        assert_eq!(ran.code, 1, "{command}: {}", ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains("error[no-content]"), "{command}: {}{}", ran.out, ran.err);
    }
    assert_eq!(site.read("public/index.html"), published);
}

#[test]
fn a_site_may_have_its_own_template() {
    let site = site("2026-05-04T12:00:00Z");
    site.write(
        "content/templates/incident.md",
        "+++\ntitle = \"{title}\"\nservers = {servers}\nstart = {start}\nend = {end}\n+++\nDear customers,\n",
    );
    let new = site.run(&["new", "incident", "Odd", "--server", "nc023,nc027", "--start", "2026-05-04 11:30 UTC"]);
    assert_eq!(new.code, 0, "{}", new.err);
    assert_eq!(
        site.read(new.out.trim()),
        "+++\ntitle = \"Odd\"\nservers = [\"nc023\", \"nc027\"]\nstart = 2026-05-04T11:30:00Z\n+++\nDear customers,\n"
    );
}

#[test]
fn a_slip_on_the_command_line_is_answered_with_the_right_word() {
    let site = site("2026-05-04T12:00:00Z");
    for (command, expected) in [
        (&["new", "incident", "x", "--server", "nc32"][..], "did you mean `nc023`?"),
        (&["new", "incidnt", "x"], "a similar value exists: 'incident'"),
        (&["new", "incident", "x", "--impact", "degradd"], "a similar value exists: 'degraded'"),
        (&["new", "incident", "!"], "has neither letter nor digit"),
        (&["new", "incident", "x", "--start", "2026-05-04T10:00"], "`2026-05-04T10:00:00Z`"),
        (&["update", "rely-work", "Text."], "did you mean `relay-work`?"),
        (&["update", "relay-work", "monitring", "Text."], "did you mean `monitoring`?"),
        (&["update"], "open now: relay-work"),
        (&["resolve", "relay-work", "Done."], "has not begun"),
        (&["theme", "eject", "site.cs"], "did you mean `site.css`?"),
        (&["explain", "unknow-server"], "did you mean `unknown-server`?"),
        (&["check", "--formt", "json"], "'--format'"),
        (&["chekc"], "'check'"),
        (&["status", "--now", "yesterday"], "not a moment"),
    ] {
        let ran = site.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(expected), "{command:?}: {}", ran.err);
    }
    assert_eq!(posts(&site), [RELAY]);
}

#[test]
fn exit_codes_tell_the_files_slips_from_the_users_and_the_machines() {
    let site = site("2026-05-04T12:00:00Z");
    assert_eq!(site.run(&["check"]).code, 0);
    assert_eq!(site.run(&["--root", "nowhere", "check"]).code, 2);
    for moment in ["8210266876799", "253402300800", "-1", "soon"] {
        let mut command = site.command(&["build"]);
        command.env("SOURCE_DATE_EPOCH", moment);
        let ran = terminal::ended(command, "");
        assert_eq!(ran.code, 2, "{moment}: {}", ran.err);
        assert!(ran.err.starts_with("error: SOURCE_DATE_EPOCH is not a number of seconds that lies"), "{}", ran.err);
    }
    site.write("public", "a file where the output should be a folder");
    assert_ne!(site.run(&["build"]).code, 0);
    site.write(RELAY, &RELAY_TEXT.replace("nc023\"]", "nc32\"]"));
    let check = site.run(&["check", "--format", "short"]);
    assert_eq!(check.code, 1);
    assert!(check.out.starts_with(&format!("{RELAY}:4:12: error[unknown-server]: ")), "{}", check.out);
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let site = site("2026-05-04T12:00:00Z");
    for command in [&["explain"][..], &["man"], &["--help"], &["status"]] {
        let mut child = site.command(command).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""), "{command:?}");
    }
}

#[test]
fn status_is_a_table_or_json_at_any_moment() {
    let site = site("2026-05-04T12:00:00Z");
    let table = site.run(&["status", "--now", "2026-05-04T19:10:00Z"]);
    assert_eq!(
        table.out,
        "Mail\n  NC023  maintenance  since 2026-05-04T19:00:00Z  /2026/05/03/relay-work/\nOthers\n  NC027  operational\n\n\
         maintenance at 2026-05-04T19:10:00Z, next change at 2026-05-04T19:30:00Z\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&site.run(&["status", "--now", "2026-05-04T19:10:00Z", "--format", "json"]).out).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            { "id": "nc023", "name": "NC023", "group": "Mail", "status": "maintenance", "since": "2026-05-04T19:00:00Z", "posts": ["/2026/05/03/relay-work/"] },
            { "id": "nc027", "name": "NC027", "group": null, "status": "operational", "since": null, "posts": [] },
        ])
    );
    let servers = ["a", "b", "c", "d"].map(|id| {
        let group = if matches!(id, "b" | "d") { "group = \"Mail\"\n" } else { "" };
        format!("[[server]]\nid = \"{id}\"\n{group}\n")
    });
    site.write("content/servers.toml", &(servers.concat() + "[[server]]\nid = \"e\"\ngroup = \"Mail\"\nstatus = \"retired\"\n"));
    fs::remove_file(site.path(RELAY)).unwrap();
    let lines = ["  A  operational", "  C  operational", "Mail", "  B  operational", "  D  operational", "Retired", "  E  retired", "", ""];
    assert!(site.run(&["status"]).out.starts_with(&lines.join("\n")), "a group stands once: {}", site.run(&["status"]).out);
    site.write(RELAY, RELAY_TEXT);
    let asked = site.run(&["status"]);
    assert!(asked.code == 1 && !asked.err.contains("published"), "a question publishes nothing: {}", asked.err);
    assert!(site.run(&["build"]).err.contains("; nothing was published\n"));
    site.write("content/servers.toml", SERVERS);
    assert_eq!(site.run(&["status", "--color", "always"]).out.matches("\u{1b}[32moperational").count(), 3, "two servers and all of them");
}

#[test]
fn next_prints_one_moment_or_nothing() {
    let site = site("2026-05-04T18:30:00Z");
    assert_eq!(site.run(&["next"]).out, "2026-05-04T19:00:00Z\n");
    assert_eq!(site.run(&["next", "--now", "2026-05-04T19:00:00Z"]).out, "2026-05-04T19:30:00Z\n");
    let none = site.run(&["next", "--now", "2026-06-01T00:00:00Z"]);
    assert_eq!((none.code, none.out.as_str(), none.err.as_str()), (0, "", ""));
}

#[test]
fn a_build_with_an_error_leaves_the_last_site_alone() {
    let site = site("2026-05-04T18:30:00Z");
    assert_eq!(site.run(&["build", "--timings"]).code, 0);
    let front = site.read("public/index.html");
    site.write(RELAY, &RELAY_TEXT.replace("nc023\"]", "nc32\"]"));
    let failed = site.run(&["build"]);
    assert_eq!(failed.code, 1);
    assert!(failed.err.ends_with("The previous site in `public` is untouched.\n"), "{}", failed.err);
    assert_eq!(site.read("public/index.html"), front);
    let json = site.run(&["build", "--format", "json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json.out).unwrap()[0]["code"], "unknown-server");
}

#[test]
fn a_new_site_has_no_finding_and_is_made_once() {
    let site = Site::at("2026-05-04T00:00:30Z");
    site.write(".gitignore", "mine\n");
    let init = site.run(&["init", "--decap"]);
    assert_eq!((init.code, init.out.as_str()), (0, ""));
    assert!(init.err.contains("wrote site.toml\n") && init.err.contains("kept  .gitignore\n"), "{}", init.err);
    assert_eq!(site.read(".gitignore"), "mine\n");
    assert!(init.err.contains("`.gitignore` was there already: add these lines") && init.err.contains("\n/public\n"), "{}", init.err);
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(site.read("content/static/admin/config.yml").contains("value: \"web1\""));
    assert!(site.read("public/_headers").contains("\n/admin/*\n  ! Content-Security-Policy\n"), "the form is allowed what it needs");
    assert_eq!(site.run(&["init"]).code, 2);
    assert_eq!(site.run(&["init", "--decap"]).code, 2);
    fs::remove_file(site.path("content/static/admin/config.yml")).unwrap();
    assert_eq!(site.run(&["init", "--decap"]).code, 0);
}

#[test]
fn a_new_site_below_the_root_of_a_repository_is_told_that_its_workflows_would_not_run() {
    let repository = Site::at("2026-05-04T00:00:30Z");
    let told = |folder: &str| repository.run(&["init", folder]).err.contains("a repository of its own");
    assert!(!told("alone"));
    fs::create_dir(repository.path(".git")).unwrap();
    assert!(told("below"));
    fs::create_dir_all(repository.path("own/.git")).unwrap();
    assert!(!told("own"));
}

#[test]
fn a_program_is_told_which_files_a_build_changed() {
    let site = site("2026-05-04T18:30:00Z");
    let changes = || {
        let ran = site.run(&["build", "--format", "json"]);
        let list: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap();
        let word = |entry: &serde_json::Value, key: &str| entry[key].as_str().map(str::to_owned);
        list.iter().filter_map(|entry| Some((word(entry, "change")?, word(entry, "file")?))).collect::<Vec<_>>()
    };
    assert!(changes().contains(&("added".into(), "index.html".into())));
    assert_eq!(changes(), []);
    site.write("content/pages/terms.md", "+++\ntitle = \"Terms\"\n+++\nWords.\n");
    assert!(changes().contains(&("added".into(), "terms/index.html".into())));
    fs::remove_file(site.path("content/pages/terms.md")).unwrap();
    assert!(changes().contains(&("removed".into(), "terms/index.html".into())));
}

#[test]
fn the_long_version_names_the_release_of_the_time_zones() {
    let version = Site::at("2026-05-04T00:00:30Z").run(&["--version"]).out;
    let zones = version.trim_end().strip_prefix(concat!("signalpost ", env!("CARGO_PKG_VERSION"), " (time zones ")).unwrap();
    assert!(zones.starts_with("20") && zones.ends_with(')'), "{version}");
}

#[test]
fn a_post_that_a_form_wrote_is_read() {
    let site = site("2026-05-04T12:00:00Z");
    // As Decap CMS writes TOML: quoted times, and empty texts for what was not filled in.
    site.write(
        "content/posts/2026-05-04-1005-mail-is-slow.md",
        "+++\ntitle = \"Mail is slow\"\nkind = \"incident\"\nservers = [\"nc023\"]\nimpact = \"\"\nstart = \"2026-05-04T10:00:00Z\"\nend = \"\"\ntags = [ ]\n+++\nMail is slow.\n\n## 2026-05-04 10:30 UTC — Monitoring\n\nLess so.",
    );
    let check = site.run(&["check"]);
    assert_eq!((check.code, check.err.as_str()), (0, "No problems found.\n"));
    assert!(site.run(&["status"]).out.contains("NC023  degraded     since 2026-05-04T10:00:00Z"), "{}", site.run(&["status"]).out);
}

#[test]
fn on_a_terminal_the_post_is_chosen_from_the_open_ones() {
    let site = site("2026-05-04T19:10:00Z");
    // `script`, of util-linux, makes the terminal.
    let typed = format!("{} update --now 2026-05-04T19:10:00Z", env!("CARGO_BIN_EXE_signalpost"));
    let ran =
        terminal::ended(site.program("script", &["--quiet", "--return", "--command", &typed, "/dev/null"]), "7\n1\nHalf done.\n\u{4}");
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("1  NC023: disk replacement  in-progress, relay-work"), "{}", ran.out);
    assert_eq!(site.read(RELAY), format!("{RELAY_TEXT}\n## 2026-05-04 19:10 UTC\nHalf done.\n"));
}

#[test]
fn an_editor_gets_the_post_and_a_slip_in_it_is_told() {
    let mut site = site("2026-05-04T12:00:00Z");
    site.set("EDITOR", "printf '\\nMore.\\n' >>");
    let new = site.run(&["new", "notice", "Hours", "--edit"]);
    assert_eq!((new.code, new.err.as_str()), (0, ""), "what the editor mended is not warned of");
    assert!(site.read(new.out.trim()).ends_with("know. -->\n\nMore.\n"));
    site.set("EDITOR", "printf '+++\\n' >");
    let broken = site.run(&["new", "notice", "Days", "--edit"]);
    assert_eq!(broken.code, 1);
    assert!(
        broken.err.starts_with("error[front-matter]: ") && broken.err.ends_with("The file is kept as you wrote it.\n"),
        "{}",
        broken.err
    );
    site.set("EDITOR", "false");
    assert_eq!(site.run(&["new", "notice", "Weeks", "--edit"]).code, 2);
}

/// A program that runs until the test is over, whatever becomes of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits up to half a minute for something to become true.
fn wait_for(what: &str, mut is_true: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_true() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn watch_builds_at_every_change_and_keeps_the_site_at_a_slip() {
    let site = site("2026-05-04T12:00:00Z");
    let _running = Running(site.command(&["watch", "--quiet", "--output", "www"]).stderr(Stdio::null()).spawn().unwrap());
    let page = site.path("www/2026/05/03/relay-work/index.html");
    let shows = |words: &str| fs::read_to_string(&page).is_ok_and(|page| page.contains(words));
    wait_for("the first build", || shows("We replace a disk."));
    site.write(RELAY, &RELAY_TEXT.replace("nc023\"]", "nc32\"]"));
    std::thread::sleep(Duration::from_millis(300));
    assert!(shows("We replace a disk."));
    site.write(RELAY, &RELAY_TEXT.replace("a disk.", "two disks."));
    wait_for("the change", || shows("We replace two disks."));
}

/// As in a container. Where the tests may not make one (`unshare`, of util-linux), there is nothing to try.
#[cfg(target_os = "linux")]
#[test]
fn as_the_first_process_of_a_container_it_ends_when_it_is_told_to() {
    const CONTAINER: [&str; 7] = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
    let site = site("2026-05-04T12:00:00Z");
    let contained = |program: &[&str]| site.program("unshare", &[&CONTAINER, program].concat());
    if !contained(&["true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return;
    }
    for command in [&["watch"][..], &["serve", "--port", "0"]] {
        for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
            let mut command = contained(&[&[env!("CARGO_BIN_EXE_signalpost")], command].concat());
            let mut running = Running(command.stderr(Stdio::piped()).spawn().unwrap());
            let mut said = BufReader::new(running.0.stderr.take().unwrap()).lines();
            assert!(said.any(|line| line.unwrap().contains("Ctrl-C ends it")), "it never began");
            let children = format!("/proc/{0}/task/{0}/children", running.0.id());
            let first = fs::read_to_string(children).unwrap();
            assert!(Command::new("kill").args([signal, first.trim()]).status().unwrap().success());
            let mut ended = None;
            wait_for("its end", || {
                ended = running.0.try_wait().unwrap();
                ended.is_some()
            });
            assert_eq!(ended.unwrap().code(), Some(code), "{signal}");
        }
    }
}

/// Root may write everywhere: where the tests are root's, the program is run by nobody.
#[test]
fn after_a_read_only_output_the_next_build_is_as_good_as_any() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let site = site("2026-05-04T12:00:00Z");
    let is_roots = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if is_roots {
        for path in [".", "content", "content/posts", RELAY, "content/servers.toml", "site.toml"] {
            chown(site.path(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let build = || {
        let mut command = site.command(&["build"]);
        if is_roots {
            command.uid(NOBODY).gid(NOBODY);
        }
        terminal::ended(command, "")
    };
    let set_mode = |mode: u32| fs::set_permissions(site.path("public"), fs::Permissions::from_mode(mode)).unwrap();
    let first = build();
    assert_eq!(first.code, 0, "{}", first.err);
    site.write(RELAY, &RELAY_TEXT.replace("a disk.", "two disks."));
    set_mode(0o555);
    assert_eq!(build().code, 3, "nobody may write there");
    set_mode(0o755);
    let again = build();
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(site.read("public/2026/05/03/relay-work/index.html").contains("two disks."));
    assert!(!site.path(".public.signalpost").exists());
}

#[test]
fn a_new_site_that_was_cut_off_is_completed() {
    let site = Site::at("2026-05-04T12:00:00Z");
    site.write("ci", "in the way");
    assert_eq!(site.run(&["init"]).code, 3);
    fs::remove_file(site.path("ci")).unwrap();
    let again = site.run(&["init"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("kept  POSTING.md\n") && again.err.contains("wrote ci/install.sh\n"), "{}", again.err);
    assert!(!again.err.contains("was there already"), "it was written by us: {}", again.err);
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
fn watch_builds_from_the_folder_that_the_root_leads_to_now() {
    use std::os::unix::fs::symlink;
    let site = Site::at("2026-05-04T12:00:00Z");
    for (release, words) in [("one", "The first."), ("two", "The second.")] {
        site.write(&format!("{release}/site.toml"), "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
        site.write(&format!("{release}/content/servers.toml"), "");
        site.write(&format!("{release}/content/posts/2026-05-03-news.md"), &format!("+++\ntitle = \"News\"\n+++\n{words}\n"));
    }
    symlink("one", site.path("current")).unwrap();
    let mut running = Running(site.command(&["watch", "--root", "current"]).stderr(Stdio::piped()).spawn().unwrap());
    let shows = |page: &str, words: &str| fs::read_to_string(site.path(page)).is_ok_and(|page| page.contains(words));
    wait_for("the first build", || shows("one/public/2026/05/03/news/index.html", "The first."));
    symlink("two", site.path("next")).unwrap();
    fs::rename(site.path("next"), site.path("current")).unwrap();
    wait_for("the other folder", || shows("current/public/2026/05/03/news/index.html", "The second."));
    let mut said = BufReader::new(running.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line == "The site's folder is another one now: building from that."));
}

#[test]
fn serve_says_where_it_is_and_answers_there() {
    let site = site("2026-05-04T12:00:00Z");
    let mut running = Running(site.command(&["serve", "--port", "0"]).stderr(Stdio::piped()).spawn().unwrap());
    let mut said = BufReader::new(running.0.stderr.take().unwrap()).lines();
    let address =
        said.find_map(|line| Some(line.unwrap().strip_prefix("Serving at http://localhost:")?.split_once('/')?.0.to_owned())).unwrap();
    let mut connection = TcpStream::connect(format!("127.0.0.1:{address}")).unwrap();
    write!(connection, "GET /2026/05/03/relay-work/ HTTP/1.1\r\nHost: localhost:{address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("We replace a disk."), "{answer}");
    let taken = site.run(&["serve", "--port", &address]);
    assert_eq!(taken.code, 3);
    assert!(taken.err.contains("another program uses it"), "{}", taken.err);
}

#[test]
fn a_built_in_file_is_copied_once_to_where_it_can_be_changed() {
    let site = site("2026-05-04T12:00:00Z");
    let names = site.run(&["theme", "eject"]).out;
    assert!(names.lines().any(|name| name == "templates/base.html") && names.lines().any(|name| name == "static/site.css"), "{names}");
    assert_eq!(site.run(&["theme", "eject", "templates/404.html"]).out, "themes/default/templates/404.html\n");
    site.write("themes/default/templates/404.html", "Lost.");
    assert_eq!(site.run(&["theme", "eject", "404.html"]).code, 2);
    assert_eq!(site.run(&["build"]).code, 0);
    assert_eq!(site.read("public/404.html"), "Lost.");
}

#[test]
fn a_theme_that_is_not_there_begins_with_its_first_file() {
    let site = site("2026-05-04T12:00:00Z");
    let settings = site.read("site.toml");
    let with = |theme: &str| site.write("site.toml", &format!("theme = \"{theme}\"\n{settings}"));
    with("mine");
    let told = site.run(&["check"]);
    assert!(told.code == 1 && told.err.contains("`signalpost theme eject FILE` begins one"), "{}", told.err);
    assert_eq!(site.run(&["theme", "eject", "footer.html"]).out, "themes/mine/templates/footer.html\n");
    assert_eq!(site.run(&["check"]).code, 0);
    assert_eq!(site.run(&["theme", "eject", "footer.html"]).code, 2, "it is there by now");
    // A slip in a post is no reason to keep the theme's files back.
    site.write("content/posts/2026-05-04-slip.md", "no front matter");
    assert_eq!(site.run(&["theme", "eject", "site.css"]).out, "themes/mine/static/site.css\n");
    with("../../mine");
    let outside = site.run(&["theme", "eject", "404.html"]);
    assert!(outside.code == 2 && outside.err.contains("a theme cannot be called `../../mine`"), "{}", outside.err);
}

#[test]
fn the_help_of_every_command_has_an_example() {
    let site = Site::at("2026-05-04T12:00:00Z");
    let commands = "init build check serve watch new update resolve status next explain schema completions";
    for command in commands.split(' ') {
        let help = site.run(&[command, "--help"]).out;
        assert!(help.contains(&format!("\n  signalpost {command}")), "{command}: {help}");
    }
    let page = site.run(&["man"]).out;
    assert!(page.starts_with(".ie"));
    // Name, section, date, and then the source: as the date, the version would stand in the footer's middle.
    assert!(page.contains(&format!(".TH signalpost 1 \" \" \"signalpost {}\"", env!("CARGO_PKG_VERSION"))), "{page}");
    assert!(page.contains(".SH \"THEME EJECT\""), "{page}");
    assert!(site.run(&["completions", "fish"]).out.contains("complete -c signalpost"));
    assert!(site.run(&["completions", "bash"]).out.contains(" scheduled in-progress verifying "), "a word with a space would be two");
    assert!(site.run(&["schema", "servers"]).out.starts_with("{\n"));
}

/// Templates nest as deep as the stack is: a chain of them must not end the program in the middle of a build.
#[test]
fn a_long_chain_of_templates_is_built() {
    let site = site("2026-05-04T12:00:00Z");
    site.write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\ntheme = \"own\"\n");
    site.write("themes/own/templates/404.html", "{% include \"part-0.html\" %}");
    for n in 0..300 {
        site.write(&format!("themes/own/templates/part-{n}.html"), &format!("{{% include \"part-{}.html\" %}}", n + 1));
    }
    let branches = "{% elif page.title == \"none\" %}".repeat(1500);
    site.write("themes/own/templates/part-300.html", &format!("{{% if page.title == \"no\" %}}{branches}{{% else %}}the end{{% endif %}}"));
    let built = site.run(&["build", "--quiet"]);
    assert_eq!(built.code, 0, "{}", built.err);
    assert_eq!(site.read("public/404.html"), "the end");
}

#[test]
fn what_is_from_the_future_by_source_date_epoch_may_be_right_and_that_is_said() {
    let mut site = site("2026-05-04T12:00:00Z");
    site.write("content/posts/2026-05-04-1300-news.md", "+++\ntitle = \"News\"\n+++\nWords.\n");
    let note = "Now is 2026-05-04T12:00:00Z because SOURCE_DATE_EPOCH says so.";
    for command in ["build", "check", "status"] {
        let ran = site.run(&[command]);
        assert!(ran.code == 1 && ran.err.contains("error[from-the-future]") && ran.err.contains(note), "{command}: {}", ran.err);
    }
    site.write("content/posts/2026-05-04-1300-news.md", "no front matter");
    assert!(!site.run(&["check"]).err.contains("SOURCE_DATE_EPOCH"));
    site.write("content/posts/2026-05-04-1300-news.md", "+++\ntitle = \"News\"\ndate = 2199-05-04T13:00:00Z\n+++\nWords.\n");
    site.set("SOURCE_DATE_EPOCH", "");
    let mut by_the_clock = site.command(&["check"]);
    by_the_clock.env_remove("SOURCE_DATE_EPOCH");
    let ran = terminal::ended(by_the_clock, "");
    assert!(ran.err.contains("error[from-the-future]") && !ran.err.contains("SOURCE_DATE_EPOCH"), "{}", ran.err);
}

#[test]
fn what_source_date_epoch_dates_is_said() {
    let site = site("2026-05-04T12:00:00Z");
    fs::remove_file(site.path(RELAY)).unwrap();
    let program = |arguments: &[&str]| terminal::ended(site.program(env!("CARGO_BIN_EXE_signalpost"), arguments), "");
    let note = "What is written is dated 2026-05-04T12:00:00Z, because SOURCE_DATE_EPOCH says so";
    let by_variable = program(&["new", "incident", "Mail is slow", "--server", "nc023"]);
    assert!(by_variable.code == 0 && by_variable.out.contains("2026-05-04-1200") && by_variable.err.contains(note), "{by_variable:?}");
    let given = program(&["update", "mail-is-slow", "monitoring", "It gets better.", "--now", "2026-05-04T12:10:00Z"]);
    assert!(given.code == 0 && !given.err.contains("SOURCE_DATE_EPOCH"), "{given:?}");
}
