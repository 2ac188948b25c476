// Package wal examines SQLite's write-ahead log as a process left it. SQLite recovers such a log up to the first frame whose checksum is
// wrong and says nothing of what follows: right after a power cut, whose last write may be torn, and silent loss where the file was
// damaged. The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
package wal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Finding is what a log holds that SQLite will not recover.
type Finding struct {
	// Torn reports whether the log ends within a transaction or in what cannot be read, as it does when the process or the machine died while
	// it wrote. That was not acknowledged, unless the file was damaged just there: the two cannot be told apart.
	Torn bool
	// Lost counts transactions that were on disk whole, and so acknowledged, and are lost: they stand at or behind a damaged place, and
	// another was written after them. At least so many are lost.
	Lost int
	// At is where the file is damaged or torn, in bytes from its beginning.
	At int64
}

// The sizes of the log's header and of the header of each frame, in bytes.
const (
	headerSize = 32
	frameSize  = 24
)

// magic is the first four bytes of a log; with its lowest bit set the checksums are of big-endian words.
const magic = 0x377f0682

// sum is a running checksum.
type sum struct{ a, b uint32 }

func (s sum) over(order binary.ByteOrder, data []byte) sum {
	for i := 0; i+8 <= len(data); i += 8 {
		s.a += order.Uint32(data[i:]) + s.b
		s.b += order.Uint32(data[i+4:]) + s.a
	}
	return s
}

func storedSum(data []byte) sum {
	return sum{binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])}
}

// ExamineFile examines the log of a file that no process has open. There may be none.
func ExamineFile(path string) (Finding, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the database
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{}, nil
	}
	if err != nil {
		return Finding{}, fmt.Errorf("wal: %w", err)
	}
	defer func() { _ = f.Close() }()
	return Examine(f)
}

// Examine reads a log to its end.
func Examine(r io.Reader) (Finding, error) {
	header := make([]byte, headerSize)
	if n, err := io.ReadFull(r, header); err != nil {
		return Finding{Torn: n > 0}, ended(err)
	}
	l := begin(header)
	frame := make([]byte, frameSize+l.page)
	for at := int64(headerSize); ; at += int64(len(frame)) {
		if n, err := io.ReadFull(r, frame); err != nil {
			if n > 0 && l.foreign == 0 {
				l.tornAt(at)
			}
			return l.finding(), ended(err)
		}
		l.read(at, frame)
	}
}

// ended is an error of reading other than that the log ends, be it within a frame.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("wal: %w", err)
}

// log is a log that is being read.
type log struct {
	order  binary.ByteOrder
	page   int
	salts  uint64
	before sum // the checksum that the next frame continues
	// other is the second checksum that the first frame may continue where the header is damaged: in its fields, or in its checksum.
	other   *sum
	foreign int // frames of an earlier round through the log
	open    bool
	bad     bool
	badAt   int64
	tornOff int64
	commits int // transactions that end at or behind the damaged place
}

// usualPage is the size of a page where the header cannot say it: SQLite's default, which the engine uses.
const usualPage = 4096

// begin reads the header of a log.
func begin(header []byte) *log {
	l := &log{order: binary.LittleEndian, page: int(binary.BigEndian.Uint32(header[8:])), salts: binary.BigEndian.Uint64(header[16:])}
	found := binary.BigEndian.Uint32(header)
	if found == magic|1 {
		l.order = binary.BigEndian
	}
	l.before = sum{}.over(l.order, header[:24])
	pages := l.page >= 512 && l.page <= 65536 && l.page&(l.page-1) == 0
	if stored := storedSum(header[24:]); l.before != stored || found&^1 != magic || !pages {
		l.bad, l.other = true, &stored
	}
	if !pages {
		l.page = usualPage
	}
	return l
}

func (l *log) tornAt(at int64) {
	if l.tornOff == 0 {
		l.tornOff = at
	}
}

// read takes the next frame. One of an earlier round through the log, whose salts differ, is not part of it.
func (l *log) read(at int64, frame []byte) {
	salts, stored := binary.BigEndian.Uint64(frame[8:]), storedSum(frame[16:])
	from := func(s sum) sum { return s.over(l.order, frame[:8]).over(l.order, frame[frameSize:]) }
	whole := from(l.before) == stored
	if l.other != nil {
		// A header that was damaged belongs to the frames behind it; one that was never written whole does not.
		if whole = whole || from(*l.other) == stored; whole {
			l.salts = salts
		}
		l.other = nil
	}
	l.before = stored
	if salts != l.salts {
		// One whose salts were damaged is followed by frames of this round.
		l.foreign++
		return
	}
	if (!whole || l.foreign > 0) && !l.bad {
		l.bad, l.badAt = true, at-int64(l.foreign*len(frame))
	}
	l.foreign = 0
	l.open = binary.BigEndian.Uint32(frame[4:]) == 0
	if l.bad && !l.open {
		l.commits++
	}
}

// finding is what is known at the end. Each transaction is synced before the next begins: of several at or behind a damaged place all but
// the last were on disk whole.
func (l *log) finding() Finding {
	switch {
	case l.bad && l.commits > 1:
		return Finding{Lost: l.commits - 1, At: l.badAt}
	case l.bad:
		return Finding{Torn: true, At: l.badAt}
	case l.open || l.tornOff > 0:
		return Finding{Torn: true, At: l.tornOff}
	}
	return Finding{}
}
