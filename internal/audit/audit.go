// Package audit keeps who did what to Tania and when: every change and every operator's action, the newest of them, for all processes of a
// store. It decides nothing, and no text of a customer comes into it.
package audit

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Action is what was done, one of a closed list.
type Action string

// The actions.
const (
	SignIn          Action = "sign_in"
	SignOut         Action = "sign_out"
	OwnPassword     Action = "own_password"
	Pause           Action = "pause"
	Resume          Action = "resume"
	PauseBot        Action = "bot_pause"
	ResumeBot       Action = "bot_resume"
	RetryDead       Action = "dead_retry"
	DiscardDead     Action = "dead_discard"
	InvalidateCache Action = "cache_invalidate"
	ClearCache      Action = "cache_clear"
	WarmCache       Action = "cache_warm"
	PublishBot      Action = "bot_publish"
	ReloadBot       Action = "bot_reload"
	RollBackBot     Action = "bot_rollback"
	TryBot          Action = "bot_try"
	Forget          Action = "forget"
	AddUser         Action = "user_add"
	RemoveUser      Action = "user_remove"
	SetRole         Action = "user_role"
	SetPassword     Action = "user_password"
	// ChangeUser and ChangeDead are requests that did not say which change they wanted.
	ChangeUser Action = "user_change"
	ChangeDead Action = "dead_change"
	// Learn and Import are what commands do beside the store: read sources into files, move the jobs of another queue.
	Learn  Action = "learn"
	Import Action = "import"
	// ApproveCall and RejectCall are the team's word on a call of a tool that needs it.
	ApproveCall Action = "call_approve"
	RejectCall  Action = "call_reject"
	// AskRoute is a request to one of the operators' routes that change nothing, by who may not use it.
	AskRoute Action = "route_ask"
)

// Actions are all actions.
func Actions() []Action {
	return []Action{
		SignIn, SignOut, OwnPassword, Pause, Resume, RetryDead, DiscardDead, InvalidateCache, ClearCache, WarmCache, PublishBot, ReloadBot,
		RollBackBot, TryBot, PauseBot, ResumeBot, Forget, AddUser, RemoveUser, SetRole, SetPassword, ChangeUser, ChangeDead,
		Learn, Import, ApproveCall, RejectCall, AskRoute,
	}
}

// Ruled is the action of a word on a call.
func Ruled(v tania.Approved) Action {
	if v == tania.ApprovalGiven {
		return ApproveCall
	}
	return RejectCall
}

// As is in what quality somebody did something.
type As string

// The qualities. Who has the admin token, or is at this machine, gave themselves their name.
const (
	User        As = "user"
	AdminToken  As = "admin_token"
	CommandLine As = "command_line"
	File        As = "file"
	// Agent is who decided in Chatwoot, by the name they have there.
	Agent  As = "agent"
	Nobody As = "nobody"
)

// Result is what became of it.
type Result string

// The outcomes: Refused is for what the request asked in vain, Failed for what Tania could not do.
const (
	Done    Result = "done"
	Refused Result = "refused"
	Failed  Result = "failed"
)

// Entry is one action.
type Entry struct {
	At time.Time `json:"at"`
	As As        `json:"as"`
	// By is their name, "" where it is not known.
	By string `json:"by,omitempty"`
	// From is the address of the connection, without its port; "" for what came by none.
	From   string `json:"from,omitempty"`
	Action Action `json:"action"`
	// On is what it was done to: a user's name, the id of a dead letter, the number of a version.
	On      string `json:"on,omitempty"`
	Outcome Result `json:"outcome"`
}

const (
	// mostDone and mostRefused are how many entries are kept of what was done or failed, and of what was refused or asked by who did not
	// sign in: apart, so that nobody pushes out what was done by asking in vain.
	mostDone, mostRefused = 1000, 200
	// Kept is how long an entry is kept at most.
	Kept = 365 * 24 * time.Hour
	// textLimit bounds By, From and On, in characters.
	textLimit = 100
	// holdFor is how long a process has a note to itself while it adds to it; addWithin is how long that may take.
	holdFor, addWithin = 300 * time.Millisecond, 3 * time.Second
)

// noteBoard is the part of queue.Board that the log needs.
type noteBoard interface {
	HoldNote(ctx context.Context, name, holder string, d time.Duration) (queue.Note, error)
	WriteNote(ctx context.Context, name, holder string, body []byte) (bool, error)
}

// Log is that of a store.
type Log struct {
	board  noteBoard
	holder string
	now    func() time.Time
	scrub  func(string) string
	mu     sync.Mutex
	seldom seldom
}

// New gives the log of a store. scrub takes secrets out of a text; nil: there are none.
func New(board noteBoard, now func() time.Time, scrub func(string) string) *Log {
	if scrub == nil {
		scrub = func(s string) string { return s }
	}
	return &Log{board: board, holder: rand.Text(), now: now, scrub: scrub}
}

func noteOf(e Entry) (name string, most int) {
	if e.Outcome == Refused || e.As == Nobody {
		return "audit/refused", mostRefused
	}
	return "audit/done", mostDone
}

// Add appends an entry, whose time is now. It waits while another process adds one.
func (l *Log) Add(ctx context.Context, e Entry) error {
	e.At = l.now().UTC()
	e.By, e.From, e.On = l.clean(e.By), l.clean(e.From), l.clean(e.On)
	name, most := noteOf(e)
	l.mu.Lock()
	defer l.mu.Unlock()
	// Who asked may have gone away: what was done is noted all the same.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), addWithin)
	defer done()
	for {
		found, err := l.board.HoldNote(ctx, name, l.holder, holdFor)
		if err == nil && found.Held {
			var written bool
			if written, err = l.write(ctx, name, most, found.Body, e); written {
				return nil
			}
		}
		if err != nil {
			return fmt.Errorf("audit: %w", err)
		}
		select {
		case <-time.After(holdFor / 30):
		case <-ctx.Done():
			return fmt.Errorf("audit: %w", ctx.Err())
		}
	}
}

// write puts an entry behind those of a note, drops what is too old or too much, and lets the note go. It reports false when another
// process has the note by now, and then nothing is written.
func (l *Log) write(ctx context.Context, name string, most int, body []byte, e Entry) (bool, error) {
	entries, err := read(body)
	if err != nil {
		return false, err
	}
	entries = slices.DeleteFunc(append(entries, e), func(old Entry) bool { return e.At.Sub(old.At) > Kept })
	text, err := json.Marshal(entries[max(0, len(entries)-most):])
	if err != nil {
		return false, err
	}
	written, err := l.board.WriteNote(ctx, name, l.holder, text)
	if written {
		_, _ = l.board.HoldNote(ctx, name, l.holder, time.Millisecond) // else it is held for a moment longer
	}
	return written, err
}

func read(body []byte) (entries []Entry, err error) {
	if len(body) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(body, &entries); err != nil {
		return nil, fmt.Errorf("the log in the store cannot be read: %w", err)
	}
	return entries, nil
}

// List gives the entries since a time, the newest first; the zero time: all.
func (l *Log) List(ctx context.Context, since time.Time) ([]Entry, error) {
	since = latest(since, l.now().Add(-Kept))
	all := []Entry{}
	for _, o := range []Result{Done, Refused} {
		name, _ := noteOf(Entry{Outcome: o})
		found, err := l.board.HoldNote(ctx, name, rand.Text(), time.Millisecond) // who only reads is in nobody's way
		if err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		entries, err := read(found.Body)
		if err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		all = append(all, entries...)
	}
	all = slices.DeleteFunc(all, func(e Entry) bool { return e.At.Before(since) })
	slices.SortStableFunc(all, func(x, y Entry) int { return y.At.Compare(x.At) })
	return all, nil
}

func latest(x, y time.Time) time.Time {
	if x.After(y) {
		return x
	}
	return y
}

// clean gives what can be seen of a text, on one line, without secrets, and bounded.
func (l *Log) clean(text string) string {
	text = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(l.scrub(text), "\ufffd"))
	if runes := []rune(text); len(runes) > textLimit {
		text = string(runes[:textLimit-1]) + "…"
	}
	return strings.TrimSpace(text)
}
