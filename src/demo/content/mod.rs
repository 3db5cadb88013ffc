//! The sample desk's texts: TOML files, embedded, parsed once per language.
//!
//! Texts may name variables (`{site}`, `{order}`); `requesters.rs` sets them all.

use std::sync::OnceLock;

use serde::Deserialize;

use super::DemoLanguage;
use crate::domain::ticket::Kind;

/// What one language has to say.
#[derive(Clone, Debug)]
pub struct Content {
    pub people: People,
    pub places: Places,
    pub words: Words,
    pub phrases: Phrases,
    /// Eight; neighbours (0 and 1, 2 and 3, …) share a tier-1 rota.
    pub queues: Vec<QueueContent>,
}

/// Who works here, and the parts of requesters' names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Name and handle of each.
    pub staff: Vec<(String, String)>,
    pub given: Vec<String>,
    pub family: Vec<String>,
    /// How the two make a full name: `{given}`, `{family}`.
    pub full_name: String,
}

/// Regions with the names their sites take.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Name patterns of sites, with `{place}`.
    pub station: Vec<String>,
    pub warehouse: Vec<String>,
    pub shop: Vec<String>,
    pub region: Vec<Region>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Ten streets and districts.
    pub places: Vec<String>,
}

/// Lists from which variables take their values, and the names of shifts, rotas and channels.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub suppliers: Vec<String>,
    pub countries: Vec<String>,
    pub couriers: Vec<String>,
    /// `chrono` pattern of a date in a text.
    pub date: String,
    pub shifts: Shifts,
    /// Names of the four tier-1 rotas, in the order of the queues' pairs.
    pub tier1_rotas: Vec<String>,
    /// Two tier-2 rotas: the stations' side, the shops' side.
    pub tier2_rotas: Vec<String>,
    /// Two weekly on-call rotas, sides as above.
    pub tier3_rotas: Vec<String>,
    pub intake: Vec<IntakeContent>,
    /// Month, day and name of holidays that come every year.
    pub holidays: Vec<(u32, u32, String)>,
    /// Names of the calendars: around the clock, office hours.
    pub calendars: [String; 2],
    pub leave_reason: String,
    pub swap_reason: String,
    pub cover_reason: String,
    pub extra_reason: String,
}

/// Codes with names: `[code, name]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shifts {
    pub early: (String, String),
    pub late: (String, String),
    pub night: (String, String),
    pub day12: (String, String),
    pub night12: (String, String),
    pub week: (String, String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeContent {
    pub key: String,
    pub name: String,
    /// A queue's key.
    pub queue: String,
}

/// Lines that fit any ticket, and the talk of the channels.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// Requesters asking again.
    pub follow_ups: Vec<String>,
    /// Requesters content with the answer.
    pub thanks: Vec<String>,
    /// Agents answering.
    pub replies: Vec<String>,
    /// Agents asking for something: the ticket is pending after it.
    pub asks: Vec<String>,
    /// Agents closing the matter.
    pub solutions: Vec<String>,
    /// Internal notes.
    pub notes: Vec<String>,
    /// Internal notes that say which third party is waited for.
    pub holds: Vec<String>,
    pub escalation_reasons: Vec<String>,
    pub escalation_verdicts: Vec<String>,
    pub escalation_declines: Vec<String>,
    pub channel: Vec<ChannelContent>,
    /// Short exchanges between two people.
    pub direct: Vec<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelContent {
    pub title: String,
    pub topic: String,
    pub lines: Vec<String>,
}

/// One queue with what is asked there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueContent {
    /// The same in every language.
    pub key: String,
    pub name: String,
    pub department: String,
    /// Who asks.
    pub class: Class,
    /// Where it happens.
    pub site: SiteKind,
    pub skills: Vec<String>,
    pub products: Vec<String>,
    pub scenario: Vec<Scenario>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Customer,
    Supplier,
    Site,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    Station,
    Warehouse,
    Shop,
}

/// A request and how it goes on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub subject: String,
    pub kind: Kind,
    /// Weights of urgent, high, normal, low.
    pub priority: [u32; 4],
    pub text: String,
    /// Three to seven turns; the last one settles the matter.
    pub talk: Vec<Turn>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// Texts by field name.
    #[serde(default)]
    pub fields: std::collections::BTreeMap<String, String>,
}

/// One turn, in the files a string with its speaker in front: `r: …` the requester, `a: …` the agent, `n: …` an internal note.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Turn {
    pub speaker: Speaker,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    Requester,
    Agent,
    Note,
}

impl TryFrom<String> for Turn {
    type Error = String;

    fn try_from(line: String) -> Result<Self, Self::Error> {
        let speaker = match line.get(..3) {
            Some("r: ") => Speaker::Requester,
            Some("a: ") => Speaker::Agent,
            Some("n: ") => Speaker::Note,
            _ => return Err(format!("the turn \"{line}\" names no speaker; begin it with `r: `, `a: ` or `n: `")),
        };
        Ok(Self { speaker, text: line[3..].to_string() })
    }
}

/// The parsed content of a language.
///
/// # Panics
/// Never in a build that passed its tests: the files are embedded, and the tests parse them all.
#[must_use]
pub fn content(language: DemoLanguage) -> &'static Content {
    static ENGLISH: OnceLock<Content> = OnceLock::new();
    static CHINESE: OnceLock<Content> = OnceLock::new();
    let cell = match language {
        DemoLanguage::English => &ENGLISH,
        DemoLanguage::Chinese => &CHINESE,
    };
    cell.get_or_init(|| parse(language).expect("the embedded files are parsed by this room's tests"))
}

macro_rules! files {
    ($tag:literal) => {
        Files {
            people: include_str!(concat!($tag, "/people.toml")),
            places: include_str!(concat!($tag, "/places.toml")),
            words: include_str!(concat!($tag, "/words.toml")),
            phrases: include_str!(concat!($tag, "/phrases.toml")),
            queues: [
                include_str!(concat!($tag, "/queues/equipment.toml")),
                include_str!(concat!($tag, "/queues/payments.toml")),
                include_str!(concat!($tag, "/queues/network.toml")),
                include_str!(concat!($tag, "/queues/quality.toml")),
                include_str!(concat!($tag, "/queues/suppliers.toml")),
                include_str!(concat!($tag, "/queues/delivery.toml")),
                include_str!(concat!($tag, "/queues/orders.toml")),
                include_str!(concat!($tag, "/queues/refunds.toml")),
            ],
        }
    };
}

struct Files {
    people: &'static str,
    places: &'static str,
    words: &'static str,
    phrases: &'static str,
    queues: [&'static str; 8],
}

fn parse(language: DemoLanguage) -> Result<Content, toml::de::Error> {
    let files = match language {
        DemoLanguage::English => files!("en"),
        DemoLanguage::Chinese => files!("zh-CN"),
    };
    Ok(Content {
        people: toml::from_str(files.people)?,
        places: toml::from_str(files.places)?,
        words: toml::from_str(files.words)?,
        phrases: toml::from_str(files.phrases)?,
        queues: files.queues.into_iter().map(toml::from_str).collect::<Result<_, _>>()?,
    })
}
