//! The tables as inserts know them, and each row's cells in the columns' order.

use super::cells::{Cell, Table};
use super::packed;
use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::conversation::{Conversation, ConversationKind, Message, MessageEdit, ReadMark};
use crate::domain::escalation::Escalation;
use crate::domain::incident::{Broadcast, Target};
use crate::domain::queue::IntakeChannel;
use crate::domain::requester::Requester;
use crate::domain::row::RowKind;
use crate::domain::sla::clock::next_step_at;
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::stats::counted::Counted;
use crate::domain::ticket::merge::Merge;
use crate::domain::ticket::{Status, Ticket, WaitReason};
use crate::domain::webhook::{Delivery, Webhook};

const TICKET_COLUMNS: &[&str] = &[
    "number",
    "version",
    "queue",
    "status",
    "priority",
    "assignee",
    "requester",
    "external",
    "conversation",
    "due_at",
    "next_step_at",
    "created_at",
    "updated_at",
    "waits",
    "accept_by",
    "follow_up_at",
    "sla_mark",
    "tier",
    "site",
    "tags",
    "search",
    "status_key",
    "data",
    "incident",
    "looks_like",
    "major",
    "update_at",
    "done_at",
    "done_met",
    "answered_at",
    "answer_secs",
    "answer_met",
];

const MESSAGE_COLUMNS: &[&str] = &["id", "version", "conversation", "seq", "tier", "data"];

macro_rules! tables {
    ($($name:ident = $table:literal, $columns:expr, $same:expr;)+) => {
        $(pub(super) static $name: Table = Table::new($table, $columns, $same);)+
    };
}

tables! {
    PEOPLE = "people", &["id", "version", "handle", "data"], &["id"];
    QUEUES = "queues", &["id", "version", "key", "data"], &["id"];
    SITES = "sites", &["id", "version", "code", "data"], &["id"];
    ROTAS = "rotas", &["id", "version", "key", "data"], &["id"];
    CALENDARS = "calendars", &["id", "version", "key", "data"], &["id"];
    SNIPPETS = "snippets", &["id", "version", "owner", "data"], &["id"];
    SAVED_VIEWS = "saved_views", &["id", "version", "owner", "everybody", "queue", "active", "data"], &["id"];
    NOTICE_SETTINGS = "notice_settings", &["id", "version", "data"], &["id"];
    REMINDERS = "reminders", &["id", "version", "person", "fires_at", "data"], &["id"];
    HANDOVERS = "handovers", &["id", "version", "rota", "ends_at", "readers", "data"], &["id"];
    ROSTER_PLANS = "roster_plans", &["id", "version", "ends_on", "data"], &["id"];
    WEBHOOKS = "webhooks", &["id", "version", "key", "data"], &["id"];
    DELIVERIES = "deliveries", &["id", "webhook", "created_at", "next_at", "line", "data"], &[];
    MERGES = "merges", &["ticket", "target", "data"], &["ticket"];
    FILES = "files", &["id", "state", "received", "message", "ticket", "created_at", "data"], &["id"];
    CLOCK_EVENTS = "clock_events", &["ticket", "at", "data"], &[];
    ROSTER_CHANGES = "roster_changes", &["id", "version", "ends_at", "data"], &["id"];
    AGENT_STATES = "agent_states", &["id", "version", "data"], &["id"];
    REQUESTERS = "requesters", &["id", "version", "external", "search", "data"], &["id"];
    INTAKE_CHANNELS = "intake_channels", &["id", "version", "key", "data"], &["id"];
    NEW_TICKETS = "tickets", TICKET_COLUMNS, &[];
    TICKETS = "tickets", TICKET_COLUMNS, &["number"];
    TICKET_PEOPLE = "ticket_people", &["ticket", "person"], &["ticket", "person"];
    NEW_MESSAGES = "messages", MESSAGE_COLUMNS, &[];
    MESSAGES = "messages", MESSAGE_COLUMNS, &["id"];
    MESSAGE_EDITS = "message_edits", &["message", "version", "data"], &[];
    MESSAGE_EXTERNALS = "message_externals", &["channel", "external", "message"], &[];
    THREADS = "threads", &["channel", "thread", "ticket"], &["channel", "thread"];
    CONVERSATIONS = "conversations", &["id", "version", "kind", "everybody", "queue", "last_seq", "data"], &["id"];
    CONVERSATION_MEMBERS = "conversation_members", &["conversation", "person"], &["conversation", "person"];
    READ_MARKS = "read_marks", &["id", "version", "person", "conversation", "data"], &["id"];
    NEW_ESCALATIONS = "escalations", &["id", "version", "ticket", "accept_by", "expert", "is_open", "data"], &[];
    ESCALATIONS = "escalations", &["id", "version", "ticket", "accept_by", "expert", "is_open", "data"], &["id"];
    NOTICES = "notices", &["id", "version", "person", "is_read", "topic", "data"], &["id"];
    ASSIGNMENTS = "assignments", &["id", "ticket", "person", "started_at", "ended_at", "data"], &["id"];
    DECISIONS = "decisions", &["id", "ticket", "at", "data"], &[];
    BROADCASTS = "broadcasts", &["id", "incident", "created_at", "data"], &[];
    BROADCAST_TARGETS = "broadcast_targets", &["broadcast", "ticket", "place", "state", "data"], &["broadcast", "ticket"];
    AUDIT = "audit", &["at", "ticket", "action", "data"], &[];
    FEED = "feed", &["seq", "at", "kind", "row_id", "version", "before", "after"], &[];
    SEARCH_TICKETS = "search_ticket_put", &["number", "mark", "terms", "exact"], &[];
    SEARCH_MESSAGES = "search_message_put", &["message", "conversation", "tier", "note", "at", "mark", "terms", "exact"], &[];
    RESULTS = "results", &["key", "fingerprint", "answer", "seq", "at"], &[];
}

/// The table of a synced kind.
pub(super) fn table_name(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Person => "people",
        RowKind::Queue => "queues",
        RowKind::AgentState => "agent_states",
        RowKind::Calendar => "calendars",
        RowKind::Rota => "rotas",
        RowKind::RosterPlan => "roster_plans",
        RowKind::RosterChange => "roster_changes",
        RowKind::Conversation => "conversations",
        RowKind::ReadMark => "read_marks",
        RowKind::Escalation => "escalations",
        RowKind::Notice => "notices",
        RowKind::Ticket => "tickets",
        RowKind::Message => "messages",
        RowKind::Site => "sites",
        RowKind::Snippet => "snippets",
        RowKind::NoticeSettings => "notice_settings",
        RowKind::Reminder => "reminders",
        RowKind::Handover => "handovers",
        RowKind::SavedView => "saved_views",
    }
}

/// The word of a status in SQL, the same as in JSON.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Open => "open",
        Status::Pending => "pending",
        Status::OnHold => "on_hold",
        Status::Solved => "solved",
        Status::Closed => "closed",
    }
}

fn waits_word(waits: WaitReason) -> &'static str {
    match waits {
        WaitReason::Manual => "manual",
        WaitReason::NobodyOnDuty => "nobody_on_duty",
        WaitReason::NobodyPresent => "nobody_present",
        WaitReason::AllAtCapacity => "all_at_capacity",
        WaitReason::NobodySkilled => "nobody_skilled",
    }
}

fn json(row: &impl serde::Serialize) -> Cell {
    Cell::Text(serde_json::to_string(row).expect("rows hold only what JSON can say"))
}

/// What a search in the list looks through: subject, requester and site, case folded.
fn ticket_search(ticket: &Ticket) -> String {
    let mut text = format!("{}\n{}", ticket.subject, ticket.requester.name);
    if let Some(site) = &ticket.requester.site {
        text.push_str(&format!("\n{}\n{}", site.name, site.code));
    }
    text.to_lowercase()
}

pub(super) fn ticket(row: &Ticket) -> Vec<Cell> {
    let tags = row.tags.iter().fold(String::from("\n"), |tags, tag| tags + tag + "\n");
    let counted = Counted::of(row);
    vec![
        row.number.0.into(),
        row.version.into(),
        row.queue.to_string().into(),
        status_word(row.status).into(),
        i64::from(row.priority as u8).into(),
        row.assignee.map(|id| id.to_string()).into(),
        row.requester.id.to_string().into(),
        row.external.clone().into(),
        row.conversation.to_string().into(),
        row.due_at.into(),
        next_step_at(&row.clocks).into(),
        row.created_at.into(),
        row.updated_at.into(),
        row.waits.map(waits_word).into(),
        row.accept_by.into(),
        row.follow_ups.iter().filter(|one| one.waits()).map(|one| one.at).min().into(),
        row.sla_mark.clone().into(),
        i64::from(row.tier).into(),
        row.requester.site.as_ref().map(|site| site.id.to_string()).into(),
        tags.into(),
        ticket_search(row).into(),
        Some(row.status_key.clone()).filter(|key| !key.is_empty()).into(),
        json(row),
        row.incident.map(|number| number.0).into(),
        row.looks_like.map(|number| number.0).into(),
        crate::domain::incident::is_open(row).into(),
        crate::domain::incident::due::tell_at(row).into(),
        counted.done_at.into(),
        counted.done_met.map(i64::from).into(),
        counted.answer.map(|answer| answer.at).into(),
        counted.answer.map(|answer| answer.secs).into(),
        counted.answer.and_then(|answer| answer.met).map(i64::from).into(),
    ]
}

pub(super) fn message(row: &Message) -> Vec<Cell> {
    vec![
        row.id.to_string().into(),
        row.version.into(),
        row.conversation.to_string().into(),
        row.seq.into(),
        i64::from(row.visibility.tier()).into(),
        json(row),
    ]
}

pub(super) fn message_edit(row: &MessageEdit) -> Vec<Cell> {
    vec![row.message.to_string().into(), row.version.into(), json(row)]
}

pub(super) fn conversation(row: &Conversation) -> Vec<Cell> {
    let kind = match row.kind {
        ConversationKind::Channel => "channel",
        ConversationKind::Direct => "direct",
        ConversationKind::Escalation => "escalation",
    };
    let everybody = row.kind == ConversationKind::Channel && row.members.is_empty() && row.queue.is_none();
    vec![
        row.id.to_string().into(),
        row.version.into(),
        kind.into(),
        everybody.into(),
        row.queue.map(|id| id.to_string()).into(),
        row.last_seq.into(),
        json(row),
    ]
}

pub(super) fn escalation(row: &Escalation) -> Vec<Cell> {
    vec![
        row.id.to_string().into(),
        row.version.into(),
        row.ticket.0.into(),
        row.accept_by.into(),
        row.expert.to_string().into(),
        row.state.is_open().into(),
        json(row),
    ]
}

pub(super) fn read_mark(row: &ReadMark) -> Vec<Cell> {
    let id = crate::domain::row::read_mark_id(row.person, row.conversation);
    vec![id.into(), row.version.into(), row.person.to_string().into(), row.conversation.to_string().into(), json(row)]
}

pub(super) fn requester(row: &Requester) -> Vec<Cell> {
    let search = [Some(&row.name), Some(&row.external), row.email.as_ref(), row.phone.as_ref()];
    let search = search.into_iter().flatten().fold(String::new(), |text, part| text + part + "\n").to_lowercase();
    vec![row.id.to_string().into(), row.version.into(), row.external.clone().into(), search.into(), json(row)]
}

pub(super) fn intake_channel(row: &IntakeChannel) -> Vec<Cell> {
    vec![row.id.to_string().into(), row.version.into(), row.key.clone().into(), json(row)]
}

pub(super) fn assignment(row: &Assignment) -> Vec<Cell> {
    vec![
        row.id.to_string().into(),
        row.ticket.0.into(),
        row.person.to_string().into(),
        row.started_at.into(),
        row.ended_at.into(),
        json(row),
    ]
}

pub(super) fn decision(row: &Decision) -> Vec<Cell> {
    vec![row.id.to_string().into(), row.ticket.0.into(), row.at.into(), packed::pack(row)]
}

pub(super) fn audit(row: &AuditEntry) -> Vec<Cell> {
    vec![row.at.into(), row.ticket.map(|number| number.0).into(), row.action.clone().into(), json(row)]
}

pub(super) fn broadcast(row: &Broadcast) -> Vec<Cell> {
    vec![row.id.to_string().into(), row.incident.0.into(), row.created_at.into(), json(row)]
}

pub(super) fn broadcast_target(row: &Target) -> Vec<Cell> {
    vec![row.broadcast.to_string().into(), row.ticket.0.into(), i64::from(row.place).into(), row.state.as_str().into(), json(row)]
}

pub(super) fn clock_event(row: &ClockEvent) -> Vec<Cell> {
    vec![row.ticket.0.into(), row.at.into(), json(row)]
}

pub(super) fn webhook(row: &Webhook) -> Vec<Cell> {
    vec![row.id.to_string().into(), row.version.into(), row.key.clone().into(), json(row)]
}

pub(super) fn delivery(row: &Delivery) -> Vec<Cell> {
    vec![
        row.id.to_string().into(),
        row.webhook.to_string().into(),
        row.created_at.into(),
        row.created_at.into(),
        row.line().into(),
        json(row),
    ]
}

pub(super) fn merge(row: &Merge) -> Vec<Cell> {
    vec![row.ticket.0.into(), row.into.0.into(), json(row)]
}
