//! Rows of cells as CSV: what spreadsheets write is read, and what is written they open as it is. Knows nothing of rosters.

use crate::base::text::clean;
use crate::cli::error::CliError;

const BOM: &str = "\u{feff}";
/// A cell that begins so would be reckoned by a spreadsheet instead of shown.
const FORMULA: [char; 5] = ['=', '+', '-', '@', '\t'];

/// UTF-8; with a mark of order when it is not ASCII, without which Excel shows Chinese wrongly.
///
/// # Errors
/// When memory cannot be written to.
pub(super) fn write(rows: &[Vec<String>]) -> Result<String, CliError> {
    let failed = |why: String| CliError::failed(format!("The roster cannot be written as CSV: {why}."));
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| if cell.starts_with(FORMULA) { format!("'{}", clean(cell)) } else { clean(cell) });
        writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?;
    Ok(if text.is_ascii() { text } else { format!("{BOM}{text}") })
}

/// The rows as a spreadsheet counts them, blank ones too; separated by commas, semicolons or tabs.
///
/// # Errors
/// One sentence when it is no such file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "The file is not UTF-8: save it as \"CSV UTF-8\".".to_owned())?;
    let text = text.strip_prefix(BOM).unwrap_or(text);
    if text.contains('\0') {
        return Err("The file is no CSV: save the sheet as \"CSV UTF-8\".".to_owned());
    }
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',');
    // The reader skips blank lines, and rows are told by their number.
    let blank = separator.to_string();
    let lines: Vec<&str> = text.lines().map(|line| if line.trim().is_empty() { blank.as_str() } else { line }).collect();
    let text = lines.join("\n");
    let separator = u8::try_from(separator).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("The file cannot be read as CSV ({error}): save the sheet as \"CSV UTF-8\"."))?;
        rows.push(record.iter().map(plain).collect());
    }
    Ok(rows)
}

fn plain(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// As a spreadsheet names a cell, from row and column counted from 1: `C4`.
#[must_use]
pub(super) fn place(row: usize, column: usize) -> String {
    let (mut letters, mut left) = (Vec::new(), column);
    while left > 0 {
        letters.push(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0));
        left = (left - 1) / 26;
    }
    letters.reverse();
    format!("{}{row}", String::from_utf8_lossy(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let sheet = rows(&[&["姓名", "2026-12-01"], &["李, \"娜\"", "+L"], &["=1+1", "早*"]]);
        let text = write(&sheet).unwrap();
        assert!(text.starts_with(BOM) && text.contains("'+L") && text.contains("'=1+1"), "{text}");
        assert_eq!(read(text.as_bytes()).unwrap(), sheet);
        assert!(!write(&rows(&[&["person"]])).unwrap().starts_with(BOM));
    }

    #[test]
    fn separators_and_blank_rows_as_spreadsheets_write_them() {
        let text = "person;2026-12-01;2026-12-02\r\n\r\nann;E;\r\n";
        assert_eq!(read(text.as_bytes()).unwrap(), rows(&[&["person", "2026-12-01", "2026-12-02"], &["", ""], &["ann", "E", ""]]));
        assert_eq!(read(b"person\t2026-12-01\nann\tE\n").unwrap()[1], ["ann", "E"]);
        assert!(read(b"\xd0\xd5\xc3\xfb,1\n").unwrap_err().contains("CSV UTF-8"));
    }

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        assert_eq!([place(1, 1), place(4, 26), place(4, 27), place(9, 703)], ["A1", "Z4", "AA4", "AAA9"]);
    }
}
