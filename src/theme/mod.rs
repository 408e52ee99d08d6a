//! Templates and assets in two layers: the built-in theme, and the site's own files that override it one by one.
//!
//! In: the sources. Out: templates that can be filled, assets with hashed names. Alone knows the template engine; never
//! knows what an incident is. A theme called `NAME` is the folder `themes/NAME` with `templates/` and `static/`; what it
//! leaves out comes from the built-in theme.

mod accent;
mod assets;
mod builtin;
mod css;
mod fill;
mod problem;
mod values;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use tera::{ErrorKind, Tera, TeraResult};

pub use assets::Asset;
pub use builtin::{ASSETS as BUILTIN_ASSETS, TEMPLATES as BUILTIN_TEMPLATES};
pub use problem::{Print, TemplateProblem};
pub use values::{Markup, Ready, Values};

use crate::findings::{Code, Finding, Findings, merge_conflicts, not_utf8, visible};
use crate::model::Config;
use crate::source::{SETTINGS, Sources, Span};
use crate::words::Words;
use problem::TemplateSources;

/// The theme that is built in.
pub const BUILTIN: &str = "default";

/// Behind this prefix templates of the built-in theme can be reached where others override them: a `base.html` of the site's
/// own begins with `{% extends "default/base.html" %}`.
const BUILTIN_PREFIX: &str = "default/";

/// A theme ready for use.
#[derive(Clone)]
pub struct Theme {
    tera: Tera,
    /// Why no template can be filled: what all of them are given cannot be shown.
    unusable: Option<TemplateProblem>,
    template_sources: TemplateSources,
    /// By name below `static/`, sorted.
    pub assets: Vec<Asset>,
}

impl Theme {
    /// Gives every template these values, beside what it is filled with.
    pub fn share(&mut self, values: Values) {
        match values.into_context() {
            Ok(context) => *self.tera.global_context() = context,
            Err(problem) => self.unusable = Some(problem),
        }
    }

    /// Fills a template.
    pub fn fill(&self, template: &str, values: &Values) -> Result<Vec<u8>, TemplateProblem> {
        let context = self.context(values)?;
        // As large as the last page at first: pages of a kind follow each other.
        thread_local!(static LAST: Cell<usize> = const { Cell::new(0) });
        let mut page = Vec::with_capacity(LAST.get() + 1024);
        self.tera.render_to(template, context, &mut page).map_err(|error| self.template_sources.problem(&error, template))?;
        LAST.set(page.len());
        Ok(page)
    }

    /// Fills a template with a piece of a page, which other templates paste as it is.
    pub fn fill_markup(&self, template: &str, values: &Values) -> Result<Markup, TemplateProblem> {
        let context = self.context(values)?;
        // One buffer a thread is used again and again; it is taken out meanwhile because filling may nest.
        thread_local!(static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        let mut buffer = BUFFER.take();
        buffer.clear();
        let filled = self.tera.render_to(template, context, &mut buffer);
        // The engine writes UTF-8 alone; to know that of the whole is faster than to look for what is not.
        let markup = |()| std::str::from_utf8(&buffer).map_or_else(|_| Markup::new(&String::from_utf8_lossy(&buffer)), Markup::new);
        let made = filled.map(markup).map_err(|error| self.template_sources.problem(&error, template));
        BUFFER.set(buffer);
        made
    }

    fn context<'v>(&self, values: &'v Values) -> Result<&'v tera::Context, TemplateProblem> {
        self.unusable.clone().map_or_else(|| values.context(), Err)
    }

    /// Whether the site has templates of its own.
    pub fn has_own_templates(&self) -> bool {
        self.template_sources.is_any()
    }

    /// The site's own templates that neither stand in for a built-in one nor are named by another of its own: name and file. One that
    /// defines components is left out: these are at hand everywhere.
    pub fn idle(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.template_sources.idle()
    }

    /// The file of a template where the site's own is in force.
    pub fn own_template(&self, name: &str) -> Option<&Arc<str>> {
        self.template_sources.file(name).map(|(path, _)| path)
    }

    /// The places where the site's own templates print a value as it is, without a filter.
    pub fn prints(&self) -> Vec<Print> {
        self.template_sources.prints()
    }

    /// The same theme but for one place that prints nothing.
    pub fn without(&self, print: &Print) -> Option<Theme> {
        let mut theme = self.clone();
        let text = theme.template_sources.blank(print);
        theme.tera.add_raw_template(&print.template, &text).ok().map(|()| theme)
    }

    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.assets.binary_search_by(|asset| asset.name.as_str().cmp(name)).ok().map(|at| &self.assets[at])
    }
}

/// Reads the theme that `config` names. What cannot be used of it is a finding, and built-in templates stand in for it, so that the
/// rest of the site is looked at in the same run.
pub fn load(sources: &Sources, config: &Config, findings: &mut Findings) -> Theme {
    let folder = format!("themes/{}/", config.theme);
    if config.theme != BUILTIN && sources.under(&folder).next().is_none() {
        findings.push(unknown_theme(sources, config));
    }
    warn_of_unread(sources, &folder, findings);
    let words = Words::of(config);
    let (tera, mut template_sources) = compile(sources, &format!("{folder}templates/"), &words, findings);
    let assets = assets::read(sources, &format!("{folder}static/"), config, &words, findings);
    template_sources.assets = assets.iter().map(|asset| asset.name.clone()).collect();
    Theme { tera, unusable: None, template_sources, assets }
}

/// The built-in templates, with those in `folder` over them that can be used.
fn compile(sources: &Sources, folder: &str, words: &Words, findings: &mut Findings) -> (Tera, TemplateSources) {
    let mut template_sources = TemplateSources::default();
    let mut broken = BTreeSet::new();
    for file in sources.under(folder).filter(|file| file.path.ends_with(".html")) {
        let name = file.path[folder.len()..].to_owned();
        let text = file.text().map_or_else(|_| String::from_utf8_lossy(&file.bytes), Cow::Borrowed);
        template_sources.insert(name.clone(), file.path.clone(), file.text_offset(), &text);
        let unread = file.text().map_or_else(|_| not_utf8(file), |text| merge_conflicts(file, text));
        if !unread.is_empty() {
            findings.extend(unread);
            broken.insert(name);
        } else if let Err(error) = Tera::new().add_raw_template(&name, &text)
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            // One by one: of all together the engine tells the first syntax error alone.
            findings.push(template_sources.problem(&error, "").finding());
            broken.insert(name);
        }
    }
    loop {
        template_sources.set_aside(&broken);
        let usable: BTreeSet<String> = template_sources.usable().map(str::to_owned).collect();
        let (tera, joined) = join(&usable, &template_sources, words);
        let Err(error) = joined else { return (tera, template_sources) };
        let problems = template_sources.problems(&error);
        let places = problems.iter().filter_map(|problem| problem.span.as_ref()?.path.strip_prefix(folder));
        broken = places.map(str::to_owned).collect();
        problems.into_iter().for_each(|problem| findings.push(problem.finding()));
        if usable.is_empty() {
            return (tera, template_sources);
        }
        if broken.is_disjoint(&usable) {
            // What is wrong stands in none of them: then none can be used.
            broken = usable;
        }
    }
}

/// The site's `own` templates over the built-in ones, and whether the engine takes them together.
fn join(own: &BTreeSet<String>, template_sources: &TemplateSources, words: &Words) -> (Tera, TeraResult<()>) {
    // A built-in template has its own name where nothing overrides it: the engine's way of trying prefixes makes a name for each try.
    let is_own = |name: &str| own.contains(name);
    let ready = |text: &str| builtin::inline_words(&builtin::inline_includes(text, &is_own), words);
    let built_in: Vec<(&str, String)> = BUILTIN_TEMPLATES.iter().map(|(name, text)| (*name, ready(text))).collect();
    let mut tera = Tera::new();
    tera.register_filter("fill", fill::fill);
    let in_force = built_in.iter().filter(|(name, _)| !is_own(name)).map(|(name, text)| ((*name).to_owned(), text.as_str()));
    let behind = built_in.iter().filter(|_| !own.is_empty()).map(|(name, text)| (format!("{BUILTIN_PREFIX}{name}"), text.as_str()));
    let over = own.iter().map(|name| (name.clone(), template_sources.text(name)));
    let joined = tera.add_raw_templates(in_force.chain(behind).chain(over));
    (tera, joined)
}

/// What lies in a theme's folder where nothing reads it, as a template would have to.
fn warn_of_unread(sources: &Sources, folder: &str, findings: &mut Findings) {
    let mut folders = BTreeSet::new();
    for file in sources.under(folder) {
        let path = &file.path[folder.len()..];
        let ending = path.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase());
        let is_page = ["html", "htm"].contains(&ending.as_str());
        let told = match path.split_once('/') {
            Some(("templates", name)) => {
                let is_read = name.ends_with(".html") || ["md", "txt"].contains(&ending.as_str());
                (!is_read).then(|| {
                    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                    let help = format!("as a template it is called `{}.html`", visible(stem));
                    (format!("`{}` is no template: the name of one ends in `.html`", visible(name)), help)
                })
            }
            Some(("static", _)) => None,
            Some((inside, _)) => {
                let is_meant = ["templates", "static"].contains(&inside.to_lowercase().as_str()) || is_page;
                (is_meant && folders.insert(inside)).then(|| {
                    let help = "templates belong into `templates`, and files that are published into `static`".to_owned();
                    (format!("nothing reads the folder `{}` of a theme", visible(inside)), help)
                })
            }
            None => is_page.then(|| {
                let help = format!("move it into the folder `templates`: `{folder}templates/{}`", visible(path));
                (format!("nothing reads `{}` in a theme's folder itself", visible(path)), help)
            }),
        };
        if let Some((message, help)) = told {
            findings.push(Finding::new(Code::UnusedTemplate, Span::whole_file(&file.path), message).help(help));
        }
    }
}

fn unknown_theme(sources: &Sources, config: &Config) -> Finding {
    let name = &config.theme;
    let span = Span::new(&SETTINGS.into(), config.theme_place.clone());
    let mut others: Vec<&str> = sources.under("themes/").filter_map(|file| file.path.split('/').nth(1)).collect();
    others.push(BUILTIN);
    others.sort_unstable();
    others.dedup();
    let others = others.iter().map(|other| format!("`{other}`")).collect::<Vec<_>>().join(", ");
    Finding::new(Code::UnknownTheme, span, format!("there is no theme called `{name}`"))
        .help(format!("the themes are {others}; a theme is a folder `themes/{name}/`, and `signalpost theme eject FILE` begins one"))
}

#[cfg(test)]
mod tests;
