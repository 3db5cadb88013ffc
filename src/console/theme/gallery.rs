//! All themes there are: the built-in ones and the person's own, which may inherit from each other.

use std::collections::BTreeMap;

use super::{Kind, Theme, ThemeError};
use crate::domain::suggest;

/// The choice that follows the terminal: `dark-theme` on dark, `light-theme` on light.
pub const AUTO: &str = "auto";
/// Longest chain of `inherits`.
const DEPTH_MAX: usize = 8;

/// The person's own themes, read; those that cannot be used say why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gallery {
    own: BTreeMap<String, Result<Theme, ThemeError>>,
}

impl Gallery {
    /// Reads the texts of the person's own themes, by name. One of a built-in name takes its place, and may inherit from it.
    #[must_use]
    pub fn new(texts: &BTreeMap<String, String>) -> Self {
        let own = texts.keys().map(|name| (name.clone(), read(name, texts, DEPTH_MAX))).collect();
        Self { own }
    }

    /// A theme by name.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn get(&self, name: &str) -> Result<Theme, ThemeError> {
        match self.own.get(name) {
            Some(theme) => theme.clone(),
            None if Theme::built_in_names().contains(&name) => Theme::built_in(name),
            None => Err(unknown(name, self.names().iter().map(String::as_str).chain([AUTO]))),
        }
    }

    /// All names: the person's own first.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let built_in = Theme::built_in_names().into_iter().filter(|name| !self.own.contains_key(*name));
        self.own.keys().cloned().chain(built_in.map(str::to_owned)).collect()
    }

    /// The person's own that cannot be used.
    pub fn broken(&self) -> impl Iterator<Item = (&str, &ThemeError)> {
        self.own.iter().filter_map(|(name, theme)| Some((name.as_str(), theme.as_ref().err()?)))
    }

    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }
}

fn read(name: &str, texts: &BTreeMap<String, String>, depth: usize) -> Result<Theme, ThemeError> {
    let text = texts.get(name).map_or("", String::as_str);
    super::file::read(name, text, &|from| {
        if from != name && texts.contains_key(from) {
            if depth == 0 {
                return Err(ThemeError::Unknown {
                    name: from.to_owned(),
                    near: " The themes inherit from each other in a ring.".to_owned(),
                });
            }
            return read(from, texts, depth - 1);
        }
        Theme::built_in(from)
    })
}

/// The error of a name that is none.
pub(super) fn unknown<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> ThemeError {
    ThemeError::Unknown { name: name.to_owned(), near: suggest::near_or_all(name, names) }
}

/// Which themes are worn: one, or one on dark and another on light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wardrobe {
    /// A name, or [`AUTO`].
    pub chosen: String,
    pub dark: Theme,
    pub light: Theme,
    pub gallery: Gallery,
}

impl Wardrobe {
    /// One theme, whatever the terminal says.
    #[must_use]
    pub fn only(theme: &Theme) -> Self {
        Self { chosen: theme.name.clone(), dark: theme.clone(), light: theme.clone(), gallery: Gallery::default() }
    }

    /// The theme to wear; `scheme`: what the terminal says it is.
    ///
    /// # Errors
    /// When the theme cannot be used.
    pub fn theme(&self, chosen: &str, scheme: Option<Kind>) -> Result<Theme, ThemeError> {
        if chosen != AUTO {
            return self.gallery.get(chosen);
        }
        Ok(if scheme == Some(Kind::Light) { self.light.clone() } else { self.dark.clone() })
    }
}
