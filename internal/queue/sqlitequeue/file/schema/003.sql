-- The journal: what turns do outside of the store, numbered from 1 in each. result is NULL until it is known. Dead turns have theirs with them.
CREATE TABLE calls (
  turn   TEXT NOT NULL,
  number INTEGER NOT NULL,
  intent BLOB NOT NULL,
  result BLOB,
  PRIMARY KEY (turn, number)
) STRICT, WITHOUT ROWID;
