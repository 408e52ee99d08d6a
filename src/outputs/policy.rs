//! What the site's pages may load: the one policy that stands in every page and in the host's rules.

use crate::model::Config;
use crate::model::config::RemoteImages;

/// The Content-Security-Policy of every page: nothing but the site's own files, no inline script or style.
///
/// `frame-ancestors` is not part of it: it has no effect in a page, and the host's rules add it where it belongs.
pub fn content_security_policy(config: &Config) -> String {
    let images = match config.remote_images {
        RemoteImages::Link => "'self' data:",
        RemoteImages::Allow => "'self' data: https: http:",
    };
    format!(
        "default-src 'none'; img-src {images}; style-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'"
    )
}

/// What the form of `init --decap` may do beyond that: Decap CMS makes code of text, sets styles inline, asks the forge for files, and shows
/// pictures before they are kept.
pub const FORM_POLICY: &str = "default-src 'none'; img-src 'self' data: blob: https:; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; script-src 'self' 'unsafe-eval'; connect-src 'self' data: blob: https:; base-uri 'none'; form-action 'self'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_images_widen_the_policy_for_images_and_nothing_else() {
        let strict = crate::outputs::testing::config();
        let wide = Config { remote_images: RemoteImages::Allow, ..strict.clone() };
        let [strict, wide] = [strict, wide].map(|config| content_security_policy(&config));
        assert_eq!(wide.replace(" https: http:", ""), strict);
        assert!(wide.contains("img-src 'self' data: https: http:;"), "{wide}");
        assert!(!strict.contains("unsafe") && strict.starts_with("default-src 'none';"), "{strict}");
    }
}
