//! The tray: what the server refused, with its text and the reason, until its person sends it again, with other words or as it is, or
//! drops it. The text is in the outbox all the while; what is typed anew goes there too, sent or not.

use serde_json::Value;

use super::audit_words;
use super::conversation::look;
use super::effect::{Answer, Choice, Effect, Question, QuestionKind};
use super::pane::Context;
use super::refusal_words;
use super::reply_check::ANSWERED;
use crate::base::text;
use crate::client::view::{OutboxEntry, OutboxState};
use crate::domain::command::Command;
use crate::domain::conversation::Visibility;
use crate::domain::id::{CommandKey, TicketNumber};

/// What is asked about one refused command.
const ENTRY: &str = "refused-entry";
/// Where its words are edited, by who will read them.
const PUBLIC: &str = "refused-public";
const INTERNAL: &str = "refused-internal";
/// How much of a text is quoted in the question, in cells.
const QUOTED: usize = 400;

/// See the module.
#[derive(Debug, Default)]
pub struct Tray {
    /// The refused command that is asked about or edited.
    open: Option<(CommandKey, Command)>,
}

/// The outbox as a list: what, of which ticket, with which words; and where it stands.
#[must_use]
pub fn rows(entries: &[OutboxEntry], context: &Context<'_>) -> Vec<Choice> {
    let row = |entry: &OutboxEntry| {
        let (value, hint) = match &entry.state {
            OutboxState::Waiting => ("waiting".to_owned(), context.locale.text("outbox-waiting").into_owned()),
            OutboxState::Taken => ("taken".to_owned(), context.locale.text("outbox-taken").into_owned()),
            OutboxState::Refused(refusal) => {
                let what = if refusal.code == ANSWERED { "answered" } else { "refused" };
                (format!("{what}:{}", entry.key), refusal_words::sentence(refusal, context))
            }
        };
        Choice { value, label: told(&entry.command, context), hint, disabled: None }
    };
    entries.iter().map(row).collect()
}

fn told(command: &Command, context: &Context<'_>) -> String {
    let ticket = command.ticket().map(|number| format!(" #{number}")).unwrap_or_default();
    let said = words(command).map(|words| format!(": {words}")).unwrap_or_default();
    format!("{}{ticket}{said}", audit_words::command(context, command.name()))
}

/// The words in a command that its person wrote, and can write otherwise.
fn words(command: &Command) -> Option<&str> {
    match command {
        Command::PostMessage(post) => Some(&post.text),
        Command::EditMessage { text, .. } => Some(text),
        Command::CreateTicket(create) => Some(&create.text),
        Command::SetSubject { subject, .. } => Some(subject),
        Command::SetField { value: Value::String(value), .. } => Some(value),
        Command::AddTag { tag, .. } => Some(tag),
        Command::ReleaseTicket { reason: Some(reason), .. } => Some(reason),
        _ => None,
    }
}

/// The same command with other words.
fn with_words(mut command: Command, words: String) -> Command {
    match &mut command {
        Command::PostMessage(post) => post.text = words,
        Command::EditMessage { text, .. } => *text = words,
        Command::CreateTicket(create) => create.text = words,
        Command::SetSubject { subject, .. } => *subject = words,
        Command::SetField { value, .. } => *value = Value::String(words),
        Command::AddTag { tag, .. } => *tag = words,
        Command::ReleaseTicket { reason, .. } => *reason = Some(words),
        _ => {}
    }
    command
}

impl Tray {
    /// Whether a question is the tray's.
    #[must_use]
    pub fn asked(id: &str) -> bool {
        [ENTRY, PUBLIC, INTERNAL].contains(&id)
    }

    /// The ticket of what is asked about.
    #[must_use]
    pub fn asked_about(&self) -> Option<TicketNumber> {
        self.open.as_ref().and_then(|(_, command)| command.ticket())
    }

    /// Asks what becomes of a refused command.
    pub fn ask(&mut self, entry: &OutboxEntry, context: &Context<'_>) -> Vec<Effect> {
        let OutboxState::Refused(refusal) = &entry.state else { return Vec::new() };
        self.open = Some((entry.key, entry.command.clone()));
        let choice =
            |value: &str, key: &str| Choice { value: value.to_owned(), label: context.locale.text(key).into_owned(), ..Choice::default() };
        let mut choices = vec![choice("retry", "outbox-retry"), choice("drop", "outbox-drop")];
        let mut sentence = refusal_words::sentence(refusal, context);
        if let Some(words) = words(&entry.command) {
            choices.insert(0, choice("edit", "outbox-edit"));
            sentence = format!("{sentence}\n\n{}", text::cut(&text::clean(words), QUOTED));
        }
        vec![Effect::Ask(Box::new(Question { id: ENTRY, title: "ask-outbox-entry", kind: QuestionKind::Choose { sentence, choices } }))]
    }

    /// Opens the words of a refused command.
    pub fn edit(&mut self, refused: CommandKey, command: Command) -> Vec<Effect> {
        let visibility = if let Command::PostMessage(post) = &command { Some(post.visibility) } else { None };
        let id = if visibility == Some(Visibility::Public) { PUBLIC } else { INTERNAL };
        let title = visibility.map_or("outbox-edit", look::sentence);
        let text = words(&command).unwrap_or_default().to_owned();
        self.open = Some((refused, command));
        vec![Effect::Ask(Box::new(Question { id, title, kind: QuestionKind::Compose { text } }))]
    }

    /// Takes the answer to what was asked.
    pub fn answered(&mut self, answer: Answer) -> Vec<Effect> {
        let Some((refused, command)) = self.open.take() else { return Vec::new() };
        match answer {
            Answer::Picked(value) if value == "retry" => vec![Effect::Retry(refused)],
            Answer::Picked(value) if value == "drop" => vec![Effect::Drop(refused)],
            Answer::Picked(_) => self.edit(refused, command),
            Answer::Text(text) => vec![Effect::Resend { refused, command: Box::new(with_words(command, text)) }],
            // Left as it is typed: not sent, not lost.
            Answer::Dismissed(Some(text)) if words(&command).is_some_and(|old| old != text) && !text.trim().is_empty() => {
                let command = Box::new(with_words(command, text));
                vec![Effect::Rewrite { refused, command }, Effect::Toast { key: "outbox-kept", args: Vec::new() }]
            }
            _ => Vec::new(),
        }
    }
}
