//! Times as people type them, and reminders told once.

use chrono::TimeDelta;

use super::*;
use crate::domain::command::Command;
use crate::domain::notice::NoticeKind;
use crate::domain::testing::{ANA, BEN, Desk, JOB, id};

fn put(desk: &Desk, n: u128, hours: i64) -> PutReminder {
    PutReminder { id: id(n), at: desk.now + TimeDelta::hours(hours), text: " call back ".into(), ticket: None, conversation: None }
}

fn command(body: PutReminder) -> Command {
    Command::PutReminder(Box::new(body))
}

#[test]
fn it_is_told_once_and_never_early() {
    let mut desk = Desk::new();
    let ana = desk.who(ANA);
    let body = put(&desk, 500, 2);
    desk.run(&ana, &command(body)).unwrap();
    let fire = Command::FireReminder { id: id(500) };
    desk.pass(7_199);
    assert!(desk.run(&JOB, &fire).unwrap().unchanged);
    desk.pass(1);
    desk.run(&JOB, &fire).unwrap();
    assert!(desk.run(&JOB, &fire).unwrap().unchanged);
    assert_eq!(desk.told(ANA), [NoticeKind::Reminder { text: "call back".into() }]);
    assert_eq!(desk.run(&ana, &command(put(&desk, 500, 2))).unwrap_err().code, "reminder_over");
    assert!(desk.audit.is_empty(), "it is nobody else's to read");
}

#[test]
fn it_is_one_persons_and_can_be_moved_and_cancelled() {
    let mut desk = Desk::new();
    let (ana, ben) = (desk.who(ANA), desk.who(BEN));
    desk.run(&ana, &command(put(&desk, 500, 2))).unwrap();
    assert_eq!(desk.run(&ben, &command(put(&desk, 500, 3))).unwrap_err().code, "taken");
    assert_eq!(desk.run(&ben, &Command::CancelReminder { id: id(500) }).unwrap_err().code, "not_found");
    assert_eq!(desk.run(&ana, &Command::FireReminder { id: id(500) }).unwrap_err().code, "forbidden");
    desk.run(&ana, &command(put(&desk, 500, 3))).unwrap();
    desk.run(&ana, &Command::CancelReminder { id: id(500) }).unwrap();
    assert!(desk.run(&ana, &Command::CancelReminder { id: id(500) }).unwrap().unchanged);
    desk.pass(4 * 3_600);
    assert!(desk.run(&JOB, &Command::FireReminder { id: id(500) }).unwrap().unchanged);
    assert_eq!(desk.told(ANA), []);
}

#[test]
fn bad_ones_are_refused_with_what_to_do() {
    let mut desk = Desk::new();
    desk.create();
    let ana = desk.who(ANA);
    let code = |desk: &mut Desk, body: PutReminder| desk.run(&ana, &command(body)).unwrap_err().code;
    let good = put(&desk, 500, 2);
    assert_eq!(code(&mut desk, PutReminder { at: good.at - TimeDelta::hours(2), ..good.clone() }), "at_invalid");
    assert_eq!(code(&mut desk, PutReminder { at: good.at + TimeDelta::days(400), ..good.clone() }), "at_invalid");
    assert_eq!(code(&mut desk, PutReminder { text: String::new(), ..good.clone() }), "text_empty");
    assert_eq!(code(&mut desk, PutReminder { text: "x".repeat(301), ..good.clone() }), "text_too_long");
    assert_eq!(code(&mut desk, PutReminder { ticket: Some(crate::domain::id::TicketNumber(9)), ..good.clone() }), "not_found");
    assert_eq!(code(&mut desk, PutReminder { conversation: Some(id(9)), ..good.clone() }), "not_found");
    let about = PutReminder { ticket: Some(crate::domain::id::TicketNumber(1)), text: String::new(), ..good };
    desk.run(&ana, &command(about)).unwrap();
}
