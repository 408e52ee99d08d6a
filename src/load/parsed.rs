//! A piece of TOML as it was parsed, and where it comes from.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use crate::source::Span;

/// Where a piece of TOML comes from: its file, and how many bytes of the file come before it.
#[derive(Debug, Clone, Copy)]
pub struct TomlSource<'a> {
    pub path: &'a Arc<str>,
    pub offset: usize,
}

impl TomlSource<'_> {
    pub fn range(&self, range: Range<usize>) -> Range<usize> {
        self.offset + range.start..self.offset + range.end
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.path, self.range(range))
    }
}

/// What could be read.
pub struct Parsed<'t> {
    pub table: Spanned<DeTable<'t>>,
    pub source: TomlSource<'t>,
    /// Lines that the parser could not read, as bytes of the TOML: they have their findings, and their values are not looked at.
    pub broken: Vec<Range<usize>>,
    /// The headings of tables that the parser could not read, with the lines below: whose keys they are is not known.
    pub headless: Vec<Range<usize>>,
}
