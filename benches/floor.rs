//! How far a build is from the least that it could do: reading the sources and writing the same bytes into the same files, on as many
//! threads, and nothing else.
//!
//! `cargo bench --bench floor [-- 10000]`. The two are run in turn, each into an empty folder on a memory file system.

#[path = "measure/mod.rs"]
mod measure;
#[path = "site/mod.rs"]
mod site;

use std::collections::BTreeSet;
use std::ffi::OsStr;
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
        // The bytes come out of one file, so that the floor reads them as cheaply as memory.
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

/// All files of a folder in one: path, length and bytes, one after another.
fn pack(folder: &Path, packed: &Path) {
    let mut all = Vec::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
        let bytes = std::fs::read(entry.path()).expect("a built file can be read");
        let path = entry.path().strip_prefix(folder).expect("it lies in the folder").to_string_lossy().into_owned();
        all.extend_from_slice(format!("{path}\n{}\n", bytes.len()).as_bytes());
        all.extend_from_slice(&bytes);
    }
    std::fs::write(packed, all).expect("the pack can be written");
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

    let packed = std::fs::read(packed).expect("the pack can be read");
    let mut files: Vec<(PathBuf, &[u8])> = Vec::new();
    let mut rest = &packed[..];
    while !rest.is_empty() {
        let mut parts = rest.splitn(3, |byte| *byte == b'\n');
        let mut part = || parts.next().expect("a path, a length and bytes");
        let (path, length, after) = (part(), part(), part());
        let length: usize = std::str::from_utf8(length).ok().and_then(|text| text.parse().ok()).expect("a length");
        files.push((output.join(std::str::from_utf8(path).expect("paths are UTF-8")), &after[..length]));
        rest = &after[length..];
    }
    let folders: BTreeSet<&Path> = files.iter().filter_map(|(path, _)| path.parent()).collect();
    for folder in folders {
        std::fs::create_dir_all(folder).expect("a folder can be made");
    }
    files.par_iter().for_each(|(path, bytes)| std::fs::write(path, bytes).expect("a file can be written"));
}
