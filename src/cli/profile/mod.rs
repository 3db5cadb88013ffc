//! What this person's machine remembers: settings, the desks they sign in to, and their tokens.
//!
//! Three TOML files in the platform's configuration folder: `config.toml` and `profiles.toml` may be shared or edited;
//! `tokens.toml` is read and written only while nobody else can read it. Folders can be set with `DUTYDESK_CONFIG_DIR`
//! and `DUTYDESK_DATA_DIR`.

pub mod keys;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::config_file;
use super::error::CliError;
use crate::console::config::Config;
use crate::domain::suggest;

/// The `server` of a profile whose desk lives on this machine, in the console itself.
pub const EMBEDDED: &str = "embedded";
/// The profile's name when none is given.
pub const DEFAULT_PROFILE: &str = "default";

/// A desk this person signs in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What it is called here; the table's name in `profiles.toml`.
    #[serde(skip)]
    pub key: String,
    /// A URL, or [`EMBEDDED`].
    pub server: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The person's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Profile {
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.server == EMBEDDED
    }
}

impl Config {
    /// Defaults where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read or is wrong; names file and line.
    pub fn load() -> Result<Self, CliError> {
        Self::load_from(&config_dir()?)
    }

    /// As [`Config::load`], from `folder`.
    ///
    /// # Errors
    /// When the file cannot be read or is wrong; names file and line.
    pub fn load_from(folder: &Path) -> Result<Self, CliError> {
        Ok(read(&folder.join("config.toml"))?.unwrap_or_default())
    }
}

/// The profiles with their tokens, and which is in use.
#[derive(Clone, Debug)]
pub struct Profiles {
    folder: PathBuf,
    settings: Config,
    profiles: BTreeMap<String, Profile>,
    tokens: BTreeMap<String, String>,
}

impl Profiles {
    /// Empty where there are no files.
    ///
    /// # Errors
    /// When a file cannot be read, is wrong, or holds tokens that others can read.
    pub fn load() -> Result<Self, CliError> {
        Self::load_from(&config_dir()?)
    }

    fn load_from(folder: &Path) -> Result<Self, CliError> {
        let mut profiles: BTreeMap<String, Profile> = read(&folder.join("profiles.toml"))?.unwrap_or_default();
        for (key, profile) in &mut profiles {
            profile.key.clone_from(key);
        }
        let tokens = folder.join("tokens.toml");
        refuse_shared(&tokens)?;
        let tokens = read(&tokens)?.unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), settings: Config::load_from(folder)?, profiles, tokens })
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// The name of the profile in use: the chosen one, else the only one.
    #[must_use]
    pub fn current_key(&self) -> Option<&str> {
        let chosen = self.settings.profile.as_deref().filter(|key| self.profiles.contains_key(*key));
        chosen.or_else(|| if self.profiles.len() == 1 { self.profiles.keys().next().map(String::as_str) } else { None })
    }

    /// The profile of this name, or the one in use, with its token.
    #[must_use]
    pub fn current(&self, name: Option<&str>) -> Option<(Profile, Option<String>)> {
        let key = name.or_else(|| self.current_key())?;
        let profile = self.profiles.get(key)?.clone();
        Some((profile, self.tokens.get(key).cloned()))
    }

    /// The token kept for a server's address, under whatever name.
    #[must_use]
    pub fn token_for(&self, server: &str) -> Option<String> {
        let wanted = server.trim_end_matches('/');
        let same = |profile: &&Profile| profile.server.trim_end_matches('/') == wanted && self.tokens.contains_key(&profile.key);
        self.profiles.values().find(same).and_then(|profile| self.tokens.get(&profile.key).cloned())
    }

    /// A sentence for a name that is none of ours.
    #[must_use]
    pub fn unknown(&self, name: &str) -> CliError {
        let near = suggest::near(name, self.profiles.keys().map(String::as_str));
        CliError::not_found(format!("There is no profile {name:?}: see `dutydesk profile list`.{near}"))
    }

    /// Adds or replaces a profile with its token, and makes it the one in use.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&mut self, profile: Profile, token: Option<String>) -> Result<(), CliError> {
        let key = profile.key.clone();
        match token {
            Some(token) => self.tokens.insert(key.clone(), token),
            None => self.tokens.remove(&key),
        };
        self.profiles.insert(key.clone(), profile);
        self.write_profiles()?;
        self.choose(&key)
    }

    /// Makes a profile the one in use.
    ///
    /// # Errors
    /// When there is none of this name, or the file cannot be written.
    pub fn choose(&mut self, name: &str) -> Result<(), CliError> {
        if !self.profiles.contains_key(name) {
            return Err(self.unknown(name));
        }
        config_file::set(&self.folder, "profile", Some(name))?;
        // Read again: the console may have changed language or theme since.
        self.settings = Config::load_from(&self.folder)?;
        Ok(())
    }

    /// Forgets a profile's token.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_token(&mut self, name: &str) -> Result<(), CliError> {
        self.tokens.remove(name);
        self.write_profiles()
    }

    /// Forgets a profile with its token.
    ///
    /// # Errors
    /// When there is none of this name, or a file cannot be written.
    pub fn remove(&mut self, name: &str) -> Result<(), CliError> {
        if self.profiles.remove(name).is_none() {
            return Err(self.unknown(name));
        }
        self.tokens.remove(name);
        self.write_profiles()?;
        let settings = Config::load_from(&self.folder)?;
        if settings.profile.as_deref() != Some(name) {
            return Ok(());
        }
        config_file::set(&self.folder, "profile", None)?;
        self.settings = Config { profile: None, ..settings };
        Ok(())
    }

    fn write_profiles(&self) -> Result<(), CliError> {
        write(&self.folder.join("profiles.toml"), &self.profiles)?;
        write(&self.folder.join("tokens.toml"), &self.tokens)
    }
}

/// Where settings, profiles and tokens are kept.
///
/// # Errors
/// When the system names no home folder.
pub fn config_dir() -> Result<PathBuf, CliError> {
    folder("DUTYDESK_CONFIG_DIR", |dirs| dirs.config_dir().to_owned())
}

/// Where an embedded desk and the console's cache are kept.
///
/// # Errors
/// When the system names no home folder.
pub fn data_dir() -> Result<PathBuf, CliError> {
    folder("DUTYDESK_DATA_DIR", |dirs| dirs.data_dir().to_owned())
}

fn folder(variable: &str, of: impl Fn(&directories::ProjectDirs) -> PathBuf) -> Result<PathBuf, CliError> {
    if let Some(set) = std::env::var_os(variable).filter(|set| !set.is_empty()) {
        return Ok(PathBuf::from(set));
    }
    let dirs = directories::ProjectDirs::from("", "", "dutydesk");
    dirs.as_ref().map(of).ok_or_else(|| CliError::failed(format!("There is no home folder for this user: set {variable} to a folder.")))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, CliError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CliError::failed(format!("{} cannot be read: {error}.", path.display()))),
    };
    toml::from_str(&text).map(Some).map_err(|error| CliError::failed(wrong(path, &text, &error)))
}

/// File, line, what is wrong there and, for a key or a word nobody knows, the one that was probably meant.
fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    format!("{} line {}: {}", path.display(), config_file::line_of(text, start), explain(error.message()))
}

/// A sentence for what serde says.
pub(super) fn explain(message: &str) -> String {
    // serde's words: unknown field `x`, expected one of `a`, `b`.
    let mut names = message.split('`').skip(1).step_by(2);
    let known = ["unknown field", "unknown variant"].into_iter().find(|start| message.starts_with(start));
    match names.next().zip(known) {
        Some((typed, kind)) => {
            let valid: Vec<&str> = names.collect();
            let near = suggest::near(typed, valid.iter().copied());
            let (what, all) = if kind == "unknown field" { ("key", "keys") } else { ("value", "values") };
            let near = if near.is_empty() { format!(" Valid {all} are {}.", valid.join(", ")) } else { near };
            format!("there is no {what} {typed:?} here.{near}")
        }
        None => format!("{}.", message.lines().collect::<Vec<_>>().join(" ").trim_end_matches('.')),
    }
}

/// Replaces a file as a whole, readable by its owner alone.
fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), CliError> {
    let text = toml::to_string_pretty(value);
    let text = text.map_err(|error| CliError::failed(format!("{} cannot be written: {error}.", path.display())))?;
    config_file::replace(path, &text)
}

#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(CliError::failed(format!("Others can read your tokens in {path} (mode {mode:03o}): run `chmod 600 '{path}'`.")))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
fn refuse_shared(_path: &Path) -> Result<(), CliError> {
    Ok(())
}

#[cfg(test)]
mod tests;
