//! The site's accent colour, kept readable on light and dark ground.

/// Contrast with the light ground: what WCAG 2.2 asks of text (1.4.3), with a little to spare.
const ON_LIGHT: f64 = 4.8;

/// Contrast with the dark ground, where thin letters need more.
const ON_DARK: f64 = 7.0;

/// The page's grounds in `site.css`: the darkest of the light scheme and the lightest of the dark one.
const LIGHT_GROUND: [f64; 3] = [240.0, 242.0, 244.0];
const DARK_GROUND: [f64; 3] = [32.0, 37.0, 43.0];

/// Rules that set the accent in both schemes; `None` where `accent` is not `#rrggbb`.
pub(super) fn style(accent: &str) -> Option<String> {
    let colour = parse(accent)?;
    let (light, dark) = (towards(colour, 0.0, LIGHT_GROUND, ON_LIGHT), towards(colour, 255.0, DARK_GROUND, ON_DARK));
    Some(format!(":root{{--accent:{light}}}@media screen and (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n"))
}

fn parse(colour: &str) -> Option<[f64; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(f64::from);
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Takes the colour towards black or white, in steps, until it stands out from the ground.
fn towards(colour: [f64; 3], end: f64, ground: [f64; 3], least: f64) -> String {
    let own = lightness(colour);
    let shade = |share: f64| with_lightness(colour, own + (end - own) * share);
    let readable = (0..=20).map(|step| shade(f64::from(step) / 20.0)).find(|colour| contrast(*colour, ground) >= least);
    let [red, green, blue] = readable.unwrap_or([end; 3]).map(|channel| channel.round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Half way between a colour's least and greatest channel (HSL).
fn lightness(colour: [f64; 3]) -> f64 {
    let (least, greatest) =
        colour.into_iter().fold((255.0_f64, 0.0_f64), |(least, greatest), channel| (least.min(channel), greatest.max(channel)));
    (least + greatest) / 2.0
}

/// The colour in its own hue and saturation (HSL): white mixed into a dark one would make it grey.
fn with_lightness(colour: [f64; 3], new: f64) -> [f64; 3] {
    let own = lightness(colour);
    // How far channels may lie from the lightness. Those of black and white do not.
    let room = |lightness: f64| lightness.min(255.0 - lightness);
    let scale = if room(own) > 0.0 { room(new) / room(own) } else { 0.0 };
    colour.map(|channel| new + (channel - own) * scale)
}

/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2).
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of an sRGB colour (WCAG 2.2).
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = channel / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_is_readable_on_both_grounds() {
        for accent in ["#000000", "#ffffff", "#ffcc00", "#0b5a7d", "#ff0000", "#00ff00"] {
            let colour = parse(accent).unwrap();
            for (end, ground) in [(0.0, LIGHT_GROUND), (255.0, DARK_GROUND)] {
                let mixed = parse(&towards(colour, end, ground, ON_LIGHT)).unwrap();
                assert!(contrast(mixed, ground) >= 4.5, "{accent} on {ground:?}: {mixed:?}");
            }
        }
    }

    #[test]
    fn a_dark_accent_keeps_its_hue_and_strength_on_the_dark_ground() {
        for (accent, dark) in [("#0b5a7d", "#53c0f0"), ("#7a1fa2", "#d6a2ed"), ("#120a3c", "#beb4f2"), ("#444444", "#b4b4b4")] {
            assert!(style(accent).unwrap().contains(&format!("{{:root{{--accent:{dark}}}}}")), "{accent}: {:?}", style(accent));
        }
    }

    #[test]
    fn an_accent_that_is_readable_stays_as_it_is() {
        assert!(style("#0b5a7d").unwrap().starts_with(":root{--accent:#0b5a7d}"));
        assert_eq!(style("blue"), None);
    }
}
