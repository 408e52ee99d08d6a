//! cState: Markdown files of `content/issues` with YAML or TOML front matter, as Hugo reads them.
//!
//! Updates are prose there, the newest first: `*Resolved* - All is well. {{< track "2018-05-25 05:54:00" >}}`.

use std::collections::BTreeSet;

use pulldown_cmark::{Options, Parser, html::push_html};
use serde::Deserialize;

use super::exported_event::ExportedEvent;
use super::{Export, File, Item, Refused, StatedUpdate};
use crate::load::heading::is_dated;
use crate::load::times::{self, TimeProblem};
use crate::model::{Impact, Kind, Moment, State};

/// The keys that a post is made of; a site may have others. Any may be left out or left blank.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Front {
    title: Option<String>,
    date: Option<String>,
    resolved: Option<bool>,
    resolved_when: Option<String>,
    severity: Option<String>,
    affected: Option<Vec<String>>,
    informational: Option<bool>,
    pin: Option<bool>,
    draft: Option<bool>,
    url: Option<String>,
    slug: Option<String>,
    aliases: Option<Vec<String>>,
}

pub fn export(file: &File, now: Moment) -> Result<Export, Refused> {
    let refused = |why: String| Refused { file: file.name.clone(), why: format!("is not an issue of cState: {why}") };
    let text = std::str::from_utf8(&file.bytes).map_err(|error| refused(format!("byte {} is not UTF-8", error.valid_up_to())))?;
    let (front, body) = parts(text.trim_start_matches('\u{feff}')).map_err(refused)?;
    let mut export = Export::default();
    let mut notes = BTreeSet::new();
    let title = front.title.clone().unwrap_or_default();
    if front.draft == Some(true) {
        export.report.skip("draft", &format!("“{title}”"));
    } else if let Some(date) = front.date.as_deref().and_then(|date| moment(date, &mut notes)) {
        shortcodes(body, &mut notes);
        export.items.push(item_of(title, front, date, body, &file.below, notes, now));
    } else {
        export.report.skip("without a usable date", &format!("“{title}”"));
    }
    Ok(export)
}

/// Front matter and text; the error is why there is no front matter.
fn parts(text: &str) -> Result<(Front, &str), String> {
    let fence = text.lines().next().map_or("", str::trim_end);
    let after = text.find('\n').map_or("", |end| &text[end + 1..]);
    let mut at = 0;
    for line in after.split_inclusive('\n') {
        if line.trim_end() == fence && matches!(fence, "---" | "+++") {
            let (front, body) = (&after[..at], &after[at + line.len()..]);
            let read = if fence == "---" { of_yaml(front) } else { of_toml(front) };
            return read.map(|front| (front, body)).map_err(|error| format!("its front matter cannot be read: {error}"));
        }
        at += line.len();
    }
    Err("it has no front matter between lines `---` or `+++`".to_owned())
}

fn of_yaml(front: &str) -> Result<Front, String> {
    serde_saphyr::from_str(front).map_err(|error| error.without_snippet().to_string())
}

/// TOML has a type for times, which are texts in YAML.
fn of_toml(front: &str) -> Result<Front, String> {
    let mut table: toml::Table = toml::from_str(front).map_err(|error| error.message().to_owned())?;
    for (_, value) in table.iter_mut() {
        if let toml::Value::Datetime(time) = value {
            *value = toml::Value::String(time.to_string());
        }
    }
    table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// A time that a post can have; where it has no zone it is UTC, as Hugo has it unless a site says otherwise.
fn moment(text: &str, notes: &mut BTreeSet<String>) -> Option<Moment> {
    let at = match times::from_text(text) {
        Ok(moment) => return Some(moment),
        Err(TimeProblem::NoZone { as_utc: at } | TimeProblem::NoTime { example: at }) => at,
        Err(_) => return None,
    };
    notes.insert("its times have no zone, and are taken for UTC".to_owned());
    times::is_kept(at).then_some(at)
}

fn item_of(title: String, front: Front, date: Moment, body: &str, below: &str, mut notes: BTreeSet<String>, now: Moment) -> Item {
    let (opening, updates) = updates(body, &mut notes);
    let is_resolved = front.resolved == Some(true);
    let resolved_when = front.resolved_when.as_deref().and_then(|when| moment(when, &mut notes));
    let kind = if front.informational == Some(true) { Kind::Notice } else { Kind::Incident };
    let mut item = Item {
        title,
        slug: undated(front.slug.as_deref().unwrap_or_else(|| last(below))).to_owned(),
        link: match &front.url {
            Some(url) => from_root(url, "/"),
            None => old_address(below, front.slug.as_deref()),
        },
        other_links: front.aliases.iter().flatten().map(|alias| from_root(alias, "/issues/")).collect(),
        is_pinned: front.pin == Some(true),
        notes,
        ..Item::default()
    };
    let impact = match front.severity.as_deref() {
        Some("down") => Some(Impact::MajorOutage),
        Some("notice") => Some(Impact::None),
        _ => None,
    };
    let end = resolved_when.filter(|_| is_resolved);
    let components = front.affected.unwrap_or_default();
    item.set_event(
        ExportedEvent {
            kind,
            date,
            start: date,
            end,
            is_over: is_resolved,
            impact: impact.filter(|_| kind == Kind::Incident),
            components,
            html: opening,
            updates,
        },
        now,
    );
    if item.stated.as_ref().is_some_and(|stated| stated.kind != kind) {
        item.notes.insert("is not resolved: a notice here, which has no effect".to_owned());
    }
    item
}

/// A file's name without the date that Hugo's issues begin with: `2018-05-25-mail` is `mail`, and `3-datacenters` is itself.
fn undated(stem: &str) -> &str {
    match stem.get(10..).and_then(|rest| rest.strip_prefix('-')) {
        Some(rest) if is_dated(stem) && !rest.is_empty() => rest,
        _ => stem,
    }
}

/// Whether a file is another's text in another language, by Hugo's names: `mail.fr.md` beside `mail.md`.
pub fn is_translation(file: &File, files: &[File]) -> bool {
    let stem = file.below.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.'));
    let is_language = |word: &str| matches!(word.len(), 2 | 5) && word.split('-').all(|part| part.len() == 2 && part.is_ascii());
    stem.is_some_and(|(stem, word)| is_language(word) && files.iter().any(|other| other.below.strip_suffix(".md") == Some(stem)))
}

/// A file's path without what makes no address: `b/index.md` is the page `b`.
fn page(below: &str) -> &str {
    let stem = below.strip_suffix(".md").unwrap_or(below);
    stem.strip_suffix("/index").unwrap_or(stem)
}

fn last(below: &str) -> &str {
    page(below).rsplit('/').next().unwrap_or(below)
}

/// Where Hugo shows a page: in lower case, with hyphens for spaces, and its slug in place of its name.
fn old_address(below: &str, slug: Option<&str>) -> String {
    let page = page(below);
    let folders = &page[..page.len() - last(below).len()];
    let path = format!("{folders}{}", slug.unwrap_or_else(|| last(below)));
    let hyphenated = path.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    let is_kept = |c: &char| c.is_alphanumeric() || "./_-~@+".contains(*c);
    format!("/issues/{}/", hyphenated.chars().filter(is_kept).collect::<String>())
}

/// An address that may be written from `folder` on, from the site's root.
fn from_root(address: &str, folder: &str) -> String {
    if address.starts_with('/') { address.to_owned() } else { format!("{folder}{address}") }
}

/// Notes the shortcodes that only Hugo can fill: they stay as they are written.
fn shortcodes(body: &str, notes: &mut BTreeSet<String>) {
    for (open, close) in SHORTCODES {
        for code in body.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(code, _)| code) {
            let name = code.trim().trim_start_matches('/').split_whitespace().next().unwrap_or("");
            if !matches!(name, "" | "track") {
                notes.insert(format!("the shortcode `{open} {name} {close}` is kept as text"));
            }
        }
    }
}

/// What stands around a shortcode.
const SHORTCODES: [(&str, &str); 2] = [("{{<", ">}}"), ("{{%", "%}}")];

/// The text before all updates, and the updates, as HTML.
fn updates(body: &str, notes: &mut BTreeSet<String>) -> (String, Vec<StatedUpdate>) {
    let body = body.replace("\r\n", "\n");
    let (mut opening, mut updates): (String, Vec<StatedUpdate>) = (String::new(), Vec::new());
    let mut texts: Vec<String> = Vec::new();
    for paragraph in body.split("\n\n") {
        let (text, tracked) = without_track(paragraph);
        let at = tracked.and_then(|time| moment(time, notes));
        match at {
            Some(at) => {
                let (state, text) = state(&text);
                updates.push(StatedUpdate { at, state, html: String::new(), affected: Vec::new() });
                texts.push(text.to_owned());
            }
            None => {
                let text_of = texts.last_mut().unwrap_or(&mut opening);
                text_of.push_str("\n\n");
                text_of.push_str(paragraph);
            }
        }
    }
    for (update, text) in updates.iter_mut().zip(&texts) {
        update.html = html(text);
    }
    (html(&opening), updates)
}

/// A paragraph without its `{{< track "TIME" >}}`, and the time.
fn without_track(paragraph: &str) -> (String, Option<&str>) {
    let found = || {
        SHORTCODES.iter().find_map(|(open, close)| {
            paragraph.match_indices(open).find_map(|(at, _)| {
                let (code, after) = paragraph[at + open.len()..].split_once(close)?;
                let time = code.trim().strip_prefix("track")?.trim().trim_matches(['"', '`']);
                Some((format!("{}{after}", &paragraph[..at]), time))
            })
        })
    };
    found().map_or_else(|| (paragraph.to_owned(), None), |(text, time)| (text, Some(time)))
}

/// `*Resolved* - All is well.` is a state and a text.
fn state(text: &str) -> (Option<State>, &str) {
    let bare = text.trim_start().trim_start_matches(['*', '_']);
    let found = bare.find(['*', '_']).and_then(|end| {
        let state = State::from_word(bare[..end].trim())?;
        Some((Some(state), bare[end..].trim_start_matches(['*', '_', ' ', '-', '–', '—', ':'])))
    });
    found.unwrap_or((None, text))
}

fn html(markdown: &str) -> String {
    let mut html = String::new();
    push_html(&mut html, Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH));
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Item, String> {
        let file = File { name: "issues/2018-05-25-mail.md".into(), below: "2018-05-25-mail.md".into(), bytes: text.into() };
        let export = export(&file, "2026-11-22T12:00:00Z".parse().unwrap()).map_err(|refused| refused.why)?;
        export.items.into_iter().next().ok_or_else(|| export.report.lines().join("\n"))
    }

    #[test]
    fn yaml_and_toml_say_the_same() {
        let yaml = "---\ntitle: Mail is slow\ndate: 2018-05-25 05:00:00\nresolved: true\nresolvedWhen: 2018-05-25 06:00:00\nseverity: down\n\
                    affected:\n  - relay\nsection: issue\n---\nSlow.\n";
        let toml = "+++\ntitle = \"Mail is slow\"\ndate = 2018-05-25T05:00:00Z\nresolved = true\nresolvedWhen = \"2018-05-25T06:00:00Z\"\n\
                    severity = \"down\"\naffected = [\"relay\"]\n+++\nSlow.\n";
        for text in [yaml, toml] {
            let item = read(text).unwrap();
            let stated = item.stated.unwrap();
            assert_eq!((item.title.as_str(), item.slug.as_str(), item.html.as_str()), ("Mail is slow", "mail", "<p>Slow.</p>\n"));
            assert_eq!(
                (stated.kind, stated.impact, stated.components),
                (Kind::Incident, Some(Impact::MajorOutage), vec!["relay".to_owned()])
            );
            assert_eq!(stated.end, Some("2018-05-25T06:00:00Z".parse().unwrap()));
        }
    }

    #[test]
    fn a_key_that_is_left_blank_is_as_good_as_none() {
        let keys = ["title", "resolved", "resolvedWhen", "severity", "affected", "informational", "pin", "draft"];
        let blank: String = keys.map(|key| format!("{key}:\n")).concat();
        let item = read(&format!("---\n{blank}date: 2018-05-25T05:00:00Z\n---\nSlow.\n")).unwrap();
        assert_eq!((item.title.as_str(), item.stated.unwrap().kind), ("", Kind::Notice));
        assert!(read(&format!("---\n{blank}date:\n---\nSlow.\n")).unwrap_err().contains("usable date"));
    }

    #[test]
    fn a_name_loses_its_date_and_no_other_digits() {
        for (stem, slug) in [
            ("2018-05-25-mail", "mail"),
            ("2018-05-25-3-disks", "3-disks"),
            ("3-datacenters", "3-datacenters"),
            ("2018-05-25-", "2018-05-25-"),
        ] {
            assert_eq!(undated(stem), slug);
        }
    }

    #[test]
    fn an_old_address_is_the_one_that_hugo_makes() {
        for (below, address) in [
            ("2018-05-25-mail.md", "/issues/2018-05-25-mail/"),
            ("sub/deep.md", "/issues/sub/deep/"),
            ("b/index.md", "/issues/b/"),
            ("2019-05-06-Mail-UP.md", "/issues/2019-05-06-mail-up/"),
            ("2019-05-05 Mail Down.md", "/issues/2019-05-05-mail-down/"),
            ("2019-05-07-mail_v1.2.md", "/issues/2019-05-07-mail_v1.2/"),
        ] {
            assert_eq!(old_address(below, None), address);
        }
        assert_eq!(old_address("sub/deep.md", Some("Other")), "/issues/sub/other/");
        let item = read("---\ntitle: x\ndate: 2018-05-25\nurl: custom/\naliases: [/old/, older]\n---\n{{< figure src=\"a\" >}}").unwrap();
        assert_eq!((item.link.as_str(), item.other_links), ("/custom/", vec!["/old/".to_owned(), "/issues/older".to_owned()]));
        assert!(item.notes.contains("the shortcode `{{< figure >}}` is kept as text"), "{:?}", item.notes);
    }

    #[test]
    fn either_kind_of_shortcode_tracks_an_update() {
        for code in [
            "{{% track \"2018-05-25 05:54:00\" %}}",
            "{{<track `2018-05-25 05:54:00`>}}",
            "{{< ref \"x\" >}} {{< track \"2018-05-25 05:54:00\" >}}",
        ] {
            let text = format!("---\ntitle: x\ndate: 2018-05-25T05:00:00Z\n---\nSlow.\n\n*Resolved* - Well. {code}\n");
            assert_eq!(read(&text).unwrap().stated.unwrap().updates.len(), 1, "{code}");
        }
    }

    #[test]
    fn prose_becomes_updates_in_the_order_of_their_times() {
        let text = "---\ntitle: x\ndate: 2018-05-25T05:00:00Z\nresolved: true\n---\n\
                    *Resolved* - All is **well**. {{< track \"2018-05-25 05:54:00\" >}}\n\nMore of it.\n\n\
                    *Investigating* - We look. {{< track \"2018-05-25 05:10:00\" >}}\n";
        let item = read(text).unwrap();
        let stated = item.stated.unwrap();
        assert_eq!((item.date.to_rfc3339(), item.html.as_str()), ("2018-05-25T05:10:00+00:00".to_owned(), "<p>We look.</p>\n"));
        assert_eq!(stated.updates.len(), 1);
        assert_eq!(
            (stated.updates[0].state, stated.updates[0].html.as_str()),
            (Some(State::Resolved), "<p>All is <strong>well</strong>.</p>\n<p>More of it.</p>\n")
        );
    }

    #[test]
    fn what_is_open_a_draft_or_no_issue_is_told() {
        let open = read("---\ntitle: x\ndate: 2018-05-25T05:00:00Z\n---\nSlow.").unwrap();
        assert_eq!(open.stated.unwrap().kind, Kind::Notice);
        assert!(read("---\ntitle: x\ndraft: true\n---\n").unwrap_err().contains("draft"));
        assert!(read("---\ntitle: x\ndate: 0001-01-01 00:00:00\n---\n").unwrap_err().contains("usable date"));
        assert!(read("---\ntitle: x\ndate: soon\n---\n").unwrap_err().contains("usable date"));
        assert!(read("Just text").unwrap_err().contains("no front matter"));
        assert!(read("---\ntitle: [\n---\n").unwrap_err().contains("cannot be read"));
        assert!(read("+++\ntitle = \n+++\n").unwrap_err().contains("cannot be read"));
    }
}
