//! What a console reads of merged tickets, timelines and status pages.

use std::sync::Arc;

use crate::domain::conversation::Message;
use crate::domain::conversation::interleave::interleave;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;
use crate::domain::timeline::TimelineEntry;
use crate::wire::craft::StatusLink;
use crate::wire::list::Items;

use super::desk::DeskClient;
use super::error::ClientError;
use super::sync::fetch::Source;

impl DeskClient {
    /// `messages` with those of the tickets merged into `ticket` between them, in order of time; what the cache lacks of theirs is
    /// fetched in the background. A message's `ticket` says where it was written.
    pub(super) async fn with_merged(
        &self,
        ticket: &Ticket,
        messages: Vec<Arc<Message>>,
        mut complete: bool,
    ) -> Result<(Vec<Arc<Message>>, bool), ClientError> {
        if ticket.merged.is_empty() {
            return Ok((messages, complete));
        }
        let mut streams = vec![messages];
        for merged in &ticket.merged {
            let newest = self.newest(Source::Ticket(merged.number, merged.conversation), merged.messages).await?;
            complete &= newest.complete;
            streams.push(newest.messages);
        }
        Ok((interleave(streams), complete))
    }

    /// A ticket's whole life as one list, oldest first; from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn timeline(&self, number: TicketNumber) -> Result<Vec<TimelineEntry>, ClientError> {
        Ok(self.api()?.get::<Items<TimelineEntry>>(&format!("/api/v1/tickets/{number}/timeline")).await?.items)
    }

    /// The address under which the requester follows a ticket; from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn status_link(&self, number: TicketNumber) -> Result<String, ClientError> {
        let link: StatusLink = self.api()?.get(&format!("/api/v1/tickets/{number}/status-link")).await?;
        // Who is not told its own address cannot know how it is reached: this client does.
        Ok(if link.known { link.url } else { format!("{}{}", self.api()?.base().trim_end_matches('/'), link.path) })
    }
}
