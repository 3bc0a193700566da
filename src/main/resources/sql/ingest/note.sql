-- Notes a message in the transaction of what is made of it. Repeat-safe: an id is noted once per
-- source, so whoever notes nothing has it done already.
INSERT INTO hub.ingested (source, message_id) VALUES (:#${exchangeProperty.source}, :#${exchangeProperty.messageId}) ON CONFLICT DO NOTHING
