//! Between a ticket's header and its tabs: calls for an expert as they stand, and who else is here. Nothing where there is nothing.

use ratatui::text::Line;

use crate::base::text;
use crate::client::view::TicketDetail;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::{call_words, here_words};
use crate::domain::escalation::{Escalation, EscalationState};

/// Calls shown at once; the Details tab has all of them.
const CALLS_MAX: usize = 3;

/// Lines of at most `width` cells: an invitation that waits for me, open calls, then who is here.
pub fn lines(detail: &TicketDetail, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let style = |role| context.theme.style(role);
    let mine = |call: &&Escalation| call.expert == context.me.id && call.state == EscalationState::Asked;
    let mut lines = Vec::new();
    if let Some(call) = detail.escalations.iter().find(mine) {
        lines.extend(
            text::wrap(&call_words::invitation(call, "E", context), width)
                .into_iter()
                .take(3)
                .map(|line| Line::styled(line, style(Role::Danger))),
        );
    }
    let open: Vec<_> = detail.escalations.iter().filter(|call| call.state.is_open() && !mine(call)).collect();
    // Of calls that came to nothing the last is told while nobody else is called.
    let last = detail.escalations.last().filter(|call| open.is_empty() && !mine(call));
    let shown = open.iter().rev().take(CALLS_MAX).rev().copied().chain(last);
    lines.extend(shown.map(|call| {
        let said = format!("{} {}", call_words::glyph(call.state), call_words::line(call, context));
        Line::styled(text::cut(&said, width), style(call_words::role(call.state)))
    }));
    if let Some((said, role)) = here_words::sentence(detail.ticket.number, context) {
        lines.push(Line::styled(text::cut(&said, width), style(role)));
    }
    lines
}
