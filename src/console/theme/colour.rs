//! What colours are as light: contrast, distance, and the nearest one that a terminal with fewer of them has.

use std::sync::LazyLock;

use ratatui::style::Color;

/// A colour of the screen, sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The sixteen as xterm draws them. A terminal's own may differ: they are only the best guess there is.
const ANSI: [Rgb; 16] = [
    Rgb(0, 0, 0),
    Rgb(205, 0, 0),
    Rgb(0, 205, 0),
    Rgb(205, 205, 0),
    Rgb(0, 0, 238),
    Rgb(205, 0, 205),
    Rgb(0, 205, 205),
    Rgb(229, 229, 229),
    Rgb(127, 127, 127),
    Rgb(255, 0, 0),
    Rgb(0, 255, 0),
    Rgb(255, 255, 0),
    Rgb(92, 92, 255),
    Rgb(255, 0, 255),
    Rgb(0, 255, 255),
    Rgb(255, 255, 255),
];

/// Steps of a side of the 6x6x6 cube of the 256 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Contrasts that people ask for, WCAG's.
const STEPS: [f64; 3] = [7.0, 4.5, 3.0];

/// Below this a colour is a grey.
const GREY_CHROMA: f64 = 12.0;

impl Rgb {
    /// What a colour is on screen; none for the terminal's own.
    #[must_use]
    pub fn of(color: Color) -> Option<Self> {
        Some(match color {
            Color::Reset => return None,
            Color::Rgb(r, g, b) => Self(r, g, b),
            Color::Indexed(index) => Self::indexed(index),
            named => Self::indexed(sixteen_index(named)?),
        })
    }

    /// One of the 256.
    #[must_use]
    pub fn indexed(index: u8) -> Self {
        match index {
            0..=15 => ANSI[usize::from(index)],
            16..=231 => {
                let cell = usize::from(index - 16);
                Self(CUBE[cell / 36], CUBE[cell / 6 % 6], CUBE[cell % 6])
            }
            grey => {
                let level = 8 + (grey - 232) * 10;
                Self(level, level, level)
            }
        }
    }

    fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Relative luminance, 0 to 1.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG contrast, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// CIE L*a*b* under D65.
    #[must_use]
    pub fn lab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let curve = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (841.0 / 108.0) * t + 4.0 / 29.0 };
        let x = curve((0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47);
        let y = curve(0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b);
        let z = curve((0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// How different two colours look (CIE76); 2 is just seen, 20 is another colour.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        self.lab().iter().zip(other.lab()).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// Degrees on the colour wheel; red is 0.
    fn hue(self) -> f64 {
        let [r, g, b] = [self.0, self.1, self.2].map(f64::from);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let span = (most - least).max(1.0);
        let sixth = match () {
            () if most <= r => (g - b) / span,
            () if most <= g => 2.0 + (b - r) / span,
            () => 4.0 + (r - g) / span,
        };
        (sixth * 60.0).rem_euclid(360.0)
    }

    /// The nearest of the 240 that are the same in every terminal.
    #[must_use]
    pub fn to_indexed(self) -> u8 {
        self.nearest(|_| true)
    }

    /// As [`Rgb::to_indexed`], among those that stand out from `ground` as this one does from `before`: by 7:1, 4.5:1 or 3:1.
    #[must_use]
    pub fn to_indexed_on(self, before: Self, ground: Self) -> u8 {
        let own = self.contrast(before);
        let need = STEPS.into_iter().find(|step| own >= *step).unwrap_or(1.0);
        self.nearest(|other| other.contrast(ground) >= need)
    }

    fn nearest(self, fits: impl Fn(Self) -> bool) -> u8 {
        static FIXED: LazyLock<Vec<(u8, [f64; 3])>> =
            LazyLock::new(|| (16..=255).map(|index| (index, Rgb::indexed(index).lab())).collect());
        let lab = self.lab();
        let far = |(_, other): &&(u8, [f64; 3])| lab.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let fitting = FIXED.iter().filter(|(index, _)| fits(Self::indexed(*index)));
        fitting.min_by(|a, b| far(a).total_cmp(&far(b))).map_or(16, |(index, _)| *index)
    }

    /// The one of the sixteen that says the same, by hue: the bright ones read on dark, the others on light.
    #[must_use]
    pub fn to_sixteen(self, on_dark: bool) -> Color {
        let [lightness, a, b] = self.lab();
        if a.hypot(b) < GREY_CHROMA {
            return match (on_dark, lightness) {
                (true, ..30.0) => Color::Black,
                (true, 78.0..) => Color::White,
                (true, _) => Color::DarkGray,
                (false, ..35.0) => Color::Black,
                (false, 90.0..) => Color::White,
                (false, _) => Color::DarkGray,
            };
        }
        // Yellow is too pale on white in most palettes; what is yellow on dark is magenta there, as in the light theme.
        let (dark, light) = match self.hue() {
            20.0..70.0 => (Color::Yellow, Color::Magenta),
            70.0..160.0 => (Color::Green, Color::Green),
            160.0..200.0 => (Color::Cyan, Color::Cyan),
            200.0..250.0 => (Color::LightBlue, Color::Blue),
            250.0..330.0 => (Color::LightMagenta, Color::Magenta),
            _ => (Color::LightRed, Color::Red),
        };
        if on_dark { dark } else { light }
    }
}

/// Where a named colour stands among the sixteen.
fn sixteen_index(color: Color) -> Option<u8> {
    Some(match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_the_standard_says() {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 0.001);
        assert!((Rgb(0x77, 0x77, 0x77).contrast(white) - 4.48).abs() < 0.01);
        assert!((white.lab()[0] - 100.0).abs() < 0.01);
    }

    #[test]
    fn every_indexed_colour_is_its_own_nearest() {
        for index in 16..=255_u8 {
            let rgb = Rgb::indexed(index);
            assert_eq!(Rgb::indexed(rgb.to_indexed()), rgb);
        }
    }

    #[test]
    fn hues_stay_what_they_are_in_sixteen() {
        for (rgb, dark, light) in [
            (Rgb(0xfb, 0x49, 0x34), Color::LightRed, Color::Red),
            (Rgb(0xfa, 0xbd, 0x2f), Color::Yellow, Color::Magenta),
            (Rgb(0xa6, 0xe3, 0xa1), Color::Green, Color::Green),
            (Rgb(0x89, 0xb4, 0xfa), Color::LightBlue, Color::Blue),
            (Rgb(0xcb, 0xa6, 0xf7), Color::LightMagenta, Color::Magenta),
            (Rgb(0x2a, 0xa1, 0x98), Color::Cyan, Color::Cyan),
            (Rgb(0x80, 0x80, 0x80), Color::DarkGray, Color::DarkGray),
        ] {
            assert_eq!((rgb.to_sixteen(true), rgb.to_sixteen(false)), (dark, light), "{rgb:?}");
        }
    }
}
