//! What the outputs in the shape of Atlassian Statuspage share: the words that it writes by itself, which are English there too.

use crate::model::Kind;

/// What is said of the end of an event that no update tells.
pub fn end(kind: Kind) -> &'static str {
    if kind == Kind::Maintenance { "The scheduled maintenance has been completed." } else { "This incident has been resolved." }
}
