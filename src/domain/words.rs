//! A text's words as similarity compares them: a ticket with solved ones, a new ticket with open incidents. Letters and digits of alphabetic scripts are words; Han, kana and Hangul, which
//! are written without spaces, become pairs of neighbours: so a two-character word such as 打印 counts whole.

use std::collections::BTreeSet;

/// Words looked at, of a long text.
const WORDS_MAX: usize = 200;
/// Characters looked at.
const CHARS_MAX: usize = 4_000;

/// Words that say nothing of what a text is about.
const EMPTY: &[&str] = &[
    "again", "an", "and", "are", "as", "at", "be", "but", "by", "can", "cannot", "do", "does", "for", "from", "had", "has", "have", "he",
    "hello", "help", "hi", "if", "in", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "please", "since", "so",
    "some", "still", "that", "the", "there", "they", "this", "to", "us", "was", "we", "what", "when", "why", "will", "with", "you", "your",
    "一下", "一个", "不能", "什么", "你好", "可以", "帮忙", "怎么", "您好", "我们", "无法", "没有", "请问", "谢谢",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Written without spaces.
    Dense,
    /// Words between spaces.
    Spaced,
    None,
}

fn script(c: char) -> Script {
    match u32::from(c) {
        0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x20000..=0x3ffff => Script::Dense,
        _ if c.is_alphanumeric() => Script::Spaced,
        _ => Script::None,
    }
}

/// The distinct words of `text`, case folded.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    let folded: Vec<char> = text.chars().take(CHARS_MAX).flat_map(|c| full_width(c).to_lowercase()).collect();
    let mut found = BTreeSet::new();
    for run in folded.chunk_by(|a, b| script(*a) == script(*b)) {
        match run.first().map(|c| script(*c)) {
            Some(Script::Dense) => run.windows(2).for_each(|pair| keep(&mut found, pair)),
            // A single letter or digit says too little.
            Some(Script::Spaced) if run.len() > 1 => keep(&mut found, singular(run)),
            _ => {}
        }
        if found.len() >= WORDS_MAX {
            break;
        }
    }
    found
}

/// Full-width forms as ASCII.
fn full_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A plural counts as its singular.
fn singular(word: &[char]) -> &[char] {
    match word {
        [stem @ .., 's'] if stem.len() > 2 && !stem.ends_with(&['s']) => stem,
        _ => word,
    }
}

fn keep(found: &mut BTreeSet<String>, chars: &[char]) {
    let word: String = chars.iter().collect();
    if !EMPTY.contains(&word.as_str()) {
        found.insert(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_latin_words_and_chinese_pairs() {
        let found: Vec<String> = words("The PUMPS at Ｓｉｔｅ 4: 支付回调丢失,请 help!").into_iter().collect();
        assert_eq!(found, ["pump", "site", "丢失", "付回", "回调", "支付", "调丢"]);
        assert!(words("a 请 !").is_empty());
    }
}
