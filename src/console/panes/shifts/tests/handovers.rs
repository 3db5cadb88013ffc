//! Handovers: the list and one on its page, at three sizes in both languages; and what both sides do with it.

use super::*;
use crate::console::panes::sample::SIZES;
use crate::domain::follow_up::Confidence;
use crate::domain::handover::{Handover, HandoverItem, HandoverPromise, HandoverState, Side, Signature, Watch};
use crate::domain::id::{HandoverId, TicketNumber};
use crate::domain::ticket::{Priority, Status};

fn handover(sample: &Sample, state: HandoverState) -> Handover {
    let mut rotas: Vec<_> = sample.directory.rotas.keys().copied().collect();
    rotas.sort();
    let rota: RotaId = rotas[0];
    let item = |number, breaching| HandoverItem {
        ticket: TicketNumber(number),
        subject: "Pump \u{1b}[2J4 does not start 泵不启动".into(),
        priority: Priority::High,
        status: Status::Open,
        assignee: Some(person_id(1)),
        due_at: Some(now() + TimeDelta::minutes(40)),
        breaching,
        awaits_reply: true,
    };
    let promise =
        |found| HandoverPromise { ticket: TicketNumber(1042), at: now() + TimeDelta::hours(2), text: "send the part".into(), found };
    let signature = Signature { person: person_id(1), side: Side::Out, at: now() };
    Handover {
        id: HandoverId(Uuid::from_u128(900)),
        version: 1,
        rota,
        from: now() - TimeDelta::hours(8),
        to: now() + TimeDelta::minutes(10),
        outgoing: vec![person_id(1)],
        incoming: vec![person_id(2), person_id(3)],
        work: vec![item(1042, true), item(1043, false)],
        more_work: 3,
        promises: vec![promise(None), promise(Some(Confidence::High)), promise(Some(Confidence::Medium))],
        escalations: Vec::new(),
        watch: vec![Watch { ticket: TicketNumber(7), note: "calls again at six".into() }],
        notes: "Quiet day.\nThe vendor calls back.".into(),
        readers: Vec::new(),
        state,
        signatures: if state == HandoverState::Draft { Vec::new() } else { vec![signature] },
        drafted_at: now(),
    }
}

#[test]
fn handover_screens() {
    for language in Language::ALL {
        let mut sample = desk(language);
        let row = handover(&sample, HandoverState::SignedOut);
        sample.directory.handovers.insert(row.id, row);
        let mut pane = shown(&sample);
        for (name, action) in [("handovers", Action::Handovers), ("handover", Action::Open)] {
            sample.act(&mut pane, action);
            for size in SIZES {
                let screen = sample.screen(&pane, size);
                assert!(!screen.contains('\u{1b}'));
                insta::assert_snapshot!(format!("{name}-{}-{}x{}", language.tag(), size.0, size.1), screen);
            }
        }
    }
}

#[test]
fn it_is_signed_after_a_yes_and_notes_and_watch_list_are_sent() {
    let mut sample = desk(Language::English);
    let row = handover(&sample, HandoverState::Draft);
    let id = row.id;
    sample.directory.handovers.insert(id, row);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Handovers);
    sample.act(&mut pane, Action::SignHandover);
    let answer = |pane: &mut ShiftsPane, answer| {
        pane.update(PaneEvent::Loaded(Loaded::Answer { id: super::super::update::QUESTION, answer }), &sample.context())
    };
    let sent = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|effect| if let Effect::Submit { command, .. } = effect { Some(*command) } else { None })
    };
    assert_eq!(sent(answer(&mut pane, Answer::Confirmed)), Some(Command::SignHandover { id }));
    sample.act(&mut pane, Action::HandoverWatch);
    let watch =
        vec![Watch { ticket: TicketNumber(7), note: "calls again at six".into() }, Watch { ticket: TicketNumber(9), note: "odd".into() }];
    let edit = Command::EditHandover { id, notes: None, watch: Some(watch) };
    assert_eq!(sent(answer(&mut pane, Answer::Text("#9 odd".into()))), Some(edit));
    sample.act(&mut pane, Action::HandoverWatch);
    assert_eq!(sent(answer(&mut pane, Answer::Text("7".into()))), Some(Command::EditHandover { id, notes: None, watch: Some(Vec::new()) }));
    sample.act(&mut pane, Action::HandoverNotes);
    let edit = Command::EditHandover { id, notes: Some("all calm".into()), watch: None };
    assert_eq!(sent(answer(&mut pane, Answer::Text("all calm".into()))), Some(edit));
}
