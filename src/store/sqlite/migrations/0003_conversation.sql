-- Escalations with an accept clock, messages that are edited or for a tier alone, channels of a queue, snippets.

ALTER TABLE escalations ADD COLUMN accept_by BIGINT;
CREATE INDEX escalations_accept_by ON escalations (accept_by) WHERE accept_by IS NOT NULL;

-- the lowest tier that reads it
ALTER TABLE messages ADD COLUMN tier INTEGER NOT NULL DEFAULT 1;
-- texts as they were before an edit
CREATE TABLE message_edits (
    message TEXT NOT NULL,
    version BIGINT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (message, version)
);
-- open to those who see this queue's tickets
ALTER TABLE conversations ADD COLUMN queue TEXT;

CREATE TABLE snippets (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    -- absent: everybody's
    owner TEXT,
    data TEXT NOT NULL
);
