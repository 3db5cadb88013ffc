//! A window over the lines of a file of any size: only what is shown is read, places are byte offsets, so that a file of
//! 200 MB opens at once and its end is as near as its start. Nothing is kept between two reads but the caller's place.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::text::{clean, fold};

/// A longer line is shown in pieces of this many bytes.
pub const LINE_MAX: u64 = 8192;
const BLOCK: usize = 64 * 1024;

/// A line, or a piece of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it starts in the file.
    pub offset: u64,
    /// Its number from 1; absent for the further pieces of a long line.
    pub number: Option<u64>,
    /// Clean: control bytes are pictures.
    pub text: String,
}

/// Lines that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub lines: Vec<Line>,
    /// Bytes of the file.
    pub size: u64,
    /// Where the line after the last one starts; the size at the end.
    pub next: u64,
}

/// A known line start: its offset, and how many line ends are before it. Counting goes on from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub offset: u64,
    pub before: u64,
}

/// Where a page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// At a line start.
    At(u64),
    /// So many lines before (negative) or after a line start.
    Lines(u64, i64),
    /// So that the last line is the last of the page.
    End,
}

/// Reads `rows` lines; counts line numbers on from `mark`, which moves along.
///
/// # Errors
/// When the file cannot be read.
pub fn page(path: &Path, from: From, rows: usize, mark: &mut Mark) -> io::Result<Page> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let first = match from {
        From::At(offset) => offset.min(size),
        From::End => back(&mut file, size, rows)?,
        From::Lines(offset, by) if by < 0 => back(&mut file, offset.min(size), usize::try_from(-by).unwrap_or(usize::MAX))?,
        From::Lines(offset, by) => forward(&mut file, offset.min(size), usize::try_from(by).unwrap_or(0), rows)?,
    };
    let mut before = count(&mut file, mark, first)?;
    *mark = Mark { offset: first, before };
    file.seek(SeekFrom::Start(first))?;
    let mut reader = BufReader::with_capacity(BLOCK, file);
    let mut whole = first == 0 || starts_line(path, first)?;
    let (mut lines, mut offset) = (Vec::with_capacity(rows), first);
    while lines.len() < rows {
        let bytes = piece(&mut reader)?;
        if bytes.is_empty() {
            break;
        }
        let ended = bytes.last() == Some(&b'\n');
        let shown = if ended { &bytes[..bytes.len() - 1] } else { &bytes[..] };
        let shown = shown.strip_suffix(b"\r").unwrap_or(shown);
        lines.push(Line { offset, number: whole.then_some(before + 1), text: show(shown) });
        offset += bytes.len() as u64;
        before += u64::from(ended);
        whole = ended;
    }
    Ok(Page { lines, size, next: offset })
}

/// Bytes as text: what is no UTF-8 becomes its mark, tabs become their columns, controls become pictures.
fn show(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains('\t') {
        return clean(&text);
    }
    let mut out = String::new();
    for (index, part) in text.split('\t').enumerate() {
        if index > 0 {
            let cells = super::text::width(&out);
            out.extend(std::iter::repeat_n(' ', 8 - cells % 8));
        }
        out.push_str(&clean(part));
    }
    out
}

/// The next line with its end, at most [`LINE_MAX`] bytes of it; a character is not cut.
fn piece(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut bytes)?;
    if bytes.last() != Some(&b'\n') && bytes.len() as u64 == LINE_MAX {
        // Up to the end of a UTF-8 character that began before the cut, or of the line.
        for _ in 0..3 {
            match reader.fill_buf()?.first() {
                Some(byte) if byte & 0xc0 == 0x80 => {
                    bytes.push(*byte);
                    reader.consume(1);
                }
                Some(b'\n') => {
                    bytes.push(b'\n');
                    reader.consume(1);
                    break;
                }
                _ => break,
            }
        }
    }
    Ok(bytes)
}

fn starts_line(path: &Path, offset: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset - 1))?;
    let mut byte = [0];
    Ok(file.read(&mut byte)? == 1 && byte[0] == b'\n')
}

/// The start of the line `by` lines after the one at `offset`, but not so far that fewer than `rows` would be left.
fn forward(file: &mut File, offset: u64, by: usize, rows: usize) -> io::Result<u64> {
    let size = file.metadata()?.len();
    let last = back(file, size, rows)?.max(offset);
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(BLOCK, file);
    let mut at = offset;
    for _ in 0..by {
        if at >= last {
            return Ok(last);
        }
        at += piece(&mut reader)?.len() as u64;
    }
    Ok(at.min(last))
}

/// The start of the line `by` lines before the one that starts (or ends the file) at `offset`.
fn back(file: &mut File, offset: u64, by: usize) -> io::Result<u64> {
    let mut starts: Vec<u64> = Vec::new();
    let mut end = offset;
    // The end of the line before is not a line start of interest.
    while end > 0 && starts.len() < by {
        let from = end.saturating_sub(BLOCK as u64);
        let from = line_start_at_or_before(file, from)?;
        let here = starts_between(file, from, end)?;
        starts.extend(here.into_iter().rev());
        end = from;
    }
    Ok(starts.get(by.saturating_sub(1)).or(starts.last()).copied().unwrap_or(offset))
}

/// Starts of lines and pieces in `from..end`, where `from` is one.
fn starts_between(file: &mut File, from: u64, end: u64) -> io::Result<Vec<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(BLOCK, &mut *file);
    let (mut starts, mut at) = (Vec::new(), from);
    while at < end {
        starts.push(at);
        let read = piece(&mut reader)?.len() as u64;
        if read == 0 {
            break;
        }
        at += read;
    }
    Ok(starts)
}

/// A start of a line near `offset` and not after it; within a line longer than a block, the offset itself.
fn line_start_at_or_before(file: &mut File, offset: u64) -> io::Result<u64> {
    let from = offset.saturating_sub(BLOCK as u64);
    file.seek(SeekFrom::Start(from))?;
    let mut block = Vec::with_capacity(BLOCK);
    (&mut *file).take(offset - from).read_to_end(&mut block)?;
    Ok(match block.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => from + at as u64 + 1,
        None if from == 0 => 0,
        None => offset,
    })
}

/// Line ends before `offset`, counted on from `mark`.
fn count(file: &mut File, mark: &Mark, offset: u64) -> io::Result<u64> {
    // Whichever is nearer: the start, or the mark from either side.
    let (low, high, known, up) = if offset >= mark.offset {
        (mark.offset, offset, mark.before, true)
    } else if mark.offset - offset < offset {
        (offset, mark.offset, mark.before, false)
    } else {
        (0, offset, 0, true)
    };
    file.seek(SeekFrom::Start(low))?;
    let (mut left, mut ends, mut block) = (high - low, 0_u64, vec![0; BLOCK]);
    while left > 0 {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        let read = u64::try_from(read).unwrap_or(left).min(left);
        ends += block.iter().take(usize::try_from(read).unwrap_or(0)).filter(|byte| **byte == b'\n').count() as u64;
        left -= read;
    }
    Ok(if up { known + ends } else { known.saturating_sub(ends) })
}

/// The start of the next line after (or before) the one at `offset` that holds `needle`, folded case; absent when none does.
///
/// # Errors
/// When the file cannot be read.
pub fn find(path: &Path, offset: u64, needle: &str, forward: bool) -> io::Result<Option<u64>> {
    let needle = fold(needle);
    if needle.is_empty() {
        return Ok(None);
    }
    if forward { find_after(path, offset, &needle) } else { find_before(path, offset, &needle) }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    fold(&String::from_utf8_lossy(bytes)).contains(needle)
}

fn find_after(path: &Path, offset: u64, needle: &str) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(BLOCK, file);
    let mut at = offset + piece(&mut reader)?.len() as u64;
    loop {
        let bytes = piece(&mut reader)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if holds(&bytes, needle) {
            return Ok(Some(at));
        }
        at += bytes.len() as u64;
    }
}

fn find_before(path: &Path, offset: u64, needle: &str) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    let mut end = offset;
    while end > 0 {
        let from = line_start_at_or_before(&mut file, end.saturating_sub(BLOCK as u64))?;
        file.seek(SeekFrom::Start(from))?;
        let mut reader = BufReader::with_capacity(BLOCK, &mut file);
        let (mut at, mut found) = (from, None);
        while at < end {
            let bytes = piece(&mut reader)?;
            if bytes.is_empty() {
                break;
            }
            if holds(&bytes, needle) {
                found = Some(at);
            }
            at += bytes.len() as u64;
        }
        if found.is_some() {
            return Ok(found);
        }
        end = from;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn numbered(count: u64) -> tempfile::NamedTempFile {
        let text: String = (1..=count).map(|n| format!("line {n}\n")).collect();
        file(text.as_bytes())
    }

    fn texts(page: &Page) -> Vec<&str> {
        page.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn pages_forward_backward_and_at_the_end() {
        let log = numbered(20_000);
        let mut mark = Mark::default();
        let first = page(log.path(), From::At(0), 3, &mut mark).unwrap();
        assert_eq!(texts(&first), ["line 1", "line 2", "line 3"]);
        let second = page(log.path(), From::At(first.next), 2, &mut mark).unwrap();
        assert_eq!((texts(&second), second.lines[0].number), (vec!["line 4", "line 5"], Some(4)));
        let end = page(log.path(), From::End, 3, &mut mark).unwrap();
        assert_eq!((texts(&end), end.lines[2].number), (vec!["line 19998", "line 19999", "line 20000"], Some(20_000)));
        assert_eq!(end.next, end.size);
        let up = page(log.path(), From::Lines(end.lines[0].offset, -2), 2, &mut mark).unwrap();
        assert_eq!((texts(&up), up.lines[0].number), (vec!["line 19996", "line 19997"], Some(19_996)));
        let beyond = page(log.path(), From::Lines(up.lines[0].offset, 1000), 3, &mut mark).unwrap();
        assert_eq!(texts(&beyond), texts(&end), "not past the end");
        let top = page(log.path(), From::Lines(first.next, -99), 1, &mut mark).unwrap();
        assert_eq!((texts(&top), top.lines[0].number), (vec!["line 1"], Some(1)));
    }

    #[test]
    fn every_step_up_and_down_agrees_with_the_whole() {
        let log = numbered(9_000);
        let mut mark = Mark::default();
        let mut at = 0;
        for step in [1, 5_000, -1, -4_000, 2_000, -2_500, 100, -100] {
            let here = page(log.path(), From::Lines(at, step), 1, &mut mark).unwrap();
            at = here.lines[0].offset;
            assert_eq!(here.lines[0].text, format!("line {}", here.lines[0].number.unwrap()), "{step}");
        }
    }

    #[test]
    fn long_lines_come_in_pieces_and_controls_are_pictures() {
        let mut bytes = "长".repeat(9_000).into_bytes();
        bytes.extend(b"\na\tb\x1b[2J\xff\r\nlast");
        let log = file(&bytes);
        let page_of = page(log.path(), From::At(0), 10, &mut Mark::default()).unwrap();
        assert!(page_of.lines.len() > 4 && page_of.lines[1].number.is_none());
        assert!(page_of.lines.iter().all(|line| !line.text[..line.text.len().min(60)].contains('\u{fffd}') || line.text.contains("␛")));
        assert_eq!(page_of.lines[page_of.lines.len() - 2].text, "a       b␛[2J\u{fffd}");
        assert_eq!((page_of.lines.last().unwrap().text.as_str(), page_of.lines.last().unwrap().number), ("last", Some(3)));
        let end = page(log.path(), From::End, 2, &mut Mark::default()).unwrap();
        assert_eq!(end.lines[1].text, "last");
    }

    #[test]
    fn finds_in_both_directions() {
        let log = numbered(30_000);
        let at = find(log.path(), 0, "LINE 29999", true).unwrap().unwrap();
        assert_eq!(texts(&page(log.path(), From::At(at), 1, &mut Mark::default()).unwrap()), ["line 29999"]);
        assert_eq!(find(log.path(), at, "line 29999", true).unwrap(), None);
        let before = find(log.path(), at, "line 17", false).unwrap().unwrap();
        assert_eq!(texts(&page(log.path(), From::At(before), 1, &mut Mark::default()).unwrap()), ["line 17999"]);
        assert_eq!(find(log.path(), 0, "line", false).unwrap(), None);
        assert_eq!(find(log.path(), 0, "", true).unwrap(), None);
    }

    #[test]
    fn an_empty_file_is_an_empty_page() {
        let page = page(file(b"").path(), From::End, 5, &mut Mark::default()).unwrap();
        assert_eq!(page, Page::default());
    }
}
