//! Which lines are on screen: from the anchor upwards, only as many messages as the rows take.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Stream;
use super::block::{Block, Env};
use crate::base::text::{clean, cut};
use crate::console::conversation::look;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::paint;

/// What the last drawing showed, by places among the messages held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub first: usize,
    pub last: usize,
    pub rows: usize,
    /// Lines of the first one over the upper edge, and of the last one under the lower.
    pub above: usize,
    pub below: usize,
    pub at_end: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self { first: usize::MAX, last: 0, rows: 0, above: 0, below: 0, at_end: true }
    }
}

/// The last block on screen, and its lines below the edge.
#[derive(Clone, Copy)]
struct Foot {
    index: usize,
    hidden: usize,
}

/// What the stream is drawn with besides its messages.
pub struct Look<'a> {
    /// It has the keys: the marked message shows.
    pub focused: bool,
    /// Lines after the last message: what of mine has not arrived.
    pub tail: &'a [Line<'static>],
}

impl Stream {
    /// Draws the messages into `area`, the pinned ones in a line over them.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: &Look<'_>, context: &Context<'_>) {
        let area = self.draw_pinned(frame, area, context);
        let (cells, rows) = (usize::from(area.width), usize::from(area.height));
        if rows == 0 || cells < 4 {
            return;
        }
        let env = Env::new(self, cells, context);
        self.blocks.borrow_mut().fit(&env);
        let heights = Heights { stream: self, env: &env, tail: look.tail };
        let foot = self.foot(&heights, rows);
        let (mut index, mut hidden) = (foot.index, foot.hidden);
        let mut pieces: Vec<(usize, Arc<Block>, std::ops::Range<usize>)> = Vec::new();
        let mut left = rows;
        loop {
            let block = heights.block(index);
            let end = block.lines.len().saturating_sub(hidden);
            let start = end.saturating_sub(left);
            left -= end - start;
            pieces.push((index, block, start..end));
            if left == 0 || index == 0 {
                break;
            }
            (index, hidden) = (index - 1, 0);
        }
        self.remember(&pieces, foot, rows);
        let marked = look.focused.then(|| self.index()).flatten();
        let lines = pieces.into_iter().rev().flat_map(|(index, block, range)| {
            let marks = marked == Some(index);
            range.map(move |line| {
                let shown = block.lines[line].clone();
                if marks && line >= block.lead { with_mark(shown, line == block.lead, context) } else { shown }
            })
        });
        paint::lines(frame, area, lines.collect::<Vec<_>>());
    }

    fn remember(&self, pieces: &[(usize, Arc<Block>, std::ops::Range<usize>)], foot: Foot, rows: usize) {
        let (top, bottom) = (pieces.last(), pieces.first());
        self.shown.set(Shown {
            first: top.map_or(0, |(index, ..)| *index),
            last: bottom.map_or(0, |(index, ..)| *index).min(self.messages.len().saturating_sub(1)),
            rows,
            above: top.map_or(0, |(_, _, range)| range.start),
            below: if foot.index < self.messages.len() { foot.hidden } else { 0 },
            at_end: foot.index >= self.messages.len() && foot.hidden == 0,
        });
    }

    /// Where the lower edge is, after what was asked for since the last drawing.
    fn foot(&self, heights: &Heights<'_>, rows: usize) -> Foot {
        let end = Foot { index: self.messages.len(), hidden: 0 };
        let mut foot = self.anchor.get().map_or(end, |(seq, hidden)| {
            let index = self.messages.partition_point(|message| message.seq < seq);
            Foot { index: index.min(self.messages.len()), hidden: hidden.min(heights.of(index.min(self.messages.len()))) }
        });
        let by = self.scroll.replace(0);
        foot = if by < 0 { heights.up(foot, by.unsigned_abs()) } else { heights.down(foot, by.unsigned_abs()) };
        if let Some(index) = self.index().filter(|_| !self.free.get()) {
            foot = heights.with(foot, index, rows);
        }
        foot = heights.filled(foot, rows);
        if foot.index + 1 == self.messages.len() && foot.hidden == 0 && heights.tail.is_empty() {
            foot = end;
        }
        let at_end = foot.index >= self.messages.len() && foot.hidden == 0;
        self.anchor.set((!at_end).then(|| (self.messages.get(foot.index).map_or(i64::MAX, |message| message.seq), foot.hidden)));
        foot
    }

    fn draw_pinned(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Rect {
        let mut pinned = self.messages.iter().rev().filter(|message| message.pinned_by.is_some() && !message.withheld);
        let Some(latest) = pinned.next().filter(|_| area.height > 4) else { return area };
        let count = (1 + pinned.count()).to_string();
        let line = clean(latest.text.lines().next().unwrap_or_default());
        let words = context.locale.with("stream-pinned", &[("n", &count), ("who", &look::author(latest, context)), ("line", &line)]);
        let (top, rest) = paint::take_top(area, 1);
        paint::lines(frame, top, [Line::styled(cut(&words, usize::from(area.width)), context.theme.style(Role::Accent))]);
        rest
    }
}

/// The marked message has a mark at its first line and a bar down its side.
fn with_mark(mut line: Line<'static>, head: bool, context: &Context<'_>) -> Line<'static> {
    let style = context.theme.style(Role::Selected);
    if let Some(first) = line.spans.first_mut() {
        *first = Span::styled(if head { "▸" } else { " " }, style);
    }
    if head {
        line = line.patch_style(style);
    }
    line
}

/// Heights of blocks, laid out as they are needed. The block after the last message is the tail.
struct Heights<'a> {
    stream: &'a Stream,
    env: &'a Env<'a>,
    tail: &'a [Line<'static>],
}

impl Heights<'_> {
    fn block(&self, index: usize) -> Arc<Block> {
        if index >= self.stream.messages.len() {
            return Arc::new(Block { lines: self.tail.to_vec(), lead: 0 });
        }
        self.stream.blocks.borrow_mut().get(self.stream, index, self.env)
    }

    fn of(&self, index: usize) -> usize {
        self.block(index).lines.len()
    }

    fn up(&self, mut foot: Foot, mut by: usize) -> Foot {
        loop {
            let visible = self.of(foot.index).saturating_sub(foot.hidden);
            if by < visible || foot.index == 0 {
                return Foot { hidden: foot.hidden + by.min(visible), ..foot };
            }
            by -= visible;
            foot = Foot { index: foot.index - 1, hidden: 0 };
        }
    }

    fn down(&self, mut foot: Foot, mut by: usize) -> Foot {
        loop {
            if by <= foot.hidden {
                return Foot { hidden: foot.hidden - by, ..foot };
            }
            if foot.index >= self.stream.messages.len() {
                return Foot { hidden: 0, ..foot };
            }
            by -= foot.hidden;
            foot = Foot { index: foot.index + 1, hidden: self.of(foot.index + 1) };
        }
    }

    /// Moved as little as needed so that the block is on screen; of a taller one its start.
    fn with(&self, foot: Foot, index: usize, rows: usize) -> Foot {
        let height = self.of(index);
        if (index, 0) >= (foot.index, foot.hidden.min(1)) || (index == foot.index && foot.hidden > 0) {
            return Foot { index, hidden: height.saturating_sub(rows) };
        }
        let mut over = height.min(rows);
        let mut at = index;
        // Lines from the block's first to the lower edge.
        while at < foot.index && over <= rows {
            at += 1;
            over += self.of(at) - if at == foot.index { foot.hidden } else { 0 };
        }
        if over <= rows { foot } else { self.down(Foot { index, hidden: height.saturating_sub(rows) }, rows.saturating_sub(height)) }
    }

    /// Moved down while rows would stay empty at the top.
    fn filled(&self, foot: Foot, rows: usize) -> Foot {
        let mut lines = self.of(foot.index).saturating_sub(foot.hidden);
        let mut at = foot.index;
        while lines < rows && at > 0 {
            at -= 1;
            lines += self.of(at);
        }
        if lines < rows { self.down(foot, rows - lines) } else { foot }
    }
}
