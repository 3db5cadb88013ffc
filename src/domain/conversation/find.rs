//! Finding a text within a text, whatever the case, in any script: the one meaning of a match for server and cache.

/// `text` as it is compared: lower case.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// Where `wanted` occurs in `text`, case folded: byte ranges of `text`, each of whole characters, in order and apart. At most `max`.
#[must_use]
pub fn ranges(text: &str, wanted: &str, max: usize) -> Vec<(usize, usize)> {
    let wanted = folded(wanted.trim());
    if wanted.is_empty() {
        return Vec::new();
    }
    // Folding may change a character's length: each byte of the folded text remembers the character it came from.
    let mut fold = String::with_capacity(text.len());
    let mut from = Vec::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        for lower in char.to_lowercase() {
            fold.push(lower);
            from.resize(fold.len(), (at, at + char.len_utf8()));
        }
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, hit) in fold.match_indices(&wanted).take(max) {
        let (start, end) = (from[at].0, from[at + hit.len() - 1].1);
        match found.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => found.push((start, end)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_any_script_whatever_the_case() {
        assert_eq!(ranges("Pump PUMP pump", "pump", 9), [(0, 4), (5, 9), (10, 14)]);
        assert_eq!(ranges("四号泵无法启动，泵", "泵", 9), [(6, 9), (24, 27)]);
        assert_eq!(ranges("ÜBERDRUCK", "über", 9), [(0, 5)]);
        assert_eq!(ranges("nothing", "pump", 9), []);
        assert_eq!(ranges("nothing", "  ", 9), []);
        assert_eq!(ranges("aaaa", "a", 2), [(0, 1), (1, 2)]);
    }

    proptest! {
        #[test]
        fn ranges_are_whole_characters_in_order(text in "\\PC{0,40}", wanted in "\\PC{1,3}") {
            let mut after = 0;
            for (start, end) in ranges(&text, &wanted, 100) {
                prop_assert!(after <= start && start < end);
                prop_assert!(text.get(start..end).is_some());
                after = end;
            }
        }

        #[test]
        fn what_is_there_is_found(before in "[a-zA-Z泵 ]{0,9}", wanted in "[a-zA-Z泵]{1,5}", after in "[a-zA-Z泵 ]{0,9}") {
            let text = format!("{before}{}{after}", wanted.to_uppercase());
            prop_assert!(!ranges(&text, &wanted, 100).is_empty());
        }
    }
}
