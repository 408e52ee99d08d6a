//! Status through time: the rules of the README, told as tiny sites at many moments.

mod support;

use signalpost::model::{Impact, Kind, Moment, Phase, State, Status};
use support::*;

fn status_at(posts: &[(String, String)], server: &str, now: &str) -> &'static str {
    status_of(&site(posts, &given(now)), server)
}

fn phase_at(posts: &[(String, String)], now: &str) -> Option<Phase> {
    let site = site(posts, &given(now));
    site.threads.last().and_then(|thread| thread.event.as_ref()).map(|event| event.phase)
}

fn relay_maintenance(text: &str) -> Vec<(String, String)> {
    let front = "title = \"Disk\"\nkind = \"maintenance\"\nservers = [\"relay\"]\ndate = 2026-05-01T08:00:00Z\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:30:00Z";
    vec![post("2026-05-01-disk", front, text)]
}

#[test]
fn a_window_in_the_future_changes_nothing_now() {
    let posts = relay_maintenance("Soon.");
    for (now, status, phase) in [
        ("2026-05-04T18:59:59Z", "operational", Phase::Scheduled),
        ("2026-05-04T19:00:00Z", "maintenance", Phase::InProgress),
        ("2026-05-04T19:29:59Z", "maintenance", Phase::InProgress),
        ("2026-05-04T19:30:00Z", "operational", Phase::WindowOver),
    ] {
        assert_eq!(status_at(&posts, "nc023", now), status, "{now}");
        assert_eq!(phase_at(&posts, now), Some(phase), "{now}");
    }
}

#[test]
fn completed_before_the_planned_end_ends_a_maintenance() {
    let posts =
        relay_maintenance("Soon.\n\n## 2026-05-04 19:02 UTC — In progress\n\n## 2026-05-04 19:14 UTC — Completed {impact=none}\nDone.");
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T19:13:59Z"), "maintenance");
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T19:14:00Z"), "operational");
    assert_eq!(phase_at(&posts, "2026-05-04T19:14:00Z"), Some(Phase::Completed));
}

#[test]
fn a_maintenance_with_news_after_its_planned_end_is_overrunning_until_completed() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-04 19:35 UTC — Update\nStill at it.\n\n## 2026-05-04 20:10 UTC — Completed\nDone.");
    assert_eq!(phase_at(&posts, "2026-05-04T19:34:00Z"), Some(Phase::WindowOver));
    assert_eq!(
        (phase_at(&posts, "2026-05-04T19:40:00Z"), status_at(&posts, "nc023", "2026-05-04T19:40:00Z")),
        (Some(Phase::Overrunning), "maintenance")
    );
    assert_eq!(
        (phase_at(&posts, "2026-05-04T20:10:00Z"), status_at(&posts, "nc023", "2026-05-04T20:10:00Z")),
        (Some(Phase::Completed), "operational")
    );
}

#[test]
fn news_in_the_minute_of_the_planned_end_mean_that_it_goes_on() {
    for heading in ["In progress", "Verifying", "Update", "We need another hour."] {
        let posts = relay_maintenance(&format!("Soon.\n\n## 2026-05-04 19:30 UTC — {heading}\nStill at it."));
        let told = |now: &str| (phase_at(&posts, now), status_at(&posts, "nc023", now));
        assert_eq!(told("2026-05-04T19:29:59Z"), (Some(Phase::InProgress), "maintenance"), "{heading}");
        assert_eq!(told("2026-05-04T19:30:00Z"), (Some(Phase::Overrunning), "maintenance"), "{heading}");
    }
    let done = relay_maintenance("Soon.\n\n## 2026-05-04 19:30 UTC — Completed\nDone.");
    assert_eq!(phase_at(&done, "2026-05-04T19:30:00Z"), Some(Phase::Completed));
}

#[test]
fn two_updates_in_the_minute_of_the_end_leave_it_over() {
    let front = "title = \"Mail\"\nkind = \"incident\"\nservers = [\"nc023\"]\nend = 2026-05-04T20:00:00Z\ndate = 2026-05-04T19:00:00Z";
    let more = "title = \"More\"\nfollows = \"mail\"\ndate = 2026-05-04T19:10:00Z";
    let first = post("2026-05-04-mail", front, "Down.\n\n## 2026-05-04 20:00 UTC — Mail is sent\nAll of it.");
    let second = post("2026-05-04-more", more, "## 2026-05-04 20:00 UTC — Monitoring\nWe watch it.");
    let site = site(&[first, second], &given("2026-05-05T00:00:00Z"));
    let steps = site.steps(&site.threads[0]);
    let states: Vec<State> = steps.iter().map(|step| step.state).collect();
    assert_eq!(
        (status_of(&site, "nc023"), states),
        ("operational", vec![State::Investigating, State::Resolved, State::Monitoring, State::Resolved])
    );
}

#[test]
fn completed_after_the_window_does_not_lengthen_it() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-04 20:10 UTC — Completed\nDone long ago.");
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    assert_eq!((event.end, event.phase), (Some(at("2026-05-04T19:30:00Z")), Phase::Completed));
}

#[test]
fn who_says_once_more_that_it_is_over_does_not_change_since_when() {
    let again = relay_maintenance("Soon.\n\n## 2026-05-04 19:14 UTC — Completed\nDone.\n\n## 2026-05-04 21:00 UTC — Completed\nReally.");
    let site = support::site(&again, &given("2026-05-05T00:00:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    assert_eq!((event.end, event.closed), (Some(at("2026-05-04T19:14:00Z")), Some(at("2026-05-04T19:14:00Z"))));
    let front = "title = \"Mail\"\nservers = [\"nc023\"]\nstart = 2026-05-04T19:00:00Z";
    let text = "Down.\n\n## 2026-05-04 20:00 UTC — Resolved\nBack.\n\n## 2026-05-04 21:00 UTC — Resolved\nFixed it as well.";
    for front in [front.to_owned(), format!("{front}\nend = 2026-05-04T20:00:00Z")] {
        let posts = [post("2026-05-04-mail", &front, text)];
        let site = support::site(&posts, &given("2026-05-05T00:00:00Z"));
        let event = site.threads[0].event.as_ref().unwrap();
        assert_eq!((event.end, event.closed), (Some(at("2026-05-04T20:00:00Z")), Some(at("2026-05-04T20:00:00Z"))));
    }
}

#[test]
fn completed_before_the_window_never_turns_it_round() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-04 18:00 UTC — Completed\nDone early.");
    let site = support::site(&posts, &given("2026-05-04T19:10:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    assert_eq!((event.start, event.end), (support::at("2026-05-04T19:00:00Z"), Some(support::at("2026-05-04T19:30:00Z"))));
    assert_eq!((event.phase, event.impact_windows.len(), event.is_called_off()), (Phase::Completed, 0, true));
    assert_eq!(status_of(&site, "nc023"), "operational");
}

#[test]
fn completed_in_the_minute_of_the_start_ends_it_there() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-04 19:00 UTC — Completed\nThere was nothing to do.");
    let site = site(&posts, &given("2026-05-04T19:10:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    assert_eq!((event.start, event.end), (at("2026-05-04T19:00:00Z"), Some(at("2026-05-04T19:00:00Z"))));
    assert_eq!((event.phase, event.impact_windows.len(), event.is_called_off()), (Phase::Completed, 0, false));
}

#[test]
fn in_progress_before_the_start_starts_it() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-04 18:50 UTC — In progress\nA little early.");
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T18:50:00Z"), "maintenance");
}

#[test]
fn scheduled_after_in_progress_puts_the_work_off() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-03 19:01 UTC — In progress\n\n## 2026-05-03 19:20 UTC — Scheduled\nTomorrow.");
    for (now, status, phase) in [
        ("2026-05-03T19:19:59Z", "maintenance", Phase::InProgress),
        ("2026-05-03T19:20:00Z", "operational", Phase::Scheduled),
        ("2026-05-04T18:59:59Z", "operational", Phase::Scheduled),
        ("2026-05-04T19:00:00Z", "maintenance", Phase::InProgress),
        ("2026-05-04T19:30:00Z", "operational", Phase::WindowOver),
    ] {
        assert_eq!((status_at(&posts, "nc023", now), phase_at(&posts, now)), (status, Some(phase)), "{now}");
    }
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    let minutes = event.impact_windows.iter().map(|window| (window.window.until.unwrap() - window.window.from).num_minutes());
    assert_eq!(event.start.to_rfc3339(), "2026-05-04T19:00:00+00:00");
    assert_eq!(minutes.collect::<Vec<_>>(), [19, 30], "what was begun stays in the record");
}

#[test]
fn work_that_is_put_off_has_the_impact_again_that_was_planned() {
    let begun = |impact: &str| {
        relay_maintenance(&format!(
            "Soon.\n\n## 2026-05-03 19:01 UTC — In progress\n\n## 2026-05-03 19:10 UTC — Verifying {{impact={impact}}}\n\n\
             ## 2026-05-03 19:20 UTC — Scheduled\nTomorrow."
        ))
    };
    for (impact, then) in [("none", "operational"), ("major-outage", "major-outage")] {
        let posts = begun(impact);
        for (now, status) in
            [("2026-05-03T19:15:00Z", then), ("2026-05-03T20:00:00Z", "operational"), ("2026-05-04T19:10:00Z", "maintenance")]
        {
            assert_eq!(status_at(&posts, "nc023", now), status, "{impact} {now}");
        }
    }
    let twice = relay_maintenance(
        "Soon.\n\n## 2026-05-02 19:00 UTC — In progress\n\n## 2026-05-02 19:10 UTC — Scheduled {impact=degraded}\n\n\
         ## 2026-05-03 19:00 UTC — In progress {impact=major-outage}\n\n## 2026-05-03 19:20 UTC — Scheduled\nTomorrow.",
    );
    assert_eq!(status_at(&twice, "nc023", "2026-05-04T19:10:00Z"), "degraded", "what is said with the new plan belongs to it");
    for over in ["Completed", "Cancelled"] {
        let posts = relay_maintenance(&format!(
            "Soon.\n\n## 2026-05-03 19:01 UTC — In progress\n\n## 2026-05-03 19:10 UTC — Verifying {{impact=none}}\n\n\
             ## 2026-05-03 19:20 UTC — {over}\n\n## 2026-05-03 19:40 UTC — Scheduled\nAll of it tomorrow."
        ));
        assert_eq!(status_at(&posts, "nc023", "2026-05-04T19:10:00Z"), "maintenance", "{over}");
    }
}

#[test]
fn an_incident_that_was_over_at_once_was_well_until_it_began_again() {
    let front = "title = \"Mail\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T10:00:00Z";
    let again = post("2026-05-04-1200-again", "title = \"Again\"\nfollows = \"mail\"\nimpact = \"degraded\"", "Slow.");
    let by_end = [post("2026-05-04-mail", &format!("{front}\nend = 2026-05-04T10:00:00Z"), "For a moment."), again];
    let text = "For a moment.\n\n## 2026-05-04 10:00 UTC — Resolved\n\n## 2026-05-04 12:00 UTC — Investigating {impact=degraded}\nSlow.";
    let by_update = [post("2026-05-04-mail", front, text)];
    for posts in [&by_end[..], &by_update] {
        assert_eq!(status_at(posts, "nc023", "2026-05-04T11:00:00Z"), "operational");
        let site = site(posts, &given("2026-05-04T13:00:00Z"));
        let event = site.threads[0].event.as_ref().unwrap();
        let windows: Vec<(String, Impact)> = event.impact_windows.iter().map(|held| (held.window.from.to_rfc3339(), held.impact)).collect();
        assert_eq!(windows, [("2026-05-04T12:00:00+00:00".to_owned(), Impact::Degraded)]);
        assert_eq!(event.start, at("2026-05-04T10:00:00Z"));
    }
}

#[test]
fn what_was_cancelled_and_begins_after_all_begins_then() {
    let front = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z";
    let text = "Slow.\n\n## 2026-05-04 10:30 UTC — Cancelled\nA false alarm.\n\n## 2026-05-05 09:00 UTC — Investigating\nNow it is real.";
    let incident = [post("2026-05-04-mail", front, text)];
    let work = relay_maintenance(
        "Soon.\n\n## 2026-05-03 10:00 UTC — Cancelled\nIt did not come.\n\n## 2026-05-04 19:20 UTC — In progress\nIt came after all.",
    );
    for (posts, now, begin) in
        [(&incident[..], "2026-05-05T10:00:00Z", "2026-05-05T09:00:00Z"), (&work, "2026-05-04T19:25:00Z", "2026-05-04T19:20:00Z")]
    {
        let site = site(posts, &given(now));
        let event = site.threads[0].event.as_ref().unwrap();
        assert_eq!((event.start, event.impact_windows[0].window.from), (at(begin), at(begin)));
    }
}

#[test]
fn work_that_begins_once_more_leaves_what_was_over_as_it_was() {
    // Planned from 19:00 to 19:30. What is said to be completed later was over then all the same, also where it begins again.
    let completed =
        "Soon.\n\n## 2026-05-04 19:10 UTC — Update {impact=major-outage}\nThe disk is out.\n\n## 2026-05-04 21:00 UTC — Completed";
    let again = format!("{completed}\n\n## 2026-05-04 21:30 UTC — In progress\nOnce more.");
    // An update behind the planned end says that it was not.
    let overrun = again.replace("\n\n## 2026-05-04 21:00", "\n\n## 2026-05-04 19:50 UTC — Verifying\n\n## 2026-05-04 21:00");
    for (text, now, minutes) in [
        (completed, "2026-05-04T21:20:00Z", 20),
        (&again, "2026-05-04T21:30:00Z", 20),
        (&again, "2026-05-04T21:40:00Z", 30),
        (&overrun, "2026-05-04T21:30:00Z", 110),
    ] {
        assert_eq!(site(&relay_maintenance(text), &given(now)).months(0)[0].minutes[Impact::MajorOutage], minutes, "{now}");
    }
}

#[test]
fn a_later_plan_for_work_that_began_again_leaves_what_was_over_as_it_was() {
    let text = "Soon.\n\n## 2026-05-04 19:10 UTC — Update {impact=major-outage}\n\n## 2026-05-04 21:00 UTC — Completed\n\n\
                ## 2026-05-04 21:30 UTC — In progress\nOnce more.";
    let mut posts = relay_maintenance(text);
    posts.push(post(
        "2026-05-04-2140-until",
        "title = \"Until ten\"\nfollows = \"disk\"\nend = 2026-05-04T22:00:00Z",
        "It takes until ten.",
    ));
    for (now, minutes) in [("2026-05-04T21:40:00Z", 30), ("2026-05-04T23:00:00Z", 50)] {
        assert_eq!(site(&posts, &given(now)).months(0)[0].minutes[Impact::MajorOutage], minutes, "{now}");
    }
}

#[test]
fn each_end_of_work_that_began_again_is_that_of_the_time_it_was_told_of() {
    let follow_up = |day_and_time: &str, end: &str, text: &str| {
        let front = format!("title = \"More\"\nfollows = \"disk\"\nend = 2026-05-04T{end}:00Z");
        post(&format!("{day_and_time}-more-{}", end.replace(':', "")), &front, text)
    };
    let again = || follow_up("2026-05-04-2200", "22:30", "Once more.\n\n## 2026-05-04 22:00 UTC — In progress");
    let completed = || relay_maintenance("Soon.\n\n## 2026-05-04 19:20 UTC — Completed");
    let told_by_end = || [relay_maintenance("Soon."), vec![follow_up("2026-05-04-1925", "19:20", "Done.")]].concat();
    for (posts, minutes) in [
        ([completed(), vec![again()]], [20, 30]),
        ([told_by_end(), vec![again()]], [20, 30]),
        ([completed(), vec![again(), follow_up("2026-05-04-2210", "22:50", "It takes longer.")]], [20, 50]),
        ([completed(), vec![again(), follow_up("2026-05-04-2310", "22:45", "It took longer.")]], [20, 45]),
        ([completed(), vec![again(), follow_up("2026-05-04-2310", "19:15", "The first time was over earlier.")]], [15, 30]),
    ] {
        let posts = posts.concat();
        let site = site(&posts, &given("2026-05-05T00:00:00Z"));
        let event = site.threads[0].event.as_ref().unwrap();
        let held = event.impact_windows.iter().map(|held| (held.window.until.unwrap() - held.window.from).num_minutes());
        assert_eq!(held.collect::<Vec<_>>(), minutes, "{posts:#?}");
    }
}

#[test]
fn completed_work_that_is_scheduled_once_more_has_ended_until_then() {
    let text = "Soon.\n\n## 2026-05-03 19:01 UTC — In progress\n\n## 2026-05-03 19:20 UTC — Completed\n\n\
                ## 2026-05-03 19:40 UTC — Scheduled\nThe rest.";
    let posts = relay_maintenance(text);
    for (now, status, phase) in [
        ("2026-05-03T19:30:00Z", "operational", Phase::Completed),
        ("2026-05-03T19:40:00Z", "operational", Phase::Scheduled),
        ("2026-05-04T19:10:00Z", "maintenance", Phase::InProgress),
        ("2026-05-04T19:30:00Z", "operational", Phase::WindowOver),
    ] {
        assert_eq!((status_at(&posts, "nc023", now), phase_at(&posts, now)), (status, Some(phase)), "{now}");
    }
}

#[test]
fn cancelled_voids_the_event() {
    let posts = relay_maintenance("Soon.\n\n## 2026-05-03 10:00 UTC — Cancelled\nThe part did not come.");
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T19:10:00Z"), "operational");
    assert_eq!(phase_at(&posts, "2026-05-04T19:10:00Z"), Some(Phase::Cancelled));
    let again =
        relay_maintenance("Soon.\n\n## 2026-05-02 10:00 UTC — Cancelled\n\n## 2026-05-03 10:00 UTC — Scheduled\nIt came after all.");
    assert_eq!(status_at(&again, "nc023", "2026-05-04T19:10:00Z"), "maintenance");
}

#[test]
fn a_resolved_update_ends_an_incident_and_a_state_after_it_reopens_it() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T19:00:00Z";
    let text = "Off.\n\n## 2026-05-04 19:40 UTC — Resolved {impact=none}\nBack.\n\n## 2026-05-04 21:00 UTC — Investigating\nAgain.\n\n## 2026-05-04 21:30 UTC — Resolved";
    let posts = [post("2026-05-04-spam", front, text)];
    for (now, status) in [
        ("2026-05-04T19:00:00Z", "major-outage"),
        ("2026-05-04T19:40:00Z", "operational"),
        ("2026-05-04T20:59:00Z", "operational"),
        ("2026-05-04T21:00:00Z", "major-outage"),
        ("2026-05-04T21:30:00Z", "operational"),
    ] {
        assert_eq!(status_at(&posts, "nc023", now), status, "{now}");
    }
    let late = site(&posts, &given("2026-05-05T00:00:00Z"));
    assert_eq!(late.months(0)[0].minutes[Impact::MajorOutage], 70);
}

#[test]
fn a_state_after_resolved_reopens_it_although_the_front_matter_has_the_old_end() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:40:00Z";
    let posts =
        [post("2026-05-04-spam", front, "Off.\n\n## 2026-05-04 19:40 UTC — Resolved\n\n## 2026-05-04 21:00 UTC — Investigating\nAgain.")];
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T22:00:00Z"), "degraded");
}

#[test]
fn an_end_at_the_moment_of_a_reopening_is_none_any_more() {
    let front = "title = \"Slow\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z\nend = 2026-05-04T11:00:00Z";
    let text = "Slow.\n\n## 2026-05-04 10:50 UTC — Resolved\n\n## 2026-05-04 11:00 UTC — Investigating\n\n\
                ## 2026-05-04 11:10 UTC — Monitoring {impact=none}\nFast.";
    let posts = [post("2026-05-04-slow", front, text)];
    for (now, status) in [("10:40", "degraded"), ("10:55", "operational"), ("11:05", "degraded"), ("11:15", "operational")] {
        assert_eq!(status_at(&posts, "nc023", &format!("2026-05-04T{now}:00Z")), status, "{now}");
    }
}

#[test]
fn a_reopening_in_the_minute_of_resolved_that_says_none_means_it() {
    let first = post(
        "2026-05-04-slow",
        "title = \"Slow\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z\nimpact = \"major-outage\"",
        "Slow.\n\n## 2026-05-04 11:00 UTC — Resolved",
    );
    let more = |impact: &str| {
        post(
            "2026-05-04-1030-more",
            "title = \"More\"\nfollows = \"slow\"",
            &format!("Slow.\n\n## 2026-05-04 11:00 UTC — Monitoring{impact}\nWe watch it."),
        )
    };
    for (impact, status) in [("", "major-outage"), (" {impact=none}", "operational"), (" {impact=degraded}", "degraded")] {
        assert_eq!(status_at(&[first.clone(), more(impact)], "nc023", "2026-05-04T12:00:00Z"), status, "{impact}");
    }
}

#[test]
fn trouble_that_another_post_tells_of_in_the_minute_of_the_end_comes_after_it() {
    let front = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T06:00:00Z\nend = 2026-05-04T20:00:00Z";
    let first = post("2026-05-04-mail", front, "Slow.");
    let follow_up = |keys: &str, text: &str| post("2026-05-04-1900-more", &format!("title = \"More\"\nfollows = \"mail\"\n{keys}"), text);
    for (more, status) in [
        (follow_up("date = 2026-05-04T20:00:00Z\nimpact = \"major-outage\"", "Down."), "major-outage"),
        (follow_up("", "Slow.\n\n## 2026-05-04 20:00 UTC — Investigating {impact=major-outage}\nDown."), "major-outage"),
        (follow_up("", "Slow.\n\n## 2026-05-04 20:00 UTC — Monitoring\nWe watch it."), "operational"),
    ] {
        assert_eq!(status_at(&[first.clone(), more.clone()], "nc023", "2026-05-04T21:00:00Z"), status, "{}", more.1);
    }
}

#[test]
fn trouble_that_came_back_for_less_than_a_minute_is_over() {
    let first = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T06:00:00Z\nend = 2026-05-04T08:00:00Z\nimpact = \"major-outage\"";
    let again = |date: &str, time: &str| {
        let front = format!(
            "title = \"Again\"\nfollows = \"mail\"\ndate = 2026-05-04T{date}:00Z\nstart = 2026-05-04T{time}:00Z\nend = 2026-05-04T{time}:00Z"
        );
        post(&format!("2026-05-04-again-{}", time.replace(':', "")), &front, "For a moment.")
    };
    let posts = [post("2026-05-04-mail", first, "Down."), again("09:15", "09:14"), again("11:00", "11:00")];
    for now in ["09:14", "09:30", "11:00", "12:00"] {
        assert_eq!(status_at(&posts, "nc023", &format!("2026-05-04T{now}:00Z")), "operational", "{now}");
    }
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let event = site.threads[0].event.as_ref().unwrap();
    assert_eq!((event.phase, event.impact_windows.len()), (Phase::Resolved, 1));
}

#[test]
fn a_reopening_that_says_none_for_all_means_it() {
    let front = "title = \"Slow\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z";
    let text = "Slow.\n\n## 2026-05-04 10:50 UTC — Resolved\n\n## 2026-05-04 11:00 UTC — Monitoring {impact=none}\nWe look again.";
    let posts = [post("2026-05-04-slow", front, text)];
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T11:05:00Z"), "operational");
    assert_eq!(phase_at(&posts, "2026-05-04T11:05:00Z"), Some(Phase::Ongoing));
}

#[test]
fn a_withdrawn_maintenance_does_not_make_its_follow_up_planned() {
    let first = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"nc023\"\nwithdrawn = true\nstart = 2026-05-04T10:00:00Z\nend = 2026-05-04T11:00:00Z";
    let next = "title = \"Disk lost\"\nkind = \"incident\"\nserver = \"nc023\"\nfollows = \"disk\"\nstart = 2026-05-04T10:30:00Z\nend = 2026-05-04T12:00:00Z";
    let posts = [post("2026-05-04-0900-disk", first, "Soon."), post("2026-05-04-1030-lost", next, "Lost.")];
    let event = site(&posts, &given("2026-05-04T10:40:00Z")).threads[0].event.clone();
    // The end of an incident that lies ahead was not known then.
    assert_eq!(event.map(|event| (event.phase, event.end)), Some((Phase::Ongoing, None)));
}

#[test]
fn a_postmortem_and_a_plain_update_do_not_reopen() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z";
    let posts = [post(
        "2026-05-04-spam",
        front,
        "Off.\n\n## 2026-05-04 19:40 UTC — Resolved\n\n## 2026-05-05 10:00 UTC — Update\n\n## 2026-05-06 10:00 UTC — Postmortem\nWhy.",
    )];
    assert_eq!(status_at(&posts, "nc023", "2026-05-07T00:00:00Z"), "operational");
    assert_eq!(phase_at(&posts, "2026-05-07T00:00:00Z"), Some(Phase::Resolved));
}

#[test]
fn maintenance_never_hides_an_outage() {
    let mut posts = relay_maintenance("Soon.");
    posts.push(post(
        "2026-05-04-1905-down",
        "title = \"Down\"\nserver = \"nc023\"\nimpact = \"partial-outage\"\nstart = 2026-05-04T19:05:00Z",
        "Off.",
    ));
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T19:10:00Z"), "partial-outage");
    let site = site(&posts, &given("2026-05-04T19:10:00Z"));
    assert_eq!((site.glance.overall.word(), site.glance.servers[0].since), ("partial-outage", Some(at("2026-05-04T19:05:00Z"))));
}

#[test]
fn an_attribute_for_all_clears_earlier_single_ones_and_the_single_one_wins_in_its_heading() {
    let front = "title = \"Power\"\nservers = [\"nc023\", \"nc027\"]\nimpact = \"major-outage\"\nstart = 2026-05-04T19:00:00Z";
    let text = "Off.\n\n## 2026-05-04 19:10 UTC — Identified {nc027=degraded}\n\n## 2026-05-04 19:20 UTC — Monitoring {impact=partial-outage nc023=none}\n\n## 2026-05-04 19:30 UTC — Monitoring {impact=degraded}";
    let posts = [post("2026-05-04-power", front, text)];
    for (now, expected) in [
        ("2026-05-04T19:05:00Z", ["major-outage", "major-outage"]),
        ("2026-05-04T19:15:00Z", ["major-outage", "degraded"]),
        ("2026-05-04T19:25:00Z", ["operational", "partial-outage"]),
        ("2026-05-04T19:35:00Z", ["degraded", "degraded"]),
    ] {
        assert_eq!(["nc023", "nc027"].map(|server| status_at(&posts, server, now)), expected, "{now}");
    }
}

#[test]
fn a_thread_has_one_window_and_its_last_end_ends_it() {
    let posts = [
        post(
            "2026-05-04-1900-spam",
            "title = \"Spam\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T19:00:00Z",
            "Off.",
        ),
        post("2026-05-04-1930-spam-2", "title = \"Spam: update 2\"\nfollows = \"spam\"\nimpact = \"degraded\"", "Better."),
        post("2026-05-04-2000-spam-3", "title = \"Spam: over\"\nfollows = \"spam-2\"\nend = 2026-05-04T19:55:00Z", "Over."),
    ];
    for (now, status) in
        [("2026-05-04T19:10:00Z", "major-outage"), ("2026-05-04T19:45:00Z", "degraded"), ("2026-05-04T20:00:00Z", "operational")]
    {
        assert_eq!(status_at(&posts, "nc023", now), status, "{now}");
    }
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    assert_eq!(site.threads.len(), 1);
    assert_eq!((site.months(0)[0].minutes[Impact::MajorOutage], site.months(0)[0].minutes[Impact::Degraded]), (30, 25));
    assert_eq!(site.posts_of_server[0].len(), 3, "follow-ups inherit the server");
}

#[test]
fn internal_servers_show_their_incident_and_retired_ones_stay_retired() {
    let front = "title = \"Backup\"\nservers = [\"nc028\", \"nc018\"]\nimpact = \"major-outage\"\nstart = 2026-05-04T19:00:00Z";
    let posts = [post("2026-05-04-backup", front, "Off.")];
    let site = site(&posts, &given("2026-05-04T20:00:00Z"));
    assert_eq!([status_of(&site, "nc028"), status_of(&site, "nc018")], ["major-outage", "retired"]);
    assert_eq!(site.glance.overall.word(), "operational", "neither counts");
    assert_eq!(site.glance.active.len(), 1);
}

#[test]
fn a_withdrawn_post_and_a_notice_have_no_effect() {
    let posts = [
        post("2026-05-04-oops", "title = \"Oops\"\nserver = \"nc023\"\nwithdrawn = true\nstart = 2026-05-04T19:00:00Z", "Not so."),
        post("2026-05-04-1910-news", "title = \"News\"\nkind = \"notice\"\nserver = \"nc027\"\nstart = 2026-05-04T19:00:00Z", "News."),
    ];
    let site = site(&posts, &given("2026-05-04T20:00:00Z"));
    assert_eq!((site.glance.overall.word(), site.glance.active.len()), ("operational", 0));
}

#[test]
fn next_is_the_next_edge_of_a_window_or_pin() {
    let mut posts = relay_maintenance("Soon.");
    let next = |posts: &[(String, String)], now: &str| site(posts, &given(now)).glance.next_change.map(|at| at.to_rfc3339());
    assert_eq!(next(&posts, "2026-05-02T00:00:00Z").as_deref(), Some("2026-05-04T19:00:00+00:00"));
    assert_eq!(next(&posts, "2026-05-04T19:00:00Z").as_deref(), Some("2026-05-04T19:30:00+00:00"));
    assert_eq!(next(&posts, "2026-05-04T19:30:00Z"), None);
    posts.push(post("2026-05-01-0900-news", "title = \"News\"\npinned = 2026-05-03T00:00:00Z", "News."));
    assert_eq!(next(&posts, "2026-05-02T00:00:00Z").as_deref(), Some("2026-05-03T00:00:00+00:00"));
}

#[test]
fn an_explicit_now_shows_the_site_as_it_stood() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:40:00Z";
    let posts = [post("2026-05-04-spam", front, "Off.\n\n## 2026-05-04 19:20 UTC — Monitoring\n\n## 2026-05-04 19:40 UTC — Resolved")];
    let early = site(&posts, &given("2026-05-04T19:10:00Z"));
    assert_eq!((early.posts[0].updates.len(), early.posts[0].end, status_of(&early, "nc023")), (1, None, "degraded"));
    assert_eq!(site(&posts, &given("2026-05-03T00:00:00Z")).posts.len(), 0);
}

#[test]
fn equal_times_are_told_apart_by_a_second() {
    let posts = ["a", "b", "c"].map(|name| post(&format!("2026-05-04-1900-{name}"), &format!("title = \"{name}\""), "Text."));
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let times: Vec<String> =
        site.feed_entries.iter().map(|entry| format!("{} {}", site.posts[entry.post].slug, entry.at.format("%H:%M:%S"))).collect();
    assert_eq!(times, ["a 19:00:00", "b 19:00:01", "c 19:00:02"]);
}

#[test]
fn news_after_the_end_opens_an_incident_again() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:40:00Z";
    let posts = [post("2026-05-04-spam", front, "Off.\n\n## 2026-05-04 21:00 UTC — Investigating\nAgain.")];
    assert_eq!(
        [status_at(&posts, "nc023", "2026-05-04T20:00:00Z"), status_at(&posts, "nc023", "2026-05-04T22:00:00Z")],
        ["operational", "degraded"]
    );
}

#[test]
fn what_is_said_between_the_end_and_a_later_resolved_was_open_meanwhile() {
    let front = "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z\nend = 2026-05-04T19:40:00Z";
    let text = "Off.\n\n## 2026-05-04 21:00 UTC — Investigating\nAgain.\n\n## 2026-05-04 22:00 UTC — Resolved\n\n\
        ## 2026-05-04 23:00 UTC — Identified {nc023=major-outage}\nAnd again.";
    let posts = [post("2026-05-04-spam", front, text)];
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let event = site.threads[0].event.as_ref().expect("an incident has an event");
    let hours = |at: Moment| at.format("%H:%M").to_string();
    let impact_windows: Vec<_> =
        event.impact_windows.iter().map(|held| (hours(held.window.from), held.window.until.map(hours), held.impact.word())).collect();
    let expected = [
        ("19:00".to_owned(), Some("19:40".to_owned()), "degraded"),
        ("21:00".to_owned(), Some("22:00".to_owned()), "degraded"),
        ("23:00".to_owned(), None, "major-outage"),
    ];
    assert_eq!(impact_windows, expected);
}

#[test]
fn a_post_that_tells_of_an_end_afterwards_opens_nothing() {
    let posts = [
        post(
            "2026-05-04-1900-spam",
            "title = \"Spam\"\nserver = \"nc023\"\nstart = 2026-05-04T19:00:00Z",
            "Off.\n\n## 2026-05-04 19:40 UTC — Resolved",
        ),
        post(
            "2026-05-04-2000-spam-2",
            "title = \"Why\"\nfollows = \"spam\"\nimpact = \"major-outage\"\nend = 2026-05-04T19:45:00Z",
            "It was worse.",
        ),
    ];
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T20:30:00Z"), "operational");
}

#[test]
fn a_planned_end_in_a_follow_up_is_a_plan() {
    let mut posts = relay_maintenance("Soon.");
    posts.push(post("2026-05-02-1000-longer", "title = \"Longer\"\nfollows = \"disk\"\nend = 2026-05-04T20:30:00Z", "It takes longer."));
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T20:00:00Z"), "maintenance");
    let site = site(&posts, &given("2026-05-04T20:00:00Z"));
    assert_eq!(site.glance.next_change, Some(at("2026-05-04T20:30:00Z")));
}

#[test]
fn follow_ups_of_one_moment_stand_behind_what_they_follow() {
    let posts = [
        post("2026-05-04-relay", "title = \"One\"\nkind = \"incident\"\nserver = \"nc023\"", "Off."),
        post("2026-05-04-z", "title = \"Two\"\nfollows = \"relay\"\nimpact = \"major-outage\"", "Worse."),
        post("2026-05-04-a", "title = \"Three\"\nfollows = \"z\"\nimpact = \"partial-outage\"", "Better."),
    ];
    let site = site(&posts, &given("2026-05-04T10:00:00Z"));
    let entry: Vec<&str> = site.threads[0].posts.iter().map(|post| site.posts[*post].title.as_str()).collect();
    assert_eq!((entry, status_of(&site, "nc023")), (vec!["One", "Two", "Three"], "partial-outage"));
}

#[test]
fn a_maintenance_that_follows_a_withdrawn_incident_is_one_in_every_output() {
    let outage = "title = \"Outage\"\nkind = \"incident\"\nserver = \"nc023\"\nwithdrawn = true";
    let work = "title = \"Repair work\"\nkind = \"maintenance\"\nserver = \"nc023\"\nfollows = \"outage\"\n\
        start = 2026-05-06T19:00:00Z\nend = 2026-05-06T20:00:00Z";
    let posts = [post("2026-05-04-0900-outage", outage, "It fails."), post("2026-05-04-1000-work", work, "We repair it.")];
    let site = site(&posts, &given("2026-05-05T00:00:00Z"));
    let thread = &site.threads[0];
    assert_eq!((thread.kind, thread.event.as_ref().map(|event| event.kind)), (Kind::Maintenance, Some(Kind::Maintenance)));

    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let built = |now: &str| {
        let bundle = signalpost::build(&sources(&files), &given(now)).bundle.unwrap();
        move |path: &str| String::from_utf8(bundle.files[path].to_vec()).unwrap()
    };
    let before = built("2026-05-05T00:00:00Z");
    for path in ["status.txt", "status.json", "calendar.ics", "api/v2/scheduled-maintenances/upcoming.json"] {
        assert!(before(path).contains("Repair work"), "{path}: {}", before(path));
    }
    for path in ["status.txt", "calendar.ics", "api/v2/summary.json", "api/v2/incidents.json"] {
        assert!(!before(path).contains("Outage") && !before(path).contains("It fails"), "{path}: {}", before(path));
    }
    assert_eq!(before("calendar.ics").matches("BEGIN:VEVENT").count(), 1);
    assert!(before("calendar.ics").contains("UID:2026-05-04-0900-outage@"), "{}", before("calendar.ics"));
    let history = before("history.atom");
    assert!(history.contains("<title>Repair work</title>") && history.contains("THIS IS A SCHEDULED EVENT"), "{history}");
    assert!(!history.contains("It fails"), "{history}");

    let within = built("2026-05-06T19:30:00Z");
    let link = "<a href=\"/2026/05/04/work/\"><bdi>Repair work</bdi></a>";
    for path in ["index.html", "server/nc023/index.html"] {
        assert!(within(path).contains(link), "{path}: {}", within(path));
    }
    let at_work = support::site(&posts, &given("2026-05-06T19:30:00Z"));
    assert_eq!(at_work.causes_of(0).map(|post| post.slug.as_str()).collect::<Vec<_>>(), ["work"]);
}

#[test]
fn a_link_to_what_comes_later_is_words_until_then() {
    let (first, second) = (
        post("2026-05-04-0900-first", "title = \"First\"", "See [the *next*](2026-05-05-0900-second.md), [us](/about/), [the site](/)."),
        post("2026-05-05-0900-second", "title = \"Second\"\ntags = [\"mail relay\"]", "Words."),
    );
    let files = [
        (
            "site.toml",
            "title = \"S\"\nbase_url = \"https://example.net/s\"\n[[sidebar]]\ntitle = \"New\"\ntext = \"[Second](/2026/05/05/second/)\"\n\
             links = [{ title = \"The second\", url = \"/2026/05/05/second/?from=side#text\" }, { title = \"Us\", url = \"/about/\" }, { title = \"Relay\", url = \"/tag/mail-relay/\" }]\n",
        ),
        (first.0.as_str(), first.1.as_str()),
        (second.0.as_str(), second.1.as_str()),
        (
            "content/pages/about.md",
            "+++\ntitle = \"About\"\n+++\nOf [the second](/2026/05/05/second/), [its tag](/tag/mail-relay/), [its month](/2026/05/).\n",
        ),
    ];
    let made = |now: &str| {
        let built = signalpost::build(&sources(&files), &given(now));
        assert!(built.findings.is_empty(), "{:?}", built.findings);
        let files = built.bundle.unwrap().files;
        let text = |path: &str| String::from_utf8(files[path].to_vec()).unwrap();
        [text("2026/05/04/first/index.html"), text("about/index.html"), text("feed.xml"), text("index.html")]
    };
    let before = made("2026-05-04T12:00:00Z");
    assert!(before.iter().all(|text| !text.contains("second/")), "{before:?}");
    assert!(before[0].contains("See the <em>next</em>, <a href=\"/s/about/\">us</a>, <a href=\"/s/\">the site</a>."), "{}", before[0]);
    assert!(before[1].contains("its tag, <a href=\"/s/2026/05/\">its month</a>."), "{}", before[1]);
    assert!(!before[3].contains("/tag/mail-relay/"), "{}", before[3]);
    assert!(before[3].contains("/s/about/\">Us</a>") && !before[3].contains("The second"), "{}", before[3]);
    let after = made("2026-05-05T12:00:00Z");
    assert!(after.iter().all(|text| text.contains("/2026/05/05/second/")));
    assert!(after[3].contains("/s/2026/05/05/second/?from=side#text\""), "{}", after[3]);
}

#[test]
fn an_open_incident_on_a_retired_server_is_told_everywhere_and_changes_no_status() {
    let (path, text) = post("2026-05-04-1000-old", "title = \"Old is down\"\nkind = \"incident\"\nserver = \"old\"", "It fails.");
    let servers = "[[server]]\nid = \"old\"\nstatus = \"retired\"\n\n[[server]]\nid = \"new\"\n";
    let built = signalpost::build(&sources(&[("content/servers.toml", servers), (&path, &text)]), &given("2026-05-04T12:00:00Z"));
    let files = built.bundle.unwrap().files;
    let text = |path: &str| std::str::from_utf8(&files[path]).unwrap();
    let json = |path: &str| serde_json::from_slice::<serde_json::Value>(&files[path]).unwrap();

    let front = text("index.html");
    let (_, wrong_now) = front.split_once("What is wrong now").unwrap_or_else(|| panic!("{front}"));
    assert!(wrong_now.split_once("Systems at a glance").unwrap().0.contains(">Old is down<"), "{front}");
    assert!(text("status.txt").split_once("What is wrong now").unwrap().1.contains("Old is down"), "{}", text("status.txt"));
    let (own, summary, unresolved) = (json("status.json"), json("api/v2/summary.json"), json("api/v2/incidents/unresolved.json"));
    for events in [&own["active"], &summary["incidents"], &unresolved["incidents"]] {
        assert_eq!(events.as_array().unwrap().len(), 1, "{events}");
    }
    assert_eq!((&own["overall"]["status"], &summary["status"]["indicator"]), (&"operational".into(), &"none".into()));
    assert_eq!(own["servers"][1]["status"], "retired");
}

#[test]
fn a_withdrawn_maintenance_stays_cancelled_in_calendars_whatever_follows_it() {
    let disk = "title = \"Disk\"\nkind = \"maintenance\"\nserver = \"nc023\"\nwithdrawn = true\nstart = 2026-05-06T19:00:00Z\nend = 2026-05-06T20:00:00Z";
    let posts = [
        post("2026-05-04-0900-disk", disk, "We replace it."),
        post("2026-05-04-1000-mistake", "title = \"No work on NC023\"\nfollows = \"disk\"", "The announcement was a mistake."),
    ];
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let bundle = signalpost::build(&sources(&files), &given("2026-05-05T00:00:00Z")).bundle.unwrap();
    let calendar = String::from_utf8(bundle.files["calendar.ics"].to_vec()).unwrap();
    for line in ["STATUS:CANCELLED", "DTSTART:20260506T190000Z", "DTEND:20260506T200000Z"] {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
}

#[test]
fn the_record_of_a_retired_server_ends_with_its_last_day_or_its_last_event() {
    let down = "title = \"Down\"\nserver = \"old\"\nimpact = \"major-outage\"\nstart = 2026-03-04T10:00:00Z\nend = 2026-03-04T11:00:00Z";
    let (path, text) = post("2026-03-04-1000-down", down, "Words.");
    let record = |server: &str| {
        let servers = format!("[[server]]\nid = \"old\"\nsince = 2026-01-01\n{server}");
        let sources = sources(&[("content/servers.toml", &servers), (path.as_str(), text.as_str())]);
        let site = loaded(&sources, &given("2026-05-05T12:00:00Z")).0.unwrap();
        let known = site.days(0, 90).iter().filter(|day| day.worst != Status::Unknown).count();
        (site.months(0).iter().map(|month| month.minutes.total()).collect::<Vec<_>>(), known)
    };
    let (january, february, march, april) = (31 * 1440, 28 * 1440, 31 * 1440, 30 * 1440);
    assert_eq!(record(""), (vec![january, february, march, april, 4 * 1440 + 720], 90));
    assert_eq!(
        record("status = \"retired\""),
        (vec![january, february, 3 * 1440 + 11 * 60], 24 + 4),
        "5 February is the first of the 90 days"
    );
    assert_eq!(record("status = \"retired\"\nuntil = 2026-03-09"), (vec![january, february, 9 * 1440], 24 + 9));
    let servers = "[[server]]\nid = \"old\"\nsince = 2026-01-01\nstatus = \"retired\"\n";
    let site = loaded(&sources(&[("content/servers.toml", servers)]), &given("2026-05-05T12:00:00Z")).0.unwrap();
    assert_eq!(site.months(0), [], "without either nothing is known");
}
