//! The rules of `_redirects` that the preview follows, as the hosts that read them do: the first that fits.
//!
//! In: the file's text and a path, percent-encoded as its rules are. Out: where that leads. Rules that lead out of the site are the host's business.

/// Where the rules send a path: `/tag/:slug/feed /tag/:slug/feed.xml 301`, a placeholder being one part of a path.
pub fn target(rules: &str, path: &str) -> Option<String> {
    rules.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let (from, to) = (words.next()?, words.next()?);
        let is_own = to.starts_with('/') && !to.starts_with("//") && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let values = filled(from, path).filter(|_| is_own)?;
        let part =
            |part: &str| values.iter().find(|(name, _)| *name == part).map_or_else(|| part.to_owned(), |(_, value)| (*value).to_owned());
        Some(to.split('/').map(part).collect::<Vec<_>>().join("/")).filter(|to| !to.starts_with("//"))
    })
}

/// The placeholders of a pattern and what stands for them in the path; `None` where the path is another.
fn filled<'a>(pattern: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let pairs = || pattern.iter().zip(&path).map(|(from, value)| (*from, *value));
    let fits = |(from, value): (&str, &str)| if from.starts_with(':') { !value.is_empty() } else { from == value };
    (pattern.len() == path.len() && pairs().all(fits)).then(|| pairs().filter(|(from, _)| from.starts_with(':')).collect())
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn the_first_rule_that_fits_is_followed_and_none_out_of_the_site() {
        let rules = "# old\n/feed/ /feed.xml 301\n/tag/:slug/feed /tag/:slug/feed.xml 301\n/out https://example.net/ 301\n/out2 //example.net/x\n/:a //:a\n";
        let to = |path| target(rules, path);
        assert_eq!(to("/feed/").as_deref(), Some("/feed.xml"));
        assert_eq!(to("/tag/smtp/feed").as_deref(), Some("/tag/smtp/feed.xml"));
        for path in ["/feed", "/tag//feed", "/tag/a/b/feed", "/out", "/out2", "/evil.example", ""] {
            assert_eq!(to(path), None, "{path}");
        }
    }
}
