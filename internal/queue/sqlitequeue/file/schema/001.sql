-- One row per customer message. seq is the order of arrival; body is NULL once the message is done, and the row
-- stays as its dedup mark until it is purged.
CREATE TABLE IF NOT EXISTS messages (
  seq          INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  id           INTEGER NOT NULL,
  arrived      INTEGER NOT NULL,           -- unix nanoseconds
  body         BLOB
) STRICT;
-- Ids grow within an installation, so this index grows at its end.
CREATE UNIQUE INDEX IF NOT EXISTS messages_by_id ON messages (account, id);

-- A turn from its first claim to its end. seqs are its messages, as a JSON list; negative is one that waits again at the turn's end.
CREATE TABLE IF NOT EXISTS turns (
  id           TEXT PRIMARY KEY,
  account      INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  seqs         TEXT NOT NULL,
  attempt      INTEGER NOT NULL,
  token        INTEGER NOT NULL,           -- 0: no worker has it
  restarts     INTEGER NOT NULL,
  deferred     INTEGER NOT NULL,
  due          INTEGER NOT NULL,           -- unix nanoseconds
  failures     TEXT NOT NULL,
  checkpoint   BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS dead (
  id           TEXT PRIMARY KEY,
  died         INTEGER NOT NULL,
  body         BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dead_by_time ON dead (died);

CREATE TABLE IF NOT EXISTS conversations (
  account      INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  updated      INTEGER NOT NULL,
  body         BLOB NOT NULL,
  PRIMARY KEY (account, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_time ON conversations (updated);

CREATE TABLE IF NOT EXISTS records (
  account      INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  message      INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  body         BLOB NOT NULL,
  PRIMARY KEY (account, conversation, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_time ON records (at);

CREATE TABLE IF NOT EXISTS counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- paused: who paused, as JSON; note/NAME: a note; opens: how often the file was opened, the upper half of fencing tokens.
CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
