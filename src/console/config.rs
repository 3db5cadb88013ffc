//! What a person sets once: `config.toml`, as data. Files are the command line's to read, write and watch; the console takes
//! a whole [`Setup`] at its start, and another one whenever a file was saved.

use serde::{Deserialize, Serialize};

use super::locale::Language;
use super::theme::{Kind, Theme, Wardrobe};

/// `config.toml`. What is absent is the default; a key nobody knows is an error that names the nearest one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// `en` or `zh-CN`; the system's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// A built-in theme or one of the person's own, by name; `auto` (as when absent) follows the terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// What `auto` wears in a dark terminal, and in one that does not say; `dark` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dark_theme: Option<String>,
    /// What `auto` wears in a light terminal; `light` when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub light_theme: Option<String>,
    /// The profile in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub screen: ScreenConfig,
}

fn is_default(screen: &ScreenConfig) -> bool {
    *screen == ScreenConfig::default()
}

/// How the console uses the terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScreenConfig {
    /// Clicks, wheel and dragging are the console's; off: the terminal's own.
    pub mouse: bool,
    /// Most frames in a second for what the desk tells; keys draw at once. 1 to 60.
    pub frames_per_second: u16,
    /// Fewer bytes: pages instead of rows, fewer frames. `None`: over SSH only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_bandwidth: Option<bool>,
    /// Nothing on screen moves by itself but what changed.
    pub reduced_motion: bool,
    /// For screen readers: no boxes, one thing a line, changes announced.
    pub linear: bool,
    pub glyphs: Glyphs,
    pub ambiguous_width: AmbiguousWidth,
    pub colours: Colours,
}

impl Default for ScreenConfig {
    fn default() -> Self {
        Self {
            mouse: true,
            frames_per_second: 30,
            low_bandwidth: None,
            reduced_motion: false,
            linear: false,
            glyphs: Glyphs::default(),
            ambiguous_width: AmbiguousWidth::default(),
            colours: Colours::default(),
        }
    }
}

/// Which signs frames, marks and bars are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Glyphs {
    /// Box drawing and simple signs.
    #[default]
    Unicode,
    /// Nothing beyond ASCII in what the console itself draws.
    Ascii,
    /// Icons of a Nerd Font besides.
    NerdFont,
}

/// How wide the terminal draws characters that East Asian fonts may make two cells (`…`, `“`, `①`, box drawing).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmbiguousWidth {
    #[default]
    Narrow,
    Wide,
}

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colours {
    /// What `NO_COLOR`, `COLORTERM` and `TERM` say.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "true-colour")]
    True,
    #[serde(rename = "256")]
    Indexed,
    #[serde(rename = "16")]
    Sixteen,
    #[serde(rename = "none")]
    None,
}

/// All that the console is set up with, resolved: at the start, and again when a file was saved.
#[derive(Clone, Debug)]
pub struct Setup {
    pub language: Language,
    pub theme: Theme,
    /// Replaced keys, by action name.
    pub keys: Vec<(String, Vec<String>)>,
    pub screen: ScreenConfig,
    /// Why the person's keys cannot be used; the default keys are in their place then.
    pub keys_wrong: Option<String>,
    /// All themes, and which are worn.
    pub wardrobe: Wardrobe,
    /// Whether the terminal is dark or light, as far as it is known.
    pub scheme: Option<Kind>,
}

impl Setup {
    #[must_use]
    pub fn new(language: Language, theme: Theme) -> Self {
        let wardrobe = Wardrobe::only(&theme);
        Self { language, theme, keys: Vec::new(), screen: ScreenConfig::default(), keys_wrong: None, wardrobe, scheme: None }
    }
}
