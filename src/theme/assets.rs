//! The files of a theme's `static/` folder, under names that change with their content.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64;

use super::builtin::{self, ASSETS};
use super::{accent, css};
use crate::findings::{Code, Finding, Findings, visible};
use crate::model::{Address, Config};
use crate::source::{Sources, Span};
use crate::words::Words;

/// A file of the theme's `static/` folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// `site.css`
    pub name: String,
    /// Where it is published: `/assets/site.1a2b3c4d5e.css`. The name changes with the content, so it is cached for ever.
    pub address: Address,
    pub bytes: Bytes,
}

/// The built-in assets with those in `folder` over them. The site's accent goes into the style sheet and its words into the
/// script, rather than into every page.
pub(super) fn read(sources: &Sources, folder: &str, config: &Config, words: &Words, findings: &mut Findings) -> Vec<Asset> {
    let mut layers: BTreeMap<String, Cow<'_, [u8]>> =
        ASSETS.iter().map(|(name, bytes)| ((*name).to_owned(), builtin::without_comments(name, bytes))).collect();
    // A copy that nobody changed is as good as none.
    for file in sources.under(folder) {
        let name = &file.path[folder.len()..];
        if !ASSETS.contains(&(name, &file.bytes)) {
            layers.insert(name.to_owned(), Cow::Borrowed(&file.bytes));
        }
    }
    if let (Some(style), Some(colours)) = (layers.get_mut("site.css"), config.accent.as_deref().and_then(accent::style)) {
        style.to_mut().extend_from_slice(colours.as_bytes());
    }
    if let Some(script) = layers.get_mut("site.js") {
        let words = format!("const words = {};\n", words.for_script());
        script.to_mut().splice(..0, words.into_bytes());
    }
    let mut naming = Naming { layers: &layers, sources, folder, named: BTreeMap::new(), open: Vec::new(), findings };
    layers.keys().for_each(|name| drop(naming.name(name)));
    naming.named.into_values().collect()
}

/// Gives files their names: what a style sheet names first, since the name of that is part of its own content.
struct Naming<'a> {
    layers: &'a BTreeMap<String, Cow<'a, [u8]>>,
    sources: &'a Sources,
    folder: &'a str,
    named: BTreeMap<String, Asset>,
    /// Style sheets that wait for those that they import.
    open: Vec<String>,
    findings: &'a mut Findings,
}

impl Naming<'_> {
    /// The published address of a file; the error says what is the matter with it.
    fn name(&mut self, name: &str) -> Result<Address, &'static str> {
        if let Some(asset) = self.named.get(name) {
            return Ok(asset.address.clone());
        }
        let bytes = self.layers.get(name).ok_or("which is not in the theme's `static` folder")?;
        if self.open.iter().any(|open| open == name) {
            return Err("which imports this one itself, in a circle");
        }
        self.open.push(name.to_owned());
        let bytes = self.rewritten(name, bytes);
        self.open.pop();
        let address = hashed(name, &bytes);
        self.named.insert(name.to_owned(), Asset { name: name.to_owned(), address: address.clone(), bytes });
        Ok(address)
    }

    /// A file as it is published: a style sheet with the published names of the files that it names.
    fn rewritten(&mut self, name: &str, bytes: &[u8]) -> Bytes {
        let text = std::str::from_utf8(bytes).ok().filter(|_| name.ends_with(".css"));
        let references = text.map(|text| css::references(name, text)).unwrap_or_default();
        let Some(text) = text.filter(|_| !references.is_empty()) else { return Bytes::copy_from_slice(bytes) };
        let mut published = BTreeMap::new();
        for reference in &references {
            match self.name(&reference.name) {
                Ok(address) => drop(published.insert(reference.name.clone(), as_css(&address))),
                Err(why) => self.complain(name, reference, why),
            }
        }
        css::rewritten(name, text, &references, &published).into()
    }

    fn complain(&mut self, sheet: &str, reference: &css::Reference, why: &str) {
        let Some(file) = self.sources.get(&format!("{}{sheet}", self.folder)) else { return };
        let message = format!("the style sheet names `{}`, {why}", visible(&reference.name));
        let help = "an address is relative to the style sheet; one of the site's own files begins with `/`";
        self.findings.push(Finding::new(Code::BrokenLink, Span::new(&file.path, reference.range.clone()), message).help(help));
    }
}

/// Below `assets/`, as a style sheet may write it with quotation marks or without.
fn as_css(address: &Address) -> String {
    let encoded = address.encoded().replace('(', "%28").replace(')', "%29").replace('\'', "%27");
    encoded.trim_start_matches("/assets/").to_owned()
}

/// `img/logo.svg` is published at `/assets/img/logo.1a2b3c4d5e.svg`.
fn hashed(name: &str, bytes: &[u8]) -> Address {
    let hash = &format!("{:016x}", xxh3_64(bytes))[..10];
    let (stem, ending) = name.rfind('.').filter(|dot| name.rfind('/') < Some(*dot)).map_or((name, ""), |dot| name.split_at(dot));
    Address::new(format!("/assets/{stem}.{hash}{ending}"))
}
