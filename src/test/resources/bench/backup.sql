-- Mixed data of about 0.95 GB as text for :scale = 1, the same in each run: an event log, metrics,
-- documents, embeddings that no compression helps, accounts that are referred to.
SELECT setseed(0.42);

CREATE TABLE account (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    balance numeric(12, 2) NOT NULL,
    active boolean NOT NULL,
    created timestamptz NOT NULL
);
INSERT INTO account
SELECT md5('account' || i)::uuid, 'person' || i || '@example.org', (random() * 1e6)::numeric(12, 2),
    random() < 0.9, timestamptz '2024-01-01' + i * interval '61 s'
FROM generate_series(1, (200000 * :scale)::int) i;

CREATE TABLE event (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    service text NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    attributes jsonb NOT NULL
);
INSERT INTO event
SELECT i, timestamptz '2025-01-01' + i * interval '0.7 s',
    (ARRAY['model-api', 'training', 'model-cache', 'analytics', 'privacy'])[1 + (random() * 4)::int],
    (ARRAY['INFO', 'INFO', 'INFO', 'WARN', 'ERROR'])[1 + (random() * 4)::int],
    'request ' || md5(i::text) || ' of tenant ' || (random() * 500)::int || ' for model '
    || (ARRAY['fraud', 'churn', 'phishing', 'malware', 'ranking'])[1 + (random() * 4)::int]
    || ' answered after ' || (random() * 900)::int || ' ms with ' || (random() * 64)::int || ' features',
    jsonb_build_object('host', 'node-' || (random() * 40)::int, 'latency', (random() * 1000)::numeric(8, 3),
        'cached', random() < 0.3, 'region', (ARRAY['eu', 'us', 'ap'])[1 + (random() * 2)::int])
FROM generate_series(1, (2000000 * :scale)::int) i;
CREATE INDEX event_at ON event (at);

CREATE TABLE metric (
    series int NOT NULL,
    at timestamptz NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (series, at)
);
INSERT INTO metric
SELECT i % 400, timestamptz '2025-01-01' + (i / 400) * interval '15 s', random() * 100
FROM generate_series(1, (4000000 * :scale)::int) i;

CREATE TABLE document (
    id int PRIMARY KEY,
    owner uuid NOT NULL,
    body text NOT NULL
);
INSERT INTO document
SELECT i, md5('account' || (1 + i % (200000 * :scale)::int))::uuid,
    (SELECT string_agg((ARRAY['the', 'model', 'drifts', 'when', 'traffic', 'of', 'a', 'tenant', 'changes',
        'and', 'features', 'lag', 'behind', 'labels', 'that', 'arrive', 'late', md5(g::text || i)])
        [1 + (random() * 17)::int], ' ') FROM generate_series(1, 300) g)
FROM generate_series(1, (80000 * :scale)::int) i;

CREATE TABLE embedding (
    id int PRIMARY KEY,
    vector bytea NOT NULL
);
INSERT INTO embedding
SELECT i, decode((SELECT string_agg(md5(i || '-' || g), '') FROM generate_series(1, 48) g), 'hex')
FROM generate_series(1, (80000 * :scale)::int) i;

ALTER TABLE document ADD FOREIGN KEY (owner) REFERENCES account (id);
