//! `fill`: puts values into the `{places}` of a text of the interface.

use tera::{Kwargs, State, Value};

/// `{{ words["glance.since"] | fill(time=when) }}`: the text is escaped, and so are values that are not markup.
pub(super) fn fill(text: &str, values: Kwargs, _: &State) -> Value {
    let mut filled = Vec::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, place)) = rest.split_once('{') {
        escape(before, &mut filled);
        let value = place.split_once('}').and_then(|(name, after)| {
            let value = values.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)?;
            Some((value, after))
        });
        match value {
            Some((value, after)) => {
                let shown = value.to_string();
                if value.is_safe() {
                    filled.extend_from_slice(shown.as_bytes())
                } else {
                    escape(&shown, &mut filled)
                }
                rest = after;
            }
            None => {
                filled.push(b'{');
                rest = place;
            }
        }
    }
    escape(rest, &mut filled);
    Value::safe_string(&String::from_utf8_lossy(&filled))
}

fn escape(text: &str, filled: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = tera::escape_html(text, filled);
}
