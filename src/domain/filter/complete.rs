//! Where a filter is being typed: what could be completed there.

use super::lex::lex;
use super::words::Field;

/// What stands before the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typing {
    /// The beginning of a word, perhaps of a field's name.
    Word,
    /// The beginning of a field's value; `short`: written as `#` or `@`.
    Value { field: Field, short: bool },
}

/// A place in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub typing: Typing,
    /// What was typed so far.
    pub typed: String,
    /// Characters before it; what is taken replaces the text from here to the caret.
    pub start: usize,
}

/// What is typed at the caret, `caret` characters into `text`; absent between terms, and within words in quotation marks.
#[must_use]
pub fn spot(text: &str, caret: usize) -> Option<Spot> {
    let before: String = text.chars().take(caret).collect();
    let raw = lex(&before).pop().filter(|raw| raw.end == before.chars().count())?;
    let part = raw.parts.last()?;
    let quoted = part.at > 0 && before.chars().nth(part.at - 1).is_some_and(|char| matches!(super::text::narrow(char), '"' | '\u{201c}'));
    let Some(head) = &raw.head else {
        let word = Spot { typing: Typing::Word, typed: part.text.clone(), start: part.at };
        return (!quoted && !part.text.is_empty()).then_some(word);
    };
    let field = match head.text.as_str() {
        "#" => Some(Field::Tag),
        "@" => Some(Field::Assignee),
        name => Field::read(name),
    }?;
    if quoted && !raw.unclosed {
        return None;
    }
    let short = matches!(head.text.as_str(), "#" | "@");
    Some(Spot { typing: Typing::Value { field, short }, typed: part.text.clone(), start: part.at - usize::from(quoted) })
}

/// A text as a value of a field: in quotation marks where it needs them.
#[must_use]
pub fn as_value(text: &str) -> String {
    super::show::value(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spot_is_the_last_value_before_the_caret() {
        let at = |text: &str| spot(text, text.chars().count());
        let value = |field, short, typed: &str, start| Some(Spot { typing: Typing::Value { field, short }, typed: typed.into(), start });
        assert_eq!(at("a sta"), Some(Spot { typing: Typing::Word, typed: "sta".into(), start: 2 }));
        assert_eq!(at("-状"), Some(Spot { typing: Typing::Word, typed: "状".into(), start: 1 }));
        assert_eq!(at("status:"), value(Field::Status, false, "", 7));
        assert_eq!(at("状态：处理中，待"), value(Field::Status, false, "待", 7));
        assert_eq!(at("@zh"), value(Field::Assignee, true, "zh", 1));
        assert_eq!(at("site:\"gate 3"), value(Field::Site, false, "gate 3", 5));
        assert_eq!((at("status:open "), at("\"a b\""), at("nothing:"), at("")), (None, None, None, None));
        assert_eq!(spot("status:op older:2h", 9), value(Field::Status, false, "op", 7));
    }
}
