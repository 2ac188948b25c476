package reply

import (
	"context"
	"errors"
	"time"

	"tania/internal/answer"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/tania"
)

// errNotForAll is why a question is not answered again: a turn that asked it would get no answer that all may be given.
var errNotForAll = errors.New("reply: the question's answer is not one for all")

// Anew makes the answer to a question as Decide has it made for all who ask it, for a cache that checks or renews an entry. The governor is
// not asked: nobody is answered.
func Anew(ctx context.Context, r shareable.Request, d Deps) (shareable.Candidate, error) {
	fresh := &fresh{}
	d.Governor, d.Past, d.Memories, d.MaxAge, d.Cache = nil, nil, nil, 0, fresh
	d.Scope = func(tania.Message, tania.Language) store.Scope { return r.Scope }
	message := tania.Message{Key: tania.ConversationKey{Account: r.Scope.Account}, Inbox: r.Scope.Inbox, Channel: r.Channel, Content: r.Text}
	_, err := Decide(ctx, Case{Messages: []tania.Message{message}, Memory: tania.Conversation{Language: r.Scope.Language}}, d)
	switch {
	case err != nil:
		return shareable.Candidate{}, err
	case fresh.made == nil:
		return shareable.Candidate{}, errNotForAll
	}
	return *fresh.made, nil
}

// fresh is a Cache that has nothing, and takes note of what was made for all.
type fresh struct{ made *shareable.Candidate }

// Doubt implements Cache.
func (*fresh) Doubt(string, tania.ConversationKey, cache.Signal) {}

// Look implements Cache.
func (*fresh) Look(context.Context, shareable.Request) cache.Look { return cache.Look{} }

// Await implements Cache.
func (*fresh) Await(_ context.Context, _ shareable.Request, l cache.Look, _ time.Duration) cache.Look {
	return l
}

// Settle implements Cache.
func (f *fresh) Settle(_ context.Context, _ shareable.Request, _ cache.Look, made *shareable.Candidate) shareable.Refusal {
	f.made = made
	return ""
}

// Paid is an answerer whose answers are booked, whatever becomes of them.
type Paid struct {
	Answerer
	Pay func(ctx context.Context, u tania.Usage)
}

// Answer implements Answerer.
func (p Paid) Answer(ctx context.Context, q answer.Question) (answer.Answer, error) {
	a, err := p.Answerer.Answer(ctx, q)
	p.Pay(ctx, a.Usage)
	return a, err
}
