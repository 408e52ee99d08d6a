//! The built-in theme, compiled into the program from `themes/default`.

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
    "header.html" "list.html" "month.html" "plain.html" "post.html" "redirect.html" "row.html" "search.html" "server.html"
    "servers.html" "sidebar.html" "subscribe.html" "terms.html" "update.html" "window.html" "year.html" "zones.html"
);

/// Files of `static/` by name.
pub const ASSETS: &[(&str, &[u8])] = files!("static": "favicon.svg" "search.js" "share.png" "site.css" "site.js");

/// A built-in template with the words of the interface in their places: every page has a dozen of them, always the same, and to
/// look each up while a page is filled would take an eighth of the template's time.
pub fn worded(template: &str, words: &Words) -> String {
    const BEGIN: &str = "{{ words[\"";
    let mut worded = Vec::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, place)) = rest.split_once(BEGIN) {
        worded.extend_from_slice(before.as_bytes());
        let (key, behind) = place.split_once('"').unwrap_or_default();
        // What has braces would be read as a part of the template; what goes on behind the key is for the engine.
        let text = words.all().get(key).filter(|text| !text.contains('{'));
        rest = match (text, behind.strip_prefix("] }}")) {
            (Some(text), Some(behind)) => {
                escape(text, &mut worded);
                behind
            }
            _ => {
                worded.extend_from_slice(BEGIN.as_bytes());
                place
            }
        };
    }
    worded.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&worded).into_owned()
}

/// A built-in template with the pieces that it includes in their places, as far as no template of the site's own stands in for
/// them: to look into a piece, the engine makes a new state and looks for each value through all states above it.
pub fn whole(template: &str, is_own: &impl Fn(&str) -> bool) -> String {
    const BEGIN: &str = "{% include \"";
    // Keeps white space around a piece from the marks at its ends that would take it away.
    const FENCE: &str = "{# #}";
    let mut whole = String::with_capacity(2 * template.len());
    let mut rest = template;
    while let Some((before, place)) = rest.split_once(BEGIN) {
        whole.push_str(before);
        let (name, behind) = place.split_once('"').unwrap_or_default();
        let piece = TEMPLATES.iter().find(|(piece, _)| *piece == name && !is_own(name)).map(|(_, text)| *text);
        let end = behind.strip_prefix(" %}").or_else(|| behind.strip_prefix(" -%}").map(str::trim_start));
        rest = match (piece, end) {
            (Some(piece), Some(end)) => {
                whole.extend([FENCE, &self::whole(piece, is_own), FENCE]);
                end
            }
            _ => {
                whole.push_str(BEGIN);
                place
            }
        };
    }
    whole.push_str(rest);
    whole
}
