//! Tries servers from this machine: `signalpost probe`.
//!
//! In: the `probe` of each server, `tcp://HOST:PORT` or an `http` or `https` URL, and how long to wait. Out: for each whether
//! it answered and how fast, or why not; and the file that holds it. A server is up where a connection is taken (TCP), or where
//! a page comes with a status below 500 (HTTP): the server answers, whatever it says. Certificates are held against Mozilla's
//! list. Many are tried at the same time, without a proxy. What this machine cannot do, for want of sockets or memory, says nothing
//! about a server, and fails the run. Never part of a build, never says anything about status.

use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::panic;
use std::sync::mpsc::{self, Sender};
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

/// Servers that are tried at the same time: each takes a socket or two, and some systems give a program no more than 256.
pub const AT_ONCE: usize = 64;

/// Redirects that are followed; the answer behind them counts.
const REDIRECTS: u32 = 3;

/// What kept an answer from coming.
enum Trouble {
    /// The server, or the way there.
    Server(String),
    /// This machine has no more sockets or memory.
    Machine(io::Error),
}

/// Tries all, [`AT_ONCE`] at a time and each no longer than `patience`, and gives the answers in their order. Fails where this machine
/// cannot try a server.
pub fn try_all(probes: &[&str], patience: Duration) -> Result<Vec<Answer>, Failure> {
    let (done, answers) = mpsc::channel();
    let mut found = vec![Answer::Down { why: no_answer(patience) }; probes.len()];
    let mut waiting = probes.iter().enumerate().peekable();
    // Who was begun and is waited for, with the moment; the oldest first.
    let mut running: VecDeque<(usize, Instant)> = VecDeque::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(&(at, probe)) = waiting.peek()
        {
            match begin(at, probe, patience, done.clone()) {
                Ok(()) => running.push_back((at, Instant::now())),
                Err(error) if running.is_empty() => return Err(failed(error)),
                // There is room for one more when another has ended.
                Err(_) => break,
            }
            waiting.next();
        }
        let Some((_, oldest)) = running.front() else { return Ok(found) };
        match answers.recv_timeout(patience.saturating_sub(oldest.elapsed())) {
            Ok((at, answer)) => {
                found[at] = answer.map_err(failed)?;
                running.retain(|(other, _)| *other != at);
            }
            // The look-up of a name cannot be given a limit: a thread that hangs in one is left behind.
            Err(_) => drop(running.pop_front()),
        }
    }
}

fn begin(at: usize, probe: &str, patience: Duration, done: Sender<(usize, io::Result<Answer>)>) -> io::Result<()> {
    let probe = probe.to_owned();
    let try_it = move || {
        // A library that wants a thread for itself and gets none panics.
        let answer = panic::catch_unwind(|| try_one(&probe, patience));
        let answer = answer.unwrap_or_else(|_| Err(io::Error::other("no thread for the look-up of a name")));
        // Nobody listens any more where the run is over.
        let _ = done.send((at, answer));
    };
    thread::Builder::new().spawn(try_it).map(drop)
}

fn failed(error: io::Error) -> Failure {
    Failure::system("try the servers", error)
        .help("allow programs more open files (`ulimit -n`), processes or memory; no result was written")
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

fn try_one(probe: &str, patience: Duration) -> io::Result<Answer> {
    let begin = Instant::now();
    let answered = match host_and_port(probe) {
        Some((host, port)) => connect(host, port, begin, patience),
        None => fetch(probe, patience),
    };
    match answered {
        Ok(()) => Ok(Answer::Up { milliseconds: u32::try_from(begin.elapsed().as_micros().div_ceil(1000)).unwrap_or(u32::MAX) }),
        Err(Trouble::Server(why)) => Ok(Answer::Down { why }),
        Err(Trouble::Machine(error)) => Err(error),
    }
}

/// Opens a connection to the first address that takes one, and closes it.
fn connect(host: &str, port: u16, begin: Instant, patience: Duration) -> Result<(), Trouble> {
    let mut why = format!("no address for `{host}`");
    for address in (host, port).to_socket_addrs().map_err(|error| trouble(error, patience))? {
        let left = patience.saturating_sub(begin.elapsed());
        if left.is_zero() {
            return Err(Trouble::Server(no_answer(patience)));
        }
        match TcpStream::connect_timeout(&address, left).map_err(|error| trouble(error, patience)) {
            Ok(_) => return Ok(()),
            Err(Trouble::Server(words)) => why = words,
            Err(machine) => return Err(machine),
        }
    }
    Err(Trouble::Server(why))
}

fn fetch(url: &str, patience: Duration) -> Result<(), Trouble> {
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
        Ok(answer) => Err(Trouble::Server(format!("answered {}", answer.status().as_u16()))),
        Err(ureq::Error::Io(error)) => Err(trouble(error, patience)),
        Err(ureq::Error::Timeout(_)) => Err(Trouble::Server(no_answer(patience))),
        Err(error) => Err(Trouble::Server(error.to_string())),
    }
}

/// Whose trouble an error of the system is.
fn trouble(error: io::Error, patience: Duration) -> Trouble {
    /// ENFILE and EMFILE, for which the library has no kind: the system's open files are used up, or the program's.
    const NO_MORE_FILES: [i32; 2] = [23, 24];
    let is_machine = error.kind() == io::ErrorKind::OutOfMemory || error.raw_os_error().is_some_and(|code| NO_MORE_FILES.contains(&code));
    if is_machine { Trouble::Machine(error) } else { Trouble::Server(io_words(&error, patience)) }
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
    fn who_has_to_wait_for_its_turn_has_all_its_time_then() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}/", silent.local_addr().unwrap().port());
        let (patience, begin) = (Duration::from_millis(300), Instant::now());
        let arrived = thread::spawn(move || {
            // All stay open until the end.
            let connections = silent.incoming().take(AT_ONCE + 1);
            connections.map(|stream| (stream, begin.elapsed())).collect::<Vec<_>>()
        });
        let open = format!("tcp://127.0.0.1:{}", listen(""));
        let mut probes = vec![&*url; AT_ONCE + 1];
        probes.push(&open);
        let answers = try_all(&probes, patience).unwrap();
        assert_eq!(answers[..=AT_ONCE], vec![Answer::Down { why: "no answer within 0.3 s".to_owned() }; AT_ONCE + 1]);
        assert!(matches!(answers[AT_ONCE + 1], Answer::Up { .. }), "{:?}", answers[AT_ONCE + 1]);
        assert!(arrived.join().unwrap()[AT_ONCE].1 >= patience, "no more than so many at a time");
    }

    #[test]
    fn a_machine_without_sockets_or_memory_says_nothing_about_a_server() {
        let is_machine = |error: io::Error| matches!(trouble(error, PATIENCE), Trouble::Machine(_));
        assert!(is_machine(io::ErrorKind::OutOfMemory.into()));
        assert!(!is_machine(io::ErrorKind::ConnectionRefused.into()) && !is_machine(io::ErrorKind::TimedOut.into()));
        let failed = failed(io::Error::other("too many open files"));
        assert_eq!((failed.exit_code(), failed.to_string().as_str()), (3, "cannot try the servers: too many open files"));
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
