//! The door of consoles: many commands, each answered.

use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::person::Presence;
use serde_json::json;

use crate::desk::{TestDesk, assert_refused, refused};

fn submission(command: Command) -> Submission {
    Submission { key: new_id().into(), base_version: None, expires_at: None, command }
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_stops_nothing_after_it() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let commands =
        [Command::ClaimTicket { number: dutydesk::domain::id::TicketNumber(99) }, Command::ClaimTicket { number }].map(submission);
    let answers = desk.ann.post("/api/v1/commands", json!({"commands": commands, "source": "console"})).await.unwrap();
    assert_eq!(answers["answers"][0]["refusal"]["code"], "not_found");
    assert_eq!(answers["answers"][1]["result"]["ticket"], json!(number));
    let audit = desk.ann.get(&format!("/api/v1/tickets/{number}/audit")).await.unwrap();
    assert_eq!(audit["items"].as_array().unwrap().last().unwrap()["source"], "console");
}

#[tokio::test]
async fn the_same_command_again_is_answered_as_before_and_done_once() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let claim = submission(Command::ClaimTicket { number });
    let (first, second) = (desk.ann.submit(claim.clone()).await, desk.ann.submit(claim.clone()).await);
    assert_eq!((first.replayed, second.replayed), (false, true));
    assert_eq!((&first.result, &first.cursor), (&second.result, &second.cursor));
    let other = Submission { command: Command::ReleaseTicket { number, reason: None }, ..claim.clone() };
    assert_eq!(desk.ann.submit(other).await.refusal.unwrap().code, "key_reused");
    assert_eq!(desk.bob.submit(claim).await.refusal.unwrap().code, "key_reused");
}

#[tokio::test]
async fn what_waited_too_long_or_was_based_on_an_old_version_is_not_done() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let late =
        Submission { expires_at: Some(desk.clock.now() - chrono::Duration::seconds(1)), ..submission(Command::ClaimTicket { number }) };
    assert_eq!(desk.ann.submit(late).await.refusal.unwrap().code, "expired");
    let assign = Command::AssignTicket { number, person: desk.bob.person.id };
    let stale = Submission { base_version: Some(0), ..submission(assign) };
    assert_eq!(desk.ann.submit(stale).await.refusal.unwrap().code, "version_conflict");
    assert_eq!(desk.ann.ticket(number).await.assignee, None);
}

#[tokio::test]
async fn too_many_or_no_commands_at_all_are_refused_whole() {
    let desk = TestDesk::new().await;
    let many: Vec<_> = (0..101).map(|_| submission(Command::SetPresence { presence: Presence::Busy })).collect();
    assert_refused(desk.ann.post("/api/v1/commands", json!({"commands": many})).await, 422, "too_many");
    for wrong in [json!({}), json!([]), json!({"commands": [{"command": {"type": "fly"}}]}), json!({"commands": [], "x": 1})] {
        assert_eq!(refused(desk.ann.post("/api/v1/commands", wrong).await).0, 422);
    }
    assert_eq!(desk.ann.post("/api/v1/commands", json!({"commands": []})).await.unwrap()["answers"], json!([]));
}

#[tokio::test]
async fn the_desks_own_commands_are_refused_to_everybody() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    for command in [Command::AutoAssign { number }, Command::FireSlaSteps { number }, Command::CloseTicket { number }] {
        for who in [&desk.admin, &desk.ann, &desk.vic] {
            assert_eq!(who.act(command.clone()).await.unwrap_err().code, "forbidden");
        }
    }
}

#[tokio::test]
async fn rows_made_in_one_call_are_known_to_the_next_command_of_the_same_call() {
    let desk = TestDesk::new().await;
    let queue = crate::fixtures::queue("lamps", None);
    let move_to = |queue| Command::MoveTicket { number: dutydesk::domain::id::TicketNumber(1), queue };
    desk.lead.open("pumps", "Lamp").await;
    let commands = [Command::PutQueue(Box::new(queue.clone())), move_to(queue.id)].map(submission);
    let answers = desk.lead.post("/api/v1/commands", json!({"commands": commands})).await.unwrap();
    assert!(answers["answers"][1]["refusal"].is_null(), "{answers}");
}
