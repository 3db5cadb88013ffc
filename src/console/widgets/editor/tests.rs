//! The editor against a plain list of graphemes.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::{Editor, Taken};
use crate::base::text::{clean_lines, width};

fn press(editor: &mut Editor, keys: &str) -> Vec<Taken> {
    keys.split(' ').map(|key| editor.key(key.parse().unwrap(), 20, 5)).collect()
}

fn typed(text: &str) -> Editor {
    let mut editor = Editor::default();
    for char in text.chars() {
        editor.type_char(char);
    }
    editor
}

#[test]
fn edits_go_by_graphemes() {
    let mut editor = typed("e\u{301}中👩\u{200d}🚀");
    press(&mut editor, "backspace");
    assert_eq!(editor.text(), "e\u{301}中");
    press(&mut editor, "left backspace");
    assert_eq!(editor.text(), "中");
    press(&mut editor, "delete delete backspace");
    assert!(editor.is_empty());
}

#[test]
fn words_are_runs_and_chinese_is_one() {
    let mut editor = typed("see runbook 加油机无法启动，谢谢 foo_bar");
    let mut stops = Vec::new();
    for _ in 0..7 {
        press(&mut editor, "ctrl-left");
        stops.push(editor.text()[editor.caret()..].chars().next().unwrap());
    }
    assert_eq!(stops, ['f', '谢', '，', '加', 'r', 's', 's']);
    press(&mut editor, "ctrl-right ctrl-right ctrl-right");
    assert_eq!(editor.before(), "see runbook 加油机无法启动");
    press(&mut editor, "ctrl-w ctrl-w");
    assert_eq!(editor.text(), "see ，谢谢 foo_bar");
    press(&mut editor, "alt-d alt-d ctrl-k");
    assert_eq!(editor.text(), "see ");
}

#[test]
fn lines_are_deleted_to_either_end() {
    let mut editor = typed("one\ntwo three\nfour");
    press(&mut editor, "up home");
    assert_eq!(editor.before(), "one\n");
    press(&mut editor, "ctrl-right ctrl-k");
    assert_eq!(editor.text(), "one\ntwo\nfour");
    press(&mut editor, "ctrl-k");
    assert_eq!(editor.text(), "one\ntwofour");
    press(&mut editor, "ctrl-u");
    assert_eq!(editor.text(), "one\nfour");
}

#[test]
fn a_selection_is_copied_cut_replaced_and_pasted() {
    let mut editor = typed("abc def");
    assert_eq!(press(&mut editor, "shift-left shift-left ctrl-c")[2], Taken::Copied("ef".into()));
    assert_eq!(press(&mut editor, "ctrl-x"), [Taken::Cut("ef".into())]);
    assert_eq!(editor.text(), "abc d");
    press(&mut editor, "home ctrl-v");
    assert_eq!(editor.text(), "efabc d");
    press(&mut editor, "ctrl-a x");
    assert_eq!(editor.text(), "x");
    assert_eq!(press(&mut editor, "ctrl-c ctrl-x"), [Taken::No, Taken::No], "nothing is selected");
    press(&mut editor, "ctrl-_ ctrl-_");
    assert_eq!(editor.text(), "abc d");
}

#[test]
fn typing_is_undone_by_words_and_a_paste_at_once() {
    let mut editor = typed("one two");
    editor.insert("\nthree\nfour");
    for expected in ["one two", "one", ""] {
        press(&mut editor, "alt-z");
        assert_eq!(editor.text(), expected);
    }
    for expected in ["one", "one two", "one two\nthree\nfour", "one two\nthree\nfour"] {
        press(&mut editor, "ctrl-y");
        assert_eq!(editor.text(), expected);
    }
}

#[test]
fn the_caret_is_where_the_next_character_goes() {
    let laid = |text: &str, cells| {
        let editor = Editor::new(text);
        let laid = editor.lay_out(cells);
        (laid.rows.iter().map(|row| editor.text()[row.clone()].to_owned()).collect::<Vec<_>>(), laid.caret)
    };
    assert_eq!(laid("加油机无法启动,请帮忙。谢谢", 8).0, ["加油机无", "法启动,", "请帮忙。", "谢谢"]);
    assert_eq!(laid("one two three", 8), (vec!["one two ".to_owned(), "three".to_owned()], (1, 5)));
    assert_eq!(laid("abcdefghij", 4), (vec!["abcd".to_owned(), "efgh".to_owned(), "ij".to_owned()], (2, 2)));
    assert_eq!(laid("a\n", 8), (vec!["a".to_owned(), String::new()], (1, 0)));
    assert_eq!(laid("", 8), (vec![String::new()], (0, 0)));
    assert_eq!(laid("abcd", 4).1, (0, 4), "right of the last cell");
}

#[test]
fn up_and_down_keep_their_column_over_short_lines() {
    let mut editor = typed("long line here\nab\nanother one");
    press(&mut editor, "up");
    assert_eq!(editor.before(), "long line here\nab");
    press(&mut editor, "up");
    assert_eq!(editor.before(), "long line h");
    press(&mut editor, "up");
    assert_eq!(editor.before(), "", "from the first row to its start");
    press(&mut editor, "down down down down");
    assert_eq!(editor.caret(), editor.text().len());
}

#[test]
fn control_characters_never_get_in() {
    let mut editor = Editor::default();
    assert!(editor.insert("a\x1b[2J\r\nb\u{202e}"));
    assert_eq!(editor.text(), "a␛[2J\nb");
    press(&mut editor, "\u{202e}");
    assert_eq!(editor.text(), "a␛[2J\nb");
    assert!(!editor.insert(&"x".repeat(super::BYTES_MAX)), "what does not fit is left out whole");
    assert_eq!(editor.text(), "a␛[2J\nb");
}

const KEYS: [&str; 34] = [
    "backspace",
    "delete",
    "left",
    "right",
    "up",
    "down",
    "home",
    "end",
    "pageup",
    "pagedown",
    "ctrl-left",
    "ctrl-right",
    "ctrl-w",
    "ctrl-u",
    "ctrl-k",
    "ctrl-a",
    "ctrl-c",
    "ctrl-x",
    "ctrl-v",
    "ctrl-_",
    "ctrl-y",
    "ctrl-j",
    "shift-left",
    "shift-right",
    "shift-up",
    "shift-down",
    "shift-home",
    "shift-end",
    "ctrl-shift-left",
    "ctrl-shift-right",
    "alt-d",
    "ctrl-e",
    "ctrl-delete",
    "shift-pageup",
];

#[derive(Clone, Debug)]
enum Step {
    Insert(String),
    Type(char),
    Key(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let texts = prop_oneof!["[a-c \n,]{0,8}", "[加油机。，！的👩🚀\u{200d}\u{301}]{0,6}", ".{0,6}"];
    let step = prop_oneof![
        texts.prop_map(Step::Insert),
        prop_oneof![any::<char>(), Just('中'), Just('\u{301}'), Just('\u{200d}')].prop_map(Step::Type),
        (0..KEYS.len()).prop_map(Step::Key),
        (0..KEYS.len()).prop_map(Step::Key),
    ];
    prop::collection::vec(step, 0..60)
}

/// The reference: what simple edits at the end of a text do to its graphemes.
fn reference(text: &str, key: &str) -> String {
    let graphemes: Vec<&str> = text.graphemes(true).collect();
    match key {
        "backspace" => graphemes[..graphemes.len().saturating_sub(1)].concat(),
        "ctrl-u" => text[..text.rfind('\n').map_or(0, |at| at + 1)].to_owned(),
        _ => text.to_owned(),
    }
}

proptest! {
    #[test]
    fn no_sequence_of_edits_splits_a_grapheme(steps in steps(), cells in 0usize..30) {
        let mut editor = Editor::default();
        for step in steps {
            match step {
                Step::Insert(new) => drop(editor.insert(&new)),
                Step::Type(char) => drop(editor.key(crate::console::key::Key::char(char), cells, 4)),
                Step::Key(index) => drop(editor.key(KEYS[index].parse().unwrap(), cells, 4)),
            }
            let boundaries: Vec<usize> =
                editor.text().grapheme_indices(true).map(|(at, _)| at).chain([editor.text().len()]).collect();
            prop_assert!(boundaries.contains(&editor.caret()), "caret {} in {:?}", editor.caret(), editor.text());
            let range = editor.selection().unwrap_or(0..0);
            prop_assert!(editor.text().is_char_boundary(range.start) && editor.text().is_char_boundary(range.end));
            prop_assert_eq!(clean_lines(editor.text()).len(), editor.text().len(), "clean stays clean");
            let laid = editor.lay_out(cells);
            let whole: String = laid.rows.iter().map(|row| &editor.text()[row.clone()]).collect();
            prop_assert_eq!(whole, editor.text().replace('\n', ""));
            prop_assert!(laid.caret.0 < laid.rows.len() && laid.caret.1 <= cells.max(2));
            for row in &laid.rows {
                let shown = editor.text()[row.clone()].trim_end();
                prop_assert!(width(shown) <= cells.max(2) || shown.graphemes(true).count() == 1);
            }
        }
    }

    #[test]
    fn edits_at_the_end_are_those_of_a_string(texts in prop::collection::vec("[a-d 加油机\n👩🚀]{0,6}", 0..12), keys in prop::collection::vec(0usize..2, 0..12)) {
        let mut editor = Editor::default();
        let mut plain = String::new();
        for (index, new) in texts.iter().enumerate() {
            editor.insert(new);
            plain.push_str(&clean_lines(new));
            if let Some(key) = keys.get(index) {
                let key = ["backspace", "ctrl-u"][*key];
                editor.key(key.parse().unwrap(), 12, 4);
                plain = reference(&plain, key);
            }
            prop_assert_eq!(editor.text(), &plain);
        }
    }

    #[test]
    fn undo_goes_back_to_the_start_and_redo_to_the_end(steps in steps()) {
        let mut editor = Editor::default();
        for step in steps {
            match step {
                Step::Insert(new) => drop(editor.insert(&new)),
                Step::Type(char) => drop(editor.key(crate::console::key::Key::char(char), 10, 4)),
                Step::Key(index) => drop(editor.key(KEYS[index].parse().unwrap(), 10, 4)),
            }
        }
        while editor.redo() {}
        let last = editor.text().to_owned();
        while editor.undo() {}
        prop_assert_eq!(editor.text(), "");
        while editor.redo() {}
        prop_assert_eq!(editor.text(), last);
    }
}
