//! The small, slow-moving part of the desk, held whole in memory by server and console alike:
//! people, queues, sites, calendars, rotas, roster plans and changes; on the server webhooks as well.

pub mod check_policy;
pub mod put_calendar;
pub mod put_intake_channel;
pub mod put_person;
pub mod put_queue;
pub mod put_requester;
pub mod put_rota;
pub mod put_site;
pub mod put_webhook;

use std::collections::HashMap;

use super::calendar::Calendar;
use super::handover::Handover;
use super::id::{
    CalendarId, HandoverId, IntakeChannelId, PersonId, QueueId, ReminderId, RosterChangeId, RosterPlanId, RotaId, SavedViewId, SiteId,
    SnippetId, WebhookId,
};
use super::notice::settings::NoticeSettings;
use super::person::Person;
use super::queue::{IntakeChannel, Queue};
use super::reminder::Reminder;
use super::requester::Site;
use super::roster::{RosterChange, RosterPlan, Rota};
use super::saved_view::SavedView;
use super::snippet::Snippet;
use super::webhook::Webhook;

/// The directory's rows by id.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub people: HashMap<PersonId, Person>,
    pub queues: HashMap<QueueId, Queue>,
    pub sites: HashMap<SiteId, Site>,
    pub rotas: HashMap<RotaId, Rota>,
    pub calendars: HashMap<CalendarId, Calendar>,
    pub roster_plans: HashMap<RosterPlanId, RosterPlan>,
    pub roster_changes: HashMap<RosterChangeId, RosterChange>,
    /// Canned replies that one may use; on the server everybody's.
    pub snippets: HashMap<SnippetId, Snippet>,
    /// How people want to be told; on a console one's own.
    pub notice_settings: HashMap<PersonId, NoticeSettings>,
    /// One's own; on a console only.
    pub reminders: HashMap<ReminderId, Reminder>,
    /// Those one may read; on a console only.
    pub handovers: HashMap<HandoverId, Handover>,
    /// Those one may see; on the server everybody's, deleted ones too.
    pub saved_views: HashMap<SavedViewId, SavedView>,
    /// On the server only.
    pub webhooks: HashMap<WebhookId, Webhook>,
    /// On the server only.
    pub intake_channels: HashMap<IntakeChannelId, IntakeChannel>,
    /// Where the server is reached from outside, without a slash at the end; empty when nobody said. On the server only.
    pub public_url: String,
}

impl Directory {
    #[must_use]
    pub fn person_by_handle(&self, handle: &str) -> Option<&Person> {
        self.people.values().find(|person| person.handle == handle)
    }

    #[must_use]
    pub fn queue_by_key(&self, key: &str) -> Option<&Queue> {
        self.queues.values().find(|queue| queue.key == key)
    }

    #[must_use]
    pub fn site_by_code(&self, code: &str) -> Option<&Site> {
        self.sites.values().find(|site| site.code == code)
    }

    #[must_use]
    pub fn rota_by_key(&self, key: &str) -> Option<&Rota> {
        self.rotas.values().find(|rota| rota.key == key)
    }

    #[must_use]
    pub fn calendar_by_key(&self, key: &str) -> Option<&Calendar> {
        self.calendars.values().find(|calendar| calendar.key == key)
    }

    /// Active queues in their listed order.
    #[must_use]
    pub fn queues_in_order(&self) -> Vec<&Queue> {
        let mut queues: Vec<_> = self.queues.values().filter(|queue| queue.active).collect();
        queues.sort_by(|a, b| (a.position, &a.key).cmp(&(b.position, &b.key)));
        queues
    }

    /// A person's name, or their id where the directory does not know them (yet).
    #[must_use]
    pub fn person_name(&self, id: PersonId) -> String {
        self.people.get(&id).map_or_else(|| id.to_string(), |person| person.name.clone())
    }
}
