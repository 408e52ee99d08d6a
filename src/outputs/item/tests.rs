use super::super::testing::{post, servers, site, site_with, update};
use super::*;
use crate::model::Server;

fn items(site: &Site) -> Vec<Item> {
    let items = Items::of(site, &Words::of(&site.config));
    site.feed_entries.iter().map(|entry| items.item(site, entry)).collect()
}

#[test]
fn a_title_says_state_post_and_servers() {
    let mut relay = post("relay", "Relay server offline", "2026-05-04T19:00:00Z");
    relay.updates.push(update("2026-05-04T19:05:00Z", None, ""));
    relay.updates.push(update("2026-05-04T19:10:00Z", Some(State::Update), ""));
    relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), ""));
    let named = post("disk", "NC023: disk replaced", "2026-05-05T19:00:00Z");
    let titles: Vec<String> = items(&site(vec![relay, named])).into_iter().map(|item| item.title).collect();
    assert_eq!(
        titles,
        [
            "Incident: Relay server offline (NC023)",
            "Update: Relay server offline (NC023)",
            "Update 2: Relay server offline (NC023)",
            "Resolved: Relay server offline (NC023)",
            "Incident: NC023: disk replaced",
        ]
    );
}

#[test]
fn a_title_used_before_gets_its_day_and_the_older_one_stays() {
    let posts = vec![post("a", "Reboot", "2026-05-04T19:00:00Z"), post("b", "Reboot", "2026-06-01T19:00:00Z")];
    let titles: Vec<String> = items(&site(posts)).into_iter().map(|item| item.title).collect();
    assert_eq!(titles, ["Incident: Reboot (NC023)", "Incident: Reboot (NC023), 1 June 2026"]);
}

#[test]
fn titles_of_one_day_are_told_apart_by_the_time_and_those_of_one_minute_by_a_number() {
    let reboot = |id, time: &str| post(id, "Reboot", &format!("2026-05-04T{time}Z"));
    let posts = vec![reboot("a", "19:00:00"), reboot("b", "20:00:00"), reboot("c", "21:00:00"), reboot("d", "21:00:20")];
    let titles: Vec<String> = items(&site(posts)).into_iter().map(|item| item.title).collect();
    assert_eq!(
        titles,
        [
            "Incident: Reboot (NC023)",
            "Incident: Reboot (NC023), 4 May 2026",
            "Incident: Reboot (NC023), 4 May 2026, 21:00 UTC",
            "Incident: Reboot (NC023), 4 May 2026, 21:00 UTC (2)",
        ]
    );
}

#[test]
fn titles_of_one_minute_are_numbered_whatever_numbers_others_end_with() {
    let title = |n: usize| if n.is_multiple_of(2) { "Reboot" } else { "Reboot  " };
    let mut posts: Vec<Post> = (0..14).map(|n| post(&format!("p{n:02}"), title(n), &format!("2026-05-04T21:00:{n:02}Z"))).collect();
    posts.insert(0, Post { servers: Vec::new(), ..post("own", "Reboot (NC023), 4 May 2026, 21:00 UTC (4)", "2026-05-04T20:00:00Z") });
    let titles: Vec<String> = items(&site(posts)).into_iter().map(|item| item.title).collect();
    let time = "Incident: Reboot (NC023), 4 May 2026, 21:00 UTC";
    assert_eq!(titles[3..7], [time.to_owned(), format!("{time} (2)"), format!("{time} (3)"), format!("{time} (5)")]);
    assert_eq!(titles[14], format!("{time} (13)"));
}

#[test]
fn titles_that_are_printed_alike_are_told_apart() {
    let long = "Mail from and to customers of the hosting packages is delivered late, part ";
    for (one, other) in
        [(&*format!("{long}one of two"), &*format!("{long}two of two")), ("Mail is slow", "Mail  is slow "), ("NC023: work", "NC023: work")]
    {
        let posts = vec![
            Post { servers: if one == other { Vec::new() } else { vec![0] }, ..post("a", one, "2026-05-04T19:00:00Z") },
            post("b", other, "2026-06-01T19:00:00Z"),
        ];
        let withdrawn = posts.iter().map(|post| Post { withdrawn: true, ..post.clone() }).collect();
        for items in [items(&site(posts)), items(&site(withdrawn))] {
            assert_ne!(items[0].title, items[1].title);
            assert!(items[1].title.ends_with(", 1 June 2026"), "{}", items[1].title);
            assert!(items.iter().all(|item| item.title.chars().count() <= TITLE_LENGTH), "{items:?}");
        }
    }
}

#[test]
fn an_endless_title_is_cut_and_control_characters_are_dropped() {
    let title = format!("Mail\u{10} relay \u{fffe}{}", "very ".repeat(1000));
    let items = items(&site(vec![post("a", &title, "2026-05-04T19:00:00Z")]));
    assert!(items[0].title.starts_with("Incident: Mail relay very"), "{}", items[0].title);
    assert!(items[0].title.chars().count() <= TITLE_LENGTH + 1, "{}", items[0].title);
}

#[test]
fn the_text_ends_with_facts_of_the_update_alone() {
    let mut relay = post("relay", "Relay <offline>", "2026-05-04T19:00:00Z");
    let before = items(&site(vec![relay.clone()])).remove(0);
    assert_eq!(
        before.html,
        "<p>It fails.</p><p>Servers: NC023 · 4 May 2026, 19:00 UTC (21:00 CAT) · \
         <a href=\"https://status.example.net/s/2026/05/04/relay/\">About this incident</a></p>"
    );
    relay.updates.push(update("2026-05-04T19:15:00Z", Some(State::Resolved), "<p>Done.</p>"));
    relay.start = Some(super::super::testing::moment("2026-05-04T18:00:00Z"));
    relay.end = Some(super::super::testing::moment("2026-05-04T19:15:00Z"));
    assert_eq!(items(&site(vec![relay])).remove(0), before, "an update and a moved window leave the opening's item as it was");
}

#[test]
fn a_post_about_many_servers_names_a_dozen_and_counts_the_others() {
    let about = |count: usize| {
        let one = servers().remove(0);
        let servers = (0..count).map(|n| Server { id: format!("s{n:03}").into(), name: format!("S{n:03}"), ..one.clone() }).collect();
        let post = Post { servers: (0..count).collect(), ..post("move", "Move", "2026-05-04T19:00:00Z") };
        items(&site_with(servers, "2026-05-04T20:00:00Z", vec![post])).remove(0)
    };
    let dozen: Vec<String> = (0..12).map(|n| format!("S{n:03}")).collect();
    assert!(about(12).html.contains(&format!("Servers: {} · 4 May", dozen.join(", "))), "{}", about(12).html);
    assert!(about(13).html.contains(&format!("Servers: {} and 2 more · 4 May", dozen[..11].join(", "))), "{}", about(13).html);
    assert_eq!(about(50).categories.len(), 50);
    assert_eq!(about(400).categories, about(50).categories);
    assert!(about(400).html.contains("S010 and 389 more · "), "{}", about(400).html);
}

#[test]
fn an_id_is_made_of_stored_names_and_an_imported_guid_stays() {
    let mut old = post("old", "Old", "2013-05-04T19:00:00Z");
    old.guid = Some("https://status.example.net/?p=123".to_owned());
    old.updates.push(update("2013-05-04T20:00:00Z", None, ""));
    let items = items(&site(vec![old, post("po\u{10d}ta", "Mail", "2026-05-04T19:00:00Z")]));
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "https://status.example.net/?p=123",
            "tag:status.example.net,2026:old/20130504T2000Z",
            "tag:status.example.net,2026:po%C4%8Dta/opening",
        ]
    );
    assert_eq!(items[1].reply_to.as_deref(), Some(ids[0]));
    assert_eq!(items[0].reply_to, None);
}

#[test]
fn a_withdrawn_post_keeps_its_item_and_loses_its_text() {
    let relay = post("relay", "Relay", "2026-05-04T19:00:00Z");
    let withdrawn = Post { withdrawn: true, ..relay.clone() };
    let [before, after] = [relay, withdrawn].map(|post| items(&site(vec![post])).remove(0));
    assert_eq!((&after.id, &after.link, after.at), (&before.id, &before.link, before.at));
    assert_eq!(after.title, "Withdrawn: Incident: Relay (NC023)");
    assert!(!after.html.contains("It fails"), "{}", after.html);
}

#[test]
fn the_marks_are_those_of_the_language() {
    let in_language = |language: &str| {
        let mut site = site(vec![post("relay", "Relay", "2026-05-04T19:00:00Z"), post("relay-2", "Relay", "2026-05-05T19:00:00Z")]);
        let config = std::sync::Arc::make_mut(&mut site.config);
        (config.language, config.words) = (language.to_owned(), Vec::new());
        config.time_zones.push(chrono_tz::America::Vancouver);
        items(&site).remove(1)
    };
    let (french, arabic, english) = (in_language("fr"), in_language("ar"), in_language("en"));
    assert_eq!(french.title, "Incident\u{a0}: Relay (NC023), 5 mai 2026");
    assert!(arabic.title.contains("، \u{200f}5 مايو 2026") && arabic.html.contains("\u{200f}21:00 CAT\u{200f}، "), "{arabic:?}");
    assert!(arabic.html.starts_with("<div dir=\"rtl\" lang=\"ar\"><p>") && arabic.html.ends_with("</p></div>"), "{}", arabic.html);
    assert!(english.html.starts_with("<p>") && english.html.ends_with("</p>"), "{}", english.html);
}
