//! Instants as people type them, in two languages and across clock changes.

use chrono::{Datelike, TimeDelta, Timelike};
use chrono_tz::Tz;

use super::*;
use crate::domain::testing::at;

/// A Tuesday, 10:00 in Shanghai.
const NOW: &str = "2026-11-24T02:00:00Z";
const ZONE: Tz = Tz::Asia__Shanghai;

fn local(text: &str) -> String {
    let (at, rest) = prefix(text, at(NOW), ZONE).unwrap_or_else(|error| panic!("{text}: {error}"));
    format!("{} {rest}", at.with_timezone(&ZONE).format("%m-%d %H:%M")).trim().to_owned()
}

#[test]
fn times_of_reminders() {
    for (text, meant) in [
        ("2h call back", "11-24 12:00 call back"),
        ("30m", "11-24 10:30"),
        ("1h30m, look again", "11-24 11:30 look again"),
        ("1d", "11-25 10:00"),
        ("in 2 hours check", "11-24 12:00 check"),
        ("half an hour", "11-24 10:30"),
        ("an hour tea", "11-24 11:00 tea"),
        ("15:00 ring", "11-24 15:00 ring"),
        ("9:00", "11-25 09:00"),
        ("3pm ring", "11-24 15:00 ring"),
        ("12am", "11-25 00:00"),
        ("at 3:30 pm", "11-24 15:30"),
        ("noon", "11-24 12:00"),
        ("tomorrow", "11-25 09:00"),
        ("tomorrow 9:00 Pumpe prüfen", "11-25 09:00 Pumpe prüfen"),
        ("tomorrow at 3pm", "11-25 15:00"),
        ("15:00 tomorrow", "11-25 15:00"),
        ("day after tomorrow", "11-26 09:00"),
        ("friday 15:00 call", "11-27 15:00 call"),
        ("tue", "12-01 09:00"),
        ("next monday", "11-30 09:00"),
        ("Nov 26 12:00", "11-26 12:00"),
        ("26 November", "11-26 09:00"),
        ("December 1st, 2026 9:30", "12-01 09:30"),
        ("2026-11-25 08:00 x", "11-25 08:00 x"),
        ("2026-11-25T08:00 x", "11-25 08:00 x"),
        ("明天9点 打电话", "11-25 09:00 打电话"),
        ("明天９点半", "11-25 09:30"),
        ("明天下午三点", "11-25 15:00"),
        ("下午3点，回电", "11-24 15:00 回电"),
        ("今晚", "11-24 20:00"),
        ("今晚八点", "11-24 20:00"),
        ("后天", "11-26 09:00"),
        ("周五 15:00 开会", "11-27 15:00 开会"),
        ("下周一", "11-30 09:00"),
        ("11月25日", "11-25 09:00"),
        ("25号下午两点", "11-25 14:00"),
        ("2小时后 看看", "11-24 12:00 看看"),
        ("两小时", "11-24 12:00"),
        ("半小时后", "11-24 10:30"),
        ("一个半小时", "11-24 11:30"),
        ("三十分钟后回电", "11-24 10:30 回电"),
        ("中午十二点", "11-24 12:00"),
        ("晚上11点", "11-24 23:00"),
        ("15点20分", "11-24 15:20"),
        ("三点一刻", "11-25 03:15"),
    ] {
        assert_eq!(local(text), meant, "{text}");
    }
}

#[test]
fn what_is_no_time_says_how_to_write_one() {
    for text in ["", "call back", "5", "2x", "h", "15:77", "25:00", "hello 2h", "打电话", "三", "\u{1b}[2J"] {
        let error = prefix(text, at(NOW), ZONE).unwrap_err();
        assert!(matches!(error, WhenError::NoTime(_)), "{text}: {error:?}");
        assert!(error.to_string().contains("2h"));
    }
    assert_eq!(prefix("today 9:00", at(NOW), ZONE), Err(WhenError::Past));
    assert_eq!(prefix("2020-01-01", at(NOW), ZONE), Err(WhenError::Past));
    assert_eq!(prefix("2030-01-01", at(NOW), ZONE), Err(WhenError::Far));
    assert_eq!(prefix("2026-02-30", at(NOW), ZONE), Err(WhenError::NoDay));
}

#[test]
fn a_reminder_is_never_early_nor_a_day_late_across_clock_changes() {
    // Every hour of the two weeks round both changes in Berlin: "15:00" is the next 15:00 on the wall.
    let zone = Tz::Europe__Berlin;
    for start in ["2026-03-25T00:00:00Z", "2026-10-22T00:00:00Z"] {
        for hour in 0..14 * 24 {
            let now = at(start) + TimeDelta::hours(hour);
            let (due, _) = prefix("15:00", now, zone).unwrap();
            let wall = due.with_timezone(&zone);
            assert_eq!((wall.hour(), wall.minute()), (15, 0));
            assert!(due > now && due - now <= TimeDelta::hours(25), "{now} {due}");
            let (tomorrow, _) = prefix("明天2点半", now, zone).unwrap();
            let wall = tomorrow.with_timezone(&zone);
            let day = now.with_timezone(&zone).date_naive().succ_opt().unwrap();
            assert_eq!(wall.date_naive(), day);
            // 02:30 does not exist on 29 March: then 03:00.
            let gap = day.month() == 3 && day.day() == 29;
            assert_eq!((wall.hour(), wall.minute()), if gap { (3, 0) } else { (2, 30) });
        }
    }
}

proptest::proptest! {
    #[test]
    fn nothing_typed_breaks_it(text in "\\PC{0,40}") {
        if let Ok((due, rest)) = prefix(&text, at(NOW), ZONE) {
            assert!(due > at(NOW));
            assert!(text.ends_with(rest.trim()) || text.trim().ends_with(&rest));
        }
    }

    #[test]
    fn made_of_its_own_words_it_reads_to_the_end(parts in proptest::collection::vec(proptest::sample::select(vec![
        "明天", "下午", "三点", "半", "内", "前", "2", "4", "小时", "周", "五", "月", "日", "by ", "in ", "tomorrow ", "at ", ":", "0", "pm", "fri ", "h", "-", "年", "十", "nov "]), 1..8)) {
        let text: String = parts.concat();
        let chars = fold(&text);
        if let Some(said) = read(&chars) {
            assert!(said.len <= chars.len() && said.len > 0);
            let _ = said.resolve(at(NOW), ZONE, true);
        }
    }
}
