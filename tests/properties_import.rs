//! Whatever an export holds: no panic, and what comes out of it is a site without errors.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use signalpost::import::{ExistingSite, File, Guess, Imported, System, import};
use signalpost::source::Sources;

const NOW: &str = "2026-11-22T12:00:00Z";

/// Imports files into a site of these sources.
fn imported(system: System, files: &[File], guess: Guess, sources: &Sources) -> Option<Imported> {
    let (prepared, _) = signalpost::prepare(sources, &support::clock(NOW));
    let prepared = prepared.expect("the site can be read");
    let outputs = prepared.outputs.iter().map(|output| output.path.clone()).collect();
    let media = BTreeSet::from(["2013/05/a b.png".to_owned()]);
    import(system, files, guess, &ExistingSite { site: &prepared.plan.site, outputs: &outputs, media: &media }).ok()
}

fn wxr(items: &[String]) -> Vec<u8> {
    let names = "xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
                 xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";
    format!(
        "<rss {names}><channel><link>https://status.example.net</link><wp:wxr_version>1.2</wp:wxr_version>{}</channel></rss>",
        items.concat()
    )
    .into_bytes()
}

fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 ]{0,12}",
        1 => "\\PC{0,12}",
        1 => prop::sample::select(vec![
            "C++", "c#", "!!", "con", "..", "a/b", "\u{202e}x", "\u{1}", "mail relay", "Mail-Relay", "spam", "NC023", "search", "2013", "%c3%b6",
            "Mail move: Update 2", "Mail move", "-x-", "x.", "+++", "\n",
        ]).prop_map(str::to_owned),
        1 => "[a-z]{200,300}",
    ]
}

fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "\\PC{0,20}",
        2 => prop::sample::select(vec![
            "\n\n", "\n", "<b>", "</b>", "<p>", "<ul><li>", "</ul>", "<h2>2013-05-04 19:00 UTC</h2>", "## 2013-05-04 19:00 UTC", "+++", "<x@y>",
            "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!--more-->", "[gallery ids=\"1\"]", "[caption]", "<pre>", "</pre>", "<table><td>",
            "<a href=\"https://status.example.net/nowhere/\">n</a>", "<a href=\"/?p=1\">p</a>", "<a href=\"#x\">x</a>", "<a href=\"javascript:x\">j</a>",
            "<img src=\"https://status.example.net/wp-content/uploads/2013/05/a%20b.png\">", "<img src=\"/wp-content/uploads/no.png\">",
            "<a href=\"../x.md\">m</a>", "<a href=\"ftp://x/\">f</a>", "<a href=\"/wp-content/../../x\">d</a>", "<a href=\"//[\">b</a>",
            "NC023 was down from 19:22 to 19:32 UTC. ", "<div><div>", "\u{b}", "[x](y)", "~~", "<b>2013-05-04 19:00 UTC</b> Resolved", "2013-05-04 19:00 UTC - Resolved", "<iframe src=\"https://v.example/\">",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn item() -> impl Strategy<Value = String> {
    let date = prop_oneof![
        4 => (1_u32..4, 0_u32..3).prop_map(|(day, minute)| format!("2013-05-0{day} 02:0{minute}:07")),
        1 => prop::sample::select(vec!["0000-00-00 00:00:00", "2099-01-01 00:00:00", "1901-01-01 00:00:00", "x"]).prop_map(str::to_owned),
    ];
    let link = prop_oneof![
        2 => word().prop_map(|slug| format!("https://status.example.net/2013/05/01/{slug}/")),
        1 => word().prop_map(|slug| format!("https://status.example.net/{slug}")),
        1 => word(),
    ];
    (word(), date, word(), link, 0_u32..6, body(), prop::collection::vec(word(), 0..3), word()).prop_map(
        |(title, date, slug, link, number, body, terms, author)| {
            let guid = if number == 0 { String::new() } else { format!("https://status.example.net/?p={number}") };
            let terms: String = terms
                .iter()
                .enumerate()
                .map(|(at, term)| format!("<category domain=\"{}\">{}</category>", ["category", "post_tag"][at % 2], cdata(term)))
                .collect();
            format!(
                "<item><title>{}</title><link>{}</link><guid>{guid}</guid><pubDate>Sat, 04 May 2013 02:46:22 +0000</pubDate>\
                 <dc:creator>{}</dc:creator><content:encoded>{}</content:encoded><excerpt:encoded>{}</excerpt:encoded>\
                 <wp:post_id>{number}</wp:post_id><wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>{}</wp:post_name>\
                 <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{terms}</item>",
                cdata(&title),
                cdata(&link),
                cdata(&author),
                cdata(&body),
                cdata(&title),
                cdata(&slug),
            )
        },
    )
}

/// A moment of three days around now, or nothing.
fn moment() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.8, (20_u32..24, 0_u32..24, 0_u32..3))
        .prop_map(|parts| parts.map(|(day, hour, second)| format!("2026-11-{day}T{hour:02}:00:0{second}.500Z")))
}

fn incident() -> impl Strategy<Value = serde_json::Value> {
    let states = ["investigating", "identified", "monitoring", "resolved", "postmortem", "scheduled", "in_progress", "completed", "odd"];
    let update = (prop::sample::select(states.to_vec()), body(), moment(), moment()).prop_map(|(status, body, created, display)| {
        let created = created.unwrap_or("2026-11-20T00:00:00Z".to_owned());
        serde_json::json!({ "status": status, "body": body, "created_at": created, "display_at": display })
    });
    let times = (moment(), moment(), moment(), moment(), moment());
    let impacts = ["none", "minor", "major", "critical", "maintenance"];
    let updates = prop::collection::vec(update, 0..5);
    (word(), prop::sample::select(states.to_vec()), prop::sample::select(impacts.to_vec()), times, updates, word()).prop_map(
        |(name, status, impact, (created, started, resolved, from, until), updates, component)| {
            serde_json::json!({
                "id": "x", "name": name, "status": status, "impact": impact,
                "created_at": created.unwrap_or("2026-11-20T00:00:00Z".to_owned()), "started_at": started, "resolved_at": resolved,
                "scheduled_for": from, "scheduled_until": until, "incident_updates": updates,
                "components": [{ "name": component }, { "name": "NC023" }],
            })
        },
    )
}

/// Imports, and finds no error in what comes out, and the same the second time.
fn check(system: System, bytes: Vec<u8>, guess: Guess) -> Result<(), TestCaseError> {
    let about = ("content/pages/spam.md", "+++\ntitle = \"Spam\"\n+++\n");
    let own = ("content/posts/2013-05-02-spam.md", "+++\ntitle = \"Own\"\ntags = [\"c\"]\naliases = [\"/mail/\"]\n+++\nText.\n");
    let mut sources = support::sources(&[about, own]);
    let files = [File { name: "export".into(), below: "export.md".into(), bytes }];
    let first = imported(system, &files, guess, &sources).expect("it is an export");
    for post in &first.posts {
        prop_assert!(sources.get(&post.path).is_none(), "{}", post.path);
        sources.insert(&post.path, post.text.clone());
    }
    for file in &first.media {
        sources.insert(&format!("content/static/wp-content/uploads/{file}"), "");
    }
    let (prepared, findings) = signalpost::prepare(&sources, &support::clock(NOW));
    let errors: Vec<String> = support::said(&findings).into_iter().filter(|said| said.starts_with("error")).collect();
    prop_assert_eq!(errors, Vec::<String>::new());
    let site = prepared.expect("there is no error").plan.site;
    prop_assert!(support::status_of(&site, "nc023") == "operational", "something imported is wrong today");
    let second = imported(system, &files, guess, &sources).expect("it is an export");
    prop_assert_eq!(second.posts, first.posts);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_imported_has_no_error_and_is_found_again(
        items in prop::collection::vec(item(), 0..8),
        guess in prop::sample::select(Guess::ALL.to_vec()),
    ) {
        check(System::Wordpress, wxr(&items), guess)?;
    }

    #[test]
    fn a_status_page_has_no_error_either(
        incidents in prop::collection::vec(incident(), 1..4),
        maintenances in prop::collection::vec(incident(), 0..4),
        guess in prop::sample::select(vec![Guess::None, Guess::Safe]),
    ) {
        let page = serde_json::json!({ "url": "https://status.example.net" });
        let document = serde_json::json!({ "page": page, "incidents": incidents, "scheduled_maintenances": maintenances });
        check(System::Statuspage, document.to_string().into_bytes(), guess)?;
    }

    #[test]
    fn issues_of_cstate_have_no_error_either(
        (title, date, when, body) in (word(), moment(), moment(), body()),
        tracked in prop::collection::vec((moment(), body()), 0..4),
        (resolved, informational) in any::<(bool, bool)>(),
    ) {
        let date = date.unwrap_or("2026-11-20T00:00:00Z".to_owned());
        let title = serde_json::Value::from(title);
        let states = ["*Resolved*", "*Investigating*", "**Monitoring**", "*odd*"];
        let updates = tracked.iter().zip(states).map(|((at, text), state)| {
            let at = at.as_deref().unwrap_or("soon");
            format!("\n\n{state} - {} {{{{< track \"{at}\" >}}}}", text.replace("\n\n", " "))
        });
        let when = when.map(|when| format!("resolvedWhen: {when}\n")).unwrap_or_default();
        let file = format!(
            "---\ntitle: {title}\ndate: {date}\n{when}resolved: {resolved}\ninformational: {informational}\naffected: [NC023]\n---\n{body}{}",
            updates.collect::<String>(),
        );
        check(System::Cstate, file.into_bytes(), Guess::Safe)?;
    }

    #[test]
    fn no_file_makes_an_import_fail_otherwise_than_with_a_sentence(
        items in prop::collection::vec(item(), 0..3),
        cut in any::<prop::sample::Index>(),
        noise in prop::collection::vec(any::<u8>(), 0..4),
        system in prop::sample::select(System::ALL.to_vec()),
    ) {
        let mut bytes = wxr(&items);
        let at = cut.index(bytes.len());
        bytes.splice(at..(at + noise.len()).min(bytes.len()), noise);
        let _ = imported(system, &[File { name: "export.xml".into(), below: "export.xml".into(), bytes: bytes.clone() }], Guess::All, &support::sources(&[]));
        bytes.truncate(at);
        let cut_off = imported(system, &[File { name: "export.xml".into(), below: "export.xml".into(), bytes }], Guess::All, &support::sources(&[]));
        prop_assert!(cut_off.is_none());
    }
}
