//! Files as records: CSV and JSON Lines, each record with the line it starts on. Knows nothing of tickets.

use std::path::Path;

use serde_json::{Map, Value};

use crate::cli::error::CliError;

/// One row of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Counted from 1.
    pub line: u64,
    /// By column; cells of a CSV file are texts.
    pub cells: Map<String, Value>,
}

/// A row that cannot be brought in, and why: one sentence without the file's name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BadRow {
    pub line: u64,
    pub reason: String,
}

impl BadRow {
    pub fn new(line: u64, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

pub type Row = Result<Record, BadRow>;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads what `bytes` hold; by the extension of `path`, or else by the first character.
///
/// # Errors
/// When there is nothing to read, or the heading of a CSV file is no heading.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Vec<Row>, CliError> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(CliError::usage(format!("{} is empty: name a CSV or JSON Lines file with rows.", path.display())));
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("csv") => read_csv(path, bytes, b','),
        Some("tsv") => read_csv(path, bytes, b'\t'),
        Some("jsonl" | "ndjson") => Ok(read_json(bytes)),
        _ if bytes.trim_ascii_start().starts_with(b"{") => Ok(read_json(bytes)),
        _ => read_csv(path, bytes, b','),
    }
}

fn read_json(bytes: &[u8]) -> Vec<Row> {
    let lines = bytes.split(|byte| *byte == b'\n').zip(1_u64..).filter(|(line, _)| !line.trim_ascii().is_empty());
    lines.map(|(line, at)| read_object(line, at)).collect()
}

fn read_object(line: &[u8], at: u64) -> Row {
    let text = std::str::from_utf8(line).map_err(|_| BadRow::new(at, "The line is not UTF-8: save the file as UTF-8."))?;
    let cells = serde_json::from_str::<Map<String, Value>>(text);
    let cells = cells.map_err(|error| BadRow::new(at, format!("The line is not a JSON object ({error}).")))?;
    Ok(Record { line: at, cells })
}

fn read_csv(path: &Path, bytes: &[u8], delimiter: u8) -> Result<Vec<Row>, CliError> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(true).from_reader(bytes);
    let wrong = |why: String| CliError::usage(format!("{}: {why}", path.display()));
    let heads = reader.headers().map_err(|error| wrong(format!("the first line is no heading ({error}): save the file as UTF-8 CSV.")))?;
    let heads: Vec<String> = heads.iter().map(|head| head.trim().to_owned()).collect();
    for (place, head) in heads.iter().enumerate() {
        if !head.is_empty() && heads[..place].contains(head) {
            return Err(wrong(format!("the column {head:?} is there twice: rename one.")));
        }
    }
    let mut rows = Vec::new();
    let mut lines = Lines { bytes, counted: 0, line: 1 };
    for record in reader.byte_records() {
        // Reading from memory cannot fail, and any bytes are records.
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        rows.push(read_cells(&heads, &record, line));
    }
    Ok(rows)
}

/// Counts lines as an editor does. The reader's own count is one short after `\r\n` and before blank lines.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that starts at or after `start`; asked in order.
    fn at(&mut self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.bytes.len());
        let breaks = self.bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.bytes[self.counted.min(start)..start + breaks];
        self.line += u64::try_from(passed.iter().filter(|byte| **byte == b'\n').count()).unwrap_or_default();
        self.counted = start + breaks;
        self.line
    }
}

fn read_cells(heads: &[String], record: &csv::ByteRecord, line: u64) -> Row {
    if record.len() != heads.len() {
        let reason = format!("The row has {} cells, the heading {}: check its quotes and commas.", record.len(), heads.len());
        return Err(BadRow::new(line, reason));
    }
    let mut cells = Map::new();
    for (head, cell) in heads.iter().zip(record) {
        let text = std::str::from_utf8(cell);
        let text = text.map_err(|_| BadRow::new(line, format!("The cell in column {head:?} is not UTF-8: save the file as UTF-8.")))?;
        if !head.is_empty() {
            cells.insert(head.clone(), Value::String(text.to_owned()));
        }
    }
    Ok(Record { line, cells })
}
