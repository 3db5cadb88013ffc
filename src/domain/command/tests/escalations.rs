//! An expert is called, answers and leaves.

use super::*;

fn call(n: u128, person: Option<u128>) -> Command {
    Command::Escalate(Box::new(Escalate { person: person.map(id), ..Escalate::tier(ONE, id(n), 2, "pressure".into()) }))
}

#[test]
fn an_expert_is_called_answers_and_leaves() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    run(&mut desk, ANA, call(500, None)).unwrap();
    assert!(run(&mut desk, ANA, call(500, None)).unwrap().unchanged);
    assert_eq!(desk.told(EVE), [NoticeKind::EscalationAsked]);
    let conversation = desk.ticket(1).conversation;
    assert_eq!(desk.conversations[&conversation.0].members, [id(ANA), id(EVE)]);
    assert_eq!(code(run(&mut desk, ANA, call(501, Some(EVE)))), "already_called");
    let refusal = run(&mut desk, ANA, call(501, None)).unwrap_err();
    assert_eq!(refusal.code, "nobody_on_duty");
    assert!(refusal.message.contains("LEA"));
    let answer = |accept| Command::AnswerEscalation { number: ONE, escalation: id(500), accept, reason: None };
    assert_eq!(code(run(&mut desk, ANA, answer(true))), "forbidden");
    let leave = Command::LeaveEscalation { number: ONE, escalation: id(500), result: Verdict::Solved, note: "valve".into() };
    assert_eq!(code(run(&mut desk, EVE, leave.clone())), "not_answered");
    run(&mut desk, EVE, answer(true)).unwrap();
    assert_eq!(code(run(&mut desk, EVE, answer(false))), "already_answered");
    assert_eq!(desk.told(ANA), [NoticeKind::EscalationAnswered { accepted: true }]);
    let target = MessageTarget::Conversation { id: conversation };
    let message = PostMessage {
        target,
        message: id(600),
        visibility: Visibility::Public,
        text: "look".into(),
        status: None,
        reply_to: None,
        files: Vec::new(),
        seen: None,
    };
    run(&mut desk, EVE, Command::PostMessage(Box::new(message))).unwrap();
    assert_eq!(desk.messages.last().unwrap().visibility, Visibility::Internal);
    run(&mut desk, EVE, leave).unwrap();
    assert_eq!(desk.escalations[&uuid::Uuid::from_u128(500)].state, EscalationState::Left);
    assert_eq!(desk.conversations[&conversation.0].members, [id(ANA)]);
    run(&mut desk, ANA, call(502, Some(EVE))).unwrap();
    let decline = Command::AnswerEscalation { number: ONE, escalation: id(502), accept: false, reason: Some("busy".into()) };
    run(&mut desk, EVE, decline.clone()).unwrap();
    assert!(run(&mut desk, EVE, decline).unwrap().unchanged);
    assert!(desk.ticket(1).participants.is_empty());
}
