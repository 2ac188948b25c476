package embedding

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// Kept are vectors that were made, in a file, so that no server is asked for them again. A process that finds the file in use by another
// reads what is there and keeps its own in memory. Where they become many, those go that nobody has asked for in a day. It is safe for
// concurrent use.
//
// A record is a key of 16 bytes, the vector's size in two, its numbers, and a checksum of all of it in four.
type Kept struct {
	// fails is told what keeps vectors from being written, once until it is over. They are in memory all the same.
	fails func(error)

	mutex   sync.RWMutex
	vectors map[key]*keptVector
	// most is how many there may be before unused ones go, bound the least that it is.
	most, bound int
	now         func() time.Time
	path        string
	// file is nil where another process has it; lock is held as long as the file.
	file *os.File
	lock *flock.Flock
	end  int64
	// failing reports whether the last vector could not be written.
	failing bool
}

// keptVector is a vector, and when it was read, made or asked for last, in seconds.
type keptVector struct {
	Vector
	used atomic.Int64
}

const (
	keptHead = 16 + 2
	keptTail = 4
	// mostKept vectors are enough for the passages of several versions.
	mostKept = 400_000
	// unused is for how long a vector is kept that nobody asks for. Every version of a bot asks for all of its own.
	unused = 24 * time.Hour
)

// KeepInMemory keeps vectors for as long as the process runs.
func KeepInMemory() *Kept {
	return &Kept{vectors: map[key]*keptVector{}, most: mostKept, bound: mostKept, now: time.Now, fails: func(error) {}}
}

// OpenKept reads a file of vectors, or begins it. What follows damage is dropped: it is asked for again. fails is told, once until it is
// over, what keeps new ones from being written, such as a full disk.
func OpenKept(path string, fails func(error)) (*Kept, error) {
	k := KeepInMemory()
	k.path, k.lock, k.fails = path, flock.New(path+".lock"), fails
	own, err := k.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("embedding: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), k.lock.Unlock())
	}
	if k.end, err = k.read(bufio.NewReaderSize(file, 1<<20)); err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), file.Close(), k.lock.Unlock())
	}
	if !own {
		return k, file.Close()
	}
	k.file = file
	if err := file.Truncate(k.end); err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), k.Close())
	}
	return k, nil
}

// read takes records in as far as they are whole, and gives where they end.
func (k *Kept) read(in io.Reader) (end int64, err error) {
	for {
		head := make([]byte, keptHead)
		if _, err := io.ReadFull(in, head); err != nil {
			return end, unlessEnd(err)
		}
		rest := make([]byte, int(binary.LittleEndian.Uint16(head[16:]))+keptTail)
		if _, err := io.ReadFull(in, rest); err != nil {
			return end, unlessEnd(err)
		}
		packed := rest[:len(rest)-keptTail]
		sum := crc32.Update(crc32.ChecksumIEEE(head), crc32.IEEETable, packed)
		if sum != binary.LittleEndian.Uint32(rest[len(packed):]) {
			return end, nil
		}
		k.keep(key(head[:16]), Unpack(packed))
		end += int64(len(head) + len(rest))
	}
}

// unlessEnd is an error that is not the end of a file.
func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

func (k *Kept) get(of key) (Vector, bool) {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	v, ok := k.vectors[of]
	if !ok {
		return Vector{}, false
	}
	v.used.Store(k.now().Unix())
	return v.Vector, true
}

func (k *Kept) keep(of key, v Vector) {
	kept := &keptVector{Vector: v}
	kept.used.Store(k.now().Unix())
	k.vectors[of] = kept
}

// put keeps a vector, in memory at least.
func (k *Kept) put(of key, v Vector) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.keep(of, v)
	var err error
	if len(k.vectors) > k.most {
		err = k.trim()
	} else {
		err = k.write(of, v)
	}
	if err != nil && !k.failing {
		k.fails(fmt.Errorf("embedding: %w", err))
	}
	k.failing = err != nil
}

// write puts a record behind the others. One that was begun and not ended is written over by the next.
func (k *Kept) write(of key, v Vector) error {
	if k.file == nil || len(v.bytes) >= 1<<16 {
		return nil
	}
	record := append(make([]byte, 0, keptHead+len(v.bytes)+keptTail), of[:]...)
	record = binary.LittleEndian.AppendUint16(record, uint16(len(v.bytes))) //nolint:gosec // less than 1<<16
	record = append(record, v.Pack()...)
	record = binary.LittleEndian.AppendUint32(record, crc32.ChecksumIEEE(record))
	if _, err := k.file.WriteAt(record, k.end); err != nil {
		return err
	}
	k.end += int64(len(record))
	return nil
}

// trim drops the vectors that are not used, and writes the others into a new file. Where most are used there may be more from then on.
func (k *Kept) trim() error {
	before := k.now().Add(-unused).Unix()
	maps.DeleteFunc(k.vectors, func(_ key, v *keptVector) bool { return v.used.Load() < before })
	k.most = max(k.bound, 2*len(k.vectors))
	if k.file == nil {
		return nil
	}
	file, err := os.OpenFile(k.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	old, end := k.file, k.end
	k.file, k.end = file, 0
	for of, v := range k.vectors {
		if err = k.write(of, v.Vector); err != nil {
			break
		}
	}
	if err == nil {
		err = os.Rename(k.path+".new", k.path)
	}
	if err != nil {
		k.file, k.end = old, end
		return errors.Join(err, file.Close(), os.Remove(k.path+".new"))
	}
	return old.Close()
}

// Close lets the file go.
func (k *Kept) Close() error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	var err error
	if k.file != nil {
		err, k.file = k.file.Close(), nil
	}
	if k.lock == nil {
		return err
	}
	return errors.Join(err, k.lock.Unlock())
}
