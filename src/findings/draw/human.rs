//! Findings for a person, as rustc draws its own: title, place, the line with its mark, help; and a count at the end.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Drawing, Finding, Findings, Locator, Severity, SourceLocation, count, visible};
use crate::source::Span;

/// More findings than this are counted only: nobody reads on, and the first ones are often the cause of the rest.
const SHOWN: usize = 100;

pub fn draw(findings: &Findings, locator: &mut Locator, drawing: Drawing) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let renderer = if drawing.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(drawing.width.max(40));
    let mut text = String::new();
    for finding in chosen(findings) {
        text += &one(finding, locator, &renderer);
        text.push('\n');
    }
    text + &closing(findings, drawing, &renderer)
}

/// The first hundred in their order; an error is never left out for a warning.
fn chosen(findings: &Findings) -> impl Iterator<Item = &Finding> {
    let mut errors = SHOWN;
    let mut warnings = SHOWN.saturating_sub(findings.errors());
    findings.iter().filter(move |finding| {
        let left = if finding.severity() == Severity::Error { &mut errors } else { &mut warnings };
        let shown = *left > 0;
        *left = left.saturating_sub(1);
        shown
    })
}

fn one(finding: &Finding, locator: &mut Locator, renderer: &Renderer) -> String {
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&finding.message)).id(finding.code.name());
    let mut group = Group::with_title(title).elements(excerpt(locator, &finding.span, AnnotationKind::Primary, finding.label.as_deref()));
    for (span, label) in &finding.related {
        group = group.elements(excerpt(locator, span, AnnotationKind::Context, Some(label)));
    }
    let drawn = renderer.render(&[group.clone()]);
    let Some(help) = &finding.help else { return drawn + "\n" };
    let lines: Vec<String> = help.lines().map(visible).collect();
    let with_help = renderer.render(&[group.element(Level::HELP.message(lines.join("\n")))]);
    // The library leaves an empty line between a mark and its help; where there are hundreds that is a third of the screen.
    let added = with_help.strip_prefix(&drawn).unwrap_or(&with_help);
    let added = added.find('=').and_then(|sign| added[..sign].rfind('\n')).map_or(added, |end| &added[end..]);
    format!("{drawn}{added}\n")
}

/// Where it is, and the line there with its mark; of a file that is not there or is empty, where it is alone.
fn excerpt(locator: &mut Locator, span: &Span, kind: AnnotationKind, label: Option<&str>) -> Vec<Element<'static>> {
    let path = visible(&span.path);
    match locator.find(span) {
        None => vec![Origin::path(path).into()],
        Some(SourceLocation { line, column, text, .. }) if text.is_empty() => {
            vec![Origin::path(path).line(line).char_column(column).into()]
        }
        Some(SourceLocation { line, text, mark, .. }) => {
            vec![Snippet::source(text).path(path).line_start(line).annotation(kind.span(mark).label(label.map(visible))).into()]
        }
    }
}

/// `error: 3 problems in 2 files; nothing was published`
fn closing(findings: &Findings, drawing: Drawing, renderer: &Renderer) -> String {
    let left_out = findings.len().saturating_sub(SHOWN);
    let more = if left_out > 0 { format!("{left_out} more are not shown\n\n") } else { String::new() };
    let count = count(findings);
    if findings.has_errors() {
        let outcome = if drawing.publishes { "; nothing was published" } else { "" };
        let title = Level::ERROR.primary_title(format!("{count}{outcome}"));
        format!("{more}{}\n", renderer.render(&[Group::with_title(title)]))
    } else {
        format!("{more}{count}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{a_slip, several};
    use super::*;
    use crate::findings::Code;
    use crate::source::Sources;

    fn plain(findings: &Findings, sources: &Sources) -> String {
        draw(findings, &mut Locator::new(sources), Drawing { publishes: true, ..Drawing::default() })
    }

    #[test]
    fn a_finding_looks_as_the_product_says() {
        let (findings, sources) = a_slip();
        assert_eq!(
            plain(&findings, &sources),
            r#"error[unknown-server]: no server is called `nc32`
 --> content/posts/2026-05-04-relay-maintenance.md:4:12
  |
4 | servers = ["nc32"]
  |            ^^^^^^
  = help: did you mean `nc023`? The servers are listed in content/servers.toml

error: 1 problem in 1 file; nothing was published
"#
        );
        let asked = draw(&findings, &mut Locator::new(&sources), Drawing::default());
        assert!(asked.ends_with("\nerror: 1 problem in 1 file\n"), "where nothing was to be published: {asked}");
    }

    #[test]
    fn a_label_stands_at_the_mark_and_related_places_follow() {
        let (findings, mut sources) = several();
        sources.insert("content/posts/b.md", "+++\nid = \"x\"\n+++\n");
        let here = Span::new(&"content/posts/b.md".into(), 9..12);
        let there = Span::new(&"content/posts/a,b: 100%.md".into(), 6..9);
        let mut two = Findings::default();
        two.push(Finding::new(Code::DuplicateId, here, "two posts have the id `x`").label("here").related(there, "and here"));
        two.extend(findings.iter().nth(1).cloned());
        assert_eq!(
            plain(&two, &sources),
            r#"warning[empty-post]: no text
 --> content/posts/a,b: 100%.md:1:1
  |
1 | first
  | ^

error[duplicate-id]: two posts have the id `x`
 --> content/posts/b.md:2:6
  |
2 | id = "x"
  |      ^^^ here
  |
 ::: content/posts/a,b: 100%.md:2:1
  |
2 | se␛cond "quoted"
  | --- and here

error: 1 problem and 1 warning in 2 files; nothing was published
"#
        );
    }

    #[test]
    fn a_finding_about_what_is_no_text_names_its_path_and_a_help_may_have_lines() {
        let folder = Span::whole_file(&"content/posts/pipe".into());
        let mut findings = Findings::default();
        findings.push(Finding::new(Code::SkippedFile, folder, "is a pipe").help("write\n+++\nhere"));
        assert_eq!(
            plain(&findings, &Sources::default()),
            "warning[skipped-file]: is a pipe\n--> content/posts/pipe\n = help: write\n         +++\n         here\n\n1 warning in 1 file\n"
        );
    }

    #[test]
    fn past_a_hundred_the_rest_is_counted_and_no_error_gives_way_to_a_warning() {
        let path: std::sync::Arc<str> = "content/posts/many.md".into();
        let mut sources = Sources::default();
        sources.insert(&path, "a\n".repeat(200));
        let mut findings = Findings::default();
        for line in 0..150 {
            findings.push(Finding::new(Code::ControlCharacter, Span::new(&path, 2 * line..2 * line + 1), "odd"));
        }
        findings.push(Finding::new(Code::BadName, Span::new(&path, 398..399), "worse"));
        let text = plain(&findings, &sources);
        assert_eq!((text.matches("warning[").count(), text.matches("error[").count()), (99, 1));
        assert!(text.ends_with("51 more are not shown\n\nerror: 1 problem and 150 warnings in 1 file; nothing was published\n"), "{text}");
    }

    #[test]
    fn colours_are_drawn_only_when_asked_for() {
        let (findings, sources) = several();
        assert!(!plain(&findings, &sources).contains('\u{1b}'));
        let coloured = draw(&findings, &mut Locator::new(&sources), Drawing { colour: true, publishes: true, ..Drawing::default() });
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain(&findings, &sources), "colour changes nothing else");
    }
}
