//! Drives the whole console without a terminal: a desk in memory, keys by name, the screen as text. Time stands still.

mod screen;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{Duration, TimeZone, Utc};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::base::terms::Query;
use crate::client::drafts::Draft;
use crate::client::files::local::inspect;
use crate::client::files::{FileItem, Transfer};
use crate::client::here::Everybody;
use crate::client::search::FoundHits;
use crate::client::stats::Figures;
use crate::client::view::{
    Anchor, Changed, ConversationItem, Counts, Link, LinkStatus, OlderMessages, OutboxEntry, TicketDetail, TicketHistory, TicketQuery,
    TicketWindow, View,
};
use crate::console::DeskHandle;
use crate::console::effect::{Load, Loaded};
use crate::console::files::load::here;
use crate::console::files::open::open;
use crate::console::files::{Fetched, FileLoad, FileLoaded, Then};
use crate::console::search::{SearchLoad, SearchLoaded};
use crate::domain::Timestamp;
use crate::domain::assignment::{Candidate, Decision, Exclusion};
use crate::domain::briefing::Briefing;
use crate::domain::command::Command;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, ConversationId, PersonId, QueueId, RequesterId, TicketNumber};
use crate::domain::incident::view::IncidentView;
use crate::domain::notice::Notice;
use crate::domain::person::{AgentState, Person, Presence, Role};
use crate::domain::queue::{Queue, Strategy};
use crate::domain::roster::{Rota, RotaLimits};
use crate::domain::search::{HitKind, SearchHit, SearchIn};
use crate::domain::sla::policy::SlaPolicy;
use crate::domain::stats::QueueHealth;
use crate::domain::ticket::{Kind, Priority, RequesterBrief, Status, Ticket};

pub use screen::Screen;

/// The fixed instant of tests.
pub fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 21, 2, 10, 0).unwrap()
}

pub fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

pub fn person(number: u128, handle: &str, name: &str) -> Person {
    Person {
        id: id(number),
        version: 1,
        handle: handle.into(),
        name: name.into(),
        role: Role::Lead,
        tier: 1,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 8,
        time_zone: "Asia/Shanghai".into(),
        email: None,
        region: None,
        queues: Vec::new(),
        active: true,
    }
}

pub fn ticket(number: i64, subject: &str) -> Ticket {
    Ticket {
        accept_by: None,
        declined: Vec::new(),
        sla_mark: String::new(),
        number: TicketNumber(number),
        version: 1,
        queue: id(10),
        kind: Kind::Incident,
        subject: subject.into(),
        priority: match number % 4 {
            0 => Priority::Urgent,
            1 => Priority::High,
            _ => Priority::Normal,
        },
        status: Status::Open,
        tier: 1,
        requester: RequesterBrief { class: None, id: RequesterId::default(), name: "客户 Chen".into(), site: None },
        assignee: Some(id(1)),
        assigned_at: Some(now()),
        accepted_at: Some(now()),
        waits: None,
        participants: Vec::new(),
        tags: vec!["pump".into()],
        fields: std::collections::BTreeMap::new(),
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
        conversation: ConversationId::default(),
        channel: None,
        external: None,
        language: None,
        message_count: 3,
        clocks: Vec::new(),
        due_at: Some(now() + Duration::minutes(number * 7 - 20)),
        awaits_reply: number % 2 == 0,
        created_at: now() - Duration::hours(3),
        updated_at: now(),
        solved_at: None,
    }
}

pub fn message(number: u128, author: Author, visibility: Visibility, text: &str) -> Arc<Message> {
    Arc::new(Message {
        id: id(number),
        version: 1,
        conversation: ConversationId::default(),
        ticket: Some(TicketNumber(1)),
        seq: i64::try_from(number).unwrap() - 100,
        author,
        visibility,
        text: text.into(),
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
        created_at: now() - Duration::minutes(30),
    })
}

/// A desk in memory.
pub struct FakeDesk {
    pub tickets: Mutex<Vec<Arc<Ticket>>>,
    pub submitted: Mutex<Vec<(Command, Option<i64>)>>,
    pub notices: Mutex<Vec<Notice>>,
    pub drafts: Mutex<Vec<Draft>>,
    /// The page that is answered for any incident; none is a server that does not answer.
    pub incident: Mutex<Option<Arc<IncidentView>>>,
    /// Attachments of every ticket, each with where it is on this machine.
    pub files: Mutex<Vec<(FileItem, PathBuf)>>,
    pub transfers: Mutex<Vec<Transfer>>,
    pub calls: Mutex<Vec<Escalation>>,
    pub here: Mutex<Everybody>,
    /// Where the console said that its person is.
    pub told: Mutex<Vec<Option<(TicketNumber, Doing)>>>,
    /// Messages after those that every ticket has.
    pub replies: Mutex<Vec<Arc<Message>>>,
    pub outbox: Mutex<Vec<OutboxEntry>>,
    pub briefing: Mutex<Option<Arc<Briefing>>>,
    pub conversations: Mutex<Vec<ConversationItem>>,
    /// Commands that were never handed to a server.
    pub unsent: Mutex<Vec<CommandKey>>,
    /// Why nothing can be put there or taken back.
    pub outbox_broken: Mutex<Option<String>>,
    /// Figures of any range; none is a server that does not answer.
    pub figures: Mutex<Option<Figures>>,
    pub health: Mutex<Vec<QueueHealth>>,
    /// What can be found, the first so many of them in the cache.
    pub findable: Mutex<(Vec<SearchHit>, usize)>,
    directory: Arc<Directory>,
    agent_states: Arc<HashMap<PersonId, AgentState>>,
    changes: broadcast::Sender<Arc<Changed>>,
    pub link: watch::Sender<LinkStatus>,
}

impl FakeDesk {
    pub fn new(count: i64) -> Arc<Self> {
        Self::made(count, |_, _| {})
    }

    /// As [`FakeDesk::new`], with more in its directory.
    pub fn made(count: i64, more: impl FnOnce(&mut Directory, &mut HashMap<PersonId, AgentState>)) -> Arc<Self> {
        let mut directory = Directory::default();
        for one in [person(1, "li.na", "李娜"), person(2, "zhang.wei", "张伟"), person(3, "maria", "Maria Lopez")] {
            directory.people.insert(one.id, one);
        }
        for (number, key, name) in [(10, "equipment", "加油设备 Equipment"), (11, "payment", "Payment")] {
            let queue = Queue {
                language_required: false,
                cap: None,
                expert_accept_within_secs: 120,
                accept_within_secs: 0,
                end_of_shift: crate::domain::queue::EndOfShift::Keep,
                grace_secs: 900,
                id: id(number),
                version: 1,
                key: key.into(),
                name: name.into(),
                department: None,
                tier: 1,
                skills: Vec::new(),
                strategy: Strategy::LeastLoaded,
                sla: SlaPolicy::default(),
                lead: None,
                position: i32::try_from(number).unwrap(),
                active: true,
            };
            directory.queues.insert(queue.id, queue);
        }
        let rota = Rota {
            id: id(20),
            version: 1,
            key: "front".into(),
            name: "Front desk".into(),
            time_zone: "Asia/Shanghai".into(),
            queues: Vec::new(),
            tier: 1,
            shift_types: Vec::new(),
            pattern: Vec::new(),
            starts_on: now().date_naive(),
            members: Vec::new(),
            required: Vec::new(),
            limits: RotaLimits::default(),
            swap_approval: false,
            holidays: None,
            lead: None,
            active: false,
        };
        directory.rotas.insert(rota.id, rota);
        let mut states = HashMap::new();
        for number in [1, 3] {
            let state = AgentState { presence: Presence::Available, open_tickets: 2, ..AgentState::unseen(id(number), now()) };
            states.insert(state.person, state);
        }
        more(&mut directory, &mut states);
        let subjects = [
            "加油机无法启动,请帮忙",
            "Checkout latency p99 > 3s",
            "evil \x1b]0;x\x07\u{202e}subject",
            "奶粉包装破损要求退款 refund 👩\u{200d}🚀",
        ];
        let tickets = (1..=count).map(|n| Arc::new(ticket(n, subjects[usize::try_from(n).unwrap() % subjects.len()]))).collect();
        let status = LinkStatus { link: Link::Live, ..LinkStatus::default() };
        Arc::new(Self {
            tickets: Mutex::new(tickets),
            submitted: Mutex::default(),
            notices: Mutex::default(),
            drafts: Mutex::default(),
            incident: Mutex::default(),
            files: Mutex::default(),
            transfers: Mutex::default(),
            calls: Mutex::default(),
            here: Mutex::default(),
            told: Mutex::default(),
            replies: Mutex::default(),
            outbox: Mutex::default(),
            briefing: Mutex::default(),
            conversations: Mutex::default(),
            unsent: Mutex::default(),
            outbox_broken: Mutex::default(),
            figures: Mutex::default(),
            health: Mutex::default(),
            findable: Mutex::default(),
            directory: Arc::new(directory),
            agent_states: Arc::new(states),
            changes: broadcast::channel(64).0,
            link: watch::channel(status).0,
        })
    }

    /// Changes the tickets and tells of it.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Arc<Ticket>>)) {
        let mut tickets = self.tickets.lock().unwrap();
        change(&mut tickets);
        let tickets = tickets.iter().map(|ticket| ticket.number).collect();
        let _ = self.changes.send(Arc::new(Changed { tickets, ..Changed::default() }));
    }

    /// Tells of notices, newest first.
    pub fn tell(&self, notices: Vec<Notice>) {
        *self.notices.lock().unwrap() = notices;
        let _ = self.changes.send(Arc::new(Changed { notices: true, ..Changed::default() }));
    }

    /// Changes the calls and tells of it.
    pub fn call(&self, change: impl FnOnce(&mut Vec<Escalation>)) {
        change(&mut self.calls.lock().unwrap());
        let _ = self.changes.send(Arc::new(Changed { escalations: true, ..Changed::default() }));
    }

    /// Others come and go.
    pub fn meet(&self, change: impl FnOnce(&mut Everybody)) {
        change(&mut self.here.lock().unwrap());
        let _ = self.changes.send(Arc::new(Changed { here: true, ..Changed::default() }));
    }

    /// The server refuses what waits in the outbox.
    pub fn refuse(&self, entries: Vec<OutboxEntry>) {
        let refused = entries.len();
        *self.outbox.lock().unwrap() = entries;
        self.link.send_modify(|status| status.refused = refused);
    }

    fn window(&self, query: &TicketQuery, anchor: Anchor, rows: usize) -> TicketWindow {
        let tickets = self.tickets.lock().unwrap();
        let queue: QueueId = id(11);
        let filter = crate::domain::filter::parse(&query.filter, &self.directory).filter;
        let zone = chrono_tz::Asia::Shanghai;
        let env = crate::domain::filter::Env { now: now(), zone, me: id(1), directory: &self.directory, calls: &[] };
        let holds = |ticket: &Arc<Ticket>| query.view != View::Queue(queue) && filter.admits(ticket, &env);
        let all: Vec<_> = tickets.iter().filter(|ticket| holds(ticket)).cloned().collect();
        let start = match anchor {
            Anchor::At(index) => index,
            Anchor::Around(number, index) => {
                all.iter().position(|ticket| ticket.number == number).unwrap_or(index).saturating_sub(rows / 2)
            }
            Anchor::End => all.len(),
        };
        let start = start.min(all.len().saturating_sub(rows));
        TicketWindow { start, rows: all.iter().skip(start).take(rows).cloned().collect(), total: all.len() }
    }

    fn those(&self, which: impl Fn(&Ticket) -> bool) -> TicketWindow {
        let rows: Vec<_> = self.tickets.lock().unwrap().iter().filter(|ticket| which(ticket)).cloned().collect();
        TicketWindow { start: 0, total: rows.len(), rows }
    }

    /// Pages of ten.
    fn search(&self, load: SearchLoad) -> SearchLoaded {
        let findable = self.findable.lock().unwrap();
        if load.history && self.link.borrow().link != Link::Live {
            return SearchLoaded { load, found: Err("The server does not answer.".into()) };
        }
        let query = Query::parse(&load.words);
        let most = if load.history { findable.0.len() } else { findable.1 };
        let kind = load.within.map(|within| match within {
            SearchIn::Tickets => HitKind::Ticket,
            SearchIn::Messages => HitKind::Message,
            SearchIn::Notes => HitKind::Note,
        });
        let all = findable.0[..most].iter().filter(|hit| query.finds(&hit.line) && kind.is_none_or(|kind| hit.kind == kind));
        let skip: usize = load.after.as_ref().map_or(0, |after| after.parse().unwrap());
        let hit = |hit: &SearchHit| SearchHit { ranges: query.ranges(&hit.line, 9), ..hit.clone() };
        let mut hits: Vec<SearchHit> = all.skip(skip).map(hit).collect();
        let next = (hits.len() > 10).then(|| (skip + 10).to_string());
        hits.truncate(10);
        SearchLoaded { found: Ok(FoundHits { hits, next, complete: true }), load }
    }

    async fn file(&self, load: FileLoad) -> FileLoaded {
        match load {
            FileLoad::List(number) => {
                let files = self.files.lock().unwrap().iter().map(|(item, _)| item.clone()).collect();
                FileLoaded::List(number, files, None)
            }
            FileLoad::Transfers => FileLoaded::Transfers(self.transfers.lock().unwrap().clone()),
            FileLoad::Fetch { item, then } => {
                let path = self.files.lock().unwrap().iter().find(|(one, _)| *one == item).map(|(_, path)| path.clone()).unwrap();
                let opened = match then {
                    Then::View { width, height, graphics } => Some(open(path.clone(), width, height, graphics).await.unwrap()),
                    _ => None,
                };
                FileLoaded::Fetched(item, then, Ok(Fetched { path, opened }))
            }
            FileLoad::Attach(path) => FileLoaded::Attached(inspect(id(500), Path::new(&path)).await.map_err(|error| error.to_string())),
            other => here(other).await.unwrap(),
        }
    }

    fn detail(&self, number: TicketNumber) -> Option<Arc<TicketDetail>> {
        let ticket = self.tickets.lock().unwrap().iter().find(|ticket| ticket.number == number).cloned()?;
        let requester = Author::Requester { id: RequesterId::default(), name: "客户 Chen".into() };
        let mut messages = vec![
            message(101, requester, Visibility::Public, "加油机无法启动,请帮忙。三号机显示屏黑屏,重启两次没有用。"),
            message(102, Author::Person { id: id(1) }, Visibility::Public, "We look into it.\nPlease keep the pump off."),
            message(103, Author::Person { id: id(2) }, Visibility::Internal, "runbook \x1b[2Jpay-7 step 3"),
            message(104, Author::System, Visibility::Internal, "assigned"),
        ];
        messages.extend(self.replies.lock().unwrap().iter().cloned());
        let escalations = self.calls.lock().unwrap().iter().filter(|call| call.ticket == number).cloned().collect();
        Some(Arc::new(TicketDetail { ticket, messages, complete: true, older: false, escalations, pending: Vec::new() }))
    }
}

#[async_trait]
impl DeskHandle for FakeDesk {
    async fn load(&self, load: Load) -> Loaded {
        match load {
            Load::Tickets { query, anchor, rows } => Loaded::Tickets { window: self.window(&query, anchor, rows), query },
            Load::Counts => {
                let count = self.tickets.lock().unwrap().len();
                Loaded::Counts(Counts { mine: count, all: count, breaching: 2, ..Counts::default() })
            }
            Load::FilterCounts(views) => Loaded::FilterCounts(views.into_iter().map(|(id, filter)| (id, filter.len())).collect()),
            Load::Ticket(number) => Loaded::Ticket { number, detail: self.detail(number) },
            Load::History(number) => {
                let candidate = |person, excluded: Option<Exclusion>| Candidate {
                    score: Vec::new(),
                    person,
                    load: excluded.is_none().then_some(0.25),
                    open: 2,
                    capacity: 8,
                    last_assigned_at: None,
                    excluded,
                };
                let decision = Decision {
                    id: id(1),
                    ticket: number,
                    at: now(),
                    strategy: Strategy::LeastLoaded,
                    candidates: vec![candidate(id(1), None), candidate(id(2), Some(Exclusion::OffDuty))],
                    chosen: Some(id(1)),
                    waits: None,
                };
                Loaded::History { number, history: Ok(Arc::new(TicketHistory { decisions: vec![decision], ..TicketHistory::default() })) }
            }
            Load::Clocks(number) => Loaded::Clocks { number, ledger: Ok(Arc::default()) },
            Load::Timeline(number) => Loaded::Timeline { number, entries: Ok(Arc::default()) },
            Load::StatusLink(number) => Loaded::StatusLink { number, url: Ok(format!("https://desk.example.com/status/{number}")) },
            Load::WhoNow(number) => Loaded::WhoNow { number, decision: Err("nobody knows".into()) },
            Load::Rebalance(queue) => Loaded::Rebalance { queue, moves: Ok(Vec::new()) },
            Load::Roster { .. } => Loaded::Roster(Err("no server".into())),
            Load::DraftHandover(_) => Loaded::DraftedHandover(Err("no server".into())),
            Load::Pool { queue, .. } => {
                Loaded::Pool { queue, window: self.those(|ticket| ticket.assignee.is_none() && ticket.status.is_active()) }
            }
            Load::Briefing(number) => {
                let briefing = self.briefing.lock().unwrap().clone().ok_or_else(|| "no server".to_owned());
                Loaded::Briefing { number, briefing }
            }
            Load::Calls => Loaded::Calls(self.calls.lock().unwrap().iter().filter(|call| call.state.is_open()).cloned().collect()),
            Load::Conversations => Loaded::Conversations(self.conversations.lock().unwrap().clone()),
            Load::Conversation(id) => Loaded::Conversation { id, detail: None },
            Load::Older { conversation, before, .. } => {
                let older = OlderMessages { complete: true, ..OlderMessages::default() };
                Loaded::Older { conversation, before, older }
            }
            Load::FindMessages { words, .. } => Loaded::FoundMessages { words, hits: Vec::new(), whole: true },
            Load::Edits(_) => Loaded::Edits(Err("no server".into())),
            Load::Drafts => Loaded::Drafts(self.drafts.lock().unwrap().clone()),
            Load::Outbox => Loaded::Outbox(self.outbox.lock().unwrap().clone()),
            Load::Notices => Loaded::Notices(self.notices.lock().unwrap().clone()),
            Load::Numbers { query, start, most } => {
                let all = self.window(&query, Anchor::At(0), usize::MAX);
                let numbers = all.rows.iter().skip(start).take(most).map(|ticket| ticket.number).collect();
                Loaded::Numbers { query, numbers }
            }
            Load::TicketsOf(numbers) => {
                let tickets = self.tickets.lock().unwrap();
                let found = numbers.iter().filter_map(|number| tickets.iter().find(|ticket| ticket.number == *number)).cloned();
                Loaded::TicketsOf(found.collect())
            }
            Load::Incidents => Loaded::Incidents(Err("no server".into())),
            Load::Incident(number) => {
                let view = self.incident.lock().unwrap().clone().ok_or_else(|| "no server".to_owned());
                Loaded::Incident { number, view }
            }
            Load::Broadcast { number, body } => {
                let view = self.incident.lock().unwrap().clone();
                let preview = view.map(|view| {
                    let tickets = self.tickets.lock().unwrap();
                    let tied: Vec<Ticket> =
                        tickets.iter().filter(|ticket| ticket.incident == Some(number)).map(|ticket| Ticket::clone(ticket)).collect();
                    crate::domain::incident::preview::plan(&body, &view.incident, &tied, id(1), &self.directory)
                });
                Loaded::Broadcast { number, body, preview: preview.ok_or_else(|| "no server".to_owned()) }
            }
            Load::Figures { range, queue } => {
                let figures = self.figures.lock().unwrap().clone().ok_or_else(|| "no server".to_owned());
                Loaded::Figures { range, queue, figures }
            }
            Load::QueueHealth => Loaded::QueueHealth(self.health.lock().unwrap().clone()),
            Load::Search(load) => Loaded::Search(Box::new(self.search(*load))),
            Load::File(load) => Loaded::File(Box::new(self.file(*load).await)),
            Load::Holding(person) => {
                Loaded::Holding { person, window: self.those(|ticket| ticket.assignee == Some(person) && ticket.status.is_unsolved()) }
            }
        }
    }

    async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, String> {
        if let Some(why) = self.outbox_broken.lock().unwrap().clone() {
            return Err(why);
        }
        let mut submitted = self.submitted.lock().unwrap();
        let key = id(u128::try_from(submitted.len()).unwrap() + 5_000);
        submitted.push((command, base_version));
        Ok(key)
    }

    async fn submit_all(&self, commands: Vec<(Command, Option<i64>)>) -> Result<Vec<CommandKey>, String> {
        let mut submitted = self.submitted.lock().unwrap();
        let keys = (0..commands.len()).map(|n| id(u128::try_from(submitted.len() + n).unwrap() + 5_000)).collect();
        submitted.extend(commands);
        Ok(keys)
    }

    async fn retry(&self, _key: CommandKey) -> Result<(), String> {
        Ok(())
    }

    async fn drop_refused(&self, key: CommandKey) -> Result<(), String> {
        self.outbox.lock().unwrap().retain(|entry| entry.key != key);
        Ok(())
    }

    async fn resend(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        self.submit(command, None).await?;
        self.drop_refused(refused).await
    }

    async fn rewrite(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        let mut outbox = self.outbox.lock().unwrap();
        outbox.iter_mut().filter(|entry| entry.key == refused).for_each(|entry| entry.command = command.clone());
        Ok(())
    }

    async fn take_back(&self, key: CommandKey) -> Result<bool, String> {
        if let Some(why) = self.outbox_broken.lock().unwrap().clone() {
            return Err(why);
        }
        let mut unsent = self.unsent.lock().unwrap();
        let before = unsent.len();
        unsent.retain(|one| *one != key);
        Ok(unsent.len() < before)
    }

    async fn keep_drafts(&self, drafts: Vec<Draft>) -> Result<(), String> {
        let mut kept = self.drafts.lock().unwrap();
        for draft in drafts {
            kept.retain(|known| (known.conversation, known.visibility) != (draft.conversation, draft.visibility));
            kept.extend((!draft.text.is_empty()).then_some(draft));
        }
        Ok(())
    }

    fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.changes.subscribe()
    }

    fn link(&self) -> watch::Receiver<LinkStatus> {
        self.link.subscribe()
    }

    fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory)
    }

    fn here(&self) -> Arc<Everybody> {
        Arc::new(self.here.lock().unwrap().clone())
    }

    fn be_here(&self, at: Option<(TicketNumber, Doing)>) {
        self.told.lock().unwrap().push(at);
    }

    fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        Arc::clone(&self.agent_states)
    }

    fn me(&self) -> Person {
        person(1, "li.na", "李娜")
    }
}
