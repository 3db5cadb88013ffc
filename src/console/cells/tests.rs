//! Every symbol takes the cells it was given, on terminals that count by code points too.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;
use crate::base::text;

const SIMPLE: Cells = Cells { clusters: false, ambiguous_wide: false, few_signs: false };
const WIDE: Cells = Cells { clusters: false, ambiguous_wide: true, few_signs: false };

fn line(text: &str, width: u16, cells: Cells) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
    buffer.set_string(0, 0, text, Style::default());
    settle(&mut buffer, cells);
    buffer
}

fn shown(buffer: &Buffer) -> String {
    buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
}

#[test]
fn clusters_become_what_all_terminals_count_alike() {
    for (text, simple) in [
        ("a👩\u{200d}🚀|", "a👩 |"),
        ("⚠\u{fe0f}|", "⚠ |"),
        ("1\u{fe0f}\u{20e3}|", "1 |"),
        ("👍🏽|", "👍 |"),
        ("e\u{301}x|", "e\u{301}x|"),
        ("订单|", "订 单 |"),
        ("ｶﾞ|", "ｶﾞ |"),
        ("\u{301}x|", "x|"),
        ("🇨🇳|", "🇨🇳|"),
    ] {
        assert_eq!(shown(&line(text, 12, SIMPLE)), simple, "{text}");
    }
    assert_eq!(
        shown(&line("👩\u{200d}🚀|", 12, Cells::default())),
        "👩\u{200d}🚀 |",
        "a terminal that is known to draw clusters gets them"
    );
}

#[test]
fn half_a_wide_character_is_none() {
    let mut buffer = line("订单", 8, SIMPLE);
    buffer[(1, 0)].set_symbol("│");
    settle(&mut buffer, SIMPLE);
    assert_eq!(shown(&buffer), " │单");
    let mut edge = Buffer::empty(Rect::new(0, 0, 3, 1));
    edge[(2, 0)].set_symbol("单");
    settle(&mut edge, SIMPLE);
    assert_eq!(shown(&edge), "");
}

#[test]
fn where_ambiguous_is_wide_signs_are_plain_and_others_cover_their_blank() {
    assert_eq!(shown(&line("┌─…─┐│→“ok”×①", 20, WIDE)), "+-.-+|>\"ok\"x1");
    let buffer = line("㊿ ⑳ x⑳x", 12, WIDE);
    assert_eq!(shown(&buffer), "㊿  ⑳ x?x");
    assert_eq!(buffer[(4, 0)].diff_option, CellDiffOption::Skip);
}

#[test]
fn the_environment_says_how_cells_are_counted() {
    let of = |set: &[(&str, &str)]| {
        Cells::of(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), AmbiguousWidth::Narrow)
    };
    assert!(of(&[("TERM", "xterm-kitty")]).clusters && of(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")]).clusters);
    for unknown in [&[("TERM", "xterm-256color")][..], &[("TERM", "tmux-256color")], &[("TERM", "xterm-kitty"), ("TMUX", "x")]] {
        assert!(!of(unknown).clusters, "{unknown:?}");
    }
    assert!(of(&[("TERM", "linux")]).few_signs && !of(&[("TERM", "xterm")]).few_signs);
}

/// Texts from the ranges where terminals and tables differ.
fn hard() -> impl Strategy<Value = String> {
    let ranges = [
        (0x20u32, 0x7e),
        (0xa0, 0x24f),
        (0x300, 0x36f),
        (0x370, 0x4ff),
        (0x590, 0x6ff),
        (0x900, 0x97f),
        (0xe00, 0xe7f),
        (0x1100, 0x11ff),
        (0x200b, 0x206f),
        (0x2100, 0x27bf),
        (0x2e80, 0x30ff),
        (0x4e00, 0x4eff),
        (0xa960, 0xa97c),
        (0xac00, 0xacff),
        (0xd7b0, 0xd7fb),
        (0xfb50, 0xfdff),
        (0xfe00, 0xfe0f),
        (0xff00, 0xffee),
        (0x1f000, 0x1faff),
        (0x20000, 0x200ff),
        (0xe0020, 0xe007f),
        (0xe0100, 0xe01ef),
    ];
    let one = (0..ranges.len()).prop_flat_map(move |n| ranges[n].0..=ranges[n].1).prop_filter_map("surrogates", char::from_u32);
    let tricky = prop::sample::select(vec![
        '\u{200d}', '\u{fe0f}', '\u{fe0e}', '\u{20e3}', '👩', '🚀', '❤', '🏽', '🇨', '1', '中', '가', 'ᄀ', 'ᅡ', 'ᆨ',
    ]);
    prop::collection::vec(prop_oneof![one, tricky], 0..24).prop_map(|chars| chars.into_iter().collect())
}

/// What a terminal that counts by code points shows of a line, a mark at its end.
fn emulated(buffer: &Buffer) -> (Vec<String>, Vec<String>) {
    use ratatui::backend::{Backend, CrosstermBackend};
    let width = buffer.area.width;
    let mut bytes = Vec::new();
    let mut backend = CrosstermBackend::new(&mut bytes);
    let blank = Buffer::empty(buffer.area);
    backend.draw(blank.diff_iter(buffer)).unwrap();
    let size = |cells: u16| std::num::NonZeroU16::new(cells).unwrap();
    let mut parser = vt100::Parser::new(size(1), size(width), 0);
    parser.process(&super::super::emulator::known(&bytes));
    let mut wanted = Vec::new();
    let mut got = Vec::new();
    let mut x = 0;
    while x < width {
        let symbol = buffer[(x, 0)].symbol();
        wanted.push(super::super::emulator::known_text(symbol.trim_end()));
        let cell = parser.screen().cell(0, x).unwrap();
        let wide = u16::try_from(text::width(symbol).max(1)).unwrap();
        assert_eq!(wide > 1, cell.is_wide(), "{symbol:?} at {x}");
        got.push(cell.contents().trim_end().to_owned());
        x += wide;
    }
    (wanted, got)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn cells_drawn_are_the_cells_a_terminal_shows(said in hard()) {
        let clean = text::clean(&said);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 1));
        buffer.set_string(0, 0, text::fit(&clean, 58), Style::default());
        buffer.set_string(59, 0, "|", Style::default());
        settle(&mut buffer, SIMPLE);
        let (wanted, got) = emulated(&buffer);
        for (wanted, got) in wanted.iter().zip(&got) {
            // The emulator keeps a limited pile of marks.
            prop_assert!(wanted == got || (got.len() >= 16 && wanted.starts_with(got.as_str())), "{wanted:?} is {got:?} in {clean:?}");
        }
        prop_assert_eq!(got.last().map(String::as_str), Some("|"));
    }
}

proptest! {
    /// What is passed over quickly is what the slow way would have left as it is.
    #[test]
    fn the_quick_pass_changes_nothing(
        text in "([a-z ]|[一-鿿]|[🚀👩⚠①…é]|\u{301}|\u{200d}|\u{fe0f}|ﾞ){0,16}",
        blanks in prop::collection::vec((0_u16..14, prop::sample::select(vec![" ", "x", "│", "", "单"])), 0..4),
        few_signs in any::<bool>(),
        ambiguous_wide in any::<bool>(),
        clusters in any::<bool>(),
    ) {
        let cells = Cells { clusters, ambiguous_wide, few_signs };
        let mut quick = Buffer::empty(Rect::new(0, 0, 14, 1));
        quick.set_string(0, 0, &text, Style::default());
        for (x, symbol) in blanks {
            quick[(x, 0)].set_symbol(symbol);
        }
        let mut slow = quick.clone();
        settle(&mut quick, cells);
        let mut x = 0;
        while x < 14 {
            x += one(&mut slow, x, 0, 14, cells);
        }
        prop_assert_eq!(quick, slow);
    }
}
