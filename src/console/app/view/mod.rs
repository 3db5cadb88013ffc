//! The frame around the panes: tabs and status above, toast and keys below, dialogs over all. Reads only.

mod board;
mod footer;
mod top;
pub(super) mod tour;
mod which_key;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph, Wrap};

use super::focus;
use super::model::{Model, Toast};
use super::update::toast_time;
use crate::base::text;
use crate::client::view::{Link, Old};
use crate::console::action::Action;
use crate::console::call_words;
use crate::console::layout::{Mode, Place, SMALLEST};
use crate::console::overlay::centred;
use crate::console::pane::PaneId;
use crate::console::theme::Role;
use crate::console::widgets::paint;

/// Draws all; the terminal's cursor goes to the caret where there is one, which is returned.
pub fn view(model: &Model, frame: &mut Frame<'_>) -> Option<Position> {
    let area = frame.area();
    // The frame's own size counts: the model hears of a new one later.
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        draw_too_small(model, frame, area);
        return None;
    }
    let context = model.shared.context();
    if matches!(model.layout.mode, Mode::Wallboard | Mode::Watch) {
        board::draw(model, frame, area);
        let over = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
        which_key::draw(model, frame, over);
        let caret = model.overlays.last().and_then(|overlay| overlay.draw(frame, over, &context));
        return settle(caret, frame);
    }
    let places = model.places(area);
    let body = places.body;
    frame.render_widget(top::tabs(model, area.width), places.tabs);
    if model.layout.mode == Mode::Focus {
        paint::lines(frame, places.progress, focus::progress(model, area.width));
    }
    let mut caret = None;
    for place in &places.panes {
        let Some(pane) = model.pane(place.pane) else { continue };
        let focused = place.pane == model.focused();
        draw_frame(model, frame, place, focused);
        let found = pane.draw(frame, place.inner, &context);
        if focused {
            caret = found;
        }
    }
    frame.render_widget(toast(model, area.width), places.toast);
    frame.render_widget(footer::keys(model, area.width), places.keys);
    tour::draw(model, frame, places.foot);
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
    settle(caret, frame)
}

/// Puts the terminal's cursor at the caret, inside the frame.
fn settle(caret: Option<Position>, frame: &mut Frame<'_>) -> Option<Position> {
    let (place, area) = (caret?, frame.area());
    let inside = Position { x: place.x.min(area.right().saturating_sub(1)), y: place.y.min(area.bottom().saturating_sub(1)) };
    frame.set_cursor_position(inside);
    Some(inside)
}

/// The pane whose name in the top line is at this column.
#[must_use]
pub fn tab_at(model: &Model, width: u16, column: u16) -> Option<PaneId> {
    top::pane_at(model, width, column)
}

/// The action whose key in the bottom line is at this column.
#[must_use]
pub fn key_at(model: &Model, width: u16, column: u16) -> Option<Action> {
    footer::action_at(model, width, column)
}

/// Two panes on one screen get a line above each that says which has the keys; one beside the other a line at its left. A pane that was
/// zoomed says so there.
fn draw_frame(model: &Model, frame: &mut Frame<'_>, place: &Place, focused: bool) {
    if place.borders.is_empty() {
        return;
    }
    let (theme, locale) = (&model.shared.theme, &model.shared.locale);
    let style = theme.style(if focused { Role::BorderFocused } else { Role::Border });
    let mark = if focused { ">" } else { " " };
    let key = model.keymap.shown(Action::Zoom, place.pane);
    let zoomed = if model.layout.zoomed { format!("{} ", locale.with("layout-zoomed", &[("key", &key)])) } else { String::new() };
    let title = format!("{mark}{} {zoomed}", locale.text(top::pane_title(place.pane)));
    let title = Line::styled(text::cut(&title, usize::from(place.inner.width)), style);
    frame.render_widget(Block::new().borders(place.borders).border_style(style).title(title), place.outer);
}

fn toast(model: &Model, width: u16) -> Line<'static> {
    let banner = calling(model);
    // What stays for long, such as the offer of the tour, gives way to a call.
    let passing = |toast: &&Toast| banner.is_none() || toast.until <= model.shared.now + toast_time();
    let text = match (model.toast.as_ref().filter(passing), &model.shared.link.link) {
        (Some(toast), _) => toast.text.clone(),
        (None, _) if let Some(banner) = &banner => {
            return Line::styled(text::cut(banner, usize::from(width)), model.shared.theme.style(Role::Danger));
        }
        (None, Link::Offline { why, .. }) => text::clean(why),
        (None, Link::Outdated { old: Old::Client, .. }) => model.shared.locale.text("link-client-old-why").into_owned(),
        (None, Link::Outdated { old: Old::Server, .. }) => model.shared.locale.text("link-server-old-why").into_owned(),
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
        for (width, height) in (0..=30).flat_map(|n| [(n, n), (160, n), (n * 6, 40), (79, n), (80, n), (60, n), (59, n)]) {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal
                .draw(|frame| {
                    screen.app.draw(frame);
                })
                .unwrap();
        }
    }
}
