//! The user's folder: finds the root, reads everything under it, refreshes what changed.
//!
//! Never interprets a file.
