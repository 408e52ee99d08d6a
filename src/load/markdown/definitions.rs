//! Lines that Markdown takes for the address of a link (`[label]: address`), and that no link asks for: they are on no page.

use foldhash::HashSet;
use pulldown_cmark::{CowStr, Event, LinkType, RefDefs, Tag};

use super::Writer;
use crate::findings::{Code, Finding, Findings};
use crate::load::fields::shown;
use crate::load::links;
use crate::source::Span;

/// The definition that a link or image names.
pub(super) fn named<'a>(event: &Event<'a>) -> Option<CowStr<'a>> {
    match event {
        Event::Start(
            Tag::Link { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. }
            | Tag::Image { link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut, id, .. },
        ) => Some(id.clone()),
        _ => None,
    }
}

impl Writer<'_> {
    pub(super) fn check_definitions(&self, definitions: &RefDefs<'_>, named: &[CowStr<'_>], findings: &mut Findings) {
        let used: HashSet<usize> = named.iter().filter_map(|id| definitions.get(id)).map(|definition| definition.span.start).collect();
        for (label, definition) in definitions.iter().filter(|(_, definition)| !used.contains(&definition.span.start)) {
            let text = self.markdown[definition.span.clone()].trim_end();
            let place = links::moved(&(definition.span.start..definition.span.start + text.len()), self.context.offset);
            let label = shown(label);
            findings.push(
                Finding::new(
                    Code::UnusedDefinition,
                    Span::new(self.context.path, place),
                    format!("this line notes the address of a link `[{label}]`, which is nowhere in the text: it is not shown"),
                )
                .help(format!("for text, write `[{label}]\\:`, or leave the brackets out; an address that nothing needs can go")),
            );
        }
    }
}
