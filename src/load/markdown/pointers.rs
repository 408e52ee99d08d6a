//! Links, images and footnotes of a text: where they lead, and how they are written.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::{MARK, OpenLink, Writer};
use crate::findings::{Code, Finding, Findings};
use crate::load::clean::clean;
use crate::load::fields::shown;
use crate::load::links::{self, Destination};
use crate::model::address::encode_path;
use crate::model::config::RemoteImages;
use crate::model::escape;
use crate::model::text::LocalLink;
use crate::source::Span;

impl Writer<'_> {
    pub(super) fn start_link(&mut self, kind: LinkType, destination: &str, title: &str, range: &Range<usize>, findings: &mut Findings) {
        let destination = if kind == LinkType::Email { format!("mailto:{destination}") } else { destination.to_owned() };
        let place = links::moved(range, self.context.offset);
        let title = title_attribute(title);
        let target = self.resolve(&destination, &place, findings);
        // A link inside a link is no HTML: the outer one stays.
        if self.open_links.contains(&OpenLink::Written) {
            self.open_links.push(OpenLink::Dropped);
            return;
        }
        match target {
            Some(Destination::Local { href, to, fragment }) => {
                self.raw(format!("<a href=\"{MARK}{}\"{title}>", escape(&href)));
                self.links.push(LocalLink { range: 0..0, place, to, fragment });
                self.open_links.push(OpenLink::Written);
            }
            Some(Destination::Outside(url)) => {
                self.raw(format!("<a href=\"{}\"{title} rel=\"noopener noreferrer\">", escape(&url)));
                self.open_links.push(OpenLink::Written);
            }
            Some(Destination::Refused { scheme }) => {
                self.open_links.push(OpenLink::Dropped);
                if kind == LinkType::Autolink {
                    // `<mail.example.net:25>` is a bounce's way of naming a host, and reads as it was pasted.
                    self.open_links.pop();
                    self.open_links.push(OpenLink::Angles);
                    self.text("<".into());
                } else {
                    let said = if scheme.is_empty() {
                        "a link without an address".to_owned()
                    } else {
                        format!("a link with the scheme `{}`", shown(&scheme))
                    };
                    findings.push(
                        Finding::new(Code::UnsafeLink, Span::new(self.context.path, place), said)
                            .help("its text is kept, the link is not; links may use http, https, mailto and tel"),
                    );
                }
            }
            _ => self.open_links.push(OpenLink::Dropped),
        }
    }

    /// Where a link leads; a source file that is not there is a finding and `None`.
    fn resolve(&mut self, destination: &str, place: &Range<usize>, findings: &mut Findings) -> Option<Destination> {
        let from =
            links::LinkOrigin { source: self.context.path, page: self.context.page, base: self.context.base, scope: self.context.scope };
        let Destination::Source { path, fragment } = links::resolve(destination, from) else {
            return Some(links::resolve(destination, from));
        };
        let address = (self.context.address_of)(&path);
        self.looked_up.push((path.clone(), address.clone()));
        match address {
            Some(address) => {
                let mut href = address.encoded();
                if let Some(fragment) = &fragment {
                    href.push('#');
                    href.push_str(&encode_path(fragment));
                }
                Some(Destination::Local { href, to: Some(address), fragment })
            }
            None => {
                findings.push(
                    Finding::new(
                        Code::BrokenLink,
                        Span::new(self.context.path, place.clone()),
                        format!("a link to `{}`, which is no post or page, or a draft", shown(&path)),
                    )
                    .help("link to a post by the path of its `.md` file, from this file's folder; a draft has no page yet"),
                );
                None
            }
        }
    }

    pub(super) fn image(&mut self, destination: &str, alt: &str, title: &str, range: &Range<usize>, findings: &mut Findings) {
        let place = links::moved(range, self.context.offset);
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = title_attribute(title);
        if alt.is_empty() {
            findings.push(
                Finding::new(Code::ImageWithoutText, Span::new(self.context.path, place.clone()), "an image without a text alternative")
                    .help("say what it shows, for those who cannot see it: `![a graph of the load](/load.svg)`"),
            );
        }
        match self.resolve(destination, &place, findings) {
            Some(Destination::Local { href, to, fragment }) => {
                self.raw(format!("<img src=\"{MARK}{}\" alt=\"{}\"{title}>", escape(&href), escape(&alt)));
                self.links.push(LocalLink { range: 0..0, place, to, fragment });
            }
            Some(Destination::Outside(url)) if url.starts_with("http") => self.remote_image(&url, &alt, &title, place, findings),
            Some(Destination::Refused { .. } | Destination::Outside(_)) => {
                findings.push(
                    Finding::new(Code::UnsafeLink, Span::new(self.context.path, place), "an image with an address that is not allowed")
                        .help("put the image into `content/static` and write its address: `/graph.png`"),
                );
                self.text(alt.into());
            }
            _ => self.text(alt.into()),
        }
    }

    fn remote_image(&mut self, url: &str, alt: &str, title: &str, place: Range<usize>, findings: &mut Findings) {
        if self.context.remote_images == RemoteImages::Allow {
            self.raw(format!("<img src=\"{}\" alt=\"{}\"{title} referrerpolicy=\"no-referrer\">", escape(url), escape(alt)));
            return;
        }
        findings.push(
            Finding::new(Code::RemoteImage, Span::new(self.context.path, place), "an image from another host is shown as a link")
                .help("put the image into `content/static`, or set `remote_images = \"allow\"` in site.toml"),
        );
        let words = escape(if alt.is_empty() { url } else { alt }).into_owned();
        if self.open_links.contains(&OpenLink::Written) {
            self.raw(words);
        } else {
            self.raw(format!("<a href=\"{}\"{title} rel=\"noopener noreferrer\">{words}</a>", escape(url)));
        }
    }

    pub(super) fn footnote(&mut self, name: &str) -> (usize, bool) {
        let next = self.footnotes.len() + 1;
        *self.footnotes.entry(name.to_owned()).or_insert((next, false))
    }

    pub(super) fn footnote_reference(&mut self, name: &str, range: &Range<usize>) {
        let (number, seen) = self.footnote(name);
        self.footnotes.insert(name.to_owned(), (number, true));
        let id = links::scoped(self.context.scope, &format!("fn-{number}"));
        let own_id =
            if seen { String::new() } else { format!(" id=\"{}\"", escape(&links::scoped(self.context.scope, &format!("ref-{number}")))) };
        self.raw(format!("<sup{own_id}><a href=\"{MARK}#{}\">{number}</a></sup>", escape(&encode_path(&id))));
        self.links.push(LocalLink { range: 0..0, place: links::moved(range, self.context.offset), to: None, fragment: Some(id) });
    }
}

/// The `title` of a link or image, if it has one.
fn title_attribute(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escape(&clean(title).text)) }
}
