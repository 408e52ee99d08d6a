//! Status badges of the site, its groups and its servers: pictures of our own, and the data that shields.io draws from.
//!
//! In: the present statuses. Out: an SVG and a JSON file each. A badge carries its meaning in words, in the picture, in its title
//! and for screen readers; the colour only repeats it. Its colours hold their contrast on light and on dark pages.
//! A picture cannot know that time has passed: it shows the moment of the build.

use serde::{Deserialize, Serialize};

use super::{Output, OutputKind};
use crate::model::plain::shorten;
use crate::model::{Group, Status, escape};
use crate::outputs::item::clean;
use crate::plan::Plan;
use crate::theme::Theme;

pub const KIND: OutputKind = OutputKind {
    addresses: "`/badge.svg`, `/server/ID/badge.svg`, `/group/SLUG/badge.svg`, `…/badge.json`",
    about: "Status badges; the JSON is a shields.io endpoint",
    list,
};

/// How long each half of a badge may be, in characters.
const TEXT_LIMIT: usize = 48;
/// How long a picture may be kept, in seconds.
const CACHE_SECONDS: u32 = 300;

/// What a badge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub label: String,
    pub message: String,
    /// Both: `NC023: Operational`.
    pub title: String,
    pub status: Status,
}

/// The endpoint schema of shields.io, <https://shields.io/badges/endpoint-badge>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoint {
    /// Always 1.
    pub schema_version: u32,
    pub label: String,
    pub message: String,
    /// Six hexadecimal digits.
    pub color: String,
    pub cache_seconds: u32,
}

fn list(plan: &Plan, _theme: &Theme) -> Vec<Output> {
    let badges = all(plan).into_iter();
    let files = badges.flat_map(|(folder, badge)| {
        let endpoint = badge.endpoint();
        let picture = Output::ready(format!("{folder}badge.svg"), badge.svg());
        [picture, Output::json(format!("{folder}badge.json"), move |_| endpoint.clone())]
    });
    files.collect()
}

/// Every badge with the folder that it lies in: `server/nc023/`, empty for the site's own.
pub fn all(Plan { site, words, .. }: &Plan) -> Vec<(String, Badge)> {
    let badge = |label: &str, status: Status| {
        let (label, message) = (clean(label).into_owned(), clean(words.status(status)).into_owned());
        Badge { title: words.labelled(&label, &message), label, message, status }
    };
    let mut badges = vec![(String::new(), badge(words.text("badge.label"), site.glance.overall))];
    for (ix, status) in site.glance.groups.iter().enumerate() {
        if let Group { slug: Some(slug), name: Some(name), .. } = &site.groups[ix] {
            badges.push((format!("group/{slug}/"), badge(name, *status)));
        }
    }
    for (server, now) in site.servers.iter().zip(&site.glance.servers) {
        badges.push((format!("server/{}/", server.id), badge(&server.name, now.status)));
    }
    badges
}

impl Badge {
    pub fn endpoint(&self) -> Endpoint {
        Endpoint {
            schema_version: 1,
            label: self.label.clone(),
            message: self.message.clone(),
            color: color(self.status)[1..].to_owned(),
            cache_seconds: CACHE_SECONDS,
        }
    }

    /// A picture 20 pixels high.
    pub fn svg(&self) -> String {
        let (label, message) = (shorten(&self.label, TEXT_LIMIT), shorten(&self.message, TEXT_LIMIT));
        let (label_width, message_width) = (width(&label), width(&message));
        let middle = label_width + 2 * PADDING;
        let whole = middle + message_width + 2 * PADDING;
        let inner = message_width + 2 * PADDING - RADIUS;
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img" aria-label="{title}">"#,
                r#"<title>{title}</title>"#,
                r#"<rect width="{whole}" height="20" rx="3" fill="{plain}"/>"#,
                r#"<path fill="{color}" d="M{middle} 0h{inner}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{middle}z"/>"#,
                r#"<rect x=".5" y=".5" width="{edge}" height="19" rx="2.5" fill="none" stroke="{line}"/>"#,
                r#"<g fill="{text}" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle" aria-hidden="true">"#,
                r#"{label}{message}</g></svg>"#,
                "\n"
            ),
            title = escape(&self.title),
            edge = whole - 1,
            plain = PLAIN,
            line = LINE,
            text = TEXT,
            color = color(self.status),
            label = text(&label, PADDING * 2 + label_width, label_width),
            message = text(&message, 2 * (middle + PADDING) + message_width, message_width),
            whole = whole,
            middle = middle,
            inner = inner,
        )
    }
}

/// One half's text around its middle, given in half pixels. A stated length keeps it inside its half in whatever font there is;
/// scripts that join their letters are left alone.
fn text(text: &str, twice_middle: u32, width: u32) -> String {
    let length = if text.is_ascii() { format!(r#" textLength="{width}""#) } else { String::new() };
    let half = if twice_middle % 2 == 1 { ".5" } else { "" };
    format!(r#"<text x="{}{half}" y="14"{length}>{}</text>"#, twice_middle / 2, escape(text))
}

const PADDING: u32 = 6;
const RADIUS: u32 = 3;
const TEXT: &str = "#ffffff";
/// Behind the label.
const PLAIN: &str = "#30363d";
/// Around the badge: to be seen on white and on black.
const LINE: &str = "#868e96";

/// The colour behind a status; white text on it has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
fn color(status: Status) -> &'static str {
    match status {
        Status::Operational => "#1a7f37",
        Status::Maintenance => "#0b5cad",
        Status::Degraded => "#8a6100",
        Status::PartialOutage => "#b04a00",
        Status::MajorOutage => "#b3261e",
        Status::Internal | Status::Retired | Status::Unknown => "#57606a",
    }
}

/// The width of a text in whole pixels, rounded up.
fn width(text: &str) -> u32 {
    text.chars().map(char_width).sum::<u32>().div_ceil(10)
}

/// The width of a character in tenths of a pixel, as Verdana has it at 11 pixels; a generous guess where Verdana has none.
fn char_width(c: char) -> u32 {
    const ASCII: [u8; 95] = [
        39, 43, 50, 90, 70, 118, 80, 30, 50, 50, 70, 90, 40, 50, 40, 50, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 50, 50, 90, 90, 90, 60,
        110, 75, 75, 77, 85, 70, 63, 85, 83, 46, 50, 76, 61, 93, 82, 87, 66, 87, 76, 75, 68, 81, 75, 109, 75, 68, 75, 50, 50, 50, 90, 70,
        70, 66, 69, 57, 69, 66, 39, 69, 70, 30, 38, 65, 30, 107, 70, 67, 69, 69, 47, 57, 43, 70, 65, 90, 65, 65, 58, 70, 50, 70, 90,
    ];
    match c {
        ' '..='~' => u32::from(ASCII[c as usize - 32]),
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ff60}' => 115,
        '\u{1f000}'.. => 145,
        _ => 80,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge(label: &str, status: Status) -> Badge {
        Badge { title: format!("{label}: {}", status.word()), label: label.into(), message: status.word().into(), status }
    }

    #[test]
    fn a_badge_is_well_formed_and_says_its_meaning_in_its_title_whatever_the_name() {
        for label in ["NC023", "<script>&\"'", "Почта 🚀", "名前", "x".repeat(500).as_str(), ""] {
            for status in Status::ALL {
                let svg = badge(label, status).svg();
                let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{label}: {error}\n{svg}"));
                let root = document.root_element();
                let title = format!("{label}: {}", status.word());
                assert_eq!((root.attribute("role"), root.attribute("aria-label")), (Some("img"), Some(title.as_str())));
                assert_eq!(root.first_element_child().and_then(|child| child.text()), Some(title.as_str()));
            }
        }
    }

    #[test]
    fn text_on_every_colour_can_be_read() {
        for status in Status::ALL {
            assert!(contrast(TEXT, color(status)) >= 4.5, "{status:?}: {}", contrast(TEXT, color(status)));
        }
        assert!(contrast(TEXT, PLAIN) >= 4.5);
    }

    #[test]
    fn the_edge_can_be_seen_on_white_and_on_black() {
        assert!(contrast(LINE, "#ffffff") >= 3.0 && contrast(LINE, "#000000") >= 3.0);
    }

    #[test]
    fn a_longer_text_is_wider_and_a_long_one_is_cut() {
        assert!(width("iii") < width("mmm") && width("NC02") < width("NC023"));
        assert!(badge(&"m".repeat(500), Status::Operational).svg().contains("…</text>"));
    }

    /// Contrast ratio of two colours by WCAG 2.2.
    fn contrast(a: &str, b: &str) -> f64 {
        let channel = |color: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |color: &str| 0.2126 * channel(color, 1) + 0.7152 * channel(color, 3) + 0.0722 * channel(color, 5);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}
