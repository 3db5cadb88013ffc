//! The form of a rota: fields above, below them what is wrong or, when all can be read, the first two weeks.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::page::two_weeks;
use crate::base::text::{cut, fit, width};
use crate::console::pane::Context;
use crate::console::panes::shifts::rotas::form::{Field, RotaForm};
use crate::console::panes::shifts::rotas::page::{DAYS, monday, weeks};
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::domain::directory::Directory;
use crate::domain::roster::Rota;

pub fn draw(form: &RotaForm, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let (locale, theme) = (context.locale, context.theme);
    let (title, area) = paint::take_top(area, 1);
    let heading = format!("{}  {}", locale.text("shifts-form-title"), locale.text("shifts-form-keys"));
    paint::lines(frame, title, [Line::styled(cut(&heading, usize::from(title.width)), theme.style(Role::Title))]);
    let fields = u16::try_from(Field::ALL.len()).unwrap_or(15);
    let (rows, below) = paint::take_top(area, fields.min(area.height.saturating_sub(1)));
    let labels = Field::ALL.iter().map(|field| width(&locale.text(field.label()))).max().unwrap_or(8) + 4;
    let labels = u16::try_from(labels).unwrap_or(16).min(area.width / 2);
    let read = form.rota(context.directory);
    let wrong = read.as_ref().err().map(|(field, _)| *field);
    let shown = list::page(Field::ALL.len(), form.field, usize::from(rows.height));
    let mut caret = None;
    for (field, row) in Field::ALL.iter().enumerate().skip(shown.start).take(shown.len()).map(|(_, field)| *field).zip(rows.rows()) {
        let here = field == form.focused();
        let mark = match (here, wrong == Some(field)) {
            (_, true) => "!",
            (true, false) => ">",
            (false, false) => " ",
        };
        let role = match () {
            () if wrong == Some(field) => Role::Danger,
            () if here => Role::Selected,
            () => Role::Dim,
        };
        let (head, input) = paint::split_left(row, labels);
        let label =
            fit(&cut(&format!("{mark} {}", locale.text(field.label())), usize::from(labels).saturating_sub(1)), usize::from(labels));
        paint::lines(frame, head, [Line::styled(label, theme.style(role))]);
        if form.input(field).value().is_empty() && !here {
            // Said in words: an example must not be taken for a value.
            let example = locale.with("shifts-form-example", &[("example", &locale.text(field.example()))]);
            let example = cut(&example, usize::from(input.width));
            paint::lines(frame, input, [Line::styled(example, theme.style(Role::Dim))]);
        }
        let place = form.input(field).draw(frame, input.intersection(frame.area()));
        if here {
            caret = place;
        }
    }
    below_lines(form, frame, below, read, context);
    caret.filter(|place| frame.area().contains(*place))
}

/// What the focused field takes, then what is wrong or what comes of it all.
fn below_lines(
    form: &RotaForm,
    frame: &mut Frame<'_>,
    area: Rect,
    read: Result<Rota, (Field, crate::console::panes::shifts::rotas::text::Wrong)>,
    context: &Context<'_>,
) {
    let (locale, theme) = (context.locale, context.theme);
    let cells = usize::from(area.width);
    let example = locale.with("shifts-form-example", &[("example", &locale.text(form.focused().example()))]);
    let mut lines = vec![Line::styled(cut(&example, cells), theme.style(Role::Dim))];
    match read {
        Ok(rota) => {
            let with = with_draft(context.directory, &rota);
            let first = monday(context);
            let weeks = weeks(&rota, &with, first, context);
            let gaps = locale.count("shifts-form-gaps", weeks.gaps.len());
            let title = locale.with("shifts-form-preview", &[("days", &DAYS.to_string())]);
            let role = if weeks.gaps.is_empty() { Role::Good } else { Role::Gap };
            lines.push(Line::from(vec![
                Span::styled(format!("{title} · "), theme.style(Role::Accent)),
                Span::styled(gaps, theme.style(role)),
            ]));
            lines.extend(two_weeks(&weeks, &rota, first, area.width, context));
        }
        Err((field, wrong)) => {
            let why = locale.with(wrong.why, &[("part", &wrong.part)]);
            let text = format!("! {}: {why}", locale.text(field.label()));
            lines
                .extend(crate::base::text::wrap(&text, cells.max(1)).into_iter().map(|line| Line::styled(line, theme.style(Role::Danger))));
        }
    }
    paint::lines(frame, area, lines);
}

/// The directory with the draft in it: whoever is asked about its people finds them.
fn with_draft(directory: &Directory, rota: &Rota) -> Directory {
    let mut with = directory.clone();
    with.rotas.insert(rota.id, rota.clone());
    with
}
