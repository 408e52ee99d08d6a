//! Plain pages, the search page, "not found" and redirects.

use serde::Serialize;

use super::Maker;
use super::page::PageView;
use super::view::LinkView;
use crate::model::Address;
use crate::plan::Page;
use crate::theme::{Markup, TemplateProblem};

/// A page of `content/pages`.
#[derive(Serialize)]
pub struct PlainView {
    /// Its text.
    pub text: Markup,
}

/// The search page. Its form is hidden without a script, where the archives stand in for it.
#[derive(Serialize)]
pub struct SearchView {
    /// Where the form leads: the page itself.
    pub action: String,
    /// Where the index begins.
    pub index: String,
}

/// The page for addresses that do not exist.
#[derive(Serialize)]
pub struct NotFoundView {
    /// Where people may want to go.
    pub links: Vec<LinkView>,
}

/// The page for those who write programs.
#[derive(Serialize)]
pub struct DevelopersView {
    /// The id of a server, for examples; empty where there is none.
    pub server: String,
}

/// A page that leads to another.
#[derive(Serialize)]
pub struct RedirectView {
    /// The new address.
    pub to: String,
    /// The same as a full URL.
    pub url: String,
}

pub fn make(maker: &Maker, page: &Page, at: usize) -> Result<Vec<u8>, TemplateProblem> {
    let plain = &maker.site.pages[at];
    let mut frame = PageView::of(maker, page, plain.title.clone());
    let description = plain.html.first_words(155);
    if !description.is_empty() {
        frame.description = description;
    }
    let view = PlainView { text: Markup::new(&plain.html.with_prefix(&maker.site.base().path, "")) };
    maker.fill("plain.html", &frame, "plain", &view)
}

pub fn make_search(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let frame = PageView::of(maker, page, maker.text("page.search"));
    let view = SearchView { action: maker.href(&page.address), index: maker.href(&page.address.join("index.json")) };
    maker.fill("search.html", &frame, "search", &view)
}

pub fn make_not_found(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let mut frame = PageView::of(maker, page, maker.text("page.not-found"));
    frame.canonical = String::new();
    let link = |key: &str, address: &str| LinkView { title: maker.text(key), href: maker.href(&Address::new(address)) };
    let links = vec![link("nav.home", "/"), link("nav.search", "/search/"), link("nav.archives", "/archives/")];
    maker.fill("404.html", &frame, "missing", &NotFoundView { links })
}

pub fn make_redirect(maker: &Maker, page: &Page, to: &Address) -> Result<Vec<u8>, TemplateProblem> {
    let mut frame = PageView::of(maker, page, maker.text("page.redirect"));
    frame.canonical = String::new();
    let view = RedirectView { to: maker.href(to), url: maker.site.base().absolute(to) };
    maker.fill("redirect.html", &frame, "redirect", &view)
}

pub fn make_developers(maker: &Maker, page: &Page) -> Result<Vec<u8>, TemplateProblem> {
    let mut frame = PageView::of(maker, page, maker.text("page.developers"));
    frame.description = format!("{} {}", maker.text("subscribe.api-text"), maker.site.config.description);
    let first = maker.site.servers.first().map_or_else(String::new, |server| server.id.to_string());
    maker.fill("developers.html", &frame, "developers", &DevelopersView { server: first })
}
