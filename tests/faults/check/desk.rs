//! The stopped server's database as plain rows. Nothing here asks the server's own code what a row means.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use dutydesk::domain::Refusal;
use dutydesk::domain::assignment::Assignment;
use dutydesk::domain::command::CommandResult;
use dutydesk::domain::conversation::Message;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::notice::Notice;
use dutydesk::domain::person::Person;
use dutydesk::domain::sla::ledger::ClockEvent;
use dutydesk::domain::ticket::Ticket;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};

/// One entry of the feed.
#[derive(Clone, Debug)]
pub struct Told {
    pub kind: String,
    pub id: String,
    pub version: i64,
}

/// A ticket with its columns, which must say the same.
#[derive(Clone, Debug)]
pub struct TicketRow {
    pub ticket: Ticket,
    pub data: String,
    pub version: i64,
    pub status: String,
    pub assignee: Option<String>,
}

/// A row of any synced kind but tickets and messages.
#[derive(Clone, Debug)]
pub struct Kept {
    pub version: i64,
    pub data: String,
}

/// What a command was answered, as stored with its key.
pub type Stored = Result<CommandResult, Refusal>;

/// All that the rules look at, the audit apart: it is read ticket by ticket.
#[derive(Debug, Default)]
pub struct Desk {
    pub epoch: i64,
    pub head: i64,
    pub people: HashMap<String, Person>,
    pub tickets: BTreeMap<i64, TicketRow>,
    pub messages: HashMap<String, Message>,
    pub message_rows: HashMap<String, Kept>,
    pub results: HashMap<String, (Stored, i64)>,
    pub assignments: BTreeMap<i64, Vec<Assignment>>,
    pub clock_events: BTreeMap<i64, Vec<ClockEvent>>,
    pub notices: HashMap<Option<TicketNumber>, Vec<Notice>>,
    pub feed: Vec<Told>,
    /// By kind and id; tickets and messages apart.
    pub rows: BTreeMap<(String, String), Kept>,
    /// Milliseconds of the last audit entry: by then the desk was at work.
    pub last_at: i64,
}

/// Kinds of rows and their tables, tickets and messages apart.
const TABLES: [(&str, &str); 17] = [
    ("person", "people"),
    ("queue", "queues"),
    ("agent_state", "agent_states"),
    ("calendar", "calendars"),
    ("rota", "rotas"),
    ("roster_plan", "roster_plans"),
    ("roster_change", "roster_changes"),
    ("conversation", "conversations"),
    ("read_mark", "read_marks"),
    ("escalation", "escalations"),
    ("notice", "notices"),
    ("site", "sites"),
    ("snippet", "snippets"),
    ("notice_settings", "notice_settings"),
    ("reminder", "reminders"),
    ("handover", "handovers"),
    ("saved_view", "saved_views"),
];

/// Opens a SQLite file that nobody else has open; what a kill left in its log is taken in, nothing else is written.
pub async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    let mut connection = options.connect().await.unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()));
    sqlx::query("PRAGMA query_only = ON").execute(&mut connection).await.expect("a pragma");
    connection
}

fn parse<T: DeserializeOwned>(data: &str) -> T {
    serde_json::from_str(data).unwrap_or_else(|error| panic!("a row that is no row ({error}): {data}"))
}

impl Desk {
    pub async fn read(path: &Path) -> Self {
        let mut connection = open(path).await;
        let c = &mut connection;
        let mut desk = Self { epoch: one(c, "SELECT value FROM meta WHERE name = 'epoch'").await, ..Self::default() };
        desk.head = one(c, "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0)").await;
        desk.last_at = one(c, "SELECT COALESCE(MAX(at), 0) FROM audit").await;
        for row in all(c, "SELECT number, version, status, assignee, data FROM tickets").await {
            let data: String = row.get(4);
            let found = TicketRow { ticket: parse(&data), data, version: row.get(1), status: row.get(2), assignee: row.get(3) };
            desk.tickets.insert(row.get(0), found);
        }
        for row in all(c, "SELECT id, version, data FROM messages").await {
            let (id, data): (String, String) = (row.get(0), row.get(2));
            desk.messages.insert(id.clone(), parse(&data));
            desk.message_rows.insert(id, Kept { version: row.get(1), data });
        }
        for row in all(c, "SELECT key, answer, at FROM results").await {
            desk.results.insert(row.get(0), (parse(row.get(1)), row.get(2)));
        }
        for data in column(c, "SELECT data FROM assignments ORDER BY ticket, started_at, id").await {
            let found: Assignment = parse(&data);
            desk.assignments.entry(found.ticket.0).or_default().push(found);
        }
        for data in column(c, "SELECT data FROM clock_events ORDER BY ticket, seq").await {
            let found: ClockEvent = parse(&data);
            desk.clock_events.entry(found.ticket.0).or_default().push(found);
        }
        for row in all(c, "SELECT kind, row_id, version FROM feed ORDER BY seq").await {
            desk.feed.push(Told { kind: row.get(0), id: row.get(1), version: row.get(2) });
        }
        for (kind, table) in TABLES {
            let sql = format!("SELECT id, version, data FROM {table}");
            for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *c).await.expect("a table") {
                desk.rows.insert((kind.to_owned(), row.get(0)), Kept { version: row.get(1), data: row.get(2) });
            }
        }
        let of = |kind: &str| desk.rows.iter().filter(move |((found, _), _)| found == kind).map(|(_, kept)| &kept.data).collect::<Vec<_>>();
        let people: Vec<Person> = of("person").into_iter().map(|data| parse(data)).collect();
        let notices: Vec<Notice> = of("notice").into_iter().map(|data| parse(data)).collect();
        desk.people = people.into_iter().map(|person| (person.id.to_string(), person)).collect();
        for notice in notices {
            desk.notices.entry(notice.ticket).or_default().push(notice);
        }
        desk
    }

    pub fn notices_of(&self, number: TicketNumber) -> impl Iterator<Item = &Notice> {
        self.notices.get(&Some(number)).into_iter().flatten()
    }

    /// Who a client is, by the handle in its name.
    pub fn who(&self, client: &str) -> Option<&Person> {
        let handle = client.split('/').next().unwrap_or(client);
        self.people.values().find(|person| person.handle == handle)
    }
}

pub async fn one<T>(connection: &mut SqliteConnection, sql: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send + Unpin,
{
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub async fn all(connection: &mut SqliteConnection, sql: &'static str) -> Vec<sqlx::sqlite::SqliteRow> {
    sqlx::query(sql).fetch_all(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn column(connection: &mut SqliteConnection, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}
