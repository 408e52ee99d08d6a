//! `/robots.txt`: crawlers may read everything, and are told where the sitemap is (RFC 9309).

use super::{Output, OutputKind};
use crate::model::{Address, BaseUrl};

pub const KIND: OutputKind = OutputKind {
    addresses: "`/robots.txt`",
    about: "crawlers are welcome; where the sitemap is",
    list: |_, _| vec![Output::made("robots.txt", |plan| robots(plan.site.base()))],
};

fn robots(base: &BaseUrl) -> String {
    format!("User-agent: *\nDisallow:\n\nSitemap: {}\n", base.absolute(&Address::new("/sitemap.xml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_open_and_the_sitemap_is_named_in_full() {
        let base = BaseUrl::parse("https://example.net/status").unwrap();
        assert_eq!(robots(&base), "User-agent: *\nDisallow:\n\nSitemap: https://example.net/status/sitemap.xml\n");
    }
}
