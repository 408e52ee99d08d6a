use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering::Relaxed};
struct C;
static LIVE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);
static N: AtomicUsize = AtomicUsize::new(0);
unsafe impl GlobalAlloc for C {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 {
        let v = LIVE.fetch_add(l.size() as isize, Relaxed) + l.size() as isize;
        PEAK.fetch_max(v, Relaxed);
        N.fetch_add(1, Relaxed);
        unsafe { mimalloc::MiMalloc.alloc(l) }
    }
    unsafe fn dealloc(&self, p: *mut u8, l: Layout) {
        LIVE.fetch_sub(l.size() as isize, Relaxed);
        unsafe { mimalloc::MiMalloc.dealloc(p, l) }
    }
    unsafe fn realloc(&self, p: *mut u8, l: Layout, n: usize) -> *mut u8 {
        let v = LIVE.fetch_add(n as isize - l.size() as isize, Relaxed) + n as isize - l.size() as isize;
        PEAK.fetch_max(v, Relaxed);
        N.fetch_add(1, Relaxed);
        unsafe { mimalloc::MiMalloc.realloc(p, l, n) }
    }
}
#[global_allocator]
static A: C = C;
fn say(w: &str) {
    println!(
        "{w:20} live {:7.1} MB  peak {:7.1} MB  allocations {}",
        LIVE.load(Relaxed) as f64 / 1e6,
        PEAK.load(Relaxed) as f64 / 1e6,
        N.load(Relaxed)
    );
    PEAK.store(LIVE.load(Relaxed), Relaxed);
}
#[path = "../benches/site/mod.rs"]
mod site;
use signalpost::{publish::PublishOptions, *};
fn main() {
    say("start");
    let mut project = signalpost::project::read(std::path::Path::new(".")).unwrap();
    say("sources");
    let options = Options { now: Now::Given(site::now()), drafts: false, base_url: None };
    let mut f = findings::Findings::default();
    let s = std::sync::Arc::new(load::site::site(&project.sources, &options, &mut Memo::forgetful(), &mut f).unwrap());
    say("site");
    let p = plan::of(&s);
    say("plan");
    drop(p);
    drop(s);
    say("dropped");
    let (prepared, mut findings) = signalpost::prepare(&project.sources, &options);
    let mut prepared = prepared.unwrap();
    say("prepared");
    project.sources.release(|_| false);
    say("released");
    let is_made_by_others =
        |path: &str| path.ends_with(".html") || path.ends_with("feed.xml") || path.starts_with("assets/") || path == "sitemap.xml";
    if std::env::args().nth(2).is_none() {
        prepared.outputs.retain(|output| is_made_by_others(&output.path));
    }
    say("retained");
    signalpost::publish_site(&prepared, std::path::Path::new(&std::env::args().nth(1).unwrap()), &PublishOptions::default(), &mut findings)
        .unwrap();
    say("published");
}
