use super::*;
use crate::findings::Code;
use crate::model::{Address, Impact, Kind, State};
use crate::outputs::testing::{plan, post, site, site_at, update};
use crate::outputs::{OutputKind, api, calendar, feed, search, status_json};

/// What is published of a site, as far as it is compared; of pages, what is looked for in them.
fn bundle(site: &Site) -> Bundle {
    let plan = plan(site.clone());
    let theme = crate::outputs::testing::theme(&plan);
    let kinds: [OutputKind; 7] =
        [feed::json_feed::KIND, feed::rss::KIND, feed::history::KIND, calendar::KIND, search::KIND, status_json::KIND, api::KIND];
    let outputs = kinds.iter().flat_map(|kind| (kind.list)(&plan, &theme));
    let mut files: Files = outputs.map(|output| (output.path.clone(), output.bytes(&plan, &theme).unwrap())).collect();
    files.insert("index.html".to_owned(), Bytes::new());
    for post in &site.posts {
        let anchors: String = post.updates.iter().map(|update| format!("<section id=\"{}\">", update.anchor())).collect();
        files.insert(post.address.file(), anchors.into());
        for alias in &post.aliases {
            let stub = format!("<meta http-equiv=\"refresh\" content=\"0; url={}\">", site.base().href(&post.address));
            files.insert(alias.file(), stub.into());
        }
    }
    Bundle { files }
}

fn compare(old: &Site, new: &Site) -> (String, Vec<(&'static str, String)>) {
    let mut findings = Findings::default();
    let against = against(&bundle(old).files, new, &bundle(new), &mut findings).unwrap();
    (against.to_string(), findings.into_iter().map(|finding| (finding.code.name(), finding.help.unwrap_or_default())).collect())
}

fn relay() -> Post {
    let mut relay = post("relay", "Relay server offline", "2026-05-04T19:00:00Z");
    relay.updates.push(update("2026-05-04T19:10:00Z", None, "<p>A disk.</p>"));
    relay
}

fn disk() -> Post {
    let mut disk = Post { kind: Some(Kind::Maintenance), ..post("disk", "Disk", "2026-05-01T09:00:00Z") };
    disk.start = Some("2027-05-04T19:00:00Z".parse().unwrap());
    disk.end = Some("2027-05-04T19:30:00Z".parse().unwrap());
    disk
}

#[test]
fn a_resolution_is_told_and_a_typo_is_not() {
    let mut new = relay();
    new.updates[1].html.html = "<p>A broken disk.</p>".to_owned();
    new.updates.push(update("2026-05-04T19:20:00Z", Some(State::Resolved), "<p>Done.</p>"));
    let (sentence, findings) = compare(&site(vec![relay()]), &site(vec![new]));
    assert_eq!(sentence, "1 new item: Resolved: Relay server offline (NC023); 1 corrected silently");
    assert_eq!(findings, []);
    assert_eq!(compare(&site(vec![relay()]), &site(vec![relay()])).0, "no new item");
}

#[test]
fn a_lost_update_is_refused() {
    let mut new = relay();
    new.updates.pop();
    let (_, findings) = compare(&site(vec![relay()]), &site(vec![new]));
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["lost-item"]);
}

#[test]
fn a_changed_id_is_refused_with_what_to_write() {
    let renamed = Post { id: "relay-server".to_owned(), ..relay() };
    let (sentence, findings) = compare(&site(vec![relay()]), &site(vec![renamed]));
    assert_eq!(findings[0], ("changed-id", "write `id = \"relay\"` in the front matter".to_owned()));
    assert!(findings.iter().all(|(code, _)| *code == "changed-id"), "{findings:?}");
    assert_eq!(sentence, "no new item");
    let mut moved = relay();
    moved.updates[1].id = "disk".to_owned();
    let (_, findings) = compare(&site(vec![relay()]), &site(vec![moved]));
    assert_eq!(findings, [("changed-id", "write `{#20260504T1910Z}` at the end of the update's heading".to_owned())]);
}

#[test]
fn a_server_that_a_follow_up_spares_is_no_lost_window() {
    let planned = Post { servers: vec![0, 1], ..disk() };
    let fewer = Post { kind: None, follows: Some("disk".to_owned()), ..post("disk-2", "Fewer disks", "2026-05-02T09:00:00Z") };
    let (_, findings) = compare(&site(vec![planned.clone()]), &site(vec![planned, fewer]));
    assert_eq!(findings, []);
}

#[test]
fn a_changed_authority_is_one_finding() {
    let old = site(vec![relay()]);
    let mut new = old.clone();
    let mut config = (*new.config).clone();
    config.feeds.authority = "example.org,2027".to_owned();
    new.config = config.into();
    let (_, findings) = compare(&old, &new);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].1.contains("authority = \"status.example.net,2026\""), "{findings:?}");
}

#[test]
fn a_changed_date_is_refused_and_a_late_update_is_told_with_a_warning() {
    let mut redated = relay();
    redated.updates[1].at = "2026-05-04T19:11:00Z".parse().unwrap();
    let (_, findings) = compare(&site(vec![relay()]), &site(vec![redated]));
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["changed-date"]);
    let late = post("web", "Web slow", "2026-05-04T19:05:00Z");
    let (sentence, findings) = compare(&site(vec![relay()]), &site(vec![relay(), late]));
    assert_eq!(sentence, "1 new item: Incident: Web slow (NC023)");
    let name = site(vec![]).now.format("%Y-%m-%d-%H%M-web.md").to_string();
    let help = format!(
        "readers that go by the date would never show it: name its file `{name}`, write `start = 2026-05-04T19:05:00Z`, so that the event \
         keeps its times; or write `notify = false`"
    );
    assert_eq!(findings, [("late-item", help)]);
    assert_eq!(Code::LateItem.severity(), crate::findings::Severity::Warning);
}

#[test]
fn a_new_update_of_a_moment_that_was_told_is_counted_and_is_late_where_it_comes_first() {
    let [alpha, beta, gamma] = ["alpha", "beta", "gamma"].map(|id| post(id, id, "2026-05-04T19:00:00Z"));
    let site = |posts: Vec<Post>| site_at("2026-05-04T19:00:50Z", posts);
    let before = site(vec![beta.clone()]);
    let (sentence, findings) = compare(&before, &site(vec![alpha.clone(), beta.clone()]));
    assert!(sentence.starts_with("1 new item: Incident: alpha (NC023)"), "{sentence}");
    // The minute in a file's name is the one that was told.
    assert!(findings.len() == 1 && findings[0].1.contains("never show it: write `date = 2026-05-04T19:00:50Z`, "), "{findings:?}");
    let (sentence, findings) = compare(&before, &site(vec![beta.clone(), gamma.clone()]));
    assert_eq!((sentence.as_str(), findings.len()), ("1 new item: Incident: gamma (NC023)", 0), "{findings:?}");
    let before = site(vec![alpha.clone(), gamma.clone()]);
    let (sentence, findings) = compare(&before, &site(vec![alpha, beta, gamma]));
    assert!(sentence.starts_with("1 new item: Incident: beta (NC023)"), "{sentence}");
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["late-item"]);
}

#[test]
fn what_left_the_window_of_the_feed_is_not_new_where_a_second_moves_it() {
    let [alpha, beta, gamma] = ["alpha", "beta", "gamma"].map(|id| post(id, id, "2026-05-04T19:00:00Z"));
    let with_window = |posts: Vec<Post>| {
        let mut site = site(posts);
        let mut config = (*site.config).clone();
        config.feeds.items = 1;
        site.config = config.into();
        site
    };
    // The feed held `gamma` alone, a second after `beta`, which has that second now. Only `alpha` was on no page.
    let old = with_window(vec![beta.clone(), gamma.clone()]);
    let new = with_window(vec![alpha, beta, gamma]);
    let (sentence, findings) = compare(&old, &new);
    assert_eq!((sentence.as_str(), findings.len()), ("no new item", 1), "{findings:?}");
    assert!(findings[0].0 == "late-item" && findings[0].1.contains("-alpha.md"), "{findings:?}");
}

#[test]
fn a_window_moves_only_with_an_update_that_has_a_state() {
    let mut moved = disk();
    moved.end = Some("2027-05-04T20:00:00Z".parse().unwrap());
    let (_, findings) = compare(&site(vec![disk()]), &site(vec![moved.clone()]));
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["calendar-sequence"]);
    let new = site(vec![moved.clone()]);
    let mut said = Findings::default();
    against(&bundle(&site(vec![disk()])).files, &new, &bundle(&new), &mut said);
    assert_eq!(
        said.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(),
        ["the window was 2027-05-04 19:00 UTC – 2027-05-04 19:30 UTC and is 2027-05-04 19:00 UTC – 2027-05-04 20:00 UTC now, \
          and no update says so"]
    );
    moved.updates.push(update("2026-05-02T09:00:00Z", Some(State::Scheduled), "<p>Later.</p>"));
    assert_eq!(compare(&site(vec![disk()]), &site(vec![moved])), ("1 new item: Scheduled: Disk (NC023)".to_owned(), vec![]));
    let (_, findings) = compare(&site(vec![disk()]), &site(vec![]));
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["lost-item", "lost-window", "lost-address"]);
}

fn codes(old: &Site, new: &Site) -> Vec<&'static str> {
    compare(old, new).1.into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_window_that_is_over_may_leave_the_calendar() {
    let over = Post { start: Some("2026-05-02T19:00:00Z".parse().unwrap()), end: Some("2026-05-02T19:30:00Z".parse().unwrap()), ..disk() };
    let at = |posts| site_at("2026-05-04T20:00:00Z", posts);
    assert_eq!(codes(&at(vec![over]), &at(vec![])), ["lost-item", "lost-address"]);
    assert_eq!(codes(&at(vec![disk()]), &at(vec![])), ["lost-item", "lost-window", "lost-address"]);
}

#[test]
fn a_count_of_changes_that_falls_is_told_whether_the_window_moved_or_not() {
    let mut announced = disk();
    announced.updates.push(update("2026-05-02T09:00:00Z", Some(State::Scheduled), "<p>Later.</p>"));
    let moved = Post { end: Some("2027-05-04T20:00:00Z".parse().unwrap()), ..disk() };
    for new in [disk(), moved] {
        assert!(codes(&site(vec![announced.clone()]), &site(vec![new])).contains(&"calendar-sequence"));
    }
}

#[test]
fn work_that_is_called_off_by_a_word_taken_out_again_is_told() {
    let mut cancelled = disk();
    cancelled.updates.push(update("2026-05-02T09:00:00Z", Some(State::Cancelled), "<p>Not now.</p>"));
    let mut said_otherwise = disk();
    said_otherwise.updates.push(update("2026-05-02T09:00:00Z", Some(State::Scheduled), "<p>Not now.</p>"));
    assert!(codes(&site(vec![cancelled]), &site(vec![said_otherwise])).contains(&"calendar-sequence"));
}

#[test]
fn work_that_has_begun_and_is_put_off_by_hand_is_ended_and_announced_anew() {
    let begun = Post { start: Some("2026-05-04T18:00:00Z".parse().unwrap()), ..disk() };
    let at = |post: &Post| site_at("2026-05-04T20:00:00Z", vec![post.clone()]);
    let of = |post: &Post, moved: &Post| {
        let (_, findings) = compare(&at(post), &at(moved));
        findings.into_iter().find(|(code, _)| *code == "calendar-sequence").expect("the window moved unsaid").1
    };
    let put_off = |post: &Post| Post { start: disk().start, ..post.clone() };
    let mut at_work = begun.clone();
    at_work.updates.push(update("2026-05-04T18:30:00Z", Some(State::InProgress), "<p>We began.</p>"));
    for post in [&begun, &at_work] {
        assert!(of(post, &put_off(post)).contains("signalpost new maintenance"), "{}", of(post, &put_off(post)));
        let longer = Post { end: Some("2027-05-04T20:00:00Z".parse().unwrap()), ..post.clone() };
        assert!(of(post, &longer).contains("signalpost update POST update"), "{}", of(post, &longer));
    }
}

#[test]
fn a_feed_address_stays() {
    let mut tagged = relay();
    tagged.tags = vec!["SMTP".to_owned()];
    let (_, findings) = compare(&site(vec![tagged]), &site(vec![relay()]));
    assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["lost-feed"]);
    assert!(findings[0].1.contains("content/static/tag/smtp/feed.xml"), "{findings:?}");
}

#[test]
fn what_is_no_output_of_ours_cannot_be_compared() {
    let site = site(vec![relay()]);
    let foreign = Files::from([("feed.json".to_owned(), Bytes::from_static(b"{\"items\": [{\"id\": 7}]}"))]);
    assert_eq!(against(&foreign, &site, &bundle(&site), &mut Findings::default()), None);
}

#[test]
fn a_page_that_moves_leaves_a_redirect() {
    let moved = Post { address: Address::new("/2026/05/04/relay-offline/"), ..relay() };
    let (_, findings) = compare(&site(vec![relay()]), &site(vec![moved.clone()]));
    assert_eq!(
        findings,
        [("lost-address", "write `aliases = [\"/2026/05/04/relay/\"]` in its front matter: the old address redirects then".to_owned())]
    );
    let with_alias = Post { aliases: vec![Address::new("/2026/05/04/relay/")], ..moved };
    assert_eq!(compare(&site(vec![relay()]), &site(vec![with_alias])).1, []);
}

#[test]
fn two_that_are_told_apart_by_a_second_may_change_places() {
    let (alpha, beta) = (post("alpha", "A", "2026-05-04T19:00:00Z"), post("beta", "B", "2026-05-04T19:00:00Z"));
    let new = site(vec![alpha, beta.clone()]);
    let shifted = new.feed_entries.iter().find(|entry| new.posts[entry.post].id == "beta").map(|entry| entry.at);
    assert_eq!(shifted.unwrap(), new.feed_entries[1].at, "the older one moved");
    assert!(compare(&site(vec![beta]), &new).1.iter().all(|(code, _)| *code != "changed-date"));
}

#[test]
fn work_that_leaves_a_servers_calendar_in_silence_is_told() {
    let both = || Post { servers: vec![0, 1], ..disk() };
    let mut felt_by_one = both();
    felt_by_one.impact.servers.insert(1, Impact::None);
    let now = "2026-05-04T12:00:00Z";
    // Left out of the servers, the post has left that server's feed too.
    for (changed, help) in [(disk(), "say `{nc027=none}` in that update"), (felt_by_one, "signalpost update POST --impact nc027=none")] {
        let (_, findings) = compare(&site_at(now, vec![both()]), &site_at(now, vec![changed]));
        assert_eq!(findings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["untold-change"], "{findings:?}");
        assert!(findings[0].1.contains(help), "{findings:?}");
    }
    let mut told = both();
    told.updates.push(update("2026-05-04T11:00:00Z", None, "<p>It is spared.</p>"));
    told.updates.last_mut().unwrap().change.servers.insert(1, Impact::None);
    assert_eq!(compare(&site_at(now, vec![both()]), &site_at(now, vec![told])).1, []);
}

/// What is found between two moments of two sites, each once, as its code and message.
fn found(old: &Site, new: &Site) -> Vec<String> {
    let mut findings = Findings::default();
    against(&bundle(old).files, new, &bundle(new), &mut findings).unwrap();
    findings.into_iter().map(|finding| format!("{}: {}", finding.code.name(), finding.message)).collect()
}

/// An incident of both servers on the third of May that was resolved in the evening.
fn past() -> Post {
    let mut past = post("past", "Past", "2026-05-03T08:00:00Z");
    past.servers = vec![0, 1];
    past.impact.servers.extend([(0, Impact::MajorOutage), (1, Impact::Degraded)]);
    past.updates.push(update("2026-05-03T18:00:00Z", Some(State::Resolved), "<p>Done.</p>"));
    past
}

/// What is found on the next day where the incident was changed in place.
fn found_of_past(change: impl Fn(&mut Post)) -> Vec<String> {
    let mut changed = past();
    change(&mut changed);
    let now = "2026-05-04T12:00:00Z";
    let told = found(&site_at(now, vec![past()]), &site_at(now, vec![changed.clone()]));
    changed.updates.push(update("2026-05-04T11:00:00Z", Some(State::Update), "<p>We were wrong.</p>"));
    assert_eq!(found(&site_at(now, vec![past()]), &site_at(now, vec![changed])), <[&str; 0]>::default(), "an update says it");
    told
}

#[test]
fn what_is_over_is_not_told_otherwise_without_a_word() {
    let impact = |all| move |post: &mut Post| post.impact = crate::model::ImpactChange { all: Some(all), ..Default::default() };
    let expect = |found: Vec<String>, message: &str| assert_eq!(found, [format!("untold-change: {message}, and no new update says so")]);
    let worst = |word: &str| format!("the worst impact of this event was published as `major-outage` and is `{word}`");
    expect(found_of_past(impact(Impact::Degraded)), &worst("degraded"));
    expect(found_of_past(impact(Impact::None)), &worst("none"));
    let at_first = |post: &mut Post| post.updates[1].change.all = Some(Impact::None);
    assert_eq!(found_of_past(at_first), <[&str; 0]>::default(), "what holds from the end on says nothing of the time before");
    expect(found_of_past(|post| post.kind = Some(Kind::Notice)), "this event stands in the record that was published and does not now");
    assert_eq!(found_of_past(|post| post.withdrawn = true), <[&str; 0]>::default(), "that it is over was told: its page says the rest");
    let moment = |text: &str| Some(text.parse().unwrap());
    expect(
        found_of_past(|post| post.start = moment("2026-05-03T07:00:00Z")),
        "this event was published as 2026-05-03 08:00 UTC – 2026-05-03 18:00 UTC and is 2026-05-03 07:00 UTC – 2026-05-03 18:00 UTC",
    );
    expect(
        found_of_past(|post| post.end = moment("2026-05-03T09:00:00Z")),
        "this event was over at 2026-05-03 18:00 UTC, and at 2026-05-03 09:00 UTC now",
    );
}

#[test]
fn minutes_that_change_servers_are_told_at_their_event() {
    let swapped = |post: &mut Post| post.impact.servers.extend([(0, Impact::Degraded), (1, Impact::MajorOutage)]);
    let message = "untold-change: `nc023` was published with 600 minutes of major-outage on 2026-05-03 and has 600 minutes of degraded now, \
                   and no new update says so; the same goes for 1 more server";
    assert_eq!(found_of_past(swapped), [message]);
}

#[test]
fn the_days_of_one_server_are_one_finding() {
    let now = "2026-05-04T12:00:00Z";
    let work = |kind| Post {
        kind: Some(kind),
        start: Some("2026-05-01T22:00:00Z".parse().unwrap()),
        end: Some("2026-05-02T02:00:00Z".parse().unwrap()),
        ..post("work", "Work", "2026-04-30T09:00:00Z")
    };
    let mut completed = work(Kind::Maintenance);
    completed.updates.push(update("2026-05-02T02:00:00Z", Some(State::Completed), "<p>Done.</p>"));
    let mut worse = completed.clone();
    worse.impact.all = Some(Impact::Degraded);
    let worst = "untold-change: the worst impact of this event was published as `maintenance` and is `degraded`, and no new update says so";
    assert_eq!(found(&site_at(now, vec![completed.clone()]), &site_at(now, vec![worse.clone()])), [worst]);
    // By the status alone, where no event is listed.
    let of_status = |site: &Site| Files::from([("status.json".to_owned(), bundle(site).files["status.json"].clone())]);
    let mut findings = Findings::default();
    let new = site_at(now, vec![worse]);
    against(&of_status(&site_at(now, vec![completed])), &new, &bundle(&new), &mut findings).unwrap();
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    let message = "`nc023` was published with 120 minutes of maintenance on 2026-05-01 and has 120 minutes of degraded now, and no new \
                   update says so; the same goes for 1 more day";
    assert_eq!(messages, [message]);
}

#[test]
fn what_is_new_or_long_over_or_was_told_to_nobody_is_no_change_of_the_past() {
    let now = "2026-05-04T12:00:00Z";
    let quiet = Post { notify: false, ..past() };
    assert_eq!(found(&site_at(now, vec![]), &site_at(now, vec![quiet.clone()])), <[&str; 0]>::default());
    let otherwise = Post { impact: Default::default(), ..quiet.clone() };
    assert_eq!(found(&site_at(now, vec![quiet]), &site_at(now, vec![otherwise])), <[&str; 0]>::default());
    let corrected = Post { impact: Default::default(), ..past() };
    for (later, findings) in [("2026-07-31T12:00:00Z", 1), ("2026-08-01T12:00:00Z", 0)] {
        let found = found(&site_at(later, vec![past()]), &site_at(later, vec![corrected.clone()]));
        assert_eq!(found.len(), findings, "{later}: {found:?}");
    }
    // A server that is in service only since then.
    let old = site_at(now, vec![past()]);
    let mut young = crate::outputs::testing::servers();
    young.iter_mut().for_each(|server| server.since = Some("2026-05-04".parse().unwrap()));
    assert_eq!(found(&old, &crate::outputs::testing::site_with(young, now, vec![past()])), <[&str; 0]>::default());
}

#[test]
fn time_that_passes_tells_nothing_otherwise() {
    let mut work = Post { start: None, ..disk() };
    work.start = Some("2026-05-04T11:30:20Z".parse().unwrap());
    work.end = Some("2026-05-04T23:00:50Z".parse().unwrap());
    let posts = || vec![past(), work.clone(), post("open", "Open", "2026-05-04T11:59:30Z")];
    let moments = ["2026-05-04T12:00:00Z", "2026-05-04T12:00:07Z", "2026-05-05T00:00:00Z", "2026-05-09T10:00:00Z", "2026-07-20T00:00:01Z"];
    for pair in moments.windows(2) {
        assert_eq!(found(&site_at(pair[0], posts()), &site_at(pair[1], posts())), <[&str; 0]>::default(), "{pair:?}");
    }
}
