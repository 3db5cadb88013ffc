//! Reading, writing out and evaluating filters; and random ones, for the cache's tests too.

use chrono::{DateTime, Duration, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use uuid::Uuid;

use super::text::fold;
use super::words::{FIELDS, FLAGS, KINDS, PRIORITIES, STATUSES};
use super::*;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::SiteId;
use crate::domain::ticket::{FollowUp, MajorIncident, Rating, SiteBrief, Ticket};

pub(crate) const ZONE: Tz = chrono_tz::Asia::Shanghai;

pub(crate) fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 21, 2, 10, 0).unwrap()
}

pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// People 1 to 3 (`ann`, `zhang.wei`, `maria`), queues 10 to 12 (`pumps`, `web`, `complaints`).
pub(crate) fn directory() -> Directory {
    let mut directory = Directory::default();
    for (number, handle, name) in [(1, "ann", "Ann Lee"), (2, "zhang.wei", "张伟"), (3, "maria", "Maria")] {
        let person = serde_json::json!({"id": Uuid::from_u128(number), "version": 1, "handle": handle, "name": name, "role": "agent",
            "tier": 1, "capacity": 8, "time_zone": "Asia/Shanghai", "active": true});
        let person: crate::domain::person::Person = serde_json::from_value(person).unwrap();
        directory.people.insert(person.id, person);
    }
    for (number, key, name) in [(10, "pumps", "加油设备"), (11, "web", "Web shop"), (12, "complaints", "Complaints")] {
        let queue = serde_json::json!({"id": Uuid::from_u128(number), "version": 1, "key": key, "name": name, "tier": 1, "active": true});
        let queue: crate::domain::queue::Queue = serde_json::from_value(queue).unwrap();
        directory.queues.insert(queue.id, queue);
    }
    directory
}

/// Words that occur in random tickets and filters.
const TEXTS: &[&str] = &["Pump", "退款", "refund", "re fund", "POS-7", "a:b", "10:30", "50%_off", "客户 Chen", "zh-CN", "zh", "None"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(TEXTS).prop_map(str::to_owned), 1 => "[a-z,:#@!＂\"“” 。，]{1,6}"]
}

fn value() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.trim().to_owned()).prop_filter("empty", |text| !text.is_empty())
}

/// A text that no quoting can hold.
fn writable(text: &str) -> bool {
    !(text.contains(['"', '＂']) && text.contains(['“', '”']))
}

fn some<T: Clone + std::fmt::Debug + PartialEq + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop::sample::subsequence(all, 1..=all.len().min(3))
}

fn meanings<T: Clone + std::fmt::Debug + PartialEq + 'static>(table: &'static [words::Word<T>]) -> impl Strategy<Value = Vec<T>> {
    let all: Vec<T> = table.iter().map(|word| word.means.clone()).collect();
    let most = all.len().min(3);
    prop::sample::subsequence(all, 1..=most)
}

fn who() -> impl Strategy<Value = Vec<Who>> {
    let person = |number, word: &str| Who::Person(Named { id: id(number), word: word.to_owned() });
    prop::sample::subsequence(vec![Who::Nobody, Who::Me, person(1, "ann"), person(2, "zhang.wei")], 1..=2)
}

fn when() -> impl Strategy<Value = time::When> {
    use time::{Compare, Day, When};
    let compare = prop::sample::select(&[Compare::Less, Compare::AtMost, Compare::AtLeast, Compare::More][..]);
    let day = || {
        prop_oneof![(-2i8..3).prop_map(Day::FromToday), (0i64..5).prop_map(|days| Day::Date((now() - Duration::days(days)).date_naive()))]
    };
    prop_oneof![
        4 => (compare, 0i64..200).prop_map(|(compare, minutes)| When::Span(compare, minutes * 60)),
        2 => (day(), proptest::option::of(day())).prop_map(|(from, to)| When::Days(Some(from), to)),
        1 => day().prop_map(|to| When::Days(None, Some(to))),
        1 => Just(When::Never),
        1 => Just(When::Ever),
    ]
}

fn test() -> impl Strategy<Value = Test> {
    use NumberField as N;
    use TextField as X;
    use TimeField as T;
    const TEXT: &[TextField] = &[X::Requester, X::Site, X::Region, X::Class, X::Language, X::Tag, X::TagStart];
    const TIMES: &[TimeField] = &[T::Created, T::Updated, T::Assigned, T::Solved, T::Due, T::FollowUp];
    const NUMBERS: &[NumberField] = &[N::Number, N::Messages, N::Rating];
    let status = (0..STATUSES.len()).prop_map(|at| Test::Status(STATUSES[at].means.to_vec()));
    let tie = prop::sample::subsequence(vec![Tie::None, Tie::Any, Tie::To(TicketNumber(3))], 1..=2);
    let queue = prop::sample::subsequence(vec![(10, "pumps"), (11, "web")], 1..=2)
        .prop_map(|all| Test::Queue(all.into_iter().map(|(number, key)| Named { id: id(number), word: key.to_owned() }).collect()));
    let bound = || proptest::option::of(0i64..12);
    prop_oneof![
        3 => value().prop_filter("quotes", |text| writable(text)).prop_map(Test::Words),
        2 => status,
        1 => meanings(PRIORITIES).prop_map(Test::Priority),
        1 => meanings(KINDS).prop_map(Test::Kind),
        1 => queue,
        1 => some(&[1u8, 2, 3]).prop_map(Test::Tier),
        2 => who().prop_map(Test::Assignee),
        1 => who().prop_map(Test::With),
        1 => Just(Test::Expert(vec![Who::Me])),
        1 => tie.prop_map(Test::Incident),
        3 => (prop::sample::select(TEXT), prop::collection::vec(value().prop_filter("quotes", |text| writable(text)), 1..3)).prop_map(|(field, all)| Test::Text(field, all)),
        1 => (prop::sample::select(NUMBERS), bound(), bound()).prop_filter("no bound", |(_, from, to)| from.is_some() || to.is_some())
            .prop_map(|(field, from, to)| Test::Number(field, from, to)),
        3 => (prop::sample::select(TIMES), when()).prop_map(|(field, when)| Test::Time(field, when)),
        2 => meanings(FLAGS).prop_map(Test::Is),
    ]
}

/// Any filter of a few terms.
pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    prop::collection::vec((any::<bool>(), test()).prop_map(|(negated, test)| Term { negated, test }), 1..4)
        .prop_map(|terms| Filter { terms })
}

/// A ticket of which nothing is known.
pub(crate) fn bare(number: i64) -> Ticket {
    let requester = serde_json::json!({"id": Uuid::from_u128(30), "name": "Shop 1"});
    let row = serde_json::json!({"number": number, "version": 1, "queue": Uuid::from_u128(10), "kind": "question", "subject": "Pump",
        "priority": "normal", "status": "open", "tier": 1, "requester": requester, "message_count": 0,
        "conversation": Uuid::from_u128(1_000_000 + number.unsigned_abs() as u128), "created_at": now(), "updated_at": now()});
    serde_json::from_value(row).unwrap()
}

/// Any ticket, as far as filters can tell them apart.
pub(crate) fn ticket(number: i64) -> impl Strategy<Value = Ticket> {
    use crate::domain::ticket::{Kind, Priority, Status};
    let word = || prop::sample::select(TEXTS).prop_map(str::to_owned);
    let maybe = || proptest::option::of(word());
    let minutes = || proptest::option::of(-200i64..200);
    let person = || proptest::option::of(1u128..4);
    let statuses = [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Solved];
    let kinds = [Kind::Question, Kind::Complaint, Kind::Incident];
    let priorities = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];
    let words = (word(), word(), maybe(), maybe(), maybe(), prop::collection::vec(word(), 0..3));
    let picks = (
        prop::sample::select(statuses.to_vec()),
        prop::sample::select(kinds.to_vec()),
        prop::sample::select(priorities.to_vec()),
        10u128..13,
        1u8..4,
    );
    let people = (person(), proptest::option::of(2u128..4), any::<bool>(), any::<bool>());
    let times = (minutes(), minutes(), 0i64..4000, 0i64..200, minutes(), minutes());
    let ties = (proptest::option::of(3i64..5), proptest::option::of(3i64..5), any::<bool>(), proptest::option::of(1u8..6), 0i64..9);
    (words, picks, people, times, ties).prop_map(move |(words, picks, people, times, ties)| {
        let mut row = bare(number);
        (row.subject, row.requester.name, row.requester.class, row.language) = (words.0, words.1, words.2, words.3);
        row.requester.site = words.4.map(|name| SiteBrief { id: SiteId::default(), code: "S-1".into(), region: name.clone(), name });
        row.tags = words.5;
        (row.status, row.kind, row.priority, row.queue, row.tier) = (picks.0, picks.1, picks.2, id(picks.3), picks.4);
        row.assignee = people.0.map(id);
        row.participants = people.1.map(id).into_iter().collect();
        row.accepted_at = people.2.then(now);
        row.awaits_reply = people.3;
        let at = |minutes: i64| now() + Duration::minutes(minutes);
        row.due_at = times.0.map(at);
        row.assigned_at = times.1.map(|minutes| at(-minutes.abs()));
        (row.created_at, row.updated_at) = (at(-times.2), at(-times.3));
        row.solved_at = times.4.map(|minutes| at(-minutes.abs()));
        row.follow_ups = times
            .5
            .map(|minutes| FollowUp { id: id(1), at: at(minutes), text: "x".into(), by: id(1), message: None, done: false, told: false })
            .into_iter()
            .collect();
        row.incident = ties.0.map(TicketNumber);
        row.looks_like = ties.1.map(TicketNumber);
        row.major = ties.2.then(|| MajorIncident {
            declared_at: now(),
            declared_by: id(1),
            channel: None,
            update_every_secs: None,
            next_update_at: None,
            told: 0,
        });
        row.rating = ties.3.map(|score| Rating { score, words: String::new(), at: now(), assignee: None });
        row.message_count = ties.4;
        row
    })
}

fn env(directory: &Directory) -> Env<'_> {
    Env { now: now(), zone: ZONE, me: id(1), directory, calls: &[] }
}

fn read(text: &str) -> Filter {
    parse(text, &directory()).whole().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn admits(text: &str, row: &Ticket) -> bool {
    read(text).admits(row, &env(&directory()))
}

proptest! {
    #[test]
    fn what_is_written_out_reads_back(filter in filter()) {
        let text = filter.to_string();
        let parsed = parse(&text, &directory());
        prop_assert_eq!((parsed.errors.len(), &parsed.filter), (0, &filter), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_errors_stand_within_it(text in "[a-z:,#@!<>.\"“”0-9 状态：，优-]{0,40}") {
        // A word with quotation marks of both kinds cannot be quoted.
        prop_assume!(!(text.contains('"') && text.contains(['“', '”'])));
        let parsed = parse(&text, &directory());
        let length = text.chars().count();
        prop_assert!(parsed.errors.iter().all(|error| error.at <= length), "{:?}", parsed.errors);
        let again = parse(&parsed.filter.to_string(), &directory());
        prop_assert_eq!(again.filter, parsed.filter);
    }

    #[test]
    fn a_negated_term_admits_what_the_term_does_not(row in ticket(4), filter in filter()) {
        let directory = directory();
        let env = env(&directory);
        for term in filter.terms {
            let one = Filter { terms: vec![Term { negated: false, test: term.test.clone() }] };
            let other = Filter { terms: vec![Term { negated: true, test: term.test }] };
            prop_assert_ne!(one.admits(&row, &env), other.admits(&row, &env));
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    for (english, chinese) in [
        ("status:open,pending", "状态：处理中，待客户"),
        ("priority:>=high", "优先级:≥高"),
        ("queue:pumps", "队列:加油设备"),
        ("@me", "处理人:我"),
        ("@zhang.wei", "处理人：张伟"),
        ("is:late", "是:已超时"),
        ("older:2h", "早于:2小时"),
        ("created:yesterday..today", "创建:昨天..今天"),
        ("due:<15m", "到期：＜15分钟"),
        ("-kind:complaint", "－类型：投诉"),
        ("status:new,open", "状态:待处理"),
        ("#refund", "＃refund"),
    ] {
        assert_eq!(read(english), read(chinese), "{english} {chinese}");
    }
    assert_eq!(read("older:1h30m").to_string(), "created:>=90m");
    assert_eq!(read("priority:>=high priority:<high").to_string(), "priority:urgent,high priority:normal,low");
}

#[test]
fn plain_words_are_what_they_were() {
    for (typed, word) in
        [("10:30", "10:30"), ("http://x", "http://x"), ("#12", "12"), ("-", "-"), ("a,b", "a,b"), ("订单", "订单"), ("x-y", "x-y")]
    {
        assert_eq!(read(typed).terms, [Term { negated: false, test: Test::Words(word.into()) }], "{typed}");
    }
    assert!(read("  # \"\" ").is_empty());
}

#[test]
fn errors_say_what_where_and_what_is_near() {
    let fault = |text: &str| {
        let error = parse(text, &directory()).whole().unwrap_err();
        (error.fault, error.at, error.near.first().cloned().unwrap_or_default())
    };
    assert_eq!(fault("stauts:open"), (Fault::Field, 0, "status".into()));
    assert_eq!(fault("a status:opne"), (Fault::Value, 9, "open".into()));
    assert_eq!(fault("queue:complaint"), (Fault::Value, 6, "complaints".into()));
    assert_eq!(fault("状太:处理中"), (Fault::Field, 0, "状态".into()));
    assert_eq!(fault("@zhang"), (Fault::Value, 1, "@zhang.wei".into()));
    assert_eq!(fault("status:"), (Fault::Missing, 7, String::new()));
    assert_eq!(fault("due:soon"), (Fault::Time, 4, String::new()));
    assert_eq!(fault("created:2026-13-01"), (Fault::Time, 8, String::new()));
    assert_eq!(fault("rating:good"), (Fault::Number, 7, String::new()));
    assert_eq!(fault("a \"b c"), (Fault::Quote, 2, String::new()));
    assert_eq!(fault("priority:>urgent").0, Fault::Value);
    let said = parse("queue:complaint", &directory()).whole().unwrap_err().to_string();
    assert_eq!(said, "Column 7 of the filter: `queue` has no value `complaint`. Did you mean complaints?");
    assert_eq!(fault(&"x ".repeat(TERMS_MAX + 1)).0, Fault::Many);
    assert_eq!(fault(&"x".repeat(FILTER_MAX + 1)).0, Fault::Long);
}

#[test]
fn what_cannot_be_read_is_left_out_and_the_rest_holds() {
    let parsed = parse("status:open queue:comp older:2h", &directory());
    assert_eq!((parsed.filter.to_string().as_str(), parsed.errors.len()), ("status:open created:>=2h", 1));
}

#[test]
fn times_move_and_days_begin_in_the_zone() {
    let mut row = bare(4);
    row.created_at = now() - Duration::hours(2);
    assert!(admits("older:2h", &row) && !admits("older:2h1s", &row) && admits("newer:2h", &row) && !admits("created:<2h", &row));
    // 02:10 UTC is 10:10 in Shanghai: the day began at 16:00 UTC.
    row.created_at = DateTime::parse_from_rfc3339("2026-11-20T16:00:00Z").unwrap().into();
    assert!(admits("created:today", &row) && admits("created:2026-11-21..", &row) && !admits("created:yesterday", &row));
    row.created_at -= Duration::milliseconds(1);
    assert!(admits("created:yesterday", &row) && admits("created:..2026-11-20", &row) && admits("created:<2026-11-21", &row));
    row.due_at = Some(now() + Duration::minutes(15));
    assert!(admits("due:15m", &row) && !admits("due:<15m", &row) && admits("is:breaching -is:late", &row));
    row.due_at = None;
    assert!(admits("due:none", &row) && !admits("due:>1h", &row) && !admits("due:any", &row));
    assert!(read("is:late").moves_with_time() && read("created:today").moves_with_time() && !read("status:open x").moves_with_time());
}

#[test]
fn no_word_means_two_things() {
    fn check<T>(table: &'static [words::Word<T>]) {
        let mut all: Vec<String> = table.iter().flat_map(|word| word.chinese.iter().copied().chain([word.english])).map(fold).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
    check(FIELDS);
    check(STATUSES);
    check(PRIORITIES);
    check(KINDS);
    check(FLAGS);
    assert!(FIELDS.iter().all(|word| lex::is_head(word.english) && word.chinese.iter().all(|one| lex::is_head(one))));
}
