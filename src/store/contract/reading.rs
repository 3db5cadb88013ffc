//! Lists, searches, what jobs look for, and what is on record.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::assignment::Decision;
use crate::domain::audit::{AuditActor, AuditEntry};
use crate::domain::command::{Change, Outcome};
use crate::domain::id::{IntakeChannelId, TicketNumber};
use crate::domain::person::{AgentState, Role};
use crate::domain::queue::{IntakeChannel, Strategy};
use crate::domain::row::Row;
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::ticket::{Priority, SiteBrief, Status};
use crate::store::{CalendarLinkOf, CalendarLinkRecord, Store, TicketFilter, TokenRecord, Work};

async fn numbers(store: &dyn Store, viewer: u64, role: Role, filter: TicketFilter) -> Vec<i64> {
    let viewer = person(viewer, role, &[id(1, 1)]);
    store.tickets(&viewer, &filter, None, 100).await.unwrap().tickets.iter().map(|ticket| ticket.number.0).collect()
}

pub(super) async fn filters_tickets(store: &dyn Store) {
    let mut first = ticket(1, id(1, 1));
    first.tags = vec!["re_fund".into()];
    let mut second = ticket(2, id(1, 2));
    second.priority = Priority::Urgent;
    second.participants = vec![id(2, 3)];
    second.requester.site = Some(SiteBrief { id: id(14, 1), code: "BJ-07".into(), name: "朝阳站".into(), region: "N".into() });
    let mut third = ticket(3, id(1, 2));
    third.assignee = Some(id(2, 2));
    third.status = Status::Closed;
    third.subject = "100% Done".into();
    third.requester.id = id(3, 2);
    execute(store, [&first, &second, &third].map(|ticket| ticket_put(None, ticket)).to_vec()).await;
    let all = TicketFilter::default;
    let check = async |filter, expected: &[i64]| assert_eq!(numbers(store, 9, Role::Lead, filter).await, expected);
    check(all(), &[3, 2, 1]).await;
    check(TicketFilter { queue: Some(id(1, 2)), ..all() }, &[3, 2]).await;
    check(TicketFilter { statuses: vec![Status::New, Status::Open], ..all() }, &[2, 1]).await;
    check(TicketFilter { priority: Some(Priority::Urgent), ..all() }, &[2]).await;
    check(TicketFilter { assignee: Some(None), ..all() }, &[2, 1]).await;
    check(TicketFilter { assignee: Some(Some(id(2, 2))), ..all() }, &[3]).await;
    check(TicketFilter { participant: Some(id(2, 3)), ..all() }, &[2]).await;
    check(TicketFilter { requester: Some(id(3, 2)), ..all() }, &[3]).await;
    check(TicketFilter { tag: Some("re_fund".into()), ..all() }, &[1]).await;
    check(TicketFilter { tag: Some("re-fund".into()), ..all() }, &[]).await;
    check(TicketFilter { tag: Some("fund".into()), ..all() }, &[]).await;
    let text = |text: &str| TicketFilter { text: Some(text.into()), ..all() };
    check(text("PUMP"), &[2, 1]).await;
    check(text("朝阳"), &[2]).await;
    check(text("bj-07"), &[2]).await;
    check(text("100%"), &[3]).await;
    check(text("%"), &[3]).await;
    check(text("ZOË"), &[3, 2, 1]).await;
    check(text("#2"), &[2]).await;
    // What the viewer may not see is not found.
    assert_eq!(numbers(store, 1, Role::Agent, all()).await, [1]);
    assert_eq!(numbers(store, 2, Role::Agent, all()).await, [3, 1]);
    assert_eq!(numbers(store, 3, Role::Expert, all()).await, [2, 1]);
}

pub(super) async fn pages_tickets(store: &dyn Store) {
    store.execute_all((0..25).map(|n| new_ticket(n, &n.to_string(), id(1, 1))).collect()).await.unwrap();
    let lead = person(1, Role::Lead, &[]);
    let (mut before, mut found) = (None, Vec::new());
    loop {
        let page = store.tickets(&lead, &TicketFilter::default(), before, 5).await.unwrap();
        found.extend(page.tickets.iter().map(|ticket| ticket.number.0));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(found, (1..=25).rev().collect::<Vec<i64>>());
}

fn clock(warn: i64, due: i64) -> Clock {
    Clock {
        spent_ms: 0,
        counted_to: None,
        steps: Vec::new(),
        kind: ClockKind::FirstResponse,
        target_secs: 60,
        started_at: now(),
        due_at: now() + Duration::seconds(due),
        warn_at: now() + Duration::seconds(warn),
        paused_at: None,
        stopped_at: None,
        warned_at: None,
        breached_at: None,
    }
}

pub(super) async fn finds_work_for_jobs(store: &dyn Store) {
    let mut low = ticket(1, id(1, 1));
    low.priority = Priority::Low;
    low.clocks = vec![clock(40, 50)];
    let mut warned = ticket(2, id(1, 1));
    warned.clocks = vec![Clock { warned_at: Some(now()), ..clock(10, 20) }];
    let mut paused = ticket(3, id(1, 1));
    paused.clocks = vec![Clock { paused_at: Some(now()), ..clock(1, 2) }, Clock { stopped_at: Some(now()), ..clock(1, 2) }];
    paused.status = Status::Pending;
    let mut solved = ticket(4, id(1, 1));
    solved.status = Status::Solved;
    let mut urgent = ticket(5, id(1, 1));
    urgent.priority = Priority::Urgent;
    let mut held = ticket(6, id(1, 1));
    held.assignee = Some(id(2, 1));
    execute(store, [&low, &warned, &paused, &solved, &urgent, &held].map(|ticket| ticket_put(None, ticket)).to_vec()).await;
    let pool: Vec<_> = store.pool(crate::store::PoolPart::Untried, 10).await.unwrap().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(pool, [5, 2, 1]);
    assert_eq!(store.next_sla_step().await.unwrap(), Some(now() + Duration::seconds(20)));
    let due = async |seconds| store.sla_due(now() + Duration::seconds(seconds), 10).await.unwrap();
    assert_eq!(due(19).await, []);
    assert_eq!(due(20).await, [TicketNumber(2)]);
    assert_eq!(due(40).await, [TicketNumber(2), TicketNumber(1)]);
    // Fired steps are not found again.
    let (_, put) = edit(&warned, |ticket| ticket.clocks[0].breached_at = Some(now()));
    execute(store, vec![put]).await;
    assert_eq!(due(40).await, [TicketNumber(1)]);
    assert_eq!(store.solved_before(now(), 10).await.unwrap(), []);
    assert_eq!(store.solved_before(now() + Duration::seconds(1), 10).await.unwrap(), [TicketNumber(4)]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.tickets, counts.unassigned, counts.messages), (6, 3, 0));
}

pub(super) async fn keeps_the_record(store: &dyn Store) {
    let first = ticket(1, id(1, 1));
    let entry = |action: &str| AuditEntry {
        at: now(),
        actor: AuditActor::Desk { job: "test".into() },
        source: "job".into(),
        action: action.into(),
        ticket: Some(first.number),
        changes: Vec::new(),
        reason: None,
    };
    let decision = |number, minutes| Decision {
        id: id(15, number),
        ticket: first.number,
        at: now() + Duration::minutes(minutes),
        strategy: Strategy::LeastLoaded,
        candidates: Vec::new(),
        chosen: None,
        waits: None,
    };
    let outcome = Outcome {
        changes: vec![
            ticket_put(None, &first),
            message_put(&first, 1),
            message_put(&first, 2),
            message_put(&first, 3),
            Change::PutDecision(decision(1, 0)),
            Change::PutDecision(decision(2, 5)),
        ],
        audit: vec![entry("create_ticket"), entry("auto_assign")],
        ..Outcome::default()
    };
    store.execute(Work { decide: Box::new(move |_| Ok(outcome.clone())), ..work(Vec::new()) }).await.unwrap();
    assert_eq!(store.ticket(first.number).await.unwrap(), Some(first.clone()));
    assert_eq!(store.ticket(TicketNumber(9)).await.unwrap(), None);
    let actions: Vec<_> = store.audit(first.number, 10).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["create_ticket", "auto_assign"]);
    let decisions = store.decisions(first.number, 10).await.unwrap();
    assert_eq!(decisions.iter().map(|decision| decision.id).collect::<Vec<_>>(), [id(15, 2), id(15, 1)]);
    let page = store.messages(first.conversation, 1, 1).await.unwrap();
    assert_eq!(page, [message(&first, 2)]);
}

pub(super) async fn keeps_tokens_and_passwords(store: &dyn Store) {
    let owner = id(2, 1);
    assert_eq!(store.password_hash(owner).await.unwrap(), None);
    for hash in ["one", "two"] {
        store.set_password_hash(owner, hash).await.unwrap();
    }
    assert_eq!(store.password_hash(owner).await.unwrap().as_deref(), Some("two"));
    let mut token = TokenRecord { sha256: "ab".into(), person: owner, device: "laptop".into(), created_at: now(), last_used_at: None };
    store.put_token(&token).await.unwrap();
    token.last_used_at = Some(now() + Duration::seconds(5));
    store.put_token(&token).await.unwrap();
    assert_eq!(store.token("ab").await.unwrap(), Some(token.clone()));
    assert_eq!(store.tokens(owner).await.unwrap(), [token]);
    assert!(store.revoke_token("ab").await.unwrap());
    assert!(!store.revoke_token("ab").await.unwrap());
    assert_eq!(store.token("ab").await.unwrap(), None);
}

pub(super) async fn keeps_calendar_links(store: &dyn Store) {
    let mine = CalendarLinkOf::Person(id(2, 1));
    // The same id as the person's: the two kinds must not be mixed up.
    let rota = CalendarLinkOf::Rota(id(2, 1));
    let link = |sha256: &str, of| CalendarLinkRecord { sha256: sha256.into(), of, made_by: id(2, 1), created_at: now() };
    for one in [link("aa", mine), link("bb", mine), link("cc", rota)] {
        store.put_calendar_link(&one).await.unwrap();
    }
    assert_eq!(store.calendar_link("cc").await.unwrap(), Some(link("cc", rota)));
    assert_eq!(store.calendar_link("dd").await.unwrap(), None);
    assert_eq!(store.calendar_links(mine).await.unwrap(), [link("aa", mine), link("bb", mine)]);
    assert_eq!(store.revoke_calendar_links(mine).await.unwrap(), 2);
    assert_eq!(store.revoke_calendar_links(mine).await.unwrap(), 0);
    assert_eq!(store.calendar_link("aa").await.unwrap(), None);
    assert_eq!(store.calendar_links(rota).await.unwrap().len(), 1);
}

pub(super) async fn keeps_the_directory(store: &dyn Store) {
    let channel = IntakeChannel {
        id: id::<IntakeChannelId>(9, 1),
        version: 1,
        key: "web".into(),
        name: "Web".into(),
        queue: id(1, 1),
        reply_webhook: None,
        asks_rating: false,
        token_sha256: "00".into(),
        active: true,
    };
    let state = AgentState { version: 1, ..AgentState::unseen(id(2, 1), now()) };
    let agent = person(1, Role::Agent, &[id(1, 1)]);
    execute(
        store,
        vec![
            Change::Put(Row::Person(agent.clone())),
            Change::Put(Row::Queue(queue(1))),
            Change::Put(Row::AgentState(state.clone())),
            Change::PutIntakeChannel(channel.clone()),
            Change::PutRequester(requester(1)),
        ],
    )
    .await;
    let directory = store.directory().await.unwrap();
    assert_eq!(directory.person_by_handle("person-1"), Some(&agent));
    assert_eq!(directory.queue_by_key("queue-1"), Some(&queue(1)));
    assert_eq!(store.agent_states().await.unwrap(), [state]);
    assert_eq!(store.intake_channels().await.unwrap(), std::slice::from_ref(&channel));
    assert_eq!(store.intake_channel("web").await.unwrap(), Some(channel));
    assert_eq!(store.intake_channel("mail").await.unwrap(), None);
    assert_eq!(store.requester(id(3, 1)).await.unwrap(), Some(requester(1)));
    assert_eq!(store.requesters("SHOP:1", 5).await.unwrap(), [requester(1)]);
    assert!(store.requesters("shop_1", 5).await.unwrap().is_empty());
    store.check().await.unwrap();
}
