use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::*;

fn bundle(files: &[(&str, &str)]) -> Bundle {
    Bundle { files: files.iter().map(|(path, text)| ((*path).to_owned(), bytes::Bytes::copy_from_slice(text.as_bytes()))).collect() }
}

const FIRST: &[(&str, &str)] = &[
    ("index.html", "front"),
    ("2026/05/04/relay/index.html", "relay"),
    ("2026/05/05/disk/index.html", "disk"),
    ("assets/site.1a2b3c4d.css", "old css"),
    ("feed.xml", "one item"),
];
const SECOND: &[(&str, &str)] = &[
    ("index.html", "FRONT"),
    ("2026/05/04/relay/index.html", "relay"),
    ("2026/05/06/dns/index.html", "dns"),
    ("assets/site.5e6f7a8b.css", "new css"),
    ("feed.xml", "one item"),
];

struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        Fixture { folder: tempfile::tempdir().unwrap() }
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    fn publish(&self, files: &[(&str, &str)]) -> Published {
        self.publish_with(files, &PublishOptions::default()).unwrap()
    }

    fn publish_with(&self, files: &[(&str, &str)], options: &PublishOptions) -> Result<Published, Failure> {
        publish(&bundle(files), &self.output(), options)
    }

    /// Every file of the output with its text, without our own folder.
    fn contents(&self) -> BTreeMap<String, String> {
        let scan = scan::scan(&self.output()).unwrap();
        scan.files.into_keys().map(|path| (path.clone(), fs::read_to_string(self.output().join(&path)).unwrap_or_default())).collect()
    }

    fn put(&self, path: &str, text: &str) {
        let fixture = self.output().join(path);
        fs::create_dir_all(fixture.parent().unwrap()).unwrap();
        fs::write(fixture, text).unwrap();
    }

    /// What lies beside the output.
    fn beside(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn in_place() -> PublishOptions<'static> {
    PublishOptions { in_place: true, ..PublishOptions::default() }
}

#[test]
fn a_first_publish_makes_the_folder_and_leaves_nothing_beside_it() {
    for options in [PublishOptions::default(), in_place(), PublishOptions { sync: true, ..PublishOptions::default() }] {
        let fixture = Fixture::new();
        let published = fixture.publish_with(FIRST, &options).unwrap();
        assert_eq!(fixture.contents(), expected(FIRST));
        assert_eq!((published.added.len(), published.changed.len(), published.unchanged), (5, 0, 0));
        assert_eq!(fixture.beside(), ["public"]);
    }
}

#[test]
fn a_second_publish_changes_what_changed_and_keeps_inode_and_time_of_the_rest() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        fixture.publish_with(FIRST, &options).unwrap();
        let looks = |path: &str| {
            fs::metadata(fixture.output().join(path)).map(|metadata| (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())).unwrap()
        };
        let before = (looks("feed.xml"), looks("2026/05/04/relay/index.html"), looks("index.html"));
        let published = fixture.publish_with(SECOND, &options).unwrap();
        assert_eq!(published.changed, ["index.html"]);
        assert_eq!(published.added, ["2026/05/06/dns/index.html", "assets/site.5e6f7a8b.css"]);
        assert_eq!(published.removed, ["2026/05/05/disk/index.html"]);
        assert_eq!(published.unchanged, 2);
        assert_eq!((looks("feed.xml"), looks("2026/05/04/relay/index.html")), (before.0, before.1));
        assert_ne!(looks("index.html"), before.2);
        assert!(!fixture.output().join("2026/05/05").exists(), "no empty folder stays");
        assert_eq!(fixture.beside(), ["public"]);
    }
}

#[test]
fn the_assets_of_the_build_before_stay_for_one_build() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        fixture.publish_with(FIRST, &options).unwrap();
        fixture.publish_with(SECOND, &options).unwrap();
        assert!(fixture.contents().contains_key("assets/site.1a2b3c4d.css"));
        let third = fixture.publish_with(SECOND, &options).unwrap();
        assert_eq!(third.removed, ["assets/site.1a2b3c4d.css"]);
        assert_eq!(fixture.contents(), expected(SECOND));
    }
}

#[test]
fn the_same_site_again_touches_nothing() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    let before = fs::metadata(fixture.output()).unwrap().ino();
    let published = fixture.publish(FIRST);
    assert_eq!((published.added.len(), published.changed.len(), published.removed.len(), published.unchanged), (0, 0, 0, 5));
    assert_eq!(fs::metadata(fixture.output()).unwrap().ino(), before);
}

#[test]
fn the_same_site_gives_the_same_bytes_in_any_empty_folder() {
    let (one, other) = (Fixture::new(), Fixture::new());
    one.publish(FIRST);
    other.publish_with(FIRST, &in_place()).unwrap();
    let manifest = |fixture: &Fixture| fs::read(fixture.output().join(manifest::PATH)).unwrap();
    assert_eq!(manifest(&one), manifest(&other));
}

#[test]
fn a_page_that_somebody_edited_in_the_output_is_made_whole_again() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        fixture.publish_with(FIRST, &options).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        fixture.put("index.html", "frant");
        let published = fixture.publish_with(FIRST, &options).unwrap();
        assert_eq!(published.changed, ["index.html"]);
        assert_eq!(fixture.contents(), expected(FIRST));
    }
}

#[test]
fn foreign_files_survive_with_their_folders_links_and_times() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        fixture.publish_with(FIRST, &options).unwrap();
        fixture.put("CNAME", "status.example.net");
        fixture.put("probes/today.json", "{}");
        fixture.put("2026/05/05/disk/mine.txt", "mine");
        fs::create_dir(fixture.output().join("empty")).unwrap();
        symlink("../elsewhere", fixture.output().join("link")).unwrap();
        let inode = fs::metadata(fixture.output().join("CNAME")).unwrap().ino();
        for files in [SECOND, FIRST, SECOND] {
            fixture.publish_with(files, &options).unwrap();
        }
        let contents = fixture.contents();
        for (path, text) in [("CNAME", "status.example.net"), ("probes/today.json", "{}"), ("2026/05/05/disk/mine.txt", "mine")] {
            assert_eq!(contents.get(path).map(String::as_str), Some(text), "{path}");
        }
        assert_eq!(fs::read_link(fixture.output().join("link")).unwrap(), Path::new("../elsewhere"));
        assert!(fixture.output().join("empty").is_dir());
        assert_eq!(fs::metadata(fixture.output().join("CNAME")).unwrap().ino(), inode);
    }
}

#[test]
fn a_folder_of_somebody_elses_is_refused_and_taken_over_only_by_force() {
    let fixture = Fixture::new();
    fixture.put("photos/cat.jpg", "cat");
    fixture.put("index.html", "my own page");
    let before = fixture.contents();
    let failure = fixture.publish_with(FIRST, &PublishOptions::default()).unwrap_err();
    assert_eq!(failure.exit_code(), 2);
    assert!(failure.to_string().contains("did not write (`index.html`)"), "{failure}");
    assert!(failure.help.unwrap().contains("--force"));
    assert_eq!(fixture.contents(), before);
    fixture.publish_with(FIRST, &PublishOptions { force: true, ..PublishOptions::default() }).unwrap();
    assert_eq!(fixture.contents().get("photos/cat.jpg").map(String::as_str), Some("cat"));
    assert_eq!(fixture.contents().get("index.html").map(String::as_str), Some("front"));
    fixture.publish(SECOND);
    assert!(fixture.contents().contains_key("photos/cat.jpg"));
}

#[test]
fn a_foreign_file_where_the_site_needs_one_is_never_replaced_unasked() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    fixture.put("2026/05/06/dns/index.html", "mine");
    let failure = fixture.publish_with(SECOND, &PublishOptions::default()).unwrap_err();
    assert!(failure.to_string().contains("2026/05/06/dns/index.html"), "{failure}");
    assert_eq!(failure.exit_code(), 2);
    fixture.put("2026/05/06/dns/index.html", "dns");
    fixture.publish(SECOND);

    for (foreign, path) in [("a", "a/index.html"), ("b/c.txt", "b")] {
        let fixture = Fixture::new();
        fixture.publish(FIRST);
        fixture.put(foreign, "mine");
        let failure = fixture.publish_with(&[(path, "site")], &PublishOptions { force: true, ..PublishOptions::default() }).unwrap_err();
        assert_eq!(failure.exit_code(), 2);
        assert_eq!(fs::read_to_string(fixture.output().join(foreign)).unwrap(), "mine");
    }
}

#[test]
fn a_worktree_keeps_its_git_folder_and_is_published_in_place() {
    let fixture = Fixture::new();
    fixture.put(".git", "gitdir: elsewhere");
    fixture.put("CNAME", "status.example.net");
    let inode = fs::metadata(fixture.output()).unwrap().ino();
    fixture.publish(FIRST);
    fixture.publish(SECOND);
    assert_eq!(fs::metadata(fixture.output()).unwrap().ino(), inode);
    let contents = fixture.contents();
    assert_eq!(contents.get(".git").map(String::as_str), Some("gitdir: elsewhere"));
    assert_eq!(contents.get("index.html").map(String::as_str), Some("FRONT"));
}

#[test]
fn a_checkout_with_new_times_is_known_by_its_bytes() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    for path in FIRST.iter().map(|(path, _)| *path) {
        File::open(fixture.output().join(path)).unwrap().set_modified(SystemTime::now() + Duration::from_secs(9)).unwrap();
    }
    assert_eq!(fixture.publish(FIRST).unchanged, 5);
}

#[test]
fn an_output_among_or_above_the_sources_is_refused_before_anything_is_touched() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir_all(site.path().join("content/posts")).unwrap();
    fs::write(site.path().join("site.toml"), "").unwrap();
    fs::write(site.path().join("file"), "").unwrap();
    symlink("content", site.path().join("link")).unwrap();
    symlink("nowhere", site.path().join("dangling")).unwrap();
    let options = PublishOptions { root: Some(site.path()), force: true, ..PublishOptions::default() };
    for output in
        [".", "..", "content", "content/posts/x", "themes/x", ".git", "link", "link/x", "file", "public/../content", "/", "dangling"]
    {
        let failure = publish(&bundle(FIRST), &site.path().join(output), &options).unwrap_err();
        assert!(failure.exit_code() >= 2, "{output}: {failure}");
        assert!(!site.path().join("content/index.html").exists() && !site.path().join("index.html").exists(), "{output}");
    }
    assert_eq!(fs::read_dir(site.path().join("content/posts")).unwrap().count(), 0);
    publish(&bundle(FIRST), &site.path().join("public"), &options).unwrap();
}

#[test]
fn an_output_that_is_a_link_stays_one() {
    let fixture = Fixture::new();
    fs::create_dir(fixture.folder.path().join("www")).unwrap();
    symlink("www", fixture.output()).unwrap();
    fixture.publish(FIRST);
    fixture.publish(SECOND);
    assert_eq!(fs::read_link(fixture.output()).unwrap(), Path::new("www"));
    assert!(fixture.contents().contains_key("2026/05/06/dns/index.html"));
}

#[test]
fn the_permissions_of_the_output_folder_stay() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    fs::set_permissions(fixture.output(), fs::Permissions::from_mode(0o2750)).unwrap();
    fixture.publish(SECOND);
    assert_eq!(fs::metadata(fixture.output()).unwrap().mode() & 0o7777, 0o2750);
}

#[test]
fn what_stays_gets_the_readers_that_a_new_file_has() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        fixture.publish_with(FIRST, &options).unwrap();
        fixture.put("mine.txt", "mine");
        let mode = |path: &str| fs::metadata(fixture.output().join(path)).unwrap().mode() & 0o777;
        let (file, folder) = (mode("feed.xml"), mode("2026/05/04"));
        let deny = |path: &str, mode: u32| fs::set_permissions(fixture.output().join(path), fs::Permissions::from_mode(mode)).unwrap();
        // As under another umask.
        for path in ["feed.xml", "2026/05/04/relay/index.html", "mine.txt"] {
            deny(path, 0o600);
        }
        for path in ["2026/05/04", "assets"] {
            deny(path, 0o700);
        }
        for files in [FIRST, SECOND] {
            fixture.publish_with(files, &options).unwrap();
            assert_eq!((mode("feed.xml"), mode("2026/05/04/relay/index.html"), mode("mine.txt")), (file, file, 0o600));
            assert_eq!((mode("2026/05/04"), mode("assets")), (folder, folder));
        }
    }
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    for options in [PublishOptions::default(), in_place()] {
        let fixture = Fixture::new();
        for files in [&[("a", "file"), ("b/c/d", "deep")][..], &[("a/x", "x"), ("b", "flat")], &[("a", "file"), ("b/c/d", "deep")]] {
            fixture.publish_with(files, &options).unwrap();
            assert_eq!(fixture.contents(), expected(files));
        }
    }
}

#[test]
fn an_impossible_path_is_refused_before_anything_is_written() {
    for path in ["../x", "/x", "a//b", "a/./b", "", "a\\b", ".signalpost/manifest", "a\nb", "a/"] {
        let fixture = Fixture::new();
        let failure = fixture.publish_with(&[(path, "x")], &PublishOptions::default()).unwrap_err();
        assert_eq!(failure.exit_code(), 2, "{path:?}");
        assert!(fixture.beside().is_empty(), "{path:?}");
    }
    assert!(Fixture::new().publish_with(&[("a", "x"), ("a/b", "y")], &PublishOptions::default()).is_err());
}

#[test]
fn leftovers_of_a_dead_build_are_cleaned_and_its_lock_is_none() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    let work_dir = fixture.folder.path().join(".public.signalpost");
    fs::create_dir_all(work_dir.join("tree/2026/05/04/relay")).unwrap();
    fs::create_dir_all(work_dir.join("tree/.signalpost")).unwrap();
    fs::write(work_dir.join("lock"), "99999999").unwrap();
    fs::write(work_dir.join("tree/2026/05/04/relay/index.html"), "ha").unwrap();
    fs::write(work_dir.join("tree/2026/05/stray"), "half").unwrap();
    fs::write(work_dir.join("tree/.signalpost/manifest"), "half").unwrap();
    fixture.publish(SECOND);
    assert_eq!(fixture.contents().get("2026/05/04/relay/index.html").map(String::as_str), Some("relay"));
    assert!(!fixture.output().join("2026/05/stray").exists());
    assert_eq!(fixture.beside(), ["public"]);
}

#[cfg(unix)]
#[test]
fn nothing_behind_a_link_that_somebody_planted_is_touched() {
    use std::os::unix::fs::symlink;
    let fixture = Fixture::new();
    let (work_dir, victim) = (fixture.folder.path().join(".public.signalpost"), fixture.folder.path().join("victim"));
    fs::create_dir_all(victim.join("sub")).unwrap();
    fs::write(victim.join("sub/a.txt"), "mine").unwrap();
    let is_whole = || fs::read_to_string(victim.join("sub/a.txt")).unwrap() == "mine";
    for name in ["tree", "stage", "old"] {
        fs::create_dir(&work_dir).unwrap();
        symlink(&victim, work_dir.join(name)).unwrap();
        fixture.publish(if name == "stage" { SECOND } else { FIRST });
        assert!(is_whole() && !fixture.output().is_symlink(), "{name}");
        assert_eq!(fixture.beside(), ["public", "victim"], "{name}");
    }
    symlink(&victim, &work_dir).unwrap();
    let failure = fixture.publish_with(SECOND, &PublishOptions::default()).unwrap_err();
    assert!(failure.to_string().contains("is not a folder"), "{failure}");
    assert!(is_whole());
}

#[test]
fn an_output_lost_between_two_renames_comes_back() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    let work_dir = fixture.folder.path().join(".public.signalpost");
    fs::create_dir(&work_dir).unwrap();
    fs::rename(fixture.output(), work_dir.join("old")).unwrap();
    let published = fixture.publish(SECOND);
    assert_eq!(published.unchanged, 2);
    assert_eq!(fixture.contents().len(), 6);
}

#[test]
fn a_journal_makes_the_files_of_a_build_that_was_cut_off_ours() {
    let fixture = Fixture::new();
    fixture.publish_with(FIRST, &in_place()).unwrap();
    let third = bundle(&[("index.html", "third"), ("new/index.html", "new")]);
    let journal = manifest::Manifest {
        files: third.files.iter().map(|(path, bytes)| (path.clone(), manifest::Record::of(bytes))).collect(),
        ..Default::default()
    };
    fs::write(fixture.output().join(manifest::JOURNAL), journal.text()).unwrap();
    fixture.put("new/index.html", "new");
    fixture.publish_with(SECOND, &in_place()).unwrap();
    let mut wanted = expected(SECOND);
    wanted.insert("assets/site.1a2b3c4d.css".into(), "old css".into());
    assert_eq!(fixture.contents(), wanted);
    assert!(!fixture.output().join(manifest::JOURNAL).exists());
}

#[test]
fn a_look_at_times_finds_what_a_look_at_everything_finds() {
    let fixture = Fixture::new();
    let files: Vec<(String, String)> =
        (0..60).map(|number| (format!("p/{}/{number}/index.html", number % 7), format!("{number}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    fixture.publish(&files);
    std::thread::sleep(Duration::from_millis(30));
    let found = |scan: scan::Scan| -> (BTreeMap<String, u64>, BTreeMap<String, ()>) {
        (
            scan.files.into_iter().map(|(path, entry)| (path, entry.inode)).collect(),
            scan.folders.into_iter().map(|path| (path, ())).collect(),
        )
    };
    let compare = |what: &str| {
        let (manifest, written) = manifest::of(&fixture.output()).unwrap().unwrap();
        let survey = scan::survey(&fixture.output(), &manifest, written, scan::FileMode::default()).unwrap();
        assert_eq!(found(survey), found(scan::scan(&fixture.output()).unwrap()), "{what}");
    };
    compare("untouched");
    fixture.put("p/3/3/mine.txt", "mine");
    compare("a file more");
    fs::remove_file(fixture.output().join("p/4/4/index.html")).unwrap();
    compare("a file less");
    fs::create_dir_all(fixture.output().join("q/r/s")).unwrap();
    compare("folders more");
    fs::rename(fixture.output().join("p/5"), fixture.output().join("q/5")).unwrap();
    fs::rename(fixture.output().join("p/6"), fixture.output().join("p/5")).unwrap();
    compare("another folder of the same name");
    fs::remove_dir_all(fixture.output().join("p/1")).unwrap();
    symlink("2", fixture.output().join("p/1")).unwrap();
    compare("a link in a folder's place");
    fs::remove_dir_all(fixture.output().join("p")).unwrap();
    compare("all gone");
}

#[test]
fn a_large_tree_is_kept_and_used_again() {
    let fixture = Fixture::new();
    let site = |edition: usize| -> Vec<(String, String)> {
        (0..1_200).map(|number| (format!("p/{number}/index.html"), if number < 3 { format!("{edition}") } else { "same".into() })).collect()
    };
    for edition in 0..4 {
        let files = site(edition);
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let published = fixture.publish(&files);
        assert_eq!(published.changed.len(), if edition == 0 { 0 } else { 3 });
        assert_eq!(fixture.contents(), expected(&files));
    }
    assert_eq!(fixture.beside(), [".public.signalpost", "public"]);
    assert_eq!(fs::metadata(fixture.folder.path().join(".public.signalpost")).unwrap().mode() & 0o777, 0o700);
    fixture.publish(FIRST);
    assert_eq!(fixture.contents(), expected(FIRST));
}

#[test]
fn two_builds_at_once_take_turns_and_each_site_is_whole() {
    let fixture = Fixture::new();
    std::thread::scope(|scope| {
        for turn in 0..4 {
            let fixture = &fixture;
            scope.spawn(move || {
                for round in 0..10 {
                    fixture.publish(if (turn + round) % 2 == 0 { FIRST } else { SECOND });
                }
            });
        }
    });
    let contents = fixture.contents();
    let is = |files: &[(&str, &str)]| expected(files).iter().all(|(path, text)| contents.get(path) == Some(text));
    assert!(is(FIRST) || is(SECOND), "{contents:?}");
    assert_eq!(fixture.beside(), ["public"]);
}

#[test]
fn a_reader_never_finds_a_mixture_or_a_gap() {
    let fixture = Fixture::new();
    fixture.publish(FIRST);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..200 {
                fixture.publish(if round % 2 == 0 { SECOND } else { FIRST });
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            let folder = File::open(fixture.output()).expect("the output is always there");
            let read = |path: &str| {
                let flags = rustix::fs::OFlags::RDONLY;
                rustix::fs::openat(&folder, path, flags, rustix::fs::Mode::empty())
                    .map(|file| std::io::read_to_string(File::from(file)).unwrap())
            };
            // A folder that was exchanged away is emptied: then there is nothing to compare.
            if let (Ok(front), Ok(_)) = (read("index.html"), read("feed.xml")) {
                assert!(front == "front" || front == "FRONT", "{front}");
            }
        }
    });
}

#[test]
fn where_the_output_cannot_be_written_another_is_offered_and_else_not() {
    let help = |kind: io::ErrorKind| at("write", Path::new("public"))(kind.into()).help.unwrap_or_default();
    assert_eq!(help(io::ErrorKind::PermissionDenied), "check who owns it (`ls -ld`), or build into another folder with `--output`");
    assert!(help(io::ErrorKind::ReadOnlyFilesystem).contains("`--output`"));
    assert!(help(io::ErrorKind::StorageFull).ends_with("and try again"));
}
