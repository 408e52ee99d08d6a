//! The built-in theme, compiled into the program from `themes/default`.
//!
//! Before the engine gets a built-in template, what is the same on every page is written into it: the texts of the interface
//! ([`inline_words`]) and the included templates ([`inline_includes`]). That is no second engine, and no template needs it: it knows
//! exactly two markers, as our own templates write them, and leaves everything else to Tera, which would give the same page. It is
//! there for speed alone. A page has dozens of texts, and Tera looks each up in all scopes above it and escapes it anew; for an
//! `include` it makes a new scope. Without it, a build of 10,000 posts takes a twentieth more instructions.

use std::borrow::Cow;

use crate::model::escape;
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
    "404.html" "affected.html" "archives.html" "bar.html" "base.html" "changes.html" "developers.html" "entry.html" "event.html" "footer.html" "front.html" "glance.html" "head.html"
    "header.html" "list.html" "month.html" "plain.html" "post.html" "probe.html" "redirect.html" "row.html" "search.html" "server.html"
    "servers.html" "sidebar.html" "subscribe.html" "terms.html" "update.html" "window.html" "worst.html" "year.html" "zones.html"
);

/// Files of `static/` by name.
pub const ASSETS: &[(&str, &[u8])] = files!("static": "favicon.svg" "search.js" "share.png" "site.css" "site.js");

/// A built-in file as a site publishes it: a script without its lines of comment, a style sheet without comments and the spaces
/// around colons, commas, semicolons and braces, both without indentation, which together would be an eighth of them even compressed.
/// Whoever takes the file out to change it gets all of it.
pub fn without_comments(name: &str, bytes: &'static [u8]) -> Cow<'static, [u8]> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Cow::Borrowed(bytes) };
    let text = match name.rsplit('.').next() {
        Some("js") => Cow::Borrowed(text),
        // None of our strings has the marks of a comment in it, or one of these before or behind a space.
        Some("css") => {
            let mut parts = text.split("/*");
            let first = parts.next().into_iter();
            let text: String = first.chain(parts.filter_map(|part| part.split_once("*/").map(|(_, rest)| rest))).collect();
            let shorter = [(": ", ":"), ("; ", ";"), (", ", ","), (" {", "{"), ("{ ", "{")];
            shorter.iter().fold(text, |text, (long, short)| text.replace(long, short)).into()
        }
        _ => return Cow::Borrowed(bytes),
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    Cow::Owned(lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes())
}

/// A built-in template with the texts of the interface written into it: `{{ words["glance.ping"] }}` becomes the escaped text.
pub fn inline_words(template: &str, words: &Words) -> String {
    replace_markers(template, "{{ words[\"", |key, behind| {
        // What has braces would be read as a part of the template; what goes on behind the key, as a filter, is for the engine.
        let text = words.all().get(key).filter(|text| !text.contains('{'))?;
        Some((escape(text).into_owned(), behind.strip_prefix("] }}")?))
    })
}

/// A built-in template with the templates that it includes written into it, as far as no template of the site's own (`is_own`) stands
/// in for them.
pub fn inline_includes(template: &str, is_own: &impl Fn(&str) -> bool) -> String {
    // An empty comment keeps the white space around an included template from the marks at its ends that would take it away.
    const FENCE: &str = "{# #}";
    replace_markers(template, "{% include \"", |name, behind| {
        let (_, included) = TEMPLATES.iter().find(|(included, _)| *included == name && !is_own(name))?;
        let behind = behind.strip_prefix(" %}").or_else(|| behind.strip_prefix(" -%}").map(str::trim_start))?;
        Some(([FENCE, &inline_includes(included, is_own), FENCE].concat(), behind))
    })
}

/// Replaces the markers of a template that start with `start`, which ends with a quotation mark, and a name up to the next one.
/// `replacement` gets the name and all that stands behind its quotation mark, and gives the new text and what goes on behind the
/// marker; `None` leaves the marker to the engine.
fn replace_markers<'t>(template: &'t str, start: &str, replacement: impl Fn(&'t str, &'t str) -> Option<(String, &'t str)>) -> String {
    let mut replaced = String::with_capacity(2 * template.len());
    let mut rest = template;
    while let Some((before, there)) = rest.split_once(start) {
        replaced.push_str(before);
        match there.split_once('"').and_then(|(name, behind)| replacement(name, behind)) {
            Some((text, behind)) => {
                replaced.push_str(&text);
                rest = behind;
            }
            None => {
                replaced.push_str(start);
                rest = there;
            }
        }
    }
    replaced + rest
}
