-- Full-text search over tickets and messages. Texts come as terms that Rust has made (base/terms); the indices keep no text.
-- Rows are put through the views: what has the same terms as before (mark) is not indexed again.

CREATE TABLE ticket_docs (
    number INTEGER PRIMARY KEY,
    mark BIGINT NOT NULL,
    -- 1: the last put changed the terms
    stale BOOLEAN NOT NULL
);
CREATE VIRTUAL TABLE search_tickets USING fts5(terms, exact, content='', contentless_delete=1, tokenize='ascii');
CREATE VIEW search_ticket_put AS SELECT number, mark, '' AS terms, '' AS exact FROM ticket_docs;
CREATE TRIGGER search_ticket_put INSTEAD OF INSERT ON search_ticket_put BEGIN
    INSERT INTO ticket_docs (number, mark, stale) VALUES (NEW.number, NEW.mark, 1)
        ON CONFLICT (number) DO UPDATE SET stale = (ticket_docs.mark <> excluded.mark), mark = excluded.mark;
    DELETE FROM search_tickets WHERE rowid = (SELECT number FROM ticket_docs WHERE number = NEW.number AND stale);
    INSERT INTO search_tickets (rowid, terms, exact) SELECT number, NEW.terms, NEW.exact FROM ticket_docs WHERE number = NEW.number AND stale;
END;

-- what is asked of a message that was found, beside its text
CREATE TABLE message_docs (
    -- rises with writing; what was there before there was search lies below 1
    doc INTEGER PRIMARY KEY,
    message TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL,
    tier INTEGER NOT NULL,
    -- an internal note of a ticket
    note BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    stale BOOLEAN NOT NULL
);
CREATE VIRTUAL TABLE search_messages USING fts5(terms, exact, content='', contentless_delete=1, tokenize='ascii');
CREATE VIEW search_message_put AS SELECT message, conversation, tier, note, at, mark, '' AS terms, '' AS exact FROM message_docs;
CREATE TRIGGER search_message_put INSTEAD OF INSERT ON search_message_put BEGIN
    INSERT INTO message_docs (message, conversation, tier, note, at, mark, stale)
        VALUES (NEW.message, NEW.conversation, NEW.tier, NEW.note, NEW.at, NEW.mark, 1)
        ON CONFLICT (message) DO UPDATE SET conversation = excluded.conversation, tier = excluded.tier, note = excluded.note,
            stale = (message_docs.mark <> excluded.mark), mark = excluded.mark;
    DELETE FROM search_messages WHERE rowid = (SELECT doc FROM message_docs WHERE message = NEW.message AND stale);
    INSERT INTO search_messages (rowid, terms, exact) SELECT doc, NEW.terms, NEW.exact FROM message_docs WHERE message = NEW.message AND stale;
END;

-- 1 while something written before is not in the indices; how far down they were taken in
INSERT INTO meta (name, value) SELECT 'search_waits', EXISTS (SELECT 1 FROM tickets) OR EXISTS (SELECT 1 FROM messages);
INSERT INTO meta (name, value) VALUES ('search_tickets', 9223372036854775807), ('search_messages', 9223372036854775807);
