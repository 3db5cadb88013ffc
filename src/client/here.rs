//! Says at which ticket this person is, again and again while they are, and keeps what is heard of the others. With the link
//! down nobody is known to be anywhere.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;

use super::api::Api;
use super::core::Core;
use super::view::Changed;
use crate::domain::here::{Doing, Here, HereNews, TicketHere};
use crate::domain::id::TicketNumber;
use crate::wire::here::BeHere;

/// Who is at which ticket, besides this person.
pub type Everybody = HashMap<TicketNumber, Vec<Here>>;

/// How long closing waits for the server to hear that one left.
const FAREWELL: Duration = Duration::from_millis(500);

fn path(number: TicketNumber) -> String {
    format!("/api/v1/tickets/{number}/here")
}

/// Tells the server where this person is whenever that changes, and every so often while they stay. Rests while they are nowhere.
pub(crate) async fn run(core: &Core, api: &Api) {
    let mut wanted = core.here_wanted.subscribe();
    let mut told: Option<TicketNumber> = None;
    loop {
        let now = *wanted.borrow_and_update();
        if let Some(left) = told.filter(|told| now.is_none_or(|(number, _)| number != *told)) {
            leave(api, left).await;
            told = None;
        }
        if let Some((number, doing)) = now {
            told = Some(number);
            let said = api.call::<_, TicketHere>(Method::PUT, &path(number), &BeHere { doing }).await;
            if let Err(error) = said {
                tracing::debug!(%error, "nobody heard that this ticket is open here");
            }
        }
        tokio::select! {
            changed = wanted.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(core.timing.here_every), if now.is_some() => {}
        }
    }
}

async fn leave(api: &Api, number: TicketNumber) {
    if let Err(error) = api.delete(&path(number)).await {
        tracing::debug!(%error, "nobody heard that this ticket was closed here: it is forgotten soon");
    }
}

/// Leaves before the client closes, as far as there is time.
pub(crate) async fn farewell(core: &Core) {
    let here = *core.here_wanted.borrow();
    if let (Some((number, _)), Some(api)) = (here, &core.api) {
        // Who does not answer in time forgets it by itself.
        let _ = tokio::time::timeout(FAREWELL, leave(api, number)).await;
    }
}

impl Core {
    /// Where this person is now: at a ticket, or nowhere.
    pub fn be_here(&self, at: Option<(TicketNumber, Doing)>) {
        self.here_wanted.send_if_modified(|wanted| {
            let differs = *wanted != at;
            *wanted = at;
            differs
        });
    }

    /// Takes over what was heard of the others, and tells when it is something else than before.
    pub fn hear(&self, news: &HereNews) {
        let before = self.here();
        let mut after = if news.all { Everybody::new() } else { Everybody::clone(&before) };
        for place in &news.tickets {
            if place.people.is_empty() {
                after.remove(&place.ticket);
            } else {
                after.insert(place.ticket, place.people.clone());
            }
        }
        self.put_here(before, after);
    }

    /// Nothing is known any more: the link is down, or starts anew.
    pub fn hear_nothing(&self) {
        self.put_here(self.here(), Everybody::new());
    }

    fn put_here(&self, before: Arc<Everybody>, after: Everybody) {
        if *before != after {
            self.here.send_replace(Arc::new(after));
            self.tell(Changed { here: true, ..Changed::default() });
        }
    }

    /// Who is at which ticket, besides this person.
    pub fn here(&self) -> Arc<Everybody> {
        Arc::clone(&self.here.borrow())
    }
}
