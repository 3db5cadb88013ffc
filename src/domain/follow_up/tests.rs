//! Promises are found in texts, set and settled, and told once when they are due.

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::*;
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;
use crate::domain::notice::NoticeKind;
use crate::domain::testing::{ANA, BEN, Desk, JOB, at, id};
use crate::domain::ticket::{FollowUp, Status};

/// A Tuesday, 10:00 in Shanghai.
const WRITTEN: &str = "2026-11-24T02:00:00Z";
const ZONE: Tz = Tz::Asia__Shanghai;

fn found(text: &str) -> Vec<(String, Confidence)> {
    let local = |one: Found| (one.at.with_timezone(&ZONE).format("%m-%d %H:%M").to_string(), one.confidence);
    find(text, at(WRITTEN), ZONE).into_iter().map(local).collect()
}

#[test]
fn promises_with_dates_are_found() {
    use Confidence::{High, Medium};
    for (text, due, confidence) in [
        ("We will send the spare part by tomorrow 15:00.", "11-25 15:00", High),
        ("I'll get back to you before Friday.", "11-27 00:00", High),
        ("It will be fixed by Friday.", "11-27 18:00", High),
        ("We'll call you within 24 hours", "11-25 10:00", High),
        ("Our engineer will be there in 2 hours.", "11-24 12:00", High),
        ("You will get an update by 5 pm today.", "11-24 17:00", High),
        ("We will reply by Nov 25, thank you!", "11-25 18:00", High),
        ("The part will arrive on 2026-11-26.", "11-26 18:00", Medium),
        ("Delivery by 26 November at the latest", "11-26 18:00", High),
        ("我们会在明天下午三点前给您答复。", "11-25 15:00", High),
        ("24小时内回复您", "11-25 10:00", High),
        ("周五之前修复", "11-27 00:00", High),
        ("预计11月25日完成", "11-25 18:00", Medium),
        ("工程师两小时内联系您，请保持电话畅通。", "11-24 12:00", High),
        ("最晚明天中午12点前处理好", "11-25 12:00", High),
        ("配件将在3天后送达", "11-27 10:00", High),
        ("下周一上午给您反馈", "11-30 10:00", Medium),
        ("今晚8点前会更新进度", "11-24 20:00", High),
        ("WE WILL CALL BY TOMORROW １５：００", "11-25 15:00", High),
    ] {
        assert_eq!(found(text), [(due.to_owned(), confidence)], "{text}");
    }
}

#[test]
fn what_promises_nothing_is_left_alone() {
    for text in [
        "",
        "Thank you for your patience.",
        "It took 2 hours to get here.",
        "Could you send us a photo by tomorrow?",
        "Please call us before 18:00.",
        "请您在明天下午三点前回复我们。",
        "您昨天15:00打过电话吗",
        "Pump 4 shows error 24 on 3 screens; version 2.15.3",
        "三天前的问题已经没有了",
        "Ticket #1042, part 11-25-3000",
    ] {
        assert!(found(text).iter().all(|(_, confidence)| *confidence == Confidence::Low), "{text}: {:?}", found(text));
    }
}

#[test]
fn each_sentence_promises_its_latest_time() {
    let text = "I will look at 15:00 and send the result by tomorrow 9:00. We'll close it before Friday!\n24小时内还会打电话。";
    let due: Vec<_> = found(text).into_iter().map(|(due, _)| due).collect();
    assert_eq!(due, ["11-25 09:00", "11-27 00:00", "11-25 10:00"]);
}

#[test]
fn the_same_words_mean_the_same_wall_clock_in_every_zone_and_season() {
    for zone in [Tz::Europe__Berlin, Tz::America__New_York, Tz::Asia__Shanghai, Tz::Australia__Lord_Howe, Tz::Pacific__Apia] {
        for day in 0..366 {
            let written = at("2026-01-01T05:30:00Z") + TimeDelta::days(day);
            let [one] = find("We will reply by tomorrow 15:00.", written, zone).try_into().unwrap();
            let tomorrow = written.with_timezone(&zone).date_naive().succ_opt().unwrap();
            assert_eq!(one.at.with_timezone(&zone).naive_local(), tomorrow.and_hms_opt(15, 0, 0).unwrap(), "{zone} {written}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn whatever_is_found_is_to_come(text in "(\\PC{0,12}(tomorrow|before friday|by 15:00|24小时内|明天下午三点前|11月25日)){0,6}") {
        for one in find(&text, at(WRITTEN), ZONE) {
            assert!(one.at > at(WRITTEN));
            assert!(one.text.chars().count() <= 200);
        }
    }
}

const ONE: TicketNumber = TicketNumber(1);

fn promise(n: u128, at: crate::domain::Timestamp) -> FollowUp {
    FollowUp { id: id(n), at, text: "call back".into(), by: id(0), message: None, done: true, told: true }
}

#[test]
fn a_promise_that_comes_due_is_told_once_to_who_has_the_ticket() {
    let mut desk = Desk::new();
    desk.create();
    let (ana, due) = (desk.who(ANA), desk.now + TimeDelta::hours(1));
    desk.run(&ana, &Command::PutFollowUp { number: ONE, follow_up: promise(500, due) }).unwrap();
    let kept = &desk.ticket(1).follow_ups[0];
    assert!(!kept.done && !kept.told && kept.by == id(ANA), "the desk sets these: {kept:?}");
    let tell = Command::TellFollowUps { number: ONE };
    desk.pass(3_599);
    assert!(desk.run(&JOB, &tell).unwrap().unchanged, "never early");
    desk.run(&desk.who(BEN), &Command::ClaimTicket { number: ONE }).unwrap();
    desk.pass(1);
    desk.run(&JOB, &tell).unwrap();
    assert!(desk.run(&JOB, &tell).unwrap().unchanged, "once");
    assert_eq!(desk.told(BEN), [NoticeKind::FollowUpDue { text: "call back".into() }]);
    let later = FollowUp { at: desk.now + TimeDelta::hours(2), ..promise(500, due) };
    desk.run(&ana, &Command::PutFollowUp { number: ONE, follow_up: later }).unwrap();
    desk.pass(7_200);
    desk.run(&JOB, &tell).unwrap();
    assert_eq!(desk.told(BEN).len(), 2, "moved, it is told again");
}

#[test]
fn what_is_kept_or_whose_ticket_is_solved_is_not_told() {
    let mut desk = Desk::new();
    desk.create();
    let (ana, due) = (desk.who(ANA), desk.now + TimeDelta::hours(1));
    for n in [500, 501] {
        desk.run(&ana, &Command::PutFollowUp { number: ONE, follow_up: promise(n, due) }).unwrap();
    }
    desk.run(&ana, &Command::SettleFollowUp { number: ONE, id: id(500), done: true }).unwrap();
    desk.run(&ana, &Command::SetStatus { number: ONE, status: Status::Solved }).unwrap();
    desk.pass(3_600);
    desk.run(&JOB, &Command::TellFollowUps { number: ONE }).unwrap();
    assert_eq!(desk.told(ANA), []);
    assert!(desk.run(&JOB, &Command::TellFollowUps { number: ONE }).unwrap().unchanged);
    let unknown = Command::SettleFollowUp { number: ONE, id: id(999), done: true };
    assert_eq!(desk.run(&ana, &unknown).unwrap_err().code, "not_found");
    assert_eq!(desk.run(&ana, &Command::TellFollowUps { number: ONE }).unwrap_err().code, "forbidden");
}

/// A date at the end of time overflows in zones east of London, on every console that shows the ticket.
#[test]
fn a_promise_for_the_end_of_time_is_refused() {
    let mut desk = Desk::new();
    desk.create();
    let ana = desk.who(ANA);
    for at in [crate::domain::Timestamp::MAX_UTC, crate::domain::Timestamp::MIN_UTC] {
        let refusal = desk.run(&ana, &Command::PutFollowUp { number: ONE, follow_up: promise(500, at) }).unwrap_err();
        assert_eq!(refusal.code, "at_invalid");
    }
}
