//! The page's words in English and Simplified Chinese. They are the server's own: the requester has no console.

use crate::domain::ticket::Status;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    #[default]
    English,
    Chinese,
}

/// Every word of the page.
pub struct Words {
    pub tag: &'static str,
    pub ticket: &'static str,
    pub other: &'static str,
    pub opened: &'static str,
    pub promised: &'static str,
    pub late: &'static str,
    pub solved: &'static str,
    pub messages: &'static str,
    pub none: &'static str,
    pub you: &'static str,
    pub desk: &'static str,
    pub edited: &'static str,
    pub attached: &'static str,
    pub answer: &'static str,
    pub rate: &'static str,
    pub scores: [&'static str; 5],
    pub comment: &'static str,
    pub send: &'static str,
    pub rated: &'static str,
    pub thanks: &'static str,
    pub missing: &'static str,
    pub missing_why: &'static str,
}

const ENGLISH: Words = Words {
    tag: "en",
    ticket: "Request",
    other: "中文",
    opened: "Opened",
    promised: "Promised by",
    late: "This is later than we promised. We are sorry, and still at work.",
    solved: "Solved",
    messages: "Messages",
    none: "Nobody has written yet.",
    you: "you",
    desk: "Service desk",
    edited: "edited",
    attached: "Attached",
    answer: "To answer, write where you wrote to us first: it arrives here by itself.",
    rate: "How did we do?",
    scores: ["1 - bad", "2", "3", "4", "5 - very good"],
    comment: "In your words (may be empty)",
    send: "Send",
    rated: "Your rating",
    thanks: "Thank you. Your rating has arrived.",
    missing: "Page not found",
    missing_why: "There is no such page. Check that the whole address was copied.",
};

const CHINESE: Words = Words {
    tag: "zh-CN",
    ticket: "工单",
    other: "English",
    opened: "提交时间",
    promised: "承诺完成时间",
    late: "已超过承诺时间。非常抱歉，我们仍在处理。",
    solved: "解决时间",
    messages: "往来消息",
    none: "还没有消息。",
    you: "您",
    desk: "服务台",
    edited: "已修改",
    attached: "附件",
    answer: "如需回复，请在您最初联系我们的地方留言，消息会自动送达。",
    rate: "您对这次服务满意吗？",
    scores: ["1 - 很差", "2", "3", "4", "5 - 很好"],
    comment: "您的意见（可不填）",
    send: "提交",
    rated: "您的评价",
    thanks: "谢谢，您的评价已收到。",
    missing: "页面不存在",
    missing_why: "没有这个页面。请检查链接是否复制完整。",
};

impl Tongue {
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Self::Chinese)
        } else if tag.starts_with("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that the page speaks.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::parse(part.split(';').next().unwrap_or_default()))
    }

    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }

    /// A status in plain words.
    #[must_use]
    pub fn status(self, status: Status) -> &'static str {
        let (english, chinese) = match status {
            Status::New => ("Received: somebody will look at it soon", "已收到，即将有人处理"),
            Status::Open => ("In progress", "处理中"),
            Status::Pending => ("Waiting for your answer", "等待您的回复"),
            Status::OnHold => ("Waiting for somebody else", "等待第三方"),
            Status::Solved => ("Solved", "已解决"),
            Status::Closed => ("Closed", "已关闭"),
        };
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}
