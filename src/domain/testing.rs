//! A desk in memory for the rules' tests: loads facts as `needs` asks, applies outcomes, and holds them to the invariants.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveTime, TimeDelta};
use uuid::Uuid;

use super::assignment::{Assignment, Decision, load};
use super::audit::AuditEntry;
use super::command::{
    Actor, Change, Command, CommandResult, Context, CreateTicket, Facts, Outcome, Replaces, RequesterInput, decide, needs,
};
use super::conversation::{Conversation, Message, ReadMark};
use super::directory::Directory;
use super::escalation::Escalation;
use super::handover::Handover;
use super::id::{BroadcastId, HandoverId, IntakeChannelId, MessageId, NoticeId, PersonId, QueueId, ReminderId, RotaId, TicketNumber};
use super::incident::{self, Broadcast, Target};
use super::notice::Notice;
use super::person::{AgentState, Person, Presence, Role};
use super::queue::{IntakeChannel, Queue, Strategy};
use super::reminder::Reminder;
use super::requester::Requester;
use super::roster::{Rota, RotaMember, ShiftType};
use super::row::{Row, RowKind};
use super::sla::clock;
use super::sla::fire::wants;
use super::sla::ledger::ClockEvent;
use super::sla::policy::{SlaPolicy, SlaTargets};
use super::ticket::merge::Merge;
use super::ticket::{Priority, Ticket};
use super::webhook::Delivery;
use super::{Refusal, Timestamp};

pub fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// `2026-03-02T10:00:00Z` as an instant.
pub fn at(text: &str) -> Timestamp {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub fn person(n: u128, handle: &str, role: Role, tier: u8, queues: &[QueueId]) -> Person {
    Person {
        id: id(n),
        version: 1,
        handle: handle.into(),
        name: handle.to_uppercase(),
        role,
        tier,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 5,
        time_zone: "UTC".into(),
        email: None,
        region: None,
        queues: queues.to_vec(),
        active: true,
    }
}

pub fn queue(n: u128, key: &str) -> Queue {
    let targets = |first, next, resolution| SlaTargets {
        first_response_secs: Some(first),
        next_response_secs: Some(next),
        resolution_secs: Some(resolution),
    };
    let targets = BTreeMap::from([
        (Priority::Urgent, targets(300, 300, 3_600)),
        (Priority::High, targets(600, 900, 7_200)),
        (Priority::Normal, targets(1_000, 2_000, 10_000)),
    ]);
    Queue {
        language_required: false,
        cap: None,
        expert_accept_within_secs: 120,
        accept_within_secs: 0,
        end_of_shift: crate::domain::queue::EndOfShift::Keep,
        grace_secs: 900,
        id: id(n),
        version: 1,
        key: key.into(),
        name: key.into(),
        department: None,
        tier: 1,
        skills: Vec::new(),
        strategy: Strategy::LeastLoaded,
        sla: SlaPolicy { targets, warn_percent: 80, ..SlaPolicy::default() },
        lead: Some(id(LEA)),
        position: 0,
        active: true,
    }
}

pub fn shift_type(code: &str, start: (u32, u32), end: (u32, u32)) -> ShiftType {
    let time = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    ShiftType { colour: None, code: code.into(), name: code.into(), start: time(start), end: time(end), night: false }
}

/// Everybody on duty around the clock.
pub fn rota(n: u128, tier: u8, queues: &[QueueId], members: &[u128]) -> Rota {
    Rota {
        limits: crate::domain::roster::RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        id: id(n),
        version: 1,
        key: format!("rota-{n}"),
        name: "around the clock".into(),
        time_zone: "UTC".into(),
        queues: queues.to_vec(),
        tier,
        shift_types: vec![shift_type("D", (0, 0), (0, 0))],
        pattern: vec![Some("D".into())],
        starts_on: at("2026-01-01T00:00:00Z").date_naive(),
        members: members.iter().map(|n| RotaMember { person: id(*n), offset_days: 0 }).collect(),
        required: Vec::new(),
        lead: None,
        active: true,
    }
}

pub const ANA: u128 = 1;
pub const BEN: u128 = 2;
pub const EVE: u128 = 3;
pub const LEA: u128 = 4;
pub const ADA: u128 = 5;
pub const VIC: u128 = 6;
pub const OUT: u128 = 7;
pub const PUMPS: u128 = 20;
pub const WEB: u128 = 21;
pub const CHANNEL: u128 = 30;
pub const ROTA: u128 = 40;
pub const EXPERTS: u128 = 41;
pub const JOB: Actor = Actor::Desk { job: "test" };

pub struct Desk {
    pub directory: Directory,
    pub tickets: BTreeMap<TicketNumber, Ticket>,
    pub assignments: BTreeMap<Uuid, Assignment>,
    pub states: HashMap<PersonId, AgentState>,
    pub conversations: HashMap<Uuid, Conversation>,
    pub read_marks: HashMap<(PersonId, Uuid), ReadMark>,
    pub requesters: HashMap<String, Requester>,
    pub escalations: BTreeMap<Uuid, Escalation>,
    pub notices: BTreeMap<NoticeId, Notice>,
    pub reminders: HashMap<ReminderId, Reminder>,
    pub handovers: HashMap<HandoverId, Handover>,
    pub channels: HashMap<IntakeChannelId, IntakeChannel>,
    pub messages: Vec<Message>,
    pub externals: HashMap<(IntakeChannelId, String), MessageId>,
    pub threads: HashMap<(IntakeChannelId, String), TicketNumber>,
    pub decisions: Vec<Decision>,
    pub clock_events: Vec<ClockEvent>,
    pub deliveries: Vec<Delivery>,
    pub merges: HashMap<TicketNumber, Merge>,
    pub broadcasts: BTreeMap<BroadcastId, Broadcast>,
    pub targets: BTreeMap<(BroadcastId, TicketNumber), Target>,
    pub audit: Vec<AuditEntry>,
    pub now: Timestamp,
    pub base_version: Option<i64>,
    fresh: Cell<u128>,
}

impl Desk {
    /// Agents Ana and Ben on duty for pumps, expert Eve on duty at tier 2, lead Lea, admin Ada, viewer Vic, and Out of the web queue.
    #[expect(clippy::new_without_default, reason = "only tests make one, and they say so")]
    pub fn new() -> Self {
        let (pumps, web) = (id(PUMPS), id(WEB));
        let people = [
            person(ANA, "ana", Role::Agent, 1, &[pumps]),
            person(BEN, "ben", Role::Agent, 1, &[pumps]),
            person(EVE, "eve", Role::Expert, 2, &[]),
            person(LEA, "lea", Role::Lead, 2, &[]),
            person(ADA, "ada", Role::Admin, 1, &[]),
            person(VIC, "vic", Role::Viewer, 1, &[]),
            person(OUT, "out", Role::Agent, 1, &[web]),
        ];
        let rotas = [rota(ROTA, 1, &[pumps], &[ANA, BEN]), rota(EXPERTS, 2, &[pumps], &[EVE])];
        let mut directory = Directory {
            people: people.into_iter().map(|row| (row.id, row)).collect(),
            queues: [queue(PUMPS, "pumps"), queue(WEB, "web")].into_iter().map(|row| (row.id, row)).collect(),
            rotas: rotas.into_iter().map(|row| (row.id, row)).collect(),
            ..Directory::default()
        };
        let now = at("2026-03-02T10:00:00Z");
        let states = [ANA, BEN, EVE].map(|n| AgentState { presence: Presence::Available, version: 1, ..AgentState::unseen(id(n), now) });
        let channel = IntakeChannel {
            id: id(CHANNEL),
            version: 1,
            key: "mail".into(),
            name: "Mail".into(),
            reply_webhook: None,
            asks_rating: false,
            queue: pumps,
            token_sha256: "0".repeat(64),
            active: true,
        };
        directory.intake_channels.insert(channel.id, channel.clone());
        Self {
            directory,
            tickets: BTreeMap::new(),
            assignments: BTreeMap::new(),
            states: states.into_iter().map(|state| (state.person, state)).collect(),
            conversations: HashMap::new(),
            read_marks: HashMap::new(),
            requesters: HashMap::new(),
            escalations: BTreeMap::new(),
            notices: BTreeMap::new(),
            reminders: HashMap::new(),
            handovers: HashMap::new(),
            channels: HashMap::from([(channel.id, channel)]),
            messages: Vec::new(),
            externals: HashMap::new(),
            threads: HashMap::new(),
            decisions: Vec::new(),
            clock_events: Vec::new(),
            deliveries: Vec::new(),
            merges: HashMap::new(),
            broadcasts: BTreeMap::new(),
            targets: BTreeMap::new(),
            audit: Vec::new(),
            now,
            base_version: None,
            fresh: Cell::new(1_000_000),
        }
    }

    pub fn who(&self, n: u128) -> Actor {
        Actor::Person(self.directory.people[&id(n)].clone())
    }

    pub fn intake(&self) -> Actor {
        Actor::Intake(self.channels[&id(CHANNEL)].clone())
    }

    pub fn pass(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    pub fn fresh_id(&self) -> Uuid {
        self.fresh.set(self.fresh.get() + 1);
        Uuid::from_u128(self.fresh.get())
    }

    pub fn ticket(&self, number: i64) -> &Ticket {
        &self.tickets[&TicketNumber(number)]
    }

    pub fn state(&self, n: u128) -> &AgentState {
        &self.states[&id(n)]
    }

    pub fn told(&self, n: u128) -> Vec<super::notice::NoticeKind> {
        self.notices.values().filter(|notice| notice.person == id(n)).map(|notice| notice.kind.clone()).collect()
    }

    /// A new ticket in the pumps queue, by Ana.
    pub fn create(&mut self) -> TicketNumber {
        let create = self.creation();
        let actor = self.who(ANA);
        self.run(&actor, &Command::CreateTicket(Box::new(create))).unwrap().ticket.unwrap()
    }

    pub fn creation(&self) -> CreateTicket {
        CreateTicket {
            queue: id(PUMPS),
            subject: String::new(),
            text: "Pump 4 does not start\nIt blinks.".into(),
            message: self.fresh_id().into(),
            requester: RequesterInput { external: "shop:1".into(), name: Some("Shop 1".into()), ..RequesterInput::default() },
            kind: super::ticket::Kind::Incident,
            priority: Priority::Normal,
            tags: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    pub fn facts(&self, command: &Command, actor: &Actor) -> Facts {
        let needs = needs(command, actor.person().map(|person| person.id));
        let mut facts = Facts { next_number: TicketNumber(self.tickets.keys().last().map_or(1, |last| last.0 + 1)), ..Facts::default() };
        let mut number = needs.ticket.or_else(|| {
            let thread = self.threads.get(needs.thread.as_ref()?).copied()?;
            Some(self.tickets[&thread].merged_into.unwrap_or(thread))
        });
        if let Some(external) = &needs.ticket_external {
            number = self.tickets.values().find(|ticket| ticket.external.as_ref() == Some(external)).map(|ticket| ticket.number);
        }
        facts.conversation = needs.conversation.and_then(|id| self.conversations.get(&id.0).cloned());
        number = number.or_else(|| facts.conversation.as_ref()?.ticket);
        facts.ticket = number.and_then(|number| self.tickets.get(&number).cloned());
        let own = facts.ticket.as_ref().filter(|_| needs.own_incident).and_then(|ticket| ticket.incident.or(ticket.looks_like));
        facts.other = needs.other.or(own).and_then(|number| self.tickets.get(&number).cloned());
        if needs.ticket_conversation {
            let row = |ticket: &Option<Ticket>| ticket.as_ref().and_then(|ticket| self.conversations.get(&ticket.conversation.0).cloned());
            facts.conversation = row(&facts.ticket);
            facts.other_conversation = row(&facts.other);
        }
        if let Some(merge) = number.filter(|_| needs.merge).and_then(|number| self.merges.get(&number)) {
            facts.other = self.tickets.get(&merge.into).cloned();
            facts.escalations = self.escalations.values().filter(|row| row.ticket == merge.into).cloned().collect();
            let target = facts.other.as_ref().map(|ticket| ticket.conversation);
            facts.later =
                self.messages.iter().filter(|one| Some(one.conversation) == target && one.seq > merge.target_seq).cloned().collect();
            facts.other_conversation = target.and_then(|id| self.conversations.get(&id.0).cloned());
            facts.merge = Some(merge.clone());
        }
        facts.message_row = needs.message_row.and_then(|id| self.messages.iter().find(|one| one.id == id).cloned());
        if let Some(row) = facts.message_row.as_ref().filter(|_| needs.later) {
            facts.later = self.messages.iter().filter(|one| one.conversation == row.conversation && one.seq > row.seq).cloned().collect();
        }
        facts.assignment = self.assignments.values().find(|row| Some(row.ticket) == number && row.ended_at.is_none()).cloned();
        let assignee = facts.ticket.as_ref().and_then(|ticket| ticket.assignee);
        let wanted = |person: &PersonId| needs.all_agent_states || needs.agent_states.contains(person) || assignee == Some(*person);
        facts.agent_states =
            self.states.iter().filter(|(person, _)| wanted(person)).map(|(person, state)| (*person, state.clone())).collect();
        if needs.last_served
            && let Some(ticket) = &facts.ticket
        {
            let theirs = |row: &&Assignment| row.ticket != ticket.number && self.tickets[&row.ticket].requester.id == ticket.requester.id;
            let last = self.assignments.values().filter(theirs).max_by_key(|row| (row.started_at, row.id));
            facts.last_served = last.map(|row| row.person);
        }
        facts.read_mark = needs.read_mark.and_then(|(person, conversation)| self.read_marks.get(&(person, conversation.0)).cloned());
        facts.requester = needs.requester.as_ref().and_then(|external| self.requesters.get(external).cloned());
        if let (Some(seen), Some(ticket)) = (needs.since_seen, &facts.ticket) {
            let later = self.messages.iter().rev().filter(|row| row.conversation == ticket.conversation && row.seq > seen);
            facts.since_seen = later.cloned().collect();
        }
        if needs.escalations {
            facts.escalations = self.escalations.values().filter(|row| Some(row.ticket) == number).cloned().collect();
        }
        let wants = facts
            .ticket
            .as_ref()
            .filter(|_| needs.sla_steps)
            .map(|ticket| wants(&self.directory.queues[&ticket.queue].sla, ticket, self.now));
        let wants = wants.unwrap_or_default();
        let channels = needs.channels.iter().chain(&wants.channels);
        facts.channels = channels.filter_map(|id| Some((*id, self.conversations.get(&id.0)?.clone()))).collect();
        if wants.experts {
            facts.escalations = self.escalations.values().filter(|row| Some(row.ticket) == number).cloned().collect();
            facts.agent_states = self.states.clone().into();
            facts.conversation = facts.ticket.as_ref().and_then(|ticket| self.conversations.get(&ticket.conversation.0).cloned());
        }
        self.of_incidents(&needs, number, &mut facts);
        facts.notice = needs.notice.and_then(|id| self.notices.get(&id).cloned());
        facts.reminder = needs.reminder.and_then(|id| self.reminders.get(&id).cloned());
        facts.handover = needs.handover.and_then(|id| self.handovers.get(&id).cloned());
        if let Some(ticket) = facts.ticket.as_ref().filter(|_| needs.nobody_notices) {
            let topic = Some(format!("nobody_eligible:{}", ticket.queue));
            facts.nobody_notices = self.notices.values().filter(|row| !row.read && row.kind.topic() == topic).cloned().collect();
        }
        facts.replaced_version = match &needs.replaces {
            Some((Replaces::Row(RowKind::Calendar), key)) => {
                self.directory.calendars.values().find(|row| row.id.to_string() == *key).map(|row| row.version)
            }
            Some((Replaces::Row(RowKind::Queue), key)) => {
                self.directory.queues.values().find(|row| row.id.to_string() == *key).map(|row| row.version)
            }
            _ => None,
        }
        .unwrap_or(0);
        facts.message = match (&needs.message_external, needs.message) {
            (Some(external), _) => self.externals.get(external).copied(),
            (None, Some(id)) => self.messages.iter().find(|message| message.id == id).map(|message| message.id),
            (None, None) => None,
        };
        facts
    }

    fn of_incidents(&self, needs: &super::command::Needs, number: Option<TicketNumber>, facts: &mut Facts) {
        if needs.incident_channel {
            let majors = [&facts.other, &facts.ticket].into_iter().flatten().filter_map(|ticket| ticket.major.as_ref()?.channel);
            let rows = majors.filter_map(|id| Some((id, self.conversations.get(&id.0)?.clone())));
            facts.channels.extend(rows.collect::<Vec<_>>());
        }
        if needs.majors {
            facts.majors = self.tickets.values().filter(|ticket| incident::is_open(ticket)).cloned().collect();
        }
        if needs.tied {
            facts.tied = self.tickets.values().filter(|ticket| number.is_some() && ticket.incident == number).cloned().collect();
        }
        facts.broadcast = needs.broadcast.and_then(|id| self.broadcasts.get(&id).cloned());
        facts.target = needs.broadcast.zip(number).and_then(|key| self.targets.get(&key).cloned());
    }

    pub fn run(&mut self, actor: &Actor, command: &Command) -> Result<CommandResult, Refusal> {
        let outcome = self.decide(actor, command)?;
        let result = outcome.result.clone();
        self.apply(outcome);
        self.check();
        Ok(result)
    }

    /// As [`run`](Self::run) for long storms: the invariants are held to at their end by [`check`](Self::check).
    pub fn run_unchecked(&mut self, actor: &Actor, command: &Command) {
        let outcome = self.decide(actor, command).unwrap();
        self.apply(outcome);
    }

    pub fn decide(&self, actor: &Actor, command: &Command) -> Result<Outcome, Refusal> {
        let facts = self.facts(command, actor);
        let new_id = || self.fresh_id();
        let context = Context {
            now: self.now,
            actor,
            source: "test",
            base_version: self.base_version,
            directory: &self.directory,
            duty: None,
            new_id: &new_id,
        };
        decide(command, &facts, &context)
    }

    fn apply(&mut self, outcome: Outcome) {
        if outcome.result.unchanged {
            assert!(outcome.changes.is_empty() && outcome.audit.is_empty(), "unchanged, but something was written");
        }
        for change in outcome.changes {
            match change {
                Change::Put(row) => self.put(row),
                Change::PutTicket { before, after } => {
                    let old = self.tickets.get(&after.number);
                    assert_eq!(old, before.as_deref());
                    assert_eq!(after.version, old.map_or(0, |old| old.version) + 1, "ticket versions are dense");
                    let audited = outcome.audit.iter().any(|entry| entry.ticket == Some(after.number));
                    assert!(audited, "every change of a ticket is audited");
                    self.tickets.insert(after.number, *after);
                }
                Change::PutMessage { message, .. } if message.version > 1 => {
                    let old = self.messages.iter_mut().find(|old| old.id == message.id).expect("only a standing message is changed");
                    assert_eq!((old.version + 1, old.seq), (message.version, message.seq), "messages stay in their place");
                    *old = *message;
                }
                Change::PutMessageEdit(_) => {}
                Change::PutMessage { message, external, .. } => {
                    let last = self.messages.iter().filter(|one| one.conversation == message.conversation).count();
                    assert_eq!(message.seq, i64::try_from(last).unwrap() + 1, "messages are dense");
                    self.externals.extend(external.map(|external| (external, message.id)));
                    self.messages.push(*message);
                }
                Change::PutRequester(row) => {
                    self.requesters.insert(row.external.clone(), row);
                }
                Change::PutIntakeChannel(row) => {
                    self.channels.insert(row.id, row.clone());
                    self.directory.intake_channels.insert(row.id, row);
                }
                Change::PutAssignment(row) => {
                    self.assignments.insert(row.id.0, row);
                }
                Change::PutDecision(row) => self.decisions.push(row),
                Change::PutClockEvent(row) => self.clock_events.push(row),
                Change::PutWebhook(row) => drop(self.directory.webhooks.insert(row.id, row)),
                Change::PutDelivery(row) => self.deliveries.push(row),
                Change::PutMerge(row) => drop(self.merges.insert(row.ticket, *row)),
                Change::PutFile(_) => {}
                Change::PutBroadcast(row) => assert!(self.broadcasts.insert(row.id, row).is_none(), "a broadcast is written once"),
                Change::PutTarget(row) => {
                    let old = self.targets.insert((row.broadcast, row.ticket), row);
                    assert!(old.is_none_or(|old| old.state == incident::TargetState::Waiting), "a target is done once");
                }
                Change::MapThread { channel, thread, ticket } => {
                    self.threads.insert((channel, thread), ticket);
                }
            }
        }
        self.audit.extend(outcome.audit);
    }

    fn put(&mut self, row: Row) {
        match row {
            Row::Person(row) => drop(self.directory.people.insert(row.id, row)),
            Row::Queue(row) => drop(self.directory.queues.insert(row.id, row)),
            Row::Site(row) => drop(self.directory.sites.insert(row.id, row)),
            Row::Rota(row) => drop(self.directory.rotas.insert(row.id, row)),
            Row::Calendar(row) => drop(self.directory.calendars.insert(row.id, row)),
            Row::RosterPlan(row) => drop(self.directory.roster_plans.insert(row.id, *row)),
            Row::RosterChange(row) => drop(self.directory.roster_changes.insert(row.id, row)),
            Row::AgentState(row) => {
                assert_eq!(row.version, self.states.get(&row.person).map_or(0, |old| old.version) + 1, "agent states are dense");
                self.states.insert(row.person, row);
            }
            Row::Conversation(row) => {
                assert_eq!(row.version, self.conversations.get(&row.id.0).map_or(0, |old| old.version) + 1, "conversations are dense");
                self.conversations.insert(row.id.0, row);
            }
            Row::ReadMark(row) => drop(self.read_marks.insert((row.person, row.conversation.0), row)),
            Row::Escalation(row) => drop(self.escalations.insert(row.id.0, row)),
            Row::Snippet(row) => drop(self.directory.snippets.insert(row.id, row)),
            Row::NoticeSettings(row) => drop(self.directory.notice_settings.insert(row.person, row)),
            Row::Reminder(row) => drop(self.reminders.insert(row.id, row)),
            Row::SavedView(row) => drop(self.directory.saved_views.insert(row.id, row)),
            Row::Handover(row) => drop(self.handovers.insert(row.id, *row)),
            Row::Notice(row) => drop(self.notices.insert(row.id, row)),
            Row::Ticket(_) | Row::Message(_) => panic!("tickets and messages have changes of their own"),
        }
    }

    /// The invariants that hold after every command.
    pub fn check(&self) {
        for ticket in self.tickets.values() {
            let open: Vec<_> = self.assignments.values().filter(|row| row.ticket == ticket.number && row.ended_at.is_none()).collect();
            assert!(open.len() <= 1, "at most one open assignment");
            let wanted = ticket.assignee.filter(|_| ticket.status.is_unsolved());
            assert_eq!(open.first().map(|row| row.person), wanted, "assignee and open assignment agree");
            if ticket.accept_by.is_some() {
                assert!(
                    ticket.assignee.is_some() && ticket.accepted_at.is_none() && ticket.status.is_active(),
                    "nobody is asked to accept"
                );
            }
            assert_eq!(ticket.due_at, clock::due_at(&ticket.clocks), "due_at is derived");
            super::sla::tests::check_ledger(self, ticket);
            let messages = self.messages.iter().filter(|message| message.conversation == ticket.conversation).count();
            assert_eq!(ticket.message_count, i64::try_from(messages).unwrap());
            if let Some(row) = self.conversations.get(&ticket.conversation.0) {
                assert_eq!(row.last_seq, ticket.message_count, "the conversation row keeps up");
            }
            if !ticket.status.is_unsolved() {
                assert!(ticket.clocks.iter().all(|clock| clock.stopped_at.is_some()), "a finished ticket has no running clock");
            }
        }
        for state in self.states.values() {
            self.check_load(state);
        }
    }

    /// A person's counts equal what a look at every ticket says.
    fn check_load(&self, state: &AgentState) {
        let held = || self.tickets.values().filter(|ticket| ticket.assignee == Some(state.person) && ticket.status.is_unsolved());
        let open = |ticket: &&Ticket| ticket.status.is_active();
        assert_eq!(state.open_tickets as usize, held().filter(open).count(), "open tickets equal a recount");
        assert_eq!(state.load, held().map(load::weight).sum::<i64>(), "loads equal a recount");
        for queue in self.directory.queues.keys() {
            let count = held().filter(open).filter(|ticket| ticket.queue == *queue).count();
            assert_eq!(state.queues.get(queue).map_or(0, |queue| queue.open) as usize, count, "counts by queue equal a recount");
        }
    }
}

/// The rota's id, for tests that change it.
pub fn main_rota() -> RotaId {
    id(ROTA)
}
