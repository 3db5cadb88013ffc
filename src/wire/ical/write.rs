//! Shifts as a calendar to subscribe to: the same shift has the same UID each time, so that programs move it and do not double it.

use chrono::{DateTime, Duration, Utc};
use icalendar::{Calendar, Class, Component, Event, EventLike, EventStatus};
use uuid::Uuid;

use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::person::Person;
use crate::domain::roster::{Gap, Rota, Shift, gap, pattern};

/// Days before today that a subscription shows, so that a shift just worked does not vanish.
pub const DAYS_BACK: i64 = 14;
/// Days ahead that a subscription shows.
pub const DAYS_AHEAD: i64 = 90;
/// How often programs are asked to look again.
const REFRESH_HOURS: i64 = 1;

/// From when to when a calendar tells, and when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Written into each event; the same stamp gives the same bytes.
    pub stamp: DateTime<Utc>,
}

impl Window {
    /// What a subscription shows at `now`: whole days, so that the answer changes once a day or when the roster does.
    #[must_use]
    pub fn around(now: DateTime<Utc>) -> Self {
        let today = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        Self { from: today - Duration::days(DAYS_BACK), to: today + Duration::days(DAYS_AHEAD), stamp: today }
    }
}

/// One person's shifts in all rotas.
#[must_use]
pub fn of_person(directory: &Directory, person: &Person, window: Window) -> String {
    let mut calendar = named(&format!("{} · dutydesk", person.name));
    let mut rotas: Vec<&Rota> = directory.rotas.values().filter(|rota| rota.active).collect();
    rotas.sort_by(|a, b| a.key.cmp(&b.key));
    for rota in rotas {
        for shift in pattern::shifts(directory, rota, window.from, window.to).iter().filter(|shift| shift.person == person.id) {
            calendar.push(event(rota, shift, &summary(rota, shift), window.stamp));
        }
    }
    calendar.to_string()
}

/// Everybody's shifts in one rota, with its gaps as events that leave the time free.
#[must_use]
pub fn of_rota(directory: &Directory, rota: &Rota, window: Window) -> String {
    let mut calendar = named(&format!("{} · dutydesk", rota.name));
    for shift in pattern::shifts(directory, rota, window.from, window.to) {
        let summary = format!("{} · {}", directory.person_name(shift.person), summary(rota, &shift));
        calendar.push(event(rota, &shift, &summary, window.stamp));
    }
    for gap in gap::gaps(directory, rota, window.from, window.to) {
        calendar.push(gap_event(rota, &gap, window.stamp));
    }
    calendar.to_string()
}

fn named(name: &str) -> Calendar {
    Calendar::new().name(name).ttl(&Duration::hours(REFRESH_HOURS)).done()
}

/// `Early · First line`.
fn summary(rota: &Rota, shift: &Shift) -> String {
    let named = rota.shift_types.iter().find(|shift_type| shift_type.code == shift.code);
    let name = named.map_or_else(|| "Extra shift".to_owned(), |shift_type| shift_type.name.clone());
    format!("{name} · {}", rota.name)
}

fn event(rota: &Rota, shift: &Shift, summary: &str, stamp: DateTime<Utc>) -> Event {
    let uid = shift_uid(rota.id, shift.person, &shift.code, shift.from);
    let mut event = plain(&uid, summary, (shift.from, shift.to), stamp);
    event.status(EventStatus::Confirmed);
    event
}

fn gap_event(rota: &Rota, gap: &Gap, stamp: DateTime<Utc>) -> Event {
    let uid = uid(&format!("gap {} {}", rota.id, gap.from.timestamp_millis()));
    let summary = format!("Gap: {} of {} · {}", gap.on_duty, gap.required, rota.name);
    let mut event = plain(&uid, &summary, (gap.from, gap.to), stamp);
    event.add_property("TRANSP", "TRANSPARENT");
    event
}

fn plain(uid: &str, summary: &str, (from, to): (DateTime<Utc>, DateTime<Utc>), stamp: DateTime<Utc>) -> Event {
    Event::new().uid(uid).summary(summary).starts(from).ends(to).timestamp(stamp).class(Class::Private).done()
}

fn shift_uid(rota: RotaId, person: PersonId, code: &str, from: DateTime<Utc>) -> String {
    uid(&format!("shift {rota} {person} {code} {}", from.timestamp_millis()))
}

fn uid(of: &str) -> String {
    format!("{}@dutydesk", uuid_of(of))
}

/// The same words give the same id, on every machine.
#[must_use]
pub fn uuid_of(words: &str) -> Uuid {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(format!("dutydesk ical {words}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
