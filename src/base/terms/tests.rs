//! Whatever stands in a text is found, in any script; what marks it are whole characters.

use proptest::prelude::*;

use super::fts5::{Columns, expression};
use super::{Query, terms};

fn words(text: &str) -> Vec<String> {
    terms(text).into_iter().map(|term| term.key().to_owned()).collect()
}

fn marked(typed: &str, text: &str) -> Vec<String> {
    Query::parse(typed).ranges(text, 50).into_iter().map(|(from, to)| text[from..to].to_owned()).collect()
}

#[test]
fn chinese_is_pairs_and_the_last_character() {
    assert_eq!(words("加油机，停"), ["加油", "油机", "机", "停"]);
    assert_eq!(words("3号泵ok"), ["3", "号泵", "泵", "ok"]);
    assert_eq!(words("ポンプ 펌프"), ["ポン", "ンプ", "プ", "펌프", "프"]);
}

#[test]
fn words_are_folded_stemmed_and_parted_from_digits() {
    assert_eq!(words("Refunds ＡＢＣ über Straße"), ["refund", "abc", "uber", "straße"]);
    assert_eq!(words("PO-2291 a.b@shop.example ﬁx2"), ["po", "2291", "a", "b", "shop", "exampl", "fix", "2"]);
    assert_eq!(words("e\u{301}te\u{301} soft\u{ad}en"), ["ete", "soften"]);
    assert_eq!(words("\u{1b}[2J \" * ^"), ["2", "j"]);
    assert_eq!(terms(&"x".repeat(100))[0].word.len(), 40);
}

#[test]
fn words_in_any_order_and_phrases_side_by_side() {
    let text = "The printers of pump 4 printed nothing. 加油机无法启动，请退款。";
    for typed in ["printer", "printing", "prin", "nothing printer", "退款 printers", "\"pump 4\"", "机", "无法启动", "启动", "动", "款"]
    {
        assert!(Query::parse(typed).finds(text), "{typed}");
    }
    for typed in ["\"4 pump\"", "启油", "prin pump", "printer refund", "退款 加无"] {
        assert!(!Query::parse(typed).finds(text), "{typed}");
    }
    assert!(Query::parse(" ,;! \" ").is_empty());
}

#[test]
fn numbers_and_addresses_are_found_whole_and_by_their_parts() {
    let text = "order PO-2291 of li.na@shop.example, see #1042";
    for typed in ["PO-2291", "po2291", "2291", "po-22", "li.na@shop.example", "shop.example", "#1042", "1042", "na@shop"] {
        assert!(Query::parse(typed).finds(text), "{typed}");
    }
    assert!(!Query::parse("PO-2292").finds(text) && !Query::parse("example.shop").finds(text));
}

#[test]
fn what_is_marked_is_what_was_looked_for() {
    assert_eq!(marked("pump", "Pump PUMPS pumping"), ["Pump", "PUMPS", "pumping"]);
    assert_eq!(marked("泵", "四号泵无法启动，泵"), ["泵", "泵"]);
    assert_eq!(marked("无法", "四号泵无法启动"), ["无法"]);
    assert_eq!(marked("uber", "ÜBERdruck"), ["ÜBERdruck"]);
    assert_eq!(marked("油机 加油", "加油机"), ["加油机"]);
    assert_eq!(Query::parse("a").ranges("a a a", 2), [(0, 1), (2, 3)]);
}

#[test]
fn nothing_typed_is_syntax() {
    let of = |typed: &str| expression(&Query::parse(typed));
    assert_eq!(of("退款 \"paper jams\"").as_deref(), Some("terms : \"退款\" AND terms : \"paper jam\""));
    assert_eq!(of("款").as_deref(), Some("terms : \"款\" *"));
    assert_eq!(of("printi").as_deref(), Some("(terms : \"printi\" OR terms : \"printi\" * OR exact : \"printi\" *)"));
    assert_eq!(of("PO-22").as_deref(), Some("(terms : \"po 22\" OR terms : \"po 22\" *)"));
    assert_eq!(of("\") OR x NEAR(*").as_deref(), Some("terms : \"or x near\""));
    assert_eq!(of("* ^ \""), None);
}

#[test]
fn texts_apart_are_no_neighbours_and_the_mark_tells_them() {
    let columns = Columns::of(["paper jam", "", "printers"]);
    assert_eq!((columns.terms.as_str(), columns.exact.as_str()), ("paper jam ¶ printer", "printers"));
    assert_eq!(columns.mark(), Columns::of(["paper jam", "printers"]).mark());
    assert_ne!(columns.mark(), Columns::of(["paper", "jam printers"]).mark());
}

/// Chinese with what stands around it.
fn chinese() -> impl Strategy<Value = String> {
    "[加油机无法启动请帮忙退款泵站\u{3400}-\u{3410}ンカが한글，。 a-z0-9]{2,24}"
}

proptest! {
    #[test]
    fn every_two_characters_and_more_are_found(text in chinese(), from in 0usize..24, len in 1usize..24) {
        let chars: Vec<char> = text.chars().collect();
        let from = from % chars.len();
        let part: String = chars[from..(from + len).min(chars.len())].iter().collect();
        let dense = part.chars().all(|char| !char.is_ascii() && char.is_alphabetic());
        prop_assume!(dense);
        let query = Query::parse(&part);
        prop_assert!(query.finds(&text), "{part} in {text}");
        for (from, to) in query.ranges(&text, 50) {
            prop_assert!(text[from..to].contains(&part));
        }
    }

    #[test]
    fn every_word_is_found(text in "[a-zA-ZéÜ0-9加油 .@-]{1,40}") {
        for word in text.split_whitespace().filter(|word| !Query::parse(word).is_empty()) {
            prop_assert!(Query::parse(word).finds(&text), "{word} in {text}");
        }
    }

    #[test]
    fn ranges_are_whole_characters_in_order(text in "\\PC{0,40}", typed in "\\PC{1,8}") {
        let mut after = 0;
        for (from, to) in Query::parse(&typed).ranges(&text, 100) {
            prop_assert!(after <= from && from < to);
            prop_assert!(text.get(from..to).is_some());
            after = to;
        }
    }

    #[test]
    fn terms_hold_letters_and_digits_alone(text in any::<String>()) {
        for term in terms(&text) {
            prop_assert!(!term.word.is_empty() && !term.key().is_empty());
            let plain = |char: char| !char.is_ascii() || char.is_ascii_alphanumeric();
            prop_assert!(term.word.chars().all(plain) && term.key().chars().all(plain), "{term:?}");
        }
    }
}
