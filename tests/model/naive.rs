//! The contract's "Status at a moment", written down a second time: slow, over facts, without the model.
//!
//! It has the program's reading of the contract, and its concepts under the same names: it finds slips of the hand, and no rule that both
//! have misread.
//!
//! It answers for one moment only, by telling the thread's story again from its beginning up to that moment.

use std::collections::BTreeMap;

use super::facts::{Change, Post, SERVERS, Update, kind_of, root};

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
    /// Whether it is an `end` that tells of what was.
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

/// When an event was open, as far as the story was told.
struct Times<'a> {
    start: i64,
    /// When it began, where an update said so.
    begun: Option<i64>,
    /// When work was begun early first, and not put off since.
    begun_early: Option<i64>,
    since: i64,
    over: Option<Over<'a>>,
    /// When it was open before.
    before: Vec<(i64, i64)>,
    was_open_before: bool,
    /// When the `start` was told that opened it again.
    begun_told: Option<i64>,
}

/// What something said does to an event.
enum Heard<'a> {
    /// It says nothing, or it is an `end`.
    No,
    Final,
    /// It opens the event again, which was over by this.
    Reopens(Over<'a>),
    Other,
}

impl<'a> Times<'a> {
    fn new(start: i64) -> Times<'a> {
        Times {
            start,
            begun: None,
            begun_early: None,
            since: start,
            over: None,
            before: Vec::new(),
            was_open_before: false,
            begun_told: None,
        }
    }

    fn hear(&mut self, said: &Said<'a>) -> Heard<'a> {
        if said.is_end {
            if !is_void(said.at, self.was_open_before, self.since) || said.at == self.since && said.begins == Some(said.at) {
                let before = self.over.unwrap_or(Over { at: said.at, how: "resolved", told: said.told, known: said.at });
                self.over = Some(Over { at: said.at, how: before.how, told: before.told.min(said.told), known: before.known.max(said.at) });
            }
            return Heard::No;
        }
        // Where a later post says the end, that one has the last word.
        if said.begins.is_some_and(|start| self.over.is_none_or(|over| start <= over.known || over.told > start.max(said.told))) {
            return Heard::No;
        }
        // A later post knows better than what told of the end before what it knows.
        let is_told_before = self.begun_told.is_some_and(|begun| said.at < begun);
        if said.is_final() && is_told_before && self.over.is_none() && said.post.end.is_some_and(|end| end <= self.since) {
            return Heard::No;
        }
        if said.is_final() {
            // Who says once more that it is over does not change since when.
            let how = said.state.unwrap();
            let before = self.over.unwrap_or(Over { at: said.at, how, told: said.at, known: said.at });
            self.over = Some(Over { how, told: before.told.min(said.at), known: before.known.max(said.at), ..before });
            return Heard::Final;
        }
        if !said.reopens() {
            return Heard::Other;
        }
        let Some(over) = self.over.take() else { return Heard::Other };
        self.begun_told = said.begins.map(|_| said.told);
        if over.how != "cancelled" && over.at >= self.begun.unwrap_or(self.start) {
            self.before.push((self.since, over.at));
            self.since = said.at;
            self.was_open_before = true;
            self.begun = Some(said.at);
        } else if said.begins.is_some() {
            self.since = said.at;
            self.begun = Some(said.at);
        } else if !self.was_open_before {
            self.begun = None;
            self.since = self.start.max(said.at);
        } else {
            self.since = self.since.max(said.at);
        }
        Heard::Reopens(over)
    }

    /// Work may begin before its time, and be planned once more: then what was begun is put off until the start. Returns when it was begun that
    /// is put off by this.
    fn hear_of_work(&mut self, said: &Said<'a>) -> Option<i64> {
        if said.state == Some("in progress") && said.at < self.begun.unwrap_or(self.start) {
            self.begun = Some(said.at);
            self.since = said.at;
            self.begun_early.get_or_insert(said.at);
        }
        if said.state != Some("scheduled") || said.at >= self.start {
            return None;
        }
        if self.begun.take().is_some() {
            self.since = self.start;
            self.was_open_before = true;
        }
        self.begun_early.take().filter(|begun| *begun < said.at)
    }
}

impl Said<'_> {
    fn is_final(&self) -> bool {
        matches!(self.state, Some("resolved" | "completed" | "cancelled"))
    }

    fn names_impact(&self) -> bool {
        self.change.all.is_some_and(|impact| impact > 0) || self.change.single.iter().any(|(_, impact)| *impact > 0)
    }

    fn reopens(&self) -> bool {
        self.begins.is_some()
            || !self.is_final() && self.is_news && (self.names_impact() || self.state.is_some_and(|state| state != "update"))
    }
}

/// What a thread does to servers at a moment: nothing where its event is not open.
fn effects(posts: &[Post], first: usize, now: i64) -> Vec<(usize, usize)> {
    let all_told = told(posts, first, now);
    let told = all_told.iter().copied().filter(|post| !post.withdrawn);
    // What follows a notice and says no kind is a notice too.
    let is_event = |post: &&Post| matches!(kind_of(post), Some("incident" | "maintenance"));
    let begins = |post: &&Post| {
        let is_trouble = post.impact.all.is_some_and(|impact| impact > 0) || post.impact.single.iter().any(|(_, impact)| *impact > 0);
        let follows_event = || followed(posts, post).any(|other| is_event(&other));
        is_event(post) || kind_of(post).is_none() && (post.start.is_some() || is_trouble) && follows_event()
    };
    let told: Vec<&Post> = told.filter(|post| kind_of(post) != Some("notice")).skip_while(|post| !begins(post)).collect();
    let Some(opening) = told.first() else { return Vec::new() };
    let of_kind = told.iter().copied().find(is_event).or_else(|| all_told.iter().copied().find(is_event));
    let is_maintenance = of_kind.and_then(kind_of) == Some("maintenance");
    let start = told.iter().find_map(|post| post.start).unwrap_or(opening.date);
    // Servers are inherited from what it follows, also from a notice or from what was withdrawn.
    let inherited = std::iter::once(*opening).chain(followed(posts, opening)).find(|post| !post.servers.is_empty());

    // Of an incident an `end` in the future is not known yet; of a maintenance it is a plan, unless it is told afterwards.
    let ends = ends(&told, start, is_maintenance, now);
    let nth = |end: &End<'_>| told.iter().position(|post| std::ptr::eq(*post, end.post));
    let last = ends.iter().max_by_key(|end| (end.told, nth(end)));
    let planned = last.filter(|end| !end.is_actual).map(|end| end.at);

    // The story.
    let mut servers = inherited.map(|post| post.servers.clone()).unwrap_or_default();
    let mut all = opening.impact.all.unwrap_or(if is_maintenance { 1 } else { 2 });
    let mut single = opening.impact.single.clone();
    let mut with_effect = (all, single.clone());
    let mut times = Times::new(start);
    // When an impact was said by what ends nothing: who says one after the end means it.
    let mut impacts_said: Vec<i64> = Vec::new();
    let mut goes_on_after: Option<i64> = None;
    // What held before each minute that is told of.
    let mut before_minutes = BTreeMap::new();
    for said in story(&told, &ends, is_maintenance, now) {
        let heard = times.hear(&said);
        if matches!(heard, Heard::No) {
            continue;
        }
        if worsens(&servers, all, &single) {
            with_effect = (all, single.clone());
        }
        before_minutes.entry(said.at).or_insert_with(|| (all, single.clone()));
        // Planned once more: what was planned for the work holds again.
        if let Some(begun) = Some(&said).filter(|_| is_maintenance).and_then(|said| times.hear_of_work(said)) {
            (all, single) = before_minutes[&begun].clone();
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
        if !said.is_final() && (said.change.all.is_some() || !said.change.single.is_empty()) {
            impacts_said.push(said.at);
        }
        let is_silent_since = |over: i64| impacts_said.iter().all(|at| *at <= over);
        if let Heard::Reopens(over) = heard {
            let is_silent = said.change.all.is_none() && said.change.single.is_empty();
            if is_silent && is_silent_since(over.known) && !worsens(&servers, all, &single) {
                (all, single) = with_effect.clone();
            }
        }
        if planned.is_some_and(|end| said.at >= end) && !said.is_final() && said.is_news {
            goes_on_after = Some(said.at);
        }
    }
    let has_begun = times.begun.is_some() || start <= now;
    let is_past_end = planned.is_some_and(|end| end <= now && goes_on_after.is_none() && !is_void(end, times.was_open_before, times.since));
    if times.over.is_some() || !has_begun || is_past_end {
        return Vec::new();
    }
    servers.iter().map(|server| (*server, impact_on(*server, all, &single))).collect()
}

/// What a post follows, itself or through others, the nearest first.
fn followed<'a>(posts: &'a [Post], post: &Post) -> impl Iterator<Item = &'a Post> {
    std::iter::successors(post.follows, |at| posts[*at].follows).map(|at| &posts[at])
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

fn story<'a>(told: &[&'a Post], ends: &[End<'a>], is_maintenance: bool, now: i64) -> Vec<Said<'a>> {
    let mut story = words(told, is_maintenance);
    insert_ends(&mut story, told, ends);
    story.retain(|said| said.at <= now);
    story
}

/// What is said, but for `end`.
fn words<'a>(told: &[&'a Post], is_maintenance: bool) -> Vec<Said<'a>> {
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
    story
}

fn insert_ends<'a>(story: &mut Vec<Said<'a>>, told: &[&'a Post], ends: &[End<'a>]) {
    let mut ends: Vec<End<'a>> = ends.iter().copied().filter(|end| end.is_actual).collect();
    ends.sort_by_key(|end| end.at);
    for End { at: end, post, told: said_at, .. } in ends {
        let position = story.iter().position(|said| is_behind(told, said, end, post)).unwrap_or(story.len());
        let said = Said {
            at: end,
            post,
            told: said_at,
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
}

/// An `end` stands behind all that was said until then, but for trouble of which a later post tells in that minute.
fn is_behind(told: &[&Post], said: &Said, end: i64, post: &Post) -> bool {
    let is_trouble = said.change.all.is_some_and(|all| all > 0) || said.change.single.iter().any(|(_, impact)| *impact > 0);
    let nth = |post: &Post| told.iter().position(|other| std::ptr::eq(*other, post));
    said.at > end || said.at == end && is_trouble && nth(said.post) > nth(post)
}

#[derive(Clone, Copy)]
struct End<'a> {
    at: i64,
    post: &'a Post,
    told: i64,
    /// Whether it tells of what was, not of a plan.
    is_actual: bool,
}

/// When an event was over, or is planned to be. Who says it means the last time that it had begun by then, as it was told until that post: what was said of the
/// end of that time before does not hold any more. A post that begins one of its own between two others says the end of that. A plan is that of the
/// time which goes on, or comes next.
fn ends<'a>(told: &[&'a Post], start: i64, is_maintenance: bool, now: i64) -> Vec<End<'a>> {
    let mut ends: Vec<End<'a>> = Vec::new();
    for (nth, post) in told.iter().copied().enumerate() {
        let Some(at) = post.end.filter(|end| is_maintenance || *end <= now) else { continue };
        let is_actual = !is_maintenance || at <= post.date;
        if ends.is_empty() {
            ends.push(End { at, post, told: post.date, is_actual });
            continue;
        }
        let windows = |with_own: bool| {
            let mut story = words(told, is_maintenance);
            story.retain(|said| {
                let position = told.iter().position(|other| std::ptr::eq(*other, said.post)).unwrap();
                let said_at = if said.is_opening { said.told } else { said.at };
                said.at <= now && (position < nth && said_at <= post.date || with_own && position == nth && said.at < at)
            });
            insert_ends(&mut story, told, &ends);
            let mut times = Times::new(start);
            for said in &story {
                times.hear(said);
                if is_maintenance {
                    times.hear_of_work(said);
                }
            }
            let mut windows: Vec<(i64, Option<i64>)> = times.before.iter().map(|(from, until)| (*from, Some(*until))).collect();
            windows.push((times.since, times.over.map(|over| over.at)));
            windows
        };
        let known = windows(false);
        let is_within = |begin: i64| known.iter().any(|(from, until)| *from <= begin && until.is_none_or(|until| begin <= until));
        let begins_own = post.start.filter(|begin| *begin > start && *begin <= now && !is_within(*begin));
        if let Some((later, _)) = begins_own.and_then(|begin| known.iter().find(|(from, _)| *from > begin)) {
            if at < *later {
                ends.push(End { at, post, told: at, is_actual });
                ends.sort_by_key(|end| end.at);
                continue;
            }
            if known.iter().any(|(from, until)| *from <= at && until.is_some_and(|until| at <= until)) {
                continue;
            }
        }
        let windows = windows(true);
        if !is_actual {
            let (from, _) = windows[windows.len() - 1];
            // Who says a plan for work that `end` alone has ended makes it longer.
            let is_final = |update: &Update| matches!(update.state, Some("resolved" | "completed" | "cancelled"));
            let is_said_over = told[..nth]
                .iter()
                .flat_map(|post| &post.updates)
                .any(|update| is_final(update) && from <= update.at && update.at <= post.date.min(now));
            ends.retain(|end| is_said_over || !end.is_actual || end.at <= from);
            ends.push(End { at, post, told: post.date, is_actual });
            continue;
        }
        let meant = windows.iter().rposition(|(from, _)| *from < at).unwrap_or(0);
        let (from, until) = windows[meant];
        match windows.get(meant + 1) {
            None => {
                ends.retain(|end| end.at <= from);
                ends.push(End { at, post, told: post.date, is_actual });
            }
            Some((next, _)) if at < *next => {
                ends.retain(|end| end.at <= from || end.at >= *next);
                ends.push(End { at, post, told: until.unwrap_or(post.date).min(post.date), is_actual });
            }
            Some(_) => continue,
        }
        ends.sort_by_key(|end| end.at);
    }
    ends
}
