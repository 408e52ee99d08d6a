//! A bundle to a folder in one step. Never reads sources.
