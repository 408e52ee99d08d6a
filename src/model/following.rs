//! Which posts of a thread tell of its event, and what a post takes over from those before it.

use super::post::{Kind, Post};

/// Which of the posts before it in its thread a post follows: `follows` is an id, a slug or an address. Where it could be several, that is
/// an error of its own.
pub fn followed(before: &[&Post], post: &Post) -> Option<usize> {
    let word = post.follows.as_deref()?;
    let has_name =
        |other: &&Post| other.id == word || other.slug == word || other.address.as_str().trim_matches('/') == word.trim_matches('/');
    before.iter().rposition(has_name)
}

/// The posts that a post follows, itself or through others, the nearest first: their positions.
pub fn chain(posts: &[&Post], post: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(post), |at| followed(&posts[..*at], posts[*at])).skip(1)
}

/// Which of the posts of a thread, in the order of telling, a post that names no servers has them from: the nearest before it that names
/// some, and tells of the event or, for a post that tells nothing of it, is one that it follows. `begun` is where the event is told of
/// first: that post has them from what it follows.
pub fn servers_from(posts: &[&Post], post: usize, begun: Option<usize>) -> Option<usize> {
    let is_behind = begun.filter(|begun| *begun < post);
    let tells = is_behind.filter(|_| posts[post].kind != Some(Kind::Notice));
    let mut chain = chain(posts, post).peekable();
    let from = (0..post).rev().filter(|at| !posts[*at].servers.is_empty()).find(|at| {
        // What subscribers were told of a server they were told, also where a post is withdrawn later.
        let is_told = is_behind.is_some_and(|begun| begun <= *at) && posts[*at].kind != Some(Kind::Notice);
        is_told
            || tells.is_none() && {
                while chain.next_if(|followed| followed > at).is_some() {}
                chain.peek() == Some(at)
            }
    });
    from.or_else(|| servers_from(posts, tells?, None))
}

/// Where a thread tells of its event first.
pub fn begun(posts: &[&Post]) -> Option<usize> {
    told(posts).next()
}

/// The posts that have an effect, from the first that says a kind: their positions. What follows a withdrawn post has that one's kind where
/// it tells of an event itself; else it is a word about what was withdrawn.
pub fn told(posts: &[&Post]) -> impl Iterator<Item = usize> {
    let mut was_event = false;
    let mut has_begun = false;
    (0..posts.len()).filter(move |at| {
        let post = posts[*at];
        if !has_begun {
            let follows_event = || was_event && chain(posts, *at).any(|followed| posts[followed].kind.is_some_and(is_event));
            has_begun = !post.withdrawn && post.kind.map_or_else(|| tells_of_event(post) && follows_event(), is_event);
            was_event |= post.kind.is_some_and(is_event);
        }
        has_begun && post.has_effect()
    })
}

fn tells_of_event(post: &Post) -> bool {
    post.start.is_some() || post.impact.is_trouble()
}

pub fn is_event(kind: Kind) -> bool {
    kind != Kind::Notice
}
