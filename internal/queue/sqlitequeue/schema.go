package sqlitequeue

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed schema.sql
var schema string

// schemaVersion is the file's user_version. The statements of the schema leave alone what is there, so they make version 2, which has
// contacts, of version 1.
const schemaVersion = 2

// migrate brings the file's schema up to schemaVersion.
func migrate(ctx context.Context, conn *sql.Conn) error {
	var version int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > schemaVersion {
		return fmt.Errorf("%w (schema %d, this one reads up to %d)", ErrNewer, version, schemaVersion)
	}
	if version == schemaVersion {
		return nil
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT", schema, schemaVersion))
	return err
}

// diagnosed adds ErrDamaged to SQLite's ways of saying so.
func diagnosed(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return err
}
