//! Tiny sites written in Markdown, and what is found in them: shared by the tests that read such texts.

#![allow(dead_code, reason = "every test that includes this module uses a part of it")]

use signalpost::findings::{Drawing, Findings, Format, draw};
use signalpost::model::Moment;
use signalpost::source::{Sources, Unreadable};
use signalpost::{Now, Options};

/// A site that has nothing wrong with it and no posts.
pub const SITE: &str = "title = \"Northwind Hosting status\"\nbase_url = \"https://status.example.net\"\n";
pub const SERVERS: &str = r#"[[server]]
id = "nc023"
name = "NC023"
aliases = ["relay"]

[[server]]
id = "nc027"
name = "NC027"
"#;

/// The moment at which tiny sites are looked at, unless they say another.
pub const NOW: &str = "2026-05-05T12:00:00Z";

pub fn site() -> Sources {
    let mut sources = Sources::default();
    sources.insert("site.toml", SITE);
    sources.insert("content/servers.toml", SERVERS);
    sources
}

pub fn moment(text: &str) -> Moment {
    text.trim().parse().unwrap_or_else(|error| panic!("`{text}` is no moment: {error}"))
}

/// By the clock at [`NOW`].
pub fn options() -> Options {
    Options { now: Now::Clock(moment(NOW)), drafts: false, base_url: None }
}

/// What a build finds. Pages are made only where the site has templates of its own: the built-in ones have nothing to find.
pub fn findings(sources: &Sources, options: &Options) -> Findings {
    if sources.files.keys().any(|path| path.starts_with("themes/")) {
        signalpost::build(sources, options).findings
    } else {
        signalpost::prepare(sources, options).1
    }
}

/// The findings, a line each.
pub fn short(findings: &Findings, sources: &Sources) -> String {
    draw(findings, sources, Drawing { format: Format::Short, ..Drawing::default() })
}

/// Puts a file of an example into a site. What cannot be written in Markdown is: `⟨U+202E⟩` for a character, `⟨0xE9⟩` for a byte.
pub fn insert(sources: &mut Sources, path: &str, text: &str) {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟨') {
        let (sign, after) = after.split_once('⟩').unwrap_or_else(|| panic!("a ⟨ without its ⟩ in {path}"));
        bytes.extend_from_slice(before.as_bytes());
        if let Some(character) = sign.strip_prefix("U+") {
            let character = u32::from_str_radix(character, 16).ok().and_then(char::from_u32);
            bytes.extend_from_slice(character.unwrap_or_else(|| panic!("{sign} is no character")).to_string().as_bytes());
        } else if let Some(byte) = sign.strip_prefix("0x") {
            bytes.push(u8::from_str_radix(byte, 16).unwrap_or_else(|_| panic!("{sign} is no byte")));
        } else {
            panic!("⟨{sign}⟩ is neither a character nor a byte, in {path}");
        }
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    sources.insert(path, bytes);
}

/// A fenced block of a Markdown text.
#[derive(Debug, Clone, PartialEq)]
pub struct Block<'a> {
    /// The words behind the fence: `md content/posts/x.md`.
    pub info: &'a str,
    pub text: &'a str,
    /// Where `text` begins in the Markdown.
    pub start: usize,
}

/// The fenced blocks of a text, with any number of backticks from three on.
pub fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match open {
            None if ticks >= 3 => open = Some((ticks, line[ticks..].trim(), at + line.len())),
            Some((opening, info, start)) if ticks >= opening && line[ticks..].trim().is_empty() => {
                blocks.push(Block { info, text: &markdown[start..at], start });
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    assert!(open.is_none(), "a block is not closed: {open:?}");
    blocks
}

/// One case: a heading and the blocks under it.
pub struct Case<'a> {
    pub name: &'a str,
    pub sources: Sources,
    pub options: Options,
    /// What should be found, a line each; the block of it.
    pub expected: Block<'a>,
}

/// The cases of a text. Blocks before the first `## ` belong to all of them. Blocks are files (`md content/posts/x.md`), `options`
/// (`now = …`, `clock = …`, `drafts`), `unreadable PATH` with the reason, `without PATH`, and last of all `findings`.
pub fn cases(markdown: &str) -> Vec<Case<'_>> {
    let headings: Vec<usize> = outside_blocks(markdown).filter(|at| markdown[*at..].starts_with("## ")).collect();
    let all = blocks(markdown);
    let shared: Vec<&Block> = all.iter().filter(|block| block.start < headings.first().copied().unwrap_or(usize::MAX)).collect();
    headings
        .iter()
        .enumerate()
        .map(|(n, start)| {
            let end = headings.get(n + 1).copied().unwrap_or(markdown.len());
            let name = markdown[start + 3..end].lines().next().unwrap_or_default();
            let (mut sources, mut options) = (site(), options());
            let mut expected = None;
            let own = all.iter().filter(|block| (*start..end).contains(&block.start));
            for block in shared.iter().copied().chain(own) {
                match block.info.split_once(' ') {
                    None if block.info == "findings" => expected = Some(block.clone()),
                    None if block.info == "options" => block.text.lines().for_each(|line| option(&mut options, line)),
                    Some(("unreadable", path)) => {
                        let (why, help) = (block.text.trim().to_owned(), "put the file itself there");
                        sources.unreadable.push(Unreadable { path: path.into(), why, help });
                    }
                    Some(("without", path)) => drop(sources.files.remove(path)),
                    Some((_, path)) => insert(&mut sources, path, block.text),
                    None => panic!("{name}: what is a block `{}`?", block.info),
                }
            }
            let expected = expected.unwrap_or_else(|| panic!("{name}: there is no block `findings`"));
            Case { name, sources, options, expected }
        })
        .collect()
}

fn option(options: &mut Options, line: &str) {
    match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some(("now", at)) => options.now = Now::Given(moment(at)),
        Some(("clock", at)) => options.now = Now::Clock(moment(at)),
        None if line.trim() == "drafts" => options.drafts = true,
        _ => panic!("what is the option `{line}`?"),
    }
}

/// Where the lines outside fenced blocks begin.
fn outside_blocks(markdown: &str) -> impl Iterator<Item = usize> {
    let inside: Vec<_> = blocks(markdown).iter().map(|block| block.start..block.start + block.text.len()).collect();
    let starts = std::iter::once(0).chain(markdown.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter(move |at| !inside.iter().any(|block| block.contains(at)))
}
