//! For tests: the console's frames as real bytes in a terminal emulator that counts by code points, and what must hold of each.

use std::io;
use std::num::NonZeroU16;

use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::app::App;
use super::terminal::testing::FrameWriter;
use crate::base::text;

/// What a terminal was asked besides showing cells; a frame asks for nothing of it.
#[derive(Debug, Default)]
pub struct Asked(pub Vec<String>);

impl vt100::Callbacks for Asked {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".into());
    }
    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("flash".into());
    }
    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.0.push(format!("resize {size:?}"));
    }
    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0.push(format!("icon {}", String::from_utf8_lossy(name)));
    }
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0.push(format!("title {}", String::from_utf8_lossy(title)));
    }
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0.push(format!("copy {}", String::from_utf8_lossy(data)));
    }
    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("paste".into());
    }
    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("control {byte}"));
    }
    fn unhandled_escape(&mut self, _: &mut vt100::Screen, one: Option<u8>, two: Option<u8>, byte: u8) {
        self.0.push(format!("escape {one:?} {two:?} {byte}"));
    }
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.0.push(format!("osc {params:?}"));
    }
}

/// The console's renderer on an emulated terminal.
pub struct Emulator {
    writer: FrameWriter,
    terminal: Terminal<CrosstermBackend<FrameWriter>>,
    pub parser: vt100::Parser<Asked>,
    size: (u16, u16),
}

/// One drawn frame.
pub struct Drawn {
    pub buffer: Buffer,
    pub cursor: Option<Position>,
    /// Bytes that were written, in one write.
    pub bytes: usize,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

impl Emulator {
    pub fn new(size: (u16, u16)) -> Self {
        let writer = FrameWriter::new();
        let terminal = Self::terminal(&writer, size);
        let parser = vt100::Parser::new_with_callbacks(cells(size.1), cells(size.0), 0, Asked::default());
        Self { writer, terminal, parser, size }
    }

    fn terminal(writer: &FrameWriter, (width, height): (u16, u16)) -> Terminal<CrosstermBackend<FrameWriter>> {
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, width, height)) };
        Terminal::with_options(CrosstermBackend::new(writer.clone()), options).unwrap()
    }

    /// Another size, or all anew: as the real screen clears.
    pub fn clear(&mut self, size: (u16, u16)) {
        use std::io::Write;
        self.size = size;
        self.parser.screen_mut().set_size(cells(size.1), cells(size.0));
        self.writer.write_all(b"\x1b[0m\x1b[2J").unwrap();
        self.terminal = Self::terminal(&self.writer, size);
    }

    pub fn draw(&mut self, app: &mut App) -> Drawn {
        let mut cursor = None;
        let drawn = self.terminal.draw(|frame| cursor = app.draw(frame)).unwrap();
        let buffer = drawn.buffer.clone();
        let mut out = Written::default();
        self.writer.commit(&mut out).unwrap();
        assert!(out.writes <= 1, "a frame is one write");
        self.parser.process(&known(&out.bytes));
        Drawn { buffer, cursor, bytes: out.bytes.len() }
    }

    /// The terminal shows what was drawn, and nothing else happened to it.
    pub fn check(&self, drawn: &Drawn) -> Result<(), String> {
        let asked = &self.parser.callbacks().0;
        if !asked.is_empty() {
            return Err(format!("the terminal was asked: {asked:?}"));
        }
        let screen = self.parser.screen();
        if screen.bracketed_paste() || screen.alternate_screen() || screen.application_cursor() || screen.application_keypad() {
            return Err("a mode of the terminal changed".into());
        }
        match drawn.cursor {
            None if !screen.hide_cursor() => return Err("the cursor is shown where there is no text field".into()),
            Some(at) if screen.hide_cursor() || screen.cursor_position() != (at.y, at.x) => {
                return Err(format!("the cursor is at {:?}, not at {at:?}", screen.cursor_position()));
            }
            Some(at) if at.x >= self.size.0 || at.y >= self.size.1 => return Err(format!("the cursor is outside: {at:?}")),
            _ => {}
        }
        shows(screen, &drawn.buffer)?;
        borders(&drawn.buffer)
    }
}

/// The emulator shows nothing for U+FFFD, where terminals show a sign of one cell.
pub fn known_text(text: &str) -> String {
    text.replace('\u{fffd}', "?")
}

/// As [`known_text`], of bytes.
pub fn known(bytes: &[u8]) -> Vec<u8> {
    known_text(&String::from_utf8_lossy(bytes)).into_bytes()
}

/// Bytes as they were written, and in how many writes.
#[derive(Default)]
pub struct Written {
    pub bytes: Vec<u8>,
    pub writes: usize,
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        self.writes += 1;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Cell by cell: the emulator's screen is the buffer.
fn shows(screen: &vt100::Screen, buffer: &Buffer) -> Result<(), String> {
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            let wide = u16::try_from(text::width(symbol).max(1)).unwrap();
            let cell = screen.cell(y, x).ok_or("a cell outside of the screen")?;
            let replaced = known_text(symbol);
            let (wanted, got) = (replaced.trim_end(), cell.contents().trim_end());
            let alike = wanted == got || (got.len() >= 16 && wanted.starts_with(got));
            if symbol.chars().any(char::is_control) || !alike || (wide > 1) != cell.is_wide() {
                let row: String = screen.rows(0, buffer.area.width).nth(usize::from(y)).unwrap_or_default();
                return Err(format!("cell {x},{y} should be {wanted:?} and is {got:?} in {row:?}"));
            }
            x += wide;
        }
    }
    Ok(())
}

const CORNERS: [(char, i32, i32); 4] = [('┌', 1, 1), ('┐', -1, 1), ('└', 1, -1), ('┘', -1, -1)];
const UPRIGHT: &str = "│├┤┼┬┴┌┐└┘";

/// Every corner has its upright line, or the border of a dialog that lies over it; at the bottom of a box, its level line too (above, a title may follow it).
fn borders(buffer: &Buffer) -> Result<(), String> {
    let at = |x: i32, y: i32| -> Option<char> {
        let inside = x >= 0 && y >= 0 && x < i32::from(buffer.area.width) && y < i32::from(buffer.area.height);
        inside.then(|| buffer[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].symbol().chars().next().unwrap_or(' '))
    };
    for y in 0..i32::from(buffer.area.height) {
        for x in 0..i32::from(buffer.area.width) {
            let here = at(x, y).unwrap_or(' ');
            let Some((corner, level, upright)) = CORNERS.into_iter().find(|(corner, ..)| *corner == here) else { continue };
            let beside = at(x, y + upright).unwrap_or(' ');
            let along = at(x + level, y).unwrap_or(' ');
            let bottom = upright < 0;
            // The lower border of a dialog may lie right above it, with words in it.
            let hint = |mut columns: std::ops::Range<i32>, edge: char| columns.any(|x| at(x, y - 1) == Some(edge));
            let hinted = bottom && hint(0..x, '└') && hint(x + 1..i32::from(buffer.area.width), '┘');
            let left = (0..x).rev().filter_map(|left| at(left, y + upright)).find(|char| UPRIGHT.contains(*char));
            let covered = beside == '─' || hinted || (!bottom && beside.is_alphanumeric()) || (bottom && left == Some('└'));
            if !(UPRIGHT.contains(beside) || covered) || (bottom && !"─┴┬┼└┘├┤".contains(along) && !along.is_alphanumeric() && along != ' ')
            {
                return Err(format!("the corner {corner} at {x},{y} has {beside:?} and {along:?}"));
            }
        }
    }
    Ok(())
}
