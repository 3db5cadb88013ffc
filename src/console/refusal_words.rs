//! Refusals in the reader's language: by their code where the console has words for it, otherwise as the server said it,
//! which is English.

use super::pane::Context;
use super::words;
use crate::base::text;
use crate::domain::Refusal;

/// One sentence, clean.
#[must_use]
pub fn sentence(refusal: &Refusal, context: &Context<'_>) -> String {
    let key = match refusal.code.as_str() {
        "ticket_claimed" => "refusal-claimed",
        super::reply_check::ANSWERED => "refusal-answered-meanwhile",
        _ => return by_code(refusal, context),
    };
    let Some(who) = refusal.who else { return by_code(refusal, context) };
    let name = words::person(context.directory, who);
    let at = refusal.at.map(|at| context.instant(at)).unwrap_or_default();
    context.locale.with(key, &[("name", &name), ("at", &at)])
}

fn by_code(refusal: &Refusal, context: &Context<'_>) -> String {
    let key = format!("refusal-code-{}", refusal.code.replace('_', "-"));
    context.locale.find(&key).unwrap_or_else(|| text::clean(&refusal.message))
}
