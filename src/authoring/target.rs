//! The post of a thread that an update belongs into.
//!
//! In: the site and a thread or post of it. Out: the post in which an update has its effect, and why one would be lost in another.

use crate::model::{PostIx, Site, Thread, following};

/// Why an update would be lost in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The text of a withdrawn post is shown to nobody; with a post of the thread that stands, where there is one.
    Withdrawn(Option<PostIx>),
    /// A notice changes nothing of the event; with the post that tells of it.
    Notice(PostIx),
}

/// The newest post that tells of a thread's event. Drafts come last, since nobody sees what is written into them.
pub fn newest_told(site: &Site, thread: &Thread) -> Option<PostIx> {
    let told = told(site, thread);
    told.iter().rfind(|post| !site.posts[**post].draft).or(told.last()).copied()
}

/// Why an update would be lost in a post, if it would. Words are welcome in a notice: `changes_event` says whether there is more to it.
pub fn lost(site: &Site, post: PostIx, changes_event: bool) -> Option<Lost> {
    let thread = site.thread(post);
    let newest = newest_told(site, thread);
    if site.posts[post].withdrawn {
        let standing = || thread.posts.iter().copied().rfind(|post| !site.posts[*post].withdrawn);
        return Some(Lost::Withdrawn(newest.or_else(standing)));
    }
    newest.filter(|_| changes_event && !told(site, thread).contains(&post)).map(Lost::Notice)
}

/// The posts that tell of a thread's event, in the order of telling.
fn told(site: &Site, thread: &Thread) -> Vec<PostIx> {
    let posts: Vec<_> = site.posts_of(thread).collect();
    following::told(&posts).map(|position| thread.posts[position]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Post};
    use crate::outputs::testing::{post, site_at};

    fn follow_up(id: &str, date: &str) -> Post {
        Post { kind: None, follows: Some("mail".to_owned()), ..post(id, id, date) }
    }

    /// An incident with two follow-ups: one more post that tells of it, and a notice, the newest.
    fn thread() -> [Post; 3] {
        let note = Post { kind: Some(Kind::Notice), ..follow_up("note", "2026-05-04T04:00:00Z") };
        [post("mail", "Mail", "2026-05-04T02:00:00Z"), follow_up("more", "2026-05-04T03:00:00Z"), note]
    }

    fn of<T>(posts: [Post; 3], asked: impl Fn(&Site, &dyn Fn(&str) -> PostIx) -> T) -> T {
        let site = site_at("2026-05-04T05:00:00Z", posts.into());
        asked(&site, &|id| site.posts.iter().position(|post| post.id == id).expect("a post of this id"))
    }

    #[test]
    fn the_newest_post_with_an_effect_is_written_to() {
        let id = |posts| of(posts, |site, _| newest_told(site, &site.threads[0]).map(|post| site.posts[post].id.clone()));
        let [mail, more, note] = thread();
        assert_eq!(id(thread()).as_deref(), Some("more"));
        assert_eq!(id([mail.clone(), Post { withdrawn: true, ..more.clone() }, note.clone()]).as_deref(), Some("mail"));
        assert_eq!(id([mail.clone(), Post { draft: true, ..more.clone() }, note.clone()]).as_deref(), Some("mail"));
        let all_drafts = [mail.clone(), more.clone(), note.clone()].map(|post| Post { draft: true, ..post });
        assert_eq!(id(all_drafts).as_deref(), Some("more"));
        assert_eq!(id([mail, more, note].map(|post| Post { kind: Some(Kind::Notice), ..post })), None);
    }

    #[test]
    fn an_update_is_lost_where_nobody_sees_it_and_where_it_changes_nothing() {
        of(thread(), |site, named| {
            assert_eq!(lost(site, named("note"), true), Some(Lost::Notice(named("more"))));
            assert_eq!(lost(site, named("note"), false), None);
            assert_eq!(lost(site, named("mail"), true), None, "an older post tells of it as well");
        });
        let [mail, more, note] = thread();
        of([Post { withdrawn: true, ..mail.clone() }, more.clone(), note.clone()], |site, named| {
            assert_eq!(lost(site, named("mail"), false), Some(Lost::Withdrawn(Some(named("note")))), "a word about the mistake is left");
        });
        of([mail.clone(), Post { withdrawn: true, ..more.clone() }, note.clone()], |site, named| {
            assert_eq!(lost(site, named("more"), false), Some(Lost::Withdrawn(Some(named("mail")))));
        });
        of([mail, more, note].map(|post| Post { withdrawn: true, ..post }), |site, named| {
            assert_eq!(lost(site, named("mail"), true), Some(Lost::Withdrawn(None)));
        });
    }
}
