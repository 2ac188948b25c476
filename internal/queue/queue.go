// Package queue is the contract of the conversation queue: what an engine promises, its errors and options.
// The unit is a turn: one conversation, all of its waiting messages, answered once, in order.
package queue

import (
	"context"
	"errors"
	"time"

	"tania/internal/tania"
)

// Errors by which callers decide.
var (
	// ErrLost means that the turn's lease has gone to another attempt: drop everything, say nothing.
	ErrLost = errors.New("queue: turn lost, another worker has it")
	// ErrAmended means that a message of the turn was changed since the worker read it: nothing was done; Absorb reads it again.
	ErrAmended = errors.New("queue: a message of the turn was changed")
	// ErrClosed means that the engine was closed.
	ErrClosed = errors.New("queue: closed")
	// ErrNotFound means that there is no such dead letter.
	ErrNotFound = errors.New("queue: not found")
	// ErrUnavailable means that the store cannot be written or reached now; the operation had no effect that the caller may count on.
	ErrUnavailable = errors.New("queue: store unavailable")
)

// Engine is a store of turns and of what is remembered of conversations. Both live in one store,
// so that a message, its turn and its records survive or fail together.
type Engine interface {
	Queue
	Journal
	Parking
	Memory
	// Forget erases a contact: their conversations, and the messages, turns, records and dead letters of these. A worker that has such a
	// turn loses it. What is left are dedup marks: numbers of messages, without any text. It erases what is there; what Chatwoot
	// sends of the contact later is remembered again. When it fails, a part may be erased, and it can be repeated.
	//
	// What else is to be erased, such as the cache, comes last, in also: when no worker has a turn of the contact any more and could
	// store something again, and before a file that it may be in is rewritten.
	Forget(ctx context.Context, account tania.AccountID, contact tania.ContactID, also ...func(context.Context) error) (Forgotten, error)
	Board
	Bots
	// Ready reports nil when the store can be written now.
	Ready(ctx context.Context) error
	// Close ends blocked claims with ErrClosed and releases the store. It does not give turns back: workers do, before.
	Close() error
}

// Queue is the life of messages and turns.
type Queue interface {
	// Push stores a message durably before it returns (invariant 1). A message id of an account that was
	// pushed within Options.DedupFor, or is not answered yet, is a duplicate and changes nothing (invariant 2). A message
	// with a Revision is known by that too: it is new although its id was answered, once.
	Push(ctx context.Context, m tania.Message) (Receipt, error)
	// Amend changes a message that is not answered yet: its text was corrected, deleted or transcribed. change may run more than
	// once; when it returns false nothing is changed. A worker that has the message is told: Newer receives, Absorb gives the turn as
	// it now reads, and until then Checkpoint and Complete are refused with ErrAmended. Once its turn has a checkpoint the message is
	// settled: the turn goes on as it is, and when it has ended the message waits again, unless it was deleted.
	Amend(ctx context.Context, key tania.ConversationKey, id tania.MessageID, change func(m *tania.Message, settled bool) bool) (Amended,
		error)

	// Claim waits for a conversation that is due and takes its waiting messages as a turn (invariants 3 to 5, 10).
	// It returns ctx.Err() when ctx ends and ErrClosed after Close.
	Claim(ctx context.Context) (*Turn, error)
	// Extend renews the lease by Options.Lease from now.
	Extend(ctx context.Context, t *Turn) error
	// Absorb moves messages that arrived since the claim into the running turn and reads those again that were amended, counts a
	// restart when there were any, and reports whether there were. Refused with no effect (false, nil) once the turn has a checkpoint.
	Absorb(ctx context.Context, t *Turn) (bool, error)
	// Checkpoint stores what the turn is about to send; every later attempt at the turn carries it.
	Checkpoint(ctx context.Context, t *Turn, data []byte) error
	// Complete ends the turn and stores its records in the same transaction.
	Complete(ctx context.Context, t *Turn, records ...tania.Record) error
	// Retry gives the turn back after a failed attempt, due again after the delay. The turn keeps its id, and its
	// checkpoint if it has one; without a checkpoint, messages that arrive meanwhile join it.
	Retry(ctx context.Context, t *Turn, after time.Duration, cause error, records ...tania.Record) error
	// Defer gives the turn back to wait; not a failure, so the attempt does not count. Messages that arrive meanwhile
	// join it without making it due earlier. Turn.Deferred counts these.
	Defer(ctx context.Context, t *Turn, after time.Duration, records ...tania.Record) error
	// Release gives the turn back at once (graceful stop); the attempt does not count.
	Release(ctx context.Context, t *Turn) error
	// Bury moves the turn to the dead letters; the conversation's later messages go on (invariant 8).
	Bury(ctx context.Context, t *Turn, cause error, records ...tania.Record) error

	// Pause stops new turns in every process until Resume, across restarts (invariant 9). by is who did it.
	// Both report whether something changed.
	Pause(ctx context.Context, by string) (bool, error)
	Resume(ctx context.Context, by string) (bool, error)
	// Stats counts. With an error it gives the engine's name all the same.
	Stats(ctx context.Context) (Stats, error)

	// Dead lists dead letters, newest first, at most limit (0: all).
	Dead(ctx context.Context, limit int) ([]DeadTurn, error)
	// DeadTurn, RetryDead and DiscardDead give ErrNotFound for an unknown id. A retried dead letter's messages wait
	// again in their conversation's mailbox, in order, due at once, with no attempts counted, and the same turn id, checkpoint,
	// journal and Parked. Of several turns of a conversation the running or parked one ends first, then the one with the lowest id is next.
	// A message that was delivered again after DedupFor and waits already is left out.
	DeadTurn(ctx context.Context, id tania.TurnID) (DeadTurn, error)
	RetryDead(ctx context.Context, id tania.TurnID) error
	DiscardDead(ctx context.Context, id tania.TurnID) error
}

// Memory is what all workers know of conversations. Its life is bounded by Options.KeepFor.
type Memory interface {
	// Conversation gives a zero Conversation (with its key) when nothing is known.
	Conversation(ctx context.Context, key tania.ConversationKey) (tania.Conversation, error)
	// Conversations gives several at once; those of which nothing is known are not among them.
	Conversations(ctx context.Context, keys []tania.ConversationKey) (map[tania.ConversationKey]tania.Conversation, error)
	// UpdateConversation changes what is known, atomically and durably. change may run more than once; when it
	// returns false nothing is written. The result is the conversation after the change.
	UpdateConversation(ctx context.Context, key tania.ConversationKey, change func(*tania.Conversation) bool) (tania.Conversation, error)
	// Contact gives what is known of a contact, zero when nothing is; UpdateContact changes it as UpdateConversation does a conversation.
	// It is kept until the contact is forgotten.
	Contact(ctx context.Context, account tania.AccountID, contact tania.ContactID) (tania.ContactMemory, error)
	UpdateContact(ctx context.Context, account tania.AccountID, contact tania.ContactID,
		change func(*tania.ContactMemory) bool) (tania.ContactMemory, error)
	// SaveRecords stores decision records; a record of a message replaces the earlier one.
	SaveRecords(ctx context.Context, records ...tania.Record) error
	// Records gives a conversation's records by ascending message id.
	Records(ctx context.Context, key tania.ConversationKey) ([]tania.Record, error)
	// RecentRecords gives the newest records of all conversations, newest first, at most limit.
	RecentRecords(ctx context.Context, limit int) ([]tania.Record, error)
	// RecordsBetween gives the newest records of all conversations that were decided from one time until before another, newest first, at most
	// limit. A zero time is no bound.
	RecordsBetween(ctx context.Context, from, to time.Time, limit int) ([]tania.Record, error)
	// MissedRecords gives the newest records of all conversations whose Missed names a miss, newest first, at most limit. It reads no others.
	MissedRecords(ctx context.Context, limit int) ([]tania.Record, error)
	// Count adds to named counters; Counters gives all of them. Names are free, "llm/input_tokens/2026-11" for example.
	Count(ctx context.Context, delta map[string]int64) error
	Counters(ctx context.Context) (map[string]int64, error)
}

// Receipt is the answer to a push.
type Receipt struct {
	Duplicate bool
}

// Amended is what Amend found: Known reports whether the message waits or is in a turn, Changed whether it was changed.
type Amended struct {
	Known, Changed bool
}

// Forgotten counts what Forget erased.
type Forgotten struct {
	Conversations int64 `json:"conversations"`
	// Messages are those that waited or were being answered.
	Messages  int64 `json:"messages"`
	Records   int64 `json:"records"`
	DeadTurns int64 `json:"dead_turns"`
	// Kept are webhooks that were kept while the store was away.
	Kept int64 `json:"kept"`
}

// Add sums up.
func (f *Forgotten) Add(g Forgotten) {
	f.Conversations += g.Conversations
	f.Messages += g.Messages
	f.Records += g.Records
	f.DeadTurns += g.DeadTurns
	f.Kept += g.Kept
}

// Turn is a worker's claim on one conversation. Only the engine writes to it.
type Turn struct {
	ID  tania.TurnID
	Key tania.ConversationKey
	// Messages are ascending by id (invariant 4), never empty.
	Messages []tania.Message
	// Attempt counts from 1. A crash counts as an attempt, Release and Defer do not.
	Attempt int
	// Token is the fencing token: greater with each claim of the conversation.
	Token uint64
	// Checkpoint is what an earlier attempt was about to send, nil if none got so far.
	Checkpoint []byte
	// Parked is what an earlier attempt was parked for last, and what was decided; nil if none was.
	Parked *Parked
	// Restarts and Deferred count over the turn's whole life.
	Restarts, Deferred int
	// Due is when the turn became due; claim time minus Due is the waiting time.
	Due time.Time
	// Claimed is when the turn was claimed, by the store's clock: the clocks of processes may be hours apart.
	Claimed time.Time
	// Newer receives one value when a message arrives behind the running turn, or one of its own is amended. Lost is closed when the lease is
	// known to be gone.
	Newer <-chan struct{}
	Lost  <-chan struct{}
}

// Failure is one failed attempt.
type Failure struct {
	At      time.Time `json:"at"`
	Attempt int       `json:"attempt"`
	Error   string    `json:"error"`
}

// DeadTurn is a turn in the dead letters.
type DeadTurn struct {
	ID         tania.TurnID          `json:"id"`
	Key        tania.ConversationKey `json:"key"`
	Messages   []tania.Message       `json:"messages"`
	Error      string                `json:"error"`
	History    []Failure             `json:"history"`
	Died       time.Time             `json:"died"`
	Checkpoint []byte                `json:"checkpoint,omitempty"`
	// Calls is the turn's journal.
	Calls []Call `json:"calls,omitempty"`
	// Parked is what the turn was parked for last.
	Parked *Parked `json:"parked,omitempty"`
}

// CounterNotKnown names the counter of turns in which the bot said that it does not know.
const CounterNotKnown = "answers/not_known"

// Stats counts what /chatwoot/stats shows.
type Stats struct {
	Waiting int64 `json:"waiting"`
	Active  int64 `json:"active"`
	Delayed int64 `json:"delayed"`
	// Parked counts conversations that wait for somebody's word.
	Parked          int64  `json:"parked"`
	Failed          int64  `json:"failed"`
	FailedLastHour  int64  `json:"failed_last_hour"`
	Completed       int64  `json:"completed"`
	Messages        int64  `json:"messages"`
	Duplicates      int64  `json:"duplicates"`
	OldestWaitingMS int64  `json:"oldest_waiting_ms"`
	Paused          bool   `json:"paused"`
	PausedBy        string `json:"paused_by,omitempty"`
	Engine          string `json:"engine"`
	// NotKnown counts turns in which the bot said that it does not know; what was counted as CounterNotKnown.
	NotKnown int64 `json:"not_known"`
	// Shared reports whether the counts are of a store that processes share, and it is there. Its name in JSON is that of the specification.
	Shared bool `json:"redis"`
	// Repaired counts what was put back after keys of the store had been lost alone (evicted, deleted by hand), and in a file, pages with a
	// flipped bit; Lost messages and dead letters that could not be: their texts were gone; in a file, transactions that were lost with a
	// damaged log. RepairedAt is when either was last found.
	Repaired   int64     `json:"repaired,omitempty"`
	Lost       int64     `json:"lost,omitempty"`
	RepairedAt time.Time `json:"repaired_at,omitzero"`
	// Kept counts webhooks that the process that was asked keeps until its store is back.
	Kept int64 `json:"kept"`
}

// Options are the same for every engine. Zero values mean the defaults.
type Options struct {
	// Debounce is the quiet time that ends a burst, DebounceMax the longest a burst may hold a turn back.
	// Negative: none.
	Debounce, DebounceMax time.Duration
	// Lease is how long a claim holds without Extend.
	Lease time.Duration
	// MaxAttempts counts crashes too. A turn whose lease expired at its last attempt is handed out once more, with
	// Attempt MaxAttempts+1, so that a worker can tell the customer and bury it; when that lease expires as well, the engine buries it.
	MaxAttempts int
	// DedupFor is how long a message id is remembered, KeepFor how long conversations and records are,
	// KeepDead how long dead letters are.
	DedupFor, KeepFor, KeepDead time.Duration
	// Clock is the engine's time; nil is the system's. An engine whose store has a clock of its own ignores it.
	Clock Clock
}

// Clock is time that a test can hold still.
type Clock interface {
	Now() time.Time
	// AfterFunc runs f in its own goroutine after d, unless stopped before.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// WithDefaults fills in what is not set.
func (o Options) WithDefaults() Options {
	or := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
		*d = max(*d, 0)
	}
	or(&o.Debounce, 1500*time.Millisecond)
	or(&o.DebounceMax, 8*time.Second)
	or(&o.Lease, 15*time.Second)
	or(&o.DedupFor, 24*time.Hour)
	or(&o.KeepFor, 30*24*time.Hour)
	or(&o.KeepDead, 30*24*time.Hour)
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 3
	}
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	return o
}

// SystemClock is the machine's time.
type SystemClock struct{}

// Now gives UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC() }

// AfterFunc is time.AfterFunc.
func (SystemClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
