//! The words of the screen in English and Simplified Chinese: Fluent files in `locales/`, embedded.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language the console speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Reads a tag such as `zh-CN`, `zh_CN.UTF-8` or `en`; what is neither is absent.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Self::Chinese)
        } else if tag.starts_with("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The embedded files of the language, by name.
    #[must_use]
    pub fn files(self) -> &'static [(&'static str, &'static str)] {
        macro_rules! files {
            ($tag:literal, $($name:literal),+) => {
                &[$(($name, include_str!(concat!("../../locales/", $tag, "/", $name, ".ftl")))),+]
            };
        }
        match self {
            Self::English => files!(
                "en", "lines", "console", "setup", "ticket", "duty", "shifts", "chat", "calls", "escalate", "notify", "craft", "incident",
                "files", "compose", "message", "find", "views", "search", "hands", "layout", "overview", "looks", "linear", "help"
            ),
            Self::Chinese => files!(
                "zh-CN", "refusals", "lines", "console", "setup", "ticket", "duty", "shifts", "chat", "calls", "escalate", "notify",
                "craft", "incident", "files", "compose", "message", "find", "views", "search", "hands", "layout", "overview", "looks",
                "linear", "help"
            ),
        }
    }
}

/// One language's messages.
pub struct Locale {
    pub language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Locale {
    /// # Panics
    /// When an embedded file has a syntax error: a test loads them all.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let tag = language.tag().parse().expect("our tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks are invisible characters that terminals count differently.
        bundle.set_use_isolating(false);
        for (name, text) in language.files() {
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
            bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        }
        Self { language, bundle }
    }

    /// A message without arguments; the key itself where there is none (a test keeps that from happening).
    #[must_use]
    pub fn text(&self, key: &str) -> Cow<'_, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else { return Cow::Owned(key.to_owned()) };
        // Nearly all are words alone: those are lent as they are.
        self.bundle.format_pattern(pattern, None, &mut Vec::new())
    }

    /// A message that may not exist: words for names that come from elsewhere.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<String> {
        self.bundle.has_message(key).then(|| self.text(key).into_owned())
    }

    /// A message with arguments. Numbers given as text are shown as they are; for plurals pass them through [`Locale::count`].
    #[must_use]
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(*name, FluentValue::from(*value));
        }
        self.format(key, &fluent)
    }

    /// A message that depends on a number, `$n`.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        let mut fluent = FluentArgs::new();
        fluent.set("n", FluentValue::from(n));
        self.format(key, &fluent)
    }

    /// As [`Locale::count`], with other arguments beside the number.
    #[must_use]
    pub fn count_with(&self, key: &str, n: usize, args: &[(&str, &str)]) -> String {
        let mut fluent = FluentArgs::new();
        fluent.set("n", FluentValue::from(n));
        for (name, value) in args {
            fluent.set(*name, FluentValue::from(*value));
        }
        self.format(key, &fluent)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
        self.bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned()
    }

    /// A span of time in few cells: `12s`, `7m`, `3h20`, `4d`; in Chinese `12秒`, `7分`, `3时20分`, `4天`, and from ten hours on
    /// `13时`, so that seven cells are enough. Negative with a minus.
    #[must_use]
    pub fn span(&self, seconds: i64) -> String {
        let sign = if seconds < 0 { "-" } else { "" };
        let seconds = seconds.abs();
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
        let chinese = self.language == Language::Chinese;
        let shown = match (minutes, hours, days) {
            (0, ..) => format!("{seconds}{}", if chinese { "秒" } else { "s" }),
            (_, 0, _) => format!("{minutes}{}", if chinese { "分" } else { "m" }),
            (_, 10.., 0) if chinese => self.hours(hours),
            (_, _, 0) if chinese => format!("{hours}时{:02}分", minutes % 60),
            (_, _, 0) => format!("{hours}h{:02}", minutes % 60),
            _ => format!("{days}{}", if chinese { "天" } else { "d" }),
        };
        format!("{sign}{shown}")
    }

    /// Whole hours: `13h`, `13时`.
    #[must_use]
    pub fn hours(&self, hours: i64) -> String {
        format!("{hours}{}", if self.language == Language::Chinese { "时" } else { "h" })
    }

    /// A number with its thousands apart: `12,345` in both languages.
    #[must_use]
    pub fn number(&self, number: usize) -> String {
        let digits = number.to_string();
        let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        shown
    }
}
