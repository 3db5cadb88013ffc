//! The life of the link: snapshot when there is no cursor, then a stream of batches (or polls where streams die), a digest
//! now and then, backoff in between. It ends only when the token does.

use std::time::Duration;

use tokio::time::Instant;

use crate::base::backoff::Backoff;
use crate::client::api::{Api, ApiError, Retry};
use crate::client::core::Core;
use crate::client::error::{CacheError, ClientError};
use crate::client::view::{Changed, Link};
use crate::wire::sync::{Batch, Digest};

use super::apply::{Applied, apply, set_cursor};
use super::stream::{EventStream, Heard, first_byte, poll};
use super::{digest, snapshot};

/// Digests asked for in a row before waiting for a quieter time: each must meet the cache at its own cursor.
const DIGEST_TRIES: u32 = 8;

/// What one link session remembers.
struct Session<'a> {
    core: &'a Core,
    api: &'a Api,
    young_deaths: u32,
    /// Until when batches are polled for.
    polling_until: Option<Instant>,
    digest_due: Instant,
    digest: Option<Digest>,
    digest_tries: u32,
    /// The mark of the last news of who is where, while batches are polled for.
    here: i64,
    /// A poll worked since a stream was last tried: that streams do not is no outage.
    polls_work: bool,
}

/// What to do after a stretch of the session that ended without trouble.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    GoOn,
    /// A batch did not chain: not at once again.
    Pause,
}

/// Runs until the token is refused.
pub(crate) async fn run(core: &Core, api: &Api) {
    let timing = &core.timing;
    let mut backoff = Backoff::new(timing.backoff, timing.backoff_max);
    let mut session = Session {
        core,
        api,
        young_deaths: 0,
        polling_until: None,
        digest_due: Instant::now() + timing.digest_every,
        digest: None,
        digest_tries: 0,
        here: 0,
        polls_work: false,
    };
    let mut down_since: Option<Instant> = None;
    loop {
        match session.stretch().await {
            Ok(next) => {
                if down_since.take().is_some_and(|since| since.elapsed() > timing.digest_every) {
                    session.digest_due = Instant::now();
                }
                if next == Next::GoOn {
                    backoff.reset();
                } else {
                    tokio::time::sleep(backoff.next(Duration::ZERO, rand::random())).await;
                }
            }
            Err(ClientError::Api(error)) if error.retry() == Retry::AfterSignIn => {
                core.set_link(Link::SignedOut);
                return;
            }
            Err(error) => {
                down_since.get_or_insert_with(Instant::now);
                tracing::info!(%error, "the link is down");
                let mut floor = Duration::ZERO;
                if let ClientError::Api(error) = &error {
                    floor = error_floor(error, timing.backoff_max);
                    if error.is_gone()
                        && let Err(error) = forget_cursor(core).await
                    {
                        tracing::warn!(%error, "the cache cannot be written");
                    }
                }
                core.set_down(&error);
                core.hear_nothing();
                session.here = 0;
                tokio::time::sleep(backoff.next(floor, rand::random())).await;
            }
        }
    }
}

/// How long the server is left alone at least.
fn error_floor(error: &ApiError, longest: Duration) -> Duration {
    match error.retry() {
        // Every console of the desk finds the same: none of them hammers.
        Retry::AfterUpdate => longest,
        Retry::After(after) => after,
        Retry::AfterSignIn | Retry::Never => Duration::ZERO,
    }
}

/// The cursor is no good any more: the next stretch starts over with a snapshot.
pub(crate) async fn forget_cursor(core: &Core) -> Result<(), CacheError> {
    let mut writing = core.cache.write_rows().await?;
    set_cursor(writing.connection(), None).await?;
    writing.commit().await
}

/// Applies a batch and tells of it. Returns whether it chained.
pub(crate) async fn take(core: &Core, batch: &Batch) -> Result<bool, CacheError> {
    core.hear_time(batch.now);
    let Applied::Done { changed, memory } = apply(&core.cache, batch).await? else { return Ok(false) };
    core.remember(memory);
    core.set_live(true);
    if changed.outbox {
        core.outbox_changed(*changed).await;
    } else {
        core.tell(*changed);
    }
    Ok(true)
}

impl Session<'_> {
    /// One snapshot, stream or poll.
    async fn stretch(&mut self) -> Result<Next, ClientError> {
        let Some(cursor) = self.core.cache.cursor().await? else {
            snapshot::load(self.core, self.api).await?;
            self.digest_due = Instant::now() + self.core.timing.digest_every;
            self.digest = None;
            return Ok(Next::GoOn);
        };
        if self.polling_until.is_some_and(|until| Instant::now() < until) {
            self.poll(&cursor).await
        } else {
            self.polling_until = None;
            match self.stream(&cursor).await {
                // The cursor is no good: a snapshot follows at once, not an outage.
                Err(ClientError::Api(error)) if error.is_gone() => {
                    forget_cursor(self.core).await?;
                    Ok(Next::Pause)
                }
                other => other,
            }
        }
    }

    async fn poll(&mut self, cursor: &str) -> Result<Next, ClientError> {
        if Instant::now() >= self.digest_due && !self.check_digest().await? {
            return Ok(Next::GoOn);
        }
        let batch = poll(self.api, cursor, self.here, self.core.timing.poll_wait).await?;
        self.polls_work = true;
        if let Some(news) = &batch.here {
            self.here = news.mark;
            self.core.hear(news);
        }
        self.take(&batch).await
    }

    async fn stream(&mut self, cursor: &str) -> Result<Next, ClientError> {
        let (hello, silence) = (self.core.timing.hello, self.core.timing.silence);
        let Ok(opened) = tokio::time::timeout(hello, EventStream::open(self.api, cursor, silence)).await else { return self.held_back() };
        let mut stream = opened?;
        // A stream begins with everybody who is anywhere.
        self.core.hear_nothing();
        self.here = 0;
        let opened = Instant::now();
        let (mut greeted, mut greets) = (stream.greeted(), false);
        let mut ended = "the server closed it".to_owned();
        loop {
            tokio::select! {
                biased;
                next = stream.next() => match next {
                    Some(Ok(Heard::Here(news))) => self.core.hear(&news),
                    Some(Ok(Heard::Batch(batch))) => {
                        let next = self.take(&batch).await?;
                        if next == Next::Pause || self.core.cache.cursor().await?.is_none() {
                            return Ok(next);
                        }
                    }
                    Some(Err(why)) => {
                        ended = why;
                        break;
                    }
                    None => break,
                },
                () = tokio::time::sleep_until(self.digest_due) => {
                    if !self.check_digest().await? {
                        return Ok(Next::GoOn);
                    }
                }
                // A young stream may be one that a proxy is about to cut: only an older or speaking one is a link.
                () = tokio::time::sleep_until(opened + self.core.timing.young), if greets && !self.is_live() => {
                    self.core.set_live(false);
                }
                () = first_byte(&mut greeted), if !greets => greets = true,
                // The server's greeting is held back by something in between, and so will be what follows it.
                () = tokio::time::sleep_until(opened + hello), if !greets => {
                    "nothing came of it".clone_into(&mut ended);
                    break;
                }
            }
        }
        tracing::debug!(ended, "the event stream ended");
        self.judge(opened.elapsed(), &stream);
        Ok(Next::GoOn)
    }

    /// Nothing at all came back: something in between may wait for the end of a stream before it lets its beginning through.
    /// Polls bring what streams do not, so these are tried; where they worked just now, there is no outage to tell of.
    fn held_back(&mut self) -> Result<Next, ClientError> {
        self.polling_until = Some(Instant::now() + self.core.timing.stream_again);
        if std::mem::take(&mut self.polls_work) {
            return Ok(Next::GoOn);
        }
        let why = "it does not open a stream in time".to_owned();
        Err(ApiError::Unreachable { url: self.api.base().to_owned(), why, sent: true }.into())
    }

    fn is_live(&self) -> bool {
        self.core.status.borrow().link == Link::Live
    }

    /// Whether streams work here, by how one ended.
    fn judge(&mut self, age: Duration, stream: &EventStream) {
        let timing = &self.core.timing;
        if age < timing.young || (stream.any_byte() && stream.fell_silent()) {
            // A stream that greets and says nothing more, again and again, is as bad as one that dies young.
            self.young_deaths += 1;
        } else if stream.any_byte() {
            self.young_deaths = 0;
        } else {
            self.young_deaths = timing.young_deaths;
        }
        if self.young_deaths >= timing.young_deaths {
            self.young_deaths = 0;
            self.polling_until = Some(Instant::now() + timing.stream_again);
        }
    }

    /// Applies a batch and tells of it.
    async fn take(&mut self, batch: &Batch) -> Result<Next, ClientError> {
        if !take(self.core, batch).await? {
            return Ok(Next::Pause);
        }
        if let Some(theirs) = self.digest.take()
            && batch.from != batch.to
        {
            self.compare(theirs).await?;
        }
        Ok(Next::GoOn)
    }

    /// Asks for the server's digest. Returns whether the cache is still good.
    async fn check_digest(&mut self) -> Result<bool, ClientError> {
        self.digest_due = Instant::now() + self.core.timing.digest_every;
        let theirs: Digest = self.api.get("/api/v1/digest").await?;
        self.compare(theirs).await
    }

    /// Compares when both stand at the same cursor, else waits for the next batch to bring the cache there.
    async fn compare(&mut self, theirs: Digest) -> Result<bool, ClientError> {
        let ours = digest::of(&self.core.cache).await?;
        if ours.cursor != theirs.cursor {
            self.digest_tries += 1;
            if self.digest_tries < DIGEST_TRIES {
                // The first miss is kept for the batch on its way; later ones are asked for anew, soon.
                if self.digest_tries % 2 == 1 {
                    self.digest = Some(theirs);
                }
                self.digest_due = Instant::now() + self.core.timing.backoff;
            } else {
                self.digest_tries = 0;
            }
            return Ok(true);
        }
        self.digest_tries = 0;
        let differing = digest::differing(&ours, &theirs);
        if differing.is_empty() {
            return Ok(true);
        }
        tracing::warn!(?differing, "the cache differs from the server and is loaded anew");
        self.core.mismatches.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        forget_cursor(self.core).await?;
        self.core.tell(Changed { all: true, ..Changed::default() });
        Ok(false)
    }
}
