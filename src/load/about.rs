//! Which posts are about which servers.

use std::sync::Arc;

use foldhash::HashSet;

use crate::model::{Post, PostIx, Thread, ThreadIx, following};

/// By post: the one that says which servers it is about.
pub fn servers_from(posts: &[Arc<Post>], threads: &[Thread]) -> Vec<Option<PostIx>> {
    let mut from: Vec<Option<PostIx>> = posts.iter().enumerate().map(|(ix, post)| (!post.servers.is_empty()).then_some(ix)).collect();
    for thread in threads.iter().filter(|thread| thread.posts.len() > 1) {
        let told: Vec<&Post> = thread.posts.iter().map(|post| posts[*post].as_ref()).collect();
        let begun = following::begun(&told);
        for (position, post) in thread.posts.iter().enumerate().filter(|(position, _)| told[*position].servers.is_empty()) {
            from[*post] = following::servers_from(&told, position, begun).map(|position| thread.posts[position]);
        }
    }
    from
}

/// By server: the posts about it, newest first.
pub fn posts_of_server(
    posts: &[Arc<Post>],
    threads: &[Thread],
    thread_of: &[ThreadIx],
    servers_from: &[Option<PostIx>],
    servers: usize,
) -> Vec<Vec<PostIx>> {
    let mut posts_of_server = vec![Vec::new(); servers];
    for (post, thread) in thread_of.iter().enumerate() {
        if let Some(from) = servers_from[post] {
            posts[from].servers.iter().for_each(|server| posts_of_server[*server].push(post));
            continue;
        }
        // Also the servers of withdrawn posts: what subscribers of a server were told stays in its feed.
        let thread = &threads[*thread];
        let named: HashSet<usize> = thread.posts.iter().flat_map(|post| &posts[*post].servers).chain(&thread.servers).copied().collect();
        named.into_iter().for_each(|server| posts_of_server[server].push(post));
    }
    posts_of_server
}
