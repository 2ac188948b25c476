package file

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
)

// bare gives a connection to an empty file, which nothing has brought up.
func bare(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "bare.db"))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func number(t *testing.T, conn *sql.Conn, query string) (n int) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEachRungMakesItsVersion of a file of the version before.
func TestEachRungMakesItsVersion(t *testing.T) {
	newest, err := Newest()
	if err != nil {
		t.Fatal(err)
	}
	conn := bare(t)
	for to := 1; to <= newest; to++ {
		if err := Climb(t.Context(), conn, to); err != nil {
			t.Fatal(err)
		}
		if got := number(t, conn, `PRAGMA user_version`); got != to {
			t.Errorf("rung %d made version %d", to, got)
		}
	}
}

// TestARungThatBreaksLeavesNothing: neither a part of it nor its transaction, also where the start was given up meanwhile.
func TestARungThatBreaksLeavesNothing(t *testing.T) {
	conn := bare(t)
	ended, end := context.WithCancel(t.Context())
	end()
	for _, ctx := range []context.Context{t.Context(), ended} {
		if err := climb(ctx, conn, `CREATE TABLE half (a); SELECT nothing FROM nowhere`, 7); err == nil {
			t.Error("a rung that breaks is no error")
		}
		if n := number(t, conn, `SELECT count(*) FROM sqlite_master`); n != 0 || number(t, conn, `PRAGMA user_version`) != 0 {
			t.Errorf("%d tables are left", n)
		}
	}
	if _, err := conn.ExecContext(t.Context(), `BEGIN IMMEDIATE; COMMIT`); err != nil {
		t.Errorf("the transaction of the rung is still open: %v", err)
	}
}
