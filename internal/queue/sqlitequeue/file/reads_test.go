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
	statement := reads.prepared[query]
	if err := reads.Close(); err != nil || len(reads.prepared) != 0 {
		t.Errorf("%d statements are left, %v", len(reads.prepared), err)
	}
	if rows, err := statement.QueryContext(t.Context(), "a"); err == nil {
		t.Error("a statement outlives the close", rows.Err(), rows.Close())
	}
	if !reads.mu.TryLock() {
		t.Fatal("it is locked after the close")
	}
	reads.mu.Unlock()
	if err := reads.One(t.Context(), query, []any{"a"}, &value); err != nil || value != "one" {
		t.Errorf("prepared anew: %q, %v", value, err)
	}
	if err := reads.Close(); err != nil {
		t.Error(err)
	}
}

// TestReadingThatStopsGivesItsConnectionBack: at a row that its caller refuses, at one that cannot be computed, and at the end.
func TestReadingThatStopsGivesItsConnectionBack(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "q.db"))
	defer closed(t, f)
	reads := NewReads(f.Readers)
	defer func() {
		if err := reads.Close(); err != nil {
			t.Error(err)
		}
	}()
	refused := errors.New("refused")
	for query, test := range map[string]struct {
		rows    int
		refuses error
	}{
		`SELECT value FROM json_each('["a", "b", "c"]')`:                              {3, nil},
		`SELECT value FROM json_each('["d", "e"]')`:                                   {1, refused},
		`SELECT iif(value = 'g', json('broken'), value) FROM json_each('["f", "g"]')`: {1, nil},
	} {
		seen := 0
		err := reads.Each(t.Context(), query, nil, func(scan func(into ...any) error) error {
			var value string
			seen++
			return errors.Join(scan(&value), test.refuses)
		})
		fails := test.refuses != nil || test.rows == 1
		if seen != test.rows || (err != nil) != fails || test.refuses != nil && !errors.Is(err, refused) {
			t.Errorf("%s: %d rows, %v", query, seen, err)
		}
		if n := f.Readers.Stats().InUse; n != 0 {
			t.Errorf("%s: %d connections are in use", query, n)
		}
	}
}
