//! GitLab's Code Quality report: a JSON list of `{description, check_name, fingerprint, severity, location}`.
//!
//! A merge request shows what its own report has and the target branch's has not, by fingerprint. So a fingerprint is made of what
//! stays when lines move: code, file, message, and a count where these are equal.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_128;

use super::{Findings, Locator, Severity, help_after, line_and_column, message, visible};

pub fn draw(findings: &Findings, locator: &mut Locator) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let entries: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let (line, _) = line_and_column(locator.find(&finding.span).as_ref());
            let help = help_after("; ", finding);
            let what = format!("{}\n{}\n{}", finding.code.name(), finding.span.path, finding.message);
            let before = seen.entry(what.clone()).and_modify(|times| *times += 1).or_insert(0);
            json!({
                "description": visible(&message(finding, locator)) + &help,
                "check_name": finding.code.name(),
                "fingerprint": format!("{:032x}", xxh3_128(format!("{what}\n{before}").as_bytes())),
                "severity": match finding.severity() { Severity::Error => "blocker", Severity::Warning => "minor" },
                "location": { "path": &*finding.span.path, "lines": { "begin": line } },
            })
        })
        .collect();
    super::pretty_json(&entries)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{a_slip, several};
    use super::*;
    use crate::findings::{Code, Finding};
    use crate::source::Span;

    fn report(findings: &Findings, sources: &crate::source::Sources) -> Vec<Value> {
        serde_json::from_str(&draw(findings, &mut Locator::new(sources))).expect("it is a JSON list")
    }

    #[test]
    fn a_finding_is_an_issue_at_its_line() {
        let (findings, sources) = several();
        let list = report(&findings, &sources);
        assert_eq!(list.len(), 3);
        assert_eq!(list[0]["location"], json!({ "path": "content/posts/2026-05-04-relay-maintenance.md", "lines": { "begin": 4 } }));
        assert_eq!((&list[0]["severity"], &list[1]["severity"]), (&json!("blocker"), &json!("minor")));
        assert_eq!(list[1]["description"], "no text");
    }

    #[test]
    fn a_fingerprint_outlives_a_moved_line_and_is_never_shared() {
        let (mut findings, mut sources) = a_slip();
        let before = report(&findings, &sources)[0]["fingerprint"].clone();
        let first = findings.iter().next().expect("there is one").clone();
        let moved = Span::new(&first.span.path, first.span.start + 1..first.span.end + 1);
        let text = format!("\n{}", String::from_utf8_lossy(&sources.get(&moved.path).expect("it is there").bytes));
        sources.insert(&moved.path, text);
        findings = Findings::default();
        findings.push(Finding { span: moved.clone(), ..first.clone() });
        assert_eq!(report(&findings, &sources)[0]["fingerprint"], before);

        findings.push(Finding { span: Span::new(&moved.path, 0..1), ..first });
        findings.push(Finding::new(Code::EmptyPost, Span::whole_file(&moved.path), "no text"));
        let list = report(&findings, &sources);
        let distinct: std::collections::BTreeSet<_> = list.iter().map(|issue| issue["fingerprint"].to_string()).collect();
        assert_eq!(distinct.len(), 3);
    }
}
