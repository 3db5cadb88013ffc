//! Eight hours without a link, while others work on the same tickets: each conflict is resolved by the rule of design.md, section 5,
//! and what was refused waits with its text and the reason.

use chrono::Duration;
use dutydesk::base::clock::new_id;
use dutydesk::client::drafts::Draft;
use dutydesk::client::view::{Link, OutboxEntry, OutboxState};
use dutydesk::domain::command::{Command, CreateTicket, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::refusal::Refusal;
use dutydesk::domain::ticket::{Priority, Status, Ticket};

use super::clients::{Side, post};
use super::desk::{TestDesk, Who};
use super::proxy::Proxy;
use super::proxy::fault::Fault;
use super::runs::texts;

/// A desk, its console without a link, and who works meanwhile.
struct Day {
    desk: TestDesk,
    proxy: Proxy,
    ann: Side,
}

impl Day {
    /// Tickets as they were when the link went.
    async fn new(count: usize) -> (Self, Vec<TicketNumber>) {
        let desk = TestDesk::new().await;
        let mut numbers = Vec::new();
        for n in 0..count {
            let number = desk.lead.open("pumps", &format!("Pump {n} leaks")).await;
            desk.lead.act(Command::AddTag { number, tag: "old".into() }).await.unwrap();
            // Of low priority nothing is promised: the desk's own clock changes no ticket within the day.
            desk.lead.act(Command::SetPriority { number, priority: Priority::Low }).await.unwrap();
            numbers.push(number);
        }
        let proxy = Proxy::start(&desk.url, 8);
        let ann = Side::start(&desk, &desk.ann, &proxy.url, "ann.sqlite").await;
        ann.settled(&desk.ann.api).await;
        for number in &numbers {
            // Read, so that its messages are here.
            ann.until("its messages", async || ann.client.ticket(*number).await.unwrap().unwrap().complete).await;
        }
        proxy.set(Fault::Reset { after: 0 });
        ann.link("offline", |status| matches!(status.link, Link::Offline { .. })).await;
        (Self { desk, proxy, ann }, numbers)
    }

    fn pass(&self, minutes: i64) {
        self.desk.clock.advance(Duration::minutes(minutes));
    }

    /// What a console sends: compared with what its screen shows.
    async fn act(&self, command: Command) {
        self.ann.submit(command).await;
    }

    async fn reply(&self, number: TicketNumber, text: &str) {
        let seen = self.ann.client.ticket(number).await.unwrap().unwrap().ticket.message_count;
        let target = MessageTarget::Ticket { number };
        let post = PostMessage { seen: Some(seen), ..PostMessage::new(target, new_id().into(), Visibility::Public, text.to_owned()) };
        self.act(Command::PostMessage(Box::new(post))).await;
    }

    /// The link is back: all that waits goes, and is answered.
    async fn meet(&self) {
        self.proxy.set(Fault::Clear);
        self.ann.settled(&self.desk.ann.api).await;
    }

    async fn refused(&self) -> Vec<(OutboxEntry, Refusal)> {
        let entries = self.ann.refused().await;
        entries
            .into_iter()
            .map(|entry| match entry.state.clone() {
                OutboxState::Refused(refusal) => (entry, refusal),
                _ => unreachable!(),
            })
            .collect()
    }
}

async fn refused_of(day: &Day, number: TicketNumber) -> (OutboxEntry, Refusal) {
    let mut found = day.refused().await;
    found.retain(|(entry, _)| entry.command.ticket() == Some(number));
    assert_eq!(found.len(), 1, "{number}: {found:?}");
    found.remove(0)
}

async fn audited(who: &Who, number: TicketNumber, value: &str) -> bool {
    who.get(&format!("/api/v1/tickets/{number}/audit")).await.unwrap().to_string().contains(value)
}

/// What she holds is read and found, and what she begins is kept.
async fn reads_and_begins(day: &Day, at: &[TicketNumber]) -> Draft {
    assert!(day.ann.client.search_here("leaks", None, None, 50).await.unwrap().hits.len() >= 10);
    let conversation = day.ann.client.ticket(at[0]).await.unwrap().unwrap().ticket.conversation;
    let draft = Draft {
        conversation,
        visibility: Visibility::Internal,
        text: "half a thought".into(),
        written_as: Visibility::Internal,
        reply_to: None,
        changed_at: day.desk.clock.now(),
    };
    day.ann.client.keep_drafts(std::slice::from_ref(&draft)).await.unwrap();
    draft
}

/// Most of her eight hours.
async fn works(day: &Day, at: &[TicketNumber]) {
    day.reply(at[0], "Please restart it.").await;
    day.act(post(at[1], Visibility::Internal, "hers")).await;
    day.pass(60);
    day.act(Command::SetStatus { number: at[2], status: Status::Pending }).await;
    day.act(Command::AddTag { number: at[3], tag: "hers".into() }).await;
    day.act(Command::RemoveTag { number: at[3], tag: "old".into() }).await;
    day.pass(60);
    day.act(Command::SetPriority { number: at[4], priority: Priority::High }).await;
    day.act(Command::SetSubject { number: at[4], subject: "By her".into() }).await;
    day.act(Command::ClaimTicket { number: at[5] }).await;
    // Her own changes before it do not spare a status the comparison.
    for number in [at[8], at[9]] {
        day.act(Command::AddTag { number, tag: "first".into() }).await;
        day.act(Command::SetStatus { number, status: Status::Pending }).await;
        day.act(Command::SetStatus { number, status: Status::Solved }).await;
    }
    let log = day.desk.path("pump.log");
    std::fs::write(&log, "pump 1 leaks\n".repeat(1_000)).unwrap();
    let file = day.ann.client.attach(&log).await.unwrap();
    let Command::PostMessage(mut with_file) = post(at[1], Visibility::Internal, "with the log") else { unreachable!() };
    with_file.files = vec![file.id];
    day.act(Command::PostMessage(with_file)).await;
    let created = CreateTicket {
        queue: day.desk.pumps,
        subject: "Found on my round".into(),
        text: "Oil below pump 9".into(),
        message: new_id().into(),
        requester: serde_json::from_value(serde_json::json!({"external": "shop:9", "name": "Shop 9"})).unwrap(),
        kind: dutydesk::domain::ticket::Kind::default(),
        priority: Priority::Normal,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    };
    day.act(Command::CreateTicket(Box::new(created))).await;
}

/// Meanwhile, on the server.
async fn others_work(day: &Day, at: &[TicketNumber]) {
    let (bob, lead) = (&day.desk.bob, &day.desk.lead);
    lead.act(post(at[0], Visibility::Public, "A colleague is on the way.")).await.unwrap();
    bob.act(post(at[1], Visibility::Internal, "his")).await.unwrap();
    bob.act(Command::SetStatus { number: at[2], status: Status::Solved }).await.unwrap();
    bob.act(Command::AddTag { number: at[3], tag: "his".into() }).await.unwrap();
    lead.act(Command::SetPriority { number: at[4], priority: Priority::Urgent }).await.unwrap();
    lead.act(Command::SetSubject { number: at[4], subject: "By the lead".into() }).await.unwrap();
    bob.act(Command::ClaimTicket { number: at[6] }).await.unwrap();
    bob.act(Command::SetStatus { number: at[8], status: Status::OnHold }).await.unwrap();
}

/// Each conflict by its rule.
async fn resolved(day: &Day, at: &[TicketNumber]) {
    let (bob, lead) = (&day.desk.bob, &day.desk.lead);
    let row = async |number: TicketNumber| -> Ticket { lead.ticket(number).await };
    // Append-only: both are there, hers with its file.
    let said = texts(lead, at[1]).await;
    for text in ["hers", "his", "with the log"] {
        assert_eq!(said.iter().filter(|one| *one == text).count(), 1, "{said:?}");
    }
    let files = lead.get(&format!("/api/v1/tickets/{}/files", at[1])).await.unwrap();
    assert_eq!(files["items"].as_array().unwrap().len(), 1);
    // Add and remove.
    let mut tags = row(at[3]).await.tags;
    tags.sort();
    assert_eq!(tags, ["hers", "his"]);
    // Last writer in the server's order, by field; both values are audited.
    let both = row(at[4]).await;
    assert_eq!((both.priority, both.subject.as_str()), (Priority::High, "By her"));
    for value in ["urgent", "high", "By the lead", "By her"] {
        assert!(audited(lead, at[4], value).await, "{value}");
    }
    // A fresh claim is hers; an old one expired; a slower one is told who won.
    assert_eq!(row(at[7]).await.assignee, Some(day.desk.ann.person.id));
    assert_eq!((row(at[5]).await.assignee, refused_of(day, at[5]).await.1.code.as_str()), (None, "expired"));
    let lost = refused_of(day, at[6]).await.1;
    assert_eq!((lost.code.as_str(), lost.who), ("ticket_claimed", Some(bob.person.id)));
    // Compare-and-set: another's status stands.
    assert_eq!((row(at[2]).await.status, refused_of(day, at[2]).await.1.code.as_str()), (Status::Solved, "version_conflict"));
    let held = row(at[8]).await;
    assert_eq!((held.status, held.tags.contains(&"first".to_owned())), (Status::OnHold, true));
    assert_eq!(row(at[9]).await.status, Status::Solved, "her own changes are no conflict to each other");
    // A reply after another's is asked about, with its text.
    let (entry, refusal) = refused_of(day, at[0]).await;
    assert_eq!((refusal.code.as_str(), refusal.who), ("answered_meanwhile", Some(lead.person.id)));
    assert!(matches!(&entry.command, Command::PostMessage(post) if post.text == "Please restart it."));
}

/// Again, with other words, or not at all.
async fn decided(day: &Day, at: &[TicketNumber]) {
    let lead = &day.desk.lead;
    let row = async |number: TicketNumber| -> Ticket { lead.ticket(number).await };
    let (entry, _) = refused_of(day, at[0]).await;
    let (status, _) = refused_of(day, at[2]).await;
    assert!(day.ann.client.retry(status.key).await.unwrap());
    let (claim, _) = refused_of(day, at[5]).await;
    assert!(day.ann.client.retry(claim.key).await.unwrap());
    let Command::PostMessage(mut edited) = entry.command else { unreachable!() };
    edited.text = "As my colleague says; please restart it meanwhile.".into();
    edited.seen = Some(row(at[0]).await.message_count);
    day.ann.client.resend(entry.key, Command::PostMessage(edited)).await.unwrap();
    let (lost, _) = refused_of(day, at[6]).await;
    assert!(day.ann.client.drop_refused(lost.key).await.unwrap());
    day.ann.settled(&day.desk.ann.api).await;
    assert_eq!(row(at[2]).await.status, Status::Pending, "compared with what she sees now");
    assert_eq!(row(at[5]).await.assignee, Some(day.desk.ann.person.id));
    let said = texts(lead, at[0]).await;
    assert_eq!(said.iter().filter(|text| text.contains("restart it")).count(), 1, "{said:?}");
    assert_eq!(day.refused().await.len(), 2, "those of the ticket on hold");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_offline_meets_the_days_of_others() {
    let (day, at) = Day::new(10).await;
    let draft = reads_and_begins(&day, &at).await;
    works(&day, &at).await;
    day.pass(240);
    others_work(&day, &at).await;

    // Eight hours after she lost the link, and just before it comes back.
    day.pass(115);
    day.act(Command::ClaimTicket { number: at[6] }).await;
    day.act(Command::ClaimTicket { number: at[7] }).await;
    let shown = day.ann.client.ticket(at[7]).await.unwrap().unwrap();
    assert_eq!((shown.ticket.assignee, shown.pending.len()), (None, 1), "a claim made offline is shown as not yet hers");
    day.pass(5);
    day.meet().await;

    resolved(&day, &at).await;
    // The rest is done or kept.
    assert!(day.ann.client.drafts().await.unwrap().contains(&draft));
    let mine = super::clients::tickets(&day.ann.client).await;
    assert_eq!(mine.iter().filter(|row| row.subject == "Found on my round").count(), 1);
    let mut codes: Vec<_> = day.refused().await.into_iter().map(|(_, refusal)| refusal.code).collect();
    codes.sort();
    assert_eq!(codes, ["answered_meanwhile", "expired", "ticket_claimed", "version_conflict", "version_conflict", "version_conflict"]);
    decided(&day, &at).await;
    assert_eq!(day.ann.went_back(), Vec::<String>::new());
    day.ann.stop().await;
}
