//! Reads a theme from TOML and says of every mistake in it where it is and what was probably meant.
//!
//! A file has a head (`name`, `kind`, `background`, `paint-background`, `inherits`, `description`, `source`), one table per role
//! (`fg`, `bg`, `ansi`, `bold`, `dim`, `italic`, `underline`, `reverse`) and, if it likes, a `palette` of named colours.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::colour::Rgb;
use super::{Kind, Look, Role, Theme, ThemeError};
use crate::domain::suggest;

const HEAD: [&str; 8] = ["name", "kind", "background", "paint-background", "inherits", "description", "source", "palette"];
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// What is wrong in a theme, and on which line (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    /// A sentence without its full stop.
    pub what: String,
}

struct Reader<'a> {
    text: &'a str,
    palette: BTreeMap<String, Color>,
    mistakes: Vec<Mistake>,
}

/// Reads `text`; `base` gives the theme that it inherits from.
///
/// # Errors
/// All mistakes at once.
pub fn read(name: &str, text: &str, base: &dyn Fn(&str) -> Result<Theme, ThemeError>) -> Result<Theme, ThemeError> {
    let mut reader = Reader { text, palette: BTreeMap::new(), mistakes: Vec::new() };
    let parsed = DeTable::parse(text);
    let table = match &parsed {
        Ok(table) => table.get_ref(),
        Err(error) => {
            reader.note(error.span().unwrap_or(0..0), error.message().lines().collect::<Vec<_>>().join(", "));
            return Err(ThemeError::Wrong(reader.mistakes));
        }
    };
    let mut theme = reader.inherited(name, table, base);
    reader.palette(table);
    reader.head(&mut theme, table);
    for (key, value) in table {
        if HEAD.contains(&key.get_ref().as_ref()) {
            continue;
        }
        let Some(role) = Role::of(key.get_ref()) else {
            let near = suggest::near(key.get_ref(), Role::ALL.iter().map(|role| role.name()).chain(HEAD));
            reader.note(key.span(), format!("there is no role `{}`.{near}", key.get_ref()));
            continue;
        };
        if let Some(look) = reader.look(role, value) {
            theme.looks.insert(role, look);
        }
    }
    if reader.mistakes.is_empty() { Ok(theme) } else { Err(ThemeError::Wrong(reader.mistakes)) }
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn note(&mut self, span: Range<usize>, what: impl Into<String>) {
        let start = span.start.min(self.text.len());
        let line = self.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        self.mistakes.push(Mistake { line, what: what.into() });
    }

    fn inherited(&mut self, name: &str, table: &DeTable<'_>, base: &dyn Fn(&str) -> Result<Theme, ThemeError>) -> Theme {
        let mut theme = Theme::empty(name);
        if let Some(from) = table.get("inherits") {
            match from.get_ref().as_str().map(base) {
                Some(Ok(inherited)) => {
                    theme = Theme { name: name.to_owned(), title: name.to_owned(), description: Default::default(), ..inherited };
                }
                Some(Err(error)) => self.note(from.span(), format!("`inherits`: {error}")),
                None => self.note(from.span(), "`inherits` is the name of a theme, such as \"dark\""),
            }
        }
        theme
    }

    fn palette(&mut self, table: &DeTable<'_>) {
        let Some(palette) = table.get("palette") else { return };
        let Some(colours) = palette.get_ref().as_table() else {
            self.note(palette.span(), "`palette` is a table of colours: `palette = { ink = \"#d0d0d0\" }`");
            return;
        };
        for (key, value) in colours {
            if let Some(color) = self.colour("palette", value) {
                self.palette.insert(key.get_ref().to_string(), color);
            }
        }
    }

    fn text_of(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.note(value.span(), format!("`{key}` is a text, in quotes"));
        }
        text
    }

    fn head(&mut self, theme: &mut Theme, table: &DeTable<'_>) {
        if let Some(title) = self.text_of(table, "name") {
            theme.title = title;
        }
        if let Some(source) = self.text_of(table, "source") {
            theme.source = source;
        }
        if let Some(value) = table.get("background") {
            match self.colour("background", value).and_then(Rgb::of) {
                Some(rgb) => theme.background = rgb,
                None if self.mistakes.is_empty() => self.note(value.span(), "`background` is a colour of its own: write `#rrggbb`"),
                None => {}
            }
            theme.kind = if theme.background.luminance() < 0.2 { Kind::Dark } else { Kind::Light };
        }
        if let Some(value) = table.get("kind") {
            match value.get_ref().as_str() {
                Some("dark") => theme.kind = Kind::Dark,
                Some("light") => theme.kind = Kind::Light,
                _ => self.note(value.span(), "`kind` is \"dark\" or \"light\""),
            }
        }
        if let Some(value) = table.get("paint-background") {
            match value.get_ref().as_bool() {
                Some(paint) => theme.paint = paint,
                None => self.note(value.span(), "`paint-background` is true or false"),
            }
        }
        if let Some(value) = table.get("description") {
            match value.get_ref() {
                DeValue::String(text) => theme.description = [text.to_string(), text.to_string()],
                DeValue::Table(table) => {
                    theme.description = ["en", "zh-CN"].map(|tag| self.text_of(table, tag).unwrap_or_default());
                }
                _ => self.note(value.span(), "`description` is a text, or `{ en = \"…\", zh-CN = \"…\" }`"),
            }
        }
    }

    fn look(&mut self, role: Role, value: &Value<'_>) -> Option<Look> {
        let role = role.name();
        let Some(table) = value.get_ref().as_table() else {
            self.note(value.span(), format!("role `{role}` is a table, such as `{{ fg = \"red\", bold = true }}`"));
            return None;
        };
        let (mut style, mut ansi) = (Style::new(), None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "fg" => style.fg = self.colour(role, value),
                "bg" => style.bg = self.colour(role, value),
                "ansi" => ansi = self.named(role, value),
                other => match MODIFIERS.iter().find(|(name, _)| *name == other) {
                    Some((name, modifier)) => match value.get_ref().as_bool() {
                        Some(true) => style = style.add_modifier(*modifier),
                        Some(false) => {}
                        None => self.note(value.span(), format!("role `{role}`: `{name}` is true or false")),
                    },
                    None => self.unknown(role, key),
                },
            }
        }
        Some(Look { style, ansi })
    }

    fn unknown(&mut self, role: &str, key: &Spanned<DeString<'_>>) {
        let known = ["fg", "bg", "ansi"].into_iter().chain(MODIFIERS.map(|(name, _)| name));
        let near = suggest::near_or_all(key.get_ref(), known);
        self.note(key.span(), format!("role `{role}`: there is no `{}`.{near}", key.get_ref()));
    }

    /// One of the sixteen; a palette's colours of the same names are not meant.
    fn named(&mut self, role: &str, value: &Value<'_>) -> Option<Color> {
        let color = value.get_ref().as_str().and_then(|text| Color::from_str(text).ok());
        let named = color.filter(|color| !matches!(color, Color::Rgb(..) | Color::Indexed(_)));
        if named.is_none() {
            self.note(value.span(), format!("role `{role}`: `ansi` is one of the sixteen by name, such as `lightred`"));
        }
        named
    }

    /// A name of the palette, one of the sixteen, `#rrggbb` or 0-255.
    fn colour(&mut self, role: &str, value: &Value<'_>) -> Option<Color> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            _ => String::new(),
        };
        let found = self.palette.get(&text).copied().or_else(|| Color::from_str(&text).ok());
        if found.is_none() {
            let named = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "gray", "darkgray", "white"];
            let near = suggest::near(&text, self.palette.keys().map(String::as_str).chain(named));
            self.note(
                value.span(),
                format!("role `{role}`: `{text}` is not a colour; write a name (`red`), `#rrggbb` or a number 0-255.{near}"),
            );
        }
        found
    }
}
