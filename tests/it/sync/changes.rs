//! After every kind of change, replicas of an admin, a lead, agents in and out of the queue, an expert and a viewer equal
//! a fresh snapshot and the digest.

use chrono::Duration;
use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Command, CreateConversation, MessageTarget, PostMessage};
use dutydesk::domain::conversation::{ConversationKind, Visibility};
use dutydesk::domain::escalation::{Escalate, Verdict};
use dutydesk::domain::id::{ConversationId, EscalationId, RosterChangeId};
use dutydesk::domain::notice::Notice;
use dutydesk::domain::person::{Presence, Role};
use dutydesk::domain::queue::{Queue, Strategy};
use dutydesk::domain::requester::Site;
use dutydesk::domain::roster::{RosterChange, RosterChangeKind, Rota};
use dutydesk::domain::row::RowKind;
use dutydesk::domain::ticket::{Link, LinkKind, Priority, Status};
use dutydesk::wire::list::Items;
use serde_json::json;

use super::replica::{Replica, check_all};
use crate::desk::{TestDesk, Who};
use crate::fixtures::{person, queue};

async fn queue_of(desk: &TestDesk, key: &str) -> Queue {
    let queues: Items<Queue> = desk.admin.api.get("/api/v1/queues").await.unwrap();
    queues.items.into_iter().find(|queue| queue.key == key).unwrap()
}

/// The desk gives nothing out by itself, so that each step is the only change.
async fn by_hand(desk: &TestDesk) {
    for key in ["pumps", "web"] {
        let queue = Queue { strategy: Strategy::Manual, ..queue_of(desk, key).await };
        desk.lead.act(Command::PutQueue(Box::new(queue))).await.unwrap();
    }
}

fn post(target: MessageTarget, visibility: Visibility, text: &str) -> Command {
    Command::PostMessage(Box::new(PostMessage {
        target,
        message: new_id().into(),
        visibility,
        text: text.into(),
        status: None,
        reply_to: None,
        files: Vec::new(),
        seen: None,
    }))
}

/// Does a command and checks everybody.
async fn step(who: &Who, command: Command, replicas: &mut [Replica]) {
    let name = command.name();
    who.act(command).await.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    check_all(replicas, name).await;
}

#[tokio::test]
async fn replicas_equal_snapshot_and_digest_through_the_life_of_a_ticket() {
    let desk = TestDesk::new().await;
    by_hand(&desk).await;
    let mut all = Replica::of_all(&desk).await;
    let other = desk.ann.open("pumps", "Another pump").await;
    let number = desk.ann.open("pumps", "Pump 4 does not start").await;
    check_all(&mut all, "two new tickets").await;
    let to_ticket = MessageTarget::Ticket { number };
    let commands = [
        (&desk.ann, Command::ClaimTicket { number }),
        (&desk.ann, Command::AcceptTicket { number }),
        (&desk.ann, post(to_ticket, Visibility::Public, "We look at it.")),
        (&desk.bob, post(to_ticket, Visibility::Internal, "@zoe knows pump 4")),
        (&desk.ann, Command::SetPriority { number, priority: Priority::High }),
        (&desk.ann, Command::SetSubject { number, subject: "Pump 4".into() }),
        (&desk.ann, Command::SetField { number, name: "model".into(), value: json!("P-4") }),
        (&desk.ann, Command::AddTag { number, tag: "pump".into() }),
        (&desk.ann, Command::RemoveTag { number, tag: "pump".into() }),
        (&desk.ann, Command::AddParticipant { number, person: desk.zoe.person.id }),
        (&desk.zoe, post(to_ticket, Visibility::Internal, "I am here")),
        (&desk.ann, Command::RemoveParticipant { number, person: desk.zoe.person.id }),
        (&desk.ann, Command::LinkTicket { number, link: Link { kind: LinkKind::RelatesTo, number: other } }),
        (&desk.ann, Command::UnlinkTicket { number, link: Link { kind: LinkKind::RelatesTo, number: other } }),
        (&desk.ann, Command::AssignTicket { number, person: desk.bob.person.id }),
        (&desk.bob, Command::ReleaseTicket { number, reason: Some("lunch".into()) }),
        (&desk.lead, Command::AssignTicket { number, person: desk.bob.person.id }),
        (&desk.bob, Command::SetStatus { number, status: Status::Pending }),
        (&desk.bob, Command::SetStatus { number, status: Status::OnHold }),
        (&desk.bob, Command::SetStatus { number, status: Status::Open }),
        (&desk.bob, Command::SetStatus { number, status: Status::Solved }),
        (&desk.bob, Command::SetStatus { number, status: Status::Open }),
        (&desk.bob, Command::MergeTicket { number: other, into: number }),
        (&desk.bob, Command::MoveTicket { number, queue: desk.web }),
        (&desk.zoe, Command::MoveTicket { number, queue: desk.pumps }),
        (&desk.lead, Command::SetStatus { number, status: Status::Solved }),
    ];
    for (who, command) in commands {
        step(who, command, &mut all).await;
    }
    assert!(all.iter().map(|replica| replica.left).sum::<usize>() > 0, "nothing ever left anybody's sight");
}

#[tokio::test]
async fn a_ticket_that_leaves_the_queue_leaves_its_agents_and_comes_to_the_others() {
    let desk = TestDesk::new().await;
    by_hand(&desk).await;
    let mut all = Replica::of_all(&desk).await;
    let number = desk.ann.open("pumps", "Wrong queue").await;
    check_all(&mut all, "opening").await;
    let held = |all: &[Replica]| all.iter().map(|replica| replica.holds(RowKind::Ticket, &number.to_string())).collect::<Vec<_>>();
    assert_eq!(held(&all), [true, true, true, true, false, false, true, true, true, false]);
    step(&desk.ann, Command::MoveTicket { number, queue: desk.web }, &mut all).await;
    assert_eq!(held(&all), [true, true, false, false, true, false, true, true, false, true]);
}

#[tokio::test]
async fn a_closed_ticket_leaves_every_console_and_is_read_on_the_server() {
    let desk = TestDesk::new().await;
    by_hand(&desk).await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.ann.act(Command::ClaimTicket { number }).await.unwrap();
    desk.ann.act(Command::SetStatus { number, status: Status::Solved }).await.unwrap();
    let mut all = Replica::of_all(&desk).await;
    check_all(&mut all, "solving").await;
    // The job that closes runs every ten minutes and at start: a restart is the quickest.
    let mut desk = desk;
    desk.clock.advance(Duration::days(8));
    desk.stop().await;
    desk.start_again().await;
    desk.lead.until("the ticket closed", async || (desk.lead.ticket(number).await.status == Status::Closed).then_some(())).await;
    let mut all_again = Replica::of_all(&desk).await;
    check_all(&mut all_again, "closing").await;
    assert!(!all_again.iter().any(|replica| replica.holds(RowKind::Ticket, &number.to_string())));
    assert_eq!(desk.ann.ticket(number).await.status, Status::Closed);
}

#[tokio::test]
async fn escalations_follow_their_ticket() {
    let desk = TestDesk::new().await;
    by_hand(&desk).await;
    let mut all = Replica::of_all(&desk).await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.eve.available().await;
    desk.ann.act(Command::ClaimTicket { number }).await.unwrap();
    check_all(&mut all, "claiming").await;
    let call = |escalation, reason: &str| Command::Escalate(Box::new(Escalate::tier(number, escalation, 2, reason.into())));
    let (first, second) = (EscalationId(new_id()), EscalationId(new_id()));
    step(&desk.ann, call(first, "I cannot"), &mut all).await;
    step(&desk.eve, Command::AnswerEscalation { number, escalation: first, accept: false, reason: Some("busy".into()) }, &mut all).await;
    step(&desk.ann, call(second, "please"), &mut all).await;
    step(&desk.eve, Command::AnswerEscalation { number, escalation: second, accept: true, reason: None }, &mut all).await;
    step(&desk.eve, post(MessageTarget::Ticket { number }, Visibility::Internal, "Turn it off and on"), &mut all).await;
    step(&desk.ann, Command::MoveTicket { number, queue: desk.web }, &mut all).await;
    step(&desk.zoe, Command::MoveTicket { number, queue: desk.pumps }, &mut all).await;
    step(&desk.eve, Command::LeaveEscalation { number, escalation: second, result: Verdict::Solved, note: "It was off".into() }, &mut all)
        .await;
    step(&desk.lead, Command::SetStatus { number, status: Status::Solved }, &mut all).await;
}

#[tokio::test]
async fn conversations_read_marks_and_notices_are_synced_to_their_people() {
    let desk = TestDesk::new().await;
    by_hand(&desk).await;
    let mut all = Replica::of_all(&desk).await;
    let make = |kind, title: &str, members| {
        let id = ConversationId(new_id());
        (id, Command::CreateConversation(Box::new(CreateConversation::new(id, kind, title.into(), members))))
    };
    let (ann, zoe) = (desk.ann.person.id, desk.zoe.person.id);
    let (open, open_made) = make(ConversationKind::Channel, "General", vec![]);
    let (closed, closed_made) = make(ConversationKind::Channel, "Secret", vec![ann, zoe]);
    let (direct, direct_made) = make(ConversationKind::Direct, "", vec![ann, zoe]);
    for command in [open_made, closed_made, direct_made] {
        step(&desk.ann, command, &mut all).await;
    }
    for id in [open, closed, direct] {
        step(&desk.ann, post(MessageTarget::Conversation { id }, Visibility::Internal, "Hello @zoe"), &mut all).await;
        step(&desk.zoe, Command::MarkRead { conversation: id, seq: 1 }, &mut all).await;
    }
    let notices: Items<Notice> = desk.zoe.api.get("/api/v1/notices").await.unwrap();
    assert!(!notices.items.is_empty(), "a mention is told");
    for notice in notices.items {
        step(&desk.zoe, Command::DismissNotice { notice: notice.id }, &mut all).await;
    }
    assert!(all.iter().all(|replica| !replica.rows.keys().any(|(kind, _)| *kind == RowKind::Notice)));
}

#[tokio::test]
async fn directory_presence_and_roster_are_synced_to_everybody() {
    let desk = TestDesk::new().await;
    let mut all = Replica::of_all(&desk).await;
    for presence in [Presence::Available, Presence::Busy, Presence::Away, Presence::Offline] {
        step(&desk.ann, Command::SetPresence { presence }, &mut all).await;
    }
    let rotas: Items<Rota> = desk.lead.api.get("/api/v1/rotas").await.unwrap();
    let rota = rotas.items.into_iter().find(|rota| rota.key == "first").unwrap();
    let change = |kind, other, days: i64| RosterChange {
        other_from: None,
        other_to: None,
        state: dutydesk::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: RosterChangeId(new_id()),
        version: 0,
        rota: rota.id,
        kind,
        person: desk.ann.person.id,
        other,
        from: desk.clock.now() + Duration::days(days),
        to: desk.clock.now() + Duration::days(days + 1),
        reason: "family".into(),
        asked_by: desk.ann.person.id,
        cancelled: false,
        created_at: desk.clock.now(),
    };
    let leave = change(RosterChangeKind::Leave, None, 1);
    step(&desk.ann, Command::PutRosterChange(leave.clone()), &mut all).await;
    step(&desk.lead, Command::PutRosterChange(change(RosterChangeKind::Cover, Some(desk.lead.person.id), 3)), &mut all).await;
    let extra = RosterChange { person: desk.lead.person.id, ..change(RosterChangeKind::Extra, None, 5) };
    step(&desk.lead, Command::PutRosterChange(extra), &mut all).await;
    step(&desk.ann, Command::CancelRosterChange { id: leave.id }, &mut all).await;
    step(&desk.lead, Command::PutRota(Box::new(Rota { name: "First line".into(), ..rota })), &mut all).await;
    let extra = queue("lamps", None);
    step(&desk.lead, Command::PutQueue(Box::new(extra.clone())), &mut all).await;
    step(&desk.lead, Command::PutQueue(Box::new(Queue { active: false, ..extra })), &mut all).await;
    let site = Site {
        id: new_id().into(),
        version: 0,
        code: "S-1".into(),
        name: "Station 1".into(),
        region: "North".into(),
        latitude: Some(1.5),
        longitude: None,
    };
    step(&desk.lead, Command::PutSite(site.clone()), &mut all).await;
    step(&desk.lead, Command::PutSite(Site { name: "Station one".into(), ..site }), &mut all).await;
    let mut newcomer = person("nia", Role::Agent, 1, &[desk.pumps]);
    step(&desk.admin, Command::PutPerson(Box::new(newcomer.clone())), &mut all).await;
    newcomer.active = false;
    step(&desk.admin, Command::PutPerson(Box::new(newcomer)), &mut all).await;
}
