//! Servers that a text names, by the words of the servers file; and words that look like servers and are none.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::load;
use crate::model::{Server, ServerIx};

/// A server that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub server: ServerIx,
    /// The word and some words around it.
    pub words: String,
}

/// The words that servers are called by.
pub struct Servers {
    by_word: load::servers::Servers,
    /// Lower case as far as it is ASCII, so that places in a text stay what they are; whether it is an id or a name rather than an alias.
    words: Vec<(String, ServerIx, bool)>,
}

impl Servers {
    pub fn of(servers: &Arc<Vec<Server>>) -> Servers {
        let mut words = Vec::new();
        for (at, server) in servers.iter().enumerate() {
            words.push((server.id.to_ascii_lowercase(), at, true));
            words.push((server.name.to_ascii_lowercase(), at, true));
            words.extend(server.aliases.iter().map(|alias| (alias.to_ascii_lowercase(), at, false)));
        }
        Servers { by_word: load::servers::Servers::of(servers), words }
    }

    /// The server that a word is the id, name or alias of.
    pub fn called(&self, word: &str) -> Option<ServerIx> {
        self.by_word.find(word.trim())
    }

    /// The servers that a text names, in the order of the servers file. `is_title` is of a text that is about what it names.
    ///
    /// An alias may be a plain word such as "mail": in running text it means the server where it says so ("the mail server"), or
    /// where no plain word looks like it.
    pub fn named(&self, text: &str, is_title: bool) -> Vec<Named> {
        let lower = text.to_ascii_lowercase();
        let mut found: Vec<Named> = Vec::new();
        for (word, server, is_name) in &self.words {
            if word.is_empty() || found.iter().any(|named| named.server == *server) {
                continue;
            }
            let is_plain = !is_name && !word.contains(|c: char| c.is_ascii_digit() || c == ' ' || c == '-');
            let place = places(&lower, word).find(|at| is_title || !is_plain || says_server(&lower, *at, word.len()));
            if let Some(at) = place {
                found.push(Named { server: *server, words: around(text, at, word.len()) });
            }
        }
        found.sort_by_key(|named| named.server);
        found
    }

    /// Words with a digit behind the word "server", and others of the same shape, that no server is called by.
    pub fn unknown(&self, text: &str) -> BTreeSet<String> {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_server_word = |word: &str| ["server", "servers", "host", "node"].iter().any(|server| word.eq_ignore_ascii_case(server));
        let behind = words.windows(2).filter(|pair| is_server_word(pair[0]) && shape(pair[1]).is_some()).map(|pair| pair[1]);
        let known: BTreeSet<(String, usize)> = self.words.iter().filter_map(|(word, _, _)| shape(word)).collect();
        let alike = words.iter().copied().filter(|word| shape(word).is_some_and(|shape| known.contains(&shape)));
        let is_known = |word: &str| self.words.iter().any(|(known, _, _)| *known == word.to_ascii_lowercase());
        behind.chain(alike).filter(|word| !is_known(word)).map(str::to_ascii_uppercase).collect()
    }
}

/// Letters and how many digits behind them: `nc` and 3 for `NC023`.
fn shape(word: &str) -> Option<(String, usize)> {
    let letters = word.len() - word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let digits = word.len() - letters;
    let is_name = (1..=6).contains(&letters) && (1..=4).contains(&digits) && word[letters..].bytes().all(|byte| byte.is_ascii_digit());
    is_name.then(|| (word[..letters].to_ascii_lowercase(), digits))
}

/// Where a word stands by itself.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| !is_part(text[..*at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next()))
}

fn says_server(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].split_whitespace().next_back();
    let after = text[at + length..].split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    before == Some("server") || after.is_some_and(|word| matches!(word, "server" | "servers"))
}

/// A word with three words on each side.
fn around(text: &str, at: usize, length: usize) -> String {
    let (before, behind) = (&text[..at], &text[at + length..]);
    let spaces = |text: &str| text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).collect::<Vec<_>>();
    let from = spaces(before).into_iter().rev().nth(3).unwrap_or(0);
    let to = spaces(behind).into_iter().nth(3).unwrap_or(behind.len());
    text[from..at + length + to].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Standing;

    fn servers() -> Arc<Vec<Server>> {
        let server = |id: &str, aliases: &[&str]| Server {
            id: id.into(),
            name: id.to_uppercase(),
            aliases: aliases.iter().map(|alias| alias.to_string()).collect(),
            about: None,
            group: None,
            location: None,
            standing: Standing::Operational,
            ping: None,
            probe: None,
            since: None,
            until: None,
            ranges: Default::default(),
        };
        Arc::new(vec![server("nc023", &["relay", "smart host"]), server("nc027", &["mail"]), server("ns1", &[])])
    }

    fn named(text: &str, is_title: bool) -> Vec<usize> {
        Servers::of(&servers()).named(text, is_title).into_iter().map(|named| named.server).collect()
    }

    #[test]
    fn a_server_is_named_by_id_name_or_alias_as_a_word() {
        assert_eq!(named("On server NC023 and nc027.example.net", false), [0, 1]);
        assert_eq!(named("The smart host is slow; nc0231, xnc023 and e-mail are something else", false), [0]);
        assert_eq!(named("Mail relay stopped", true), [0, 1]);
    }

    #[test]
    fn a_plain_word_is_a_server_only_where_the_text_says_so() {
        assert_eq!(named("All mail is delivered; we relay it", false), Vec::<usize>::new());
        assert_eq!(named("The relay server stopped; the server mail did not", false), [0, 1]);
    }

    #[test]
    fn what_was_read_is_told_with_its_words() {
        let found = Servers::of(&servers()).named("Tonight we will restart server NC023 for a new kernel, all right?", false);
        assert_eq!(found[0].words, "will restart server NC023 for a new");
    }

    #[test]
    fn names_that_look_like_servers_are_found_and_prices_are_not() {
        let unknown = Servers::of(&servers()).unknown("From server nc018 to NC026 for USD30, TLS1 and NC023; host srv9 too");
        assert_eq!(unknown.into_iter().collect::<Vec<_>>(), ["NC018", "NC026", "SRV9"]);
    }
}
