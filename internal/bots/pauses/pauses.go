// Package pauses keeps where bots are silent by an operator's word: a bot, an inbox, a conversation. The list lies in the store beside the
// versions of the bots, and every process follows it there.
package pauses

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// name is the list's among what the store has versions of; no bot can be called so. Each version is the whole list.
const name = ".pauses"

// most bounds the list.
const most = 1000

// Scope is where a bot is silent; all that is given must fit.
type Scope struct {
	// Bot is a bot's name, bot.Main for the main one; empty: any.
	Bot string `json:"bot,omitempty"`
	// Account is the inbox's or the conversation's.
	Account      tania.AccountID      `json:"account,omitempty"`
	Inbox        tania.InboxID        `json:"inbox,omitempty"`
	Conversation tania.ConversationID `json:"conversation,omitempty"`
}

// ErrNowhere means that a scope names nothing.
var ErrNowhere = errors.New("pauses: name a bot, an inbox or a conversation; tania queue pause stops all of them")

// ErrUnknownBot means that no bot has the name.
var ErrUnknownBot = errors.New("pauses: there is no bot of this name in bot.yaml; main is the bot of the file itself")

// ErrTooMany means that the list is full.
var ErrTooMany = fmt.Errorf("pauses: there are %d already; resume those that are over", most)

// Pause is silence in a scope, and who wanted it.
type Pause struct {
	Scope
	By  string    `json:"by"`
	Why string    `json:"why,omitempty"`
	At  time.Time `json:"at"`
}

// String says for people who paused what, and why.
func (p Pause) String() string {
	what := "paused"
	for _, part := range []struct {
		kind string
		name string
		set  bool
	}{
		{"bot", p.Bot, p.Bot != ""},
		{"inbox", fmt.Sprint(p.Inbox), p.Inbox != 0},
		{"conversation", fmt.Sprint(p.Conversation), p.Conversation != 0},
	} {
		if part.set {
			what += ", " + part.kind + " " + part.name
		}
	}
	what += ", by " + p.By
	if p.Why != "" {
		what += ": " + p.Why
	}
	return what
}

// Covers reports whether a conversation, of a bot and in an inbox, is in the scope.
func (s Scope) Covers(bot string, key tania.ConversationKey, inbox tania.InboxID) bool {
	return open(s.Bot, bot) && open(s.Account, key.Account) && open(s.Inbox, inbox) && open(s.Conversation, key.Conversation)
}

// open reports whether a value is the one that was named, or none was.
func open[T comparable](named, value T) bool {
	var none T
	return named == none || named == value
}

// Board is the list as a process knows it. Its fields are set before its first use; a nil Board knows of no pause.
type Board struct {
	Store queue.Bots
	// Account is that of inboxes and conversations which are named without one.
	Account tania.AccountID
	// Known reports whether there is a bot of a name; nil: any may be one.
	Known func(name string) bool
	Log   *slog.Logger

	now atomic.Pointer[state]
}

// in completes a scope by the account.
func (b *Board) in(s Scope) Scope {
	if s.Account == 0 && (s.Inbox != 0 || s.Conversation != 0) {
		s.Account = b.Account
	}
	return s
}

// state is a version of the list.
type state struct {
	number int
	list   []Pause
}

// Covering gives the pause in which a conversation is; ok is false where there is none.
func (b *Board) Covering(bot string, key tania.ConversationKey, inbox tania.InboxID) (p Pause, ok bool) {
	if b == nil {
		return Pause{}, false
	}
	now := b.now.Load()
	if now == nil {
		return Pause{}, false
	}
	i := slices.IndexFunc(now.list, func(p Pause) bool { return p.Covers(bot, key, inbox) })
	if i < 0 {
		return Pause{}, false
	}
	return now.list[i], true
}

// List reads the pauses from the store, the oldest first.
func (b *Board) List(ctx context.Context) ([]Pause, error) {
	s, err := b.read(ctx)
	return s.list, err
}

// Pause adds a pause, and reports false where there is one of the same scope.
func (b *Board) Pause(ctx context.Context, p Pause) (bool, error) {
	switch {
	case p.Bot == "" && p.Inbox == 0 && p.Conversation == 0:
		return false, ErrNowhere
	case p.Bot != "" && b.Known != nil && !b.Known(p.Bot):
		return false, fmt.Errorf("%w: %s", ErrUnknownBot, p.Bot)
	}
	p.Scope, p.By, p.Why = b.in(p.Scope), queue.Brief(p.By), queue.Brief(p.Why)
	p.At = time.Now().UTC()
	return b.change(ctx, p.By, p.String(), func(list []Pause) ([]Pause, error) {
		switch {
		case slices.ContainsFunc(list, func(o Pause) bool { return o.Scope == p.Scope }):
			return list, nil
		case len(list) >= most:
			return nil, ErrTooMany
		}
		return append(list, p), nil
	})
}

// Resume takes the pause of exactly this scope away, and reports false where there is none.
func (b *Board) Resume(ctx context.Context, s Scope, by string) (bool, error) {
	s = b.in(s)
	return b.change(ctx, by, "resumed", func(list []Pause) ([]Pause, error) {
		return slices.DeleteFunc(list, func(p Pause) bool { return p.Scope == s }), nil
	})
}

// change publishes the list as it is after a change, unless that is none.
func (b *Board) change(ctx context.Context, by, why string, change func([]Pause) ([]Pause, error)) (bool, error) {
	for {
		before, err := b.read(ctx)
		if err != nil {
			return false, err
		}
		list, err := change(slices.Clone(before.list))
		if err != nil || len(list) == len(before.list) {
			return false, err
		}
		content, err := json.Marshal(append([]Pause{}, list...))
		if err != nil {
			return false, fmt.Errorf("pauses: %w", err)
		}
		v, err := b.Store.PublishBot(ctx, before.number, queue.BotVersion{Bot: name, By: by, Why: why, Content: content})
		if errors.Is(err, queue.ErrNotCurrent) {
			continue
		}
		if err == nil {
			b.take(state{v.Number, list})
		}
		return err == nil, err
	}
}

func (b *Board) read(ctx context.Context) (state, error) {
	v, err := b.Store.BotVersion(ctx, name, 0)
	if errors.Is(err, queue.ErrNotFound) {
		return state{}, nil
	}
	if err != nil {
		return state{}, err
	}
	return stateOf(v)
}

func stateOf(v queue.BotVersion) (state, error) {
	s := state{number: v.Number}
	if err := json.Unmarshal(v.Content, &s.list); err != nil {
		return state{}, fmt.Errorf("pauses: version %d: %w", v.Number, err)
	}
	return s, nil
}

// take makes a state known, unless a later one is.
func (b *Board) take(next state) {
	for {
		now := b.now.Load()
		if now != nil && now.number >= next.number || b.now.CompareAndSwap(now, &next) {
			return
		}
	}
}

// Settle reads the list before the first turn. While the store is away there is none to answer either.
func (b *Board) Settle(ctx context.Context) error {
	s, err := b.read(ctx)
	if err == nil && s.number > 0 {
		b.take(s)
	}
	return err
}

// Run follows the store until ctx ends.
func (b *Board) Run(ctx context.Context) {
	for known := 0; ; {
		if now := b.now.Load(); now != nil {
			known = max(known, now.number)
		}
		v, err := b.Store.AwaitBot(ctx, name, known)
		if ctx.Err() != nil || errors.Is(err, queue.ErrClosed) {
			return
		}
		var s state
		if err == nil {
			known = v.Number
			s, err = stateOf(v)
		}
		if err == nil {
			b.take(s)
			continue
		}
		b.Log.Error("what is paused could not be read, and will be tried again", "error", err)
		timer := time.NewTimer(time.Second)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}
