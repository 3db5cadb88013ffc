//! The promises, looked at when everybody has caught up. It reads rows and trusts nothing that the desk computes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use dutydesk::domain::command::Command;
use dutydesk::domain::row::RowKind;
use dutydesk::wire::sync::{Digest, SnapshotLine};
use futures::StreamExt;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::client::{End, Op};
use super::deliver::read;
use super::happen::get;
use super::server::Request;
use super::snapshot;
use super::world::World;
use crate::check::{self, ConsoleEnd, Evidence};
use crate::history::History;

/// One world in so many is also looked at by the checker of all fault tests, which reads much.
const COMMON_EVERY: u64 = 4;

type Rows = BTreeMap<(String, String), Value>;

pub async fn connect(path: &Path) -> Result<SqliteConnection, String> {
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    options.connect().await.map_err(|error| error.to_string())
}

async fn strings(connection: &mut SqliteConnection, sql: &'static str) -> Result<Vec<(String, String)>, String> {
    sqlx::query_as(sql).fetch_all(connection).await.map_err(|error| format!("{sql}: {error}"))
}

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or(Value::Null)
}

/// The server's rows that the checks ask for.
struct Truth {
    /// Messages by id.
    messages: HashMap<String, Value>,
    /// How many messages have a text.
    texts: HashMap<String, usize>,
    /// How many tickets were made with a subject, by their first message.
    tickets: HashMap<i64, Value>,
    /// Answers by key.
    answers: HashMap<String, Value>,
}

impl Truth {
    async fn read(connection: &mut SqliteConnection) -> Result<Self, String> {
        let messages: HashMap<String, Value> =
            strings(connection, "SELECT id, data FROM messages").await?.into_iter().map(|(id, data)| (id, parse(&data))).collect();
        let mut texts = HashMap::new();
        for message in messages.values() {
            *texts.entry(message["text"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        let tickets = strings(connection, "SELECT CAST(number AS TEXT), data FROM tickets").await?;
        let tickets = tickets.into_iter().map(|(number, data)| (number.parse().unwrap_or(0), parse(&data))).collect();
        let answers = strings(connection, "SELECT key, answer FROM results").await?;
        let answers = answers.into_iter().map(|(key, answer)| (key, parse(&answer))).collect();
        Ok(Self { messages, texts, tickets, answers })
    }
}

impl World<'_> {
    pub async fn check_end(&mut self) -> Result<(), String> {
        let mut connection = connect(&self.server.path).await?;
        let truth = Truth::read(&mut connection).await?;
        check_assignments(&mut connection).await?;
        connection.close().await.map_err(|error| error.to_string())?;
        for c in 0..self.clients.len() {
            self.check_replica(c, &truth).await?;
            self.check_effects(c, &truth)?;
        }
        // What a restored or forgetful server does not know, the common checker would call lost.
        if self.timeline == 0 && !self.nature.trims && self.seed.is_multiple_of(COMMON_EVERY) {
            self.check_evidence().await
        } else {
            Ok(())
        }
    }

    /// The checker of all fault tests, over what is left when everything is closed.
    async fn check_evidence(&mut self) -> Result<(), String> {
        self.server.close().await;
        let start = self.template.events.iter().map(|(client, events)| History::of(client, events.clone()));
        let lived = self.clients.iter().map(|client| History::of(&format!("{}/sim", client.name), client.told()));
        let elsewhere = History::of("lea/elsewhere", std::mem::take(&mut self.elsewhere));
        let histories = start.chain(lived).chain([elsewhere]).collect();
        let mut consoles = Vec::new();
        for client in &mut self.clients {
            if let Some(desk) = client.desk.take() {
                desk.shutdown().await;
            }
            consoles.push(ConsoleEnd { client: format!("{}/sim", client.name), cache: client.path.clone() });
        }
        let findings = check::run(&Evidence { database: self.server.path.clone(), histories, consoles }).await;
        self.compared += findings.compared.values().sum::<usize>();
        match findings.violations.first() {
            None => Ok(()),
            Some(first) => Err(format!("{first} ({} violations)", findings.violations.len())),
        }
    }

    /// The cache is what the server would give now, row by row and byte by byte, and nothing else.
    async fn check_replica(&mut self, c: usize, truth: &Truth) -> Result<(), String> {
        let client = &self.clients[c];
        let name = &client.name;
        let ask = Request { token: client.token.clone(), ..get("/api/v1/digest".to_owned()) };
        let theirs: Digest = read(&self.server.ask(ask).await).map_err(|error| error.to_string())?;
        let Some(differing) = client.steps().compare(&theirs).await.map_err(|error| error.to_string())? else {
            return Err(format!("replica stands elsewhere: {name} is not at the server's cursor"));
        };
        let mut theirs = Rows::new();
        let mut pages = self.server.stream(snapshot::request(&client.token)).await.map_err(|status| format!("snapshot {status}"))?;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error.to_string())?;
            for line in std::str::from_utf8(&page).unwrap_or_default().lines() {
                if let Ok(SnapshotLine::Row { kind, id, row, .. }) = serde_json::from_str(line) {
                    theirs.insert((kind.as_str().to_owned(), id), parse(row.get()));
                }
            }
        }
        let mut connection = connect(&client.path).await?;
        let mut ours = Rows::new();
        let sql = "SELECT kind || ' ' || id, data FROM rows UNION ALL SELECT 'ticket ' || number, data FROM ticket_data
                   UNION ALL SELECT 'message ' || id, data FROM messages";
        for (key, data) in strings(&mut connection, sql).await? {
            let (kind, id) = key.split_once(' ').unwrap_or_default();
            ours.insert((kind.to_owned(), id.to_owned()), parse(&data));
        }
        for (key, row) in &theirs {
            match ours.get(key) {
                None if key.0 == RowKind::Message.as_str() => {}
                None => return Err(format!("replica lacks a row: {name} has no {key:?}")),
                Some(held) if held != row => {
                    return Err(format!("replica holds another row: {name} has {key:?} as {held}, and it is {row}"));
                }
                Some(_) => {}
            }
        }
        for ((kind, id), row) in &ours {
            if kind != RowKind::Message.as_str() {
                if !theirs.contains_key(&(kind.clone(), id.clone())) {
                    return Err(format!("replica holds what it may not see: {name} has {kind} {id}"));
                }
                continue;
            }
            let conversation = row["conversation"].as_str().unwrap_or_default();
            let seen = theirs.contains_key(&("conversation".to_owned(), conversation.to_owned()))
                || theirs.iter().any(|((kind, _), row)| kind == "ticket" && row["conversation"] == conversation);
            if !seen {
                return Err(format!("replica holds what it may not see: {name} has message {id} of {conversation}: {row}"));
            }
            match truth.messages.get(id) {
                None => return Err(format!("replica holds what is not there: {name} has message {id}: {row}")),
                Some(real) if real["version"] == row["version"] && row.get("withheld").is_none() && real["text"] != row["text"] => {
                    return Err(format!("replica holds another row: {name} has message {id} as {row}, and it is {real}"));
                }
                Some(_) => {}
            }
        }
        // After the rows, which say more.
        if !differing.is_empty() {
            return Err(format!("replica differs: {name} in {differing:?}"));
        }
        check_counts(&mut connection, name).await?;
        connection.close().await.map_err(|error| error.to_string())
    }

    /// Each command did what its client was told.
    fn check_effects(&self, c: usize, truth: &Truth) -> Result<(), String> {
        let client = &self.clients[c];
        let mut keys = HashSet::new();
        for op in &client.ops {
            let what = format!("{} {} of {}", op.command.name(), op.key, client.name);
            if !keys.insert(op.key) {
                return Err(format!("one key twice: {what}"));
            }
            if op.end == End::Open {
                return Err(format!("never answered: {what}"));
            }
            if op.listed && matches!(op.end, End::Done(_)) {
                return Err(format!("overlay stays for ever: {what}, {:?}", op.end));
            }
            if let (End::Done(result), Some(base)) = (&op.end, op.base)
                && matches!(op.command, Command::AssignTicket { .. } | Command::ReleaseTicket { .. } | Command::SetStatus { .. })
                && !result.unchanged
                && result.version != Some(base + 1)
            {
                return Err(format!("done from an older version: {what} from {base} became {:?}", result.version));
            }
            check_answer(op, truth).map_err(|why| format!("{why}: {what}, {:?}", op.end))?;
            check_texts(op, truth).map_err(|why| format!("{why}: {what}, {:?}, {}", op.end, op.word))?;
        }
        Ok(())
    }
}

/// The answer is kept with its key, as it was given.
fn check_answer(op: &Op, truth: &Truth) -> Result<(), String> {
    let kept = truth.answers.get(&op.key.to_string());
    match (&op.end, kept) {
        (End::TakenBack, Some(_)) => Err("taken back, and done".to_owned()),
        _ if op.forgotten || op.may_be_lost => Ok(()),
        (End::Done(_) | End::Refused(_), None) => Err("acknowledged and lost".to_owned()),
        (End::Done(result), Some(kept)) if kept["Ok"] != serde_json::to_value(result).unwrap_or_default() => {
            Err(format!("another answer is kept ({kept})"))
        }
        (End::Refused(_), Some(kept)) if kept.get("Err").is_none() => Err("refused, and done".to_owned()),
        _ => Ok(()),
    }
}

/// What it wrote is there once, or not at all when it was refused.
fn check_texts(op: &Op, truth: &Truth) -> Result<(), String> {
    if op.word.is_empty() {
        return Ok(());
    }
    let found = match &op.command {
        Command::PostMessage(_) | Command::CreateTicket(_) => truth.texts.get(&op.word).copied().unwrap_or(0),
        Command::AddTag { number, tag } => {
            let tags = truth.tickets.get(&number.0).and_then(|ticket| ticket["tags"].as_array());
            tags.map_or(0, |tags| tags.iter().filter(|have| *have == tag).count())
        }
        _ => return Ok(()),
    };
    let wanted = match op.end {
        _ if op.may_be_lost => 0..=1,
        End::Done(_) => 1..=1,
        _ => 0..=0,
    };
    if wanted.contains(&found) { Ok(()) } else { Err(format!("effect is there {found} times")) }
}

/// Assignments of a ticket do not overlap, the ticket's own word agrees, and the schema itself forbids a second.
async fn check_assignments(connection: &mut SqliteConnection) -> Result<(), String> {
    let failed = |error: sqlx::Error| error.to_string();
    let overlap: Option<i64> = sqlx::query_scalar(
        "SELECT a.ticket FROM assignments a JOIN assignments b ON a.ticket = b.ticket AND a.id < b.id
         WHERE a.started_at < COALESCE(b.ended_at, 9e18) AND b.started_at < COALESCE(a.ended_at, 9e18) LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    if let Some(ticket) = overlap {
        return Err(format!("two assignees: the assignments of #{ticket} overlap"));
    }
    let differs: Option<i64> = sqlx::query_scalar(
        "SELECT t.number FROM tickets t LEFT JOIN assignments a ON a.ticket = t.number AND a.ended_at IS NULL
         WHERE t.status NOT IN ('solved', 'closed') AND COALESCE(t.assignee, '') <> COALESCE(a.person, '') LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    if let Some(ticket) = differs {
        return Err(format!("two assignees: #{ticket} and its assignments name different people"));
    }
    let mut tx = connection.begin().await.map_err(failed)?;
    let second = sqlx::query(
        "INSERT INTO assignments SELECT id || '-2', ticket, person, started_at, ended_at, data FROM assignments WHERE ended_at IS NULL",
    )
    .execute(&mut *tx)
    .await;
    let allowed = matches!(&second, Ok(done) if done.rows_affected() > 0);
    tx.rollback().await.map_err(failed)?;
    if allowed { Err("two assignees: the schema lets a ticket have a second".to_owned()) } else { Ok(()) }
}

/// The counts kept by differences are those of the rows.
async fn check_counts(connection: &mut SqliteConnection, name: &str) -> Result<(), String> {
    let sql = "SELECT hex(queue), waiting || ' ' || mine || ' ' || unsolved || ' ' || solved FROM counts
               WHERE waiting OR mine OR unsolved OR solved ORDER BY 1";
    let kept = strings(connection, sql).await?;
    let sql = "SELECT hex(queue), sum(waiting) || ' ' || sum(mine) || ' ' || sum(unsolved) || ' ' || sum(solved) FROM tickets
               GROUP BY queue HAVING sum(waiting) OR sum(mine) OR sum(unsolved) OR sum(solved) ORDER BY 1";
    let counted = strings(connection, sql).await?;
    if kept == counted { Ok(()) } else { Err(format!("counts differ: {name} has {kept:?}, and its rows make {counted:?}")) }
}
