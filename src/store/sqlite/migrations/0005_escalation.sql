-- Open calls by expert, and what a briefing looks for: a site's tickets, and a queue's solved ones.

ALTER TABLE escalations ADD COLUMN expert TEXT NOT NULL DEFAULT '';
-- 1: asked, accepted or joined
ALTER TABLE escalations ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
UPDATE escalations SET expert = json_extract(data, '$.expert'),
    is_open = CASE WHEN json_extract(data, '$.state') IN ('asked', 'accepted', 'joined') THEN 1 ELSE 0 END;
CREATE INDEX escalations_open ON escalations (expert) WHERE is_open = 1;

ALTER TABLE tickets ADD COLUMN site TEXT;
UPDATE tickets SET site = json_extract(data, '$.requester.site.id') WHERE json_extract(data, '$.requester.site.id') IS NOT NULL;
CREATE INDEX tickets_site ON tickets (site, number) WHERE site IS NOT NULL;
CREATE INDEX tickets_done ON tickets (queue, number) WHERE status IN ('solved', 'closed');
