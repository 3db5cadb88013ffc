//! Calls to webhooks: who is being called now, and with what. What is due and what became of it is the job's
//! (`jobs/webhooks.rs`); nothing here touches the store.

pub mod address;
pub mod call;
pub mod sign;

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use self::call::Clients;
use crate::domain::id::WebhookId;

/// Webhooks called at once. Each has its own turn, so that one slow receiver holds up itself alone.
const CALLED_MAX: usize = 32;

/// The webhooks being called now.
#[derive(Default)]
pub struct Calls {
    clients: OnceLock<Result<Clients, String>>,
    busy: Mutex<HashSet<WebhookId>>,
}

impl Calls {
    /// The HTTP clients, made on first use.
    ///
    /// # Errors
    /// Why this machine cannot make calls at all, for people.
    pub fn clients(&self) -> Result<&Clients, String> {
        self.clients.get_or_init(Clients::new).as_ref().map_err(Clone::clone)
    }

    /// Takes a webhook's turn; nothing when it is being called, or too many are.
    pub fn begin(&self, webhook: WebhookId) -> bool {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.len() < CALLED_MAX && busy.insert(webhook)
    }

    /// Ends a webhook's turn.
    pub fn end(&self, webhook: WebhookId) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&webhook);
    }

    #[must_use]
    pub fn any(&self) -> bool {
        !self.busy.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}
