//! Holds the sample desk to what it promises.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, TimeZone, Utc};

use super::content::{Speaker, content};
use super::*;
use crate::domain::command::ImportTicket;
use crate::domain::id::TicketNumber;
use crate::domain::person::Role;
use crate::domain::roster::{RosterChangeKind, Rota};
use crate::domain::ticket::Status;

const LANGUAGES: [DemoLanguage; 2] = [DemoLanguage::English, DemoLanguage::Chinese];

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 10, 20, 0).unwrap()
}

fn desk(language: DemoLanguage, seed: u64, tickets: usize) -> SampleDesk {
    SampleDesk::generate(language, seed, tickets, now())
}

fn check_text(text: &str, whence: &str) {
    assert!(!text.trim().is_empty(), "{whence}: empty");
    assert!(!text.contains(['{', '}']), "{whence}: unfilled: {text}");
    assert!(!text.chars().any(char::is_control), "{whence}: control character: {text:?}");
}

#[test]
fn both_languages_have_what_is_required() {
    for language in LANGUAGES {
        let content = content(language);
        assert_eq!(content.queues.len(), 8);
        assert!(content.people.staff.len() >= 60);
        assert_eq!(content.people.staff.iter().map(|(_, handle)| handle).collect::<HashSet<_>>().len(), content.people.staff.len());
        assert!(content.people.given.len() * content.people.family.len() >= 2_000);
        assert!(content.places.region.len() >= 12);
        assert!(content.places.region.iter().all(|region| region.places.len() == 10));
        for queue in &content.queues {
            assert!(queue.scenario.len() >= 12, "{}: {}", queue.key, queue.scenario.len());
            assert!(!queue.products.is_empty() && !queue.skills.is_empty());
            for scenario in &queue.scenario {
                assert!((3..=7).contains(&scenario.talk.len()), "{}: {}", queue.key, scenario.subject);
                assert_ne!(scenario.talk.last().unwrap().speaker, Speaker::Note, "{}: {}", queue.key, scenario.subject);
                assert!(scenario.priority.iter().sum::<u32>() > 0);
                assert!(scenario.subject.chars().count() <= 200);
            }
        }
        let phrases = &content.phrases;
        assert_eq!(phrases.channel.len(), 4);
        assert!(phrases.channel.iter().all(|channel| channel.lines.len() >= 12));
        assert!(phrases.follow_ups.len() >= 20 && phrases.replies.len() >= 20 && phrases.notes.len() >= 15);
        assert!(phrases.escalation_reasons.len() >= 5 && phrases.escalation_verdicts.len() >= 5);
        assert!(!phrases.direct.is_empty() && !phrases.asks.is_empty() && !phrases.holds.is_empty());
    }
}

#[test]
fn keys_are_the_same_in_both_languages() {
    let keys = |language| content(language).queues.iter().map(|queue| queue.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(DemoLanguage::English), keys(DemoLanguage::Chinese));
    let intake = |language| content(language).words.intake.iter().map(|channel| channel.key.clone()).collect::<Vec<_>>();
    assert_eq!(intake(DemoLanguage::English), intake(DemoLanguage::Chinese));
}

#[test]
fn chinese_texts_are_chinese() {
    let han = |text: &str| text.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count();
    for queue in &content(DemoLanguage::Chinese).queues {
        for scenario in &queue.scenario {
            assert!(han(&scenario.text) >= 15, "{}: {}", queue.key, scenario.text);
            assert!(scenario.talk.iter().all(|turn| han(&turn.text) >= 3), "{}: {}", queue.key, scenario.subject);
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_desk_and_another_does_not() {
    for language in LANGUAGES {
        let (one, same, other) = (desk(language, 7, 50), desk(language, 7, 50), desk(language, 8, 50));
        assert_eq!(one.people, same.people);
        assert_eq!(one.rotas, same.rotas);
        assert_eq!(one.sites, same.sites);
        assert_eq!(one.intake, same.intake);
        assert_eq!(one.roster_changes, same.roster_changes);
        assert_eq!(one.tickets().collect::<Vec<_>>(), same.tickets().collect::<Vec<_>>());
        assert_ne!(one.people, other.people);
        assert_ne!(one.tickets().collect::<Vec<_>>(), other.tickets().collect::<Vec<_>>());
    }
}

#[test]
fn people_queues_and_sites_hang_together() {
    for language in LANGUAGES {
        let desk = desk(language, 1, 0);
        assert_eq!(desk.people.len(), 60);
        for (tier, count) in [(1, 40), (2, 14), (3, 6)] {
            assert_eq!(desk.people.iter().filter(|person| person.tier == tier).count(), count);
        }
        assert_eq!(desk.people.iter().map(|person| person.id).collect::<BTreeSet<_>>().len(), 60);
        for role in [Role::Viewer, Role::Agent, Role::Expert, Role::Lead, Role::Admin] {
            assert!(desk.people.iter().any(|person| person.role == role), "{role:?}");
        }
        for person in &desk.people {
            assert!((2..=4).contains(&person.queues.len()));
            let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-_".contains(letter);
            assert!(person.handle.chars().all(plain), "{}", person.handle);
        }
        assert_eq!(desk.sites.len(), 120);
        assert_eq!(desk.sites.iter().map(|site| &site.code).collect::<HashSet<_>>().len(), 120);
        desk.sites.iter().for_each(|site| check_text(&site.name, &site.code));
        assert!(desk.queues.iter().all(|queue| queue.lead.is_some() && queue.sla.targets.len() == 4));
        assert_eq!(desk.intake.len(), 4);
        assert!(desk.intake.iter().all(|(channel, _)| desk.queues.iter().any(|queue| queue.id == channel.queue)));
    }
}

/// How many members the pattern puts on duty at a minute of the rota's local time.
fn on_duty(rota: &Rota, local: chrono::NaiveDateTime) -> u32 {
    let on = |offset: i32, day: chrono::NaiveDate| {
        let days = (day - rota.starts_on).num_days() + i64::from(offset);
        let code = rota.pattern[usize::try_from(days.rem_euclid(i64::try_from(rota.pattern.len()).unwrap())).unwrap()].as_ref()?;
        rota.shift_types.iter().find(|shift| &shift.code == code)
    };
    let covers = |offset: i32| {
        [local.date() - Duration::days(1), local.date()].into_iter().any(|day| {
            on(offset, day).is_some_and(|shift| {
                let end = if shift.end <= shift.start { day + Duration::days(1) } else { day }.and_time(shift.end);
                day.and_time(shift.start) <= local && local < end
            })
        })
    };
    u32::try_from(rota.members.iter().filter(|member| covers(member.offset_days)).count()).unwrap()
}

#[test]
fn somebody_is_on_duty_at_every_quarter_hour() {
    for language in LANGUAGES {
        for seed in 0..3 {
            let desk = desk(language, seed, 0);
            assert_eq!(desk.rotas.iter().map(|rota| rota.tier).collect::<Vec<_>>(), [1, 1, 1, 1, 2, 2, 3, 3]);
            for rota in &desk.rotas {
                assert!(rota.tier != 1 || rota.members.len() >= 6);
                assert!(rota.lead.is_some(), "{}", rota.key);
                for quarter in 0..4 * 24 * 24 {
                    let local = now().naive_utc() - Duration::days(7) + Duration::minutes(15 * quarter);
                    let night = local.time() < rota.shift_types[0].start;
                    let least = if rota.tier == 3 || (rota.tier == 2 && night) { 1 } else { 2 };
                    assert!(on_duty(rota, local) >= least, "{} {local}", rota.key);
                }
            }
        }
    }
}

#[test]
fn leave_makes_a_gap_in_the_next_three_days() {
    for seed in 0..10 {
        let desk = desk(DemoLanguage::Chinese, seed, 0);
        let leave: Vec<_> = desk.roster_changes.iter().filter(|change| change.kind == RosterChangeKind::Leave).collect();
        let (from, rota) = (leave[0].from, &desk.rotas[0]);
        assert!(from > now() && from < now() + Duration::days(3));
        let local = from.with_timezone(&chrono_tz::Asia::Shanghai).naive_local();
        assert!(on_duty(rota, local) - u32::try_from(leave.len()).unwrap() < rota.required[0].people);
        assert!(desk.roster_changes.iter().any(|change| change.kind == RosterChangeKind::Cover && change.other.is_some()));
    }
}

#[test]
fn conversations_are_numbered_and_in_the_past() {
    for language in LANGUAGES {
        for sample in desk(language, 3, 0).conversations {
            assert_eq!(sample.conversation.last_seq, i64::try_from(sample.messages.len()).unwrap());
            for (place, message) in sample.messages.iter().enumerate() {
                assert_eq!(message.seq, i64::try_from(place + 1).unwrap());
                assert!(message.created_at < now());
                assert!(place == 0 || sample.messages[place - 1].created_at < message.created_at);
                check_text(&message.text, "conversation");
            }
        }
    }
}

fn check_ticket(ticket: &ImportTicket, roles: &HashMap<String, Role>) {
    let whence = &ticket.external;
    check_text(&ticket.subject, whence);
    assert!((1..=7).contains(&ticket.messages.len()), "{whence}");
    assert!(ticket.messages[0].person.is_none() && ticket.messages[0].at == ticket.created_at);
    assert!(ticket.created_at >= now() - Duration::days(14) && ticket.messages.iter().all(|message| message.at < now()));
    assert!(ticket.messages.windows(2).all(|pair| pair[0].at < pair[1].at), "{whence}");
    ticket.messages.iter().for_each(|message| check_text(&message.text, whence));
    ticket.fields.values().for_each(|value| check_text(value.as_str().unwrap(), whence));
    assert!(
        ticket.assignee.iter().chain(ticket.messages.iter().filter_map(|message| message.person.as_ref())).all(|h| roles.contains_key(h))
    );
    assert_eq!(ticket.solved_at.is_some(), !ticket.status.is_unsolved());
    assert!(!ticket.requester.external.is_empty() && ticket.requester.name.is_some());
}

#[test]
fn two_thousand_tickets_are_whole_and_varied() {
    for language in LANGUAGES {
        let desk = desk(language, 42, 2_000);
        let roles = desk.people.iter().map(|person| (person.handle.clone(), person.role)).collect();
        let tickets: Vec<_> = desk.tickets().collect();
        assert_eq!(tickets.len(), 2_000);
        tickets.iter().for_each(|ticket| check_ticket(ticket, &roles));
        assert!(tickets.windows(2).all(|pair| pair[0].created_at <= pair[1].created_at));
        let share = |status| tickets.iter().filter(|ticket| ticket.status == status).count() / 20;
        for (status, percent) in
            [(Status::New, 6), (Status::Open, 24), (Status::Pending, 12), (Status::OnHold, 5), (Status::Solved, 33), (Status::Closed, 20)]
        {
            assert!(share(status).abs_diff(percent) <= 1, "{status:?}: {}", share(status));
        }
        for person in &desk.people {
            let held = tickets.iter().filter(|t| t.status.is_active() && t.assignee.as_ref() == Some(&person.handle)).count();
            assert!(held <= person.capacity as usize, "{}: {held} of {}", person.handle, person.capacity);
        }
        assert!(tickets.iter().map(|ticket| &ticket.messages[0].text).collect::<HashSet<_>>().len() > 1_500);
        assert!(tickets.iter().map(|ticket| &ticket.requester.external).collect::<HashSet<_>>().len() > 1_000);
    }
}

#[test]
fn a_hundred_thousand_tickets_stream() {
    let desk = desk(DemoLanguage::English, 5, 100_000);
    assert_eq!(desk.tickets().len(), 100_000);
    assert_eq!(desk.tickets().last().unwrap().external, "demo-100000");
}

/// A driver in miniature: keeps the view as the acts would leave it.
fn drive(language: DemoLanguage, seed: u64, acts: usize) -> Vec<(std::time::Duration, Act)> {
    let desk = Arc::new(desk(language, 1, 0));
    let mut traffic = Traffic::new(Arc::clone(&desk), seed);
    let mut view = TrafficView { now: now(), ..TrafficView::default() };
    view.available = desk.people.iter().filter(|person| person.tier == 1 && person.capacity > 0).map(|p| p.handle.clone()).collect();
    let mut made = Vec::new();
    for _ in 0..acts {
        let (pause, act) = traffic.next(&view);
        match &act {
            Act::NewRequest { thread, .. } => view.tickets.push(ViewTicket {
                number: TicketNumber(i64::try_from(view.tickets.len() + 1).unwrap()),
                thread: Some(thread.clone()),
                assignee: Some(view.available[view.tickets.len() % view.available.len()].clone()),
                awaits_reply: true,
                status: Status::Open,
            }),
            Act::RequesterReply { thread, .. } => {
                view.tickets
                    .iter_mut()
                    .filter(|ticket| ticket.thread.as_ref() == Some(thread))
                    .for_each(|ticket| ticket.awaits_reply = true);
            }
            Act::AgentReply { number, internal, .. } => {
                view.tickets.iter_mut().filter(|ticket| ticket.number == *number).for_each(|ticket| ticket.awaits_reply = *internal);
            }
            Act::Escalate { number, .. } => view.escalations.push(ViewEscalation {
                id: uuid::Uuid::from_u128(view.escalations.len() as u128).into(),
                number: *number,
                expert: desk.people[59].handle.clone(),
                accepted: view.escalations.len() % 2 == 1,
            }),
            _ => {}
        }
        made.push((pause, act));
    }
    made
}

#[test]
fn traffic_is_lively_and_whole() {
    for language in LANGUAGES {
        let made = drive(language, 9, 2_000);
        let seconds: f64 = made.iter().map(|(pause, _)| pause.as_secs_f64()).sum();
        assert!((1.2..1.8).contains(&(seconds / 2_000.0)), "{seconds}");
        let mut kinds = BTreeSet::new();
        for (_, act) in &made {
            let (kind, text) = match act {
                Act::NewRequest { text, subject, .. } => {
                    check_text(subject, "subject");
                    ("new", text.as_str())
                }
                Act::RequesterReply { text, .. } => ("requester", text.as_str()),
                Act::AgentReply { text, .. } => ("agent", text.as_str()),
                Act::ChatLine { text, .. } => ("chat", text.as_str()),
                Act::Escalate { reason, .. } => ("escalate", reason.as_str()),
                Act::AnswerEscalation { reason, .. } => ("answer", reason.as_deref().unwrap_or("-")),
                Act::LeaveEscalation { verdict, .. } => ("leave", verdict.as_str()),
                Act::PresenceChange { person, .. } => ("presence", person.as_str()),
            };
            check_text(text, kind);
            kinds.insert(kind);
        }
        assert_eq!(kinds.len(), 8, "{kinds:?}");
    }
}

#[test]
fn traffic_follows_its_seed() {
    assert_eq!(drive(DemoLanguage::English, 4, 300), drive(DemoLanguage::English, 4, 300));
    assert_ne!(drive(DemoLanguage::English, 4, 300), drive(DemoLanguage::English, 5, 300));
}

#[test]
fn an_empty_view_still_has_traffic() {
    let mut traffic = Traffic::new(Arc::new(desk(DemoLanguage::English, 1, 0)), 1);
    let view = TrafficView { now: now(), ..TrafficView::default() };
    let new = (0..100).filter(|_| matches!(traffic.next(&view).1, Act::NewRequest { .. })).count();
    assert!(new > 80);
}
