-- Messages that are found by what they say, case folded.

ALTER TABLE messages ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE messages SET search = lower(json_extract(data, '$.text'));
