//! Which post a person means: by path, slug, id or address, or chosen from the open ones.

use std::collections::HashSet;
use std::path::Path;

use super::error::CommandError;
use super::posting::{PostingSession, errors_about};
use super::site;
use super::terminal::{BOLD, DIM, Terminal, styled};
use crate::authoring::{Lost, lost, newest_told};
use crate::findings::nearest::did_you_mean;
use crate::findings::{Format, visible};
use crate::load::POSTS;
use crate::load::names::file_name;
use crate::load::servers::Servers;
use crate::model::characters::composed;
use crate::model::{Phase, PostIx, ServerIx, Site};
use crate::source::SourceFile;

/// The post that `word` names; without a word, and on a terminal, the one that is chosen. Where several could be meant, it is the one
/// whose event is open: at a phase that `is_open` takes. A draft is meant where nothing else is.
pub fn find(
    word: Option<&str>,
    is_open: fn(Phase) -> bool,
    session: &mut PostingSession,
    terminal: &mut Terminal,
) -> Result<PostIx, CommandError> {
    let open = |site: &Site| -> Vec<(PostIx, Phase)> { open_posts(site).into_iter().filter(|(_, phase)| is_open(*phase)).collect() };
    let Some(word) = word else { return chosen(&open(&session.site), session, terminal) };
    match named(word, &open(&session.site), session, terminal) {
        Err(error @ CommandError::Usage { .. }) if !session.site.drafts.is_empty() => {
            session.read_drafts(true, terminal)?;
            match named(word, &[], session, terminal) {
                Ok(post) if session.site.posts[post].draft => Ok(post),
                _ => Err(error),
            }
        }
        found => found,
    }
}

/// Whether there is something to end.
pub fn is_begun(phase: Phase) -> bool {
    !phase.is_over() && phase != Phase::Scheduled
}

/// The post of a file that was found before the session was refreshed.
pub fn again(path: &str, session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    match session.site.post_of_file(path) {
        Some(post) => Ok(post),
        None => named(path, &[], session, terminal),
    }
}

/// What to type for a post: its slug, or its path where another post has the same.
pub fn name_of(post: PostIx, site: &Site) -> &str {
    let is_alone = site.posts.iter().filter(|other| other.slug == site.posts[post].slug).count() == 1;
    if is_alone { &site.posts[post].slug } else { &site.posts[post].path }
}

fn named(word: &str, open: &[(PostIx, Phase)], session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    let site = &session.site;
    let path = source_path(word, &session.project.root);
    if let Some(post) = site.post_of_file(&path) {
        return Ok(post);
    }
    // A file may be called in another Unicode form than it is typed.
    let (word, path) = (&*composed(word), composed(&path));
    let bare = word.trim_matches('/');
    let matches = |post: PostIx| {
        let post = &site.posts[post];
        let is_path = [&*path, word.trim_start_matches("./")].contains(&&*composed(&post.path));
        post.id == word || post.slug == word || is_path || post.address.as_str().trim_matches('/') == bare
    };
    let found: Vec<PostIx> = (0..site.posts.len()).filter(|&post| matches(post)).collect();
    let server = Servers::of(&site.servers).find(word);
    match found.as_slice() {
        // A post called like a server is not meant where it is over, and something is open about that.
        [post] => match server.filter(|server| !is_open(*post, open, site) && is_any_open(*server, open, site)) {
            Some(server) => return about_server(server, open, session),
            None => return Ok(*post),
        },
        [] => {}
        several => return the_open_one(word, several, open, site),
    }
    let is_called = |path: &str| file_name(path).is_ok_and(|name| name.stem == word || name.slug == word);
    let is_meant = |file: &&SourceFile| {
        let file = composed(&file.path);
        file == path || is_called(&file)
    };
    if let Some(broken) = session.project.sources.under(POSTS).find(is_meant) {
        let errors = errors_about(&broken.path, &session.findings);
        if !errors.is_empty() {
            site::show(&errors, &session.project.sources, Format::Human, terminal)?;
            terminal.always_say("The post has errors; nothing was written.");
            return Err(CommandError::Findings);
        }
    }
    if let Some(server) = server {
        return about_server(server, open, session);
    }
    let slugs: Vec<&str> = site.posts.iter().map(|post| post.slug.as_str()).collect();
    let hint = did_you_mean(word, &slugs, "A post is named by its path, its slug or its id");
    Err(CommandError::usage(format!("there is no post called `{word}`")).hint(hint))
}

/// Of the posts that have a name in common, the one whose event is open; where it tells nothing of that, the one that does.
fn the_open_one(word: &str, posts: &[PostIx], open: &[(PostIx, Phase)], site: &Site) -> Result<PostIx, CommandError> {
    let open_one = |post: PostIx| open.iter().find(|(of_thread, _)| site.thread_of[*of_thread] == site.thread_of[post]);
    let named: Vec<(PostIx, PostIx)> = posts.iter().filter_map(|&post| Some((post, open_one(post)?.0))).collect();
    match named.as_slice() {
        [(post, told)] => return Ok(if lost(site, *post, true).is_none() { *post } else { *told }),
        // All of one thread.
        [(_, told), others @ ..] if others.iter().all(|(_, other)| other == told) => return Ok(*told),
        _ => {}
    }
    let open: Vec<PostIx> = named.into_iter().map(|(post, _)| post).collect();
    let (which, listed) = if open.is_empty() { ("posts", posts) } else { ("open posts", open.as_slice()) };
    let named: Vec<String> = listed.iter().map(|&post| with_phase(&site.posts[post].path, post, site)).collect();
    Err(CommandError::usage(format!("`{word}` names {} {which}", listed.len())).hint(format!("name one by its path: {}", named.join(", "))))
}

fn is_open(post: PostIx, open: &[(PostIx, Phase)], site: &Site) -> bool {
    open.iter().any(|(of_thread, _)| site.thread_of[*of_thread] == site.thread_of[post])
}

fn is_any_open(server: ServerIx, open: &[(PostIx, Phase)], site: &Site) -> bool {
    open.iter().any(|(post, _)| site.thread(*post).servers.contains(&server))
}

/// The only event about a server that is open; what goes on now comes before what is planned, or over unsaid.
fn about_server(server: ServerIx, open: &[(PostIx, Phase)], session: &PostingSession) -> Result<PostIx, CommandError> {
    let site = &session.site;
    let about: Vec<(PostIx, Phase)> = open.iter().copied().filter(|(post, _)| site.thread(*post).servers.contains(&server)).collect();
    let active: Vec<(PostIx, Phase)> = about.iter().copied().filter(|(_, phase)| phase.is_active()).collect();
    let name = &site.servers[server].name;
    match if active.is_empty() { about } else { active }.as_slice() {
        [(post, _)] => Ok(*post),
        [] => Err(CommandError::usage(format!("nothing is open about {name}")).hint(hint_where_nothing_is_open(session))),
        several => {
            let named: Vec<String> = several.iter().map(|&(post, _)| with_phase(name_of(post, site), post, site)).collect();
            Err(CommandError::usage(format!("{} events about {name} are open", several.len()))
                .hint(format!("name one: {}", named.join(", "))))
        }
    }
}

/// An error where an update would be lost in the post that was named: it names the one to write to instead.
pub fn check_heard(post: PostIx, changes_event: bool, site: &Site) -> Result<(), CommandError> {
    let title = visible(&site.posts[post].title);
    let withdrawn = || CommandError::usage(format!("`{title}` is withdrawn: the text of an update in it is shown to nobody"));
    Err(match lost(site, post, changes_event) {
        None => return Ok(()),
        Some(Lost::Notice(told)) => CommandError::usage(format!("`{title}` is a notice: nothing in it changes the event that it follows"))
            .hint(format!("name the post that tells of the event: {}", name_of(told, site))),
        Some(Lost::Withdrawn(Some(standing))) => withdrawn().hint(format!("name a post that stands: {}", name_of(standing, site))),
        Some(Lost::Withdrawn(None)) => withdrawn().hint("to say more of it: signalpost new notice TITLE"),
    })
}

/// `mail-is-slow (ongoing)`
fn with_phase(name: &str, post: PostIx, site: &Site) -> String {
    match &site.thread(post).event {
        Some(event) => format!("{name} ({})", event.phase.word().replace('-', " ")),
        None => name.to_owned(),
    }
}

/// A path that was typed, as the sources have it: from the site's root, whatever the present folder is.
fn source_path(word: &str, root: &Path) -> String {
    let below_root = Path::new(word).canonicalize().ok().and_then(|path| path.strip_prefix(root).ok().map(Path::to_owned));
    below_root.and_then(|path| path.to_str().map(str::to_owned)).unwrap_or_else(|| word.trim_start_matches("./").to_owned())
}

/// Asks which of the open posts is meant.
fn chosen(open: &[(PostIx, Phase)], session: &PostingSession, terminal: &mut Terminal) -> Result<PostIx, CommandError> {
    let site = &session.site;
    if open.is_empty() {
        let hint = hint_where_nothing_is_open(session);
        return Err(CommandError::usage("nothing is open, and no post was named").hint(hint));
    }
    if !terminal.can_ask() {
        let slugs: Vec<&str> = open.iter().map(|(post, _)| site.posts[*post].slug.as_str()).collect();
        return Err(CommandError::usage("no post was named").hint(format!("open now: {}", slugs.join(", "))));
    }
    for (number, (post, phase)) in open.iter().enumerate() {
        let post = &site.posts[*post];
        let note = format!("{}, {}", phase.word(), post.slug);
        terminal.always_say(format_args!("{:3}  {}  {}", number + 1, styled(BOLD, visible(&post.title)), styled(DIM, visible(&note))));
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

/// What is open may be told in a post that could not be read.
fn hint_where_nothing_is_open(session: &PostingSession) -> String {
    let read: HashSet<&str> = session.site.posts.iter().map(|post| &*post.path).collect();
    let is_left_out = |file: &&SourceFile| !read.contains(&*file.path) && !errors_about(&file.path, &session.findings).is_empty();
    let left_out: Vec<&str> = session.project.sources.under(POSTS).filter(is_left_out).map(|file| &*file.path).collect();
    match left_out.as_slice() {
        [] => "name a post by its path, its slug or its id".to_owned(),
        [path] => visible(&format!("`{path}` has errors and could not be asked; `signalpost check` shows them")),
        [path, others @ ..] => {
            visible(&format!("`{path}` and {} more have errors and could not be asked; `signalpost check` shows them", others.len()))
        }
    }
}

/// Everything that waits for a word: what is wrong or at work, what is over unsaid, what is planned. In each thread it is the newest post
/// that tells of it. An event of drafts alone is open to nobody: it would stand in the way of the one that customers know.
pub fn open_posts(site: &Site) -> Vec<(PostIx, Phase)> {
    let glance = &site.glance;
    let threads = glance.active.iter().chain(&glance.window_over).chain(&glance.planned);
    let of_threads = threads.map(|&thread| &site.threads[thread]);
    let told = of_threads.filter_map(|thread| Some((newest_told(site, thread)?, thread.event.as_ref()?.phase)));
    told.filter(|(post, _)| !site.posts[*post].draft).collect()
}
