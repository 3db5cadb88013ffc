//! Examples for the OpenAPI description, made from the schemas: a body without an example of its own gets one that the
//! server would read. Nothing here knows a single route.

use serde_json::{Map, Value, json};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// Schemas nest; deeper than this an example says `null`.
const DEPTH_MAX: usize = 12;

/// Gives every body of a request and every body of a success an example, where it has none.
pub fn add(api: &mut OpenApi) {
    let document = serde_json::to_value(&*api).expect("a description is plain data");
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.head, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            for content in contents(operation) {
                if content.example.is_none() && content.examples.is_empty() {
                    let schema = serde_json::to_value(&content.schema).expect("a schema is plain data");
                    content.example = Some(sample(&document, &schema, 0));
                }
            }
        }
    }
}

fn contents(operation: &mut Operation) -> Vec<&mut Content> {
    let mut found = Vec::new();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        found.extend(body.content.values_mut());
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            found.extend(response.content.values_mut());
        }
    }
    found.into_iter().filter_map(|content| if let RefOr::T(content) = content { Some(content) } else { None }).collect()
}

/// A value that fits `schema`.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    if let Some(example) = schema.get("example").or_else(|| schema.get("examples").and_then(|all| all.get(0))) {
        return example.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let found = name.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        return found.map_or(Value::Null, |schema| sample(document, schema, depth + 1));
    }
    if let Some(first) = schema.get("enum").or_else(|| schema.get("const")).map(|words| words.get(0).unwrap_or(words)) {
        return first.clone();
    }
    for word in ["oneOf", "anyOf"] {
        let choices = schema.get(word).and_then(Value::as_array).into_iter().flatten();
        if let Some(choice) = choices.into_iter().find(|choice| choice.get("type").is_none_or(|kind| kind != "null")) {
            return sample(document, choice, depth + 1);
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            match sample(document, part, depth + 1) {
                Value::Object(part) => whole.extend(part),
                other => return other,
            }
        }
        return Value::Object(whole);
    }
    of_type(document, schema, depth)
}

fn of_type(document: &Value, schema: &Value, depth: usize) -> Value {
    let kinds = schema.get("type");
    let kind =
        kinds.and_then(|kinds| kinds.as_str().or_else(|| kinds.as_array()?.iter().filter_map(Value::as_str).find(|kind| *kind != "null")));
    match kind {
        Some("string") => json!(text(schema.get("format").and_then(Value::as_str))),
        Some("integer") => json!(schema.get("minimum").and_then(Value::as_i64).unwrap_or(1).max(1)),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("array") => Value::Array(schema.get("items").map(|items| sample(document, items, depth + 1)).into_iter().collect()),
        Some("object") => {
            let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            Value::Object(fields.map(|(name, field)| (name.clone(), sample(document, field, depth + 1))).collect())
        }
        _ => Value::Null,
    }
}

fn text(format: Option<&str>) -> &'static str {
    match format {
        Some("uuid") => "019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5b",
        Some("date-time") => "2026-11-21T03:00:00Z",
        Some("date") => "2026-11-21",
        Some("time") => "08:00:00",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_fit_their_schemas() {
        let document = json!({"components": {"schemas": {"Id": {"type": "string", "format": "uuid"}}}});
        let schema = json!({"type": "object", "properties": {
            "id": {"$ref": "#/components/schemas/Id"},
            "word": {"type": "string", "enum": ["open", "closed"]},
            "maybe": {"oneOf": [{"type": "null"}, {"type": "integer"}]},
            "many": {"type": "array", "items": {"type": ["string", "null"], "example": "x"}},
        }});
        let wanted = json!({"id": "019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5b", "word": "open", "maybe": 1, "many": ["x"]});
        assert_eq!(sample(&document, &schema, 0), wanted);
    }

    #[test]
    fn a_schema_that_holds_itself_ends() {
        let document = json!({"components": {"schemas": {"Loop": {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}}}});
        assert!(sample(&document, &json!({"$ref": "#/components/schemas/Loop"}), 0).is_array());
    }
}
