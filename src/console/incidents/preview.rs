//! A broadcast before it is sent, and why some tickets get nothing. Marks as in bulk reports.

use crate::base::text::{clean, clean_lines, cut};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::incident::Excluded;
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText, PlannedTarget};

/// Cells of a requester and of a text in a line.
const NAME_CELLS: usize = 18;
const TEXT_CELLS: usize = 60;

/// Message key of why a ticket gets nothing.
#[must_use]
pub fn why(excluded: Excluded) -> &'static str {
    match excluded {
        Excluded::Closed => "broadcast-closed",
        Excluded::Merged => "broadcast-merged",
        Excluded::Solved => "broadcast-solved",
        Excluded::Untied => "broadcast-untied",
        Excluded::LeftOut => "broadcast-left-out",
    }
}

/// Counts, the text, who gets nothing and why, then each ticket with what its requester will read.
#[must_use]
pub fn lines(body: &BroadcastText, preview: &BroadcastPreview, context: &Context<'_>) -> Vec<String> {
    let locale = context.locale;
    let counts = [("count", preview.count.to_string()), ("excluded", preview.excluded.to_string())];
    let counts: Vec<_> = counts.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let mut lines = vec![format!("# {}", locale.with("broadcast-counts", &counts))];
    lines.extend(clean_lines(&body.text).lines().filter(|line| !line.trim().is_empty()).map(|line| format!("  {line}")));
    lines.push(String::new());
    let head = |target: &PlannedTarget| format!("#{} {}", target.ticket, cut(&clean(&target.requester), NAME_CELLS));
    for target in &preview.targets {
        if let Some(excluded) = target.excluded {
            lines.push(format!("! {}: {}", head(target), locale.text(why(excluded))));
        }
    }
    for target in preview.targets.iter().filter(|target| target.excluded.is_none()) {
        let language = target.language.as_deref().map(|tag| format!(" [{}]", clean(tag))).unwrap_or_default();
        let by = locale.text(if target.channel.is_some() { "broadcast-by-channel" } else { "broadcast-by-hand" });
        let status =
            target.status_after.map(|to| format!(" ({} -> {})", locale.text(words::status(target.status)), locale.text(words::status(to))));
        let said = cut(&clean(&target.text), TEXT_CELLS);
        lines.push(format!("  {}{language}, {by}{}: {said}", head(target), status.unwrap_or_default()));
    }
    lines
}
