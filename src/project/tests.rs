use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use super::*;

fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

/// Makes a file old enough that its times can be trusted.
fn age(root: &Path, path: &str) {
    fs::File::open(root.join(path)).unwrap().set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
}

fn paths(project: &Project) -> Vec<&str> {
    project.sources.files.keys().map(|path| &**path).collect()
}

fn names(list: &[Arc<str>]) -> Vec<&str> {
    list.iter().map(|path| &**path).collect()
}

#[test]
fn the_root_is_the_nearest_folder_above_with_settings() {
    let site = site(&[("site.toml", ""), ("content/posts/2026/a.md", "a")]);
    assert_eq!(find_root(&site.path().join("content/posts/2026")).unwrap(), site.path());
    let none = tempfile::tempdir().unwrap();
    let failure = find_root(none.path()).unwrap_err();
    assert_eq!(failure.exit_code(), 2);
    assert!(failure.help.unwrap().contains("signalpost init"));
}

#[test]
fn a_build_reads_settings_content_and_themes_and_nothing_else() {
    let site = site(&[
        ("site.toml", "title = 'x'"),
        ("content/servers.toml", ""),
        ("content/posts/2026/a.md", "a"),
        ("content/posts/.b.md.swp", "b"),
        ("content/posts/c.md~", "c"),
        ("content/static/.env", "secret"),
        ("content/static/.well-known/x.txt", "x"),
        ("themes/mine/templates/post.html", "p"),
        ("public/index.html", "i"),
        (".git/config", "g"),
        ("README.md", "r"),
    ]);
    let project = read(site.path()).unwrap();
    assert_eq!(
        paths(&project),
        [
            "content/posts/2026/a.md",
            "content/servers.toml",
            "content/static/.well-known/x.txt",
            "site.toml",
            "themes/mine/templates/post.html"
        ]
    );
    assert_eq!(project.skipped, ["content/posts/.b.md.swp", "content/posts/c.md~", "content/static/.env"]);
    assert_eq!(project.sources.get("site.toml").unwrap().text(), Ok("title = 'x'"));
    assert!(project.sources.unreadable.is_empty());
}

#[test]
fn a_link_that_leaves_the_site_or_leads_nowhere_is_said_and_not_followed() {
    let site = site(&[("site.toml", ""), ("content/posts/a.md", "a"), (".env", "secret"), ("shared/b.md", "b")]);
    let posts = site.path().join("content/posts");
    symlink("/etc/passwd", posts.join("out.md")).unwrap();
    symlink("/etc", posts.join("etc")).unwrap();
    symlink("nowhere", posts.join("dangling.md")).unwrap();
    symlink("user@host.1234", posts.join(".#a.md")).unwrap();
    symlink("..", posts.join("circle")).unwrap();
    symlink("self.md", posts.join("self.md")).unwrap();
    symlink("../../.env", posts.join("secret.md")).unwrap();
    symlink("../../shared", posts.join("shared")).unwrap();
    let project = read(site.path()).unwrap();
    assert_eq!(paths(&project), ["content/posts/a.md", "content/posts/shared/b.md", "site.toml"]);
    let said: Vec<_> = project.sources.unreadable.iter().map(|file| format!("{} {}", file.path, file.why)).collect();
    for (start, part) in [
        ("content/posts/circle", "circle"),
        ("content/posts/dangling.md", "not there (nowhere)"),
        ("content/posts/etc", "leaves the site (to /etc)"),
        ("content/posts/out.md", "leaves the site (to /etc/passwd)"),
        ("content/posts/secret.md", "hidden (.env)"),
        ("content/posts/self.md", "cannot be read"),
    ] {
        assert!(said.iter().any(|line| line.starts_with(start) && line.contains(part)), "{start}: {said:#?}");
    }
    assert_eq!(said.len(), 6, "{said:#?}");
}

#[test]
fn links_that_multiply_paths_come_to_an_end() {
    let site = site(&[("site.toml", "")]);
    let folder = |n: usize| site.path().join(format!("content/static/{n}"));
    for n in 0..22 {
        std::fs::create_dir_all(folder(n)).unwrap();
        if n > 0 {
            symlink(folder(n), folder(n - 1).join("a")).unwrap();
            symlink(folder(n), folder(n - 1).join("b")).unwrap();
        }
    }
    write(site.path(), "content/static/21/end.txt", "");
    let project = read(site.path()).unwrap();
    assert!(
        project.sources.unreadable.iter().all(|unreadable| unreadable.why.starts_with("is one of more than 16 links to the same folder"))
    );
    assert!(!project.sources.unreadable.is_empty() && paths(&project).len() < 20, "{:?}", paths(&project));
}

#[test]
fn two_links_to_one_folder_are_both_followed() {
    let site = site(&[("site.toml", ""), ("content/static/a/x.txt", "")]);
    symlink("a", site.path().join("content/static/b")).unwrap();
    assert_eq!(paths(&read(site.path()).unwrap()), ["content/static/a/x.txt", "content/static/b/x.txt", "site.toml"]);
}

#[test]
fn pipes_sockets_foreign_names_and_giants_are_said_and_nobody_waits() {
    use std::os::unix::ffi::OsStrExt;
    let site = site(&[("site.toml", ""), ("content/posts/a.md", "a")]);
    let posts = site.path().join("content/posts");
    assert!(Command::new("mkfifo").arg(posts.join("pipe.md")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(posts.join("socket.md")).unwrap();
    fs::write(posts.join(std::ffi::OsStr::from_bytes(b"latin-\xe9.md")), "x").unwrap();
    fs::File::create(posts.join("giant.md")).unwrap().set_len(LARGEST_TEXT + 1).unwrap();
    fs::File::create(site.path().join("content/picture.png")).unwrap().set_len(LARGEST_TEXT).unwrap();
    let project = read(site.path()).unwrap();
    let said: Vec<_> = project.sources.unreadable.iter().map(|file| format!("{} {}", file.path, file.why)).collect();
    assert_eq!(
        said,
        [
            "content/posts/giant.md is 16 MiB large; the limit is 16 MiB",
            "content/posts/latin-\u{fffd}.md has a name that is not UTF-8",
            "content/posts/pipe.md is a named pipe, not a file",
            "content/posts/socket.md is a socket, not a file",
        ]
    );
    let helps: Vec<_> = project.sources.unreadable.iter().map(|file| file.help.split(':').next().unwrap_or_default()).collect();
    let no_file = "a site is made of ordinary files inside its folder";
    assert_eq!(helps, ["split it, or take out what is no text", "rename it", no_file, no_file]);
}

/// All of them are held in memory: the system would end a program that takes more than there is, without a word of the site.
#[test]
fn files_that_are_copied_are_limited_together_until_there_are_fewer() {
    let mebibyte = "x".repeat(1 << 20);
    let site = site(&[("site.toml", ""), ("content/static/a.png", &mebibyte), ("themes/mine/static/b.png", &mebibyte)]);
    write(site.path(), "content/posts/long.md", &mebibyte);
    age(site.path(), "content/static/a.png");
    let mut project = read(site.path()).unwrap();
    project.room = 2 << 20;
    assert!(project.refresh().unwrap().is_empty(), "so much is allowed");
    let root = project.root.clone();
    let larger = root.join("content/static/c.png");
    fs::write(&larger, &mebibyte).unwrap();
    let whole = |project: &Project| project.sources.files.values().filter(|file| file.bytes.len() == 1 << 20).count();
    for changes in [project.refresh_at([larger.as_path()]), project.refresh().unwrap()] {
        assert_eq!((changes.unreadable, project.is_overfull), (changes.added.len() == 1, true));
        let said: Vec<_> = project.sources.unreadable.iter().map(|file| format!("{} {}", file.path, file.why)).collect();
        assert_eq!(said, ["content/static has 3 MiB in all its files, with those of themes; the limit is 2 MiB"]);
    }
    assert_eq!((paths(&project).len(), whole(&project)), (5, 3), "one finds no room, and links to it are no broken ones");
    fs::remove_file(root.join("content/static/a.png")).unwrap();
    let changes = project.refresh_at([root.join("content/static/a.png").as_path()]);
    assert!(changes.unreadable && project.sources.unreadable.is_empty());
    assert_eq!(project.sources, read(&root).unwrap().sources);
}

#[test]
fn a_refresh_tells_what_was_added_changed_and_removed() {
    let site = site(&[("site.toml", ""), ("content/a.md", "a"), ("content/b.md", "b"), ("content/c.md", "c")]);
    for path in ["content/a.md", "content/b.md", "content/c.md", "site.toml"] {
        age(site.path(), path);
    }
    let mut project = read(site.path()).unwrap();
    assert!(project.refresh().unwrap().is_empty());
    write(site.path(), "content/a.md", "A");
    write(site.path(), "content/b.md", "b");
    fs::remove_file(site.path().join("content/c.md")).unwrap();
    write(site.path(), "content/d/e.md", "e");
    let changes = project.refresh().unwrap();
    assert_eq!(
        (names(&changes.added), names(&changes.changed), names(&changes.removed)),
        (vec!["content/d/e.md"], vec!["content/a.md"], vec!["content/c.md"])
    );
    assert_eq!(project.sources, read(site.path()).unwrap().sources);
}

#[test]
fn two_writes_of_one_size_within_a_tick_are_both_seen() {
    let site = site(&[("site.toml", ""), ("content/a.md", "one")]);
    let mut project = read(site.path()).unwrap();
    for text in ["two", "six", "ten"] {
        let before = fs::metadata(site.path().join("content/a.md")).unwrap().modified().unwrap();
        write(site.path(), "content/a.md", text);
        fs::File::open(site.path().join("content/a.md")).unwrap().set_modified(before).unwrap();
        assert_eq!(names(&project.refresh().unwrap().changed), ["content/a.md"], "{text}");
    }
}

#[test]
fn a_refresh_of_some_places_gives_what_a_whole_one_gives() {
    let site = site(&[("site.toml", ""), ("content/posts/a.md", "a"), ("content/posts/x/b.md", "b"), ("content/posts/x/c.md", "c")]);
    let mut project = read(site.path()).unwrap();
    let root = project.root.clone();
    write(&root, "content/posts/a.md", "changed");
    write(&root, "content/posts/new/deep/d.md", "d");
    fs::rename(root.join("content/posts/x"), root.join("content/posts/y")).unwrap();
    let places =
        ["content/posts/a.md", "content/posts/new", "content/posts/x", "content/posts/y", "public/index.html", "content/posts/a.md~"];
    let places: Vec<_> = places.iter().map(|path| root.join(path)).collect();
    let changes = project.refresh_at(places.iter().map(PathBuf::as_path));
    assert_eq!(names(&changes.added), ["content/posts/new/deep/d.md", "content/posts/y/b.md", "content/posts/y/c.md"]);
    assert_eq!(names(&changes.changed), ["content/posts/a.md"]);
    assert_eq!(names(&changes.removed), ["content/posts/x/b.md", "content/posts/x/c.md"]);
    assert_eq!(project.sources, read(&root).unwrap().sources);
    symlink("nowhere", root.join("content/posts/link.md")).unwrap();
    assert!(project.refresh_at([root.join("content/posts/link.md").as_path()]).unreadable);
    fs::remove_file(root.join("content/posts/link.md")).unwrap();
    assert!(project.refresh_at([root.join("content/posts/link.md").as_path()]).unreadable);
    assert!(project.sources.unreadable.is_empty());
}

#[test]
fn a_place_below_another_is_told_once() {
    let site = site(&[("site.toml", ""), ("content/posts/a.md", "a"), ("content/posts/b.md", "b")]);
    let mut project = read(site.path()).unwrap();
    let root = project.root.clone();
    write(&root, "content/posts/a.md", "A");
    fs::remove_file(root.join("content/posts/b.md")).unwrap();
    let places = ["content/posts", "content/posts/a.md", "content/posts/b.md", "content"].map(|path| root.join(path));
    let changes = project.refresh_at(places.iter().map(PathBuf::as_path));
    assert_eq!((names(&changes.changed), names(&changes.removed)), (vec!["content/posts/a.md"], vec!["content/posts/b.md"]));
    assert_eq!(project.sources, read(&root).unwrap().sources);
}

#[test]
fn what_a_later_refresh_found_stands_in_its_order() {
    let changes = |paths: &[&str]| Changes { changed: paths.iter().map(|path| (*path).into()).collect(), ..Changes::default() };
    let mut all = changes(&["content/b.md", "content/d.md"]);
    all.absorb(changes(&["content/a.md", "content/b.md", "content/c.md"]));
    assert_eq!(names(&all.changed), ["content/a.md", "content/b.md", "content/c.md", "content/d.md"]);
}

/// How long it takes to look again at places all over a site; the shorter of two times, because other programs run beside the tests.
#[test]
fn many_places_are_no_slower_than_everything() {
    let folder = site(&[("site.toml", "")]);
    let places: Vec<PathBuf> = (0..3000).map(|n| folder.path().join(format!("content/posts/{n}.md"))).collect();
    fs::create_dir_all(folder.path().join("content/posts")).unwrap();
    places.iter().for_each(|place| fs::write(place, "x").unwrap());
    let mut project = read(folder.path()).unwrap();
    let mut time = |look: &dyn Fn(&mut Project)| {
        let mut once = || {
            let begin = Instant::now();
            look(&mut project);
            begin.elapsed()
        };
        once().min(once())
    };
    let all = time(&|project| drop(read(&project.root)));
    let each = time(&|project| drop(project.refresh_at(places.iter().map(PathBuf::as_path))));
    assert!(each < 8 * all, "{each:?}, and {all:?} for everything");
}

#[test]
fn a_root_that_is_gone_is_a_failure() {
    let site = site(&[("site.toml", "")]);
    let mut project = read(site.path()).unwrap();
    drop(site);
    assert_eq!(project.refresh().unwrap_err().exit_code(), 3);
}
