//! What people do: chosen by the world's dice, from what their own cache shows.

use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::escalation::{Escalate, EscalationState, Verdict};
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::Presence;
use dutydesk::domain::ticket::{Priority, Status};
use rand::RngExt;

use super::template;
use super::world::World;

/// A command, the version that its person saw, and a text that only it carries.
pub struct Act {
    pub command: Command,
    pub base: Option<i64>,
    pub word: String,
}

const STATUS: [Status; 5] = [Status::Open, Status::Pending, Status::OnHold, Status::Solved, Status::Open];
pub const PRIORITY: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];

impl World<'_> {
    /// What client `c` does next.
    pub async fn think(&mut self, c: usize) -> Act {
        self.words += 1;
        let word = format!("w{}", self.words);
        let other = |command| Act { command, base: None, word: word.clone() };
        match self.rng.random_range(0..20_u32) {
            0 | 1 => {
                let queue = self.template.queues[self.rng.random_range(0..2)];
                return other(Command::CreateTicket(Box::new(template::ticket(queue, &word))));
            }
            2 | 3 => {
                let target = MessageTarget::Conversation { id: self.template.channel };
                let post = PostMessage::new(target, new_id().into(), Visibility::Internal, word.clone());
                return other(Command::PostMessage(Box::new(post)));
            }
            4 => {
                let seq = self.rng.random_range(0..12);
                return other(Command::MarkRead { conversation: self.template.channel, seq });
            }
            5 if self.rng.random_bool(0.4) => {
                let presence = [Presence::Available, Presence::Busy, Presence::Away][self.rng.random_range(0..3)];
                return other(Command::SetPresence { presence });
            }
            6 => {
                if let Some(command) = self.about_a_call(c, &word).await {
                    return other(command);
                }
            }
            _ => {}
        }
        match self.on_a_ticket(c, &word).await {
            Some((command, base)) => Act { command, base, word },
            None => other(Command::MarkRead { conversation: self.template.channel, seq: 1 }),
        }
    }

    async fn on_a_ticket(&mut self, c: usize, word: &str) -> Option<(Command, Option<i64>)> {
        // Few tickets are worked on by many: that is where they meet.
        let most = self.rng.random_range(1..=(template::TICKETS + i64::from(self.words) / 8));
        let number = TicketNumber(self.rng.random_range(1..=most));
        let ticket = self.clients[c].steps().cache().ticket(number).await.expect("the cache can be read")?;
        let base = Some(ticket.version);
        let post =
            |visibility, text: &str| PostMessage::new(MessageTarget::Ticket { number }, new_id().into(), visibility, text.to_owned());
        let command = match self.rng.random_range(0..18_u32) {
            0..=2 => Command::PostMessage(Box::new(post(Visibility::Internal, word))),
            3 | 4 => {
                let status = self.rng.random_bool(0.3).then(|| STATUS[self.rng.random_range(0..STATUS.len())]);
                Command::PostMessage(Box::new(PostMessage { status, ..post(Visibility::Public, word) }))
            }
            5..=7 => Command::ClaimTicket { number },
            8 => {
                let person = self.template.people[self.rng.random_range(0..3)].person.id;
                Command::AssignTicket { number, person }
            }
            9 => Command::ReleaseTicket { number, reason: None },
            10..=12 => Command::SetStatus { number, status: STATUS[self.rng.random_range(0..STATUS.len())] },
            13 => Command::SetPriority { number, priority: PRIORITY[self.rng.random_range(0..4)] },
            14 => Command::AddTag { number, tag: word.to_owned() },
            15 => Command::SetSubject { number, subject: word.to_owned() },
            16 => Command::MoveTicket { number, queue: self.template.queues[self.rng.random_range(0..2)] },
            _ => Command::Escalate(Box::new(Escalate::tier(number, new_id().into(), 2, word.to_owned()))),
        };
        Some((command, base))
    }

    async fn about_a_call(&mut self, c: usize, word: &str) -> Option<Command> {
        let calls = self.clients[c].desk().open_calls().await.expect("the cache can be read");
        if calls.is_empty() {
            return None;
        }
        let call = &calls[self.rng.random_range(0..calls.len())];
        let (number, escalation) = (call.ticket, call.id);
        Some(match call.state {
            EscalationState::Asked => {
                let accept = self.rng.random_bool(0.7);
                Command::AnswerEscalation { number, escalation, accept, reason: (!accept).then(|| word.to_owned()) }
            }
            EscalationState::Accepted => Command::JoinEscalation { number, escalation },
            _ => Command::LeaveEscalation { number, escalation, result: Verdict::Advice, note: word.to_owned() },
        })
    }
}
