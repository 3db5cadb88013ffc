//! Dialogs over the panes: a stack of layers, the top one takes every key. One shape for pickers, prompts, composers and
//! confirmations; whoever asked gets the [`Answer`], and what a composer wants done is done in their name.

mod choose;
mod compose;
mod escalate_form;
mod fields;
mod help;
mod mouse;
mod picker;
mod prompt;
mod review;
mod verdict_form;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use choose::Choose;
pub use compose::Compose;
use escalate_form::EscalateForm;
pub use help::HelpPage;
pub use picker::Picker;
pub use prompt::Prompt;
pub use review::Review;
use verdict_form::VerdictForm;

use super::app::Owner;
use super::conversation::composer::{Composer, Then};
use super::effect::{Answer, Choice, Effect, Loaded, Question, QuestionKind};
use super::find::history::{self, History};
use super::find::{Finder, Scope};
use super::key::{Key, KeyCode};
use super::pane::Context;
use super::theme::Role;
use super::widgets::paint;
use crate::base::text;

/// What a dialog makes of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It stays open.
    Stay,
    /// It closes with this answer.
    Done(Answer),
    /// A composer: these are to be done, and it closes or stays.
    Wants { effects: Vec<Effect>, closes: bool },
}

/// One dialog with who asked.
pub struct Overlay {
    pub owner: Owner,
    pub id: &'static str,
    /// Localized and clean.
    pub title: String,
    /// What it is about, clean: `#1042 Pump 4 does not start`.
    pub about: String,
    /// Colour of frame and title: what is public looks different from what is internal.
    pub role: Role,
    body: Body,
}

/// A dialog as it is read out. Labels, hints and reasons are clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// Label, hint, and why it cannot be chosen.
    Choices { sentence: String, choices: Vec<(String, String, Option<String>)> },
    /// One line, with its first value.
    Line(String),
    /// Many lines, with what is written so far.
    Lines(String),
    /// Yes or no.
    Question(String),
    /// Lines to be read; with a question, and whether a number answers it.
    Page { lines: Vec<String>, sentence: String, typed: bool, asks: bool },
    /// Several fields, read as they are drawn.
    Form,
}

enum Body {
    Picker(Picker),
    Find(Box<Finder>),
    Prompt(Prompt),
    Compose(Box<Compose>),
    Review(Box<Review>),
    Write(Box<Composer>),
    Confirm { sentence: String, yes: bool },
    Choose(Choose),
    Escalate(Box<EscalateForm>),
    Verdict(Box<VerdictForm>),
    Help(Box<HelpPage>),
}

impl Overlay {
    /// A dialog for `question`.
    #[must_use]
    pub fn new(owner: Owner, question: Question, title: String, about: &str) -> Self {
        let role = match question.id {
            "many-reply" | "major-text" | "refused-public" => Role::Public,
            "many-note" | "refused-internal" => Role::Internal,
            _ => Role::BorderFocused,
        };
        let body = match question.kind {
            QuestionKind::Pick { choices } => Body::Picker(Picker::new(choices, &[])),
            QuestionKind::Prompt { text } => Body::Prompt(Prompt::new(text)),
            QuestionKind::Compose { text } => Body::Compose(Box::new(Compose::new(&text))),
            QuestionKind::Review { lines, confirm } => Body::Review(Box::new(Review::new(&lines, confirm))),
            QuestionKind::Write(writing) => Body::Write(Box::new(Composer::new(*writing))),
            QuestionKind::Confirm { sentence } => Body::Confirm { sentence: text::clean(&sentence), yes: false },
            QuestionKind::Choose { sentence, choices } => Body::Choose(Choose::new(&sentence, choices)),
            QuestionKind::Escalate(ask) => Body::Escalate(Box::new(EscalateForm::new(*ask))),
            QuestionKind::Verdict => Body::Verdict(Box::default()),
        };
        Self { owner, id: question.id, title, about: text::clean(about), role, body }
    }

    /// A picker made by the app itself.
    #[must_use]
    pub fn picker(owner: Owner, id: &'static str, title: String, picker: Picker) -> Self {
        Self { owner, id, title, about: String::new(), role: Role::BorderFocused, body: Body::Picker(picker) }
    }

    /// Help, with what the place is for above its keys.
    #[must_use]
    pub fn help(owner: Owner, id: &'static str, title: String, page: HelpPage) -> Self {
        Self { owner, id, title, about: String::new(), role: Role::BorderFocused, body: Body::Help(Box::new(page)) }
    }

    /// The value under a picker's cursor.
    #[must_use]
    pub fn highlighted(&self) -> Option<&str> {
        match &self.body {
            Body::Picker(picker) => picker.selected(),
            _ => None,
        }
    }

    /// The palette, or a jump.
    #[must_use]
    pub fn finder(owner: Owner, id: &'static str, title: String, finder: Finder) -> Self {
        Self { owner, id, title, about: String::new(), role: Role::BorderFocused, body: Body::Find(Box::new(finder)) }
    }

    /// What the finder in it searches now.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        if let Body::Find(finder) = &self.body { Some(finder.scope()) } else { None }
    }

    /// Lets a prompt bring back what was typed for its question before.
    pub fn remember(&mut self, history: &History) {
        if let Body::Prompt(prompt) = &mut self.body
            && history::keeps(self.id)
        {
            prompt.remember(history.of(self.id));
        }
    }

    /// Other lines for what is being read.
    pub fn set_lines(&mut self, lines: &[String]) {
        if let Body::Review(review) = &mut self.body {
            review.set_lines(lines);
        }
    }

    pub fn key(&mut self, key: Key, context: &Context<'_>) -> Outcome {
        match &mut self.body {
            Body::Picker(picker) => picker.key(key),
            Body::Find(finder) => finder.key(key, context),
            Body::Prompt(prompt) => prompt.key(key),
            Body::Compose(compose) => compose.key(key),
            Body::Choose(choose) => choose.key(key),
            Body::Escalate(form) => form.key(key),
            Body::Verdict(form) => form.key(key),
            Body::Help(page) => page.key(key),
            Body::Review(review) => review.key(key),
            Body::Write(composer) => {
                let (effects, then) = composer.key(key, context);
                Outcome::Wants { effects, closes: matches!(then, Then::Left | Then::Sent) }
            }
            Body::Confirm { yes, .. } => match key.code {
                KeyCode::Escape | KeyCode::Char('n' | 'N' | 'q') => Outcome::Done(Answer::Dismissed(None)),
                KeyCode::Char('y' | 'Y') => Outcome::Done(Answer::Confirmed),
                KeyCode::Left | KeyCode::Right | KeyCode::Tab | KeyCode::Char('h' | 'l') => {
                    *yes = !*yes;
                    Outcome::Stay
                }
                KeyCode::Enter if *yes => Outcome::Done(Answer::Confirmed),
                KeyCode::Enter => Outcome::Done(Answer::Dismissed(None)),
                _ => Outcome::Stay,
            },
        }
    }

    /// What is asked, for who hears it.
    #[must_use]
    pub fn spoken(&self) -> Spoken {
        let told = |choice: &Choice| (choice.label.clone(), choice.hint.clone(), choice.disabled.clone());
        match &self.body {
            Body::Picker(picker) => Spoken::Choices { sentence: String::new(), choices: picker.listed().map(told).collect() },
            Body::Find(finder) => Spoken::Choices { sentence: String::new(), choices: finder.listed().map(told).collect() },
            Body::Help(page) => Spoken::Choices { sentence: page.prose().to_owned(), choices: page.listed().map(told).collect() },
            Body::Choose(choose) => {
                Spoken::Choices { sentence: choose.sentence().to_owned(), choices: choose.choices().iter().map(told).collect() }
            }
            Body::Prompt(prompt) => Spoken::Line(prompt.value().to_owned()),
            Body::Write(composer) => match composer.asked() {
                Some(sentence) => Spoken::Question(sentence.to_owned()),
                None => Spoken::Lines(composer.text().to_owned()),
            },
            Body::Compose(compose) => Spoken::Lines(compose.text().to_owned()),
            Body::Review(review) => match review.asked() {
                Some((sentence, typed)) => Spoken::Page { lines: review.lines(), sentence: sentence.to_owned(), typed, asks: true },
                None => Spoken::Page { lines: review.lines(), sentence: String::new(), typed: false, asks: false },
            },
            Body::Confirm { sentence, .. } => Spoken::Question(sentence.clone()),
            Body::Escalate(_) | Body::Verdict(_) => Spoken::Form,
        }
    }

    /// Whether its list goes round at its ends.
    #[must_use]
    pub fn goes_round(&self) -> bool {
        matches!(self.body, Body::Choose(_))
    }

    /// Whether a text is written in it.
    #[must_use]
    pub fn is_composer(&self) -> bool {
        matches!(self.body, Body::Compose(_) | Body::Write(_))
    }

    /// What is written so far; empty where lines are not written.
    #[must_use]
    pub fn written(&self) -> &str {
        match &self.body {
            Body::Compose(compose) => compose.text(),
            Body::Write(composer) => composer.text(),
            _ => "",
        }
    }

    /// Why what is written was not sent.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        if let Body::Write(composer) = &self.body { composer.problem() } else { None }
    }

    /// Takes pasted text, which never acts as keys.
    pub fn paste(&mut self, pasted: &str, context: &Context<'_>) -> Vec<Effect> {
        match &mut self.body {
            Body::Picker(picker) => picker.paste(pasted),
            Body::Find(finder) => return finder.paste(pasted, context),
            Body::Prompt(prompt) => prompt.paste(pasted),
            Body::Compose(compose) => compose.paste(pasted),
            Body::Escalate(form) => form.paste(pasted),
            Body::Verdict(form) => form.paste(pasted),
            Body::Help(page) => page.paste(pasted),
            Body::Write(composer) => return composer.paste(pasted, context),
            Body::Confirm { .. } | Body::Choose(_) | Body::Review(_) => {}
        }
        Vec::new()
    }

    /// Whether an answer to its owner is for the composer or the finder that it holds.
    #[must_use]
    pub fn wants(&self, owner: Owner, loaded: &Loaded) -> bool {
        let wanted = match &self.body {
            Body::Write(_) => Composer::wants(loaded),
            Body::Find(finder) => finder.wants(loaded),
            Body::Compose(_) => matches!(loaded, Loaded::Edited(_)),
            _ => false,
        };
        wanted && self.owner == owner
    }

    /// Takes what [`Overlay::wants`].
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match &mut self.body {
            Body::Write(composer) => composer.loaded(loaded, context),
            Body::Find(finder) => finder.loaded(loaded, context),
            Body::Compose(compose) => match loaded {
                Loaded::Edited(Ok(text)) => {
                    compose.edited(&text);
                    Vec::new()
                }
                Loaded::Edited(Err(why)) => vec![Effect::Toast { key: "toast-failed", args: vec![("why", why)] }],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Where it stands in `area`, its border included.
    fn place(&self, area: Rect) -> Rect {
        if let Body::Write(composer) = &self.body {
            // At the foot, so that what is answered stays in sight.
            let height = composer.height(area.width).min(area.height);
            return Rect { y: area.bottom() - height, height, ..area };
        }
        // The title and what it is about are read whole, where the screen has room for them.
        let titled = text::width(&self.title) + 2 + if self.about.is_empty() { 0 } else { text::width(&self.about) + 1 };
        let least = u16::try_from(titled + 2).unwrap_or(u16::MAX).min(110).min(area.width);
        let (width, height) = match &self.body {
            Body::Picker(picker) => (
                if self.id == "notices" { 110 } else { picker.cells().clamp(72, 110) },
                u16::try_from(picker.len()).unwrap_or(u16::MAX).saturating_add(4).clamp(6, 24),
            ),
            // Of one height, so that it stands still while rows come and go.
            Body::Find(_) => (100, area.height.saturating_sub(2).clamp(6, 26)),
            Body::Prompt(_) => (64, 5),
            Body::Compose(_) | Body::Write(_) => (88, 18),
            Body::Choose(choose) => choose.size(area.width),
            Body::Escalate(form) => (88, form.height()),
            Body::Verdict(_) => (72, 8),
            Body::Help(page) => page.size(area.width),
            Body::Review(review) => (
                u16::try_from(review.cells() + 2).unwrap_or(u16::MAX).clamp(60, 140),
                u16::try_from(review.rows() + 2).unwrap_or(u16::MAX).clamp(8, area.height.saturating_sub(2).max(8)),
            ),
            Body::Confirm { sentence, .. } => {
                // All that will happen is read before the yes: the box grows with it.
                let width = if text::width(sentence) > 200 { 88 } else { 60 }.max(least);
                let lines = text::wrap(sentence, usize::from(width.min(area.width).saturating_sub(2)).max(1)).len();
                (width, u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(4).max(8))
            }
        };
        centred(area, width.max(least), height)
    }

    /// Draws centred in `area`; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let rect = self.place(area);
        if let Body::Write(composer) = &self.body {
            return composer.draw(frame, rect, &self.about, true, context);
        }
        if rect.width < 4 || rect.height < 3 {
            return None;
        }
        paint::clear(frame, rect);
        let style = context.theme.style(self.role);
        let mut title = vec![Span::styled(format!(" {} ", self.title), style)];
        if !self.about.is_empty() {
            let room = usize::from(rect.width).saturating_sub(2 + text::width(&self.title) + 3);
            title.push(Span::raw(format!("{} ", text::cut(&self.about, room))));
        }
        let block =
            Block::bordered().border_style(style).title(Line::from(title)).title_bottom(self.hint(usize::from(rect.width), context));
        let inner = block.inner(rect);
        frame.render_widget(block, rect);
        match &self.body {
            Body::Picker(picker) => picker.draw(frame, inner, context),
            Body::Find(finder) => finder.draw(frame, inner, context),
            Body::Prompt(prompt) => prompt.draw(frame, inner),
            Body::Compose(compose) => compose.draw(frame, inner),
            Body::Review(review) => review.draw(frame, inner, context),
            Body::Write(_) => None,
            Body::Confirm { sentence, yes } => {
                draw_confirm(frame, inner, context, sentence, *yes);
                None
            }
            Body::Choose(choose) => {
                choose.draw(frame, inner, context);
                None
            }
            Body::Escalate(form) => form.draw(frame, inner, context),
            Body::Verdict(form) => form.draw(frame, inner, context),
            Body::Help(page) => page.draw(frame, inner, context),
        }
    }

    /// Which keys do what, in the lower border.
    fn hint(&self, width: usize, context: &Context<'_>) -> Line<'static> {
        let words = text::cut(&context.locale.text(self.keys()), width.saturating_sub(4));
        Line::styled(format!(" {words} "), context.theme.style(Role::Dim))
    }

    /// Message key of the keys that work in it.
    #[must_use]
    pub fn keys(&self) -> &'static str {
        match &self.body {
            Body::Picker(_) => "overlay-picker-keys",
            Body::Find(_) => "overlay-find-keys",
            Body::Prompt(_) => "overlay-prompt-keys",
            Body::Compose(_) => "overlay-compose-keys",
            Body::Write(_) => "compose-keys",
            Body::Review(review) => review.hint(),
            Body::Confirm { .. } => "overlay-confirm-keys",
            Body::Choose(_) => "overlay-choose-keys",
            Body::Escalate(_) => "overlay-escalate-keys",
            Body::Verdict(_) => "overlay-verdict-keys",
            Body::Help(_) => "overlay-help-keys",
        }
    }
}

fn draw_confirm(frame: &mut Frame<'_>, area: Rect, context: &Context<'_>, sentence: &str, yes: bool) {
    let rows = area.height.saturating_sub(2);
    let body = Rect { height: rows, ..area };
    let lines: Vec<Line<'_>> = text::wrap(sentence, usize::from(area.width.max(1))).into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines), body);
    let choice = |label: &str, on: bool| {
        let style: Style = if on { context.theme.style(Role::Selected) } else { context.theme.style(Role::Dim) };
        Span::styled(format!("{} {label}   ", if on { ">" } else { " " }), style)
    };
    let buttons = Line::from(vec![choice(&context.locale.text("confirm-no"), !yes), choice(&context.locale.text("confirm-yes"), yes)]);
    let row = Rect { y: area.y + area.height.saturating_sub(1), height: 1.min(area.height), ..area };
    frame.render_widget(buttons, row);
}

/// A rectangle of at most `width` by `height` in the middle of `area`.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::Sample;

    fn drawn(kind: QuestionKind, language: Language, (width, height): (u16, u16)) -> String {
        let sample = Sample::new(language);
        let question = Question { id: "any", title: "any", kind };
        let overlay = Overlay::new(Owner::App, question, "What will happen".into(), "");
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| {
                overlay.draw(frame, frame.area(), &sample.context());
            })
            .unwrap();
        terminal.backend().buffer().content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn all_of_a_sentence_is_read_before_the_yes() {
        for (language, sentence) in [
            (Language::English, "Somebody gives a shift and breaks a limit by it. ".repeat(12) + "THE END"),
            (Language::Chinese, "有人换出一班，因此超出限制。".repeat(14) + "THE END"),
        ] {
            let screen = drawn(QuestionKind::Confirm { sentence }, language, (80, 24));
            let yes = Sample::new(language).locale.text("confirm-yes").into_owned();
            assert!(screen.contains("THE END") && screen.contains(&yes), "{screen}");
        }
    }

    #[test]
    fn a_picker_is_as_wide_as_its_hints_ask() {
        let choice =
            Choice { value: "1".into(), label: "Mara Lindqvist (mara.l)".into(), hint: "forty words ".repeat(4) + "END", disabled: None };
        let kind = || QuestionKind::Pick { choices: vec![choice.clone()] };
        assert!(drawn(kind(), Language::English, (120, 40)).contains("END"));
        drawn(kind(), Language::English, (20, 6));
    }
}
