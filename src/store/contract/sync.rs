//! Snapshot, feed, versions: a replica fed by the first two equals a fresh one, for every kind of change.

use std::collections::BTreeMap;

use chrono::Duration;

use super::fixtures::*;
use crate::domain::access::{Audience, admits, conversation_audience, sync_audience};
use crate::domain::command::Change;
use crate::domain::conversation::{Author, Conversation, ConversationKind, Message, ReadMark, Visibility};
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::handover::Handover;
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::person::{AgentState, Person, Presence, Role};
use crate::domain::reminder::{Reminder, ReminderState};
use crate::domain::requester::Site;
use crate::domain::roster::{RosterChange, RosterChangeKind, Rota};
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::{Status, Ticket};
use crate::store::{Position, Store, StoreError, Work};

type Held = BTreeMap<(RowKind, String), (i64, String)>;

/// Everything but messages, of which a console holds those of conversations it opened.
fn kinds() -> impl Iterator<Item = RowKind> {
    RowKind::ALL.into_iter().filter(|kind| *kind != RowKind::Message)
}

async fn fresh(store: &dyn Store, viewer: &Person) -> Held {
    let mut held = Held::new();
    for kind in kinds() {
        let mut after = None;
        loop {
            // Small pages: paging must neither lose nor repeat.
            let page = store.snapshot(viewer, kind, after.as_deref(), 3).await.unwrap();
            for (id, version, row) in page.rows {
                assert!(held.insert((kind, id), (version, row.to_string())).is_none(), "a row came twice");
            }
            let Some(next) = page.next else { break };
            after = Some(next);
        }
    }
    held
}

async fn versions(store: &dyn Store, viewer: &Person) -> Vec<(RowKind, String, i64)> {
    let mut all = Vec::new();
    for kind in kinds() {
        let (_, mut found) = store.versions(viewer, &[kind]).await.unwrap();
        all.extend(found.remove(0).into_iter().map(|(id, version)| (kind, id, version)));
    }
    all.sort();
    all
}

/// One person's console, fed by the feed.
struct Replica {
    viewer: Person,
    held: Held,
    cursor: Position,
}

impl Replica {
    async fn start(store: &dyn Store, viewer: Person) -> Self {
        let cursor = store.head().await.unwrap();
        Self { held: fresh(store, &viewer).await, viewer, cursor }
    }

    /// Reads on to the head, `limit` entries at a time.
    async fn catch_up(&mut self, store: &dyn Store, limit: i64) {
        loop {
            let page = store.feed(self.cursor, limit).await.unwrap();
            let Some(last) = page.last() else { break };
            self.cursor = last.position;
            for entry in page.iter().filter(|entry| entry.kind != RowKind::Message) {
                let place = (entry.kind, entry.id.clone());
                if admits(&entry.after, &self.viewer) {
                    self.held.insert(place, (entry.version, entry.row.to_string()));
                } else if entry.before.as_ref().is_some_and(|before| admits(before, &self.viewer)) {
                    self.held.remove(&place);
                }
            }
        }
    }

    async fn compare(&self, store: &dyn Store, step: &str) {
        let expected = fresh(store, &self.viewer).await;
        assert_eq!(self.held, expected, "{} after {step}", self.viewer.handle);
        let mut of_snapshot: Vec<_> = expected.iter().map(|((kind, id), (version, _))| (*kind, id.clone(), *version)).collect();
        of_snapshot.sort();
        assert_eq!(versions(store, &self.viewer).await, of_snapshot, "{} after {step}", self.viewer.handle);
    }
}

fn viewers() -> Vec<Person> {
    vec![
        person(1, Role::Agent, &[id(1, 1)]),
        person(2, Role::Agent, &[id(1, 2)]),
        person(3, Role::Expert, &[]),
        person(4, Role::Lead, &[]),
        person(5, Role::Agent, &[id(1, 1), id(1, 2)]),
        person(6, Role::Viewer, &[]),
    ]
}

/// Numbers without rhyme, the same at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A desk that changes at random, in every kind of row.
struct Desk {
    dice: Dice,
    tickets: Vec<Ticket>,
    escalations: Vec<Escalation>,
    conversations: Vec<Conversation>,
    notices: Vec<Notice>,
    changes: Vec<RosterChange>,
    versions: BTreeMap<String, i64>,
}

impl Desk {
    fn version(&mut self, name: String) -> i64 {
        let version = self.versions.entry(name).or_default();
        *version += 1;
        *version
    }

    fn some_people(&mut self) -> Vec<crate::domain::id::PersonId> {
        (1..=6).filter(|_| self.dice.roll(3) == 0).map(|number| id(2, number)).collect()
    }

    /// One act: its name and what it writes.
    fn act(&mut self) -> (&'static str, Vec<Change>) {
        match self.dice.roll(12) {
            0 => ("a new ticket", self.open_ticket()),
            1..=4 => self.change_ticket(),
            5 => ("an escalation", self.escalate()),
            6 => ("a conversation", self.converse()),
            7 => ("a notice", self.notify()),
            8 => ("a roster change", self.roster_change()),
            9 => ("a reminder", self.remind()),
            10 => ("a handover", self.hand_over()),
            _ => self.change_directory(),
        }
    }

    fn open_ticket(&mut self) -> Vec<Change> {
        let number = i64::try_from(self.tickets.len()).unwrap() + 1;
        let mut made = ticket(number, id(1, 1 + self.dice.roll(3)));
        made.participants = self.some_people();
        self.tickets.push(made.clone());
        vec![ticket_put(None, &made), message_put(&made, 1)]
    }

    fn change_ticket(&mut self) -> (&'static str, Vec<Change>) {
        if self.tickets.is_empty() {
            return ("a new ticket", self.open_ticket());
        }
        let place = usize::try_from(self.dice.roll(self.tickets.len() as u64)).unwrap();
        let (what, roll, people) = (self.dice.roll(4), self.dice.roll(6), self.some_people());
        let mut name = "a ticket's queue";
        let (after, put) = edit(&self.tickets[place], |ticket| match what {
            0 => ticket.queue = id(1, 1 + roll % 3),
            1 => {
                name = "a ticket's assignee";
                ticket.assignee = (roll > 0).then(|| id(2, roll));
            }
            2 => {
                name = "a ticket's participants";
                ticket.participants = people;
            }
            _ => {
                name = "a ticket's status";
                ticket.status = [Status::New, Status::Open, Status::Pending, Status::Solved, Status::Closed, Status::Closed][roll as usize];
            }
        });
        self.tickets[place] = after;
        (name, vec![put])
    }

    fn escalate(&mut self) -> Vec<Change> {
        if self.tickets.is_empty() {
            return self.open_ticket();
        }
        let place = usize::try_from(self.dice.roll(self.tickets.len() as u64)).unwrap();
        let number = self.escalations.len() as u64;
        let expert = id(2, 1 + self.dice.roll(6));
        let escalation = Escalation {
            id: id(10, number),
            version: 1,
            ticket: self.tickets[place].number,
            asked_by: id(2, 4),
            expert,
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
            reason: "stuck".into(),
            state: EscalationState::Asked,
            verdict: None,
            asked_at: now(),
            answered_at: None,
            ended_at: None,
        };
        self.escalations.push(escalation.clone());
        if self.dice.roll(2) == 0 {
            // An old one is answered at the same time, with the ticket moving.
            let old = usize::try_from(self.dice.roll(self.escalations.len() as u64)).unwrap();
            let answered = &mut self.escalations[old];
            answered.version += 1;
            answered.state = EscalationState::Accepted;
            let answered = answered.clone();
            let at = usize::try_from(answered.ticket.0 - 1).unwrap();
            let (after, put) = edit(&self.tickets[at], |ticket| ticket.participants.push(answered.expert));
            self.tickets[at] = after;
            let newly = (answered.id != escalation.id).then_some(Change::Put(Row::Escalation(escalation)));
            return newly.into_iter().chain([Change::Put(Row::Escalation(answered)), put]).collect();
        }
        vec![Change::Put(Row::Escalation(escalation))]
    }

    fn converse(&mut self) -> Vec<Change> {
        let members = self.some_people();
        if self.conversations.len() < 5 || self.dice.roll(4) == 0 {
            let kind = [ConversationKind::Channel, ConversationKind::Direct, ConversationKind::Escalation][self.dice.roll(3) as usize];
            let made = conversation(self.conversations.len() as u64, kind, &members);
            self.conversations.push(made.clone());
            return vec![Change::Put(Row::Conversation(made))];
        }
        let place = usize::try_from(self.dice.roll(self.conversations.len() as u64)).unwrap();
        let changed = &mut self.conversations[place];
        changed.version += 1;
        changed.members = members;
        let mark = ReadMark { person: id(2, 1 + self.dice.roll(6)), conversation: changed.id, version: 0, seq: 1, muted: false };
        let put = Change::Put(Row::Conversation(changed.clone()));
        let version = self.version(format!("mark {} {}", mark.person, mark.conversation));
        vec![put, Change::Put(Row::ReadMark(ReadMark { version, ..mark }))]
    }

    fn notify(&mut self) -> Vec<Change> {
        if self.notices.len() > 2 && self.dice.roll(2) == 0 {
            let place = usize::try_from(self.dice.roll(self.notices.len() as u64)).unwrap();
            let read = &mut self.notices[place];
            read.version += 1;
            read.read = true;
            return vec![Change::Put(Row::Notice(read.clone()))];
        }
        let notice = Notice {
            id: id(11, self.notices.len() as u64),
            version: 1,
            person: id(2, 1 + self.dice.roll(6)),
            kind: NoticeKind::Assigned,
            ticket: None,
            conversation: None,
            at: now(),
            read: false,
        };
        self.notices.push(notice.clone());
        vec![Change::Put(Row::Notice(notice))]
    }

    fn remind(&mut self) -> Vec<Change> {
        let number = self.dice.roll(4);
        let state = [ReminderState::Waiting, ReminderState::Told, ReminderState::Cancelled][self.dice.roll(3) as usize];
        let version = self.version(format!("reminder {number}"));
        let person = id(2, 1 + number);
        let reminder =
            Reminder { id: id(40, number), version, person, at: now(), text: String::new(), ticket: None, conversation: None, state };
        let settings = NoticeSettings { version: self.version(format!("settings {number}")), ..NoticeSettings::usual(person) };
        vec![Change::Put(Row::Reminder(reminder)), Change::Put(Row::NoticeSettings(settings))]
    }

    fn hand_over(&mut self) -> Vec<Change> {
        let number = self.dice.roll(4);
        // Some end long ago: history, which no console holds.
        let to = now() + Duration::days(40 - i64::try_from(self.dice.roll(150)).unwrap());
        let version = self.version(format!("handover {number}"));
        let (readers, drafted_at) = (self.some_people(), now());
        let handover = Handover { id: id(41, number), version, to, readers, ..super::told::handover(number, drafted_at) };
        vec![Change::Put(Row::Handover(Box::new(handover)))]
    }

    fn roster_change(&mut self) -> Vec<Change> {
        // Some end long ago: history, which no console holds.
        let to = now() + Duration::days(40 - i64::try_from(self.dice.roll(150)).unwrap());
        if self.changes.len() > 2 && self.dice.roll(2) == 0 {
            let place = usize::try_from(self.dice.roll(self.changes.len() as u64)).unwrap();
            let moved = &mut self.changes[place];
            moved.version += 1;
            moved.to = to;
            return vec![Change::Put(Row::RosterChange(moved.clone()))];
        }
        let change = RosterChange {
            other_from: None,
            other_to: None,
            state: crate::domain::roster::ChangeState::InForce,
            answered_by: None,
            answer: String::new(),
            id: id(12, self.changes.len() as u64),
            version: 1,
            rota: id(13, 1),
            kind: RosterChangeKind::Leave,
            person: id(2, 1),
            other: None,
            from: to - Duration::days(1),
            to,
            reason: String::new(),
            asked_by: id(2, 1),
            cancelled: false,
            created_at: now(),
        };
        self.changes.push(change.clone());
        vec![Change::Put(Row::RosterChange(change))]
    }

    fn change_directory(&mut self) -> (&'static str, Vec<Change>) {
        let roll = self.dice.roll(5);
        let version = self.version(format!("directory {roll}"));
        let row = match roll {
            0 => Row::Person(Person { version, ..person(20, Role::Agent, &[]) }),
            1 => Row::Queue(crate::domain::queue::Queue { version, ..queue(1) }),
            2 => Row::AgentState(AgentState { version, presence: Presence::Busy, ..AgentState::unseen(id(2, 1), now()) }),
            3 => Row::Site(Site {
                id: id(14, 1),
                version,
                code: "S1".into(),
                name: "Site".into(),
                region: "N".into(),
                latitude: None,
                longitude: None,
            }),
            _ => Row::Rota(rota(version)),
        };
        ("the directory", vec![Change::Put(row)])
    }
}

fn rota(version: i64) -> Rota {
    Rota {
        limits: crate::domain::roster::RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        id: id(13, 1),
        version,
        key: "nights".into(),
        name: "Nights".into(),
        time_zone: "UTC".into(),
        queues: Vec::new(),
        tier: 1,
        shift_types: Vec::new(),
        pattern: Vec::new(),
        starts_on: now().date_naive(),
        members: Vec::new(),
        required: Vec::new(),
        lead: None,
        active: true,
    }
}

fn desk(seed: u64) -> Desk {
    Desk {
        dice: Dice(seed),
        tickets: Vec::new(),
        escalations: Vec::new(),
        conversations: Vec::new(),
        notices: Vec::new(),
        changes: Vec::new(),
        versions: BTreeMap::new(),
    }
}

pub(super) async fn replicas_agree_with_snapshots(store: &dyn Store) {
    let mut desk = desk(7);
    let mut replicas = Vec::new();
    let mut late = Vec::new();
    for viewer in viewers() {
        replicas.push(Replica::start(store, viewer.clone()).await);
        late.push(Replica::start(store, viewer).await);
    }
    for step in 0..240 {
        let (name, changes) = desk.act();
        execute(store, changes).await;
        for replica in &mut replicas {
            replica.catch_up(store, 100).await;
            replica.compare(store, &format!("step {step}: {name}")).await;
        }
        // These read long stretches, in pages of every size.
        if step % 40 == 39 {
            for (place, replica) in late.iter_mut().enumerate() {
                replica.catch_up(store, 1 + i64::try_from(place).unwrap() * 7).await;
                replica.compare(store, &format!("catching up at step {step}")).await;
            }
        }
    }
}

pub(super) async fn versions_agree_with_access(store: &dyn Store) {
    let mut desk = desk(11);
    for _ in 0..150 {
        let (_, changes) = desk.act();
        execute(store, changes).await;
    }
    for viewer in viewers() {
        let of = async |kind| store.versions(&viewer, &[kind]).await.unwrap().1.remove(0);
        let mut expected: Vec<_> = desk
            .tickets
            .iter()
            .filter(|ticket| admits(&sync_audience(ticket), &viewer))
            .map(|row| (row.number.to_string(), row.version))
            .collect();
        assert_eq!(of(RowKind::Ticket).await, expected);
        expected = desk
            .conversations
            .iter()
            .filter(|row| admits(&conversation_audience(row), &viewer))
            .map(|row| (row.id.to_string(), row.version))
            .collect();
        assert_eq!(of(RowKind::Conversation).await, expected);
        let of_ticket = |row: &&Escalation| admits(&sync_audience(&desk.tickets[row.ticket.0 as usize - 1]), &viewer);
        expected = desk.escalations.iter().filter(of_ticket).map(|row| (row.id.to_string(), row.version)).collect();
        assert_eq!(of(RowKind::Escalation).await, expected);
    }
}

pub(super) async fn a_page_never_shows_what_was_written_after_leaving(store: &dyn Store) {
    let agent = person(1, Role::Agent, &[id(1, 1)]);
    let first = ticket(1, id(1, 1));
    execute(store, vec![ticket_put(None, &first)]).await;
    let (second, put) = edit(&first, |ticket| ticket.queue = id(1, 2));
    execute(store, vec![put]).await;
    let (_, put) = edit(&second, |ticket| ticket.subject = "secret".into());
    execute(store, vec![put]).await;
    for limit in 1..=3 {
        let page = store.feed(Position::default(), limit).await.unwrap();
        for entry in &page {
            assert!(entry.row.contains("secret"));
            assert!(!admits(&entry.after, &agent), "page of {limit}");
            assert_eq!(entry.version, 3);
        }
    }
}

pub(super) async fn messages_held(store: &dyn Store) {
    let me = person(1, Role::Agent, &[id(1, 1)]);
    let mut mine = ticket(1, id(1, 1));
    mine.assignee = Some(me.id);
    let queued = ticket(2, id(1, 1));
    let mut joined = ticket(3, id(1, 9));
    joined.participants = vec![me.id];
    let mut solved = ticket(4, id(1, 1));
    solved.assignee = Some(me.id);
    solved.status = Status::Solved;
    for ticket in [&mine, &queued, &joined, &solved] {
        execute(store, vec![ticket_put(None, ticket), message_put(ticket, 1)]).await;
    }
    let mut open = conversation(1, ConversationKind::Channel, &[]);
    open.last_seq = 250;
    let closed = conversation(2, ConversationKind::Direct, &[id(2, 9)]);
    let say = |conversation: &Conversation, number: i64| Change::PutMessage {
        message: Box::new(Message {
            id: id(20, conversation.id.0.as_u64_pair().1 % 10 * 1000 + number.unsigned_abs()),
            version: 1,
            conversation: conversation.id,
            ticket: None,
            seq: number,
            author: Author::System,
            visibility: Visibility::Internal,
            text: "hello".into(),
            line: None,
            attachments: Vec::new(),
            mentions: Vec::new(),
            reply_to: None,
            reactions: std::collections::BTreeMap::new(),
            pinned_by: None,
            edited_at: None,
            split_into: None,
            copy_of: None,
            withheld: false,
            created_at: now(),
        }),
        audience: conversation_audience(conversation),
        external: None,
    };
    let mut changes = vec![Change::Put(Row::Conversation(open.clone())), Change::Put(Row::Conversation(closed.clone())), say(&closed, 1)];
    changes.extend((1..=250).map(|number| say(&open, number)));
    execute(store, changes).await;
    let mut found = 0;
    let mut tickets = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.snapshot(&me, RowKind::Message, after.as_deref(), 60).await.unwrap();
        for (_, _, row) in &page.rows {
            let message: Message = serde_json::from_str(row).unwrap();
            match message.ticket {
                Some(number) => tickets.push(number.0),
                None => {
                    assert!(message.conversation == open.id && message.seq > 50);
                    found += 1;
                }
            }
        }
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    tickets.sort_unstable();
    assert_eq!((found, tickets), (200, vec![1, 3]));
}

pub(super) async fn trims_and_says_so(store: &dyn Store) {
    let start = store.head().await.unwrap();
    assert!(store.feed(start, 100).await.unwrap().is_empty());
    for number in 1..=10u64 {
        let at = now() + Duration::minutes(i64::try_from(number).unwrap());
        let unit = Work { now: at, idempotency: key(number, 1), ..work(vec![Change::Put(Row::Queue(queue(number)))]) };
        store.execute(unit).await.unwrap();
    }
    let head = store.head().await.unwrap();
    assert_eq!(store.trim(now() + Duration::minutes(4)).await.unwrap(), 3);
    let kept = |seq| Position { seq, ..head };
    assert_eq!(store.feed(kept(3), 100).await.unwrap().len(), 7);
    for gone in [start, kept(2)] {
        assert!(matches!(store.feed(gone, 100).await, Err(StoreError::Trimmed)), "entries after {gone:?} are missing");
    }
    // Forgotten keys take effect anew, kept ones do not.
    let again = |number| store.execute(Work { idempotency: key(number, 1), ..work(Vec::new()) });
    assert!(!again(1).await.unwrap().replayed);
    assert!(again(5).await.unwrap().replayed);
    // However much is trimmed, the head stands.
    store.trim(now() + Duration::days(9)).await.unwrap();
    assert_eq!(store.head().await.unwrap(), head);
    assert!(store.feed(head, 100).await.unwrap().is_empty());
    let next = execute(store, vec![Change::Put(Row::Queue(queue(11)))]).await;
    assert_eq!(next.position.seq, head.seq + 1);
}

pub(super) async fn announces_the_head(store: &dyn Store) {
    let mut watch = store.watch();
    let receipt = put(store, Row::Queue(queue(1))).await;
    assert!(watch.has_changed().unwrap());
    assert_eq!(*watch.borrow_and_update(), receipt.position);
    // An answer without effect announces nothing.
    execute(store, Vec::new()).await;
    assert!(!watch.has_changed().unwrap());
    let entry = store.feed(Position::default(), 10).await.unwrap().remove(0);
    assert_eq!((entry.position, entry.before, entry.after), (receipt.position, None, Audience::Desk));
    let both = [RowKind::Person, RowKind::Queue];
    assert!(store.changed(Position::default(), &both).await.unwrap());
    assert!(!store.changed(receipt.position, &both).await.unwrap(), "what is at a place is not after it");
    assert!(!store.changed(Position::default(), &[RowKind::Ticket]).await.unwrap());
}
