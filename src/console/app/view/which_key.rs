//! What may follow a prefix or a count, some time after it was typed: in columns, what belongs to this place first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use crate::base::text;
use crate::console::action::{ACTIONS, Action, Scope};
use crate::console::app::hands::takes_count;
use crate::console::app::model::{Model, which_key_delay};
use crate::console::keymap::{Lookup, works_in};
use crate::console::theme::Role;
use crate::console::widgets::paint;

/// Cells between two columns.
const GAP: usize = 3;

/// A key with what it does, and whether it does so everywhere.
struct Entry {
    key: String,
    label: String,
    everywhere: bool,
}

/// After a prefix or a count: what may follow.
pub fn draw(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let Some(since) = model.typed.since else { return };
    if model.shared.now < since + which_key_delay() {
        return;
    }
    let entries = if model.typed.keys.is_empty() { counted(model) } else { following(model) };
    if entries.is_empty() || body.height < 4 || body.width < 10 {
        return;
    }
    let theme = &model.shared.theme;
    let keys = entries.iter().map(|entry| text::width(&entry.key)).max().unwrap_or(0);
    let width = usize::from(body.width - 2);
    let cells = entries.iter().map(|entry| text::width(&entry.label)).max().unwrap_or(0) + keys + 2;
    let cells = cells.min(width);
    let columns = ((width + GAP) / (cells + GAP)).max(1);
    // A part begins on a line of its own, under its name.
    let part = |everywhere: bool| -> Vec<&Entry> { entries.iter().filter(|entry| entry.everywhere == everywhere).collect() };
    let mut lines = Vec::new();
    for (name, part) in [("keys-of-pane", part(false)), ("keys-everywhere", part(true))] {
        if part.is_empty() {
            continue;
        }
        lines.push(Line::styled(model.shared.locale.text(name).into_owned(), theme.style(Role::Dim)));
        let rows = part.len().div_ceil(columns);
        for row in 0..rows {
            let cell = |entry: &&Entry| {
                let label = text::fit(&entry.label, cells.saturating_sub(keys + 2));
                let key = Span::styled(text::fit(&entry.key, keys), theme.style(Role::Key));
                [key, Span::raw(format!("  {label}{}", " ".repeat(GAP)))]
            };
            // Down the columns, as people read a list.
            lines.push(Line::from_iter(part.iter().skip(row).step_by(rows).flat_map(cell)));
        }
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(body.height);
    let rect = Rect { y: body.bottom() - height, height, ..body };
    paint::clear(frame, rect);
    let typed: Vec<_> = model.typed.keys.iter().map(ToString::to_string).collect();
    let count = model.typed.count.map(|count| count.to_string());
    let title = format!(" {} … ", count.into_iter().chain(typed).collect::<Vec<_>>().join(" "));
    let block = Block::bordered().border_style(theme.style(Role::BorderFocused)).title(title);
    frame.render_widget(Paragraph::new(lines).block(block), rect);
}

fn entry(model: &Model, key: String, action: Action) -> Entry {
    let spec = action.spec();
    Entry { key, label: model.shared.locale.text(spec.label).into_owned(), everywhere: spec.scope == Scope::Everywhere }
}

/// After a prefix; where several sequences go on with one key, how many.
fn following(model: &Model) -> Vec<Entry> {
    let Lookup::Prefix(next) = model.keymap.lookup(model.focused(), &model.typed.keys) else { return Vec::new() };
    let mut found: Vec<Entry> = Vec::new();
    for (key, action) in &next {
        let key = key.to_string();
        let same = next.iter().filter(|(other, _)| other.to_string() == key).count();
        if found.iter().any(|entry| entry.key == key) {
            continue;
        }
        let one = entry(model, key, *action);
        found.push(if same > 1 { Entry { label: format!("… +{same}"), ..one } } else { one });
    }
    found
}

/// After a count: what takes one.
fn counted(model: &Model) -> Vec<Entry> {
    let pane = model.focused();
    let here = ACTIONS.iter().filter(|spec| takes_count(spec.action) && works_in(spec.scope, pane));
    let shown = here.map(|spec| (model.keymap.shown(spec.action, pane), spec.action)).filter(|(key, _)| !key.is_empty());
    shown.map(|(key, action)| entry(model, key, action)).collect()
}
