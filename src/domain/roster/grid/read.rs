//! Reading a roster from a grid. Every mistake is told, not only the first.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::date::{date, weekday};
use super::{GIVEN, Grid, GridError, GridLanguage, NOT_WORKED, given, shifts_of};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::roster::{PlanRow, Rota, Shift};
use crate::domain::suggest;

const NAME_WORDS: [&str; 5] = ["person", "name", "姓名", "名字", "人员"];
const HANDLE_WORDS: [&str; 4] = ["handle", "账号", "帐号", "用户名"];
const OFF_WORDS: [&str; 10] = ["-", "－", "—", "off", "休", "休息", "leave", "休假", "请假", "假"];

/// Longer spans are no plan.
const SPAN_MAX_DAYS: i64 = 366;

/// Which columns are what.
struct Columns {
    name: Option<usize>,
    handle: Option<usize>,
    dates: Vec<(usize, NaiveDate)>,
}

struct Reader<'a> {
    directory: &'a Directory,
    rota: &'a Rota,
    rows: &'a [Vec<String>],
    /// Who has left may stand in a roster of the past only.
    past: bool,
    errors: Vec<GridError>,
}

/// A cell without spaces around it, also those of Chinese text.
fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", |cell| cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.contains(&text.to_lowercase().as_str())
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

/// The forms of a name: whole, and where it is written both ways (`张伟 Wei Zhang`) its Chinese and its other part.
fn forms(name: &str) -> Vec<String> {
    let whole = name.trim().to_lowercase();
    let part = |han: bool| -> String {
        let letters: String = whole.chars().map(|c| if is_han(c) == han { c } else { ' ' }).collect();
        let letters = letters.trim_matches(|c: char| c.is_whitespace() || "()（）[]/,·".contains(c));
        letters.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut forms = vec![part(true), part(false), whole];
    forms.retain(|form| !form.is_empty());
    forms.dedup();
    forms
}

impl<'a> Reader<'a> {
    /// Row and column from 0.
    fn error(&mut self, row: usize, column: usize, message: impl Into<String>) {
        self.errors.push(GridError { row: row + 1, column: column + 1, message: message.into() });
    }

    fn columns(&mut self, today: NaiveDate) -> Columns {
        let mut columns = Columns { name: None, handle: None, dates: Vec::new() };
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut near = today;
        for column in 0..width {
            let heading = cell(&self.rows[0], column);
            if is_one_of(heading, &NAME_WORDS) {
                columns.name = Some(column);
            } else if is_one_of(heading, &HANDLE_WORDS) {
                columns.handle = Some(column);
            } else if let Some(date) = date(heading, near) {
                if let Some((other, _)) = columns.dates.iter().find(|(_, other)| *other == date) {
                    let message = format!("{date} stands over column {} too: give each column its own date.", other + 1);
                    self.error(0, column, message);
                    continue;
                }
                near = date;
                columns.dates.push((column, date));
            } else if column == 0 {
                columns.name = Some(0);
            } else if !heading.is_empty() {
                let message = format!("{heading:?} is no date: write it as 2026-12-01, 2026/12/1, 12/1 or 12月1日.");
                self.error(0, column, message);
            } else if let Some(row) = (1..self.rows.len()).find(|row| !cell(&self.rows[*row], column).is_empty()) {
                self.error(row, column, "This cell has no date over it: write one into the first row.");
            }
        }
        columns
    }

    /// The days, which must follow one another.
    fn span(&mut self, columns: &Columns) -> Option<(NaiveDate, NaiveDate)> {
        let from = columns.dates.iter().map(|(_, date)| *date).min();
        let last = columns.dates.iter().map(|(_, date)| *date).max();
        let (Some(from), Some(to)) = (from, last.and_then(|last| last.succ_opt())) else {
            self.error(0, 0, "The first row has no date: write people down, and dates across from the second or third column on.");
            return None;
        };
        if usize::try_from((to - from).num_days()) != Ok(columns.dates.len()) {
            let mut dates: Vec<(NaiveDate, usize)> = columns.dates.iter().map(|(column, date)| (*date, *column)).collect();
            dates.sort_unstable();
            if let Some(pair) = dates.windows(2).find(|pair| pair[0].0.succ_opt() != Some(pair[1].0)) {
                let message = format!("After {} comes {}: give a column to every day between.", pair[0].0, pair[1].0);
                self.error(0, pair[1].1, message);
            }
        }
        Some((from, to))
    }

    /// Whether a row names weekdays; those that do not fit their dates are told.
    fn weekdays(&mut self, row: usize, columns: &Columns) -> bool {
        let cells = columns.dates.iter().map(|(column, date)| (*column, *date, cell(&self.rows[row], *column)));
        let cells: Vec<(usize, NaiveDate, &str)> = cells.filter(|(_, _, text)| !text.is_empty()).collect();
        if row != 1 || cells.is_empty() || !cells.iter().all(|(_, _, text)| weekday(text).is_some()) {
            return false;
        }
        let codes: Vec<&str> = self.rota.shift_types.iter().map(|kind| kind.code.as_str()).collect();
        let somebody = [columns.name, columns.handle].into_iter().flatten().any(|column| !cell(&self.rows[row], column).is_empty());
        if somebody && cells.iter().all(|(_, _, text)| codes.contains(text)) {
            return false;
        }
        for (column, date, text) in cells {
            let is = GridLanguage::En.weekday(date.weekday());
            if weekday(text) != Some(date.weekday()) {
                self.error(row, column, format!("{date} is a {is}, not {text:?}: correct the date, or write it with its year."));
            }
        }
        true
    }

    fn by_handle(&self, text: &str) -> Option<&'a Person> {
        let text = text.strip_prefix('@').unwrap_or(text);
        self.directory.people.values().find(|person| person.handle.eq_ignore_ascii_case(text))
    }

    /// By handle, or by name where `name` says so.
    fn find(&self, text: &str, name: bool) -> Result<&'a Person, String> {
        let directory = self.directory;
        if let Some(person) = self.by_handle(text) {
            return Ok(person);
        }
        let wanted = text.to_lowercase();
        let named = |person: &&Person| name && forms(&person.name).contains(&wanted);
        let mut found: Vec<&Person> = directory.people.values().filter(named).collect();
        if found.iter().any(|person| person.active) {
            found.retain(|person| person.active);
        }
        found.sort_by_key(|person| &person.handle);
        match found.as_slice() {
            [person] => Ok(person),
            [] => {
                let names = directory.people.values().filter(|person| person.active);
                let near: Vec<&str> = names.flat_map(|person| [person.handle.as_str(), person.name.as_str()]).collect();
                let near = suggest::near(text, near.into_iter());
                Err(format!("There is nobody called {text:?}: write a handle or a name as in the directory.{near}"))
            }
            several => {
                let handles: Vec<&str> = several.iter().map(|person| person.handle.as_str()).collect();
                Err(format!("{text:?} is the name of {} people ({}): write the handle instead.", several.len(), handles.join(", ")))
            }
        }
    }

    fn person(&mut self, row: usize, columns: &Columns) -> Option<PersonId> {
        let text = |column: Option<usize>| column.map_or("", |column| cell(&self.rows[row], column));
        let (name, handle) = (text(columns.name), text(columns.handle));
        let at = if handle.is_empty() { columns.name } else { columns.handle }.or(columns.name).unwrap_or(0);
        let found = if !handle.is_empty() {
            self.find(handle, false)
        } else if !name.is_empty() {
            self.find(name, true)
        } else {
            Err("The row does not say whose it is: write a handle or a name.".to_owned())
        };
        let found = match found {
            Ok(person) if !person.active && !self.past => Err(format!("{} does not work here any more: remove the row.", person.name)),
            Ok(person) if !handle.is_empty() && !name.is_empty() && !self.is_called(person, name) => {
                Err(format!("{handle} is {}, not {name}: correct one of them.", person.name))
            }
            other => other,
        };
        match found {
            Ok(person) => Some(person.id),
            Err(message) => {
                self.error(row, at, message);
                None
            }
        }
    }

    fn is_called(&self, person: &Person, name: &str) -> bool {
        forms(&person.name).contains(&name.to_lowercase()) || self.by_handle(name).is_some_and(|other| other.id == person.id)
    }

    /// The code that a text names: itself, in other letters, or by the shift type's name.
    fn code(&self, text: &str) -> Option<&'a str> {
        let kinds = &self.rota.shift_types;
        let same = |other: &str| other.to_lowercase() == text.to_lowercase();
        let mut near = kinds.iter().filter(|kind| same(&kind.code));
        let exact = kinds.iter().find(|kind| kind.code == text);
        let kind = exact.or_else(|| near.next().filter(|_| near.next().is_none())).or_else(|| kinds.iter().find(|kind| same(&kind.name)));
        kind.map(|kind| kind.code.as_str())
    }

    /// The planned shift of a cell. `given` are the shifts that changes gave on that day.
    fn shift(&self, text: &str, given: &[&str]) -> Result<Option<String>, String> {
        if let Some(code) = self.code(text) {
            return Ok(Some(code.to_owned()));
        }
        let mut parts = text.split(GIVEN).map(str::trim);
        let own = parts.next().unwrap_or("");
        if let Some(more) = parts.find(|part| !given.contains(part)) {
            let more = if more.is_empty() { "an extra shift".to_owned() } else { format!("{more:?}") };
            return Err(format!("{text:?} adds {more}, and a plan has one shift a day: enter it as an extra shift or a cover instead."));
        }
        let own = own.strip_suffix(NOT_WORKED).unwrap_or(own).trim();
        match self.code(own) {
            Some(code) => Ok(Some(code.to_owned())),
            None if own.is_empty() || is_one_of(own, &OFF_WORDS) => Ok(None),
            None => {
                let names = self.rota.shift_types.iter().flat_map(|kind| [kind.code.as_str(), kind.name.as_str()]);
                let near = suggest::near(own, names);
                let codes: Vec<&str> = self.rota.shift_types.iter().map(|kind| kind.code.as_str()).collect();
                let codes = codes.join(", ");
                Err(format!("{own:?} is no shift of {}: write {codes}, or nothing for a day off.{near}", self.rota.key))
            }
        }
    }

    fn codes(&mut self, row: usize, columns: &Columns, from: NaiveDate, given: impl Fn(NaiveDate) -> Vec<&'a str>) -> Vec<Option<String>> {
        let mut codes = vec![None; columns.dates.len()];
        for (column, date) in &columns.dates {
            let text = cell(&self.rows[row], *column);
            if text.is_empty() {
                continue;
            }
            match self.shift(text, &given(*date)) {
                Ok(code) => {
                    let place = usize::try_from((*date - from).num_days()).ok();
                    if let Some(cell) = place.and_then(|place| codes.get_mut(place)) {
                        *cell = code;
                    }
                }
                Err(message) => self.error(row, *column, message),
            }
        }
        codes
    }
}

/// Reads a grid: headings with dates, perhaps a row of weekdays, then a row a person by handle or name. Dates without a year
/// are those nearest to `today`, or to the date before them. People without a row are not on duty.
///
/// # Errors
/// Everything that is wrong, by row and column.
pub fn from_grid(directory: &Directory, rota: &Rota, rows: &[Vec<String>], today: NaiveDate) -> Result<Grid, Vec<GridError>> {
    let mut reader = Reader { directory, rota, rows, past: false, errors: Vec::new() };
    if rows.is_empty() {
        reader.error(0, 0, "The sheet is empty: write dates across and people down.");
        return Err(reader.errors);
    }
    let columns = reader.columns(today);
    let Some((from, to)) = reader.span(&columns) else { return Err(reader.errors) };
    reader.past = to <= today;
    let zone = rota.time_zone.parse::<Tz>().unwrap_or(Tz::UTC);
    // Of a span that is far too long, nobody's shifts are needed: its missing days have been told.
    let sensible = (to - from).num_days() <= SPAN_MAX_DAYS;
    let shifts: Vec<Shift> = if sensible { shifts_of(directory, rota, zone, from, to) } else { Vec::new() };
    let mut result: Vec<PlanRow> = Vec::new();
    let mut seen: HashMap<PersonId, usize> = HashMap::new();
    for row in 1..rows.len() {
        if rows[row].iter().all(|text| text.trim().is_empty()) || reader.weekdays(row, &columns) {
            continue;
        }
        let person = reader.person(row, &columns);
        let codes = reader.codes(row, &columns, from, |date| person.map_or_else(Vec::new, |person| given(&shifts, zone, person, date)));
        let Some(person) = person else { continue };
        if let Some(first) = seen.insert(person, row) {
            let message = format!("{} has row {} already: join the two.", directory.person_name(person), first + 1);
            reader.error(row, columns.name.or(columns.handle).unwrap_or(0), message);
            continue;
        }
        result.push(PlanRow { person, codes });
    }
    if result.is_empty() && reader.errors.is_empty() {
        reader.error(0, 0, "The sheet names nobody: write a row for each person.");
    }
    if reader.errors.is_empty() { Ok(Grid { from, to, rows: result }) } else { Err(reader.errors) }
}
