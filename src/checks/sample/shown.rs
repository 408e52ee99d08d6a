//! The words of a page that a reader sees, and what a template printed there by mistake.

use scraper::{Html, Node};

/// Elements whose inside nobody reads on the page.
const UNSEEN: [&str; 5] = ["title", "script", "style", "template", "noscript"];

/// The text of a page without comments and what is `hidden`; a NUL stands before each piece of it, where a mark was.
pub fn text(page: &str) -> String {
    let page = Html::parse_document(page);
    let is_unseen =
        |node: &Node| node.as_element().is_some_and(|element| UNSEEN.contains(&element.name()) || element.attr("hidden").is_some());
    let mut shown = String::new();
    for node in page.root_element().descendants() {
        let Node::Text(piece) = node.value() else { continue };
        if !node.ancestors().any(|above| is_unseen(above.value())) {
            shown.push('\0');
            shown.push_str(piece);
        }
    }
    shown
}

/// Whether a text says these words, in letters of any case and over any number of elements.
pub fn says(text: &str, words: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(|c: char| c == '\0' || c.is_whitespace(), "");
    plain(text).contains(&plain(words))
}

/// Whether a text says these words as words of their own, which are no part of a longer one.
pub fn says_alone(text: &str, words: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('\0', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, words) = (plain(text), plain(words));
    let is_apart = |(at, _): (usize, &str)| {
        let beside = [text[..at].chars().next_back(), text[at + words.len()..].chars().next()];
        !beside.into_iter().flatten().any(char::is_alphanumeric)
    };
    text.match_indices(&words).any(is_apart)
}

/// The lists and tables of fields that templates printed as they are, which no reader can make sense of: each up to where the text or
/// the next one begins.
pub fn dumps(text: &str) -> Vec<&str> {
    const STARTS: [&str; 3] = ["[{\"", "{\"", "[\""];
    let mut found = Vec::new();
    for piece in text.split('\0') {
        let mut rest = piece;
        while let Some(at) = STARTS.iter().filter_map(|start| rest.find(start)).min() {
            let end = dump_end(&rest[at..]);
            found.push(&rest[at..at + end]);
            rest = &rest[at + end..];
        }
    }
    found
}

/// Where what was printed ends: its brackets are closed.
fn dump_end(dump: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in dump.char_indices() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' if depth <= 1 => return at + 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    dump.len()
}

/// The names of the fields of what was printed.
pub fn fields(dump: &str) -> Vec<&str> {
    let (mut depth, mut names, mut rest) = (0_usize, Vec::new(), dump);
    while let Some(at) = rest.find(['{', '}', '"']) {
        let (_, behind) = rest.split_at(at);
        rest = &behind[1..];
        match behind.as_bytes()[0] {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {
                let Some((name, after)) = rest.split_once('"') else { continue };
                rest = after;
                if depth == 1 && after.starts_with(": ") && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_no_text() {
        let page = r#"<title>a</title><!-- b --><p class="x > y">c <b>d</b></p><p hidden>e<b>f</b><p>g<script>"</p>"</script>
            <div data-hidden title="hidden">h</div><div class=s hidden><div>i</div>j</div><header>k</header>"#;
        let seen: String = text(page).chars().filter(|c| c.is_alphanumeric()).collect();
        assert_eq!(seen, "cdghk");
    }

    #[test]
    fn words_are_found_over_elements_and_in_any_case() {
        let page = text("<h1><b>MAJOR</b>\n outage</h1><i>Token</i>");
        assert!(says(&page, "Major outage") && says_alone(&page, "Major outage") && !says(&page, "Minor"));
        assert!(says(&page, "OK") && !says_alone(&page, "OK"));
    }

    #[test]
    fn what_is_printed_by_mistake_is_told_by_its_fields() {
        let page = text("<p title=\"{&quot;a&quot;: 1}\">{&quot;start&quot;: {&quot;iso&quot;: &quot;x&quot;}, &quot;end&quot;: }</p>");
        assert_eq!(dumps(&page).into_iter().map(fields).collect::<Vec<_>>(), [["start", "end"]]);
        assert_eq!(dumps(&text("<p>[]{}[x] &quot;y&quot;</p>")), [""; 0]);
        assert_eq!(dumps("a {\"b\": [1]}, [\"c\"] d"), ["{\"b\": [1]}", "[\"c\"]"]);
    }
}
