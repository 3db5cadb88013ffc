//! Which column means what: by its name in English or Chinese, or as the person says.

use std::collections::BTreeMap;

use crate::base::text::fold;

/// What a column of tickets holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    External,
    Queue,
    Subject,
    Text,
    Requester,
    Email,
    Phone,
    Class,
    Site,
    Language,
    Kind,
    Priority,
    Status,
    Assignee,
    Tag,
    CreatedAt,
    SolvedAt,
    /// A custom field of this name.
    Field(String),
}

const NAMES: &[(Target, &[&str])] = &[
    (Target::External, &["external", "id", "ticket_id", "编号", "工单号"]),
    (Target::Queue, &["queue", "队列"]),
    (Target::Subject, &["subject", "title", "标题", "主题"]),
    (Target::Text, &["text", "body", "description", "content", "内容", "描述"]),
    (Target::Requester, &["requester", "author", "name", "姓名", "客户"]),
    (Target::Email, &["email", "e_mail", "mail", "邮箱", "电子邮件"]),
    (Target::Phone, &["phone", "telephone", "mobile", "电话", "手机", "手机号"]),
    (Target::Class, &["class"]),
    (Target::Site, &["site", "站点", "门店", "油站"]),
    (Target::Language, &["language", "语言"]),
    (Target::Kind, &["kind", "type", "类型"]),
    (Target::Priority, &["priority", "优先级"]),
    (Target::Status, &["status", "状态"]),
    (Target::Assignee, &["assignee", "负责人", "处理人"]),
    (Target::Tag, &["tags", "tag", "标签"]),
    (Target::CreatedAt, &["created", "created_at", "创建时间"]),
    (Target::SolvedAt, &["solved", "solved_at", "解决时间"]),
];

fn normal(name: &str) -> String {
    fold(name.trim()).replace([' ', '-'], "_")
}

/// The target of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<Target> {
    if let Some((_, field)) = name.split_once('.').filter(|(head, field)| head.eq_ignore_ascii_case("field") && !field.trim().is_empty()) {
        return Some(Target::Field(field.trim().to_owned()));
    }
    let name = normal(name);
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(target, _)| target.clone())
}

/// One `--map column=field`; for clap.
///
/// # Errors
/// When it is not of that form, or the field is unknown.
pub fn parse(text: &str) -> Result<(String, Target), String> {
    let (column, name) =
        text.split_once('=').filter(|(column, _)| !column.trim().is_empty()).ok_or("write COLUMN=FIELD, such as product=tag")?;
    let target = by_name(name).ok_or_else(|| {
        let names: Vec<&str> = NAMES.iter().map(|(_, names)| names[0]).collect();
        format!("there is no field {name:?}: use one of {}, or field.NAME", names.join(", "))
    })?;
    Ok((column.trim().to_owned(), target))
}

/// Columns by target. What has no target of its own becomes a custom field, and so does a second column of the same target.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    given: BTreeMap<String, Target>,
}

impl Columns {
    #[must_use]
    pub fn new(given: &[(String, Target)]) -> Self {
        Self { given: given.iter().cloned().collect() }
    }

    /// Columns of `--map` that none of `columns` is.
    pub fn missing<'a>(&'a self, columns: &[&str]) -> Vec<&'a str> {
        self.given.keys().map(String::as_str).filter(|column| !columns.contains(column)).collect()
    }

    /// What each of `columns` is, those that were given first.
    #[must_use]
    pub fn resolve<'a>(&self, columns: impl Iterator<Item = &'a String>) -> Vec<(&'a str, Target)> {
        let mut resolved: Vec<(&str, Target)> = Vec::new();
        let (given, others): (Vec<&String>, Vec<&String>) = columns.partition(|column| self.given.contains_key(*column));
        for column in given {
            resolved.push((column, self.given[column].clone()));
        }
        for column in others {
            let own = Target::Field(column.clone());
            let target = by_name(column).filter(|target| *target == Target::Tag || !resolved.iter().any(|(_, known)| known == target));
            resolved.push((column, target.unwrap_or(own)));
        }
        resolved
    }
}
