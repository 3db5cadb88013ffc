//! The incident's menu and page, driven by keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;

use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id, now, ticket};
use crate::domain::command::Command;
use crate::domain::id::{RequesterId, SiteId, TicketNumber};
use crate::domain::incident::view::{BroadcastView, IncidentView, TiedTicket, counts};
use crate::domain::incident::{Broadcast, Excluded, Target, TargetState};
use crate::domain::ticket::{MajorIncident, RequesterBrief, SiteBrief, Status, Ticket};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn major() -> MajorIncident {
    MajorIncident {
        declared_at: now() - Duration::minutes(50),
        declared_by: id(2),
        channel: Some(id(900)),
        update_every_secs: Some(1_800),
        next_update_at: Some(now() + Duration::minutes(12)),
        told: 0,
    }
}

fn at_site(mut ticket: Ticket, region: &str) -> Ticket {
    let site = SiteBrief { id: SiteId::default(), code: "SH-01".into(), name: "上海一号站".into(), region: region.into() };
    ticket.requester = RequesterBrief { class: None, id: RequesterId::default(), name: "客户 Chen".into(), site: Some(site) };
    ticket
}

/// Ticket 1 is a major incident with some tied, one alike and two broadcasts.
fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::new(0);
    let mut incident = ticket(1, "收银机支付超时 Card payments time out");
    incident.major = Some(major());
    let mut tied: Vec<Ticket> =
        (2..6).map(|n| at_site(ticket(n, "till is dead 支付失败"), if n % 2 == 0 { "华东" } else { "华南" })).collect();
    for ticket in &mut tied {
        ticket.incident = Some(TicketNumber(1));
    }
    tied[1].status = Status::Pending;
    tied[2].status = Status::Closed;
    let mut alike = ticket(6, "Card payment: time out at the till 支付超时");
    alike.looks_like = Some(TicketNumber(1));
    let (by_status, by_region) = counts(&tied);
    let broadcast = |n: u128, text: &str, left| BroadcastView {
        broadcast: Broadcast {
            id: id(n),
            incident: TicketNumber(1),
            by: id(2),
            text: text.into(),
            texts: BTreeMap::new(),
            status: None,
            solves: false,
            created_at: now() - Duration::minutes(20),
        },
        sent: 3,
        left,
        refused: 1,
        targets: vec![Target {
            broadcast: id(n),
            ticket: TicketNumber(4),
            place: 0,
            state: TargetState::Refused,
            message: id(1),
            why: Some(Excluded::Closed),
            at: Some(now()),
        }],
    };
    let view = IncidentView {
        by_status,
        by_region,
        tied: tied.iter().map(TiedTicket::of).collect(),
        proposals: vec![TiedTicket::proposed(&alike, &incident)],
        broadcasts: vec![broadcast(31, "Still at it, {{requester.name}}", 7), broadcast(30, "我们已经知道故障,正在处理", 0)],
        incident: Box::new(incident.clone()),
    };
    *desk.incident.lock().unwrap() = Some(Arc::new(view));
    desk.change(|tickets| tickets.extend([incident].into_iter().chain(tied).chain([alike]).map(Arc::new)));
    desk
}

#[tokio::test]
async fn incidents_look_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            let name = |what: &str| format!("incident-{what}-{}-{width}x{height}", language.tag());
            insta::assert_snapshot!(name("list"), screen.snapshot());
            screen.press("enter [").await;
            insta::assert_snapshot!(name("page"), screen.snapshot());
            screen.press("I").await;
            insta::assert_snapshot!(name("menu"), screen.snapshot());
            screen.press("enter").await;
            screen.text("Dear {{requester.name}}, 请稍候").await;
            screen.press("ctrl-s enter").await;
            insta::assert_snapshot!(name("preview"), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn a_broadcast_is_previewed_before_it_is_sent_and_kept_when_it_is_not() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("I enter").await;
    screen.text("We know").await;
    screen.press("ctrl-s enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("4 get it, 1 do not") && shown.contains("closed") && shown.contains("Send this to 4 requesters?"), "{shown}");
    screen.press("enter").await;
    assert!(desk.submitted.lock().unwrap().is_empty(), "no is the default");
    screen.press("I enter").await;
    assert!(screen.snapshot().contains("We know"), "the text is kept");
    screen.press("ctrl-s enter y").await;
    let submitted = desk.submitted.lock().unwrap().clone();
    let [(Command::SendBroadcast(sent), None)] = submitted.as_slice() else { panic!("{submitted:?}") };
    assert_eq!((sent.body.text.as_str(), sent.expected), ("We know", Some(4)));
}

#[tokio::test]
async fn a_proposal_is_tied_or_not_by_a_person() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("G enter").await;
    assert!(screen.snapshot().contains("Looks like #1"), "{}", screen.snapshot());
    screen.press("I enter I down enter").await;
    let answer = |accept| (Command::AnswerLikeness { number: TicketNumber(6), accept }, None);
    assert_eq!(*desk.submitted.lock().unwrap(), [answer(true), answer(false)]);
}

#[tokio::test]
async fn declaring_asks_for_the_schedule() {
    let desk = FakeDesk::new(2);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("I enter enter").await;
    let submitted = desk.submitted.lock().unwrap().clone();
    assert!(matches!(submitted.as_slice(), [(Command::DeclareMajor { update_every_secs: Some(1_800), .. }, None)]), "{submitted:?}");
}
