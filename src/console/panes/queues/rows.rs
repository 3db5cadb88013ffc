//! The rows of the list: what each says, and the cells it was drawn in last. A row that says the same as in the frame before is not
//! made again: most keys change two rows of forty.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use crate::base::text;
use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::console::theme::{Role, Theme};
use crate::console::{call_words, here_words, words};
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;

/// What a row shows besides its ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub selected: bool,
    /// It changed a moment ago.
    pub changed: bool,
    /// It is marked for an act on many.
    pub marked: bool,
}

/// All that a row is made of, besides columns, theme and language: rows that are equal here look the same.
#[derive(Clone, Debug)]
pub struct Said {
    ticket: Arc<Ticket>,
    marks: Marks,
    due: (String, Role),
    assignee: (String, Role),
    reply: &'static str,
    call: Option<(&'static str, Role)>,
    here: Option<(String, Role)>,
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.marks == other.marks
            && self.due == other.due
            && self.assignee == other.assignee
            && self.reply == other.reply
            && self.call == other.call
            && self.here == other.here
            && (Arc::ptr_eq(&self.ticket, &other.ticket) || self.ticket == other.ticket)
    }
}

impl Said {
    #[must_use]
    pub fn of(ticket: &Arc<Ticket>, marks: Marks, context: &Context<'_>) -> Self {
        let due = match ticket.due_at {
            Some(due) if ticket.status.is_unsolved() => words::due(context.locale, due, context.now),
            _ => (String::new(), Role::Dim),
        };
        let assignee = match (ticket.assignee, ticket.waits) {
            (Some(person), _) => (words::person(context.directory, person), Role::Text),
            (None, Some(waits)) => (format!("- {}", context.locale.text(words::waits_short(waits))), Role::Warning),
            (None, None) => ("-".to_owned(), Role::Dim),
        };
        let reply = match (context.drafts.any(ticket.conversation), ticket.awaits_reply) {
            (true, _) => "✎",
            (false, true) => "<",
            (false, false) => " ",
        };
        let (call, here) = (call_words::mark(ticket.number, context), here_words::mark(ticket.number, context));
        Self { ticket: Arc::clone(ticket), marks, due, assignee, reply, call, here }
    }
}

/// Before the subject: a major incident, tied to one, or looking like one.
fn incident_mark(ticket: &Ticket) -> String {
    match (&ticket.major, ticket.incident, ticket.looks_like) {
        (Some(_), _, _) => "[!] ".to_owned(),
        (None, Some(number), _) => format!("[={number}] "),
        (None, None, Some(number)) => format!("[{number}?] "),
        (None, None, None) => String::new(),
    }
}

/// Which columns fit, and how wide; the subject takes the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    number: usize,
    priority: usize,
    status: usize,
    due: usize,
    assignee: usize,
    requester: usize,
    subject: usize,
    /// The subject has a line of its own.
    two: bool,
    /// Of all columns.
    width: usize,
}

impl Columns {
    pub fn of(width: usize, two: bool) -> Self {
        let (number, priority, status, due) = (6, 3, 8, 10);
        if two {
            let left = width.saturating_sub(2 + number + priority + status + due);
            let assignee = left.min(12);
            return Self {
                number,
                priority,
                status,
                due,
                assignee,
                requester: left - assignee,
                subject: width.saturating_sub(8),
                two,
                width,
            };
        }
        let assignee = if width >= 62 { 11 } else { 0 };
        let requester = if width >= 78 { 16 } else { 0 };
        let used = 2 + number + priority + status + due + assignee + requester;
        Self { number, priority, status, due, assignee, requester, subject: width.saturating_sub(used), two, width }
    }

    /// A cell with a space after it.
    fn cell(text: &str, cells: usize) -> String {
        if cells == 0 { String::new() } else { format!("{} ", text::fit(text, cells - 1)) }
    }

    pub fn head(&self, context: &Context<'_>) -> Line<'static> {
        let locale = context.locale;
        let cells = [
            "  ".to_owned(),
            Self::cell("#", self.number),
            Self::cell(&locale.text("column-priority"), self.priority),
            Self::cell(&locale.text("column-status"), self.status),
            Self::cell(&locale.text("column-due"), self.due),
            Self::cell(&locale.text("column-assignee"), self.assignee),
            Self::cell(&locale.text("column-requester"), self.requester),
            text::fit(&locale.text("column-subject"), self.subject),
        ];
        Line::styled(cells.concat(), context.theme.style(Role::Dim))
    }

    fn lines(&self, said: &Said, context: &Context<'_>) -> Vec<Line<'static>> {
        let (ticket, Marks { selected, changed, marked }) = (&said.ticket, said.marks);
        let style = |role| context.theme.style(role);
        let first = match (selected, changed) {
            (true, _) => ">",
            (false, true) => "*",
            (false, false) => " ",
        };
        let second = if marked { "+" } else { " " };
        let requester = ticket.requester.site.as_ref().map_or(&ticket.requester.name, |site| &site.name);
        let number_role = if selected { Role::Selected } else { Role::Text };
        let subject_role = if changed { Role::Changed } else { Role::Text };
        let call = said.call.map(|(mark, role)| (format!("{mark} "), role));
        let here = said.here.as_ref().map(|(mark, role)| (format!("{mark} "), *role));
        let marks: Vec<_> = [call, here].into_iter().flatten().map(|(mark, role)| Span::styled(mark, style(role))).collect();
        let taken: usize = marks.iter().map(|mark| text::width(&mark.content)).sum::<usize>() + 1;
        let mut line = vec![
            Span::styled(first, style(if changed { Role::Changed } else { Role::Selected })),
            Span::styled(second, style(Role::Match)),
            Span::styled(Self::cell(&ticket.number.to_string(), self.number), style(number_role)),
            Span::styled(Self::cell(words::priority_mark(ticket.priority), self.priority), style(words::priority_role(ticket.priority))),
            Span::raw(Self::cell(&context.locale.text(words::status(ticket.status)), self.status)),
            Span::styled(Self::cell(&said.due.0, self.due), style(said.due.1)),
            Span::styled(Self::cell(&said.assignee.0, self.assignee), style(said.assignee.1)),
            Span::raw(Self::cell(&text::clean(requester), self.requester)),
        ];
        let mut subject = vec![Span::styled(said.reply, style(subject_role))];
        subject.extend(marks);
        subject.push(Span::styled(
            text::fit(&format!("{}{}", incident_mark(ticket), text::clean(&ticket.subject)), self.subject.saturating_sub(taken)),
            style(if self.two && selected { Role::Selected } else { subject_role }),
        ));
        if self.two {
            let mut second = vec![Span::raw(" ".repeat(7))];
            second.extend(subject);
            return vec![Line::from(line), Line::from(second)];
        }
        line.extend(subject);
        vec![Line::from(line)]
    }

    /// The cells of a row, one line of it after the other.
    fn paint(&self, said: &Said, context: &Context<'_>) -> Vec<Cell> {
        let lines = self.lines(said, context);
        let (width, height) = (u16::try_from(self.width).unwrap_or(u16::MAX), u16::try_from(lines.len()).unwrap_or(1));
        let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
        for (y, line) in (0..height).zip(lines) {
            line.render(Rect { x: 0, y, width, height: 1 }, &mut buffer);
        }
        buffer.content
    }
}

/// What all rows have in common.
#[derive(Debug, PartialEq, Eq)]
struct Common {
    columns: Columns,
    theme: Theme,
    language: Language,
}

/// A row as it was drawn, and in which frame it was last.
#[derive(Debug)]
struct Drawn {
    said: Said,
    cells: Vec<Cell>,
    frame: u64,
}

/// The rows of the last frame.
#[derive(Debug, Default)]
pub struct Painted {
    common: Option<Common>,
    rows: HashMap<TicketNumber, Drawn>,
    frame: u64,
}

impl Painted {
    /// A frame begins: nothing drawn in other columns, colours or words is of use.
    pub fn begin(&mut self, columns: &Columns, context: &Context<'_>) {
        self.frame += 1;
        let language = context.locale.language;
        let same = |common: &Common| common.columns == *columns && common.theme == *context.theme && common.language == language;
        if !self.common.as_ref().is_some_and(same) {
            self.rows.clear();
            self.common = Some(Common { columns: columns.clone(), theme: context.theme.clone(), language });
        }
    }

    /// The cells of a row, drawn anew where it says something else than before.
    pub fn row(&mut self, said: Said, columns: &Columns, context: &Context<'_>) -> &[Cell] {
        let (number, frame) = (said.ticket.number, self.frame);
        let drawn = self.rows.entry(number).or_insert_with(|| Drawn { cells: columns.paint(&said, context), said: said.clone(), frame });
        if drawn.said != said {
            drawn.cells = columns.paint(&said, context);
        }
        // The newer of two equal tickets is the one that the list holds: it is known by its address next time.
        (drawn.said, drawn.frame) = (said, frame);
        &drawn.cells
    }

    /// A frame ends: rows that are not on the screen are forgotten.
    pub fn end(&mut self) {
        let frame = self.frame;
        self.rows.retain(|_, drawn| drawn.frame == frame);
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::console::panes::sample::{Sample, ticket};
    use crate::domain::ticket::Priority;

    const USUAL: Marks = Marks { selected: false, changed: false, marked: false };

    /// What a row looks like when nothing was drawn before.
    fn fresh(ticket: &Arc<Ticket>, marks: Marks, width: usize, context: &Context<'_>) -> Vec<Cell> {
        let columns = Columns::of(width, width < 64);
        Painted::default().row(Said::of(ticket, marks, context), &columns, context).to_vec()
    }

    fn again(painted: &mut Painted, ticket: &Arc<Ticket>, marks: Marks, width: usize, context: &Context<'_>) -> Vec<Cell> {
        let columns = Columns::of(width, width < 64);
        painted.begin(&columns, context);
        let cells = painted.row(Said::of(ticket, marks, context), &columns, context).to_vec();
        painted.end();
        cells
    }

    #[test]
    fn a_row_that_was_drawn_before_looks_as_if_it_was_not() {
        let mut painted = Painted::default();
        let mut sample = Sample::new(Language::English);
        let mut row = (*ticket(1000, 1, "加油机 shows no price", Priority::High, None)).clone();
        row.due_at = Some(sample.context().now + Duration::minutes(40));
        let plain = Arc::new(row.clone());
        let other = Arc::new(Ticket { subject: "something else".to_owned(), ..row });
        let mut seen = Vec::new();
        for width in [120, 60] {
            for ticket in [&plain, &other, &plain] {
                for marks in [USUAL, Marks { selected: true, ..USUAL }, Marks { changed: true, ..USUAL }, Marks { marked: true, ..USUAL }] {
                    let cells = again(&mut painted, ticket, marks, width, &sample.context());
                    assert_eq!(cells, fresh(ticket, marks, width, &sample.context()));
                    assert_eq!(again(&mut painted, ticket, marks, width, &sample.context()), cells, "twice the same");
                    seen.push(cells);
                }
            }
        }
        sample.now += Duration::minutes(35);
        let later = again(&mut painted, &plain, USUAL, 120, &sample.context());
        assert_eq!(later, fresh(&plain, USUAL, 120, &sample.context()));
        assert_ne!(later, seen[0], "time passes");
        sample.theme = Theme::built_in("light").unwrap();
        let lit = again(&mut painted, &plain, USUAL, 120, &sample.context());
        assert_eq!(lit, fresh(&plain, USUAL, 120, &sample.context()));
    }

    #[test]
    fn rows_that_left_the_screen_are_forgotten() {
        let sample = Sample::new(Language::Chinese);
        let mut painted = Painted::default();
        for number in 1000..1100 {
            let row = ticket(number, 1, "row", Priority::Low, None);
            again(&mut painted, &row, USUAL, 100, &sample.context());
        }
        assert_eq!(painted.rows.len(), 1);
    }
}
