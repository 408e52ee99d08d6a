//! Files below `content` that nothing is made of: an outage in the wrong folder would be missed in silence.

use super::fields::shown;
use super::{POSTS, STATIC, pages, probes, servers};
use crate::findings::{Code, Finding, Findings};
use crate::source::{Sources, Span};

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
            None if path.starts_with(POSTS) => Finding::new(Code::SkippedFile, span, "a file among the posts that is no post")
                .help("posts end in `.md`; files to publish belong into `content/static`"),
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
