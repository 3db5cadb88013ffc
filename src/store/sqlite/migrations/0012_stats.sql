-- What figures are counted from, so that no ticket has to be read for them.

-- when it was solved; absent while it is not
ALTER TABLE tickets ADD COLUMN done_at BIGINT;
-- within its goal; absent without one
ALTER TABLE tickets ADD COLUMN done_met INTEGER;
-- when its requester was answered first, how long that took, and whether it was within the goal
ALTER TABLE tickets ADD COLUMN answered_at BIGINT;
ALTER TABLE tickets ADD COLUMN answer_secs BIGINT;
ALTER TABLE tickets ADD COLUMN answer_met INTEGER;

UPDATE tickets SET done_at = COALESCE(unixepoch(json_extract(data, '$.solved_at')) * 1000, updated_at) WHERE status IN ('solved', 'closed');
UPDATE tickets SET done_met = (SELECT unixepoch(json_extract(c.value, '$.stopped_at')) <= unixepoch(json_extract(c.value, '$.due_at'))
        FROM json_each(tickets.data, '$.clocks') c WHERE json_extract(c.value, '$.kind') = 'resolution' ORDER BY c.key DESC LIMIT 1)
    WHERE done_at IS NOT NULL;
UPDATE tickets SET answered_at = (SELECT unixepoch(json_extract(c.value, '$.stopped_at')) * 1000
        FROM json_each(tickets.data, '$.clocks') c WHERE json_extract(c.value, '$.kind') = 'first_response' ORDER BY c.key DESC LIMIT 1);
UPDATE tickets SET
    answer_secs = (SELECT MAX(0, unixepoch(json_extract(c.value, '$.stopped_at')) - unixepoch(json_extract(c.value, '$.started_at')))
        FROM json_each(tickets.data, '$.clocks') c WHERE json_extract(c.value, '$.kind') = 'first_response' ORDER BY c.key DESC LIMIT 1),
    answer_met = (SELECT unixepoch(json_extract(c.value, '$.stopped_at')) <= unixepoch(json_extract(c.value, '$.due_at'))
        FROM json_each(tickets.data, '$.clocks') c WHERE json_extract(c.value, '$.kind') = 'first_response' ORDER BY c.key DESC LIMIT 1)
    WHERE answered_at IS NOT NULL;

-- each holds all that its question asks, so that no ticket is read
CREATE INDEX tickets_arrived ON tickets (created_at, queue, site);
CREATE INDEX tickets_solved_at ON tickets (done_at, queue, created_at, done_met) WHERE done_at IS NOT NULL;
CREATE INDEX tickets_answered ON tickets (answered_at, queue, answer_secs, answer_met) WHERE answered_at IS NOT NULL;
CREATE INDEX tickets_unsolved ON tickets (queue, site, due_at, assignee, status, created_at) WHERE status NOT IN ('solved', 'closed');
