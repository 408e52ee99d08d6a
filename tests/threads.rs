//! Several posts that tell of one event: what each of them says holds for what it is about, and is the same in every output.

mod support;

use serde_json::Value;
use signalpost::model::{Impact, Moment};
use support::*;

const START: &str = "start = 2026-05-04T10:00:00Z";

fn status_at(posts: &[(String, String)], server: &str, now: &str) -> &'static str {
    status_of(&site(posts, &given(now)), server)
}

/// The files of a site, by their paths.
fn built(posts: &[(String, String)], now: &str) -> impl Fn(&str) -> String + use<> {
    let files: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let bundle = signalpost::build(&sources(&files), &given(now)).bundle.unwrap();
    move |path: &str| String::from_utf8(bundle.files[path].to_vec()).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_outage_that_follows_a_notice_is_on_the_notice_s_servers() {
    let posts = [
        post("2026-05-04-1000-watch", "title = \"We watch\"\nservers = [\"nc023\"]", "Words."),
        post(
            "2026-05-04-1100-down",
            "title = \"Down\"\nkind = \"incident\"\nimpact = \"major-outage\"\nfollows = \"watch\"\nstart = 2026-05-04T11:00:00Z",
            "Words.",
        ),
    ];
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T10:59:59Z"), "operational");
    assert_eq!(status_at(&posts, "nc023", "2026-05-04T11:00:00Z"), "major-outage");
}

#[test]
fn an_outage_is_on_the_servers_of_what_it_follows_whatever_stands_beside_it() {
    let watch = post("2026-05-04-1000-watch", "title = \"We watch\"\nservers = [\"nc023\"]", "Words.");
    let down = "title = \"Down\"\nkind = \"incident\"\nimpact = \"major-outage\"\nfollows = \"watch\"\nstart = 2026-05-04T11:00:00Z";
    let down = post("2026-05-04-1100-down", down, "Words.");
    for beside in
        ["kind = \"notice\"", "kind = \"notice\"\nwithdrawn = true", "kind = \"incident\"\nstart = 2026-05-04T10:30:00Z\nwithdrawn = true"]
    {
        let beside = format!("title = \"Beside\"\nservers = [\"nc027\"]\nfollows = \"watch\"\n{beside}");
        let posts = [watch.clone(), post("2026-05-04-1030-beside", &beside, "Words."), down.clone()];
        let site = site(&posts, &given("2026-05-04T12:00:00Z"));
        assert_eq!((status_of(&site, "nc023"), status_of(&site, "nc027")), ("major-outage", "operational"), "{}", posts[1].1);
        let about = |id: &str| site.servers_said(site.posts.iter().position(|post| post.id == id).unwrap()).to_vec();
        assert_eq!((about("2026-05-04-1100-down"), about("2026-05-04-1030-beside")), (vec![0], vec![1]));
    }
    // Nor does it get a kind from there, at any moment.
    let beside = "title = \"Beside\"\nkind = \"incident\"\nstart = 2026-05-04T10:30:00Z\nservers = [\"nc027\"]\nfollows = \"watch\"\nwithdrawn = true";
    let kindless = post("2026-05-04-1100-down", "title = \"Down\"\nimpact = \"major-outage\"\nfollows = \"watch\"", "Words.");
    let posts = [watch, post("2026-05-04-1030-beside", beside, "Words."), kindless];
    for options in [clock("2026-05-04T12:00:00Z"), given("2026-05-04T12:00:00Z")] {
        assert_eq!(codes(&read(&posts, &options).1), ["unclear-follow-up"]);
    }
}

#[test]
fn a_post_is_told_about_the_servers_that_it_changes() {
    let mail = format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}");
    let note = "title = \"Note\"\nkind = \"notice\"\nfollows = \"mail\"\nservers = [\"nc027\"]";
    let more = post("2026-05-04-1200-more", "title = \"More\"\nfollows = \"note\"", "Words.\n\n## 2026-05-04 12:10 UTC — Resolved\nWords.");
    let site = site(
        &[post("2026-05-04-1000-mail", &mail, "Words."), post("2026-05-04-1100-note", note, "Words."), more],
        &given("2026-05-04T13:00:00Z"),
    );
    let about = |slug: &str| site.servers_said(site.posts.iter().position(|post| post.slug == slug).unwrap()).to_vec();
    assert_eq!((about("mail"), about("note"), about("more")), (vec![0], vec![1], vec![0]));
    // Those of the first post, which has them from a notice.
    let watch = post("2026-05-04-0900-watch", "title = \"We watch\"\nservers = [\"nc027\"]", "Words.");
    let down = format!("title = \"Down\"\nkind = \"incident\"\nfollows = \"watch\"\n{START}");
    let still = post("2026-05-04-1100-still", "title = \"Still\"\nfollows = \"down\"", "Words.");
    let site = support::site(&[watch, post("2026-05-04-1000-down", &down, "Words."), still], &given("2026-05-04T13:00:00Z"));
    let about = |slug: &str| site.servers_said(site.posts.iter().position(|post| post.slug == slug).unwrap()).to_vec();
    assert_eq!((about("down"), about("still"), status_of(&site, "nc027")), (vec![1], vec![1], "degraded"));
}

#[test]
fn an_update_changes_the_servers_of_its_own_post() {
    let mail = format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}");
    let web = "title = \"Web down too\"\nservers = [\"nc023\", \"nc027\"]\nimpact = \"major-outage\"\nfollows = \"mail\"";
    let posts = |heading: &str| {
        let mail = post("2026-05-04-1000-mail", &mail, &format!("Words.\n\n## 2026-05-04 12:00 UTC — {heading}\nWords."));
        [mail, post("2026-05-04-1100-web", web, "Words.")]
    };
    let (before, after) = ("2026-05-04T11:59:59Z", "2026-05-04T12:00:00Z");
    let well = posts("Monitoring {impact=none}");
    assert_eq!((status_at(&well, "nc023", before), status_at(&well, "nc027", before)), ("major-outage", "major-outage"));
    assert_eq!((status_at(&well, "nc023", after), status_at(&well, "nc027", after)), ("operational", "major-outage"));
    let milder = posts("Identified {nc023=degraded}");
    assert_eq!((status_at(&milder, "nc023", after), status_at(&milder, "nc027", after)), ("degraded", "major-outage"));
}

#[test]
fn a_server_that_a_follow_up_left_out_has_trouble_again_when_an_update_says_so() {
    let mail = format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}");
    let again = "Words.\n\n## 2026-05-04 12:00 UTC — Identified {nc023=major-outage}\nWords.";
    let web = "title = \"It is the web\"\nservers = [\"nc027\"]\nfollows = \"mail\"";
    let posts = [post("2026-05-04-1000-mail", &mail, again), post("2026-05-04-1100-web", web, "Words.")];
    let told = |now: &str| ["nc023", "nc027"].map(|server| status_at(&posts, server, now));
    assert_eq!(told("2026-05-04T10:59:00Z"), ["degraded", "operational"]);
    assert_eq!(told("2026-05-04T11:00:00Z"), ["operational", "degraded"], "its servers take the place of those before");
    assert_eq!(told("2026-05-04T12:00:00Z"), ["major-outage", "degraded"]);

    let (_, findings) = read(&posts, &given("2026-05-04T11:30:00Z"));
    assert_eq!(codes(&findings), ["contradiction"], "{:?}", said(&findings));
    let (_, findings) = read(&posts[..1], &given("2026-05-04T11:30:00Z"));
    assert_eq!(codes(&findings), Vec::<&str>::new());
}

#[test]
fn an_incident_without_a_start_began_when_it_was_posted_whatever_its_follow_ups_say_later() {
    let down = "title = \"Mail down\"\nkind = \"incident\"\nservers = [\"nc023\"]\nimpact = \"major-outage\"";
    let started = |start: &str| {
        let still = format!("title = \"Still down\"\nfollows = \"mail\"\nstart = 2026-05-04T{start}Z");
        let posts = [post("2026-05-04-1000-mail", down, "Words."), post("2026-05-04-1200-still", &still, "Words.")];
        site(&posts, &given("2026-05-04T13:00:00Z")).threads[0].event.as_ref().map(|event| event.start)
    };
    assert_eq!(started("12:00:00"), Some("2026-05-04T10:00:00Z".parse::<Moment>().unwrap()));
    assert_eq!(started("09:30:00"), Some("2026-05-04T09:30:00Z".parse::<Moment>().unwrap()), "it was found out later");
}

#[test]
fn a_withdrawn_follow_up_and_a_notice_bring_no_server_into_the_event() {
    let down = format!("title = \"Disk\"\nservers = [\"nc028\"]\n{START}");
    for other in ["withdrawn = true", "kind = \"notice\""] {
        let posts = [
            post("2026-05-04-1000-disk", &down, "Words."),
            post("2026-05-04-1100-other", &format!("title = \"Other\"\nfollows = \"disk\"\nservers = [\"nc023\"]\n{other}"), "Words."),
        ];
        let file = built(&posts, "2026-05-04T12:00:00Z");
        assert_eq!(json(&file("api/v2/incidents.json"))["incidents"], Value::Array(Vec::new()), "{other}: on internal servers alone");
    }
}

#[test]
fn the_timeline_leaves_out_what_was_withdrawn() {
    let posts = [
        post("2026-05-04-1000-mail", &format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}"), "We look."),
        post(
            "2026-05-04-1100-wrong",
            "title = \"Wrong post\"\nfollows = \"mail\"\nwithdrawn = true",
            "## 2026-05-04 11:10 UTC — Resolved\nAll is well again.",
        ),
        post("2026-05-04-1130-cause", "title = \"The cause\"\nfollows = \"mail\"", "It is the disk."),
    ];
    let file = built(&posts, "2026-05-04T12:00:00Z");
    for path in ["index.html", "2026/05/04/mail/index.html", "history.atom", "api/v2/incidents.json"] {
        assert!(!file(path).contains("All is well again") && file(path).contains("It is the disk"), "{path}");
    }
}

#[test]
fn the_api_says_when_an_incident_was_over_and_since_when_it_is_monitored() {
    let text = "Words.\n\n## 2026-05-04 10:20 UTC — Monitoring\nWords.\n\n## 2026-05-04 10:25 UTC\nWords.\n\n## 2026-05-04 10:50 UTC — Resolved\nWords.";
    let front = format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}\nend = 2026-05-04T10:30:00Z");
    let file = built(&[post("2026-05-04-1000-mail", &front, text)], "2026-05-04T12:00:00Z");
    let incident = &json(&file("api/v2/incidents.json"))["incidents"][0];
    assert_eq!(incident["resolved_at"], "2026-05-04T10:30:00.000Z", "`end` holds");
    assert_eq!(incident["monitoring_at"], "2026-05-04T10:20:00.000Z");
}

#[test]
fn a_notice_moves_no_window() {
    let window = "kind = \"maintenance\"\nstart = 2026-05-04T20:00:00Z\nend = 2026-05-04T21:00:00Z";
    let posts = [
        post("2026-05-04-1000-disk", &format!("title = \"Disk\"\nservers = [\"nc023\"]\n{window}"), "Words."),
        post("2026-05-04-1100-note", "title = \"Note\"\nkind = \"notice\"\nfollows = \"disk\"\nend = 2026-05-04T23:00:00Z", "Words."),
    ];
    let file = built(&posts, "2026-05-04T12:00:00Z");
    let planned = &json(&file("api/v2/scheduled-maintenances.json"))["scheduled_maintenances"][0];
    assert_eq!(planned["scheduled_until"], "2026-05-04T21:00:00.000Z");
    assert!(file("calendar.ics").contains("DTEND:20260504T210000Z"));
}

#[test]
fn what_an_impact_alone_opens_again_is_nowhere_told_as_resolved() {
    let text = "Words.\n\n## 2026-05-04 10:30 UTC — Resolved\nWords.\n\n## 2026-05-04 11:00 UTC — Down again {impact=major-outage}\nWords.";
    let posts = [post("2026-05-04-1000-mail", &format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}"), text)];
    let file = built(&posts, "2026-05-04T12:00:00Z");
    let incident = &json(&file("api/v2/incidents.json"))["incidents"][0];
    assert_eq!((&incident["status"], &incident["incident_updates"][0]["status"]), (&"investigating".into(), &"investigating".into()));
    assert_eq!(json(&file("status.json"))["active"][0]["state"], Value::Null);
    assert!(file("history.atom").contains("Investigating&lt;/strong&gt; - &lt;b&gt;Down again&lt;/b&gt;"), "{}", file("history.atom"));
}

#[test]
fn the_window_of_a_cancelled_maintenance_changes_nothing() {
    let front = "title = \"Disk\"\nkind = \"maintenance\"\nservers = [\"nc023\"]\nstart = 2026-05-09T19:00:00Z\nend = 2026-05-09T20:00:00Z";
    let posts = [post("2026-05-01-disk", front, "Words.\n\n## 2026-05-02 10:05 UTC — Cancelled\nWords.")];
    for now in ["2026-05-09T18:00:00Z", "2026-05-09T19:30:00Z", "2026-05-09T21:00:00Z"] {
        let document = json(&built(&posts, now)("api/v2/scheduled-maintenances.json"));
        assert_eq!(document["scheduled_maintenances"][0]["updated_at"], "2026-05-02T10:05:00.000Z", "{now}");
    }
}

#[test]
fn a_month_that_has_just_begun_has_no_percentage_yet() {
    let down = "title = \"Mail down\"\nservers = [\"nc023\"]\nimpact = \"major-outage\"\nstart = 2026-05-04T10:00:00Z";
    let older =
        post("2026-01-04-slow", "title = \"Slow\"\nserver = \"nc023\"\nstart = 2026-01-04T10:00:00Z\nend = 2026-01-04T11:00:00Z", "Words.");
    let posts = [older, post("2026-05-04-1000-mail", down, "Words.")];
    let month = |now: &str| {
        let servers = json(&built(&posts, now)("status.json"))["servers"].clone();
        servers.as_array().unwrap().iter().find(|server| server["id"] == "nc023").unwrap()["uptime"]["month"].clone()
    };
    assert_eq!(month("2026-06-01T00:00:59Z"), Value::Null);
    assert_eq!(month("2026-06-01T00:01:00Z"), 0.0);
}

#[test]
fn a_follow_up_of_a_withdrawn_post_that_tells_of_trouble_is_an_event_of_its_kind() {
    let wrong = format!("title = \"Mail down\"\nkind = \"incident\"\nservers = [\"nc023\"]\nwithdrawn = true\n{START}");
    let follow_up = |keys: &str| {
        let wrong = post("2026-05-04-1000-wrong", &wrong, "Words.");
        [wrong, post("2026-05-04-1100-other", &format!("title = \"Other\"\nfollows = \"wrong\"\n{keys}"), "Words.")]
    };
    let told = |keys: &str| ["nc023", "nc027"].map(|server| status_at(&follow_up(keys), server, "2026-05-04T12:00:00Z"));
    assert_eq!(told("servers = [\"nc027\"]\nimpact = \"major-outage\""), ["operational", "major-outage"]);
    assert_eq!(told("start = 2026-05-04T11:00:00Z"), ["degraded", "operational"], "it inherits the server too");
    assert_eq!(told(""), ["operational", "operational"], "a word about the false alarm is none");
}

#[test]
fn who_says_none_while_or_after_an_event_is_opened_again_means_it() {
    let down = format!("title = \"Mail down\"\nservers = [\"nc023\"]\nimpact = \"major-outage\"\n{START}");
    let told = |then: &str| {
        let text = format!("Words.\n\n## 2026-05-04 10:30 UTC — Resolved {{impact=none}}\nWords.\n\n## {then}\nWords.");
        status_at(&[post("2026-05-04-1000-mail", &down, &text)], "nc023", "2026-05-04T12:00:00Z")
    };
    assert_eq!(told("2026-05-04 11:00 UTC — Monitoring"), "major-outage");
    assert_eq!(told("2026-05-04 11:00 UTC — Monitoring {nc023=none}"), "operational");
    assert_eq!(told("2026-05-04 11:00 UTC {impact=none}\nWords.\n\n## 2026-05-04 11:10 UTC — Monitoring"), "operational");
}

#[test]
fn a_follow_up_after_the_end_says_what_it_is_unless_its_own_update_opens_the_event_again() {
    let told = |update: &str| {
        let posts = [
            post(
                "2026-05-04-1000-mail",
                &format!("title = \"Mail down\"\nservers = [\"nc023\"]\n{START}\nend = 2026-05-04T10:30:00Z"),
                "Words.",
            ),
            post(
                "2026-05-04-1100-again",
                "title = \"Again\"\nkind = \"incident\"\nfollows = \"mail\"",
                &format!("Words.\n\n## 2026-05-04 11:10 UTC — {update}\nWords."),
            ),
        ];
        codes(&read(&posts, &clock("2026-05-04T12:00:00Z")).1)
    };
    assert_eq!(told("Investigating"), [""; 0]);
    assert_eq!(told("Update"), ["unclear-follow-up"]);
    assert_eq!(told("Postmortem {impact=major-outage}"), ["unclear-follow-up"], "what a postmortem says of an impact is history");
}

#[test]
fn an_impact_in_a_follow_up_of_a_notice_needs_a_kind() {
    let posts = [
        post("2026-05-04-1000-watch", "title = \"We watch\"\nservers = [\"nc023\"]", "Words."),
        post("2026-05-04-1100-down", "title = \"Down\"\nimpact = \"major-outage\"\nfollows = \"watch\"", "Words."),
    ];
    assert_eq!(codes(&read(&posts, &clock("2026-05-04T12:00:00Z")).1), ["unclear-follow-up"]);
}

#[test]
fn what_subscribers_of_a_server_were_told_stays_in_its_feed_when_a_post_is_withdrawn() {
    let disk = "title = \"Disk\"\nkind = \"maintenance\"\nservers = [\"nc023\"]\nstart = 2026-05-06T10:00:00Z\nend = 2026-05-06T11:00:00Z";
    let posts = |more: &str| {
        [
            post("2026-05-04-1000-disk", disk, "Words."),
            post("2026-05-04-1100-more", &format!("title = \"More\"\nfollows = \"disk\"\nservers = [\"nc027\"]\n{more}"), "Words."),
            post("2026-05-04-1200-third", "title = \"Third\"\nfollows = \"more\"", "Words."),
        ]
    };
    for more in ["", "withdrawn = true"] {
        let feed = built(&posts(more), "2026-05-05T00:00:00Z")("server/nc027/feed.xml");
        assert!(feed.contains("/2026/05/04/third/"), "{more}: {feed}");
    }
}

#[test]
fn a_post_is_about_the_servers_that_were_named_before_it_whoever_names_more_later() {
    let posts = [
        post("2026-05-04-1000-down", &format!("title = \"Down\"\nservers = [\"nc027\"]\n{START}"), "Words."),
        post("2026-05-04-1100-still", "title = \"Still down\"\nfollows = \"down\"", "Words."),
        post("2026-05-04-1200-both", "title = \"Both\"\nfollows = \"still\"\nservers = [\"nc023\", \"nc027\"]", "Words."),
    ];
    let file = built(&posts, "2026-05-05T00:00:00Z");
    let about = |server: &str| {
        // The newest posts stand beside a page.
        let is_there = |path: String| file(&path).split("</main>").next().unwrap().contains("/still/");
        [format!("server/{server}/index.html"), format!("server/{server}/feed.xml")].map(is_there)
    };
    assert_eq!((about("nc027"), about("nc023")), ([true; 2], [false; 2]));
    let page = file("2026/05/04/still/index.html");
    assert!(page.contains("/server/nc027/") && !page.split("timeline").next().unwrap().contains("/server/nc023/"), "{page}");
    let causes = |server: usize| json(&file("status.json"))["servers"][server]["posts"].as_array().unwrap().len();
    assert_eq!((causes(0), causes(1)), (1, 3), "Both alone is about NC023");
}

/// Mail that was down from 09:00 to 09:30, and a post at 10:00 that follows it.
fn down_again(keys: &str) -> [(String, String); 2] {
    let mail = "title = \"Mail is down\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T09:00:00Z";
    let resolved = "Words.\n\n## 2026-05-04 09:30 UTC — Resolved\nWords.";
    let again = format!("title = \"Mail is down again\"\nfollows = \"mail\"\n{keys}");
    [post("2026-05-04-0900-mail", mail, resolved), post("2026-05-04-1000-again", &again, "Words.")]
}

#[test]
fn a_follow_up_that_starts_after_the_end_opens_the_incident_again() {
    let keys = "kind = \"incident\"\nservers = [\"nc023\", \"nc027\"]\nstart = 2026-05-04T10:00:00Z";
    let told = |posts: &[(String, String)], now: &str| ["nc023", "nc027"].map(|server| status_at(posts, server, now));
    let posts = down_again(keys);
    assert_eq!(told(&posts, "2026-05-04T09:59:59Z"), ["operational", "operational"]);
    assert_eq!(told(&posts, "2026-05-04T12:00:00Z"), ["major-outage", "major-outage"]);

    let mail =
        "title = \"Mail is down\"\nserver = \"nc023\"\nimpact = \"major-outage\"\nstart = 2026-05-04T09:00:00Z\nend = 2026-05-04T09:30:00Z";
    let ended = [post("2026-05-04-0900-mail", mail, "Words."), posts[1].clone()];
    assert_eq!(told(&ended, "2026-05-04T12:00:00Z"), ["major-outage", "major-outage"], "the first post says `end`");
}

#[test]
fn the_good_time_before_an_incident_was_opened_again_is_no_outage() {
    let told_at = |name: &str, ends: &str| {
        let keys = format!("start = 2026-05-04T10:00:00Z\n{ends}");
        let [mail, (_, again)] = down_again(&keys);
        let site = site(&[mail, (format!("content/posts/{name}.md"), again)], &given("2026-05-04T12:00:00Z"));
        (status_of(&site, "nc023"), site.months(0)[0].minutes[Impact::MajorOutage])
    };
    let end = "end = 2026-05-04T11:00:00Z";
    assert_eq!(told_at("2026-05-04-1000-again", end), ("operational", 30 + 60));
    assert_eq!(told_at("2026-05-04-1040-again", end), ("operational", 30 + 60), "told while it went on");
    assert_eq!(told_at("2026-05-04-1130-again", end), ("operational", 30 + 60), "told afterwards");
    assert_eq!(told_at("2026-05-04-1040-again", ""), ("major-outage", 30 + 120));
    let both_end = |posts: [(String, String); 2]| {
        let [(path, text), again] = posts;
        let ended = text.replace("start = 2026-05-04T09:00:00Z", "start = 2026-05-04T09:00:00Z\nend = 2026-05-04T09:20:00Z");
        site(&[(path, ended.replace("— Resolved", "")), again], &given("2026-05-04T12:00:00Z")).months(0)[0].minutes[Impact::MajorOutage]
    };
    assert_eq!(both_end(down_again(&format!("start = 2026-05-04T10:00:00Z\n{end}"))), 20 + 60);
}

#[test]
fn an_incident_that_says_its_end_and_no_start_can_be_opened_again() {
    let mail = "title = \"Mail is down\"\nkind = \"incident\"\nserver = \"nc023\"\nend = 2026-05-04T09:30:00Z";
    let again = "title = \"Again\"\nfollows = \"mail\"\nstart = 2026-05-04T10:00:00Z";
    let posts = [post("2026-05-04-0900-mail", mail, "Words."), post("2026-05-04-1000-again", again, "Words.")];
    let site = site(&posts, &given("2026-05-04T12:00:00Z"));
    assert_eq!((status_of(&site, "nc023"), site.months(0)[0].minutes[Impact::Degraded]), ("degraded", 30 + 120));
}

#[test]
fn who_says_the_end_last_has_the_last_word() {
    let posts = |kind: &str| {
        [
            post("2026-05-04-0900-mail", "title = \"Mail is down\"\nserver = \"nc023\"\nstart = 2026-05-04T09:00:00Z", "Words."),
            post("2026-05-04-0920-still", &format!("title = \"Still down\"\nfollows = \"mail\"\n{kind}"), "Words."),
            post("2026-05-04-1000-over", "title = \"Over\"\nfollows = \"mail\"\nend = 2026-05-04T09:10:00Z", "Words."),
        ]
    };
    let begun = posts("start = 2026-05-04T09:20:00Z");
    assert_eq!(status_at(&begun, "nc023", "2026-05-04T12:00:00Z"), "operational");
    let (_, findings) = read(&posts("kind = \"incident\""), &clock("2026-05-04T12:00:00Z"));
    assert_eq!(said(&findings), Vec::<String>::new(), "it was not known to be over");
}

#[test]
fn a_later_post_knows_better_than_the_update_that_told_of_the_end_before() {
    let first = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T12:00:00Z\nend = 2026-05-04T12:20:00Z";
    let again = |date: &str, keys: &str| {
        let front = format!("title = \"Again\"\nfollows = \"mail\"\nstart = 2026-05-04T12:28:00Z\n{keys}");
        [
            post("2026-05-04-1200-mail", first, "Down.\n\n## 2026-05-04 12:40 UTC — Resolved {impact=none}\nUp since 12:20."),
            post(&format!("2026-05-04-{date}-again"), &front, "Since 12:28."),
        ]
    };
    let told = |posts: &[(String, String)]| {
        ["12:10", "12:25", "12:30", "13:00"].map(|at| status_at(posts, "nc023", &format!("2026-05-04T{at}:00Z")))
    };
    let windows = |posts: &[(String, String)]| {
        let site = site(posts, &given("2026-05-04T14:00:00Z"));
        let windows = &site.threads[0].event.as_ref().unwrap().impact_windows;
        windows
            .iter()
            .map(|held| (held.window.from.format("%H:%M").to_string(), held.window.until.map(|at| at.format("%H:%M").to_string())))
            .collect::<Vec<_>>()
    };
    let open = again("1250", "");
    assert_eq!(told(&open), ["degraded", "operational", "operational", "degraded"], "at 12:30 nobody has told of it");
    let (from, until) = (|at: &str| at.to_owned(), |at: &str| Some(at.to_owned()));
    assert_eq!(windows(&open), [(from("12:00"), until("12:20")), (from("12:28"), None)]);
    let ended = again("1250", "end = 2026-05-04T12:45:00Z");
    assert_eq!(windows(&ended), [(from("12:00"), until("12:20")), (from("12:28"), until("12:45"))]);
    let told_before = again("1235", "");
    assert_eq!(windows(&told_before), [(from("12:00"), until("12:20")), (from("12:28"), until("12:40"))], "Resolved has the last word");
}

/// Mail was down from 10:00 to 10:30; what follow-ups say then, each at its time. The minutes of trouble by then, and whether it goes on.
fn minutes_after(follow_ups: &[(&str, &str, &str)]) -> (i64, bool) {
    let mail = "title = \"Mail\"\nserver = \"nc023\"\nstart = 2026-05-04T10:00:00Z\nend = 2026-05-04T10:30:00Z";
    let mut posts = vec![post("2026-05-04-1000-mail", mail, "Down.\n\n## 2026-05-04 10:30 UTC — Resolved\nBack.")];
    posts.extend(follow_ups.iter().map(|(name, keys, text)| {
        post(&format!("2026-05-04-{name}"), &format!("title = \"More\"\nfollows = \"mail\"\n{keys}"), &format!("Words.\n{text}"))
    }));
    let site = site(&posts, &given("2026-05-04T23:00:00Z"));
    (site.months(0)[0].minutes[Impact::Degraded], status_of(&site, "nc023") == "degraded")
}

#[test]
fn an_end_that_is_corrected_later_is_that_of_the_time_it_lies_in() {
    let at = |key: &str, time: &str| format!("{key} = 2026-05-04T{time}:00Z");
    let again = format!("{}\n{}", at("start", "10:40"), at("end", "10:45"));
    assert_eq!(minutes_after(&[("1050-again", &again, "")]), (35, false));
    // The first was over five minutes later, or earlier.
    for (end, minutes) in [("10:35", 40), ("10:25", 30)] {
        assert_eq!(minutes_after(&[("1050-again", &again, ""), ("1100-corrects", &at("end", end), "")]), (minutes, false), "{end}");
    }
    // The second, then the first.
    let corrects =
        [("1050-again", &*again, ""), ("1055-corrects-it", &*at("end", "10:43"), ""), ("1100-corrects", &*at("end", "10:25"), "")];
    assert_eq!(minutes_after(&corrects), (28, false));
    // Opened again by a state.
    let state = "\n## 2026-05-04 10:40 UTC — Investigating\nAgain.\n\n## 2026-05-04 10:50 UTC — Resolved\nBack.";
    let by_state = [("1035-again", "", state), ("1055-corrects-it", &*at("end", "10:45"), ""), ("1100-corrects", &*at("end", "10:25"), "")];
    assert_eq!(minutes_after(&by_state), (30, false));
}

#[test]
fn earlier_trouble_that_is_told_later_leaves_the_later_as_it_was() {
    let resolved = "\n## 2026-05-04 12:46 UTC — Resolved\nBack.";
    let earlier = "start = 2026-05-04T10:40:00Z\nend = 2026-05-04T10:42:00Z";
    for end in ["", "\nend = 2026-05-04T12:46:00Z"] {
        let again = ("1046-again", &*format!("start = 2026-05-04T10:46:00Z{end}"), resolved);
        assert_eq!(minutes_after(&[again]), (150, false));
        assert_eq!(minutes_after(&[again, ("1300-earlier", earlier, "")]), (152, false), "{end}");
        let into = "start = 2026-05-04T10:40:00Z\nend = 2026-05-04T11:00:00Z";
        assert_eq!(minutes_after(&[again, ("1300-earlier", into, "")]), (156, false), "it goes over into the later");
    }
}

#[test]
fn an_end_before_trouble_that_goes_on_corrects_the_time_before() {
    let again = ("1050-again", "start = 2026-05-04T10:40:00Z", "");
    assert_eq!(minutes_after(&[again, ("1100-corrects", "end = 2026-05-04T10:25:00Z", "")]), (25 + 740, true));
    assert_eq!(minutes_after(&[again, ("1100-ends", "end = 2026-05-04T10:55:00Z", "")]), (30 + 15, false));
}

#[test]
fn who_tells_of_an_earlier_beginning_and_the_end_ends_what_goes_on() {
    let over = ("1110-over", "start = 2026-05-04T10:35:00Z\nend = 2026-05-04T11:00:00Z", "");
    let by_state = ("1035-again", "", "\n## 2026-05-04 10:50 UTC — Investigating\nAgain.");
    for again in [by_state, ("1050-again", "start = 2026-05-04T10:40:00Z", ""), ("1050-again", "impact = \"degraded\"", "")] {
        assert_eq!(minutes_after(&[again, over]), (30 + 25, false), "{again:?}");
    }
    let known = ("1050-again", "start = 2026-05-04T10:40:00Z\nend = 2026-05-04T10:45:00Z", "");
    assert_eq!(minutes_after(&[known, over]), (30 + 25, false), "it lasted longer than was known");
}

#[test]
fn a_follow_up_that_repeats_the_start_opens_nothing() {
    assert_eq!(status_at(&down_again("start = 2026-05-04T09:00:00Z"), "nc023", "2026-05-04T12:00:00Z"), "operational");
}

#[test]
fn planned_work_is_about_the_servers_that_it_will_touch() {
    let work =
        "title = \"Disk\"\nkind = \"maintenance\"\nstart = 2026-05-06T18:00:00Z\nend = 2026-05-06T19:00:00Z\ndate = 2026-05-04T09:00:00Z";
    let other = "title = \"It is the other one\"\nfollows = \"disk\"\nserver = \"nc027\"";
    let moved = [post("disk", &format!("server = \"nc023\"\n{work}"), "Words."), post("2026-05-04-1000-other", other, "Words.")];
    let spared = [post(
        "disk",
        &format!("servers = [\"nc023\", \"nc027\"]\n{work}"),
        "Words.\n\n## 2026-05-04 10:00 UTC — Scheduled {nc023=none}\nWords.",
    )];
    for posts in [moved.as_slice(), &spared] {
        let file = built(posts, "2026-05-05T12:00:00Z");
        assert_eq!(json(&file("status.json"))["planned"][0]["servers"], serde_json::json!(["nc027"]));
        let maintenance = &json(&file("api/v2/scheduled-maintenances/upcoming.json"))["scheduled_maintenances"][0];
        let names: Vec<&Value> = maintenance["components"].as_array().unwrap().iter().map(|component| &component["name"]).collect();
        assert_eq!(names, ["NC027"]);
        assert!(file("calendar.ics").contains("SUMMARY:Disk (NC027)"), "{}", file("calendar.ics"));
        let other = file("server/nc023/calendar.ics");
        assert_eq!(other.lines().filter(|line| line.starts_with("STATUS")).collect::<Vec<_>>(), ["STATUS:CANCELLED"]);
        assert!(file("server/nc027/calendar.ics").contains("BEGIN:VEVENT"));
        let front = file("index.html");
        let planned = front.split("<bdi>Disk</bdi>").nth(1).and_then(|rest| rest.split("</article>").next()).unwrap();
        assert!(planned.contains("/server/nc027/") && !planned.contains("/server/nc023/"), "{planned}");
    }
}
