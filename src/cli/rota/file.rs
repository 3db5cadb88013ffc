//! A rota as people write it: handles, keys and codes instead of ids. What `rota show` prints, `rota apply` takes.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::cli::names;
use crate::cli::spec::{Day, Mistakes, Time, Weekdays};
use crate::domain::directory::Directory;
use crate::domain::id::RotaId;
use crate::domain::roster::{Requirement, Rota, RotaLimits, RotaMember, ShiftType};
use crate::domain::suggest;

/// The word for a day off in a pattern.
const OFF: &str = "-";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotaFile {
    pub key: String,
    pub name: String,
    pub time_zone: String,
    /// Keys.
    #[serde(default)]
    queues: Vec<String>,
    #[serde(default = "one")]
    tier: u8,
    /// The day of the pattern's first entry.
    starts_on: Day,
    /// Codes with spaces between, `-` for a day off.
    pattern: String,
    /// A handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lead: Option<String>,
    /// A calendar's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    holidays: Option<String>,
    #[serde(default)]
    swap_approval: bool,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default, skip_serializing_if = "LimitsFile::is_none")]
    limits: LimitsFile,
    #[serde(default)]
    shift: Vec<ShiftFile>,
    #[serde(default)]
    member: Vec<MemberFile>,
    #[serde(default)]
    required: Vec<RequiredFile>,
}

fn one() -> u8 {
    1
}

fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_rest_hours: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_week_hours: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_nights_in_row: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_days_in_row: Option<u16>,
    #[serde(default)]
    forbid: bool,
}

impl LimitsFile {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftFile {
    code: String,
    name: String,
    start: Time,
    end: Time,
    #[serde(default)]
    night: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberFile {
    /// A handle.
    person: String,
    /// Days ahead of the pattern.
    #[serde(default)]
    offset: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequiredFile {
    days: Weekdays,
    from: Time,
    to: Time,
    people: u32,
}

/// The id of what a name names, or a mistake in `field`.
fn named<Id>(found: Option<Id>, typed: &str, what: &str, known: &[&str], field: &str, mistakes: &mut Mistakes<'_>) -> Option<Id> {
    if found.is_none() {
        let why = format!("there is no {what} {typed:?}: see `dutydesk {what} list`.{}", suggest::near(typed, known.iter().copied()));
        mistakes.push(field, typed, &why);
    }
    found
}

impl RotaFile {
    /// The row, with the ids of what `directory` knows; mistakes are noted, and then the row is of no use.
    pub fn row(&self, id: RotaId, directory: &Directory, mistakes: &mut Mistakes<'_>) -> Rota {
        if self.time_zone.parse::<Tz>().is_err() {
            let why = format!("{:?} is no time zone: use an IANA name such as Asia/Shanghai.", self.time_zone);
            mistakes.push("time_zone", &self.time_zone, &why);
        }
        let keys: Vec<&str> = directory.queues.values().map(|queue| queue.key.as_str()).collect();
        let queue = |key: &String, mistakes: &mut Mistakes<'_>| {
            named(directory.queue_by_key(key).map(|queue| queue.id), key, "queue", &keys, "queues", mistakes)
        };
        let handles: Vec<&str> = directory.people.values().map(|person| person.handle.as_str()).collect();
        let person = |handle: &str, field: &str, mistakes: &mut Mistakes<'_>| {
            let found = directory.person_by_handle(handle.trim_start_matches('@')).map(|person| person.id);
            named(found, handle, "person", &handles, field, mistakes)
        };
        let calendars: Vec<&str> = directory.calendars.values().map(|calendar| calendar.key.as_str()).collect();
        let queues = self.queues.iter().filter_map(|key| queue(key, mistakes)).collect();
        let lead = self.lead.as_ref().and_then(|handle| person(handle, "lead", mistakes));
        let holidays = self.holidays.as_ref().and_then(|key| {
            named(directory.calendar_by_key(key).map(|calendar| calendar.id), key, "calendar", &calendars, "holidays", mistakes)
        });
        let mut members: Vec<RotaMember> = Vec::new();
        for (member, place) in self.member.iter().zip(1..) {
            let Some(id) = person(&member.person, &format!("member {place}"), mistakes) else { continue };
            if members.iter().any(|other| other.person == id) {
                mistakes.push(&format!("member {place}"), &member.person, &format!("{} is there twice: leave one out.", member.person));
            }
            members.push(RotaMember { person: id, offset_days: member.offset });
        }
        let limits = self.limits;
        Rota {
            id,
            version: 0,
            key: self.key.clone(),
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            queues,
            tier: self.tier,
            shift_types: self.shift_types(mistakes),
            pattern: self.pattern(mistakes),
            starts_on: self.starts_on.0,
            members,
            required: self.requirements(),
            limits: RotaLimits {
                min_rest_hours: limits.min_rest_hours,
                max_week_hours: limits.max_week_hours,
                max_nights_in_row: limits.max_nights_in_row,
                max_days_in_row: limits.max_days_in_row,
                forbid: limits.forbid,
            },
            swap_approval: self.swap_approval,
            holidays,
            lead,
            active: self.active,
        }
    }

    fn shift_types(&self, mistakes: &mut Mistakes<'_>) -> Vec<ShiftType> {
        let mut types: Vec<ShiftType> = Vec::new();
        for (shift, place) in self.shift.iter().zip(1..) {
            let field = format!("shift {place}, code");
            if shift.code == OFF || shift.code.split_whitespace().count() != 1 || shift.code.trim() != shift.code {
                mistakes.push(&field, &shift.code, &format!("{:?} cannot be a code: use letters without spaces.", shift.code));
            }
            if types.iter().any(|other| other.code == shift.code) {
                mistakes.push(&field, &shift.code, &format!("{:?} is the code of two shifts: give each its own.", shift.code));
            }
            let ShiftFile { code, name, start, end, night, colour } = shift.clone();
            types.push(ShiftType { code, name, start: start.0, end: end.0, night, colour });
        }
        types
    }

    fn pattern(&self, mistakes: &mut Mistakes<'_>) -> Vec<Option<String>> {
        let codes: Vec<&str> = self.shift.iter().map(|shift| shift.code.as_str()).collect();
        let mut days = Vec::new();
        for (word, day) in self.pattern.split_whitespace().zip(1..) {
            if word != OFF && !codes.contains(&word) {
                let why = format!(
                    "day {day} is {word:?}, which is no code of a shift: write one of {}, or {OFF} for a day off.{}",
                    codes.join(", "),
                    suggest::near(word, codes.iter().copied())
                );
                mistakes.push("pattern", &self.pattern, &why);
            }
            days.push((word != OFF).then(|| word.to_owned()));
        }
        if days.is_empty() {
            mistakes.push("pattern", &self.pattern, "it has no day: write codes with spaces between, such as \"E E L L N N - -\".");
        }
        days
    }

    fn requirements(&self) -> Vec<Requirement> {
        let one = |required: &RequiredFile| {
            let RequiredFile { days, from, to, people } = required;
            Requirement { weekdays: days.0.clone(), from: from.0, to: to.0, people: *people }
        };
        self.required.iter().map(one).collect()
    }

    /// A stored rota as people write it.
    #[must_use]
    pub fn of(rota: &Rota, directory: &Directory) -> Self {
        let people: Vec<_> = directory.people.values().cloned().collect();
        let queues: Vec<_> = directory.queues.values().cloned().collect();
        let RotaLimits { min_rest_hours, max_week_hours, max_nights_in_row, max_days_in_row, forbid } = rota.limits;
        let shift = |shift: &ShiftType| {
            let ShiftType { code, name, start, end, night, colour } = shift.clone();
            ShiftFile { code, name, start: Time(start), end: Time(end), night, colour }
        };
        let required = |one: &Requirement| RequiredFile {
            days: Weekdays(one.weekdays.clone()),
            from: Time(one.from),
            to: Time(one.to),
            people: one.people,
        };
        Self {
            key: rota.key.clone(),
            name: rota.name.clone(),
            time_zone: rota.time_zone.clone(),
            queues: rota.queues.iter().map(|id| names::key_of(&queues, *id)).collect(),
            tier: rota.tier,
            starts_on: Day(rota.starts_on),
            pattern: rota.pattern.iter().map(|code| code.as_deref().unwrap_or(OFF)).collect::<Vec<_>>().join(" "),
            lead: rota.lead.map(|id| names::handle_of(&people, id)),
            holidays: rota.holidays.map(|id| directory.calendars.get(&id).map_or_else(|| id.to_string(), |calendar| calendar.key.clone())),
            swap_approval: rota.swap_approval,
            active: rota.active,
            limits: LimitsFile { min_rest_hours, max_week_hours, max_nights_in_row, max_days_in_row, forbid },
            shift: rota.shift_types.iter().map(shift).collect(),
            member: rota
                .members
                .iter()
                .map(|member| MemberFile { person: names::handle_of(&people, member.person), offset: member.offset_days })
                .collect(),
            required: rota.required.iter().map(required).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{Desk, main_rota};

    const FILE: &str = r#"
key = "nights"
name = "Nights, second line"
time_zone = "Europe/Berlin"
queues = ["pumps"]
starts_on = 2026-11-02
pattern = "E L N -"
lead = "@nobody"

[limits]
min_rest_hours = 11
forbid = true

[[shift]]
code = "E"
name = "Early"
start = "07:00"
end = "15:00"

[[shift]]
code = "N"
name = "Night"
start = "23:00"
end = "07:00"
night = true

[[member]]
person = "nobody-else"

[[required]]
days = "Mon-Fri"
from = "07:00"
to = "15:00"
people = 2
"#;

    #[test]
    fn all_mistakes_are_named_with_line_and_field() {
        let desk = Desk::new();
        let file: RotaFile = toml::from_str(FILE).unwrap();
        let mut mistakes = Mistakes::new(FILE);
        file.row(RotaId::default(), &desk.directory, &mut mistakes);
        let text = mistakes.found.join("\n");
        let queue = desk.directory.queue_by_key("pumps").is_none();
        assert_eq!(mistakes.found.len(), 3 + usize::from(queue), "{text}");
        assert!(text.contains("line 7, pattern: day 2 is \"L\", which is no code of a shift: write one of E, N, or -"), "{text}");
        assert!(text.contains("line 8, lead: there is no person \"@nobody\""), "{text}");
        assert!(text.contains("member 1: there is no person \"nobody-else\""), "{text}");
    }

    #[test]
    fn a_rota_shown_is_the_rota_applied() {
        let desk = Desk::new();
        let rota = &desk.directory.rotas[&main_rota()];
        let text = toml::to_string(&RotaFile::of(rota, &desk.directory)).unwrap();
        let mut mistakes = Mistakes::new(&text);
        let again = toml::from_str::<RotaFile>(&text).unwrap().row(rota.id, &desk.directory, &mut mistakes);
        assert!(mistakes.found.is_empty(), "{mistakes:?}\n{text}");
        assert_eq!(Rota { version: rota.version, ..again }, *rota, "{text}");
    }
}
