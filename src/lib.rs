//! # signalpost
//!
//! A static status-site generator: Markdown incident posts in, a status page with feeds, calendar and API out.
//!
//! A build is **one pure function**: texts, options and a moment in; files in memory and findings out.
//!
//! ```text
//!  project ──▶ load ──▶ plan ──▶ outputs ──▶ render ──▶ publish
//!  (disk)      model    pages    one file    bytes      (disk)
//!                                a kind
//!   Sources     Site     Plan     Output      Bundle     public/
//! ```
//!
//! [`build`] keeps all bytes in a [`Bundle`]; [`publish_site`] hands each file to [`publish`] as soon as it is made, so that a
//! large site need not fit into memory.
//!
//! Only [`project`] reads the user's files, only [`publish`] writes the site, only [`cli`] knows the environment and says at which
//! moment a site is built. (The two that know the disk hold its times against the clock, to learn whether a file may have been
//! written since they looked.) [`serve`] is a loop around the same function and answers from the same outputs.
//!
//! Of the packages, the table leaves out those that are vocabulary rather than a job, such as serde, chrono and rayon: any room may
//! use them.
//!
//! | room | what it is | packages of its own |
//! |---|---|---|
//! | [`source`] | texts in memory and places in them | |
//! | [`findings`] | problems in the user's files, as data, and how they are drawn | annotate-snippets, memchr, strsim |
//! | [`failure`] | what the machine could not do | |
//! | [`model`] | the vocabulary; status through time | chrono-tz, memchr, toml |
//! | [`load`] | text to model: settings, servers, posts, Markdown | toml, chrono-tz, memchr, pulldown-cmark, strsim |
//! | [`plan`] | which pages exist, at what address | |
//! | [`outputs`] | one file a kind of output | rss, quick-xml, icalendar, toml |
//! | [`words`] | the words of the interface and date forms | chrono-tz, toml |
//! | [`theme`] | templates and assets in two layers | tera |
//! | [`checks`] | rules that need the whole plan | scraper |
//! | [`render`] | outputs to bytes, in parallel | |
//! | [`publish`] | files to a folder in one step | rustix, signal-hook |
//! | [`project`] | the user's folder: root, files, changes | walkdir, rustix |
//! | [`probe`] | servers tried from this machine | ureq |
//! | [`announce`] | each update once to webhooks and by mail | lettre, ureq |
//! | [`serve`] | preview on loopback | hyper, hyper-util, http-body-util, tokio, notify |
//! | [`authoring`] | the text of post files, as the program writes it | toml |
//! | [`import`] | another system's export to new post files | scraper, quick-xml, pulldown-cmark, serde-saphyr, toml |
//! | [`cli`] | arguments, one file a command, the terminal | clap, clap_complete, clap_mangen, anstream, indicatif, mimalloc, libmimalloc-sys, tempfile, terminal_size |

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod announce;
pub mod authoring;
pub mod checks;
#[expect(
    clippy::disallowed_methods,
    reason = "the rim: it knows the command line, the environment, the clock and the files it is asked to write"
)]
pub mod cli;
pub mod failure;
pub mod findings;
pub mod import;
pub mod load;
pub mod model;
pub mod outputs;
pub mod plan;
pub mod probe;
#[expect(clippy::disallowed_methods, reason = "the rim: it reads the user's files")]
pub mod project;
#[expect(clippy::disallowed_methods, reason = "the rim: it writes the site")]
pub mod publish;
pub mod render;
pub mod serve;
pub mod source;
pub mod theme;
pub mod words;

use std::path::Path;
use std::sync::Arc;

pub use load::Memo;

use failure::Failure;
use findings::Findings;
use model::Moment;
use outputs::Output;
use plan::Plan;
use publish::{Publication, PublishOptions, Published};
use render::Bundle;
use source::Sources;
use theme::Theme;

/// What a build is asked for, beside the sources. The only time in the whole build is here.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    pub now: Now,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// Overrides `base_url` of `site.toml`.
    pub base_url: Option<model::BaseUrl>,
}

/// The moment that the site describes, and how strictly posts are held to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// From the clock: a post or update from the future is an error.
    Clock(Moment),
    /// Asked for: the site as it stood; posts and updates later than it are left out.
    Given(Moment),
}

impl Now {
    pub fn moment(self) -> Moment {
        match self {
            Now::Clock(moment) | Now::Given(moment) => moment,
        }
    }
}

/// A site that was read and planned, with every file still to be made.
pub struct Prepared {
    pub plan: Plan,
    pub theme: Theme,
    pub outputs: Vec<Output>,
}

/// What a build gives: the site, unless there is an error, and all findings.
pub struct Build {
    pub bundle: Option<Bundle>,
    pub findings: Findings,
}

/// Reads and plans a site. `None` where the settings leave nothing to make; findings in any case.
pub fn prepare(sources: &Sources, options: &Options) -> (Option<Prepared>, Findings) {
    prepare_with(&mut Memo::forgetful(), sources, options)
}

/// The same, with what was read of unchanged files before: for whoever builds again and again.
pub fn prepare_with(memo: &mut Memo, sources: &Sources, options: &Options) -> (Option<Prepared>, Findings) {
    let mut findings = Findings::default();
    let prepared = in_pool(|| {
        let site = Arc::new(load::site::site(sources, options, memo, &mut findings)?);
        let theme = || {
            let mut theme = theme::load(sources, &site.config, &mut findings);
            checks::sample::fill(&site, &mut theme, &mut findings);
            theme
        };
        let (mut theme, plan) = rayon::join(theme, || plan::of(&site));
        outputs::html::share(&plan, &mut theme);
        let outputs = outputs::all(&plan, &theme);
        checks::run(&plan, &outputs, &theme, &mut findings);
        Some(Prepared { plan, theme, outputs })
    });
    (prepared, findings)
}

/// The whole build: everything is read, checked and rendered, and nothing is written.
pub fn build(sources: &Sources, options: &Options) -> Build {
    let (prepared, mut findings) = prepare(sources, options);
    let bundle = prepared.map(|prepared| render::bundle(&prepared.plan, &prepared.outputs, &prepared.theme, &mut findings));
    Build { bundle: bundle.filter(|_| !findings.has_errors()), findings }
}

/// Makes every file of a site and publishes it: what is made waits out of sight until all is there. `None` where a template
/// is wrong; then the output is as it was.
pub fn publish_site(
    prepared: &Prepared,
    output: &Path,
    options: &PublishOptions<'_>,
    findings: &mut Findings,
) -> Result<Option<Published>, Failure> {
    let Prepared { plan, theme, outputs } = prepared;
    in_pool(|| {
        let publication = Publication::begin(outputs.iter().map(|output| output.path.as_str()), output, options)?;
        render::each(plan, outputs, theme, findings, |path, bytes| publication.put(path, &bytes))?;
        if findings.has_errors() { Ok(None) } else { publication.finish().map(Some) }
    })
}

/// Bytes of stack for a thread that compiles or fills templates: what includes, extends or branches deeply nests as many calls.
pub const STACK: usize = 64 << 20;

/// Gives the threads that work in parallel such a stack. For the start of a program: threads that work already keep theirs.
pub fn begin_pool() {
    // Whoever began it has chosen.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
}

/// Runs steps on a thread of the pool, also those that have no work for several: there they get the memory that the parallel steps
/// have left over, where a thread of its own would ask the system for more.
fn in_pool<T: Send>(steps: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| steps())
}
