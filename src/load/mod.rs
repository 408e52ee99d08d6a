//! Text to model. In: sources and options. Out: what could be read, and findings. Never stops at the first problem.

pub mod keys;
pub mod nearest;
pub mod schema;
pub mod times;
