//! Plain pages and badges of groups whose address is gone.

use super::Comparison;
use super::pages::{address_of_post, redirect_of};
use crate::findings::{Code, Finding, Findings};
use crate::load::servers::PATH;
use crate::model::address::encode_path;
use crate::source::Span;

/// Addresses of pages that come and go with the posts and servers that they are about. Those of servers are told by their feeds.
const OF_POSTS: &[&str] = &["page", "tag", "tags", "category", "categories", "server"];

pub fn check(comparison: &Comparison<'_>, findings: &mut Findings) {
    let Comparison { old, new, .. } = *comparison;
    for (path, file) in old.iter().filter(|(path, _)| !new.contains_key(path.as_str())) {
        let finding = match path.split('/').collect::<Vec<_>>()[..] {
            // The file for shields.io goes with it.
            ["group", _, "badge.svg"] => of_badge(path),
            [first, .., "index.html"] if !OF_POSTS.contains(&first) && !is_year(first) => {
                let address = path.trim_end_matches("index.html");
                // What led on to another page is told with the addresses of posts.
                if address_of_post(address).is_some() || redirect_of(file).is_some() {
                    continue;
                }
                of_page(address)
            }
            _ => continue,
        };
        findings.push(finding);
    }
}

fn of_badge(path: &str) -> Finding {
    let message = format!("`/{path}` was published, and it is gone: who shows it elsewhere shows no status any more");
    let help = "the address is made of the group's name: give the servers the `group` that they had, or tell those who show the badge";
    Finding::new(Code::LostPage, Span::whole_file(&PATH.into()), message).help(help)
}

fn of_page(address: &str) -> Finding {
    let message = format!("`/{}` was published, and nothing answers there any more", encode_path(address));
    let name = address.trim_end_matches('/');
    let help = format!(
        "links to it are in mails and bookmarks: keep `content/pages/{name}.md` with a sentence that links to where this stands now, \
         or put a page that leads there into `content/static/{name}/index.html`"
    );
    Finding::new(Code::LostPage, Span::whole_file(&"content/pages".into()), message).help(help)
}

fn is_year(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}
