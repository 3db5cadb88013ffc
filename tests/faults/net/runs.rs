//! Clients behind the proxy, for each fault alone and for mixes: all they did happened once, and all of them hold what the server holds.

use std::collections::HashMap;
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::view::Link;
use dutydesk::domain::command::{Command, CreateTicket, Submission};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::ticket::{Kind, Priority, Status};

use super::clients::{Side, post, sentence};
use super::desk::{TestDesk, Who};
use super::proxy::Proxy;
use super::proxy::fault::{Die, Fault, Page};
use crate::check::{self, Evidence};
use crate::history::{Event, History};

/// Commands of one client while a fault lasts.
const COMMANDS: u64 = 6;
/// A whole run; a failure, not a measure.
const LONGEST: Duration = Duration::from_secs(300);

fn long() -> bool {
    std::env::var("DUTYDESK_FAULTS").is_ok_and(|value| value == "long")
}

/// Three clients behind a proxy, one beside it, and what they all work on.
struct Run {
    desk: TestDesk,
    proxy: Proxy,
    sides: Vec<Side>,
    numbers: Vec<TicketNumber>,
    /// Texts that must be there once, by ticket.
    texts: Vec<(TicketNumber, String)>,
    /// What was done before the clients came.
    opened: Vec<Event>,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let desk = TestDesk::new().await;
        let (mut numbers, mut opened) = (Vec::new(), Vec::new());
        for n in 0..3 {
            let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command: create(&desk, n) };
            let answer = desk.lead.submit(submission.clone()).await;
            let (key, result) = (submission.key, Box::new(answer.result.unwrap()));
            numbers.push(result.ticket.unwrap());
            opened.extend([Event::Invoked { submission: Box::new(submission) }, Event::Done { key, result, replayed: false }]);
        }
        let proxy = Proxy::start(&desk.url, seed);
        let mut sides = Vec::new();
        for (who, file) in [(&desk.ann, "ann.sqlite"), (&desk.bob, "bob.sqlite"), (&desk.lead, "lead.sqlite")] {
            sides.push(Side::start(&desk, who, &proxy.url, file).await);
        }
        sides.push(Side::start(&desk, &desk.admin, &desk.url, "admin.sqlite").await);
        for side in &sides {
            side.live().await;
        }
        Self { desk, proxy, sides, numbers, texts: Vec::new(), opened }
    }

    /// Everybody does something, by the seed.
    async fn work(&mut self, round: &str, die: &Die) {
        for n in 0..COMMANDS {
            for (index, side) in self.sides.iter().enumerate() {
                let number = self.numbers[usize::try_from(die.throw(3)).unwrap()];
                let text = format!("{round} {} {n} {index}", side.who.person.handle);
                let command = match die.throw(8) {
                    0..4 => {
                        self.texts.push((number, text.clone()));
                        post(number, Visibility::Internal, &text)
                    }
                    4 => Command::AddTag { number, tag: text.replace(' ', "-") },
                    5 => Command::SetPriority { number, priority: [Priority::High, Priority::Low][usize::try_from(die.throw(2)).unwrap()] },
                    6 => Command::SetStatus { number, status: [Status::Pending, Status::Open][usize::try_from(die.throw(2)).unwrap()] },
                    _ => Command::ClaimTicket { number },
                };
                side.submit(command).await;
            }
        }
    }

    /// With a whole link again all converge, and nothing happened twice or not at all.
    async fn converge(mut self) -> String {
        self.proxy.set(Fault::Clear);
        let mut refused = 0;
        // All first: what one still sends changes what another holds.
        for side in &self.sides {
            side.sent().await;
        }
        for side in &self.sides {
            side.settled(&side.who.api).await;
            refused += side.explained().await;
            side.sentences();
            assert_eq!(side.went_back(), Vec::<String>::new());
        }
        let mut said: HashMap<String, usize> = HashMap::new();
        for number in &self.numbers {
            for text in texts(&self.desk.admin, *number).await {
                *said.entry(format!("{number} {text}")).or_default() += 1;
            }
        }
        for (number, text) in &self.texts {
            assert_eq!(said.get(&format!("{number} {text}")), Some(&1), "{text}");
        }
        let mut evidence = Evidence { database: self.desk.path("desk.sqlite"), ..Evidence::default() };
        evidence.histories.push(History::of("lea/setup", self.opened));
        for side in self.sides {
            let (history, console) = side.evidence().await;
            evidence.histories.push(history);
            evidence.consoles.push(console);
        }
        self.desk.stop().await;
        let findings = check::run(&evidence).await;
        findings.assert_clean(&["acknowledged", "keys", "versions", "assignments", "audit", "replicas", "seen"]);
        format!("{} messages once each, {refused} refused and explained, faults {:?}; {findings}", self.texts.len(), self.proxy.done())
    }
}

fn create(desk: &TestDesk, n: u32) -> Command {
    let requester = serde_json::json!({"external": "shop:1", "name": "Shop 1"});
    Command::CreateTicket(Box::new(CreateTicket {
        queue: desk.pumps,
        subject: format!("Pump {n}"),
        text: "It leaks.".into(),
        message: new_id().into(),
        requester: serde_json::from_value(requester).unwrap(),
        kind: Kind::default(),
        priority: Priority::Normal,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }))
}

/// Texts of a ticket's messages.
pub async fn texts(who: &Who, number: TicketNumber) -> Vec<String> {
    let page = who.get(&format!("/api/v1/tickets/{number}/messages?limit=200")).await.unwrap();
    page["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

/// One fault, from a whole link to a whole link.
async fn alone(fault: Fault, seed: u64) {
    let run = async {
        let mut run = Run::new(seed).await;
        let die = Die::new(seed);
        run.proxy.set(fault);
        run.work("during", &die).await;
        run.proxy.until(fault, 3).await;
        if fault.cuts() {
            for side in &run.sides[..3] {
                let told = side.link("offline", |status| matches!(status.link, Link::Offline { .. })).await;
                assert!(told.waiting > 0 || told.refused > 0, "what was done meanwhile waits: {told:?}");
                if let Link::Offline { why, .. } = &told.link {
                    sentence(why);
                }
                assert_eq!(side.refused().await, Vec::new(), "nobody of ours has read anything, so nobody can refuse");
            }
        }
        run.sides[3].live().await;
        let summary = run.converge().await;
        println!("net: {fault:?} seed {seed}: {summary}");
    };
    assert!(tokio::time::timeout(LONGEST, run).await.is_ok(), "{fault:?} with seed {seed} never ended");
}

/// Faults by the seed, over several rounds.
async fn mixed(seed: u64, rounds: u64) {
    let run = async {
        let mut run = Run::new(seed).await;
        let die = Die::new(seed);
        run.proxy.mix(seed);
        for round in 0..rounds {
            run.work(&format!("round {round}"), &die).await;
        }
        for fault in [Fault::CutBeforeReply, Fault::Replay] {
            // A mix may need more commands before the die falls so.
            while !run.proxy.done().contains_key(fault.name()) {
                run.work(&format!("more {}", run.texts.len()), &die).await;
                // Each of them has been through the proxy before there are more.
                for side in &run.sides {
                    side.sent().await;
                }
            }
        }
        let summary = run.converge().await;
        println!("net: mix of seed {seed}: {summary}");
    };
    assert!(tokio::time::timeout(LONGEST, run).await.is_ok(), "the mix of seed {seed} never ended");
}

macro_rules! alone {
    ($($name:ident: $fault:expr),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            assert!(Fault::ALL.contains(&$fault), "each fault of the list is run");
            for seed in 0..if long() { 10 } else { 1 } {
                alone($fault, 100 + seed).await;
            }
        }
    )+

        #[test]
        fn every_fault_has_its_run() {
            let run = [$($fault),+];
            assert!(Fault::ALL.iter().all(|fault| run.contains(fault)), "a fault without a run");
        }
    };
}

alone! {
    latency_and_jitter: Fault::Latency { millis: 30, jitter: 40 },
    a_thin_link: Fault::Bandwidth { bytes: 8 * 1024 },
    byte_by_byte: Fault::Slices,
    a_reset_at_once: Fault::Reset { after: 0 },
    a_reset_within_the_answer: Fault::Reset { after: 300 },
    a_black_hole_without_an_end: Fault::BlackHole,
    an_answer_that_stops: Fault::Stall { after: 200 },
    cut_after_the_server_committed: Fault::CutBeforeReply,
    requests_that_arrive_twice: Fault::Replay,
    a_bad_gateway: Fault::Page(Page::BadGateway),
    a_hostile_problem: Fault::Page(Page::HostileProblem),
    a_problem_of_somebody_else: Fault::Page(Page::ForeignProblem),
    a_captive_portal: Fault::Page(Page::Portal),
    sent_elsewhere: Fault::Page(Page::Redirect),
    not_found_by_a_proxy: Fault::Page(Page::NotFound),
    too_large_for_a_proxy: Fault::Page(Page::TooLarge),
    a_head_too_large_for_a_proxy: Fault::Page(Page::HeadTooLarge),
    streams_held_back: Fault::Buffering,
    an_answer_that_dribbles: Fault::SlowLoris,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mixes_of_all_faults() {
    for seed in 0..if long() { 40 } else { 2 } {
        mixed(seed, if long() { 10 } else { 3 }).await;
    }
}
