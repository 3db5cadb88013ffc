//! Colours by meaning. Themes are TOML files in `themes/`, embedded, and the person's own; a missing role looks like `text`.
//!
//! A theme is what its file says; [`Theme::at`] makes of it what the terminal can show.

pub mod colour;
mod depth;
mod file;
mod gallery;

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};
use serde::Deserialize;

use colour::Rgb;
pub use depth::{Terminal, kind_by_environment, resolve as resolve_colours};
pub use file::Mistake;
pub use gallery::{AUTO, Gallery, Wardrobe};

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident, $name:literal;)+) => {
        /// What a colour means. Panes ask for roles, never for colours.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Role { $($(#[$doc])* $role),+ }

        impl Role {
            pub const ALL: &[Self] = &[$(Self::$role),+];

            /// As in theme files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$role => $name),+ }
            }
        }
    };
}

roles! {
    Text, "text";
    Dim, "dim";
    Title, "title";
    Border, "border";
    BorderFocused, "border-focused";
    /// The selected row, with its marker.
    Selected, "selected";
    Key, "key";
    Accent, "accent";
    Good, "good";
    Warning, "warning";
    Danger, "danger";
    PriorityUrgent, "priority-urgent";
    PriorityHigh, "priority-high";
    Public, "public";
    Internal, "internal";
    /// For one tier and above.
    Tier, "tier";
    Requester, "requester";
    System, "system";
    Changed, "changed";
    Mention, "mention";
    OnDuty, "on-duty";
    OffDuty, "off-duty";
    Gap, "gap";
    NowLine, "now-line";
    Match, "match";
}

impl Role {
    /// The role of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

/// What a theme is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Dark,
    Light,
}

/// A theme that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    #[error("there is no theme `{name}`.{near}")]
    Unknown { name: String, near: String },
    #[error("{}", .0.iter().map(|one| format!("line {}: {}", one.line, one.what)).collect::<Vec<_>>().join("; "))]
    Wrong(Vec<Mistake>),
}

/// How a role looks, and the colour of the sixteen that stands for it where there are no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    style: Style,
    ansi: Option<Color>,
}

/// A style for each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// What the settings call it: its file's name.
    pub name: String,
    /// What people call it.
    pub title: String,
    pub kind: Kind,
    /// What its colours were chosen against; painted only when `paint` is set.
    pub background: Rgb,
    /// The console paints the background itself.
    pub paint: bool,
    /// In English and in Chinese; may be empty.
    pub description: [String; 2],
    /// Where its colours come from; empty when they are its own.
    pub source: String,
    looks: BTreeMap<Role, Look>,
}

const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast-dark", include_str!("../../../themes/high-contrast-dark.toml")),
    ("high-contrast-light", include_str!("../../../themes/high-contrast-light.toml")),
    ("colour-blind-dark", include_str!("../../../themes/colour-blind-dark.toml")),
    ("colour-blind-light", include_str!("../../../themes/colour-blind-light.toml")),
    ("warm-dark", include_str!("../../../themes/warm-dark.toml")),
    ("warm-light", include_str!("../../../themes/warm-light.toml")),
    ("soft-dark", include_str!("../../../themes/soft-dark.toml")),
    ("soft-light", include_str!("../../../themes/soft-light.toml")),
    ("polar-dark", include_str!("../../../themes/polar-dark.toml")),
    ("polar-light", include_str!("../../../themes/polar-light.toml")),
    ("even-dark", include_str!("../../../themes/even-dark.toml")),
    ("even-light", include_str!("../../../themes/even-light.toml")),
    ("indexed-dark", include_str!("../../../themes/indexed-dark.toml")),
    ("indexed-light", include_str!("../../../themes/indexed-light.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

impl Theme {
    #[must_use]
    pub fn built_in_names() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// One of the built-in themes.
    ///
    /// # Errors
    /// When there is none of that name; names the nearest.
    pub fn built_in(name: &str) -> Result<Self, ThemeError> {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name);
        let (name, text) = found.ok_or_else(|| gallery::unknown(name, Self::built_in_names().into_iter()))?;
        Self::parse(name, text)
    }

    /// Reads a theme that inherits from none but built-in ones.
    ///
    /// # Errors
    /// All mistakes with their lines.
    pub fn parse(name: &str, text: &str) -> Result<Self, ThemeError> {
        file::read(name, text, &Self::built_in)
    }

    /// No role is styled yet.
    fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            kind: Kind::Dark,
            background: Rgb(0, 0, 0),
            paint: false,
            description: Default::default(),
            source: String::new(),
            looks: BTreeMap::new(),
        }
    }

    fn look(&self, role: Role) -> Look {
        self.looks.get(&role).or_else(|| self.looks.get(&Role::Text)).copied().unwrap_or_default()
    }

    /// The style of a role; roles the theme does not name look like text.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.look(role).style
    }

    /// Gives every cell that nobody coloured the theme's own ground and ink: the last thing done to a frame.
    pub fn paint(&self, buffer: &mut Buffer) {
        if !self.paint {
            return;
        }
        let ground = self.look(Role::Text).style.bg.unwrap_or(Color::Rgb(self.background.0, self.background.1, self.background.2));
        let ink = self.look(Role::Text).style.fg.unwrap_or(Color::Reset);
        for cell in &mut buffer.content {
            if cell.bg == Color::Reset {
                cell.bg = ground;
            }
            if cell.fg == Color::Reset {
                cell.fg = ink;
            }
        }
    }
}

#[cfg(test)]
mod tests;
