//! A new post: its file's name, and its text from a template.

use super::front_matter::{escaped, toml_list, toml_string};
use crate::model::{Impact, Kind, Moment, rfc3339, slug};

/// What a new post tells.
#[derive(Debug, Clone)]
pub struct NewPost<'a> {
    pub kind: Kind,
    pub title: &'a str,
    /// Ids and names of the servers that it is about.
    pub servers: Vec<(&'a str, &'a str)>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub impact: Option<Impact>,
    pub tags: &'a [String],
    /// Markdown; without it a sentence by kind that is true of every such post, or a comment that asks for one.
    pub text: Option<&'a str>,
    /// When it is posted.
    pub posted: Moment,
}

/// Where a site may keep its own template of a kind: `content/templates/incident.md`.
pub fn template_path(kind: Kind) -> String {
    format!("content/templates/{}.md", kind.word())
}

impl NewPost<'_> {
    /// `2026-05-04-1902-mail-is-slow.md`, with `-2`, `-3` … for another of that name; `None` if the title has neither letter nor digit.
    pub fn file_name(&self, nth: usize) -> Option<String> {
        let slug = short_slug(self.title)?;
        let nth = if nth > 1 { format!("-{nth}") } else { String::new() };
        Some(format!("{}-{slug}{nth}.md", self.posted.format("%Y-%m-%d-%H%M")))
    }

    /// The file's text: the site's template, or the built-in one, with its placeholders filled.
    ///
    /// Placeholders are `{title}`, `{servers}`, `{server_names}`, `{tags}`, `{start}`, `{end}`, `{date}`, `{impact}`, `{text}`. Between the `+++` lines `{title}`
    /// stands between quotes and is escaped for them; lists and times are whole values. A line with a placeholder that has no
    /// value is left out. Other braces stay as they are.
    pub fn fill(&self, template: Option<&str>) -> String {
        let template = template.unwrap_or_else(|| built_in(self.kind));
        let mut filled = String::new();
        let mut fences = 0;
        for line in template.trim_start_matches('\u{feff}').split_inclusive('\n') {
            if line.trim_end() == "+++" {
                fences += 1;
            }
            if let Some(line) = self.fill_line(line, fences == 1) {
                filled.push_str(&line);
            }
        }
        let text_has_no_place = !template.contains("{text}");
        if let Some(text) = self.text.filter(|_| text_has_no_place) {
            filled = format!("{}\n\n{}\n", filled.trim_end(), text.trim());
        }
        filled
    }

    /// The first of these placeholders that a template has no place for between its `+++` lines: what it stands for would be lost.
    pub fn lost<'p>(&self, template: &str, placeholders: &[&'p str]) -> Option<&'p str> {
        let front_matter = template
            .lines()
            .skip_while(|line| line.trim_start_matches('\u{feff}').trim_end() != "+++")
            .skip(1)
            .take_while(|line| line.trim_end() != "+++");
        let kept: Vec<&str> =
            front_matter.filter(|line| !line.trim_start().starts_with('#') && self.fill_line(line, true).is_some()).collect();
        placeholders.iter().copied().find(|name| !kept.iter().any(|line| line.contains(&format!("{{{name}}}"))))
    }

    fn fill_line(&self, line: &str, in_front_matter: bool) -> Option<String> {
        let mut filled = String::new();
        let mut rest = line;
        while let Some(open) = rest.find('{') {
            let (before, at_brace) = rest.split_at(open);
            filled.push_str(before);
            let name = at_brace[1..].split_once('}').map(|(name, _)| name);
            match name.filter(|name| PLACEHOLDERS.contains(name)) {
                Some(name) => {
                    let value = self.value(name)?;
                    let quoted = in_front_matter && matches!(name, "title" | "server_names" | "text");
                    filled.push_str(&if quoted { escaped(&value) } else { value });
                    rest = &at_brace[name.len() + 2..];
                }
                None => {
                    filled.push('{');
                    rest = &at_brace[1..];
                }
            }
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn value(&self, placeholder: &str) -> Option<String> {
        match placeholder {
            "title" => Some(self.title.to_owned()),
            "servers" => toml_list(self.servers.iter().map(|(id, _)| *id)),
            "server_names" => Some(self.server_names()).filter(|names| !names.is_empty()),
            "tags" => toml_list(self.tags.iter().map(String::as_str)),
            "start" => self.start.map(rfc3339),
            "end" => self.end.map(rfc3339),
            "date" => Some(rfc3339(self.posted)),
            "impact" => self.impact.map(|impact| toml_string(impact.word())),
            "text" => Some(self.text.map_or_else(|| self.default_text(), |text| text.trim().to_owned())),
            _ => None,
        }
    }

    /// `NC023`, `NC023 and NC027`, `NC023, NC027 and NC033`
    fn server_names(&self) -> String {
        let names: Vec<&str> = self.servers.iter().map(|(_, name)| *name).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    fn default_text(&self) -> String {
        let names = self.server_names();
        match self.kind {
            Kind::Incident if names.is_empty() => "We are looking into it and will write here when we know more.".to_owned(),
            Kind::Incident => format!("There is a problem with {names}. We are looking into it and will write here when we know more."),
            Kind::Maintenance if names.is_empty() => "We will do the work that the title names.".to_owned(),
            Kind::Maintenance => format!("We will work on {names}."),
            Kind::Notice => "<!-- Write here what customers should know. -->".to_owned(),
        }
    }
}

const PLACEHOLDERS: [&str; 9] = ["title", "servers", "server_names", "tags", "start", "end", "date", "impact", "text"];

fn built_in(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => include_str!("templates/incident.md"),
        Kind::Maintenance => include_str!("templates/maintenance.md"),
        Kind::Notice => include_str!("templates/notice.md"),
    }
}

/// The title as part of an address, cut at a word so that it stays readable.
fn short_slug(title: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let slug = slug(title);
    let cut = match slug.char_indices().nth(LONGEST) {
        Some((cut, _)) if slug[cut..].starts_with('-') => &slug[..cut],
        Some((cut, _)) => slug[..cut].rsplit_once('-').map_or(&slug[..cut], |(words, _)| words),
        None => &slug,
    };
    (!cut.is_empty()).then(|| cut.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(kind: Kind, title: &str) -> NewPost<'_> {
        let posted = "2026-05-04T19:02:31Z".parse().unwrap();
        NewPost { kind, title, servers: Vec::new(), start: None, end: None, impact: None, tags: &[], text: None, posted }
    }

    #[test]
    fn a_built_in_template_leaves_out_what_was_not_given() {
        let incident = NewPost { start: Some("2026-05-04T19:00:00Z".parse().unwrap()), ..post(Kind::Incident, r#"Mail "slow" \ 50 %"#) };
        let filled = incident.fill(None);
        assert_eq!(
            filled,
            "+++\ntitle   = \"Mail \\\"slow\\\" \\\\ 50 %\"\nkind    = \"incident\"\nstart   = 2026-05-04T19:00:00Z\n+++\n\n\
             We are looking into it and will write here when we know more.\n"
        );
        assert_eq!(post(Kind::Notice, "New hours").fill(None).lines().nth(2), Some("kind    = \"notice\""));
    }

    #[test]
    fn every_placeholder_is_filled_once_and_other_braces_stay() {
        let tags = ["mail relay".to_owned()];
        let incident = NewPost {
            servers: vec![("nc023", "NC023"), ("nc027", "NC \"27\"")],
            impact: Some(Impact::MajorOutage),
            tags: &tags,
            text: Some("Text with {end} and {title}.\n"),
            ..post(Kind::Incident, "{start}")
        };
        let template = "+++\ntitle = \"{title}: {server_names}\"\nservers = {servers}\nend = {end}\nimpact = {impact}\ntags = {tags}\n+++\n{title} {x} {#id}\n{text}\n";
        assert_eq!(
            incident.fill(Some(template)),
            "+++\ntitle = \"{start}: NC023 and NC \\\"27\\\"\"\nservers = [\"nc023\", \"nc027\"]\nimpact = \"major-outage\"\ntags = [\"mail relay\"]\n+++\n\
             {start} {x} {#id}\nText with {end} and {title}.\n"
        );
    }

    #[test]
    fn what_a_template_has_no_place_for_is_lost() {
        let incident = NewPost { servers: vec![("nc023", "NC023")], impact: Some(Impact::MajorOutage), ..post(Kind::Incident, "x") };
        let lost = |front: &str| {
            incident.lost(&format!("\u{feff}+++\n{front}\n+++\n{{title}} {{impact}} {{servers}}\n"), &["title", "servers", "impact"])
        };
        assert_eq!(lost("title = \"{title}\"\nservers = {servers}\nimpact = {impact}"), None);
        assert_eq!(lost("title = \"{title}\"\nservers = {servers}"), Some("impact"));
        assert_eq!(lost("title = \"{title}\"\nservers = {servers}\n# impact = {impact}"), Some("impact"));
        assert_eq!(lost("title = \"{server_names}: {title}\"\nimpact = {impact}"), Some("servers"));
        assert_eq!(lost("title = \"{title} {tags}\"\nservers = {servers}\nimpact = {impact}"), Some("title"));
    }

    #[test]
    fn a_text_goes_below_a_template_that_has_no_place_for_it() {
        let notice = NewPost { text: Some("Hello."), ..post(Kind::Notice, "x") };
        assert_eq!(
            notice.fill(Some("+++\ntitle = \"{title}\"\n+++\nDear customers,\n")),
            "+++\ntitle = \"x\"\n+++\nDear customers,\n\nHello.\n"
        );
    }

    #[test]
    fn a_file_name_has_date_time_and_a_readable_slug() {
        let name = |title: &str, nth| post(Kind::Notice, title).file_name(nth);
        assert_eq!(name("Mail is slow!", 1).as_deref(), Some("2026-05-04-1902-mail-is-slow.md"));
        assert_eq!(name("Mail is slow!", 3).as_deref(), Some("2026-05-04-1902-mail-is-slow-3.md"));
        assert_eq!(name("!?", 1), None);
        let long = name(&"one two three ".repeat(10), 1).unwrap();
        assert_eq!(long, "2026-05-04-1902-one-two-three-one-two-three-one-two-three-one-two-three-one.md");
        assert_eq!(name(&"ж".repeat(200), 1).unwrap().chars().filter(|c| *c == 'ж').count(), 60);
    }
}
