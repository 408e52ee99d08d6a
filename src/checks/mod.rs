//! Rules that need the whole plan: broken links, collisions, stale incidents. Never changes the site.

pub mod against;
