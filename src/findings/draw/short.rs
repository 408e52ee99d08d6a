//! A line a finding, as compilers write them, for editors and grep.

use super::{Findings, Locator, help_after, line_and_column, message, visible};

pub fn draw(findings: &Findings, locator: &mut Locator) -> String {
    let mut text = String::new();
    for finding in findings.iter() {
        let (line, column) = line_and_column(locator.find(&finding.span).as_ref());
        let help = help_after("; ", finding);
        text += &format!(
            "{}:{line}:{column}: {}[{}]: {}{help}\n",
            visible(&finding.span.path),
            finding.severity().word(),
            finding.code.name(),
            visible(&message(finding, locator)),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::several;
    use super::*;

    #[test]
    fn a_finding_is_one_line_that_an_editor_can_jump_from() {
        let (findings, sources) = several();
        assert_eq!(
            draw(&findings, &mut Locator::new(&sources)),
            "content/posts/2026-05-04-relay-maintenance.md:4:12: error[unknown-server]: no server is called `nc32`; \
             did you mean `nc023`? The servers are listed in content/servers.toml\n\
             content/posts/a,b: 100%.md:1:1: warning[empty-post]: no text\n\
             content/posts/a,b: 100%.md:2:1: error[bad-name]: a ␛[31mname␊over 2 lines, 100%: odd: here\n"
        );
    }
}
