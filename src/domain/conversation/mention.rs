//! `@word` in a text: a person's handle, a duty role (a rota's key: whoever is on duty in it now) or a queue's key (whoever is on
//! duty for it now). A handle comes before a rota's key, a rota's before a queue's.

use std::collections::HashSet;

use crate::domain::access;
use crate::domain::command::{Draft, Given};
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RotaId};
use crate::domain::notice::NoticeKind;
use crate::domain::person::Person;
use crate::domain::roster::duty::DutyIndex;

/// `@` signs looked at in one text.
const MENTIONS_MAX: usize = 200;

/// What one `@word` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    Person(PersonId),
    Rota(RotaId),
    Queue(QueueId),
}

/// Who is meant by a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// Named by their handle, in order.
    pub named: Vec<PersonId>,
    /// On duty in a role or for a queue that is named; nobody who is named as well.
    pub on_duty: Vec<PersonId>,
}

impl Mentioned {
    /// All of them, each once.
    #[must_use]
    pub fn all(&self) -> Vec<PersonId> {
        self.named.iter().chain(&self.on_duty).copied().collect()
    }

    /// Only those of the roles whom `reads` lets pass: who may not read a message is not told of it.
    #[must_use]
    pub fn on_duty_who(mut self, reads: impl Fn(&Person) -> bool, directory: &Directory) -> Self {
        self.on_duty.retain(|id| directory.people.get(id).is_some_and(&reads));
        self
    }
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// What the text names, each once, in order. Those who left are not named; an e-mail address names nobody.
#[must_use]
pub fn named(text: &str, directory: &Directory) -> Vec<Named> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@').take(MENTIONS_MAX) {
        let before = text[..at].chars().next_back();
        if before.is_some_and(in_word) {
            continue;
        }
        let after = &text[at + 1..];
        let end = after.find(|c| !in_word(c)).unwrap_or(after.len());
        let word = after[..end].to_ascii_lowercase();
        // A full stop after the word belongs to the sentence.
        let trimmed = word.trim_end_matches(['.', '-', '_']);
        let one = lookup(&word, directory).or_else(|| lookup(trimmed, directory));
        if let Some(one) = one.filter(|one| !found.contains(one)) {
            found.push(one);
        }
    }
    found
}

fn lookup(word: &str, directory: &Directory) -> Option<Named> {
    if let Some(person) = directory.person_by_handle(word) {
        return person.active.then_some(Named::Person(person.id));
    }
    let rota = directory.rotas.values().find(|rota| rota.active && rota.key == word).map(|rota| Named::Rota(rota.id));
    rota.or_else(|| directory.queue_by_key(word).filter(|queue| queue.active).map(|queue| Named::Queue(queue.id)))
}

/// Whom the named are, at this moment.
#[must_use]
pub fn people(named: &[Named], given: Given<'_>) -> Mentioned {
    let person = |one: &Named| if let Named::Person(id) = one { Some(*id) } else { None };
    let mut found = Mentioned { named: named.iter().filter_map(person).collect(), on_duty: Vec::new() };
    if found.named.len() == named.len() {
        return found;
    }
    let duty = given.duty();
    let mut seen: HashSet<PersonId> = found.named.iter().copied().collect();
    for one in named {
        let role = match one {
            Named::Person(_) => Vec::new(),
            Named::Rota(rota) => duty.in_rota(*rota).to_vec(),
            Named::Queue(queue) => of_queue(&duty, *queue),
        };
        found.on_duty.extend(role.into_iter().filter(|id| seen.insert(*id)));
    }
    found
}

/// A queue's people on duty, first tier first.
fn of_queue(duty: &DutyIndex, queue: QueueId) -> Vec<PersonId> {
    (1..=3).flat_map(|tier| duty.on_duty(queue, tier).iter().copied()).collect()
}

/// Whom a text means, at this moment.
#[must_use]
pub fn mentioned(text: &str, given: Given<'_>) -> Mentioned {
    people(&named(text, given.directory()), given)
}

/// Whom an edit means anew, and all whom the message means afterwards: roles that were named before keep those who were on duty then.
#[must_use]
pub fn edited(before: &str, known: &[PersonId], after: &str, given: Given<'_>) -> (Mentioned, Vec<PersonId>) {
    let (old, new) = (named(before, given.directory()), named(after, given.directory()));
    let added: Vec<Named> = new.iter().filter(|one| !old.contains(one)).copied().collect();
    let mut added = people(&added, given);
    added.named.retain(|id| !known.contains(id));
    added.on_duty.retain(|id| !known.contains(id));
    let still_role = new.iter().any(|one| old.contains(one) && !matches!(one, Named::Person(_)));
    let kept = known.iter().copied().filter(|id| {
        let person = Named::Person(*id);
        new.contains(&person) || (still_role && !old.contains(&person))
    });
    let mut all: Vec<PersonId> = kept.collect();
    all.extend(added.all());
    (added, all)
}

/// Tells those who are meant in a ticket, once each; who is named and does not see it takes part from now on.
pub fn tell(given: Given<'_>, draft: &mut Draft<'_>, mentioned: &Mentioned) {
    for id in &mentioned.named {
        let outsider = given.directory().people.get(id).is_some_and(|one| !access::sees_ticket(one, &draft.ticket));
        if outsider {
            draft.add_participant(*id);
        }
    }
    for id in mentioned.all() {
        draft.notify(id, NoticeKind::Mentioned);
    }
}
