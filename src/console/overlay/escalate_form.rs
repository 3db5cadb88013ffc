//! Calling an expert, on one form: whom, why, what was tried, who keeps the ticket. Enter on the defaults calls at once; nothing
//! has to be typed. Whom the roster would find is shown while one chooses, as presence and load stand.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::fields::{self, Rows};
use super::{Outcome, Prompt};
use crate::base::text;
use crate::console::effect::{Answer, EscalateAsk, Target};
use crate::console::experts::standing;
use crate::console::find::matcher::{Query, closeness, places};
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::panes::presence;
use crate::console::theme::Role;
use crate::console::widgets::editor::Editor;
use crate::console::widgets::marked;
use crate::console::{call_words, words};
use crate::domain::escalation::{Escalate, EscalationReason};
use crate::domain::id::PersonId;
use crate::domain::limits::FIELD_VALUE_MAX;

/// Rows of the list of whom one may call.
const LISTED: u16 = 5;
/// Rows of a text.
const TEXT_ROWS: u16 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Who,
    Reason,
    Note,
    Tried,
    Owner,
}

const FIELDS: [Field; 5] = [Field::Who, Field::Reason, Field::Note, Field::Tried, Field::Owner];

/// The form.
pub struct EscalateForm {
    ask: EscalateAsk,
    field: Field,
    filter: Prompt,
    /// Targets that fit what was typed.
    matches: Vec<usize>,
    selected: usize,
    reason: usize,
    note: Editor,
    tried: Editor,
    takes_over: bool,
}

fn filled(first: &str) -> Editor {
    let mut field = Editor::default();
    fields::insert(&mut field, &text::clean_lines(first), FIELD_VALUE_MAX);
    field
}

impl EscalateForm {
    #[must_use]
    pub fn new(ask: EscalateAsk) -> Self {
        let first = &ask.first;
        let reason = EscalationReason::ALL.iter().position(|reason| *reason == first.reason).unwrap_or(0);
        let selected = ask.targets.iter().position(|target| target.is_of(first)).unwrap_or(0);
        Self {
            field: Field::Who,
            filter: Prompt::new(String::new()),
            matches: (0..ask.targets.len()).collect(),
            selected,
            reason,
            note: filled(&first.note),
            tried: filled(&first.tried),
            takes_over: first.takes_over,
            ask,
        }
    }

    fn target(&self) -> Option<&Target> {
        self.matches.get(self.selected).and_then(|index| self.ask.targets.get(*index))
    }

    fn asked(&self) -> Escalate {
        let mut asked = self.ask.first.clone();
        if let Some(target) = self.target() {
            target.put_into(&mut asked);
        }
        asked.reason = EscalationReason::ALL[self.reason];
        self.note.text().trim().clone_into(&mut asked.note);
        self.tried.text().trim().clone_into(&mut asked.tried);
        asked.takes_over = self.takes_over;
        asked
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        let breaks = key.ctrl || key.alt;
        match key.code {
            KeyCode::Escape => return self.done(false),
            KeyCode::Enter if !breaks => return if self.target().is_some() { self.done(true) } else { Outcome::Stay },
            KeyCode::Tab => self.turn(if key.shift { FIELDS.len() - 1 } else { 1 }),
            KeyCode::Up if self.field == Field::Who => self.selected = self.selected.saturating_sub(1),
            KeyCode::Down if self.field == Field::Who => {
                self.selected = (self.selected + 1).min(self.matches.len().saturating_sub(1));
            }
            KeyCode::Up => self.turn(FIELDS.len() - 1),
            KeyCode::Down => self.turn(1),
            _ => self.edit(key),
        }
        Outcome::Stay
    }

    fn done(&self, send: bool) -> Outcome {
        Outcome::Done(Answer::Escalation { asked: Box::new(self.asked()), send })
    }

    fn turn(&mut self, by: usize) {
        let place = FIELDS.iter().position(|field| *field == self.field).unwrap_or(0);
        self.field = FIELDS[(place + by) % FIELDS.len()];
    }

    fn edit(&mut self, key: Key) {
        let reasons = EscalationReason::ALL.len();
        match self.field {
            Field::Who => {
                if self.filter.edit(key) {
                    self.narrow();
                }
            }
            Field::Reason => match key.code {
                KeyCode::Right | KeyCode::Char(' ' | 'l') => self.reason = (self.reason + 1) % reasons,
                KeyCode::Left | KeyCode::Char('h') => self.reason = (self.reason + reasons - 1) % reasons,
                _ => {}
            },
            Field::Note => drop(fields::edit(&mut self.note, key, FIELD_VALUE_MAX)),
            Field::Tried => drop(fields::edit(&mut self.tried, key, FIELD_VALUE_MAX)),
            Field::Owner => {
                if matches!(key.code, KeyCode::Left | KeyCode::Right | KeyCode::Char(' ' | 'h' | 'l')) {
                    self.takes_over = !self.takes_over;
                }
            }
        }
    }

    pub fn paste(&mut self, pasted: &str) {
        let clean = text::clean_lines(pasted);
        match self.field {
            Field::Who => {
                self.filter.paste(pasted);
                self.narrow();
            }
            Field::Tried => fields::insert(&mut self.tried, &clean, FIELD_VALUE_MAX),
            // What is pasted elsewhere is meant as words.
            Field::Note | Field::Reason | Field::Owner => {
                self.field = Field::Note;
                fields::insert(&mut self.note, &clean, FIELD_VALUE_MAX);
            }
        }
    }

    fn narrow(&mut self) {
        let query = Query::new(self.filter.value());
        let near = |(index, target): (usize, &Target)| Some((closeness(&target.label, "", &query)?, index));
        let mut found: Vec<_> = self.ask.targets.iter().enumerate().filter_map(near).collect();
        found.sort_unstable();
        self.matches = found.into_iter().map(|(_, index)| index).collect();
        self.selected = 0;
    }

    /// Rows that all of it takes, the border included.
    #[must_use]
    pub fn height(&self) -> u16 {
        1 + LISTED + 2 + 1 + TEXT_ROWS + TEXT_ROWS + 1 + 1 + 2
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let locale = context.locale;
        let mut rows = Rows(area);
        let mut caret = self.draw_who(frame, &mut rows, context);
        rows.take(1);
        let row = rows.take(1);
        fields::label(frame, row, "call-field-reason", self.field == Field::Reason, context);
        let word = locale.text(call_words::reason(EscalationReason::ALL[self.reason]));
        fields::draw_choice(frame, fields::value(row), &word, self.field == Field::Reason, context);
        for (field, label, text, empty) in [
            (Field::Note, "call-field-words", &self.note, "call-words-hint"),
            (Field::Tried, "call-field-tried", &self.tried, "call-tried-hint"),
        ] {
            let row = rows.take(TEXT_ROWS);
            let focused = self.field == field;
            fields::label(frame, row, label, focused, context);
            caret = fields::draw(frame, fields::value(row), text, &locale.text(empty), focused, context).or(caret);
        }
        let row = rows.take(1);
        fields::label(frame, row, "call-field-owner", self.field == Field::Owner, context);
        let key = if self.takes_over { "call-owner-moves" } else { "call-owner-stays" };
        fields::draw_choice(
            frame,
            fields::value(row),
            &locale.with(key, &[("name", &self.ask.owner)]),
            self.field == Field::Owner,
            context,
        );
        caret
    }

    /// Whom: what was typed or chosen, the list while it is being chosen from, and whom that would call.
    fn draw_who(&self, frame: &mut Frame<'_>, rows: &mut Rows, context: &Context<'_>) -> Option<Position> {
        let focused = self.field == Field::Who;
        let row = rows.take(1);
        fields::label(frame, row, "call-field-who", focused, context);
        let mut caret = None;
        let place = fields::value(row);
        if focused {
            frame.render_widget(Line::styled("/ ", context.theme.style(Role::Key)), place);
            caret = self.filter.draw(frame, Rect { x: place.x + 2.min(place.width), width: place.width.saturating_sub(2), ..place });
        } else {
            let chosen = self.target().map(|target| target.label.clone()).unwrap_or_default();
            frame.render_widget(Line::raw(text::cut(&chosen, usize::from(place.width))), place);
        }
        let listed = fields::value(rows.take(LISTED));
        if listed.height > 0 {
            let page = crate::console::widgets::list::page(self.matches.len(), self.selected, usize::from(listed.height));
            let lines = page.map(|index| self.line(index, usize::from(listed.width), context));
            crate::console::widgets::paint::lines(frame, listed, lines);
        }
        let would = fields::value(rows.take(2));
        crate::console::widgets::paint::lines(frame, would, self.would_call(usize::from(would.width), context));
        caret
    }

    /// A line of the list: whom, and who that is now.
    fn line(&self, index: usize, width: usize, context: &Context<'_>) -> Line<'static> {
        let Some(target) = self.matches.get(index).and_then(|index| self.ask.targets.get(*index)) else { return Line::default() };
        let selected = index == self.selected;
        let found = self.found(target, context);
        let who = match (target.person, found.first()) {
            (Some(person), _) => standing_words(person, context),
            (None, Some(person)) => format!("{} {}", words::person(context.directory, *person), standing_words(*person, context)),
            (None, None) => context.locale.text("call-nobody-short").into_owned(),
        };
        let who = text::cut(&who, width / 2);
        let room = width.saturating_sub(text::width(&who) + 3);
        let style = |role| context.theme.style(role);
        let typed = places(&target.label, &Query::new(self.filter.value()));
        let mut spans = vec![Span::styled(if selected { "> " } else { "  " }, style(Role::Selected))];
        let label = style(if selected { Role::Selected } else { Role::Text });
        spans.extend(marked::spans(&target.label, room, &typed, label, style(Role::Match)));
        spans.push(Span::raw(" "));
        spans.push(Span::styled(who, style(if found.is_empty() && target.person.is_none() { Role::Warning } else { Role::Dim })));
        Line::from(spans)
    }

    fn found(&self, target: &Target, context: &Context<'_>) -> Vec<PersonId> {
        match target.person {
            Some(person) => vec![person],
            None => self.ask.experts.found(target.tier, target.skill.as_deref(), context),
        }
    }

    /// Who would be asked first, and who after them; or that nobody would.
    fn would_call(&self, width: usize, context: &Context<'_>) -> Vec<Line<'static>> {
        let (locale, style) = (context.locale, |role| context.theme.style(role));
        let Some(target) = self.target() else {
            return vec![Line::styled(locale.text("picker-nothing").into_owned(), style(Role::Warning))];
        };
        let found = self.found(target, context);
        let Some((first, others)) = found.split_first() else {
            let lead = self.ask.lead.as_deref().unwrap_or_default();
            let key = if lead.is_empty() { "call-nobody" } else { "call-nobody-lead" };
            let said = text::wrap(&locale.with(key, &[("tier", &target.tier.to_string()), ("lead", lead)]), width);
            return said.into_iter().map(|line| Line::styled(line, style(Role::Warning))).collect();
        };
        let (state, _) = standing(*first, context);
        let off = target.person.is_some() && !self.ask.experts.is_on_duty(*first);
        let name = format!("{} {}", words::person(context.directory, *first), standing_words(*first, context));
        let mut line = vec![Span::raw(locale.with("call-would-ask", &[("name", &name)]))];
        if off {
            line.push(Span::styled(format!(" · {}", locale.text("call-off-duty")), style(Role::Warning)));
        }
        let mut lines = vec![Line::from(line).style(style(presence::role(state)))];
        if !others.is_empty() {
            let names: Vec<_> = others.iter().take(3).map(|person| words::person(context.directory, *person)).collect();
            let said = locale.with("call-then", &[("names", &names.join(", "))]);
            lines.push(Line::styled(text::cut(&said, width), style(Role::Dim)));
        }
        lines
    }
}

/// `T2 ● available 2/8`.
fn standing_words(person: PersonId, context: &Context<'_>) -> String {
    let (state, open) = standing(person, context);
    let known = context.directory.people.get(&person);
    let (tier, capacity) = known.map_or((0, 0), |known| (known.tier, known.capacity));
    format!("T{tier} {} {} {open}/{capacity}", presence::mark(state), context.locale.text(words::presence(state)))
}
