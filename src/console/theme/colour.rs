//! What colours are as light: contrast, distance, and the nearest one that a terminal with fewer of them has.

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

    /// The nearest of the 240 that are the same in every terminal.
    #[must_use]
    pub fn to_indexed(self) -> u8 {
        (16..=255_u8).min_by(|a, b| self.distance(Self::indexed(*a)).total_cmp(&self.distance(Self::indexed(*b)))).unwrap_or(16)
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
        let hues = [
            (Color::LightRed, Color::Red, 1),
            (Color::Yellow, Color::Yellow, 3),
            (Color::Green, Color::Green, 2),
            (Color::Cyan, Color::Cyan, 6),
            (Color::LightBlue, Color::Blue, 4),
            (Color::LightMagenta, Color::Magenta, 5),
        ];
        let hue = b.atan2(a);
        let turn = |of: usize| {
            let [_, a, b] = ANSI[of].lab();
            let turn = (b.atan2(a) - hue).abs();
            turn.min(std::f64::consts::TAU - turn)
        };
        let nearest = hues.iter().min_by(|(.., a), (.., b)| turn(*a).total_cmp(&turn(*b)));
        nearest.map_or(Color::Reset, |(dark, light, _)| if on_dark { *dark } else { *light })
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
            (Rgb(0xfa, 0xbd, 0x2f), Color::Yellow, Color::Yellow),
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
