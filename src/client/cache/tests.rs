//! Lists and counts against a naive model, and what opening keeps and throws away.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Duration};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::client::cache::lists::Asking;
use crate::client::outbox;
use crate::client::sync::apply::{Applied, apply, rank, set_cursor};
use crate::client::view::{Anchor, BREACHING_SECS, Counts, Sort, TicketQuery, View};
use crate::domain::Timestamp;
use crate::domain::command::Command;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::filter::Env;
use crate::domain::filter::tests as filter_tests;
use crate::domain::filter::text::{fold, search_text};
use crate::domain::id::{QueueId, TicketNumber};
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::{Kind, Priority, RequesterBrief, Status, Ticket};
use crate::wire::sync::{Batch, ChangeOp, RowChange};

pub(crate) fn now() -> Timestamp {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Somebody without a directory asks, where days begin as in UTC.
pub(crate) fn asking() -> Asking {
    Asking { now: now(), zone: chrono_tz::UTC, directory: std::sync::Arc::default() }
}

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn me() -> PersonId {
    id(7).into()
}

pub(crate) fn ticket(number: i64, version: i64) -> Ticket {
    Ticket {
        accept_by: None,
        declined: Vec::new(),
        sla_mark: String::new(),
        number: TicketNumber(number),
        version,
        queue: id(1).into(),
        kind: Kind::Question,
        subject: format!("Pump {number} does not start"),
        priority: Priority::Normal,
        status: Status::Open,
        tier: 1,
        requester: RequesterBrief { class: None, id: id(3).into(), name: "Ann".to_owned(), site: None },
        assignee: None,
        assigned_at: None,
        accepted_at: None,
        waits: None,
        participants: Vec::new(),
        tags: Vec::new(),
        fields: BTreeMap::new(),
        links: Vec::new(),
        merged_into: None,
        thread: None,
        status_key: String::new(),
        incident: None,
        major: None,
        looks_like: None,
        follow_ups: Vec::new(),
        rating: None,
        rating_asked_at: None,
        merged: Vec::new(),
        conversation: id(1_000_000 + number.unsigned_abs() as u128).into(),
        channel: None,
        external: None,
        language: None,
        message_count: 0,
        clocks: Vec::new(),
        due_at: None,
        awaits_reply: false,
        created_at: now(),
        updated_at: now(),
        solved_at: None,
    }
}

pub(crate) fn put(row: &Row) -> RowChange {
    let raw = serde_json::value::RawValue::from_string(row.to_json()).unwrap();
    RowChange { kind: row.kind(), id: row.id(), version: row.version(), op: ChangeOp::Put, row: Some(raw) }
}

pub(crate) fn out(kind: RowKind, id: impl ToString) -> RowChange {
    RowChange { kind, id: id.to_string(), version: 0, op: ChangeOp::Out, row: None }
}

pub(crate) fn batch(from: u64, to: u64, changes: Vec<RowChange>) -> Batch {
    Batch { from: from.to_string(), to: to.to_string(), more: false, now: now(), changes, here: None, skipped: 0 }
}

pub(crate) async fn at_cursor(cache: &Cache, cursor: &str) {
    let mut writing = cache.write_rows().await.unwrap();
    set_cursor(writing.connection(), Some(cursor)).await.unwrap();
    writing.commit().await.unwrap();
}

pub(crate) async fn fresh(folder: &Path) -> Cache {
    let cache = Cache::open(&folder.join("desk.sqlite"), me()).await.unwrap();
    at_cursor(&cache, "0").await;
    cache
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Put { number: i64, queue: u128, priority: u8, status: u8, assignee: Option<u128>, due: Option<i64>, updated: i64, tag: u8 },
    Out { number: i64 },
    Call { number: i64, state: u8, mine: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let number = 1..40i64;
    prop_oneof![
        8 => (number.clone(), 1..4u128, 0..4u8, 0..6u8, proptest::option::of(6..9u128), proptest::option::of(-60..120i64), 0..20i64, 0..3u8)
            .prop_map(|(number, queue, priority, status, assignee, due, updated, tag)| {
                Step::Put { number, queue, priority, status, assignee, due, updated, tag }
            }),
        1 => number.clone().prop_map(|number| Step::Out { number }),
        1 => (number, 0..4u8, any::<bool>()).prop_map(|(number, state, mine)| Step::Call { number, state, mine }),
    ]
}

/// The desk as a plain map.
#[derive(Default)]
struct Model {
    tickets: BTreeMap<i64, Ticket>,
    calls: BTreeMap<i64, Escalation>,
    version: i64,
}

impl Model {
    fn take(&mut self, step: &Step) -> RowChange {
        self.version += 1;
        match *step {
            Step::Put { number, queue, priority, status, assignee, due, updated, tag } => {
                let mut row = ticket(number, self.version);
                row.queue = id(queue).into();
                row.priority = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low][usize::from(priority)];
                row.status = [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Solved, Status::New][usize::from(status)];
                row.assignee = assignee.map(|n| id(n).into());
                row.due_at = due.map(|minutes| now() + Duration::minutes(minutes));
                row.updated_at = now() - Duration::minutes(updated);
                row.tags = vec![["Kasse", "泵站", "50%_off"][usize::from(tag)].to_owned()];
                self.tickets.insert(number, row.clone());
                put(&Row::Ticket(Box::new(row)))
            }
            Step::Out { number } => {
                self.tickets.remove(&number);
                out(RowKind::Ticket, number)
            }
            Step::Call { number, state, mine } => {
                let row = Escalation {
                    id: id(500 + number.unsigned_abs() as u128).into(),
                    version: self.version,
                    ticket: TicketNumber(number),
                    asked_by: id(8).into(),
                    expert: if mine { me() } else { id(8).into() },
                    tier: 2,
                    skill: None,
                    code: crate::domain::escalation::EscalationReason::Skill,
                    tried: String::new(),
                    takes_over: false,
                    result: None,
                    accept_by: None,
                    follows: None,
                    joined_at: None,
                    off_duty_at: None,
                    reason: String::new(),
                    state: [EscalationState::Asked, EscalationState::Accepted, EscalationState::Declined, EscalationState::Left]
                        [usize::from(state)],
                    verdict: None,
                    asked_at: now(),
                    answered_at: None,
                    ended_at: None,
                };
                self.calls.insert(number, row.clone());
                put(&Row::Escalation(row))
            }
        }
    }

    fn holds(&self, view: View, row: &Ticket) -> bool {
        let unsolved = row.status.is_unsolved();
        match view {
            View::Mine => unsolved && row.assignee == Some(me()),
            View::Unassigned => row.status.is_active() && row.assignee.is_none(),
            View::Breaching => unsolved && row.due_at.is_some_and(|due| due <= now() + Duration::seconds(BREACHING_SECS)),
            View::Escalated => self
                .calls
                .get(&row.number.0)
                .is_some_and(|call| call.expert == me() && matches!(call.state, EscalationState::Asked | EscalationState::Accepted)),
            View::All => unsolved,
            View::Queue(queue) => unsolved && row.queue == queue,
            View::Solved => row.status == Status::Solved,
        }
    }

    fn list(&self, query: &TicketQuery) -> Vec<i64> {
        let words: Vec<String> = fold(&query.filter).split_whitespace().map(str::to_owned).collect();
        let mut rows: Vec<&Ticket> = self
            .tickets
            .values()
            .filter(|row| self.holds(query.view, row))
            .filter(|row| words.iter().all(|word| search_text(row, None).contains(word.as_str())))
            .collect();
        let due = |row: &Ticket| row.due_at.map_or(i64::MAX, |due| due.timestamp_millis());
        rows.sort_by_key(|row| match query.sort {
            Sort::Due if query.view == View::Solved => (-row.updated_at.timestamp_millis(), 0, row.number.0),
            Sort::Due => (due(row), 0, row.number.0),
            Sort::Priority => (rank(row.priority), due(row), row.number.0),
            Sort::Updated => (-row.updated_at.timestamp_millis(), 0, row.number.0),
            Sort::Newest => (-row.number.0, 0, 0),
        });
        rows.iter().map(|row| row.number.0).collect()
    }

    fn counts(&self) -> Counts {
        let of = |view| self.list(&TicketQuery { view, ..TicketQuery::default() }).len();
        let mut counts = Counts {
            mine: of(View::Mine),
            unassigned: of(View::Unassigned),
            breaching: of(View::Breaching),
            escalated: of(View::Escalated),
            all: of(View::All),
            solved: of(View::Solved),
            ..Counts::default()
        };
        for row in self.tickets.values() {
            let queue = counts.queues.entry(row.queue).or_default();
            queue.waiting += usize::from(self.holds(View::Unassigned, row));
            queue.mine += usize::from(self.holds(View::Mine, row));
            queue.breaching += usize::from(self.holds(View::Breaching, row));
            queue.unsolved += usize::from(self.holds(View::All, row));
        }
        counts
    }
}

const VIEWS: [View; 8] = [
    View::Mine,
    View::Unassigned,
    View::Breaching,
    View::Escalated,
    View::All,
    View::Queue(QueueId(Uuid::from_u128(1))),
    View::Queue(QueueId(Uuid::from_u128(3))),
    View::Solved,
];
const SORTS: [Sort; 4] = [Sort::Due, Sort::Priority, Sort::Updated, Sort::Newest];

async fn numbers(cache: &Cache, query: &TicketQuery, anchor: Anchor, rows: usize) -> (usize, Vec<i64>, usize) {
    let window = cache.tickets(query, anchor, rows, &asking()).await.unwrap();
    (window.start, window.rows.iter().map(|row| row.number.0).collect(), window.total)
}

async fn compare_windows(cache: &Cache, model: &Model, at: usize, around: i64) {
    for view in VIEWS {
        for sort in SORTS {
            for filter in ["", "kasse", "泵", "50%_", "pump 1"] {
                let query = TicketQuery { view, sort, filter: filter.to_owned() };
                let list = model.list(&query);
                let whole = numbers(cache, &query, Anchor::At(0), 100).await;
                assert_eq!(whole, (0, list.clone(), list.len()), "{query:?}");
                let (start, rows, total) = numbers(cache, &query, Anchor::At(at), 5).await;
                assert_eq!((start, total), (at.min(list.len().saturating_sub(1)), list.len()), "{query:?}");
                assert_eq!(rows, list[start..(start + 5).min(list.len())], "{query:?}");
                let (start, rows, _) = numbers(cache, &query, Anchor::End, 5).await;
                assert_eq!(rows, list[start..], "{query:?}");
                let (start, rows, _) = numbers(cache, &query, Anchor::Around(TicketNumber(around), at), 5).await;
                assert_eq!(rows, list[start..(start + 5).min(list.len())], "{query:?}");
                assert_eq!(rows.contains(&around), list.contains(&around), "{query:?} around {around} from {at}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn windows_and_counts_equal_a_naive_model(steps in prop::collection::vec(step(), 1..120), at in 0usize..30, around in 1..40i64) {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let cache = fresh(folder.path()).await;
            let mut model = Model::default();
            for (n, steps) in steps.chunks(7).enumerate() {
                let n = n as u64;
                let changes = steps.iter().map(|step| model.take(step)).collect();
                assert!(matches!(apply(&cache, &batch(n, n + 1, changes)).await.unwrap(), Applied::Done { .. }));
                let mut counted = cache.counts(now()).await.unwrap();
                counted.queues.retain(|_, queue| *queue != crate::client::view::QueueCount::default());
                let mut expected = model.counts();
                expected.queues.retain(|_, queue| *queue != crate::client::view::QueueCount::default());
                assert_eq!(counted, expected);
            }
            compare_windows(&cache, &model, at, around).await;
            let pool: Vec<i64> = cache.pool(None, 50).await.unwrap().rows.iter().map(|row| row.number.0).collect();
            let query = TicketQuery { view: View::Unassigned, sort: Sort::Priority, filter: String::new() };
            assert_eq!(pool, model.list(&query));
            let held: Vec<i64> = cache.holding(me()).await.unwrap().rows.iter().map(|row| row.number.0).collect();
            assert_eq!(held, model.list(&TicketQuery::default()));
            cache.close().await;
        });
    }
}

#[tokio::test]
async fn rows_of_another_shape_go_and_unsent_commands_stay() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 1))))])).await.unwrap();
    let submission = outbox::submission(id(9).into(), Command::AcceptTicket { number: TicketNumber(1) }, None, now());
    outbox::queue(&cache, &submission, now()).await.unwrap();
    let mut writing = cache.write_rows().await.unwrap();
    sqlx::query("UPDATE meta SET value = '999' WHERE key = 'schema'").execute(writing.connection()).await.unwrap();
    writing.commit().await.unwrap();
    let path = cache.path().to_owned();
    cache.close().await;
    drop(cache);

    let cache = Cache::open(&path, me()).await.unwrap();
    assert_eq!(cache.cursor().await.unwrap(), None);
    assert!(cache.ticket(TicketNumber(1)).await.unwrap().is_none());
    assert_eq!(outbox::waiting(&cache, 10).await.unwrap(), [submission]);
}

#[tokio::test]
async fn an_outbox_of_another_shape_with_commands_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let submission = outbox::submission(id(9).into(), Command::AcceptTicket { number: TicketNumber(1) }, None, now());
    outbox::queue(&cache, &submission, now()).await.unwrap();
    let mut writing = cache.write_durable().await.unwrap();
    sqlx::query("UPDATE outbox_meta SET schema = 999").execute(writing.connection()).await.unwrap();
    writing.commit().await.unwrap();
    let path = cache.path().to_owned();
    cache.close().await;
    drop(cache);
    let error = Cache::open(&path, me()).await.unwrap_err().to_string();
    assert!(error.contains("unsent commands"), "{error}");
}

#[tokio::test]
async fn another_person_does_not_see_the_rows_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    apply(&cache, &batch(0, 1, vec![put(&Row::Ticket(Box::new(ticket(1, 1))))])).await.unwrap();
    let path = cache.path().to_owned();
    cache.close().await;
    drop(cache);
    let cache = Cache::open(&path, id(8).into()).await.unwrap();
    assert!(cache.ticket(TicketNumber(1)).await.unwrap().is_none());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(&folder.path().join("deep/er")).await;
    apply(&cache, &batch(0, 1, Vec::new())).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for file in std::fs::read_dir(folder.path().join("deep/er")).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&folder.path().join("deep/er")), 0o700);
}

#[tokio::test]
async fn a_second_console_gets_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let first = fresh(folder.path()).await;
    let second = fresh(folder.path()).await;
    assert_ne!(first.path(), second.path());
    let path = first.path().to_owned();
    first.close().await;
    drop(first);
    assert_eq!(Cache::open(&path, me()).await.unwrap().path(), path);
}

#[test]
fn a_window_moves_no_more_than_it_must() {
    let start = super::lists::start;
    let around = |index| Anchor::Around(TicketNumber(1), index);
    assert_eq!(start(around(10), Some(12), 5, 100), 10);
    assert_eq!(start(around(10), Some(9), 5, 100), 9);
    assert_eq!(start(around(10), Some(15), 5, 100), 11);
    assert_eq!(start(around(10), None, 5, 100), 10);
    assert_eq!(start(Anchor::At(500), None, 5, 100), 99);
    assert_eq!(start(Anchor::End, None, 5, 100), 95);
    assert_eq!(start(Anchor::End, None, 5, 3), 0);
}

/// The desk of the filter's tests in a cache, with a call for me on every third ticket.
async fn filtered_cache(folder: &Path, rows: &[Ticket]) -> (Cache, Asking, Vec<(TicketNumber, PersonId)>) {
    let cache = fresh(folder).await;
    let directory = filter_tests::directory();
    let mut changes: Vec<RowChange> = directory.queues.values().map(|queue| put(&Row::Queue(queue.clone()))).collect();
    changes.extend(rows.iter().map(|row| put(&Row::Ticket(Box::new(row.clone())))));
    let mut model = Model::default();
    let called: Vec<i64> = rows.iter().map(|row| row.number.0).filter(|number| number % 3 == 0).collect();
    changes.extend(called.iter().map(|number| model.take(&Step::Call { number: *number, state: 1, mine: true })));
    apply(&cache, &batch(0, 1, changes)).await.unwrap();
    let asking = Asking { now: filter_tests::now(), zone: filter_tests::ZONE, directory: std::sync::Arc::new(directory) };
    (cache, asking, called.into_iter().map(|number| (TicketNumber(number), me())).collect())
}

fn tickets_for_filters() -> impl Strategy<Value = Vec<Ticket>> {
    let rows: Vec<_> = (1..16).map(|number| filter_tests::ticket(number).boxed()).collect();
    rows.prop_map(|mut rows| {
        // The filter's third person is me here.
        for row in &mut rows {
            row.assignee = row.assignee.map(|person| if person == id(3).into() { me() } else { person });
        }
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_condition_finds_what_the_filter_admits(rows in tickets_for_filters(), filters in prop::collection::vec(filter_tests::filter(), 24)) {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let (cache, asking, calls) = filtered_cache(folder.path(), &rows).await;
            let env = Env { now: asking.now, zone: asking.zone, me: me(), directory: &asking.directory, calls: &calls };
            for filter in filters {
                let text = filter.to_string();
                let admitted = rows.iter().filter(|row| filter.admits(row, &env));
                let of = |row: &&Ticket| filter.speaks_of_status() || row.status.is_unsolved();
                let expected: Vec<i64> = admitted.filter(of).map(|row| -row.number.0).collect();
                let query = TicketQuery { view: View::All, sort: Sort::Newest, filter: text.clone() };
                let window = cache.tickets(&query, Anchor::At(0), 100, &asking).await.unwrap();
                let mut found: Vec<i64> = window.rows.iter().map(|row| -row.number.0).collect();
                found.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
                assert_eq!(found, expected, "{text}");
                assert_eq!(cache.count_filters(&[text], &asking).await.unwrap(), [expected.len()]);
            }
        });
    }
}
