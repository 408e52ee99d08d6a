//! "Did you mean": the nearest of the words that exist.

/// How many findings of one kind say what is nearest. Each takes as long as there are candidates, and nobody reads more of them at once.
pub const MOST_COMPARED: usize = 100;

/// The nearest candidate, if it is near enough to be a slip of the finger.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let most = match length {
        0..=2 => 1,
        3..=5 => 2,
        length => length / 3 + 1,
    };
    let lower = candidates.into_iter().map(|candidate| (candidate.to_lowercase(), candidate));
    lower
        // What is longer or shorter by more cannot be that near.
        .filter(|(lower, _)| lower.chars().count().abs_diff(length) <= most)
        .map(|(lower, candidate)| (strsim::osa_distance(&word, &lower), candidate))
        .filter(|(distance, candidate)| *distance <= most && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A sentence for a finding's help: the nearest word, or the whole list where it is short.
pub fn did_you_mean(word: &str, candidates: &[&str], where_listed: &str) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(nearest) if where_listed.is_empty() => format!("did you mean `{nearest}`?"),
        Some(nearest) => format!("did you mean `{nearest}`? {where_listed}"),
        None if !candidates.is_empty() && candidates.len() <= 12 => {
            let list = format!("there are {}", list(candidates));
            if where_listed.is_empty() { list } else { format!("{list}. {where_listed}") }
        }
        None => where_listed.to_owned(),
    }
}

/// `` `a`, `b` and `c` ``
pub fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first @ .., last] => format!("{} and `{last}`", first.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        assert_eq!(nearest("sevrers", ["server", "servers", "title"]), Some("servers"));
        assert_eq!(nearest("nc32", ["nc023", "nc032", "ns1"]), Some("nc032"));
        assert_eq!(nearest("Title", ["title"]), Some("title"));
        assert_eq!(nearest("elephant", ["nc023", "title"]), None);
    }
}
