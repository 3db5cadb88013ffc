//! Sends waiting uploads, one after another, again after trouble; what cannot succeed is told, and its message waits for the person.

use std::time::Duration;

use super::local::Local;
use super::{FileError, Transfer, send, uploads};
use crate::base::backoff::Backoff;
use crate::client::api::{Api, Retry};
use crate::client::core::Core;
use crate::client::error::CacheError;
use crate::client::view::Changed;

/// Runs until the desk closes.
pub(crate) async fn run(core: &Core, api: &Api) {
    let mut backoff = Backoff::new(core.timing.backoff, core.timing.backoff_max);
    if let Err(error) = uploads::sweep(&core.cache).await {
        tracing::warn!(%error, "finished uploads cannot be forgotten");
    }
    loop {
        let wait = match round(core, api).await {
            Ok(Some(floor)) => Some(floor),
            Ok(None) => {
                backoff.reset();
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "uploads cannot be read or written");
                Some(Duration::ZERO)
            }
        };
        match wait {
            Some(Duration::MAX) => {
                backoff.reset();
                core.uploads_wake.notified().await;
            }
            Some(floor) => {
                let wait = backoff.next(floor, rand::random());
                tokio::time::sleep(floor).await;
                let _ = tokio::time::timeout(wait.saturating_sub(floor), core.link_back.notified()).await;
            }
            None => {}
        }
    }
}

/// One upload. `None`: go on at once; `Duration::MAX`: nothing waits; else not before this.
async fn round(core: &Core, api: &Api) -> Result<Option<Duration>, CacheError> {
    let Some(local) = uploads::next(&core.cache).await? else { return Ok(Some(Duration::MAX)) };
    let progress = |done| core.transferred(transfer(&local, done));
    let floor = match send::send(api, &local, &progress).await {
        Ok(_) => {
            uploads::advance(&core.cache, local.id, local.size, true).await?;
            core.outbox_wake.notify_one();
            None
        }
        Err(error) => match retry(&error) {
            Some(floor) => {
                let done = core.transfer(local.id).map_or(0, |transfer| transfer.done);
                uploads::advance(&core.cache, local.id, done, false).await?;
                return Ok(Some(floor));
            }
            None => {
                uploads::fail(&core.cache, local.id, &sentence(&error)).await?;
                None
            }
        },
    };
    core.transfer_over(local.id);
    core.outbox_changed(Changed { outbox: true, files: vec![local.id], ..Changed::default() }).await;
    Ok(floor)
}

fn transfer(local: &Local, done: u64) -> Transfer {
    Transfer { file: local.id, name: local.name.clone(), done, size: local.size, up: true, failed: None }
}

/// When to try again; `None`: it cannot succeed.
fn retry(error: &FileError) -> Option<Duration> {
    match error {
        FileError::Api(error) => match error.retry() {
            Retry::After(floor) => Some(floor),
            // The outbox says that the person must sign in, or that somebody must update; the upload waits with it.
            Retry::AfterSignIn | Retry::AfterUpdate => Some(Duration::from_secs(30)),
            // Cut off on its way: what came is kept.
            Retry::Never if error.code() == Some("cut_off") => Some(Duration::ZERO),
            Retry::Never if error.code().is_none() => Some(Duration::ZERO),
            Retry::Never => None,
        },
        _ => None,
    }
}

fn sentence(error: &FileError) -> String {
    let said = error.to_string();
    let mut chars = said.chars();
    let first: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if said.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}
