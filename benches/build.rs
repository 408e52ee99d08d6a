//! A full build as users run it: the whole process, from a folder to an empty folder on a memory file system.
//!
//! `cargo bench --bench build [-- 1000 10000 100000]`. The last column is the time of a post against the smallest site's: a build that
//! grows linearly keeps it near 1.

#[path = "measure/mod.rs"]
mod measure;
#[path = "site/mod.rs"]
mod site;

use std::ffi::OsStr;
use std::path::Path;

fn main() {
    measure::become_parent_if_asked();
    let program = Path::new(env!("CARGO_BIN_EXE_signalpost"));
    println!(
        "{:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}  {:>9}  {:>6}",
        "posts", "wall s", "CPU s", "peak MiB", "files", "MiB", "µs a post", "growth"
    );
    let mut first = None;
    for posts in measure::sizes(&[1_000, 10_000, 100_000]) {
        let folder = measure::scratch();
        site::write(site::Shape::of(posts), folder.path()).expect("the site can be written");
        let times = if posts > 20_000 { 3 } else { 7 };
        let mut weight = (0, 0);
        let runs: Vec<_> = (0..times)
            .map(|n| {
                let output = folder.path().join(format!("public-{n}"));
                let now = site::now().to_rfc3339();
                let arguments = ["build", "--quiet", "--now", &now, "--output"].map(OsStr::new);
                let run =
                    measure::run(program, &[&arguments[..], &[output.as_os_str()]].concat(), folder.path()).expect("the build succeeds");
                weight = measure::weight(&output);
                std::fs::remove_dir_all(&output).expect("the output can be removed");
                run
            })
            .collect();
        let run = measure::median(&runs);
        let each = run.wall.as_secs_f64() * 1e6 / posts as f64;
        println!(
            "{posts:>8}  {:>8.3}  {:>8.3}  {:>8.0}  {:>8}  {:>8.1}  {each:>9.1}  {:>6.2}",
            run.wall.as_secs_f64(),
            run.cpu.as_secs_f64(),
            run.peak_mib,
            weight.0,
            weight.1 as f64 / f64::from(1 << 20),
            each / *first.get_or_insert(each),
        );
    }
}
