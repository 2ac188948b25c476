package file

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
)

// ladder holds the rungs: schema/NNN.sql makes a file of version NNN of one of the version before. A rung that was released is never
// changed: files that have climbed it do not climb it again. 001 also meets files that were made before versions were counted, which have
// its tables and are of version 0.
//
//go:embed schema/*.sql
var ladder embed.FS

// rungs gives the statements of all rungs: those of the first make version 1. A file's version is in its user_version.
func rungs() ([]string, error) {
	names, err := fs.Glob(ladder, "schema/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	list := make([]string, len(names))
	for i, name := range names {
		if path.Base(name) != fmt.Sprintf("%03d.sql", i+1) {
			return nil, fmt.Errorf("%s is not the rung for version %d", name, i+1)
		}
		statements, err := ladder.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list[i] = string(statements)
	}
	return list, nil
}

// migrate brings the file up to the newest version, each rung in a transaction of its own: whatever happens, the file is of some version,
// and the next start goes on from there.
func migrate(ctx context.Context, conn *sql.Conn) error {
	steps, err := rungs()
	if err != nil {
		return err
	}
	var version int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	switch {
	case version < 0:
		return fmt.Errorf("%w (its version is %d)", ErrDamaged, version)
	case version > len(steps):
		return fmt.Errorf("%w (schema %d, this one reads up to %d)", ErrNewer, version, len(steps))
	}
	for _, statements := range steps[version:] {
		version++
		if err := climb(ctx, conn, statements, version); err != nil {
			return fmt.Errorf("bring the file to schema %d: %w", version, err)
		}
	}
	return nil
}

// climb takes one rung.
func climb(ctx context.Context, conn *sql.Conn, statements string, to int) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE;\n%s\n;PRAGMA user_version = %d; COMMIT", statements, to))
	if err != nil {
		// What failed may have ended the transaction, or have been its begin: then there is nothing to roll back.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
	}
	return err
}

// Newest is the newest version.
func Newest() (int, error) {
	steps, err := rungs()
	return len(steps), err
}

// Climb takes the rung to a version, from the one before it.
func Climb(ctx context.Context, conn *sql.Conn, to int) error {
	steps, err := rungs()
	if err != nil {
		return err
	}
	return climb(ctx, conn, steps[to-1], to)
}
