//! What is written in an unusual way takes no longer to read: nothing is looked up by comparing it with everything.

mod support;

use std::time::{Duration, Instant};

use signalpost::prepare;
use support::{clock, post, sources};

/// Enough that comparing each with each would show beside the rest of the work.
const POSTS: usize = 1500;

/// How long it takes to read posts; the shorter of two times, because other programs run beside the tests.
fn reading(of: impl Fn(usize) -> (String, String)) -> Duration {
    let posts: Vec<_> = (0..POSTS).map(of).collect();
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sources = sources(&files);
    let once = || {
        let begin = Instant::now();
        prepare(&sources, &clock("2026-05-05T12:00:00Z"));
        begin.elapsed()
    };
    once().min(once())
}

#[test]
fn links_in_another_unicode_form_than_the_file_names() {
    let linked = |name: &str, link: &str| {
        reading(|n| {
            post(&format!("2026-05-04-{name}-{n}"), "title = \"x\"", &format!("See [the other](2026-05-04-{link}-{}.md).", (n + 1) % POSTS))
        })
    };
    let (same, other) = (linked("sto\u{308}rung", "sto\u{308}rung"), linked("sto\u{308}rung", "st\u{f6}rung"));
    assert!(other < 8 * same, "{other:?}, and {same:?} in the same form");
}

#[test]
fn posts_that_follow_none() {
    let following = |followed: &str| {
        reading(|n| {
            post(&format!("2026-05-04-a-long-name-of-a-post-{n}"), &format!("title = \"x\"\nfollows = \"{followed}-{n}\""), "Text.")
        })
    };
    let (known, unknown) = (following("2026-05-04-a-long-name-of-a-post"), following("2026-05-04-no-post"));
    assert!(unknown < 8 * known, "{unknown:?}, and {known:?} where each follows itself");
}
