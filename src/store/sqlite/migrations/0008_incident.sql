-- Major incidents: which tickets are one, are tied to one or look like one, and what their requesters were told.

ALTER TABLE tickets ADD COLUMN incident BIGINT;
ALTER TABLE tickets ADD COLUMN looks_like BIGINT;
-- a major incident that is not solved
ALTER TABLE tickets ADD COLUMN major BOOLEAN NOT NULL DEFAULT FALSE;
-- when somebody is to be told that a status update is due
ALTER TABLE tickets ADD COLUMN update_at BIGINT;
CREATE INDEX tickets_incident ON tickets (incident, number) WHERE incident IS NOT NULL;
CREATE INDEX tickets_looks_like ON tickets (looks_like, number) WHERE looks_like IS NOT NULL;
CREATE INDEX tickets_major ON tickets (number) WHERE major;
CREATE INDEX tickets_update_at ON tickets (update_at) WHERE update_at IS NOT NULL;

CREATE TABLE broadcasts (
    id TEXT PRIMARY KEY,
    incident BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX broadcasts_incident ON broadcasts (incident, created_at);

-- one row for each ticket of a broadcast; its state changes in the transaction that writes the message
CREATE TABLE broadcast_targets (
    broadcast TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    place BIGINT NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (broadcast, ticket)
);
CREATE INDEX broadcast_targets_waiting ON broadcast_targets (broadcast, place) WHERE state = 'waiting';
