//! A new ticket by hand: queue, requester, then the text whose first line is the subject.

use crate::console::effect::{Answer, Choice, Effect, Question, QuestionKind};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::access;
use crate::domain::command::{Command, CreateTicket, RequesterInput};
use crate::domain::id::QueueId;
use crate::domain::ticket::{Kind, Priority};

/// What was answered so far; the draft survives Escape.
#[derive(Default)]
pub struct NewTicket {
    queue: Option<QueueId>,
    requester: String,
    draft: String,
}

impl NewTicket {
    pub fn start(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let all = access::sees_all_queues(context.me);
        let queues = context.directory.queues_in_order().into_iter().filter(|queue| all || context.me.queues.contains(&queue.id));
        let choices = queues
            .map(|queue| Choice {
                value: queue.id.to_string(),
                label: words::queue(context.directory, queue.id),
                hint: queue.key.clone(),
                disabled: None,
            })
            .collect();
        ask("new-queue", "ask-new-queue", QuestionKind::Pick { choices })
    }

    pub fn answer(&mut self, id: &str, answer: Answer, context: &Context<'_>) -> Vec<Effect> {
        match (id, answer) {
            ("new-queue", Answer::Picked(queue)) => {
                self.queue = queue.parse().ok();
                ask("new-requester", "ask-new-requester", QuestionKind::Prompt { text: self.requester.clone() })
            }
            ("new-requester", Answer::Text(requester)) if requester.trim().is_empty() => {
                vec![Effect::Toast { key: "toast-requester-needed", args: Vec::new() }]
            }
            ("new-requester", Answer::Text(requester)) => {
                requester.trim().clone_into(&mut self.requester);
                ask("new-text", "ask-new-text", QuestionKind::Compose { text: self.draft.clone() })
            }
            ("new-text", Answer::Text(text)) => self.submit(text, context),
            ("new-text", Answer::Dismissed(Some(draft))) => {
                self.draft = draft;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn submit(&mut self, text: String, context: &Context<'_>) -> Vec<Effect> {
        let Some(queue) = self.queue.take() else { return Vec::new() };
        self.draft.clear();
        let requester = std::mem::take(&mut self.requester);
        // What is typed names the requester: an e-mail address, a phone number, or a name; the desk finds or makes them by it.
        let email = requester.contains('@').then(|| requester.clone());
        let create = CreateTicket {
            queue,
            subject: String::new(),
            text,
            message: (context.new_id)().into(),
            requester: RequesterInput { external: requester.clone(), name: Some(requester), email, ..RequesterInput::default() },
            kind: Kind::default(),
            priority: Priority::default(),
            tags: Vec::new(),
            fields: std::collections::BTreeMap::new(),
        };
        vec![
            Effect::Submit { command: Box::new(Command::CreateTicket(Box::new(create))), base_version: None },
            Effect::Toast { key: "toast-created", args: Vec::new() },
        ]
    }
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}
