//! Templates and assets in two layers: the built-in theme, and the site's own files that override it one by one.
//!
//! In: the sources. Out: templates that can be filled, assets with hashed names. Alone knows the template engine; never
//! knows what an incident is.

use bytes::Bytes;

use crate::findings::Findings;
use crate::source::{Sources, Span};

/// A theme ready for use.
pub struct Theme {
    /// By name below `static/`, sorted.
    pub assets: Vec<Asset>,
}

/// A file of the theme's `static/` folder.
pub struct Asset {
    /// `site.css`
    pub name: String,
    /// Where it is published: `/assets/site.1a2b3c4d.css`.
    pub address: crate::model::Address,
    pub bytes: Bytes,
}

/// A template that could not be filled.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateProblem {
    pub message: String,
    /// Where in the site's template; `None` where the template is built in.
    pub span: Option<Span>,
    pub help: Option<String>,
}

/// Reads the theme called `name`; `None` with findings where it cannot be used.
pub fn load(_sources: &Sources, _name: &str, _findings: &mut Findings) -> Option<Theme> {
    Some(Theme { assets: Vec::new() })
}
