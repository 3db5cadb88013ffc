//! How long and how many: the sizes that texts, tags and fields may have. Rules ask here and refuse with the words made here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Refusal;

pub const SUBJECT_MAX: usize = 300;
/// What a subject taken from a text is cut to.
pub const DERIVED_SUBJECT_MAX: usize = 120;
pub const TEXT_MAX: usize = 65_536;
pub const TAG_MAX: usize = 50;
pub const TAGS_MAX: usize = 30;
pub const FIELD_NAME_MAX: usize = 50;
pub const FIELD_VALUE_MAX: usize = 2_000;
pub const FIELDS_MAX: usize = 100;
pub const EXTERNAL_MAX: usize = 200;
pub const NAME_MAX: usize = 200;
pub const KEY_MAX: usize = 64;

/// Refuses `text` when it is empty or longer than `max` characters.
///
/// # Errors
/// `<field>_empty` or `<field>_too_long`.
pub fn length(text: &str, field: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(&format!("{field}_empty"), field, format!("The {field} is empty: write 1 to {max} characters.")));
    }
    // Bytes are at least as many as characters: most texts need no counting.
    if text.len() > max && text.chars().count() > max {
        let count = text.chars().count();
        let message = format!("The {field} has {count} characters: shorten it to at most {max}.");
        return Err(Refusal::invalid(&format!("{field}_too_long"), field, message));
    }
    Ok(())
}

/// A subject as given, or taken from the text's first line when empty.
///
/// # Errors
/// When it is too long.
pub fn subject(given: &str, text: &str) -> Result<String, Refusal> {
    let given = one_line(given);
    if given.is_empty() {
        return Ok(derived_subject(text));
    }
    length(&given, "subject", SUBJECT_MAX)?;
    Ok(given)
}

/// A subject from outside: cut where a person's would be refused, because nobody is there to shorten it.
#[must_use]
pub fn lenient_subject(given: &str, text: &str) -> String {
    let given = one_line(given);
    if given.is_empty() { derived_subject(text) } else { given.chars().take(SUBJECT_MAX).collect() }
}

fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}

fn derived_subject(text: &str) -> String {
    let line = text.lines().map(one_line).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= DERIVED_SUBJECT_MAX {
        return if line.is_empty() { "(no subject)".to_owned() } else { line };
    }
    let mut cut: String = line.chars().take(DERIVED_SUBJECT_MAX - 1).collect();
    cut.push('…');
    cut
}

/// # Errors
/// When a message's text is empty or too long.
pub fn text(text: &str) -> Result<(), Refusal> {
    length(text, "text", TEXT_MAX)
}

/// # Errors
/// When an id of another system is empty, too long or has control characters.
pub fn external(id: &str, field: &str) -> Result<(), Refusal> {
    length(id, field, EXTERNAL_MAX)?;
    if id.chars().any(char::is_control) {
        let message = format!("The {field} has control characters: send a plain id.");
        return Err(Refusal::invalid("external_invalid", field, message));
    }
    Ok(())
}

/// # Errors
/// When a tag is empty, too long, or has spaces or control characters.
pub fn tag(tag: &str) -> Result<(), Refusal> {
    length(tag, "tag", TAG_MAX)?;
    if tag.chars().any(|c| c.is_whitespace() || c.is_control()) {
        let message = format!("The tag {tag:?} has spaces or control characters: use '-' between words.");
        return Err(Refusal::invalid("tag_invalid", "tag", message));
    }
    Ok(())
}

/// Tags without repeats.
///
/// # Errors
/// When one is wrong or they are too many.
pub fn tags(given: &[String]) -> Result<Vec<String>, Refusal> {
    let mut tags: Vec<String> = Vec::new();
    for one in given {
        tag(one)?;
        if !tags.contains(one) {
            tags.push(one.clone());
        }
    }
    tag_count(tags.len())?;
    Ok(tags)
}

/// # Errors
/// When a ticket would have more tags than it may.
pub fn tag_count(count: usize) -> Result<(), Refusal> {
    if count > TAGS_MAX {
        let message = format!("A ticket has at most {TAGS_MAX} tags: remove one first.");
        return Err(Refusal::invalid("too_many_tags", "tag", message));
    }
    Ok(())
}

/// # Errors
/// When a field's name or value is not acceptable. `null` is for the caller to handle.
pub fn field(name: &str, value: &Value) -> Result<(), Refusal> {
    length(name, "name", FIELD_NAME_MAX)?;
    if name.chars().any(char::is_control) {
        return Err(Refusal::invalid("name_invalid", "name", "The field's name has control characters: use plain letters."));
    }
    match value {
        Value::String(text) if text.chars().count() > FIELD_VALUE_MAX => {
            let message = format!("The value of {name:?} is too long: shorten it to at most {FIELD_VALUE_MAX} characters.");
            Err(Refusal::invalid("value_too_long", "value", message))
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        _ => Err(Refusal::invalid(
            "value_invalid",
            "value",
            format!("The value of {name:?} is no text, number, true or false: send one of these."),
        )),
    }
}

/// Fields as given, without those that are `null`.
///
/// # Errors
/// When one is not acceptable, or they are too many.
pub fn fields(given: &BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, Refusal> {
    let kept: BTreeMap<String, Value> = given.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
    for (name, value) in &kept {
        field(name, value)?;
    }
    field_count(kept.len())?;
    Ok(kept)
}

/// # Errors
/// When a ticket would have more fields than it may.
pub fn field_count(count: usize) -> Result<(), Refusal> {
    if count > FIELDS_MAX {
        let message = format!("A ticket has at most {FIELDS_MAX} fields: remove one first.");
        return Err(Refusal::invalid("too_many_fields", "fields", message));
    }
    Ok(())
}

/// # Errors
/// When a key or handle is not made of lower-case letters, digits and the characters of `also`.
pub fn key(key: &str, field: &str, also: &str) -> Result<(), Refusal> {
    length(key, field, KEY_MAX)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = key.chars().all(|c| plain(c) || also.contains(c)) && key.starts_with(plain) && key.ends_with(plain);
    if fits {
        return Ok(());
    }
    let spaced: Vec<String> = also.chars().map(|c| format!("'{c}'")).collect();
    let message = format!(
        "The {field} {key:?} may hold lower-case letters and digits, with {} only between them: choose another.",
        spaced.join(", ")
    );
    Err(Refusal::invalid(&format!("{field}_invalid"), field, message))
}

/// # Errors
/// When `zone` is no name of the time-zone database.
pub fn time_zone(zone: &str) -> Result<(), Refusal> {
    if zone.parse::<chrono_tz::Tz>().is_ok() {
        return Ok(());
    }
    let near = super::suggest::near(zone, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
    let message = format!("There is no time zone {zone:?}: use an IANA name such as Asia/Shanghai.{near}");
    Err(Refusal::invalid("time_zone_unknown", "time_zone", message))
}

/// # Errors
/// When `tier` is outside 1 to 3.
pub fn tier(tier: u8) -> Result<(), Refusal> {
    if (1..=3).contains(&tier) {
        return Ok(());
    }
    Err(Refusal::invalid("tier_invalid", "tier", format!("There is no tier {tier}: use 1, 2 or 3.")))
}
