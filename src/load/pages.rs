//! Plain pages: `content/pages/*.md`.

use std::ops::Range;

use super::clean::{is_visible, report_controls};
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
fn address(path: &str) -> Option<Address> {
    let below = path.strip_prefix(FOLDER)?.strip_suffix(".md")?;
    Some(Address::new(format!("/{}/", composed(below))))
}

/// A page whose text is still to be read.
pub struct Front {
    pub address: Address,
    pub is_draft: bool,
    /// `None` where there can be no page: it is missing or shows nothing, or the file's name cannot be an address.
    title: Option<String>,
    /// The text: bytes of the file.
    body: Range<usize>,
}

impl Front {
    /// Whether there will be a page, once its text is read.
    pub fn is_whole(&self) -> bool {
        self.title.is_some()
    }
}

/// Reads the front matter of one page; `None` where nothing says where its text begins.
pub fn front(file: &SourceFile, findings: &mut Findings) -> Option<Front> {
    let text = front_matter::text(file, findings)?;
    let parts = front_matter::split(file, text, findings);
    let is_lost = parts.is_none();
    let parts = parts.or_else(|| front_matter::without_front(text))?;
    let address = address(&file.path)?;
    let problem = address.as_str().trim_matches('/').split('/').find_map(names::problem);
    if let Some(why) = &problem {
        findings.push(Finding::new(Code::BadName, Span::whole_file(&file.path), "the file's name cannot be an address").help(why));
    }
    let offset = file.text_offset();
    let source = TomlSource { path: &file.path, offset: offset + parts.front.start, broken: &[], headless: &[] };
    let mut mended = String::new();
    let before = findings.errors();
    let parsed = syntax::parse(&text[parts.front.clone()], &mut mended, source, findings);
    let source = parsed.source(source);
    let is_broken = is_lost || findings.errors() > before;
    let mut own = Findings::default();
    let fields = Fields::new(parsed.table.get_ref(), 0..0, source, PAGE, "a page", &mut own);
    // Beside a syntax error, a key that is not there may be lost.
    findings.extend(own.into_iter().filter(|finding| !is_broken || finding.code != Code::MissingKey));
    let title = fields.text("title", findings);
    let is_draft = fields.boolean("draft", findings).unwrap_or(false);
    if let Some(title) = title.as_ref().filter(|title| !is_visible(&title.value)) {
        findings.push(
            Finding::new(Code::EmptyTitle, fields.at(title), "the title is empty")
                .help("say what the page is: `title = \"About this page\"`"),
        );
    }
    let title = title.map(|title| title.value).filter(|title| is_visible(title) && problem.is_none());
    Some(Front { address, is_draft, title, body: offset + parts.body.start..offset + parts.body.end })
}

/// Reads the text of one page; `None` for one that cannot be shown, which has its finding.
pub fn read(file: &SourceFile, front: Front, site_context: &SiteContext<'_>, findings: &mut Findings) -> Option<PlainPage> {
    let Front { address, title, body, .. } = front;
    let context = MarkdownContext {
        path: &file.path,
        offset: body.start,
        page: &address,
        base: &site_context.config.base_url,
        remote_images: site_context.config.remote_images,
        words: site_context.words,
        scope: "text",
        top_heading: 2,
        address_of: site_context.address_of,
    };
    let text = std::str::from_utf8(&file.bytes[body]).unwrap_or_default();
    report_controls(&file.path, context.offset, text, findings);
    let html = markdown::text(text, context, findings);
    Some(PlainPage { path: file.path.clone(), address, title: title?, html })
}
