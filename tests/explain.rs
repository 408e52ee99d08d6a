//! The examples of `explain CODE` are true: the wrong ones have the code, the right ones have no finding at all.

mod case;

use signalpost::findings::{Code, Findings, Verdict};
use signalpost::source::{Sources, Unreadable};

fn built(code: Code, verdict: Verdict) -> (Findings, Sources) {
    let mut sources = case::site();
    for example in code.examples().iter().filter(|example| [verdict, Verdict::Either].contains(&example.verdict)) {
        case::insert(&mut sources, example.path, example.text);
    }
    let findings = case::findings(&sources, &case::options());
    (findings, sources)
}

#[test]
fn every_wrong_example_has_the_finding_that_it_explains() {
    let mut silent = Vec::new();
    for code in Code::ALL.iter().copied().filter(|code| !code.examples().is_empty()) {
        let (findings, sources) = built(code, Verdict::Wrong);
        if !findings.iter().any(|finding| finding.code == code) {
            silent.push(format!("{}:\n{}", code.name(), case::short(&findings, &sources)));
        }
    }
    assert!(silent.is_empty(), "\n{}", silent.join("\n"));
}

#[test]
fn every_right_example_has_no_finding() {
    let mut wrong = Vec::new();
    for code in Code::ALL.iter().copied().filter(|code| code.examples().iter().any(|example| example.verdict == Verdict::Right)) {
        let (findings, sources) = built(code, Verdict::Right);
        if !findings.is_empty() {
            wrong.push(format!("{}:\n{}", code.name(), case::short(&findings, &sources)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_no_text_can_show_is_found_too() {
    let mut sources = case::site();
    sources.unreadable.push(Unreadable {
        path: "content/static/passwd".into(),
        why: "is a symbolic link that leaves the site".into(),
        help: "take it away",
    });
    let findings = case::findings(&sources, &case::options());
    assert!(Code::Unreadable.examples().is_empty());
    assert!(findings.iter().any(|finding| finding.code == Code::Unreadable));
    let mut sources = case::site();
    sources.files.remove("content/servers.toml");
    let findings = case::findings(&sources, &case::options());
    assert!(Code::NoContent.examples().is_empty());
    assert!(findings.iter().any(|finding| finding.code == Code::NoContent));
}

#[test]
fn every_code_is_made_somewhere() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(src).into_iter().filter_map(Result::ok).filter(|entry| !entry.path().ends_with("code.rs"));
    let code: String =
        files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).filter(|text| text.contains("Finding::new")).collect();
    let unused: Vec<_> = Code::ALL.iter().filter(|one| !code.contains(&format!("Code::{one:?}"))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
