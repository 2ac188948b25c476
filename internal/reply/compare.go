package reply

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"tania/internal/tania"
)

// Compared is a text as two bots would answer it.
type Compared struct {
	Text        string
	Live, Draft Rehearsed
	// LiveErr and DraftErr are why an answer could not be had.
	LiveErr, DraftErr error
}

// comparing bounds how many texts are answered at a time.
const comparing = 4

// Compare rehearses texts of customers who write for the first time, by the bot that answers now and by a draft.
func Compare(ctx context.Context, live, draft Rehearsal, account tania.AccountID, texts []string) []Compared {
	list := make([]Compared, len(texts))
	var group errgroup.Group
	group.SetLimit(comparing)
	for i, text := range texts {
		group.Go(func() error {
			c, key := Compared{Text: text}, tania.ConversationKey{Account: account}
			c.Live, c.LiveErr = live.Try(ctx, key, text)
			c.Draft, c.DraftErr = draft.Try(ctx, key, text)
			list[i] = c
			return nil
		})
	}
	_ = group.Wait() // which gives none
	return list
}

// Differs reports whether the draft answers otherwise: in another way, from other sources, or, where no model chose the words, in others.
func (c *Compared) Differs() bool {
	a, b := c.Live.Record, c.Draft.Record
	switch {
	case (c.LiveErr == nil) != (c.DraftErr == nil):
		return true
	case a.Outcome != b.Outcome, a.Handoff != b.Handoff, !slices.Equal(a.Sources, b.Sources):
		return true
	}
	return a.Usage.Calls+b.Usage.Calls == 0 && c.Live.Text() != c.Draft.Text()
}
