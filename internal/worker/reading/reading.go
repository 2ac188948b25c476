// Package reading reads what customers attach, once: what it says is put into the messages in the store, as Chatwoot's transcripts are.
package reading

import (
	"context"
	"log/slog"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/worker/quiet"
)

// Media reads what customers attach; media.Reader is one.
type Media interface {
	// Reads reports whether an attachment is of a kind that is read, and was not read yet.
	Reads(a tania.Attachment) bool
	// Read gives it with what it says. language is the customer's, empty where it may be any.
	Read(ctx context.Context, a tania.Attachment, language tania.Language) (tania.Attachment, error)
}

// mostFiles bounds the files that are read in one turn.
const mostFiles = 10

// signalTime is how long a signal of the store may be under way that would make the model start over for nothing.
const signalTime = 100 * time.Millisecond

// place names an attachment of a turn.
type place struct {
	message tania.MessageID
	at      int
}

// Attempt is the reading of an attempt at a turn. With Media nil nothing is read.
type Attempt struct {
	Media Media
	Store queue.Queue
	Turn  *queue.Turn
	// Language is the one that the bot's customers speak, empty where there are several.
	Language tania.Language
	// unread is why files could not be read; restarts counts those that only took in what was read.
	unread   map[place]string
	restarts int
}

// Restarts counts the restarts of the turn that only took in what was read.
func (a *Attempt) Restarts() int { return a.restarts }

// Read reads what the customer attached: no later attempt reads it again. It gives quiet.ErrNewer where the turn then reads otherwise, and
// else why files were not read. Those are not tried again in this attempt.
func (a *Attempt) Read(ctx context.Context, log *slog.Logger) (unread []string, err error) {
	if a.Media == nil {
		return nil, nil
	}
	changed := false
	for i := range a.Turn.Messages {
		m := &a.Turn.Messages[i]
		for at, file := range m.Attachments {
			if m.Deleted || !a.Media.Reads(file) {
				continue
			}
			was, err := a.readOne(ctx, m, at, log)
			if err != nil {
				return nil, err
			}
			changed = changed || was
			if why := a.unread[place{m.ID, at}]; why != "" {
				unread = append(unread, why)
			}
		}
	}
	if !changed {
		return unread, nil
	}
	// The store tells of the change by the signal that also tells of newer messages; the turn is read again now.
	heard := time.NewTimer(signalTime)
	defer heard.Stop()
	select {
	case <-a.Turn.Newer:
	case <-heard.C:
	}
	a.restarts++
	return nil, quiet.ErrNewer
}

// readOne reads a message's attachment, unless this attempt has tried. It reports whether the message was changed.
func (a *Attempt) readOne(ctx context.Context, m *tania.Message, at int, log *slog.Logger) (changed bool, err error) {
	here := place{m.ID, at}
	if a.unread[here] != "" {
		return false, nil
	}
	if a.unread == nil {
		a.unread = map[place]string{}
	}
	if len(a.unread) >= mostFiles {
		a.unread[here] = "more files than are read in one turn"
		return false, nil
	}
	given := m.Attachments[at]
	read, err := a.Media.Read(ctx, given, a.Language)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		a.unread[here] = err.Error()
		log.Warn("an attachment was not read", "message", m.ID, "type", given.Type, "error", err)
		return false, nil
	}
	amended, err := a.Store.Amend(ctx, m.Key, m.ID, func(now *tania.Message, settled bool) bool {
		if settled || now.Deleted || at >= len(now.Attachments) || now.Attachments[at] != given {
			return false // Chatwoot told first, or the file is another by now
		}
		now.Attachments[at] = read
		return true
	})
	if err == nil && !amended.Changed {
		a.unread[here] = "the message was changed while its attachment was read"
	}
	return amended.Changed, err
}
