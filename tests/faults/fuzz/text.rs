//! What people wrote on its way to a terminal, and what a terminal sends on its way to the keys.

use std::time::Duration;

use dutydesk::base::terms::terms;
use dutydesk::base::text::{clean, clean_lines, cut, fit, fold, width, wrap};
use dutydesk::console::terminal::guard::{Guard, Token};

use super::fuzz;

const TEXTS: [&str; 6] = [
    "Pump 4 does not start since 07:10, error E-17",
    "四号泵无法启动，\t请值班人员查看\r\nthanks",
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31mred\u{1b}[0m",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦 family, flags 🇨🇳🇩🇪, 한글 العربية עברית",
    "a\u{202e}b\u{2066}c\u{200b}d\u{feff}e\u{e0041}f\u{ad}g",
];

/// No byte of it is obeyed by a terminal.
fn is_harmless(text: &str, lines: bool) -> bool {
    text.chars().all(|char| !char.is_control() || (lines && char == '\n'))
}

#[test]
fn no_text_reaches_a_terminal_as_an_order() {
    fuzz("clean", &TEXTS, |input, dice| {
        let text = String::from_utf8_lossy(input);
        let cells = dice.place(40);
        for (cleaned, lines) in [(clean(&text), false), (clean_lines(&text), true)] {
            assert!(is_harmless(&cleaned, lines), "{cleaned:?}");
            assert!(cleaned.len() <= 3 * text.chars().count() + text.len(), "it grew from {} to {}", text.len(), cleaned.len());
            let again = if lines { clean_lines(&cleaned) } else { clean(&cleaned) };
            assert_eq!(again, cleaned, "what is clean stays as it is");
        }
        let cleaned = clean(&text);
        let short = cut(&cleaned, cells);
        assert!(width(&short) <= cells && is_harmless(&short, false), "{short:?} in {cells}");
        let fitted = fit(&cleaned, cells);
        assert!(width(&fitted) == cells && is_harmless(&fitted, false), "{fitted:?} in {cells}");
        let wrapped = wrap(&cleaned, cells.max(2));
        assert!(wrapped.len() <= cleaned.chars().count() + 1);
        assert!(wrapped.iter().all(|line| width(line) <= cells.max(2)), "{wrapped:?} in {cells}");
        assert_eq!(fold(&fold(&cleaned)), fold(&cleaned));
        assert!(terms(&text).len() <= 16 * text.len() + 16);
    });
}

#[test]
fn whatever_a_terminal_sends_ends_as_keys_or_as_nothing() {
    const KEYS: [&str; 8] = [
        "\u{1b}[A\u{1b}OP\u{1b}[1;5C",
        "\u{1b}[200~pasted \u{1b}[31m text\u{1b}[201~",
        "\u{1b}]11;rgb:1e1e/1e1e/2e2e\u{7}",
        "\u{1b}[<0;12;7M\u{1b}[<0;12;7m",
        "\u{1b}[?997;1n\u{1b}[I\u{1b}[O",
        "jjk/pump\r\u{1b}x值班",
        "\u{1b}P1$r0m\u{1b}\\",
        "\u{1b}[?62;4c\u{1b}[12;40R",
    ];
    fuzz("key guard", &KEYS, |input, dice| {
        let mut guard = Guard::new(Duration::from_millis(25));
        let (mut given, mut rest) = (0, input);
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(1 + dice.place(rest.len().min(20)));
            rest = more;
            let mut tokens = guard.feed(piece);
            if dice.percent(20) && guard.patience().is_some() {
                tokens.extend(guard.silence());
            }
            for token in tokens {
                given += match token {
                    Token::Key(bytes) | Token::Paste(bytes) | Token::Mouse(bytes) => bytes.len(),
                    Token::Escape | Token::Focus(_) | Token::Scheme { .. } => 1,
                };
            }
        }
        // Silence after silence settles everything that was open.
        for _ in 0..8 {
            if guard.patience().is_none() {
                break;
            }
            if let Some(Token::Key(bytes) | Token::Paste(bytes)) = guard.silence() {
                given += bytes.len();
            }
        }
        assert_eq!(guard.patience(), None, "the guard waits for ever");
        assert!(given <= input.len() + 8, "{given} bytes of {}", input.len());
        // And the keyboard works.
        assert_eq!(guard.feed(b"q").last(), Some(&Token::Key(b"q".to_vec())));
    });
}
