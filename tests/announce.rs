//! `signalpost announce` against real receivers: a web server and a mail server on loopback.

mod terminal;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::Value;
use terminal::Site;

/// A request that a receiver got.
struct Got {
    path: String,
    key: String,
    body: Value,
    /// What to answer.
    answer: Sender<&'static str>,
}

const FINE: &str = "204 No Content";

/// A web server that hands over each request, and answers what it is told to; gives the port.
fn receiver() -> (u16, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (said, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever was killed in the middle says no more.
            let _ = serve(stream.unwrap(), &said);
        }
    });
    (port, requests)
}

fn serve(stream: TcpStream, said: &Sender<Got>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        stream.read_line(&mut head).ok().filter(|read| *read > 0)?;
    }
    let lower = head.to_lowercase();
    let header = |name: &str| lower.split(&format!("\r\n{name}: ")).nth(1).and_then(|rest| rest.lines().next()).map(str::to_owned);
    let mut body = vec![0; header("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    let (answer, answers) = channel();
    let path = head.split(' ').nth(1)?.to_owned();
    said.send(Got { path, key: header("idempotency-key")?, body: serde_json::from_slice(&body).ok()?, answer }).ok()?;
    let answer = answers.recv().ok()?;
    write!(stream.get_mut(), "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()
}

/// Answers every request by its path, until the receiver's site is gone; gives what came.
fn answer_all(requests: Receiver<Got>, answer: impl Fn(&str) -> &'static str + Send + 'static) -> Receiver<(String, Value)> {
    let (said, came) = channel();
    std::thread::spawn(move || {
        for got in requests {
            // Before it is answered: then it is there when the command has ended.
            let status = answer(&got.path);
            let _ = said.send((got.path, got.body));
            let _ = got.answer.send(status);
        }
    });
    came
}

fn titles(came: &Receiver<(String, Value)>) -> Vec<(String, String)> {
    came.try_iter().map(|(path, body)| (path, body["title"].as_str().unwrap_or_default().to_owned())).collect()
}

const SERVERS: &str =
    "[[server]]\nid = \"nc023\"\nname = \"NC023\"\naliases = [\"relay\"]\n\n[[server]]\nid = \"nc027\"\nname = \"NC027\"\n";

fn site(settings: &str) -> Site {
    let site = Site::at("2026-05-04T12:00:00Z");
    site.write("site.toml", &format!("title = \"Test\"\nbase_url = \"https://status.example.net\"\n{settings}"));
    site.write("content/servers.toml", SERVERS);
    site.write("content/posts/2026-05-01-old.md", "+++\ntitle = \"Old news\"\n+++\nLong told.\n");
    site
}

fn webhook(name: &str, more: &str) -> String {
    format!("[[webhook]]\nname = \"{name}\"\nurl_env = \"{}\"\n{more}\n", name.to_uppercase())
}

/// A site with these webhooks, each behind its own path of one receiver, after its first run.
fn begun(webhooks: &[(&str, &str)], port: u16) -> Site {
    let mut site = site(&webhooks.iter().map(|(name, more)| webhook(name, more)).collect::<String>());
    for (name, _) in webhooks {
        site.set(&name.to_uppercase(), &format!("http://127.0.0.1:{port}/{name}/s3cret"));
    }
    assert_eq!(site.run(&["announce"]).code, 0);
    site
}

fn incident(site: &mut Site, updates: &str) {
    site.write(
        "content/posts/2026-05-04-1205-spam.md",
        &format!("+++\ntitle = \"Mail is slow\"\nserver = \"relay\"\nstart = 2026-05-04T12:05:00Z\n+++\nIt waits.\n{updates}"),
    );
    site.clock("2026-05-04T12:30:00Z");
}

const MONITORING: &str = "\n## 2026-05-04 12:10 UTC — Monitoring\nBetter.\n";

fn pair(path: &str, title: &str) -> (String, String) {
    (path.to_owned(), title.to_owned())
}

#[test]
fn each_update_is_sent_once_and_the_first_run_sends_nothing() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = site(&webhook("ops", ""));
    site.set("OPS", &format!("http://127.0.0.1:{port}/ops/s3cret"));
    let first = site.run(&["announce"]);
    assert_eq!((first.code, first.out.as_str()), (0, ""));
    assert_eq!(first.err, "webhook:ops is new, and is told what comes from now on.\n0 sent.\n");
    assert_eq!(
        site.read("announced.json"),
        "{\n  \"since\": \"2026-04-04T12:00:00Z\",\n  \"sent\": {\n    \"webhook:ops\": [\n      \"tag:status.example.net,2026:2026-05-01-old/opening\"\n    ]\n  }\n}\n"
    );

    incident(&mut site, "");
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (0, "webhook:ops  Incident: Mail is slow (NC023)\n"), "{}", run.err);
    assert_eq!(titles(&came), [pair("/ops/s3cret", "Incident: Mail is slow (NC023)")]);
    let record = site.read("announced.json");
    let again = site.run(&["announce"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", "0 sent.\n"));

    incident(&mut site, MONITORING);
    let run = site.run(&["announce"]);
    assert_eq!(run.out, "webhook:ops  Monitoring: Mail is slow (NC023)\n");
    assert_eq!(titles(&came), [pair("/ops/s3cret", "Monitoring: Mail is slow (NC023)")], "nothing came twice");
    assert_ne!(site.read("announced.json"), record);
}

#[test]
fn what_is_announced_is_what_the_feeds_tell_under_the_same_ids() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("ops", "")], port);
    incident(&mut site, MONITORING);
    site.write("content/posts/2026-05-04-1206-draft.md", "+++\ntitle = \"Draft\"\ndraft = true\n+++\nNot yet.\n");
    site.write("content/posts/2026-05-04-1207-tidied.md", "+++\ntitle = \"Tidied\"\nnotify = false\n+++\nNobody is told.\n");
    assert_eq!(site.run(&["announce"]).code, 0);
    assert_eq!(site.run(&["build"]).code, 0);
    let feed: Value = serde_json::from_str(&site.read("public/feed.json")).unwrap();
    let mut fed: Vec<&str> = feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    fed.reverse();
    let bodies: Vec<Value> = came.try_iter().map(|(_, body)| body).collect();
    let told: Vec<&str> = bodies.iter().map(|body| body["id"].as_str().unwrap()).collect();
    assert_eq!(told, fed[1..], "all but the old one");
    assert_eq!(bodies[1]["thread"], bodies[0]["id"]);
    assert_eq!((&bodies[1]["state"], &bodies[1]["impact"]), (&Value::from("monitoring"), &Value::from("degraded")));
}

#[test]
fn what_the_feeds_tell_is_announced_in_the_same_minute_whatever_its_date() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("ops", "")], port);
    // Its date is midnight, before the first run; and an update that is four minutes ahead of this clock.
    site.write("content/posts/2026-05-04-hours.md", "+++\ntitle = \"New hours\"\n+++\nFrom May.\n");
    incident(&mut site, "\n## 2026-05-04 12:34 UTC — Resolved\nAll is well.\n");
    let run = site.run(&["announce"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let told = ["Notice: New hours", "Incident: Mail is slow (NC023)", "Resolved: Mail is slow (NC023)"];
    assert_eq!(titles(&came), told.map(|title| pair("/ops/s3cret", title)));
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(told.iter().all(|title| site.read("public/feed.xml").contains(title)));
    assert_eq!((site.run(&["announce"]).err.as_str(), titles(&came)), ("0 sent.\n", vec![]), "once");
}

#[test]
fn a_channel_that_fails_holds_up_no_other_and_is_told_by_the_next_run() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |path| if path.starts_with("/down/") { "503 No\r\nRetry-After: 0" } else { FINE });
    let mut site = begun(&[("down", ""), ("ops", "")], port);
    incident(&mut site, MONITORING);
    let run = site.run(&["announce"]);
    assert_eq!(run.code, 3);
    assert_eq!(run.out, "webhook:ops  Incident: Mail is slow (NC023)\nwebhook:ops  Monitoring: Mail is slow (NC023)\n");
    assert_eq!(
        run.err,
        "error: webhook:down at 127.0.0.1: answered 503\n2 sent.\n\
         error: cannot announce everything: 1 of 2 channels failed\n  help: the next run sends what was not accepted\n"
    );
    let mut paths: Vec<String> = titles(&came).into_iter().map(|(path, _)| path).collect();
    paths.sort();
    assert_eq!(paths, ["/down/s3cret", "/down/s3cret", "/down/s3cret", "/ops/s3cret", "/ops/s3cret"], "three tries, then it rests");

    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    site.set("DOWN", &format!("http://127.0.0.1:{port}/down/s3cret"));
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{}", run.err);
    let down = ["Incident: Mail is slow (NC023)", "Monitoring: Mail is slow (NC023)"].map(|title| pair("/down/s3cret", title));
    assert_eq!(titles(&came), down, "in their order");
}

#[test]
fn a_channel_that_does_not_answer_keeps_no_other_waiting() {
    let (slow_port, slow) = receiver();
    let (port, ops) = receiver();
    let mut site = begun(&[("slow", ""), ("ops", "")], port);
    site.set("SLOW", &format!("http://127.0.0.1:{slow_port}/slow/s3cret"));
    incident(&mut site, "");
    let running = site.command(&["announce"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let held = slow.recv().unwrap();
    // One after the other, the first would have been given up before the second is told.
    ops.recv().unwrap().answer.send(FINE).unwrap();
    held.answer.send(FINE).unwrap();
    let ran = running.wait_with_output().unwrap();
    assert_eq!((ran.status.code(), String::from_utf8(ran.stderr).unwrap().as_str()), (Some(0), "2 sent.\n"));
    let out = String::from_utf8(ran.stdout).unwrap();
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["webhook:ops  Incident: Mail is slow (NC023)", "webhook:slow  Incident: Mail is slow (NC023)"]);
    assert_eq!(site.run(&["announce"]).err, "0 sent.\n");
}

#[test]
fn an_update_that_a_receiver_does_not_take_holds_up_no_other() {
    let (port, requests) = receiver();
    let (said, came) = channel();
    std::thread::spawn(move || {
        for got in requests {
            let title = got.body["title"].as_str().unwrap().to_owned();
            let status = if title.starts_with("Incident") { "400 Bad Request" } else { FINE };
            let _ = said.send(title);
            let _ = got.answer.send(status);
        }
    });
    let mut site = begun(&[("ops", "")], port);
    incident(&mut site, MONITORING);
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (3, "webhook:ops  Monitoring: Mail is slow (NC023)\n"));
    assert!(run.err.starts_with("error: webhook:ops at 127.0.0.1: answered 400 to `Incident: Mail is slow (NC023)`\n"), "{}", run.err);
    assert_eq!(came.try_iter().count(), 2);
    assert_eq!(site.run(&["announce"]).code, 3);
    assert_eq!(came.try_iter().collect::<Vec<_>>(), ["Incident: Mail is slow (NC023)"], "it is tried again, and the other is not");
}

#[test]
fn who_is_killed_between_repeats_at_most_the_message_in_flight_which_says_that_it_is_the_same() {
    let (port, requests) = receiver();
    let mut site = begun(&[("ops", "")], port);
    incident(&mut site, MONITORING);
    let mut killed = site.command(&["announce"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let first = requests.recv().unwrap();
    first.answer.send(FINE).unwrap();
    let in_flight = requests.recv().unwrap();

    let second = site.run(&["announce"]);
    assert_eq!((second.code, second.out.as_str()), (3, ""));
    assert_eq!(
        second.err,
        "error: cannot announce: another `signalpost announce` is at work\n  help: wait until it is done; two at once would send everything twice\n"
    );

    killed.kill().unwrap();
    killed.wait().unwrap();
    drop(in_flight.answer);
    let (key, title) = (in_flight.key, in_flight.body["title"].clone());
    let again = std::thread::spawn(move || requests.recv().map(|got| (got.answer.send(FINE), got.key, got.body["title"].clone())).unwrap());
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (0, "webhook:ops  Monitoring: Mail is slow (NC023)\n"), "{}", run.err);
    let (_, same_key, same_title) = again.join().unwrap();
    assert_eq!((same_key, same_title), (key.clone(), title));
    assert_ne!(first.key, key);
}

#[test]
fn a_webhook_that_is_narrowed_hears_of_nothing_else_also_when_it_is_widened_later() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site =
        begun(&[("web", "servers = [\"nc027\"]"), ("work", "kinds = [\"maintenance\"]"), ("mine", "servers = [\"relay\"]")], port);
    incident(&mut site, "");
    assert_eq!(site.run(&["announce"]).code, 0);
    assert_eq!(titles(&came), [pair("/mine/s3cret", "Incident: Mail is slow (NC023)")]);
    site.write("site.toml", &site.read("site.toml").replace("servers = [\"nc027\"]", "").replace("kinds = [\"maintenance\"]", ""));
    assert_eq!((site.run(&["announce"]).code, titles(&came)), (0, vec![]), "old news is not news");
}

#[test]
fn a_dry_run_says_what_would_go_where_and_touches_nothing() {
    let site = site(&(webhook("ops", "") + "[mail]\nfrom = \"status@example.net\"\nto = [\"team@example.net\"]\nsmtp_env = \"SMTP\"\n"));
    let run = site.run(&["announce", "--dry-run", "--since", "2026-05-01T00:00Z"]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (0, "webhook:ops  Notice: Old news\nmail:team@example.net  Notice: Old news\n"),
        "{}",
        run.err
    );
    let warned = "warning: webhook:ops: the environment has no `OPS`\nwarning: mail:team@example.net: the environment has no `SMTP`\n";
    assert_eq!(run.err, format!("{warned}2 would be sent.\n"));
    assert!(!site.path("announced.json").exists());
}

#[test]
fn a_site_with_errors_a_broken_record_and_wrong_words_send_nothing() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("ops", "")], port);
    incident(&mut site, "\n## 2026-05-04 12:10 — Monitoring\nNo zone.\n");
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    incident(&mut site, "");
    let run = site.run(&["announce", "--since", "2026-05-04T00:00Z"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: --since is for the first run of a channel"), "{}", run.err);
    let run = site.run(&["announce", "--record", "other.json", "--since", "2026-03-04T00:00Z"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("help: the earliest is 2026-04-04T12:30:00Z"), "{}", run.err);
    site.write("announced.json", "{ \"since\": ");
    let run = site.run(&["announce"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: cannot read `"), "{}", run.err);
    assert_eq!(titles(&came), []);
    let nobody = Site::at("2026-05-04T12:00:00Z");
    nobody.write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
    nobody.write("content/servers.toml", "");
    assert_eq!((nobody.run(&["announce"]).code, nobody.path("announced.json").exists()), (2, false));
}

/// The record comes through a pipe here: it can be read, and nothing can be written beside it.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_sent_while_the_record_cannot_be_written() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("ops", "")], port);
    let (record, path) = (site.read("announced.json"), "/proc/self/fd/0");
    assert_eq!(site.run_with_input(&["announce", "--record", path], &record).code, 0, "nothing is to be sent, and nothing to be written");
    incident(&mut site, "");
    let run = site.run_with_input(&["announce", "--record", path], &record);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    assert!(run.err.contains(&format!("cannot write `{path}`")), "{}", run.err);
    assert_eq!(titles(&came), []);
}

#[test]
fn a_secret_is_never_said() {
    let mut site = begun(&[("ops", "")], 1);
    incident(&mut site, "");
    for secret in ["http://127.0.0.1:1/s3cret", "https://s3cret.invalid\\/x", "s3cret", "ftp://u:s3cret@127.0.0.1/"] {
        site.set("OPS", secret);
        let run = site.run(&["announce", "-v"]);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{secret}");
        assert!(!run.err.contains("s3cret"), "{}", run.err);
        assert!(!site.read("announced.json").contains("s3cret"));
    }
    let other = begun(&[("ops", "")], 1);
    let missing = other.read("site.toml").replace("\"OPS\"", "\"NOT_SET\"");
    other.write("site.toml", &missing);
    other.write("content/posts/2026-05-04-1200-new.md", "+++\ntitle = \"New\"\n+++\nNews.\n");
    let run = other.run(&["announce"]);
    assert_eq!(run.code, 3);
    assert!(run.err.starts_with("error: webhook:ops: the environment has no `NOT_SET`\n"), "{}", run.err);
}

/// A secret that was lost would else be found out in the first outage after it.
#[test]
fn a_secret_that_is_missing_is_told_also_when_there_is_nothing_to_send_and_before_anything_is() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("ops", ""), ("lost", "")], port);
    site.set("LOST", "no address");
    let told = "error: webhook:lost: what `LOST` holds is no http or https URL\n";
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    assert!(run.err.starts_with(&format!("{told}0 sent.\n")) && run.err.contains("1 of 2 channels failed"), "{}", run.err);
    incident(&mut site, "");
    let run = site.run(&["announce"]);
    assert_eq!((run.code, run.out.as_str()), (3, "webhook:ops  Incident: Mail is slow (NC023)\n"), "it holds up no other: {}", run.err);
    assert!(run.err.starts_with(told), "{}", run.err);
    site.set("LOST", &format!("http://127.0.0.1:{port}/lost/s3cret"));
    assert_eq!(site.run(&["announce"]).out, "webhook:lost  Incident: Mail is slow (NC023)\n");
    assert_eq!(titles(&came).len(), 2);
}

/// A mail server (RFC 5321, the least of it) that refuses mail for some recipients for good; gives its port, and what it took.
fn mail_server(refuses: &'static str) -> (u16, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (said, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = take_mail(stream.unwrap(), refuses, &said);
        }
    });
    (port, mails)
}

fn take_mail(stream: TcpStream, refuses: &str, said: &Sender<(String, String)>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let say = |line: &str| write!(&stream, "{line}\r\n").ok();
    say("220 mail.example.net")?;
    let mut to = String::new();
    loop {
        let line = lines.next()?.ok()?;
        match line.split([' ', ':']).next()?.to_uppercase().as_str() {
            "EHLO" => say("250 mail.example.net")?,
            "MAIL" if line.contains(refuses) => say("530 5.7.0 log in first")?,
            "RCPT" if line.contains(refuses) => say("550 nobody of that name")?,
            "RCPT" => {
                to += line.split(['<', '>']).nth(1)?;
                say("250 fine")?;
            }
            "DATA" => {
                say("354 go on")?;
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                said.send((std::mem::take(&mut to), mail.join("\n"))).ok()?;
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine")?,
        }
    }
}

#[test]
fn each_recipient_gets_each_update_in_a_mail_of_their_own() {
    let mail = |to: &str| format!("[mail]\nfrom = \"Northwind <status@example.net>\"\nto = [{to}]\nsmtp_env = \"SMTP\"\n");
    let mut site = site(&mail("\"team@example.net\", \"gone@example.net\""));
    let (port, mails) = mail_server("gone@");
    site.set("SMTP", &format!("smtp://127.0.0.1:{port}"));
    assert_eq!(site.run(&["announce"]).code, 0);
    incident(&mut site, MONITORING);
    let run = site.run(&["announce"]);
    assert_eq!(run.code, 3);
    assert!(
        run.err.starts_with("error: mail:gone@example.net at 127.0.0.1: answered 550 to `Incident: Mail is slow (NC023)`\n"),
        "{}",
        run.err
    );
    let taken: Vec<(String, String)> = mails.try_iter().collect();
    assert_eq!(taken.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["team@example.net", "team@example.net"]);
    let header = |mail: &str, name: &str| mail.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    assert_eq!(header(&taken[0].1, "Subject: ").as_deref(), Some("Incident: Mail is slow (NC023)"));
    assert_eq!(header(&taken[1].1, "References: "), header(&taken[0].1, "Message-ID: "));
    assert!(taken.iter().all(|(_, mail)| !mail.contains("gone@")), "nobody learns of the others");

    let (port, mails) = mail_server("nobody@");
    site.set("SMTP", &format!("smtp://127.0.0.1:{port}"));
    assert_eq!(site.run(&["announce"]).code, 0);
    let taken: Vec<String> = mails.try_iter().map(|(to, _)| to).collect();
    assert_eq!(taken, ["gone@example.net", "gone@example.net"], "only who had nothing yet");
}

#[test]
fn a_login_that_is_refused_is_tried_once_a_run() {
    let mut site = site("[mail]\nfrom = \"status@example.net\"\nto = [\"team@example.net\"]\nsmtp_env = \"SMTP\"\n");
    let (port, _mails) = mail_server("status@");
    site.set("SMTP", &format!("smtp://127.0.0.1:{port}"));
    assert_eq!(site.run(&["announce"]).code, 0);
    incident(&mut site, MONITORING);
    let run = site.run(&["announce"]);
    let complaints: Vec<&str> = run.err.lines().filter(|line| line.contains("answered")).collect();
    assert_eq!((run.code, complaints), (3, vec!["error: mail:team@example.net at 127.0.0.1: answered 530"]), "of two updates");
}

#[test]
fn a_hostile_title_stays_a_title() {
    let (port, requests) = receiver();
    let came = answer_all(requests, |_| FINE);
    let mut site = begun(&[("slack", "format = \"slack\""), ("discord", "format = \"discord\""), ("teams", "format = \"teams\"")], port);
    site.write(
        "content/posts/2026-05-04-1205-x.md",
        "+++\ntitle = \"Hi <!everyone> @everyone\\r\\nBcc: evil@example.net [x](https://evil.example)\"\n+++\n<@U1> <https://evil.example|x> @here\n",
    );
    site.clock("2026-05-04T12:30:00Z");
    assert_eq!(site.run(&["announce"]).code, 0);
    let bodies: BTreeMap<String, Value> = came.try_iter().collect();
    let [discord, slack, teams] = ["discord", "slack", "teams"].map(|name| &bodies[&format!("/{name}/s3cret")]);
    assert!(slack["text"].as_str().unwrap().starts_with("Notice: Hi &lt;!everyone&gt; @everyone"), "{slack}");
    assert!(!slack["blocks"][1]["text"]["text"].as_str().unwrap().contains('<'), "{slack}");
    assert_eq!(discord["allowed_mentions"]["parse"], Value::Array(Vec::new()));
    assert!(discord["embeds"][0]["title"].as_str().unwrap().contains(r"\[x\]\(https\:\/\/evil"), "{discord}");
    let card = &teams["attachments"][0]["content"]["body"][0];
    assert_eq!((&card["type"], &card["inlines"][0]["type"]), (&Value::from("RichTextBlock"), &Value::from("TextRun")));
}
