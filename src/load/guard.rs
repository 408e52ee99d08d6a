//! A parser that panics on some input must not take the site with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::findings::{Code, Finding, Findings};
use crate::source::{SourceFile, Span};

/// Reads a file or a part of it; `None` with a finding where that panics.
pub fn guarded<T>(file: &SourceFile, findings: &mut Findings, read: impl FnOnce(&mut Findings) -> T) -> Option<T> {
    let value = catch_unwind(AssertUnwindSafe(|| read(findings)));
    if value.is_err() {
        findings.push(
            Finding::new(Code::Unreadable, Span::whole_file(&file.path), "the file cannot be read: it makes signalpost itself fail")
                .help("please report it, with the file; meanwhile, write it more simply"),
        );
    }
    value.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_finding_beside_those_before_it() {
        let file = SourceFile { path: "content/pages/about.md".into(), bytes: "".into() };
        let mut findings = Findings::default();
        let read: Option<()> = guarded(&file, &mut findings, |findings| {
            findings.push(Finding::new(Code::EmptyTitle, Span::whole_file(&file.path), "the title is empty"));
            panic!("on purpose")
        });
        assert_eq!(read, None);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::Unreadable, Code::EmptyTitle]);
        assert_eq!(guarded(&file, &mut findings, |_| 1), Some(1));
    }
}
