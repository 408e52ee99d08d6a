//! Plain pages: `content/pages/*.md`.

use super::clean::is_visible;
use super::fields::{Fields, TomlSource};
use super::front_matter;
use super::keys::PAGE;
use super::markdown::{self, MarkdownContext};
use super::names;
use super::syntax;
use super::updates::SiteContext;
use crate::findings::{Code, Finding, Findings};
use crate::model::characters::composed;
use crate::model::{Address, PlainPage};
use crate::source::{SourceFile, Span};

pub const FOLDER: &str = "content/pages/";

/// The address of a plain page's file: `content/pages/help/mail.md` is `/help/mail/`.
pub fn address(path: &str) -> Option<Address> {
    let below = path.strip_prefix(FOLDER)?.strip_suffix(".md")?;
    Some(Address::new(format!("/{}/", composed(below))))
}

/// Reads one page; `None` for a draft or where it cannot be read.
pub fn read(file: &SourceFile, drafts: bool, site_context: &SiteContext<'_>, findings: &mut Findings) -> Option<PlainPage> {
    let text = front_matter::text(file, findings)?;
    let parts = front_matter::split(file, text, findings)?;
    let address = address(&file.path)?;
    if let Some(why) = address.as_str().trim_matches('/').split('/').find_map(names::problem) {
        findings.push(Finding::new(Code::BadName, Span::whole_file(&file.path), "the file's name cannot be an address").help(why));
        return None;
    }
    let offset = file.text_offset();
    let source = TomlSource { path: &file.path, offset: offset + parts.front.start, broken: &[] };
    let mut mended = String::new();
    let parsed = syntax::parse(&text[parts.front.clone()], &mut mended, source, findings);
    let source = TomlSource { broken: &parsed.broken, ..source };
    let fields = Fields::new(parsed.table.get_ref(), 0..0, source, PAGE, "a page", findings);
    let title = fields.text("title", findings);
    let is_draft = fields.boolean("draft", findings).unwrap_or(false);
    let context = MarkdownContext {
        path: &file.path,
        offset: offset + parts.body.start,
        page: &address,
        base: &site_context.config.base_url,
        remote_images: site_context.config.remote_images,
        words: site_context.words,
        scope: "text",
        top_heading: 2,
        address_of: site_context.address_of,
    };
    let html = markdown::text(&text[parts.body], context, findings);
    let title = title?;
    if !is_visible(&title.value) {
        findings.push(
            Finding::new(Code::EmptyTitle, Span::new(&file.path, title.range), "the title is empty")
                .help("say what the page is: `title = \"About this page\"`"),
        );
        return None;
    }
    (drafts || !is_draft).then(|| PlainPage { path: file.path.clone(), address, title: title.value, html })
}
