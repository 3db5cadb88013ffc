//! An act in a few words: `Priority -> high`.

use crate::base::text::{clean, cut};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::command::Command;

/// Cells of a value.
const VALUE_CELLS: usize = 30;

/// One command without its ticket.
#[must_use]
pub fn command(command: &Command, context: &Context<'_>) -> String {
    let locale = context.locale;
    let label = |key: &str| locale.text(key).into_owned();
    let to = |key: &str, value: String| format!("{} -> {}", label(key), cut(&clean(&value), VALUE_CELLS));
    match command {
        Command::ClaimTicket { .. } => label("action-claim"),
        Command::AssignTicket { person, .. } => to("action-assign", words::person(context.directory, *person)),
        Command::ReleaseTicket { .. } => label("action-release"),
        Command::SetStatus { status, .. } => to("action-status", label(words::status(*status))),
        Command::SetPriority { priority, .. } => to("action-priority", label(words::priority(*priority))),
        Command::SetSubject { subject, .. } => to("field-subject", subject.clone()),
        Command::SetField { name, value, .. } if value.is_null() => format!("{} -", clean(name)),
        Command::SetField { name, value, .. } => {
            format!("{} -> {}", clean(name), cut(&clean(&crate::console::ticket_actions::plain(value)), VALUE_CELLS))
        }
        Command::MoveTicket { queue, .. } => to("action-move-queue", words::queue(context.directory, *queue)),
        Command::AddTag { tag, .. } => format!("{} +{}", label("action-tags"), clean(tag)),
        Command::RemoveTag { tag, .. } => format!("{} -{}", label("action-tags"), clean(tag)),
        Command::LinkTicket { link, .. } => format!("{} #{}", label(words::link(link.kind)), link.number),
        Command::TieTicket { incident, .. } => format!("{} #{incident}", label("command-tie-ticket")),
        Command::PostMessage(post) if post.visibility == crate::domain::conversation::Visibility::Public => label("action-reply"),
        Command::PostMessage(_) => label("action-note"),
        other => crate::console::audit_words::command(context, other.name()),
    }
}

/// A whole act.
#[must_use]
pub fn act<'a>(commands: impl IntoIterator<Item = &'a Command>, context: &Context<'_>) -> String {
    commands.into_iter().map(|one| command(one, context)).collect::<Vec<_>>().join(", ")
}
