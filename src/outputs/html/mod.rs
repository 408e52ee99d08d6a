//! The pages for people, and the theme's files beside them.
//!
//! In: the plan, whose every page becomes one file, and the theme. Out: HTML. Each kind of page has one file here with the
//! view types that its template sees; they are the contract with theme authors, documented in `themes/README.md`, and the
//! only types that are made for templates. What many pages share is made once, in `Shared`.

mod archive;
mod entry;
mod front;
mod glance;
mod history;
mod list;
mod page;
mod plain;
mod post;
mod server;
mod shared;
mod sidebar;
mod site;
mod subscribe;
mod templates;
mod view;

pub use templates::{TEMPLATES, Template};

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Output, OutputKind};
use crate::plan::{Page, Plan, Shows};
use crate::theme::{TemplateProblem, Theme, Values};
use shared::Shared;
use site::SiteView;

pub const PAGES: OutputKind = OutputKind {
    addresses: "`/`, `/2026/05/04/SLUG/`, `/page/N/`, `/tag/SLUG/`, `/category/SLUG/`, `/2026/`, `/2026/05/`, `/archives/`, `/tags/`, `/categories/`, `/servers/`, `/server/ID/`, `/subscribe/`, `/developers/`, `/search/`, `/404.html`",
    about: "the pages, each complete without JavaScript",
    list: pages,
};

pub const ASSETS: OutputKind =
    OutputKind { addresses: "`/assets/*`", about: "the theme's style, script and pictures, named by their content", list: assets };

/// Gives every template what all of them see: `site`, `words` and `assets`. Before the first is filled.
pub fn share(plan: &Plan, theme: &mut Theme) {
    let Plan { site, words, .. } = plan;
    let base = site.base();
    let site = SiteView::of(site, words, theme);
    let assets: BTreeMap<&str, String> = theme.assets.iter().map(|asset| (asset.name.as_str(), base.href(&asset.address))).collect();
    let values = Values::default().with("site", &site).with("words", words.all()).with("assets", &assets);
    theme.share(values);
}

fn pages(plan: &Plan, _: &Theme) -> Vec<Output> {
    let shared = Arc::new(Shared::of(plan));
    let page = |(at, page): (usize, &Page)| {
        let shared = shared.clone();
        Output::page(page.address.file(), move |plan, theme| make(&Maker { plan, site: &plan.site, theme, shared: &shared }, at))
    };
    plan.pages.par_iter().enumerate().map(page).collect()
}

fn assets(_plan: &Plan, theme: &Theme) -> Vec<Output> {
    theme.assets.iter().map(|asset| Output::ready(asset.address.file(), asset.bytes.clone())).collect()
}

/// What every page is made from.
struct Maker<'a> {
    pub plan: &'a Plan,
    pub site: &'a crate::model::Site,
    pub theme: &'a Theme,
    pub shared: &'a Shared,
}

fn make(maker: &Maker, at: usize) -> Result<Vec<u8>, TemplateProblem> {
    let Some(page) = maker.plan.pages.get(at) else { return Ok(Vec::new()) };
    match &page.shows {
        Shows::Front => front::make(maker, page),
        Shows::Post(post) => post::make(maker, page, *post),
        Shows::List { of, page: list } => list::make_page(maker, page, *of, list),
        Shows::Newest { of, posts, older } => list::make_newest(maker, page, *of, posts, older.as_ref()),
        Shows::Year { year } => archive::make_year(maker, page, *year),
        Shows::Month { year, month } => archive::make_month(maker, page, *year, *month),
        Shows::Archives => archive::make_archives(maker, page),
        Shows::Tags => archive::make_terms(maker, page, view::Taxonomy::Tags),
        Shows::Categories => archive::make_terms(maker, page, view::Taxonomy::Categories),
        Shows::Server(server) => server::make(maker, page, *server),
        Shows::Servers => server::make_all(maker, page),
        Shows::Plain(plain) => plain::make(maker, page, *plain),
        Shows::Subscribe => subscribe::make(maker, page),
        Shows::Search => plain::make_search(maker, page),
        Shows::Developers => plain::make_developers(maker, page),
        Shows::NotFound => plain::make_not_found(maker, page),
        Shows::Redirect { to } => plain::make_redirect(maker, page, to),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::outputs::testing::site;

    #[test]
    fn the_table_of_the_readme_has_every_page_that_each_site_has() {
        let listed: Vec<&str> = PAGES.addresses.split(", ").map(|address| address.trim_matches('`')).collect();
        for page in crate::plan::of(&Arc::new(site(Vec::new()))).pages {
            let is_of_a_server = matches!(page.shows, Shows::Server(_));
            assert!(is_of_a_server || listed.contains(&page.address.as_str()), "{} is in no row", page.address);
        }
    }
}
