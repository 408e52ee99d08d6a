use super::*;
use crate::model::BaseUrl;

fn config(theme: &str) -> Config {
    Config {
        title: "Status".into(),
        base_url: BaseUrl::parse("https://status.example.net").unwrap(),
        description: String::new(),
        language: "en".into(),
        time_zones: Vec::new(),
        theme: theme.into(),
        theme_place: 21..27,
        posts_per_page: 20,
        remote_images: crate::model::config::RemoteImages::Link,
        stale_after: chrono::TimeDelta::hours(26),
        feeds: crate::model::config::FeedSettings { items: 50, authority: "status.example.net,2026".into() },
        editor: Default::default(),
        sidebar: Vec::new(),
        words: Vec::new(),
        extra: Default::default(),
        logo: None,
        favicon: None,
        local_links: Vec::new(),
        accent: None,
        webhooks: Vec::new(),
        mail: None,
        security_contact: None,
    }
}

fn load_with(theme: &str, files: &[(&str, &str)]) -> (Theme, Findings) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.insert(path, text.as_bytes().to_vec());
    }
    let mut findings = Findings::default();
    (load(&sources, &config(theme), &mut findings), findings)
}

#[test]
fn the_built_in_theme_compiles() {
    let (theme, findings) = load_with("default", &[]);
    assert_eq!(findings, Findings::default());
    assert!(theme.asset("site.css").is_some());
}

#[test]
fn a_sites_template_stands_in_for_the_built_in_one() {
    let (theme, findings) = load_with("own", &[("themes/own/templates/redirect.html", "to {{ page.to }}")]);
    assert_eq!(findings, Findings::default());
    let values = Values::default().with("page", &std::collections::BTreeMap::from([("to", "<there>")]));
    assert_eq!(theme.fill("redirect.html", &values).unwrap(), b"to &lt;there&gt;");
}

#[test]
fn a_value_that_no_template_can_show_is_a_problem_and_not_nothing() {
    let (mut theme, _) = load_with("own", &[("themes/own/templates/redirect.html", "to {{ page.to }}")]);
    let unshown = std::collections::BTreeMap::from([(vec![1], "there")]);
    let message = |theme: &Theme, values: &Values| theme.fill("redirect.html", values).map_err(|problem| problem.message).unwrap_err();
    assert!(message(&theme, &Values::default().with("page", &unshown)).starts_with("no template can show the value `page`: "));
    let made_once = Values::default().with("page", &Ready::new(&unshown));
    assert!(message(&theme, &made_once).starts_with("no template can show the value `page`: "));
    theme.share(Values::default().with("site", &unshown));
    let fine = Values::default().with("page", &std::collections::BTreeMap::from([("to", "there")]));
    assert!(message(&theme, &fine).starts_with("no template can show the value `site`: "));
}

#[test]
fn a_built_in_template_is_whole_but_for_pieces_of_the_sites_own() {
    let template = "a {% include \"zones.html\" -%}\n b {% include \"none.html\" %}";
    let whole = builtin::inline_includes(template, &|_| false);
    assert!(whole.starts_with("a {# #}<ul") && whole.ends_with("</ul>\n{# #}b {% include \"none.html\" %}"), "{whole}");
    assert_eq!(builtin::inline_includes(template, &|name| name == "zones.html"), template);
    assert!(!builtin::inline_includes("{% include \"window.html\" %}", &|_| false).contains("include"), "also in what is included");
}

#[test]
fn every_syntax_error_is_found_in_one_run() {
    let (_, findings) = load_with("own", &[("themes/own/templates/a.html", "{{ a }"), ("themes/own/templates/b.html", "one\n{% if %}")]);
    let paths: Vec<_> = findings.iter().map(|finding| (&*finding.span.path, finding.span.start)).collect();
    assert_eq!(paths.len(), 2, "{findings:?}");
    assert!(paths[0].0.ends_with("a.html") && paths[1].0.ends_with("b.html") && paths[1].1 >= 4, "{paths:?}");
}

#[test]
fn what_is_not_there_is_told_with_what_might_be_meant() {
    let own = |text: &str| {
        let (theme, mut findings) = load_with("own", &[("themes/own/templates/redirect.html", text)]);
        let page = std::collections::BTreeMap::from([("to", "/x/")]);
        let values = Values::default().with("page", &page).with("assets", &std::collections::BTreeMap::from([("site.css", "/x.css")]));
        if let (true, Err(problem)) = (findings.is_empty(), theme.fill("redirect.html", &values)) {
            findings.push(problem.finding());
        }
        findings.into_iter().map(|finding| (finding.message, finding.help.unwrap_or_default())).next().unwrap()
    };
    let told = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    assert_eq!(
        own("{% for one in page.all %}{{ one }}{% endfor %}"),
        told("`page.all` is not defined, and cannot be gone through", "print it, `{{ page.all }}`, to be told the names that exist there")
    );
    assert_eq!(
        own("{{ assets[\"sitte.css\"] }}"),
        told("`assets[\"sitte.css\"]` is not defined", "did you mean `site.css`? A theme's files lie in its folder `static`")
    );
    assert_eq!(
        own("{% extends \"bases.html\" %}"),
        told("this template extends `bases.html`, which does not exist", "did you mean `base.html`? Pages extend `base.html`")
    );
}

#[test]
fn a_name_that_does_not_exist_is_told_with_those_that_do() {
    let (theme, _) = load_with("own", &[("themes/own/templates/redirect.html", "x {{ page.tot }}")]);
    let values = Values::default().with("page", &std::collections::BTreeMap::from([("to", "there")]));
    let problem = theme.fill("redirect.html", &values).unwrap_err();
    assert_eq!(problem.message, "field `tot` is not defined");
    assert_eq!(problem.help.as_deref(), Some("these exist here: `to`"));
    let span = problem.span.unwrap();
    assert_eq!((&*span.path, span.start), ("themes/own/templates/redirect.html", 10));
}

#[test]
fn an_own_template_is_idle_where_it_has_no_built_in_name_and_nothing_names_it() {
    let own = |name: &str| format!("themes/own/templates/{name}");
    let names = ["footer.html", "psot.html", "parts/a.html", "parts/b.html", "buttons.html"].map(own);
    let texts = ["{% include \"parts/a.html\" %}", "x", "{% include \"parts/b.html\" %}", "b", "{% component ok() %}ok{% endcomponent %}"];
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts).collect();
    let (theme, findings) = load_with("own", &files);
    assert_eq!(findings, Findings::default());
    let idle = theme.idle().map(|(name, path)| (name.to_owned(), path.to_string())).collect::<Vec<_>>();
    assert_eq!(idle, [("psot.html".to_owned(), own("psot.html"))]);
}

#[test]
fn an_unknown_filter_or_parent_is_found_before_anything_is_filled() {
    for text in ["{{ a | shout }}", "{% extends \"nothing.html\" %}"] {
        let (_, findings) = load_with("own", &[("themes/own/templates/a.html", text)]);
        let finding = findings.iter().next().unwrap();
        assert_eq!(&*finding.span.path, "themes/own/templates/a.html", "{finding:?}");
    }
}

#[test]
fn an_unknown_filter_template_or_word_is_told_at_its_name_with_those_that_exist() {
    for (text, at, name, help) in [
        ("<p>\n{{ a | shout }}", 11, "shout", "`fill` exists here"),
        ("<p>\n\u{e9}{% include \"rows.html\" %}", 18, "rows.html", "`row.html`"),
        ("{{ words[\"post.postd\"] }}", 3, "words[\"post.postd\"", "`post.posted`"),
    ] {
        let (theme, findings) = load_with("own", &[("themes/own/templates/redirect.html", text)]);
        let words = Values::default().with("words", &std::collections::BTreeMap::from([("post.posted", "Posted")]));
        let filled = || theme.fill("redirect.html", &words).unwrap_err().finding();
        let finding = findings.iter().next().cloned().unwrap_or_else(filled);
        assert_eq!(&text[finding.span.start..finding.span.end], name, "{finding:?}");
        assert_eq!(finding.span.start, at, "{finding:?}");
        assert!(finding.help.as_ref().is_some_and(|told| told.contains(help)), "{finding:?}");
        assert!(!finding.message.contains(", at "), "{finding:?}");
    }
}

#[test]
fn a_theme_that_is_not_there_is_told_at_its_name() {
    let (theme, findings) = load_with("mine", &[("themes/mein/static/a.css", "")]);
    assert!(theme.asset("site.css").is_some(), "the rest of the site is checked with the built-in one");
    let finding = findings.iter().next().unwrap();
    assert_eq!((finding.code, finding.span.start), (Code::UnknownTheme, 21));
    assert!(finding.help.as_ref().unwrap().contains("`mein`"), "{finding:?}");
}

#[test]
fn an_assets_name_changes_with_its_content_alone() {
    let (one, _) = load_with("own", &[("themes/own/static/img/x.png", "1")]);
    let (other, _) = load_with("own", &[("themes/own/static/img/x.png", "2")]);
    let address = one.asset("img/x.png").unwrap().address.as_str();
    assert!(address.starts_with("/assets/img/x.") && address.ends_with(".png"), "{address}");
    assert_ne!(one.asset("img/x.png").unwrap().address, other.asset("img/x.png").unwrap().address);
    assert_eq!(one.asset("site.css"), other.asset("site.css"));
}

#[test]
fn every_template_that_cannot_be_joined_is_told_in_one_run() {
    let own = |name: &str| format!("themes/own/templates/{name}");
    let (front, post, list, month) = (own("front.html"), own("post.html"), own("list.html"), own("month.html"));
    let (_, findings) = load_with(
        "own",
        &[
            (&front, "{{ a | shout }}\n{{ a | whisper }}"),
            (&post, "{{ a | sing }}"),
            (&list, "{% extends \"bass.html\" %}"),
            (&month, "{% extends \"base.html\" %}{% block mian %}{% endblock %}"),
        ],
    );
    let told: Vec<_> = findings.iter().map(|finding| (&*finding.span.path, finding.span.start)).collect();
    assert_eq!(told, [(&*front, 7), (&*front, 23), (&*list, 12), (&*month, 34), (&*post, 7)]);
    let of_month = findings.iter().find(|finding| *finding.span.path == *month).unwrap();
    assert_eq!(of_month.help.as_deref(), Some("`base.html` has the blocks `head`, `layout`, `main` and `aside`"));
    let (_, base) = BUILTIN_TEMPLATES.iter().find(|(name, _)| *name == "base.html").unwrap();
    let blocks: Vec<_> = base.split("{% block ").skip(1).map(|block| block.split(' ').next().unwrap()).collect();
    assert_eq!(blocks, ["head", "layout", "main", "aside"]);
}

#[test]
fn a_broken_template_keeps_out_only_those_that_it_has_to_do_with() {
    let own = |name: &str| format!("themes/own/templates/{name}");
    let names = ["base.html", "front.html", "footer.html", "redirect.html"].map(own);
    let texts = ["{% block hero %}{% for %}{% endblock %}", "{% extends \"base.html\" %}{% block hero %}{% endblock %}", "{% if %}", "own"];
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts).collect();
    let (theme, findings) = load_with("own", &files);
    let told: Vec<_> = findings.iter().map(|finding| &*finding.span.path).collect();
    assert_eq!(told, [names[0].as_str(), names[2].as_str()], "the block that nobody has is not told of its user");
    assert_eq!(theme.fill("redirect.html", &Values::default()).unwrap(), b"own");
    let problem = theme.fill("footer.html", &Values::default()).unwrap_err();
    assert!(problem.span.is_none(), "the built-in one stands in: {problem:?}");
}

#[test]
fn the_names_of_an_included_template_are_not_told_as_all() {
    let files = [
        ("themes/own/templates/front.html", "{% set a = 1 %}{% include \"event.html\" %}"),
        ("themes/own/templates/event.html", "{{ evnt.title }}"),
    ];
    let mut theme = load_with("own", &files).0;
    theme.share(Values::default().with("site", &"x"));
    let problem = theme.fill("front.html", &Values::default().with("front", &"x")).unwrap_err();
    assert_eq!(
        problem.help.as_deref(),
        Some("every template has `assets`, `site` and `words`, and an included one what is named where it is included")
    );
}

#[test]
fn a_place_of_a_text_that_gets_no_value_is_an_error() {
    let files = [("themes/own/templates/redirect.html", "{{ words.since | fill(tme=\"x\") }}")];
    let values = Values::default().with("words", &std::collections::BTreeMap::from([("since", "since {time}")]));
    let problem = load_with("own", &files).0.fill("redirect.html", &values).unwrap_err();
    assert!(problem.message.contains("`fill` has no value for `{time}`") && problem.span.is_some(), "{problem:?}");
}

#[test]
fn what_would_be_a_template_under_another_name_is_warned_of() {
    let own = |name: &str| format!("themes/own/{name}");
    let names = [
        "templates/post.htm",
        "templates/server.HTML",
        "templates/NOTES.md",
        "Templates/front.html",
        "layouts/a.html",
        "layouts/b.html",
        "sass/a.scss",
    ];
    let paths = names.map(own);
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "x")).collect();
    let (_, findings) = load_with("own", &files);
    let told: Vec<_> = findings.iter().map(|finding| (finding.code, finding.span.path.trim_start_matches("themes/own/"))).collect();
    let expected = ["Templates/front.html", "layouts/a.html", "templates/post.htm", "templates/server.HTML"];
    assert_eq!(told, expected.map(|path| (Code::UnusedTemplate, path)));
}

#[test]
fn a_style_sheet_names_files_as_they_are_published() {
    let css = "@import \"base.css\";\na { background: url(img/bg.png) }\n";
    let files = |base: &'static str| {
        [("themes/own/static/acme.css", css), ("themes/own/static/base.css", base), ("themes/own/static/img/bg.png", "1")]
    };
    let (theme, findings) = load_with("own", &files("b {}"));
    let (other, _) = load_with("own", &files("c {}"));
    assert_eq!(findings, Findings::default());
    let name = |name: &str| theme.asset(name).unwrap().address.as_str().trim_start_matches("/assets/").to_owned();
    let expected = format!("@import \"{}\";\na {{ background: url({}) }}\n", name("base.css"), name("img/bg.png"));
    assert_eq!(theme.asset("acme.css").unwrap().bytes, expected);
    assert_ne!(
        theme.asset("acme.css").unwrap().address,
        other.asset("acme.css").unwrap().address,
        "its name changes with the imported one"
    );
}

#[test]
fn a_file_that_a_style_sheet_names_and_that_is_not_there_is_an_error_at_its_name() {
    let own = |name: &str| format!("themes/own/static/{name}");
    let (a, b) = (own("a.css"), own("b.css"));
    let (_, findings) = load_with("own", &[(&a, "x { src: url('none.woff2') }"), (&b, "@import 'c.css'; @import 'b.css';")]);
    let told: Vec<_> = findings.iter().map(|finding| (&*finding.span.path, finding.span.start, finding.message.as_str())).collect();
    let (none, c, circle) = (
        "the style sheet names `none.woff2`, which is not in the theme's `static` folder",
        "the style sheet names `c.css`, which is not in the theme's `static` folder",
        "the style sheet names `b.css`, which imports this one itself, in a circle",
    );
    assert_eq!(told, [(a.as_str(), 14, none), (b.as_str(), 9, c), (b.as_str(), 26, circle)]);
}

#[test]
fn words_without_places_are_written_into_built_in_templates() {
    let words = vec![("nav.skip".into(), "<Skip>".into()), ("nav.tags".into(), "{{ 7 }}".into())];
    let words = Words::of(&Config { words, ..config("default") });
    let left = "{{ words[\"nav.tags\"] }}{{ words[\"no.such\"] }}{{ words[\"post.by\"] | fill(author=x) }} z";
    let template = format!("a {{{{ words[\"nav.skip\"] }}}} {left}");
    assert_eq!(builtin::inline_words(&template, &words), format!("a &lt;Skip&gt; {left}"));
    let behind = format!("{left}{{{{ words[\"nav.skip\"] }}}}");
    assert_eq!(builtin::inline_words(&behind, &words), format!("{left}&lt;Skip&gt;"), "also behind what stays");
}

#[test]
fn a_built_in_style_sheet_is_published_without_comments_and_spaces() {
    let theme = load_with("default", &[]).0;
    let style = String::from_utf8(theme.asset("site.css").unwrap().bytes.to_vec()).unwrap();
    assert!(style.contains("\nbody{margin:0;background:var(--ground);"), "{style}");
    assert!(style.contains("\n@media (max-width:48rem){\n") && style.contains("\nh1,h2,h3{"), "{style}");
    assert!(!style.contains("/*") && !style.lines().any(|line| line.starts_with(' ')));
}

#[test]
fn a_built_in_script_is_published_without_comments_and_one_of_the_site_as_it_is() {
    let script = |files: &[(&str, &str)]| {
        let theme = load_with("default", files).0;
        String::from_utf8(theme.asset("site.js").unwrap().bytes.to_vec()).unwrap()
    };
    let built_in = include_str!("../../themes/default/static/site.js");
    assert!(built_in.contains("\n  // ") && !script(&[]).lines().any(|line| line.starts_with([' ', '/'])));
    assert_eq!(script(&[("themes/default/static/site.js", built_in)]), script(&[]));
    assert!(script(&[("themes/default/static/site.js", "// Mine.\n  mine();")]).ends_with("// Mine.\n  mine();"));
}
