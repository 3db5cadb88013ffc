//! What may follow a prefix, some time after it was typed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use crate::console::app::model::{Model, which_key_delay};
use crate::console::keymap::Lookup;
use crate::console::theme::Role;
use crate::console::widgets::paint;

/// After a prefix: what may follow.
pub fn draw(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let Some(since) = model.typed.since else { return };
    if model.shared.now < since + which_key_delay() {
        return;
    }
    let Lookup::Prefix(next) = model.keymap.lookup(model.focused(), &model.typed.keys) else { return };
    let (theme, locale) = (&model.shared.theme, &model.shared.locale);
    let lines: Vec<_> = next
        .iter()
        .map(|(key, action)| {
            Line::from(vec![
                Span::styled(format!(" {key} "), theme.style(Role::Key)),
                Span::raw(locale.text(action.spec().label).into_owned()),
            ])
        })
        .collect();
    let width = lines.iter().map(Line::width).max().unwrap_or(0) + 3;
    let (width, height) =
        (u16::try_from(width).unwrap_or(40).min(body.width), u16::try_from(lines.len() + 2).unwrap_or(10).min(body.height));
    let rect = Rect { x: body.right().saturating_sub(width), y: body.bottom().saturating_sub(height), width, height };
    paint::clear(frame, rect);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().border_style(theme.style(Role::BorderFocused))), rect);
}
