//! `site.toml` to settings.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::channels;
use super::clean::is_visible;
use super::fields::{At, Fields, shown};
use super::front_matter;
use super::guard::guarded;
use super::keys::{EDITOR, FEEDS, LINK, SIDEBAR, SITE};
use super::links;
use super::markdown::{self, MarkdownContext};
use super::parsed::TomlSource;
use super::servers::{Servers, url};
use super::syntax;
use super::words as word_list;
use crate::findings::nearest::nearest;
use crate::findings::{Code, Finding, Findings};
use crate::model::address::decode_path;
use crate::model::config::{Config, Editor, FeedSettings, RemoteImages, SidebarBlock, SidebarLink};
use crate::model::{Address, BaseUrl};
use crate::source::{SourceFile, Span};
use crate::words::Words;

/// Reads the settings as far as they go: what cannot be read is an error, and with its default the rest of the site can be checked.
///
/// `base_url` is what the command line says instead of the file.
pub fn read(file: &SourceFile, servers: &Servers, base_url: Option<&BaseUrl>, findings: &mut Findings) -> Config {
    let Some(text) = front_matter::text(file, findings) else { return unreadable(&file.path, servers, base_url) };
    let source = TomlSource { path: &file.path, offset: file.text_offset() };
    let mut mended = String::new();
    let parsed = syntax::parse(text, &mut mended, source, findings);
    let top = Fields::of(&parsed, SITE, "site.toml", findings);
    let title = top.text("title", findings);
    check_visible(title.as_ref(), &top, "the site's title", "write the name that customers know: `title = \"Northwind status\"`", findings);
    let written_base = top.text("base_url", findings).and_then(|written| base(&written, &top, findings));
    let language = language(&top, findings);
    let time_zones = top.texts("time_zones", findings).into_iter().filter_map(|zone| time_zone(&zone, &top, findings)).collect();
    let theme = top.text("theme", findings).unwrap_or_else(|| At { value: "default".to_owned(), range: 0..0 });
    let posts_per_page = top.integer("posts_per_page", findings).unwrap_or(20);
    let remote_images = remote_images(&top, findings);
    let stale_after = top.text("stale_after", findings).and_then(|text| duration(&text, &top, findings)).unwrap_or(TimeDelta::hours(26));
    let feeds = top.table("feeds", FEEDS, "`[feeds]`", findings);
    let items = feeds.as_ref().and_then(|feeds| feeds.integer("items", findings)).unwrap_or(50);
    let authority = feeds.as_ref().and_then(|feeds| authority(feeds, findings));
    let editor = top
        .table("editor", EDITOR, "`[editor]`", findings)
        .map(|editor| Editor { new_url: url(&editor, "new_url", &["http", "https"], findings), edit_url: edit_url(&editor, findings) });
    let words = top.text_table("words", findings);
    word_list::check(&language, &Span::new(&file.path, top.range_of("language").unwrap_or(0..0)), &words, findings);
    let mut local_links = Vec::new();
    let logo = picture(&top, "logo", &mut local_links, findings);
    let favicon = picture(&top, "favicon", &mut local_links, findings);
    let accent = accent(&top, findings);
    let webhooks = channels::webhooks(&top, servers, findings);
    let mail = channels::mail(&top, findings);
    let security_contact = url(&top, "security_contact", &["mailto", "https", "tel"], findings);
    let extra = extra(text, &top, findings);
    let base_url = base_url.cloned().or(written_base).unwrap_or_else(BaseUrl::unknown);
    let sidebar = top.tables("sidebar", SIDEBAR, "a `[[sidebar]]` block", findings);
    let words: Vec<(String, String)> = words.into_iter().map(|(key, text)| (key.value, text.value)).collect();
    let context = (&base_url, remote_images, &Words::in_language(&language, &words));
    let sidebar = sidebar.iter().map(|block| sidebar_block(block, file, context, &mut local_links, findings)).collect();
    Config {
        title: title.map(|title| title.value).unwrap_or_default(),
        description: top.text("description", findings).map(|text| text.value).unwrap_or_default(),
        language,
        time_zones,
        theme: theme.value,
        theme_place: theme.range,
        posts_per_page,
        remote_images,
        stale_after,
        feeds: FeedSettings { items, authority: authority.unwrap_or_else(|| format!("{},2026", base_url.host_name())) },
        editor: editor.unwrap_or_default(),
        sidebar,
        local_links,
        words,
        extra,
        logo,
        favicon,
        accent,
        webhooks,
        mail,
        security_contact,
        base_url,
    }
}

/// The settings of a file that cannot be read at all, which holds nothing against the rest of the site.
pub fn unreadable(path: &Arc<str>, servers: &Servers, base_url: Option<&BaseUrl>) -> Config {
    let empty = SourceFile { path: path.clone(), bytes: Bytes::new() };
    Config { remote_images: RemoteImages::Allow, ..read(&empty, servers, base_url, &mut Findings::default()) }
}

/// The address of the forge's editor, which is another one for each post.
fn edit_url(editor: &Fields<'_, '_>, findings: &mut Findings) -> Option<String> {
    let edit_url = url(editor, "edit_url", &["http", "https"], findings)?;
    if !edit_url.contains("{path}") {
        let place = editor.range_of("edit_url").unwrap_or(editor.range.clone());
        findings.push(
            Finding::new(
                Code::BadUrl,
                Span::new(editor.source().path, place),
                "`edit_url` has no `{path}`: it leads to one page for all posts",
            )
            .help("write `{path}` where the post's path belongs: `https://forge.example/org/status/edit/main/{path}`"),
        );
        return None;
    }
    Some(edit_url)
}

fn remote_images(top: &Fields<'_, '_>, findings: &mut Findings) -> RemoteImages {
    let from_word = |word: &str| match word {
        "link" => Some(RemoteImages::Link),
        "allow" => Some(RemoteImages::Allow),
        _ => None,
    };
    top.word("remote_images", from_word, findings).map_or(RemoteImages::Link, |images| images.value)
}

/// What the theme gets as it is: any TOML, so it is read without a list of keys.
fn extra(text: &str, top: &Fields<'_, '_>, findings: &mut Findings) -> toml::Table {
    if top.range_of("extra").is_some() && !top.is_table("extra") {
        top.table("extra", &[], "`[extra]`", findings);
    }
    match toml::from_str::<toml::Table>(text).ok().and_then(|mut whole| whole.remove("extra")) {
        Some(toml::Value::Table(table)) => table.into_iter().map(|(key, value)| (key, times_as_text(value))).collect(),
        _ => toml::Table::new(),
    }
}

/// Templates have no times: a date is the text that TOML writes it as.
fn times_as_text(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(time) => toml::Value::String(time.to_string()),
        toml::Value::Array(items) => toml::Value::Array(items.into_iter().map(times_as_text).collect()),
        toml::Value::Table(table) => toml::Value::Table(table.into_iter().map(|(key, value)| (key, times_as_text(value))).collect()),
        other => other,
    }
}

fn base(written: &At<String>, top: &Fields<'_, '_>, findings: &mut Findings) -> Option<BaseUrl> {
    let base = BaseUrl::parse(&written.value);
    if base.is_none() {
        findings.push(
            Finding::new(Code::BadUrl, top.at(written), format!("`base_url` takes a URL, found `{}`", shown(&written.value)))
                .help("write where the site is published, without query: `https://status.example.net`"),
        );
    }
    base
}

fn language(top: &Fields<'_, '_>, findings: &mut Findings) -> String {
    let Some(language) = top.text("language", findings) else { return "en".to_owned() };
    if !is_language_tag(&language.value) {
        findings.push(
            Finding::new(Code::BadValue, top.at(&language), format!("`{}` is no language tag", shown(&language.value)))
                .help("write a BCP 47 tag: `en`, `de`, `pt-BR`"),
        );
        return "en".to_owned();
    }
    language.value
}

/// Language, script, region and variants, as browsers take them (Unicode Technical Standard 35, `unicode_language_id`): with another
/// `lang` a page's script cannot write a time.
fn is_language_tag(tag: &str) -> bool {
    let letters = |part: &str, counts: &[usize]| counts.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_variant = |part: &str| {
        let begins_with_digit = part.starts_with(|first: char| first.is_ascii_digit());
        part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && (matches!(part.len(), 5..=8) || part.len() == 4 && begins_with_digit)
    };
    let mut parts = tag.split('-').peekable();
    if !parts.next().is_some_and(|language| letters(language, &[2, 3, 5, 6, 7, 8])) {
        return false;
    }
    parts.next_if(|script| letters(script, &[4]));
    parts.next_if(|region| letters(region, &[2]) || digits(region, 3));
    let variants: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    variants.iter().all(|part| is_variant(part)) && variants.iter().enumerate().all(|(n, part)| !variants[..n].contains(part))
}

fn time_zone(name: &At<String>, top: &Fields<'_, '_>, findings: &mut Findings) -> Option<Tz> {
    let zone = name.value.parse().ok();
    if zone.is_none() {
        let finding = Finding::new(Code::BadValue, top.at(name), format!("`{}` is no time zone", shown(&name.value)));
        findings.push(match nearest(&name.value, TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("write an IANA name: `Africa/Lusaka`"),
        });
    }
    zone
}

/// A number and `m`, `h` or `d`.
fn duration(text: &At<String>, top: &Fields<'_, '_>, findings: &mut Findings) -> Option<TimeDelta> {
    let value = text.value.as_str();
    let parsed = value.char_indices().last().and_then(|(at, unit)| {
        let number = value[..at].trim_end();
        let digits = number.bytes().all(|b| b.is_ascii_digit()).then_some(number)?;
        let number: i64 = digits.parse().ok().filter(|number| (1..=100_000).contains(number))?;
        match unit {
            'm' => Some(TimeDelta::minutes(number)),
            'h' => Some(TimeDelta::hours(number)),
            'd' => Some(TimeDelta::days(number)),
            _ => None,
        }
    });
    if parsed.is_none() {
        findings.push(
            Finding::new(Code::BadValue, top.at(text), format!("`{}` is no length of time", shown(value)))
                .help("write a number and `m`, `h` or `d`: `26h`"),
        );
    }
    parsed
}

/// An authority and a date, as RFC 4151 has them: `status.example.net,2026`.
fn authority(feeds: &Fields<'_, '_>, findings: &mut Findings) -> Option<String> {
    let text = feeds.text("authority", findings)?;
    let is_fine = text.value.split_once(',').is_some_and(|(name, date)| {
        !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.@_".contains(&b))
            && matches!(date.len(), 4 | 7 | 10)
            && date.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
            && ["", "-01", "-01-01"].iter().any(|rest| format!("{date}{rest}").parse::<NaiveDate>().is_ok())
    });
    if !is_fine {
        findings.push(
            Finding::new(Code::BadValue, feeds.at(&text), format!("`{}` is no authority of tag URIs", shown(&text.value)))
                .help("write a host name that was yours in a year, and that year: `status.example.net,2026`"),
        );
        return None;
    }
    Some(text.value)
}

/// As in [`Config::local_links`].
type LocalLink = (Address, Range<usize>);

/// The page or file that an address of this site leads to, as written: without query and fragment.
fn local(url: &str) -> Address {
    Address::new(decode_path(url.split(['?', '#']).next().unwrap_or(url)))
}

/// An address of this site.
fn picture(top: &Fields<'_, '_>, key: &str, local_links: &mut Vec<LocalLink>, findings: &mut Findings) -> Option<String> {
    let text = top.text(key, findings)?;
    if !text.value.starts_with('/') || text.value.starts_with("//") || text.value.contains("..") {
        findings.push(
            Finding::new(Code::BadUrl, top.at(&text), format!("`{key}` takes an address of this site, found `{}`", shown(&text.value)))
                .help(format!(
                    "put the picture into `content/static` and write `{key} = \"/{key}.svg\"`: pages load nothing from other hosts"
                )),
        );
        return None;
    }
    local_links.push((local(&text.value), text.range));
    Some(text.value)
}

fn accent(top: &Fields<'_, '_>, findings: &mut Findings) -> Option<String> {
    let accent = top.text("accent", findings)?;
    let digits =
        accent.value.strip_prefix('#').filter(|digits| matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let Some(digits) = digits else {
        findings.push(
            Finding::new(Code::BadValue, top.at(&accent), format!("`{}` is no colour", shown(&accent.value))).help("write it as `#0b63b0`"),
        );
        return None;
    };
    Some(if digits.len() == 3 {
        format!("#{}", digits.chars().flat_map(|digit| [digit, digit]).collect::<String>())
    } else {
        accent.value.clone()
    })
}

fn sidebar_block(
    block: &Fields<'_, '_>,
    file: &SourceFile,
    (base, remote_images, words): (&BaseUrl, RemoteImages, &Words),
    local_links: &mut Vec<LocalLink>,
    findings: &mut Findings,
) -> SidebarBlock {
    let title = block.text("title", findings);
    check_visible(title.as_ref(), block, "the block's title", "write what stands in the block: `title = \"Help\"`", findings);
    let links =
        block.tables("links", LINK, "a link", findings).iter().filter_map(|link| sidebar_link(link, local_links, findings)).collect();
    let text = block.lines("text", findings).map(|text| {
        let front = Address::new("/");
        let begin = written_out(file, &text);
        let context = MarkdownContext {
            path: &file.path,
            offset: begin.unwrap_or(text.range.start),
            page: &front,
            base,
            remote_images,
            words,
            scope: "sidebar",
            top_heading: 3,
            address_of: &|_| None,
        };
        let mut said = Findings::default();
        let html = guarded(file, &mut said, |findings| markdown::text(&text.value, context, findings));
        let mut html = html.unwrap_or_default();
        if begin.is_none() {
            // What stands where is not known: everything is said of the whole string.
            html.local_links.iter_mut().for_each(|link| link.place = text.range.clone());
        }
        let whole = |finding| Finding { span: Span::new(&file.path, text.range.clone()), ..finding };
        findings.extend(said.into_iter().map(|finding| if begin.is_some() { finding } else { whole(finding) }));
        html
    });
    SidebarBlock { title: title.map(|title| title.value).unwrap_or_default(), links, text }
}

/// What readers are to see must show something.
fn check_visible(title: Option<&At<String>>, fields: &Fields<'_, '_>, called: &str, help: &str, findings: &mut Findings) {
    if let Some(title) = title.filter(|title| !is_visible(&title.value)) {
        let message = format!("{called} is empty");
        findings.push(Finding::new(Code::EmptyTitle, fields.at(title), message).help(help));
    }
}

/// Where in the file a string begins whose characters all stand there as they are; `None` where it has escapes.
fn written_out(file: &SourceFile, text: &At<String>) -> Option<usize> {
    let raw = std::str::from_utf8(file.bytes.get(text.range.clone())?).ok()?;
    let quoted =
        ["\"\"\"", "'''", "\"", "'"].iter().find_map(|quote| raw.strip_prefix(quote)?.strip_suffix(quote).map(|inner| (quote, inner)));
    let (quote, inner) = quoted?;
    let cut = inner.len() - inner.trim_start().len();
    (inner.trim() == text.value.trim()).then(|| text.range.start + quote.len() + cut)
}

fn sidebar_link(link: &Fields<'_, '_>, local_links: &mut Vec<LocalLink>, findings: &mut Findings) -> Option<SidebarLink> {
    let title = link.text("title", findings);
    let url = link.text("url", findings);
    check_visible(title.as_ref(), link, "the link's title", "write where it leads: `title = \"Support\"`", findings);
    let (title, url) = (title?, url?);
    // As in a text: a page's address is composed, and a file's is what it is.
    let url = if url.value.ends_with('/') { url.composed() } else { url };
    let is_fine = match links::scheme(&url.value) {
        Some(scheme) => links::is_allowed(&scheme, &url.value),
        None => url.value.starts_with('/') && !url.value.starts_with("//"),
    };
    if !is_fine {
        findings.push(
            Finding::new(Code::BadUrl, link.at(&url), format!("`{}` is no address that a link may lead to", shown(&url.value)))
                .help("write an http, https, mailto or tel URL, or an address of this site: `/about/`"),
        );
        return None;
    }
    let to = url.value.starts_with('/').then(|| local(&url.value));
    local_links.extend(to.clone().map(|to| (to, url.range)));
    Some(SidebarLink { title: title.value, url: url.value, to })
}

#[cfg(test)]
mod tests {
    use super::is_language_tag;

    #[test]
    fn a_language_is_what_browsers_take_for_one() {
        for tag in ["en", "de-CH", "pt-br", "zh-Hant-TW", "sr-Latn", "es-419", "de-CH-1996", "sl-rozaj-biske", "ast"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for tag in ["", "e", "german-", "de-de-de", "de-x", "de_CH", "en-US-US", "de-1996-1996", "-de", "dé", "root-x", "en--us", "abcd"] {
            assert!(!is_language_tag(tag), "{tag}");
        }
    }
}
