//! A post's front matter: everything that one file says by itself, before its text is read.

mod event;

use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::clean::is_visible;
use super::fields::{At, BooleanOrTime, Fields, TomlSource, shown};
use super::front_matter;
use super::impacts::SaidImpacts;
use super::keys::POST;
use super::names;
use super::servers::Servers;
use super::syntax;
use crate::findings::{Code, Finding, Findings};
use crate::model::address::slug;
use crate::model::characters::{NAME_BYTES, composed};
use crate::model::post::PostRanges;
use crate::model::{Address, Impact, ImpactChange, Kind, Moment, Pinned, Post, ServerIx};
use crate::source::{SourceFile, Span};

/// A post whose text is still to be read.
#[derive(Debug, Clone)]
pub struct Front {
    /// With `updates` empty.
    pub post: Post,
    /// The text: bytes of the file.
    pub body: Range<usize>,
    /// Whether it can be published. The text of one that cannot is read for what else is wrong with it.
    pub is_whole: bool,
    /// Whether every server that it names is known; otherwise an update may name one that got lost.
    pub has_all_servers: bool,
}

/// Reads the front matter of one file under `content/posts`; `None` where nothing says where its text begins.
pub fn front(file: &SourceFile, servers: &Servers, findings: &mut Findings) -> Option<Front> {
    let text = front_matter::text(file, findings)?;
    let parts = front_matter::split(file, text, findings);
    let is_lost = parts.is_none();
    let parts = parts.or_else(|| front_matter::without_front(text))?;
    let path = composed(&file.path);
    let (name, is_dated) = match names::file_name(&path) {
        Ok(name) => (name, true),
        Err(date) => {
            findings.push(
                Finding::new(
                    Code::ImpossibleTime,
                    Span::whole_file(&file.path),
                    format!("the file's name has a date that does not exist or is not kept: {date}"),
                )
                .help("rename the file: `2026-05-04-name.md`; years from 1970 to 2199 are kept here"),
            );
            // Not one without a date, which would be said of it too.
            let stem = names::stem(&path);
            (names::FileName { stem, date: Some(NaiveDate::default()), time: None, slug: stem }, false)
        }
    };
    let offset = file.text_offset();
    let source = TomlSource { path: &file.path, offset: offset + parts.front.start, broken: &[], headless: &[] };
    let before = findings.errors();
    let mut mended = String::new();
    let parsed = syntax::parse(&text[parts.front.clone()], &mut mended, source, findings);
    let source = parsed.source(source);
    let is_broken = is_lost || findings.errors() > before;
    let mut own = Findings::default();
    // The block's own `+++` is where a missing key is said of.
    let fields = Fields::new(parsed.table.get_ref(), 0..0, source, POST, "a post", &mut own);
    let reader = Reader { fields, path: &file.path, servers, is_broken };
    let mut front = reader.front(&name, &mut own);
    findings.extend(own.into_iter().filter(|finding| match finding.code {
        Code::MissingKey | Code::MissingDate | Code::MissingStart => !is_broken,
        Code::ForeignServer => front.has_all_servers,
        _ => true,
    }));
    front.is_whole &= is_dated;
    front.body = offset + parts.body.start..offset + parts.body.end;
    Some(front)
}

/// Tags or categories of one post.
const MOST_WORDS: usize = 100;

struct Reader<'t, 'i> {
    fields: Fields<'t, 'i>,
    path: &'t Arc<str>,
    servers: &'t Servers,
    /// Beside a syntax error, keys that are not there may be lost rather than missing.
    is_broken: bool,
}

impl Reader<'_, '_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.path, range.clone())
    }

    fn front(&self, name: &names::FileName<'_>, findings: &mut Findings) -> Front {
        let fields = &self.fields;
        let title = self.title(findings);
        let written_kind = fields.word("kind", Kind::from_word, findings);
        let before = findings.len();
        let (servers, servers_place) = self.server_list(findings);
        let has_all_servers = !self.is_broken && self.servers.complete && findings.len() == before;
        let tags = self.words(&["tags"], findings);
        let categories = self.words(&["category", "categories"], findings);
        let date = fields.time("date", findings);
        let start = fields.time("start", findings);
        let end = fields.time("end", findings);
        let follows = fields.text("follows", findings).filter(|follows| !follows.value.is_empty()).map(At::composed);
        let impact = self.impact(&servers, follows.is_some(), findings);
        let aliases = self.aliases(findings);
        let (id, slug) = self.id_and_slug(name, findings);
        let pinned = match fields.boolean_or_time("pinned", findings) {
            None | Some(BooleanOrTime::Boolean(false)) => Pinned::No,
            Some(BooleanOrTime::Boolean(true)) => Pinned::Always,
            Some(BooleanOrTime::Time(until)) => Pinned::Until(until),
        };
        let draft = fields.boolean("draft", findings).unwrap_or(false);
        let withdrawn = fields.boolean("withdrawn", findings).unwrap_or(false);
        let notify = fields.boolean("notify", findings).unwrap_or(true);
        let author = fields.text("author", findings).map(|text| text.value).filter(|text| !text.is_empty());
        let summary = fields.text("summary", findings).map(|text| text.value).filter(|text| !text.is_empty());
        let guid = self.guid(findings);
        let kind = match &written_kind {
            Some(kind) => Some(kind.value),
            None if follows.is_some() || self.is_broken => None,
            None if fields.range_of("start").is_some() => Some(Kind::Incident),
            None => Some(Kind::Notice),
        };
        if written_kind.is_none() && follows.is_none() {
            self.check_empty_start(findings);
        }
        self.check_window(kind, start.as_ref(), end.as_ref(), follows.is_some(), findings);
        // What is a notice because nothing says its kind is told with the text.
        let known_kind = kind.filter(|kind| written_kind.is_some() || *kind != Kind::Notice);
        self.check_impact(known_kind, impact.as_ref(), findings);
        let posted = posted(date.as_ref(), name, start.as_ref(), kind);
        // A space behind the date takes it away: the name has its finding, and one fix mends both.
        let is_told = |key| fields.range_of(key).is_none() && names::gains_date(name);
        let is_told = is_told("slug") || slug.is_some() && is_told("id");
        if posted.is_none() && !is_told && fields.range_of("date").is_none() && fields.range_of("start").is_none() {
            findings.push(
                Finding::new(Code::MissingDate, Span::whole_file(self.path), "the post has no date")
                    .help("put it into the file's name, `2026-05-04-name.md`, or add `date = 2026-05-04T19:00:00Z`"),
            );
        }
        let is_whole = !self.is_broken && title.is_some() && posted.is_some() && slug.is_some() && id.is_some();
        // What stands in for a lost value is nothing that the text could contradict.
        let title = title.unwrap_or(At { value: String::new(), range: 0..0 });
        let posted = posted.filter(|_| !self.is_broken || date.is_some()).unwrap_or_default();
        let slug = slug.unwrap_or_else(|| name.slug.to_owned());
        let id = id.unwrap_or_else(|| name.stem.to_owned());
        let ranges = PostRanges {
            title: title.range,
            servers: servers_place,
            tags: tags.iter().map(|tag| tag.range.clone()).collect(),
            categories: categories.iter().map(|category| category.range.clone()).collect(),
            date: date.map(|at| at.range),
            start: fields.range_of("start"),
            end: fields.range_of("end"),
            impact: impact.as_ref().map(|impact| impact.range.clone()),
            kind: written_kind.map(|kind| kind.range),
            follows: follows.as_ref().map(|follows| follows.range.clone()),
            slug: fields.range_of("slug"),
            id: fields.range_of("id"),
            guid: fields.range_of("guid"),
            aliases: aliases.iter().map(|alias| alias.range.clone()).collect(),
        };
        let post = Post {
            path: self.path.clone(),
            address: Address::of_post(posted.date_naive(), &slug),
            id,
            slug,
            title: title.value,
            kind,
            servers,
            impact: impact.map(|impact| impact.value).unwrap_or_default(),
            tags: tags.into_iter().map(|tag| tag.value).collect(),
            categories: categories.into_iter().map(|category| category.value).collect(),
            date: posted,
            start: start.map(|at| at.value),
            end: end.map(|at| at.value),
            follows: follows.map(|follows| follows.value),
            aliases: aliases.into_iter().map(|alias| alias.value).collect(),
            guid,
            pinned,
            draft,
            author,
            summary,
            withdrawn,
            notify,
            updates: Vec::new(),
            ranges,
        };
        Front { post, body: 0..0, is_whole, has_all_servers }
    }

    fn title(&self, findings: &mut Findings) -> Option<At<String>> {
        let title = self.fields.text("title", findings)?;
        if !is_visible(&title.value) {
            findings.push(
                Finding::new(Code::EmptyTitle, self.fields.at(&title), "the title is empty")
                    .help("say in a few words what happened: `title = \"NC023: disk replacement\"`"),
            );
            return None;
        }
        self.fields.check_name("the title", &title, findings);
        Some(title)
    }

    fn server_list(&self, findings: &mut Findings) -> (Vec<ServerIx>, Option<Range<usize>>) {
        let (mut list, mut named) = (Vec::new(), HashSet::new());
        let (mut is_empty, before) = (true, findings.len());
        for key in ["servers", "server"] {
            for word in self.fields.texts(key, findings) {
                is_empty = false;
                match self.servers.find(&word.value) {
                    Some(server) if named.insert(server) => list.push(server),
                    Some(_) => {}
                    // The message's mark stands under the word with its quotes.
                    None => self.servers.report_unknown(&word.value, self.fields.at(&word), findings),
                }
            }
        }
        // A list of nothing names servers as little as no list at all.
        let place = self.fields.range_of("servers").or_else(|| self.fields.range_of("server"));
        (list, place.filter(|_| !is_empty || findings.len() > before))
    }

    /// Words with an address each; a word that stands twice counts once.
    fn words(&self, keys: &[&str], findings: &mut Findings) -> Vec<At<String>> {
        let mut words: Vec<At<String>> = Vec::new();
        let mut addresses: HashMap<String, usize> = HashMap::new();
        for word in keys.iter().flat_map(|key| self.fields.texts(key, findings)).map(At::composed).collect::<Vec<_>>() {
            if words.len() == MOST_WORDS {
                findings.push(
                    Finding::new(Code::BadValue, self.fields.at(&word), format!("more than {MOST_WORDS} words in one list"))
                        .help("each has a page and feeds of its own: keep those that somebody looks for"),
                );
                break;
            }
            let address = slug(&word.value);
            if address.is_empty() {
                findings.push(
                    Finding::new(
                        Code::BadName,
                        self.fields.at(&word),
                        format!("`{}` has neither letter nor digit, and can have no page", shown(&word.value)),
                    )
                    .help("take it out, or write a word"),
                );
            } else if address.len() > NAME_BYTES {
                findings.push(
                    Finding::new(Code::BadName, self.fields.at(&word), "this word is longer than an address can be")
                        .help(format!("at most {NAME_BYTES} bytes")),
                );
            } else {
                match addresses.entry(address) {
                    Entry::Vacant(entry) => {
                        entry.insert(words.len());
                        words.push(word);
                    }
                    Entry::Occupied(entry) => {
                        let other = &words[*entry.get()].value;
                        if other.to_lowercase() != word.value.to_lowercase() {
                            words.push(word); // told where the words of all posts are compared
                        } else if *other != word.value {
                            let message = format!("`{}` is also written `{}`", shown(&word.value), shown(other));
                            findings.push(Finding::new(Code::TagSpelling, self.fields.at(&word), message).help("one of them is enough"));
                        }
                    }
                }
            }
        }
        words
    }

    fn impact(&self, servers: &[ServerIx], follows: bool, findings: &mut Findings) -> Option<At<ImpactChange>> {
        let range = self.fields.range_of("impact")?;
        if !self.fields.is_table("impact") {
            let word = self.fields.word("impact", Impact::from_word, findings)?;
            return Some(At { value: ImpactChange { all: Some(word.value), ..ImpactChange::default() }, range: word.range });
        }
        let mut said = SaidImpacts::default();
        for (name, word) in self.fields.text_table("impact", findings) {
            let Some(impact) = self.fields.one_of("impact", "impact", word, Impact::from_word, findings) else { continue };
            match self.servers.find(&name.value) {
                Some(server) if servers.contains(&server) || (servers.is_empty() && follows) => {
                    said.insert(server, impact.value, &name.value, self.fields.at(&name), self.servers, findings);
                }
                Some(_) => findings.push(
                    Finding::new(
                        Code::ForeignServer,
                        self.fields.at(&name),
                        format!("the post does not name the server `{}`", shown(&name.value)),
                    )
                    .help("add it to `servers`"),
                ),
                None => self.servers.report_unknown(&name.value, self.fields.at(&name), findings),
            }
        }
        Some(At { value: said.into_change(), range })
    }

    fn aliases(&self, findings: &mut Findings) -> Vec<At<crate::model::Address>> {
        let mut aliases = Vec::new();
        for alias in self.fields.texts("aliases", findings) {
            match names::old_address(&alias.value) {
                Ok(address) => aliases.push(At { value: address, range: alias.range }),
                Err(why) => findings.push(
                    Finding::new(Code::BadName, self.fields.at(&alias), format!("`{}` cannot be an old address", shown(&alias.value)))
                        .help(why),
                ),
            }
        }
        aliases
    }

    fn id_and_slug(&self, name: &names::FileName<'_>, findings: &mut Findings) -> (Option<String>, Option<String>) {
        let mut checked = |key: &str, default: &str| match self.fields.name(key, findings) {
            Some(text) => match names::problem(&text.value) {
                None => Some(text.value),
                Some(why) => {
                    findings.push(
                        Finding::new(
                            Code::BadName,
                            self.fields.at(&text),
                            format!("`{}` cannot be the {key} of a post", shown(&text.value)),
                        )
                        .help(why),
                    );
                    None
                }
            },
            None if self.fields.range_of(key).is_some() => None,
            None => match names::problem(default) {
                None => Some(default.to_owned()),
                Some(why) => {
                    let finding =
                        Finding::new(Code::BadName, Span::whole_file(self.path), format!("the file's name gives no usable {key}"));
                    findings.push(finding.help(format!("{why}; {}", names::rename(name, key))));
                    None
                }
            },
        };
        let slug = checked("slug", name.slug);
        // A name that cannot be a slug cannot be an id either: one finding is enough.
        let id = if slug.is_none() && self.fields.range_of("id").is_none() { None } else { checked("id", name.stem) };
        (id, slug)
    }

    fn guid(&self, findings: &mut Findings) -> Option<String> {
        let guid = self.fields.text("guid", findings).filter(|guid| !guid.value.is_empty())?;
        if guid.value.chars().any(char::is_whitespace) {
            findings.push(
                Finding::new(Code::BadName, self.fields.at(&guid), "a feed id has no white space")
                    .help("copy the old feed's `guid` to the letter"),
            );
            return None;
        }
        Some(guid.value)
    }
}

/// When a post was posted.
///
/// A name with a day alone takes a `start` on that day; a maintenance is announced before it starts, so its day
/// counts from midnight, which is never the future.
fn posted(date: Option<&At<Moment>>, name: &names::FileName<'_>, start: Option<&At<Moment>>, kind: Option<Kind>) -> Option<Moment> {
    let start = start.map(|start| start.value);
    let of_name = || match name.date {
        Some(day) if name.time.is_none() && kind != Some(Kind::Maintenance) => {
            start.filter(|start| start.date_naive() == day).or(name.moment())
        }
        _ => name.moment().or(start),
    };
    date.map(|date| date.value).or_else(of_name)
}
