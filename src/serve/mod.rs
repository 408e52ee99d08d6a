//! Preview on loopback. Never has its own way to build.
