//! What of a request matters, and whether it comes from where it may: a page of another site that is open in the same
//! browser must neither read the preview nor find it under a name of its own (DNS rebinding).

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::{Method, Uri};

use crate::model::address::escaped_byte;

/// A request that may be answered.
#[derive(Debug, PartialEq, Eq)]
pub struct PreviewRequest {
    /// Decoded, from the host's root: `/2026/05/04/relay/`.
    pub path: String,
    pub query: Option<String>,
}

/// Why a request is not answered: a status code and a sentence.
pub type Refusal = (u16, &'static str);

/// Checks a request.
pub fn check(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<PreviewRequest, Refusal> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if headers.get_all(HOST).iter().count() != 1 || !text(HOST).is_some_and(is_this_machine) {
        return Err((403, "This preview answers only to localhost."));
    }
    if uri.authority().is_some_and(|authority| !is_this_machine(authority.as_str())) {
        return Err((403, "This preview answers only to localhost."));
    }
    let host = text(HOST).unwrap_or_default();
    if text(ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host)) {
        return Err((403, "This preview does not answer to other sites' pages."));
    }
    let fetch = |name: &'static str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if fetch("sec-fetch-site") == "cross-site" && fetch("sec-fetch-mode") != "navigate" {
        return Err((403, "This preview does not answer to other sites' pages."));
    }
    if method != Method::GET && method != Method::HEAD {
        return Err((405, "This preview answers only to GET and HEAD."));
    }
    let path = decode(uri.path()).ok_or((400, "This address cannot be read."))?;
    Ok(PreviewRequest { path, query: uri.query().map(str::to_owned) })
}

/// `localhost:7878`, `127.0.0.1`, `[::1]:80`.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

/// Undoes percent encoding, once. `None` for an escape that is none, and for what is not UTF-8 or no text.
fn decode(path: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, length) = if *first == b'%' { (escaped_byte(tail)?, 3) } else { (*first, 1) };
        decoded.push(byte);
        rest = &rest[length..];
    }
    let decoded = String::from_utf8(decoded).ok()?;
    (decoded.starts_with('/') && !decoded.contains(char::is_control)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uri: &str, headers: &[(&'static str, &str)]) -> Result<PreviewRequest, u16> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        check(&Method::GET, &uri.parse().unwrap(), &headers).map_err(|(status, _)| status)
    }

    #[test]
    fn only_this_machines_names_are_answered() {
        for host in ["localhost", "localhost:7878", "LOCALHOST:1", "127.0.0.1:7878", "[::1]:7878", "[::1]"] {
            assert!(asked("/", &[("host", host)]).is_ok(), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evil.example:7878",
            "127.0.0.1.evil.example",
            "0.0.0.0",
            "127.0.0.2",
            "",
            "x@localhost",
            "localhost:",
        ] {
            assert_eq!(asked("/", &[("host", host)]), Err(403), "{host}");
        }
        assert_eq!(asked("/", &[]), Err(403));
        assert_eq!(asked("http://evil.example/", &[("host", "localhost")]), Err(403));
    }

    #[test]
    fn pages_of_other_sites_are_not_answered() {
        let own = [("host", "localhost:7878"), ("origin", "http://localhost:7878")];
        assert!(asked("/", &own).is_ok());
        for origin in
            ["http://evil.example", "null", "https://localhost:7878", "http://localhost", "http://localhost:7879", "http://127.0.0.1:7878"]
        {
            assert_eq!(asked("/", &[("host", "localhost:7878"), ("origin", origin)]), Err(403), "{origin}");
        }
        let from_elsewhere = |mode| [("host", "localhost"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode)];
        assert!(asked("/", &from_elsewhere("navigate")).is_ok());
        assert_eq!(asked("/", &from_elsewhere("no-cors")), Err(403));
    }

    #[test]
    fn a_path_is_decoded_once_and_must_be_text() {
        let path = |uri| asked(uri, &[("host", "localhost")]).map(|asked| asked.path);
        assert_eq!(path("/caf%C3%A9/%2e%2e/?q=1"), Ok("/café/../".into()));
        assert_eq!(path("/%252e"), Ok("/%2e".into()));
        for uri in ["/%", "/%2", "/%zz", "/%+5", "/%00", "/%0d%0a", "/%ff", "/%C3"] {
            assert_eq!(path(uri), Err(400), "{uri}");
        }
    }
}
