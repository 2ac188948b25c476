package sqlitetest

import (
	"fmt"
	"path/filepath"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// handle is an open file of a connection.
type handle struct {
	disk *Disk
	file *file
	name string
	// throwaway reports whether the file goes when it is closed.
	throwaway bool
}

// osFile is what SQLite allocates for each open file: its own header, and our handle's number.
type osFile struct {
	methods uintptr
	handle  uintptr
}

// numbers gives what C code holds as a number.
type numbers[T any] struct {
	mu    sync.Mutex
	last  uintptr
	known map[uintptr]T
}

func (n *numbers[T]) add(v T) uintptr {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	if n.known == nil {
		n.known = map[uintptr]T{}
	}
	n.known[n.last] = v
	return n.last
}

func (n *numbers[T]) get(number uintptr) T {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known[number]
}

func (n *numbers[T]) drop(number uintptr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.known, number)
}

var (
	disks   numbers[*Disk]
	handles numbers[*handle]

	// methods is SQLite's table of what can be done to an open file; fill puts Go functions there.
	methods = sync.OnceValue(func() uintptr {
		tls := libc.NewTLS()
		defer tls.Close()
		table := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
		m := (*sqlite3.Tsqlite3_io_methods)(at(table))
		m.FiVersion = 2
		method(&m.FxClose, xClose)
		method(&m.FxRead, xRead)
		method(&m.FxWrite, xWrite)
		method(&m.FxTruncate, xTruncate)
		method(&m.FxSync, xSync)
		method(&m.FxFileSize, xFileSize)
		method(&m.FxLock, xLock)
		method(&m.FxUnlock, xUnlock)
		method(&m.FxCheckReservedLock, xCheckReservedLock)
		method(&m.FxFileControl, xFileControl)
		method(&m.FxSectorSize, xSectorSize)
		method(&m.FxDeviceCharacteristics, xDeviceCharacteristics)
		method(&m.FxShmMap, xShmMap)
		method(&m.FxShmLock, xShmLock)
		method(&m.FxShmBarrier, xShmBarrier)
		method(&m.FxShmUnmap, xShmUnmap)
		return table
	})
)

// at is the memory at an address that SQLite gave: C memory, which the garbage collector does not move.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) } //nolint:gosec // SQLite's interface is so

// buffer is SQLite's own, of so many bytes.
func buffer(address uintptr, amount int32) []byte {
	return unsafe.Slice((*byte)(at(address)), amount) //nolint:gosec // SQLite says how long it is
}

// method puts a function of the package into a table of C functions, as the translated SQLite calls them.
func method[F any](slot *uintptr, f F) { *(*F)(unsafe.Pointer(slot)) = f } //nolint:gosec // so translated C calls Go

// register makes the disk known to SQLite; it gives its name there and what undoes it.
func register(d *Disk) (name string, undo func()) {
	tls := libc.NewTLS()
	defer tls.Close()
	number := disks.add(d)
	name = fmt.Sprintf("sqlitetest-%d", number)
	zName, err := libc.CString(name)
	if err != nil {
		panic(err)
	}
	address := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	v := (*sqlite3.Tsqlite3_vfs)(at(address))
	// Time, randomness and the like are the system's.
	*v = *(*sqlite3.Tsqlite3_vfs)(at(sqlite3.Xsqlite3_vfs_find(tls, 0)))
	v.FiVersion, v.FszOsFile, v.FpNext, v.FzName, v.FpAppData = 2, int32(unsafe.Sizeof(osFile{})), 0, zName, number
	method(&v.FxOpen, xOpen)
	method(&v.FxDelete, xDelete)
	method(&v.FxAccess, xAccess)
	method(&v.FxFullPathname, xFullPathname)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, address, 0); rc != sqlite3.SQLITE_OK {
		panic(fmt.Sprintf("sqlitetest: register: %d", rc))
	}
	return name, func() {
		tls := libc.NewTLS()
		defer tls.Close()
		sqlite3.Xsqlite3_vfs_unregister(tls, address)
		disks.drop(number)
		libc.Xfree(tls, address)
		libc.Xfree(tls, zName)
	}
}

func diskOf(pVfs uintptr) *Disk { return disks.get((*sqlite3.Tsqlite3_vfs)(at(pVfs)).FpAppData) }

func handleOf(pFile uintptr) *handle { return handles.get((*osFile)(at(pFile)).handle) }

// base is a file's name without its folder: a disk has one.
func base(zName uintptr) string { return filepath.Base(libc.GoString(zName)) }

func xOpen(_ *libc.TLS, pVfs, zName, pFile uintptr, flags int32, pOutFlags uintptr) int32 {
	h := &handle{disk: diskOf(pVfs), throwaway: zName == 0 || flags&sqlite3.SQLITE_OPEN_DELETEONCLOSE != 0}
	f := (*osFile)(at(pFile))
	*f = osFile{}
	if zName == 0 {
		h.file = &file{}
	} else {
		h.name = base(zName)
		found, ok := h.disk.open(h.name, flags&sqlite3.SQLITE_OPEN_CREATE != 0)
		if !ok {
			return sqlite3.SQLITE_CANTOPEN
		}
		h.file = found
	}
	*f = osFile{methods: methods(), handle: handles.add(h)}
	if pOutFlags != 0 {
		*(*int32)(at(pOutFlags)) = flags
	}
	return sqlite3.SQLITE_OK
}

func xClose(_ *libc.TLS, pFile uintptr) int32 {
	h := handleOf(pFile)
	if h.throwaway && h.name != "" {
		h.disk.remove(h.name, true)
	}
	h.locked(func() { h.file.locks.lower(h, sqlite3.SQLITE_LOCK_NONE) })
	handles.drop((*osFile)(at(pFile)).handle)
	return sqlite3.SQLITE_OK
}

// locked runs do while nobody else touches the disk.
func (h *handle) locked(do func()) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	do()
}

func xRead(_ *libc.TLS, pFile, zBuf uintptr, amount int32, offset sqlite3.Sqlite3_int64) int32 {
	h, to, n := handleOf(pFile), buffer(zBuf, amount), 0
	if h.disk.failing(Read, h.name) {
		return sqlite3.SQLITE_IOERR_READ
	}
	h.locked(func() {
		if offset < int64(len(h.file.now)) {
			n = copy(to, h.file.now[offset:])
		}
	})
	if n < len(to) {
		clear(to[n:])
		return sqlite3.SQLITE_IOERR_SHORT_READ
	}
	return sqlite3.SQLITE_OK
}

func xWrite(_ *libc.TLS, pFile, zBuf uintptr, amount int32, offset sqlite3.Sqlite3_int64) int32 {
	h := handleOf(pFile)
	if h.disk.failing(Write, h.name) {
		return sqlite3.SQLITE_IOERR_WRITE
	}
	h.disk.apply(h.file, change{offset, append([]byte{}, buffer(zBuf, amount)...)})
	return sqlite3.SQLITE_OK
}

func xTruncate(_ *libc.TLS, pFile uintptr, size sqlite3.Sqlite3_int64) int32 {
	h := handleOf(pFile)
	if h.disk.failing(Truncate, h.name) {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	h.disk.apply(h.file, change{offset: size})
	return sqlite3.SQLITE_OK
}

func xSync(_ *libc.TLS, pFile uintptr, _ int32) int32 {
	h := handleOf(pFile)
	if h.disk.failing(Sync, h.name) {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	h.disk.sync(h.file)
	return sqlite3.SQLITE_OK
}

func xFileSize(_ *libc.TLS, pFile, pSize uintptr) int32 {
	h := handleOf(pFile)
	h.locked(func() { *(*int64)(at(pSize)) = int64(len(h.file.now)) })
	return sqlite3.SQLITE_OK
}

func xLock(_ *libc.TLS, pFile uintptr, level int32) int32 {
	h, rc := handleOf(pFile), int32(sqlite3.SQLITE_OK)
	h.locked(func() {
		if !h.file.locks.raise(h, level) {
			rc = sqlite3.SQLITE_BUSY
		}
	})
	return rc
}

func xUnlock(_ *libc.TLS, pFile uintptr, level int32) int32 {
	h := handleOf(pFile)
	h.locked(func() { h.file.locks.lower(h, level) })
	return sqlite3.SQLITE_OK
}

func xCheckReservedLock(_ *libc.TLS, pFile, pResOut uintptr) int32 {
	h := handleOf(pFile)
	h.locked(func() { *(*int32)(at(pResOut)) = libc.Bool32(h.file.locks.reserved()) })
	return sqlite3.SQLITE_OK
}

func xFileControl(_ *libc.TLS, _ uintptr, _ int32, _ uintptr) int32 { return sqlite3.SQLITE_NOTFOUND }

func xSectorSize(_ *libc.TLS, _ uintptr) int32 { return sector }

// xDeviceCharacteristics promises nothing: not that a sector's neighbour survives, nor that writes come in order.
func xDeviceCharacteristics(_ *libc.TLS, _ uintptr) int32 { return 0 }

func xShmMap(tls *libc.TLS, pFile uintptr, region, size, extend int32, pp uintptr) int32 {
	h := handleOf(pFile)
	h.locked(func() {
		if h.file.shared == nil {
			h.file.shared = &sharedMemory{}
		}
		*(*uintptr)(at(pp)) = h.file.shared.region(tls, region, size, extend != 0)
	})
	return sqlite3.SQLITE_OK
}

func xShmLock(_ *libc.TLS, pFile uintptr, first, count, flags int32) int32 {
	h, rc := handleOf(pFile), int32(sqlite3.SQLITE_OK)
	h.locked(func() {
		if !h.file.shared.lock(h, first, count, flags) {
			rc = sqlite3.SQLITE_BUSY
		}
	})
	return rc
}

// xShmBarrier orders memory: a lock taken and given back does.
func xShmBarrier(_ *libc.TLS, pFile uintptr) { handleOf(pFile).locked(func() {}) }

func xShmUnmap(tls *libc.TLS, pFile uintptr, deleteIt int32) int32 {
	h := handleOf(pFile)
	h.locked(func() {
		if h.file.shared == nil {
			return
		}
		h.file.shared.release(h)
		if deleteIt != 0 {
			h.file.shared.free(tls)
			h.file.shared = nil
		}
	})
	return sqlite3.SQLITE_OK
}

func xDelete(_ *libc.TLS, pVfs, zPath uintptr, dirSync int32) int32 {
	if !diskOf(pVfs).remove(base(zPath), dirSync != 0) {
		return sqlite3.SQLITE_IOERR_DELETE_NOENT
	}
	return sqlite3.SQLITE_OK
}

func xAccess(_ *libc.TLS, pVfs, zPath uintptr, _ int32, pResOut uintptr) int32 {
	*(*int32)(at(pResOut)) = libc.Bool32(diskOf(pVfs).exists(base(zPath)))
	return sqlite3.SQLITE_OK
}

func xFullPathname(tls *libc.TLS, _, zPath uintptr, size int32, zOut uintptr) int32 {
	libc.Xstrncpy(tls, zOut, zPath, libc.Tsize_t(size)) //nolint:gosec // the length of a path
	return sqlite3.SQLITE_OK
}
