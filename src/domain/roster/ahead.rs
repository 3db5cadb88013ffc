//! What the roster will lack soon: the last one leaving with nobody to follow, and gaps. The instants do not depend on when
//! they are asked for, so that each is told once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveTime, TimeDelta};

use super::gap::gaps;
use super::pattern::shifts;
use super::worked::{Span, joined};
use super::{Gap, Rota, Shift};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{QueueId, RotaId};

/// Active rotas by key.
fn rotas(directory: &Directory) -> Vec<&Rota> {
    let mut rotas: Vec<&Rota> = directory.rotas.values().filter(|rota| rota.active).collect();
    rotas.sort_by(|a, b| (&a.key, a.id).cmp(&(&b.key, b.id)));
    rotas
}

/// The instants in `(now, now + horizon]` at which the last one on duty for an active queue at a tier leaves and nobody
/// follows, in order, each with the rota whose shift ends then.
#[must_use]
pub fn last_leaving(directory: &Directory, now: Timestamp, horizon: TimeDelta) -> Vec<(RotaId, Timestamp)> {
    let end = now + horizon;
    let works = |shift: &Shift| directory.people.get(&shift.person).is_some_and(|person| person.active);
    let mut desks: BTreeMap<(QueueId, u8), Vec<(Span, RotaId)>> = BTreeMap::new();
    for rota in rotas(directory) {
        // A moment further, to see who follows at the very end.
        let found = shifts(directory, rota, now, end + TimeDelta::milliseconds(1));
        let spans: Vec<(Span, RotaId)> = found.into_iter().filter(works).map(|shift| ((shift.from, shift.to), rota.id)).collect();
        for queue in rota.queues.iter().filter(|queue| directory.queues.get(queue).is_some_and(|queue| queue.active)) {
            desks.entry((*queue, rota.tier)).or_default().extend(&spans);
        }
    }
    let mut leaving = BTreeSet::new();
    for spans in desks.values() {
        for (_, to) in joined(spans.iter().map(|(span, _)| *span).collect()) {
            if let Some((_, rota)) = spans.iter().find(|(span, _)| span.1 == to).filter(|_| now < to && to <= end) {
                leaving.insert((to, *rota));
            }
        }
    }
    leaving.into_iter().map(|(at, rota)| (rota, at)).collect()
}

/// The gaps of active rotas that touch `[now, now + horizon)`, in order. They are told whole within the days around (in
/// UTC), so that the same gap is the same whenever it is asked for on a day; one of many days begins anew each day.
#[must_use]
pub fn gaps_ahead(directory: &Directory, now: Timestamp, horizon: TimeDelta) -> Vec<Gap> {
    let midnight = |at: Timestamp| at.date_naive().and_time(NaiveTime::MIN).and_utc();
    let (from, to) = (midnight(now) - TimeDelta::days(1), midnight(now + horizon) + TimeDelta::days(2));
    let all = rotas(directory).into_iter().flat_map(|rota| gaps(directory, rota, from, to));
    let mut ahead: Vec<Gap> = all.filter(|gap| gap.from < now + horizon && now < gap.to).collect();
    ahead.sort_by_key(|gap| (gap.from, gap.to, gap.rota));
    ahead
}
