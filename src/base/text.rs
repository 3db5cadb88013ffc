//! Text from outside on its way to a terminal: cleaned, measured, cut, wrapped.
//!
//! [`clean`] is the one door: whatever reaches a screen, a subcommand's output or a log passes it. It keeps what people
//! wrote and defuses what terminals obey (CWE-150).

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Most combining marks kept on one base character.
const MARKS_MAX: usize = 8;

/// Makes text safe to show on one line: control characters become their visible pictures (`ESC` → `␛`), line breaks
/// and tabs become spaces, direction overrides, zero-width and tag characters go, piled-up marks are cut.
/// Never grows by more than three bytes a character; the result is its own clean form.
#[must_use]
pub fn clean(text: &str) -> String {
    clean_with(text, false)
}

/// As [`clean`], but line breaks stay (`\r\n` becomes `\n`).
#[must_use]
pub fn clean_lines(text: &str) -> String {
    clean_with(text, true)
}

fn clean_with(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(if lines { '\n' } else { ' ' }),
            '\t' => out.push(' '),
            '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + char as u32).unwrap_or(' ')),
            '\u{7f}' => out.push('␡'),
            '\u{80}'..='\u{9f}' => out.push('\u{fffd}'),
            // Soft hyphen, zero-width space and marks, direction overrides and isolates, invisible operators, the
            // byte-order mark, interlinear annotation, tags. The zero-width joiner stays: emoji and scripts need it.
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => {}
            _ => {
                let mark = unicode_width::UnicodeWidthChar::width(char) == Some(0) && char != '\u{200d}';
                marks = if mark { marks + 1 } else { 0 };
                if marks <= MARKS_MAX {
                    out.push(char);
                }
            }
        }
    }
    out
}

/// Cells a clean text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The longest head of a clean text that fits `cells`, with `…` when something was cut.
#[must_use]
pub fn cut(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if used + wide > cells - 1 {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    out.push('…');
    out
}

/// A clean text in exactly `cells`: cut or filled with spaces at the right.
#[must_use]
pub fn fit(text: &str, cells: usize) -> String {
    let mut out = cut(text, cells);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(out.width())));
    out
}

/// A clean text in lines of at most `cells`, broken as UAX 14 says: Chinese fills the line and punctuation stays attached.
/// Line breaks in the text are kept; an empty text is one empty line.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let options = textwrap::Options::new(cells.max(2)).break_words(true).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// For comparing: lower case, full-width forms folded to ASCII.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|char| match char {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
            '\u{3000}' => ' ',
            _ => char,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_become_pictures() {
        assert_eq!(clean("a\x1b]0;x\x07b\u{9b}2Jc"), "a␛]0;x␇b\u{fffd}2Jc");
    }

    #[test]
    fn overrides_go_and_joiners_stay() {
        assert_eq!(clean("a\u{202e}b\u{200b}"), "ab");
        assert_eq!(clean("👩\u{200d}🚀"), "👩\u{200d}🚀");
    }

    #[test]
    fn cutting_never_splits_a_wide_character() {
        assert_eq!(cut("订单支付回调", 5), "订单…");
        assert_eq!(fit("订单支付回调", 6), "订单… ");
        assert_eq!(cut("ab", 2), "ab");
    }

    #[test]
    fn chinese_wraps_by_width_and_keeps_punctuation_attached() {
        assert_eq!(wrap("加油机无法启动,请帮忙。谢谢", 8), ["加油机无", "法启动,", "请帮忙。", "谢谢"]);
    }

    proptest! {
        #[test]
        fn clean_text_holds_no_control_and_is_its_own_clean_form(text in any::<String>()) {
            let once = clean(&text);
            prop_assert!(!once.chars().any(char::is_control));
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn fit_fills_exactly(text in any::<String>(), cells in 0usize..40) {
            prop_assert_eq!(width(&fit(&clean(&text), cells)), cells);
        }
    }
}
