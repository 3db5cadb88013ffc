//! How many colours the terminal shows, and a theme as it looks with so many.

use ratatui::style::{Color, Style};

use super::colour::Rgb;
use super::{Kind, Look, Role, Theme};
use crate::console::config::Colours;

/// What the environment says of the terminal; empty variables are absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal<'a> {
    pub term: Option<&'a str>,
    pub colorterm: Option<&'a str>,
    pub no_color: Option<&'a str>,
    /// `COLORFGBG`, as `15;0`: set by some terminals, and stale where a multiplexer kept it.
    pub colorfgbg: Option<&'a str>,
    /// Within GNU screen (`STY`).
    pub screen: bool,
}

/// Terminals that show true colours and say so only by their name.
const TRUE_BY_NAME: [&str; 7] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio"];

/// What is shown: what was set, else what the terminal says. `NO_COLOR` goes before the terminal, not before a setting.
#[must_use]
pub fn resolve(set: Colours, terminal: &Terminal<'_>) -> Colours {
    if set != Colours::Auto {
        return set;
    }
    let term = terminal.term.unwrap_or_default();
    let is_true = || matches!(terminal.colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct");
    match () {
        () if terminal.no_color.is_some() || term == "dumb" => Colours::None,
        // GNU screen passes COLORTERM on and cannot show what it promises.
        () if terminal.screen && term.contains("256color") => Colours::Indexed,
        () if terminal.screen => Colours::Sixteen,
        () if is_true() || TRUE_BY_NAME.iter().any(|name| term.starts_with(name)) => Colours::True,
        () if term.contains("256color") => Colours::Indexed,
        () => Colours::Sixteen,
    }
}

/// What `COLORFGBG` says of the background.
#[must_use]
pub fn kind_by_environment(terminal: &Terminal<'_>) -> Option<Kind> {
    let background: u8 = terminal.colorfgbg?.rsplit(';').next()?.parse().ok()?;
    Some(if matches!(background, 7 | 9..=15) { Kind::Light } else { Kind::Dark })
}

impl Theme {
    /// As it looks in a terminal with so many colours.
    #[must_use]
    pub fn at(&self, colours: Colours) -> Self {
        let mut theme = self.clone();
        match colours {
            Colours::Auto | Colours::True => {}
            Colours::Indexed => {
                let ground = if self.paint { Rgb::indexed(self.background.to_indexed()) } else { self.background };
                if self.paint {
                    let text = theme.looks.entry(Role::Text).or_default();
                    text.style.bg.get_or_insert(Color::Rgb(self.background.0, self.background.1, self.background.2));
                }
                for look in theme.looks.values_mut() {
                    look.style = indexed(look.style, self.background, ground);
                }
            }
            Colours::Sixteen => {
                // The terminal's own ground is what its sixteen colours were chosen against.
                theme.paint = false;
                let on_dark = self.kind == Kind::Dark;
                theme.looks = self.looks.iter().map(|(role, look)| (*role, sixteen(*look, on_dark))).collect();
            }
            Colours::None => {
                // What a theme says by colour alone would be lost: mono says it by attributes.
                let mono = Self::built_in("mono").expect("the embedded themes are read by a test");
                (theme.paint, theme.looks) = (false, mono.looks);
            }
        }
        theme
    }
}

/// The sixteen are the terminal's own at any depth; true colours become the nearest of the fixed 240.
fn indexed(style: Style, background: Rgb, ground: Rgb) -> Style {
    let own_ground = style.bg.and_then(Rgb::of);
    let bg = style.bg.map(|color| match color {
        Color::Rgb(r, g, b) => Color::Indexed(Rgb(r, g, b).to_indexed()),
        other => other,
    });
    let (before, ground) = (own_ground.unwrap_or(background), bg.and_then(Rgb::of).unwrap_or(ground));
    let fg = style.fg.map(|color| match color {
        Color::Rgb(r, g, b) => Color::Indexed(Rgb(r, g, b).to_indexed_on(before, ground)),
        other => other,
    });
    Style { fg, bg, ..style }
}

fn sixteen(look: Look, on_dark: bool) -> Look {
    let convert = |color: Color| match (color, Rgb::of(color)) {
        (Color::Rgb(..) | Color::Indexed(16..), Some(rgb)) => rgb.to_sixteen(on_dark),
        (named, _) => named,
    };
    let mut style = Style { fg: look.style.fg.map(convert), bg: look.style.bg.map(convert), ..look.style };
    if look.ansi.is_some() {
        style.fg = look.ansi;
    }
    if style.fg == Some(if on_dark { Color::White } else { Color::Black }) && look.ansi.is_none() && style.bg.is_none() {
        // Plain ink is the terminal's own.
        style.fg = None;
    }
    Look { style, ansi: look.ansi }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_says_how_many_colours_it_has() {
        let of = |term, colorterm| resolve(Colours::Auto, &Terminal { term: Some(term), colorterm, ..Terminal::default() });
        for (term, colorterm, shown) in [
            ("xterm-256color", Some("truecolor"), Colours::True),
            ("xterm-256color", Some("24bit"), Colours::True),
            ("xterm-256color", None, Colours::Indexed),
            ("tmux-256color", None, Colours::Indexed),
            ("screen", None, Colours::Sixteen),
            ("linux", None, Colours::Sixteen),
            ("xterm", None, Colours::Sixteen),
            ("xterm-direct", None, Colours::True),
            ("xterm-kitty", None, Colours::True),
            ("dumb", Some("truecolor"), Colours::None),
        ] {
            assert_eq!(of(term, colorterm), shown, "{term} {colorterm:?}");
        }
        assert_eq!(resolve(Colours::Auto, &Terminal::default()), Colours::Sixteen);
    }

    #[test]
    fn no_color_means_none_and_screen_does_not_show_what_it_passes_on() {
        let asked = Terminal { term: Some("xterm-kitty"), no_color: Some("1"), ..Terminal::default() };
        assert_eq!(resolve(Colours::Auto, &asked), Colours::None);
        assert_eq!(resolve(Colours::Indexed, &asked), Colours::Indexed, "a setting is nearer to the person than NO_COLOR");
        let screen = Terminal { term: Some("screen.xterm-256color"), colorterm: Some("truecolor"), screen: true, ..Terminal::default() };
        assert_eq!(resolve(Colours::Auto, &screen), Colours::Indexed);
    }

    #[test]
    fn colorfgbg_tells_dark_from_light() {
        let of = |said| kind_by_environment(&Terminal { colorfgbg: said, ..Terminal::default() });
        assert_eq!(
            [of(Some("15;0")), of(Some("0;15")), of(Some("0;default;15"))],
            [Some(Kind::Dark), Some(Kind::Light), Some(Kind::Light)]
        );
        assert_eq!([of(Some("15;default")), of(None)], [None, None]);
    }

    #[test]
    fn without_colours_every_theme_is_mono() {
        for name in Theme::built_in_names() {
            let theme = Theme::built_in(name).unwrap().at(Colours::None);
            for role in Role::ALL {
                let style = theme.style(*role);
                assert!(style.fg.is_none() && style.bg.is_none(), "{name} {role:?}");
            }
            assert_eq!(theme.name, name);
            assert!(!theme.paint);
        }
    }

    #[test]
    fn no_depth_holds_more_than_it_says() {
        for name in Theme::built_in_names() {
            let theme = Theme::built_in(name).unwrap();
            let (indexed, sixteen) = (theme.at(Colours::Indexed), theme.at(Colours::Sixteen));
            for role in Role::ALL {
                let style = indexed.style(*role);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    assert!(!matches!(color, Color::Rgb(..)), "{name} {role:?}");
                }
                let style = sixteen.style(*role);
                for color in [style.fg, style.bg].into_iter().flatten() {
                    assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "{name} {role:?}");
                }
            }
        }
    }
}
