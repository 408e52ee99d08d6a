//! Which post a person means: by path, slug, id or address, or chosen from the open ones.

use std::path::Path;

use super::error::CommandError;
use super::posting::{PostingSession, errors_about};
use super::site;
use super::terminal::{BOLD, DIM, Terminal, styled};
use crate::findings::{Format, visible};
use crate::load::names::file_name;
use crate::load::nearest::did_you_mean;
use crate::model::characters::composed;
use crate::model::{Phase, PostIx, Site};
use crate::source::SourceFile;

/// The post that `word` names; without a word, and on a terminal, the one that is chosen.
pub fn find(word: Option<&str>, session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    match word {
        Some(word) => named(word, session, terminal),
        None => chosen(&session.site, terminal),
    }
}

/// The post of a file that was found before the session was refreshed.
pub fn again(path: &str, session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    match session.site.posts.iter().position(|post| *post.path == *path) {
        Some(post) => Ok(post),
        None => named(path, session, terminal),
    }
}

fn named(word: &str, session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    let site = &session.site;
    let path = source_path(word, &session.project.root);
    if let Some(post) = site.posts.iter().position(|post| *post.path == *path) {
        return Ok(post);
    }
    // A file may be called in another Unicode form than it is typed.
    let (word, path) = (&*composed(word), composed(&path));
    let bare = word.trim_matches('/');
    let matches = |post: PostIx| {
        let post = &site.posts[post];
        post.id == word || post.slug == word || composed(&post.path) == path || post.address.as_str().trim_matches('/') == bare
    };
    let found: Vec<PostIx> = (0..site.posts.len()).filter(|&post| matches(post)).collect();
    match found.as_slice() {
        [post] => return Ok(*post),
        [] => {}
        several => {
            let paths: Vec<&str> = several.iter().map(|&post| &*site.posts[post].path).collect();
            return Err(CommandError::usage(format!("`{word}` names {} posts", several.len()))
                .hint(format!("name one by its path: {}", paths.join(", "))));
        }
    }
    let is_called = |path: &str| file_name(path).is_ok_and(|name| name.stem == word || name.slug == word);
    let is_meant = |file: &&SourceFile| {
        let file = composed(&file.path);
        file == path || is_called(&file)
    };
    if let Some(broken) = session.project.sources.under("content/posts/").find(is_meant) {
        let errors = errors_about(&broken.path, session.findings.clone());
        if !errors.is_empty() {
            site::show(&errors, &session.project.sources, Format::Human, terminal)?;
            terminal.always_say("The post has errors; nothing was written.");
            return Err(CommandError::Findings);
        }
    }
    let slugs: Vec<&str> = site.posts.iter().map(|post| post.slug.as_str()).collect();
    let hint = did_you_mean(word, &slugs, "A post is named by its path, its slug or its id");
    Err(CommandError::usage(format!("there is no post called `{word}`")).hint(hint))
}

/// A path that was typed, as the sources have it: from the site's root, whatever the present folder is.
fn source_path(word: &str, root: &Path) -> String {
    let below_root = Path::new(word).canonicalize().ok().and_then(|path| path.strip_prefix(root).ok().map(Path::to_owned));
    below_root.and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_else(|| word.trim_start_matches("./").to_owned())
}

/// Asks which of the open posts is meant: in each open thread the newest one.
fn chosen(site: &Site, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    let open = open_posts(site);
    if open.is_empty() {
        return Err(CommandError::usage("nothing is open, and no post was named").hint("name a post by its path, its slug or its id"));
    }
    if !terminal.can_ask() {
        let slugs: Vec<&str> = open.iter().map(|(post, _)| site.posts[*post].slug.as_str()).collect();
        return Err(CommandError::usage("no post was named").hint(format!("open now: {}", slugs.join(", "))));
    }
    for (number, (post, phase)) in open.iter().enumerate() {
        let post = &site.posts[*post];
        let note = format!("{}, {}", phase.word(), post.slug);
        terminal.always_say(format_args!("{:3}  {}  {}", number + 1, styled(BOLD, visible(&post.title)), styled(DIM, note)));
    }
    loop {
        let Some(answer) = terminal.ask(format_args!("Which one? [1–{}]", open.len()))? else {
            return Err(CommandError::usage("no post was chosen"));
        };
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some((post, _)) = number.and_then(|number| open.get(number)) {
            return Ok(*post);
        }
    }
}

/// Everything that waits for a word: what is wrong or at work, what is over unsaid, what is planned.
fn open_posts(site: &Site) -> Vec<(PostIx, Phase)> {
    let glance = &site.glance;
    let threads = glance.active.iter().chain(&glance.window_over).chain(&glance.planned);
    threads.filter_map(|&thread| Some((*site.threads[thread].posts.last()?, site.threads[thread].event.as_ref()?.phase))).collect()
}
