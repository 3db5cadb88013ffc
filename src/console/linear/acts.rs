//! Acts, and the dialogs they open: told in lines, answered by lines. All of it goes through the model, as keys do.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::action::{Action, Scope};
use super::super::app::Msg;
use super::super::key::{Key, KeyCode};
use super::super::pane::{Pane, PaneId};
use super::ask::{self, Typed};
use super::front::Front;
use super::{PAGE, say};
use crate::domain::id::TicketNumber;

impl Front {
    /// Does an act on the open ticket, or on the one of the list; `rest` is the text of it, or what is chosen.
    pub(super) async fn act(&mut self, action: Action, rest: &str) -> Vec<String> {
        let about_ticket = action.spec().scope == Scope::OnTicket;
        // The model may have gone elsewhere by keys or a notice: what was heard last is what is meant. In a chat it is no ticket.
        if about_ticket
            && self.chat.is_none()
            && let Some(number) = self.about().await
            && !self.is_at(number)
        {
            self.app.open_ticket(number);
            self.settle().await;
            if !self.is_at(number) {
                return vec![self.words("disabled-no-ticket")];
            }
        }
        self.app.act(action);
        self.settle().await;
        let Some(overlay) = self.app.model.overlays.last() else { return if about_ticket { self.outcome().await } else { Vec::new() } };
        if rest.is_empty() {
            return self.asked();
        }
        if overlay.is_composer() {
            if !overlay.written().is_empty() {
                // Begun some time ago: it is heard before it is sent along.
                self.text = vec![rest.to_owned()];
                let mut said = self.asked();
                said.push(self.words("linear-behind"));
                return said;
            }
            self.app.handle(Msg::Paste(rest.to_owned()));
            self.app.handle(Msg::Key(Key::ctrl('s')));
            self.settle().await;
            return if self.app.model.overlays.is_empty() { vec![self.words("linear-sent")] } else { self.asked() };
        }
        self.answer(rest).await
    }

    /// An act by its name; what is there afterwards, where nothing else tells of it.
    pub(super) async fn named(&mut self, action: Action) -> Vec<String> {
        let said = self.act(action, "").await;
        let silent = said.is_empty() && self.app.model.overlays.is_empty() && self.app.model.exit.is_none();
        if silent { self.told_or_page() } else { said }
    }

    /// Whether a ticket is the one that has the keys.
    fn is_at(&self, number: TicketNumber) -> bool {
        let model = &self.app.model;
        let ticket = model.pane(PaneId::Ticket).and_then(Pane::selected_ticket);
        model.focused() == PaneId::Ticket && ticket.is_some_and(|ticket| ticket.number == number)
    }

    /// The ticket under the cursor of the full screen's list, which keys may have moved, is the one that is meant now.
    pub(super) fn take_cursor(&mut self) {
        let model = &self.app.model;
        let ticket = model.pane(model.focused()).and_then(Pane::selected_ticket);
        self.current = ticket.map(|ticket| ticket.number).or(self.current);
    }

    /// The page as it is read; acts go to the ticket that it marks.
    pub(super) fn read_page(&mut self) -> Vec<String> {
        self.take_cursor();
        self.page()
    }

    /// What the desk said, which is told anyway; else the page.
    pub(super) fn told_or_page(&mut self) -> Vec<String> {
        if self.app.model.toast.is_some() { Vec::new() } else { self.read_page() }
    }

    /// The ticket that something was done to, as it stands now; nothing when the desk said why not.
    pub(super) async fn outcome(&self) -> Vec<String> {
        let toast = self.app.model.toast.as_ref().map(|toast| toast.text.clone());
        let Some(number) = self.app.model.shown_ticket.filter(|_| toast == self.toast) else { return Vec::new() };
        let detail = self.detail(number).await;
        detail.map(|detail| say::ticket(&detail.ticket, &self.app.model.shared.context())).into_iter().collect()
    }

    /// What the dialog on top asks; nothing without one.
    pub(super) fn asked(&mut self) -> Vec<String> {
        if self.app.model.overlays.is_empty() {
            return Vec::new();
        }
        let page = self.page();
        let model = &self.app.model;
        model.overlays.last().map(|overlay| ask::said(overlay, &page, &model.shared.locale)).unwrap_or_default()
    }

    /// A line for the dialog on top.
    pub(super) async fn answer(&mut self, line: &str) -> Vec<String> {
        let Some(overlay) = self.app.model.overlays.last() else { return Vec::new() };
        let before = overlay.id;
        let typed = ask::typed(overlay, line);
        let composing = overlay.is_composer();
        let keys = match typed {
            Typed::No(why) => return vec![self.words(why)],
            Typed::More(more) => {
                self.text.push(more);
                return Vec::new();
            }
            Typed::Clear => {
                for key in ask::clearing() {
                    self.app.handle(Msg::Key(key));
                }
                let mut said = self.asked();
                said.extend((!self.text.is_empty()).then(|| self.words("linear-behind")));
                return said;
            }
            Typed::Keys(keys) => {
                let mut text = std::mem::take(&mut self.text).join("\n");
                if !text.is_empty() && composing {
                    if !overlay.written().is_empty() {
                        text.insert(0, '\n');
                    }
                    self.app.handle(Msg::Paste(text));
                }
                keys
            }
            Typed::Text(text, keys) => {
                self.app.handle(Msg::Paste(text));
                keys
            }
            Typed::Instead(text, keys) => {
                self.app.handle(Msg::Key(Key::plain(KeyCode::End)));
                self.app.handle(Msg::Key(Key::ctrl('u')));
                self.app.handle(Msg::Paste(text));
                keys
            }
        };
        let sends = keys.last().is_some_and(|key| key.code != KeyCode::Escape);
        for key in keys {
            self.app.handle(Msg::Key(key));
        }
        self.settle().await;
        match self.app.model.overlays.last() {
            Some(overlay) if overlay.id == before && composing => self.asked(),
            Some(_) => self.asked(),
            None => vec![self.words(if sends { "linear-done" } else { "linear-left" })],
        }
    }

    /// Keys by name, as on the full screen; then what is there.
    pub(super) async fn keys(&mut self, names: &str) -> Vec<String> {
        for name in names.split_whitespace() {
            match name.parse::<Key>() {
                Ok(key) => self.app.handle(Msg::Key(key)),
                Err(error) => return vec![error.to_string()],
            }
        }
        self.settle().await;
        if self.app.model.overlays.is_empty() { self.read_page() } else { self.asked() }
    }

    /// The full screen's page in lines, without its frames.
    pub(super) fn page(&mut self) -> Vec<String> {
        let (width, height) = PAGE;
        let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
        let Ok(drawn) = terminal.draw(|frame| {
            self.app.draw(frame);
        });
        let row = |y: u16| -> String {
            let cells = (0..width).map(|x| drawn.buffer[(x, y)].symbol());
            cells.flat_map(str::chars).map(|char| if ('\u{2500}'..='\u{259f}').contains(&char) { ' ' } else { char }).collect()
        };
        (0..height).map(row).map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|row| !row.is_empty()).collect()
    }
}
