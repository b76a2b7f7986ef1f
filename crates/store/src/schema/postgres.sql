-- The schema after thirteen migrations, as PostgreSQL begins with it. Types are written as SQLite has them and translated.
--
-- What grows without end stands in partitions: by place in the sequence, which is the order of time in which it was saved, or by
-- the month of what was measured (`partitions.rs`). An id that must be unique across partitions is looked for before it is
-- written: there is one writer.

CREATE FUNCTION max(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT greatest(a, b)';
CREATE FUNCTION min(a bigint, b bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT least(a, b)';

-- The number of the writer's last commit: tells whether a commit whose answer was lost was made.
CREATE TABLE kervan_commit (number INTEGER NOT NULL);
INSERT INTO kervan_commit VALUES (0);

CREATE TABLE party (id TEXT PRIMARY KEY, record TEXT NOT NULL, key_pem TEXT, token_hash TEXT UNIQUE);

CREATE SEQUENCE entry_seq;
CREATE TABLE entry (
  seq INTEGER NOT NULL DEFAULT nextval('entry_seq'), id BLOB NOT NULL, dossier BLOB NOT NULL, kind TEXT NOT NULL,
  author TEXT NOT NULL, authored TEXT NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (seq), CHECK (length(id) = 32 AND length(dossier) = 32)
) PARTITION BY RANGE (seq);
ALTER SEQUENCE entry_seq OWNED BY entry.seq;
CREATE INDEX entry_by_id ON entry (id);
CREATE INDEX entry_by_dossier ON entry (dossier, seq);
CREATE INDEX entry_by_kind ON entry (kind, seq);

CREATE TABLE event (
  seq INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, reference TEXT, event_type TEXT NOT NULL, biz_step TEXT,
  read_point TEXT, event_time TEXT NOT NULL, record_time TEXT NOT NULL, event TEXT NOT NULL
);

CREATE SEQUENCE eta_seq;
CREATE TABLE eta (
  seq INTEGER NOT NULL DEFAULT nextval('eta_seq'), reference TEXT NOT NULL, given TEXT NOT NULL, p10 TEXT NOT NULL,
  p50 TEXT NOT NULL, p90 TEXT NOT NULL, because TEXT NOT NULL, estimate TEXT NOT NULL, PRIMARY KEY (seq)
) PARTITION BY RANGE (seq);
ALTER SEQUENCE eta_seq OWNED BY eta.seq;
CREATE INDEX eta_by_reference ON eta (reference, seq);

CREATE TABLE consignment (
  reference TEXT PRIMARY KEY, dossier TEXT NOT NULL UNIQUE, state TEXT NOT NULL, summary TEXT NOT NULL,
  updated TEXT NOT NULL
);
CREATE INDEX consignment_by_state ON consignment (state, reference);
CREATE INDEX consignment_by_update ON consignment (updated) WHERE state IN ('planned', 'in_transit', 'held');

CREATE TABLE movement (
  id TEXT PRIMARY KEY, reference TEXT NOT NULL, state TEXT NOT NULL, movement TEXT NOT NULL, updated TEXT NOT NULL,
  due TEXT, mrn TEXT
);
CREATE INDEX movement_by_reference ON movement (reference, id);
CREATE INDEX movement_by_state ON movement (state, id);
CREATE INDEX movement_by_due ON movement (due, id) WHERE due IS NOT NULL;
CREATE INDEX movement_by_mrn ON movement (mrn) WHERE mrn IS NOT NULL;

CREATE TABLE equipment (number TEXT PRIMARY KEY, reference TEXT NOT NULL);

CREATE SEQUENCE change_seq;
CREATE TABLE change (
  seq INTEGER NOT NULL DEFAULT nextval('change_seq'), topic TEXT NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (seq)
) PARTITION BY RANGE (seq);
ALTER SEQUENCE change_seq OWNED BY change.seq;

CREATE TABLE answer (
  party TEXT NOT NULL, key TEXT NOT NULL, request_hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (party, key)
);

CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE rule_pack (
  hash TEXT PRIMARY KEY, pack TEXT NOT NULL, version TEXT NOT NULL, territory TEXT NOT NULL, content TEXT NOT NULL,
  signature TEXT
);

CREATE TABLE guarantee (
  grn TEXT PRIMARY KEY, holder TEXT NOT NULL, record TEXT NOT NULL, reference_amount INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL, updated TEXT NOT NULL,
  CHECK (reserved >= 0)
);
CREATE INDEX guarantee_by_holder ON guarantee (holder, grn);

CREATE TABLE guarantee_hold (
  movement TEXT NOT NULL, grn TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0), since TEXT NOT NULL,
  PRIMARY KEY (movement, grn)
);
CREATE INDEX guarantee_hold_by_grn ON guarantee_hold (grn, movement);

CREATE TABLE guarantee_act (
  seq INTEGER PRIMARY KEY, grn TEXT NOT NULL, act TEXT NOT NULL, movement TEXT, amount INTEGER NOT NULL,
  reserved INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, why TEXT NOT NULL
);
CREATE INDEX guarantee_act_by_grn ON guarantee_act (grn, seq);

CREATE TABLE screening_decision (
  seq INTEGER PRIMARY KEY, territory TEXT NOT NULL, question TEXT NOT NULL, reference TEXT NOT NULL, decided TEXT NOT NULL,
  decision TEXT NOT NULL
);
CREATE INDEX screening_decision_by_question ON screening_decision (territory, question, seq);

CREATE TABLE captured (
  seq INTEGER NOT NULL, hash BLOB NOT NULL, event_time INTEGER NOT NULL, record_time INTEGER NOT NULL,
  context INTEGER NOT NULL, reference TEXT, keys BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (seq)
) PARTITION BY RANGE (seq);
CREATE INDEX captured_by_time ON captured (event_time, seq);
CREATE TABLE event_context (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, context TEXT NOT NULL);
CREATE TABLE capture_job (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, party TEXT NOT NULL, running INTEGER NOT NULL, job TEXT NOT NULL,
  document TEXT
);
CREATE INDEX capture_job_running ON capture_job (seq) WHERE running = 1;
CREATE TABLE event_query (name TEXT PRIMARY KEY, party TEXT NOT NULL, definition TEXT NOT NULL);
CREATE TABLE event_subscription (
  id TEXT PRIMARY KEY, query TEXT NOT NULL, party TEXT NOT NULL, terms TEXT NOT NULL, progress TEXT NOT NULL
);
CREATE INDEX event_subscription_by_query ON event_subscription (query);
CREATE TABLE event_word (kind INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (kind, word));
CREATE TABLE event_vocabulary (
  party TEXT NOT NULL, vocabulary TEXT NOT NULL, id TEXT NOT NULL, element TEXT NOT NULL,
  PRIMARY KEY (party, vocabulary, id)
);

CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT);
CREATE TABLE fix (
  device INTEGER NOT NULL, at INTEGER NOT NULL, lat_e7 INTEGER NOT NULL, lon_e7 INTEGER NOT NULL, received INTEGER NOT NULL,
  marks INTEGER NOT NULL, speed INTEGER, heading INTEGER, PRIMARY KEY (device, at, lat_e7, lon_e7)
) PARTITION BY RANGE (at);
CREATE TABLE fix_other PARTITION OF fix DEFAULT;
CREATE TABLE sensed (
  device INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (device, at, what)
) PARTITION BY RANGE (at);
CREATE TABLE sensed_other PARTITION OF sensed DEFAULT;
CREATE TABLE mounting (
  thing TEXT NOT NULL, device TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, stated_by TEXT NOT NULL,
  PRIMARY KEY (thing, device, since)
);
CREATE INDEX mounting_by_device ON mounting (device, since);
CREATE TABLE carriage (
  reference TEXT NOT NULL, thing TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (reference, thing, since)
);
CREATE INDEX carriage_by_thing ON carriage (thing, since);

CREATE TABLE control_claim (
  movement TEXT PRIMARY KEY, team TEXT NOT NULL, day TEXT NOT NULL, value INTEGER NOT NULL, claim TEXT NOT NULL
);
CREATE INDEX control_claim_by_day ON control_claim (team, day, movement);
CREATE TABLE control_day (team TEXT NOT NULL, day TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (team, day));

CREATE TABLE message (
  seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, party TEXT NOT NULL, identification TEXT, code TEXT, movement TEXT,
  outcome TEXT NOT NULL, received TEXT NOT NULL, content BLOB NOT NULL, refusal TEXT
);
CREATE UNIQUE INDEX message_by_hash ON message (hash, party);
CREATE INDEX message_by_movement ON message (movement, seq) WHERE movement IS NOT NULL;
CREATE INDEX message_to_forget ON message (received) WHERE outcome NOT IN ('applied', 'waiting') AND length(content) > 0;
CREATE TABLE message_use (party TEXT PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE FUNCTION message_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO message_use VALUES (new.party, length(new.content))
    ON CONFLICT (party) DO UPDATE SET bytes = message_use.bytes + excluded.bytes;
  ELSE
    UPDATE message_use SET bytes = bytes + length(new.content) - length(old.content) WHERE party = new.party;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER message_kept AFTER INSERT OR UPDATE OF content ON message FOR EACH ROW EXECUTE FUNCTION message_kept();

CREATE TABLE measured (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL, instance TEXT NOT NULL, at TEXT NOT NULL, seconds INTEGER NOT NULL,
  published TEXT NOT NULL, UNIQUE (key, instance)
);
CREATE TABLE scored (
  seq INTEGER PRIMARY KEY, reference TEXT NOT NULL, horizon INTEGER NOT NULL, scored TEXT NOT NULL,
  UNIQUE (reference, horizon)
);
CREATE TABLE closure (id TEXT PRIMARY KEY, entered TEXT NOT NULL, open INTEGER NOT NULL, closure TEXT NOT NULL);
CREATE TABLE alarm (
  id TEXT PRIMARY KEY, reference TEXT NOT NULL, open INTEGER NOT NULL, raised INTEGER NOT NULL, alarm TEXT NOT NULL
);
CREATE INDEX alarm_by_reference ON alarm (reference, raised, id);
CREATE INDEX alarm_open ON alarm (raised, id) WHERE open = 1;
CREATE TABLE dwelling (reference TEXT PRIMARY KEY, key TEXT NOT NULL, since TEXT NOT NULL);
CREATE TABLE departed (service TEXT PRIMARY KEY, at INTEGER NOT NULL);
CREATE TABLE way (reference TEXT PRIMARY KEY, things TEXT NOT NULL);
CREATE TABLE crossing (thing TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (thing, reference));
