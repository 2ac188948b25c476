package embedding

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sync"

	"github.com/gofrs/flock"
)

// Kept are vectors that were made, in a file, so that no server is asked for them again. A process that finds the file in use by another
// reads what is there and keeps its own in memory. It is safe for concurrent use.
//
// A record is a key of 16 bytes, the vector's size in two, its numbers, and a checksum of all of it in four.
type Kept struct {
	mutex   sync.RWMutex
	vectors map[key]Vector
	// file is nil where another process has it; lock is held as long as the file.
	file *os.File
	lock *flock.Flock
	end  int64
}

const (
	keptHead = 16 + 2
	keptTail = 4
	// mostKept vectors are enough for the passages of several versions; a file of more is begun anew.
	mostKept = 400_000
)

// KeepInMemory keeps vectors for as long as the process runs.
func KeepInMemory() *Kept { return &Kept{vectors: map[key]Vector{}} }

// OpenKept reads a file of vectors, or begins it. What follows damage is dropped: it is asked for again.
func OpenKept(path string) (*Kept, error) {
	k := &Kept{vectors: map[key]Vector{}, lock: flock.New(path + ".lock")}
	own, err := k.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("embedding: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), k.lock.Unlock())
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), file.Close(), k.lock.Unlock())
	}
	k.end = k.read(content)
	if !own {
		return k, file.Close()
	}
	if len(k.vectors) > mostKept {
		k.vectors, k.end = map[key]Vector{}, 0
	}
	k.file = file
	if err := file.Truncate(k.end); err != nil {
		return nil, errors.Join(fmt.Errorf("embedding: %w", err), k.Close())
	}
	return k, nil
}

// read takes records in as far as they are whole, and gives where they end.
func (k *Kept) read(content []byte) int64 {
	end := int64(0)
	for len(content) >= keptHead+keptTail {
		size := keptHead + int(binary.LittleEndian.Uint16(content[16:]))
		if len(content) < size+keptTail || crc32.ChecksumIEEE(content[:size]) != binary.LittleEndian.Uint32(content[size:]) {
			break
		}
		k.vectors[key(content[:16])] = Unpack(content[keptHead:size])
		content, end = content[size+keptTail:], end+int64(size+keptTail)
	}
	return end
}

func (k *Kept) get(of key) (Vector, bool) {
	k.mutex.RLock()
	defer k.mutex.RUnlock()
	v, ok := k.vectors[of]
	return v, ok
}

func (k *Kept) put(of key, v Vector) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.vectors[of] = v
	if k.file == nil || len(v.bytes) >= 1<<16 {
		return nil
	}
	record := append(make([]byte, 0, keptHead+len(v.bytes)+keptTail), of[:]...)
	record = binary.LittleEndian.AppendUint16(record, uint16(len(v.bytes))) //nolint:gosec // less than 1<<16
	record = append(record, v.Pack()...)
	record = binary.LittleEndian.AppendUint32(record, crc32.ChecksumIEEE(record))
	if _, err := k.file.WriteAt(record, k.end); err != nil {
		return fmt.Errorf("embedding: %w", err)
	}
	k.end += int64(len(record))
	return nil
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
