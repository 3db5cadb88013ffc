//! How Chinese is typed on a Latin keyboard: the readings of characters, and where letters spell a stretch of a text.
//!
//! `zhangwei`, `zw`, `zhw` and `zhangw` all spell 张伟; a character with several readings is found by each of them (重庆 by `cq`
//! and by `zq`). Texts come folded by [`letters`]: this file knows letters, not case.

use std::ops::Range;
use std::sync::OnceLock;

use pinyin::{Pinyin, PinyinMulti, ToPinyinMulti};

use super::letters::letters;

/// The characters that names and everyday texts are written with; rarer ones are looked up each time.
const COMMON: Range<u32> = 0x4e00..0xa000;
/// Most letters that are tried: nobody types a longer name.
const TYPED_MAX: usize = 64;

/// What is known of one character.
#[derive(Clone, Copy, Default)]
struct Known {
    readings: Option<PinyinMulti>,
    /// A bit for each letter that a reading starts with.
    first: u32,
    /// A bit for each letter of any reading.
    all: u32,
}

impl Known {
    fn of(char: char) -> Self {
        let Some(readings) = char.to_pinyin_multi() else { return Self::default() };
        let (mut first, mut all) = (0, 0);
        for reading in readings {
            let spelled = reading.plain();
            first |= spelled.bytes().next().map_or(0, bit);
            all |= spelled.bytes().fold(0, |bits, letter| bits | bit(letter));
            if spelled.contains('ü') {
                all |= bit(b'v') | bit(b'u');
            }
        }
        Self { readings: Some(readings), first, all }
    }
}

fn bit(letter: u8) -> u32 {
    if letter.is_ascii_lowercase() { 1 << (letter - b'a') } else { 0 }
}

fn known(char: char) -> Known {
    static TABLE: OnceLock<Vec<Known>> = OnceLock::new();
    if char.is_ascii() {
        return Known::default();
    }
    let code = char as u32;
    if !COMMON.contains(&code) {
        return Known::of(char);
    }
    let table = TABLE.get_or_init(|| COMMON.map(|code| char::from_u32(code).map_or_else(Known::default, Known::of)).collect());
    table.get((code - COMMON.start) as usize).copied().unwrap_or_default()
}

/// Which letters a character can be spelled with: a bit for each of `a` to `z`, for refusing quickly.
#[must_use]
pub fn letter_bits(char: char) -> u32 {
    known(char).all
}

/// The first stretch of a folded text that folded letters spell, as a range of its characters. Characters also stand for
/// themselves (`张w`), and what is neither letter nor digit is passed over (`张 伟`); at least one is spelled.
#[must_use]
pub fn find(text: &[char], typed: &str) -> Option<Range<usize>> {
    if !can_spell(typed) {
        return None;
    }
    (0..text.len()).find_map(|start| spells(&text[start..], typed, false).map(|cells| start..start + cells))
}

/// As [`find`], at the start of the text alone.
#[must_use]
pub fn starts(text: &[char], typed: &str) -> bool {
    can_spell(typed) && spells(text, typed, false).is_some()
}

/// Whether letters spell a stretch of a text; neither needs to be folded.
#[must_use]
pub fn spelled(text: &str, typed: &str) -> bool {
    let text: Vec<char> = letters(text).chars().collect();
    find(&text, &letters(typed)).is_some()
}

fn can_spell(typed: &str) -> bool {
    typed.len() <= TYPED_MAX && typed.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// How many characters at the start of `text` the letters take up, when they end with one of them. `spelled`: one was spelled
/// already rather than typed itself.
fn spells(text: &[char], typed: &str, spelled: bool) -> Option<usize> {
    let Some(wanted) = typed.chars().next() else { return spelled.then_some(0) };
    let (char, rest) = text.split_first()?;
    let go_on = |taken: usize, spelled| spells(rest, &typed[taken..], spelled).map(|more| more + 1);
    if *char == wanted {
        return go_on(wanted.len_utf8(), spelled);
    }
    let known = known(*char);
    let Some(all) = known.readings else {
        // Between two characters of a name stands a space or a dot, never before the first.
        let between = spelled && !char.is_alphanumeric();
        return if between { go_on(0, spelled) } else { None };
    };
    if !wanted.is_ascii_lowercase() || known.first & bit(wanted as u8) == 0 {
        return None;
    }
    all.into_iter().map(Pinyin::plain).find_map(|reading| parts(reading, typed).into_iter().flatten().find_map(|taken| go_on(taken, true)))
}

/// How many bytes of `typed` one reading takes: all of it, its first sound (`zh`), its first letter; at the end of what was
/// typed also any part, for the rest is still to come.
fn parts(reading: &str, typed: &str) -> [Option<usize>; 3] {
    // `ü` is typed as `v`, and as `u` by those who do not know that.
    let same = |(a, b): &(char, char)| a == b || (*a == 'ü' && matches!(b, 'v' | 'u'));
    let shared = reading.chars().zip(typed.chars()).take_while(same).count();
    let whole = shared == reading.chars().count() || shared == typed.len();
    let sound = matches!(reading.get(..2), Some("zh" | "ch" | "sh")) && shared >= 2;
    [whole.then_some(shared), sound.then_some(2), (shared >= 1).then_some(1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn readings(char: char) -> impl Iterator<Item = &'static str> {
        known(char).readings.into_iter().flatten().map(Pinyin::plain)
    }

    fn found(text: &str, typed: &str) -> Option<String> {
        let text: Vec<char> = letters(text).chars().collect();
        find(&text, typed).map(|range| text[range].iter().collect())
    }

    #[test]
    fn names_are_spelled_in_full_by_initials_and_in_between() {
        for typed in ["zhangwei", "zw", "zhw", "zhangw", "zwei", "zhwei", "zhang", "z", "zha"] {
            assert!(found("张伟", typed).is_some(), "{typed}");
        }
        for typed in ["zhanwei", "wz", "zhangweii", "hw", "angwei", "", "1", "伟", "张伟"] {
            assert_eq!(found("张伟", typed), None, "{typed}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts() {
        for typed in ["chongqing", "zhongqing", "cq", "zq", "chq"] {
            assert_eq!(found("重庆加油站", typed).as_deref(), Some("重庆"), "{typed}");
        }
        assert!(found("单雄信", "shanxx").is_some() && found("单雄信", "danxx").is_some());
        assert!(found("音乐厅", "yyt").is_some() && found("快乐", "kl").is_some());
    }

    #[test]
    fn letters_between_characters_stand_for_themselves() {
        assert_eq!(found("3号加油机 pump", "3hao"), Some("3号".into()));
        assert_eq!(found("张 伟", "zw"), Some("张 伟".into()));
        assert_eq!(found("支付payment组", "zfpay"), Some("支付pay".into()));
        assert_eq!(found("张伟", "张w"), Some("张伟".into()));
        assert_eq!(found("plain words", "pw"), None, "nothing is spelled");
    }

    #[test]
    fn the_stretch_may_stand_anywhere_and_u_umlaut_is_typed_as_v() {
        assert_eq!(found("北京市朝阳区油站", "yz"), Some("油站".into()));
        assert!(found("吕布", "lvb").is_some() && found("吕布", "lub").is_some());
        assert!(starts(&['张', '伟'], "zhang") && !starts(&['张', '伟'], "wei"));
        assert!(spelled("ＺＨ 李娜", "LiNa"));
    }

    proptest! {
        #[test]
        fn the_full_readings_and_the_initials_of_any_name_find_it(name in "[张伟李娜王芳刘洋陈静赵磊重庆单乐加油机站]{1,6}") {
            let text: Vec<char> = name.chars().collect();
            let full: String = text.iter().filter_map(|char| readings(*char).next()).collect();
            let initials: String = text.iter().filter_map(|char| readings(*char).next()?.chars().next()).collect();
            prop_assert_eq!(find(&text, &full).map(|range| range.start), Some(0));
            prop_assert_eq!(find(&text, &initials).map(|range| range.start), Some(0));
        }

        #[test]
        fn no_text_panics_and_ranges_are_inside(text in any::<String>(), typed in "\\PC{0,12}") {
            let text: Vec<char> = letters(&text).chars().collect();
            if let Some(range) = find(&text, &letters(&typed)) {
                prop_assert!(range.start < range.end && range.end <= text.len());
            }
        }
    }
}
