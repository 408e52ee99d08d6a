//! A post's text: the opening and the dated updates below it.

use std::ops::Range;

use chrono::TimeDelta;
use foldhash::{HashMap, HashMapExt};

use super::clean::{clean, place_in, report_controls};
use super::fields::shown;
use super::heading;
use super::impacts::SaidImpacts;
use super::markdown::{self, MarkdownContext, Section};
use super::names;
use super::post::Front;
use super::servers::Servers;
use crate::findings::nearest::nearest;
use crate::findings::{Code, Finding, Findings};
use crate::model::{Address, Config, Impact, ImpactChange, Kind, Post, ServerIx, State, Update, moment, rfc3339};
use crate::source::{SourceFile, Span};
use crate::words::Words;

/// What reading a post's text needs of the rest of the site.
pub struct SiteContext<'a> {
    pub config: &'a Config,
    pub servers: &'a Servers,
    /// Of the site's language.
    pub words: &'a Words,
    /// The address of the page that another source file makes.
    pub address_of: &'a (dyn Fn(&str) -> Option<Address> + Sync),
}

/// A post with its updates, and the source files that its links looked up.
pub struct Read {
    pub post: Post,
    pub looked_up: Vec<(String, Option<Address>)>,
}

/// Reads the text of a post. Findings never keep the post from being made.
pub fn read(file: &SourceFile, front: Front, site_context: &SiteContext<'_>, findings: &mut Findings) -> Read {
    let Front { mut post, body, .. } = front;
    let offset = body.start;
    let body = std::str::from_utf8(&file.bytes[body]).unwrap_or_default();
    let read = markdown::sections(
        body,
        MarkdownContext {
            path: &file.path,
            offset,
            page: &post.address,
            base: &site_context.config.base_url,
            remote_images: site_context.config.remote_images,
            words: site_context.words,
            scope: &post.id,
            top_heading: 3,
            address_of: site_context.address_of,
        },
        findings,
    );
    if read.control.is_some() {
        report_controls(&file.path, offset, body, findings);
    }
    let mut sections = read.sections.into_iter();
    let opening = sections.next().filter(|opening| !opening.html.is_empty());
    let mut dated: Vec<Update> = Vec::with_capacity(sections.len() + usize::from(opening.is_some()));
    dated.extend(sections.filter_map(|section| update(file, &post, section, body, offset, site_context, findings)));
    check_order(&post, &dated, findings);
    check_kind(&post, &dated, findings);
    if opening.is_some() || dated.is_empty() {
        if opening.is_none() {
            findings.push(
                Finding::new(Code::EmptyPost, post.title_span(), "the post has no text")
                    .help("write below the front matter what customers should know"),
            );
        }
        let (html, states) = opening.map(|opening| (opening.html, opening.bare_states)).unwrap_or_default();
        dated.insert(0, Update { bare_states: in_file(states, offset), ..Update::opening(post.date, html, offset..offset) });
    }
    findings.extend(read.strays.iter().filter_map(|stray| stray.finding(body, &post, &dated, offset)));
    post.updates = dated;
    Read { post, looked_up: read.looked_up }
}

fn update(
    file: &SourceFile,
    post: &Post,
    section: Section,
    body: &str,
    offset: usize,
    site_context: &SiteContext<'_>,
    findings: &mut Findings,
) -> Option<Update> {
    let range = section.heading?;
    let below = line_below(body, range.end);
    let place = range.start + offset..range.end + offset;
    let raw = &body[range];
    let text = clean(raw).text.into_owned();
    let span = |within: Range<usize>| {
        let place_of = |at: usize| if text.len() == raw.len() { at } else { place_in(raw, at) };
        Span::new(&file.path, place.start + place_of(within.start)..place.start + place_of(within.end))
    };
    let heading = heading::read(&text, span, findings)?;
    if let Some(part) = heading::below::part(heading.state, heading.title.as_deref(), &body[below.clone()]) {
        findings.push(part.finding(post.span(&(below.start + offset..below.end + offset))));
    }
    let mut said = SaidImpacts::default();
    for attribute in heading.attributes {
        if attribute.name == "impact" {
            said.insert_all(attribute.impact, span(attribute.range), findings);
            continue;
        }
        match site_context.servers.find(&attribute.name) {
            Some(server) if post.servers.contains(&server) || (post.servers.is_empty() && post.follows.is_some()) => {
                said.insert(server, attribute.impact, &attribute.name, span(attribute.range), site_context.servers, findings);
            }
            Some(_) => findings.push(
                Finding::new(
                    Code::ForeignServer,
                    span(attribute.range),
                    format!("the post does not name the server `{}`", shown(&attribute.name)),
                )
                .help(how_to_join(post, &attribute.name, site_context.servers)),
            ),
            None if !site_context.servers.complete => {}
            None if nearest(&attribute.name, ["impact"]).is_some() => findings.push(
                Finding::new(Code::UnknownAttribute, span(attribute.range), format!("`{}` is no attribute", shown(&attribute.name)))
                    .help("did you mean `impact`?"),
            ),
            None => site_context.servers.report_unknown(&attribute.name, span(attribute.range), findings),
        }
    }
    let change = said.into_change();
    check_state(post, heading.state, &change, &place, findings);
    let id = heading.id.unwrap_or_else(|| moment::basic(heading.at));
    let bare_states = in_file(section.bare_states, offset);
    Some(Update { id, at: heading.at, state: heading.state, title: heading.title, change, html: section.html, place, bare_states })
}

/// The same places of a text that begins at a byte of its file.
fn in_file(mut places: Vec<(State, Range<usize>)>, offset: usize) -> Vec<(State, Range<usize>)> {
    places.iter_mut().for_each(|(_, place)| *place = place.start + offset..place.end + offset);
    places
}

/// A server that comes into an event later was well before: without the table, its status would be wrong from the event's start on.
fn how_to_join(post: &Post, name: &str, servers: &Servers) -> String {
    let Some(usual) = post.impact.all.or(post.kind.map(Kind::default_impact)) else { return "add it to `servers`".to_owned() };
    let impact = |server: &ServerIx| post.impact.servers.get(server).copied().unwrap_or(usual);
    let before: String =
        post.servers.iter().map(|server| format!("{} = \"{}\", ", servers.list[*server].id, impact(server).word())).collect();
    format!("add it to `servers`; if it was well until this update, write also `impact = {{ {before}{} = \"none\" }}`", shown(name))
}

/// The line below the one that holds a byte.
fn line_below(text: &str, at: usize) -> Range<usize> {
    let start = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    start..text[start..].find('\n').map_or(text.len(), |end| start + end)
}

fn check_state(post: &Post, state: Option<State>, change: &ImpactChange, place: &Range<usize>, findings: &mut Findings) {
    if post.kind == Some(Kind::Notice) && post.ranges.kind.is_some() && !change.is_empty() {
        findings.push(
            Finding::new(Code::KindAndImpact, post.span(place), "a notice never has an effect on status")
                .help("write `kind = \"incident\"` with a `start`, or take the attribute out"),
        );
    }
    if post.kind == Some(Kind::Incident) && change.impacts().any(|impact| impact == Impact::Maintenance) {
        findings.push(Finding::new(Code::KindAndImpact, post.span(place), "an incident's update whose impact is `maintenance`").help(
            "trouble is `degraded`, `partial-outage` or `major-outage`; planned work has a post of its own: `kind = \"maintenance\"`",
        ));
    }
    if state.is_some_and(State::is_final) && change.is_trouble() {
        findings.push(
            Finding::new(Code::Contradiction, post.span(place), "an update that ends the event and says that it has an impact")
                .help("an end has no impact: take the attribute out, or write Monitoring"),
        );
    }
}

/// A post without kind and `start` is a notice: one that reads like an event would leave its servers well without a word.
///
/// `follow_ups::trouble` asks nearly the same of what follows a notice. There an end or `impact=none` changes nothing and is no trouble; here
/// either tells of an event that was to have servers and a start. A `start` is looked for there alone: with one, this post is an incident.
fn check_kind(post: &Post, updates: &[Update], findings: &mut Findings) {
    if post.kind != Some(Kind::Notice) || post.ranges.kind.is_some() || post.withdrawn {
        return;
    }
    let of_update = |update: &Update| {
        let says_state = update.state.is_some_and(State::changes_event);
        let what = if says_state { "a state" } else { "an impact" };
        (says_state || !update.change.is_empty()).then(|| (update.place.clone(), what))
    };
    let impact = post.ranges.impact.clone().filter(|_| post.impact.is_trouble()).map(|place| (place, "an impact"));
    let Some((place, what)) = impact.or_else(|| updates.iter().find_map(of_update)) else { return };
    findings.push(
        Finding::new(
            Code::UnclearKind,
            post.span(&place),
            format!("{what} in a post that says neither `kind` nor `start`, and is a notice"),
        )
        .help(format!(
            "if something was wrong, say since when: `start = {}`; planned work says `kind = \"maintenance\"` as well; what is no event \
                 and changes the status of nothing says `kind = \"notice\"`",
            rfc3339(post.date)
        )),
    );
}

/// Of two updates with one time, the later one is shown with a time of its own.
const HALF_A_MINUTE: TimeDelta = TimeDelta::seconds(30);

fn check_order(post: &Post, updates: &[Update], findings: &mut Findings) {
    let mut by_id: HashMap<&str, &Update> = HashMap::with_capacity(updates.len());
    // A name with a day alone does not say when on it the post was posted.
    let is_dated = post.ranges.date.is_some() || names::file_name(&post.path).is_ok_and(|name| name.time.is_some());
    for (at, update) in updates.iter().enumerate() {
        let or_seconds = |before: &Update, help: &str| match update.at == before.at {
            true => format!("give the later one its seconds: `{}`", (update.at + HALF_A_MINUTE).format("%H:%M:%S UTC")),
            false => help.to_owned(),
        };
        if let Some(before) = by_id.get(update.id.as_str()) {
            findings.push(
                Finding::new(
                    Code::DuplicateUpdateId,
                    post.span(&update.place),
                    format!("two updates of the post have the id `{}`", update.id),
                )
                .help(or_seconds(before, "give one of them another id: `{#second}`"))
                .related(post.span(&before.place), "the first"),
            );
        } else if let Some(before) = at.checked_sub(1).map(|before| &updates[before])
            && update.at <= before.at
        {
            let finding = Finding::new(Code::UpdateOrder, post.span(&update.place), "an update that is not later than the one above it")
                .help(or_seconds(before, "updates stand in the order of their times, the oldest first"));
            findings.push(finding.related(post.span(&before.place), "the one above"));
        }
        by_id.entry(&update.id).or_insert(update);
        match post.start {
            Some(start) if post.kind == Some(Kind::Incident) && update.at < start => {
                findings.push(
                    Finding::new(
                        Code::UpdateBeforeStart,
                        post.span(&update.place),
                        format!("an update before the incident's start at {}", rfc3339(start)),
                    )
                    .help("correct the update's time, or `start`; both are UTC"),
                );
            }
            _ if is_dated && update.at < post.date => {
                let message = format!("an update before the post itself, which is dated {}", rfc3339(post.date));
                let date = if post.ranges.date.is_some() { "`date`" } else { "the time in the file's name" };
                let help = format!("correct the update's time, or {date}; both are UTC");
                findings.push(Finding::new(Code::UpdateOrder, post.span(&update.place), message).help(help));
            }
            _ => {}
        }
    }
    check_end(post, updates, findings);
    check_announced(post, updates, findings);
    check_completed(post, updates, findings);
}

/// Work that is done before it begins has not taken place: calendars cancel it, and its servers have no maintenance at that time.
fn check_completed(post: &Post, updates: &[Update], findings: &mut Findings) {
    let (Some(Kind::Maintenance), Some(start)) = (post.kind, post.start) else { return };
    let mut early = updates.iter().filter(|update| update.at < start).filter_map(|update| Some((update, update.state?)));
    let Some((update, state)) = early.find(|(_, state)| matches!(state, State::InProgress | State::Completed | State::Resolved)) else {
        return;
    };
    if state != State::InProgress {
        let message = format!("the work is over here before it begins at {}, and will not take place", rfc3339(start));
        findings.push(Finding::new(Code::Contradiction, post.span(&update.place), message).help(
            "if it was called off, write Cancelled; if it was done early, say In progress before this; else correct the time, or the post",
        ));
    }
}

/// How long after planned work somebody may still come to write of it.
const LONG_PAST: TimeDelta = TimeDelta::days(30);

/// Work that is announced when its window was over long ago lies ahead, and has the wrong year.
fn check_announced(post: &Post, updates: &[Update], findings: &mut Findings) {
    let (Some(Kind::Maintenance), Some(end), Some(place)) = (post.kind, post.end, &post.ranges.end) else { return };
    if post.date - end > LONG_PAST && !updates.iter().any(|update| update.state.is_some_and(State::is_final)) {
        let days = (post.date - end).num_days();
        let message = format!("the window was over {days} days before the post was written, and no update says how it went");
        findings.push(
            Finding::new(Code::Contradiction, post.span(place), message)
                .help("check the years of `start` and `end`; of work that is over, write a Completed update"),
        );
    }
}

/// Whether `end` of an incident agrees with the update that tells of it: the first of those in a row that say that it is over, before
/// an update behind `end` opens the incident again.
fn check_end(post: &Post, updates: &[Update], findings: &mut Findings) {
    let (Some(Kind::Incident), Some(end), Some(place)) = (post.kind, post.end, &post.ranges.end) else { return };
    let telling: Vec<(&Update, State)> =
        updates.iter().filter_map(|update| Some((update, update.state.filter(|state| state.changes_event())?))).collect();
    let reopens = telling.iter().position(|(update, state)| state.reopens() && update.at > end);
    let until_then = &telling[..reopens.unwrap_or(telling.len())];
    let ending = until_then.iter().rev().take_while(|(_, state)| state.is_final()).last();
    // Monitoring may be the last word of an incident.
    let at_end = |(update, state): &&(&Update, State)| update.at == end && state.reopens() && *state != State::Monitoring;
    let (update, message, help) = match (ending, reopens) {
        (Some((update, _)), _) if update.at != end => {
            let message = format!("`end` is not the time of the update that ends the incident ({})", rfc3339(update.at));
            let help = match end < update.at {
                true => "`end` is taken: let it stand if it was over then and told later, else correct it, or leave it out",
                false => "`end` is taken; correct it, or leave it out",
            };
            (*update, message, help)
        }
        (None, Some(reopens)) => {
            let update = telling[reopens].0;
            let message = format!("an update after `end` ({}) says that the incident goes on", rfc3339(update.at));
            let help = "it counts as over from `end` until that update, which opens it again; if so, say Resolved at `end`, \
                        else correct `end`, take it out, or write the update without a state";
            (update, message, help)
        }
        (None, None) if let Some((update, state)) = telling.iter().rev().find(at_end) => {
            let message = format!("the update at the time of `end` says {}", state.capitalised());
            (*update, message, "if the incident is over then, say Resolved; if it goes on, correct `end`, or take it out")
        }
        _ => return,
    };
    let finding = Finding::new(Code::EndDisagrees, post.span(place), message).help(help);
    findings.push(finding.related(post.span(&update.place), "the update"));
}
