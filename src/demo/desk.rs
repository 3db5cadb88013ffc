//! The sample desk: everything of a service company's desk but its tickets, which [`Tickets`] streams.

use chrono::{DateTime, Utc};

use super::content::{Content, SiteKind, content};
use super::people::pair_queues;
use super::rotas::Planning;
use super::seed::id_for;
use super::talk::SampleConversation;
use super::{DemoLanguage, Tickets, duty, intake, people, rotas, sites, snippets, talk};
use crate::domain::calendar::Calendar;
use crate::domain::conversation::ConversationKind;
use crate::domain::person::{Person, Role};
use crate::domain::queue::{
    EndOfShift, IntakeChannel, Queue, Strategy, default_accept_within, default_expert_accept_within, default_grace,
};
use crate::domain::requester::Site;
use crate::domain::roster::{RosterChange, Rota};
use crate::domain::sla::policy::SlaPolicy;
use crate::domain::snippet::Snippet;

/// A desk made from a seed: the same language, seed, number of tickets and instant make the same desk.
#[derive(Clone, Debug)]
pub struct SampleDesk {
    pub language: DemoLanguage,
    pub seed: u64,
    /// How many tickets [`SampleDesk::tickets`] makes.
    pub ticket_count: usize,
    /// No row is newer.
    pub now: DateTime<Utc>,
    /// Eight, in their listed order.
    pub queues: Vec<Queue>,
    /// Sixty.
    pub people: Vec<Person>,
    pub sites: Vec<Site>,
    /// The year's holidays, and office hours.
    pub calendars: Vec<Calendar>,
    pub rotas: Vec<Rota>,
    pub roster_changes: Vec<RosterChange>,
    /// Each with its plain token.
    pub intake: Vec<(IntakeChannel, String)>,
    /// Channels and direct conversations with their messages, oldest first.
    pub conversations: Vec<SampleConversation>,
    /// The desk's canned replies.
    pub snippets: Vec<Snippet>,
    pub(super) content: &'static Content,
    site_kinds: Vec<SiteKind>,
    sites_by_kind: [Vec<usize>; 3],
    /// By queue: places in `people` of those in tier 1 (`.0`) and tier 2 (`.1`) who answer its tickets.
    staff: Vec<(Vec<usize>, Vec<usize>)>,
}

impl SampleDesk {
    /// Makes the desk as it stands at `now`, with fourteen days of tickets behind it.
    #[must_use]
    pub fn generate(language: DemoLanguage, seed: u64, tickets: usize, now: DateTime<Utc>) -> Self {
        let content = content(language);
        let mut queues = generate_queues(content, seed);
        let people = people::generate(language, content, seed, &queues);
        for (index, queue) in queues.iter_mut().enumerate() {
            let leads = |place: usize, person: &Person| person.role == Role::Lead && pair_queues(people::pair_of(place)).contains(&index);
            queue.lead = people.iter().enumerate().find(|(place, person)| leads(*place, person)).map(|(_, person)| person.id);
        }
        let (site_kinds, sites): (Vec<_>, Vec<_>) = sites::generate(&content.places, seed).into_iter().unzip();
        let conversations = talk::generate(content, seed, &people, &sites, now);
        let channel =
            conversations.iter().find(|sample| sample.conversation.kind == ConversationKind::Channel).map(|sample| sample.conversation.id);
        for (index, queue) in queues.iter_mut().enumerate() {
            duty::settle(queue, index, seed, channel);
        }
        let planning = Planning { language, content, seed, people: &people, queues: &queues, now };
        let rotas = rotas::generate(&planning);
        let roster_changes = rotas::changes(&planning, &rotas);
        let of_kind = |kind| site_kinds.iter().enumerate().filter(|(_, found)| **found == kind).map(|(index, _)| index).collect();
        Self {
            language,
            seed,
            ticket_count: tickets,
            now,
            intake: intake::generate(&content.words, seed, &queues),
            conversations,
            calendars: duty::calendars(
                &content.words,
                seed,
                language.time_zone().name(),
                now.with_timezone(&language.time_zone()).date_naive(),
            ),
            staff: queues.iter().map(|queue| staff_of(queue, &people)).collect(),
            snippets: snippets::generate(language, seed),
            sites_by_kind: [SiteKind::Station, SiteKind::Warehouse, SiteKind::Shop].map(of_kind),
            content,
            site_kinds,
            queues,
            people,
            sites,
            rotas,
            roster_changes,
        }
    }

    /// The desk's tickets, oldest first, made one at a time.
    #[must_use]
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets::new(self)
    }

    /// What kind of place a site is; sites are listed in the order of [`SampleDesk::sites`].
    #[must_use]
    pub fn site_kind(&self, index: usize) -> Option<SiteKind> {
        self.site_kinds.get(index).copied()
    }

    pub(super) fn sites_of(&self, kind: SiteKind) -> &[usize] {
        match kind {
            SiteKind::Station => &self.sites_by_kind[0],
            SiteKind::Warehouse => &self.sites_by_kind[1],
            SiteKind::Shop => &self.sites_by_kind[2],
        }
    }

    /// Places in `people` of a queue's tier 1 and tier 2.
    pub(super) fn staff_of(&self, queue: usize) -> &(Vec<usize>, Vec<usize>) {
        &self.staff[queue]
    }
}

fn staff_of(queue: &Queue, people: &[Person]) -> (Vec<usize>, Vec<usize>) {
    let answers = |tier: u8| {
        let works = move |person: &Person| person.tier == tier && person.capacity > 0 && person.queues.contains(&queue.id);
        people.iter().enumerate().filter(|(_, person)| works(person)).map(|(index, _)| index).collect()
    };
    (answers(1), answers(2))
}

fn generate_queues(content: &Content, seed: u64) -> Vec<Queue> {
    let queue = |(index, text): (usize, &super::content::QueueContent)| Queue {
        language_required: false,
        cap: None,
        accept_within_secs: default_accept_within(),
        expert_accept_within_secs: default_expert_accept_within(),
        end_of_shift: EndOfShift::Keep,
        grace_secs: default_grace(),
        id: id_for(seed, "queue", index as u64).into(),
        version: 1,
        key: text.key.clone(),
        name: text.name.clone(),
        department: Some(text.department.clone()),
        tier: 1,
        skills: text.skills.clone(),
        strategy: Strategy::LeastLoaded,
        sla: SlaPolicy::default(),
        lead: None,
        position: i32::try_from(index + 1).unwrap_or_default(),
        active: true,
    };
    content.queues.iter().enumerate().map(queue).collect()
}
