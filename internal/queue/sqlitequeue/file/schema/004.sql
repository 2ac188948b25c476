-- What a turn was parked for last, as JSON, and whether it still holds its place.
ALTER TABLE turns ADD COLUMN parked BLOB;
