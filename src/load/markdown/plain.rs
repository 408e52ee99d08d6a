//! The words of a text without its marks, for summaries, previews and the search.

/// White space folded to single spaces, none at the ends.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.split('\n') {
        // Most lines hold nothing to fold, and to know that is faster than to take them apart.
        let bytes = line.as_bytes();
        let is_doubtful = |byte: u8| byte < b' ' || matches!(byte, 0xc2 | 0xe1..=0xe3);
        let has_doubtful = |bytes: &[u8]| bytes.iter().fold(false, |found, byte| found | is_doubtful(*byte));
        let has_double =
            bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, |found, (a, b)| found | (*a == b' ' && *b == b' '));
        if has_double || bytes.chunks(64).any(has_doubtful) {
            line.split_whitespace().for_each(|word| push_apart(&mut folded, word));
        } else {
            push_apart(&mut folded, line.trim_matches(' '));
        }
    }
    folded
}

/// Adds words after a space.
fn push_apart(text: &mut String, words: &str) {
    if !text.is_empty() && !words.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn white_space_is_folded_as_if_the_words_were_set_anew() {
        for text in [
            "",
            " ",
            "one line",
            " one  line \n\n and\tanother ",
            "a\u{a0}b\u{2003}c\u{3000} d\u{85}e",
            "Störung – „Relais“\r\nweg ",
            "a\n \nb",
            "x\u{2028}y\u{1680}z",
        ] {
            assert_eq!(fold(text), text.split_whitespace().collect::<Vec<_>>().join(" "), "{text:?}");
        }
    }
}
