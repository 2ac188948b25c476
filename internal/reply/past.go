package reply

import (
	"context"
	"slices"
	"strings"
	"time"

	"tania/internal/answer"
	"tania/internal/tania"
)

// past is what was said before a case.
type past struct {
	history []tania.Entry
	// since is when the episode began: what was said before it can be quoted, but is over.
	since time.Time
	// about is what the case's messages refer to.
	about []answer.About
	// unchecked says what of it could not be read, and why.
	unchecked []string
}

// past gives what was said before the case. A conversation that Tania sees for the first time is read from Chatwoot, where the token allows
// it; that it could not be read is no reason not to answer.
func (d *decision) past(ctx context.Context) past {
	p := past{history: d.Memory.History, since: d.Memory.EpisodeSince}
	if len(p.history) == 0 && d.Past != nil {
		read, err := d.Past.Before(ctx, d.newest().Key, d.Messages[0].ID)
		var ordered tania.Conversation
		for _, e := range read {
			ordered.Remember(e)
		}
		p.history = ordered.History
		p.failed(err)
	}
	for i := range d.Messages {
		m := &d.Messages[i]
		if m.Deleted || m.InReplyTo == 0 && m.Origin == nil && m.Revision == 0 {
			continue
		}
		a := answer.About{Message: m.ID, Origin: m.Origin, Corrected: m.Revision > 0}
		if m.InReplyTo != 0 {
			var err error
			a.Quoted, err = d.quoted(ctx, p.history, m.InReplyTo)
			p.failed(err)
		}
		if a.Quoted != nil || a.Origin != nil || a.Corrected {
			p.about = append(p.about, a)
		}
	}
	return p
}

func (p *past) failed(err error) {
	if err != nil {
		p.unchecked = append(p.unchecked, "history: "+err.Error())
	}
}

// beside is the history of the episode without a turn's own messages: an answer to an earlier turn may well have a higher id than they
// have.
func (p *past) beside(messages []tania.Message) (before []tania.Entry) {
	for _, e := range p.history {
		own := slices.ContainsFunc(messages, func(m tania.Message) bool { return m.ID == e.ID && e.From == tania.FromCustomer })
		if !own && !e.At.Before(p.since) && strings.TrimSpace(e.Text) != "" {
			before = append(before, e)
		}
	}
	return before
}

// quoted finds a message by its id: among the case's own, in the history, else by a look where the token allows one. A message that is
// quoted and not known any more is nil.
func (d *decision) quoted(ctx context.Context, history []tania.Entry, id tania.MessageID) (*tania.Entry, error) {
	for i := range d.Messages {
		if m := &d.Messages[i]; m.ID == id && !m.Deleted && m.Spoken() != "" {
			return &tania.Entry{ID: id, From: tania.FromCustomer, Text: m.Spoken(), At: m.Created}, nil
		}
	}
	is := func(e tania.Entry) bool { return e.ID == id }
	if i := slices.IndexFunc(history, is); i >= 0 {
		return &history[i], nil
	}
	if d.Past == nil {
		return nil, nil
	}
	// The messages before the one that follows it: the newest of them is it, if it still exists.
	read, err := d.Past.Before(ctx, d.newest().Key, id+1)
	if i := slices.IndexFunc(read, is); i >= 0 {
		return &read[i], err
	}
	return nil, err
}
