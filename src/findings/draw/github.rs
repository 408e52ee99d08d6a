//! Workflow commands of GitHub Actions, which Forgejo takes too: `::error file=…,line=…,col=…,endColumn=…,title=…::MESSAGE`.
//!
//! What is escaped, and how, is what the runner undoes: `%`, CR and LF in a message, `:` and `,` also in a property.

use super::{Findings, Locator, Severity, help_after, message, visible};

pub fn draw(findings: &Findings, locator: &mut Locator) -> String {
    let mut text = String::new();
    for finding in findings.iter() {
        let command = match finding.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let location = match locator.find(&finding.span) {
            Some(location) => {
                format!("line={},col={},endColumn={},", location.line, location.column, location.end_column.max(location.column + 1))
            }
            None => String::new(),
        };
        let help = help_after("\n", finding);
        text += &format!(
            "::{command} file={},{location}title={}::{}\n",
            property(&visible(&finding.span.path)),
            property(finding.code.name()),
            data(&(visible(&message(finding, locator)) + &help)),
        );
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::tests::several;
    use super::*;

    #[test]
    fn a_finding_is_one_command_with_everything_escaped() {
        let (findings, sources) = several();
        assert_eq!(
            draw(&findings, &mut Locator::new(&sources)),
            "::error file=content/posts/2026-05-04-relay-maintenance.md,line=4,col=12,endColumn=18,title=unknown-server::\
             no server is called `nc32`%0Adid you mean `nc023`? The servers are listed in content/servers.toml\n\
             ::warning file=content/posts/a%2Cb%3A 100%25.md,line=1,col=1,endColumn=2,title=empty-post::no text\n\
             ::error file=content/posts/a%2Cb%3A 100%25.md,line=2,col=1,endColumn=4,title=bad-name::\
             a ␛[31mname␊over 2 lines, 100%25: odd: here\n"
        );
    }
}
