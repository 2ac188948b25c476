package sqlitefile

import (
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// file is a connection's database file.
type file struct {
	layer   *Layer
	address uintptr // SQLite's
	// inner is what the file system below does to it.
	inner  *sqlite3.Tsqlite3_io_methods
	sealed atomic.Bool
}

type (
	openFunc    = func(tls *libc.TLS, pVfs, zName, pFile uintptr, flags int32, pOutFlags uintptr) int32
	ioFunc      = func(tls *libc.TLS, pFile, zBuf uintptr, amount int32, offset sqlite3.Sqlite3_int64) int32
	controlFunc = func(tls *libc.TLS, pFile uintptr, op int32, pArg uintptr) int32
	sizeFunc    = func(tls *libc.TLS, pFile, pSize uintptr) int32
	closeFunc   = func(tls *libc.TLS, pFile uintptr) int32
)

// at is the memory at an address that SQLite gave: C memory, which the garbage collector does not move.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) } //nolint:gosec // SQLite's interface is so

// buffer is SQLite's own, of so many bytes.
func buffer(address uintptr, amount int32) []byte {
	return unsafe.Slice((*byte)(at(address)), amount) //nolint:gosec // SQLite says how long it is
}

// method puts a function of the package into a table of C functions, as the translated SQLite calls them; function takes one out.
func method[F any](slot *uintptr, f F) { *(*F)(unsafe.Pointer(slot)) = f } //nolint:gosec // so translated C calls Go

func function[F any](slot *uintptr) F { return *(*F)(unsafe.Pointer(slot)) } //nolint:gosec // so translated C calls Go

// tables has, for each table of methods that a file system below uses, ours. There are a handful, for as long as the process lives.
var tables struct {
	sync.Mutex
	ours map[uintptr]uintptr
}

// table is the methods below with those replaced that the layer does something in.
func table(tls *libc.TLS, inner uintptr) uintptr {
	tables.Lock()
	defer tables.Unlock()
	if ours, ok := tables.ours[inner]; ok {
		return ours
	}
	address := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	m := (*sqlite3.Tsqlite3_io_methods)(at(address))
	*m = *(*sqlite3.Tsqlite3_io_methods)(at(inner))
	m.FiVersion = min(m.FiVersion, 2) // version 3 maps files into memory, past the checksums
	method(&m.FxClose, xClose)
	method(&m.FxRead, xRead)
	method(&m.FxWrite, xWrite)
	method(&m.FxFileControl, xFileControl)
	if tables.ours == nil {
		tables.ours = map[uintptr]uintptr{}
	}
	tables.ours[inner] = address
	return address
}

func fileOf(pFile uintptr) *file {
	f, _ := files.Load(pFile)
	return f.(*file)
}

func xOpen(tls *libc.TLS, pVfs, zName, pFile uintptr, flags int32, pOutFlags uintptr) int32 {
	known, _ := layers.Load(pVfs)
	l := known.(*Layer)
	below := (*sqlite3.Tsqlite3_vfs)(at(l.inner))
	rc := function[openFunc](&below.FxOpen)(tls, l.inner, zName, pFile, flags, pOutFlags)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_MAIN_DB == 0 {
		return rc
	}
	head := (*sqlite3.Tsqlite3_file)(at(pFile))
	f := &file{layer: l, address: pFile, inner: (*sqlite3.Tsqlite3_io_methods)(at(head.FpMethods))}
	head.FpMethods = table(tls, head.FpMethods)
	files.Store(pFile, f)
	l.mu.Lock()
	l.main = append(l.main, f)
	l.mu.Unlock()
	f.learn(tls)
	return rc
}

// learn looks at the first page, before SQLite does, for whether pages are sealed: a bit may have flipped just there.
func (f *file) learn(tls *libc.TLS) {
	address := tls.Alloc(PageSize)
	defer tls.Free(PageSize)
	if f.read(tls, address, PageSize, 0) != sqlite3.SQLITE_OK {
		return
	}
	f.sealed.Store(hadSeals(buffer(address, PageSize)))
}

// read is that of the file system below.
func (f *file) read(tls *libc.TLS, zBuf uintptr, amount int32, offset int64) int32 {
	return function[ioFunc](&f.inner.FxRead)(tls, f.address, zBuf, amount, offset)
}

// xRead gives SQLITE_IOERR_DATA in place of what is damaged. SQLite reads pages, and parts of one: of the first before it knows their
// size, of others where a long value goes on in them.
func xRead(tls *libc.TLS, pFile, zBuf uintptr, amount int32, offset sqlite3.Sqlite3_int64) int32 {
	f := fileOf(pFile)
	within := offset % PageSize
	switch {
	case !f.sealed.Load() || within+int64(amount) > PageSize:
		return f.read(tls, zBuf, amount, offset)
	case amount == PageSize:
		return f.readPage(tls, zBuf, offset)
	}
	address := tls.Alloc(PageSize)
	defer tls.Free(PageSize)
	rc := f.readPage(tls, address, offset-within)
	switch {
	case rc == sqlite3.SQLITE_OK:
		copy(buffer(zBuf, amount), buffer(address, PageSize)[within:])
	case rc != sqlite3.SQLITE_IOERR_DATA || offset < PageSize:
		// A first page that is damaged here may be whole in the log, after a power cut. That is decided when SQLite reads all of it.
		return f.read(tls, zBuf, amount, offset)
	}
	return rc
}

// readPage gives SQLite a page that is whole, or SQLITE_IOERR_DATA.
func (f *file) readPage(tls *libc.TLS, zBuf uintptr, offset int64) int32 {
	number := offset/PageSize + 1
	page := buffer(zBuf, PageSize)
	rc := f.read(tls, zBuf, PageSize, offset)
	if rc == sqlite3.SQLITE_IOERR_SHORT_READ && f.size(tls) > offset {
		// SQLite takes what was cut off for zeros.
		f.layer.note(number, Damaged)
		return sqlite3.SQLITE_IOERR_DATA
	}
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	if f.layer.check(page, number) == Damaged {
		return sqlite3.SQLITE_IOERR_DATA
	}
	unseal(page, number)
	return rc
}

// size is the file's, in bytes; 0 where it cannot be known.
func (f *file) size(tls *libc.TLS) int64 {
	address := tls.Alloc(8)
	defer tls.Free(8)
	if function[sizeFunc](&f.inner.FxFileSize)(tls, f.address, address) != sqlite3.SQLITE_OK {
		return 0
	}
	return *(*int64)(at(address))
}

// xWrite seals pages. What SQLite gives is its own copy of the page, and it has it back as it was.
func xWrite(tls *libc.TLS, pFile, zBuf uintptr, amount int32, offset sqlite3.Sqlite3_int64) int32 {
	f := fileOf(pFile)
	write := function[ioFunc](&f.inner.FxWrite)
	if !isPage(amount, offset) {
		return write(tls, pFile, zBuf, amount, offset)
	}
	page, number := buffer(zBuf, amount), offset/PageSize+1
	if number == 1 {
		f.sealed.Store(hasSeals(page))
	}
	if !f.sealed.Load() {
		return write(tls, pFile, zBuf, amount, offset)
	}
	seal(page, number)
	defer unseal(page, number)
	return write(tls, pFile, zBuf, amount, offset)
}

// xFileControl has each connection ask for the reserved bytes: a database that is made, or made anew by VACUUM, has them.
func xFileControl(tls *libc.TLS, pFile uintptr, op int32, pArg uintptr) int32 {
	if op == sqlite3.SQLITE_FCNTL_PDB {
		size := tls.Alloc(4)
		defer tls.Free(4)
		*(*int32)(at(size)) = sealSize
		sqlite3.Xsqlite3_file_control(tls, *(*uintptr)(at(pArg)), 0, sqlite3.SQLITE_FCNTL_RESERVE_BYTES, size)
	}
	return function[controlFunc](&fileOf(pFile).inner.FxFileControl)(tls, pFile, op, pArg)
}

func xClose(tls *libc.TLS, pFile uintptr) int32 {
	f := fileOf(pFile)
	files.Delete(pFile)
	f.layer.mu.Lock()
	f.layer.main = slices.DeleteFunc(f.layer.main, func(other *file) bool { return other == f })
	f.layer.mu.Unlock()
	return function[closeFunc](&f.inner.FxClose)(tls, pFile)
}

func isPage(amount int32, offset int64) bool { return amount == PageSize && offset%PageSize == 0 }
