//! `/sitemap.xml`: every page that a search engine should know, and when it last changed (sitemaps.org, protocol 0.9).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Output, OutputKind};
use crate::model::{Address, Moment, rfc3339};
use crate::plan::{Page, Plan, Shows};

pub const KIND: OutputKind = OutputKind {
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
        return vec![Output::made("sitemap.xml", move |plan| url_set(plan, &whole))];
    }
    // Without dates, which the protocol leaves open: a new post changes one file here too.
    let index: Vec<_> = parts.iter().map(|(address, _)| (address.clone(), None)).collect();
    let whole = Output::made("sitemap.xml", move |plan| document(plan, "sitemapindex", "sitemap", &index));
    let parts = parts.into_iter().map(|(address, pages)| Output::made(address.file(), move |plan| url_set(plan, &pages)));
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

fn url_set(plan: &Plan, pages: &[usize]) -> Vec<u8> {
    let entries: Vec<_> = pages.iter().map(|&page| (plan.pages[page].address.clone(), plan.pages[page].changed)).collect();
    document(plan, "urlset", "url", &entries)
}

fn document(plan: &Plan, root: &str, entry: &str, entries: &[(Address, Option<Moment>)]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::with_capacity(entries.len() * 128));
    write_document(&mut writer, plan, root, entry, entries).expect("writing to memory does not fail");
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
                writer.create_element("lastmod").write_text_content(BytesText::new(&rfc3339(*changed)))?;
            }
            Ok(())
        })?;
    }
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    writer.write_event(Event::End(BytesEnd::new(root)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::Make;
    use crate::outputs::testing::{moment, plan, post, site};

    fn page(address: &str, shows: Shows, changed: Option<&str>) -> Page {
        Page { address: Address::new(address), shows, changed: changed.map(moment) }
    }

    fn planned() -> Plan {
        let posts = ["c", "b", "a"].into_iter().zip((1..=3).rev()).map(|(id, day)| post(id, "P", &format!("2026-05-0{day}T10:00:00Z")));
        let mut plan = plan(site(posts.collect()));
        plan.pages = vec![page("/", Shows::Front, Some("2026-05-03T11:00:00Z")), page("/a b/?/", Shows::Tags, None)];
        for ix in 0..3 {
            let post = &plan.site.posts[ix];
            plan.pages.push(Page { address: post.address.clone(), shows: Shows::Post(ix), changed: Some(post.date) });
        }
        plan.pages.push(page("/404.html", Shows::NotFound, None));
        plan.pages.push(page("/old/", Shows::Redirect { to: Address::new("/") }, None));
        plan
    }

    fn made(outputs: &[Output], path: &str, plan: &Plan) -> Vec<(String, Option<String>)> {
        let output = outputs.iter().find(|output| output.path == path).unwrap();
        let Make::Later(make) = &output.make else { panic!("made late") };
        let text = String::from_utf8(make(plan, &crate::outputs::testing::theme(plan)).unwrap()).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let text = |node: roxmltree::Node<'_, '_>, name: &str| {
            node.children().find(|child| child.has_tag_name((NAMESPACE, name))).and_then(|child| child.text()).map(str::to_owned)
        };
        let entries = document.root_element().children().filter(roxmltree::Node::is_element);
        entries.map(|entry| (text(entry, "loc").unwrap(), text(entry, "lastmod"))).collect()
    }

    #[test]
    fn pages_are_listed_in_full_and_redirects_are_not() {
        let plan = planned();
        let outputs = list(&plan, LIMIT);
        assert_eq!(outputs.len(), 1);
        let entries = made(&outputs, "sitemap.xml", &plan);
        assert_eq!(entries[0], ("https://status.example.net/s/".into(), Some("2026-05-03T11:00:00Z".into())));
        assert_eq!(entries[1], ("https://status.example.net/s/a%20b/%3F/".into(), None));
        assert_eq!(entries.len(), 5);
    }

    #[test]
    fn a_large_site_has_an_index_and_its_oldest_posts_stay_where_they_are() {
        let plan = planned();
        let outputs = list(&plan, 2);
        let index = made(&outputs, "sitemap.xml", &plan);
        let names: Vec<_> = index.iter().map(|(address, _)| address.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["sitemap-pages-1.xml", "sitemap-posts-1.xml", "sitemap-posts-2.xml"]);
        assert_eq!(index[2].1, None);
        let oldest = made(&outputs, "sitemap-posts-1.xml", &plan);
        assert_eq!(oldest[0].0, "https://status.example.net/s/2026/05/01/a/");
    }
}
