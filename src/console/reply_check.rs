//! Before a public reply goes out: did a colleague reply since its author last looked? Then the author is asked first, by what the
//! cache knows and again when the server refuses. The text is never lost: it is in the outbox, in the composer, or with the question.

use std::collections::{HashSet, VecDeque};

use super::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use super::pane::Context;
use super::words;
use crate::base::text;
use crate::client::drafts::Draft;
use crate::client::view::{OutboxEntry, OutboxState, TicketDetail};
use crate::domain::command::{Command, PostMessage};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::{CommandKey, TicketNumber};

const COLLISION: &str = "ticket-collision";
/// How much of the other's reply is quoted.
const QUOTED: usize = 160;

/// What a refusal says when somebody else replied meanwhile.
pub const ANSWERED: &str = "answered_meanwhile";

/// A reply that waits for its author's decision.
struct Held {
    post: PostMessage,
    number: TicketNumber,
    /// The refused command that carries it.
    refused: Option<CommandKey>,
    /// What forgets its draft, once it is in the outbox.
    forgets: Option<Box<Draft>>,
}

/// What was decided about a reply.
pub enum Decided {
    /// Nothing yet, or all is said in the effects.
    Effects(Vec<Effect>),
    /// A refused one with other words.
    Edit { number: TicketNumber, post: PostMessage, refused: CommandKey },
    /// Back into the composer.
    Draft { number: TicketNumber, post: PostMessage, effects: Vec<Effect> },
    /// Kept as a draft, while the ticket is looked at.
    Keep { number: TicketNumber, post: PostMessage, effects: Vec<Effect> },
}

/// Replies on their way out.
#[derive(Default)]
pub struct ReplyCheck {
    /// Being compared with the cache.
    checking: VecDeque<(TicketNumber, PostMessage, Option<Box<Draft>>)>,
    asked: Option<Held>,
    /// Refusals that were asked about already.
    known: HashSet<CommandKey>,
    /// The refusal chosen in the list of what waits.
    wanted: Option<CommandKey>,
}

fn sent(post: PostMessage, forgets: Option<Box<Draft>>) -> Vec<Effect> {
    let submit = Effect::Submit { command: Box::new(Command::PostMessage(Box::new(post))), base_version: None };
    [submit].into_iter().chain(forgets.map(Effect::Draft)).collect()
}

/// The last public reply of somebody else after what the author of `post` had read.
#[must_use]
pub fn collision<'a>(detail: &'a TicketDetail, post: &PostMessage, context: &Context<'_>) -> Option<&'a Message> {
    let seen = post.seen?;
    let others = |message: &&std::sync::Arc<Message>| {
        let person = matches!(message.author, Author::Person { id } if id != context.me.id);
        person && message.visibility == Visibility::Public && message.seq > seen
    };
    detail.messages.iter().rev().find(others).map(AsRef::as_ref)
}

impl ReplyCheck {
    /// Sends a message; a public reply is compared with what the cache holds first. Its draft (`forgets` would forget it) stays until
    /// the reply is in the outbox: whatever ends the console meanwhile, the text is on the disk.
    pub fn send(&mut self, post: PostMessage, forgets: Option<Box<Draft>>) -> Vec<Effect> {
        match (post.target.ticket(), post.visibility) {
            (Some(number), Visibility::Public) if post.seen.is_some() => {
                self.checking.push_back((number, post, forgets));
                vec![Effect::Load(Load::Ticket(number))]
            }
            _ => sent(post, forgets),
        }
    }

    /// The ticket of the reply that a question is about.
    #[must_use]
    pub fn asked_about(&self) -> Option<TicketNumber> {
        self.asked.as_ref().map(|held| held.number)
    }

    /// Looks at the refused command with this key, chosen in the list of what waits.
    pub fn ask_about(&mut self, key: CommandKey) -> Vec<Effect> {
        self.wanted = Some(key);
        vec![Effect::Load(Load::Outbox)]
    }

    /// Takes what was read and answered; `None` when it is not about a reply on its way.
    pub fn loaded(&mut self, loaded: &Loaded, context: &Context<'_>) -> Option<Decided> {
        match loaded {
            Loaded::Ticket { number, detail } => {
                let place = self.checking.iter().position(|(of, ..)| of == number)?;
                let (number, post, forgets) = self.checking.remove(place)?;
                let found = detail.as_ref().and_then(|detail| collision(detail, &post, context));
                let Some(found) = found else { return Some(Decided::Effects(sent(post, forgets))) };
                let question = question(found, context);
                self.asked = Some(Held { post, number, refused: None, forgets });
                Some(Decided::Effects(vec![question]))
            }
            Loaded::Outbox(entries) => Some(Decided::Effects(self.refused(entries, context))),
            Loaded::Answer { id: COLLISION, answer } => Some(self.answered(answer)),
            _ => None,
        }
    }

    /// Asks about the reply that was chosen, or that was refused just now.
    fn refused(&mut self, entries: &[OutboxEntry], context: &Context<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let wanted = self.wanted.take();
        for entry in entries {
            let OutboxState::Refused(refusal) = &entry.state else { continue };
            let fresh = self.known.insert(entry.key);
            match &entry.command {
                Command::PostMessage(post) if refusal.code == ANSWERED && (fresh || wanted == Some(entry.key)) => {
                    let Some(number) = post.target.ticket() else { continue };
                    let name = refusal
                        .who
                        .map_or_else(|| context.locale.text("here-somebody").into_owned(), |id| words::person(context.directory, id));
                    let ago = refusal.at.map_or_else(String::new, |at| context.locale.span((context.now - at).num_seconds().max(0)));
                    let sentence = context.locale.with("collision-refused", &[("name", &name), ("span", &ago)]);
                    effects = vec![ask(sentence, context)];
                    self.asked = Some(Held { post: (**post).clone(), number, refused: Some(entry.key), forgets: None });
                }
                // Who was slower has nothing to decide: it is said, and forgotten.
                Command::ClaimTicket { number } if fresh && refusal.code == "ticket_claimed" => {
                    let name = refusal
                        .who
                        .map_or_else(|| context.locale.text("here-somebody").into_owned(), |id| words::person(context.directory, id));
                    let args = vec![("number", number.to_string()), ("name", name)];
                    effects.extend([Effect::Drop(entry.key), Effect::Toast { key: "toast-claim-lost", args }]);
                }
                _ => {}
            }
        }
        effects
    }

    fn answered(&mut self, answer: &Answer) -> Decided {
        let Some(Held { mut post, number, refused, forgets }) = self.asked.take() else { return Decided::Effects(Vec::new()) };
        match (answer, refused) {
            // What the others said is known now: nothing is compared any more.
            (Answer::Picked(value), Some(refused)) if value == "send" => {
                post.seen = None;
                let command = Box::new(Command::PostMessage(Box::new(post)));
                Decided::Effects(vec![Effect::Resend { refused, command }])
            }
            (Answer::Picked(value), None) if value == "send" => {
                post.seen = None;
                Decided::Effects(sent(post, forgets))
            }
            (Answer::Picked(value), Some(refused)) if value == "draft" => Decided::Edit { number, post, refused },
            (Answer::Picked(value), None) if value == "draft" => Decided::Draft { number, post, effects: Vec::new() },
            // A refused one is kept where it is, while the ticket is looked at.
            (Answer::Picked(_), Some(_)) => Decided::Effects(vec![Effect::OpenTicket(number)]),
            (Answer::Picked(_), None) => Decided::Keep { number, post, effects: vec![Effect::OpenTicket(number)] },
            // Escape decides nothing: a refused reply stays in the outbox, one that was not sent is a draft again.
            (_, Some(_)) => Decided::Effects(Vec::new()),
            (_, None) => Decided::Keep { number, post, effects: Vec::new() },
        }
    }
}

fn question(found: &Message, context: &Context<'_>) -> Effect {
    let name = match &found.author {
        Author::Person { id } => words::person(context.directory, *id),
        _ => context.locale.text("here-somebody").into_owned(),
    };
    let ago = context.locale.span((context.now - found.created_at).num_seconds().max(0));
    let said = text::cut(&text::clean(&found.text), QUOTED);
    ask(context.locale.with("collision-seen", &[("name", &name), ("span", &ago), ("text", &said)]), context)
}

fn ask(sentence: String, context: &Context<'_>) -> Effect {
    let choice = |value: &str, key: &str| Choice {
        value: value.to_owned(),
        label: context.locale.text(key).into_owned(),
        hint: String::new(),
        disabled: None,
    };
    let choices = vec![choice("look", "collision-look"), choice("draft", "collision-draft"), choice("send", "collision-send")];
    Effect::Ask(Box::new(Question { id: COLLISION, title: "collision-title", kind: QuestionKind::Choose { sentence, choices } }))
}
