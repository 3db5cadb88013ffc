//! The one writer to stdout and stderr. Everything a person reads passes [`clean`]; JSON is the API's own.
//!
//! A reader that goes away (`dutydesk ticket list | head`) is no failure: writing stops silently.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::error::CliError;
use crate::base::text::{clean, clean_lines, cut, fit, width, wrap};

/// Cells between two columns.
const GAP: usize = 2;
/// A column of a table on a terminal is not made narrower than this.
const COLUMN_MIN: usize = 8;
const WIDTH_FALLBACK: usize = 80;

/// Where results go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    json: bool,
    /// Cells of the terminal; none when stdout is a file or a pipe, where nothing is cut.
    columns: Option<usize>,
}

/// A list as programs read it.
#[derive(Serialize)]
struct List<'a, T> {
    items: &'a [T],
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

impl Output {
    #[must_use]
    pub fn new(json: bool) -> Self {
        let columns = io::stdout().is_terminal().then(|| crossterm::terminal::size().map_or(WIDTH_FALLBACK, |(columns, _)| columns.into()));
        Self { json, columns }
    }

    #[must_use]
    pub fn is_json(self) -> bool {
        self.json
    }

    /// A value as JSON, indented on a terminal.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CliError> {
        let text = if self.columns.is_some() { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
        let text = text.map_err(|error| CliError::failed(format!("The answer cannot be written as JSON: {error}.")))?;
        self.raw(&format!("{}\n", harmless(&text)))
    }

    /// A list: `{"items": …}` with `--json`, else a table of `row`s.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn list<T: Serialize>(self, items: &[T], heads: &[&str], row: impl Fn(&T) -> Vec<String>) -> Result<(), CliError> {
        if self.json {
            return self.items(items, None);
        }
        self.raw(&table(heads, &items.iter().map(row).collect::<Vec<_>>(), self.columns))
    }

    /// Rows as `{"items": …}`, in the API's own order of fields; `next` when there is more.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn items<T: Serialize>(self, items: &[T], next: Option<&str>) -> Result<(), CliError> {
        self.json(&List { items, next })
    }

    /// One row: JSON as it is, else named values, one a line; empty ones are left out.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn record<T: Serialize + ?Sized>(self, value: &T, fields: &[(&str, String)]) -> Result<(), CliError> {
        if self.json {
            return self.json(value);
        }
        self.fields(fields)
    }

    /// Named values, one a line; empty ones are left out.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn fields(self, fields: &[(&str, String)]) -> Result<(), CliError> {
        let cells = fields.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        let shown = fields.iter().filter(|(_, value)| !value.is_empty());
        let lines: String = shown.map(|(name, value)| format!("{}  {}\n", fit(name, cells), clean(value))).collect();
        self.raw(&lines)
    }

    /// What a write did: JSON of `value`, else one sentence.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn done<T: Serialize + ?Sized>(self, value: &T, sentence: &str) -> Result<(), CliError> {
        if self.json { self.json(value) } else { self.line(sentence) }
    }

    /// What was asked for: JSON of `value`, else lines, each clean by itself.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn lines<T: Serialize + ?Sized>(self, value: &T, lines: &[String]) -> Result<(), CliError> {
        if self.json {
            return self.json(value);
        }
        self.raw(&lines.iter().map(|line| format!("{}\n", clean(line))).collect::<String>())
    }

    /// One line for people.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn line(self, text: &str) -> Result<(), CliError> {
        self.raw(&format!("{}\n", clean(text)))
    }

    /// A text of many lines for people, wrapped and indented.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn paragraph(self, text: &str) -> Result<(), CliError> {
        let text = clean_lines(text);
        let lines = match self.columns {
            Some(columns) => wrap(&text, columns.saturating_sub(2)),
            None => text.lines().map(str::to_owned).collect(),
        };
        self.raw(&lines.iter().map(|line| format!("  {}\n", line.trim_end())).collect::<String>())
    }

    /// Bytes that are ours already: completions, manual pages.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn raw(self, text: &str) -> Result<(), CliError> {
        quiet_pipe(write(io::stdout().lock(), text))
    }

    /// A remark beside the result, to stderr; silent with `--json`.
    pub fn note(self, text: &str) {
        if !self.json {
            // Nothing is left to tell somebody whose stderr is gone.
            let _ = write(io::stderr().lock(), &format!("{}\n", clean(text)));
        }
    }

    /// A failure, to stderr: one sentence, or the problem as JSON.
    pub fn error(self, error: &CliError) {
        let text = if self.json { harmless(&serde_json::to_string(&error.problem).unwrap_or_default()) } else { clean(&error.to_string()) };
        let _ = write(io::stderr().lock(), &format!("{text}\n"));
    }
}

/// The same JSON without a character that a terminal obeys: JSON itself escapes only those below a space.
fn harmless(json: &str) -> String {
    let obeyed = |char: char| matches!(char, '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !json.contains(obeyed) {
        return json.to_owned();
    }
    json.chars().map(|char| if obeyed(char) { format!("\\u{:04x}", char as u32) } else { char.to_string() }).collect()
}

fn write(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

fn quiet_pipe(written: io::Result<()>) -> Result<(), CliError> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::failed(format!("The result cannot be written: {error}."))),
        _ => Ok(()),
    }
}

/// Rows under heads, aligned by cells. On a terminal the widest columns give way until a line fits.
fn table(heads: &[&str], rows: &[Vec<String>], columns: Option<usize>) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
    let cell = |row: &[String], column: usize| row.get(column).map_or(0, |cell| width(cell));
    let mut widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| rows.iter().map(|row| cell(row, column)).max().unwrap_or(0).max(width(head)))
        .collect();
    if let Some(columns) = columns {
        let room = columns.saturating_sub(GAP * heads.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > COLUMN_MIN) else { break };
            *widest -= 1;
        }
    }
    let mut out = line(heads, &widths, columns.is_some());
    for row in &rows {
        out.push_str(&line(row, &widths, columns.is_some()));
    }
    out
}

fn line<S: AsRef<str>>(cells: &[S], widths: &[usize], cuts: bool) -> String {
    let mut out = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let cell = if cuts { cut(cell.as_ref(), *width) } else { cell.as_ref().to_owned() };
        out.push_str(&fit(&cell, *width));
        out.push_str(&" ".repeat(GAP));
    }
    format!("{}\n", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn chinese_and_latin_columns_line_up() {
        let text = table(&["NO", "SUBJECT", "WHO"], &rows(&[&["1", "加油机无法启动", "li.na"], &["12", "Pump 4", "王伟"]]), None);
        let at: Vec<usize> =
            text.lines().zip(["WHO", "li.na", "王伟"]).map(|(line, who)| width(&line[..line.find(who).unwrap()])).collect();
        assert_eq!(at, [20, 20, 20]);
        assert!(text.lines().all(|line| line.trim_end() == line));
    }

    #[test]
    fn a_terminal_cuts_the_widest_column_and_a_pipe_nothing() {
        let long = "长".repeat(100);
        let rows = rows(&[&["1", &long, "open"]]);
        let narrow = table(&["NO", "SUBJECT", "STATUS"], &rows, Some(40));
        assert!(narrow.lines().all(|line| width(line) <= 40), "{narrow}");
        assert!(narrow.contains("open"));
        assert!(table(&["NO", "SUBJECT", "STATUS"], &rows, None).contains(&long));
    }

    #[test]
    fn outside_text_cannot_drive_the_terminal() {
        let text = table(&["A"], &rows(&[&["x\x1b[2J\ny"]]), None);
        assert_eq!(text, "A\nx␛[2J y\n");
    }

    #[test]
    fn a_reader_that_left_is_no_failure() {
        assert!(quiet_pipe(Err(io::Error::from(ErrorKind::BrokenPipe))).is_ok());
        assert!(quiet_pipe(Err(io::Error::from(ErrorKind::StorageFull))).is_err());
    }
}
