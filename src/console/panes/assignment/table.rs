//! The people of a decision as a table: what the strategy compared, in its order, or in words why somebody was passed over.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::eligible::exclusion_words;
use crate::base::text::{clean, cut, fit};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::load_bar::load_bar;
use crate::domain::assignment::{Candidate, Decision, ScorePart};

const NAME: usize = 14;
const BAR: usize = 6;
const OPEN: usize = 7;
/// Cells of a column of the score.
const COLUMN: usize = 7;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Sticky,
    Language,
    Skill,
    Load,
    Last,
}

impl Column {
    fn of(part: &ScorePart) -> Self {
        match part {
            ScorePart::Sticky { .. } => Self::Sticky,
            ScorePart::Language { .. } => Self::Language,
            ScorePart::Skill { .. } => Self::Skill,
            ScorePart::Load { .. } => Self::Load,
            ScorePart::LastAssigned { .. } => Self::Last,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Sticky => "assignment-column-sticky",
            Self::Language => "assignment-column-language",
            Self::Skill => "assignment-column-skill",
            Self::Load => "assignment-column-load",
            Self::Last => "assignment-column-last",
        }
    }
}

/// The columns in the order in which the strategy compared. Decisions of before have loads and times alone.
fn columns(decision: &Decision) -> Vec<Column> {
    let scored = decision.candidates.iter().find(|candidate| !candidate.score.is_empty());
    scored.map_or_else(|| vec![Column::Load, Column::Last], |candidate| candidate.score.iter().map(Column::of).collect())
}

/// A heading, then a line for each candidate, best first.
pub fn lines<'a>(decision: &Decision, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let columns = columns(decision);
    // The columns go before the bar, which only says again what the figures say.
    let bar = cells >= 5 + NAME + BAR + OPEN + COLUMN * columns.len();
    let mut title = format!("    {} ", fit(&context.locale.text("assignment-column-name"), NAME));
    title.push_str(&fit(&context.locale.text("assignment-column-open"), if bar { BAR + OPEN } else { OPEN }));
    for column in &columns {
        title.push_str(&fit(&context.locale.text(column.title()), COLUMN));
    }
    let mut lines = vec![Line::styled(cut(&title, cells), context.theme.style(Role::Dim))];
    lines.extend(decision.candidates.iter().map(|candidate| line(candidate, decision, &columns, bar, cells, context)));
    lines
}

fn line<'a>(candidate: &Candidate, decision: &Decision, columns: &[Column], bar: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let chosen = decision.chosen == Some(candidate.person);
    let role = match () {
        () if chosen => Role::Good,
        () if candidate.excluded.is_some() => Role::Dim,
        () => Role::Text,
    };
    let style: Style = context.theme.style(role);
    let name = clean(&context.directory.person_name(candidate.person));
    let mut text = format!("  {} {} ", if chosen { "→" } else { " " }, fit(&name, NAME));
    if bar {
        text.push_str(&load_bar(candidate.open, candidate.capacity, BAR));
        text.push(' ');
    }
    text.push_str(&fit(&format!("{}/{}", candidate.open, candidate.capacity), if bar { OPEN - 1 } else { OPEN }));
    match &candidate.excluded {
        Some(why) => text.push_str(&exclusion_words(why, context)),
        None => {
            for column in columns {
                text.push_str(&fit(&value(*column, candidate, decision, context), COLUMN));
            }
        }
    }
    Line::from(Span::styled(cut(&text, cells), style))
}

fn value(column: Column, candidate: &Candidate, decision: &Decision, context: &Context<'_>) -> String {
    let locale = context.locale;
    let yes = |yes: bool| locale.text(if yes { "assignment-yes" } else { "assignment-no" }).into_owned();
    let since = |at: Option<crate::domain::Timestamp>| {
        at.map_or_else(|| locale.text("assignment-never").into_owned(), |at| locale.span((decision.at - at).num_seconds().max(0)))
    };
    match candidate.score.iter().find(|part| Column::of(part) == column) {
        Some(ScorePart::Sticky { served }) => yes(*served),
        Some(ScorePart::Language { speaks }) => yes(*speaks),
        Some(ScorePart::Skill { levels }) => levels.to_string(),
        Some(ScorePart::Load { load }) => format!("{load:.2}"),
        Some(ScorePart::LastAssigned { at }) => since(*at),
        None => match column {
            Column::Load => candidate.load.map_or_else(|| "-".to_owned(), |load| format!("{load:.2}")),
            Column::Last => since(candidate.last_assigned_at),
            Column::Sticky | Column::Language | Column::Skill => "-".to_owned(),
        },
    }
}
