//! A filter as a condition over the narrow table of tickets. It says the same as [`Filter::admits`]: a property test compares the
//! two. All text in it comes from constants; values are bound.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::domain::filter::evaluate::{bit, facet};
use crate::domain::filter::text::fold;
use crate::domain::filter::time::Bounds;
use crate::domain::filter::{BREACHING_SECS, Env, Filter, Flag, NumberField, Test, TextField, Tie, TimeField, Who};
use crate::domain::ticket::Status;

/// A bound value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Id(Uuid),
}

/// ` AND …` for each term, and the values of its marks, numbered from `first`.
#[derive(Debug, Default)]
pub(super) struct Condition {
    pub sql: String,
    pub values: Vec<Value>,
    first: usize,
}

/// Statuses as the table keeps them.
pub(crate) fn status_rank(status: Status) -> i64 {
    i64::from(status as u8)
}

impl Condition {
    pub fn of(filter: &Filter, env: &Env<'_>, first: usize) -> Self {
        let mut condition = Self { first, ..Self::default() };
        for term in &filter.terms {
            let test = condition.test(&term.test, env);
            let _ = write!(condition.sql, " AND {}({test})", if term.negated { "NOT " } else { "" });
        }
        condition
    }

    fn mark(&mut self, value: Value) -> String {
        // The same value twice is one mark: a filter has few.
        let index = self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        format!("?{}", self.first + index)
    }

    fn any<T>(&mut self, all: &[T], mut one: impl FnMut(&mut Self, &T) -> String) -> String {
        let parts: Vec<String> = all.iter().map(|value| one(self, value)).collect();
        if parts.is_empty() { "0".to_owned() } else { parts.join(" OR ") }
    }

    fn contains(&mut self, column: &str, text: String) -> String {
        format!("instr({column}, {}) > 0", self.mark(Value::Text(text)))
    }

    fn among(column: &str, numbers: impl Iterator<Item = i64>) -> String {
        format!("{column} IN ({})", numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(","))
    }

    fn test(&mut self, test: &Test, env: &Env<'_>) -> String {
        match test {
            Test::Words(text) => self.contains("search", fold(text)),
            Test::Status(all) => Self::among("status", all.iter().map(|one| status_rank(*one))),
            Test::Priority(all) => Self::among("rank", all.iter().map(|one| crate::client::sync::apply::rank(*one))),
            Test::Kind(all) => Self::among("kind", all.iter().map(|one| i64::from(*one as u8))),
            Test::Tier(all) => Self::among("tier", all.iter().map(|one| i64::from(*one))),
            Test::Queue(all) => self.any(all, |this, queue| format!("queue = {}", this.mark(Value::Id(queue.id.0)))),
            Test::Assignee(all) => self.any(all, |this, who| match env.person(who) {
                None => "assignee IS NULL".to_owned(),
                Some(person) => format!("assignee IS {}", this.mark(Value::Id(person.0))),
            }),
            Test::With(all) => self.any(all, |this, who| match env.person(who) {
                None => format!("NOT ({})", this.contains("facets", "\np:".to_owned())),
                Some(person) => this.contains("facets", format!("\np:{person}\n")),
            }),
            Test::Expert(all) => self.any(all, |this, who| this.called(who, env)),
            Test::Incident(all) => self.any(all, |_, tie| match tie {
                Tie::None => "incident = 0".to_owned(),
                Tie::Any => "incident <> 0".to_owned(),
                Tie::To(number) => format!("incident = {}", number.0),
            }),
            Test::Text(field, values) => self.any(values, |this, value| this.text(*field, value)),
            Test::Number(field, from, to) => {
                let column = match field {
                    NumberField::Number => "number",
                    NumberField::Messages => "messages",
                    NumberField::Rating => "rating",
                };
                let there = if *field == NumberField::Rating { "rating > 0" } else { "1" };
                format!("{there} AND {column} BETWEEN {} AND {}", from.unwrap_or(i64::MIN + 1), to.unwrap_or(i64::MAX))
            }
            Test::Time(field, when) => time(*field, when.bounds(*field, env.now, env.zone)),
            Test::Is(flags) => self.any(flags, |this, flag| this.flag(*flag, env)),
        }
    }

    fn called(&mut self, who: &Who, env: &Env<'_>) -> String {
        let numbers = env.person(who).map(|person| env.called(person)).unwrap_or_default();
        let list = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        format!("number IN (SELECT value FROM json_each({}))", self.mark(Value::Text(format!("[{list}]"))))
    }

    fn text(&mut self, field: TextField, value: &str) -> String {
        match facet(field, value) {
            Some(wanted) => self.any(&wanted, |this, one| this.contains("facets", one.clone())),
            None => self.contains(if field == TextField::Site { "site" } else { "requester" }, fold(value)),
        }
    }

    fn flag(&mut self, flag: Flag, env: &Env<'_>) -> String {
        let now = env.now.timestamp_millis();
        match flag {
            Flag::Unassigned => "assignee IS NULL".to_owned(),
            Flag::Mine => format!("assignee IS {}", self.mark(Value::Id(env.me.0))),
            Flag::Waiting => "waiting = 1".to_owned(),
            Flag::Unsolved => "unsolved = 1".to_owned(),
            Flag::Paused => Self::among("status", [Status::Pending, Status::OnHold].into_iter().map(status_rank)),
            Flag::Breaching => format!("unsolved = 1 AND due <= {}", now + BREACHING_SECS * 1000),
            Flag::Late => format!("unsolved = 1 AND due <= {now}"),
            Flag::Escalated => self.called(&Who::Me, env),
            Flag::Promised => "promised_at <> 0".to_owned(),
            _ => format!("(flags & {}) <> 0", bit(flag).unwrap_or(0)),
        }
    }
}

/// Absent instants are 0; a ticket without a due time sorts behind all others.
fn time(field: TimeField, bounds: Bounds) -> String {
    let (column, never) = match field {
        TimeField::Created => ("created", 0),
        TimeField::Updated => ("-fresh", 0),
        TimeField::Assigned => ("assigned_at", 0),
        TimeField::Solved => ("solved_at", 0),
        TimeField::Due => ("due", i64::MAX),
        TimeField::FollowUp => ("promised_at", 0),
    };
    match bounds {
        Bounds::Never if matches!(field, TimeField::Created | TimeField::Updated) => "0".to_owned(),
        Bounds::Never => format!("{column} = {never}"),
        Bounds::Between(from, to) => {
            let from = from.max(i64::MIN + 1);
            format!("{column} <> {never} AND {column} BETWEEN {from} AND {to}")
        }
    }
}
