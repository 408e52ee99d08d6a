//! One file a kind of output. In: the plan (and for HTML the theme). Out: which files there are, and how each is made.
//!
//! Never opens a file, never reads the clock; a kind never imports another. What can go wrong was found in `load` or `checks`.

pub mod api;
pub mod assets;
pub mod badge;
pub mod calendar;
pub mod feed;
pub mod hosts;
pub mod html;
pub mod item;
pub mod opml;
pub mod policy;
pub mod robots;
pub mod role;
pub mod search;
pub mod security_txt;
mod simple_html;
pub mod sitemap;
pub mod status_json;
pub mod status_text;
mod statuspage;
pub mod uptime_csv;
pub mod widget;

#[cfg(test)]
pub(crate) mod testing;

use bytes::Bytes;
use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;
use serde::Serialize;

use crate::plan::Plan;
use crate::theme::{TemplateProblem, Theme};

/// One file of the built site, not made yet. Making is pure: the same plan and theme give the same bytes.
pub struct Output {
    /// Below the output folder: `2026/05/04/relay/index.html`.
    pub path: String,
    pub make: Make,
}

/// How the bytes of a file come about.
pub enum Make {
    Ready(Bytes),
    Later(Maker),
}

/// Makes the bytes of one file.
pub type Maker = Box<dyn Fn(&Plan, &Theme) -> Result<Vec<u8>, TemplateProblem> + Send + Sync>;

impl Output {
    pub fn ready(path: impl Into<String>, bytes: impl Into<Bytes>) -> Output {
        Output { path: path.into(), make: Make::Ready(bytes.into()) }
    }

    /// A file that no template is filled for: it can always be made.
    pub fn made<B: Into<Vec<u8>>>(path: impl Into<String>, make: impl Fn(&Plan) -> B + Send + Sync + 'static) -> Output {
        Output::page(path, move |plan, _| Ok(make(plan).into()))
    }

    /// A file of the theme's templates, which the user may have changed.
    pub fn page(
        path: impl Into<String>,
        make: impl Fn(&Plan, &Theme) -> Result<Vec<u8>, TemplateProblem> + Send + Sync + 'static,
    ) -> Output {
        Output { path: path.into(), make: Make::Later(Box::new(make)) }
    }

    /// A JSON document without spaces, with a newline at its end.
    pub fn json<T: Serialize>(path: impl Into<String>, value: impl Fn(&Plan) -> T + Send + Sync + 'static) -> Output {
        Output::made(path, move |plan| json(&value(plan)) + "\n")
    }

    pub fn bytes(&self, plan: &Plan, theme: &Theme) -> Result<Bytes, TemplateProblem> {
        match &self.make {
            Make::Ready(bytes) => Ok(bytes.clone()),
            Make::Later(make) => make(plan, theme).map(Bytes::from),
        }
    }
}

/// JSON without spaces. For our own documents, which hold nothing that JSON cannot say.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers, lists and records become JSON")
}

/// A kind of output: a row of the README's table.
pub struct OutputKind {
    /// The addresses, as the README writes them, in Markdown.
    pub addresses: &'static str,
    /// One line for the README.
    pub about: &'static str,
    pub list: fn(&Plan, &Theme) -> Vec<Output>,
}

/// Every kind of output, in the order of the README's table.
pub const KINDS: &[OutputKind] = &[
    assets::KIND,
    html::PAGES,
    html::ASSETS,
    search::KIND,
    sitemap::KIND,
    robots::KIND,
    security_txt::KIND,
    opml::KIND,
    feed::rss::KIND,
    feed::atom::KIND,
    feed::json_feed::KIND,
    feed::history::KIND,
    calendar::KIND,
    api::KIND,
    status_json::KIND,
    status_text::KIND,
    badge::KIND,
    widget::KIND,
    uptime_csv::KIND,
    hosts::KIND,
];

/// Every file of the site, in the order of the kinds. A few of ours give way to the user's own.
pub fn all(plan: &Plan, theme: &Theme) -> Vec<Output> {
    let mut outputs: Vec<Output> = KINDS.par_iter().flat_map_iter(|kind| (kind.list)(plan, theme)).collect();
    let own: HashSet<&str> = plan.site.assets.iter().map(|(path, _)| path.as_str()).filter(|path| assets::may_replace(path)).collect();
    if !own.is_empty() {
        let mut given = HashSet::new();
        outputs.retain(|output| !own.contains(output.path.as_str()) || given.insert(output.path.clone()));
    }
    outputs
}
