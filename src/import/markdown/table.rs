//! Tables, as GitHub Flavored Markdown has them (<https://github.github.com/gfm/#tables-extension->).

use scraper::node::Element;

/// The rows of a table, as they are told.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
    /// What the line below the head says of each column.
    aligned: Vec<&'static str>,
    /// How many tables within this one are open: their words belong to a cell of this one.
    pub depth: usize,
}

impl Table {
    pub fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Notes how a cell that begins now is aligned; the first that says it counts for its column.
    pub fn align(&mut self, cell: &Element) {
        let style = cell.attr("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
        let said = style.split("text-align:").nth(1).or(cell.attr("align")).unwrap_or_default().to_ascii_lowercase();
        let aligned = if said.starts_with("right") {
            "--:"
        } else if said.starts_with("center") {
            ":-:"
        } else {
            return;
        };
        let column = self.rows.last().map_or(0, Vec::len);
        self.aligned.resize(self.aligned.len().max(column + 1), "---");
        if self.aligned[column] == "---" {
            self.aligned[column] = aligned;
        }
    }

    pub fn end_cell(&mut self, text: String) {
        match self.rows.last_mut() {
            Some(row) => row.push(text),
            None => self.rows.push(vec![text]),
        }
    }

    /// The table; its first row is the head. `None` where it has no words.
    pub fn write(self) -> Option<String> {
        let rows: Vec<&Vec<String>> = self.rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        let columns = rows.iter().map(|row| row.len()).max()?;
        let blank = String::new();
        // Rows may be shorter than the head; what is beyond it would not be shown.
        let head = (0..columns).map(|at| rows[0].get(at).unwrap_or(&blank).as_str());
        let rule = (0..columns).map(|at| self.aligned.get(at).copied().unwrap_or("---"));
        let lines = [line(head), line(rule)].into_iter().chain(rows[1..].iter().map(|row| line(row.iter().map(String::as_str))));
        Some(lines.collect::<Vec<_>>().join("\n"))
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells = cells.map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") });
    std::iter::once("|".to_owned()).chain(cells).collect()
}
