//! The cache's tables. Rows are a replica and are thrown away when their shape changes; the outbox never is.
//!
//! Lists are windows over indices: `tickets` holds only what sorts, narrows and searches, `ticket_data` the rows
//! themselves, so that a scan over all tickets reads a few megabytes and not the whole desk.

/// Raised when any replica table changes: older files are emptied and filled anew from the server.
pub const ROWS_SCHEMA: i64 = 3;
/// Raised when the outbox changes: needs a migration in [`super::Cache::open`], or unsent commands would be lost.
pub const OUTBOX_SCHEMA: i64 = 1;

/// Tables of the replica, dropped together.
pub const ROW_TABLES: [&str; 11] = [
    "meta",
    "rows",
    "tickets",
    "ticket_data",
    "escalated",
    "counts",
    "messages",
    "ticket_docs",
    "search_tickets",
    "message_docs",
    "search_messages",
];

pub const OUTBOX_SQL: &str = "
CREATE TABLE IF NOT EXISTS outbox(
  n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, command TEXT NOT NULL, ticket INTEGER,
  base_version INTEGER, expires_at INTEGER, made_at INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  cursor TEXT, done_ticket INTEGER, done_version INTEGER, done_message TEXT, refusal TEXT
);
CREATE TABLE IF NOT EXISTS uploads(
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL,
  size INTEGER NOT NULL, sha256 TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting', error TEXT
);
CREATE TABLE IF NOT EXISTS outbox_meta(schema INTEGER NOT NULL);
";

/// Unsent texts, which are nowhere else: never dropped.
pub const DRAFTS_SQL: &str = "
CREATE TABLE IF NOT EXISTS drafts(
  person TEXT NOT NULL, conversation TEXT NOT NULL, visibility TEXT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY(person, conversation, visibility)) WITHOUT ROWID;
";

/// Full-text search: as in the server's migration `0011_search.sql`; what goes from a table goes from its index.
///
/// From `status` on: what filters ask for, 0 where there is none (see `facts.rs`). `fresh` is the negative time of the last change and
/// `newest` the negative number, so that every order ascends.
pub const ROWS_SQL: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rows(kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, ticket INTEGER, data TEXT NOT NULL,
  PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE INDEX rows_ticket ON rows(ticket, kind) WHERE ticket IS NOT NULL;
CREATE TABLE tickets(
  number INTEGER PRIMARY KEY, version INTEGER NOT NULL, queue BLOB NOT NULL, unsolved INTEGER NOT NULL, waiting INTEGER NOT NULL,
  mine INTEGER NOT NULL, solved INTEGER NOT NULL, rank INTEGER NOT NULL, due INTEGER NOT NULL, fresh INTEGER NOT NULL,
  newest INTEGER NOT NULL, assignee BLOB, conversation BLOB NOT NULL, status INTEGER NOT NULL, kind INTEGER NOT NULL,
  tier INTEGER NOT NULL, flags INTEGER NOT NULL, created INTEGER NOT NULL, assigned_at INTEGER NOT NULL, solved_at INTEGER NOT NULL,
  promised_at INTEGER NOT NULL, rating INTEGER NOT NULL, messages INTEGER NOT NULL, incident INTEGER NOT NULL, search TEXT NOT NULL,
  requester TEXT NOT NULL, site TEXT NOT NULL, facets TEXT NOT NULL);
CREATE INDEX all_due ON tickets(due, number, queue) WHERE unsolved = 1;
CREATE INDEX all_priority ON tickets(rank, due, number) WHERE unsolved = 1;
CREATE INDEX all_updated ON tickets(fresh, number, due) WHERE unsolved = 1;
CREATE INDEX all_newest ON tickets(newest, due) WHERE unsolved = 1;
CREATE INDEX queue_due ON tickets(queue, due, number) WHERE unsolved = 1;
CREATE INDEX queue_priority ON tickets(queue, rank, due, number) WHERE unsolved = 1;
CREATE INDEX queue_updated ON tickets(queue, fresh, number) WHERE unsolved = 1;
CREATE INDEX queue_newest ON tickets(queue, newest) WHERE unsolved = 1;
CREATE INDEX waiting_due ON tickets(due, number, queue) WHERE waiting = 1;
CREATE INDEX waiting_priority ON tickets(rank, due, number, queue) WHERE waiting = 1;
CREATE INDEX waiting_updated ON tickets(fresh, number) WHERE waiting = 1;
CREATE INDEX waiting_newest ON tickets(newest) WHERE waiting = 1;
CREATE INDEX mine_due ON tickets(due, number) WHERE mine = 1;
CREATE INDEX solved_priority ON tickets(rank, due, number) WHERE solved = 1;
CREATE INDEX solved_updated ON tickets(fresh, number) WHERE solved = 1;
CREATE INDEX solved_newest ON tickets(newest) WHERE solved = 1;
CREATE INDEX held ON tickets(assignee, due, number) WHERE unsolved = 1;
CREATE INDEX ticket_conversation ON tickets(conversation);
CREATE TABLE ticket_data(number INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE escalated(number INTEGER PRIMARY KEY);
CREATE TABLE counts(queue BLOB PRIMARY KEY, waiting INTEGER NOT NULL, mine INTEGER NOT NULL, unsolved INTEGER NOT NULL,
  solved INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE messages(
  conversation BLOB NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, ticket INTEGER,
  mentions_me INTEGER NOT NULL, tier INTEGER NOT NULL, withheld INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY(conversation, seq)) WITHOUT ROWID;
CREATE INDEX messages_mention ON messages(conversation, seq) WHERE mentions_me = 1;
CREATE INDEX messages_ticket ON messages(ticket) WHERE ticket IS NOT NULL;
CREATE TABLE ticket_docs(number INTEGER PRIMARY KEY, mark INTEGER NOT NULL, stale INTEGER NOT NULL);
CREATE VIRTUAL TABLE search_tickets USING fts5(terms, exact, content='', contentless_delete=1, tokenize='ascii');
DROP VIEW IF EXISTS search_ticket_put;
CREATE VIEW search_ticket_put AS SELECT number, mark, '' AS terms, '' AS exact FROM ticket_docs;
CREATE TRIGGER search_ticket_put INSTEAD OF INSERT ON search_ticket_put BEGIN
  INSERT INTO ticket_docs VALUES (NEW.number, NEW.mark, 1)
    ON CONFLICT (number) DO UPDATE SET stale = (ticket_docs.mark <> excluded.mark), mark = excluded.mark;
  DELETE FROM search_tickets WHERE rowid = (SELECT number FROM ticket_docs WHERE number = NEW.number AND stale);
  INSERT INTO search_tickets(rowid, terms, exact) SELECT number, NEW.terms, NEW.exact FROM ticket_docs WHERE number = NEW.number AND stale;
END;
CREATE TRIGGER search_ticket_out AFTER DELETE ON tickets BEGIN
  DELETE FROM search_tickets WHERE rowid = OLD.number;
  DELETE FROM ticket_docs WHERE number = OLD.number;
END;
CREATE TABLE message_docs(doc INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, note INTEGER NOT NULL, at INTEGER NOT NULL,
  mark INTEGER NOT NULL, stale INTEGER NOT NULL);
CREATE VIRTUAL TABLE search_messages USING fts5(terms, exact, content='', contentless_delete=1, tokenize='ascii');
DROP VIEW IF EXISTS search_message_put;
CREATE VIEW search_message_put AS SELECT message, note, at, mark, '' AS terms, '' AS exact FROM message_docs;
CREATE TRIGGER search_message_put INSTEAD OF INSERT ON search_message_put BEGIN
  INSERT INTO message_docs(message, note, at, mark, stale) VALUES (NEW.message, NEW.note, NEW.at, NEW.mark, 1)
    ON CONFLICT (message) DO UPDATE SET note = excluded.note, stale = (message_docs.mark <> excluded.mark), mark = excluded.mark;
  DELETE FROM search_messages WHERE rowid = (SELECT doc FROM message_docs WHERE message = NEW.message AND stale);
  INSERT INTO search_messages(rowid, terms, exact) SELECT doc, NEW.terms, NEW.exact FROM message_docs WHERE message = NEW.message AND stale;
END;
CREATE TRIGGER search_message_out AFTER DELETE ON messages BEGIN
  DELETE FROM search_messages WHERE rowid = (SELECT doc FROM message_docs WHERE message = OLD.id);
  DELETE FROM message_docs WHERE message = OLD.id;
END;
";
