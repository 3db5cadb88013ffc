//! Channels, presence, roster, directory, and what a console shows before the server has said anything.

use super::*;

#[test]
fn channels_and_direct_conversations() {
    let mut desk = Desk::new();
    let open = |n: u128, kind, title: &str, members: &[u128]| {
        let members = members.iter().map(|n| id(*n)).collect();
        Command::CreateConversation(Box::new(CreateConversation::new(id(n), kind, title.into(), members)))
    };
    run(&mut desk, ANA, open(700, ConversationKind::Channel, "pumps", &[])).unwrap();
    assert!(run(&mut desk, ANA, open(700, ConversationKind::Channel, "pumps", &[])).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ANA, open(701, ConversationKind::Direct, "", &[ANA]))), "members_too_few");
    assert_eq!(code(run(&mut desk, VIC, open(702, ConversationKind::Channel, "x", &[]))), "forbidden");
    run(&mut desk, ANA, open(701, ConversationKind::Direct, "", &[BEN])).unwrap();
    let say = |n: u128, to: u128, text: &str| {
        let target = MessageTarget::Conversation { id: id(to) };
        let (message, visibility, text) = (id(n), Visibility::Public, text.to_owned());
        Command::PostMessage(Box::new(PostMessage {
            target,
            message,
            visibility,
            text,
            status: None,
            reply_to: None,
            files: Vec::new(),
            seen: None,
        }))
    };
    run(&mut desk, ANA, say(800, 700, "hello @ben.")).unwrap();
    assert!(run(&mut desk, ANA, say(800, 700, "hello @ben.")).unwrap().unchanged);
    assert_eq!(desk.told(BEN), [NoticeKind::Mentioned]);
    assert_eq!(code(run(&mut desk, ADA, say(801, 701, "hi"))), "not_found");
    run(&mut desk, BEN, say(802, 700, "hi")).unwrap();
    let read = |seq| Command::MarkRead { conversation: id(700), seq };
    run(&mut desk, ANA, read(9)).unwrap();
    assert_eq!(desk.read_marks.values().next().unwrap().seq, 2);
    assert!(run(&mut desk, ANA, read(1)).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ADA, Command::MarkRead { conversation: id(701), seq: 1 })), "not_found");
    let notice = *desk.notices.keys().next().unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::DismissNotice { notice })), "not_found");
    run(&mut desk, BEN, Command::DismissNotice { notice }).unwrap();
    assert!(run(&mut desk, BEN, Command::DismissNotice { notice }).unwrap().unchanged);
}

#[test]
fn presence_is_a_persons_own() {
    let mut desk = Desk::new();
    let busy = Command::SetPresence { presence: Presence::Busy };
    run(&mut desk, ANA, busy.clone()).unwrap();
    assert!(run(&mut desk, ANA, busy.clone()).unwrap().unchanged);
    assert_eq!(code(desk.run(&JOB, &busy)), "forbidden");
}

#[test]
fn roster_changes_are_ones_own_or_a_leads() {
    let mut desk = Desk::new();
    let change = RosterChange {
        other_from: None,
        other_to: None,
        state: crate::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: id(900),
        version: 0,
        rota: main_rota(),
        kind: RosterChangeKind::Cover,
        person: id(ANA),
        other: Some(id(LEA)),
        from: desk.now,
        to: desk.now + chrono::TimeDelta::hours(2),
        reason: "dentist".into(),
        asked_by: id(ADA),
        cancelled: true,
        created_at: desk.now,
    };
    assert_eq!(code(run(&mut desk, OUT, Command::PutRosterChange(change.clone()))), "forbidden");
    run(&mut desk, ANA, Command::PutRosterChange(change.clone())).unwrap();
    let stored = &desk.directory.roster_changes[&change.id];
    assert_eq!((stored.asked_by, stored.cancelled, stored.version), (id(ANA), false, 1));
    let alone = RosterChange { other: None, ..change.clone() };
    assert_eq!(code(run(&mut desk, LEA, Command::PutRosterChange(alone))), "other_missing");
    assert_eq!(code(run(&mut desk, BEN, Command::CancelRosterChange { id: change.id })), "forbidden");
    run(&mut desk, LEA, Command::CancelRosterChange { id: change.id }).unwrap();
    assert!(run(&mut desk, LEA, Command::CancelRosterChange { id: change.id }).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, LEA, Command::CancelRosterChange { id: id(1) })), "not_found");
}

#[test]
fn the_directory_is_checked_and_guarded() {
    let mut desk = Desk::new();
    let new = person(50, "li.na", Role::Agent, 1, &[]);
    job(&mut desk, Command::PutPerson(Box::new(new.clone())));
    assert_eq!(code(run(&mut desk, LEA, Command::PutPerson(Box::new(new.clone())))), "forbidden");
    let mut wrong = |change: fn(&mut crate::domain::person::Person)| {
        let mut row = new.clone();
        change(&mut row);
        code(run(&mut desk, ADA, Command::PutPerson(Box::new(row))))
    };
    assert_eq!(wrong(|row| row.handle = "Li Na".into()), "handle_invalid");
    assert_eq!(wrong(|row| row.time_zone = "Asia/Shangai".into()), "time_zone_unknown");
    assert_eq!(wrong(|row| row.tier = 4), "tier_invalid");
    assert_eq!(wrong(|row| row.skills.push(Skill { name: "x".into(), level: 6 })), "level_invalid");
    assert_eq!(wrong(|row| row.queues.push(id(99))), "unknown_queue");
    let ada = crate::domain::person::Person { role: Role::Lead, ..desk.directory.people[&id(ADA)].clone() };
    assert_eq!(code(run(&mut desk, ADA, Command::PutPerson(Box::new(ada)))), "last_admin");

    let mut row = queue(60, "new-queue");
    run(&mut desk, LEA, Command::PutQueue(Box::new(row.clone()))).unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::PutQueue(Box::new(row.clone())))), "forbidden");
    row.sla.warn_percent = 100;
    assert_eq!(code(run(&mut desk, LEA, Command::PutQueue(Box::new(row)))), "warn_percent_invalid");

    let mut row = rota(61, 1, &[id(PUMPS)], &[ANA]);
    run(&mut desk, LEA, Command::PutRota(Box::new(row.clone()))).unwrap();
    row.pattern.push(Some("X".into()));
    assert_eq!(code(run(&mut desk, LEA, Command::PutRota(Box::new(row.clone())))), "unknown_shift_type");
    assert_eq!(code(run(&mut desk, ANA, Command::PutRota(Box::new(row)))), "forbidden");

    let site = |latitude| Site {
        id: id(62),
        version: 0,
        code: "S1".into(),
        name: "Shop".into(),
        region: "North".into(),
        latitude: Some(latitude),
        longitude: None,
    };
    run(&mut desk, LEA, Command::PutSite(site(45.0))).unwrap();
    assert_eq!(code(run(&mut desk, LEA, Command::PutSite(site(91.0)))), "degrees_invalid");

    let mut row = Requester {
        id: id(63),
        version: 0,
        external: "e".into(),
        name: "N".into(),
        email: None,
        phone: None,
        class: "customer".into(),
        site: Some(id(62)),
        language: None,
        created_at: desk.now,
    };
    run(&mut desk, LEA, Command::PutRequester(Box::new(row.clone()))).unwrap();
    row.site = Some(id(99));
    assert_eq!(code(run(&mut desk, LEA, Command::PutRequester(Box::new(row)))), "unknown_site");

    let mut row = desk.channels[&id(CHANNEL)].clone();
    run(&mut desk, ADA, Command::PutIntakeChannel(row.clone())).unwrap();
    row.token_sha256 = "short".into();
    assert_eq!(code(run(&mut desk, ADA, Command::PutIntakeChannel(row))), "token_invalid");
}

#[test]
fn previews_show_edits_and_no_ownership() {
    let mut desk = Desk::new();
    desk.create();
    let show = |command: Command| preview(desk.ticket(1), &command, id(ANA), desk.now);
    assert_eq!(show(set(Status::Pending)).unwrap().status, Status::Pending);
    assert_eq!(show(Command::AddTag { number: ONE, tag: "x".into() }).unwrap().tags, ["x"]);
    assert_eq!(show(set(Status::Closed)), None);
    assert_eq!(show(Command::ClaimTicket { number: ONE }), None);
}
