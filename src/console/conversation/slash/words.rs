//! The words of the commands: the same in every language, with Chinese ones beside them.

use crate::domain::ticket::{Priority, Status};

/// What a command acts on, and so what is offered after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Assign,
    Status,
    Priority,
    Tag,
    Untag,
    Escalate,
    Claim,
    Release,
    Move,
    Merge,
    Link,
    Snippet,
    Remind,
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub verb: Verb,
    pub name: &'static str,
    pub chinese: &'static str,
    /// Message key of what it takes and does.
    pub help: &'static str,
}

/// Every command, in the order in which they are offered.
pub const VERBS: [Row; 13] = [
    Row { verb: Verb::Assign, name: "assign", chinese: "分配", help: "slash-help-assign" },
    Row { verb: Verb::Status, name: "status", chinese: "状态", help: "slash-help-status" },
    Row { verb: Verb::Priority, name: "priority", chinese: "优先级", help: "slash-help-priority" },
    Row { verb: Verb::Tag, name: "tag", chinese: "标签", help: "slash-help-tag" },
    Row { verb: Verb::Untag, name: "untag", chinese: "去标签", help: "slash-help-untag" },
    Row { verb: Verb::Escalate, name: "escalate", chinese: "升级", help: "slash-help-escalate" },
    Row { verb: Verb::Claim, name: "claim", chinese: "认领", help: "slash-help-claim" },
    Row { verb: Verb::Release, name: "release", chinese: "释放", help: "slash-help-release" },
    Row { verb: Verb::Move, name: "move", chinese: "转队列", help: "slash-help-move" },
    Row { verb: Verb::Merge, name: "merge", chinese: "合并", help: "slash-help-merge" },
    Row { verb: Verb::Link, name: "link", chinese: "关联", help: "slash-help-link" },
    Row { verb: Verb::Snippet, name: "snippet", chinese: "模板", help: "slash-help-snippet" },
    Row { verb: Verb::Remind, name: "remind", chinese: "提醒", help: "slash-help-remind" },
];

/// What may follow `/status`; the first word is the one that is written.
pub const STATUSES: [(Status, &[&str]); 5] = [
    (Status::Open, &["open", "处理中", "打开"]),
    (Status::Pending, &["pending", "待客户", "等待"]),
    (Status::OnHold, &["on-hold", "hold", "on_hold", "挂起"]),
    (Status::Solved, &["solved", "已解决", "解决"]),
    (Status::New, &["new", "新建"]),
];

/// What may follow `/priority`.
pub const PRIORITIES: [(Priority, &[&str]); 4] = [
    (Priority::Urgent, &["urgent", "紧急"]),
    (Priority::High, &["high", "高"]),
    (Priority::Normal, &["normal", "普通"]),
    (Priority::Low, &["low", "低"]),
];

/// The command of a word, by either name.
#[must_use]
pub fn verb(word: &str) -> Option<&'static Row> {
    let word = word.to_lowercase();
    VERBS.iter().find(|row| row.name == word || row.chinese == word)
}
