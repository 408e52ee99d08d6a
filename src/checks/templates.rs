//! Templates of the site's own that no page uses: an override under a misspelt name leaves the built-in template standing.

use crate::findings::nearest::nearest;
use crate::findings::{Code, Finding, Findings, visible};
use crate::source::Span;
use crate::theme::{BUILTIN_TEMPLATES, Theme};

pub fn check(theme: &Theme, findings: &mut Findings) {
    for (name, path) in theme.idle() {
        let finding = Finding::new(
            Code::UnusedTemplate,
            Span::whole_file(path),
            format!("no page uses `{}`, and no template names it: it changes nothing", visible(name)),
        );
        findings.push(match nearest(name, BUILTIN_TEMPLATES.iter().map(|(built_in, _)| *built_in)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => {
                finding.help("a template stands in for the built-in one of its name; `signalpost theme eject` without a name lists them")
            }
        });
    }
}
