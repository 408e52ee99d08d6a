//! `fill`: puts values into the `{places}` of a text of the interface.

use tera::{Error, Kwargs, State, TeraResult, Value};

use crate::model::escape;
use crate::words::pieces;

/// `{{ words["glance.since"] | fill(time=when) }}`: the text is escaped, and so are values that are not markup. A place without a
/// value is an error, or readers would see its braces.
pub(super) fn fill(text: &str, values: Kwargs, _: &State) -> TeraResult<Value> {
    let mut filled = String::with_capacity(text.len() + 64);
    for (before, place) in pieces(text) {
        filled.push_str(&escape(before));
        let Some(name) = place else { continue };
        match values.iter().find(|(key, _)| key.as_str() == Some(name)) {
            Some((_, value)) if value.is_safe() => filled.push_str(&value.to_string()),
            Some((_, value)) => filled.push_str(&escape(&value.to_string())),
            None => return Err(Error::message(format!("`fill` has no value for `{{{name}}}` of the text: write `fill({name}=…)`"))),
        }
    }
    Ok(Value::safe_string(&filled))
}
