use std::sync::Arc;

use hyper::Request;

use super::Shown;
use super::answer::{Answer, answer};
use super::http::reply;
use super::preview::{Preview, PreviewState};
use super::request::PreviewRequest;
use crate::source::Sources;
use crate::{Now, Options};

const SETTINGS: &str = "title = 'Northwind'\nbase_url = 'https://status.example.net'\n";
const POST: &str =
    "+++\ntitle = 'Mail is slow'\nserver = 'nc023'\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:30:00Z\n+++\n\nQueues are long.\n";

fn site(settings: &str, post: &str) -> Sources {
    let mut sources = Sources::default();
    sources.insert("site.toml", settings.to_owned());
    sources.insert("content/servers.toml", "[[server]]\nid = 'nc023'\nname = 'NC023'\n".to_owned());
    sources.insert("content/posts/2026-05-04-mail.md", post.to_owned());
    sources.insert("content/static/.well-known/x.txt", "x".to_owned());
    sources.insert("content/static/a b+ü.txt", "a".to_owned());
    sources
}

fn show(preview: &Preview, sources: &Sources) {
    let now = Now::Given("2026-05-05T00:00:00Z".parse().unwrap());
    let (prepared, findings) = crate::prepare(sources, &Options { now, drafts: false, base_url: None });
    preview.show(prepared, &findings, sources);
}

fn shown(settings: &str) -> Arc<PreviewState> {
    let preview = Preview::default();
    show(&preview, &site(settings, POST));
    let shown = preview.shown();
    assert!(shown.errors.is_none(), "{:?}", shown.errors);
    shown
}

fn get(shown: &PreviewState, path: &str) -> Answer {
    answer(&PreviewRequest { path: path.to_owned(), query: None }, shown)
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

#[test]
fn files_are_answered_with_their_types_and_pages_with_the_reload_script() {
    let shown = shown(SETTINGS);
    let page = get(&shown, "/2026/05/04/mail/");
    assert_eq!((page.status, page.content_type), (200, "text/html; charset=utf-8"));
    assert!(text(&page).contains("Queues are long.") && text(&page).contains("/_signalpost/reload.js?"));
    let feed = get(&shown, "/feed.xml");
    assert_eq!((feed.status, feed.content_type), (200, "application/xml; charset=utf-8"));
    assert!(!text(&feed).contains("_signalpost"));
    assert_eq!(text(&get(&shown, "/.well-known/x.txt")), "x");
    assert_eq!(text(&get(&shown, "/a b+ü.txt")), "a");
}

#[test]
fn a_folder_without_its_slash_leads_to_the_page_and_keeps_the_question() {
    let shown = shown(SETTINGS);
    let asked = PreviewRequest { path: "/2026/05/04/mail".into(), query: Some("q=1".into()) };
    let answer = answer(&asked, &shown);
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("/2026/05/04/mail/?q=1")));
    assert_eq!(get(&shown, "//evil.example/2026").location, None);
}

#[test]
fn old_addresses_are_followed_as_a_host_does() {
    let shown = shown(SETTINGS);
    assert_eq!(get(&shown, "/feed/").location.as_deref(), Some("/feed.xml"));
    assert_eq!(get(&shown, "/tag/x/feed/").location.as_deref(), Some("/tag/x/feed.xml"));
}

#[test]
fn what_is_not_there_gets_the_sites_own_page_for_it() {
    let answer = get(&shown(SETTINGS), "/nowhere/");
    assert_eq!((answer.status, answer.content_type), (404, "text/html; charset=utf-8"));
    assert!(text(&answer).contains("Northwind"));
}

#[test]
fn a_site_below_a_path_is_answered_there() {
    let shown = shown(&SETTINGS.replace("example.net", "example.net/net/status"));
    assert_eq!(get(&shown, "/").location.as_deref(), Some("/net/status/"));
    assert_eq!(get(&shown, "/net/status").location.as_deref(), Some("/net/status/"));
    assert_eq!(get(&shown, "/net/status/2026/05/04/mail/").status, 200);
    assert_eq!(get(&shown, "/net/status/2026/05/04/mail").location.as_deref(), Some("/net/status/2026/05/04/mail/"));
    for path in ["/2026/05/04/mail/", "/net/statusx", "/net/"] {
        assert_eq!(get(&shown, path).status, 404, "{path}");
    }
}

#[test]
fn a_site_below_a_path_with_escapes_is_answered_there() {
    let shown = shown(&SETTINGS.replace("example.net", "example.net/st%20atus"));
    assert_eq!(get(&shown, "/").location.as_deref(), Some("/st%20atus/"));
    assert_eq!(get(&shown, "/st atus/").status, 200);
    assert_eq!(get(&shown, "/st atus/2026/05/04/mail").location.as_deref(), Some("/st%20atus/2026/05/04/mail/"));
    assert_eq!(get(&shown, "/st atus/feed/").location.as_deref(), Some("/st%20atus/feed.xml"));
    assert_eq!(get(&shown, "/st%20atus/").status, 404);
}

#[test]
fn hundreds_of_hostile_paths_give_nothing_that_is_no_file_of_the_site() {
    let shown = shown(SETTINGS);
    let ups = [
        "..",
        "%2e%2e",
        ".%2e",
        "%252e%252e",
        "..%2f",
        "..%5c",
        "..\\",
        "....//",
        "%c0%ae%c0%ae",
        "..;",
        "..%00",
        "\u{2025}",
        "％2e％2e",
        ".",
    ];
    let targets = [
        "etc/passwd",
        "site.toml",
        "content/servers.toml",
        ".git/config",
        ".env",
        "proc/self/environ",
        "index.html/..",
        "C:\\Windows\\win.ini",
    ];
    let starts = ["/", "//", "/2026/", "/feed.xml/", "/_signalpost/", "/assets/", "/.well-known/", "/\\", "/file:///", "/~root/"];
    let mut tried = 0;
    for start in starts {
        for up in ups {
            for target in targets {
                for depth in [1, 3] {
                    let path = format!("{start}{}{target}", format!("{up}/").repeat(depth));
                    let answer = get(&shown, &path);
                    assert_eq!(answer.status, 404, "{path}");
                    assert!(answer.location.is_none(), "{path}");
                    // And over the wire, where it is decoded first.
                    let uri: String =
                        path.chars().map(|c| if c.is_ascii_graphic() && c != '\\' { c.to_string() } else { percent(c) }).collect();
                    let preview = Preview::default();
                    let Ok(request) = Request::get(&uri).header("host", "localhost").body(()) else { continue };
                    let status = reply(&request, &preview).status().as_u16();
                    assert!(matches!(status, 400 | 403 | 404 | 500), "{uri}: {status}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

fn percent(c: char) -> String {
    c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn errors_are_shown_over_the_last_good_site_until_they_are_mended() {
    let preview = Preview::default();
    show(&preview, &site(SETTINGS, POST));
    assert_eq!(preview.shown().what(), Shown::ThisBuild);
    show(&preview, &site(SETTINGS, &POST.replace("nc023", "nc<b>32")));
    assert_eq!(preview.shown().what(), Shown::LastGood);
    let page = text(&get(&preview.shown(), "/2026/05/04/mail/"));
    assert!(page.contains("Queues are long.") && page.contains("signalpost-errors"), "{page}");
    assert!(page.contains("nc&lt;b&gt;32") && !page.contains("nc<b>32"), "{page}");
    assert!(!text(&get(&preview.shown(), "/feed.xml")).contains("signalpost-errors"));
    show(&preview, &site(SETTINGS, POST));
    assert!(!text(&get(&preview.shown(), "/2026/05/04/mail/")).contains("signalpost-errors"));
    assert_eq!(preview.shown().version, 3);
}

#[test]
fn errors_before_the_first_good_site_have_a_page_of_their_own() {
    let preview = Preview::default();
    show(&preview, &site("title = 1\n", POST));
    assert_eq!(preview.shown().what(), Shown::Errors);
    let answer = get(&preview.shown(), "/anything/");
    assert_eq!(answer.status, 500);
    assert!(text(&answer).contains("site.toml"), "{}", text(&answer));
    assert_eq!(get(&preview.shown(), "/_signalpost/reload.js").status, 200);
}

#[test]
fn a_reply_says_no_store_and_only_get_and_head_are_answered() {
    let preview = Preview::default();
    show(&preview, &site(SETTINGS, POST));
    let ask = |method: &str, uri: &str| {
        reply(&Request::builder().method(method).uri(uri).header("host", "localhost:1").body(()).unwrap(), &preview)
    };
    let page = ask("GET", "/");
    assert_eq!((page.status().as_u16(), &page.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
    assert_eq!(ask("HEAD", "/feed.xml").status(), 200);
    let refused = ask("POST", "/");
    assert_eq!((refused.status().as_u16(), &refused.headers()["allow"]), (405, &"GET, HEAD".parse().unwrap()));
    assert_eq!(ask("GET", "/_signalpost/events").headers()["content-type"], "text/event-stream");
}
