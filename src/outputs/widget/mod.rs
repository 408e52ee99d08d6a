//! The present status on somebody else's page: a script, and a page for an `<iframe>` where scripts are unwelcome.
//!
//! In: what the headline says, and the windows that will change it. Out: `/widget.js`, `/widget/`, and the page's style sheet, each
//! below 3 kB. Both are whole in themselves: the script asks nobody (its data is in it) and sets no style that a strict policy
//! refuses; the page has no script, and prints when it was built. Neither knows the theme.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Output, OutputKind, json};
use crate::model::plain::shorten;
use crate::model::{Glance, Headline, Moment, Status, escape, rfc3339};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/widget.js`, `/widget/`",
    about: "The present status to embed elsewhere: a script, and a page for an `<iframe>`",
    list,
};

/// Bytes that a file of the widget may have.
pub const LIMIT: usize = 3000;
/// Planned changes that the script knows beforehand; it renews itself long before it needs more.
const CHANGES: usize = 8;
/// Planned changes that the page prints.
const PRINTED_CHANGES: usize = 3;
const TITLE_LENGTH: usize = 80;

/// Written `<script async src="…/widget.js"></script>`, it puts a link where it stands, follows the planned windows by the browser's
/// clock, and takes its own newest version every five minutes. It needs no other permission than to be a script there.
const SCRIPT: &str = include_str!("widget.js");
const STYLE: &str = include_str!("widget.css");

/// What the script is told.
#[derive(Serialize)]
struct Data {
    url: String,
    lang: String,
    dir: &'static str,
    status: &'static str,
    text: String,
    /// Seconds since 1970, what will be then, and what is said of it.
    next: Vec<(i64, &'static str, String)>,
    /// Seconds since 1970.
    built: i64,
    stale: i64,
    /// What is said once it is stale.
    unknown: String,
    colors: serde_json::Map<String, serde_json::Value>,
}

fn list(_plan: &Plan, _theme: &Theme) -> Vec<Output> {
    vec![Output::made("widget.js", script), Output::made("widget/index.html", page), Output::ready("widget/widget.css", STYLE.as_bytes())]
}

/// `/widget.js`
pub fn script(Plan { site, words, .. }: &Plan) -> String {
    let Glance { headline, headline_next, .. } = &site.glance;
    let possible = Status::ALL.into_iter().filter(|status| !matches!(status, Status::Internal | Status::Retired));
    let text = |headline: &Headline| words.headline(*headline).to_owned();
    let data = Data {
        url: site.base().home(),
        lang: words.language.clone(),
        dir: words.dir,
        status: headline.overall.word(),
        text: text(headline),
        next: headline_next.iter().take(CHANGES).map(|(at, then)| (at.timestamp(), then.overall.word(), text(then))).collect(),
        built: site.now.timestamp(),
        stale: (site.now + site.config.stale_after).timestamp(),
        unknown: words.overall(Status::Unknown).to_owned(),
        colors: possible.map(|status| (status.word().to_owned(), color(status).into())).collect(),
    };
    SCRIPT.replacen("DATA", &json(&data).replace('<', "\\u003c"), 1)
}

/// `/widget/`
pub fn page(Plan { site, words, .. }: &Plan) -> String {
    let Glance { headline, headline_next, .. } = &site.glance;
    let sentence = |headline: &Headline| escape(words.headline(*headline)).into_owned();
    let time = |at: Moment, more: &str| format!(r#"<time datetime="{}"{more}>{}</time>"#, rfc3339(at), escape(&words.date_time(at)));
    let mut next = String::new();
    for (at, then) in headline_next.iter().take(PRINTED_CHANGES) {
        let becomes = format!(r#" data-becomes="{}""#, then.overall.word());
        let _ = writeln!(next, "<li>{}</li>", words.labelled(&time(*at, &becomes), &sentence(then)));
    }
    let next = if next.is_empty() { next } else { format!("<ul>\n{next}</ul>\n") };
    let built = words.fill("footer.built", &[("time", "\0")]);
    let built = escape(&built).replace('\0', &time(site.now, ""));
    format!(
        concat!(
            "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'\">\n",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n",
            // No icon: without this word a browser asks for one that the page's own policy refuses.
            "<title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{style}\">\n</head>\n<body>\n",
            "<main class=\"status\" data-status=\"{status}\">\n<h1>{title}</h1>\n",
            "<p><a href=\"{home}\" target=\"_top\">{sentence}</a></p>\n{next}<p>{built}</p>\n</main>\n</body>\n</html>\n",
        ),
        lang = escape(&words.language),
        dir = words.dir,
        title = escape(&shorten(&site.config.title, TITLE_LENGTH)),
        style = escape(&site.base().href(&crate::model::Address::new("/widget/widget.css"))),
        status = headline.overall.word(),
        home = escape(&site.base().home()),
        sentence = sentence(headline),
        next = next,
        built = built,
    )
}

/// Of the script's dot, which stands beside the words: to be seen on white and on black.
fn color(status: Status) -> &'static str {
    match status {
        Status::Operational => "#2da44e",
        Status::Maintenance => "#3b82d0",
        Status::Degraded => "#b7860b",
        Status::PartialOutage => "#d9622b",
        Status::MajorOutage => "#e5484d",
        Status::Internal | Status::Retired | Status::Unknown => "#868e96",
    }
}
