//! Text that is safe to show: HTML made from Markdown, and the links in it that depend on where it is shown.

use std::borrow::Cow;
use std::ops::Range;

use super::address::Address;
use super::plain;

/// HTML made from a piece of the user's Markdown: escaped, with safe links only.
///
/// Links inside the site are kept apart, because a page writes them below the base path and a feed writes them in full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html {
    /// Complete HTML with every local link percent-encoded from the site's root (`/about/`), base path not included.
    pub html: String,
    /// Where in `html` the local links stand, in order.
    pub local_links: Vec<LocalLink>,
}

/// A link or image source in [`Html`] that points into the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalLink {
    /// The bytes of [`Html::html`] that are the address: escaped for HTML and percent-encoded; starts with `/` or `#`.
    pub range: Range<usize>,
    /// Where the link was written, as bytes of the source file.
    pub place: Range<usize>,
    /// The decoded address without query and fragment; `None` for a fragment of the page itself.
    pub to: Option<Address>,
    /// The decoded anchor behind `#`, as it stands on the page.
    pub fragment: Option<String>,
}

impl Html {
    /// The HTML with every local link prefixed: by the base path for a page (`/status`), by origin and path for a feed.
    ///
    /// A fragment alone (`#fn-1`) gets `page`, the address that this text is shown at: empty on the page itself.
    pub fn with_prefix(&self, prefix: &str, page: &str) -> Cow<'_, str> {
        if self.local_links.is_empty() || (prefix.is_empty() && page.is_empty()) {
            return Cow::Borrowed(&self.html);
        }
        let mut html = String::with_capacity(self.html.len() + self.local_links.len() * prefix.len());
        let mut done = 0;
        for link in &self.local_links {
            html.push_str(&self.html[done..link.range.start]);
            html.push_str(if self.html[link.range.start..].starts_with('#') { page } else { prefix });
            done = link.range.start;
        }
        html.push_str(&self.html[done..]);
        Cow::Owned(html)
    }

    /// The ids that its elements have.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.html.split("id=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id)
    }

    /// Takes out some links; their words stay.
    pub fn unlink(&mut self, is_gone: impl Fn(&LocalLink) -> bool) {
        let mut tags: Vec<Range<usize>> = Vec::new();
        self.local_links.retain(|link| {
            let start = self.html[..link.range.start].rfind('<').filter(|start| self.html[*start..].starts_with("<a "));
            let Some(start) = start.filter(|_| is_gone(link)) else { return true };
            let behind = |from: usize, mark: &str| self.html[from..].find(mark).map(|at| from + at + mark.len());
            let Some(words) = behind(link.range.end, ">") else { return true };
            let Some(end) = behind(words, "</a>") else { return true };
            tags.extend([start..words, end - "</a>".len()..end]);
            false
        });
        for link in &mut self.local_links {
            let before: usize = tags.iter().filter(|tag| tag.end <= link.range.start).map(Range::len).sum();
            link.range = link.range.start - before..link.range.end - before;
        }
        tags.into_iter().rev().for_each(|tag| self.html.replace_range(tag, ""));
    }

    /// The same as words without marks, white space folded: for the search and for texts that hold no HTML.
    pub fn plain(&self) -> String {
        plain::words(&self.html, usize::MAX)
    }

    /// The first words, at most `limit` characters, cut at a word. Tables and code are left out where there are other words.
    pub fn first_words(&self, limit: usize) -> String {
        let enough = limit.saturating_add(1);
        let prose = plain::prose(&self.html, enough);
        plain::shorten(&if prose.is_empty() { plain::words(&self.html, enough) } else { prose }, limit)
    }

    /// Whether there is anything to read.
    pub fn has_words(&self) -> bool {
        !plain::words(&self.html, 1).is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.html.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(range: Range<usize>) -> LocalLink {
        LocalLink { range, place: 0..0, to: None, fragment: None }
    }

    #[test]
    fn a_link_that_is_taken_out_leaves_its_words_and_the_other_links() {
        let to = |range: Range<usize>, to: &str| LocalLink { to: Some(Address::new(to)), ..link(range) };
        let text = r#"<a href="/a/">a</a> <a href="/b/" title="x"><em>b</em> <img src="/c"></a> <a href="/d/">d</a>"#;
        let at = |part: &str| text.find(part).map(|at| at..at + part.len()).unwrap();
        let mut html = Html { html: text.into(), local_links: ["/a/", "/b/", "/c", "/d/"].map(|part| to(at(part), part)).into() };
        html.unlink(|link| link.to == Some(Address::new("/b/")));
        assert_eq!(html.html, r#"<a href="/a/">a</a> <em>b</em> <img src="/c"> <a href="/d/">d</a>"#);
        let left: Vec<_> = html.local_links.iter().map(|link| &html.html[link.range.clone()]).collect();
        assert_eq!(left, ["/a/", "/c", "/d/"]);
    }

    #[test]
    fn local_links_take_the_prefix_of_the_place_they_are_shown_at() {
        let html = Html { html: r##"<a href="/about/">a</a> <a href="#fn">b</a>"##.into(), local_links: vec![link(9..16), link(33..36)] };
        assert_eq!(html.with_prefix("", ""), html.html);
        assert_eq!(html.with_prefix("/status", ""), r##"<a href="/status/about/">a</a> <a href="#fn">b</a>"##);
        assert_eq!(html.with_prefix("https://x", "https://x/p/"), r##"<a href="https://x/about/">a</a> <a href="https://x/p/#fn">b</a>"##);
    }
}
