// Package store is the contract of what keeps the cache's entries for all processes, and the words for what is kept.
package store

import (
	"context"
	"errors"
	"time"
)

// Store keeps what all processes share: the entries, the epoch, what was learnt. Every change is an event in a log that processes follow.
// It is safe for concurrent use. Its errors never reach a customer: the cache is then as if it were empty. Entries that are given to
// it or come from it may be shared with others, so nobody changes what they point to.
type Store interface {
	// Load gives all that is kept. Expired entries may be among it, and changes of entries behind the snapshot's position, which Follow
	// tells of again; the counts of what was learnt are exactly those at the position.
	Load(ctx context.Context) (Snapshot, error)
	// Follow calls each with the events behind a position, in order, as they come, and with none at least every
	// Heartbeat while the store can be reached. It returns ErrBehind when events were lost, so that Load is needed; the context's error
	// when that ended; or the store's. Events that were made in one step may come in more than one call. Several may
	// follow at a time.
	Follow(ctx context.Context, after Position, each func(events []Event, at Position)) error

	// Put stores entries, or what is changed of them, in one step if the epoch still is the one given; else it stores none and gives ErrEpoch.
	// An entry whose Rev is not 0 is a change of the one with the Rev before: where the store has no such entry, it stores none and gives
	// ErrChanged.
	Put(ctx context.Context, epoch uint64, entries ...Entry) error
	// Drop removes entries with their hits; unknown ids are passed over, and not told of.
	Drop(ctx context.Context, ids ...string) error
	// Clear forgets all entries and begins the next epoch, which it gives, with how many entries there were. Their hits go
	// with them; what was learnt stays.
	Clear(ctx context.Context) (epoch uint64, cleared int, err error)
	// Erase is Clear, after which nothing that was forgotten can be read in the store's log or, where the store writes them, its files. Who
	// follows and is behind gets ErrBehind.
	Erase(ctx context.Context) (epoch uint64, cleared int, err error)
	// Learn adds to a scope's counts of judgements.
	Learn(ctx context.Context, scope string, delta map[string]int64) error
	// Touch adds hits to entries, by id, and moves their last use on, never back; unknown ids are passed over. It makes no event: Load and
	// Uses tell of it. Times are kept to the millisecond, in UTC.
	Touch(ctx context.Context, uses map[string]Use) error
	// Uses gives the use of every entry that was touched, by all processes, without what they have not yet written.
	Uses(ctx context.Context) (map[string]Use, error)

	// Lead reports whether the caller is the one to answer a question that may be asked in several places at once. It stays so for
	// a time, or until Unlead, and until then nobody else is told so, nor the same holder again.
	Lead(ctx context.Context, question, holder string, life time.Duration) (bool, error)
	// Unlead gives the lead back, if the holder has it, and makes an EventUnled.
	Unlead(ctx context.Context, question, holder string) error
	// Close ends what goes on and gives back what the store holds; after it every call gives ErrClosed. It may be called again.
	Close() error
}

// Heartbeat is the longest that Follow says nothing.
const Heartbeat = 300 * time.Millisecond

// Errors by which the cache decides.
var (
	// ErrEpoch means that the cache was cleared since the question was looked up.
	ErrEpoch = errors.New("cache: cleared meanwhile")
	// ErrChanged means that an entry was changed, or dropped, since it was read.
	ErrChanged = errors.New("cache: changed meanwhile")
	// ErrBehind means that the log no longer has all events behind a position.
	ErrBehind = errors.New("cache: behind the log")
	// ErrClosed means that Close was called.
	ErrClosed = errors.New("cache: store closed")
)

// Position is a place in the log, meaningful to its store only; empty is its beginning.
type Position string

// Snapshot is all that a store keeps, as of a position.
type Snapshot struct {
	Epoch uint64
	// Entries have their use.
	Entries []Entry
	// Learnt is by scope key.
	Learnt map[string]map[string]int64
	At     Position
}

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	EventPut   EventKind = "put"
	EventDrop  EventKind = "drop"
	EventClear EventKind = "clear"
	EventLearn EventKind = "learn"
	EventUnled EventKind = "unled"
)

// Event is a change. Which fields are set depends on the kind.
type Event struct {
	Kind EventKind `json:"kind"`
	// Epoch is that of a put, or the one that a clear began.
	Epoch   uint64   `json:"epoch,omitempty"`
	Entries []Entry  `json:"entries,omitempty"`
	IDs     []string `json:"ids,omitempty"`
	// Scope and Delta are of a learn.
	Scope string           `json:"scope,omitempty"`
	Delta map[string]int64 `json:"delta,omitempty"`
	// Question is of an unled.
	Question string `json:"question,omitempty"`
}
