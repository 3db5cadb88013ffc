//! Merging, taking merges back, splitting and rating, played on a desk in memory.

use proptest::prelude::*;

use super::*;
use crate::domain::command::{Actor, Command, MessageTarget, PostMessage, ReceiveMessage, RequesterInput, SplitTicket};
use crate::domain::conversation::Visibility;
use crate::domain::conversation::interleave::interleave;
use crate::domain::id::WebhookId;
use crate::domain::notice::NoticeKind;
use crate::domain::testing::*;
use crate::domain::webhook::Delivery;

fn receive(desk: &mut Desk, thread: &str, external: &str, text: &str) -> TicketNumber {
    let actor = desk.intake();
    let body = ReceiveMessage {
        channel: id(CHANNEL),
        thread: thread.into(),
        external: external.into(),
        author: RequesterInput { external: format!("shop:{thread}"), name: Some(format!("Shop {thread}")), ..RequesterInput::default() },
        text: text.into(),
        subject: None,
        attachments: Vec::new(),
        kind: None,
        priority: None,
        fields: BTreeMap::new(),
    };
    desk.run(&actor, &Command::ReceiveMessage(Box::new(body))).unwrap().ticket.unwrap()
}

fn say(desk: &mut Desk, who: u128, number: TicketNumber, visibility: Visibility, text: &str) -> MessageId {
    let (actor, message) = (desk.who(who), desk.fresh_id().into());
    let post = PostMessage::new(MessageTarget::Ticket { number }, message, visibility, text.into());
    desk.run(&actor, &Command::PostMessage(Box::new(post))).unwrap();
    message
}

fn answering(desk: &mut Desk, asks_rating: bool) {
    let mut channel = desk.channels[&id(CHANNEL)].clone();
    channel.reply_webhook = Some(WebhookId(desk.fresh_id()));
    channel.asks_rating = asks_rating;
    desk.channels.insert(channel.id, channel.clone());
    desk.directory.intake_channels.insert(channel.id, channel);
}

fn told(desk: &Desk) -> Vec<(String, serde_json::Value)> {
    let read = |delivery: &Delivery| (delivery.event.clone(), serde_json::from_str(&delivery.body).unwrap());
    desk.deliveries.iter().map(read).collect()
}

fn events(desk: &Desk) -> Vec<String> {
    desk.deliveries.iter().map(|delivery| delivery.event.clone()).collect()
}

/// What a merge and its undoing must leave as it was.
fn standing(ticket: &Ticket) -> Ticket {
    let epoch = crate::domain::Timestamp::UNIX_EPOCH;
    // Clocks are counted at the merge: that they are due when they were is looked at by itself.
    Ticket { version: 0, updated_at: epoch, clocks: Vec::new(), ..ticket.clone() }
}

#[test]
fn a_merge_joins_people_and_tags_and_is_taken_back() {
    let mut desk = Desk::new();
    let (first, second) = (desk.create(), desk.create());
    let (ana, ben) = (desk.who(ANA), desk.who(BEN));
    desk.run(&ana, &Command::ClaimTicket { number: first }).unwrap();
    desk.run(&ana, &Command::AddTag { number: first, tag: "pump".into() }).unwrap();
    desk.run(&ana, &Command::AddParticipant { number: first, person: id(OUT) }).unwrap();
    desk.run(&ben, &Command::ClaimTicket { number: second }).unwrap();
    let (before, other) = (desk.ticket(first.0).clone(), desk.ticket(second.0).clone());
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    let target = desk.ticket(second.0);
    assert_eq!(target.tags, ["pump"]);
    assert_eq!(target.participants, [id(OUT), id(ANA)], "who took part goes on, who owned it as well");
    assert_eq!(target.merged.iter().map(|one| (one.number, one.messages)).collect::<Vec<_>>(), [(first, 1)]);
    desk.run(&ana, &Command::UndoMerge { number: first }).unwrap();
    let (after, target) = (desk.ticket(first.0), desk.ticket(second.0));
    assert_eq!(standing(after), standing(&before));
    assert_eq!(
        after.clocks.iter().map(|clock| clock.due_at).collect::<Vec<_>>(),
        before.clocks.iter().map(|clock| clock.due_at).collect::<Vec<_>>()
    );
    assert_eq!(standing(&Ticket { message_count: other.message_count, ..target.clone() }), standing(&other));
}

#[test]
fn a_merge_that_ended_a_call_is_taken_back_and_the_ticket_goes_on() {
    let mut desk = Desk::new();
    let (first, second) = (desk.create(), desk.create());
    let ana = desk.who(ANA);
    let call = crate::domain::escalation::Escalate::tier(first, desk.fresh_id().into(), 2, "pressure".into());
    desk.run(&ana, &Command::Escalate(Box::new(call))).unwrap();
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    assert!(desk.escalations.values().all(|call| !call.state.is_open()));
    desk.run(&ana, &Command::UndoMerge { number: first }).unwrap();
    say(&mut desk, ANA, first, Visibility::Internal, "on we go");
    let mut places: Vec<_> = desk.messages.iter().filter(|one| one.ticket == Some(first)).map(|one| one.seq).collect();
    places.sort_unstable();
    assert_eq!(places, Vec::from_iter(1..=desk.ticket(first.0).message_count), "no place is taken twice");
}

#[test]
fn a_tie_to_an_incident_comes_along_and_an_incident_is_not_merged_away() {
    let mut desk = Desk::new();
    let (incident, tied, other) = (desk.create(), desk.create(), desk.create());
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::DeclareMajor { number: incident, update_every_secs: None, channel: id(900) }).unwrap();
    desk.run(&ana, &Command::TieTicket { number: tied, incident }).unwrap();
    let refusal = desk.run(&ana, &Command::MergeTicket { number: incident, into: other }).unwrap_err();
    assert_eq!(refusal.code, "is_major");
    desk.run(&ana, &Command::MergeTicket { number: tied, into: other }).unwrap();
    assert_eq!(desk.ticket(other.0).incident, Some(incident), "its requester goes on being told");
}

/// The subject is what the requester reads on the status page and gets with every call.
#[test]
fn what_was_said_among_some_is_no_subject() {
    let mut desk = Desk::new();
    let number = receive(&mut desk, "a", "1", "pump broken");
    let lea = desk.who(LEA);
    for visibility in [Visibility::Internal, Visibility::Tier2] {
        let message = say(&mut desk, LEA, number, visibility, "SECRET fraud");
        let (subject, kind) = (String::new(), None);
        let body = SplitTicket { number, message, following: false, queue: id(PUMPS), subject, kind, priority: None };
        let new = desk.run(&lea, &Command::SplitTicket(Box::new(body))).unwrap().ticket.unwrap();
        assert_eq!(desk.ticket(new.0).subject, desk.ticket(number.0).subject);
    }
}

#[test]
fn time_between_does_not_count() {
    let mut desk = Desk::new();
    let (first, second) = (desk.create(), desk.create());
    let ana = desk.who(ANA);
    let before = desk.ticket(first.0).clone();
    desk.pass(100);
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    desk.pass(300);
    desk.run(&ana, &Command::UndoMerge { number: first }).unwrap();
    for (old, new) in before.clocks.iter().zip(&desk.ticket(first.0).clocks) {
        assert_eq!((new.due_at - old.due_at).num_seconds(), 300);
    }
}

#[test]
fn a_merge_is_taken_back_in_time_and_untouched_alone() {
    let mut desk = Desk::new();
    let (first, second, third) = (desk.create(), desk.create(), desk.create());
    let ana = desk.who(ANA);
    let code = |desk: &mut Desk, number| desk.run(&ana, &Command::UndoMerge { number }).unwrap_err().code;
    assert_eq!(code(&mut desk, first), "not_merged");
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    desk.run(&ana, &Command::MergeTicket { number: second, into: third }).unwrap();
    assert_eq!(desk.ticket(third.0).merged.iter().map(|one| one.number).collect::<Vec<_>>(), [first, second]);
    assert_eq!(code(&mut desk, first), "ticket_merged", "the later merge first");
    desk.run(&ana, &Command::UndoMerge { number: second }).unwrap();
    assert!(desk.ticket(third.0).merged.is_empty());
    desk.pass(601);
    assert_eq!(code(&mut desk, first), "undo_too_late");
    let (fourth, fifth) = (desk.create(), desk.create());
    desk.run(&ana, &Command::MergeTicket { number: fourth, into: fifth }).unwrap();
    desk.run(&ana, &Command::AddTag { number: fourth, tag: "late".into() }).unwrap();
    assert_eq!(code(&mut desk, fourth), "ticket_changed");
    desk.run(&ana, &Command::UndoMerge { number: second }).unwrap_err();
}

#[test]
fn who_spoke_since_goes_on_taking_part_and_who_left_does_not_get_it_back() {
    let mut desk = Desk::new();
    let (first, second) = (desk.create(), desk.create());
    let ana = desk.who(ANA);
    let out = desk.who(OUT);
    desk.run(&ana, &Command::AddParticipant { number: first, person: id(OUT) }).unwrap();
    desk.run(&ana, &Command::AddParticipant { number: first, person: id(EVE) }).unwrap();
    desk.run(&ana, &Command::ClaimTicket { number: first }).unwrap();
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    say(&mut desk, OUT, second, Visibility::Internal, "I know this one");
    desk.directory.people.get_mut(&id(ANA)).unwrap().active = false;
    desk.run(&out, &Command::UndoMerge { number: first }).unwrap();
    assert_eq!(desk.ticket(second.0).participants, [id(OUT)]);
    assert_eq!(desk.ticket(first.0).assignee, None, "who no longer works here owns nothing");
}

#[test]
fn a_merged_ticket_takes_no_messages_and_its_thread_leads_on() {
    let mut desk = Desk::new();
    answering(&mut desk, false);
    let (first, second) = (receive(&mut desk, "a", "1", "one"), receive(&mut desk, "b", "2", "two"));
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::MergeTicket { number: first, into: second }).unwrap();
    let (event, body) = told(&desk).pop().unwrap();
    assert_eq!((event.as_str(), body["thread"].as_str(), body["ticket"].as_i64()), ("merged", Some("a"), Some(first.0)));
    let post = PostMessage::new(MessageTarget::Ticket { number: first }, desk.fresh_id().into(), Visibility::Public, "x".into());
    assert_eq!(desk.run(&ana, &Command::PostMessage(Box::new(post))).unwrap_err().code, "ticket_merged");
    assert_eq!(receive(&mut desk, "a", "3", "three"), second);
}

#[test]
fn the_channel_is_told_public_words_in_order_and_nothing_else() {
    let mut desk = Desk::new();
    answering(&mut desk, true);
    desk.directory.public_url = "https://desk.example.com".into();
    let number = receive(&mut desk, "a", "1", "help");
    say(&mut desk, ANA, number, Visibility::Internal, "secret");
    let first = say(&mut desk, ANA, number, Visibility::Public, "first");
    say(&mut desk, LEA, number, Visibility::Tier2, "secret too");
    say(&mut desk, BEN, number, Visibility::Public, "second");
    let ana = desk.who(ANA);
    let edit = Command::EditMessage { target: MessageTarget::Ticket { number }, message: first, text: "first, better".into() };
    desk.run(&ana, &edit).unwrap();
    let solve = Command::SetStatus { number, status: Status::Solved };
    desk.run(&ana, &solve).unwrap();
    assert_eq!(events(&desk), ["message", "message", "message_edited", "status", "rating_asked"]);
    let all = told(&desk);
    assert!(!desk.deliveries.iter().any(|delivery| delivery.body.contains("secret")));
    assert_eq!((all[0].1["message"]["text"].as_str(), all[0].1["message"]["author"].as_str()), (Some("first"), Some("ANA")));
    assert_eq!(all[2].1["message"]["text"], "first, better");
    assert_eq!(desk.deliveries[0].id, first.0, "a message is told under its own id");
    assert_eq!(all[3].1["status_url"], format!("https://desk.example.com/status/{}", desk.ticket(number.0).status_key));
    assert!(desk.deliveries.iter().all(|delivery| delivery.line().is_some()));
    // Again within a week: solved is told, no rating is asked for.
    receive(&mut desk, "a", "2", "again");
    desk.run(&ana, &solve).unwrap();
    assert_eq!(events(&desk)[5..], ["status"]);
    receive(&mut desk, "a", "3", "and again");
    desk.pass(7 * 86_400);
    desk.run(&ana, &solve).unwrap();
    assert_eq!(events(&desk)[6..], ["status", "rating_asked"]);
}

#[test]
fn a_split_leaves_the_message_and_begins_with_a_copy() {
    let mut desk = Desk::new();
    answering(&mut desk, false);
    let number = receive(&mut desk, "a", "1", "pump broken");
    receive(&mut desk, "a", "2", "and the web shop is slow");
    say(&mut desk, ANA, number, Visibility::Public, "we look");
    receive(&mut desk, "a", "3", "very slow");
    let message = desk.messages[1].id;
    let ana = desk.who(ANA);
    let body = SplitTicket {
        number,
        message,
        following: true,
        queue: id(WEB),
        subject: String::new(),
        kind: None,
        priority: Some(Priority::High),
    };
    let split = Command::SplitTicket(Box::new(body));
    let before = desk.deliveries.len();
    let new = desk.run(&ana, &split).unwrap().ticket.unwrap();
    let ticket = desk.ticket(new.0);
    assert_eq!((ticket.queue, ticket.subject.as_str(), ticket.priority), (id(WEB), "and the web shop is slow", Priority::High));
    assert_eq!(ticket.requester, desk.ticket(number.0).requester);
    assert_eq!((ticket.message_count, ticket.awaits_reply), (2, true));
    assert!(ticket.participants.contains(&id(ANA)), "who split it sees it");
    let copies: Vec<_> = desk.messages.iter().filter(|one| one.ticket == Some(new)).collect();
    assert_eq!(copies.iter().map(|one| one.copy_of.as_ref().unwrap().seq).collect::<Vec<_>>(), [2, 4]);
    let marked: Vec<_> = desk.messages.iter().filter(|one| one.split_into == Some(new)).map(|one| one.seq).collect();
    assert_eq!(marked, [2, 4]);
    assert!(desk.ticket(number.0).links.contains(&Link { kind: LinkKind::RelatesTo, number: new }));
    assert_eq!(desk.deliveries.len(), before, "what was said before is not said again");
    assert_eq!(desk.run(&ana, &split).unwrap_err().code, "message_split");
}

#[test]
fn ratings_come_from_outside_and_low_ones_are_told() {
    let mut desk = Desk::new();
    let number = receive(&mut desk, "a", "1", "help");
    let (ana, intake) = (desk.who(ANA), desk.intake());
    desk.run(&ana, &Command::ClaimTicket { number }).unwrap();
    let rate = |score, words: &str| Command::RateTicket { number, score, words: words.into() };
    assert_eq!(desk.run(&intake, &rate(5, "")).unwrap_err().code, "not_solved");
    desk.run(&ana, &Command::SetStatus { number, status: Status::Solved }).unwrap();
    assert_eq!(desk.run(&ana, &rate(5, "")).unwrap_err().code, "forbidden");
    assert_eq!(desk.run(&intake, &rate(6, "")).unwrap_err().code, "score_invalid");
    assert_eq!(desk.run(&intake, &rate(1, &"x".repeat(2_001))).unwrap_err().code, "words_too_long");
    desk.run(&intake, &rate(4, " fine ")).unwrap();
    assert!(desk.run(&intake, &rate(4, "fine")).unwrap().unchanged);
    assert!(!desk.told(ANA).contains(&NoticeKind::LowRating { score: 4 }));
    desk.run(&Actor::Desk { job: "status_page" }, &rate(2, "broke again")).unwrap();
    for person in [ANA, LEA] {
        assert!(desk.told(person).contains(&NoticeKind::LowRating { score: 2 }));
    }
    let ticket = desk.ticket(number.0);
    assert_eq!((ticket.status, ticket.rating.as_ref().map(|one| (one.score, one.assignee))), (Status::Solved, Some((2, Some(id(ANA))))));
    let audited = desk.audit.iter().filter(|entry| entry.action == "rate_ticket").count();
    assert_eq!(audited, 2);
}

/// One step of the random play.
#[derive(Clone, Debug)]
enum Step {
    Say(usize, bool),
    Receive(usize),
    Merge(usize, usize),
    Undo(usize),
    Split(usize),
    Claim(usize),
    Solve(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0usize..6, any::<bool>()).prop_map(|(ticket, public)| Step::Say(ticket, public)),
        (0usize..3).prop_map(Step::Receive),
        (0usize..6, 0usize..6).prop_map(|(from, into)| Step::Merge(from, into)),
        (0usize..6).prop_map(Step::Undo),
        (0usize..40).prop_map(Step::Split),
        (0usize..6).prop_map(Step::Claim),
        (0usize..6).prop_map(Step::Solve),
        (1i64..400).prop_map(Step::Wait),
    ]
}

fn play(desk: &mut Desk, step: &Step, turn: usize) {
    let numbers: Vec<_> = desk.tickets.keys().copied().collect();
    let pick = |index: usize| numbers[index % numbers.len()];
    let ana = desk.who(ANA);
    let refused_is_fine = |result: Result<_, _>| drop(result);
    match step {
        Step::Say(ticket, public) => {
            let visibility = if *public { Visibility::Public } else { Visibility::Internal };
            let target = MessageTarget::Ticket { number: pick(*ticket) };
            let post = PostMessage::new(target, desk.fresh_id().into(), visibility, format!("word {turn}"));
            refused_is_fine(desk.run(&ana, &Command::PostMessage(Box::new(post))));
        }
        Step::Receive(thread) => drop(receive(desk, &thread.to_string(), &format!("m{turn}"), "from outside")),
        Step::Merge(from, into) => refused_is_fine(desk.run(&ana, &Command::MergeTicket { number: pick(*from), into: pick(*into) })),
        Step::Undo(ticket) => refused_is_fine(desk.run(&ana, &Command::UndoMerge { number: pick(*ticket) })),
        Step::Split(message) => {
            let message = &desk.messages[message % desk.messages.len()];
            let (number, message) = (message.ticket.unwrap(), message.id);
            let split = SplitTicket {
                number,
                message,
                following: turn.is_multiple_of(2),
                queue: id(PUMPS),
                subject: String::new(),
                kind: None,
                priority: None,
            };
            refused_is_fine(desk.run(&ana, &Command::SplitTicket(Box::new(split))));
        }
        Step::Claim(ticket) => refused_is_fine(desk.run(&ana, &Command::ClaimTicket { number: pick(*ticket) })),
        Step::Solve(ticket) => refused_is_fine(desk.run(&ana, &Command::SetStatus { number: pick(*ticket), status: Status::Solved })),
        Step::Wait(secs) => desk.pass(*secs),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is merged, taken back and split: no message is lost or read twice, merges point both ways, and each public word of
    /// the desk is told once.
    #[test]
    fn merges_splits_and_undoings_keep_the_desk_whole(steps in prop::collection::vec(step(), 1..40)) {
        let mut desk = Desk::new();
        answering(&mut desk, true);
        for thread in ["0", "1", "2"] {
            receive(&mut desk, thread, thread, "first");
        }
        for (turn, step) in steps.iter().enumerate() {
            play(&mut desk, step, turn);
        }
        let mut seen = std::collections::HashMap::new();
        for ticket in desk.tickets.values() {
            if let Some(into) = ticket.merged_into {
                prop_assert!(desk.ticket(into.0).merged.iter().any(|one| one.number == ticket.number));
            }
            for one in &ticket.merged {
                prop_assert!(desk.ticket(one.number.0).merged_into.is_some());
                prop_assert_eq!(one.messages, desk.ticket(one.number.0).message_count - since(&desk, one.number));
            }
            if ticket.merged_into.is_none() {
                let conversations = std::iter::once(ticket.conversation).chain(ticket.merged.iter().map(|one| one.conversation));
                let streams = conversations.map(|place| {
                    let mut own: Vec<_> = desk.messages.iter().filter(|one| one.conversation == place).cloned().collect();
                    own.sort_by_key(|one| one.seq);
                    own
                });
                for message in interleave(streams.collect()) {
                    *seen.entry(message.id).or_insert(0) += 1;
                }
            }
        }
        prop_assert_eq!(seen.len(), desk.messages.len(), "every message is read somewhere");
        prop_assert!(seen.values().all(|times| *times == 1), "and nowhere twice");
        let spoken = desk.messages.iter().filter(|one| {
            one.visibility == Visibility::Public && one.copy_of.is_none() && !matches!(one.author, crate::domain::conversation::Author::Requester { .. })
        });
        let told: Vec<_> = desk.deliveries.iter().filter(|one| one.event == "message").map(|one| one.id).collect();
        let spoken: Vec<_> = spoken.map(|one| one.id.0).collect();
        prop_assert_eq!(told, spoken, "each public word is told once, in order");
    }

    /// Taken back at once, a merge leaves nothing behind but a word in the conversation.
    #[test]
    fn undone_at_once_equals_never_done(steps in prop::collection::vec(step(), 0..15), from in 0usize..6, into in 0usize..6) {
        let mut desk = Desk::new();
        answering(&mut desk, false);
        for thread in ["0", "1", "2"] {
            receive(&mut desk, thread, thread, "first");
        }
        for (turn, step) in steps.iter().enumerate() {
            play(&mut desk, step, turn);
        }
        let numbers: Vec<_> = desk.tickets.keys().copied().collect();
        let (from, into) = (numbers[from % numbers.len()], numbers[into % numbers.len()]);
        let before: Vec<_> = [from, into].iter().map(|number| desk.ticket(number.0).clone()).collect();
        let ana = desk.who(ANA);
        if desk.run(&ana, &Command::MergeTicket { number: from, into }).is_ok() {
            desk.run(&ana, &Command::UndoMerge { number: from }).unwrap();
            for old in &before {
                let new = desk.ticket(old.number.0);
                let due = |ticket: &Ticket| ticket.clocks.iter().map(|clock| (clock.kind, clock.due_at, clock.stopped_at)).collect::<Vec<_>>();
                prop_assert_eq!(due(new), due(old));
                prop_assert_eq!(standing(&Ticket { message_count: old.message_count, ..new.clone() }), standing(old));
            }
        }
    }
}

/// Messages that a merged ticket got after its merge: what the desk itself wrote when others' merges into it were taken back.
fn since(desk: &Desk, number: TicketNumber) -> i64 {
    let ticket = desk.ticket(number.0);
    let at = desk.merges[&number].before.message_count;
    ticket.message_count - at
}
