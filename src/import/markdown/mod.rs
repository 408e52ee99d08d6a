//! HTML to Markdown that shows the same words.
//!
//! In: a post's HTML as a browser would get it, and where its links lead now. Out: Markdown in which no word of the text is a
//! mark, an update's heading or an element, since `load` shows raw HTML as the text that it is; and notes of what a post cannot
//! hold. Never fails: what HTML says and Markdown does not is written without it.

mod blocks;
mod inline;
mod table;
mod tags;

use std::collections::BTreeSet;

use scraper::node::Element;
use scraper::{Html, Node};

use blocks::Blocks;
use inline::{Context, Inline, Mark};
use table::Table;
pub use tags::{MOST_UNCLOSED, Tag, tag};

use crate::load::clean::clean;

/// What becomes of a link or picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// It leads there.
    To(String),
    /// Its words stay; these, if any, are written behind them.
    Words(String),
}

/// What an address is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Link,
    Picture,
}

/// A text in Markdown, and what of the HTML it could not take over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    pub markdown: String,
    /// Without repetition, in alphabetical order: `a script is left out`.
    pub notes: BTreeSet<String>,
}

/// Converts a fragment of HTML; `target` is asked for every link and picture.
pub fn convert(html: &str, target: &mut dyn FnMut(&str, Use) -> Target) -> Converted {
    let parsed = Html::parse_fragment(&tags::text_in_brackets_escaped(html));
    let mut writer = Writer::new(target);
    let root = parsed.tree.root();
    let mut next = root.first_child();
    // Walked without recursion: how deep elements stand in each other is the writer's business alone.
    while let Some(node) = next {
        let words = || {
            let pieces = node.descendants().filter_map(|node| match node.value() {
                Node::Text(text) => Some(&**text),
                Node::Element(element) => (element.name() == "br").then_some("\n"),
                _ => None,
            });
            pieces.collect::<String>()
        };
        let is_entered = match node.value() {
            Node::Text(text) => {
                writer.text(text);
                true
            }
            Node::Element(element) => writer.enter(element, words),
            _ => true,
        };
        if is_entered && let Some(child) = node.first_child() {
            next = Some(child);
            continue;
        }
        if is_entered && let Node::Element(element) = node.value() {
            writer.leave(element);
        }
        let mut left = node;
        next = loop {
            if let Some(sibling) = left.next_sibling() {
                break Some(sibling);
            }
            let Some(parent) = left.parent().filter(|parent| parent.id() != root.id()) else { break None };
            if let Node::Element(element) = parent.value() {
                writer.leave(element);
            }
            left = parent;
        };
    }
    writer.finish()
}

/// The words of a piece of HTML on one line: for titles and summaries.
pub fn words(html: &str) -> String {
    let parsed = Html::parse_fragment(&tags::text_in_brackets_escaped(html));
    let mut words = String::new();
    for node in parsed.tree.root().descendants() {
        match node.value() {
            Node::Text(text) if !node.parent().is_some_and(|parent| is_code_of_page(parent.value())) => words.push_str(text),
            Node::Element(element) if !is_inline(element.name()) => words.push(' '),
            _ => {}
        }
    }
    clean(&words).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether what stands in it is for browsers and not for readers.
fn is_code_of_page(node: &Node) -> bool {
    matches!(node, Node::Element(element) if matches!(element.name(), "script" | "style"))
}

/// Elements that stand inside a line.
pub fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 40] = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "button", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
        "u", "var", "wbr", "ruby", "rt", "rp",
    ];
    INLINE.contains(&name)
}

struct Writer<'t> {
    target: &'t mut dyn FnMut(&str, Use) -> Target,
    notes: BTreeSet<String>,
    blocks: Blocks,
    inline: Inline,
    /// What the open inline elements are, outermost first.
    opened: Vec<Opened>,
    heading: Option<usize>,
    table: Option<Table>,
    is_in_cell: bool,
}

impl<'t> Writer<'t> {
    fn new(target: &'t mut dyn FnMut(&str, Use) -> Target) -> Self {
        Writer {
            target,
            notes: BTreeSet::new(),
            blocks: Blocks::default(),
            inline: Inline::default(),
            opened: Vec::new(),
            heading: None,
            table: None,
            is_in_cell: false,
        }
    }

    fn finish(mut self) -> Converted {
        self.end_block();
        Converted { markdown: self.blocks.out, notes: self.notes }
    }

    fn text(&mut self, text: &str) {
        self.inline.text(text);
    }

    fn note(&mut self, note: &str) {
        self.notes.insert(note.to_owned());
    }

    /// Begins an element; `false` where its inside is dealt with already. `words` gives the text in it.
    fn enter(&mut self, element: &Element, words: impl Fn() -> String) -> bool {
        let name = element.name();
        match name {
            "script" | "style" | "template" | "svg" | "math" | "noscript" | "head" | "title" | "datalist" => {
                if !matches!(name, "head" | "title" | "style") {
                    self.note(&format!("`<{name}>` is left out"));
                }
                return false;
            }
            "iframe" | "embed" | "object" | "video" | "audio" => {
                self.embedded(element, name);
                return !matches!(name, "iframe" | "embed");
            }
            "code" | "tt" | "kbd" | "samp" => {
                self.inline.code(&words());
                return false;
            }
            "pre" if !self.is_in_cell => {
                self.end_block();
                self.code_block(&words(), element);
                return false;
            }
            "br" if self.inline.ends_in_break() => self.end_block(),
            "br" => self.inline.line_break(),
            "img" => self.image(element),
            "q" => self.text("“"),
            _ if is_inline(name) => self.open_mark(element),
            _ => self.enter_block(element),
        }
        true
    }

    fn leave(&mut self, element: &Element) {
        match element.name() {
            "br" | "img" => {}
            "q" => self.text("”"),
            name if is_inline(name) => self.close_mark(),
            name => self.leave_block(name),
        }
    }

    fn open_mark(&mut self, element: &Element) {
        let opened = match element.name() {
            "strong" | "b" => Opened::Mark(Mark::Strong),
            "em" | "i" | "cite" | "dfn" | "var" => Opened::Mark(Mark::Emphasis),
            "del" | "s" | "strike" => Opened::Mark(Mark::Struck),
            "a" if self.opened.iter().any(|opened| matches!(opened, Opened::Mark(Mark::Link(_)))) => Opened::Plain,
            "a" => match element.attr("href").map(|to| (self.target)(to, Use::Link)) {
                Some(Target::To(to)) => Opened::Mark(Mark::Link(to)),
                Some(Target::Words(words)) => Opened::Words(words),
                None => Opened::Plain,
            },
            _ => Opened::Plain,
        };
        if let Opened::Mark(mark) = &opened {
            self.inline.open(mark.clone());
        }
        self.opened.push(opened);
    }

    fn close_mark(&mut self) {
        match self.opened.pop() {
            Some(Opened::Mark(mark)) => self.inline.close(mark),
            Some(Opened::Words(words)) if !words.is_empty() => self.text(&format!(" ({words})")),
            _ => {}
        }
    }

    fn image(&mut self, element: &Element) {
        let alt = element.attr("alt").or_else(|| element.attr("title")).unwrap_or_default();
        match element.attr("src").map(|from| (self.target)(from, Use::Picture)) {
            Some(Target::To(to)) => self.inline.image(alt, to),
            Some(Target::Words(words)) => {
                let words = [alt, &words].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
                self.text(&words.join(", "));
            }
            None => self.text(alt),
        }
    }

    /// A player or frame becomes a link to what it shows.
    fn embedded(&mut self, element: &Element, name: &str) {
        self.note(&format!("`<{name}>` is a link to what it showed"));
        if let Some(from) = element.attr("src").or_else(|| element.attr("data"))
            && let Target::To(to) = (self.target)(from, Use::Link)
        {
            let mark = Mark::Link(to);
            self.inline.open(mark.clone());
            self.text(from);
            self.inline.close(mark);
        }
    }

    fn enter_block(&mut self, element: &Element) {
        let name = element.name();
        self.end_block();
        match (name, &mut self.table) {
            ("table", None) => self.table = Some(Table::default()),
            ("table", Some(table)) => table.depth += 1,
            ("tr", Some(table)) if table.depth == 0 => table.begin_row(),
            ("td" | "th", Some(table)) if table.depth == 0 => {
                table.align(element);
                self.is_in_cell = true;
            }
            _ if self.is_in_cell => {}
            ("hr", _) => self.blocks.write("___"),
            ("blockquote", _) => self.blocks.begin_quote(),
            ("ul" | "menu" | "dir", _) => self.blocks.begin_list(None),
            ("ol", _) => {
                let first = element.attr("start").and_then(|start| start.trim().parse().ok());
                self.blocks.begin_list(Some(first.unwrap_or(1)));
            }
            ("li", _) => self.blocks.begin_item(),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => self.heading = name[1..].parse().ok(),
            _ => {}
        }
    }

    fn leave_block(&mut self, name: &str) {
        self.end_block();
        match (name, &mut self.table) {
            ("table", Some(table)) if table.depth > 0 => table.depth -= 1,
            ("table", Some(_)) => self.end_table(),
            ("td" | "th", Some(table)) if table.depth == 0 => {
                let cell = self.take_inline().write(Context::Cell);
                self.is_in_cell = false;
                self.table.iter_mut().for_each(|table| table.end_cell(cell.clone()));
            }
            _ if self.is_in_cell => {}
            ("blockquote", _) => self.blocks.end_quote(),
            ("ul" | "menu" | "dir" | "ol", _) => self.blocks.end_list(),
            ("li", _) => self.blocks.end_item(),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => self.heading = None,
            _ => {}
        }
    }

    /// What was told so far; marks that are open are closed in it, and go on behind it.
    fn take_inline(&mut self) -> Inline {
        let mut inline = std::mem::take(&mut self.inline);
        for opened in self.opened.iter().rev() {
            if let Opened::Mark(mark) = opened {
                inline.close(mark.clone());
            }
        }
        for opened in &self.opened {
            if let Opened::Mark(mark) = opened {
                self.inline.open(mark.clone());
            }
        }
        inline
    }

    /// Writes what was told so far as a block of its own.
    fn end_block(&mut self) {
        if self.is_in_cell {
            self.inline.line_break();
            return;
        }
        let inline = self.take_inline();
        match self.heading {
            Some(level) => {
                let text = inline.write(Context::Heading);
                if !text.is_empty() {
                    self.blocks.write(&format!("{} {text}", "#".repeat(level)));
                }
            }
            None => self.blocks.paragraph(&inline.write(Context::Paragraph)),
        }
    }

    fn code_block(&mut self, code: &str, element: &Element) {
        let code = clean(code).text.replace("\r\n", "\n");
        let code = code.trim_end_matches(|c: char| c.is_ascii_whitespace()).trim_start_matches('\n');
        if code.is_empty() {
            return;
        }
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let language =
            element.attr("class").and_then(|class| class.split_ascii_whitespace().find_map(|word| word.strip_prefix("language-")));
        let language = language.filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte)));
        self.blocks.write(&format!("{fence}{}\n{code}\n{fence}", language.unwrap_or("")));
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take().and_then(Table::write) {
            self.blocks.write(&table);
        }
    }
}

/// What an open inline element is to the text.
enum Opened {
    Mark(Mark),
    /// A link that leads nowhere any more: what is said behind its words.
    Words(String),
    Plain,
}

#[cfg(test)]
mod tests;
