package sqlitetest

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// locks are SQLite's five levels on a database file: many read, one of them may intend to write, and to write is to be alone.
// https://www.sqlite.org/lockingv3.html
type locks struct {
	levels map[*handle]int32
}

// raise gives h a level, or reports that others are in the way.
func (l *locks) raise(h *handle, level int32) bool {
	if l.levels == nil {
		l.levels = map[*handle]int32{}
	}
	highest, others := int32(0), 0
	for other, held := range l.levels {
		if other != h && held > sqlite3.SQLITE_LOCK_NONE {
			highest = max(highest, held)
			others++
		}
	}
	switch {
	case level <= l.levels[h]:
		return true
	case level == sqlite3.SQLITE_LOCK_SHARED && highest >= sqlite3.SQLITE_LOCK_PENDING,
		level > sqlite3.SQLITE_LOCK_SHARED && highest >= sqlite3.SQLITE_LOCK_RESERVED:
		return false
	case level == sqlite3.SQLITE_LOCK_EXCLUSIVE && others > 0:
		l.levels[h] = sqlite3.SQLITE_LOCK_PENDING
		return false
	}
	l.levels[h] = level
	return true
}

func (l *locks) lower(h *handle, level int32) {
	if level == sqlite3.SQLITE_LOCK_NONE {
		delete(l.levels, h)
		return
	}
	l.levels[h] = level
}

// reserved reports whether somebody intends to write.
func (l *locks) reserved() bool {
	for _, level := range l.levels {
		if level >= sqlite3.SQLITE_LOCK_RESERVED {
			return true
		}
	}
	return false
}

// sharedMemory is what the connections of a database in WAL mode share: the log's index, and its locks.
// It is no file here, and a power cut leaves nothing of it.
type sharedMemory struct {
	regions   []uintptr
	readers   [sqlite3.SQLITE_SHM_NLOCK]map[*handle]bool
	exclusive [sqlite3.SQLITE_SHM_NLOCK]*handle
}

// region is the address of a region of so many bytes; 0 if it is not there and may not be made.
func (s *sharedMemory) region(tls *libc.TLS, n, size int32, extend bool) uintptr {
	for len(s.regions) <= int(n) {
		if !extend {
			return 0
		}
		s.regions = append(s.regions, libc.Xcalloc(tls, 1, libc.Tsize_t(size))) //nolint:gosec // SQLite asks for 32 KiB
	}
	return s.regions[n]
}

// lock takes or gives back the locks from first on, all or none.
func (s *sharedMemory) lock(h *handle, first, count, flags int32) bool {
	if flags&sqlite3.SQLITE_SHM_UNLOCK != 0 {
		for i := first; i < first+count; i++ {
			delete(s.readers[i], h)
			if s.exclusive[i] == h {
				s.exclusive[i] = nil
			}
		}
		return true
	}
	alone := flags&sqlite3.SQLITE_SHM_EXCLUSIVE != 0
	for i := first; i < first+count; i++ {
		if s.busy(h, i, alone) {
			return false
		}
	}
	for i := first; i < first+count; i++ {
		if alone {
			s.exclusive[i] = h
			continue
		}
		if s.readers[i] == nil {
			s.readers[i] = map[*handle]bool{}
		}
		s.readers[i][h] = true
	}
	return true
}

func (s *sharedMemory) busy(h *handle, n int32, alone bool) bool {
	if s.exclusive[n] != nil && s.exclusive[n] != h {
		return true
	}
	others := len(s.readers[n])
	if s.readers[n][h] {
		others--
	}
	return alone && others > 0
}

// release gives back all that a connection has.
func (s *sharedMemory) release(h *handle) {
	s.lock(h, 0, sqlite3.SQLITE_SHM_NLOCK, sqlite3.SQLITE_SHM_UNLOCK)
}

// free gives the memory back.
func (s *sharedMemory) free(tls *libc.TLS) {
	for _, region := range s.regions {
		libc.Xfree(tls, region)
	}
	s.regions = nil
}
