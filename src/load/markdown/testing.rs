//! A file and a site for texts in unit tests.

use super::MarkdownContext;
use crate::model::config::RemoteImages;
use crate::model::{Address, BaseUrl};
use crate::words::Words;

/// Gives `read` the context of the post at `/x/` on a site in a language.
pub fn in_context<T>(language: &str, remote_images: RemoteImages, read: impl FnOnce(MarkdownContext<'_>) -> T) -> T {
    let (page, base) = (Address::new("/x/"), BaseUrl::parse("https://status.example.net").unwrap());
    read(MarkdownContext {
        path: &"content/posts/x.md".into(),
        offset: 0,
        page: &page,
        base: &base,
        remote_images,
        words: &Words::in_language(language, &[]),
        scope: "x",
        top_heading: 2,
        address_of: &|_| None,
    })
}
