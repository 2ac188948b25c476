-- missed is 1 for a record whose message the bot missed; few do, and they are looked for by themselves.
ALTER TABLE records ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
UPDATE records SET missed = 1 WHERE CASE WHEN json_valid(CAST(body AS TEXT))
  THEN json_extract(CAST(body AS TEXT), '$.outcome') IN ('not_known', 'handed_over') ELSE 0 END;
CREATE INDEX records_missed ON records (at) WHERE missed = 1;
