//! Posts a message to a webhook.
//!
//! A refusal for now (429, 5xx), a silence or a connection that fails is tried again a few times, after as long as the receiver asks
//! for, within a limit. The address is a secret: of it only the host is ever said.

use std::io;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Uri;

use super::Refused;

/// How long a receiver has to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a message is tried in one run.
const TRIES: u64 = 3;
/// The longest pause that a receiver may ask for; a longer one is for the next run.
const LONGEST_PAUSE: u64 = 30;

/// A webhook's address.
pub struct Address {
    url: String,
    pub host: String,
}

impl Address {
    /// `None` where the text is no http or https URL.
    pub fn parse(text: &str) -> Option<Address> {
        let uri: Uri = text.trim().parse().ok()?;
        let host = uri.host().filter(|host| !host.is_empty())?.to_owned();
        matches!(uri.scheme_str()?, "http" | "https").then(|| Address { url: text.trim().to_owned(), host })
    }
}

/// Posts until it is accepted (2xx) or there is no hope left in this run. `token` tells the receiver which messages are one;
/// `pause` waits.
pub fn post(address: &Address, body: &Value, token: &str, pause: impl Fn(Duration)) -> Result<(), Refused> {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        // A redirect would hand the message to somebody else.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("signalpost/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent = Agent::new_with_config(config);
    let bytes = body.to_string().into_bytes();
    let mut tries = 1;
    loop {
        let request = agent.post(&address.url).header("Content-Type", "application/json").header("Idempotency-Key", token);
        let (why, asked) = match request.send(&bytes[..]) {
            Ok(answer) => match answer.status().as_u16() {
                200..=299 => return Ok(()),
                status @ (429 | 500..=599) => {
                    let asked = answer.headers().get("Retry-After").and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
                    (format!("answered {status}"), asked.map(|seconds| seconds.clamp(0.0, 1e9).ceil() as u64))
                }
                status => return Err(Refused::Update(format!("answered {status}"))),
            },
            Err(error) if may_pass(&error) => (words(&error), None),
            Err(error) => return Err(Refused::Channel(words(&error))),
        };
        let seconds = asked.unwrap_or(tries);
        if tries == TRIES || seconds > LONGEST_PAUSE {
            return Err(Refused::Channel(why));
        }
        pause(Duration::from_secs(seconds));
        tries += 1;
    }
}

/// Whether another try may end otherwise: a server that was just restarted takes connections again, and a name server answers. Not what
/// TLS refuses, nor what is no address.
fn may_pass(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed => true,
        ureq::Error::Io(error) => !matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput),
        _ => false,
    }
}

/// Why there was no answer, without the address: the library's own words may hold it.
fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer".to_owned(),
        ureq::Error::HostNotFound => "its name has no address".to_owned(),
        // So comes what TLS refuses: a certificate that is not the host's.
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => "no safe connection (TLS)".to_owned(),
        ureq::Error::Io(error) => format!("the connection failed ({})", error.kind()),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no safe connection (TLS)".to_owned(),
        _ => "the request failed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// In place of an answer: the connection is closed.
    const CLOSES: &str = "";

    /// Answers one request after the other with these; gives the address, and the requests' heads.
    fn receiver(answers: &'static [&'static str]) -> (Address, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::parse(&format!("http://127.0.0.1:{}/secret", listener.local_addr().unwrap().port())).unwrap();
        let (said, heads) = channel();
        std::thread::spawn(move || {
            for (answer, stream) in answers.iter().zip(listener.incoming()) {
                let mut stream = BufReader::new(stream.unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    stream.read_line(&mut head).unwrap();
                }
                let length = head.to_lowercase().split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
                stream.read_exact(&mut vec![0; length]).unwrap();
                said.send(head).unwrap();
                if *answer == CLOSES {
                    continue;
                }
                write!(stream.get_mut(), "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            }
        });
        (address, heads)
    }

    /// What became of it, and the pauses in seconds.
    fn posted(answers: &'static [&'static str]) -> (Result<(), Refused>, Vec<u64>, usize) {
        let (address, heads) = receiver(answers);
        let pauses = RefCell::new(Vec::new());
        let result = post(&address, &serde_json::json!({ "a": 1 }), "t0ken", |pause| pauses.borrow_mut().push(pause.as_secs()));
        (result, pauses.into_inner(), heads.try_iter().count())
    }

    #[test]
    fn a_busy_receiver_is_asked_again_when_it_wants_to_be() {
        assert_eq!(posted(&["204 No Content"]), (Ok(()), vec![], 1));
        assert_eq!(posted(&["429 Slow\r\nRetry-After: 7", "503 No", "200 OK"]), (Ok(()), vec![7, 2], 3));
        let gave_up = Err(Refused::Channel("answered 500".to_owned()));
        assert_eq!(posted(&["500 No", "500 No", "500 No"]), (gave_up, vec![1, 2], 3));
    }

    #[test]
    fn a_connection_that_fails_is_tried_again_and_a_wrong_one_is_not() {
        assert_eq!(posted(&[CLOSES, "204 No Content"]), (Ok(()), vec![1], 2));
        let failed = |url: String| {
            let pauses = RefCell::new(Vec::new());
            let address = Address::parse(&url).unwrap();
            let refused = post(&address, &Value::Null, "t0ken", |pause| pauses.borrow_mut().push(pause.as_secs())).unwrap_err();
            (refused, pauses.into_inner())
        };
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let refused = Refused::Channel("the connection failed (connection refused)".to_owned());
        assert_eq!(failed(format!("http://127.0.0.1:{closed}/secret")), (refused, vec![1, 2]));
        // It speaks no TLS, and will speak none in three seconds.
        let plain = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/secret", plain.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut stream in plain.incoming().map_while(Result::ok) {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").and_then(|()| stream.read_to_end(&mut Vec::new()));
            }
        });
        assert_eq!(failed(url), (Refused::Channel("no safe connection (TLS)".to_owned()), vec![]));
    }

    #[test]
    fn a_long_pause_is_left_to_the_next_run_and_a_refusal_is_final() {
        let gave_up = Err(Refused::Channel("answered 429".to_owned()));
        assert_eq!(posted(&["429 Slow\r\nRetry-After: 3600"]), (gave_up, vec![], 1));
        assert_eq!(posted(&["404 Not Found"]), (Err(Refused::Update("answered 404".to_owned())), vec![], 1));
        let elsewhere = Err(Refused::Update("answered 302".to_owned()));
        assert_eq!(posted(&["302 Found\r\nLocation: http://127.0.0.1:1/"]), (elsewhere, vec![], 1));
    }

    #[test]
    fn a_message_says_which_it_is() {
        let (address, heads) = receiver(&["200 OK"]);
        post(&address, &Value::Null, "t0ken", |_| {}).unwrap();
        let head = heads.recv().unwrap().to_lowercase();
        assert!(head.starts_with("post /secret http/1.1\r\n") && head.contains("\r\nidempotency-key: t0ken\r\n"), "{head}");
        assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{head}");
    }

    #[test]
    fn an_address_is_http_and_its_host_is_all_that_is_said() {
        let address = Address::parse(" https://hooks.example.net/services/T0/B0/secret\n").unwrap();
        assert_eq!((address.host.as_str(), address.url.as_str()), ("hooks.example.net", "https://hooks.example.net/services/T0/B0/secret"));
        for text in ["", "hooks.example.net/x", "ftp://hooks.example.net/", "https:///x", "smtp://a"] {
            assert!(Address::parse(text).is_none(), "{text}");
        }
    }
}
