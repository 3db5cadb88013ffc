//! The tour's strip under the panes: which step it is, and what to do. Nothing is hidden by it: the panes get smaller.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Paragraph};

use crate::base::text;
use crate::console::action::Action;
use crate::console::app::model::Model;
use crate::console::app::tour::TourState;
use crate::console::theme::Role;
use crate::console::tour::STEPS;

/// The line above it, and three of text.
const ROWS: u16 = 4;

/// Rows it takes under the panes.
pub fn rows(model: &Model) -> u16 {
    if model.hands.tour.is_some() { ROWS } else { 0 }
}

/// Draws it.
pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some((tour, step)) = model.hands.tour.as_ref().and_then(|tour: &TourState| Some((tour, tour.now()?))) else { return };
    let (locale, theme) = (&model.shared.locale, &model.shared.theme);
    let (n, of) = ((tour.step + 1).to_string(), STEPS.len().to_string());
    let leave = model.keymap.all_shown(Action::Tour);
    let title = format!(" {} ", locale.with("tour-title", &[("n", &n), ("of", &of), ("key", &leave)]));
    let block = Block::new().borders(Borders::TOP).border_style(theme.style(Role::Accent)).title(title);
    let inner = block.inner(area);
    let key = model.keymap.all_shown(step.action());
    let key = key.split(", ").next().unwrap_or_default();
    let said = locale.with(step.says(), &[("key", key)]);
    let lines: Vec<Line<'_>> = text::wrap(&said, usize::from(inner.width.max(1))).into_iter().map(Line::from).collect();
    frame.render_widget(block, area);
    frame.render_widget(Paragraph::new(lines), inner);
}
