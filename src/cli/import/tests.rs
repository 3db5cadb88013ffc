//! Files as people have them: quotes, marks, broken bytes, missing columns, two languages.

use std::path::Path;

use chrono::{TimeZone, Utc};
use proptest::prelude::*;
use serde_json::json;

use super::directory::{self, Known};
use super::map::{self, Columns, Target};
use super::read::{BadRow, Record, Row, read};
use super::row::{self, Source};
use super::*;
use crate::domain::command::ImportTicket;
use crate::domain::ticket::{Priority, Status};

fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

fn csv(text: &[u8]) -> Vec<Row> {
    read(Path::new("file.csv"), text).unwrap()
}

fn ticket_with(record: &Record, columns: &Columns) -> Result<ImportTicket, BadRow> {
    row::ticket(record, &Source { file: "file.csv", queue: Some("orders"), columns, now: now() })
}

fn ticket_of(text: &str) -> ImportTicket {
    let rows = csv(text.as_bytes());
    ticket_with(rows[0].as_ref().unwrap(), &Columns::default()).unwrap()
}

fn args(file: &str, kind: Kind) -> Args {
    Args { file: file.into(), kind, queue: Some("orders".to_owned()), map: Vec::new(), dry_run: true }
}

fn prepared(text: &str) -> (Vec<Ready>, Report) {
    let mut report = Report::default();
    let records = csv(text.as_bytes()).into_iter().filter_map(Result::ok).collect();
    let args = args("file.csv", Kind::Tickets);
    let ready = prepare(&args, &Columns::default(), records, &Known::default(), now(), &mut report);
    (ready, report)
}

#[test]
fn quotes_hold_commas_quotes_and_line_breaks_and_lines_are_counted() {
    let rows = csv(b"text,product\r\n\"a, \"\"b\"\"\nc\",x\r\nd,y\r\n\r\ne,z");
    let rows: Vec<Record> = rows.into_iter().map(Result::unwrap).collect();
    assert_eq!(rows[0].cells["text"], "a, \"b\"\nc");
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4, 6]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    let rows = csv("\u{feff}标题,内容\n坏了,油枪坏了\n".as_bytes());
    assert_eq!(rows[0].as_ref().unwrap().cells["标题"], "坏了");
}

#[test]
fn a_broken_row_is_named_with_its_line_and_the_others_are_read() {
    let rows = csv(b"text,product\ngood,x\nbad \xff,x\nonly one\ngood,y\n");
    let bad: Vec<&BadRow> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!((bad[0].line, bad[1].line), (3, 4));
    assert!(bad[0].reason.contains("\"text\" is not UTF-8"), "{bad:?}");
    assert!(bad[1].reason.contains("1 cells, the heading 2"), "{bad:?}");
}

#[test]
fn json_lines_are_known_by_extension_or_first_character() {
    let text = b"{\"text\": \"a\"}\n\n[1]\n{\"text\": 3}\n";
    for name in ["a.jsonl", "a.txt", "a"] {
        let rows = read(Path::new(name), text).unwrap();
        assert_eq!(rows.len(), 3, "{name}");
        assert_eq!(rows[1].as_ref().unwrap_err().line, 3);
        assert_eq!(rows[2].as_ref().unwrap().line, 4);
    }
}

#[test]
fn an_empty_file_and_a_repeated_column_are_refused_in_a_sentence() {
    assert!(read(Path::new("a.csv"), b"\xef\xbb\xbf \n").unwrap_err().to_string().contains("is empty"));
    assert!(read(Path::new("a.csv"), b"x,x\n1,2\n").unwrap_err().to_string().contains("twice"));
}

#[test]
fn columns_are_found_in_english_and_chinese() {
    let english = ticket_of("ID,Title,Body,Author,E-Mail,Priority,Tags\n7,Broken,It leaks,Ann,Ann@X.example,HIGH,\"a b;c\"\n");
    assert_eq!((english.external.as_str(), english.subject.as_str()), ("7", "Broken"));
    assert_eq!((english.priority, english.tags), (Priority::High, vec!["a-b".to_owned(), "c".to_owned()]));
    assert_eq!(english.requester.external, "ann@x.example");
    let chinese = ticket_of("标题,内容,姓名,电话,优先级,状态,创建时间\n坏了,油枪坏了,王伟,139,紧急,已解决,2026/11/20 08:30\n");
    assert_eq!((chinese.priority, chinese.status), (Priority::Urgent, Status::Solved));
    assert_eq!((chinese.requester.external.as_str(), chinese.requester.language.as_deref()), ("139", Some("zh-CN")));
    assert_eq!(chinese.created_at, Utc.with_ymd_and_hms(2026, 11, 20, 8, 30, 0).unwrap());
}

#[test]
fn other_columns_become_fields_and_map_says_otherwise() {
    let rows = csv(b"text,product,note\nIt leaks,Pump,\n");
    let record = rows[0].as_ref().unwrap();
    let plain = ticket_with(record, &Columns::default()).unwrap();
    assert_eq!(plain.fields, [("product".to_owned(), json!("Pump"))].into());
    let columns = Columns::new(&[map::parse("product=tag").unwrap(), map::parse("note=field.remark").unwrap()]);
    let mapped = ticket_with(record, &columns).unwrap();
    assert_eq!((mapped.tags, mapped.fields.len()), (vec!["Pump".to_owned()], 0));
}

#[test]
fn a_second_column_of_one_meaning_stays_as_a_field() {
    let ticket = ticket_of("body,text\nlong,short\n");
    assert_eq!(ticket.messages[0].text, "long");
    assert_eq!(ticket.fields["text"], "short");
}

#[test]
fn a_wrong_map_is_explained() {
    assert!(map::parse("product").unwrap_err().contains("COLUMN=FIELD"));
    assert!(map::parse("product=nonsense").unwrap_err().contains("field.NAME"));
    assert_eq!(map::parse("a=field.x").unwrap().1, Target::Field("x".to_owned()));
    let columns = Columns::new(&[("absent".to_owned(), Target::Text)]);
    assert_eq!(columns.missing(&["text"]), ["absent"]);
}

#[test]
fn a_row_without_text_or_with_a_wrong_word_says_so() {
    for (text, reason) in [
        ("product\nx\n", "no text"),
        ("text,priority\na,whenever\n", "\"whenever\" is no priority"),
        ("text,created\na,yesterday\n", "\"yesterday\" is no date"),
    ] {
        let rows = csv(text.as_bytes());
        let bad = ticket_with(rows[0].as_ref().unwrap(), &Columns::default()).unwrap_err();
        assert!(bad.line == 2 && bad.reason.contains(reason), "{bad:?}");
    }
}

#[test]
fn the_subject_is_the_first_sentence_cut_to_a_list_s_width() {
    assert_eq!(ticket_of("text\nPump 4.5 leaks. Come soon!\n").subject, "Pump 4.5 leaks");
    assert_eq!(ticket_of("text\n油枪坏了。请快来。\n").subject, "油枪坏了");
    let long = ticket_of(&format!("text\n{}\n", "长".repeat(500)));
    assert_eq!(long.subject.chars().count(), 120);
    assert!(long.subject.ends_with('…'));
}

#[test]
fn a_huge_cell_is_read_whole() {
    let text = "x".repeat(3_000_000);
    assert_eq!(ticket_of(&format!("text\n{text}\n")).messages[0].text.len(), text.len());
}

#[test]
fn rows_without_an_id_are_known_again_by_their_content() {
    let (first, later) = ("text,product\na,x\n", "product,text\nx,a\n");
    assert_eq!(ticket_of(first).external, ticket_of(later).external);
    assert_ne!(ticket_of(first).external, ticket_of("text,product\na,y\n").external);
    let nobody = ticket_of(first).requester;
    assert_eq!((nobody.external.as_str(), nobody.name.as_deref()), ("import:file.csv", Some("Unknown (file.csv)")));
}

#[test]
fn the_same_row_twice_is_one_ticket_and_one_id_for_two_rows_is_refused() {
    let (ready, report) = prepared("id,text\n1,a\n1,a\n1,b\n2,b\n");
    assert_eq!(ready.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
    assert_eq!((report.unchanged, report.bad.len()), (1, 1));
    assert!(report.bad[0].line == 4 && report.bad[0].reason.contains("Line 2"), "{:?}", report.bad);
}

#[test]
fn a_person_keeps_what_the_file_does_not_name() {
    let rows = csv(b"handle,name,queues,skills\nli.na,Li Na,orders,pumps:4;tills\n");
    let record = rows[0].as_ref().unwrap();
    let queue = uuid::Uuid::from_u128(7);
    let mut known = Known::default();
    assert!(directory::person(record, &known).unwrap_err().reason.contains("no queue \"orders\""));
    known.queues.insert("orders".to_owned(), json!({ "id": queue }));
    let Some(Command::PutPerson(made)) = directory::person(record, &known).unwrap() else { panic!("a new person") };
    assert_eq!((made.queues[0].0, made.capacity, made.skills[0].level, made.skills[1].level), (queue, 8, 4, 3));
    let mut old = serde_json::to_value(&*made).unwrap();
    known.people.insert("li.na".to_owned(), old.clone());
    assert_eq!(directory::person(record, &known), Ok(None));
    old["capacity"] = json!(3);
    old["name"] = json!("Na");
    known.people.insert("li.na".to_owned(), old);
    let Some(Command::PutPerson(changed)) = directory::person(record, &known).unwrap() else { panic!("a changed person") };
    assert_eq!((changed.id, changed.capacity, changed.name.as_str()), (made.id, 3, "Li Na"));
}

#[test]
fn a_rota_names_people_by_handle() {
    let text = br#"{"key":"r","name":"R","time_zone":"UTC","queues":[],"shift_types":[],"pattern":[null],"starts_on":"2026-01-01","members":["li.na",{"person":"@li.na","offset_days":3}]}"#;
    let rows = read(Path::new("r.jsonl"), text).unwrap();
    let record = rows[0].as_ref().unwrap();
    let mut known = Known::default();
    assert!(directory::rota(record, &known).unwrap_err().reason.contains("no person \"li.na\""));
    known.people.insert("li.na".to_owned(), json!({ "id": uuid::Uuid::from_u128(5) }));
    let Some(Command::PutRota(rota)) = directory::rota(record, &known).unwrap() else { panic!("a new rota") };
    assert_eq!((rota.members[0].offset_days, rota.members[1].offset_days), (0, 3));
    assert_eq!(rota.members[0].person, rota.members[1].person);
    known.rotas.insert("r".to_owned(), serde_json::to_value(&*rota).unwrap());
    assert_eq!(directory::rota(record, &known), Ok(None));
}

proptest! {
    #[test]
    fn any_bytes_give_rows_or_a_sentence(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in "(a.csv|a.jsonl|a)") {
        if let Ok(rows) = read(Path::new(&name), &bytes) {
            for record in rows.into_iter().flatten() {
                let _ = ticket_with(&record, &Columns::default());
            }
        }
    }
}
