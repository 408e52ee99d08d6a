//! Lists and tables of fields that a template prints as they are: `{{ event.window }}` would be published as program text.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::shown;
use crate::findings::{Code, Finding, Findings};
use crate::outputs::html;
use crate::plan::Plan;
use crate::theme::Theme;

/// Looks for them in pages that were filled, by their path. Which place in which template printed one is found by leaving places out.
pub fn check(plan: &Plan, theme: &Theme, pages: &BTreeMap<String, Bytes>, findings: &mut Findings) {
    // Escaped as it is in a page; what else has these letters is looked at as well.
    let has_any = |at: &usize| {
        let bytes = pages.get(&plan.pages[*at].address.file());
        let page = bytes.map(|bytes| String::from_utf8_lossy(bytes));
        let page = page.filter(|page| ["{&quot;", "[&quot;"].iter().any(|start| page.contains(start)));
        page.is_some_and(|page| !shown::dumps(&shown::text(&page)).is_empty())
    };
    let dumping: Vec<usize> = (0..plan.pages.len()).filter(has_any).collect();
    if dumping.is_empty() {
        return;
    }
    let mut theme = theme.clone();
    let mut prints = theme.prints();
    for at in dumping {
        let Some(mut left) = dumps(plan, &theme, at) else { continue };
        prints.retain(|print| {
            let Some(without) = theme.without(print).filter(|_| !left.is_empty()) else { return true };
            let Some(fewer) = dumps(plan, &without, at).filter(|fewer| fewer.len() < left.len()) else { return true };
            let dump = left.iter().find(|dump| !fewer.contains(dump)).unwrap_or(&left[0]);
            let names: Vec<String> = shown::fields(dump).iter().map(|name| format!("`{name}`")).collect();
            let (what, help) = match names.is_empty() {
                true => ("a list", "go through it: `{% for one in … %}{{ one }}{% endfor %}`".to_owned()),
                false if dump.starts_with('[') => {
                    ("a list", format!("go through it, `{{% for one in … %}}`, and print a field of each: {}", names.join(", ")))
                }
                false => ("no text", format!("print one of its fields: {}", names.join(", "))),
            };
            let message = format!("what is printed here is {what}, and would be published as program text");
            findings.push(Finding::new(Code::Template, print.span.clone(), message).help(help));
            (theme, left) = (without, fewer);
            false
        });
    }
}

/// What one page prints of them.
fn dumps(plan: &Plan, theme: &Theme, at: usize) -> Option<Vec<String>> {
    let pages = (html::PAGES.list)(plan, theme);
    let bytes = pages.get(at)?.bytes(plan, theme).ok()?;
    Some(shown::dumps(&shown::text(&String::from_utf8_lossy(&bytes))).into_iter().map(str::to_owned).collect())
}
