//! `fill`: puts values into the `{places}` of a text of the interface.

use tera::{Kwargs, State, Value};

use crate::words::pieces;

/// `{{ words["glance.since"] | fill(time=when) }}`: the text is escaped, and so are values that are not markup.
pub(super) fn fill(text: &str, values: Kwargs, _: &State) -> Value {
    let mut filled = Vec::with_capacity(text.len() + 64);
    for (before, place) in pieces(text) {
        escape(before, &mut filled);
        let Some(name) = place else { continue };
        match values.iter().find(|(key, _)| key.as_str() == Some(name)) {
            Some((_, value)) if value.is_safe() => filled.extend_from_slice(value.to_string().as_bytes()),
            Some((_, value)) => escape(&value.to_string(), &mut filled),
            None => escape(&format!("{{{name}}}"), &mut filled),
        }
    }
    Value::safe_string(&String::from_utf8_lossy(&filled))
}

/// Adds text as HTML shows it.
pub(super) fn escape(text: &str, filled: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = tera::escape_html(text, filled);
}
