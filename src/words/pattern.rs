//! Texts with places: `{day}, {time}`.
//!
//! In: a text and what stands at its places. Out: the text filled, each place once.

/// Fills the `{name}` places of a text from left to right; what has no value stays as it is written.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    write(&mut filled, pieces(text), value_of(values));
    filled
}

/// Writes the value of a place that is in the list.
fn value_of(values: &[(&str, &str)]) -> impl Fn(&mut String, &str) -> bool {
    move |text, name| values.iter().find(|(known, _)| *known == name).inspect(|(_, value)| text.push_str(value)).is_some()
}

/// Adds pieces to a text; `value` writes what stands at a place, or says `false` where it knows none of this name.
fn write<'p>(text: &mut String, pieces: impl Iterator<Item = (&'p str, Option<&'p str>)>, value: impl Fn(&mut String, &str) -> bool) {
    for (before, name) in pieces {
        text.push_str(before);
        if let Some(name) = name
            && !value(text, name)
        {
            text.extend(["{", name, "}"]);
        }
    }
}

/// A text with places that was taken apart once, for those that every page fills.
#[derive(Debug)]
pub struct Pattern(Vec<(String, Option<String>)>);

impl Pattern {
    pub fn of(text: &str) -> Pattern {
        Pattern(pieces(text).map(|(before, name)| (before.to_owned(), name.map(str::to_owned))).collect())
    }

    pub fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut filled = String::with_capacity(48);
        self.write(&mut filled, value_of(values));
        filled
    }

    /// Adds it to a text. Says `true`, so that it can itself be what stands at a place.
    pub fn write(&self, text: &mut String, value: impl Fn(&mut String, &str) -> bool) -> bool {
        write(text, self.0.iter().map(|(before, name)| (before.as_str(), name.as_deref())), value);
        true
    }
}

/// The texts between the places, each with the name of the place behind it; the last has none.
pub fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        // The innermost braces are the place: a brace that is never closed is text.
        let end = text.match_indices('}').find_map(|(end, _)| Some((text[..end].rfind('{')?, end)));
        Some(match end {
            Some((start, end)) => {
                rest = Some(&text[end + 1..]);
                (&text[..start], Some(&text[start + 1..end]))
            }
            None => (text, None),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_value_is_not_filled_again() {
        let text = fill("{a} and {b} and {c} {", &[("a", "{b}"), ("b", "2")]);
        assert_eq!(text, "{b} and 2 and {c} {");
    }
}
