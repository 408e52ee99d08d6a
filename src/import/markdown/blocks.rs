//! Blocks of Markdown below each other, in lists and quotes.

/// What the lines of a block begin with.
enum Container {
    Quote {
        is_begun: bool,
    },
    Item {
        mark: String,
        is_begun: bool,
        /// Position in [`Blocks::lists`].
        list: usize,
    },
    /// Deeper than anybody reads: its blocks stand in what is around it.
    Flat,
}

/// Containers deeper than this are not written.
const DEEPEST: usize = 12;

struct List {
    /// The number of the next item; `None` for bullets.
    number: Option<u32>,
    sign: char,
    /// Whether it may follow a line of text at once: only bullets and lists from 1 on may (CommonMark 5.2).
    interrupts: bool,
    is_begun: bool,
    /// Whether its items have been single paragraphs.
    is_tight: bool,
}

/// Blocks as they are told.
#[derive(Default)]
pub struct Blocks {
    pub out: String,
    containers: Vec<Container>,
    lists: Vec<List>,
    /// The list that ended right before, by its depth and sign: another one beside it needs another sign.
    last_list: Option<(usize, char)>,
    is_after_paragraph: bool,
}

impl Blocks {
    pub fn begin_quote(&mut self) {
        self.push(Container::Quote { is_begun: false });
    }

    pub fn end_quote(&mut self) {
        self.containers.pop();
    }

    /// `first` is the number of the first item, for a list that has numbers.
    pub fn begin_list(&mut self, first: Option<u32>) {
        let [usual, other] = if first.is_some() { ['.', ')'] } else { ['-', '*'] };
        let sign = if self.last_list == Some((self.containers.len(), usual)) { other } else { usual };
        let interrupts = first.unwrap_or(1) == 1;
        self.lists.push(List { number: first, sign, interrupts, is_begun: false, is_tight: true });
    }

    pub fn end_list(&mut self) {
        if let Some(list) = self.lists.pop().filter(|list| list.is_begun) {
            self.last_list = Some((self.containers.len(), list.sign));
        }
    }

    /// An item outside of any list is a block like others.
    pub fn begin_item(&mut self) {
        let at = self.lists.len().wrapping_sub(1);
        let Some(list) = self.lists.last_mut() else { return self.push(Container::Flat) };
        let mark = match &mut list.number {
            Some(number) => {
                let mark = format!("{}{} ", *number, list.sign);
                // Nine digits at most (CommonMark 5.2).
                *number = (*number + 1).min(999_999_999);
                mark
            }
            None => format!("{} ", list.sign),
        };
        self.push(Container::Item { mark, is_begun: false, list: at });
    }

    pub fn end_item(&mut self) {
        self.containers.pop();
    }

    fn push(&mut self, container: Container) {
        let is_deep = self.containers.len() >= DEEPEST;
        self.containers.push(if is_deep { Container::Flat } else { container });
    }

    /// A paragraph; an empty one is none.
    pub fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.write(text);
            self.is_after_paragraph = true;
        }
    }

    /// Any other block.
    pub fn write(&mut self, block: &str) {
        self.separate();
        // A block between two items ends the list; the next item begins another, which may not follow a line of text at once.
        let innermost = self.lists.len().wrapping_sub(1);
        let is_in_item = self.containers.iter().any(|container| matches!(container, Container::Item { list, .. } if *list == innermost));
        if let Some(list) = self.lists.last_mut().filter(|list| list.is_begun && !is_in_item) {
            (list.is_begun, list.interrupts) = (false, false);
        }
        for (at, line) in block.split('\n').enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            let begin = self.line_begin();
            self.out.push_str(if line.is_empty() { begin.trim_end() } else { &begin });
            self.out.push_str(line);
        }
        self.last_list = None;
        self.is_after_paragraph = false;
    }

    /// Ends the line before the next block, with a blank line where one is needed.
    fn separate(&mut self) {
        let first_new = self.containers.iter().position(Container::is_new);
        if self.out.is_empty() {
            return;
        }
        let inside = &self.containers[..first_new.unwrap_or(self.containers.len())];
        let is_next_line = match first_new.map(|at| &self.containers[at]) {
            Some(Container::Item { list, .. }) if self.lists[*list].is_begun => self.lists[*list].is_tight,
            Some(Container::Item { list, .. }) => {
                matches!(inside.last(), Some(Container::Item { .. })) && self.is_after_paragraph && self.lists[*list].interrupts
            }
            _ => false,
        };
        if !is_next_line {
            if let (None, Some(Container::Item { list, .. })) = (first_new, inside.last()) {
                self.lists[*list].is_tight = false;
            }
            let blank: String = inside.iter().map(Container::next_line).collect();
            self.out.push('\n');
            self.out.push_str(blank.trim_end());
        }
        self.out.push('\n');
    }

    /// What the next line begins with; containers that were new are begun by it.
    fn line_begin(&mut self) -> String {
        let mut begin = String::new();
        for container in &mut self.containers {
            match container {
                Container::Item { mark, is_begun, list } if !*is_begun => {
                    *is_begun = true;
                    self.lists[*list].is_begun = true;
                    begin.push_str(mark);
                }
                Container::Quote { is_begun } => {
                    *is_begun = true;
                    begin.push_str("> ");
                }
                other => begin.push_str(&other.next_line()),
            }
        }
        begin
    }
}

impl Container {
    fn is_new(&self) -> bool {
        matches!(self, Container::Quote { is_begun: false } | Container::Item { is_begun: false, .. })
    }

    /// What a line in it begins with, its first line apart.
    fn next_line(&self) -> String {
        match self {
            Container::Quote { .. } => "> ".to_owned(),
            Container::Item { mark, .. } => " ".repeat(mark.len()),
            Container::Flat => String::new(),
        }
    }
}
