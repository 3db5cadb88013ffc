//! Refusals whose words the console has in the reader's language; all others are said as the server said them.

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
        _ => return text::clean(&refusal.message),
    };
    let Some(who) = refusal.who else { return text::clean(&refusal.message) };
    let name = words::person(context.directory, who);
    let at = refusal.at.map(|at| words::instant(at, context.now, context.zone)).unwrap_or_default();
    context.locale.with(key, &[("name", &name), ("at", &at)])
}
