//! A small fixed desk for the panes' tests: Saturday 21 November 2026, 10:10 in Shanghai.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

use crate::client::view::{LinkStatus, TicketWindow};
use crate::console::action::Action;
use crate::console::conversation::drafts::Drafts;
use crate::console::effect::{Effect, Loaded};
use crate::console::find::history::History;
use crate::console::locale::{Language, Locale};
use crate::console::pane::{Context, Pane, PaneEvent};
use crate::console::theme::Theme;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{ConversationId, PersonId, QueueId, RequesterId, RosterChangeId, RotaId, TicketNumber};
use crate::domain::person::{AgentState, Person, Presence, Role, Skill};
use crate::domain::queue::Queue;
use crate::domain::roster::{Requirement, RosterChange, RosterChangeKind, Rota, RotaMember, ShiftType};
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::ticket::{Kind, Priority, RequesterBrief, Status, Ticket, WaitReason};

pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

pub fn person_id(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn queue_id(n: u128) -> QueueId {
    QueueId(Uuid::from_u128(100 + n))
}

/// What `new_id` always gives.
pub fn fresh() -> Uuid {
    Uuid::from_u128(0xf)
}

pub fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 21, 2, 10, 0).unwrap()
}

pub struct Sample {
    pub now: Timestamp,
    pub me: PersonId,
    pub directory: Directory,
    pub states: HashMap<PersonId, AgentState>,
    pub calls: Vec<crate::domain::escalation::Escalation>,
    pub here: crate::client::here::Everybody,
    pub link: LinkStatus,
    pub locale: Locale,
    pub theme: Theme,
    pub drafts: Drafts,
    pub history: History,
}

fn person(n: u128, handle: &str, name: &str, role: Role, tier: u8, skills: &[(&str, u8)]) -> Person {
    Person {
        id: person_id(n),
        version: 1,
        handle: handle.into(),
        name: name.into(),
        role,
        tier,
        skills: skills.iter().map(|(name, level)| Skill { name: (*name).into(), level: *level }).collect(),
        languages: vec!["zh-CN".into()],
        capacity: 8,
        time_zone: "Asia/Shanghai".into(),
        email: None,
        region: None,
        queues: vec![queue_id(1)],
        active: true,
    }
}

fn queue(n: u128, key: &str, name: &str, position: i32) -> Queue {
    Queue {
        language_required: false,
        cap: None,
        expert_accept_within_secs: 120,
        accept_within_secs: 0,
        end_of_shift: crate::domain::queue::EndOfShift::Keep,
        grace_secs: 900,
        id: queue_id(n),
        version: 1,
        key: key.into(),
        name: name.into(),
        department: None,
        tier: 1,
        skills: if n == 1 { vec!["pumps".into()] } else { Vec::new() },
        strategy: crate::domain::queue::Strategy::LeastLoaded,
        sla: crate::domain::sla::policy::SlaPolicy::default(),
        lead: Some(person_id(5)),
        position,
        active: true,
    }
}

fn kind(code: &str, name: &str, start: u32, end: u32, night: bool) -> ShiftType {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    ShiftType { colour: None, code: code.into(), name: name.into(), start: time(start), end: time(end), night }
}

fn rota(n: u128, key: &str, name: &str, tier: u8, queues: Vec<QueueId>, members: &[(u128, i32)]) -> Rota {
    let every = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    Rota {
        limits: crate::domain::roster::RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        id: RotaId(Uuid::from_u128(200 + n)),
        version: 1,
        key: key.into(),
        name: name.into(),
        time_zone: "Asia/Shanghai".into(),
        queues,
        tier,
        shift_types: vec![kind("E", "Early", 7, 15, false), kind("L", "Late", 15, 23, false), kind("夜", "夜班", 23, 7, true)],
        pattern: vec![Some("E".into()), Some("E".into()), Some("L".into()), Some("L".into()), Some("夜".into()), None],
        starts_on: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
        members: members.iter().map(|(person, offset_days)| RotaMember { person: person_id(*person), offset_days: *offset_days }).collect(),
        required: vec![Requirement { weekdays: every.to_vec(), from: NaiveTime::MIN, to: NaiveTime::MIN, people: 1 }],
        lead: Some(person_id(5)),
        active: true,
    }
}

impl Sample {
    pub fn new(language: Language) -> Self {
        let people = [
            person(1, "zhang.wei", "张伟", Role::Agent, 1, &[("pumps", 3), ("billing", 2)]),
            person(2, "maria", "Maria Silva", Role::Agent, 1, &[("billing", 4)]),
            person(3, "li.na", "李娜", Role::Agent, 1, &[("pumps", 5)]),
            person(4, "tom", "Tom Becker\u{1b}[2J", Role::Expert, 2, &[("pumps", 5)]),
            person(5, "wang.fang", "王芳", Role::Lead, 1, &[]),
        ];
        let queues = [queue(1, "equipment", "加油设备", 1), queue(2, "payments", "Payments", 2), queue(3, "vip", "VIP", 3)];
        let rotas = [
            rota(1, "front", "Front desk", 1, vec![queue_id(1), queue_id(2)], &[(1, 0), (2, 0), (3, 2)]),
            rota(2, "experts", "二线专家", 2, vec![queue_id(1)], &[(4, 1)]),
        ];
        let change = RosterChange {
            other_from: None,
            other_to: None,
            state: crate::domain::roster::ChangeState::InForce,
            answered_by: None,
            answer: String::new(),
            id: RosterChangeId(Uuid::from_u128(300)),
            version: 1,
            rota: RotaId(Uuid::from_u128(201)),
            kind: RosterChangeKind::Cover,
            person: person_id(2),
            other: Some(person_id(3)),
            from: now() + TimeDelta::hours(2),
            to: now() + TimeDelta::hours(4),
            reason: "dentist".into(),
            asked_by: person_id(2),
            cancelled: false,
            created_at: now(),
        };
        let directory = Directory {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            queues: queues.into_iter().map(|queue| (queue.id, queue)).collect(),
            rotas: rotas.into_iter().map(|rota| (rota.id, rota)).collect(),
            roster_changes: [(change.id, change)].into(),
            ..Directory::default()
        };
        let state =
            |n, presence, open_tickets| (person_id(n), AgentState { presence, open_tickets, ..AgentState::unseen(person_id(n), now()) });
        let states =
            [state(1, Presence::Available, 3), state(2, Presence::Available, 7), state(3, Presence::Away, 0), state(4, Presence::Busy, 8)];
        Self {
            now: now(),
            me: person_id(1),
            directory,
            states: states.into(),
            calls: Vec::new(),
            here: HashMap::new(),
            link: LinkStatus { link: crate::client::view::Link::Live, ..LinkStatus::default() },
            locale: Locale::new(language),
            theme: Theme::built_in("dark").unwrap(),
            drafts: Drafts::default(),
            history: History::default(),
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            me: &self.directory.people[&self.me],
            directory: &self.directory,
            agent_states: &self.states,
            calls: &self.calls,
            here: &self.here,
            link: &self.link,
            locale: &self.locale,
            theme: &self.theme,
            drafts: &self.drafts,
            history: &self.history,
            zone: Tz::Asia__Shanghai,
            new_id: &fresh,
        }
    }

    pub fn act(&self, pane: &mut dyn Pane, action: Action) -> Vec<Effect> {
        pane.update(PaneEvent::Action(action, 1), &self.context())
    }

    pub fn load(&self, pane: &mut dyn Pane, loaded: Loaded) -> Vec<Effect> {
        pane.update(PaneEvent::Loaded(loaded), &self.context())
    }

    /// The screen as text, with the caret's place at its foot.
    pub fn screen(&self, pane: &dyn Pane, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let mut caret = None;
        terminal.draw(|frame| caret = pane.draw(frame, frame.area(), &self.context())).unwrap();
        let caret = caret.map_or_else(String::new, |caret| format!("caret {},{}\n", caret.x, caret.y));
        format!("{}{caret}", terminal.backend())
    }

    /// Draws at sizes from 1x1 to 300x100, also inside a larger screen; panics where the pane does.
    pub fn draw_everywhere(&self, pane: &dyn Pane) {
        for width in [1, 2, 3, 5, 8, 13, 20, 33, 59, 60, 79, 99, 100, 160, 300] {
            for height in [1, 2, 3, 4, 5, 7, 8, 12, 24, 100] {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                terminal
                    .draw(|frame| {
                        let area = frame.area();
                        let caret = pane.draw(frame, area, &self.context());
                        assert!(caret.is_none_or(|caret| area.contains(caret)), "the caret leaves {width}x{height}");
                        pane.draw(frame, ratatui::layout::Rect { width: 0, height: 0, ..area }, &self.context());
                    })
                    .unwrap();
            }
        }
    }
}

pub fn ticket(number: i64, queue: u128, subject: &str, priority: Priority, waits: Option<WaitReason>) -> Arc<Ticket> {
    Arc::new(Ticket {
        accept_by: None,
        declined: Vec::new(),
        sla_mark: String::new(),
        number: TicketNumber(number),
        version: 7,
        queue: queue_id(queue),
        kind: Kind::Question,
        subject: subject.into(),
        priority,
        status: Status::New,
        tier: 1,
        requester: RequesterBrief { class: None, id: RequesterId(Uuid::from_u128(400)), name: "陈先生".into(), site: None },
        assignee: None,
        assigned_at: None,
        accepted_at: None,
        waits,
        participants: Vec::new(),
        tags: Vec::new(),
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
        conversation: ConversationId(Uuid::from_u128(500)),
        channel: None,
        external: None,
        language: None,
        message_count: 1,
        clocks: Vec::new(),
        due_at: Some(now() + TimeDelta::minutes(number - 1010)),
        awaits_reply: true,
        created_at: now() - TimeDelta::minutes(number % 100),
        updated_at: now(),
        solved_at: None,
    })
}

pub fn window(rows: Vec<Arc<Ticket>>) -> TicketWindow {
    TicketWindow { start: 0, total: rows.len(), rows }
}

/// A clock that runs around the clock since `started_at` and warns at four fifths.
pub fn clock(kind: ClockKind, target_secs: i64, started_at: Timestamp) -> Clock {
    Clock {
        kind,
        target_secs,
        started_at,
        spent_ms: 0,
        counted_to: Some(started_at),
        due_at: started_at + TimeDelta::seconds(target_secs),
        warn_at: started_at + TimeDelta::seconds(target_secs * 4 / 5),
        paused_at: None,
        stopped_at: None,
        warned_at: None,
        breached_at: None,
        steps: Vec::new(),
    }
}
