//! Where a build's time goes: each step by itself, in memory. `cargo bench --bench steps`.

#[path = "site/mod.rs"]
mod site;

use divan::{Bencher, black_box};
use signalpost::findings::Findings;
use signalpost::source::Sources;
use signalpost::{Now, Options};

fn main() {
    divan::main();
}

const POSTS: usize = 10_000;

fn options() -> Options {
    Options { now: Now::Given(site::now()), drafts: false, base_url: None }
}

fn sources() -> Sources {
    site::sources(site::Shape::of(POSTS))
}

/// Read, link, plan, check; nothing is rendered.
#[divan::bench(sample_count = 10)]
fn prepare(bencher: Bencher) {
    let sources = sources();
    bencher.counter(divan::counter::ItemsCount::new(POSTS)).bench_local(|| signalpost::prepare(black_box(&sources), &options()));
}

/// Every file to its bytes.
#[divan::bench(sample_count = 10)]
fn render(bencher: Bencher) {
    let (prepared, _) = signalpost::prepare(&sources(), &options());
    let prepared = prepared.expect("the generated site is valid");
    bencher
        .counter(divan::counter::ItemsCount::new(POSTS))
        .bench_local(|| signalpost::render::bundle(&prepared.plan, &prepared.outputs, &prepared.theme, &mut Findings::default()));
}

/// The whole function, without a disk.
#[divan::bench(sample_count = 10)]
fn build(bencher: Bencher) {
    let sources = sources();
    bencher.counter(divan::counter::ItemsCount::new(POSTS)).bench_local(|| signalpost::build(black_box(&sources), &options()));
}
