/**
 * The tables. All names begin with `search_`, so they may live in the file that holds the event log
 * too. Writes are on the hot path of the embedded pipeline, so there are four ways to a signal only:
 *
 * - `_record` and `_voice` find what is there already and what a deletion removes. Their keys are 53
 *   bits of a hash (see keys.ts): ids come in random order, and an index of whole ids would make
 *   each bulk rewrite most of its pages. Who finds a row by key compares the id itself.
 * - `_time` lists newest first, `_target` lists one target. Both hold all that a question filters by,
 *   so counting reads nothing else, and both grow at their ends.
 *
 * `search_signal_words` holds words only, already split and folded (see words.ts), so its tokenizer
 * has nothing left to decide: `ascii` splits at spaces and takes every other letter as it is.
 */
export const schemaVersion = 1;

export const schema = `
CREATE TABLE IF NOT EXISTS search_meta (
  key TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS search_signals (
  row INTEGER PRIMARY KEY,
  record_key INTEGER NOT NULL,
  voice_key INTEGER NOT NULL,
  id TEXT NOT NULL,
  target TEXT,
  at INTEGER NOT NULL,
  trouble INTEGER NOT NULL,
  stance TEXT NOT NULL,
  types INTEGER NOT NULL,
  countries TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS search_signals_record ON search_signals (record_key);
CREATE INDEX IF NOT EXISTS search_signals_voice ON search_signals (voice_key);
CREATE INDEX IF NOT EXISTS search_signals_time
  ON search_signals (at, target, trouble, stance, types, countries);
CREATE INDEX IF NOT EXISTS search_signals_target
  ON search_signals (target, at, trouble, voice_key, stance, types, countries)
  WHERE target IS NOT NULL;
CREATE VIRTUAL TABLE IF NOT EXISTS search_signal_words USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TABLE IF NOT EXISTS search_generations (
  name TEXT PRIMARY KEY,
  in_use INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS search_outages (
  generation TEXT NOT NULL,
  outage_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  words TEXT NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (generation, outage_id)
) STRICT;
CREATE INDEX IF NOT EXISTS search_outages_start ON search_outages (generation, started_at);

CREATE TABLE IF NOT EXISTS search_outage_events (
  generation TEXT NOT NULL,
  outage_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (generation, outage_id, sequence)
) STRICT;
`;

/** The generation that a new file begins with. */
export const firstGeneration = 'first';
