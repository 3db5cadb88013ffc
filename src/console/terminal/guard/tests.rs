//! Hostile and late terminal replies, split at every position.

use super::*;

const WAIT: Duration = Duration::from_millis(30);

/// What terminals send unasked or late, none of it typed.
const REPLIES: &[&[u8]] = &[
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x07",
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
    b"\x1b]10;rgba:ff/ff/ff/ff\x1b\\",
    b"\x1b]4;1;rgb:aa/00/00\x1b\\",
    b"\x1b]52;c;OnEK\x07",
    b"\x1b]0;:quit\r\x07",
    b"\x1bP>|tmux 3.4\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP1+r524742=38\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private :q\x1b\\",
    b"\x1b[?62;22c",
    b"\x1b[>41;354;0c",
    b"\x1b[=0;1c",
    b"\x1b[?2026;2$y",
    b"\x1b[4;2$y",
    b"\x1b[?997;3n",
    b"\x1b[?1u",
    b"\x1b[0n",
    b"\x1b[12;40R",
    b"\x1b[?12;40R",
    b"\x1b[8;24;80t",
    b"\x1b[48;24;80;480;800t",
    b"\x1b[<0;10M",
    b"\x1b[<0;10;10;10m",
    b"\x1b[<0;123456;1M",
    b"\x1b[<;;M",
    b"\x1b[?9999;;;h",
    b"\x1b[201~",
];

fn guard() -> Guard {
    Guard::new(WAIT)
}

fn feed_split(bytes: &[u8], at: usize) -> Vec<Token> {
    let mut guard = guard();
    let mut tokens = guard.feed(&bytes[..at]);
    tokens.extend(guard.feed(&bytes[at..]));
    tokens
}

/// Silence until nothing is open.
fn fall_silent(guard: &mut Guard) -> Vec<Token> {
    let mut tokens = Vec::new();
    for _ in 0..3 {
        if guard.patience().is_some() {
            tokens.extend(guard.silence());
        }
    }
    tokens
}

fn key(bytes: &[u8]) -> Token {
    Token::Key(bytes.to_vec())
}

#[test]
fn the_mouse_is_one_token_wherever_it_is_split() {
    for (bytes, report) in
        [(&b"\x1b[<0;10;10Mj"[..], &b"<0;10;10M"[..]), (b"\x1b[<65;200;60Mj", b"<65;200;60M"), (b"\x1b[<0;1;1mj", b"<0;1;1m")]
    {
        for at in 0..=bytes.len() {
            assert_eq!(feed_split(bytes, at), [Token::Mouse(report.to_vec()), key(b"j")], "{bytes:?} split at {at}");
        }
    }
}

#[test]
fn replies_never_become_keys_wherever_they_are_split() {
    for reply in REPLIES {
        let mut bytes = reply.to_vec();
        bytes.extend_from_slice(b"j");
        for at in 0..=bytes.len() {
            assert_eq!(feed_split(&bytes, at), [key(b"j")], "{reply:?} split at {at}");
        }
    }
}

#[test]
fn replies_never_become_keys_byte_by_byte() {
    for reply in REPLIES {
        let mut guard = guard();
        let tokens: Vec<_> = reply.iter().chain(b"\x1b[A").flat_map(|byte| guard.feed(&[*byte])).collect();
        assert_eq!(tokens, [key(b"\x1b[A")], "{reply:?}");
    }
}

#[test]
fn a_reply_split_by_silence_after_its_escape_is_no_typing() {
    for reply in REPLIES {
        let mut guard = guard();
        assert_eq!(guard.feed(&reply[..1]), []);
        assert_eq!(guard.silence(), Some(Token::Escape));
        assert_eq!(guard.feed(&reply[1..]), [], "{reply:?}");
        assert_eq!(guard.feed(b"j"), [key(b"j")]);
    }
}

#[test]
fn the_focus_is_told_wherever_its_bytes_are_split_and_is_no_key() {
    for (bytes, focused) in [(b"\x1b[I", true), (b"\x1b[O", false)] {
        let mut then_a_key = bytes.to_vec();
        then_a_key.push(b'j');
        for at in 0..=then_a_key.len() {
            assert_eq!(feed_split(&then_a_key, at), [Token::Focus(focused), key(b"j")], "{bytes:?} split at {at}");
        }
        let mut guard = guard();
        assert_eq!(guard.feed(&bytes[..1]), []);
        assert_eq!(guard.silence(), Some(Token::Escape));
        assert_eq!(guard.feed(&bytes[1..]), [Token::Focus(focused)], "after a silence");
        assert_eq!(guard.feed(b"j"), [key(b"j")]);
    }
}

#[test]
fn an_unfinished_sequence_does_not_keep_the_keyboard() {
    for open in [&b"\x1b["[..], b"\x1b[?12", b"\x1bO", b"\x1b]11;rgb", b"\x1bP1$r", b"\xe4\xbd", b"\x1b[200~"] {
        let mut guard = guard();
        assert_eq!(guard.feed(open), []);
        assert!(guard.patience().is_some());
        assert_eq!(fall_silent(&mut guard), [], "{open:?}");
        assert_eq!(guard.patience(), None);
        assert_eq!(guard.feed(b"j"), [key(b"j")]);
    }
}

#[test]
fn escape_alone_is_the_key_only_after_silence() {
    let mut guard = guard();
    assert_eq!(guard.feed(b"\x1b"), []);
    assert_eq!(guard.patience(), Some(WAIT));
    assert_eq!(guard.silence(), Some(Token::Escape));
    assert_eq!(guard.feed(b"\x1b\x1b"), [Token::Escape]);
    assert_eq!(guard.silence(), Some(Token::Escape));
    assert_eq!(guard.feed(b"["), [key(b"[")], "a bracket typed after Escape is a bracket");
}

#[test]
fn keys_come_whole_wherever_they_are_split() {
    for whole in [
        &b"\x1b[A"[..],
        b"\x1b[1;5C",
        b"\x1b[5~",
        b"\x1b[Z",
        b"\x1bOP",
        b"\x1b[13;5u",
        b"\x1b[107;5:1u",
        b"\x1bx",
        b"x",
        "你".as_bytes(),
        "😀".as_bytes(),
        "\x1bé".as_bytes(),
    ] {
        for at in 0..=whole.len() {
            assert_eq!(feed_split(whole, at), [key(whole)], "{whole:?} split at {at}");
        }
    }
}

#[test]
fn a_paste_is_one_thing_wherever_it_is_split() {
    let bytes = b"\x1b[200~Q\r:q\r\x1b[A\x1b[201x\x1b[201~j";
    for at in 0..=bytes.len() {
        assert_eq!(feed_split(bytes, at), [Token::Paste(b"Q\r:q\r\x1b[A\x1b[201x".to_vec()), key(b"j")], "split at {at}");
    }
}

#[test]
fn a_huge_paste_is_cut_and_ends() {
    let mut guard = guard();
    let mut tokens = guard.feed(b"\x1b[200~");
    for _ in 0..300 {
        tokens.extend(guard.feed(&[b'a'; 5000]));
    }
    tokens.extend(guard.feed(b"\x1b[201~j"));
    assert!(matches!(&tokens[..], [Token::Paste(bytes), Token::Key(_)] if bytes.len() == PASTE_MAX));
}

#[test]
fn a_paste_that_never_ends_is_given_after_silence() {
    let mut guard = guard();
    assert_eq!(guard.feed(b"\x1b[200~abc"), []);
    let first = guard.patience().unwrap();
    assert_eq!(guard.silence(), Some(Token::Paste(b"abc".to_vec())));
    assert_eq!(first + guard.patience().unwrap(), Duration::from_secs(10));
    assert_eq!(guard.silence(), None);
    assert_eq!(guard.feed(b"j"), [key(b"j")]);
}

#[test]
fn a_paste_that_stalls_stays_a_paste_until_its_end() {
    let whole = "\x1b[200~hello 你?q\x1b[201~".as_bytes();
    for at in 6..whole.len() {
        let mut guard = guard();
        let mut tokens = guard.feed(&whole[..at]);
        tokens.extend(guard.silence());
        tokens.extend(guard.feed(&whole[at..]));
        let text: Vec<_> = tokens
            .iter()
            .map(|token| match token {
                Token::Paste(bytes) => std::str::from_utf8(bytes).expect("no character is cut"),
                other => panic!("{other:?} split at {at}"),
            })
            .collect();
        assert_eq!(text.concat(), "hello 你?q", "split at {at}");
        assert_eq!(guard.feed(b"j"), [key(b"j")], "split at {at}");
    }
    let mut guard = guard();
    assert_eq!(guard.feed(b"\x1b[200~hello "), []);
    assert_eq!(guard.silence(), Some(Token::Paste(b"hello ".to_vec())));
    assert_eq!(guard.feed(b"?rest "), []);
    assert_eq!(guard.silence(), Some(Token::Paste(b"?rest ".to_vec())), "each stall is a new one");
    assert_eq!(guard.feed(b"more\x1b[201~"), [Token::Paste(b"more".to_vec())]);
}

#[test]
fn only_a_lone_escape_is_settled_quickly() {
    for (open, rest) in [(&b"\x1b["[..], &b"A"[..]), (b"\x1b[1;5", b"C"), (b"\x1bO", b"P"), (b"\xe4\xbd", b"\xa0")] {
        let mut guard = guard();
        assert_eq!(guard.feed(open), []);
        assert_eq!(guard.patience(), Some(Duration::from_millis(500)), "{open:?}");
        assert_eq!(guard.feed(rest), [key(&[open, rest].concat())], "{open:?}");
    }
}

#[test]
fn the_rest_of_a_key_given_up_is_no_key() {
    for (open, rest) in [(&b"\x1b["[..], &b"A"[..]), (b"\x1b[", b"1;5C"), (b"\x1b[?", b"62;22c"), (b"\x1bO", b"P"), (b"\xe4\xbd", b"\xa0")]
    {
        let mut guard = guard();
        assert_eq!(guard.feed(open), []);
        assert_eq!(guard.silence(), None);
        assert_eq!(guard.feed(rest), [], "{open:?}");
        assert_eq!(guard.feed(b"j"), [key(b"j")], "{open:?}");
    }
    let mut guard = guard();
    assert_eq!(guard.feed(b"\x1b[20"), []);
    assert_eq!(guard.silence(), None);
    assert_eq!(guard.feed(b"0~q\x1b[201~"), [Token::Paste(b"q".to_vec())], "a paste that begins late is a paste");
}

#[test]
fn broken_characters_and_eight_bit_controls_are_nothing() {
    assert_eq!(guard().feed(b"\xff\x9b\x80\xc0j"), [key(b"j")]);
    assert_eq!(guard().feed(b"\xe4\xbdj"), [key(b"j")]);
    assert_eq!(guard().feed(b"\x1b[12\x18j"), [key(b"j")]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_leave_a_guard_that_works_after_silence(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let mut guard = guard();
        guard.feed(&bytes);
        fall_silent(&mut guard);
        proptest::prop_assert_eq!(guard.patience(), None);
        proptest::prop_assert_eq!(guard.feed(b"j"), [key(b"j")]);
    }
}
