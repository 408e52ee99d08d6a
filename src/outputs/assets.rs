//! The user's own files below `content/static`, as they are.

use super::{Output, OutputKind};
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind { addresses: "as below `content/static`", about: "your own files, as they are", list };

fn list(plan: &Plan, _: &Theme) -> Vec<Output> {
    plan.site.assets.iter().map(|(path, file)| Output::ready(path.clone(), file.bytes.clone())).collect()
}

/// Whether a file of the user's at this path stands instead of ours.
pub fn may_replace(path: &str) -> bool {
    matches!(path, "robots.txt" | "_headers" | "_redirects" | "404.html")
        || path.starts_with(".well-known/")
        || (path.starts_with("favicon.") && !path.contains('/'))
}
