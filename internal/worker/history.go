package worker

import (
	"context"
	"slices"
	"strings"
	"time"

	"tania/internal/answer"
	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// historyBefore gives what was said beside this turn's messages: an answer to an earlier turn may well have a higher id than
// they have. A conversation that Tania sees for the first time is read from
// Chatwoot, where the token allows it; that it could not be read is no reason not to answer.
func (r *run) historyBefore(ctx context.Context, memory *tania.Conversation) []tania.Entry {
	if len(memory.History) == 0 && r.UserToken {
		for _, e := range r.readHistory(ctx, r.t.Messages[0].ID) {
			memory.Remember(e)
		}
	}
	var before []tania.Entry
	for _, e := range memory.History {
		own := slices.ContainsFunc(r.t.Messages, func(m tania.Message) bool { return m.ID == e.ID })
		if !own && strings.TrimSpace(e.Text) != "" {
			before = append(before, e)
		}
	}
	return before
}

func (r *run) readHistory(ctx context.Context, before tania.MessageID) []tania.Entry {
	ctx, done := context.WithTimeout(ctx, 3*time.Second)
	defer done()
	messages, err := r.Chatwoot.Messages(ctx, r.t.Key, chatwoot.MessageQuery{Before: before})
	if err != nil {
		r.record.Unchecked = append(r.record.Unchecked, "history: "+err.Error())
		return nil
	}
	var entries []tania.Entry
	for _, m := range messages {
		if e, ok := r.entry(&m); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

// entry is a message of Chatwoot's as the history has it; ok is false for what belongs into none.
func (r *run) entry(m *chatwoot.Message) (e tania.Entry, ok bool) {
	e = tania.Entry{ID: m.ID, From: tania.FromBot, Name: m.Sender.Name, Text: strings.TrimSpace(m.Content), At: m.Created}
	switch {
	case m.Direction == chatwoot.Incoming:
		e.From = tania.FromCustomer
	case m.Direction != chatwoot.Outgoing:
		return e, false
	case m.OfHuman(r.Governor.BotUser):
		e.From = tania.FromHuman
	}
	return e, !m.Private && e.Text != "" && !m.Deleted && !m.Reaction && !m.Call
}

// about finds what the turn's messages refer to. A message that is quoted and not known any more changes nothing.
func (r *run) about(ctx context.Context, memory *tania.Conversation) (list []answer.About) {
	for i := range r.t.Messages {
		m := &r.t.Messages[i]
		if m.Deleted || m.InReplyTo == 0 && m.Origin == nil && m.Revision == 0 {
			continue
		}
		a := answer.About{Message: m.ID, Origin: m.Origin, Corrected: m.Revision > 0}
		if m.InReplyTo != 0 {
			a.Quoted = r.quoted(ctx, memory, m.InReplyTo)
		}
		if a.Quoted != nil || a.Origin != nil || a.Corrected {
			list = append(list, a)
		}
	}
	return list
}

// quoted finds a message by its id: among the turn's own, in the history, else by a look where the token allows one.
func (r *run) quoted(ctx context.Context, memory *tania.Conversation, id tania.MessageID) *tania.Entry {
	for _, m := range r.t.Messages {
		if m.ID == id && !m.Deleted && m.Spoken() != "" {
			return &tania.Entry{ID: id, From: tania.FromCustomer, Text: m.Spoken(), At: m.Created}
		}
	}
	for i := range memory.History {
		if e := &memory.History[i]; e.ID == id {
			return e
		}
	}
	if !r.UserToken {
		return nil
	}
	// The messages before the one that follows it: the newest of them is it, if it still exists.
	for _, e := range r.readHistory(ctx, id+1) {
		if e.ID == id {
			return &e
		}
	}
	return nil
}
