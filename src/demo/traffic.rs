//! What happens at the sample desk while somebody watches: an endless draw of acts, about one every second and a half.
//!
//! Pure: it is told what the desk looks like ([`TrafficView`]) and says what happens next ([`Act`]). Who carries the
//! acts over HTTP decides what to do when one is refused; the next draw does not depend on it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use super::content::{Scenario, Speaker};
use super::desk::SampleDesk;
use super::fill::Variables;
use super::requesters;
use super::seed::{pick, rng_for};
use super::talk::fill_line;
use super::tickets::draw_priority;
use crate::domain::command::RequesterInput;
use crate::domain::id::{ConversationId, EscalationId, TicketNumber};
use crate::domain::person::{Presence, Role};
use crate::domain::ticket::{Priority, Status};

/// Threads whose script is remembered; older ones get replies that fit any ticket.
const THREADS_MAX: usize = 400;
/// With more open tickets than this, requests come at half the rate and people answer instead.
const BACKLOG: usize = 250;
const MEAN_PAUSE_SECS: f64 = 1.5;
const PAUSE_MAX_SECS: f64 = 6.0;

/// What the traffic knows of the desk; the driver fills it before each draw.
#[derive(Clone, Debug, Default)]
pub struct TrafficView {
    pub now: DateTime<Utc>,
    /// Recent unsolved tickets, any order; a few hundred are enough.
    pub tickets: Vec<ViewTicket>,
    /// Handles of people on duty and present.
    pub available: Vec<String>,
    /// Handles of people on duty and away or busy.
    pub away: Vec<String>,
    /// Calls that are asked or accepted.
    pub escalations: Vec<ViewEscalation>,
}

#[derive(Clone, Debug)]
pub struct ViewTicket {
    pub number: TicketNumber,
    /// The thread outside, when it came in by a channel.
    pub thread: Option<String>,
    /// The assignee's handle.
    pub assignee: Option<String>,
    pub awaits_reply: bool,
    pub status: Status,
}

#[derive(Clone, Debug)]
pub struct ViewEscalation {
    pub id: EscalationId,
    pub number: TicketNumber,
    /// The expert's handle.
    pub expert: String,
    pub accepted: bool,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A first message by a channel; `channel` is its place in [`SampleDesk::intake`].
    NewRequest {
        channel: usize,
        thread: String,
        author: RequesterInput,
        subject: String,
        text: String,
        priority: Priority,
    },
    /// A further message in a thread opened before, by the same channel.
    RequesterReply {
        channel: usize,
        thread: String,
        author: RequesterInput,
        text: String,
    },
    /// A person answers or notes, and may set the status with it.
    AgentReply {
        person: String,
        number: TicketNumber,
        text: String,
        internal: bool,
        status: Option<Status>,
    },
    /// A line in a channel or a direct conversation.
    ChatLine {
        conversation: ConversationId,
        person: String,
        text: String,
    },
    /// `person` calls an expert of `tier` (2 or 3), whoever the desk chooses.
    Escalate {
        person: String,
        number: TicketNumber,
        tier: u8,
        reason: String,
    },
    /// The expert comes, or says why not.
    AnswerEscalation {
        person: String,
        number: TicketNumber,
        escalation: EscalationId,
        accept: bool,
        reason: Option<String>,
    },
    /// The expert is done.
    LeaveEscalation {
        person: String,
        number: TicketNumber,
        escalation: EscalationId,
        verdict: String,
    },
    PresenceChange {
        person: String,
        presence: Presence,
    },
}

/// A request that the traffic made itself, and how far its script has come.
#[derive(Debug)]
struct Thread {
    id: String,
    channel: usize,
    author: RequesterInput,
    variables: Variables,
    scenario: &'static Scenario,
    /// The next turn of its script.
    turn: usize,
}

/// An endless draw of acts: the same seed and the same views make the same acts.
#[derive(Debug)]
pub struct Traffic {
    desk: Arc<SampleDesk>,
    seed: u64,
    rng: StdRng,
    threads: VecDeque<Thread>,
    made: u64,
}

impl Traffic {
    /// Traffic for this desk. Another seed than the desk's makes other traffic at the same desk.
    #[must_use]
    pub fn new(desk: Arc<SampleDesk>, seed: u64) -> Self {
        Self { rng: rng_for(seed, "traffic", 0), desk, seed, threads: VecDeque::new(), made: 0 }
    }

    /// How long to wait, and what happens then.
    pub fn next(&mut self, view: &TrafficView) -> (Duration, Act) {
        let draw: f64 = self.rng.random_range(0.02..1.0);
        let pause = (-draw.ln() * MEAN_PAUSE_SECS).min(PAUSE_MAX_SECS);
        (Duration::from_secs_f64(pause), self.act(view))
    }

    fn act(&mut self, view: &TrafficView) -> Act {
        let backlog = view.tickets.len() > BACKLOG;
        let act = match self.rng.random_range(0..100) {
            0..12 => None,
            12..24 if !backlog => None,
            12..60 => self.agent_reply(view),
            60..76 => self.requester_reply(view),
            76..88 => self.chat_line(view),
            88..92 => self.escalate(view),
            92..95 => self.answer_escalation(view),
            _ => self.presence_change(view),
        };
        act.unwrap_or_else(|| self.new_request(view))
    }

    fn new_request(&mut self, view: &TrafficView) -> Act {
        let desk = Arc::clone(&self.desk);
        let channel = self.rng.random_range(0..desk.intake.len());
        let queue = desk.queues.iter().position(|queue| queue.id == desk.intake[channel].0.queue).unwrap_or_default();
        let queue = &desk.content.queues[queue];
        let scenario = pick(&mut self.rng, &queue.scenario);
        let (author, site) = requesters::draw(&desk, queue, &mut self.rng);
        let variables = requesters::variables(desk.content, queue, site, view.now, &mut self.rng);
        self.made += 1;
        let id = format!("{}-{:x}-{:05}", desk.intake[channel].0.key, self.seed, self.made);
        let act = Act::NewRequest {
            channel,
            thread: id.clone(),
            author: author.clone(),
            subject: variables.fill(&scenario.subject),
            text: variables.fill(&scenario.text),
            priority: draw_priority(scenario, &mut self.rng),
        };
        self.threads.push_back(Thread { id, channel, author, variables, scenario, turn: 0 });
        if self.threads.len() > THREADS_MAX {
            self.threads.pop_front();
        }
        act
    }

    /// The assignee of a ticket that waits for an answer gives one: the script's next line, or one that fits any ticket.
    fn agent_reply(&mut self, view: &TrafficView) -> Option<Act> {
        let owed = |ticket: &&ViewTicket| {
            let present = ticket.assignee.as_ref().is_some_and(|handle| view.available.contains(handle));
            present && ticket.awaits_reply && ticket.status.is_unsolved()
        };
        let ticket = *choose(&mut self.rng, &view.tickets.iter().filter(owed).collect::<Vec<_>>())?;
        let (text, internal, status) = self.scripted_answer(ticket).unwrap_or_else(|| self.any_answer());
        Some(Act::AgentReply { person: ticket.assignee.clone()?, number: ticket.number, text, internal, status })
    }

    /// The next line of the desk's side, when the ticket's script has one now.
    fn scripted_answer(&mut self, ticket: &ViewTicket) -> Option<(String, bool, Option<Status>)> {
        let thread = self.threads.iter_mut().find(|thread| Some(&thread.id) == ticket.thread.as_ref())?;
        let turn = thread.scenario.talk.get(thread.turn).filter(|turn| turn.speaker != Speaker::Requester)?;
        thread.turn += 1;
        let internal = turn.speaker == Speaker::Note;
        let status = match thread.scenario.talk.get(thread.turn).map(|turn| turn.speaker) {
            None if !internal => Some(Status::Solved),
            Some(Speaker::Requester) if !internal && self.rng.random_bool(0.4) => Some(Status::Pending),
            _ => None,
        };
        Some((thread.variables.fill(&turn.text), internal, status))
    }

    fn any_answer(&mut self) -> (String, bool, Option<Status>) {
        let phrases = &self.desk.content.phrases;
        let (lines, internal, status) = match self.rng.random_range(0..20) {
            0..9 => (&phrases.replies, false, None),
            9..13 => (&phrases.asks, false, Some(Status::Pending)),
            13..17 => (&phrases.solutions, false, Some(Status::Solved)),
            17..19 => (&phrases.notes, true, None),
            _ => (&phrases.holds, true, Some(Status::OnHold)),
        };
        (pick(&mut self.rng, lines).clone(), internal, status)
    }

    /// The requester of a ticket that was answered writes again.
    fn requester_reply(&mut self, view: &TrafficView) -> Option<Act> {
        let answered = |thread: &str| view.tickets.iter().any(|ticket| ticket.thread.as_deref() == Some(thread) && !ticket.awaits_reply);
        let waiting: Vec<usize> = (0..self.threads.len()).filter(|&place| answered(&self.threads[place].id)).collect();
        let place = *choose(&mut self.rng, &waiting)?;
        let thread = &mut self.threads[place];
        let scripted = thread.scenario.talk.get(thread.turn).filter(|turn| turn.speaker == Speaker::Requester);
        let text = match scripted {
            Some(turn) => {
                thread.turn += 1;
                thread.variables.fill(&turn.text)
            }
            None => pick(&mut self.rng, &self.desk.content.phrases.follow_ups).clone(),
        };
        Some(Act::RequesterReply { channel: thread.channel, thread: thread.id.clone(), author: thread.author.clone(), text })
    }

    /// Channels mostly; now and then one of two who talk directly.
    fn chat_line(&mut self, view: &TrafficView) -> Option<Act> {
        let desk = Arc::clone(&self.desk);
        let channels = &desk.content.phrases.channel;
        if self.rng.random_bool(0.15) {
            let place = self.rng.random_range(channels.len()..desk.conversations.len());
            let conversation = &desk.conversations[place].conversation;
            let member = *pick(&mut self.rng, &conversation.members);
            let person = desk.people.iter().find(|person| person.id == member)?;
            let line = pick(&mut self.rng, desk.content.phrases.direct.get(place - channels.len())?);
            let text = fill_line(desk.content, line, &desk.sites, &mut self.rng);
            return Some(Act::ChatLine { conversation: conversation.id, person: person.handle.clone(), text });
        }
        let person = choose(&mut self.rng, &view.available)?.clone();
        let place = self.rng.random_range(0..channels.len());
        let line = pick(&mut self.rng, &channels[place].lines);
        let text = fill_line(desk.content, line, &desk.sites, &mut self.rng);
        Some(Act::ChatLine { conversation: desk.conversations[place].conversation.id, person, text })
    }

    fn escalate(&mut self, view: &TrafficView) -> Option<Act> {
        let calls = |number: TicketNumber| view.escalations.iter().any(|escalation| escalation.number == number);
        let may = |ticket: &&ViewTicket| {
            let agent = ticket.assignee.as_ref().is_some_and(|handle| view.available.contains(handle));
            agent && ticket.status == Status::Open && !calls(ticket.number)
        };
        let ticket = *choose(&mut self.rng, &view.tickets.iter().filter(may).collect::<Vec<_>>())?;
        let person = ticket.assignee.clone()?;
        let from = self.desk.people.iter().find(|known| known.handle == person).map_or(1, |known| known.tier);
        let tier = (from + 1).clamp(2, 3);
        let reason = pick(&mut self.rng, &self.desk.content.phrases.escalation_reasons).clone();
        Some(Act::Escalate { person, number: ticket.number, tier, reason })
    }

    fn answer_escalation(&mut self, view: &TrafficView) -> Option<Act> {
        let call = choose(&mut self.rng, &view.escalations)?;
        let (person, number, escalation) = (call.expert.clone(), call.number, call.id);
        let phrases = &self.desk.content.phrases;
        if call.accepted {
            let verdict = pick(&mut self.rng, &phrases.escalation_verdicts).clone();
            return Some(Act::LeaveEscalation { person, number, escalation, verdict });
        }
        let accept = self.rng.random_bool(0.85);
        let reason = (!accept).then(|| pick(&mut self.rng, &phrases.escalation_declines).clone());
        Some(Act::AnswerEscalation { person, number, escalation, accept, reason })
    }

    /// Somebody steps away, or somebody who did comes back: few are away at any time.
    fn presence_change(&mut self, view: &TrafficView) -> Option<Act> {
        if view.away.len() * 5 > view.available.len() || (!view.away.is_empty() && self.rng.random_bool(0.5)) {
            let person = choose(&mut self.rng, &view.away)?.clone();
            return Some(Act::PresenceChange { person, presence: Presence::Available });
        }
        let presence = if self.rng.random_bool(0.5) { Presence::Away } else { Presence::Busy };
        let person = choose(&mut self.rng, &view.available)?.clone();
        let viewer = self.desk.people.iter().any(|known| known.handle == person && known.role == Role::Viewer);
        (!viewer).then_some(Act::PresenceChange { person, presence })
    }
}

/// One of `items`, if there is any.
fn choose<'a, T>(rng: &mut StdRng, items: &'a [T]) -> Option<&'a T> {
    (!items.is_empty()).then(|| pick(rng, items))
}
