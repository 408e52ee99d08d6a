//! The contract's "Status at a moment", read once more and written down anew: slow, over facts, without the model.
//!
//! It answers for one moment only, by telling the thread's story again from its beginning up to that moment.

use super::facts::{Change, Post, SERVERS, kind_of, root};

/// The status word of each server at a moment, and of the whole.
pub fn statuses(posts: &[Post], now: i64) -> (Vec<&'static str>, &'static str) {
    let mut worst = [0; SERVERS.len()];
    for first in (0..posts.len()).filter(|at| posts[*at].follows.is_none()) {
        for (server, impact) in effects(posts, first, now) {
            worst[server] = worst[server].max(impact);
        }
    }
    const WORDS: [&str; 5] = ["operational", "maintenance", "degraded", "partial-outage", "major-outage"];
    let overall = WORDS[worst[..3].iter().copied().max().unwrap_or(0)];
    let mut words: Vec<&'static str> = worst.iter().map(|impact| WORDS[*impact]).collect();
    if worst[3] == 0 {
        words[3] = "internal";
    }
    words[4] = "retired";
    (words, overall)
}

/// Something said at a moment.
struct Said<'a> {
    at: i64,
    post: &'a Post,
    /// When its post was posted.
    told: i64,
    state: Option<&'a str>,
    change: &'a Change,
    /// Those of its post, which it is about; none where the post names none.
    servers: &'a [usize],
    /// Whether it is a follow-up's opening.
    is_opening: bool,
    /// A follow-up's `start`: trouble is there again, if it was over. Of an `end`, the `start` of its post.
    begins: Option<i64>,
    /// Whether it is an `end` of an incident.
    is_end: bool,
    /// Whether it can mean that the event goes on.
    is_news: bool,
}

static NOTHING: Change = Change { all: None, single: Vec::new() };

/// When an event was over, and by which word.
#[derive(Clone, Copy)]
struct Over<'a> {
    at: i64,
    how: &'a str,
    /// When that was said first.
    told: i64,
    /// When it was over and had been said to be for the last time.
    known: i64,
}

/// What a thread does to servers at a moment: nothing where its event is not open.
fn effects(posts: &[Post], first: usize, now: i64) -> Vec<(usize, usize)> {
    let all_told = told(posts, first, now);
    let told = all_told.iter().copied().filter(|post| !post.withdrawn);
    // What follows a notice and says no kind is a notice too.
    let is_event = |post: &&Post| matches!(kind_of(post), Some("incident" | "maintenance"));
    let begins = |post: &&Post| {
        let before = all_told.iter().position(|other| std::ptr::eq(*other, *post)).unwrap();
        let is_trouble = post.impact.all.is_some_and(|impact| impact > 0) || post.impact.single.iter().any(|(_, impact)| *impact > 0);
        is_event(post) || kind_of(post).is_none() && is_trouble && all_told[..before].iter().any(is_event)
    };
    let told: Vec<&Post> = told.filter(|post| kind_of(post) != Some("notice")).skip_while(|post| !begins(post)).collect();
    let Some(opening) = told.first() else { return Vec::new() };
    let of_kind = told.iter().copied().find(is_event).or_else(|| all_told.iter().copied().find(is_event));
    let is_maintenance = of_kind.and_then(kind_of) == Some("maintenance");
    let start = told.iter().find_map(|post| post.start).unwrap_or(opening.date);
    // Servers are inherited, also from a notice or from what was withdrawn.
    let before = all_told.iter().position(|post| std::ptr::eq(*post, *opening)).unwrap();
    let inherited = all_told[..=before].iter().rev().find(|post| !post.servers.is_empty());

    // The last `end` that is said: of an incident one in the future is not known yet; of a maintenance it is a plan,
    // unless it is told afterwards.
    let end = told.iter().rev().find_map(|post| post.end.filter(|end| is_maintenance || *end <= now).map(|end| (end, *post)));
    let ended_by = end.filter(|(end, post)| is_maintenance && post.date >= *end);
    let ended = ended_by.map(|(end, _)| end);
    let planned = end.filter(|(end, post)| is_maintenance && post.date < *end).map(|(end, _)| end);

    // The story.
    let mut servers = inherited.map(|post| post.servers.clone()).unwrap_or_default();
    let mut all = opening.impact.all.unwrap_or(if is_maintenance { 1 } else { 2 });
    let mut single = opening.impact.single.clone();
    let mut with_effect = (all, single.clone());
    let mut begun: Option<i64> = None;
    let mut since = start;
    let mut over: Option<Over> = None;
    let mut was_open_before = false;
    // When the `start` was told that opened it again.
    let mut begun_told: Option<i64> = None;
    // When an impact was said by what ends nothing: who says one after the end means it.
    let mut impacts_said: Vec<i64> = Vec::new();
    let mut goes_on_after: Option<i64> = None;
    // What held before the work began that may be put off, and before the minute that is told of.
    let mut planned_for: Option<(usize, Vec<(usize, usize)>)> = None;
    let mut before_minute = (all, single.clone());
    let mut minute = i64::MIN;
    for said in story(&told, is_maintenance, now) {
        if said.is_end {
            if !is_void(said.at, was_open_before, since) || said.at == since && said.begins == Some(said.at) {
                let before = over.unwrap_or(Over { at: said.at, how: "resolved", told: said.told, known: said.at });
                over = Some(Over { at: said.at, how: before.how, told: before.told.min(said.told), known: before.known.max(said.at) });
            }
            continue;
        }
        // Where a later post says the end, that one has the last word.
        if said.begins.is_some_and(|start| over.is_none_or(|over| start <= over.known || over.told > start.max(said.told))) {
            continue;
        }
        let is_final = matches!(said.state, Some("resolved" | "completed" | "cancelled"));
        // A later post knows better than what told of the end before what it knows.
        let is_told_before = begun_told.is_some_and(|begun| said.at < begun);
        if is_final && is_told_before && over.is_none() && said.post.end.is_some_and(|end| end <= since) {
            continue;
        }
        if worsens(&servers, all, &single) {
            with_effect = (all, single.clone());
        }
        if minute < said.at {
            (minute, before_minute) = (said.at, (all, single.clone()));
        }
        // Planned once more: what was begun is put off until the start, and what was planned for it holds then.
        let is_planned_again = is_maintenance && said.state == Some("scheduled") && said.at < start;
        if is_planned_again && over.is_none() && begun.is_some_and(|begun| begun < said.at) {
            (all, single) = planned_for.take().unwrap_or((all, single));
        }
        if said.is_opening && !said.servers.is_empty() {
            servers = said.servers.to_vec();
        }
        let mut troubled = Vec::new();
        if let Some(impact) = said.change.all {
            let is_meant = |server: &usize| said.servers.is_empty() || said.servers.contains(server);
            single = servers.iter().filter(|server| !is_meant(server)).map(|server| (*server, impact_on(*server, all, &single))).collect();
            all = impact;
            if impact > 0 {
                troubled.extend_from_slice(said.servers);
            }
        }
        for (server, impact) in &said.change.single {
            single.retain(|(one, _)| one != server);
            single.push((*server, *impact));
            if *impact > 0 {
                troubled.push(*server);
            }
        }
        troubled.retain(|server| !servers.contains(server));
        servers.extend(troubled);
        let names_impact = said.change.all.is_some_and(|impact| impact > 0) || said.change.single.iter().any(|(_, impact)| *impact > 0);
        let reopens =
            said.begins.is_some() || !is_final && said.is_news && (names_impact || said.state.is_some_and(|state| state != "update"));
        if !is_final && (said.change.all.is_some() || !said.change.single.is_empty()) {
            impacts_said.push(said.at);
        }
        let is_silent_since = |over: i64| impacts_said.iter().all(|at| *at <= over);
        if is_final {
            // Who says once more that it is over does not change since when.
            let how = said.state.unwrap();
            let before = over.unwrap_or(Over { at: said.at, how, told: said.at, known: said.at });
            over = Some(Over { how, told: before.told.min(said.at), known: before.known.max(said.at), ..before });
        } else if reopens && let Some(Over { at, how, known, .. }) = over.take() {
            begun_told = said.begins.map(|_| said.told);
            if how != "cancelled" && at >= begun.unwrap_or(start) {
                since = said.at;
                was_open_before = true;
                begun = Some(said.at);
            } else if said.begins.is_some() {
                since = said.at;
                begun = Some(said.at);
            } else if !was_open_before {
                begun = None;
                since = start.max(said.at);
                planned_for = None;
            } else {
                since = since.max(said.at);
            }
            let is_silent = said.change.all.is_none() && said.change.single.is_empty();
            if is_silent && is_silent_since(known) && !worsens(&servers, all, &single) {
                (all, single) = with_effect.clone();
            }
        }
        if is_maintenance && said.state == Some("in progress") && said.at < begun.unwrap_or(start) {
            begun = Some(said.at);
            since = said.at;
            planned_for.get_or_insert_with(|| before_minute.clone());
        }
        if is_planned_again && begun.take().is_some() {
            since = start;
            was_open_before = true;
        }
        let is_behind_end = |(end, post)| is_behind(&told, &said, end, post) && !is_void(end, was_open_before, since);
        let reopened = ended_by.is_some_and(is_behind_end) && reopens;
        if reopened && goes_on_after.replace(said.at).is_none() && ended.is_some_and(is_silent_since) && !worsens(&servers, all, &single) {
            (all, single) = with_effect.clone();
        }
        if planned.is_some_and(|end| said.at >= end) && !is_final && said.is_news {
            goes_on_after = Some(said.at);
        }
    }
    let has_begun = begun.is_some() || start <= now;
    let is_past_end = match (ended, planned) {
        (Some(end), _) => goes_on_after.is_none() && !is_void(end, was_open_before, since),
        (None, Some(end)) => end <= now && goes_on_after.is_none() && !is_void(end, was_open_before, since),
        (None, None) => false,
    };
    if over.is_some() || !has_begun || is_past_end {
        return Vec::new();
    }
    servers.iter().map(|server| (*server, impact_on(*server, all, &single))).collect()
}

/// An `end` from before the event was reopened is none any more.
fn is_void(end: i64, was_open_before: bool, since: i64) -> bool {
    was_open_before && end <= since
}

fn impact_on(server: usize, all: usize, single: &[(usize, usize)]) -> usize {
    single.iter().find(|(one, _)| *one == server).map_or(all, |(_, impact)| *impact)
}

fn worsens(servers: &[usize], all: usize, single: &[(usize, usize)]) -> bool {
    servers.iter().any(|server| impact_on(*server, all, single) > 0)
}

/// The posts of a thread at a moment, withdrawn ones too: the first, then by date, a follow-up behind what it follows.
fn told(posts: &[Post], first: usize, now: i64) -> Vec<&Post> {
    let mut members: Vec<usize> = (0..posts.len()).filter(|at| root(posts, *at) == first && posts[*at].date <= now).collect();
    members.sort_by_key(|at| (*at != first, posts[*at].date, steps(posts, *at), &posts[*at].name));
    members.into_iter().map(|at| &posts[at]).collect()
}

fn steps(posts: &[Post], at: usize) -> usize {
    posts[at].follows.map_or(0, |follows| 1 + steps(posts, follows))
}

fn story<'a>(told: &[&'a Post], is_maintenance: bool, now: i64) -> Vec<Said<'a>> {
    let mut story = Vec::new();
    for (at, post) in told.iter().enumerate() {
        let of_post = |at: i64| Said {
            at,
            post,
            told: post.date,
            state: None,
            change: &post.impact,
            servers: &post.servers,
            is_opening: false,
            begins: None,
            is_end: false,
            is_news: true,
        };
        if at > 0 {
            if let Some(start) = post.start.filter(|_| !is_maintenance) {
                story.push(Said { is_opening: true, begins: Some(start), ..of_post(start) });
            }
            story.push(Said { is_opening: true, is_news: post.end.is_none_or(|end| end > post.date), ..of_post(post.date) });
        }
        for update in &post.updates {
            let is_news = update.state != Some("postmortem");
            story.push(Said { state: update.state, change: &update.change, is_news, ..of_post(update.at) });
        }
    }
    story.sort_by_key(|said| said.at);
    for (end, post) in ends(told, now).into_iter().filter(|_| !is_maintenance) {
        let position = story.iter().position(|said| is_behind(told, said, end, post)).unwrap_or(story.len());
        let said = Said {
            at: end,
            post,
            told: post.date,
            state: None,
            change: &NOTHING,
            servers: &[],
            is_opening: false,
            begins: post.start,
            is_end: true,
            is_news: true,
        };
        story.insert(position, said);
    }
    story.retain(|said| said.at <= now);
    story
}

/// An `end` stands behind all that was said until then, but for trouble of which a later post tells in that minute.
fn is_behind(told: &[&Post], said: &Said, end: i64, post: &Post) -> bool {
    let is_trouble = said.change.all.is_some_and(|all| all > 0) || said.change.single.iter().any(|(_, impact)| *impact > 0);
    let nth = |post: &Post| told.iter().position(|other| std::ptr::eq(*other, post));
    said.at > end || said.at == end && is_trouble && nth(said.post) > nth(post)
}

/// When an incident was over, and the post that says it: the last of them to say so, unless another begins later and says it anew.
fn ends<'a>(told: &[&'a Post], now: i64) -> Vec<(i64, &'a Post)> {
    let mut ends: Vec<(i64, &Post)> = Vec::new();
    let mut last = None;
    for post in told {
        if let (Some((end, said)), Some(start)) = (last, post.start)
            && start > end
            && start <= now
        {
            ends.push((end, said));
            last = None;
        }
        let is_later = |end: &i64| ends.last().is_none_or(|(before, _)| end > before);
        last = post.end.filter(|end| *end <= now).filter(is_later).map(|end| (end, *post)).or(last);
    }
    ends.extend(last);
    ends
}
