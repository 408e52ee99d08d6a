//! Tables: each in a frame that scrolls sideways in a narrow window, which the keyboard reaches and a screen reader can name.

use pulldown_cmark::{Alignment, CowStr, Event};

use super::Writer;
use crate::model::escape;

/// The table that is being written, and how many there were.
#[derive(Default)]
pub(super) struct Table {
    /// Tables of the whole text so far: their names differ also between updates.
    count: usize,
    /// Where its first event is: the frame, which is named when the head is known.
    frame: usize,
    alignments: Vec<Alignment>,
    column: usize,
    pub is_head: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.table = Table { count: self.table.count + 1, frame: self.events.len(), alignments, ..Table::default() };
        self.raw("");
    }

    pub(super) fn start_table_head(&mut self) {
        self.table.is_head = true;
        self.start_row("<thead><tr>");
    }

    pub(super) fn end_table_head(&mut self) {
        self.table.is_head = false;
        self.raw("</tr></thead><tbody>");
        let label = self.label();
        let frame = format!("<div class=\"scroll\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table>", escape(&label));
        self.events[self.table.frame] = Event::InlineHtml(frame.into());
    }

    pub(super) fn start_table_row(&mut self) {
        self.start_row("<tr>");
    }

    fn start_row(&mut self, html: &'static str) {
        self.table.column = 0;
        self.raw(html);
    }

    pub(super) fn start_table_cell(&mut self) {
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            _ => "",
        };
        self.table.column += 1;
        self.raw(match (self.table.is_head, class) {
            (true, class) => format!("<th scope=\"col\"{class}>").into(),
            (false, "") => CowStr::from("<td>"),
            (false, class) => format!("<td{class}>").into(),
        });
    }

    /// `Table 2: Server, Old address, New address`
    fn label(&self) -> String {
        let words = self.context.words;
        let mut columns: Vec<String> = Vec::new();
        for event in &self.events[self.table.frame..] {
            match (event, columns.last_mut()) {
                (Event::InlineHtml(html), _) if html.starts_with("<th ") => columns.push(String::new()),
                (Event::Text(text) | Event::Code(text), Some(column)) => column.push_str(text),
                _ => {}
            }
        }
        let columns: Vec<&str> = columns.iter().map(|column| column.trim()).filter(|column| !column.is_empty()).collect();
        let name = words.fill("post.table", &[("n", &self.table.count.to_string())]);
        if columns.is_empty() { name } else { format!("{name}{} {}", words.text("mark.colon"), words.list(&columns)) }
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::Findings;
    use crate::load::markdown::sections;
    use crate::load::markdown::testing::in_context;
    use crate::model::config::RemoteImages;

    fn frames(text: &str, language: &str) -> Vec<String> {
        let read = in_context(language, RemoteImages::Link, |context| sections(text, context, &mut Findings::default()));
        let html: String = read.sections.into_iter().map(|part| part.html.html).collect();
        html.split("<div ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn a_table_has_a_frame_that_the_keyboard_reaches_and_a_name_of_its_own() {
        let text = "| Server | `Old` *address* |\n|---|--:|\n| a | b |\n\n## 2026-05-04 19:14 UTC — Update\n| \"A\" |\n|---|\n| c |\n\n| |\n|---|\n| d |\n";
        let frame = |label: &str| format!("class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\"");
        assert_eq!(frames(text, "en"), ["Table 1: Server, Old address", "Table 2: &quot;A&quot;", "Table 3"].map(frame));
        assert_eq!(frames("| A |\n|---|\n| 1 |\n", "fr"), [frame("Tableau 1\u{a0}: A")]);
    }
}
