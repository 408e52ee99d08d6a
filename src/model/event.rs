//! What a thread does through time.
