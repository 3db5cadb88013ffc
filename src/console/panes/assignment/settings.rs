//! How a queue gives out its tickets: shown to everybody, changed by leads. Edits gather in a draft that is saved as a whole.

use ratatui::text::{Line, Span};

use crate::base::text::{clean, cut, fit};
use crate::console::effect::{Answer, Choice, Effect, Question, QuestionKind};
use crate::console::locale::Locale;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::list;
use crate::domain::command::Command;
use crate::domain::id::QueueId;
use crate::domain::person;
use crate::domain::queue::{EndOfShift, Queue, Strategy};

/// The id of the questions that change a setting.
pub const ASK: &str = "assignment-setting";

const STRATEGIES: [Strategy; 5] = [Strategy::LeastLoaded, Strategy::RoundRobin, Strategy::SkillFirst, Strategy::Sticky, Strategy::Manual];
const ENDS: [EndOfShift; 3] = [EndOfShift::Keep, EndOfShift::Return, EndOfShift::Relief];

/// A line of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Strategy,
    Skills,
    Language,
    Cap,
    AcceptWithin,
    EndOfShift,
    Grace,
    Save,
}

const FIELDS: [Field; 8] =
    [Field::Strategy, Field::Skills, Field::Language, Field::Cap, Field::AcceptWithin, Field::EndOfShift, Field::Grace, Field::Save];

/// The form over one queue.
#[derive(Debug)]
pub struct Settings {
    pub queue: QueueId,
    /// The row as changed so far, with the version seen; absent before the first change.
    draft: Option<Queue>,
    selected: usize,
}

impl Settings {
    #[must_use]
    pub fn new(queue: QueueId) -> Self {
        Self { queue, draft: None, selected: 0 }
    }

    pub fn step(&mut self, by: isize) {
        self.selected = list::step(Some(self.selected), by, FIELDS.len()).unwrap_or(0);
    }

    /// Asks for the selected setting, or saves.
    pub fn open(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if !matches!(context.me.role, person::Role::Lead | person::Role::Admin) {
            return toast("assignment-settings-leads");
        }
        let Some(row) = context.directory.queues.get(&self.queue) else { return Vec::new() };
        let queue = self.draft.as_ref().unwrap_or(row);
        let locale = context.locale;
        let kind = match FIELDS[self.selected] {
            Field::Save => return self.save(context),
            Field::Strategy => pick(STRATEGIES.iter().map(|one| locale.text(strategy_word(*one)).into_owned())),
            Field::EndOfShift => pick(ENDS.iter().map(|one| locale.text(end_word(*one)).into_owned())),
            Field::Language => pick(["assignment-no", "assignment-yes"].iter().map(|key| locale.text(key).into_owned())),
            Field::Skills => QuestionKind::Prompt { text: queue.skills.join(", ") },
            Field::Cap => QuestionKind::Prompt { text: queue.cap.map_or_else(String::new, |cap| cap.to_string()) },
            Field::AcceptWithin => QuestionKind::Prompt { text: span_text(queue.accept_within_secs) },
            Field::Grace => QuestionKind::Prompt { text: span_text(queue.grace_secs) },
        };
        vec![Effect::Ask(Box::new(Question { id: ASK, title: title(FIELDS[self.selected]), kind }))]
    }

    /// Takes the answer into the draft.
    pub fn answered(&mut self, answer: &Answer, context: &Context<'_>) -> Vec<Effect> {
        let text = match answer {
            Answer::Picked(text) | Answer::Text(text) => text.trim(),
            Answer::Confirmed | Answer::Dismissed(_) | Answer::Escalation { .. } | Answer::Verdict { .. } => return Vec::new(),
        };
        let Some(row) = context.directory.queues.get(&self.queue) else { return Vec::new() };
        let mut queue = self.draft.clone().unwrap_or_else(|| row.clone());
        let taken = match FIELDS[self.selected] {
            Field::Strategy => place(text, &STRATEGIES).map(|one| queue.strategy = one),
            Field::EndOfShift => place(text, &ENDS).map(|one| queue.end_of_shift = one),
            Field::Language => place(text, &[false, true]).map(|one| queue.language_required = one),
            Field::Skills => {
                queue.skills = text.split([',', '，', '、']).map(str::trim).filter(|skill| !skill.is_empty()).map(clean).collect();
                Some(())
            }
            Field::Cap if text.is_empty() => {
                queue.cap = None;
                Some(())
            }
            Field::Cap => text.parse().ok().filter(|cap| *cap > 0).map(|cap| queue.cap = Some(cap)),
            Field::AcceptWithin => secs(text).map(|secs| queue.accept_within_secs = secs),
            Field::Grace => secs(text).map(|secs| queue.grace_secs = secs),
            Field::Save => None,
        };
        if taken.is_none() {
            return toast("assignment-settings-unclear");
        }
        self.draft = (queue != *row).then_some(queue);
        Vec::new()
    }

    fn save(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(queue) = self.draft.take() else { return toast("assignment-settings-same") };
        let (version, name) = (queue.version, clean(&queue.name));
        self.selected = 0;
        let args = vec![("queue", name), ("strategy", context.locale.text(strategy_word(queue.strategy)).into_owned())];
        vec![
            Effect::Submit { command: Box::new(Command::PutQueue(Box::new(queue))), base_version: Some(version) },
            Effect::Toast { key: "assignment-settings-saved", args },
        ]
    }

    pub fn lines<'a>(&self, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
        let (locale, theme) = (context.locale, context.theme);
        let Some(row) = context.directory.queues.get(&self.queue) else { return Vec::new() };
        let queue = self.draft.as_ref().unwrap_or(row);
        let line = |(index, field): (usize, &Field)| {
            let selected = index == self.selected;
            let base = theme.style(if selected { Role::Selected } else { Role::Text });
            let (value, before) = (value(*field, queue, locale), value(*field, row, locale));
            let changed = value != before;
            let mark = format!("{}{} ", if selected { ">" } else { " " }, if changed { "*" } else { " " });
            let value = if changed { locale.with("assignment-setting-was", &[("now", &value), ("was", &before)]) } else { value };
            let style = theme.style(if changed { Role::Accent } else { Role::Text });
            let name = fit(&locale.text(title(*field)), 22);
            Line::from(vec![Span::styled(format!("{mark}{name} "), base), Span::styled(cut(&value, cells.saturating_sub(26)), style)])
        };
        FIELDS.iter().enumerate().map(line).collect()
    }
}

fn toast(key: &'static str) -> Vec<Effect> {
    vec![Effect::Toast { key, args: Vec::new() }]
}

/// Choices known by their place.
fn pick(labels: impl Iterator<Item = String>) -> QuestionKind {
    let choice = |(place, label): (usize, String)| Choice { value: place.to_string(), label, hint: String::new(), disabled: None };
    QuestionKind::Pick { choices: labels.enumerate().map(choice).collect() }
}

fn place<T: Copy>(text: &str, of: &[T]) -> Option<T> {
    of.get(text.parse::<usize>().ok()?).copied()
}

/// `90s`, `3m`, `2h`, `0`: seconds as people type them; a bare number is minutes.
fn secs(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let (digits, unit) = match text.char_indices().find(|(_, char)| !char.is_ascii_digit()) {
        Some((at, _)) => text.split_at(at),
        None => (text.as_str(), "m"),
    };
    let times = match unit.trim() {
        "s" | "秒" => 1,
        "m" | "分" | "分钟" => 60,
        "h" | "小时" => 3600,
        _ => return None,
    };
    digits.parse::<u32>().ok()?.checked_mul(times).filter(|secs| *secs <= 7 * 86_400)
}

fn span_text(secs: u32) -> String {
    match secs {
        0 => "0".to_owned(),
        secs if secs % 3600 == 0 => format!("{}h", secs / 3600),
        secs if secs % 60 == 0 => format!("{}m", secs / 60),
        secs => format!("{secs}s"),
    }
}

fn title(field: Field) -> &'static str {
    match field {
        Field::Strategy => "assignment-setting-strategy",
        Field::Skills => "assignment-setting-skills",
        Field::Language => "assignment-setting-language",
        Field::Cap => "assignment-setting-cap",
        Field::AcceptWithin => "assignment-setting-accept",
        Field::EndOfShift => "assignment-setting-end",
        Field::Grace => "assignment-setting-grace",
        Field::Save => "assignment-setting-save",
    }
}

fn value(field: Field, queue: &Queue, locale: &Locale) -> String {
    let text = |key: &str| locale.text(key).into_owned();
    match field {
        Field::Strategy => text(strategy_word(queue.strategy)),
        Field::Skills if queue.skills.is_empty() => "-".to_owned(),
        Field::Skills => clean(&queue.skills.join(", ")),
        Field::Language => text(if queue.language_required { "assignment-yes" } else { "assignment-no" }),
        Field::Cap => queue.cap.map_or_else(|| text("assignment-setting-no-limit"), |cap| cap.to_string()),
        Field::AcceptWithin if queue.accept_within_secs == 0 => text("assignment-setting-no-limit"),
        Field::AcceptWithin => span_text(queue.accept_within_secs),
        Field::EndOfShift => text(end_word(queue.end_of_shift)),
        Field::Grace => span_text(queue.grace_secs),
        Field::Save => String::new(),
    }
}

/// Message key of a strategy.
#[must_use]
pub fn strategy_word(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::LeastLoaded => "assignment-strategy-least-loaded",
        Strategy::RoundRobin => "assignment-strategy-round-robin",
        Strategy::SkillFirst => "assignment-strategy-skill-first",
        Strategy::Sticky => "assignment-strategy-sticky",
        Strategy::Manual => "assignment-strategy-manual",
    }
}

fn end_word(end: EndOfShift) -> &'static str {
    match end {
        EndOfShift::Keep => "assignment-end-keep",
        EndOfShift::Return => "assignment-end-return",
        EndOfShift::Relief => "assignment-end-relief",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_they_are_written() {
        for secs_ in [0, 45, 90, 180, 3600, 5400] {
            assert_eq!(secs(&span_text(secs_)), Some(secs_));
        }
        assert_eq!(secs("3"), Some(180), "minutes, where nothing is said");
        assert_eq!(secs("2小时"), Some(7200));
        for wrong in ["", "m", "soon", "-3", "3 d", "99999999999h", "200h"] {
            assert_eq!(secs(wrong), None, "{wrong}");
        }
    }
}
