//! Records as people, sites, requesters and rotas: laid over the row that exists, so that what a file does not name stays.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::read::{BadRow, Record};
use super::row::{list, scalar};
use crate::base::text::fold;
use crate::cli::error::CliError;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::requester::{Requester, Site};
use crate::domain::roster::Rota;
use crate::wire::list::Items;

/// What the server has already, as its JSON rows by handle, key or code.
#[derive(Debug, Default)]
pub struct Known {
    pub people: HashMap<String, Value>,
    pub queues: HashMap<String, Value>,
    pub sites: HashMap<String, Value>,
    pub rotas: HashMap<String, Value>,
}

impl Known {
    /// # Errors
    /// When the server does not answer.
    pub async fn load(api: &Api) -> Result<Self, CliError> {
        Ok(Self {
            people: index(api.get::<Items<Person>>("/api/v1/people").await?.items, "handle")?,
            queues: index(api.get::<Items<Queue>>("/api/v1/queues").await?.items, "key")?,
            sites: index(api.get::<Items<Site>>("/api/v1/sites").await?.items, "code")?,
            rotas: index(api.get::<Items<Rota>>("/api/v1/rotas").await?.items, "key")?,
        })
    }
}

fn index<T: Serialize>(rows: Vec<T>, by: &str) -> Result<HashMap<String, Value>, CliError> {
    let mut index = HashMap::new();
    for row in rows {
        let row = serde_json::to_value(row).map_err(|error| CliError::failed(format!("The server's rows cannot be read: {error}.")))?;
        index.insert(row[by].as_str().unwrap_or_default().to_owned(), row);
    }
    Ok(index)
}

#[derive(Clone, Copy)]
enum Shape {
    Text,
    Number,
    Truth,
    List,
    /// `name:level`, level 3 when absent.
    Skills,
    Queues,
    SiteCode,
}

type Field = (&'static str, Shape, &'static [&'static str]);

const PERSON: &[Field] = &[
    ("handle", Shape::Text, &["账号"]),
    ("name", Shape::Text, &["姓名"]),
    ("role", Shape::Text, &["角色"]),
    ("tier", Shape::Number, &["层级"]),
    ("skills", Shape::Skills, &["技能"]),
    ("languages", Shape::List, &["语言"]),
    ("capacity", Shape::Number, &["容量"]),
    ("time_zone", Shape::Text, &["timezone", "时区"]),
    ("email", Shape::Text, &["邮箱"]),
    ("region", Shape::Text, &["地区", "区域"]),
    ("queues", Shape::Queues, &["queue", "队列"]),
    ("active", Shape::Truth, &["在职"]),
];
const SITE: &[Field] = &[
    ("code", Shape::Text, &["编码", "编号", "站点编码"]),
    ("name", Shape::Text, &["名称", "站点", "站点名称"]),
    ("region", Shape::Text, &["地区", "区域"]),
    ("latitude", Shape::Number, &["lat", "纬度"]),
    ("longitude", Shape::Number, &["lon", "lng", "经度"]),
];
const REQUESTER: &[Field] = &[
    ("external", Shape::Text, &["id", "编号"]),
    ("name", Shape::Text, &["姓名"]),
    ("email", Shape::Text, &["邮箱"]),
    ("phone", Shape::Text, &["电话", "手机"]),
    ("class", Shape::Text, &["类别"]),
    ("site", Shape::SiteCode, &["站点", "门店"]),
    ("language", Shape::Text, &["语言"]),
    ("created_at", Shape::Text, &["created", "创建时间"]),
];

/// `None`: the server has it just so.
pub fn person(record: &Record, known: &Known) -> Result<Option<Command>, BadRow> {
    let defaults = json!({ "version": 0, "role": "agent", "tier": 1, "capacity": 8, "time_zone": "UTC", "active": true });
    let row: Option<Person> = lay(record, PERSON, "handle", &known.people, defaults, known)?;
    Ok(row.map(|row| Command::PutPerson(Box::new(row))))
}

/// `None`: the server has it just so.
pub fn site(record: &Record, known: &Known) -> Result<Option<Command>, BadRow> {
    let row: Option<Site> = lay(record, SITE, "code", &known.sites, json!({ "version": 0, "region": "-" }), known)?;
    Ok(row.map(Command::PutSite))
}

/// Whether the server has it, its key tells.
pub fn requester(record: &Record, known: &Known, now: crate::domain::Timestamp) -> Result<Option<Command>, BadRow> {
    let defaults = json!({ "version": 0, "class": "customer", "created_at": now });
    let mut record = record.clone();
    let named = |record: &Record| cell(record, "external", &["id", "编号"]).cloned();
    if named(&record).and_then(|value| scalar(&value)).unwrap_or_default().is_empty() {
        let found = [&REQUESTER[2], &REQUESTER[3]].into_iter().find_map(|(name, _, also)| cell(&record, name, also).cloned());
        record.cells.insert("external".to_owned(), found.unwrap_or_default());
    }
    let row: Option<Requester> = lay(&record, REQUESTER, "external", &HashMap::new(), defaults, known)?;
    Ok(row.map(|row| Command::PutRequester(Box::new(row))))
}

/// A rota as the API has it, but with handles and keys where ids belong. `None`: the server has it just so.
pub fn rota(record: &Record, known: &Known) -> Result<Option<Command>, BadRow> {
    let wrong = |reason: String| BadRow::new(record.line, reason);
    let key = record.cells.get("key").and_then(Value::as_str).ok_or_else(|| wrong("The rota has no key.".to_owned()))?.to_owned();
    let old = known.rotas.get(&key);
    let mut row = old.cloned().unwrap_or_else(|| json!({ "id": id_of("rota", &key), "version": 0, "tier": 1, "active": true }));
    for (name, value) in &record.cells {
        let value = match (name.as_str(), value) {
            ("id" | "version", _) => continue,
            ("queues", Value::Array(keys)) => {
                Value::Array(keys.iter().map(|key| named(key, &known.queues, "queue")).collect::<Result<_, _>>().map_err(wrong)?)
            }
            ("lead", lead @ Value::String(_)) => named(lead, &known.people, "person").map_err(wrong)?,
            ("members", Value::Array(members)) => {
                Value::Array(members.iter().map(|one| member(one, known)).collect::<Result<_, _>>().map_err(wrong)?)
            }
            (_, value) => value.clone(),
        };
        row[name] = value;
    }
    let row: Option<Rota> = settle(row, old).map_err(wrong)?;
    Ok(row.map(|row| Command::PutRota(Box::new(row))))
}

fn member(member: &Value, known: &Known) -> Result<Value, String> {
    let (person, offset) = match member {
        Value::Object(object) => (object.get("person").or_else(|| object.get("handle")).unwrap_or(&Value::Null), object.get("offset_days")),
        person => (person, None),
    };
    Ok(json!({ "person": named(person, &known.people, "person")?, "offset_days": offset.cloned().unwrap_or(json!(0)) }))
}

/// The id of what a handle or key names; ids stay.
fn named(name: &Value, rows: &HashMap<String, Value>, what: &str) -> Result<Value, String> {
    let text = name.as_str().unwrap_or_default().trim_start_matches('@');
    match rows.get(text) {
        Some(row) => Ok(row["id"].clone()),
        None if text.parse::<Uuid>().is_ok() => Ok(name.clone()),
        None => Err(format!("There is no {what} {text:?} on the server.")),
    }
}

/// The same words name the same row in every import.
fn id_of(kind: &str, name: &str) -> Uuid {
    let hash = Sha256::digest(format!("dutydesk {kind} {name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The key under which a row's command is sent: of what the row says.
#[must_use]
pub fn key_of(kind: &str, record: &Record) -> Uuid {
    id_of(kind, &serde_json::to_string(&record.cells).unwrap_or_default())
}

fn cell<'a>(record: &'a Record, name: &str, also: &[&str]) -> Option<&'a Value> {
    let fits = |column: &str| {
        let column = fold(column.trim()).replace([' ', '-'], "_");
        column == name || also.contains(&column.as_str())
    };
    record.cells.iter().find(|(column, _)| fits(column)).map(|(_, value)| value)
}

fn lay<T: DeserializeOwned + Serialize>(
    record: &Record,
    fields: &[Field],
    by: &str,
    rows: &HashMap<String, Value>,
    defaults: Value,
    known: &Known,
) -> Result<Option<T>, BadRow> {
    let wrong = |reason: String| BadRow::new(record.line, reason);
    let also = fields.iter().find(|(name, ..)| *name == by).map_or(&[] as &[&str], |(.., also)| also);
    let name = cell(record, by, also).and_then(scalar).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| wrong(format!("The row has no {by}.")))?;
    let old = rows.get(&name);
    let mut row = old.cloned().unwrap_or(defaults);
    if old.is_none() {
        row["id"] = json!(id_of(by, &name));
        row["name"] = json!(name);
    }
    for (field, shape, also) in fields {
        let Some(value) = cell(record, field, also) else { continue };
        if scalar(value).is_some_and(|text| text.is_empty()) {
            continue;
        }
        row[*field] = shaped(value, *shape, known).map_err(|why| wrong(format!("The {field} is wrong: {why}")))?;
    }
    settle(row, old).map_err(wrong)
}

/// The typed row; absent when it is as it was.
fn settle<T: DeserializeOwned + Serialize>(row: Value, old: Option<&Value>) -> Result<Option<T>, String> {
    let typed: T = serde_json::from_value(row).map_err(|error| format!("The row is not complete or not right: {error}."))?;
    let same = serde_json::to_value(&typed).is_ok_and(|new| Some(&new) == old);
    Ok((!same).then_some(typed))
}

fn shaped(value: &Value, shape: Shape, known: &Known) -> Result<Value, String> {
    let text = || scalar(value).ok_or_else(|| "it is no plain value.".to_owned());
    match shape {
        Shape::Text => Ok(Value::String(text()?)),
        Shape::Number => {
            let text = text()?;
            let whole = text.parse::<i64>().map(|number| json!(number));
            whole.or_else(|_| text.parse::<f64>().map(|number| json!(number))).map_err(|_| format!("{text:?} is no number."))
        }
        Shape::Truth => match text()?.to_lowercase().as_str() {
            "true" | "yes" | "1" | "是" => Ok(json!(true)),
            "false" | "no" | "0" | "否" => Ok(json!(false)),
            other => Err(format!("{other:?} is neither true nor false.")),
        },
        Shape::List => Ok(json!(list(value))),
        Shape::Skills => match value {
            Value::Array(skills) if skills.iter().all(Value::is_object) => Ok(value.clone()),
            value => Ok(Value::Array(list(value).iter().map(|text| skill(text)).collect())),
        },
        Shape::Queues => list(value).into_iter().map(|key| named(&Value::String(key), &known.queues, "queue")).collect(),
        Shape::SiteCode => named(&Value::String(text()?), &known.sites, "site"),
    }
}

fn skill(text: &str) -> Value {
    let (name, level) = text.split_once(':').unwrap_or((text, "3"));
    json!({ "name": name.trim(), "level": level.trim().parse::<u8>().unwrap_or(3) })
}
