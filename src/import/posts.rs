//! From items to files: the same for every system.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::addresses::{self, PostLocation};
use super::impacts;
use super::links::{LinkFindings, Links, Url};
use super::markdown::{self, words};
use super::repeats::{tell_news, without_repeats};
use super::servers::Servers;
use super::{
    ExistingSite, Export, File, Guess, GuessedEvent, Imported, Item, NewPost, Refused, Report, StatedEvent, System, cstate, events, feed,
    statuspage, threads, wordpress,
};
use crate::authoring::{PostFile, PostFileUpdate};
use crate::load::clean::{clean, is_visible};
use crate::model::characters::{NAME_BYTES, composed};
use crate::model::{Kind, slug};

/// Makes posts of an export. The error is a file that is none of the system's.
pub fn import(system: System, files: &[File], guess: Guess, existing: &ExistingSite<'_>) -> Result<Imported, Refused> {
    let mut export = Export::default();
    let mut refused = Vec::new();
    for file in files {
        if system == System::Cstate && cstate::is_translation(file, files) {
            export.report.skip("a translation of another issue", &file.name);
            continue;
        }
        let read = match system {
            System::Wordpress => wordpress::export(file),
            System::Statuspage => statuspage::export(file, existing.site.now),
            System::Cstate => cstate::export(file, existing.site.now),
            System::Rss => feed::export(file),
        };
        match read {
            Ok(read) => {
                export.items.extend(read.items);
                export.homes.extend(read.homes);
                export.report.append(read.report);
            }
            // Each issue is a file of its own: the others are as good as they were.
            Err(why) if system == System::Cstate => refused.push(why),
            Err(why) => return Err(why),
        }
    }
    if refused.len() == files.len()
        && let Some(first) = refused.first()
    {
        return Err(first.clone());
    }
    refused.iter().for_each(|why| export.report.skip("cannot be read", &why.to_string()));
    let Export { items, homes, mut report } = export;
    let items = usable(items, existing, &mut report);
    let homes = homes_of(&homes, existing, &mut report);
    let locations = addresses::locations(&items, &homes, existing, &mut report);
    tell_news(&items, &locations, existing, &mut report);
    let terms = Terms::of(&items, existing, &mut report);
    let mut links = Links::new(&homes, existing);
    for (item, location) in items.iter().zip(&locations) {
        for link in std::iter::once(&item.link).chain(&item.other_links) {
            links.add(link, &item.number, &location.address);
        }
        item.tags.iter().filter_map(|tag| terms.word("tag", tag)).for_each(|word| links.add_term("tag", word));
        item.categories.iter().filter_map(|category| terms.word("category", category)).for_each(|word| links.add_term("category", word));
    }
    let continued = if guess == Guess::None { vec![None; items.len()] } else { threads::continued(&items) };
    let mut is_in_thread = vec![false; items.len()];
    for (at, before) in continued.iter().enumerate().filter_map(|(at, before)| Some((at, (*before)?))) {
        (is_in_thread[at], is_in_thread[before]) = (true, true);
    }
    let reader = Reader { guess, servers: Servers::of(&existing.site.servers), links, terms, existing };
    let made = items.par_iter().enumerate().filter(|(at, _)| !locations[*at].is_there).map(|(at, item)| {
        let continues = continued[at].map(|before| &locations[before]);
        reader.post(item, &locations[at], continues, is_in_thread[at])
    });
    let mut imported = Imported::default();
    for (post, found, told) in made.collect::<Vec<_>>() {
        imported.posts.push(post);
        imported.media.extend(found.media);
        report.append(told);
    }
    imported.there = locations.into_iter().filter(|location| location.is_there).map(|location| location.path).collect();
    imported.report = report;
    Ok(imported)
}

/// Where the old site was, the deepest folder first. Where ours is in another folder of the same host, that is told.
fn homes_of(homes: &BTreeSet<String>, existing: &ExistingSite<'_>, report: &mut Report) -> Vec<Url> {
    let mut homes: Vec<Url> = homes.iter().filter_map(|home| Url::parse(home)).collect();
    homes.sort_by_key(|home| std::cmp::Reverse(home.path.len()));
    if let (Some(old), Some(new)) = (homes.first(), Url::parse(&existing.site.config.base_url.home())) {
        let folder = |url: &Url| format!("{}/", url.path.trim_end_matches('/'));
        if old.host == new.host && folder(old) != folder(&new) {
            report.remark(format!(
                "the old addresses begin with `{}` and those of this site with `{}`: let the host lead from one to the other",
                folder(old),
                folder(&new)
            ));
        }
    }
    homes
}

/// Items that can be posts, in order of date, each once, with a title.
fn usable(mut items: Vec<Item>, existing: &ExistingSite<'_>, report: &mut Report) -> Vec<Item> {
    for item in &mut items {
        item.title = clean(&item.title).text.split_whitespace().collect::<Vec<_>>().join(" ");
        item.is_untitled = !is_visible(&item.title);
        if item.is_untitled {
            item.title = first_words(item).unwrap_or_else(|| "Without a title".to_owned());
        }
        // A feed id with white space could not be compared to the letter by readers.
        item.guid = item.guid.take().filter(|guid| !guid.is_empty() && !guid.contains(|c: char| c.is_whitespace() || c.is_control()));
    }
    let mut items = without_repeats(items, report);
    items.sort_by(|a, b| (a.date, &a.guid, &a.link, &a.title).cmp(&(b.date, &b.guid, &b.link, &b.title)));
    items.retain(|item| {
        let is_told = item.date <= existing.site.now;
        if !is_told {
            report.skip("dated later than now", &format!("“{}”", item.title));
        }
        is_told
    });
    items
}

/// The first words of the text, for an item that has no title.
fn first_words(item: &Item) -> Option<String> {
    let text = clean(&words(&item.html)).text.into_owned();
    let first = text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
    Some(first.trim_end_matches([',', ';', ':', '-', '–', '—', ' ']).to_owned()).filter(|title| is_visible(title))
}

fn post_file(item: &Item, location: &PostLocation, terms: &Terms, text: String) -> PostFile {
    let written = |kind: &'static str, words: &[String]| -> Vec<String> {
        let mut written: Vec<String> = words.iter().filter_map(|word| terms.word(kind, word)).map(str::to_owned).collect();
        let mut seen = BTreeSet::new();
        written.retain(|word| seen.insert(slug(word)));
        written
    };
    PostFile {
        title: item.title.clone(),
        kind: Kind::Notice,
        servers: Vec::new(),
        tags: written("tag", &item.tags),
        categories: written("category", &item.categories),
        date: item.date,
        start: None,
        end: None,
        impact: None,
        impacts: Vec::new(),
        follows: None,
        aliases: location.aliases.clone(),
        guid: item.guid.clone(),
        author: item.author.clone(),
        summary: item.summary.clone(),
        pinned: item.is_pinned,
        // With its old feed id nobody is told of it again; without one everybody would be.
        notify: item.guid.is_some(),
        text,
        updates: Vec::new(),
    }
}

/// Reads items into posts.
struct Reader<'a> {
    guess: Guess,
    servers: Servers,
    links: Links<'a>,
    terms: Terms,
    existing: &'a ExistingSite<'a>,
}

impl Reader<'_> {
    /// The post's file, what its links need, and what there is to tell of it.
    fn post(
        &self,
        item: &Item,
        location: &PostLocation,
        continues: Option<&PostLocation>,
        is_in_thread: bool,
    ) -> (NewPost, LinkFindings, Report) {
        let mut found = LinkFindings { media: BTreeSet::new(), notes: item.notes.clone() };
        let mut report = Report::default();
        let mut converted = |html: &str| {
            let text = markdown::convert(html, &mut |url, asked| self.links.target(url, &item.link, asked, &mut found));
            found.notes.extend(text.notes);
            text.markdown
        };
        let mut file = post_file(item, location, &self.terms, converted(&item.html));
        for update in item.stated.iter().flat_map(|stated| &stated.updates) {
            let text = converted(&update.html);
            file.updates.push(PostFileUpdate { at: update.at, state: update.state, impacts: Vec::new(), text });
        }
        found.notes.iter().for_each(|note| report.note(&location.path, note));
        if item.is_untitled {
            report.note(&location.path, format!("has no title, and is called “{}”", item.title));
        }
        if let Some(before) = continues {
            file.follows = Some(before.address.as_str().trim_matches('/').to_owned());
            report.guess(&location.path, format!("continues `{}`", before.path), &item.title);
        }
        match &item.stated {
            _ if self.guess == Guess::None => {}
            Some(stated) => self.take_over(stated, location, &mut file, &mut report),
            None => self.read(item, location, is_in_thread, &mut file, &mut report),
        }
        if !file.notify {
            report.note(&location.path, "has no feed id that readers know it by: it is in no feed here");
        }
        (NewPost { path: location.path.clone(), text: file.write() }, found, report)
    }

    /// What the old page says itself; its components are servers by their names.
    fn take_over(&self, stated: &StatedEvent, location: &PostLocation, file: &mut PostFile, report: &mut Report) {
        file.kind = stated.kind;
        if stated.kind != Kind::Notice {
            (file.start, file.end, file.impact) = (Some(stated.start), stated.end, stated.impact);
        }
        // Nobody would hear how it goes on.
        if stated.lies_ahead(self.existing.site.now) {
            file.notify = true;
            report.note(&location.path, "lies ahead: subscribers are told of it");
        }
        let mut told = BTreeSet::new();
        let later = stated.updates.iter().flat_map(|update| &update.affected);
        let affected = stated.affected.iter().chain(later).map(|affected| &affected.component);
        for component in stated.components.iter().chain(affected).filter(|component| told.insert(component.as_str())) {
            match self.component(component) {
                Some(id) if file.servers.contains(&id) => {}
                Some(id) => file.servers.push(id),
                None => report.note(&location.path, format!("the component “{component}” is no server by its name")),
            }
        }
        if let Some(note) = impacts::take_over(stated, file, |component| self.component(component)) {
            report.note(&location.path, note);
        }
    }

    /// The id of the server that a status page calls so. A component in a group is "Group - Leaf" in some places.
    fn component(&self, component: &str) -> Option<String> {
        let leaf = component.rsplit(" - ").next().unwrap_or(component);
        let server = self.servers.called(component).or_else(|| self.servers.called(leaf))?;
        Some(self.existing.site.servers[server].id.to_string())
    }

    /// Servers that the post names, and the event that it tells of. A thread's posts tell one event together, which no single one of
    /// them says the window of.
    fn read(&self, item: &Item, location: &PostLocation, is_in_thread: bool, file: &mut PostFile, report: &mut Report) {
        let text = words(&item.html);
        let mut named = self.servers.named(&item.title, true);
        let in_title = named.len();
        for other in self.servers.named(&text, false) {
            if !named.iter().any(|named| named.server == other.server) {
                named.push(other);
            }
        }
        let event = (!is_in_thread).then(|| self.event(item, &text)).flatten();
        if let Some(event) = &event {
            // Others may be named as well, to which nothing happened.
            let in_sentence = self.servers.named(&event.words, false);
            let is_meant = |at: usize, server: usize| at < in_title || in_sentence.iter().any(|named| named.server == server);
            let meant = named.iter().enumerate().filter(|(at, named)| is_meant(*at, named.server)).map(|(_, named)| named.clone());
            let meant: Vec<_> = meant.collect();
            if !meant.is_empty() {
                named = meant;
            }
            let impact = event.impact.map_or(String::new(), |impact| format!(", impact `{}`", impact.word()));
            let window = format!("{} to {} UTC", event.start.format("%Y-%m-%d %H:%M"), event.end.format("%Y-%m-%d %H:%M"));
            report.guess(&location.path, format!("{} {window}{impact}", event.kind.word()), &event.words);
            (file.kind, file.start, file.end, file.impact) = (event.kind, Some(event.start), Some(event.end), event.impact);
        }
        for named in named {
            let id = &self.existing.site.servers[named.server].id;
            report.guess(&location.path, format!("server `{id}`"), &named.words);
            file.servers.push(id.to_string());
        }
        for name in self.servers.unknown(&format!("{} {text}", item.title)) {
            report.unknown_server(&name);
        }
    }

    fn event(&self, item: &Item, text: &str) -> Option<GuessedEvent> {
        let kind = item.categories.iter().chain(&item.tags).find_map(|word| events::kind_of_term(word));
        match (self.guess, kind) {
            (Guess::All, _) | (Guess::Safe, Some(_)) => events::guess(&item.title, text, item.date, kind),
            _ => None,
        }
    }
}

/// Tags and categories as they are written: words that share an address are one word here.
struct Terms {
    /// By kind and slug.
    words: BTreeMap<(&'static str, String), String>,
}

impl Terms {
    fn of(items: &[Item], existing: &ExistingSite<'_>, report: &mut Report) -> Terms {
        let mut words: BTreeMap<(&'static str, String), String> = BTreeMap::new();
        // What the site itself writes counts, but for what an earlier import wrote: that is found anew.
        let own: BTreeSet<&str> = items.iter().filter_map(|item| item.guid.as_deref()).collect();
        for post in existing.site.posts.iter().rev().filter(|post| post.guid.as_deref().is_none_or(|guid| !own.contains(guid))) {
            let terms = post.tags.iter().map(|word| ("tag", word)).chain(post.categories.iter().map(|word| ("category", word)));
            for (kind, word) in terms {
                words.entry((kind, slug(word))).or_insert_with(|| word.clone());
            }
        }
        let mut told = BTreeSet::new();
        for item in items {
            for (kind, word) in item.tags.iter().map(|word| ("tag", word)).chain(item.categories.iter().map(|word| ("category", word))) {
                let slug = slug(word);
                if !is_usable(word) {
                    if told.insert((kind, word.clone())) {
                        report.remark(format!("the {kind} “{word}” can have no page, and is left out"));
                    }
                    continue;
                }
                let composed = composed(word);
                let written = words.entry((kind, slug)).or_insert_with(|| composed.clone().into_owned());
                if written.to_lowercase() != composed.to_lowercase() && told.insert((kind, word.clone())) {
                    report.remark(format!("the {kind} “{word}” has the address of “{written}”, and is written so"));
                }
            }
        }
        Terms { words }
    }

    fn word(&self, kind: &'static str, word: &str) -> Option<&str> {
        let written = self.words.get(&(kind, slug(word))).filter(|_| is_usable(word))?;
        Some(written)
    }
}

/// Whether a word has an address that is no longer than one can be.
fn is_usable(word: &str) -> bool {
    (1..=NAME_BYTES).contains(&slug(word).len())
}
