//! The trait's methods, each handed to the file of its noun.

use std::path::Path;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::chores::Chore;
use super::errors::database;
use super::files::{self, FileChore};
use super::writer::Job;
use super::{
    SqliteStore, backup, conversations, deliveries, directory, duty, escalations, feed, incidents, intake, links, read, search, snapshot,
    stats, tickets, tokens, told,
};
use crate::domain::Timestamp;
use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::conversation::{Conversation, Message, MessageEdit};
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::file::StoredFile;
use crate::domain::handover::Handover;
use crate::domain::id::{
    BroadcastId, ConversationId, FileId, HandoverId, IntakeChannelId, MessageId, PersonId, QueueId, ReminderId, RequesterId, RotaId,
    SiteId, TicketNumber, WebhookId,
};
use crate::domain::incident::view::BroadcastView;
use crate::domain::person::{AgentState, Person};
use crate::domain::queue::IntakeChannel;
use crate::domain::requester::Requester;
use crate::domain::row::RowKind;
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::stats::{StatsFacts, StatsScope};
use crate::domain::ticket::Ticket;
use crate::domain::webhook::DeliveryRecord;
use crate::store::{
    CalendarLinkOf, CalendarLinkRecord, FeedEntry, MessageSearch, PoolPart, Position, Receipt, Search, SearchFound, SearchPlace,
    SnapshotPage, Store, StoreCounts, StoreError, TicketFilter, TicketPage, TokenRecord, Versions, Work,
};

impl SqliteStore {
    /// Hands a job to the writer; never waits for room.
    fn send(&self, job: Job) -> Result<(), StoreError> {
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) | mpsc::error::TrySendError::Closed(_) => StoreError::Busy,
        })
    }

    async fn units(&self, work: Vec<Work>) -> Result<Vec<Receipt>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Units(work, answer))?;
        answered.await.unwrap_or(Err(StoreError::Busy))
    }

    async fn chore(&self, chore: Chore) -> Result<u64, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Job::Chore(chore, answer))?;
        answered.await.unwrap_or(Err(StoreError::Busy))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn execute(&self, work: Work) -> Result<Receipt, StoreError> {
        self.units(vec![work]).await?.pop().ok_or(StoreError::Busy)
    }

    async fn execute_all(&self, work: Vec<Work>) -> Result<Vec<Receipt>, StoreError> {
        self.units(work).await
    }

    async fn directory(&self) -> Result<Directory, StoreError> {
        directory::directory(self).await
    }

    async fn agent_states(&self) -> Result<Vec<AgentState>, StoreError> {
        directory::agent_states(self).await
    }

    async fn ticket(&self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        tickets::ticket(self, number).await
    }

    async fn ticket_by_status_key(&self, key: &str) -> Result<Option<Ticket>, StoreError> {
        read::one(self, "SELECT data FROM tickets WHERE status_key = ?", key.to_owned()).await
    }

    async fn tickets(
        &self,
        viewer: &Person,
        filter: &TicketFilter,
        before: Option<TicketNumber>,
        limit: i64,
    ) -> Result<TicketPage, StoreError> {
        tickets::tickets(self, viewer, filter, before, limit).await
    }

    async fn messages(&self, conversation: ConversationId, after_seq: i64, limit: i64) -> Result<Vec<Message>, StoreError> {
        conversations::messages(self, conversation, after_seq, limit).await
    }

    async fn messages_before(&self, conversation: ConversationId, before_seq: i64, limit: i64) -> Result<Vec<Message>, StoreError> {
        conversations::messages_before(self, conversation, before_seq, limit).await
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        conversations::message(self, id).await
    }

    async fn message_edits(&self, id: MessageId) -> Result<Vec<MessageEdit>, StoreError> {
        conversations::message_edits(self, id).await
    }

    async fn search_messages(&self, viewer: &Person, search: &MessageSearch, limit: i64) -> Result<Vec<Message>, StoreError> {
        search::messages(self, viewer, search, limit).await
    }

    async fn search(&self, viewer: &Person, search: &Search, place: Option<SearchPlace>, limit: usize) -> Result<SearchFound, StoreError> {
        search::search(self, viewer, search, place, limit).await
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        conversations::conversation(self, id).await
    }

    async fn requester(&self, id: RequesterId) -> Result<Option<Requester>, StoreError> {
        directory::requester(self, id).await
    }

    async fn requesters(&self, text: &str, limit: i64) -> Result<Vec<Requester>, StoreError> {
        directory::requesters(self, text, limit).await
    }

    async fn audit(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<AuditEntry>, StoreError> {
        tickets::audit(self, ticket, limit).await
    }

    async fn escalations(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<Escalation>, StoreError> {
        escalations::of(self, ticket, limit).await
    }

    async fn open_escalations(&self, expert: PersonId, limit: i64) -> Result<Vec<Escalation>, StoreError> {
        escalations::open_of(self, expert, limit).await
    }

    async fn solved_lately(&self, viewer: &Person, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        tickets::solved_lately(self, viewer, queue, limit).await
    }

    async fn site_tickets(&self, viewer: &Person, site: SiteId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        tickets::of_site(self, viewer, site, limit).await
    }

    async fn assignments(&self, ticket: TicketNumber) -> Result<Vec<Assignment>, StoreError> {
        tickets::assignments(self, ticket).await
    }

    async fn decisions(&self, ticket: TicketNumber, limit: i64) -> Result<Vec<Decision>, StoreError> {
        tickets::decisions(self, ticket, limit).await
    }

    async fn clock_events(&self, ticket: TicketNumber) -> Result<Vec<ClockEvent>, StoreError> {
        tickets::clock_events(self, ticket).await
    }

    async fn intake_channels(&self) -> Result<Vec<IntakeChannel>, StoreError> {
        intake::intake_channels(self).await
    }

    async fn intake_channel(&self, key: &str) -> Result<Option<IntakeChannel>, StoreError> {
        intake::intake_channel(self, key).await
    }

    async fn thread(&self, channel: IntakeChannelId, thread: &str) -> Result<Option<TicketNumber>, StoreError> {
        intake::thread(self, channel, thread).await
    }

    async fn counts(&self) -> Result<StoreCounts, StoreError> {
        duty::counts(self).await
    }

    async fn stats(&self, scope: &StatsScope) -> Result<StatsFacts, StoreError> {
        stats::stats(self, scope).await
    }

    async fn pool(&self, part: PoolPart, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        duty::pool(self, part, limit).await
    }

    async fn held(&self, person: PersonId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        duty::held(self, person, limit).await
    }

    async fn held_in(&self, queue: QueueId, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        duty::held_in(self, queue, limit).await
    }

    async fn accept_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        duty::accept_due(self, now, limit).await
    }

    async fn next_accept(&self) -> Result<Option<Timestamp>, StoreError> {
        duty::next_accept(self).await
    }

    async fn last_served(&self, requester: RequesterId, except: TicketNumber) -> Result<Option<PersonId>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(database)?;
        tickets::last_served(&mut reader, requester, except).await
    }

    async fn sla_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        duty::sla_due(self, now, limit).await
    }

    async fn next_sla_step(&self) -> Result<Option<Timestamp>, StoreError> {
        duty::next_sla_step(self).await
    }

    async fn stale_marks(&self, queue: QueueId, mark: &str, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        duty::stale_marks(self, queue, mark, limit).await
    }

    async fn escalations_due(&self, now: Timestamp, limit: i64) -> Result<Vec<Escalation>, StoreError> {
        escalations::due(self, now, limit).await
    }

    async fn next_escalation_due(&self) -> Result<Option<Timestamp>, StoreError> {
        escalations::next_due(self).await
    }

    async fn called_experts(&self) -> Result<Vec<PersonId>, StoreError> {
        escalations::called_experts(self).await
    }

    async fn solved_before(&self, before: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        duty::solved_before(self, before, limit).await
    }

    async fn incidents(&self) -> Result<Vec<Ticket>, StoreError> {
        incidents::open(self).await
    }

    async fn tied(&self, incident: TicketNumber) -> Result<Vec<Ticket>, StoreError> {
        incidents::tied(self, incident).await
    }

    async fn lookalikes(&self, incident: TicketNumber, limit: i64) -> Result<Vec<Ticket>, StoreError> {
        incidents::lookalikes(self, incident, limit).await
    }

    async fn stale_likeness(&self, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        incidents::stale_likeness(self, limit).await
    }

    async fn broadcasts(&self, incident: TicketNumber) -> Result<Vec<BroadcastView>, StoreError> {
        incidents::broadcasts(self, incident).await
    }

    async fn broadcast(&self, id: BroadcastId) -> Result<Option<BroadcastView>, StoreError> {
        incidents::broadcast(self, id).await
    }

    async fn targets_due(&self, limit: i64) -> Result<Vec<(BroadcastId, TicketNumber)>, StoreError> {
        incidents::targets_due(self, limit).await
    }

    async fn updates_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        incidents::updates_due(self, now, limit).await
    }

    async fn next_update(&self) -> Result<Option<Timestamp>, StoreError> {
        incidents::next_update(self).await
    }

    async fn reminders_due(&self, now: Timestamp, limit: i64) -> Result<Vec<ReminderId>, StoreError> {
        told::reminders_due(self, now, limit).await
    }

    async fn follow_ups_due(&self, now: Timestamp, limit: i64) -> Result<Vec<TicketNumber>, StoreError> {
        told::follow_ups_due(self, now, limit).await
    }

    async fn next_telling(&self) -> Result<Option<Timestamp>, StoreError> {
        told::next_telling(self).await
    }

    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError> {
        told::handover(self, id).await
    }

    async fn handovers(
        &self,
        viewer: &Person,
        rota: Option<RotaId>,
        before: Option<Timestamp>,
        limit: i64,
    ) -> Result<Vec<Handover>, StoreError> {
        told::handovers(self, viewer, rota, before, limit).await
    }

    async fn due_deliveries(&self, now: Timestamp, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError> {
        deliveries::due(self, now, limit).await
    }

    async fn delivered(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        self.chore(Chore::Delivered { id, at }).await.map(drop)
    }

    async fn delivery_failed(&self, id: Uuid, attempts: u32, next_at: Option<Timestamp>, error: &str) -> Result<(), StoreError> {
        self.chore(Chore::DeliveryFailed { id, attempts, next_at, error: error.to_owned() }).await.map(drop)
    }

    async fn deliveries(&self, webhook: WebhookId, limit: i64) -> Result<Vec<DeliveryRecord>, StoreError> {
        deliveries::of(self, webhook, limit).await
    }

    async fn add_file(&self, file: &StoredFile) -> Result<bool, StoreError> {
        self.chore(Chore::File(FileChore::Add(file.clone()))).await.map(|rows| rows > 0)
    }

    async fn advance_file(&self, from: i64, file: &StoredFile) -> Result<bool, StoreError> {
        self.chore(Chore::File(FileChore::Advance { from, file: file.clone() })).await.map(|rows| rows > 0)
    }

    async fn drop_file(&self, file: &StoredFile) -> Result<bool, StoreError> {
        self.chore(Chore::File(FileChore::Drop(file.clone()))).await.map(|rows| rows > 0)
    }

    async fn forget_file(&self, id: FileId) -> Result<(), StoreError> {
        self.chore(Chore::File(FileChore::Forget(id))).await.map(drop)
    }

    async fn file(&self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        files::file(self, id).await
    }

    async fn loose_files(&self, before: Timestamp, limit: i64) -> Result<Vec<StoredFile>, StoreError> {
        files::loose(self, before, limit).await
    }

    async fn files_of(&self, ticket: TicketNumber) -> Result<Vec<(StoredFile, Message)>, StoreError> {
        files::of_ticket(self, ticket).await
    }

    async fn message_of_file(&self, message: MessageId) -> Result<Option<Message>, StoreError> {
        files::message(self, message).await
    }

    fn watch(&self) -> watch::Receiver<Position> {
        self.announced.clone()
    }

    async fn head(&self) -> Result<Position, StoreError> {
        Ok(*self.announced.borrow())
    }

    async fn changed(&self, after: Position, kinds: &[RowKind]) -> Result<bool, StoreError> {
        feed::changed(self, after, kinds).await
    }

    async fn feed(&self, after: Position, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
        feed::page(self, after, limit).await
    }

    async fn snapshot(&self, viewer: &Person, kind: RowKind, after: Option<&str>, limit: i64) -> Result<SnapshotPage, StoreError> {
        snapshot::snapshot(self, viewer, kind, after, limit).await
    }

    async fn versions(&self, viewer: &Person, kinds: &[RowKind]) -> Result<(Position, Vec<Versions>), StoreError> {
        snapshot::versions(self, viewer, kinds).await
    }

    async fn trim(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.chore(Chore::Trim { before }).await
    }

    async fn password_hash(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        tokens::password_hash(self, person).await
    }

    async fn set_password_hash(&self, person: PersonId, hash: &str) -> Result<(), StoreError> {
        self.chore(Chore::SetPassword { person, hash: hash.to_owned() }).await.map(drop)
    }

    async fn put_token(&self, token: &TokenRecord) -> Result<(), StoreError> {
        self.chore(Chore::PutToken(token.clone())).await.map(drop)
    }

    async fn token(&self, sha256: &str) -> Result<Option<TokenRecord>, StoreError> {
        tokens::token(self, sha256).await
    }

    async fn tokens(&self, person: PersonId) -> Result<Vec<TokenRecord>, StoreError> {
        tokens::tokens(self, person).await
    }

    async fn touch_token(&self, sha256: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.chore(Chore::TouchToken { sha256: sha256.to_owned(), at }).await.map(|rows| rows > 0)
    }

    async fn revoke_token(&self, sha256: &str) -> Result<bool, StoreError> {
        self.chore(Chore::RevokeToken(sha256.to_owned())).await.map(|rows| rows > 0)
    }

    async fn put_calendar_link(&self, link: &CalendarLinkRecord) -> Result<(), StoreError> {
        self.chore(Chore::PutCalendarLink(link.clone())).await.map(drop)
    }

    async fn calendar_link(&self, sha256: &str) -> Result<Option<CalendarLinkRecord>, StoreError> {
        links::link(self, sha256).await
    }

    async fn calendar_links(&self, of: CalendarLinkOf) -> Result<Vec<CalendarLinkRecord>, StoreError> {
        links::links(self, of).await
    }

    async fn revoke_calendar_links(&self, of: CalendarLinkOf) -> Result<u64, StoreError> {
        self.chore(Chore::RevokeCalendarLinks(of)).await
    }

    async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        backup::backup(self, path).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let _: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM meta").fetch_one(&self.readers).await.map_err(database)?;
        if self.jobs.is_closed() { Err(StoreError::Busy) } else { Ok(()) }
    }

    async fn close(&self) {
        let Some(task) = self.task.lock().await.take() else { return };
        if let Some(indexing) = self.indexing.lock().await.take() {
            indexing.abort();
        }
        // Waits for room: closing must not be refused.
        let _ = self.jobs.send(Job::Close).await;
        self.readers.close().await;
        let _ = task.await;
    }
}
