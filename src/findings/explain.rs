//! What each code means, with a wrong and a right example: the texts of `explain/`, one a code.
//!
//! The texts are Markdown. A fenced block is a file of a small site; its info string says the language, `wrong` or `right` (or
//! neither: it belongs to both) and the file's path. Where a character cannot be written, `⟨U+202E⟩` stands for it and `⟨0xE9⟩` for
//! a byte. A test builds every example and expects the code from the wrong one only.

use super::Code;

/// A file of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub verdict: Verdict,
    /// From the site's root.
    pub path: &'static str,
    /// As written, with ⟨…⟩ for what cannot be.
    pub text: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// It is there in both.
    Either,
}

impl Code {
    /// What `explain CODE` prints: title, meaning, examples; plain text.
    pub fn explanation(self) -> String {
        let mut text = format!("{}[{}]: {}\n\n", self.severity().word(), self.name(), self.title());
        let mut inside = false;
        for line in self.text().lines() {
            match (line.strip_prefix("```"), inside) {
                (Some(info), false) => {
                    let (verdict, path) = info_string(info);
                    let word = match verdict {
                        Verdict::Wrong => "Wrong: ",
                        Verdict::Right => "Right: ",
                        Verdict::Either => "Beside it: ",
                    };
                    text += &format!("{word}{path}\n\n");
                    inside = true;
                }
                (Some(_), true) => inside = false,
                (None, true) if line.is_empty() => text.push('\n'),
                (None, true) => text += &format!("    {line}\n"),
                (None, false) => text += &format!("{line}\n"),
            }
        }
        text
    }

    /// The files of its examples, in the order of the text; empty for what files alone cannot show.
    pub fn examples(self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut rest = self.text();
        while let Some((_, fence)) = rest.split_once("```") {
            let Some((info, body)) = fence.split_once('\n') else { break };
            let Some((text, after)) = body.split_once("```") else { break };
            let (verdict, path) = info_string(info);
            examples.push(Example { verdict, path, text });
            rest = after;
        }
        examples
    }
}

fn info_string(info: &str) -> (Verdict, &str) {
    let words = info.split_once(' ').map_or("", |(_language, words)| words);
    match words.split_once(' ') {
        Some(("wrong", path)) => (Verdict::Wrong, path),
        Some(("right", path)) => (Verdict::Right, path),
        _ => (Verdict::Either, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_is_a_title_a_meaning_and_two_examples() {
        let text = Code::UnknownServer.explanation();
        assert!(text.starts_with("error[unknown-server]: A server that the servers file does not list\n\nA post names"), "{text}");
        assert!(text.contains("Wrong: content/posts/2026-05-04-relay.md\n\n    +++\n    title = \"Relay down\"\n"), "{text}");
        assert!(text.contains("Right: "), "{text}");
        assert!(!text.contains("```") && text.ends_with('\n') && !text.ends_with("\n\n"), "{text}");
    }

    #[test]
    fn every_code_says_what_is_wrong_and_what_is_right() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!(text.contains("Wrong: ") && text.contains("Right: "), "{}", code.name());
            assert!(text.lines().all(|line| line.chars().count() <= 120), "{}: a line is too long for a terminal", code.name());
        }
    }

    #[test]
    fn examples_are_files_with_their_verdicts() {
        let examples = Code::UnknownFollows.examples();
        let verdicts: Vec<_> = examples.iter().map(|example| example.verdict).collect();
        assert_eq!(verdicts, [Verdict::Wrong, Verdict::Right, Verdict::Either]);
        assert_eq!(examples[2].path, "content/posts/2026-05-03-relay.md");
        assert!(examples[2].text.starts_with("+++\ntitle = \"Relay down\"\n"));
    }

    #[test]
    fn names_are_words_with_hyphens_and_no_two_are_alike() {
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", code.name());
            assert_eq!(Code::from_name(code.name()), Some(*code));
            assert!(!code.title().ends_with('.'), "{}", code.title());
        }
    }
}
