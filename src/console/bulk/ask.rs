//! Which act, and with what: the questions between marks and preview.

use std::sync::Arc;

use super::{BulkActions, ask, toast};
use crate::console::action::Action;
use crate::console::effect::{Choice, Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::people_choices::people;
use crate::console::words;
use crate::domain::bulk::BulkAct;
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Link, LinkKind, Priority, Status, Ticket};

const STATUSES: [Status; 4] = [Status::Open, Status::Pending, Status::OnHold, Status::Solved];
const PRIORITIES: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];
const LINKS: [LinkKind; 4] = [LinkKind::RelatesTo, LinkKind::DuplicateOf, LinkKind::Blocks, LinkKind::BlockedBy];
/// The picker's entries: a word for the answer, and the label.
const ACTS: [(&str, &str); 11] = [
    ("assign", "action-assign"),
    ("status", "action-status"),
    ("priority", "action-priority"),
    ("move", "action-move-queue"),
    ("tag", "bulk-tag"),
    ("untag", "bulk-untag"),
    ("tie", "bulk-tie"),
    ("link", "action-link"),
    ("reply", "action-reply"),
    ("snippet", "bulk-snippet"),
    ("note", "action-note"),
];

fn choice(value: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into(), hint: hint.into(), disabled: None }
}

fn pick(id: &'static str, title: &'static str, choices: Vec<Choice>) -> Vec<Effect> {
    ask(id, title, QuestionKind::Pick { choices })
}

fn prompt(id: &'static str, title: &'static str) -> Vec<Effect> {
    ask(id, title, QuestionKind::Prompt { text: String::new() })
}

fn compose(id: &'static str, title: &'static str, text: String) -> Vec<Effect> {
    ask(id, title, QuestionKind::Compose { text })
}

impl BulkActions {
    /// All acts, and the last one's report and undo.
    pub(super) fn ask_act(&self, context: &Context<'_>) -> Vec<Effect> {
        let locale = context.locale;
        let none = self.numbers.is_empty().then(|| locale.text("disabled-no-marks").into_owned());
        let mut choices: Vec<Choice> =
            ACTS.iter().map(|(word, key)| Choice { disabled: none.clone(), ..choice(*word, locale.text(key), "") }).collect();
        if self.has_last() {
            choices.push(choice("report", locale.text("bulk-last-report"), ""));
            choices.push(choice("undo", locale.text("bulk-last-undo"), "z"));
        }
        pick("many-act", "ask-bulk-act", choices)
    }

    /// What a ticket's own key asks of all marked ones.
    pub(super) fn ask_value(&mut self, action: Action, context: &Context<'_>) -> Vec<Effect> {
        let word = match action {
            Action::Claim => return self.chosen(BulkAct::Assign { person: context.me.id }, context),
            Action::Assign => "assign",
            Action::SetStatus => "status",
            Action::SetPriority => "priority",
            Action::MoveQueue => "move",
            Action::Tags => "tag",
            Action::LinkTicket => "link",
            Action::Reply => "reply",
            Action::Note => "note",
            _ => return self.ask_act(context),
        };
        self.picked("many-act", word, context)
    }

    fn values(&self, word: &str, context: &Context<'_>) -> Vec<Effect> {
        let locale = context.locale;
        match word {
            "assign" => match self.tickets.first() {
                Some(first) => {
                    // Of many tickets nobody "has it already".
                    let nobody = Arc::new(Ticket { assignee: None, ..Ticket::clone(first) });
                    pick("many-assign", "ask-assign", people(&nobody, context, |_| true))
                }
                None => Vec::new(),
            },
            "status" => {
                let all = STATUSES.iter().enumerate();
                pick("many-status", "ask-status", all.map(|(n, one)| choice(n.to_string(), locale.text(words::status(*one)), "")).collect())
            }
            "priority" => {
                let label = |one| choice(String::new(), locale.text(words::priority(one)), words::priority_mark(one));
                let all = PRIORITIES.iter().enumerate();
                pick("many-priority", "ask-priority", all.map(|(n, one)| Choice { value: n.to_string(), ..label(*one) }).collect())
            }
            "move" => {
                let queues = context.directory.queues_in_order().into_iter();
                pick("many-move", "ask-move", queues.map(|queue| choice(queue.id.to_string(), &queue.name, &queue.key)).collect())
            }
            "tag" => prompt("many-tag-name", "ask-bulk-tag"),
            "untag" => prompt("many-untag-name", "ask-bulk-untag"),
            "tie" => prompt("many-tie-number", "ask-bulk-tie"),
            "link" => {
                let all = LINKS.iter().enumerate();
                pick("many-link", "ask-link", all.map(|(n, one)| choice(n.to_string(), locale.text(words::link(*one)), "")).collect())
            }
            "reply" => compose("many-reply", "ask-reply", String::new()),
            "note" => compose("many-note", "ask-note", String::new()),
            "snippet" => {
                let mut all: Vec<_> = context.directory.snippets.values().filter(|snippet| snippet.active).collect();
                all.sort_by(|a, b| a.key.cmp(&b.key));
                pick("many-snippet", "ask-bulk-snippet", all.iter().map(|one| choice(one.id.to_string(), &one.title, &one.key)).collect())
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn picked(&mut self, id: &'static str, value: &str, context: &Context<'_>) -> Vec<Effect> {
        let index = value.parse::<usize>().ok();
        let act = match id {
            "many-act" if value == "report" => return self.show_report(context),
            "many-act" if value == "undo" => return self.ask_undo(context),
            "many-act" => return self.values(value, context),
            "many-link" => {
                value.clone_into(&mut self.first);
                return prompt("many-link-number", "ask-link-number");
            }
            "many-snippet" => {
                let snippet = value.parse().ok().and_then(|id| context.directory.snippets.get(&id));
                let texts = snippet.map(|snippet| &snippet.texts);
                let own = texts.and_then(|texts| texts.get(context.locale.language.tag()).or_else(|| texts.values().next()));
                return own.map_or_else(Vec::new, |text| compose("many-reply", "ask-reply", text.clone()));
            }
            "many-assign" => value.parse().ok().map(|person| BulkAct::Assign { person }),
            "many-status" => index.and_then(|n| STATUSES.get(n)).map(|status| BulkAct::Status { status: *status }),
            "many-priority" => index.and_then(|n| PRIORITIES.get(n)).map(|priority| BulkAct::Priority { priority: *priority }),
            "many-move" => value.parse().ok().map(|queue| BulkAct::Move { queue }),
            _ => None,
        };
        act.map_or_else(Vec::new, |act| self.chosen(act, context))
    }

    pub(super) fn text(&mut self, id: &'static str, text: &str, context: &Context<'_>) -> Vec<Effect> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Vec::new();
        }
        let number = || trimmed.parse::<TicketNumber>();
        let act = match id {
            "many-tag-name" => BulkAct::AddTag { tag: trimmed.to_owned() },
            "many-untag-name" => BulkAct::RemoveTag { tag: trimmed.to_owned() },
            "many-reply" => BulkAct::Post { text: text.to_owned(), visibility: Visibility::Public },
            "many-note" => BulkAct::Post { text: text.to_owned(), visibility: Visibility::Internal },
            "many-tie-number" | "many-link-number" => match (number(), self.first.parse::<usize>().ok().and_then(|n| LINKS.get(n))) {
                (Err(_), _) => return toast("toast-not-a-number", vec![("text", trimmed.to_owned())]),
                (Ok(incident), _) if id == "many-tie-number" => BulkAct::Tie { incident },
                (Ok(number), Some(kind)) => BulkAct::Link { link: Link { kind: *kind, number } },
                (Ok(_), None) => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        self.chosen(act, context)
    }
}
