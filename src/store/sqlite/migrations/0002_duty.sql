-- Calendars, written-out rosters, webhooks, the clock ledger, and what the jobs of duty look for.

CREATE TABLE calendars (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE roster_plans (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    -- the first day after, as YYYY-MM-DD
    ends_on TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL
);
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    webhook TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- when to try (again); absent once delivered or given up
    next_at BIGINT,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at BIGINT,
    last_error TEXT,
    data TEXT NOT NULL
);
CREATE INDEX deliveries_next ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_webhook ON deliveries (webhook, created_at);
-- Append-only.
CREATE TABLE clock_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX clock_events_ticket ON clock_events (ticket);
-- Secret addresses under which a person's or a rota's shifts are read as iCalendar.
CREATE TABLE calendar_links (
    sha256 TEXT PRIMARY KEY,
    -- 'person' or 'rota'
    kind TEXT NOT NULL,
    of_id TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX calendar_links_of ON calendar_links (of_id);

-- until when an automatic assignee has to accept
ALTER TABLE tickets ADD COLUMN accept_by BIGINT;
CREATE INDEX tickets_accept_by ON tickets (accept_by) WHERE accept_by IS NOT NULL;
-- edition of policy and calendar that planned the clocks
ALTER TABLE tickets ADD COLUMN sla_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX tickets_sla_mark ON tickets (queue, sla_mark) WHERE status NOT IN ('solved', 'closed');

-- the pool of one tier, so that tickets nobody can take never hide others
ALTER TABLE tickets ADD COLUMN tier INTEGER NOT NULL DEFAULT 1;
UPDATE tickets SET tier = CAST(json_extract(data, '$.tier') AS INTEGER) WHERE json_extract(data, '$.tier') IS NOT NULL;
DROP INDEX tickets_pool;
CREATE INDEX tickets_pool ON tickets (queue, tier, priority, created_at, number) WHERE assignee IS NULL AND status IN ('new', 'open');
-- a requester's latest tickets
DROP INDEX tickets_requester;
CREATE INDEX tickets_requester ON tickets (requester, number);

-- what people hold, by weight and by queue: the first schema counted open tickets alone
UPDATE agent_states SET data = json_set(data,
    '$.load', (SELECT COALESCE(SUM(CASE priority WHEN 0 THEN 300 WHEN 1 THEN 200 WHEN 2 THEN 100 ELSE 50 END
        / CASE WHEN status IN ('new', 'open') THEN 1 ELSE 5 END), 0)
        FROM tickets WHERE assignee = agent_states.id AND status NOT IN ('solved', 'closed')),
    '$.queues', json((SELECT json_group_object(queue, json_object('open', open)) FROM
        (SELECT queue, COUNT(*) AS open FROM tickets WHERE assignee = agent_states.id AND status IN ('new', 'open') GROUP BY queue))));
