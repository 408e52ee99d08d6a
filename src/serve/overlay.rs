//! What the preview adds to a page: the script that loads it again after a change, and the errors of a build that is not
//! shown. Nothing of it is ever written to a file; script and style come from the preview's own addresses, as the page's
//! policy wants it.

use super::preview::Errors;
use crate::model::escape;

pub const SCRIPT: &str = "/_signalpost/reload.js";
pub const STYLE: &str = "/_signalpost/errors.css";
/// Server-sent events: a version at once, and each later one.
pub const EVENTS: &str = "/_signalpost/events";

/// Loads the page again when the preview tells another version than the one it was made with. A page in the background
/// keeps no connection: browsers have six for a host.
pub const SCRIPT_TEXT: &str = r#"(function () {
  "use strict";
  var version = document.currentScript.src.split("?")[1];
  var events = null;
  function listen() {
    if (events || document.hidden) return;
    events = new EventSource("/_signalpost/events");
    events.onmessage = function (event) {
      if (event.data !== version) location.reload();
    };
  }
  function hush() {
    if (events) events.close();
    events = null;
  }
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) hush(); else listen();
  });
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", listen);
  listen();
})();
"#;

pub const STYLE_TEXT: &str = "
.signalpost-errors {
  background: #fff; border: 3px solid #b3261e; box-shadow: 0 0 2rem #0006; box-sizing: border-box; color: #1c1b1f;
  font: 14px/1.5 ui-monospace, monospace; inset: auto 1rem 1rem; margin: 0; max-height: 80vh; overflow: auto; padding: 1rem;
  position: fixed; z-index: 2147483647;
}
.signalpost-errors summary { cursor: pointer; font-weight: bold; }
.signalpost-errors pre { background: none; border: 0; color: inherit; font: inherit; margin: 1rem 0 0; padding: 0; white-space: pre-wrap; }
";

/// The version as the script and the events tell it; another program's preview at the same port is another version.
pub fn stamp(version: usize) -> String {
    format!("{}-{version}", std::process::id())
}

/// A page of the site with the script, and with the errors where there are some.
pub fn over(page: &[u8], errors: Option<&Errors>, version: usize) -> Vec<u8> {
    let mut made = Vec::with_capacity(page.len() + 256);
    let head_end = find(page, b"</head>").unwrap_or(0);
    made.extend_from_slice(&page[..head_end]);
    made.extend_from_slice(head(errors, version).as_bytes());
    let rest = &page[head_end..];
    let body_end = find(rest, b"</body>").unwrap_or(rest.len());
    made.extend_from_slice(&rest[..body_end]);
    if let Some(errors) = errors {
        made.extend_from_slice(block(errors, "this is the last good site").as_bytes());
    }
    made.extend_from_slice(&rest[body_end..]);
    made
}

/// A page of errors alone, where there is no good site yet.
pub fn page(errors: &Errors, version: usize) -> Vec<u8> {
    let head = head(Some(errors), version);
    let block = block(errors, "the page is shown when they are mended");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>{head}</head><body>{block}</body></html>\n",
        escape(&errors.title)
    )
    .into_bytes()
}

fn head(errors: Option<&Errors>, version: usize) -> String {
    let style = errors.map_or_else(String::new, |_| format!("<link rel=\"stylesheet\" href=\"{STYLE}\">"));
    format!("{style}<script src=\"{SCRIPT}?{}\" defer></script>", stamp(version))
}

fn block(errors: &Errors, then: &str) -> String {
    format!(
        "<details class=\"signalpost-errors\" lang=\"en\" open><summary>{}: {then}</summary><pre>{}</pre></details>",
        escape(&errors.title),
        escape(&errors.text)
    )
}

/// The last place: a page's own closing tag stands after all that its text holds.
fn find(page: &[u8], tag: &[u8]) -> Option<usize> {
    page.windows(tag.len()).rposition(|window| window.eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_the_script_at_the_end_of_its_head_and_nothing_else() {
        let page = over(b"<html><head><title>x</title></head><body>text</body></html>", None, 7);
        let script = format!("<script src=\"/_signalpost/reload.js?{}-7\" defer></script>", std::process::id());
        assert_eq!(String::from_utf8(page).unwrap(), format!("<html><head><title>x</title>{script}</head><body>text</body></html>"));
    }

    #[test]
    fn errors_stand_in_the_page_as_text() {
        let errors = Errors { title: "1 error".into(), text: "no server <script>alert(1)</script> & \"more\"".into() };
        for page in [over(b"<html><head></head><body>text</body></html>", Some(&errors), 1), page(&errors, 1)] {
            let page = String::from_utf8(page).unwrap();
            assert!(page.contains("no server &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"), "{page}");
            assert!(page.contains("<link rel=\"stylesheet\" href=\"/_signalpost/errors.css\">"), "{page}");
            assert!(page.ends_with("</html>") || page.ends_with("</html>\n"), "{page}");
        }
    }
}
