-- Files that the desk keeps: a row each; their bytes are in the object store.

CREATE TABLE files (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    -- bytes that are here
    received BIGINT NOT NULL,
    -- the message it is attached to, and that message's ticket
    message TEXT,
    ticket BIGINT,
    created_at BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX files_loose ON files (created_at) WHERE message IS NULL;
CREATE INDEX files_ticket ON files (ticket) WHERE ticket IS NOT NULL;
