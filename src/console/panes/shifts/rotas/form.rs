//! A rota as a form of fields, each one line of text. Pure: keys in, a rota or the field that is wrong out.

use chrono::NaiveDate;

use super::text::{self, Wrong};
use crate::base::text::{clean, fold};
use crate::console::key::{Key, KeyCode};
use crate::console::locale::Language;
use crate::console::overlay::Prompt;
use crate::domain::directory::Directory;
use crate::domain::roster::{Rota, RotaLimits};

/// The fields, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Key,
    Zone,
    Queues,
    Tier,
    Lead,
    Types,
    Pattern,
    Starts,
    Members,
    Required,
    Limits,
    Approval,
    Holidays,
    Active,
}

impl Field {
    pub const ALL: [Self; 15] = [
        Self::Name,
        Self::Key,
        Self::Zone,
        Self::Queues,
        Self::Tier,
        Self::Lead,
        Self::Types,
        Self::Pattern,
        Self::Starts,
        Self::Members,
        Self::Required,
        Self::Limits,
        Self::Approval,
        Self::Holidays,
        Self::Active,
    ];

    /// Message key of its label.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "shifts-field-name",
            Self::Key => "shifts-field-key",
            Self::Zone => "shifts-field-zone",
            Self::Queues => "shifts-field-queues",
            Self::Tier => "shifts-field-tier",
            Self::Lead => "shifts-field-lead",
            Self::Types => "shifts-field-types",
            Self::Pattern => "shifts-field-pattern",
            Self::Starts => "shifts-field-starts",
            Self::Members => "shifts-field-members",
            Self::Required => "shifts-field-required",
            Self::Limits => "shifts-field-limits",
            Self::Approval => "shifts-field-approval",
            Self::Holidays => "shifts-field-holidays",
            Self::Active => "shifts-field-active",
        }
    }

    /// Message key of an example.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Name => "shifts-example-name",
            Self::Key => "shifts-example-key",
            Self::Zone => "shifts-example-zone",
            Self::Queues => "shifts-example-queues",
            Self::Tier => "shifts-example-tier",
            Self::Lead => "shifts-example-lead",
            Self::Types => "shifts-example-types",
            Self::Pattern => "shifts-example-pattern",
            Self::Starts => "shifts-example-starts",
            Self::Members => "shifts-example-members",
            Self::Required => "shifts-example-required",
            Self::Limits => "shifts-example-limits",
            Self::Approval | Self::Active => "shifts-example-yes",
            Self::Holidays => "shifts-example-holidays",
        }
    }
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Going,
    Save,
    Leave,
}

/// The form's state.
pub struct RotaForm {
    /// The rota it started from: what the form does not show stays.
    base: Rota,
    fields: Vec<Prompt>,
    pub field: usize,
    changed: bool,
}

impl RotaForm {
    #[must_use]
    pub fn new(base: Rota, directory: &Directory, language: Language) -> Self {
        let handle = |id| directory.people.get(&id).map_or_else(String::new, |person| person.handle.clone());
        let first = |field| match field {
            Field::Name => base.name.clone(),
            Field::Key => base.key.clone(),
            Field::Zone => base.time_zone.clone(),
            Field::Queues => text::show_queues(&base.queues, directory),
            Field::Tier => base.tier.to_string(),
            Field::Lead => base.lead.map(handle).unwrap_or_default(),
            Field::Types => text::show_shift_types(&base.shift_types),
            Field::Pattern => text::show_pattern(&base.pattern),
            Field::Starts => base.starts_on.to_string(),
            Field::Members => text::show_members(&base.members, directory),
            Field::Required => text::show_requirements(&base.required, language),
            Field::Limits => text::show_limits(&base.limits, language),
            Field::Approval => text::show_yes(base.swap_approval, language),
            Field::Holidays => {
                base.holidays.and_then(|id| directory.calendars.get(&id)).map_or_else(String::new, |calendar| calendar.key.clone())
            }
            Field::Active => text::show_yes(base.active, language),
        };
        let fields = Field::ALL.into_iter().map(|field| Prompt::new(first(field))).collect();
        Self { base, fields, field: 0, changed: false }
    }

    #[must_use]
    pub fn focused(&self) -> Field {
        Field::ALL[self.field.min(Field::ALL.len() - 1)]
    }

    #[must_use]
    pub fn input(&self, field: Field) -> &Prompt {
        let place = Field::ALL.iter().position(|one| *one == field).unwrap_or(0);
        &self.fields[place]
    }

    #[must_use]
    pub fn changed(&self) -> bool {
        self.changed
    }

    pub fn key(&mut self, key: Key) -> Progress {
        let count = self.fields.len();
        match (key.ctrl, key.code) {
            (true, KeyCode::Char('s')) => return Progress::Save,
            (_, KeyCode::Escape) => return Progress::Leave,
            (_, KeyCode::Tab) if key.shift => self.field = (self.field + count - 1) % count,
            (_, KeyCode::Up) => self.field = (self.field + count - 1) % count,
            (_, KeyCode::Down | KeyCode::Tab) => self.field = (self.field + 1) % count,
            (_, KeyCode::Enter) if self.field + 1 < count => self.field += 1,
            (_, KeyCode::Enter) => return Progress::Save,
            _ => {
                let before = self.fields[self.field].value().to_owned();
                self.fields[self.field].edit(key);
                self.changed |= before != self.fields[self.field].value();
            }
        }
        Progress::Going
    }

    pub fn paste(&mut self, text: &str) {
        self.fields[self.field].paste(text);
        self.changed = true;
    }

    fn value(&self, field: Field) -> &str {
        self.input(field).value().trim()
    }

    /// The rota as the fields have it.
    ///
    /// # Errors
    /// The first field that cannot be read, with the part and why.
    pub fn rota(&self, directory: &Directory) -> Result<Rota, (Field, Wrong)> {
        let at = |field: Field| move |wrong: Wrong| (field, wrong);
        let bad = |field: Field, why| (field, Wrong { part: clean(self.value(field)), why });
        let shift_types = text::shift_types(self.value(Field::Types), &self.base.shift_types).map_err(at(Field::Types))?;
        let pattern = text::pattern(self.value(Field::Pattern), &shift_types).map_err(at(Field::Pattern))?;
        let zone = self.value(Field::Zone);
        zone.parse::<chrono_tz::Tz>().map_err(|_| bad(Field::Zone, "shifts-wrong-zone"))?;
        let lead = match self.value(Field::Lead).trim_start_matches('@') {
            "" => None,
            handle => Some(directory.person_by_handle(handle).ok_or_else(|| bad(Field::Lead, "shifts-wrong-handle"))?.id),
        };
        let holidays = match self.value(Field::Holidays) {
            "" => None,
            key => Some(directory.calendar_by_key(key).ok_or_else(|| bad(Field::Holidays, "shifts-wrong-calendar"))?.id),
        };
        if self.value(Field::Name).is_empty() {
            return Err(bad(Field::Name, "shifts-wrong-empty"));
        }
        let key = fold(self.value(Field::Key));
        if key.is_empty() || directory.rota_by_key(&key).is_some_and(|rota| rota.id != self.base.id) {
            return Err(bad(Field::Key, if key.is_empty() { "shifts-wrong-empty" } else { "shifts-wrong-key-taken" }));
        }
        Ok(Rota {
            name: self.value(Field::Name).to_owned(),
            key,
            time_zone: zone.to_owned(),
            queues: text::queues(self.value(Field::Queues), directory).map_err(at(Field::Queues))?,
            tier: self
                .value(Field::Tier)
                .parse()
                .ok()
                .filter(|tier| (1..=3).contains(tier))
                .ok_or_else(|| bad(Field::Tier, "shifts-wrong-tier"))?,
            lead,
            starts_on: self.value(Field::Starts).parse::<NaiveDate>().map_err(|_| bad(Field::Starts, "shifts-wrong-date"))?,
            members: text::members(self.value(Field::Members), directory).map_err(at(Field::Members))?,
            required: text::requirements(self.value(Field::Required)).map_err(at(Field::Required))?,
            limits: text::limits(self.value(Field::Limits)).map_err(at(Field::Limits))?,
            swap_approval: text::yes(self.value(Field::Approval)).map_err(at(Field::Approval))?,
            active: text::yes(self.value(Field::Active)).map_err(at(Field::Active))?,
            shift_types,
            pattern,
            holidays,
            ..self.base.clone()
        })
    }
}

/// A rota to start a new one from: three shifts around the clock.
#[must_use]
pub fn blank(id: crate::domain::id::RotaId, zone: chrono_tz::Tz, starts_on: NaiveDate, language: Language) -> Rota {
    let (types, pattern) = match language {
        Language::English => ("E 07:00-15:00 Early, L 15:00-23:00 Late, N 23:00-07:00 Night*", "E E L L N N - -"),
        Language::Chinese => ("早 07:00-15:00 早班, 晚 15:00-23:00 晚班, 夜 23:00-07:00 夜班*", "早 早 晚 晚 夜 夜 - -"),
    };
    let shift_types = text::shift_types(types, &[]).unwrap_or_default();
    let pattern = text::pattern(pattern, &shift_types).unwrap_or_default();
    Rota {
        id,
        version: 0,
        key: String::new(),
        name: String::new(),
        time_zone: zone.name().to_owned(),
        queues: Vec::new(),
        tier: 1,
        shift_types,
        pattern,
        starts_on,
        members: Vec::new(),
        required: Vec::new(),
        limits: RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        lead: None,
        active: true,
    }
}
