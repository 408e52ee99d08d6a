use std::fs;
use std::io::Write;
use std::process::Command;

use super::*;
use crate::project;

struct Site {
    folder: tempfile::TempDir,
    root: PathBuf,
    project: Project,
    watcher: Watcher,
}

impl Site {
    fn new() -> Site {
        Site::watched(false)
    }

    fn watched(poll: bool) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("site");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("site.toml"), "title = 'x'").unwrap();
        fs::create_dir_all(root.join("content/posts")).unwrap();
        fs::write(root.join("content/posts/a.md"), "one").unwrap();
        let project = project::read(&root).unwrap();
        let watcher = Watcher::start(&project.named, poll);
        assert_eq!(watcher.notice(), None);
        Site { folder, project, root, watcher }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Waits until the project holds `text` at `path` (or nothing, for `None`); how many times it was woken.
    fn wait_for(&mut self, path: &str, text: Option<&str>) -> usize {
        let deadline = Instant::now() + Duration::from_secs(10);
        for woken in 0.. {
            if self.project.sources.get(path).map(|file| &*file.bytes) == text.map(str::as_bytes) {
                return woken;
            }
            assert!(Instant::now() < deadline, "`{path}` never became {text:?}");
            if let Some(changed) = self.watcher.within(Duration::from_secs(1)) {
                changed.refresh(&mut self.project).unwrap();
            }
        }
        unreachable!()
    }
}

#[test]
fn every_way_of_saving_is_seen() {
    let mut site = Site::new();
    let place = site.at("content/posts/a.md");
    fs::write(&place, "in place").unwrap();
    site.wait_for("content/posts/a.md", Some("in place"));

    fs::write(site.at("content/posts/.a.md.tmp"), "renamed over").unwrap();
    fs::rename(site.at("content/posts/.a.md.tmp"), &place).unwrap();
    site.wait_for("content/posts/a.md", Some("renamed over"));

    fs::rename(&place, site.at("content/posts/a.md~")).unwrap();
    fs::write(&place, "old one moved away").unwrap();
    site.wait_for("content/posts/a.md", Some("old one moved away"));

    fs::remove_file(&place).unwrap();
    fs::write(&place, "deleted and made").unwrap();
    site.wait_for("content/posts/a.md", Some("deleted and made"));

    fs::File::options().append(true).open(&place).unwrap().write_all(b" and more").unwrap();
    site.wait_for("content/posts/a.md", Some("deleted and made and more"));

    fs::remove_file(&place).unwrap();
    site.wait_for("content/posts/a.md", None);

    fs::write(site.at("site.toml"), "title = 'y'").unwrap();
    site.wait_for("site.toml", Some("title = 'y'"));
}

#[test]
fn a_file_in_folders_that_are_new_is_seen_and_so_are_its_changes() {
    let mut site = Site::new();
    fs::create_dir_all(site.at("content/posts/2026/05/deep")).unwrap();
    fs::write(site.at("content/posts/2026/05/deep/b.md"), "new").unwrap();
    site.wait_for("content/posts/2026/05/deep/b.md", Some("new"));
    fs::write(site.at("content/posts/2026/05/deep/b.md"), "newer").unwrap();
    site.wait_for("content/posts/2026/05/deep/b.md", Some("newer"));
    fs::create_dir_all(site.at("themes/mine/templates")).unwrap();
    fs::write(site.at("themes/mine/templates/post.html"), "t").unwrap();
    site.wait_for("themes/mine/templates/post.html", Some("t"));
    fs::write(site.at("themes/mine/templates/post.html"), "u").unwrap();
    site.wait_for("themes/mine/templates/post.html", Some("u"));
}

#[test]
fn content_that_is_moved_away_and_made_again_is_still_watched() {
    let mut site = Site::new();
    fs::rename(site.at("content"), site.at("elsewhere")).unwrap();
    site.wait_for("content/posts/a.md", None);
    fs::create_dir_all(site.at("content/posts")).unwrap();
    fs::write(site.at("content/posts/a.md"), "again").unwrap();
    site.wait_for("content/posts/a.md", Some("again"));
    fs::write(site.at("content/posts/a.md"), "and again").unwrap();
    site.wait_for("content/posts/a.md", Some("and again"));
}

#[test]
fn another_folder_in_the_place_of_the_root_is_seen_and_watched() {
    for poll in [false, true] {
        let mut site = Site::watched(poll);
        let aside = site.folder.path().join("aside");
        fs::rename(&site.root, &aside).unwrap();
        fs::create_dir_all(site.at("content/posts")).unwrap();
        fs::write(site.at("content/posts/a.md"), "another").unwrap();
        site.wait_for("content/posts/a.md", Some("another"));
        fs::write(site.at("content/posts/a.md"), "and changed").unwrap();
        site.wait_for("content/posts/a.md", Some("and changed"));
        // A link that is made to lead elsewhere.
        fs::remove_dir_all(&site.root).unwrap();
        std::os::unix::fs::symlink(&aside, &site.root).unwrap();
        site.wait_for("content/posts/a.md", Some("one"));
        fs::write(aside.join("content/posts/a.md"), "two").unwrap();
        site.wait_for("content/posts/a.md", Some("two"));
        // Which folder that is, the look at everything tells.
        let aside = aside.canonicalize().unwrap();
        for _ in 0..10 {
            if site.project.root != aside
                && let Some(changed) = site.watcher.within(Duration::from_secs(1))
            {
                changed.refresh(&mut site.project).unwrap();
            }
        }
        assert_eq!(site.project.root, aside);
    }
}

#[test]
fn a_storm_of_writes_wakes_seldom() {
    let mut site = Site::new();
    for number in 0..400 {
        fs::write(site.at(&format!("content/posts/{number}.md")), "storm").unwrap();
    }
    let woken = site.wait_for("content/posts/399.md", Some("storm"));
    assert!(woken < 20, "{woken}");
    for number in 0..400 {
        assert!(
            site.project.sources.get(&format!("content/posts/{number}.md")).is_some()
                || site.wait_for(&format!("content/posts/{number}.md"), Some("storm")) > 0
        );
    }
}

#[test]
fn a_git_checkout_is_seen() {
    let mut site = Site::new();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=x", "-c", "user.email=x@example.net", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(&site.root);
        assert!(command.output().unwrap().status.success(), "git {arguments:?}");
    };
    git(&["init"]);
    git(&["add", "."]);
    git(&["commit", "-m", "one"]);
    git(&["checkout", "-b", "other"]);
    fs::write(site.at("content/posts/a.md"), "two").unwrap();
    fs::create_dir_all(site.at("content/posts/x/y")).unwrap();
    fs::write(site.at("content/posts/x/y/b.md"), "b").unwrap();
    git(&["add", "."]);
    git(&["commit", "-m", "two"]);
    git(&["checkout", "main"]);
    git(&["checkout", "other"]);
    git(&["checkout", "main"]);
    site.wait_for("content/posts/a.md", Some("one"));
    site.wait_for("content/posts/x/y/b.md", None);
    let git = |arguments: &[&str]| Command::new("git").args(arguments).current_dir(&site.root).output().unwrap();
    git(&["checkout", "other"]);
    site.wait_for("content/posts/x/y/b.md", Some("b"));
    assert_eq!(site.project.sources, project::read(&site.root).unwrap().sources);
}

#[test]
fn reading_the_sources_and_writing_the_output_wakes_nobody() {
    let mut site = Site::new();
    while site.watcher.within(Duration::from_millis(500)).is_some() {}
    site.project.refresh().unwrap();
    project::read(&site.root).unwrap();
    fs::create_dir_all(site.at("public")).unwrap();
    fs::write(site.at("public/index.html"), "x").unwrap();
    fs::rename(site.at("public"), site.at("public2")).unwrap();
    fs::write(site.at("content/posts/.a.md.swp"), "x").unwrap();
    assert_eq!(site.watcher.within(Duration::from_millis(600)), None);
}

#[test]
fn polling_finds_what_events_would_have_told() {
    let mut site = Site::watched(true);
    fs::write(site.at("content/posts/a.md"), "polled").unwrap();
    site.wait_for("content/posts/a.md", Some("polled"));
    drop(site.folder);
}

#[test]
fn what_is_due_is_asked_every_second_and_ends_the_wait() {
    let mut site = Site::new();
    while site.watcher.within(Duration::from_millis(500)).is_some() {}
    let began = Instant::now();
    let mut asked = 0;
    let is_third = || {
        asked += 1;
        asked == 3
    };
    assert_eq!(site.watcher.until(is_third), None);
    assert!(began.elapsed() > Duration::from_millis(1500) && began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
