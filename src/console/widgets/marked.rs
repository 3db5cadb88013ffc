//! A text in a row with some of its characters marked.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::base::text;

/// A clean text in exactly `cells`, cut or filled up; the characters at `places` (in order) are marked, whole graphemes at a time.
#[must_use]
pub fn spans(shown: &str, cells: usize, places: &[usize], base: Style, mark: Style) -> Vec<Span<'static>> {
    let cut = text::cut(shown, cells);
    // The dots of a cut text stand for something else.
    let real = if cut == shown { usize::MAX } else { cut.trim_end_matches('…').chars().count() };
    let mut spans: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    for grapheme in cut.graphemes(true) {
        let end = at + grapheme.chars().count();
        let on = at < real && places.iter().any(|place| (at..end).contains(place));
        match spans.last_mut() {
            Some((run, marked)) if *marked == on => run.push_str(grapheme),
            _ => spans.push((grapheme.to_owned(), on)),
        }
        at = end;
    }
    let rest = cells.saturating_sub(text::width(&cut));
    let mut spans: Vec<Span<'static>> =
        spans.into_iter().map(|(run, on)| Span::styled(run, if on { base.patch(mark) } else { base })).collect();
    if rest > 0 {
        spans.push(Span::styled(" ".repeat(rest), base));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(shown: &str, cells: usize, places: &[usize]) -> Vec<(String, bool)> {
        let spans = spans(shown, cells, places, Style::new(), Style::new().add_modifier(ratatui::style::Modifier::UNDERLINED));
        spans.into_iter().map(|span| (span.content.into_owned(), span.style != Style::new())).collect()
    }

    #[test]
    fn runs_are_marked_and_the_rest_is_filled() {
        assert_eq!(marked("张伟 zw", 9, &[0, 1]), [("张伟".into(), true), (" zw".into(), false), ("  ".into(), false)]);
        assert_eq!(marked("abcdef", 4, &[2, 3, 5]), [("ab".into(), false), ("c".into(), true), ("…".into(), false)]);
    }

    proptest! {
        #[test]
        fn the_cells_are_always_filled_exactly(shown in "\\PC{0,20}", cells in 0usize..30, places in prop::collection::vec(0usize..20, 0..5)) {
            let shown = text::clean(&shown);
            let whole: String = marked(&shown, cells, &places).into_iter().map(|(run, _)| run).collect();
            prop_assert_eq!(text::width(&whole), cells);
        }
    }
}
