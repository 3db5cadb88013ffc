//! Being told, reminded and handing over, over HTTP on a real server whose clock is moved.

use dutydesk::base::clock::new_id;
use dutydesk::domain::command::Command;
use dutydesk::domain::handover::HandoverState;
use dutydesk::domain::notice::{Notice, NoticeKind};
use dutydesk::domain::roster::{Rota, ShiftType};
use dutydesk::wire::list::Items;
use serde_json::{Value, json};

use crate::desk::{TestDesk, Who, assert_refused};
use crate::fixtures::rota;

/// Ann has the nights and Bob the days, from eight to eight.
fn shifts(desk: &TestDesk) -> Rota {
    let plain = rota("floor", 1, &[desk.pumps], &[desk.ann.person.id, desk.bob.person.id], Some(desk.lead.person.id));
    let shift_type = |code: &str, start: &str, end: &str| ShiftType {
        code: code.into(),
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
        ..plain.shift_types[0].clone()
    };
    let week = |code: &str| vec![Some(code.to_owned()); 7];
    let mut rota = Rota {
        shift_types: vec![shift_type("N", "20:00:00", "08:00:00"), shift_type("D", "08:00:00", "20:00:00")],
        // The desk's clock begins in a week of the first seven days.
        pattern: [week("N"), week("D")].concat(),
        ..plain.clone()
    };
    rota.members[1].offset_days = 7;
    rota
}

async fn notices(who: &Who) -> Vec<Notice> {
    who.api.get::<Items<Notice>>("/api/v1/notices").await.unwrap().items
}

async fn reminders(who: &Who) -> Vec<NoticeKind> {
    notices(who).await.into_iter().map(|notice| notice.kind).filter(|kind| matches!(kind, NoticeKind::Reminder { .. })).collect()
}

#[tokio::test]
async fn a_reminder_is_told_once_at_its_time_and_after_a_restart_too() {
    let mut desk = TestDesk::new().await;
    let at = desk.clock.now() + chrono::Duration::hours(2);
    let (first, second, third) = (new_id(), new_id(), new_id());
    for (id, text) in [(first, "ring Shop 1"), (second, "never"), (third, "later")] {
        let at = if id == third { at + chrono::Duration::hours(2) } else { at };
        desk.ann.put(&format!("/api/v1/reminders/{id}"), json!({"at": at, "text": text})).await.unwrap();
    }
    desk.ann.api.call::<_, Value>(reqwest::Method::DELETE, &format!("/api/v1/reminders/{second}"), &()).await.unwrap();
    assert_eq!(desk.ann.get("/api/v1/reminders").await.unwrap()["items"].as_array().unwrap().len(), 2);
    assert_eq!(desk.bob.get("/api/v1/reminders").await.unwrap()["items"], json!([]), "one's own alone");
    desk.pass(7_199).await;
    assert_eq!(reminders(&desk.ann).await, [], "never early");
    desk.clock.advance(chrono::Duration::seconds(1));
    desk.poke().await;
    let told = async || Some(reminders(&desk.ann).await).filter(|told| !told.is_empty());
    let told = desk.ann.until("the reminder", told).await;
    assert_eq!(told, [NoticeKind::Reminder { text: "ring Shop 1".into() }]);
    desk.poke().await;
    assert_eq!(reminders(&desk.ann).await.len(), 1, "once");
    desk.stop().await;
    desk.clock.advance(chrono::Duration::hours(5));
    desk.start_again().await;
    let told = async || Some(reminders(&desk.ann).await).filter(|told| told.len() == 2);
    desk.ann.until("what came due meanwhile", told).await;
    assert_refused(desk.ann.put(&format!("/api/v1/reminders/{}", new_id()), json!({"at": at, "text": "past"})).await, 422, "at_invalid");
}

#[tokio::test]
async fn a_promise_found_in_a_reply_is_confirmed_and_told_when_it_is_due() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/claim"), json!({})).await.unwrap();
    let path = format!("/api/v1/tickets/{number}/messages");
    let body = json!({"visibility": "public", "text": "We will send the part within 2 hours. 谢谢！"});
    desk.ann.post(&path, body).await.unwrap();
    let path = format!("/api/v1/tickets/{number}/follow-ups");
    let found = desk.ann.get(&path).await.unwrap();
    assert_eq!((&found["set"], &found["found"][0]["confidence"]), (&json!([]), &json!("high")));
    let one = &found["found"][0];
    let body = json!({"at": one["at"], "text": one["text"], "message": one["message"]});
    let id = new_id();
    desk.ann.put(&format!("{path}/{id}"), body.clone()).await.unwrap();
    let after = desk.ann.get(&path).await.unwrap();
    assert_eq!((after["set"].as_array().unwrap().len(), &after["found"]), (1, &json!([])), "confirmed, it is proposed no more");
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    desk.pass(2 * 3_600).await;
    let due = async || notices(&desk.ann).await.into_iter().find(|notice| matches!(notice.kind, NoticeKind::FollowUpDue { .. }));
    assert_eq!(desk.ann.until("that it is due", due).await.ticket, Some(number));
    let mut done = body;
    done["done"] = json!(true);
    desk.ann.put(&format!("{path}/{id}"), done).await.unwrap();
    assert_eq!(desk.ann.get(&path).await.unwrap()["set"][0]["done"], json!(true));
}

#[tokio::test]
async fn a_handover_is_drafted_before_the_shift_ends_signed_and_missed_when_it_is_not() {
    let mut desk = TestDesk::new().await;
    desk.admin.act(Command::PutRota(Box::new(shifts(&desk)))).await.unwrap();
    let number = desk.ann.open("pumps", "Pump 4 leaks").await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/claim"), json!({})).await.unwrap();
    let draft = desk.ann.get("/api/v1/handovers/draft?rota=floor").await.unwrap();
    assert_eq!((&draft["work"][0]["ticket"], &draft["to"]), (&json!(number), &json!("2026-11-21T08:00:00Z")));
    assert_eq!((&draft["outgoing"], &draft["incoming"]), (&json!([desk.ann.person.id]), &json!([desk.bob.person.id])));
    assert_refused(desk.ann.get("/api/v1/handovers/draft?rota=first").await, 422, "invalid");
    assert_eq!(desk.ann.get("/api/v1/handovers").await.unwrap()["items"], json!([]), "a look keeps nothing");
    assert_refused(desk.zoe.get("/api/v1/handovers/draft?rota=floor").await, 404, "not_found");
    let to: chrono::DateTime<chrono::Utc> = serde_json::from_value(draft["to"].clone()).unwrap();
    desk.stop().await;
    desk.clock.advance(to - chrono::Duration::minutes(10) - desk.clock.now());
    desk.start_again().await;
    let drafted = async || notices(&desk.ann).await.into_iter().find(|notice| matches!(notice.kind, NoticeKind::HandoverDrafted { .. }));
    desk.ann.until("the drafted handover", drafted).await;
    let list = desk.ann.get("/api/v1/handovers?rota=floor").await.unwrap();
    let path = format!("/api/v1/handovers/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(list["items"][0]["id"], draft["id"], "the same change of shift is the same handover");
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    let watch = json!({"notes": "All calm.", "watch": [{"ticket": number, "note": "calls again"}]});
    desk.ann.patch(&path, watch).await.unwrap();
    desk.ann.post("/api/v1/handovers", json!({"rota": "floor"})).await.unwrap();
    assert_eq!(desk.lead.get(&path).await.unwrap()["notes"], json!("All calm."), "a fresh draft keeps what was written");
    desk.ann.post(&format!("{path}/sign"), json!({})).await.unwrap();
    assert_refused(desk.ann.patch(&path, json!({"notes": "more"})).await, 409, "handover_signed");
    desk.stop().await;
    desk.clock.advance(chrono::Duration::minutes(30));
    desk.start_again().await;
    let missed = async || notices(&desk.lead).await.into_iter().find(|notice| matches!(notice.kind, NoticeKind::HandoverUnsigned { .. }));
    desk.lead.until("that nobody read it", missed).await;
    desk.lead.post(&format!("{path}/sign"), json!({})).await.unwrap();
    let kept: dutydesk::domain::handover::Handover = desk.lead.api.get(&path).await.unwrap();
    assert_eq!((kept.state, kept.signatures.len()), (HandoverState::Accepted, 2));
}

#[tokio::test]
async fn a_shift_that_ended_while_no_server_ran_is_handed_over_when_one_runs_again() {
    let mut desk = TestDesk::new().await;
    desk.admin.act(Command::PutRota(Box::new(shifts(&desk)))).await.unwrap();
    let draft = desk.ann.get("/api/v1/handovers/draft?rota=floor").await.unwrap();
    let to: chrono::DateTime<chrono::Utc> = serde_json::from_value(draft["to"].clone()).unwrap();
    for (before, (end, minutes)) in [(to, -10), (to + chrono::Duration::days(1), 20)].into_iter().enumerate() {
        desk.stop().await;
        desk.clock.advance(end + chrono::Duration::minutes(minutes) - desk.clock.now());
        desk.start_again().await;
        let drafted = async || {
            let list = desk.lead.get("/api/v1/handovers?rota=floor").await.unwrap();
            (list["items"].as_array().unwrap().len() > before).then_some(list)
        };
        let list = desk.lead.until("the handover", drafted).await;
        assert_eq!(list["items"][0]["to"], json!(end), "{list}");
    }
}

#[tokio::test]
async fn settings_are_ones_own() {
    let desk = TestDesk::new().await;
    let mut settings = desk.ann.get("/api/v1/notices/settings").await.unwrap();
    assert_eq!(settings["terminal"], json!("auto"));
    settings["quiet"] = json!({"from": "22:00:00", "to": "07:00:00"});
    settings["levels"] = json!({"assigned": "bell"});
    desk.ann.put("/api/v1/notices/settings", settings.clone()).await.unwrap();
    let kept = desk.ann.get("/api/v1/notices/settings").await.unwrap();
    assert_eq!((&kept["quiet"]["from"], &kept["levels"]["assigned"]), (&json!("22:00:00"), &json!("bell")));
    assert_refused(desk.bob.put("/api/v1/notices/settings", settings.clone()).await, 403, "forbidden");
    settings["levels"] = json!({"asigned": "bell"});
    assert_refused(desk.ann.put("/api/v1/notices/settings", settings).await, 422, "event_unknown");
}
