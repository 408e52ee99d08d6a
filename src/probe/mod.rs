//! Tries servers from this machine: `signalpost probe`.
//!
//! In: the `probe` of each server, `tcp://HOST:PORT` or an `http` or `https` URL, and how long to wait. Out: for each whether
//! it answered and how fast, or why not; and the file that holds it. A server is up where a connection is taken (TCP), or where
//! a page comes with a status below 500 (HTTP): the server answers, whatever it says. Certificates are held against Mozilla's
//! list. All are tried at the same time, without a proxy. Never part of a build, never says anything about status.

use std::error::Error;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;
use ureq::Agent;

use crate::failure::Failure;
use crate::load::links::host_and_port;
use crate::load::probes::Entry;
use crate::model::{Answer, Moment, rfc3339};

/// How long a server has to answer.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Redirects that are followed; the answer behind them counts.
const REDIRECTS: u32 = 3;

/// Tries all, and gives the answers in their order, no later than `patience` from now. Fails where no thread can be had: that
/// says nothing about the servers.
pub fn try_all(probes: &[&str], patience: Duration) -> Result<Vec<Answer>, Failure> {
    let begin = Instant::now();
    let (done, answers) = mpsc::channel();
    for (at, probe) in probes.iter().enumerate() {
        let (done, probe) = (done.clone(), (*probe).to_owned());
        let try_it = move || {
            let answer = try_one(&probe, patience);
            // Nobody listens any more where the time is over.
            let _ = done.send((at, answer));
        };
        thread::Builder::new().spawn(try_it).map_err(|error| Failure::system("begin a probe", error))?;
    }
    drop(done);
    let mut found = vec![Answer::Down { why: no_answer(patience) }; probes.len()];
    // The look-up of a name cannot be given a limit: a thread that hangs in one is left behind.
    while let Ok((at, answer)) = answers.recv_timeout(patience.saturating_sub(begin.elapsed())) {
        found[at] = answer;
    }
    Ok(found)
}

/// The file `content/probes.json`: the results of servers by their id.
pub fn file<'a>(at: Moment, results: impl IntoIterator<Item = (&'a str, &'a Answer)>) -> String {
    #[derive(Serialize)]
    struct File {
        at: String,
        servers: serde_json::Map<String, serde_json::Value>,
    }
    let entry = |(id, answer): (&str, &Answer)| (id.to_owned(), json!(Entry::from(answer)));
    let file = File { at: rfc3339(at), servers: results.into_iter().map(entry).collect() };
    serde_json::to_string_pretty(&file).expect("texts and numbers become JSON") + "\n"
}

fn try_one(probe: &str, patience: Duration) -> Answer {
    let begin = Instant::now();
    let answered = match host_and_port(probe) {
        Some((host, port)) => connect(host, port, begin, patience),
        None => fetch(probe, patience),
    };
    match answered {
        Ok(()) => Answer::Up { milliseconds: u32::try_from(begin.elapsed().as_micros().div_ceil(1000)).unwrap_or(u32::MAX) },
        Err(why) => Answer::Down { why },
    }
}

/// Opens a connection to the first address that takes one, and closes it.
fn connect(host: &str, port: u16, begin: Instant, patience: Duration) -> Result<(), String> {
    let mut why = format!("no address for `{host}`");
    for address in (host, port).to_socket_addrs().map_err(|error| io_words(&error, patience))? {
        let left = patience.saturating_sub(begin.elapsed());
        if left.is_zero() {
            return Err(no_answer(patience));
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(_) => return Ok(()),
            Err(error) => why = io_words(&error, patience),
        }
    }
    Err(why)
}

fn fetch(url: &str, patience: Duration) -> Result<(), String> {
    let config = Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .max_redirects(REDIRECTS)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("signalpost/", env!("CARGO_PKG_VERSION")))
        .build();
    match Agent::new_with_config(config).get(url).call() {
        Ok(answer) if answer.status().as_u16() < 500 => Ok(()),
        Ok(answer) => Err(format!("answered {}", answer.status().as_u16())),
        Err(ureq::Error::Io(error)) => Err(io_words(&error, patience)),
        Err(ureq::Error::Timeout(_)) => Err(no_answer(patience)),
        Err(error) => Err(error.to_string()),
    }
}

fn no_answer(patience: Duration) -> String {
    format!("no answer within {} s", patience.as_secs_f32())
}

/// The reason in a few words: what a library wraps into its own error first.
fn io_words(error: &io::Error, patience: Duration) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => no_answer(patience),
        _ => {
            let words = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            words.split(" (os error ").next().unwrap_or_default().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Listens until the test is over; every connection gets these bytes once it has said something.
    fn listen(says: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut request = [0; 1024];
                if stream.read(&mut request).is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(says.as_bytes());
                }
            }
        });
        port
    }

    fn closed_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    fn why(probe: &str) -> Option<String> {
        match try_all(&[probe], PATIENCE).unwrap().remove(0) {
            Answer::Up { .. } => None,
            Answer::Down { why } => Some(why),
        }
    }

    #[test]
    fn a_port_that_takes_connections_is_up_and_a_closed_one_is_not() {
        assert_eq!(why(&format!("tcp://127.0.0.1:{}", listen(""))), None);
        assert_eq!(why(&format!("tcp://127.0.0.1:{}", closed_port())).as_deref(), Some("connection refused"));
        assert_eq!(why(&format!("http://127.0.0.1:{}/", closed_port())).as_deref(), Some("connection refused"));
    }

    #[test]
    fn a_page_is_up_whatever_it_says_unless_the_server_says_that_it_failed() {
        for (status, expected) in [
            ("200 OK", None),
            ("404 Not Found", None),
            ("401 Unauthorized", None),
            ("500 Internal Server Error", Some("answered 500")),
            ("503 Service Unavailable", Some("answered 503")),
        ] {
            let says = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").leak();
            assert_eq!(why(&format!("http://127.0.0.1:{}/", listen(says))).as_deref(), expected, "{status}");
        }
    }

    #[test]
    fn a_redirect_is_followed_a_few_times_and_counts_as_an_answer_then() {
        let behind = listen("HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let to = |port: u16| {
            format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").leak()
        };
        assert_eq!(why(&format!("http://127.0.0.1:{}/", listen(to(behind)))).as_deref(), Some("answered 503"));
        let circle = "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        assert_eq!(why(&format!("http://127.0.0.1:{}/", listen(circle))), None);
    }

    #[test]
    fn who_says_nothing_is_down_when_the_time_is_over_and_keeps_nobody_waiting() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = format!("http://127.0.0.1:{}/", silent.local_addr().unwrap().port());
        let open = format!("tcp://127.0.0.1:{}", listen(""));
        let answers = try_all(&[&silent, &open], Duration::from_millis(300)).unwrap();
        assert_eq!(answers[0], Answer::Down { why: "no answer within 0.3 s".to_owned() });
        assert!(matches!(answers[1], Answer::Up { .. }), "{:?}", answers[1]);
    }

    #[test]
    fn the_file_reads_as_it_was_written() {
        let (up, down) = (Answer::Up { milliseconds: 12 }, Answer::Down { why: "connection \"refused\"".to_owned() });
        let text = file("2026-05-04T19:00:00Z".parse().unwrap(), [("nc023", &up), ("nc027", &down)]);
        let mut sources = crate::source::Sources::default();
        sources.insert("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
        sources.insert("content/servers.toml", "[[server]]\nid = \"nc023\"\n[[server]]\nid = \"nc027\"\n[[server]]\nid = \"ns1\"\n");
        sources.insert(crate::load::probes::PATH, text);
        let now = crate::Now::Clock("2026-05-04T19:01:00Z".parse().unwrap());
        let (prepared, findings) = crate::prepare(&sources, &crate::Options { now, drafts: false, base_url: None });
        assert!(findings.is_empty(), "{findings:?}");
        let probes = prepared.unwrap().plan.site.probes.clone().unwrap();
        assert_eq!((probes.at.to_rfc3339(), probes.answers), ("2026-05-04T19:00:00+00:00".to_owned(), vec![Some(up), Some(down), None]));
    }
}
