-- How tight it is in Redis, as last told: a change is told once, whichever replica sees it first.
CREATE TABLE hub.memory_level (
  what   text        PRIMARY KEY CHECK (what IN ('memory', 'evictions')),
  level  text        NOT NULL,
  since  timestamptz NOT NULL DEFAULT now()
);
INSERT INTO hub.memory_level (what, level) VALUES ('memory', 'calm'), ('evictions', 'none');
