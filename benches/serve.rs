//! From a saved file to the answered page: `cargo bench --bench serve` edits one post after another among 10,000 while
//! `signalpost serve` runs, and asks for its page as soon as the preview tells of a new version, as an open browser does.

#[path = "site/mod.rs"]
mod site;

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use site::Shape;

const POSTS: usize = 10_000;
const EDITS: usize = 30;

/// Ends the preview when the bench is over.
struct Preview(Child);

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    site::write(Shape::of(POSTS), folder.path()).expect("the site is written");
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_signalpost"));
    command.args(["serve", "--port", "0", "--now", "2026-11-21T12:00:00Z"]).current_dir(folder.path());
    let mut preview = Preview(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts"));
    let said = BufReader::new(preview.0.stderr.take().expect("a pipe"));
    let port = said.lines().map_while(Result::ok).find_map(|line| port(&line)).expect("it says where it is");
    ask(port, "/");
    println!("start to first page, {POSTS} posts: {:?}", began.elapsed());

    let posts = site::posts(Shape::of(POSTS));
    let mut times: Vec<Duration> = (0..EDITS).map(|edit| edit_one(folder.path(), &posts[edit * (POSTS / EDITS)], edit, port)).collect();
    times.sort();
    println!("edit to page, {POSTS} posts: median {:?}, from {:?} to {:?}", times[EDITS / 2], times[0], times[EDITS - 1]);
}

fn port(line: &str) -> Option<u16> {
    let behind = line.split_once("http://localhost:")?.1;
    behind[..behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len())].parse().ok()
}

/// Saves as editors do, beside and renamed over; the time counts from then on. Asks as an open page does: when it is told that there is
/// something new.
fn edit_one(folder: &Path, post: &site::Post, edit: usize, port: u16) -> Duration {
    let path = folder.join(post.path());
    let new = path.with_extension("new");
    let sentence = format!("Sentence number {edit}.");
    std::fs::write(&new, post.signalpost() + "\n" + &sentence + "\n").expect("it is written");
    let address = format!("/{}/{}/", post.date.format("%Y/%m/%d"), post.slug);
    let mut versions = Versions::listen(port);
    let began = Instant::now();
    std::fs::rename(&new, &path).expect("it is renamed");
    versions.next();
    assert!(ask(port, &address).contains(&sentence), "{address} does not hold the sentence");
    let time = began.elapsed();
    std::thread::sleep(Duration::from_millis(400));
    time
}

/// The preview's events: a version of the site each.
struct Versions(Lines<BufReader<TcpStream>>);

impl Versions {
    /// Takes the version that there is.
    fn listen(port: u16) -> Versions {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        write!(stream, "GET /_signalpost/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it takes a request");
        let mut versions = Versions(BufReader::new(stream).lines());
        versions.next();
        versions
    }

    fn next(&mut self) {
        let mut lines = self.0.by_ref().map(|line| line.expect("the preview tells versions"));
        assert!(lines.any(|line| line.starts_with("data:")), "the preview has ended");
    }
}

fn ask(port: u16, address: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    write!(stream, "GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it takes a request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
