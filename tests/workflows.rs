//! The workflows that `init` writes: they are YAML, and every command in them does what it says.

#![expect(clippy::disallowed_methods, reason = "tests make folders, and look at what was written there")]

mod terminal;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use terminal::{Ran, Site, ended};

/// A new site in a repository with one commit, and the tools that the workflows expect: what reaches out of this machine is a
/// stand-in that does the same in a folder.
fn made() -> Site {
    let mut site = Site::at("2026-05-04T12:00:00Z");
    assert_eq!(site.run(&["init"]).code, 0);
    let tools = site.path(".tools/bin");
    fs::create_dir_all(&tools).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_signalpost"), tools.join("signalpost")).unwrap();
    for (name, script) in [
        ("date", "echo \"$TODAY\""),
        ("curl", "for last; do :; done; cat .tools/published/${last#https://status.example.net/} 2>/dev/null || exit 22"),
        (
            "rsync",
            "test ! -e .tools/down || exit 12; for last; do :; done; echo \"$@\" >>.tools/rsync.log; mkdir -p \"$last\" && cp -R public/. \"$last\"",
        ),
        ("apt-get", ":"),
    ] {
        let path = tools.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    site.set("PATH", &path);
    for name in ["GIT_AUTHOR", "GIT_COMMITTER"] {
        site.set(&format!("{name}_NAME"), "Tester");
        site.set(&format!("{name}_EMAIL"), "tester@example.net");
    }
    site.set("TODAY", "2026-05-04T12:00:00Z");
    shell(&site, "git init --quiet --initial-branch=main && git add --all && git commit --quiet --message 'New site'");
    site
}

fn shell(site: &Site, script: &str) -> Ran {
    let ran = try_shell(site, script);
    assert_eq!(ran.code, 0, "{script}\n{}\n{}", ran.out, ran.err);
    ran
}

fn try_shell(site: &Site, script: &str) -> Ran {
    ended(site.program("sh", &["-e", "-c", script]), "")
}

/// Builds the site at a moment, as if it were published then.
fn publish_at(site: &mut Site, now: &str) {
    site.clock(now);
    shell(
        site,
        "signalpost build && mkdir -p .tools/published && cp public/status.json .tools/published && git rev-parse HEAD >.tools/published/revision.txt",
    );
}

#[test]
fn a_scheduled_run_builds_when_a_window_has_passed_and_once_a_day() {
    let mut site = made();
    let due = |today: &str, site: &mut Site| {
        site.set("TODAY", today);
        try_shell(site, "sh ci/rebuild-due.sh").code
    };
    assert_eq!(due("2026-05-11T12:00:00Z", &mut site), 0, "nothing is published yet");
    publish_at(&mut site, "2026-05-11T12:00:00Z");
    assert_eq!(due("2026-05-11T18:59:59Z", &mut site), 1, "the maintenance has not begun");
    assert_eq!(due("2026-05-11T19:00:00Z", &mut site), 0, "it has begun");
    publish_at(&mut site, "2026-05-11T19:04:00Z");
    assert_eq!(due("2026-05-11T19:10:00Z", &mut site), 1, "nothing happened since");
    assert_eq!(due("2026-05-11T19:30:00Z", &mut site), 0, "the window is over");
    publish_at(&mut site, "2026-05-11T23:50:00Z");
    assert_eq!(due("2026-05-11T23:55:00Z", &mut site), 1);
    assert_eq!(due("2026-05-12T00:01:00Z", &mut site), 0, "a new day");
    site.write("content/posts/2026-05-12-1500-web-1-is-down.md", &resolved_at("2026-05-12", "15:00", "15:14"));
    publish_at(&mut site, "2026-05-12T15:12:00Z");
    assert_eq!(due("2026-05-12T15:13:59Z", &mut site), 1, "staff's clock is ahead: it is resolved in a minute");
    assert_eq!(due("2026-05-12T15:14:00Z", &mut site), 0, "it is resolved");
}

#[test]
fn a_scheduled_run_publishes_the_newest_commit_where_that_did_not_happen() {
    let mut site = made();
    shell(&site, "git init --quiet --bare .tools/origin.git && git remote add origin .tools/origin.git && git push --quiet origin main");
    site.write(
        "site.toml",
        &site.read("site.toml").replace("base_url    = \"https://status.example.net\"", "'base_url'='https://status.example.net'"),
    );
    let due = |site: &Site| try_shell(site, "sh ci/rebuild-due.sh").code;
    publish_at(&mut site, "2026-05-04T12:00:00Z");
    assert_eq!(due(&site), 1);
    shell(&site, "signalpost new notice 'New hours' && git add --all && git commit --quiet --message 'New hours'");
    assert_eq!(due(&site), 0, "what was pushed is not published");
    publish_at(&mut site, "2026-05-04T12:01:00Z");
    assert_eq!(due(&site), 1);
    shell(&site, "git push --quiet origin main && git checkout --quiet HEAD~1");
    assert_eq!(due(&site), 0, "it is behind, for all that is known here");
    site.set("GITHUB_REF", "refs/heads/main");
    assert_eq!(due(&site), 1, "a run that waited too long must not publish over a newer one");
    shell(&site, "git checkout --quiet main && rm .tools/published/revision.txt");
    assert_eq!(due(&site), 0, "nothing says what is published");
}

#[test]
fn on_github_a_scheduled_run_takes_the_turn_of_no_push() {
    let site = made();
    let workflow = ".github/workflows/status.yml";
    site.write(workflow, &with_offers(&site.read(workflow)));
    let parsed = yaml(&site, workflow);
    let group = |of: &Value| of["concurrency"]["group"].as_str().unwrap().to_owned();
    assert!(group(&parsed).contains("github.event_name == 'schedule'"), "one of each may be at work");
    for job in ["publish", "announce"] {
        assert!(!group(&parsed["jobs"][job]).contains("event_name"), "{job} is done by one at a time");
    }
    assert_ne!(group(&parsed["jobs"]["publish"]), group(&parsed["jobs"]["announce"]));
}

/// An incident of one server with both ends.
fn resolved_at(day: &str, start: &str, end: &str) -> String {
    format!(
        "+++\ntitle = \"Web 1 is down\"\nserver = \"web1\"\nstart = {day}T{start}:00Z\n+++\nDown.\n\n## {day} {end} UTC — Resolved\nUp.\n"
    )
}

#[test]
fn a_change_that_subscribers_would_hear_wrongly_is_held_up() {
    let site = made();
    let ran = shell(&site, "sh ci/check-against.sh HEAD");
    assert!(ran.err.contains("Subscribers will be told: no new item."), "{}", ran.err);
    let incident = "content/posts/2026-05-03-0912-web-1-answers-slowly.md";
    site.write(incident, &site.read(incident).replace("## 2026-05-03 09:25", "## 2026-05-03 09:26"));
    assert_eq!(try_shell(&site, "sh ci/check-against.sh HEAD").code, 1);
    assert!(!site.path(".previous").exists());
}

#[test]
fn a_machine_of_ones_own_publishes_what_changed_and_what_became_due() {
    let mut site = made();
    let publish = "sh ci/publish-rsync.sh .tools/www/";
    let times = |site: &Site| site.read(".tools/rsync.log").lines().count();
    shell(&site, publish);
    assert!(site.path(".tools/www/index.html").is_file());
    shell(&site, publish);
    assert_eq!(times(&site), 1, "nothing changed");
    shell(&site, "signalpost new notice 'New hours' && git add --all && git commit --quiet --message 'New hours'");
    shell(&site, publish);
    assert_eq!(times(&site), 2, "a new post");
    for (now, expected, why) in
        [("2026-05-11T18:59:00Z", 3, "a new day"), ("2026-05-11T18:59:30Z", 3, "not yet"), ("2026-05-11T19:00:00Z", 4, "the window begins")]
    {
        site.clock(now);
        site.set("TODAY", now);
        shell(&site, publish);
        assert_eq!(times(&site), expected, "{why}");
    }
    site.write("content/posts/2026-05-11-2000-web-1-is-down.md", &resolved_at("2026-05-11", "20:00", "20:04"));
    shell(&site, "git add --all content && git commit --quiet --message 'Web 1 is down, and up in three minutes'");
    for (now, expected, why) in [
        ("2026-05-11T20:01:00Z", 5, "staff's clock is ahead"),
        ("2026-05-11T20:03:59Z", 5, "it is resolved in a second"),
        ("2026-05-11T20:04:00Z", 5, "it is resolved, and the web server does not answer"),
        ("2026-05-11T20:05:00Z", 6, "it does again"),
    ] {
        site.clock(now);
        site.set("TODAY", now);
        if why.contains("does not answer") {
            site.write(".tools/down", "");
            assert_eq!(try_shell(&site, publish).code, 12);
            fs::remove_file(site.path(".tools/down")).unwrap();
            continue;
        }
        shell(&site, publish);
        assert_eq!(times(&site), expected, "{why}");
    }
    site.write("content/posts/2026-05-11-2000-web-1-is-down.md", &resolved_at("2026-05-11", "20:00", "20:02"));
    shell(&site, "git add --all content && git commit --quiet --message 'Move what was told'");
    let ran = shell(&site, publish);
    assert!(ran.err.contains("error[changed-date]") && ran.err.contains("Published all the same."), "{}", ran.err);
    assert_eq!(times(&site), 7, "a page is not held up by what subscribers know");
}

#[test]
fn a_pull_request_waits_for_what_subscribers_know_and_a_push_does_not() {
    let mut site = made();
    let before = shell(&site, "git rev-parse HEAD").out.trim().to_owned();
    let incident = "content/posts/2026-05-03-0912-web-1-answers-slowly.md";
    site.write(incident, &site.read(incident).replace("## 2026-05-03 09:25", "## 2026-05-03 09:26"));
    for name in ["BEFORE", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_COMMIT_BEFORE_SHA"] {
        site.set(name, &before);
    }
    for (github, gitlab, code) in [("push", "push", 0), ("pull_request", "merge_request_event", 1)] {
        site.set("EVENT", github);
        site.set("CI_PIPELINE_SOURCE", gitlab);
        for workflow in [".github/workflows/status.yml", ".gitlab-ci.yml", ".forgejo/workflows/status.yml"] {
            let mut commands = Vec::new();
            scripts(&yaml(&site, workflow), &mut commands);
            // GitLab has a job for each of the two.
            let is_meant = |command: &&String| {
                command.contains("check-against") && (workflow != ".gitlab-ci.yml" || command.contains("code-quality") == (code == 1))
            };
            let ends: Vec<i32> = commands.iter().filter(is_meant).map(|command| try_shell(&site, command).code).collect();
            assert_eq!(ends, [code], "{workflow}, {github}");
        }
    }
}

#[test]
fn an_outage_with_a_date_alone_is_no_error_behind_what_was_told_that_day() {
    let mut site = made();
    site.clock("2026-05-04T15:07:00Z");
    shell(
        &site,
        "signalpost new incident 'Mail is slow' --server mail && git add --all content && git commit --quiet --message 'Mail is slow'",
    );
    site.clock("2026-05-04T15:10:00Z");
    site.write(
        "content/posts/2026-05-04-power.md",
        "+++\ntitle = \"No power\"\nserver = \"web1\"\nstart = 2026-05-04T15:04:00Z\n+++\nDown.\n",
    );
    let ran = shell(&site, "sh ci/check-against.sh HEAD");
    assert!(ran.err.contains("warning[late-item]") && ran.err.contains("name its file `2026-05-04-1510-power.md`"), "{}", ran.err);
    assert!(ran.err.contains("Subscribers will be told: 1 new item: Incident: No power (Web 1)."), "{}", ran.err);
}

#[test]
fn every_command_of_the_workflows_runs_in_its_order() {
    let mut site = made();
    shell(&site, "git init --quiet --bare .tools/origin.git && git remote add origin .tools/origin.git");
    shell(&site, "signalpost new notice 'New hours' && git add --all && git commit --quiet --message 'New hours'");
    let before = shell(&site, "git rev-parse HEAD~1").out.trim().to_owned();
    let folder = site.path(".");
    for (name, value) in [
        ("BEFORE", before.as_str()),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &before),
        ("CI_COMMIT_BEFORE_SHA", &before),
        ("CI_PIPELINE_SOURCE", "push"),
        ("CI_PROJECT_DIR", folder.to_str().unwrap()),
        ("EVENT", "push"),
        ("GITHUB_OUTPUT", ".tools/output"),
    ] {
        site.set(name, value);
    }
    for workflow in [".github/workflows/status.yml", ".gitlab-ci.yml", ".forgejo/workflows/status.yml"] {
        let parsed = yaml(&site, workflow);
        let mut commands = Vec::new();
        scripts(&parsed, &mut commands);
        assert!(commands.iter().any(|command| command.contains("signalpost build")), "{workflow}: {commands:?}");
        let _ = fs::remove_dir_all(site.path("public"));
        for command in &commands {
            let environment = if command.contains("git push") { "export GIT_INDEX_FILE=$PWD/.git/pages-index\n" } else { "" };
            shell(&site, &format!("{environment}{command}"));
        }
        assert!(site.path("public/index.html").is_file(), "{workflow}");
        assert_eq!(site.read("public/revision.txt"), shell(&site, "git rev-parse HEAD").out, "{workflow}");
    }
    assert_eq!(site.read(".tools/output"), "publish=yes\n");
    let pages = shell(&site, "git --git-dir=.tools/origin.git ls-tree --name-only pages").out;
    assert!(pages.lines().any(|name| name == "index.html") && !pages.contains("site.toml"), "{pages}");
    assert_eq!(shell(&site, "git status --porcelain -- site.toml content").out, "");
}

/// A workflow with what its comments offer: code behind a `#` without a blank, or with two for its indentation.
fn with_offers(text: &str) -> String {
    let line = |line: &str| {
        let code = line.trim_start();
        let is_offer = code.strip_prefix('#').is_some_and(|code| !code.starts_with(' ') || code.starts_with("  "));
        if is_offer { format!("{}\n", line.replacen('#', "", 1)) } else { format!("{line}\n") }
    };
    text.lines().map(line).collect()
}

#[test]
fn what_the_workflows_offer_probes_before_the_build_and_announces_behind_it_on_the_main_branch() {
    let site = made();
    for workflow in [".github/workflows/status.yml", ".gitlab-ci.yml", ".forgejo/workflows/status.yml"] {
        let (mut before, mut offered) = (Vec::new(), Vec::new());
        scripts(&yaml(&site, workflow), &mut before);
        // A comment inside a script is no command.
        let is_command = |line: &&str| !line.trim_start().starts_with('#');
        let commands = |scripts: &[String]| scripts.iter().flat_map(|script| script.lines()).filter(is_command).collect::<String>();
        assert!(!commands(&before).contains("probe") && !commands(&before).contains("announce"), "{workflow}");
        site.write(workflow, &with_offers(&site.read(workflow)));
        let parsed = yaml(&site, workflow);
        scripts(&parsed, &mut offered);
        let all = commands(&offered);
        let at = |command: &str| all.find(command).unwrap_or_else(|| panic!("{workflow} has no `{command}`: {all}"));
        assert!(
            at("signalpost probe ||") < at("signalpost build") && at("signalpost build") < at("sh ci/announce.sh"),
            "{workflow}: {all}"
        );
        // Behind the job or step that publishes, and on the main branch alone.
        let is_guarded = match workflow {
            ".github/workflows/status.yml" => {
                // Also where nothing was to be published: that run sends what was not accepted before.
                let announce = &parsed["jobs"]["announce"];
                announce["needs"] == serde_json::json!(["check", "publish"])
                    && announce["if"]
                        == "${{ !cancelled() && github.ref == 'refs/heads/main' && needs.check.result == 'success' && (needs.publish.result == 'success' || needs.publish.result == 'skipped') }}"
            }
            ".gitlab-ci.yml" => parsed["announce"]["needs"][0] == "pages" && parsed["announce"]["rules"] == parsed["pages"]["rules"],
            _ => {
                let steps = parsed["jobs"]["status"]["steps"].as_array().unwrap();
                let [.., publish, announce] = steps.as_slice() else { panic!("{workflow}: {steps:?}") };
                announce["name"] == "Announce" && announce["if"] == publish["if"] && !publish["if"].is_null()
            }
        };
        assert!(is_guarded, "{workflow}");
    }
}

/// A webhook on this machine that takes what it gets; the first line of each request.
fn webhook() -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{BufRead, BufReader, Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (send, received) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while lines.read_line(&mut head).is_ok_and(|read| read > 2) {
                let last = head.lines().last().unwrap_or_default().to_ascii_lowercase();
                length = last.strip_prefix("content-length:").map_or(length, |length| length.trim().parse().unwrap());
            }
            let mut body = vec![0; length];
            lines.read_exact(&mut body).unwrap();
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            if send.send(String::from_utf8(body).unwrap()).is_err() {
                return;
            }
        }
    });
    (address, received)
}

#[test]
fn an_update_is_announced_once_it_is_published_and_once_alone() {
    let mut site = made();
    shell(&site, "git init --quiet --bare .tools/origin.git && git remote add origin .tools/origin.git");
    let (address, received) = webhook();
    site.set("TEAM_WEBHOOK", &address);
    site.set("ANNOUNCE_WAIT", "0");
    site.write(
        "site.toml",
        &site.read("site.toml").replace("base_url    = \"https://status.example.net\"", "base_url = 'https://status.example.net'"),
    );
    site.write("site.toml", &format!("{}\n[[webhook]]\nname = \"team\"\nurl_env = \"TEAM_WEBHOOK\"\n", site.read("site.toml")));
    let record = |site: &Site| try_shell(site, "git --git-dir=.tools/origin.git show announced:announced.json");
    let commits = |site: &Site| shell(site, "git --git-dir=.tools/origin.git rev-list --count announced").out.trim().to_owned();
    // Nothing is published yet: there is nothing to tell of.
    assert_eq!(try_shell(&site, "sh ci/announce.sh").code, 1);
    assert_ne!(record(&site).code, 0);
    publish_at(&mut site, "2026-05-04T12:00:00Z");
    shell(&site, "sh ci/announce.sh");
    assert!(record(&site).out.contains("webhook:team") && received.try_recv().is_err(), "the first run begins, and sends nothing");
    site.clock("2026-05-04T12:10:00Z");
    shell(&site, "signalpost new notice 'New hours' && git add --all content && git commit --quiet --message 'New hours'");
    assert_eq!(try_shell(&site, "sh ci/announce.sh").code, 1, "the published page does not say it yet");
    assert!(received.try_recv().is_err());
    publish_at(&mut site, "2026-05-04T12:10:00Z");
    // Whoever cannot keep the record sends nothing.
    site.set("ANNOUNCE_REMOTE", ".tools/nowhere.git");
    assert_ne!(try_shell(&site, "sh ci/announce.sh").code, 0);
    assert!(received.try_recv().is_err());
    site.set("ANNOUNCE_REMOTE", "origin");
    shell(&site, "sh ci/announce.sh");
    assert!(received.try_recv().unwrap().contains("New hours") && commits(&site) == "2", "it is told, and written down");
    shell(&site, "rm -r .announced && sh ci/announce.sh");
    assert!(received.try_recv().is_err() && commits(&site) == "2", "another machine finds the record");
    assert_eq!(shell(&site, "git --git-dir=.tools/origin.git ls-tree --name-only announced").out, "announced.json\n");
    assert_eq!(shell(&site, "git branch --list --format '%(refname:short)'; git status --porcelain -- .announced").out, "main\n");
}

/// A YAML file, as a reader of YAML 1.2 sees it.
fn yaml(site: &Site, path: &str) -> Value {
    serde_saphyr::from_str(&site.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The shell commands of a workflow, in their order.
fn scripts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("run", Value::String(script)) => into.push(script.clone()),
                    ("script" | "before_script", Value::Array(lines)) => {
                        into.push(lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"));
                    }
                    _ => scripts(value, into),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| scripts(value, into)),
        _ => {}
    }
}
