-- The desk's first schema. Each synced row keeps its JSON as it travels in `data`; the other columns are those that
-- SQL asks for. Instants are milliseconds since 1970, ids are text, so that PostgreSQL can take the same statements.

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    handle TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE queues (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE sites (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE rotas (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE roster_changes (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE agent_states (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE requesters (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    external TEXT NOT NULL UNIQUE,
    search TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE intake_channels (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);

CREATE TABLE tickets (
    number BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    queue TEXT NOT NULL,
    status TEXT NOT NULL,
    -- 0 urgent to 3 low
    priority INTEGER NOT NULL,
    assignee TEXT,
    requester TEXT NOT NULL,
    external TEXT UNIQUE,
    conversation TEXT NOT NULL,
    due_at BIGINT,
    -- earliest warn or breach step not fired, of clocks that run
    next_step_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    waits TEXT,
    -- each tag between line feeds
    tags TEXT NOT NULL,
    -- case-folded subject, requester and site
    search TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX tickets_queue ON tickets (queue, status);
CREATE INDEX tickets_assignee ON tickets (assignee, status) WHERE assignee IS NOT NULL;
CREATE INDEX tickets_requester ON tickets (requester);
CREATE INDEX tickets_conversation ON tickets (conversation);
CREATE INDEX tickets_pool ON tickets (queue, priority, created_at, number) WHERE assignee IS NULL AND status IN ('new', 'open');
CREATE INDEX tickets_untried ON tickets (priority, created_at, number) WHERE assignee IS NULL AND status IN ('new', 'open') AND waits IS NULL;
CREATE INDEX tickets_next_step ON tickets (next_step_at) WHERE next_step_at IS NOT NULL;
CREATE INDEX tickets_solved ON tickets (updated_at) WHERE status = 'solved';
-- what consoles hold
CREATE INDEX tickets_held ON tickets (number) WHERE status <> 'closed';

-- Participants, beside the assignee.
CREATE TABLE ticket_people (
    ticket BIGINT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (ticket, person)
);
CREATE INDEX ticket_people_person ON ticket_people (person);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    conversation TEXT NOT NULL,
    seq BIGINT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (conversation, seq)
);
CREATE TABLE message_externals (
    channel TEXT NOT NULL,
    external TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (channel, external)
);
CREATE TABLE threads (
    channel TEXT NOT NULL,
    thread TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    PRIMARY KEY (channel, thread)
);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- 1: a channel without members, open to the desk
    everybody INTEGER NOT NULL,
    last_seq BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE conversation_members (
    conversation TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (conversation, person)
);
CREATE INDEX conversation_members_person ON conversation_members (person);
CREATE TABLE read_marks (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    person TEXT NOT NULL,
    conversation TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX read_marks_person ON read_marks (person);
CREATE TABLE escalations (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    ticket BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX escalations_ticket ON escalations (ticket);
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    person TEXT NOT NULL,
    is_read INTEGER NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX notices_unread ON notices (person) WHERE is_read = 0;

CREATE TABLE assignments (
    id TEXT PRIMARY KEY,
    ticket BIGINT NOT NULL,
    person TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    data TEXT NOT NULL
);
CREATE INDEX assignments_ticket ON assignments (ticket);
-- a ticket has at most one assignee at any instant
CREATE UNIQUE INDEX assignments_open ON assignments (ticket) WHERE ended_at IS NULL;
CREATE TABLE decisions (
    id TEXT PRIMARY KEY,
    ticket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX decisions_ticket ON decisions (ticket);

-- Append-only.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    ticket BIGINT,
    action TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX audit_ticket ON audit (ticket) WHERE ticket IS NOT NULL;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TABLE feed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    row_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- audiences as JSON
    before TEXT,
    after TEXT NOT NULL
);
CREATE TABLE results (
    key TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    answer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX results_at ON results (at);

CREATE TABLE passwords (
    person TEXT PRIMARY KEY,
    hash TEXT NOT NULL
);
CREATE TABLE tokens (
    sha256 TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX tokens_person ON tokens (person);
