//! Text to model. In: sources and options. Out: what could be read, and findings. Never stops at the first problem.

pub mod nearest;
pub mod times;
