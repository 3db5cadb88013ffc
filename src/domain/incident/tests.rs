//! A whole incident, played against the rules.

use super::preview::{BroadcastText, plan};
use super::{Excluded, TargetState};
use crate::domain::command::{Command, CreateTicket, ReceiveMessage, RequesterInput, SendBroadcast};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::notice::NoticeKind;
use crate::domain::testing::{ANA, BEN, CHANNEL, Desk, EVE, JOB, LEA, OUT, VIC, id};
use crate::domain::ticket::Status;

pub fn desk() -> Desk {
    Desk::new()
}

fn create(desk: &mut Desk, subject: &str) -> TicketNumber {
    let create = CreateTicket { subject: subject.into(), text: subject.into(), ..desk.creation() };
    let actor = desk.who(ANA);
    desk.run(&actor, &Command::CreateTicket(Box::new(create))).unwrap().ticket.unwrap()
}

fn act(desk: &mut Desk, who: u128, command: Command) -> Result<(), String> {
    let actor = desk.who(who);
    desk.run(&actor, &command).map(drop).map_err(|refusal| refusal.code)
}

fn job(desk: &mut Desk, command: Command) {
    desk.run(&JOB, &command).unwrap();
}

fn declare(number: TicketNumber) -> Command {
    Command::DeclareMajor { number, update_every_secs: Some(600), channel: id(900) }
}

/// A major incident by Ana with this subject.
pub fn declared(desk: &mut Desk, subject: &str) -> TicketNumber {
    let number = create(desk, subject);
    act(desk, ANA, declare(number)).unwrap();
    number
}

fn tie(desk: &mut Desk, number: TicketNumber, incident: TicketNumber) {
    act(desk, ANA, Command::TieTicket { number, incident }).unwrap();
}

fn text(text: &str) -> BroadcastText {
    BroadcastText { text: text.into(), ..BroadcastText::default() }
}

fn send(number: TicketNumber, broadcast: u128, body: BroadcastText) -> Command {
    Command::SendBroadcast(Box::new(SendBroadcast { number, broadcast: id(broadcast), body, expected: None }))
}

fn deliver_all(desk: &mut Desk, broadcast: u128) {
    let id: BroadcastId = id(broadcast);
    let tickets: Vec<_> = desk.targets.keys().filter(|key| key.0 == id).map(|key| key.1).collect();
    for number in tickets {
        job(desk, Command::DeliverBroadcast { number, broadcast: id });
    }
}

fn public(desk: &Desk, number: TicketNumber) -> Vec<String> {
    let of = |message: &&crate::domain::conversation::Message| {
        message.ticket == Some(number) && message.visibility == Visibility::Public && matches!(message.author, Author::Person { .. })
    };
    desk.messages.iter().filter(of).map(|message| message.text.clone()).collect()
}

#[test]
fn declaring_makes_a_channel_and_tells_the_lead() {
    let mut desk = desk();
    let number = create(&mut desk, "Card payments time out");
    assert_eq!(act(&mut desk, VIC, declare(number)), Err("forbidden".into()), "who only reads declares nothing");
    assert_eq!(act(&mut desk, OUT, declare(number)), Err("not_found".into()));
    act(&mut desk, ANA, declare(number)).unwrap();
    let ticket = desk.ticket(number.0).clone();
    let major = ticket.major.unwrap();
    assert_eq!((major.declared_by, major.next_update_at), (id(ANA), Some(desk.now + chrono::Duration::seconds(600))));
    let channel = &desk.conversations[&id(900)];
    assert_eq!(channel.incident, Some(number));
    assert!(channel.members.contains(&id(LEA)) && channel.members.contains(&id(ANA)));
    assert!(desk.told(LEA).contains(&NoticeKind::IncidentDeclared));
    // Again: only the schedule changes, and only by who runs it.
    let other = Command::DeclareMajor { number, update_every_secs: None, channel: id(901) };
    assert_eq!(act(&mut desk, BEN, other.clone()), Err("forbidden".into()));
    act(&mut desk, ANA, other).unwrap();
    assert_eq!(desk.ticket(number.0).major.as_ref().unwrap().next_update_at, None);
    assert!(!desk.conversations.contains_key(&id(901)));
    let bad = Command::DeclareMajor { number, update_every_secs: Some(5), channel: id(901) };
    assert_eq!(act(&mut desk, ANA, bad), Err("update_every_invalid".into()));
}

#[test]
fn ties_are_by_hand_and_to_incidents_alone() {
    let mut desk = desk();
    let (plain, incident) = (create(&mut desk, "a pump"), declared(&mut desk, "Card payments time out"));
    let other = create(&mut desk, "something else");
    let refused = |desk: &mut Desk, number, incident| act(desk, ANA, Command::TieTicket { number, incident }).unwrap_err();
    assert_eq!(refused(&mut desk, incident, incident), "tie_to_itself");
    assert_eq!(refused(&mut desk, other, plain), "not_major");
    tie(&mut desk, other, incident);
    tie(&mut desk, other, incident);
    assert_eq!(act(&mut desk, ANA, declare(other)), Err("tied".into()));
    assert!(desk.messages.iter().any(|message| message.conversation == id(900) && message.text.contains("tied #3")));
    act(&mut desk, ANA, Command::UntieTicket { number: other }).unwrap();
    assert_eq!(desk.ticket(other.0).incident, None);
    assert!(desk.messages.iter().any(|message| message.conversation == id(900) && message.text.contains("untied #3")));
    act(&mut desk, ANA, Command::StandDown { number: incident }).unwrap();
    assert_eq!(refused(&mut desk, other, incident), "not_major");
}

#[test]
fn what_looks_alike_is_proposed_and_never_tied_by_itself() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let (alike, other) = (create(&mut desk, "payment by card: time out"), create(&mut desk, "milk powder is torn"));
    assert_eq!((desk.ticket(alike.0).looks_like, desk.ticket(alike.0).incident), (Some(incident), None));
    assert_eq!(desk.ticket(other.0).looks_like, None);
    let intake = desk.intake();
    let receive = ReceiveMessage {
        channel: id(CHANNEL),
        thread: "t".into(),
        external: "m".into(),
        author: RequesterInput { external: "shop:9".into(), ..RequesterInput::default() },
        text: "Hello, all card payments time out at our till".into(),
        subject: None,
        attachments: Vec::new(),
        kind: Some(crate::domain::ticket::Kind::Incident),
        priority: None,
        fields: std::collections::BTreeMap::new(),
    };
    let third = desk.run(&intake, &Command::ReceiveMessage(Box::new(receive))).unwrap().ticket.unwrap();
    assert_eq!(desk.ticket(third.0).looks_like, Some(incident));
    act(&mut desk, ANA, Command::AnswerLikeness { number: alike, accept: true }).unwrap();
    assert_eq!((desk.ticket(alike.0).looks_like, desk.ticket(alike.0).incident), (None, Some(incident)));
    act(&mut desk, ANA, Command::AnswerLikeness { number: third, accept: false }).unwrap();
    assert_eq!((desk.ticket(third.0).looks_like, desk.ticket(third.0).incident), (None, None));
    assert_eq!(act(&mut desk, ANA, Command::AnswerLikeness { number: third, accept: true }), Err("nothing_proposed".into()));
}

#[test]
fn a_proposal_goes_when_its_incident_is_over() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let alike = create(&mut desk, "card payment: time out");
    job(&mut desk, Command::ForgetLikeness { number: alike });
    assert_eq!(desk.ticket(alike.0).looks_like, Some(incident), "it runs still");
    act(&mut desk, LEA, Command::StandDown { number: incident }).unwrap();
    job(&mut desk, Command::ForgetLikeness { number: alike });
    assert_eq!(desk.ticket(alike.0).looks_like, None);
    assert_eq!(act(&mut desk, ANA, Command::ForgetLikeness { number: alike }), Err("forbidden".into()));
}

#[test]
fn a_broadcast_answers_each_requester_once() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let tied: Vec<_> = (0..3).map(|n| create(&mut desk, &format!("till {n} is dead"))).collect();
    for number in &tied {
        tie(&mut desk, *number, incident);
    }
    desk.pass(500);
    let body =
        BroadcastText { status: Some(Status::Pending), leave_out: vec![tied[2]], ..text("Dear {{requester.name}}: #{{ticket.number}}") };
    assert_eq!(act(&mut desk, BEN, send(incident, 700, body.clone())), Err("forbidden".into()), "Ben does not run it");
    act(&mut desk, ANA, send(incident, 700, body.clone())).unwrap();
    act(&mut desk, ANA, send(incident, 700, body)).unwrap();
    assert_eq!(desk.targets.len(), 4);
    assert_eq!(desk.ticket(incident.0).major.as_ref().unwrap().next_update_at, Some(desk.now + chrono::Duration::seconds(600)));
    deliver_all(&mut desk, 700);
    deliver_all(&mut desk, 700);
    assert_eq!(public(&desk, tied[0]), [format!("Dear Shop 1: #{}", tied[0])]);
    assert_eq!(public(&desk, incident).len(), 1, "the incident's own requester hears it too");
    assert_eq!(public(&desk, tied[2]).len(), 0);
    assert_eq!(desk.targets[&(id(700), tied[2])].why, Some(Excluded::LeftOut));
    assert_eq!(desk.ticket(tied[0].0).status, Status::Pending);
    assert_eq!(desk.ticket(incident.0).status, Status::New.max(Status::Open), "the incident itself is worked on");
}

#[test]
fn what_changed_before_its_turn_is_refused_with_why() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let (untied, merged, other) = (create(&mut desk, "till 1"), create(&mut desk, "till 2"), create(&mut desk, "till 3"));
    tie(&mut desk, untied, incident);
    tie(&mut desk, merged, incident);
    act(&mut desk, ANA, send(incident, 700, text("We know"))).unwrap();
    act(&mut desk, ANA, Command::UntieTicket { number: untied }).unwrap();
    act(&mut desk, ANA, Command::MergeTicket { number: merged, into: other }).unwrap();
    deliver_all(&mut desk, 700);
    let why = |desk: &Desk, number| (desk.targets[&(id(700), number)].state, desk.targets[&(id(700), number)].why);
    assert_eq!(why(&desk, untied), (TargetState::Refused, Some(Excluded::Untied)));
    assert_eq!(why(&desk, merged), (TargetState::Refused, Some(Excluded::Merged)));
    assert_eq!(why(&desk, incident), (TargetState::Sent, None));
    assert!(public(&desk, untied).is_empty());
    assert_eq!(act(&mut desk, ANA, Command::DeliverBroadcast { number: incident, broadcast: id(700) }), Err("forbidden".into()));
}

#[test]
fn all_are_solved_together_with_or_without_a_word() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let (open, solved) = (create(&mut desk, "till 1"), create(&mut desk, "till 2"));
    tie(&mut desk, open, incident);
    tie(&mut desk, solved, incident);
    act(&mut desk, ANA, Command::SetStatus { number: solved, status: Status::Solved }).unwrap();
    act(&mut desk, LEA, send(incident, 700, BroadcastText { solves: true, ..BroadcastText::default() })).unwrap();
    deliver_all(&mut desk, 700);
    assert!([incident, open, solved].iter().all(|number| desk.ticket(number.0).status == Status::Solved));
    assert_eq!(desk.targets[&(id(700), solved)].why, Some(Excluded::Solved));
    assert!(public(&desk, open).is_empty());
    assert_eq!(act(&mut desk, LEA, send(incident, 701, BroadcastText { solves: true, ..BroadcastText::default() })), Err("nobody".into()));
}

#[test]
fn a_broadcast_that_says_or_means_nothing_is_refused() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let plain = create(&mut desk, "till 1");
    let refused = |desk: &mut Desk, body| act(desk, ANA, send(incident, 700, body)).unwrap_err();
    assert_eq!(refused(&mut desk, text("  ")), "text_empty");
    assert_eq!(refused(&mut desk, text("{{nobody}}")), "unknown_variable");
    assert_eq!(refused(&mut desk, text(&"x".repeat(70_000))), "text_too_long");
    assert_eq!(refused(&mut desk, BroadcastText { status: Some(Status::Closed), ..text("x") }), "status_invalid");
    assert_eq!(act(&mut desk, ANA, send(plain, 700, text("x"))), Err("not_major".into()));
    let stale = SendBroadcast { number: incident, broadcast: id(700), body: text("x"), expected: Some(7) };
    assert_eq!(act(&mut desk, ANA, Command::SendBroadcast(Box::new(stale))), Err("preview_stale".into()));
    assert!(desk.broadcasts.is_empty());
}

#[test]
fn the_preview_says_who_gets_what_in_their_language() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let chinese = create(&mut desk, "till 1");
    tie(&mut desk, chinese, incident);
    desk.tickets.get_mut(&chinese).unwrap().language = Some("zh-CN".into());
    let mut body = text("Hello {{requester.name}}");
    body.texts.insert("zh".into(), "您好 {{requester.name}}".into());
    let tied = [desk.ticket(chinese.0).clone()];
    let preview = plan(&body, desk.ticket(incident.0), &tied, id(ANA), &desk.directory);
    let texts: Vec<_> = preview.targets.iter().map(|target| target.text.as_str()).collect();
    assert_eq!((preview.count, preview.excluded), (2, 0));
    assert_eq!(texts, ["您好 Shop 1", "Hello Shop 1"]);
}

#[test]
fn an_update_that_is_due_is_told_once_and_then_to_the_lead() {
    let mut desk = desk();
    let incident = declared(&mut desk, "Card payments time out");
    let due = |desk: &Desk, who| desk.told(who).into_iter().filter(|kind| matches!(kind, NoticeKind::IncidentUpdateDue { .. })).count();
    job(&mut desk, Command::TellUpdateDue { number: incident });
    assert_eq!((due(&desk, ANA), due(&desk, LEA)), (0, 0), "never early");
    desk.pass(600);
    for _ in 0..2 {
        job(&mut desk, Command::TellUpdateDue { number: incident });
    }
    assert_eq!((due(&desk, ANA), due(&desk, LEA), due(&desk, EVE)), (1, 0, 0));
    desk.pass(300);
    for _ in 0..2 {
        job(&mut desk, Command::TellUpdateDue { number: incident });
    }
    assert_eq!((due(&desk, ANA), due(&desk, LEA)), (1, 1));
    act(&mut desk, ANA, send(incident, 700, text("Still at it"))).unwrap();
    job(&mut desk, Command::TellUpdateDue { number: incident });
    assert_eq!(due(&desk, ANA), 1);
    desk.pass(600);
    job(&mut desk, Command::TellUpdateDue { number: incident });
    assert_eq!(due(&desk, ANA), 2);
    act(&mut desk, ANA, Command::SetStatus { number: incident, status: Status::Solved }).unwrap();
    desk.pass(600);
    job(&mut desk, Command::TellUpdateDue { number: incident });
    assert_eq!(due(&desk, LEA), 1, "nobody waits for an update of what is solved");
}
