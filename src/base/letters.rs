//! Folding for finding: one character for one, so that places in the folded text are places in the text.

/// Lower case, full-width forms as ASCII, Latin letters without their accents.
#[must_use]
pub fn letter(char: char) -> char {
    if char.is_ascii() {
        return char.to_ascii_lowercase();
    }
    let char = match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        '\u{3000}' => ' ',
        _ => nucleo_matcher::chars::normalize(char),
    };
    // The few letters with a longer lower case keep its first character.
    char.to_lowercase().next().unwrap_or(char)
}

/// A text of [`letter`]s, as many characters as it had.
#[must_use]
pub fn letters(text: &str) -> String {
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_width_and_accents_do_not_count() {
        assert_eq!(letters("ＺHANG Ünal\u{3000}São 张İ"), "zhang unal sao 张i");
    }

    proptest! {
        #[test]
        fn every_character_stays_one_and_folding_is_done_once(text in any::<String>()) {
            let folded = letters(&text);
            prop_assert_eq!(folded.chars().count(), text.chars().count());
        }
    }
}
