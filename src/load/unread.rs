//! Files below `content` that nothing is made of: an outage in the wrong folder would be missed in silence.

use super::fields::shown;
use super::heading::is_dated;
use super::{POSTS, STATIC, pages, probes, servers};
use crate::findings::{Code, Finding, Findings};
use crate::source::{SourceFile, Sources, Span};

const CONTENT: &str = "content/";
/// What `new` writes into a post file; no part of the site.
const TEMPLATES: &str = "content/templates/";

/// Tells of every file that no step of the build reads.
pub fn find(sources: &Sources, findings: &mut Findings) {
    for file in sources.under(CONTENT) {
        let path: &str = &file.path;
        let is_text = path.ends_with(".md") && (path.starts_with(POSTS) || path.starts_with(pages::FOLDER));
        if is_text || path.starts_with(STATIC) || path.starts_with(TEMPLATES) || [servers::PATH, probes::PATH].contains(&path) {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let span = Span::whole_file(&file.path);
        findings.push(match markdown_stem(name) {
            Some(stem) if path.starts_with(POSTS) || path.starts_with(pages::FOLDER) => {
                Finding::new(Code::UnreadText, span, "a text whose name does not end in `.md` is not read")
                    .help(format!("rename it to `{}.md`", shown(stem)))
            }
            Some(stem) if !stem.eq_ignore_ascii_case("readme") => {
                Finding::new(Code::UnreadText, span, "a text in a folder where none is read")
                    .help("a post belongs into `content/posts`, a page into `content/pages`")
            }
            Some(_) => continue,
            None if path.starts_with(POSTS) => match misnamed_post(file, name, sources) {
                Some(stem) => {
                    Finding::new(Code::UnreadText, span, "this looks like a post, and is not read: its name does not end in `.md`")
                        .help(format!("rename it to `{}.md`; if it is no post, take it out of `content/posts`", shown(stem)))
                }
                None => Finding::new(Code::SkippedFile, span, "a file among the posts that is no post")
                    .help("posts end in `.md`; files to publish belong into `content/static`"),
            },
            None => Finding::new(Code::SkippedFile, span, "a file that nothing is made of")
                .help("files to publish belong into `content/static`"),
        });
    }
}

/// A name without the ending that says Markdown, in any case; `None` where it has none.
fn markdown_stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    ["md", "markdown", "mdown", "mkd"].iter().any(|one| ending.eq_ignore_ascii_case(one)).then_some(stem)
}

/// The stem of a file that was most likely meant to be a post: it begins like one, or has a post's name but for the ending. `None`
/// also where that post lies beside it, so that this is a copy of it.
fn misnamed_post<'a>(file: &SourceFile, name: &'a str, sources: &Sources) -> Option<&'a str> {
    let (stem, ending) = split_ending(name);
    let is_named_like_one = is_dated(name) && is_ending_of_text(ending);
    let begins_like_one = || file.text().is_ok_and(|text| text.lines().next().is_some_and(|line| line.trim_end() == "+++"));
    let post = format!("{}{stem}.md", file.path.strip_suffix(name)?);
    let is_copy = || sources.get(&post).is_some() || sources.is_unreadable(&post);
    ((is_named_like_one || begins_like_one()) && !is_copy()).then_some(stem)
}

/// A name before its `.md`, whatever has come to stand behind that (`relay.md.txt`), or else before its last dot.
fn split_ending(name: &str) -> (&str, &str) {
    let is_markdown = |dot: &usize| name.get(dot + 1..dot + 3).is_some_and(|letters| letters.eq_ignore_ascii_case("md"));
    let at = name.match_indices('.').map(|(dot, _)| dot).find(is_markdown).or_else(|| name.rfind('.')).unwrap_or(name.len());
    (name[..at].trim_end(), &name[at..])
}

/// Whether what stands behind a name says text, or nothing at all, and neither a picture nor data.
fn is_ending_of_text(ending: &str) -> bool {
    let ending = ending.to_ascii_lowercase();
    ending.starts_with(".md") || ["", ".txt", ".text"].contains(&ending.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a file among the posts, beside which lies one post.
    fn said(name: &str, text: &str) -> Option<(Code, Option<String>)> {
        let mut sources = Sources::default();
        sources.insert("content/posts/2026/2026-05-04-mail.md", "");
        sources.insert(&format!("content/posts/2026/{name}"), text.to_owned());
        let mut findings = Findings::default();
        find(&sources, &mut findings);
        findings.into_iter().next().map(|finding| (finding.code, finding.help))
    }

    #[test]
    fn what_was_meant_to_be_a_post_is_told_its_name() {
        for (name, better) in [
            ("2026-05-04-0200-relay.md.txt", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.md.bak", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.md.orig", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.txt", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.mdx", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.MD ", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay.Md (1)", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay .md.TXT", "2026-05-04-0200-relay"),
            ("2026-05-04-0200-relay", "2026-05-04-0200-relay"),
            ("2026-05-04-v1.2-out.txt", "2026-05-04-v1.2-out"),
            ("2026-05-04-mail-2.md.txt", "2026-05-04-mail-2"),
        ] {
            let help = format!("rename it to `{better}.md`; if it is no post, take it out of `content/posts`");
            assert_eq!(said(name, "Mail waits.\n"), Some((Code::UnreadText, Some(help))), "{name}");
        }
    }

    #[test]
    fn a_post_is_known_by_how_it_begins() {
        for name in ["relay.dm", "2026-05-04-relay.doc", "relay.md.txt", "relay.disabled"] {
            for text in ["+++\ntitle = \"Relay down\"\n+++\n", "\u{feff}+++\r\ntitle = 1\r\n"] {
                assert!(matches!(said(name, text), Some((Code::UnreadText, _))), "{name}");
            }
            assert!(matches!(said("relay.dm", "++++\n"), Some((Code::SkippedFile, _))));
        }
    }

    #[test]
    fn copies_of_a_post_and_other_files_are_only_skipped() {
        for name in [
            "2026-05-04-mail.md.txt",
            "2026-05-04-mail.md.bak",
            "2026-05-04-mail.txt",
            "2026-05-04-mail.mdx",
            "2026-05-04-mail.MD ",
            "2026-05-04-mail",
        ] {
            assert!(matches!(said(name, "+++\ntitle = \"Mail\"\n"), Some((Code::SkippedFile, _))), "{name}");
        }
        for name in ["2026-05-04-queue.png", "2026-05-04-queue.csv", "2026-05-04.svg", "notes.txt", "relay.md.bak", "Makefile"] {
            assert!(matches!(said(name, "x"), Some((Code::SkippedFile, _))), "{name}");
        }
        assert_eq!(said("2026-05-04-mail.md", ""), None);
    }
}
