//! Conversation on the screen: the composer in which every message is written, its commands, drafts and snippets, and the
//! stream in which messages are read. Shared by the ticket and by Chats.

pub mod composer;
pub mod drafts;
pub mod look;
pub mod slash;
pub mod snippets;
pub mod stream;
