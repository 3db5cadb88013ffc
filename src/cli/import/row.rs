//! A record as a ticket.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::map::{Columns, Target};
use super::read::{BadRow, Record};
use crate::base::text::fold;
use crate::domain::command::{ImportMessage, ImportTicket, RequesterInput};
use crate::domain::limits::DERIVED_SUBJECT_MAX;
use crate::domain::ticket::{Kind, Priority, Status};

/// What all tickets of a file have in common.
pub struct Source<'a> {
    /// The file's name without folders: names the requester nobody named.
    pub file: &'a str,
    /// The queue of rows that name none.
    pub queue: Option<&'a str>,
    pub columns: &'a Columns,
    pub now: DateTime<Utc>,
}

const WORDS: &[(&str, &str)] = &[
    ("紧急", "urgent"),
    ("高", "high"),
    ("普通", "normal"),
    ("中", "normal"),
    ("medium", "normal"),
    ("低", "low"),
    ("新建", "new"),
    ("处理中", "open"),
    ("待回复", "pending"),
    ("挂起", "on_hold"),
    ("已解决", "solved"),
    ("resolved", "solved"),
    ("已关闭", "closed"),
    ("咨询", "question"),
    ("投诉", "complaint"),
    ("异常", "exception"),
    ("故障", "incident"),
    ("反馈", "feedback"),
];

/// The ticket that a record tells of.
///
/// # Errors
/// When a cell is not what its column holds, or the text or queue is missing.
pub fn ticket(record: &Record, source: &Source<'_>) -> Result<ImportTicket, BadRow> {
    let wrong = |reason: String| BadRow::new(record.line, reason);
    let mut cells: BTreeMap<Target, String> = BTreeMap::new();
    let (mut tags, mut fields) = (Vec::new(), BTreeMap::new());
    for (column, target) in source.columns.resolve(record.cells.keys()) {
        let value = &record.cells[column];
        match target {
            Target::Tag => tags.extend(list(value).into_iter().map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("-"))),
            Target::Field(name) => drop(field(value).map(|value| fields.insert(name, value))),
            target => {
                let text = scalar(value).ok_or_else(|| wrong(format!("Column {column:?} holds no plain value.")))?;
                if !text.is_empty() {
                    cells.insert(target, text);
                }
            }
        }
    }
    let cell = |target: Target| cells.get(&target).cloned();
    let subject = cell(Target::Subject);
    let text = cell(Target::Text).or_else(|| subject.clone());
    let text = text.ok_or_else(|| wrong("The row has no text: name its column with --map COLUMN=text.".to_owned()))?;
    let queue = cell(Target::Queue).or_else(|| source.queue.map(str::to_owned));
    let queue = queue.ok_or_else(|| wrong("The row names no queue: name one for all with --queue KEY.".to_owned()))?;
    let at = |target: Target| cell(target).map(|text| instant(&text).map_err(wrong)).transpose();
    let created_at = at(Target::CreatedAt)?.unwrap_or(source.now);
    let requester = requester(&cell, source.file, &text);
    Ok(ImportTicket {
        external: cell(Target::External).unwrap_or_else(|| content_id(record)),
        queue,
        subject: subject.unwrap_or_else(|| first_sentence(&text)),
        requester,
        kind: word::<Kind>(cell(Target::Kind), "kind").map_err(wrong)?,
        priority: word::<Priority>(cell(Target::Priority), "priority").map_err(wrong)?,
        status: word::<Status>(cell(Target::Status), "status").map_err(wrong)?,
        assignee: cell(Target::Assignee),
        tags,
        fields,
        messages: vec![ImportMessage { person: None, text, internal: false, at: created_at }],
        created_at,
        solved_at: at(Target::SolvedAt)?,
    })
}

/// By e-mail, phone or name; the rest of a file is from one requester.
fn requester(cell: &impl Fn(Target) -> Option<String>, file: &str, text: &str) -> RequesterInput {
    let (name, email, phone) = (cell(Target::Requester), cell(Target::Email).map(|email| email.to_lowercase()), cell(Target::Phone));
    let named = email.clone().or_else(|| phone.clone()).or_else(|| name.as_ref().map(|name| format!("name:{name}")));
    let unnamed = named.is_none();
    RequesterInput {
        external: named.unwrap_or_else(|| format!("import:{file}")),
        name: name.or_else(|| unnamed.then(|| format!("Unknown ({file})"))),
        email,
        phone,
        class: cell(Target::Class),
        site: cell(Target::Site),
        language: cell(Target::Language).or_else(|| language(text)),
    }
}

fn language(text: &str) -> Option<String> {
    text.chars().any(|char| matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')).then(|| "zh-CN".to_owned())
}

/// The same content has the same id, wherever its file lies and whatever its columns' order is.
fn content_id(record: &Record) -> String {
    let content = serde_json::to_vec(&record.cells).unwrap_or_default();
    let hash: String = Sha256::digest(content).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("row:{hash}")
}

/// Up to the first end of a sentence or line, cut to what a list shows.
fn first_sentence(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut end = line.len();
    let mut chars = line.char_indices().peekable();
    while let Some((_, char)) = chars.next() {
        let (after, space) = chars.peek().map_or((line.len(), true), |(at, next)| (*at, next.is_whitespace()));
        if matches!(char, '。' | '!' | '?' | '！' | '？') || (char == '.' && space && after > 3) {
            end = after;
            break;
        }
    }
    let sentence = line[..end].trim_end_matches(['.', '。']);
    if sentence.chars().count() <= DERIVED_SUBJECT_MAX {
        return sentence.to_owned();
    }
    let mut cut: String = sentence.chars().take(DERIVED_SUBJECT_MAX - 1).collect();
    cut.push('…');
    cut
}

/// A plain value as text; absent for lists and objects.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Several values in one cell: a list, or a text with commas or semicolons.
pub fn list(value: &Value) -> Vec<String> {
    let parts: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(scalar).collect(),
        value => scalar(value).unwrap_or_default().split([',', ';', '，', '；', '、']).map(|part| part.trim().to_owned()).collect(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

fn field(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::Array(_) | Value::Object(_) => Some(Value::String(value.to_string())),
        value => Some(value.clone()),
    }
}

fn word<T: DeserializeOwned + Default>(text: Option<String>, what: &str) -> Result<T, String> {
    let Some(text) = text else { return Ok(T::default()) };
    let folded = fold(&text).replace([' ', '-'], "_");
    let known = WORDS.iter().find(|(word, _)| *word == folded).map_or(folded.as_str(), |(_, known)| known);
    serde_json::from_value(known.into()).map_err(|error| format!("{text:?} is no {what} ({error})."))
}

/// RFC 3339, or a date with or without a time, in UTC.
fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let plain = text.replace(['/', 'T'], "-").replacen('-', "/", 2).replace('-', " ");
    let time = ["%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M"].iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok());
    let day = || NaiveDate::parse_from_str(&plain, "%Y/%m/%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let at = time.or_else(day).ok_or_else(|| format!("{text:?} is no date: write 2026-11-21 or 2026-11-21T08:30:00Z."))?;
    Ok(at.and_utc())
}
