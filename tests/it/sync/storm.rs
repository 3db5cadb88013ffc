//! Five thousand tickets at once for five hundred people on three tiers: fair, within capacity, none twice, none forgotten.

use std::collections::HashMap;

use bytes::Bytes;
use dutydesk::base::clock::new_id;
use dutydesk::domain::assignment::{Assignment, Decision};
use dutydesk::domain::command::{Command, CreateTicket, RequesterInput, Submission};
use dutydesk::domain::id::PersonId;
use dutydesk::domain::person::{AgentState, Person, Presence, Role};
use dutydesk::domain::ticket::{Kind, Priority, Ticket};
use dutydesk::server::routes::sessions::issue;
use dutydesk::wire::list::Items;
use dutydesk::wire::ticket::TicketList;

use crate::desk::{TestDesk, Who};
use crate::fixtures::{person, queue, rota};

struct Storm {
    desk: TestDesk,
    /// A queue a tier, by key, with its people.
    tiers: Vec<(String, Vec<Person>)>,
}

async fn import(admin: &Who, commands: impl Iterator<Item = Command>) {
    let mut lines = Vec::new();
    for command in commands {
        serde_json::to_writer(&mut lines, &Submission { key: new_id().into(), base_version: None, expires_at: None, command }).unwrap();
        lines.push(b'\n');
    }
    let answers = admin.api.import(Bytes::from(lines)).await.unwrap();
    assert!(answers.answers.iter().all(|answer| answer.refusal.is_none()), "the import is refused");
}

/// `people` share three tiers, each with room for `capacity` tickets.
async fn storm(people: usize, capacity: u32) -> Storm {
    let desk = TestDesk::new().await;
    let (mut tiers, mut queues, mut people_rows, mut rotas) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for tier in 1..=3_u8 {
        let mut queue = queue(&format!("storm-{tier}"), None);
        queue.tier = tier;
        let count = people / 3 + usize::from(usize::from(tier) <= people % 3);
        let crew: Vec<Person> =
            (0..count).map(|n| Person { capacity, ..person(&format!("t{tier}-{n:03}"), Role::Agent, tier, &[queue.id]) }).collect();
        let members: Vec<PersonId> = crew.iter().map(|person| person.id).collect();
        queues.push(Command::PutQueue(Box::new(queue.clone())));
        people_rows.extend(crew.iter().map(|person| Command::PutPerson(Box::new(person.clone()))));
        rotas.push(Command::PutRota(Box::new(rota(&format!("storm-{tier}"), tier, &[queue.id], &members, None))));
        tiers.push((queue.key, crew));
    }
    // Each call knows what the calls before it made.
    for commands in [queues, people_rows, rotas] {
        import(&desk.admin, commands.into_iter()).await;
    }
    for (_, crew) in &tiers {
        for person in crew {
            let token = issue(&desk.server().desk, person.id, "storm").await.unwrap();
            let who = Who { person: person.clone(), api: desk.with_token(&token), token };
            who.act(Command::SetPresence { presence: Presence::Available }).await.unwrap();
        }
    }
    Storm { desk, tiers }
}

impl Storm {
    async fn arrive(&self, tickets: usize) {
        let queues: HashMap<String, _> =
            self.desk.server().desk.directory().queues.values().map(|queue| (queue.key.clone(), queue.id)).collect();
        let create = |n: usize| {
            Command::CreateTicket(Box::new(CreateTicket {
                queue: queues[&self.tiers[n % 3].0],
                subject: format!("Storm {n}"),
                text: "It rains".into(),
                message: new_id().into(),
                requester: RequesterInput { external: format!("shop:{}", n % 50), ..RequesterInput::default() },
                kind: Kind::Incident,
                priority: Priority::Normal,
                tags: Vec::new(),
                fields: Default::default(),
            }))
        };
        for chunk in (0..tickets).collect::<Vec<_>>().chunks(500) {
            import(&self.desk.admin, chunk.iter().map(|n| create(*n))).await;
        }
    }

    async fn states(&self) -> HashMap<PersonId, AgentState> {
        let states = self.desk.server().desk.store.agent_states().await.unwrap();
        states.into_iter().map(|state| (state.person, state)).collect()
    }

    async fn assigned(&self) -> usize {
        self.states().await.values().map(|state| state.open_tickets as usize).sum()
    }

    async fn until_assigned(&self, tickets: usize) {
        self.desk.lead.until("all to be assigned", async || (self.assigned().await >= tickets).then_some(())).await;
    }

    async fn spread(&self) -> (u32, u32) {
        let states = self.states().await;
        let open = |person: &Person| states[&person.id].open_tickets;
        let all = |crew: &Vec<Person>| (crew.iter().map(open).min().unwrap(), crew.iter().map(open).max().unwrap());
        let spreads: Vec<_> = self.tiers.iter().map(|(_, crew)| all(crew)).collect();
        assert!(spreads.iter().all(|(least, most)| most - least <= 1), "uneven: {spreads:?}");
        (spreads.iter().map(|spread| spread.0).min().unwrap(), spreads.iter().map(|spread| spread.1).max().unwrap())
    }
}

async fn tickets(desk: &TestDesk, filter: &str) -> Vec<Ticket> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: TicketList = desk.admin.api.get(&format!("/api/v1/tickets?limit=200&{filter}{cursor}")).await.unwrap();
        found.extend(page.tickets);
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[expect(clippy::print_stdout, reason = "the figure of a run by hand")]
async fn weather(people: usize, count: usize) {
    let capacity = u32::try_from(count / people).unwrap() - 2;
    let storm = storm(people, capacity).await;
    let first = std::time::Instant::now();
    storm.arrive(count).await;
    let arrived = first.elapsed();
    let room = people * capacity as usize;
    storm.until_assigned(room).await;
    let given = first.elapsed();
    println!("{count} arrived in {arrived:?}, {room} given out in {given:?}: {:.0} a second", room as f64 / given.as_secs_f64());
    let (least, most) = storm.spread().await;
    assert_eq!((least, most), (capacity, capacity), "all full, nobody above");

    // What has no room waits, and says why; nothing is lost, and nothing given twice.
    let desk = &storm.desk;
    let waiting = async || {
        (tickets(desk, "assignee=none").await.iter().filter(|ticket| ticket.waits.is_some()).count() == count - room).then_some(())
    };
    desk.lead.until("the rest to say why they wait", waiting).await;
    for ticket in tickets(desk, "").await.iter().step_by(97) {
        let rows: Items<Assignment> = desk.admin.api.get(&format!("/api/v1/tickets/{}/assignments", ticket.number)).await.unwrap();
        assert_eq!(rows.items.len(), usize::from(ticket.assignee.is_some()), "given once");
        let decisions: Items<Decision> = desk.admin.api.get(&format!("/api/v1/tickets/{}/decisions", ticket.number)).await.unwrap();
        let crew = storm.tiers.iter().find(|(key, _)| desk.server().desk.directory().queues[&ticket.queue].key == *key).unwrap();
        assert!(decisions.items.iter().all(|decision| decision.candidates.len() == crew.1.len()), "everybody was considered");
        assert_eq!(decisions.items[0].chosen, ticket.assignee);
    }

    // Everybody solves two: the rest is given out, oldest first.
    let (mut freed, mut number) = (HashMap::<PersonId, usize>::new(), Vec::new());
    for ticket in tickets(desk, "status=new,open").await {
        let Some(person) = ticket.assignee else { continue };
        let count = freed.entry(person).or_default();
        if *count < 2 {
            *count += 1;
            number.push(ticket.number);
        }
    }
    let solve = |number: &_| Command::SetStatus { number: *number, status: dutydesk::domain::ticket::Status::Solved };
    for chunk in number.chunks(500) {
        import(&desk.admin, chunk.iter().map(solve)).await;
    }
    let drained = async || tickets(desk, "assignee=none&status=new,open").await.is_empty().then_some(());
    desk.lead.until("the pool to be empty", drained).await;
    storm.spread().await;
}

#[tokio::test]
async fn a_storm_is_shared_fairly_and_nothing_is_lost() {
    weather(60, 600).await;
}

/// The size that is promised. In a release build: `cargo nextest run --release --run-ignored only storm --no-capture`.
#[tokio::test]
#[ignore = "a measurement: minutes in a debug build"]
async fn five_thousand_tickets_for_five_hundred_people() {
    weather(500, 5_000).await;
}
