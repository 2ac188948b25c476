-- What is known of a contact over all of their conversations; few have a row.
CREATE TABLE IF NOT EXISTS contacts (
  account      INTEGER NOT NULL,
  contact      INTEGER NOT NULL,
  body         BLOB NOT NULL,
  PRIMARY KEY (account, contact)
) STRICT, WITHOUT ROWID;
