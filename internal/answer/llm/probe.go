package llm

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Probed is what came of a question with all the parts that a customer's has.
type Probed struct {
	// Status is the HTTP status, 0 when no answer came; Said is what the server complains of, Cause why no answer came.
	Status int
	Said   string
	Cause  error
	Took   time.Duration
	// Answered reports whether a completion came; Unread what could not be read of it.
	Answered bool
	Unread   string
	// Truncated reports whether thoughts filled the length limit, NoCredit whether the account is used up.
	Truncated, NoCredit bool
	// Lacks says in words what the server does not take, and what is done instead.
	Lacks []string
}

// Probe asks a model once as Respond would, in as many ways as its server needs, and says what was found out. Nothing is tried again for
// another reason, and no breaker hears of it.
func (a *OpenAI) Probe(ctx context.Context, p Prompt) Probed {
	m, e := a.models[0], &errand{prompt: p, replies: readerOf(p.Tools)}
	began := time.Now()
	_, f := a.call(ctx, m, e)
	found := Probed{Answered: f == nil, Took: time.Since(began), Lacks: m.dialect.lacks()}
	if f == nil {
		found.Status = 200
		return found
	}
	found.Status, found.Said, found.Cause = f.status, f.text, f.cause
	found.NoCredit = strings.Contains(f.body, "insufficient_quota") || f.status == 429 && strings.Contains(f.text, "quota")
	if f.kind == kindUnread || f.kind == kindRefused {
		found.Answered, found.Unread, found.Truncated = true, f.text, f.truncated
	}
	return found
}

// lacks says in words what a server is known not to take.
func (d *dialect) lacks() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.full()
	if d.known != nil {
		s = *d.known
	}
	var list []string
	for _, row := range []struct {
		is   bool
		says string
	}{
		{s.noTools, "takes no tools: the model asks for a human by a mark in its text"},
		{s.plainSchema && !s.noTools, "takes a plain schema of the tool"},
		{s.noSystem && !s.single, "takes no system role: the rules go before the customer's first message"},
		{s.single, "takes no system role and one message only: the conversation goes into it"},
		{s.noTemperature, "takes no temperature"},
		{s.noUser, "takes no user"},
		{s.tokens == "", "takes no length limit"},
		{s.stream, "answers only in a stream"},
		{s.limit > 0, fmt.Sprintf("gives answers of at most %d tokens", s.limit)},
		{d.room.context > 0, fmt.Sprintf("has a context of %d tokens, too few for all: the answer, the history and the knowledge are shortened",
			d.room.context)},
		{d.room.context == 0 && d.room.fails > 0, "has too small a context for all: the answer, the history and the knowledge are made shorter"},
	} {
		if row.is {
			list = append(list, row.says)
		}
	}
	return list
}
