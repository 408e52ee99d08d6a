//! The vocabulary: every word of the field is defined here, once, at the type that carries it.
//!
//! Plain data with public fields. Meaning is computed here too: [`event`] says what a thread does through time, [`timeline`] and [`status`]
//! answer "is it up?", [`uptime`] how much of the time it was. Of texts it knows words, times and addresses, and
//! the HTML that `load` made; never reads the user's files, chooses words for people, or touches the disk.

pub mod address;
pub mod characters;
pub mod config;
pub mod escape;
pub mod event;
pub mod following;
pub mod headline;
pub mod impact;
pub mod moment;
pub mod plain;
pub mod post;
pub mod probe;
pub mod server;
pub mod site;
pub mod status;
mod steps;
pub mod text;
pub mod thread;
pub mod timeline;
pub mod uptime;

pub use address::{Address, BaseUrl, slug};
pub use config::Config;
pub use escape::escape;
pub use headline::Headline;
pub use impact::{Impact, Standing, Status};
pub use moment::{Moment, midnight, rfc3339};
pub use post::{ImpactChange, Kind, Pinned, Post, PostIx, State, Update, UpdateIx};
pub use probe::{Answer, Probes, Reach};
pub use server::{Group, Location, Server, ServerIx};
pub use site::{FeedEntry, PlainPage, Site, Term};
pub use status::Glance;
pub use text::Html;
pub use thread::{Event, ImpactWindow, Phase, Step, Thread, ThreadIx, Window};
