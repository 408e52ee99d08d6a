//! The built-in theme, compiled into the program from `themes/default`.

use std::borrow::Cow;

use crate::words::Words;

macro_rules! texts {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../themes/default/", $folder, "/", $name)))),*]
    };
}

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../../themes/default/", $folder, "/", $name)).as_slice())),*]
    };
}

/// Templates by name.
pub const TEMPLATES: &[(&str, &str)] = texts!("templates":
    "404.html" "archives.html" "bar.html" "base.html" "changes.html" "developers.html" "entry.html" "event.html" "footer.html" "front.html" "glance.html" "head.html"
    "header.html" "list.html" "month.html" "plain.html" "post.html" "redirect.html" "row.html" "search.html" "server.html"
    "servers.html" "sidebar.html" "subscribe.html" "terms.html" "update.html" "window.html" "year.html" "zones.html"
);

/// Files of `static/` by name.
pub const ASSETS: &[(&str, &[u8])] = files!("static": "favicon.svg" "search.js" "share.png" "site.css" "site.js");

/// A built-in template with the words of the interface in their places: every page has a dozen of them, always the same, and to
/// look each up while a page is filled would take an eighth of the template's time.
pub fn worded(template: &str, words: &Words) -> String {
    const BEGIN: &str = "{{ words[\"";
    const END: &str = "\"] }}";
    let mut worded = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (key, behind))) = rest.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?))) {
        worded.push_str(before);
        match words.all().get(key) {
            // What has braces would be read as a part of the template.
            Some(text) if !text.contains('{') => worded.push_str(&escaped(text)),
            _ => worded.extend([BEGIN, key, END]),
        }
        rest = behind;
    }
    worded + rest
}

fn escaped(text: &str) -> Cow<'_, str> {
    let mut escaped = Vec::new();
    // Writing to memory does not fail.
    let _ = tera::escape_html(text, &mut escaped);
    String::from_utf8(escaped).map_or(Cow::Borrowed(text), Cow::Owned)
}
