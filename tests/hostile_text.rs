//! Whatever a text holds, the HTML made of it has no element, attribute or address that is not on the list.

mod support;

use proptest::prelude::*;
use scraper::{Html, Node};
use signalpost::model::text;
use support::{given, post, site};

/// Every element that the reader makes, with the attributes that it may have.
const ALLOWED: &[(&str, &[&str])] = &[
    // What the parser puts around a fragment.
    ("html", &[]),
    ("head", &[]),
    ("body", &[]),
    ("p", &[]),
    ("br", &[]),
    ("hr", &[]),
    ("em", &[]),
    ("strong", &[]),
    ("del", &[]),
    ("code", &["class"]),
    ("pre", &["tabindex"]),
    ("blockquote", &[]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &["class"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("a", &["href", "title", "rel"]),
    ("img", &["src", "alt", "referrerpolicy"]),
    ("div", &["aria-label", "class", "id", "role", "tabindex"]),
    ("sup", &["id"]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope", "class"]),
    ("td", &["class"]),
];

fn html_of(text: &str) -> Vec<text::Html> {
    let front = "title = \"x\"\ndate = 2026-05-04T19:00:00Z";
    let (path, text) = post("2026-05-04-x", front, text);
    // Links to nowhere are errors; the text is read all the same.
    let (site, _) = support::loaded(&support::sources(&[(&path, &text)]), &given("2026-06-01T00:00:00Z"));
    site.unwrap().posts[0].updates.iter().map(|update| update.html.clone()).collect()
}

/// What is wrong with a fragment, as a browser reads it.
fn unsafe_parts(fragment: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for node in Html::parse_fragment(fragment).tree.nodes() {
        match node.value() {
            Node::Comment(comment) => wrong.push(format!("comment {comment:?}")),
            Node::ProcessingInstruction(_) => wrong.push("a processing instruction".to_owned()),
            Node::Element(element) => {
                let Some((_, attributes)) = ALLOWED.iter().find(|(name, _)| *name == element.name()) else {
                    wrong.push(format!("<{}>", element.name()));
                    continue;
                };
                for (name, value) in element.attrs() {
                    if !attributes.contains(&name) {
                        wrong.push(format!("{name}={value:?} on <{}>", element.name()));
                    }
                    if matches!(name, "href" | "src") && !is_safe_url(value) {
                        wrong.push(format!("{name}={value:?}"));
                    }
                    if name == "class" && !value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+".contains(&b)) {
                        wrong.push(format!("class={value:?}"));
                    }
                }
            }
            _ => {}
        }
    }
    wrong
}

/// As a browser sees an address: white space and controls are nothing to it.
fn is_safe_url(url: &str) -> bool {
    let url: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
    (url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\"))
        || url.starts_with('#')
        || ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme))
}

fn assert_safe(text: &str) {
    for html in html_of(text) {
        let fragments = [html.html.clone(), html.with_prefix("https://example.net/s", "https://example.net/s/p/").into_owned()];
        for fragment in fragments {
            let wrong = unsafe_parts(&fragment);
            let start = |text: &str| text.chars().take(500).collect::<String>();
            assert!(wrong.is_empty(), "{wrong:?}\nof {:?}\nin {}", start(text), start(&fragment));
            // Feeds are read by XML parsers once they are decoded as XHTML by some: at least no control character is left.
            assert!(!fragment.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')), "{fragment:?}");
        }
        for link in &html.local_links {
            let written = &html.html[link.range.clone()];
            assert!(written.starts_with(['/', '#']) && !written.contains('"'), "{written:?} of {text:?}");
        }
    }
}

const SCRIPTS: &[&str] = &[
    "javascript:alert(1)",
    "JAVASCRIPT:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "%6Aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "javascript%253Aalert(1)",
    "\u{1}javascript:alert(1)",
    "\u{a0}javascript:alert(1)",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "blob:https://example.net/x",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "/\\evil.example/x",
    "/\t/evil.example",
    "/%09/evil.example",
    "/%2Fevil.example",
    "/./%5Cevil.example",
    "http:javascript:alert(1)",
    "https:/evil.example",
    "https:\\\\evil.example",
    "//\"onmouseover=\"alert(1)",
    "x\" onclick=\"alert(1)",
    "x' onclick='alert(1)",
    "#\" onclick=\"alert(1)",
    "#'><script>alert(1)</script>",
    "?\" onclick=\"alert(1)",
    "mailto:x\" onclick=\"alert(1)",
    "{{ 7 * 191 }}",
];

#[test]
fn no_address_in_any_kind_of_link_is_a_script() {
    for url in SCRIPTS {
        for text in [
            format!("[a]({url})"),
            format!("[a](<{url}>)"),
            format!("[a](<{url}> \"title\")"),
            format!("![a]({url})"),
            format!("![a](<{url}>)"),
            format!("<{url}>"),
            format!("[a]\n\n[a]: {url}"),
            format!("[a]\n\n[a]: <{url}> 'x'"),
            format!("[![a]({url})]({url})"),
            format!("| [a]({url}) |\n|---|\n| ![b](<{url}>) |"),
            format!("> - [a](<{url}>)\n>   ![x]({url})"),
            format!("[^1]\n\n[^1]: [a](<{url}>)"),
            format!("### [a](<{url}>)"),
        ] {
            assert_safe(&text);
        }
    }
}

#[test]
fn no_words_anywhere_become_markup() {
    let words = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><script>alert(1)</script>",
        "' onmouseover='alert(1)",
        "\" onmouseover=\"alert(1)",
        "<svg/onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "</p></div></body><iframe srcdoc=x>",
        "<!--><script>alert(1)</script>-->",
        "<!-- --!><script>alert(1)</script>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?>",
        "<!DOCTYPE html>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<style>*{display:none}</style>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<plaintext>",
        "<textarea><b>",
        "<template>",
        "\0<script\0>alert(1)</script>",
        "<scr\u{7f}ipt>alert(1)</script>",
        "<scr\0ipt>alert(1)</scr\0ipt>",
    ];
    for word in words {
        for text in [
            word.to_owned(),
            format!("before {word} after"),
            format!("**{word}** *{word}* ~~{word}~~"),
            format!("`{word}`"),
            format!("``` {word}\n{word}\n```"),
            format!("```{word}\n```"),
            format!("~~~ x{word}\n{word}\n~~~"),
            format!("    {word}"),
            format!("| {word} |\n|---|\n| {word} |"),
            format!("[a](/x \"{word}\")"),
            format!("[a](/x '{word}')"),
            format!("[a](/x ({word}))"),
            format!("![{word}](/x.png \"{word}\")"),
            format!("![a](https://example.org/x.png '{word}')"),
            format!("[{word}]\n\n[{word}]: /x \"{word}\""),
            format!("[^{word}]\n\n[^{word}]: {word}"),
            format!("[^a]\n\n[^a]: {word}"),
            format!("### {word} {{#{word}}}"),
            format!("### x {{#a onclick=alert(1) .{word} style=\"x\"}}"),
            format!("### x {{onclick=\"{word}\"}}"),
            format!("## 2026-05-04 19:02 UTC — {word}\n\n{word}"),
            format!("> {word}\n\n- {word}\n\n1. {word}\n\n- [ ] {word}"),
            format!("{word}\n\n<div>\n{word}\n</div>\n\n{word}"),
            format!("<{word}>"),
            format!("<!-- {word}"),
            format!("a <!-- {word} --> b"),
            format!("<div {word}>\n\n{word}"),
        ] {
            assert_safe(&text);
        }
    }
}

#[test]
fn an_encoded_character_in_a_fragment_stays_encoded() {
    let about = ("content/pages/about.md", "+++\ntitle = \"x\"\n+++\n");
    let settings = ("site.toml", "title = \"x\"\nbase_url = \"https://example.net/status\"\n");
    let front = "title = \"x\"\ndate = 2026-05-04T19:00:00Z";
    let text =
        "[a](../pages/about.md#%7fz) [b](../pages/about.md#a%00b) [c](#%7f) [d](/about/#%7f) [e](https://x.example/&#xfffe;) [f](/about/)";
    let (path, text) = post("2026-05-04-x", front, text);
    let (site, _) = support::loaded(&support::sources(&[settings, about, (&path, &text)]), &given("2026-06-01T00:00:00Z"));
    let html = &site.unwrap().posts[0].updates[0].html;
    assert!(html.html.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{fffe}'), "{}", html.html);
    let links: Vec<&str> = html.local_links.iter().map(|link| &html.html[link.range.clone()]).collect();
    assert_eq!(links, ["/about/#%7Fz", "/about/#a%00b", "#2026-05-04-x-%7F", "/about/#%7F", "/about/"]);
}

#[test]
fn attributes_of_a_heading_give_an_id_and_nothing_else() {
    let html = &html_of("### Logs {#logs .big onclick=alert(1) style=\"color:red\" title=x}\n\nText.")[0].html;
    assert!(html.starts_with("<h3 id=\"2026-05-04-x-logs\">Logs</h3>"), "{html}");
    let html = &html_of("### Logs {#\"><script>}")[0].html;
    assert!(html.starts_with("<h3>"), "{html}");
}

#[test]
fn a_fence_keeps_a_language_and_nothing_else() {
    assert!(html_of("```c++ title=\"x\"\nint\n```")[0].html.contains("<code class=\"language-c++\">"));
    for info in ["a\"b", "<b>", "&quot;onclick", "ÿ", "'x"] {
        let html = &html_of(&format!("```{info}\ncode\n```"))[0].html;
        assert!(html.contains("<code>code"), "{html}");
    }
}

#[test]
fn signs_of_a_template_are_printed_as_typed() {
    for typed in ["{{ 7 * 191 }}", "{% include \"x\" %}", "{# note #}", "{{ config }}", "<%= 1 %>", "${7*191}", "@{7*191}"] {
        let html = &html_of(&format!("a {typed} b\n\n`{typed}`"))[0];
        assert!(html.plain().contains(typed), "{typed}: {}", html.plain());
        assert!(!html.html.contains("1337"), "{}", html.html);
    }
}

#[test]
fn a_pasted_bounce_survives_to_the_letter() {
    let html =
        &html_of("host <senderdomain.local> said: 550 <a@b.example> no such user\n\n<x@y.example>: <mail.example.net:25> refused")[0];
    for pasted in ["&lt;senderdomain.local&gt;", "&lt;mail.example.net:25&gt;"] {
        assert!(html.html.contains(pasted), "{}", html.html);
    }
    assert!(html.plain().contains("<senderdomain.local>"), "{}", html.plain());
}

#[test]
fn a_comment_is_dropped_and_what_stands_around_it_stays() {
    for text in ["a <!-- gone --> b", "a\n\n<!-- gone -->\n\nb", "a\n\n<!-- gone\n\ngone -->\n\nb", "a <!--gone--> b"] {
        let plain = &html_of(text)[0].plain();
        assert!(!plain.contains("gone") && plain.starts_with('a') && plain.ends_with('b'), "{text:?}: {plain:?}");
    }
}

#[test]
fn bombs_are_read_in_time() {
    let bombs = [
        "[a](<b".repeat(5_000),
        "!-- <".repeat(5_000),
        "<!--".repeat(5_000),
        "[^".repeat(5_000),
        "\n[^".repeat(5_000),
        "[".repeat(20_000),
        "![".repeat(10_000),
        "> ".repeat(5_000) + "x",
        "- ".repeat(5_000) + "x",
        "* a\n".repeat(10_000),
        "*a **b ".repeat(5_000),
        "`".repeat(20_001),
        (1..300).map(|n| "`".repeat(n) + " ").collect(),
        "[a]: <".repeat(5_000),
        "|a".repeat(2_000) + "\n" + &"|-".repeat(2_000) + "\n" + &"|b".repeat(2_000),
        "&#x".repeat(10_000),
        "<a ".repeat(5_000),
        "\\".repeat(20_000),
        (0..200).map(|n| " ".repeat(n * 2) + "- x\n").collect(),
        "~~a ".repeat(5_000),
        "{".repeat(20_000),
        "### x {".repeat(3_000),
        "\n## 2026-05-04 19:02 UTC — ".repeat(3_000),
    ];
    for bomb in bombs {
        let start = std::time::Instant::now();
        assert_safe(&bomb);
        let took = start.elapsed();
        // A debug build on a busy machine; what grows with the square takes minutes here.
        assert!(took.as_secs() < 20, "{:?}… took {took:?}", bomb.chars().take(30).collect::<String>());
    }
}

#[test]
fn titles_and_names_stay_text_on_the_page() {
    let hostile = r#"</title><script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{ 7 * 191 }}"#;
    let front = format!(
        "title = \"{hostile}\"\ntags = [\"{hostile}\"]\nauthor = \"{hostile}\"\nsummary = \"{hostile}\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z"
    );
    let files = [post("2026-05-04-x", &front, "Text.")];
    let site = site(&files, &given("2026-06-01T00:00:00Z"));
    assert!(site.posts[0].title.contains("<script>"));
    let (path, text) = &files[0];
    let built = signalpost::build(&support::sources(&[(path, text)]), &given("2026-06-01T00:00:00Z"));
    let bundle = built.bundle.unwrap_or_else(|| panic!("{:?}", support::said(&built.findings)));
    for (path, body) in bundle.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(std::str::from_utf8(body).unwrap());
        for node in page.tree.nodes() {
            if let Node::Element(element) = node.value() {
                assert!(element.attrs().all(|(name, _)| !name.starts_with("on") && name != "style"), "{path}: <{}>", element.name());
                let is_data = matches!(element.attr("type"), Some("application/json" | "application/ld+json"));
                let is_foreign = element.name() == "script" && element.attr("src").is_none() && !is_data;
                assert!(!is_foreign, "{path}: a script without a file");
                assert!(!(element.name() == "img" && element.attr("src") == Some("x")), "{path}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mixture_of_signs_becomes_markup(pieces in prop::collection::vec(prop::sample::select(PIECES), 1..25)) {
        assert_safe(&pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "'",
    "&",
    "&lt;",
    "&#60;",
    "`",
    "```",
    "\n",
    "\n\n",
    "    ",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "<!--",
    "-->",
    "*",
    "**",
    "_",
    "~~",
    "|",
    "\n|---|\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "### ",
    "{#",
    "}",
    "\\",
    "javascript:",
    "https://e.example/",
    "/x",
    "#",
    "?",
    ":",
    "[^a]",
    "\n[^a]: ",
    "[a]: ",
    "script",
    "onclick=",
    "style=",
    "=",
    " ",
    "\t",
    "\u{7f}",
    "\0",
    "<a href=",
    "<img src=x onerror=y>",
    "<script>",
    "</script>",
    "<svg",
    "/>",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<b@c.example>",
    "mailto:",
    "é",
    "\u{202e}",
    "a",
    "b",
];

#[test]
fn a_title_of_two_lines_is_one_and_a_text_of_the_sidebar_keeps_its_lines() {
    let (path, text) = post("2026-05-04-x", "title = \"\"\"Mail\nis slow\"\"\"\ntags = [\"mail\\nrelay\"]", "It waits.");
    let settings = format!("{}[[sidebar]]\ntitle = \"Resources\"\ntext = \"\"\"\n- one\n- two\n\"\"\"\n", support::SITE);
    let sources = support::sources(&[("site.toml", &settings), (&path, &text)]);
    let site = support::loaded(&sources, &given("2026-06-01T00:00:00Z")).0.unwrap();
    assert_eq!((site.posts[0].title.as_str(), site.posts[0].tags[0].as_str()), ("Mail is slow", "mail relay"));
    assert_eq!(site.config.sidebar[0].text.as_ref().map(|text| text.html.matches("<li>").count()), Some(2));
}
