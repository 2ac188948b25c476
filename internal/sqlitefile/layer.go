package sqlitefile

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Layer is a file system for SQLite that seals and checks the pages of one database. Logs, journals and temporary files pass through it:
// the log has checksums of its own, which hold until SQLite has read it.
type Layer struct {
	name          string
	address, text uintptr // what SQLite knows of it
	inner         uintptr // the file system below

	mu sync.Mutex
	// main are the connections' files, in the order of their opening.
	main []*file
	// found are the pages that were not whole when they were read.
	found map[int64]Verdict
}

// What C code holds as a number: layers by the address of their file system, files by their own.
var (
	layers, files sync.Map
	numbers       atomic.Int64
)

// New puts a layer over the file system that SQLite knows by the name inner, the system's where it is empty.
func New(inner string) (*Layer, error) {
	tls := libc.NewTLS()
	defer tls.Close()
	l := &Layer{name: fmt.Sprintf("sqlitefile-%d", numbers.Add(1)), found: map[int64]Verdict{}}
	below := uintptr(0)
	if inner != "" {
		text, err := libc.CString(inner)
		if err != nil {
			return nil, fmt.Errorf("sqlitefile: %w", err)
		}
		defer libc.Xfree(tls, text)
		below = text
	}
	if l.inner = sqlite3.Xsqlite3_vfs_find(tls, below); l.inner == 0 {
		return nil, fmt.Errorf("sqlitefile: there is no file system %q", inner)
	}
	var err error
	if l.text, err = libc.CString(l.name); err != nil {
		return nil, fmt.Errorf("sqlitefile: %w", err)
	}
	l.address = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	outer := (*sqlite3.Tsqlite3_vfs)(at(l.address))
	*outer = *(*sqlite3.Tsqlite3_vfs)(at(l.inner))
	outer.FpNext, outer.FzName = 0, l.text
	method(&outer.FxOpen, xOpen)
	layers.Store(l.address, l)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, l.address, 0); rc != sqlite3.SQLITE_OK {
		l.Close()
		return nil, fmt.Errorf("sqlitefile: register: code %d", rc)
	}
	return l, nil
}

// Name is the value of "vfs" in a data source name.
func (l *Layer) Name() string { return l.name }

// Close makes SQLite forget the layer. No database may be open on it.
func (l *Layer) Close() {
	tls := libc.NewTLS()
	defer tls.Close()
	sqlite3.Xsqlite3_vfs_unregister(tls, l.address)
	layers.Delete(l.address)
	libc.Xfree(tls, l.address)
	libc.Xfree(tls, l.text)
}

// Sealed reports whether the pages of the open database are sealed.
func (l *Layer) Sealed() bool {
	f := l.first()
	return f != nil && f.sealed.Load()
}

// first is the file of the connection that has been open longest, nil where none is.
func (l *Layer) first() *file {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.main) == 0 {
		return nil
	}
	return l.main[0]
}

// Findings are the pages that were not whole when they were read, each counted once.
type Findings struct {
	Corrected, Unsealed, Damaged int
	// FirstDamaged is the lowest number of a damaged page, from 1 on; 0 if none is. Page n ends at byte n·PageSize.
	FirstDamaged int64
}

// Findings gives what was found since New or Forget, by SQLite's reading and by Scan.
func (l *Layer) Findings() Findings {
	l.mu.Lock()
	defer l.mu.Unlock()
	var f Findings
	for number, verdict := range l.found {
		switch verdict {
		case Corrected:
			f.Corrected++
		case Unsealed:
			f.Unsealed++
		case Damaged:
			if f.Damaged++; f.FirstDamaged == 0 || number < f.FirstDamaged {
				f.FirstDamaged = number
			}
		}
	}
	return f
}

// Forget begins Findings anew, after the file has been written anew.
func (l *Layer) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.found)
}

// check is Check, and remembers what it found.
func (l *Layer) check(page []byte, number int64) Verdict {
	verdict := Check(page, number)
	if verdict != Whole {
		l.note(number, verdict)
	}
	return verdict
}

func (l *Layer) note(number int64, verdict Verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found[number] = verdict
}
