//! The frame around the panes: tabs and status above, toast and keys below, dialogs over all. Reads only.

mod footer;
mod top;
mod which_key;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph, Wrap};

use super::model::{Model, SMALLEST};
use crate::base::text;
use crate::client::view::Link;
use crate::console::action::Action;
use crate::console::call_words;
use crate::console::overlay::centred;
use crate::console::pane::PaneId;
use crate::console::theme::Role;

/// Draws all; the terminal's cursor goes to the caret where there is one.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    // The frame's own size counts: the model hears of a new one later.
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        draw_too_small(model, frame, area);
        return;
    }
    let context = model.shared.context();
    frame.render_widget(top::tabs(model, area.width), row(area, 0));
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
    let mut caret = None;
    let (one, other) = model.visible();
    let (left, right) = model.layout.split(body, other.is_some());
    for (id, area) in [Some((one, left)), other.map(|id| (id, right))].into_iter().flatten() {
        let Some(pane) = model.pane(id) else { continue };
        let focused = id == model.focused();
        let inner = if other.is_some() { frame_pane(model, frame, area, id, focused) } else { area };
        let place = pane.draw(frame, inner, &context);
        if focused {
            caret = place;
        }
    }
    frame.render_widget(toast(model, area.width), row(area, area.height.saturating_sub(2)));
    frame.render_widget(footer::keys(model, area.width), row(area, area.height.saturating_sub(1)));
    which_key::draw(model, frame, body);
    if model.search.is_open() {
        caret = model.search.draw(frame, body, &context);
    }
    if model.files.is_open() {
        caret = model.files.draw(frame, body, &context);
    }
    if let Some(overlay) = model.overlays.last() {
        caret = overlay.draw(frame, body, &context);
    }
    if let Some(place) = caret {
        frame.set_cursor_position(Position {
            x: place.x.min(area.right().saturating_sub(1)),
            y: place.y.min(area.bottom().saturating_sub(1)),
        });
    }
}

fn row(area: Rect, y: u16) -> Rect {
    Rect { y: area.y + y, height: 1, ..area }
}

/// Two panes side by side get a line above each that says which has the keys; the right one a line at its left.
fn frame_pane(model: &Model, frame: &mut Frame<'_>, area: Rect, id: PaneId, focused: bool) -> Rect {
    use ratatui::widgets::Borders;
    let style = model.shared.theme.style(if focused { Role::BorderFocused } else { Role::Border });
    let borders = if id == PaneId::Ticket { Borders::TOP | Borders::LEFT } else { Borders::TOP };
    let mark = if focused { ">" } else { " " };
    let title = Line::styled(format!("{mark}{} ", model.shared.locale.text(top::pane_title(id))), style);
    let block = Block::new().borders(borders).border_style(style).title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

fn toast(model: &Model, width: u16) -> Line<'static> {
    let text = match (&model.toast, &model.shared.link.link) {
        (Some(toast), _) => toast.text.clone(),
        (None, _) if let Some(banner) = calling(model) => {
            return Line::styled(text::cut(&banner, usize::from(width)), model.shared.theme.style(Role::Danger));
        }
        (None, Link::Offline { why, .. }) => text::clean(why),
        _ => String::new(),
    };
    Line::styled(text::cut(&text, usize::from(width)), model.shared.theme.style(Role::Accent))
}

/// That I am called, for as long as I have not answered.
fn calling(model: &Model) -> Option<String> {
    let context = model.shared.context();
    let call = call_words::waiting_for_me(&context).next()?;
    let chats = model.focused() == PaneId::Chats;
    let key = model.keymap.shown(if chats { Action::AnswerCall } else { Action::AnswerEscalation }, model.focused());
    // The ticket itself says so already.
    let here =
        model.focused() == PaneId::Ticket && model.pane(PaneId::Ticket)?.selected_ticket().is_some_and(|one| one.number == call.ticket);
    (!here).then(|| call_words::invitation(call, if key.is_empty() { "1 E" } else { &key }, &context))
}

fn draw_too_small(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let size = format!("{}x{}", area.width, area.height);
    let wanted = format!("{}x{}", SMALLEST.0, SMALLEST.1);
    let text = model.shared.locale.with("too-small", &[("size", &size), ("wanted", &wanted)]);
    let rect = centred(area, 46, 6);
    frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), rect);
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use crate::console::locale::Language;
    use crate::console::testing::{FakeDesk, Screen};

    #[tokio::test]
    async fn a_frame_of_any_size_is_drawn_before_the_model_hears_of_it() {
        let mut screen = Screen::open(FakeDesk::new(3), Language::English, 160, 40).await;
        for (width, height) in (0..=30).flat_map(|n| [(n, n), (160, n), (n * 6, 40), (79, n), (80, n)]) {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| screen.app.draw(frame)).unwrap();
        }
    }
}
