//! Conversation on the screen: what a composer holds, and how messages are shown. Shared by the ticket and by Chats.

pub mod drafts;
