//! `signalpost probe` against real listeners, and what a build makes of what it wrote.

#![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

mod terminal;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

use terminal::Site;

const NOW: &str = "2026-05-04T19:00:00Z";

/// A web server that answers every request with a status; gives its port.
fn web(status: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            if stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {
                let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
    });
    port
}

fn server(id: &str, more: &str) -> String {
    format!("[[server]]\nid = \"{id}\"\n{more}\n")
}

/// A site whose servers have these further keys.
fn site(servers: &[(&str, String)]) -> Site {
    let site = Site::at(NOW);
    site.write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
    site.write("content/servers.toml", &servers.iter().map(|(id, more)| server(id, more)).collect::<String>());
    site
}

/// A site that was probed: a mail server that is up, a page that is there, one that fails, a closed port, and servers that nobody tries.
fn probed() -> (Site, TcpListener) {
    let mail = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = site(&[
        ("mail", format!("ping = \"https://ping.example.net/mail\"\nprobe = \"tcp://127.0.0.1:{}\"", mail.local_addr().unwrap().port())),
        ("web", format!("probe = \"http://127.0.0.1:{}/\"", web("404 Not Found"))),
        ("shop", format!("probe = \"http://127.0.0.1:{}/\"", web("503 Service Unavailable"))),
        ("dns", format!("ping = \"https://ping.example.net/dns\"\nprobe = \"tcp://127.0.0.1:{closed}\"")),
        ("quiet", "ping = \"https://ping.example.net/quiet\"".to_owned()),
        ("old", format!("status = \"retired\"\nprobe = \"tcp://127.0.0.1:{closed}\"")),
    ]);
    (site, mail)
}

/// The Ping cell of a server on the front page.
fn cell(site: &Site, server: &str) -> String {
    let front = scraper::Html::parse_document(&site.read("public/index.html"));
    let select = |selector: &str| scraper::Selector::parse(selector).unwrap();
    let is_of = |row: &scraper::ElementRef<'_>| row.select(&select("th a")).any(|name| name.inner_html().contains(&server.to_uppercase()));
    let row = front.select(&select(".glance tr[data-status]")).find(is_of).unwrap();
    row.select(&select("td:last-child")).next().unwrap().html()
}

/// What is in `status.json` of a server's probe.
fn told(site: &Site, server: &str) -> serde_json::Value {
    let status: serde_json::Value = serde_json::from_str(&site.read("public/status.json")).unwrap();
    status["servers"].as_array().unwrap().iter().find(|one| one["id"] == server).unwrap()["probe"].clone()
}

fn milliseconds(site: &Site, server: &str) -> u64 {
    let file: serde_json::Value = serde_json::from_str(&site.read("content/probes.json")).unwrap();
    file["servers"][server]["milliseconds"].as_u64().unwrap()
}

#[test]
fn what_was_found_is_printed_written_and_shown() {
    let (site, _mail) = probed();
    let probe = site.run(&["probe"]);
    assert_eq!(probe.code, 0, "{}", probe.err);
    let (mail, web) = (milliseconds(&site, "mail"), milliseconds(&site, "web"));
    assert_eq!(
        probe.out,
        format!(
            "MAIL  answers    {mail} ms\nWEB   answers    {web} ms\nSHOP  no answer  answered 503\nDNS   no answer  connection refused\n"
        )
    );
    assert!(probe.err.starts_with("2 of 4 answer; written to "), "{}", probe.err);
    let file: serde_json::Value = serde_json::from_str(&site.read("content/probes.json")).unwrap();
    let expected = serde_json::json!({ "at": NOW, "servers": {
        "mail": { "up": true, "milliseconds": mail },
        "web": { "up": true, "milliseconds": web },
        "shop": { "up": false, "why": "answered 503" },
        "dns": { "up": false, "why": "connection refused" },
    } });
    assert_eq!(file, expected, "neither those without a probe nor retired ones");

    let build = site.run(&["build"]);
    assert_eq!(build.code, 0, "{}", build.err);
    let until = "<time data-becomes=\"unknown\" datetime=\"2026-05-04T19:30:00Z\" hidden=\"\"></time>";
    let link = "<small><a aria-label=\"Ping MAIL\" href=\"https://ping.example.net/mail\">Ping</a></small>";
    let answer = |word: &str, text: &str| format!("<td data-status=\"{word}\"><span data-word=\"\">{text}</span>{until}");
    assert_eq!(cell(&site, "mail"), format!("{} {link}</td>", answer("up", &format!("Answers, {mail} ms"))));
    assert_eq!(cell(&site, "shop"), format!("{}</td>", answer("down", "No answer")));
    assert_eq!(cell(&site, "quiet"), "<td><a aria-label=\"Ping QUIET\" href=\"https://ping.example.net/quiet\">Ping</a></td>");
    assert!(site.read("public/server/dns/index.html").contains("data-word>No answer</span>"));
    let tried = "Ping · As of <time datetime=\"2026-05-04T19:00:00Z\" data-local>4 May 2026, 19:00 UTC</time>";
    assert!(site.read("public/index.html").contains(tried));
    assert_eq!(
        told(&site, "mail"),
        serde_json::json!({ "answer": "up", "milliseconds": mail, "at": NOW, "unknown_from": "2026-05-04T19:30:00Z" })
    );
    assert_eq!(told(&site, "quiet"), serde_json::Value::Null);
}

#[test]
fn a_probe_never_changes_a_status() {
    let (site, _mail) = probed();
    let before = site.run(&["status", "--format", "json"]).out;
    assert_eq!(site.run(&["probe"]).code, 0);
    assert_eq!(site.run(&["status", "--format", "json"]).out, before);
    assert_eq!(site.run(&["build"]).code, 0);
    let status: serde_json::Value = serde_json::from_str(&site.read("public/status.json")).unwrap();
    assert_eq!(status["overall"]["status"], "operational");
}

#[test]
fn after_half_an_hour_nothing_is_known_and_next_says_when() {
    let (mut site, _mail) = probed();
    assert_eq!(site.run(&["probe"]).code, 0);
    assert_eq!(site.run(&["next"]).out, "2026-05-04T19:30:00Z\n");
    site.clock("2026-05-04T19:29:59Z");
    assert_eq!(site.run(&["build"]).code, 0);
    assert!(cell(&site, "dns").contains("No answer"));
    site.clock("2026-05-04T19:30:00Z");
    assert_eq!(site.run(&["next"]).out, "");
    assert_eq!(site.run(&["build"]).code, 0);
    for server in ["mail", "web", "shop", "dns"] {
        let cell = cell(&site, server);
        assert!(cell.starts_with("<td data-status=\"unknown\">") && cell.contains(">Unknown</"), "{cell}");
        assert!(!cell.contains("data-becomes"), "{cell}");
        assert_eq!((told(&site, server)["answer"].as_str(), told(&site, server)["milliseconds"].as_u64()), (Some("unknown"), None));
    }
}

#[test]
fn a_site_as_it_stood_before_the_probe_knows_nothing_of_it() {
    let (site, _mail) = probed();
    let now = "2026-05-04T18:59:00Z";
    assert_eq!(site.run(&["build", "--now", now, "--output", "before"]).code, 0);
    assert_eq!(site.run(&["probe"]).code, 0);
    assert_eq!(site.run(&["build", "--now", now, "--output", "after"]).code, 0);
    assert_eq!(site.read("after/index.html"), site.read("before/index.html"));
    assert_eq!(site.read("after/status.json"), site.read("before/status.json"));
}

#[test]
fn the_file_is_written_where_it_is_wanted_and_printed_as_json() {
    let (site, _mail) = probed();
    let probe = site.run(&["probe", "--output", "out/probes.json", "--format", "json"]);
    assert_eq!((probe.code, probe.out), (0, site.read("out/probes.json")));
    assert!(!site.path("content/probes.json").exists());
    let again = site.run(&["probe", "-q", "--output", "out/probes.json"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""), "it takes the place of the old one");
    assert_eq!(fs::read_dir(site.path("out")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_slip_in_a_post_or_in_the_old_results_does_not_keep_servers_from_being_tried() {
    let (site, _mail) = probed();
    site.write("content/posts/2026-05-04-slip.md", "+++\ntitle = \n+++\nText.\n");
    site.write("content/probes.json", "{ \"at\": ");
    assert_eq!(site.run(&["probe"]).code, 0);
    assert!(site.read("content/probes.json").contains("connection refused"));
    site.write("content/servers.toml", "[[server]]\nname = \"no id\"\n");
    let refused = site.run(&["probe"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("error[missing-key]: a server has no `id`"), "{}", refused.err);
}

#[test]
fn where_nothing_can_be_tried_or_written_it_says_so() {
    let quiet = site(&[("quiet", String::new())]);
    let refused = quiet.run(&["probe"]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.err,
        "error: no server has a probe\n  help: give one a line such as `probe = \"tcp://mail.example.net:25\"` in content/servers.toml\n"
    );
    let (site, _mail) = probed();
    let failed = site.run(&["probe", "--output", "site.toml/probes.json"]);
    assert_eq!((failed.code, failed.out.as_str()), (3, ""), "{}", failed.err);
    assert!(failed.err.starts_with("error: cannot "), "{}", failed.err);
}

/// A page that nobody answers for holds a socket; with fewer sockets than pages some servers could not be tried at all.
#[cfg(unix)]
#[test]
fn a_machine_that_has_no_more_sockets_writes_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let probe = format!("probe = \"http://127.0.0.1:{}/\"", silent.local_addr().unwrap().port());
    let ids: Vec<String> = (0..60).map(|n| format!("s{n}")).collect();
    let site = site(&ids.iter().map(|id| (&**id, probe.clone())).collect::<Vec<_>>());
    site.write("content/probes.json", "the last results");
    let failed = terminal::ended(site.program("sh", &["-c", "ulimit -n 32; exec \"$0\" probe", env!("CARGO_BIN_EXE_signalpost")]), "");
    assert_eq!((failed.code, failed.out.as_str()), (3, ""), "{}", failed.err);
    assert!(failed.err.starts_with("error: cannot try the servers: Too many open files\n  help: allow"), "{}", failed.err);
    assert_eq!(site.read("content/probes.json"), "the last results");
}
