package sqlitefile

import (
	"path/filepath"
	"testing"
)

// BenchmarkScan looks at the pages of a file of about 64 MB, which the system has in memory.
func BenchmarkScan(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.db")
	l, err := New("")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	db := open(b, path, l)
	defer func() { _ = db.Close() }()
	execute(b, db, `CREATE TABLE t (body BLOB);
		INSERT INTO t SELECT randomblob(3000) FROM
			(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 16000) SELECT i FROM n);
		PRAGMA wal_checkpoint(TRUNCATE)`)
	for b.Loop() {
		scanned, err := l.Scan(b.Context())
		if err != nil || !scanned.All() || l.Findings() != (Findings{}) {
			b.Fatal(scanned, err, l.Findings())
		}
		b.SetBytes(scanned.Of * PageSize)
	}
}
