//! The preview over the wire: a real socket, a real folder, real edits.
#![expect(clippy::disallowed_methods, reason = "a test makes files")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use signalpost::serve::{self, Hooks, Report, ServeOptions};
use signalpost::{Now, project};

const SETTINGS: &str = "title = 'Northwind'\nbase_url = 'https://status.example.net'\n";

struct Ears {
    ready: Sender<String>,
}

impl Hooks for Ears {
    fn now(&self) -> Now {
        Now::Given("2030-01-01T00:00:00Z".parse().unwrap())
    }

    fn ready(&mut self, url: &str) {
        self.ready.send(url.to_owned()).unwrap();
    }

    fn built(&mut self, _report: &Report<'_>) {}

    fn notice(&mut self, words: &str) {
        panic!("{words}");
    }
}

struct Preview {
    folder: tempfile::TempDir,
    port: u16,
}

impl Preview {
    fn of(posts: usize) -> Preview {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("content/posts")).unwrap();
        fs::write(root.join("site.toml"), SETTINGS).unwrap();
        fs::write(root.join("content/servers.toml"), "[[server]]\nid = 'nc023'\nname = 'NC023'\n").unwrap();
        for number in 0..posts {
            let day = chrono::NaiveDate::from_ymd_opt(2015, 1, 1).unwrap() + chrono::TimeDelta::days((number / 3) as i64);
            fs::write(root.join(format!("content/posts/{day}-post-{number}.md")), post(&format!("Post {number}"), "All is well.")).unwrap();
        }
        let project = project::read(root).unwrap();
        let (ready, url) = channel();
        std::thread::spawn(move || serve::run(project, &ServeOptions::default(), Ears { ready }).unwrap());
        let url = url.recv_timeout(Duration::from_secs(60)).unwrap();
        let port = url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Preview { folder, port }
    }

    fn post(&self, number: usize) -> PathBuf {
        let day = chrono::NaiveDate::from_ymd_opt(2015, 1, 1).unwrap() + chrono::TimeDelta::days((number / 3) as i64);
        self.folder.path().join(format!("content/posts/{day}-post-{number}.md"))
    }

    /// Sends these bytes and reads until the other end closes, or for a second.
    fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    /// Asks for a page until it holds `text`; how long that took.
    fn wait_for(&self, path: &str, text: &str) -> Duration {
        let started = Instant::now();
        while !self.get(path).contains(text) {
            assert!(started.elapsed() < Duration::from_secs(20), "`{path}` never held {text:?}: {}", self.get(path));
            std::thread::sleep(Duration::from_millis(1));
        }
        started.elapsed()
    }
}

fn post(title: &str, text: &str) -> String {
    format!("+++\ntitle = '{title}'\nserver = 'nc023'\nkind = 'notice'\n+++\n\n{text}\n")
}

fn save_by_rename(place: &Path, text: &str) {
    let beside = place.with_extension("tmp~");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, place).unwrap();
}

#[test]
fn an_edit_is_answered_and_pages_are_told_to_load_again() {
    let preview = Preview::of(3);
    let page = "/2015/01/01/post-1/";
    assert!(preview.get(page).contains("All is well."));
    let events = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
    (&events).write_all(b"GET /_signalpost/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    events.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut lines = BufReader::new(&events).lines().map(|line| line.unwrap_or_default()).filter(|line| line.starts_with("data: "));
    let first = lines.next().unwrap();

    save_by_rename(&preview.post(1), &post("Post 1", "A queue is long."));
    preview.wait_for(page, "A queue is long.");
    assert_ne!(lines.next().unwrap(), first);

    fs::write(preview.post(1), "+++\ntitle = 'Post 1'\nserver = 'nc0<i>23'\n+++\n\nx\n").unwrap();
    preview.wait_for(page, "nc0&lt;i&gt;23");
    assert!(preview.get(page).contains("A queue is long."), "the last good site stays behind the errors");
    fs::write(preview.post(1), post("Post 1", "Mended.")).unwrap();
    preview.wait_for(page, "Mended.");
    assert!(!preview.get(page).contains("signalpost-errors"));

    fs::remove_file(preview.post(1)).unwrap();
    preview.wait_for(page, "HTTP/1.1 404");
}

#[test]
fn a_new_probe_is_shown() {
    let preview = Preview::of(1);
    assert!(!preview.get("/").contains("Answers, 7 ms"));
    let probes = preview.folder.path().join("content/probes.json");
    save_by_rename(&probes, r#"{ "at": "2029-12-31T23:59:00Z", "servers": { "nc023": { "up": true, "milliseconds": 7 } } }"#);
    preview.wait_for("/", "Answers, 7 ms");
}

#[test]
fn nobody_else_is_answered() {
    let preview = Preview::of(1);
    let refused = |request: &str, status: &str| {
        let answer = preview.raw(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && !answer.contains("Northwind"), "{request:?}: {answer}");
    };
    refused("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "403");
    refused("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "403");
    refused("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "403");
    refused("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n", "403");
    refused("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "403");
    refused("DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "405");
    refused("GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400");
    refused("GET / NONSENSE\r\n\r\n", "400");
    refused("GET \0 HTTP/1.1\r\n\r\n", "400");
    let head = preview.raw("HEAD /feed.xml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn a_port_in_use_is_a_failure_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("site.toml"), SETTINGS).unwrap();
    let (ready, _url) = channel();
    let failure =
        serve::run(project::read(folder.path()).unwrap(), &ServeOptions { port, ..ServeOptions::default() }, Ears { ready }).unwrap_err();
    assert_eq!(failure.exit_code(), 3);
    assert!(failure.help.unwrap().contains("--port 0"));
}
