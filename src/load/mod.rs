//! Text to model.
//!
//! In: the sources and the options. Out: the site as far as it can be read, and findings: never stops at the first problem.
//! Each file is read by itself, in parallel; [`site`] puts them together. The rules of chains and of what is still to come stand here as
//! well, and not in `checks`: they hang on which posts a chain lacks, and on whether the moment is the clock's, which the model does not
//! say. Never touches the disk or the clock.

mod about;
pub mod assets;
pub mod channels;
pub mod clean;
pub mod config;
pub mod fields;
pub mod files;
pub mod follow_ups;
pub mod front_matter;
pub mod future;
pub mod guard;
pub mod heading;
mod impacts;
pub mod keys;
pub mod later;
pub mod links;
pub mod markdown;
pub mod memo;
pub mod names;
pub mod pages;
mod parsed;
pub mod post;
pub mod probes;
pub mod schema;
pub mod servers;
pub mod site;
pub mod stray;
pub mod syntax;
pub mod terms;
pub mod threads;
pub mod times;
pub mod unread;
pub mod updates;
pub mod words;

pub use memo::Memo;

/// Where posts are, in folders of any depth.
pub const POSTS: &str = "content/posts/";
/// What is published as it is.
pub const STATIC: &str = "content/static/";
