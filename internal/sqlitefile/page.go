// Package sqlitefile finds damage to SQLite's files: a layer over SQLite's file system keeps a checksum in the last eight bytes of each
// page, which SQLite leaves to extensions (https://www.sqlite.org/fileformat2.html, "reserved bytes per page"). A page with one flipped
// bit is put right as it is read; one with more damage is refused. Nothing comes in here but bytes: rooms that own a database wire it.
package sqlitefile

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

const (
	// PageSize is that of databases whose pages are sealed, in bytes: SQLite's default. Others pass through the layer unchecked.
	PageSize = 4096
	// sealSize is what a page reserves for its checksum, in bytes.
	sealSize = 8
	sealAt   = PageSize - sealSize
)

// Offsets in the header of a database.
const (
	pageSizeAt     = 16
	writeVersionAt = 18
	readVersionAt  = 19
	reservedAt     = 20
)

// readOnlyVersion is a write version that no SQLite knows, so that without the layer it opens the database for reading alone: what it
// wrote would not fit the checksums.
const readOnlyVersion = 3

// bookkeeping are the parts of the header that SQLite changes in a copy it makes (.backup), which bypasses the layer: the change counter,
// the schema cookie, and which version wrote last. None of them decides what a row holds.
var bookkeeping = [][2]int{{24, 28}, {40, 44}, {92, 100}}

// Verdict is what a look at a page found.
type Verdict int

// The verdicts.
const (
	Whole Verdict = iota
	// Corrected means that one bit was flipped and has been put right.
	Corrected
	// Unsealed means that there is no checksum: another program wrote the page, or its end is lost.
	Unsealed
	// Damaged means that more than one bit is wrong.
	Damaged
)

// sum is the checksum of the number-th page, from 1 on. The number is part of it, so that a page written to the wrong place does not fit.
func sum(page []byte, number int64) uint64 {
	var d xxhash.Digest
	d.ResetWithSeed(uint64(number)) //nolint:gosec // a seed
	from := 0
	if number == 1 {
		for _, skipped := range bookkeeping {
			_, _ = d.Write(page[from:skipped[0]])
			from = skipped[1]
		}
	}
	_, _ = d.Write(page[from:sealAt])
	return d.Sum64()
}

func storedSum(page []byte) uint64 { return binary.LittleEndian.Uint64(page[sealAt:]) }

// seal makes a page what it is in the file; unseal makes it what SQLite knows. Between them nobody else may read it.
func seal(page []byte, number int64) {
	if number == 1 {
		page[writeVersionAt] = readOnlyVersion
	}
	binary.LittleEndian.PutUint64(page[sealAt:], sum(page, number))
}

// unseal clears the checksum, so that one which has become wrong never reaches the log or a copy.
func unseal(page []byte, number int64) {
	if number == 1 {
		page[writeVersionAt] = page[readVersionAt]
	}
	clear(page[sealAt:])
}

// Check compares the number-th page, from 1 on, with its checksum, and puts one flipped bit right in it. That takes about half a
// microsecond, and some hundredths of a second for a page that does not fit.
func Check(page []byte, number int64) Verdict {
	stored, found := storedSum(page), sum(page, number)
	switch difference := stored ^ found; {
	case difference == 0:
		return Whole
	case stored == 0:
		return Unsealed
	case difference&(difference-1) == 0: // the flipped bit is one of the checksum
		seal(page, number)
		return Corrected
	}
	for bit := range sealAt * 8 {
		page[bit/8] ^= 1 << (bit % 8)
		if sum(page, number) == stored {
			return Corrected
		}
		page[bit/8] ^= 1 << (bit % 8)
	}
	return Damaged
}

// hasSeals reports whether the header on the first page is that of a database whose pages are sealed.
func hasSeals(first []byte) bool {
	return first[reservedAt] == sealSize && binary.BigEndian.Uint16(first[pageSizeAt:]) == PageSize
}

// hadSeals is hasSeals, also where the bit flipped that says so.
func hadSeals(first []byte) bool {
	if hasSeals(first) {
		return true
	}
	for bit := pageSizeAt * 8; bit < (reservedAt+1)*8; bit++ {
		first[bit/8] ^= 1 << (bit % 8)
		if hasSeals(first) && sum(first, 1) == storedSum(first) {
			return true
		}
		first[bit/8] ^= 1 << (bit % 8)
	}
	return false
}
