package file

import (
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
)

// TestReadsArePreparedOnce, by whoever comes first of many, and a query that is none fails each time.
func TestReadsArePreparedOnce(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "q.db"))
	defer closed(t, f)
	execute(t, f, `INSERT INTO meta VALUES ('a', 'one'), ('b', 'two')`)
	reads := NewReads(f.Readers)
	const query = `SELECT value FROM meta WHERE name = ?`
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			var value string
			if err := reads.One(t.Context(), query, []any{"b"}, &value); err != nil || value != "two" {
				t.Errorf("%q, %v", value, err)
			}
		})
	}
	asking.Wait()
	if n := len(reads.prepared); n != 1 {
		t.Errorf("%d statements prepared, want one", n)
	}
	for range 2 {
		var value string
		if err := reads.One(t.Context(), `SELECT nothing FROM nowhere`, nil, &value); err == nil {
			t.Error("a query that is none gives no error")
		}
		if rows, err := reads.QueryContext(t.Context(), `SELECT nothing FROM nowhere`); err == nil {
			t.Error("rows of a query that is none", rows.Err(), rows.Close())
		}
	}
	var value string
	if err := reads.One(t.Context(), query, []any{"c"}, &value); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("of what is not there: %q, %v", value, err)
	}
	rows, err := reads.QueryContext(t.Context(), `SELECT name FROM meta WHERE value IN ('one', 'two') ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var names string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names += name
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || names != "ab" {
		t.Errorf("%q, %v", names, err)
	}
	if err := reads.Close(); err != nil || len(reads.prepared) != 0 {
		t.Errorf("%d statements are left, %v", len(reads.prepared), err)
	}
}
