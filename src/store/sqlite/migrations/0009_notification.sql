-- How people want to be told, reminders, handovers; notices told together; promises that come due.

CREATE TABLE notice_settings (
    -- the person's
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE reminders (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    person TEXT NOT NULL,
    -- absent once told or cancelled
    fires_at BIGINT,
    data TEXT NOT NULL
);
CREATE INDEX reminders_person ON reminders (person);
CREATE INDEX reminders_fires_at ON reminders (fires_at) WHERE fires_at IS NOT NULL;
CREATE TABLE handovers (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    rota TEXT NOT NULL,
    -- when the shift ends that hands over
    ends_at BIGINT NOT NULL,
    -- ids of its readers, one a line
    readers TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX handovers_rota ON handovers (rota, ends_at);
CREATE INDEX handovers_ends_at ON handovers (ends_at);

-- what notices told together have in common
ALTER TABLE notices ADD COLUMN topic TEXT;
CREATE INDEX notices_topic ON notices (topic) WHERE is_read = 0 AND topic IS NOT NULL;
-- the earliest promise that is neither kept nor told
ALTER TABLE tickets ADD COLUMN follow_up_at BIGINT;
CREATE INDEX tickets_follow_up_at ON tickets (follow_up_at) WHERE follow_up_at IS NOT NULL;
