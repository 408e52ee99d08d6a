//! Findings for programs: a JSON list of `{code, severity, file, line, column, message, help}`, `help` null where there is none.
//!
//! Texts stand as they are, JSON escapes what it must.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Findings, Locator, line_and_column, message};

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    severity: &'static str,
    file: &'a str,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// With the label and the other places, which a program has no drawing of.
    message: String,
    help: Option<&'a str>,
}

pub fn draw(findings: &Findings, locator: &mut Locator) -> String {
    super::pretty_json(&entries(findings, locator))
}

/// The list itself, for whoever adds to it.
pub fn list(findings: &Findings, locator: &mut Locator) -> Vec<Value> {
    entries(findings, locator).into_iter().map(|entry| json!(entry)).collect()
}

fn entries<'f>(findings: &'f Findings, locator: &mut Locator) -> Vec<Entry<'f>> {
    findings
        .iter()
        .map(|finding| {
            let (line, column) = line_and_column(locator.find(&finding.span).as_ref());
            Entry {
                code: finding.code.name(),
                severity: finding.severity().word(),
                file: &finding.span.path,
                line,
                column,
                message: message(finding, locator),
                help: finding.help.as_deref(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::several;
    use super::*;

    #[test]
    fn every_finding_is_an_object_with_its_place() {
        let (findings, sources) = several();
        let list: serde_json::Value = serde_json::from_str(&draw(&findings, &mut Locator::new(&sources))).expect("it is JSON");
        assert_eq!(list.as_array().map(Vec::len), Some(3));
        assert_eq!(
            list[0],
            serde_json::json!({
                "code": "unknown-server", "severity": "error",
                "file": "content/posts/2026-05-04-relay-maintenance.md", "line": 4, "column": 12,
                "message": "no server is called `nc32`",
                "help": "did you mean `nc023`? The servers are listed in content/servers.toml",
            })
        );
        assert_eq!(list[1]["help"], serde_json::Value::Null);
        assert_eq!(list[2]["message"], "a \u{1b}[31mname\nover 2 lines, 100%: odd: here");
    }
}
