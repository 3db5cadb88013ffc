//! The first-run form: name, language, theme, and whether to load the sample desk. Pure: keys in, state out; the loop
//! that shows it is in `app`.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;

use super::key::{Key, KeyCode};
use super::locale::{Language, Locale};
use super::theme::{AUTO, Role, Theme};
use crate::base::text::{clean, cut, fit};

/// Longest name, in characters.
const NAME_MAX: usize = 60;
const FIELDS: usize = 5;
/// Cells of the form with its border.
const WIDTH: u16 = 64;
const HEIGHT: u16 = 16;

/// What the person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstRun {
    pub name: String,
    pub language: Language,
    pub theme: String,
    pub sample_desk: bool,
}

/// What a key did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Going,
    Done(FirstRun),
    /// Escape: nothing is made.
    Left,
}

/// The form's state.
pub struct FirstRunForm {
    name: Input,
    language: Language,
    theme: usize,
    sample_desk: bool,
    field: usize,
    /// The name was left empty.
    nameless: bool,
}

impl FirstRunForm {
    /// `name` as the system knows the person; may be empty.
    #[must_use]
    pub fn new(name: &str, language: Language) -> Self {
        Self { name: Input::new(clean(name)), language, theme: 0, sample_desk: false, field: 0, nameless: false }
    }

    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The theme chosen so far: the form shows itself in it. [`AUTO`] comes first: most people never choose.
    #[must_use]
    pub fn theme(&self) -> &'static str {
        Self::themes()[self.theme]
    }

    fn themes() -> Vec<&'static str> {
        std::iter::once(AUTO).chain(Theme::built_in_names()).collect()
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Progress {
        match key.code {
            KeyCode::Escape => return Progress::Left,
            KeyCode::Tab if key.shift => self.move_by(FIELDS - 1),
            KeyCode::Up => self.move_by(FIELDS - 1),
            KeyCode::Down | KeyCode::Tab => self.move_by(1),
            KeyCode::Enter if self.field + 1 < FIELDS => self.move_by(1),
            KeyCode::Enter => return self.finish(),
            _ if self.field == 0 => self.edit(key),
            KeyCode::Left | KeyCode::Char('h') => self.turn(-1),
            KeyCode::Right | KeyCode::Char('l' | ' ') => self.turn(1),
            _ => {}
        }
        Progress::Going
    }

    /// Takes pasted text into the name.
    pub fn paste(&mut self, text: &str) {
        if self.field == 0 {
            clean(text).chars().for_each(|char| self.insert(char));
        }
    }

    fn move_by(&mut self, fields: usize) {
        self.field = (self.field + fields) % FIELDS;
    }

    fn edit(&mut self, key: Key) {
        self.nameless = false;
        let request = match key.code {
            KeyCode::Char('u') if key.ctrl => InputRequest::DeleteLine,
            KeyCode::Char('w') if key.ctrl => InputRequest::DeletePrevWord,
            KeyCode::Char(char) if !key.ctrl && !key.alt => return self.insert(char),
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left => InputRequest::GoToPrevChar,
            KeyCode::Right => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            _ => return,
        };
        self.name.handle(request);
    }

    fn insert(&mut self, char: char) {
        if self.name.value().chars().count() < NAME_MAX && !char.is_control() {
            self.name.handle(InputRequest::InsertChar(char));
        }
    }

    fn turn(&mut self, by: isize) {
        match self.field {
            1 => self.language = if self.language == Language::English { Language::Chinese } else { Language::English },
            2 => {
                let themes = Self::themes().len();
                self.theme = (self.theme + themes).wrapping_add_signed(by) % themes;
            }
            3 => self.sample_desk = !self.sample_desk,
            _ => {}
        }
    }

    fn finish(&mut self) -> Progress {
        let name = clean(self.name.value()).trim().to_owned();
        if name.is_empty() {
            (self.nameless, self.field) = (true, 0);
            return Progress::Going;
        }
        Progress::Done(FirstRun { name, language: self.language, theme: self.theme().to_owned(), sample_desk: self.sample_desk })
    }

    /// Draws the form in the middle; returns where the text cursor belongs.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, locale: &Locale, theme: &Theme) -> Option<Position> {
        let form = area.centered(
            ratatui::layout::Constraint::Length(WIDTH.min(area.width)),
            ratatui::layout::Constraint::Length(HEIGHT.min(area.height)),
        );
        frame.render_widget(Clear, area);
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(theme.style(Role::BorderFocused))
            .title(Span::styled(format!(" {} ", locale.text("setup-title")), theme.style(Role::Title)));
        let inner = block.inner(form);
        frame.render_widget(block, form);
        frame.render_widget(Paragraph::new(self.lines(inner.width.into(), locale, theme)), inner);
        let name_row = inner.y + 3;
        let column = inner.x as usize + 2 + label_cells(locale) + 1 + self.name.visual_cursor();
        (self.field == 0 && name_row < area.bottom())
            .then(|| Position::new(u16::try_from(column).unwrap_or(inner.right()).min(inner.right().saturating_sub(1)), name_row))
    }

    fn lines<'a>(&self, width: usize, locale: &'a Locale, theme: &Theme) -> Vec<Line<'a>> {
        let text = |key: &str| locale.text(key).into_owned();
        let yes_no = text(if self.sample_desk { "setup-yes" } else { "setup-no" });
        let language = match self.language {
            Language::English => "English",
            Language::Chinese => "简体中文",
        };
        let mut lines = vec![
            Line::styled(cut(&text("setup-welcome"), width), theme.style(Role::Text)),
            Line::styled(cut(&text("setup-welcome-more"), width), theme.style(Role::Dim)),
            Line::default(),
            self.field_line(0, &text("setup-name"), self.name.value(), false, locale, theme),
            self.field_line(1, &text("setup-language"), language, true, locale, theme),
            self.field_line(2, &text("setup-theme"), self.theme(), true, locale, theme),
            sample(locale, theme),
            self.field_line(3, &text("setup-sample"), &yes_no, true, locale, theme),
            Line::default(),
        ];
        let start = format!("{} [ {} ]", if self.field == 4 { ">" } else { " " }, text("setup-start"));
        lines.push(Line::styled(start, self.style(4, theme)));
        lines.push(Line::default());
        let hint = if self.nameless { ("setup-nameless", Role::Danger) } else { ("setup-keys", Role::Dim) };
        lines.push(Line::styled(cut(&text(hint.0), width), theme.style(hint.1)));
        lines
    }

    fn field_line<'a>(&self, field: usize, label: &str, value: &str, turns: bool, locale: &Locale, theme: &Theme) -> Line<'a> {
        let marker = if self.field == field { "> " } else { "  " };
        let value = if turns { format!("‹ {value} ›") } else { value.to_owned() };
        Line::from(vec![
            Span::styled(marker, theme.style(Role::Accent)),
            Span::styled(fit(label, label_cells(locale)), theme.style(Role::Dim)),
            Span::raw(" "),
            Span::styled(value, self.style(field, theme)),
        ])
    }

    fn style(&self, field: usize, theme: &Theme) -> Style {
        theme.style(if self.field == field { Role::Selected } else { Role::Text })
    }
}

/// What states look like in the theme, so that it can be judged here.
fn sample<'a>(locale: &Locale, theme: &Theme) -> Line<'a> {
    let shown = [
        ("priority-urgent", Role::PriorityUrgent),
        ("message-public", Role::Public),
        ("message-internal", Role::Internal),
        ("shifts-head-on-duty", Role::OnDuty),
        ("call-off-duty", Role::OffDuty),
    ];
    let words = shown.map(|(key, role)| Span::styled(format!("{}  ", locale.text(key)), theme.style(role)));
    let mut line = Line::from(Span::raw(" ".repeat(2 + label_cells(locale) + 1)));
    line.spans.extend(words);
    line
}

fn label_cells(locale: &Locale) -> usize {
    ["setup-name", "setup-language", "setup-theme", "setup-sample"].iter().map(|key| locale.text(key).width()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn press(form: &mut FirstRunForm, keys: &str) -> Progress {
        keys.split(' ').map(|key| form.key(key.parse().expect("a key"))).last().expect("at least one key")
    }

    #[test]
    fn it_asks_for_a_name_and_gives_what_was_chosen() {
        let mut form = FirstRunForm::new("", Language::English);
        assert_eq!(press(&mut form, "up enter"), Progress::Going);
        assert!(form.nameless);
        form.paste("张伟\x1b[2J");
        let done = press(&mut form, "down right down right down space down enter");
        let expected =
            FirstRun { name: "张伟␛[2J".to_owned(), language: Language::Chinese, theme: "dark".to_owned(), sample_desk: true };
        assert_eq!(done, Progress::Done(expected));
    }

    #[test]
    fn escape_leaves() {
        assert_eq!(press(&mut FirstRunForm::new("Li Na", Language::English), "down esc"), Progress::Left);
    }

    #[test]
    fn it_draws_in_both_languages_at_any_size() {
        for language in Language::ALL {
            let locale = Locale::new(language);
            let theme = Theme::built_in("dark").expect("embedded");
            for (width, height) in [(1, 1), (20, 5), (80, 24), (200, 60)] {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test terminal");
                let form = FirstRunForm::new("李娜", language);
                terminal.draw(|frame| _ = form.draw(frame, frame.area(), &locale, &theme)).expect("drawn");
            }
            let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a test terminal");
            let form = FirstRunForm::new("李娜", language);
            let mut cursor = None;
            terminal.draw(|frame| cursor = form.draw(frame, frame.area(), &locale, &theme)).expect("drawn");
            assert!(cursor.is_some());
            insta::assert_snapshot!(format!("first_run_{}", language.tag()), terminal.backend());
        }
    }
}
