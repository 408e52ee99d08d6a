//! Publishing is killed at each of its system calls, at random instants, and refused each call by the system: whoever
//! looks afterwards finds the old site or the new one whole, and the next build works. Needs `strace`.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test makes files, and looks at them")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use signalpost::publish::{PublishOptions, publish};
use signalpost::render::Bundle;

const OUTPUT: &str = "SIGNALPOST_TEST_OUTPUT";
const FILES: &str = "SIGNALPOST_TEST_FILES";
const IN_PLACE: &str = "SIGNALPOST_TEST_IN_PLACE";
const SYNC: &str = "SIGNALPOST_TEST_SYNC";
const ONE_THREAD: &str = "SIGNALPOST_TEST_ONE_THREAD";

/// The calls that change a file system, or look at it; `?` for those that some architectures lack.
const CALLS: &str = "?mkdir,mkdirat,?link,linkat,?unlink,unlinkat,?rmdir,?rename,?renameat,renameat2,openat,write,flock,fchmod,?chmod,fchmodat,ftruncate,getdents64,statx";

/// A site of `count` posts in an old and a new edition: some pages change, one goes, one comes, an asset gets a new name.
fn site(count: usize, is_new: bool) -> Bundle {
    let edition = if is_new { "new" } else { "old" };
    let mut files = BTreeMap::new();
    let mut add = |path: String, text: String| files.insert(path, bytes::Bytes::from(text));
    for number in 0..count {
        add(format!("2026/05/{number:02}/post/index.html"), format!("post {number} {}", if number % 7 == 1 { edition } else { "same" }));
    }
    add("index.html".into(), format!("front {edition}"));
    add("feed.xml".into(), format!("feed {edition}"));
    add(format!("{edition}/index.html"), edition.into());
    add(format!("assets/site.{}.css", if is_new { "0000000b" } else { "0000000a" }), edition.into());
    Bundle { files }
}

/// A folder with an output in it that holds the old site and a file of somebody else's.
struct Trial {
    folder: tempfile::TempDir,
    count: usize,
    in_place: bool,
    /// Whether the process that publishes the new site forces it to the disk.
    sync: bool,
}

impl Trial {
    fn new(count: usize, in_place: bool) -> Trial {
        // In memory where there is such a place: thousands of sites are made and deleted.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let trial = Trial { folder: folder.unwrap(), count, in_place, sync: false };
        trial.publish(false);
        fs::write(trial.output().join("CNAME"), "status.example.net").unwrap();
        trial
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    fn publish(&self, is_new: bool) {
        publish(&site(self.count, is_new), &self.output(), &PublishOptions { in_place: self.in_place, ..PublishOptions::default() })
            .unwrap();
    }

    /// Another process that publishes the new site, run by `program` with its arguments if there are any.
    fn command(&self, program: &[&str]) -> Command {
        let this = std::env::current_exe().unwrap();
        let mut command = match program {
            [] => Command::new(&this),
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(&this);
                command
            }
        };
        command.args(["--ignored", "--exact", "another_process", "--test-threads=1"]);
        command.env(OUTPUT, self.output()).env(FILES, self.count.to_string());
        if self.in_place {
            command.env(IN_PLACE, "1");
        }
        if self.sync {
            command.env(SYNC, "1");
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The process under `strace` with these injections; whether one of them took place, too.
    fn strace(&self, injections: &[String]) -> (ExitStatus, bool) {
        let log = self.folder.path().join("strace.log");
        let log_text = log.to_str().unwrap().to_owned();
        let mut program = vec!["strace", "-f", "-qq", "-o", &log_text];
        let options: Vec<_> = injections.iter().map(|injection| format!("inject={injection}")).collect();
        for option in &options {
            program.extend(["-e", option]);
        }
        let status = self.command(&program).env(ONE_THREAD, "1").status().expect("`strace` is needed: apt-get install strace");
        let log_text = fs::read_to_string(&log).unwrap_or_default();
        fs::remove_file(&log).ok();
        assert!(!log_text.contains("invalid"), "{log_text}");
        (status, log_text.contains("(INJECTED)") || log_text.contains("killed by SIGKILL"))
    }

    fn contents(&self) -> BTreeMap<String, String> {
        let mut contents = BTreeMap::new();
        collect(&self.output(), "", &mut contents);
        contents
    }

    /// What the output must hold; the new one keeps the asset of the old one.
    fn wanted(&self, is_new: bool) -> BTreeMap<String, String> {
        let mut files = site(self.count, is_new).files;
        if is_new {
            files.insert("assets/site.0000000a.css".into(), "old".into());
        }
        files.insert("CNAME".into(), "status.example.net".into());
        files.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes.to_vec()).unwrap())).collect()
    }

    fn assert_whole(&self, when: &str) {
        let contents = self.contents();
        assert!(contents == self.wanted(false) || contents == self.wanted(true), "{when}: neither old nor new: {contents:#?}");
    }

    /// For what is published file by file: each file is the old or the new one, and nothing of somebody else's is lost.
    fn assert_each_file_whole(&self, when: &str) {
        let (old, new) = (self.wanted(false), self.wanted(true));
        for (path, text) in self.contents() {
            assert!(old.get(&path) == Some(&text) || new.get(&path) == Some(&text), "{when}: `{path}` holds {text:?}");
        }
        assert!(self.output().join("CNAME").exists(), "{when}");
    }

    /// The next build finishes the job and leaves nothing behind.
    fn assert_next_build_works(&self, when: &str) {
        self.publish(true);
        let kept = "assets/site.0000000a.css";
        let (mut contents, mut wanted) = (self.contents(), self.wanted(true));
        contents.remove(kept); // whether it stays depends on which build was the one before
        wanted.remove(kept);
        assert_eq!(contents, wanted, "{when}");
        assert_eq!(self.beside(), ["public"], "{when}");
    }

    fn beside(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn collect(root: &Path, folder: &str, contents: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if path == ".signalpost" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            collect(root, &path, contents);
        } else {
            contents.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
#[ignore = "the process that the other tests start and kill"]
fn another_process() {
    let Some(output) = std::env::var_os(OUTPUT) else { return };
    let count = std::env::var(FILES).unwrap().parse().unwrap();
    if std::env::var_os(ONE_THREAD).is_some() {
        // `strace` counts each thread's calls for itself.
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    }
    let is_set = |name| std::env::var_os(name).is_some();
    let options = PublishOptions { in_place: is_set(IN_PLACE), sync: is_set(SYNC), ..PublishOptions::default() };
    let code = match publish(&site(count, true), Path::new(&output), &options) {
        Ok(_) => 0,
        Err(failure) => failure.exit_code(),
    };
    std::process::exit(code.into());
}

/// Kills the process at its first, second, third … call of each kind until one run gets through; returns how many died.
///
/// The loader's and the test harness's own calls count too, so that the first few `openat` and `statx` of a publish,
/// before it changes anything, are not met.
fn kill_at_each_call(in_place: bool, also: Option<&str>, check: impl Fn(&Trial, &str)) -> usize {
    let mut killed = 0;
    for kind in CALLS.split(',') {
        for call in 1.. {
            let trial = Trial::new(3, in_place);
            let injections = also.map(str::to_owned).into_iter().chain([format!("{kind}:signal=KILL:when={call}")]);
            let (status, _) = trial.strace(&injections.collect::<Vec<_>>());
            let when = format!("killed at {kind} {call}");
            check(&trial, &when);
            trial.assert_next_build_works(&when);
            if status.success() {
                break;
            }
            killed += 1;
            assert!(call < 2_000, "no end");
        }
    }
    killed
}

#[test]
fn killed_at_any_call_leaves_the_old_or_the_new_site() {
    let calls = kill_at_each_call(false, None, Trial::assert_whole);
    assert!(calls > 100, "only {calls} calls were tried");
}

#[test]
fn killed_at_any_call_in_place_leaves_whole_files_and_the_next_build_finishes() {
    let calls = kill_at_each_call(true, None, Trial::assert_each_file_whole);
    assert!(calls > 100, "only {calls} calls were tried");
}

#[test]
fn killed_at_any_call_without_an_exchange_leaves_a_site_that_the_next_build_finds() {
    let check = |trial: &Trial, when: &str| {
        if trial.output().exists() {
            trial.assert_whole(when);
        }
    };
    let calls = kill_at_each_call(false, Some("renameat2:error=EINVAL:when=1"), check);
    assert!(calls > 100, "only {calls} calls were tried");
}

/// A first publish makes the tree where it will stand; nothing shows before it is whole, and nothing of it stays.
#[test]
fn killed_at_any_call_of_a_first_publish_leaves_nothing_or_the_whole_site() {
    let mut killed = 0;
    for kind in CALLS.split(',') {
        for call in 1.. {
            let trial = Trial::new(3, false);
            fs::remove_dir_all(trial.output()).unwrap();
            let (status, _) = trial.strace(&[format!("{kind}:signal=KILL:when={call}")]);
            let when = format!("killed at {kind} {call}");
            let contents: BTreeMap<_, _> = trial.contents().into_iter().map(|(path, text)| (path, bytes::Bytes::from(text))).collect();
            assert!(!trial.output().exists() || contents == site(3, true).files, "{when}: {contents:?}");
            trial.publish(true);
            assert_eq!(trial.beside(), ["public"], "{when}");
            if status.success() {
                break;
            }
            killed += 1;
            assert!(call < 2_000, "no end");
        }
    }
    assert!(killed > 80, "only {killed} calls were tried");
}

/// Lets the process's first, second, third … call of each kind fail until one run meets no failure any more.
fn refuse_each_call(error: &str, in_place: bool, check: impl Fn(&Trial, &str)) {
    let mut failures = 0;
    for kind in CALLS.split(',') {
        for call in 1.. {
            let trial = Trial::new(3, in_place);
            let (status, took_place) = trial.strace(&[format!("{kind}:error={error}:when={call}")]);
            let when = format!("{error} at {kind} {call}");
            check(&trial, &when);
            if status.code() == Some(0) {
                trial.assert_each_file_whole(&when);
                assert_eq!(
                    fs::read_to_string(trial.output().join("index.html")).unwrap(),
                    "front new",
                    "{when}: success without a new site"
                );
            } else {
                failures += 1;
            }
            trial.assert_next_build_works(&when);
            if !took_place {
                break;
            }
            assert!(call < 2_000, "no end");
        }
    }
    assert!(failures > 20, "only {failures} calls failed");
}

#[test]
fn a_full_disk_at_any_call_leaves_the_old_or_the_new_site() {
    refuse_each_call("ENOSPC", false, Trial::assert_whole);
}

#[test]
fn no_permission_at_any_call_leaves_the_old_or_the_new_site() {
    refuse_each_call("EACCES", false, Trial::assert_whole);
}

#[test]
fn a_full_disk_at_any_call_in_place_leaves_whole_files() {
    refuse_each_call("ENOSPC", true, Trial::assert_each_file_whole);
}

/// A disk that does not take what is forced onto it shows that the call is made, and when.
#[test]
fn what_is_forced_to_the_disk_shows_only_when_it_is_there() {
    let sync_fails = |in_place, call: usize| {
        let trial = Trial { sync: true, ..Trial::new(3, in_place) };
        let (status, took_place) = trial.strace(&[format!("syncfs:error=EIO:when={call}")]);
        assert_eq!(status.code() == Some(3), took_place, "{status:?}");
        took_place.then(|| trial.contents() == trial.wanted(true))
    };
    assert_eq!([sync_fails(false, 1), sync_fails(false, 2)], [Some(false), None]);
    // File by file also when all are in their places.
    assert_eq!([sync_fails(true, 1), sync_fails(true, 2), sync_fails(true, 3)], [Some(false), Some(true), None]);
}

/// Starts the process and sends it a signal at forty instants of the time that it takes.
fn signal_at_instants(signal: rustix::process::Signal, check: impl Fn(&Trial, &str, ExitStatus)) {
    let undisturbed = {
        let trial = Trial::new(600, false);
        let started = Instant::now();
        assert!(trial.command(&[]).status().unwrap().success());
        started.elapsed()
    };
    let mut within = 0;
    for instant in 0..40 {
        let trial = Trial::new(600, false);
        let mut child = trial.command(&[]).spawn().unwrap();
        std::thread::sleep(undisturbed * instant / 40);
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, signal).ok();
        let status = child.wait().unwrap();
        let when = format!("{signal:?} after {instant} steps");
        // A publish that was killed has left its room beside the output; one that was told to end has tidied up, and says so itself.
        within += usize::from(trial.beside() != ["public"] || status.code() == Some(143));
        trial.assert_whole(&when);
        check(&trial, &when, status);
        trial.assert_next_build_works(&when);
    }
    assert!(within > 0, "no {signal:?} came while the process was publishing");
}

#[test]
fn killed_at_random_instants_leaves_the_old_or_the_new_site() {
    signal_at_instants(rustix::process::Signal::KILL, |_, _, _| {});
}

#[test]
fn terminated_at_random_instants_leaves_nothing_beside_the_output() {
    signal_at_instants(rustix::process::Signal::TERM, |trial, when, status| {
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(trial.beside(), ["public"], "{when}");
        assert!(status.code() == Some(143) || status.signal() == Some(15) || status.success(), "{when}: {status:?}");
    });
}

/// A template that goes on for ever is met between two files, so the first signal has to wait for it; the second does not.
#[test]
fn a_second_signal_ends_a_build_whose_template_goes_on_for_ever() {
    use std::os::unix::process::ExitStatusExt;

    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("site.toml", "title = \"Test\"\nbase_url = \"https://status.example.net\"\n");
    write("content/servers.toml", "[[server]]\nid = \"nc023\"\n");
    write("content/posts/2026-05-04-slow.md", "+++\ntitle = \"Slow\"\nkind = \"notice\"\n+++\nText.\n");
    let loops = "{% for i in range(end=99999) %}{% for j in range(end=99999) %}{% endfor %}{% endfor %}";
    let page = include_str!("../themes/default/templates/post.html");
    let main = "{% block main -%}";
    assert!(page.contains(main));
    let slow = format!("{main}{{% if page.title == \"Slow\" %}}{loops}{{% endif %}}");
    write("themes/default/templates/post.html", &page.replacen(main, &slow, 1));
    let mut build = Command::new(env!("CARGO_BIN_EXE_signalpost"));
    let mut build = build.args(["build", "--now", "2026-05-04T12:00:00Z", "--root"]).arg(folder.path()).spawn().unwrap();
    let pid = rustix::process::Pid::from_child(&build);
    let room = folder.path().join(".public.signalpost");
    let began = Instant::now();
    while !room.exists() && began.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    for _ in 0..2 {
        assert_eq!(build.try_wait().unwrap(), None);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    let ended = build.try_wait().unwrap();
    let _ = build.kill();
    assert_eq!(ended.and_then(|status| status.signal()), Some(2), "{ended:?}");
    assert!(!folder.path().join("public").exists());
}
