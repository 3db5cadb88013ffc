//! Colours by meaning. Themes are TOML files in `themes/`, embedded; a missing role inherits from `text`.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// What a colour means. Panes ask for roles, never for colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Text,
    Dim,
    Title,
    Border,
    BorderFocused,
    /// The selected row, with its marker.
    Selected,
    Key,
    Accent,
    Good,
    Warning,
    Danger,
    PriorityUrgent,
    PriorityHigh,
    Public,
    Internal,
    /// For one tier and above.
    Tier,
    Requester,
    System,
    Changed,
    Mention,
    OnDuty,
    OffDuty,
    Gap,
    NowLine,
    Match,
}

impl Role {
    pub const ALL: [Self; 25] = [
        Self::Text,
        Self::Dim,
        Self::Title,
        Self::Border,
        Self::BorderFocused,
        Self::Selected,
        Self::Key,
        Self::Accent,
        Self::Good,
        Self::Warning,
        Self::Danger,
        Self::PriorityUrgent,
        Self::PriorityHigh,
        Self::Public,
        Self::Internal,
        Self::Tier,
        Self::Requester,
        Self::System,
        Self::Changed,
        Self::Mention,
        Self::OnDuty,
        Self::OffDuty,
        Self::Gap,
        Self::NowLine,
        Self::Match,
    ];
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleStyle {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
}

/// A theme that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("there is no theme `{0}`; the built-in ones are: {1}")]
    Unknown(String, String),
    #[error("the theme cannot be read: {0}")]
    Syntax(#[source] toml::de::Error),
    #[error("role `{role}`: `{value}` is not a colour; write a name (`red`), `#rrggbb` or a number 0-255")]
    Colour { role: String, value: String },
}

/// A style for each role.
#[derive(Clone, Debug)]
pub struct Theme {
    pub name: String,
    styles: BTreeMap<Role, Style>,
}

const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

impl Theme {
    #[must_use]
    pub fn built_in_names() -> Vec<&'static str> {
        BUILT_IN.iter().map(|(name, _)| *name).collect()
    }

    /// One of the built-in themes.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn built_in(name: &str) -> Result<Self, ThemeError> {
        let (name, text) = BUILT_IN
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ThemeError::Unknown(name.to_owned(), Self::built_in_names().join(", ")))?;
        Self::parse(name, text)
    }

    /// Reads a theme from TOML: a table per role with `fg`, `bg`, `bold`, `dim`, `italic`, `underline`, `reverse`.
    ///
    /// # Errors
    /// On a syntax error, an unknown role or an unknown colour.
    pub fn parse(name: &str, text: &str) -> Result<Self, ThemeError> {
        let roles: BTreeMap<Role, RoleStyle> = toml::from_str(text).map_err(ThemeError::Syntax)?;
        let mut styles = BTreeMap::new();
        for (role, spec) in roles {
            let mut style = Style::new();
            let colour =
                |value: &str| Color::from_str(value).map_err(|_| ThemeError::Colour { role: format!("{role:?}"), value: value.to_owned() });
            if let Some(fg) = &spec.fg {
                style = style.fg(colour(fg)?);
            }
            if let Some(bg) = &spec.bg {
                style = style.bg(colour(bg)?);
            }
            for (on, modifier) in [
                (spec.bold, Modifier::BOLD),
                (spec.dim, Modifier::DIM),
                (spec.italic, Modifier::ITALIC),
                (spec.underline, Modifier::UNDERLINED),
                (spec.reverse, Modifier::REVERSED),
            ] {
                if on {
                    style = style.add_modifier(modifier);
                }
            }
            styles.insert(role, style);
        }
        Ok(Self { name: name.to_owned(), styles })
    }

    /// The style of a role; roles the theme does not name look like text.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).or_else(|| self.styles.get(&Role::Text)).copied().unwrap_or_default()
    }
}
