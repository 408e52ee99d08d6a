//! Where imported posts stand: file, slug and address, and the old addresses that lead there.

use std::collections::{BTreeMap, BTreeSet};

use super::links::Url;
use super::{ExistingSite, Item, Report};
use crate::load::names::{self, old_address};
use crate::model::address::collision_key;
use crate::model::characters::composed;
use crate::model::{Address, Post, moment, slug};
use crate::outputs::hosts;

/// Where an imported post will be: its file and its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostLocation {
    pub path: String,
    pub address: Address,
    /// The old addresses, where they are others.
    pub aliases: Vec<String>,
    /// Whether the post is there already, in a file that was renamed.
    pub is_there: bool,
}

/// Slugs longer than this are cut: with date and time before it, the name must stay below [`NAME_BYTES`](crate::model::characters::NAME_BYTES).
const LONGEST: usize = 150;

/// Gives each item its location; items are in order of date. What had to be changed is reported.
pub fn locations(items: &[Item], homes: &[Url], existing: &ExistingSite<'_>, report: &mut Report) -> Vec<PostLocation> {
    let mut taken = Taken::of(existing);
    // What is there already keeps its file, whatever it is called in the export by now.
    let mut found: Vec<Option<PostLocation>> = items.iter().map(|item| moved(item, homes, &mut taken)).collect();
    // Posts come first, and of those the ones that stay where they were: no old link leads to another post.
    let stays =
        |item: &Item| old_path(&item.link, homes).is_some_and(|path| path.trim_matches('/') == usual(item).as_str().trim_matches('/'));
    let (stay, move_on): (Vec<usize>, Vec<usize>) = (0..items.len()).partition(|at| stays(&items[*at]));
    for at in stay.into_iter().chain(move_on) {
        if found[at].is_none() {
            found[at] = location(&items[at], 1, &mut taken);
        }
    }
    // Nobody gets a number whose name with that number is another's own.
    let mut given = Given::new();
    let mut numbered = |item: &Item, taken: &mut Taken| numbered(item, &mut given, taken);
    let mut locations: Vec<PostLocation> =
        items.iter().zip(found).filter_map(|(item, found)| found.or_else(|| numbered(item, &mut taken))).collect();
    for (item, location) in items.iter().zip(&mut locations).filter(|(_, location)| !location.is_there) {
        for link in std::iter::once(&item.link).chain(&item.other_links) {
            let alias = alias(link, location, homes, &mut taken, report);
            location.aliases.extend(alias.filter(|alias| !location.aliases.contains(alias)));
        }
    }
    locations
}

/// By the usual address, which is day and slug: the first number that this import has not given away. The ones before it are nobody's any
/// more, and are not tried again.
type Given = BTreeMap<String, u32>;

/// Addresses that cannot be had, by their collision keys.
struct Taken {
    /// Addresses of posts, and the file that makes each.
    posts: BTreeMap<String, String>,
    /// Old addresses of posts, and the file that names each.
    aliases: BTreeMap<String, String>,
    /// Files of the site that are no post's.
    files: BTreeSet<String>,
    /// Posts that were imported before, by their old feed ids.
    guids: BTreeMap<String, (String, Address)>,
    /// Posts without such an id, by their old addresses.
    moved: BTreeMap<String, (String, Address)>,
}

fn key(address: &Address) -> String {
    collision_key(&address.file()).into_owned()
}

impl Taken {
    fn of(existing: &ExistingSite<'_>) -> Taken {
        let posts = || existing.site.posts.iter();
        let aliases: BTreeMap<String, String> =
            posts().flat_map(|post| post.aliases.iter().map(|alias| (key(alias), post.path.to_string()))).collect();
        let files = existing.outputs.iter().map(|path| collision_key(path).into_owned()).filter(|file| !aliases.contains_key(file));
        let guid = |post: &Post| Some((post.guid.clone()?, (post.path.to_string(), post.address.clone())));
        let moved = posts().filter(|post| post.guid.is_none());
        let moved = moved.flat_map(|post| post.aliases.iter().map(|alias| (key(alias), (post.path.to_string(), post.address.clone()))));
        Taken {
            moved: moved.collect(),
            files: files.collect(),
            posts: posts().map(|post| (key(&post.address), post.path.to_string())).collect(),
            guids: posts().filter_map(|post| guid(post)).collect(),
            aliases,
        }
    }

    /// Whether a file would have to be a folder as well: this one, or one that is in its way.
    fn clash(&self, key: &str) -> bool {
        let below = format!("{key}/");
        let has_below = |next: Option<&String>| next.is_some_and(|next| next.starts_with(&below));
        let is_file = |path: &str| self.files.contains(path) || self.posts.contains_key(path) || self.aliases.contains_key(path);
        has_below(self.files.range(below.clone()..).next())
            || has_below(self.posts.range(below.clone()..).next().map(|(path, _)| path))
            || has_below(self.aliases.range(below.clone()..).next().map(|(path, _)| path))
            || key.match_indices('/').any(|(slash, _)| is_file(&key[..slash]))
    }
}

/// The address that a post has where nothing is in its way.
fn usual(item: &Item) -> Address {
    Address::of_post(item.date.date_naive(), &usable_slug(item))
}

/// The path below its old site that a post had.
fn old_path(link: &str, homes: &[Url]) -> Option<String> {
    let path = match Url::parse(link) {
        Some(url) => homes.iter().find_map(|home| url.below(home)),
        None => Some(link.to_owned()).filter(|link| link.starts_with('/')),
    };
    path.filter(|path| path != "/")
}

/// The file of a post that was imported before, where it has no feed id to be found by but its old address.
fn moved(item: &Item, homes: &[Url], taken: &mut Taken) -> Option<PostLocation> {
    let old = old_path(&item.link, homes).filter(|_| item.guid.is_none()).and_then(|path| old_address(&path).ok())?;
    let (path, address) = taken.moved.remove(&key(&old))?;
    taken.posts.insert(key(&address), own(item, &path));
    Some(PostLocation { path, address, aliases: Vec::new(), is_there: false })
}

/// The location of a post under the first number that is free to it.
fn numbered(item: &Item, given: &mut Given, taken: &mut Taken) -> Option<PostLocation> {
    let first = given.entry(key(&usual(item))).or_insert(2);
    let (nth, location) = (*first..).find_map(|nth| Some((nth, location(item, nth, taken)?)))?;
    // A number that another file has may yet be free to the post of that file.
    if nth == *first && !location.is_there {
        *first += 1;
    }
    Some(location)
}

/// The location of a post that is the `nth` of its name, where that is free.
fn location(item: &Item, nth: u32, taken: &mut Taken) -> Option<PostLocation> {
    let slug = usable_slug(item);
    let slug = if nth == 1 { slug } else { format!("{slug}-{nth}") };
    let (day, minute) = (moment::day(item.date.date_naive(), "-"), item.date.format("%H%M"));
    let address = Address::of_post(item.date.date_naive(), &slug);
    let path = format!("content/posts/{}/{day}-{minute}-{slug}.md", &day[..4]);
    let is_free = |file: Option<&String>| file.is_none_or(|file| *file == path);
    if !is_free(taken.posts.get(&key(&address))) || !is_free(taken.aliases.get(&key(&address))) {
        return None;
    }
    let there = item.guid.as_ref().and_then(|guid| taken.guids.get(guid));
    if let Some((there, address)) = there.filter(|(there, _)| *there != path) {
        return Some(PostLocation { path: there.clone(), address: address.clone(), aliases: Vec::new(), is_there: true });
    }
    taken.posts.insert(key(&address), own(item, &path));
    Some(PostLocation { path, address, aliases: Vec::new(), is_there: false })
}

/// Another import of the same export finds the same file; within one, each post has its own.
fn own(item: &Item, path: &str) -> String {
    format!("{path}\n{}", item.guid.as_deref().unwrap_or(&item.link))
}

/// The slug as the old system had it, where a file and an address can be called so; else one from it, or from the title.
fn usable_slug(item: &Item) -> String {
    let made = [composed(&item.slug).into_owned(), slug(&item.slug), slug(&item.title)];
    let made = made.into_iter().map(|slug| cut(&slug).to_owned()).find(|slug| !slug.is_empty() && names::problem(slug).is_none());
    made.unwrap_or_else(|| "post".to_owned())
}

fn cut(slug: &str) -> &str {
    let end = slug.floor_char_boundary(LONGEST);
    if end < slug.len() { slug[..end].trim_end_matches(['-', '.']) } else { slug }
}

/// The path that a post had at its old site, where ours is another and nothing else stands there.
fn alias(link: &str, location: &PostLocation, homes: &[Url], taken: &mut Taken, report: &mut Report) -> Option<String> {
    if Url::parse(link).is_some_and(|url| !url.query.is_empty()) {
        report.note(&location.path, "had an address with a query (`/?p=…`), which a static host cannot answer for one post");
        return None;
    }
    let path = old_path(link, homes)?;
    let Ok(address) = old_address(&path) else {
        report.note(&location.path, format!("its old address `{path}` cannot be kept"));
        return None;
    };
    let key = key(&address);
    if address == location.address {
        return None;
    }
    if composed(address.as_str()) == location.address.as_str() {
        report.note(&location.path, "its old address is written in another Unicode form: let the host lead from there to the new one");
        return None;
    }
    let is_foreign = |file: Option<&String>| file.is_some_and(|file| *file != location.path);
    if is_list(&address)
        || hosts::moved(&key).is_some()
        || taken.posts.contains_key(&key)
        || taken.files.contains(&key)
        || is_foreign(taken.aliases.get(&key))
        || taken.clash(&key)
    {
        report.note(&location.path, format!("its old address `{address}` is taken by another page"));
        return None;
    }
    taken.aliases.insert(key, format!("{}\n", location.path));
    Some(address.to_string())
}

/// Whether an address is a list's: those come and go with the posts.
fn is_list(address: &Address) -> bool {
    let parts: Vec<&str> = address.as_str().trim_matches('/').split('/').collect();
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        ["page" | "tag" | "category" | "server" | "assets" | "api", ..] => true,
        [year] => is_number(year, 4),
        [year, month] => is_number(year, 4) && is_number(month, 2),
        rest => rest.is_empty(),
    }
}
