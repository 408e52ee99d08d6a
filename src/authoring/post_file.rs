//! A whole post's file from what it tells: for posts that were written elsewhere before.

use super::front_matter::{toml_list, toml_string};
use super::update::NewUpdate;
use crate::load::front_matter;
use crate::load::heading::below;
use crate::model::{Impact, Kind, Moment, State, rfc3339};

/// What another system knows of a post; what is empty is not written.
#[derive(Debug, Clone, PartialEq)]
pub struct PostFile {
    pub title: String,
    pub kind: Kind,
    /// Ids of servers.
    pub servers: Vec<String>,
    pub tags: Vec<String>,
    pub categories: Vec<String>,
    pub date: Moment,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub impact: Option<Impact>,
    /// What it does to single servers, by id; not empty: stands in place of `impact`.
    pub impacts: Vec<(String, Impact)>,
    pub follows: Option<String>,
    pub aliases: Vec<String>,
    pub guid: Option<String>,
    pub author: Option<String>,
    pub summary: Option<String>,
    pub pinned: bool,
    /// Whether it is in the feeds.
    pub notify: bool,
    /// Markdown.
    pub text: String,
    /// Below the text, in this order.
    pub updates: Vec<PostFileUpdate>,
}

/// An update of a [`PostFile`].
#[derive(Debug, Clone, PartialEq)]
pub struct PostFileUpdate {
    pub at: Moment,
    pub state: Option<State>,
    /// What holds of a server from then on, by id.
    pub impacts: Vec<(String, Impact)>,
    /// Markdown.
    pub text: String,
}

impl PostFile {
    /// The file's text, front matter and all.
    pub fn write(&self) -> String {
        let word = |word: &str| Some(toml_string(word));
        let text = |text: &Option<String>| text.as_deref().map(toml_string);
        let list = |words: &[String]| toml_list(words.iter().map(String::as_str));
        let lines = [
            ("title", word(&self.title)),
            ("kind", word(self.kind.word())),
            ("servers", list(&self.servers)),
            ("tags", list(&self.tags)),
            ("categories", list(&self.categories)),
            ("date", Some(rfc3339(self.date))),
            ("start", self.start.map(rfc3339)),
            ("end", self.end.map(rfc3339)),
            ("impact", self.impact()),
            ("follows", text(&self.follows)),
            ("aliases", list(&self.aliases)),
            ("guid", text(&self.guid)),
            ("author", text(&self.author)),
            ("summary", text(&self.summary)),
            ("pinned", self.pinned.then(|| "true".to_owned())),
            ("notify", (!self.notify).then(|| "false".to_owned())),
        ];
        let width = lines.iter().filter(|(_, value)| value.is_some()).map(|(key, _)| key.len()).max().unwrap_or(0);
        let mut file = String::from("+++\n");
        for (key, value) in lines {
            if let Some(value) = value {
                file.push_str(&format!("{key:width$} = {value}\n"));
            }
        }
        file.push_str("+++\n");
        let text = self.text.trim_end();
        if !text.is_empty() {
            // A text that begins like a key of the front matter stays a text.
            let text = if front_matter::left_behind(text).is_some() { text.replacen('=', "\\=", 1) } else { text.to_owned() };
            file.push_str(&format!("\n{text}\n"));
        }
        for PostFileUpdate { at, state, impacts, text } in &self.updates {
            let impacts: Vec<String> = impacts.iter().map(|(server, impact)| format!("{server}={}", impact.word())).collect();
            // So does one that begins like the rest of its heading.
            let is_apart = below::part(*state, None, text.trim_start().lines().next().unwrap_or("")).is_some();
            file = NewUpdate { at: *at, state: *state, impacts: &impacts, text, is_apart }.append_to(&file);
        }
        file
    }

    /// `"degraded"` or `{ nc023 = "degraded", nc027 = "none" }`
    fn impact(&self) -> Option<String> {
        let word = |impact: Impact| toml_string(impact.word());
        if self.impacts.is_empty() {
            return self.impact.map(word);
        }
        let impacts: Vec<String> = self.impacts.iter().map(|(server, impact)| format!("{server} = {}", word(*impact))).collect();
        Some(format!("{{ {} }}", impacts.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_there_is_and_no_more() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let mut post = PostFile {
            title: "Mail \"slow\"".into(),
            kind: Kind::Notice,
            servers: vec![],
            tags: vec![],
            categories: vec![],
            date: at("2013-05-18T02:46:22Z"),
            start: None,
            end: None,
            impact: None,
            impacts: vec![],
            follows: None,
            aliases: vec![],
            guid: None,
            author: None,
            summary: None,
            pinned: false,
            notify: true,
            text: "Text.\n".into(),
            updates: vec![],
        };
        assert_eq!(post.write(), "+++\ntitle = \"Mail \\\"slow\\\"\"\nkind  = \"notice\"\ndate  = 2013-05-18T02:46:22Z\n+++\n\nText.\n");
        post.tags = vec!["a".into(), "b".into()];
        post.notify = false;
        post.text.clear();
        let state = Some(State::InProgress);
        post.updates = vec![PostFileUpdate { at: at("2013-05-18T03:00:00Z"), state, impacts: vec![], text: "Now.".into() }];
        let file = post.write();
        assert!(file.contains("tags   = [\"a\", \"b\"]\n") && file.contains("notify = false\n"), "{file}");
        assert!(file.ends_with("+++\n\n## 2013-05-18 03:00 UTC — In progress\nNow.\n"), "{file}");
        post.impacts = vec![("nc023".into(), Impact::Degraded), ("nc027".into(), Impact::None)];
        post.updates[0].impacts = post.impacts.iter().rev().cloned().collect();
        let file = post.write();
        assert!(file.contains("impact = { nc023 = \"degraded\", nc027 = \"none\" }\n"), "{file}");
        assert!(file.ends_with(" — In progress {nc027=none nc023=degraded}\nNow.\n"), "{file}");
    }
}
