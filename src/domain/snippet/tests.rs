//! Choosing and filling snippets.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Snippet;
use super::expand::{About, VARIABLES, check, expand};
use super::select::{by_key, text, usable_by};
use crate::domain::command::Command;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::testing::*;

fn snippet(n: u128, key: &str, owner: Option<u128>, queue: Option<u128>) -> Snippet {
    Snippet {
        id: id(n),
        version: 1,
        key: key.into(),
        title: key.into(),
        owner: owner.map(id),
        queue: queue.map(id),
        texts: BTreeMap::from([("en".into(), format!("hello {n}")), ("zh-CN".into(), format!("你好 {n}"))]),
        active: true,
    }
}

fn put(desk: &mut Desk, who: u128, snippet: Snippet) -> Result<(), String> {
    let actor = desk.who(who);
    desk.run(&actor, &Command::PutSnippet(Box::new(snippet))).map(drop).map_err(|refusal| refusal.code)
}

#[test]
fn ones_own_come_before_the_queues_before_the_desks() {
    let all = [
        snippet(4, "hello", None, None),
        snippet(3, "hello", None, Some(PUMPS)),
        snippet(2, "hello", Some(ANA), None),
        snippet(1, "hello", Some(ANA), Some(PUMPS)),
        snippet(5, "bye", Some(BEN), None),
        Snippet { active: false, ..snippet(6, "old", None, None) },
    ];
    let pick = |who: u128, queue: Option<u128>| by_key(all.iter(), "hello", id(who), queue.map(id)).map(|found| found.id);
    assert_eq!(pick(ANA, Some(PUMPS)), Some(id(1)));
    assert_eq!(pick(ANA, Some(WEB)), Some(id(2)));
    assert_eq!(pick(BEN, Some(PUMPS)), Some(id(3)));
    assert_eq!(pick(BEN, Some(WEB)), Some(id(4)));
    assert_eq!(pick(BEN, None), Some(id(4)));
    let keys = |who: u128| usable_by(all.iter(), id::<PersonId>(who), Some(id::<QueueId>(PUMPS))).len();
    assert_eq!((keys(ANA), keys(BEN)), (1, 2));
    assert!(by_key(all.iter(), "old", id(ANA), None).is_none());
}

#[test]
fn the_language_is_the_tickets_with_a_fallback() {
    let one = snippet(1, "hello", None, None);
    assert_eq!(text(&one, &["zh-CN", "en"]).unwrap().0, "zh-CN");
    assert_eq!(text(&one, &["zh"]).unwrap().0, "zh-CN");
    assert_eq!(text(&one, &["de", "en-GB"]).unwrap().0, "en");
    assert_eq!(text(&one, &[]).unwrap().0, "en");
    let only = Snippet { texts: BTreeMap::from([("de".into(), "Hallo".into())]), ..one };
    assert_eq!(text(&only, &["fr"]).unwrap(), ("de", "Hallo"));
}

#[test]
fn variables_are_filled_and_empty_ones_told() {
    let mut desk = Desk::new();
    desk.create();
    let me = &desk.directory.people[&id(ANA)];
    let ticket = desk.ticket(1);
    let queue = &desk.directory.queues[&ticket.queue];
    let about = About { me, ticket: Some(ticket), queue: Some(queue), assignee: None, base_url: Some("https://desk/"), now: "10:00" };
    let said = "Dear {{ requester.name }}, #{{ticket.number}} {{ticket.subject}} ({{ticket.status}}) is in {{queue.name}}. {{me.name}} {{assignee.name}}{{assignee.name}}";
    let done = expand(said, &about).unwrap();
    assert_eq!(done.text, "Dear Shop 1, #1 Pump 4 does not start (new) is in pumps. ANA ");
    assert_eq!(done.empty, ["assignee.name"]);
    let refused = expand("{{requester.nam}}", &about).unwrap_err();
    assert_eq!(refused.code, "unknown_variable");
    assert!(refused.message.contains("Did you mean requester.name"), "{}", refused.message);
    assert_eq!(expand("a {{ b\n}} {x} {{", &about).unwrap().text, "a {{ b\n}} {x} {{");
}

#[test]
fn a_snippet_with_an_unknown_variable_is_not_kept() {
    let mut desk = Desk::new();
    let mut wrong = snippet(1, "hello", Some(ANA), None);
    wrong.texts.insert("en".into(), "{{nobody}}".into());
    assert_eq!(put(&mut desk, ANA, wrong), Err("unknown_variable".into()));
    assert_eq!(put(&mut desk, ANA, snippet(2, "hello", Some(ANA), None)), Ok(()));
    assert_eq!(put(&mut desk, ANA, snippet(3, "hello", Some(ANA), None)), Err("taken".into()));
    assert_eq!(put(&mut desk, BEN, snippet(2, "hello", Some(ANA), None)), Err("forbidden".into()));
    assert_eq!(put(&mut desk, ANA, snippet(4, "hello", None, None)), Err("forbidden".into()));
    assert_eq!(put(&mut desk, LEA, snippet(4, "hello", None, None)), Ok(()));
}

proptest! {
    #[test]
    fn any_text_is_expanded_or_refused_and_plain_text_stays(text in "\\PC{0,60}") {
        let desk = Desk::new();
        let me = &desk.directory.people[&id(ANA)];
        let about = About { me, ticket: None, queue: None, assignee: None, base_url: None, now: "" };
        match expand(&text, &about) {
            Ok(done) if !text.contains("{{") => prop_assert_eq!(done.text, text),
            Ok(_) => prop_assert!(check(&text).is_ok()),
            Err(refusal) => prop_assert_eq!(refusal.code, "unknown_variable"),
        }
    }

    #[test]
    fn every_variable_there_is_is_known(at in 0..VARIABLES.len()) {
        let name = VARIABLES[at];
        prop_assert!(check(&["{{", name, "}}"].concat()).is_ok());
    }
}
