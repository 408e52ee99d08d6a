//! The generated posts in the form of each peer. The update headings lose their attributes, which only signalpost reads.

use chrono::{DateTime, Utc};

use crate::site::{self, Post, Shape, posts, server_ids, words};

/// A usual site, with the theme that makes the same pages as the others'.
pub fn signalpost(shape: Shape) -> Vec<(String, String)> {
    let with_theme = |(path, text): (String, String)| if path == "site.toml" { (path, text + "theme = \"peers\"\n") } else { (path, text) };
    site::files(shape).into_iter().map(with_theme).collect()
}

/// TOML front matter; taxonomies are lists.
pub fn hugo(shape: Shape) -> Vec<(String, String)> {
    let mut files: Vec<_> = posts(shape)
        .iter()
        .map(|post| {
            let front = format!(
                "+++\ntitle = \"{}\"\ndate = {}\nslug = \"{}\"\nkind = \"{}\"\nservers = {:?}\ntags = {:?}\nyears = [\"{}\"]\nmonths = [\"{}\"]\n{}+++\n\n",
                post.title,
                post.date.format("%Y-%m-%dT%H:%M:%SZ"),
                post.slug,
                post.kind,
                post.servers,
                post.tags,
                post.date.format("%Y"),
                post.date.format("%Y-%m"),
                window(post),
            );
            (format!("content/posts/{}/{}.md", post.date.format("%Y"), post.stem()), front + &post.body(false))
        })
        .collect();
    let servers: String = servers(shape)
        .iter()
        .map(|Server { id, name, about, town }| format!("[{id}]\nname = \"{name}\"\nabout = \"{about}\"\ntown = \"{town}\"\n\n"))
        .collect();
    files.push(("data/servers.toml".into(), servers));
    files.push(("static/site.css".into(), STYLE.into()));
    files
}

/// TOML front matter; the address is said by the post, the first sentence stands in it because a pager has no summary.
pub fn zola(shape: Shape) -> Vec<(String, String)> {
    let mut files: Vec<_> = posts(shape)
        .iter()
        .map(|post| {
            let front = format!(
                "+++\ntitle = \"{}\"\ndate = {}\npath = \"{}/{}\"\n[taxonomies]\nservers = {:?}\ntags = {:?}\nyears = [\"{}\"]\nmonths = [\"{}\"]\n[extra]\nkind = \"{}\"\nfirst = {:?}\n{}+++\n\n",
                post.title,
                post.date.format("%Y-%m-%dT%H:%M:%SZ"),
                post.date.format("%Y/%m/%d"),
                post.slug,
                post.servers,
                post.tags,
                post.date.format("%Y"),
                post.date.format("%Y-%m"),
                post.kind,
                first(post),
                window(post),
            );
            (format!("content/{}.md", post.stem()), front + &post.body(false))
        })
        .collect();
    let servers: String = servers(shape)
        .iter()
        .map(|Server { id, name, about, town }| format!("{id} = {{ name = \"{name}\", about = \"{about}\", town = \"{town}\" }}\n"))
        .collect();
    let config = include_str!("zola/config.toml");
    files.push(("config.toml".into(), format!("{config}\n[extra.servers]\n{servers}")));
    files.push(("static/site.css".into(), STYLE.into()));
    files
}

/// JSON front matter, which costs it least. Neighbours are written into the posts: looking them up would make its build quadratic.
pub fn eleventy(shape: Shape) -> Vec<(String, String)> {
    let posts = posts(shape);
    let url = |post: &Post| format!("/{}/{}/", post.date.format("%Y/%m/%d"), post.slug);
    let neighbour = |post: Option<&Post>| post.map(|post| serde_json::json!({ "url": url(post), "title": post.title }));
    let mut files: Vec<_> = posts
        .iter()
        .enumerate()
        .map(|(n, post)| {
            let front = serde_json::json!({
                "layout": "post.njk", "tags": "post", "title": post.title, "date": post.date.to_rfc3339(), "permalink": url(post), "kind": post.kind,
                "servers": post.servers, "words": post.tags, "first": first(post), "start": post.start, "end": end(post),
                "newer": neighbour(posts.get(n + 1)), "older": neighbour(n.checked_sub(1).map(|n| &posts[n])),
            });
            (format!("posts/{}.md", post.stem()), format!("---json\n{front}\n---\n\n{}", post.body(false)))
        })
        .collect();
    let server = |Server { id, name, about, town }| (id, serde_json::json!({ "name": name, "about": about, "town": town }));
    let servers: serde_json::Map<_, _> = servers(shape).into_iter().map(server).collect();
    files.push(("_data/machines.json".into(), serde_json::Value::from(servers).to_string()));
    files.push(("site.css".into(), STYLE.into()));
    files.push(("package.json".into(), "{ \"type\": \"module\" }".into()));
    files
}

const STYLE: &str = "body { max-width: 60rem; margin: auto; font-family: sans-serif; }\n";

struct Server {
    id: String,
    name: String,
    about: &'static str,
    town: &'static str,
}

fn servers(shape: Shape) -> Vec<Server> {
    let server = |(n, id): (usize, String)| Server {
        name: id.to_uppercase(),
        id,
        about: words::JOBS[n % words::JOBS.len()],
        town: words::TOWNS[n % words::TOWNS.len()].0,
    };
    server_ids(shape).into_iter().enumerate().map(server).collect()
}

fn first(post: &Post) -> &str {
    post.text.lines().next().unwrap_or_default().split(". ").next().unwrap_or_default()
}

/// When it was over: signalpost finds that itself, by the update that says so.
fn end(post: &Post) -> Option<DateTime<Utc>> {
    post.end.or_else(|| post.updates.iter().find(|update| update.state == "Resolved").map(|update| update.at))
}

/// `start` and `end`, as far as there are any.
fn window(post: &Post) -> String {
    let times = [("start", post.start), ("end", end(post))];
    times.iter().filter_map(|(key, at)| at.map(|at| format!("{key} = {}\n", at.format("%Y-%m-%dT%H:%M:%SZ")))).collect()
}
