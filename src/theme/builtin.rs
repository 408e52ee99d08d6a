//! The built-in theme, compiled into the program from `themes/default`.

use std::borrow::Cow;

use super::fill::escape;
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
    "servers.html" "sidebar.html" "subscribe.html" "terms.html" "update.html" "window.html" "year.html" "zones.html"
);

/// Files of `static/` by name.
pub const ASSETS: &[(&str, &[u8])] = files!("static": "favicon.svg" "search.js" "share.png" "site.css" "site.js");

/// A built-in file as a site publishes it: a script without its lines of comment and its indentation, which would be an eighth of it
/// even compressed. Whoever takes the file out to change it gets all of it.
pub fn published(name: &str, bytes: &'static [u8]) -> Cow<'static, [u8]> {
    match std::str::from_utf8(bytes) {
        Ok(script) if name.ends_with(".js") => {
            let lines = script.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
            Cow::Owned(lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// A built-in template with the words of the interface in their places: every page has a dozen of them, always the same, and to
/// look each up while a page is filled would take an eighth of the template's time.
pub fn worded(template: &str, words: &Words) -> String {
    replaced(template, "{{ words[\"", |key, behind| {
        // What has braces would be read as a part of the template; what goes on behind the key is for the engine.
        let text = words.all().get(key).filter(|text| !text.contains('{'))?;
        let mut escaped = Vec::with_capacity(text.len());
        escape(text, &mut escaped);
        Some((String::from_utf8_lossy(&escaped).into_owned(), behind.strip_prefix("] }}")?))
    })
}

/// A built-in template with the pieces that it includes in their places, as far as no template of the site's own stands in for
/// them: to look into a piece, the engine makes a new state and looks for each value through all states above it.
pub fn whole(template: &str, is_own: &impl Fn(&str) -> bool) -> String {
    // Keeps white space around a piece from the marks at its ends that would take it away.
    const FENCE: &str = "{# #}";
    replaced(template, "{% include \"", |name, behind| {
        let (_, piece) = TEMPLATES.iter().find(|(piece, _)| *piece == name && !is_own(name))?;
        let behind = behind.strip_prefix(" %}").or_else(|| behind.strip_prefix(" -%}").map(str::trim_start))?;
        Some(([FENCE, &whole(piece, is_own), FENCE].concat(), behind))
    })
}

/// A template with other text in its places that begin with `begin` and a name up to the next quotation mark. `place` gets the name and
/// all that stands behind the mark, and gives the text and what goes on behind the place; nothing where the place stays.
fn replaced<'t>(template: &'t str, begin: &str, place: impl Fn(&'t str, &'t str) -> Option<(String, &'t str)>) -> String {
    let mut replaced = String::with_capacity(2 * template.len());
    let mut rest = template;
    while let Some((before, there)) = rest.split_once(begin) {
        replaced.push_str(before);
        let text = there.split_once('"').and_then(|(name, behind)| place(name, behind));
        rest = match text {
            Some((text, behind)) => {
                replaced.push_str(&text);
                behind
            }
            None => {
                replaced.push_str(begin);
                there
            }
        };
    }
    replaced + rest
}
