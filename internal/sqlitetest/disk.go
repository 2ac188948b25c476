// Package sqlitetest is a disk for tests: a SQLite VFS in memory that knows what was synced, so that a test can cut the power and
// open what a disk would hold then.
package sqlitetest

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

// sector is what a disk writes whole, in bytes: a write under way at a power cut ends at the end of one.
const sector = 512

// Disk is a file system of one machine. It is safe for concurrent use.
type Disk struct {
	name       string
	unregister func()

	mu      sync.Mutex
	files   map[string]*file // by name
	durable map[string]*file // what the directory on the platter names
	writes  int
	onWrite func(n int)
	fails   func(a Access, name string) bool
}

// Access is what SQLite does to a file.
type Access string

// What may fail.
const (
	Read     Access = "read"
	Write    Access = "write"
	Truncate Access = "truncate"
	Sync     Access = "sync"
)

// file is the content of a file as processes see it, and as it is on the platter.
type file struct {
	now     []byte
	platter []byte
	pending []change // since the last sync, in order

	locks  locks
	shared *sharedMemory
}

// change is a write at an offset, or, with nil data, a truncation to it.
type change struct {
	offset int64
	data   []byte
}

// NewDisk makes an empty disk, and registers it with SQLite under a name of its own until Close.
func NewDisk() *Disk {
	d := &Disk{files: map[string]*file{}, durable: map[string]*file{}}
	d.name, d.unregister = register(d)
	return d
}

// Close makes SQLite forget the disk. No database may be open on it.
func (d *Disk) Close() { d.unregister() }

// VFS is the name under which SQLite knows the disk: the value of "vfs" in a data source name.
func (d *Disk) VFS() string { return d.name }

// OnWrite has f called after every write, truncation and sync with how many there were. f may call PowerCut; it must not touch the
// database.
func (d *Disk) OnWrite(f func(n int)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onWrite = f
}

// Fail has every access fail of which fails says so, as on a disk that breaks; nil: none. fails may take its time: so does the disk then.
func (d *Disk) Fail(fails func(a Access, name string) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = fails
}

// failing reports whether an access to a file fails.
func (d *Disk) failing(a Access, name string) bool {
	d.mu.Lock()
	fails := d.fails
	d.mu.Unlock()
	return fails != nil && fails(a, name)
}

// Writes is how many writes, truncations and syncs there were.
func (d *Disk) Writes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// PowerCut is a new disk with what this one would hold if the power failed now: all that was synced, and of each later write all,
// nothing, or some of its sectors, as r decides - in any order, as disks do. This disk is left as it is.
func (d *Disk) PowerCut(r *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := NewDisk()
	// In the order of names: the same seed gives the same disk.
	for _, name := range slices.Sorted(maps.Keys(d.durable)) {
		left.put(name, d.durable[name].afterCut(r))
	}
	// A file that was made and never synced may have reached the directory all the same.
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		if _, ok := d.durable[name]; !ok && r.IntN(2) == 0 {
			left.put(name, d.files[name].afterCut(r))
		}
	}
	return left
}

// Copy is a new disk with the same files, all synced: what a killed process leaves.
func (d *Disk) Copy() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := NewDisk()
	for name, f := range d.files {
		c.put(name, slices.Clone(f.now))
	}
	return c
}

// Put makes a file with a content that is on the platter, or replaces it. No database may be open on the file.
func (d *Disk) Put(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(name, slices.Clone(content))
}

// Edit replaces a file's content, as damage to a disk does. It reports whether the file is there.
func (d *Disk) Edit(name string, edit func([]byte) []byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, ok := d.files[name]
	if ok {
		d.put(name, edit(slices.Clone(f.now)))
	}
	return ok
}

// Names are the files' names, sorted.
func (d *Disk) Names() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.files))
}

func (d *Disk) put(name string, content []byte) {
	f := &file{now: content, platter: slices.Clone(content)}
	d.files[name], d.durable[name] = f, f
}

// open finds a file, or makes it.
func (d *Disk) open(name string, create bool) (*file, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, ok := d.files[name]
	if !ok && create {
		f, ok = &file{}, true
		d.files[name] = f
	}
	return f, ok
}

// remove deletes a file. Without durably it may be back after a power cut.
func (d *Disk) remove(name string, durably bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.files[name]
	delete(d.files, name)
	if durably {
		delete(d.durable, name)
	}
	return ok
}

func (d *Disk) exists(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.files[name]
	return ok
}

// apply does a change to a file, and remembers that it is not synced.
func (d *Disk) apply(f *file, c change) {
	d.change(func() {
		f.now = c.to(f.now)
		f.pending = append(f.pending, c)
	})
}

// sync puts a file on the platter. For one that is new it syncs the directory, too, with all that was made and deleted in it: so
// does SQLite's own VFS for the logs and journals it makes (UNIXFILE_DIRSYNC in os_unix.c).
func (d *Disk) sync(f *file) {
	d.change(func() {
		for _, c := range f.pending {
			f.platter = c.to(f.platter)
		}
		f.pending = nil
		if !d.named(f) {
			d.durable = maps.Clone(d.files)
		}
	})
}

// named reports whether the directory on the platter has a file.
func (d *Disk) named(f *file) bool {
	for _, durable := range d.durable {
		if durable == f {
			return true
		}
	}
	return false
}

func (d *Disk) change(do func()) {
	d.mu.Lock()
	do()
	d.writes++
	n, tell := d.writes, d.onWrite
	d.mu.Unlock()
	if tell != nil {
		tell(n)
	}
}

// to is content with the change done to it.
func (c change) to(content []byte) []byte {
	if c.data == nil {
		return resized(content, c.offset)
	}
	content = resized(content, max(int64(len(content)), c.offset+int64(len(c.data))))
	copy(content[c.offset:], c.data)
	return content
}

// resized is content cut off or filled up with zeros. What must grow gets twice its size, since a log grows page by page.
func resized(content []byte, size int64) []byte {
	if size > int64(cap(content)) {
		content = append(make([]byte, 0, max(2*size, 16<<10)), content...)
	}
	old := len(content)
	content = content[:size]
	if size > int64(old) {
		clear(content[old:])
	}
	return content
}

// afterCut is what the platter holds when the power fails.
func (f *file) afterCut(r *rand.Rand) []byte {
	content := slices.Clone(f.platter)
	for _, c := range f.pending {
		switch r.IntN(3) {
		case 0: // lost
		case 1:
			content = c.to(content)
		default:
			content = c.torn(content, r)
		}
	}
	return content
}

// torn writes some of the change's sectors.
func (c change) torn(content []byte, r *rand.Rand) []byte {
	for start := 0; start < len(c.data); {
		end := min(len(c.data), start+sector-int((c.offset+int64(start))%sector))
		if r.IntN(2) == 0 {
			content = change{c.offset + int64(start), c.data[start:end]}.to(content)
		}
		start = end
	}
	return content
}
