//! `signalpost update`

use super::args::{Global, Update};
use super::error::CommandError;
use super::posting::PostingSession;
use super::terminal::Terminal;
use super::{files, find_post, window};
use crate::authoring::{Change, End, NewUpdate, Wanted, change, stamp_for};
use crate::failure::{Failure, at};
use crate::findings::nearest::{list, nearest};
use crate::load::heading::below::{self, Part};
use crate::model::{Moment, Phase, PostIx, Site, State, rfc3339};

pub fn run(global: &Global, args: &Update, terminal: &mut Terminal) -> Result<(), CommandError> {
    let (state, text) = state_and_text(args)?;
    let mut session = PostingSession::open(global, args.writing.now, terminal)?;
    let ends = matches!(state, Some(State::Resolved | State::Completed));
    let is_open = if ends { find_post::is_begun } else { |phase: Phase| !phase.is_over() };
    let post = find_post::find(args.post.as_deref(), is_open, &mut session, terminal)?;
    let changed = |post, at, session: &PostingSession| changed(args, state, post, at, session);
    // Before a person types.
    changed(post, session.now, &session)?;
    let path = session.site.posts[post].path.clone();
    let text = match text {
        Some(text) => text,
        None if args.writing.edit => String::new(),
        None => terminal.read_text()?,
    };
    if text.trim().is_empty() && state.is_none() && !args.writing.edit {
        return Err(CommandError::usage("an update needs a text").hint("write it behind the post, or on the standard input, or use --edit"));
    }
    check_beginning(state, &text)?;
    add(&path, &text, &args.impacts, changed, args.writing.edit, &mut session, terminal)
}

/// What the update changes beside its text; an error where it would be lost in this post.
fn changed(args: &Update, state: Option<State>, post: PostIx, at: Moment, session: &PostingSession) -> Result<Change, CommandError> {
    let wanted = Wanted { state, start: args.start, end: args.end };
    let title = &session.site.posts[post].title;
    let change = change(&session.site, post, at, wanted).map_err(|why| window::refused(why, title, at))?;
    find_post::check_heard(post, wanted.changes_event() || !args.impacts.is_empty(), &session.site)?;
    Ok(change)
}

/// Adds an update to the post at a path, and says what holds now. `changed` says of that post what an update at a time changes beside its
/// text.
pub fn add(
    path: &str,
    text: &str,
    impacts: &[String],
    changed: impl Fn(PostIx, Moment, &PostingSession) -> Result<Change, CommandError>,
    edit: bool,
    session: &mut PostingSession,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let lock = session.lock_and_refresh(terminal)?;
    let post = find_post::again(path, session, terminal)?;
    let at = stamp_for(&session.site, post, session.now);
    // Asked again: another may have ended it meanwhile.
    let change = changed(post, at, session)?;
    let update = NewUpdate { at, state: change.state, impacts, text, is_apart: false };
    append(&update, change, path, session, terminal)?;
    drop(lock);
    session.done(path, at, edit, terminal)
}

/// Writes the update and what it changes beside its text, unless `check` would refuse the file. The session is one that was just
/// refreshed, and its lock is held.
fn append(
    update: &NewUpdate<'_>,
    change: Change,
    path: &str,
    session: &PostingSession,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let cannot = |why: &str| CommandError::usage(format!("`{path}` cannot be changed: {why}"));
    let file = session.project.sources.get(path).ok_or_else(|| cannot("it is gone"))?;
    let changed = change.apply(file).map_err(|broken| cannot(&broken.to_string()))?;
    let text = String::from_utf8(changed.bytes.to_vec()).map_err(|_| cannot("it is not UTF-8"))?;
    let text = update.append_to(&text);
    let dry_run = session.with_file(path, &text);
    if !dry_run.refused.is_empty() {
        return Err(dry_run.refuse("Nothing was written.", terminal));
    }
    if dry_run.site.as_ref().is_some_and(|site| !update.is_read_in(site, path)) {
        let hint = "close the code block (```) that is open at its end";
        return Err(CommandError::usage(format!("at the end of `{path}` an update is not read as one")).hint(hint));
    }
    check_record(update, change, path, &session.site, dry_run.site.as_deref())?;
    if let (Some(State::Resolved | State::Completed), End::Set(over)) = (change.state, change.end)
        && over != update.at
    {
        check_end(over, path, dry_run.site.as_deref())?;
    }
    let place = session.project.root.join(path);
    // Editors and git ask for no lock.
    if std::fs::read(&place).map_err(at("read", &place))? != file.bytes {
        let why = "another program has changed it just now";
        return Err(Failure::blocked(format!("change `{path}`"), why).help("run the command again").into());
    }
    Ok(files::replace(&place, text.as_bytes())?)
}

/// Refuses an `end` at which the event would not end: what is told behind it says that it went on.
fn check_end(over: Moment, path: &str, after: Option<&Site>) -> Result<(), CommandError> {
    let Some(event) = after.and_then(|site| site.thread(site.post_of_file(path)?).event.as_ref()).filter(|event| event.end != Some(over))
    else {
        return Ok(());
    };
    let ends = event.end.map_or_else(|| "not end".to_owned(), |end| format!("end at {} instead", rfc3339(end)));
    let message = format!("with `end` at {} the event would {ends}: what its posts tell of later says that it went on", rfc3339(over));
    Err(CommandError::usage(message).hint("name a later moment, or correct the post by hand"))
}

/// Refuses another `start` where it would change the record of what was, or what is planned.
fn check_record(update: &NewUpdate<'_>, change: Change, path: &str, before: &Site, after: Option<&Site>) -> Result<(), CommandError> {
    let post_before = before.post_of_file(path);
    let Some((post, event)) = post_before.and_then(|post| Some((post, before.thread(post).event.as_ref()?))) else { return Ok(()) };
    let changed = after.and_then(|site| site.thread(site.post_of_file(path)?).event.as_ref());
    let title = &before.posts[post].title;
    if change.start.is_none() {
        return Ok(());
    }
    window::check_put_off(event, changed, title, update.at)?;
    if update.impacts.is_empty() { window::check_plan(event, changed, before) } else { Ok(()) }
}

/// What the words behind the post say: a state where the first is one (or the first two: `in progress`), then the text.
fn state_and_text(args: &Update) -> Result<(Option<State>, Option<String>), CommandError> {
    let words = &args.words;
    // `-` is the standard input, from which a text comes where none is written.
    let text_from = |from: usize| Some(words[from..].join(" ")).filter(|text| !text.is_empty() && text != "-");
    if args.state.is_some() {
        return Ok((args.state, text_from(0)));
    }
    for count in [2, 1] {
        let state = words.get(..count).and_then(|words| State::from_word(&words.join(" ").replace(['-', '_'], " ")));
        if state.is_some() {
            return Ok((state, text_from(count)));
        }
    }
    let [word, more @ ..] = words.as_slice() else { return Ok((None, None)) };
    if word.is_empty() || word.contains(char::is_whitespace) || more.is_empty() && !is_bare_word(word) && nearest_state(word).is_none() {
        return Ok((None, text_from(0)));
    }
    let whole = words.join(" ");
    let error = CommandError::usage(format!("there is no state `{word}`"));
    let in_quotes = match more {
        [] => "To post that word alone as the text: --state update".to_owned(),
        _ => format!("To post a text without a state, put all of it in quotes: \"{whole}\""),
    };
    Err(error.hint(match nearest_state(word) {
        Some(state) => format!("did you mean `{state}`? {in_quotes}"),
        None => format!("the states are {}. {in_quotes}", list(&State::ALL.map(State::word))),
    }))
}

fn nearest_state(word: &str) -> Option<&'static str> {
    nearest(word, State::ALL.map(State::word))
}

/// `fixed`, `résolu`: meant as a state. With a full stop it is a sentence, and other scripts write sentences without spaces.
fn is_bare_word(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() && c <= '\u{24f}')
}

/// A text without a state that begins as one or ends with impacts would be read as the rest of its heading: what to type instead.
fn check_beginning(state: Option<State>, text: &str) -> Result<(), CommandError> {
    let first = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or("");
    match below::part(state, None, first) {
        Some(Part::State(state)) => {
            let behind = first.split_once([':', '—', '–']).map_or("TEXT", |(_, behind)| behind.trim());
            let message = format!("the text begins with the state `{}`", state.word());
            Err(CommandError::usage(message)
                .hint(format!("write the state before the text: signalpost update POST {} \"{behind}\"", state.word().replace(' ', "-"),)))
        }
        Some(Part::Attributes) => {
            let message = "the text ends with an impact in braces";
            Err(CommandError::usage(message).hint("name it with an option: --impact degraded, --impact SERVER=none"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Cli, Command};
    use super::*;

    fn read(arguments: &[&str]) -> Result<(Option<State>, Option<String>), String> {
        let cli = Cli::try_parse_from([&["signalpost", "update", "post"], arguments].concat()).map_err(|error| error.to_string())?;
        match cli.command {
            Command::Update(update) => state_and_text(&update).map_err(|error| format!("{error:?}")),
            _ => Err("another command".to_owned()),
        }
    }

    #[test]
    fn the_first_word_is_a_state_where_it_is_one() {
        let text = |text: &str| Some(text.to_owned());
        for (arguments, expected) in [
            (&["Text of it."][..], (None, text("Text of it."))),
            (&["monitoring"], (Some(State::Monitoring), None)),
            (&["Monitoring", "Text."], (Some(State::Monitoring), text("Text."))),
            (&["in progress", "Text."], (Some(State::InProgress), text("Text."))),
            (&["in-progress"], (Some(State::InProgress), None)),
            (&["in_progress"], (Some(State::InProgress), None)),
            (&["in", "progress", "We", "began."], (Some(State::InProgress), text("We began."))),
            (&["--state", "IDENTIFIED", "monitoring helps"], (Some(State::Identified), text("monitoring helps"))),
            (&["We see", "more."], (None, text("We see more."))),
            (&["Fixed."], (None, text("Fixed."))),
            (&[""], (None, None)),
            (&["我们正在调查"], (None, text("我们正在调查"))),
            (&[], (None, None)),
        ] {
            assert_eq!(read(arguments), Ok(expected), "{arguments:?}");
        }
    }

    #[test]
    fn a_misspelt_state_is_not_published_as_text() {
        assert!(read(&["monitring", "Text."]).is_err_and(|error| error.contains("did you mean `monitoring`?")));
        assert!(read(&["resolve"]).is_err_and(|error| error.contains("did you mean `resolved`?")));
        for word in ["fixed", "done", "ok", "down", "closed", "résolu", "We"] {
            let refused = read(&[word, "All mail is delivered."]).unwrap_err();
            assert!(refused.contains(&format!("there is no state `{word}`")), "{refused}");
            assert!(
                refused.contains("`investigating`, ") && refused.contains(&format!("\\\"{word} All mail is delivered.\\\"")),
                "{refused}"
            );
            assert!(read(&[word]).is_err_and(|error| error.contains("--state")), "{word} alone");
        }
    }
}
