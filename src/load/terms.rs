//! Tags and categories: their names, their posts, and slips in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::fields::shown;
use crate::findings::{Code, Finding, Findings};
use crate::model::address::slug;
use crate::model::{Post, Term};

/// Above this many different words their spelling is not compared: it costs the square.
const MOST_COMPARED: usize = 1500;

/// Which words of a post.
pub struct Field {
    /// What a word is called in a message: `tag`.
    pub called: &'static str,
    pub words: fn(&Post) -> &[String],
    pub ranges: fn(&Post) -> &[Range<usize>],
}

pub const TAGS: Field = Field { called: "tag", words: |post| &post.tags, ranges: |post| &post.ranges.tags };
pub const CATEGORIES: Field = Field { called: "category", words: |post| &post.categories, ranges: |post| &post.ranges.categories };

/// The terms of all posts (newest first), by slug.
pub fn terms(posts: &[Arc<Post>], field: &Field, findings: &mut Findings) -> Vec<Term> {
    // Words are few and posts are many: each spelling is made a slug once.
    let mut spellings: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, post) in posts.iter().enumerate() {
        for word in (field.words)(post) {
            spellings.entry(word).or_default().push(at);
        }
    }
    let mut by_slug: BTreeMap<String, Vec<(&str, Vec<usize>)>> = BTreeMap::new();
    for (word, at) in spellings {
        by_slug.entry(slug(word)).or_default().push((word, at)); // put in order below
    }
    let terms: Vec<Term> = by_slug
        .into_iter()
        .map(|(slug, mut spellings)| {
            spellings.sort_by_key(|(word, at)| (at.first().copied(), *word));
            for pair in spellings.windows(2) {
                compare(posts, field, &pair[0], &pair[1], findings);
            }
            let name = spellings[0].0.to_owned();
            let written = spellings.iter().map(|(word, _)| (*word).to_owned()).collect();
            let mut of: Vec<usize> = spellings.into_iter().flat_map(|(_, at)| at).collect();
            of.sort_unstable();
            of.dedup();
            let standing = of.iter().filter(|post| !posts[**post].withdrawn).count();
            Term { name, slug, spellings: written, posts: of, standing }
        })
        .collect();
    find_rare(posts, field, &terms, findings);
    terms
}

fn place(posts: &[Arc<Post>], field: &Field, word: &str, at: usize) -> crate::source::Span {
    let post = &posts[at];
    let position = (field.words)(post).iter().position(|other| other == word).unwrap_or(0);
    post.span((field.ranges)(post).get(position).unwrap_or(&(0..0)))
}

fn compare(
    posts: &[Arc<Post>],
    field: &Field,
    (newer, newer_at): &(&str, Vec<usize>),
    (older, older_at): &(&str, Vec<usize>),
    findings: &mut Findings,
) {
    let called = field.called;
    let (rare, rare_at, common, common_at) =
        if newer_at.len() <= older_at.len() { (newer, newer_at, older, older_at) } else { (older, older_at, newer, newer_at) };
    let span = place(posts, field, rare, rare_at[0]);
    let other = place(posts, field, common, common_at[0]);
    if rare.to_lowercase() == common.to_lowercase() {
        findings.push(
            Finding::new(Code::TagSpelling, span, format!("the {called} `{}` is also written `{}`", shown(rare), shown(common)))
                .help(format!("write `{}` in both; they are one page", shown(common)))
                .related(other, "the other spelling"),
        );
    } else {
        findings.push(
            Finding::new(Code::TagCollision, span, format!("the {called} `{}` has the same address as `{}`", shown(rare), shown(common)))
                .help(format!("both would be `/{called}/{}/`: write one of them otherwise", slug(rare)))
                .related(other, "the other"),
        );
    }
}

/// A word on few posts that is one letter away from one on more.
fn find_rare(posts: &[Arc<Post>], field: &Field, terms: &[Term], findings: &mut Findings) {
    if terms.len() > MOST_COMPARED {
        return;
    }
    for rare in terms.iter().filter(|term| term.slug.chars().count() >= 4) {
        let length = rare.slug.len();
        let near = terms.iter().find(|common| {
            common.posts.len() > rare.posts.len()
                && common.slug.len().abs_diff(length) <= 4
                && strsim::osa_distance(&common.slug, &rare.slug) == 1
                && !differ_by_digits(&common.slug, &rare.slug)
        });
        if let Some(common) = near {
            let at = rare.posts[0];
            let word = (field.words)(&posts[at]).iter().find(|word| slug(word) == rare.slug).map_or(rare.name.as_str(), String::as_str);
            findings.push(
                Finding::new(
                    Code::RareTag,
                    place(posts, field, word, at),
                    format!("the {} `{}` is one letter away from `{}`", field.called, shown(word), shown(&common.name)),
                )
                .help(format!("did you mean `{}`, which {} posts have?", shown(&common.name), common.posts.len())),
            );
        }
    }
}

/// `nc023` and `nc027` are two things, not a slip.
fn differ_by_digits(one: &str, other: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    one != other && letters(one) == letters(other)
}
