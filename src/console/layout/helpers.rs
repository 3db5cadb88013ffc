//! The mouse and single cells, for tests of whole screens.

use crate::console::app::Msg;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::testing::Screen;

impl Screen {
    /// Does something with the mouse.
    pub async fn mouse(&mut self, kind: MouseKind, column: u16, row: u16) {
        self.app.handle(Msg::Mouse(Mouse { kind, column, row }));
        self.settle().await;
    }

    /// Presses the left button where these words stand first, on their first cell.
    pub async fn click(&mut self, words: &str) {
        let (column, row) = self.find(words);
        self.mouse(MouseKind::Press, column, row).await;
        self.mouse(MouseKind::Release, column, row).await;
    }

    /// The cell where these words begin, on whichever line is first.
    pub fn find(&self, words: &str) -> (u16, u16) {
        let shown = self.snapshot();
        let found = shown.lines().enumerate().find_map(|(row, line)| line.find(words).map(|at| (row, &line[..at])));
        let (row, before) = found.unwrap_or_else(|| panic!("{words:?} is not on the screen:\n{shown}"));
        (u16::try_from(crate::base::text::width(before)).unwrap(), u16::try_from(row).unwrap())
    }

    /// What a cell shows.
    pub fn cell(&self, column: u16, row: u16) -> &str {
        self.terminal.backend().buffer()[(column, row)].symbol()
    }
}
