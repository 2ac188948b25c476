package sqlitefile

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// chunk is how many pages Scan reads at once.
const chunk = 64

// lockPage holds the bytes that SQLite locks, at 1 GiB. It is never written.
const lockPage = 1<<30/PageSize + 1

// Scanned is how much of a file was looked at, in pages.
type Scanned struct{ Pages, Of int64 }

// All reports whether the whole file was.
func (s Scanned) All() bool { return s.Pages == s.Of }

// enough is how many damaged pages end a scan. Each takes some hundredths of a second, since its flipped bit is looked for.
const enough = 20

// Scan looks at all pages of the open database, until ctx ends or many are damaged: what it found is in Findings. The log must be empty and
// nobody at work, since a page that a power cut tore is whole in the log alone.
func (l *Layer) Scan(ctx context.Context) (Scanned, error) {
	f := l.first()
	if f == nil || !f.sealed.Load() {
		return Scanned{}, errors.New("sqlitefile: no database with checksums is open")
	}
	tls := libc.NewTLS()
	defer tls.Close()
	size := f.size(tls)
	done := Scanned{Of: size / PageSize}
	if size%PageSize != 0 {
		l.note(done.Of+1, Damaged)
	}
	address := libc.Xmalloc(tls, chunk*PageSize)
	defer libc.Xfree(tls, address)
	damaged := 0
	for done.Pages < done.Of && ctx.Err() == nil && damaged < enough {
		pages := min(chunk, done.Of-done.Pages)
		amount := int32(pages * PageSize) //nolint:gosec // a chunk at most
		if rc := f.read(tls, address, amount, done.Pages*PageSize); rc != sqlite3.SQLITE_OK {
			return done, fmt.Errorf("sqlitefile: read from page %d on: code %d", done.Pages+1, rc)
		}
		content := buffer(address, amount)
		for ; len(content) > 0 && damaged < enough; content = content[PageSize:] {
			if done.Pages++; done.Pages != lockPage && l.check(content[:PageSize], done.Pages) == Damaged {
				damaged++
			}
		}
	}
	return done, nil
}
