//! `signalpost new`

use super::args::{Global, New};
use super::error::CommandError;
use super::posting::PostingSession;
use super::terminal::Terminal;
use super::{files, find_post};
use crate::authoring::{NewPost, template_path};
use crate::findings::nearest::did_you_mean;
use crate::findings::{Code, visible};
use crate::load::names;
use crate::load::servers::Servers;
use crate::model::{Impact, Kind, Phase, ServerIx};

pub fn run(global: &Global, args: &New, terminal: &mut Terminal) -> Result<(), CommandError> {
    let mut session = PostingSession::open_with_drafts(global, args.writing.now, terminal)?;
    let title = args.title.split_whitespace().collect::<Vec<_>>().join(" ");
    servers(args, &session)?; // before a person types
    let text = match args.text.as_deref() {
        Some("-") => Some(terminal.read_text()?),
        text => text.map(str::to_owned),
    };
    let lock = session.lock_and_refresh(terminal)?;
    let post = NewPost {
        kind: args.kind,
        title: &title,
        servers: servers(args, &session)?,
        start: args.start.or_else(|| (args.kind == Kind::Incident).then(|| crate::authoring::minute(session.now))),
        end: args.end,
        impact: args.impact,
        tags: &args.tags,
        text: text.as_deref(),
        posted: session.now,
    };
    let open = if args.kind == Kind::Incident { open_incidents(&post, &session) } else { Vec::new() };
    let path = write(&post, args, &session, terminal)?;
    drop(lock);
    let written = session.now;
    session.done(&path, written, args.writing.edit, terminal)?;
    if let Some(line) = impact_taken(&path, &session) {
        terminal.say(line);
    }
    for open in open {
        terminal.say(note_of_open(&open, &session));
    }
    Ok(())
}

/// Which impact an incident has that names none: the least of them, which may be too little. A maintenance's is what it is called.
fn impact_taken(path: &str, session: &PostingSession) -> Option<String> {
    let post = &session.site.posts[session.site.post_of_file(path)?];
    let is_taken = post.kind == Some(Kind::Incident) && post.impact.is_empty() && !post.servers.is_empty();
    let (taken, worse) = (Kind::Incident.default_impact().word(), Impact::MajorOutage.word());
    is_taken.then(|| {
        format!("Its impact is taken as `{taken}`; another is said with --impact {worse}, and in the file with impact = \"{worse}\".")
    })
}

/// Paths of the incidents that are open already about one of its servers.
fn open_incidents(post: &NewPost<'_>, session: &PostingSession) -> Vec<String> {
    let site = &session.site;
    let is_named = |server: &ServerIx| post.servers.iter().any(|(id, _)| *id == &*site.servers[*server].id);
    let open = find_post::open_posts(site).into_iter().filter(|(_, phase)| *phase == Phase::Ongoing);
    open.filter(|(post, _)| site.thread(*post).servers.iter().any(is_named)).map(|(post, _)| site.posts[post].path.to_string()).collect()
}

fn note_of_open(path: &str, session: &PostingSession) -> String {
    let site = &session.site;
    let open = site.post_of_file(path);
    let (title, name) = open.map_or((path, path), |open| (site.posts[open].title.as_str(), find_post::name_of(open, site)));
    visible(&format!("`{title}` is open already. To add to that one instead: signalpost update {name} TEXT"))
}

/// Ids and names of the servers that were named, each once.
fn servers<'a>(args: &New, session: &'a PostingSession) -> Result<Vec<(&'a str, &'a str)>, CommandError> {
    let known = Servers::of(&session.site.servers);
    let mut servers: Vec<(&str, &str)> = Vec::new();
    for word in &args.servers {
        let server = known.find(word).map(|server| &session.site.servers[server]).ok_or_else(|| {
            let ids: Vec<&str> = known.list.iter().map(|server| &*server.id).collect();
            let hint = did_you_mean(word, &ids, "The servers are listed in content/servers.toml");
            CommandError::usage(format!("no server is called `{word}`")).hint(hint)
        })?;
        if !servers.iter().any(|(id, _)| *id == &*server.id) {
            servers.push((&server.id, &server.name));
        }
    }
    Ok(servers)
}

/// Writes the post under the first name that is free, and gives its path.
fn write(post: &NewPost<'_>, args: &New, session: &PostingSession, terminal: &mut Terminal) -> Result<String, CommandError> {
    let template_path = template_path(post.kind);
    let template = match session.project.sources.get(&template_path).map(|file| file.text()) {
        Some(Err(_)) => return Err(CommandError::usage(format!("the template `{template_path}` is not UTF-8"))),
        Some(Ok(template)) => {
            refuse_lost(post, args, template, &template_path)?;
            Some(template)
        }
        None => None,
    };
    let text = post.fill(template);
    let folder = folder(session, post);
    let mut nth = 1;
    loop {
        let Some(name) = post.file_name(nth) else {
            return Err(CommandError::usage(format!("the title `{}` has neither letter nor digit", post.title)));
        };
        nth += 1;
        let path = format!("{folder}/{name}");
        if session.project.sources.get(&path).is_some() || is_followed(&path, session) {
            continue;
        }
        let dry_run = session.with_file(&path, &text);
        let only_taken = dry_run.refused.iter().all(|finding| matches!(finding.code, Code::DuplicateAddress | Code::DuplicateId));
        if dry_run.refused.is_empty() {
            if files::create(&session.project.root.join(&path), text.as_bytes())? {
                return Ok(path);
            }
        } else if !only_taken || nth > MOST_OF_A_NAME {
            return Err(dry_run.refuse("Nothing was written.", terminal));
        }
    }
}

/// Whether a post follows another by the slug that this file would have: it could mean either then.
fn is_followed(path: &str, session: &PostingSession) -> bool {
    let slug = names::file_name(path).ok().map(|name| name.slug);
    slug.is_some() && session.site.posts.iter().any(|post| post.follows.as_deref() == slug)
}

/// Refuses what was typed and the site's template has no place for: an outage would be published as less than was said.
fn refuse_lost(post: &NewPost<'_>, args: &New, template: &str, path: &str) -> Result<(), CommandError> {
    let typed = [
        ("title", "the title", true),
        ("servers", "--server", !args.servers.is_empty()),
        ("tags", "--tag", !args.tags.is_empty()),
        ("start", "--start", args.start.is_some()),
        ("end", "--end", args.end.is_some()),
        ("impact", "--impact", args.impact.is_some()),
    ];
    let placeholders: Vec<&str> = typed.iter().filter(|(.., is_typed)| *is_typed).map(|(name, ..)| *name).collect();
    let lost = post.lost(template, &placeholders);
    let Some((name, option, _)) = typed.into_iter().find(|(name, ..)| lost == Some(*name)) else { return Ok(()) };
    let line = if name == "title" { "title = \"{title}\"".to_owned() } else { format!("{name} = {{{name}}}") };
    Err(CommandError::usage(format!("the template `{path}` has no place for {option}; nothing was written"))
        .hint(format!("add the line `{line}` between its `+++` lines; a line is left out where another placeholder in it has no value")))
}

/// How many posts of one name and day are tried before that is taken for a mistake.
const MOST_OF_A_NAME: usize = 100;

/// Where posts of this year are kept: a folder of the year where the newest post is in one, else the folder of all.
fn folder(session: &PostingSession, post: &NewPost<'_>) -> String {
    let newest = session.project.sources.under("content/posts/").map(|file| &*file.path).max_by_key(|path| path.rsplit('/').next());
    let in_year = newest.and_then(|path| path.strip_prefix("content/posts/")?.split_once('/')).is_some_and(|(folder, name)| {
        folder.len() == 4 && folder.bytes().all(|byte| byte.is_ascii_digit()) && name.starts_with(folder) && !name.contains('/')
    });
    if in_year { format!("content/posts/{}", post.posted.format("%Y")) } else { "content/posts".to_owned() }
}
