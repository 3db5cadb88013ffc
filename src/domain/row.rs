//! The kinds of rows that sync carries, and one row of any of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calendar::Calendar;
use super::conversation::{Conversation, Message, ReadMark};
use super::escalation::Escalation;
use super::handover::Handover;
use super::id::PersonId;
use super::notice::Notice;
use super::notice::settings::NoticeSettings;
use super::person::{AgentState, Person};
use super::queue::Queue;
use super::reminder::Reminder;
use super::requester::Site;
use super::roster::{RosterChange, RosterPlan, Rota};
use super::saved_view::SavedView;
use super::snippet::Snippet;
use super::ticket::Ticket;

/// What a synced row is. The order is the order of the snapshot: the directory first, so that a console can draw early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    Person,
    Queue,
    AgentState,
    Calendar,
    Rota,
    RosterPlan,
    RosterChange,
    Conversation,
    ReadMark,
    Escalation,
    Notice,
    Ticket,
    Message,
    Site,
    Snippet,
    NoticeSettings,
    Reminder,
    Handover,
    SavedView,
}

impl RowKind {
    pub const ALL: [Self; 19] = [
        Self::Person,
        Self::Queue,
        Self::AgentState,
        Self::Calendar,
        Self::Rota,
        Self::RosterPlan,
        Self::RosterChange,
        Self::Conversation,
        Self::ReadMark,
        Self::Escalation,
        Self::Notice,
        Self::Ticket,
        Self::Message,
        Self::Site,
        Self::Snippet,
        Self::NoticeSettings,
        Self::Reminder,
        Self::Handover,
        Self::SavedView,
    ];

    /// The word used in SQL, JSON and URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Queue => "queue",
            Self::AgentState => "agent_state",
            Self::Calendar => "calendar",
            Self::Rota => "rota",
            Self::RosterPlan => "roster_plan",
            Self::RosterChange => "roster_change",
            Self::Conversation => "conversation",
            Self::ReadMark => "read_mark",
            Self::Escalation => "escalation",
            Self::Notice => "notice",
            Self::Ticket => "ticket",
            Self::Message => "message",
            Self::Site => "site",
            Self::Snippet => "snippet",
            Self::NoticeSettings => "notice_settings",
            Self::Reminder => "reminder",
            Self::Handover => "handover",
            Self::SavedView => "saved_view",
        }
    }

    /// Whether its rows are of the few that a console holds in memory whole: who there is, when they work, and how the desk is set up.
    #[must_use]
    pub fn is_directory(self) -> bool {
        match self {
            Self::Person
            | Self::Queue
            | Self::Calendar
            | Self::Rota
            | Self::RosterPlan
            | Self::RosterChange
            | Self::Site
            | Self::Snippet
            | Self::NoticeSettings
            | Self::Reminder
            | Self::Handover
            | Self::SavedView => true,
            Self::AgentState | Self::Conversation | Self::ReadMark | Self::Escalation | Self::Notice | Self::Ticket | Self::Message => {
                false
            }
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One row of any synced kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Person(Person),
    Queue(Queue),
    AgentState(AgentState),
    Calendar(Calendar),
    Rota(Rota),
    RosterPlan(Box<RosterPlan>),
    RosterChange(RosterChange),
    Conversation(Conversation),
    ReadMark(ReadMark),
    Escalation(Escalation),
    Notice(Notice),
    Ticket(Box<Ticket>),
    Message(Box<Message>),
    Site(Site),
    Snippet(Snippet),
    NoticeSettings(NoticeSettings),
    Reminder(Reminder),
    Handover(Box<Handover>),
    SavedView(SavedView),
}

macro_rules! each {
    ($self:expr, $row:ident => $body:expr) => {
        match $self {
            Row::Person($row) => $body,
            Row::Queue($row) => $body,
            Row::AgentState($row) => $body,
            Row::Calendar($row) => $body,
            Row::Rota($row) => $body,
            Row::RosterPlan($row) => $body,
            Row::RosterChange($row) => $body,
            Row::Conversation($row) => $body,
            Row::ReadMark($row) => $body,
            Row::Escalation($row) => $body,
            Row::Notice($row) => $body,
            Row::Ticket($row) => $body,
            Row::Message($row) => $body,
            Row::Site($row) => $body,
            Row::Snippet($row) => $body,
            Row::NoticeSettings($row) => $body,
            Row::Reminder($row) => $body,
            Row::Handover($row) => $body,
            Row::SavedView($row) => $body,
        }
    };
}

impl Row {
    #[must_use]
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Person(_) => RowKind::Person,
            Self::Queue(_) => RowKind::Queue,
            Self::AgentState(_) => RowKind::AgentState,
            Self::Calendar(_) => RowKind::Calendar,
            Self::Rota(_) => RowKind::Rota,
            Self::RosterPlan(_) => RowKind::RosterPlan,
            Self::RosterChange(_) => RowKind::RosterChange,
            Self::Conversation(_) => RowKind::Conversation,
            Self::ReadMark(_) => RowKind::ReadMark,
            Self::Escalation(_) => RowKind::Escalation,
            Self::Notice(_) => RowKind::Notice,
            Self::Ticket(_) => RowKind::Ticket,
            Self::Message(_) => RowKind::Message,
            Self::Site(_) => RowKind::Site,
            Self::Snippet(_) => RowKind::Snippet,
            Self::NoticeSettings(_) => RowKind::NoticeSettings,
            Self::Reminder(_) => RowKind::Reminder,
            Self::Handover(_) => RowKind::Handover,
            Self::SavedView(_) => RowKind::SavedView,
        }
    }

    #[must_use]
    pub fn version(&self) -> i64 {
        each!(self, row => row.version)
    }

    /// The row's id within its kind, as sync names it: a UUID, a ticket's number, or `person:conversation`.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Person(row) => row.id.to_string(),
            Self::Queue(row) => row.id.to_string(),
            Self::AgentState(row) => row.person.to_string(),
            Self::Calendar(row) => row.id.to_string(),
            Self::Rota(row) => row.id.to_string(),
            Self::RosterPlan(row) => row.id.to_string(),
            Self::RosterChange(row) => row.id.to_string(),
            Self::Conversation(row) => row.id.to_string(),
            Self::ReadMark(row) => read_mark_id(row.person, row.conversation),
            Self::Escalation(row) => row.id.to_string(),
            Self::Notice(row) => row.id.to_string(),
            Self::Ticket(row) => row.number.to_string(),
            Self::Message(row) => row.id.to_string(),
            Self::Site(row) => row.id.to_string(),
            Self::Snippet(row) => row.id.to_string(),
            Self::NoticeSettings(row) => row.person.to_string(),
            Self::Reminder(row) => row.id.to_string(),
            Self::Handover(row) => row.id.to_string(),
            Self::SavedView(row) => row.id.to_string(),
        }
    }

    /// The row as JSON, as stored and sent.
    ///
    /// # Panics
    /// Never: rows hold only what JSON can say.
    #[must_use]
    pub fn to_json(&self) -> String {
        each!(self, row => serde_json::to_string(row).expect("rows hold only what JSON can say"))
    }

    /// Reads a row of a kind from its JSON.
    ///
    /// # Errors
    /// When the text is not such a row.
    pub fn from_json(kind: RowKind, json: &str) -> serde_json::Result<Self> {
        Ok(match kind {
            RowKind::Person => Self::Person(serde_json::from_str(json)?),
            RowKind::Queue => Self::Queue(serde_json::from_str(json)?),
            RowKind::AgentState => Self::AgentState(serde_json::from_str(json)?),
            RowKind::Calendar => Self::Calendar(serde_json::from_str(json)?),
            RowKind::Rota => Self::Rota(serde_json::from_str(json)?),
            RowKind::RosterPlan => Self::RosterPlan(serde_json::from_str(json)?),
            RowKind::RosterChange => Self::RosterChange(serde_json::from_str(json)?),
            RowKind::Conversation => Self::Conversation(serde_json::from_str(json)?),
            RowKind::ReadMark => Self::ReadMark(serde_json::from_str(json)?),
            RowKind::Escalation => Self::Escalation(serde_json::from_str(json)?),
            RowKind::Notice => Self::Notice(serde_json::from_str(json)?),
            RowKind::Ticket => Self::Ticket(serde_json::from_str(json)?),
            RowKind::Message => Self::Message(serde_json::from_str(json)?),
            RowKind::Site => Self::Site(serde_json::from_str(json)?),
            RowKind::Snippet => Self::Snippet(serde_json::from_str(json)?),
            RowKind::NoticeSettings => Self::NoticeSettings(serde_json::from_str(json)?),
            RowKind::Reminder => Self::Reminder(serde_json::from_str(json)?),
            RowKind::Handover => Self::Handover(serde_json::from_str(json)?),
            RowKind::SavedView => Self::SavedView(serde_json::from_str(json)?),
        })
    }
}

/// The id of a read mark's row.
#[must_use]
pub fn read_mark_id(person: PersonId, conversation: super::id::ConversationId) -> String {
    format!("{person}:{conversation}")
}
