//! The words of the language: fields and their values, in English and Chinese. Completion and docs read the same tables.

use super::Flag;
use super::text::fold;
use crate::domain::ticket::{Kind, Priority, Status};

/// What stands before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Status,
    Priority,
    Queue,
    Assignee,
    Is,
    Older,
    Newer,
    Due,
    Created,
    Updated,
    Assigned,
    Solved,
    FollowUp,
    Tag,
    Kind,
    Tier,
    Requester,
    Class,
    Site,
    Region,
    Language,
    With,
    Expert,
    Incident,
    Number,
    Messages,
    Rating,
}

/// A word of the language: what it means, its English word, its Chinese ones (the first is offered).
pub struct Word<T: 'static> {
    pub means: T,
    pub english: &'static str,
    pub chinese: &'static [&'static str],
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident: $type:ty = [$($means:expr, $english:literal, [$($chinese:literal),*];)+]) => {
        $(#[$doc])*
        pub const $name: &[Word<$type>] = &[$(Word { means: $means, english: $english, chinese: &[$($chinese),*] }),+];
    };
}

table! {
    /// Fields, most used first.
    FIELDS: Field = [
        Field::Status, "status", ["状态"];
        Field::Priority, "priority", ["优先级"];
        Field::Queue, "queue", ["队列"];
        Field::Assignee, "assignee", ["处理人", "负责人"];
        Field::Is, "is", ["是"];
        Field::Older, "older", ["早于"];
        Field::Newer, "newer", ["晚于"];
        Field::Due, "due", ["到期"];
        Field::Created, "created", ["创建"];
        Field::Updated, "updated", ["更新"];
        Field::Assigned, "assigned", ["分配"];
        Field::Solved, "solved", ["解决"];
        Field::FollowUp, "follow-up", ["承诺", "跟进"];
        Field::Tag, "tag", ["标签"];
        Field::Kind, "kind", ["类型"];
        Field::Tier, "tier", ["层级"];
        Field::Requester, "requester", ["客户", "请求人"];
        Field::Class, "class", ["客户类别"];
        Field::Site, "site", ["站点"];
        Field::Region, "region", ["地区", "区域"];
        Field::Language, "language", ["语言"];
        Field::With, "with", ["参与人"];
        Field::Expert, "expert", ["专家"];
        Field::Incident, "incident", ["事件"];
        Field::Number, "number", ["编号"];
        Field::Messages, "messages", ["消息"];
        Field::Rating, "rating", ["评分"];
    ]
}

table! {
    STATUSES: &'static [Status] = [
        &[Status::New], "new", ["新建"];
        &[Status::Open], "open", ["处理中"];
        &[Status::Pending], "pending", ["待客户"];
        &[Status::OnHold], "on_hold", ["挂起"];
        &[Status::Solved], "solved", ["已解决"];
        &[Status::Closed], "closed", ["已关闭"];
        &[Status::New, Status::Open], "active", ["待处理"];
        &[Status::New, Status::Open, Status::Pending, Status::OnHold], "unsolved", ["未解决"];
    ]
}

table! {
    PRIORITIES: Priority = [
        Priority::Urgent, "urgent", ["紧急"];
        Priority::High, "high", ["高"];
        Priority::Normal, "normal", ["普通"];
        Priority::Low, "low", ["低"];
    ]
}

table! {
    KINDS: Kind = [
        Kind::Question, "question", ["咨询"];
        Kind::Complaint, "complaint", ["投诉"];
        Kind::Exception, "exception", ["异常"];
        Kind::Incident, "incident", ["故障"];
        Kind::Feedback, "feedback", ["反馈"];
    ]
}

table! {
    FLAGS: Flag = [
        Flag::Unassigned, "unassigned", ["未分配"];
        Flag::Mine, "mine", ["我的"];
        Flag::Waiting, "waiting", ["待领取"];
        Flag::Breaching, "breaching", ["即将超时"];
        Flag::Late, "late", ["已超时"];
        Flag::Unanswered, "unanswered", ["未回复"];
        Flag::Escalated, "escalated", ["升级给我"];
        Flag::Unsolved, "unsolved", ["未解决"];
        Flag::Paused, "paused", ["暂停"];
        Flag::Unaccepted, "unaccepted", ["未接受"];
        Flag::Promised, "promised", ["有承诺"];
        Flag::Major, "major", ["重大事件"];
        Flag::Tied, "tied", ["已关联事件"];
        Flag::Alike, "alike", ["疑似事件"];
        Flag::Merged, "merged", ["已合并"];
        Flag::Rated, "rated", ["已评分"];
    ]
}

/// What a typed word means, in either language.
pub(super) fn find<T>(table: &'static [Word<T>], typed: &str) -> Option<&'static Word<T>> {
    let folded = fold(typed).replace('_', "-");
    table.iter().find(|word| word.english.replace('_', "-") == folded || word.chinese.iter().any(|one| fold(one) == folded))
}

/// All words of a table, for suggestions: those of the language it was typed in.
pub(super) fn words<T>(table: &'static [Word<T>], typed: &str) -> Vec<&'static str> {
    if typed.is_ascii() {
        table.iter().map(|word| word.english).collect()
    } else {
        table.iter().flat_map(|word| word.chinese.iter().copied()).collect()
    }
}

/// The English word of what is meant.
pub(super) fn english<T: PartialEq>(table: &'static [Word<T>], means: &T) -> &'static str {
    table.iter().find(|word| word.means == *means).map_or("", |word| word.english)
}

impl Field {
    #[must_use]
    pub fn name(self) -> &'static str {
        english(FIELDS, &self)
    }

    /// Reads a field's name, in either language.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        find(FIELDS, typed).map(|word| word.means)
    }
}
