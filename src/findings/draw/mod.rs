//! Findings as text: for a person, for an editor, for a program, for the annotations of a forge.
//!
//! In: the findings, the sources that they are about, and how to draw. Out: text that ends in a line end, or nothing where there
//! is nothing to say. Nothing of the user's that a terminal would obey gets through.

mod github;
mod gitlab;
mod human;
mod json;
mod short;

use super::location::{Locator, SourceLocation, visible};
use super::{Finding, Findings, Severity};
use crate::source::Sources;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Title, place, the line with its mark, help; a count at the end.
    #[default]
    Human,
    /// A line each, as compilers write them: `FILE:LINE:COLUMN: error[CODE]: MESSAGE; HELP`.
    Short,
    /// A list of `{code, severity, file, line, column, message, help}`.
    Json,
    /// Workflow commands that GitHub and Forgejo turn into annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
}

impl Format {
    pub const ALL: [Format; 5] = [Format::Human, Format::Short, Format::Json, Format::Github, Format::Gitlab];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
        }
    }

    /// Whether the text is data, for stdout; else it is said to a person, on stderr.
    pub fn is_data(self) -> bool {
        self != Format::Human
    }
}

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawing {
    pub format: Format,
    /// ANSI colours; only the human format has any.
    pub colour: bool,
    /// Columns of the terminal, for the human format.
    pub width: usize,
    /// Whether the site was to be published: then the human format says of errors that it was not.
    pub publishes: bool,
}

impl Default for Drawing {
    fn default() -> Drawing {
        Drawing { format: Format::Human, colour: false, width: 140, publishes: false }
    }
}

/// The findings as one text.
pub fn draw(findings: &Findings, sources: &Sources, drawing: Drawing) -> String {
    let mut locator = Locator::new(sources);
    match drawing.format {
        Format::Human => human::draw(findings, &mut locator, drawing),
        Format::Short => short::draw(findings, &mut locator),
        Format::Json => json::draw(findings, &mut locator),
        Format::Github => github::draw(findings, &mut locator),
        Format::Gitlab => gitlab::draw(findings, &mut locator),
    }
}

/// The findings as the JSON format lists them, for whoever adds to the list.
pub fn json_list(findings: &Findings, sources: &Sources) -> Vec<serde_json::Value> {
    json::list(findings, &mut Locator::new(sources))
}

/// How many there are: `3 problems and 1 warning in 2 files`; empty where there is none.
pub fn count(findings: &Findings) -> String {
    let errors = findings.errors();
    let warnings = findings.len() - errors;
    let mut files: Vec<_> = findings.iter().map(|finding| &finding.span.path).collect();
    files.dedup();
    let parts: Vec<String> =
        [(errors, "problem"), (warnings, "warning")].into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| plural(n, word)).collect();
    if parts.is_empty() { String::new() } else { format!("{} in {}", parts.join(" and "), plural(files.len(), "file")) }
}

pub(super) fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Line and column of a finding; of a file that is not there, its beginning.
fn line_and_column(location: Option<&SourceLocation>) -> (usize, usize) {
    location.map_or((1, 1), |location| (location.line, location.column))
}

/// What a drawing says at the marks, said in words: the message, the label, and the other places with theirs.
fn message(finding: &Finding, locator: &mut Locator) -> String {
    let mut text = finding.message.clone();
    if let Some(label) = &finding.label {
        text += &format!(": {label}");
    }
    let others: Vec<String> = finding
        .related
        .iter()
        .map(|(span, label)| {
            let (line, column) = line_and_column(locator.find(span).as_ref());
            format!("{label}: {}:{line}:{column}", span.path)
        })
        .collect();
    if others.is_empty() { text } else { format!("{text} ({})", others.join(", ")) }
}

/// The help in one line, made safe to show, behind what goes before it; empty where there is none.
fn help_after(before: &str, finding: &Finding) -> String {
    let lines = finding.help.iter().flat_map(|help| help.lines());
    let line = lines.map(|line| visible(line.trim())).collect::<Vec<_>>().join(" ");
    if line.is_empty() { line } else { format!("{before}{line}") }
}

fn pretty_json(list: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(list).expect("texts and numbers become JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Code;
    use crate::source::Span;

    const POST: &str = "content/posts/2026-05-04-relay-maintenance.md";

    /// A site with one misspelt server, as in the product's description.
    pub(super) fn a_slip() -> (Findings, Sources) {
        let text = "+++\ntitle   = \"NC023: disk replacement\"\nkind    = \"maintenance\"\nservers = [\"nc32\"]\n+++\n";
        let mut sources = Sources::default();
        sources.insert(POST, text);
        let at = text.find("\"nc32\"").expect("it is there");
        let mut findings = Findings::default();
        findings.push(
            Finding::new(Code::UnknownServer, Span::new(&POST.into(), at..at + 6), "no server is called `nc32`")
                .help("did you mean `nc023`? The servers are listed in content/servers.toml"),
        );
        (findings, sources)
    }

    /// Two errors and a warning in two files, with every character that a format must escape.
    pub(super) fn several() -> (Findings, Sources) {
        let (mut findings, mut sources) = a_slip();
        sources.insert("content/posts/a,b: 100%.md", "first\nse\u{1b}cond \"quoted\"\n");
        let odd = "content/posts/a,b: 100%.md".into();
        findings.push(Finding::new(Code::BadName, Span::new(&odd, 6..9), "a \u{1b}[31mname\nover 2 lines, 100%: odd").label("here"));
        findings.push(Finding::new(Code::EmptyPost, Span::whole_file(&odd), "no text"));
        (findings, sources)
    }

    #[test]
    fn every_format_ends_its_text_with_a_line_end_and_leaves_no_control_character() {
        let (findings, sources) = several();
        for format in Format::ALL {
            let text = draw(&findings, &sources, Drawing { format, ..Drawing::default() });
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{format:?}: {text:?}");
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{format:?}: {text:?}");
        }
    }

    #[test]
    fn a_count_says_problems_warnings_and_files() {
        assert_eq!(count(&Findings::default()), "");
        assert_eq!(count(&a_slip().0), "1 problem in 1 file");
        assert_eq!(count(&several().0), "2 problems and 1 warning in 2 files");
    }

    #[test]
    fn without_findings_lists_are_empty_lists_and_the_rest_is_silent() {
        for (format, text) in
            [(Format::Human, ""), (Format::Short, ""), (Format::Json, "[]\n"), (Format::Github, ""), (Format::Gitlab, "[]\n")]
        {
            assert_eq!(draw(&Findings::default(), &Sources::default(), Drawing { format, ..Drawing::default() }), text);
        }
    }
}
