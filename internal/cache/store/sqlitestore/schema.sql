-- body is the entry as JSON, without the vector and its use. used is the time of the last hit in Unix milliseconds, 0 for none.
CREATE TABLE entries (
  id     TEXT PRIMARY KEY,
  body   TEXT NOT NULL,
  vector BLOB,
  hits   INTEGER NOT NULL DEFAULT 0,
  used   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Counts of judgements, by scope.
CREATE TABLE learnt (
  scope TEXT NOT NULL,
  name  TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;

-- One row.
CREATE TABLE state (epoch INTEGER NOT NULL) STRICT;
