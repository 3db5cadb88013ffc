-- Status pages, merges that can be undone, calls to webhooks that wait in line.

-- the secret of the ticket's status page
ALTER TABLE tickets ADD COLUMN status_key TEXT;
UPDATE tickets SET data = json_set(data, '$.status_key', lower(hex(randomblob(16)))) WHERE COALESCE(json_extract(data, '$.status_key'), '') = '';
UPDATE tickets SET status_key = json_extract(data, '$.status_key');
CREATE UNIQUE INDEX tickets_status_key ON tickets (status_key) WHERE status_key IS NOT NULL;

-- the thread outside that answers go to: only its own table knew it
UPDATE tickets SET data = json_set(tickets.data, '$.thread', threads.thread) FROM threads
    WHERE threads.ticket = tickets.number AND json_extract(tickets.data, '$.thread') IS NULL;

-- what a merge changed; the latest of a ticket
CREATE TABLE merges (
    ticket BIGINT PRIMARY KEY,
    target BIGINT NOT NULL,
    data TEXT NOT NULL
);

-- calls of one line are made one after the other, in the order they were written
ALTER TABLE deliveries ADD COLUMN line TEXT;
CREATE INDEX deliveries_line ON deliveries (line) WHERE line IS NOT NULL AND next_at IS NOT NULL;
