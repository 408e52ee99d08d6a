//! Text to model. In: sources and options. Out: what could be read, and findings. Never stops at the first problem.

pub mod keys;
pub mod schema;
