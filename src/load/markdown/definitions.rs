//! Lines that Markdown takes for the address of a link (`[label]: address`) and that lead nowhere: no link asks for them, or all that do are
//! led by an earlier line.

use std::ops::Range;

use foldhash::HashSet;
use pulldown_cmark::{CowStr, Event, LinkType, RefDefs, Tag};

use super::Writer;
use crate::findings::{Code, Finding, Findings};
use crate::load::fields::shown;
use crate::load::links;
use crate::source::Span;

/// What a text shows, as far as its definitions are concerned.
#[derive(Default)]
pub(super) struct Used<'a> {
    /// The definitions that its links and images name.
    named: Vec<CowStr<'a>>,
    /// Where words of it stand, in their order.
    words: Vec<Range<usize>>,
}

impl<'a> Used<'a> {
    pub(super) fn note(&mut self, event: &Event<'a>, range: &Range<usize>) {
        match event {
            Event::Start(
                Tag::Link { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. }
                | Tag::Image { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. },
            ) => self.named.push(id.clone()),
            Event::Text(_) | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_) => self.words.push(range.clone()),
            _ => {}
        }
    }

    fn is_shown(&self, place: &Range<usize>) -> bool {
        let next = self.words.partition_point(|word| word.end <= place.start);
        self.words.get(next).is_some_and(|word| word.start < place.end)
    }
}

/// `<https://example.net/> "Title"` without signs and title.
fn address_of(rest: &str) -> &str {
    let rest = rest.trim();
    match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((address, _)) => address,
        None => rest.split_whitespace().next().unwrap_or_default(),
    }
}

impl Writer<'_> {
    pub(super) fn check_definitions(&self, definitions: &RefDefs<'_>, used: &Used<'_>, findings: &mut Findings) {
        let named: HashSet<usize> =
            used.named.iter().filter_map(|id| definitions.get(id)).map(|definition| definition.span.start).collect();
        for (label, definition) in definitions.iter().filter(|(_, definition)| !named.contains(&definition.span.start)) {
            let span = self.span_of_definition(&definition.span);
            let label = shown(label);
            findings.push(
                Finding::new(
                    Code::UnusedDefinition,
                    span,
                    format!("this line notes the address of a link `[{label}]`, which is nowhere in the text: it is not shown"),
                )
                .help(format!("for text, write `[{label}]\\:`, or leave the brackets out; an address that nothing needs can go")),
            );
        }
        self.check_later_addresses(definitions, used, findings);
    }

    /// Of two addresses with one label Markdown takes the first, for the whole text: a link in a later update would lead elsewhere.
    fn check_later_addresses(&self, definitions: &RefDefs<'_>, used: &Used<'_>, findings: &mut Findings) {
        let mut end = 0;
        for line in self.markdown.split_inclusive('\n') {
            let start = end;
            end += line.len();
            let indent = line.len() - line.trim_start_matches(' ').len();
            let line = line.trim();
            let Some((label, address)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]:")).filter(|_| indent < 4) else {
                continue;
            };
            let place = start + indent..start + indent + line.len();
            let Some(first) = definitions.get(label).filter(|first| first.span.end <= place.start) else { continue };
            if address_of(address) == first.dest.as_ref() || used.is_shown(&place) {
                continue;
            }
            let label = shown(label);
            findings.push(
                Finding::new(
                    Code::SaidTwice,
                    self.span_of_definition(&place),
                    format!("`[{label}]` has two addresses: every link `[{label}]` of the post leads to the first"),
                )
                .related(self.span_of_definition(&first.span), "first here")
                .help("give one of the two another label, here and in the links that mean it"),
            );
        }
    }

    fn span_of_definition(&self, place: &Range<usize>) -> Span {
        let text = self.markdown[place.clone()].trim_end();
        Span::new(self.context.path, links::moved(&(place.start..place.start + text.len()), self.context.offset))
    }
}
