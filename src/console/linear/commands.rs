//! What can be typed: words in both languages, whatever language is on. Acts of the desk are found by their names too.

use super::super::action::{ACTIONS, Action};
use super::super::locale::Locale;

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Help,
    Next,
    Previous,
    List,
    Views,
    Filter,
    Open,
    Read,
    Back,
    Claim,
    Reply,
    Note,
    Status,
    Priority,
    Assign,
    Tags,
    Release,
    Escalate,
    Answer,
    Chats,
    Say,
    Duty,
    Shifts,
    Notices,
    Outbox,
    Presence,
    Language,
    Do,
    Key,
    Page,
    Repeat,
    Quit,
}

/// A row: the verb, its words (the first is taught), what it takes, and the message key of what it does.
pub struct Command {
    pub verb: Verb,
    pub words: &'static [&'static str],
    pub help: &'static str,
}

const fn row(verb: Verb, words: &'static [&'static str], help: &'static str) -> Command {
    Command { verb, words, help }
}

/// Every command, in the order of help.
pub const COMMANDS: &[Command] = &[
    row(Verb::Next, &["next", "n", "j", "下"], "linear-help-next"),
    row(Verb::Previous, &["previous", "p", "k", "上"], "linear-help-previous"),
    row(Verb::List, &["list", "l", "列表"], "linear-help-list"),
    row(Verb::Views, &["views", "v", "视图"], "linear-help-views"),
    row(Verb::Filter, &["filter", "/", "筛选"], "linear-help-filter"),
    row(Verb::Open, &["open", "o", "打开"], "linear-help-open"),
    row(Verb::Read, &["read", "阅读"], "linear-help-read"),
    row(Verb::Back, &["back", "b", "返回"], "linear-help-back"),
    row(Verb::Claim, &["claim", "认领"], "linear-help-claim"),
    row(Verb::Reply, &["reply", "r", "回复"], "linear-help-reply"),
    row(Verb::Note, &["note", "i", "备注"], "linear-help-note"),
    row(Verb::Status, &["status", "s", "状态"], "linear-help-status"),
    row(Verb::Priority, &["priority", "优先级"], "linear-help-priority"),
    row(Verb::Assign, &["assign", "a", "分配"], "linear-help-assign"),
    row(Verb::Tags, &["tags", "t", "标签"], "linear-help-tags"),
    row(Verb::Release, &["release", "u", "放回"], "linear-help-release"),
    row(Verb::Escalate, &["escalate", "e", "升级"], "linear-help-escalate"),
    row(Verb::Answer, &["answer", "应答"], "linear-help-answer"),
    row(Verb::Chats, &["chats", "c", "聊天"], "linear-help-chats"),
    row(Verb::Say, &["say", "发言"], "linear-help-say"),
    row(Verb::Duty, &["duty", "值班"], "linear-help-duty"),
    row(Verb::Shifts, &["shifts", "排班"], "linear-help-shifts"),
    row(Verb::Notices, &["notices", "通知"], "linear-help-notices"),
    row(Verb::Outbox, &["outbox", "发件箱"], "linear-help-outbox"),
    row(Verb::Presence, &["presence", "在线"], "linear-help-presence"),
    row(Verb::Language, &["language", "语言"], "linear-help-language"),
    row(Verb::Do, &["do", "动作"], "linear-help-do"),
    row(Verb::Page, &["page", "页面"], "linear-help-page"),
    row(Verb::Key, &["key", "按键"], "linear-help-key"),
    row(Verb::Repeat, &["repeat", "重复"], "linear-help-repeat"),
    row(Verb::Help, &["help", "?", "？", "帮助"], "linear-help-help"),
    row(Verb::Quit, &["quit", "q", "退出"], "linear-help-quit"),
];

/// What a line means, with what follows the word.
#[must_use]
pub fn parse(line: &str) -> Option<(Verb, &str)> {
    let line = line.trim();
    let (word, rest) = line.split_once([' ', '\u{3000}']).unwrap_or((line, ""));
    let word = word.to_lowercase();
    let found = COMMANDS.iter().find(|command| command.words.contains(&word.as_str()))?;
    Some((found.verb, rest.trim()))
}

/// An act by its name (`ticket.merge`), its last part (`merge`) or its label in the present language.
#[must_use]
pub fn action(typed: &str, locale: &Locale) -> Option<Action> {
    let typed = typed.trim().to_lowercase();
    let exact = ACTIONS.iter().find(|spec| spec.name == typed);
    let last = || ACTIONS.iter().find(|spec| spec.name.rsplit('.').next() == Some(&typed));
    let label = || ACTIONS.iter().find(|spec| locale.text(spec.label).to_lowercase() == typed);
    exact.or_else(last).or_else(label).map(|spec| spec.action)
}

/// The taught word that is nearest to a mistyped one.
#[must_use]
pub fn nearest(typed: &str) -> Option<&'static str> {
    let word = typed.split_whitespace().next()?.to_lowercase();
    let words = COMMANDS.iter().flat_map(|command| command.words).filter(|known| known.len() > 2);
    let near = words.map(|known| (strsim::damerau_levenshtein(known, &word), *known)).min()?;
    (near.0 <= 2).then_some(near.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::locale::Language;

    #[test]
    fn words_of_both_languages_mean_the_same() {
        assert_eq!(parse("reply On my way."), Some((Verb::Reply, "On my way.")));
        assert_eq!(parse("回复 马上到"), Some((Verb::Reply, "马上到")));
        assert_eq!(parse(" OPEN  1042 "), Some((Verb::Open, "1042")));
        assert_eq!((parse("12"), parse("flarb")), (None, None));
        assert_eq!((nearest("replay it"), nearest("xyzzyx")), (Some("reply"), None));
    }

    #[test]
    fn no_word_means_two_things() {
        let mut words: Vec<_> = COMMANDS.iter().flat_map(|command| command.words).collect();
        words.sort_unstable();
        let count = words.len();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    #[test]
    fn acts_are_found_by_name_and_label() {
        let chinese = Locale::new(Language::Chinese);
        assert_eq!(action("ticket.merge", &chinese), Some(Action::Merge));
        assert_eq!(action("merge", &chinese), Some(Action::Merge));
        assert_eq!(action(&chinese.text("action-merge"), &chinese), Some(Action::Merge));
        assert_eq!(action("nothing at all", &chinese), None);
    }
}
