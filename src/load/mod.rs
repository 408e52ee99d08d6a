//! Text to model.

pub mod clean;
pub mod config;
pub mod fields;
pub mod front_matter;
pub mod heading;
pub mod keys;
pub mod links;
pub mod markdown;
pub mod names;
pub mod nearest;
pub mod pages;
pub mod post;
pub mod schema;
pub mod servers;
pub mod times;
pub mod updates;
