//! What an import has to tell: what was left behind, what was read into the posts, what to look at.

use std::collections::BTreeMap;

use crate::model::plain::shorten;

/// Everything to tell, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Why something was not taken over ("draft"), and which.
    skipped: BTreeMap<String, Vec<String>>,
    /// A post's path, what was read into it, and the words that say so.
    guesses: Vec<[String; 3]>,
    /// What to look at, and the posts that it is true of.
    notes: BTreeMap<String, Vec<String>>,
    /// What is true of the whole export.
    remarks: Vec<String>,
    /// Words that look like a server's name and are none, and in how many posts they stand.
    unknown_servers: BTreeMap<String, usize>,
}

/// Titles and paths of one kind that are listed before the rest is counted.
const LISTED: usize = 5;

impl Report {
    pub fn skip(&mut self, why: &str, which: &str) {
        self.skipped.entry(why.to_owned()).or_default().push(which.to_owned());
    }

    pub fn guess(&mut self, path: &str, what: impl Into<String>, words: &str) {
        self.guesses.push([path.to_owned(), what.into(), shortened(words)]);
    }

    pub fn note(&mut self, path: &str, what: impl Into<String>) {
        self.notes.entry(what.into()).or_default().push(path.to_owned());
    }

    pub fn remark(&mut self, what: impl Into<String>) {
        self.remarks.push(what.into());
    }

    pub fn unknown_server(&mut self, name: &str) {
        *self.unknown_servers.entry(name.to_owned()).or_default() += 1;
    }

    /// The report as lines; none where there is nothing to tell.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        section(
            &mut lines,
            "Not taken over:",
            self.skipped.iter().map(|(why, which)| format!("{} ({why}): {}", which.len(), listed(which))),
        );
        let guesses = self.guesses.iter().map(|[path, what, words]| format!("{path}: {what}, from “{words}”"));
        section(&mut lines, "Guessed:", guesses);
        let notes = self.notes.iter().map(|(what, paths)| format!("{what}: {}", listed(paths)));
        section(&mut lines, "To look at:", self.remarks.iter().cloned().chain(notes));
        let unknown = self.unknown_servers.iter().map(|(name, posts)| format!("{name} ({posts})"));
        let unknown: Vec<String> = unknown.collect();
        if !unknown.is_empty() {
            section(
                &mut lines,
                "Look like servers and are not in content/servers.toml, by posts that name them:",
                std::iter::once(unknown.join(", ")),
            );
        }
        lines
    }

    /// The report of another file of the same export behind this one.
    pub fn append(&mut self, other: Report) {
        for (why, which) in other.skipped {
            self.skipped.entry(why).or_default().extend(which);
        }
        self.guesses.extend(other.guesses);
        for (what, paths) in other.notes {
            self.notes.entry(what).or_default().extend(paths);
        }
        self.remarks.extend(other.remarks);
        for (name, posts) in other.unknown_servers {
            *self.unknown_servers.entry(name).or_default() += posts;
        }
    }
}

fn section(lines: &mut Vec<String>, heading: &str, entries: impl Iterator<Item = String>) {
    let before = lines.len();
    lines.extend(entries.map(|entry| format!("  {entry}")));
    if lines.len() > before {
        lines.insert(before, heading.to_owned());
    }
}

fn listed(which: &[String]) -> String {
    let shown = which.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match which.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Some words of a sentence, so that a line stays a line.
fn shortened(words: &str) -> String {
    shorten(&words.split_whitespace().collect::<Vec<_>>().join(" "), 100)
}
