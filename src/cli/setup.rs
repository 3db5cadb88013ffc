//! From files, options and environment to one [`Setup`]: at the start, and again whenever a file was saved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::console::system_language;
use super::error::CliError;
use super::profile::keys;
use super::{Options, chosen};
use crate::console::config::{Colours, Config, Setup};
use crate::console::locale::Language;
use crate::console::memory::Chosen;
use crate::console::theme::{AUTO, Gallery, Terminal, ThemeError, Wardrobe, kind_by_environment, resolve_colours};

/// What this run was told beside the files: it goes before them, until the person chooses otherwise on the screen.
#[derive(Clone, Debug, Default)]
pub struct Given(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    language: Option<Language>,
    theme: Option<String>,
}

impl Given {
    #[must_use]
    pub fn shared(options: &Options) -> Self {
        Self(Arc::new(Mutex::new(Told { language: options.language, theme: options.theme.clone() })))
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what is chosen on the screen, in `config.toml`.
#[derive(Clone, Debug)]
pub struct Choices {
    folder: PathBuf,
    given: Given,
}

impl Choices {
    #[must_use]
    pub fn new(folder: PathBuf, given: Given) -> Self {
        Self { folder, given }
    }

    /// It ends what this run was told of the same thing. What cannot be kept is logged: the choice holds for this run all the same.
    pub fn keep(&self, chosen: &Chosen) {
        let mut told = self.given.lock();
        match chosen {
            Chosen::Language(_) => told.language = None,
            Chosen::Theme(_) => told.theme = None,
        }
        drop(told);
        if let Err(error) = chosen::choose_in(&self.folder, chosen) {
            tracing::warn!(%error, "a choice was not kept");
        }
    }
}

/// Reads the setup from `folder`.
///
/// # Errors
/// When a file of it cannot be read or used; names file and line.
pub fn read(folder: &Path, given: &Given) -> Result<Setup, CliError> {
    let settings = Config::load_from(folder)?;
    let gallery = gallery(folder)?;
    let told = given.lock();
    let (given_language, given_theme) = (told.language, told.theme.clone());
    drop(told);
    let language = given_language.or(settings.language).or_else(system_language).unwrap_or_default();
    let chosen = given_theme.or(settings.theme).unwrap_or_else(|| AUTO.to_owned());
    let get = |name: &str| gallery.get(name).map_err(|error| CliError::usage(theme_error(folder, name, &error)));
    let dark = get(settings.dark_theme.as_deref().unwrap_or("dark"))?;
    let light = get(settings.light_theme.as_deref().unwrap_or("light"))?;
    if chosen != AUTO {
        get(&chosen)?;
    }
    let mut screen = settings.screen;
    screen.colours = colours(screen.colours);
    let scheme = with_terminal(kind_by_environment);
    let wardrobe = Wardrobe { chosen, dark, light, gallery };
    let theme = wardrobe.theme(&wardrobe.chosen, scheme).map_err(|error| CliError::usage(format!("{error}.")))?;
    let own = keys::load_from(&folder.join("keys.toml"));
    Ok(Setup { screen, wardrobe, scheme, keys: own.keys, keys_wrong: own.wrong, ..Setup::new(language, theme) })
}

/// The person's own themes.
///
/// # Errors
/// When the folder or one of its files cannot be read.
pub fn gallery(folder: &Path) -> Result<Gallery, CliError> {
    Ok(Gallery::new(&theme_texts(folder)?))
}

/// The texts of `themes/*.toml`, by name.
///
/// # Errors
/// When the folder or one of its files cannot be read.
pub fn theme_texts(folder: &Path) -> Result<BTreeMap<String, String>, CliError> {
    let themes = folder.join("themes");
    let failed = |path: &Path, error: &std::io::Error| CliError::failed(format!("{} cannot be read: {error}.", path.display()));
    let entries = match std::fs::read_dir(&themes) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(failed(&themes, &error)),
    };
    let mut texts = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(&themes, &error))?.path();
        // Editors keep their own files beside: `.dark.toml.swp`, `#dark.toml#`.
        let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| !name.starts_with(['.', '#']));
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|end| end == "toml")) {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            texts.insert(name.to_owned(), text);
        }
    }
    Ok(texts)
}

fn theme_error(folder: &Path, name: &str, error: &ThemeError) -> String {
    let file = folder.join("themes").join(format!("{name}.toml"));
    match error {
        ThemeError::Wrong(_) => format!("{} {error}.", file.display()),
        ThemeError::Unknown { .. } => error.to_string(),
    }
}

fn with_terminal<T>(ask: impl FnOnce(&Terminal<'_>) -> T) -> T {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let (term, colorterm, no_color, colorfgbg) = (var("TERM"), var("COLORTERM"), var("NO_COLOR"), var("COLORFGBG"));
    ask(&Terminal {
        term: term.as_deref(),
        colorterm: colorterm.as_deref(),
        no_color: no_color.as_deref(),
        colorfgbg: colorfgbg.as_deref(),
        screen: var("STY").is_some(),
    })
}

/// How many colours are shown: as set, else as the environment says.
#[must_use]
pub fn colours(set: Colours) -> Colours {
    with_terminal(|terminal| resolve_colours(set, terminal))
}

/// Has the screen's writer show the colours that are worn: by itself it obeys `NO_COLOR`, which a setting goes before.
pub fn show_colours(colours: Colours) {
    if colours != Colours::None {
        crossterm::style::force_color_output(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn nothing_set_follows_the_terminal() {
        let setup = read(folder(&[]).path(), &Given::default()).unwrap();
        assert_eq!((setup.wardrobe.chosen.as_str(), setup.wardrobe.dark.name.as_str()), (AUTO, "dark"));
        assert_eq!(setup.wardrobe.light.name, "light");
    }

    #[test]
    fn own_themes_are_found_and_wrong_ones_name_their_line() {
        let mine = folder(&[
            ("config.toml", "theme = \"mine\"\ndark-theme = \"warm-dark\"\n"),
            ("themes/mine.toml", "inherits = \"dark\"\ngood = { fg = \"blue\" }\n"),
            ("themes/.mine.toml.swp", "b0VIM"),
        ]);
        let setup = read(mine.path(), &Given::default()).unwrap();
        assert_eq!((setup.theme.name.as_str(), setup.wardrobe.dark.name.as_str()), ("mine", "warm-dark"));
        std::fs::write(mine.path().join("themes/mine.toml"), "inherits = \"dark\"\n\ngod = { fg = \"blue\" }\n").unwrap();
        let error = read(mine.path(), &Given::default()).unwrap_err().to_string();
        assert!(error.contains("mine.toml line 3") && error.contains("good"), "{error}");
        let unknown = folder(&[("config.toml", "theme = \"drak\"\n")]);
        let error = read(unknown.path(), &Given::default()).unwrap_err().to_string();
        assert!(error.contains("Did you mean dark"), "{error}");
    }

    #[test]
    fn what_was_given_goes_first_until_something_is_chosen() {
        let mine = folder(&[("config.toml", "theme = \"light\" # for the day\n")]);
        let given = Given::shared(&Options { theme: Some("mono".to_owned()), ..Options::default() });
        assert_eq!(read(mine.path(), &given).unwrap().wardrobe.chosen, "mono");
        Choices::new(mine.path().to_owned(), given.clone()).keep(&Chosen::Theme("soft-dark".to_owned()));
        assert_eq!(read(mine.path(), &given).unwrap().wardrobe.chosen, "soft-dark");
        let text = std::fs::read_to_string(mine.path().join("config.toml")).unwrap();
        assert_eq!(text, "theme = \"soft-dark\" # for the day\n");
    }
}
