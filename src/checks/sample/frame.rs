//! What a page has around its content so that it is safe and does not grow old unnoticed: a theme's own `base.html` or `head.html`
//! may have left it out.

use crate::findings::{Code, Finding, Findings};
use crate::plan::Plan;
use crate::source::Span;
use crate::theme::Theme;

/// Looks for it on the front page, as it was filled.
pub fn check(plan: &Plan, theme: &Theme, front: &str, findings: &mut Findings) {
    let Some(path) = ["base.html", "head.html", "front.html"].iter().find_map(|name| theme.own_template(name)) else { return };
    let page = front.replace(['"', '\''], "");
    let has_policy = page.to_ascii_lowercase().contains("http-equiv=content-security-policy");
    let script = theme.asset("site.js").map(|asset| plan.site.base().href(&asset.address));
    let parts = [
        (has_policy, "the Content-Security-Policy (`<meta http-equiv=\"Content-Security-Policy\" content=\"{{ site.policy }}\">`)"),
        (script.is_none_or(|script| page.contains(&script)), "the script (`<script src=\"{{ assets[\"site.js\"] }}\" defer></script>`)"),
        (page.contains("data-stale-after="), "`data-stale-after=\"{{ page.stale_after }}\"` on `<html>`"),
        (page.contains("id=stale"), "the warning of an old page (`id=\"stale\"`)"),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(has, _)| !has).map(|(_, part)| *part).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("the theme's pages lack {}", missing.join(", "));
    findings.push(Finding::new(Code::IncompletePage, Span::whole_file(path), message).help(
        "without them a page that is open or was built long ago goes on to say what is no longer true; \
         `signalpost theme eject base.html` and `head.html` have them",
    ));
}
