-- Saved views: filters with a name, one's own or shared.

CREATE TABLE saved_views (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    owner TEXT NOT NULL,
    -- shared with everybody
    everybody BOOLEAN NOT NULL,
    -- shared with the people of a queue
    queue TEXT,
    active BOOLEAN NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX saved_views_owner ON saved_views (owner);
