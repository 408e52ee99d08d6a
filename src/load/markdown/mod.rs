//! Markdown to safe HTML.
//!
//! CommonMark with tables, strikethrough, task lists, footnotes and heading attributes (pulldown-cmark). Raw HTML is shown
//! as the text it is, comments are dropped, links keep to allowed schemes. What the library would write with an inline
//! style or an unchecked attribute is written here instead. Update headings divide a text into sections; what they say
//! is read in `heading`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

mod blocks;
mod definitions;
mod pointers;
mod tables;
#[cfg(test)]
pub mod testing;

use super::clean::clean;
use super::heading;
use super::links;
use super::stray::{self, Stray};
use crate::findings::Findings;
use crate::model::characters::is_anchor;
use crate::model::config::RemoteImages;
use crate::model::text::{Html, LocalLink};
use crate::model::{Address, BaseUrl, State, escape};
use crate::source::Span;
use crate::words::Words;

use tables::Table;

/// What reading a text needs to know of the file and the site that it stands in.
#[derive(Clone, Copy)]
pub struct MarkdownContext<'a> {
    pub path: &'a Arc<str>,
    /// How many bytes of the file stand before the text.
    pub offset: usize,
    /// The page that shows it.
    pub page: &'a Address,
    pub base: &'a BaseUrl,
    pub remote_images: RemoteImages,
    /// For what is said of a table to those who do not see it.
    pub words: &'a Words,
    /// What the anchors of this text begin with.
    pub scope: &'a str,
    /// The level of the text's highest headings: 2 right under a page's title, 3 under an update's or block's heading.
    pub top_heading: usize,
    /// The address that another source file's page has: for links to `.md` files.
    pub address_of: &'a dyn Fn(&str) -> Option<Address>,
}

/// A piece of a post: the text before the first update heading, or an update heading and what stands under it.
pub struct Section {
    /// The heading's line: its bytes in the text, attributes included, marks excluded.
    pub heading: Option<Range<usize>>,
    pub html: Html,
    /// Headings below it that are nothing but a state, each as its line's bytes in the text.
    pub bare_states: Vec<(State, Range<usize>)>,
}

/// A text in sections, and the source files that it links to.
pub struct Sections {
    /// The first has no heading; it may be empty.
    pub sections: Vec<Section>,
    /// Looked up addresses, for whoever remembers the result.
    pub looked_up: Vec<(String, Option<Address>)>,
    /// The first character of the text that no page may hold.
    pub control: Option<char>,
    /// Lines that read like updates and are none.
    pub strays: Vec<Stray>,
}

/// A whole text as one piece: pages and sidebar blocks have no updates.
pub fn text(markdown: &str, context: MarkdownContext<'_>, findings: &mut Findings) -> Html {
    Writer::new(markdown, context, false).write(findings).sections.swap_remove(0).html
}

/// A post's text, divided at its update headings.
pub fn sections(markdown: &str, context: MarkdownContext<'_>, findings: &mut Findings) -> Sections {
    Writer::new(markdown, context, true).write(findings)
}

/// Stands before each local link while the HTML is written; `clean` keeps it out of every text.
const MARK: char = '\u{7f}';

/// What became of a link whose end is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OpenLink {
    Written,
    /// Its text stays, the link does not.
    Dropped,
    /// It was no link but text in angle brackets.
    Angles,
}

thread_local! {
    /// [`Writer::marked`] between two texts: one buffer serves all of a thread's.
    static BUFFER: RefCell<String> = const { RefCell::new(String::new()) };
}

struct Writer<'a> {
    markdown: &'a str,
    /// Its first character that no page may hold. Without one, pieces of the text itself need no cleaning.
    control: Option<char>,
    context: MarkdownContext<'a>,
    divides: bool,
    events: Vec<Event<'a>>,
    /// Local links of the section so far, in order.
    links: Vec<LocalLink>,
    /// The HTML of a section, with marks.
    marked: String,
    done: Vec<Section>,
    heading: Option<Range<usize>>,
    bare_states: Vec<(State, Range<usize>)>,
    /// The user's heading levels that are open, so that no level is skipped.
    levels: Vec<HeadingLevel>,
    footnotes: BTreeMap<String, (usize, bool)>,
    table: Table,
    open_links: Vec<OpenLink>,
    looked_up: Vec<(String, Option<Address>)>,
    blocks: stray::Blocks,
}

impl<'a> Writer<'a> {
    fn new(markdown: &'a str, context: MarkdownContext<'a>, divides: bool) -> Self {
        let marked = BUFFER.take();
        Writer {
            markdown,
            control: clean(markdown).control,
            context,
            divides,
            events: Vec::with_capacity(32 + markdown.len() / 32),
            links: Vec::new(),
            marked,
            done: Vec::new(),
            heading: None,
            bare_states: Vec::new(),
            levels: Vec::new(),
            footnotes: BTreeMap::new(),
            table: Table::default(),
            open_links: Vec::new(),
            looked_up: Vec::new(),
            blocks: stray::Blocks::default(),
        }
    }

    fn write(mut self, findings: &mut Findings) -> Sections {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_HEADING_ATTRIBUTES;
        let mut parser = Parser::new_ext(self.markdown, options).into_offset_iter();
        let has_definitions = parser.reference_definitions().iter().next().is_some();
        let mut used = definitions::Used::default();
        let mut events = parser.by_ref().inspect(|(event, range)| {
            if has_definitions {
                used.note(event, range);
            }
        });
        // Containers around the present event: an update heading counts only at the top level.
        let mut depth = 0_usize;
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let line = self.heading_line(&range);
                    self.blocks.headings.push(range.start);
                    if self.is_update(&range, &line, level, depth, findings) {
                        events.by_ref().find(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))));
                        self.end_section(Some(line));
                    } else {
                        // Lower ones are a text's sections, but for an end, which nobody has reason to miss.
                        let is_meant = |state: &State| depth == 0 && (level <= HeadingLevel::H2 || state.is_final());
                        let state = heading::bare_state(&self.markdown[line.clone()]).filter(is_meant);
                        self.bare_states.extend(state.map(|state| (state, line)));
                        self.start_heading(level, id.as_deref());
                        depth += 1;
                    }
                }
                Event::Start(Tag::HtmlBlock) => self.html_block(&html_of_block(&mut events), &range, findings),
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    let alt = alternative_text(&mut events);
                    self.image(&dest_url, &alt, &title, &range, findings);
                }
                Event::Start(tag) => {
                    self.note(&tag, &range, depth, findings);
                    depth += usize::from(!matches!(tag, Tag::Paragraph));
                    self.start(tag, &range, findings);
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(usize::from(!matches!(tag, TagEnd::Paragraph)));
                    self.end(tag);
                }
                Event::Text(text) => self.text(text),
                Event::Code(code) => self.events.push(Event::Code(own(&code))),
                Event::InlineHtml(html) | Event::Html(html) => {
                    if html.starts_with("<!--") {
                        self.blocks.closed.push(range);
                    } else {
                        self.text(html);
                    }
                }
                Event::SoftBreak | Event::HardBreak | Event::Rule => self.events.push(event),
                Event::FootnoteReference(name) => self.footnote_reference(&name, &range),
                Event::TaskListMarker(done) => self.task(done),
                Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text),
            }
        }
        if has_definitions {
            self.check_definitions(parser.reference_definitions(), &used, findings);
        }
        self.end_section(None);
        BUFFER.set(self.marked);
        let strays = if self.divides { stray::strays(self.markdown, &self.blocks) } else { Vec::new() };
        Sections { sections: self.done, looked_up: self.looked_up, control: self.control, strays }
    }

    /// Whether a heading with this first line begins an update. What may be a slip in one is told.
    fn is_update(&self, range: &Range<usize>, line: &Range<usize>, level: HeadingLevel, depth: usize, findings: &mut Findings) -> bool {
        let text = &self.markdown[line.clone()];
        let place = heading::Place { is_level_2: level == HeadingLevel::H2, is_at_top: depth == 0 };
        let is_update = self.divides && place.is_an_updates() && heading::is_dated(text);
        let span = || Span::new(self.context.path, links::moved(line, self.context.offset));
        if is_update && heading::goes_on(&self.markdown[range.clone()]) {
            findings.push(heading::too_long(text, span()));
        } else if self.divides && !is_update {
            findings.extend(heading::suspect(text, place, span()));
        }
        is_update
    }

    /// The first line of a heading without `#` marks and white space around it.
    fn heading_line(&self, range: &Range<usize>) -> Range<usize> {
        let text = &self.markdown[range.clone()];
        let line = text.lines().next().unwrap_or("");
        let start = line.len() - line.trim_start().trim_start_matches('#').trim_start().len();
        let line = line.trim_end();
        let end = if line.ends_with('#') && !line[start.min(line.len())..].ends_with("C#") {
            line.trim_end_matches('#').trim_end().len()
        } else {
            line.len()
        };
        range.start + start.min(end)..range.start + end
    }

    fn end_section(&mut self, next: Option<Range<usize>>) {
        self.marked.clear();
        html::push_html(&mut self.marked, self.events.drain(..));
        let mut links = std::mem::take(&mut self.links);
        let html = unmark(&self.marked, &mut links);
        let html = Html { html, local_links: links };
        self.done.push(Section { heading: self.heading.take(), html, bare_states: std::mem::take(&mut self.bare_states) });
        self.heading = next;
        self.levels.clear();
    }

    fn raw(&mut self, html: impl Into<CowStr<'a>>) {
        self.events.push(Event::InlineHtml(html.into()));
    }

    fn text(&mut self, text: CowStr<'a>) {
        if self.control.is_none() && matches!(text, CowStr::Borrowed(_)) {
            self.events.push(Event::Text(text));
            return;
        }
        let cleaned = clean(&text);
        let event = match cleaned.control {
            None => Event::Text(text),
            Some(_) => Event::Text(cleaned.text.into_owned().into()),
        };
        self.events.push(event);
    }

    /// A task's box takes the place of its item's mark.
    fn task(&mut self, done: bool) {
        if let Some(item) = self.events.iter_mut().rev().find(|event| matches!(event, Event::Start(Tag::Item))) {
            *item = Event::InlineHtml("<li class=\"task\">".into());
        }
        self.raw(if done { "☑ " } else { "☐ " });
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<&str>) {
        self.levels.retain(|open| *open < level);
        self.levels.push(level);
        let level = self.shown_level();
        match id.filter(|id| is_anchor(id)) {
            Some(id) => self.raw(format!("<h{level} id=\"{}\">", escape(&links::scoped(self.context.scope, id)))),
            None => self.raw(format!("<h{level}>")),
        }
    }

    fn shown_level(&self) -> usize {
        (self.context.top_heading - 1 + self.levels.len()).min(6)
    }

    fn start(&mut self, tag: Tag<'a>, range: &Range<usize>, findings: &mut Findings) {
        match tag {
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range, findings),
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',']).next().filter(|word| is_language(word)),
                    CodeBlockKind::Indented => None,
                };
                // A long line scrolls inside its frame, which the keyboard must reach.
                match language {
                    Some(language) => self.raw(format!("<pre tabindex=\"0\"><code class=\"language-{language}\">")),
                    None => self.raw("<pre tabindex=\"0\"><code>"),
                }
            }
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_table_head(),
            Tag::TableRow => self.start_table_row(),
            Tag::TableCell => self.start_table_cell(),
            Tag::FootnoteDefinition(name) => {
                let (number, _) = self.footnote(&name);
                let id = links::scoped(self.context.scope, &format!("fn-{number}"));
                self.raw(format!("<div class=\"footnote\" id=\"{}\"><sup>{number}</sup> ", escape(&id)));
            }
            Tag::BlockQuote(_) => self.events.push(Event::Start(Tag::BlockQuote(None))),
            other => self.events.push(Event::Start(other)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let level = self.shown_level();
                self.raw(format!("</h{level}>\n"));
            }
            TagEnd::Link => match self.open_links.pop() {
                Some(OpenLink::Written) => self.raw("</a>"),
                Some(OpenLink::Angles) => self.text(">".into()),
                Some(OpenLink::Dropped) | None => {}
            },
            TagEnd::CodeBlock => self.raw("</code></pre>\n"),
            TagEnd::Table => self.raw("</tbody></table></div>\n"),
            TagEnd::TableHead => self.end_table_head(),
            TagEnd::TableRow => self.raw("</tr>"),
            TagEnd::TableCell => self.raw(if self.table.is_head { "</th>" } else { "</td>" }),
            TagEnd::FootnoteDefinition => self.raw("</div>\n"),
            TagEnd::BlockQuote(_) => self.events.push(Event::End(TagEnd::BlockQuote(None))),
            other => self.events.push(Event::End(other)),
        }
    }
}

/// Takes the marks out and notes where the links are.
fn unmark(marked: &str, links: &mut [LocalLink]) -> String {
    if !marked.contains(MARK) {
        return marked.to_owned();
    }
    let mut html = String::with_capacity(marked.len());
    let mut rest = marked;
    let mut links = links.iter_mut();
    while let Some(at) = rest.find(MARK) {
        html.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = rest.find('"').unwrap_or(0);
        if let Some(link) = links.next() {
            link.range = html.len()..html.len() + length;
        }
    }
    html.push_str(rest);
    html
}

/// What stands in a block of raw HTML that has begun; takes its end too.
fn html_of_block<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> String {
    let mut html = String::new();
    while let Some((Event::Html(piece) | Event::Text(piece), _)) = events.next() {
        html.push_str(&piece);
    }
    html
}

/// The words in a picture's brackets, of pictures within it too; takes its end.
fn alternative_text<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> String {
    let mut text = String::new();
    let mut open = 1;
    for (event, _) in events {
        match event {
            Event::Start(Tag::Image { .. }) => open += 1,
            Event::End(TagEnd::Image) if open == 1 => break,
            Event::End(TagEnd::Image) => open -= 1,
            Event::Text(piece) | Event::Code(piece) | Event::InlineHtml(piece) => text.push_str(&clean(&piece).text),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn own<'a>(text: &str) -> CowStr<'a> {
    clean(text).text.into_owned().into()
}

fn is_language(word: &str) -> bool {
    !word.is_empty() && word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
}
