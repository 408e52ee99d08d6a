//! How far a build is from the least that it could do: reading the sources and writing the same bytes into the same files, on as many
//! threads, and nothing else.
//!
//! `cargo bench --bench floor [-- 10000]`. The two are run in turn, each into an empty folder on a memory file system.

#[path = "measure/mod.rs"]
mod measure;
#[path = "site/mod.rs"]
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

fn main() {
    measure::become_parent_if_asked();
    let arguments: Vec<_> = std::env::args_os().collect();
    if let [_, word, sources, model, output] = &arguments[..]
        && word == "--floor"
    {
        return floor(Path::new(sources), Path::new(model), Path::new(output));
    }
    let itself = std::env::current_exe().expect("a running program has a path");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_signalpost"));
    println!("{:>8}  {:>8}  {:>8}  {:>8}  {:>6}", "posts", "files", "floor s", "build s", "times");
    for posts in measure::sizes(&[1_000, 10_000]) {
        let folder = measure::scratch();
        site::write(site::Shape::of(posts), folder.path()).expect("the site can be written");
        let now = site::now().to_rfc3339();
        let build = |output: &Path| {
            let arguments = ["build", "--quiet", "--now", &now, "--output"].map(OsStr::new);
            measure::run(&program, &[&arguments[..], &[output.as_os_str()]].concat(), folder.path()).expect("the build succeeds")
        };
        let model = folder.path().join("model");
        build(&model);
        // The bytes come out of one file, each thread reading its pieces into one buffer: nearly as cheap as having them.
        let packed = folder.path().join("packed");
        pack(&model, &packed);
        let (files, _) = measure::weight(&model);
        std::fs::remove_dir_all(&model).expect("the model can be removed");

        let output = folder.path().join("public");
        let (mut floors, mut builds) = (Vec::new(), Vec::new());
        for _ in 0..7 {
            let arguments = [OsStr::new("--floor"), folder.path().join("content").as_os_str(), packed.as_os_str(), output.as_os_str()]
                .map(OsStr::to_owned);
            let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
            floors.push(measure::run(&itself, &arguments, folder.path()).expect("the floor succeeds"));
            std::fs::remove_dir_all(&output).expect("the output can be removed");
            builds.push(build(&output));
            std::fs::remove_dir_all(&output).expect("the output can be removed");
        }
        let (floor, build) = (measure::median(&floors).wall.as_secs_f64(), measure::median(&builds).wall.as_secs_f64());
        println!("{posts:>8}  {files:>8}  {floor:>8.3}  {build:>8.3}  {:>6.2}", build / floor);
    }
}

/// All files of a folder in one, and beside it where each begins and ends.
fn pack(folder: &Path, packed: &Path) {
    let (mut all, mut index) = (Vec::new(), String::new());
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(folder).expect("it lies in the folder").to_string_lossy().into_owned();
        let begin = all.len();
        all.extend_from_slice(&std::fs::read(entry.path()).expect("a built file can be read"));
        index.push_str(&format!("{begin} {} {path}\n", all.len()));
    }
    std::fs::write(packed, all).expect("the pack can be written");
    std::fs::write(packed.with_extension("index"), index).expect("its index can be written");
}

/// Reads every source, and writes every file of the pack.
fn floor(sources: &Path, packed: &Path, output: &Path) {
    let paths: Vec<PathBuf> = walkdir::WalkDir::new(sources)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let read: usize = paths.par_iter().map(|path| std::fs::read(path).map_or(0, |bytes| bytes.len())).sum();
    assert!(read > 0, "there are sources");

    let index = std::fs::read_to_string(packed.with_extension("index")).expect("the index can be read");
    let files: Vec<(PathBuf, u64, usize)> = index.lines().map(|line| piece(line, output)).collect();
    let folders: BTreeSet<&Path> = files.iter().filter_map(|(path, ..)| path.parent()).collect();
    let mut levels: BTreeMap<usize, Vec<&Path>> = BTreeMap::new();
    for folder in folders.iter().flat_map(|folder| folder.ancestors()).filter(|folder| folder.starts_with(output)).collect::<BTreeSet<_>>()
    {
        levels.entry(folder.components().count()).or_default().push(folder);
    }
    for level in levels.values() {
        level.par_iter().for_each(|folder| std::fs::create_dir(folder).expect("a folder can be made"));
    }
    let packed = std::fs::File::open(packed).expect("the pack can be read");
    files.par_iter().for_each_init(Vec::new, |buffer, (path, begin, length)| {
        buffer.resize(*length, 0);
        packed.read_exact_at(buffer, *begin).expect("the pack is whole");
        std::fs::write(path, buffer).expect("a file can be written");
    });
}

/// A line of the index: where to write, where the bytes begin and how many they are.
fn piece(line: &str, output: &Path) -> (PathBuf, u64, usize) {
    let mut parts = line.splitn(3, ' ');
    let mut number = || parts.next().and_then(|number| number.parse::<u64>().ok()).expect("a number");
    let (begin, end) = (number(), number());
    (output.join(parts.next().expect("a path")), begin, usize::try_from(end - begin).expect("it fits into memory"))
}
