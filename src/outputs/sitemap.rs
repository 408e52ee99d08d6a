//! `/sitemap.xml`: every page that a search engine should know, and when it last changed (sitemaps.org, protocol 0.9).

use chrono::SecondsFormat;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Output, OutputKind};
use crate::model::{Address, Moment};
use crate::plan::{Page, Plan, Shows};

pub const KIND: OutputKind = OutputKind {
    name: "sitemap",
    addresses: "`/sitemap.xml`",
    about: "every page and when it last changed; an index of several files beyond 50,000 pages",
    list: |plan, _| list(plan, LIMIT),
};

/// The most URLs that the protocol allows in one file.
const LIMIT: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn list(plan: &Plan, limit: usize) -> Vec<Output> {
    let parts = parts(plan, limit);
    if let [(_, whole)] = parts.as_slice() {
        let whole = whole.clone();
        return vec![Output::later("sitemap.xml", move |plan: &Plan, _| Ok(url_set(plan, &whole)))];
    }
    let index: Vec<_> = parts.iter().map(|(address, pages)| (address.clone(), newest(plan, pages))).collect();
    let whole = Output::later("sitemap.xml", move |plan: &Plan, _| Ok(document(plan, "sitemapindex", "sitemap", &index)));
    let parts = parts.into_iter().map(|(address, pages)| Output::later(address.file(), move |plan: &Plan, _| Ok(url_set(plan, &pages))));
    std::iter::once(whole).chain(parts).collect()
}

/// The files and the pages in each. Posts stand apart and oldest first, so that a new one changes only the last of theirs.
fn parts(plan: &Plan, limit: usize) -> Vec<(Address, Vec<usize>)> {
    let listed = (0..plan.pages.len()).filter(|&page| is_listed(&plan.pages[page]));
    let (mut posts, others): (Vec<_>, Vec<_>) = listed.partition(|&page| matches!(plan.pages[page].shows, Shows::Post(_)));
    if posts.len() + others.len() <= limit {
        return vec![(Address::new("/sitemap.xml"), others.into_iter().chain(posts).collect())];
    }
    posts.sort_by_key(|&page| match plan.pages[page].shows {
        Shows::Post(post) => std::cmp::Reverse(post),
        _ => std::cmp::Reverse(0),
    });
    let named = |name: &'static str, pages: Vec<usize>| {
        let chunks: Vec<_> = pages.chunks(limit).map(<[usize]>::to_vec).collect();
        chunks.into_iter().enumerate().map(move |(number, pages)| (Address::new(format!("/sitemap-{name}-{}.xml", number + 1)), pages))
    };
    named("pages", others).chain(named("posts", posts)).collect()
}

/// Pages without content of their own are left out.
fn is_listed(page: &Page) -> bool {
    !matches!(page.shows, Shows::NotFound | Shows::Redirect { .. } | Shows::Search)
}

fn newest(plan: &Plan, pages: &[usize]) -> Option<Moment> {
    pages.iter().filter_map(|&page| plan.pages[page].changed).max()
}

fn url_set(plan: &Plan, pages: &[usize]) -> Vec<u8> {
    let entries: Vec<_> = pages.iter().map(|&page| (plan.pages[page].address.clone(), plan.pages[page].changed)).collect();
    document(plan, "urlset", "url", &entries)
}

fn document(plan: &Plan, root: &str, entry: &str, entries: &[(Address, Option<Moment>)]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::with_capacity(entries.len() * 128));
    // Writing to memory cannot fail.
    let _ = write_document(&mut writer, plan, root, entry, entries);
    writer.into_inner()
}

fn write_document(
    writer: &mut Writer<Vec<u8>>,
    plan: &Plan,
    root: &str,
    entry: &str,
    entries: &[(Address, Option<Moment>)],
) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new(root).with_attributes([("xmlns", NAMESPACE)])))?;
    for (address, changed) in entries {
        writer.write_event(Event::Text(BytesText::new("\n")))?;
        writer.create_element(entry).write_inner_content(|writer| {
            writer.create_element("loc").write_text_content(BytesText::new(&plan.site.base().absolute(address)))?;
            if let Some(changed) = changed {
                let changed = changed.to_rfc3339_opts(SecondsFormat::Secs, true);
                writer.create_element("lastmod").write_text_content(BytesText::new(&changed))?;
            }
            Ok(())
        })?;
    }
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    writer.write_event(Event::End(BytesEnd::new(root)))
}
