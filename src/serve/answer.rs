//! The answer to a request: a file of the site that is shown, found by its path. No path reaches a disk.

use bytes::Bytes;

use super::overlay;
use super::preview::{LazySite, PreviewState};
use super::request::PreviewRequest;
use super::rules;
use crate::model::Address;
use crate::model::address::decode_path;
use crate::outputs::role::media_type;

/// Status, type and bytes; and where to go instead, for a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Bytes,
    pub location: Option<String>,
}

const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    /// A sentence for a person.
    pub fn plain(status: u16, words: &str) -> Answer {
        Answer { status, content_type: "text/plain; charset=utf-8", body: format!("{words}\n").into(), location: None }
    }

    fn file(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
        Answer { status, content_type, body: body.into(), location: None }
    }
}

/// Answers from what is shown.
pub fn answer(request: &PreviewRequest, shown: &PreviewState) -> Answer {
    match request.path.as_str() {
        overlay::SCRIPT => return Answer::file(200, "text/javascript; charset=utf-8", overlay::SCRIPT_TEXT),
        overlay::STYLE => return Answer::file(200, "text/css; charset=utf-8", overlay::STYLE_TEXT),
        _ => {}
    }
    let Some(site) = &shown.site else {
        let errors = shown.errors.clone().unwrap_or_default();
        return Answer::file(500, HTML, overlay::page(&errors, shown.version));
    };
    // The request is decoded, the base path as it was written.
    let base = decode_path(&site.base().path);
    let Some(path) = request.path.strip_prefix(&base).and_then(|path| path.strip_prefix('/')) else {
        let is_above = request.path == "/" || request.path == base;
        return if is_above { redirect(format!("{}/", site.base().path), request) } else { not_found(site, shown) };
    };
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    if site.has(&file) {
        return found(200, &file, site, shown);
    }
    let asked = site.base().href(&Address::new(format!("/{path}")));
    if site.has(&format!("{path}/index.html")) {
        return redirect(format!("{asked}/"), request);
    }
    let rules = site.file("_redirects").and_then(Result::ok).unwrap_or_default();
    match rules::target(&String::from_utf8_lossy(&rules), &asked) {
        Some(to) => redirect(to, request),
        None => not_found(site, shown),
    }
}

fn found(status: u16, file: &str, site: &LazySite, shown: &PreviewState) -> Answer {
    let content_type = media_type(file);
    match site.file(file) {
        Some(Ok(bytes)) if content_type == HTML => {
            Answer::file(status, content_type, overlay::over(&bytes, shown.errors.as_ref(), shown.version))
        }
        Some(Ok(bytes)) => Answer::file(status, content_type, bytes),
        Some(Err(errors)) => Answer::file(500, HTML, overlay::page(&errors, shown.version)),
        None => Answer::plain(404, "There is no such page."),
    }
}

/// The site's own page for it.
fn not_found(site: &LazySite, shown: &PreviewState) -> Answer {
    found(404, "404.html", site, shown)
}

/// `location` begins with one slash and is a path of the site: it leads nowhere else.
fn redirect(location: String, request: &PreviewRequest) -> Answer {
    let location = request.query.as_ref().map_or(location.clone(), |query| format!("{location}?{query}"));
    Answer { location: Some(location), ..Answer::plain(302, "The page is at another address.") }
}
