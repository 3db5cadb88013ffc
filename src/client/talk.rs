//! Conversations as screens read them: a ticket's and those of Chats newest first, earlier messages as one scrolls, messages found
//! by their text, what an edited message said before.

use std::sync::Arc;

use reqwest::Url;

use crate::domain::conversation::{Message, MessageEdit};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::wire::list::Items;
use crate::wire::message::{MessageHits, SearchScope};

use super::api::ApiError;
use super::cache::messages::Stretch;
use super::desk::DeskClient;
use super::error::ClientError;
use super::files::uploads;
use super::outbox;
use super::overlay::{self, Place};
use super::sync::fetch::{self, Source};
use super::view::{ConversationDetail, NEWEST, OlderMessages, OutboxState, TicketDetail};

/// Messages answered by one search.
const FOUND_MAX: usize = 100;

/// How to end a conversation that is read to its end.
const TO_THE_END: i64 = i64::MAX;

impl DeskClient {
    /// A ticket with the newest of its conversation. What the cache lacks of these is fetched in the background, and told by
    /// [`DeskClient::changes`]; a ticket that the cache does not hold is asked of the server. `None`: it does not exist or may not be seen.
    ///
    /// # Errors
    /// When the cache cannot be read, or the ticket is not in it and the server does not answer.
    pub async fn ticket(&self, number: TicketNumber) -> Result<Option<Arc<TicketDetail>>, ClientError> {
        let cache = self.cache();
        let pending = outbox::entries(cache, Some(number)).await?;
        let (ticket, newest) = match cache.ticket(number).await? {
            Some(ticket) => {
                let newest = self.newest(Source::Ticket(number, ticket.conversation), ticket.message_count).await?;
                (ticket, newest)
            }
            None => {
                let Some((ticket, messages)) = fetch::ticket(self.api()?, number).await? else { return Ok(None) };
                self.note_elsewhere(ticket.conversation, number);
                (Arc::new(ticket), Stretch { messages, complete: true })
            }
        };
        let older = newest.older();
        let Stretch { mut messages, complete } = newest;
        let place = Place { conversation: ticket.conversation, ticket: Some(number) };
        overlay::messages(&mut messages, &pending, &uploads::chosen(cache, &pending).await?, cache.me(), place);
        let (messages, complete) = self.with_merged(&ticket, messages, complete).await?;
        let ticket = overlay::ticket(&ticket, &pending);
        let escalations = cache.escalations(number).await?;
        let pending = pending.into_iter().filter(|entry| entry.state != OutboxState::Taken).collect();
        Ok(Some(Arc::new(TicketDetail { ticket, messages, complete, older, escalations, pending })))
    }

    /// A conversation with its newest messages; what the cache lacks of these is fetched in the background.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<Arc<ConversationDetail>>, ClientError> {
        let cache = self.cache();
        let Some(conversation) = cache.conversation(id).await? else { return Ok(None) };
        let source = conversation.ticket.map_or(Source::Conversation(id), |number| Source::Ticket(number, id));
        let newest = self.newest(source, conversation.last_seq).await?;
        let older = newest.older();
        let Stretch { mut messages, complete } = newest;
        let pending = outbox::entries(cache, None).await?;
        let place = Place { conversation: id, ticket: conversation.ticket };
        overlay::messages(&mut messages, &pending, &uploads::chosen(cache, &pending).await?, cache.me(), place);
        let mark = cache.read_mark(id).await?;
        let muted = overlay::muted(mark.as_ref().is_some_and(|mark| mark.muted), id, &pending);
        let read_seq = mark.map_or(0, |mark| mark.seq).max(self.reading(&pending).get(&id).copied().unwrap_or(0));
        let conversation = Arc::new(conversation);
        Ok(Some(Arc::new(ConversationDetail { conversation, messages, complete, older, read_seq, muted })))
    }

    pub(super) async fn newest(&self, source: Source, last: i64) -> Result<Stretch, ClientError> {
        let newest = self.cache().stretch(source.conversation(), TO_THE_END, Some(last), NEWEST).await?;
        if !newest.complete && last > 0 {
            self.fetch(source, TO_THE_END);
        }
        Ok(Stretch { complete: newest.complete || last == 0, ..newest })
    }

    /// Up to `limit` messages of a conversation before the one with `seq` `before`: those the cache holds without a gap, at once; more is
    /// fetched in the background and told by [`DeskClient::changes`], upon which the same question finds it.
    ///
    /// # Errors
    /// When the cache cannot be read, or the conversation is not in it and the server does not answer.
    pub async fn older(&self, conversation: ConversationId, before: i64, limit: usize) -> Result<OlderMessages, ClientError> {
        if before <= 1 || limit == 0 {
            return Ok(OlderMessages { complete: true, older: before > 1, ..OlderMessages::default() });
        }
        let source = match self.cache().ticket_of(conversation).await? {
            Some(number) => Source::Ticket(number, conversation),
            None => match self.elsewhere(conversation) {
                Some(number) => {
                    // Closed tickets are history: no cache holds them.
                    let messages = fetch::before(self.api()?, Source::Ticket(number, conversation), before, limit).await?;
                    let older = messages.first().is_some_and(|message| message.seq > 1);
                    return Ok(OlderMessages { messages, older, complete: true });
                }
                None => Source::Conversation(conversation),
            },
        };
        let found = self.cache().stretch(conversation, before, Some(before - 1), limit).await?;
        // What is held after a gap does not belong before the message named.
        let found = if found.messages.last().is_some_and(|last| last.seq == before - 1) { found } else { Stretch::default() };
        if !found.complete {
            self.fetch(source, found.first().unwrap_or(before));
        }
        let older = found.first().unwrap_or(before) > 1;
        Ok(OlderMessages { messages: found.messages, older, complete: found.complete })
    }

    /// Messages that say `text`, newest first: of all history when the server answers, else of what the cache holds (`whole` is false).
    ///
    /// # Errors
    /// When the cache cannot be read, or the server refuses the search.
    pub async fn search_messages(&self, text: &str, scope: SearchScope) -> Result<FoundMessages, ClientError> {
        self.find(text, scope, false).await
    }

    /// Pinned messages of a conversation or ticket, newest first.
    ///
    /// # Errors
    /// As [`DeskClient::search_messages`].
    pub async fn pinned(&self, scope: SearchScope) -> Result<FoundMessages, ClientError> {
        self.find("", scope, true).await
    }

    async fn find(&self, text: &str, scope: SearchScope, pinned: bool) -> Result<FoundMessages, ClientError> {
        if text.trim().is_empty() && !pinned {
            return Ok(FoundMessages { found: MessageHits::default(), whole: true });
        }
        if let Ok(api) = self.api() {
            match api.get::<MessageHits>(&search_path(text, scope, pinned)).await {
                Ok(found) => return Ok(FoundMessages { found, whole: true }),
                Err(ApiError::Unreachable { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let found = self.cache().search_messages(text, scope, pinned, FOUND_MAX).await?;
        Ok(FoundMessages { found, whole: false })
    }

    /// What a message said before it was edited, oldest first; from the server.
    ///
    /// # Errors
    /// When there is no link, or the message may not be read.
    pub async fn message_edits(&self, message: MessageId) -> Result<Vec<MessageEdit>, ClientError> {
        Ok(self.api()?.get::<Items<MessageEdit>>(&format!("/api/v1/messages/{message}/edits")).await?.items)
    }

    /// A message that the cache holds, such as the one another answers.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn message(&self, id: MessageId) -> Result<Option<Arc<Message>>, ClientError> {
        Ok(self.cache().message(id).await?)
    }
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct FoundMessages {
    pub found: MessageHits,
    /// All history was searched; otherwise only what this console holds.
    pub whole: bool,
}

fn search_path(text: &str, scope: SearchScope, pinned: bool) -> String {
    let mut url = Url::parse("http://desk/api/v1/messages").expect("a constant URL is a URL");
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("text", text).append_pair("limit", &FOUND_MAX.to_string());
        match scope {
            SearchScope::Everywhere => {}
            SearchScope::Ticket(number) => drop(query.append_pair("ticket", &number.0.to_string())),
            SearchScope::Conversation(id) => drop(query.append_pair("conversation", &id.to_string())),
        }
        if pinned {
            query.append_pair("pinned", "true");
        }
    }
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}
