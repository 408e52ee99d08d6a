//! What the HTML of posts becomes, and that no word of it is lost on the way to a page.

use proptest::prelude::*;
use scraper::{Html, Node};

use super::*;
use crate::findings::Findings;
use crate::load::markdown::{self, testing::in_context};
use crate::model::config::RemoteImages;

fn converted(html: &str) -> String {
    convert(html, &mut |to, _| Target::To(to.to_owned())).markdown
}

/// The page that a Markdown text becomes, and the codes of what `check` finds.
fn shown(text: &str) -> (String, Vec<&'static str>) {
    let mut findings = Findings::default();
    let sections = in_context("en", RemoteImages::Link, |context| markdown::sections(text, context, &mut findings));
    assert_eq!(sections.sections.len(), 1, "an update in {text}");
    let strays = sections.strays.iter().map(|_| "looks-like-update");
    let codes = findings.iter().map(|finding| finding.code.name()).chain(strays).collect();
    (sections.sections.into_iter().map(|section| section.html.html).collect(), codes)
}

/// The words of a page, without white space: where a line ends is not a matter of words.
fn letters(html: &str) -> String {
    let parsed = Html::parse_fragment(html);
    let words = parsed.tree.root().descendants().filter_map(|node| match node.value() {
        Node::Text(text) => Some(&**text),
        _ => None,
    });
    words.collect::<String>().split(|c: char| c.is_ascii_whitespace()).collect()
}

#[test]
fn marks_lists_quotes_and_tables_are_kept() {
    for (html, expected) in [
        (
            "<p>One <b>bold </b>word, <i>two</i> <del>three</del><br>four</p><p>Five</p>",
            "One **bold** word, *two* ~~three~~\\\nfour\n\nFive",
        ),
        ("<h2>Why</h2>text<hr/><h3>How</h3>", "## Why\n\ntext\n\n___\n\n### How"),
        (
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start=3><li>d</li><li><p>e</p><p>f</p></li></ol>",
            "- a\n  - b\n- c\n\n3. d\n4. e\n\n   f",
        ),
        ("<blockquote><p>q</p><ul><li>c</li></ul></blockquote><blockquote>r</blockquote>", "> q\n>\n> - c\n\n> r"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<pre class='language-sh'>a\n```\n  b</pre>", "````sh\na\n```\n  b\n````"),
        (
            "<table><tr><th>a|b</th><th style='text-align: right'>c</th></tr><tr><td>d<br>e</td><td>1</td></tr></table>",
            "| a\\|b | c |\n| --- | --: |\n| d e | 1 |",
        ),
        (
            "<a href='https://x.example/?a=1&amp;copy=2'><img src='/a b.png' alt='A'></a>",
            "[![A](/a%20b.png)](https://x.example/?a=1\\&copy=2)",
        ),
        ("<code>a`b</code> <tt>c</tt>", "``a`b`` `c`"),
        ("<p>a<br><br>b</p>", "a\n\nb"),
        ("<q>so</q> <script>alert(1)</script>", "“so”"),
    ] {
        assert_eq!(converted(html), expected, "{html}");
    }
}

#[test]
fn a_text_that_looks_like_markdown_stays_a_text() {
    for text in [
        "<senderdomain.local> &lt;b&gt; &amp; ~~x~~ [y](z) *a* _b_ `c` \\ | {#id}",
        "## 2013-05-04 19:00 UTC",
        "+++",
        "1) one",
        "1. one",
        "- one",
        "> one",
        "===",
        "---",
        "[^1]: note",
        "[NC023]: rebooted",
        "| a | b |",
        "Look! [link]",
    ] {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for html in [
            format!("<p>{escaped}</p>"),
            format!("<p>first<br>{escaped}</p>"),
            format!("<h2>{escaped}</h2>"),
            format!("<li>{escaped}</li>"),
        ] {
            let (page, codes) = shown(&converted(&html));
            assert_eq!(letters(&page), letters(&html), "{html}");
            assert_eq!(codes, Vec::<&str>::new(), "{html}");
            assert!(!page.contains("<li>") && !page.contains("<del>") && !page.contains("<hr"), "{page}");
        }
    }
}

#[test]
fn a_heading_with_a_time_is_no_update() {
    for html in [
        "<h2>2013-05-04 19:00 UTC</h2>",
        "<h3>2013-05-04 19:00 UTC</h3>",
        "<h2>Resolved at <code>19:00 UTC</code></h2>",
        "<h2>4 May, 19:00 UTC: <a href='https://x.example/19:00'>done</a></h2>",
    ] {
        let (page, codes) = shown(&converted(html));
        assert_eq!((letters(&page), codes), (letters(html), vec![]), "{html}: {}", converted(html));
    }
}

#[test]
fn a_paragraph_with_a_time_is_no_update() {
    for html in [
        "<p><b>2013-05-04 19:00 UTC</b> Resolved</p>",
        "<p>Down.<br><strong>2013-05-04 19:00 UTC - Resolved</strong></p>",
        "<p>2013-05-04 19:00 UTC - Resolved</p>",
        "<h2><b>2013-05-04</b> Resolved</h2>",
        "<p>## 2013-05-04 19:00 UTC</p>",
        "<table><td><a href=\"#x\">x</a>## 2013-05-04 19:00 UTC</td></table>",
        "<ul><li>2013-05-04 19:00 UTC - Resolved</li></ul>",
        "<table><td>2013-05-04 : Resolved!</td></table>",
    ] {
        let (page, codes) = shown(&converted(html));
        assert_eq!((letters(&page), codes), (letters(html), vec![]), "{html}: {}", converted(html));
    }
}

#[test]
fn a_line_end_that_only_editors_know_is_a_space() {
    for end in ['\u{b}', '\u{85}', '\u{2028}', '\u{2029}'] {
        let text = converted(&format!("<p>We restarted it.{end}2013-05-04 19:00 UTC - Resolved</p>"));
        assert_eq!((text.as_str(), shown(&text).1), ("We restarted it. 2013-05-04 19:00 UTC - Resolved", vec![]));
    }
}

#[test]
fn emphasis_that_cannot_be_said_leaves_its_words() {
    assert_eq!(converted("x<b>\"q\"</b>y and f<i>oo</i>"), "x\"q\"y and foo");
    assert_eq!(converted("<b>a</b><i>b</i>"), "ab");
    assert_eq!(converted("<b><b>a</b> <i>c</i></b> d"), "**a *c*** d");
}

#[test]
fn a_word_that_an_empty_link_parts_is_one() {
    assert_eq!(converted("<p>1<a href=\"https://x.example/\"></a>.</p>"), "1\\.");
}

#[test]
fn a_refused_link_keeps_its_words() {
    let converted = convert("see <a href='#x'>here</a> <img src='data:x' alt='a plan'>", &mut |_, asked| match asked {
        Use::Link => Target::Words("gone".into()),
        Use::Picture => Target::Words(String::new()),
    });
    assert_eq!(converted.markdown, "see here (gone) a plan");
}

#[test]
fn deep_and_long_texts_end() {
    let deep = ["<div>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>"].map(|open| format!("{}word", open.repeat(3000)));
    for html in deep.iter().chain(&["<b>a".repeat(2000), "<a href=x>a".repeat(2000), "[".repeat(5000), "<td>".repeat(5000)]) {
        let _ = shown(&converted(html));
    }
}

fn html() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z0-9]{1,4}",
        "[!-/:-@\\[-`{-~]{1,4}",
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("12:30 UTC".to_owned()),
        Just("2013-05-04 ".to_owned()),
        Just(": Resolved".to_owned()),
        Just("Ünï".to_owned()),
        Just("\u{a0}".to_owned()),
    ];
    let text = word.prop_map(|word| word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    let names = ["p", "b", "i", "del", "code", "h2", "h3", "ul", "ol", "li", "blockquote", "div", "pre", "table", "tr", "td", "th", "span"];
    let leaf = prop_oneof![4 => text, 1 => Just("<br>".to_owned()), 1 => Just("<hr>".to_owned()), 1 => Just("</div>".to_owned())];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let several = prop::collection::vec(inner, 0..6).prop_map(|pieces| pieces.concat());
        prop_oneof![
            4 => (prop::sample::select(names.to_vec()), several.clone()).prop_map(|(name, inside)| format!("<{name}>{inside}</{name}>")),
            1 => several.clone().prop_map(|inside| format!("<a href=\"https://x.example/(a)_b?c=1&amp;lt=2\">{inside}</a>")),
            2 => several,
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_letter_is_lost_and_none_gets_a_meaning(html in html()) {
        let markdown = converted(&html);
        let (page, codes) = shown(&markdown);
        prop_assert_eq!(letters(&page), letters(&html), "{}", markdown);
        prop_assert_eq!(codes, Vec::<&str>::new(), "{}", markdown);
    }
}
