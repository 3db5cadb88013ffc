//! The languages in which a sample desk can be had.

/// A language of the sample desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DemoLanguage {
    #[default]
    English,
    Chinese,
}

impl DemoLanguage {
    /// The language tag of its texts: `en` or `zh-CN`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// IANA name of the zone in which its rotas are planned.
    #[must_use]
    pub fn time_zone(self) -> chrono_tz::Tz {
        match self {
            Self::English => chrono_tz::Europe::Berlin,
            Self::Chinese => chrono_tz::Asia::Shanghai,
        }
    }
}
