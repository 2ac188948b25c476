-- Versions of bots' configurations; the one with the highest number is current. of_number is the version whose content it has, 0 for new content.
CREATE TABLE bots (
  bot       TEXT NOT NULL,
  number    INTEGER NOT NULL,
  at        INTEGER NOT NULL,           -- unix nanoseconds
  author    TEXT NOT NULL,
  why       TEXT NOT NULL,
  of_number INTEGER NOT NULL,
  content   BLOB NOT NULL,
  PRIMARY KEY (bot, number)
) STRICT;
