package worker

import (
	"context"
	"time"

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

// place names an attachment of a turn.
type place struct {
	message tania.MessageID
	at      int
}

// read reads what the customer attached, and puts it into the messages in the store, as Chatwoot's own transcripts come: no later attempt
// reads it again. It gives quiet.ErrNewer where the turn then reads otherwise, and else why files were not read. Those are not tried again in
// this attempt.
func (r *run) read(ctx context.Context) (unread []string, err error) {
	if r.Media == nil {
		return nil, nil
	}
	changed := false
	for i := range r.t.Messages {
		m := &r.t.Messages[i]
		for at, a := range m.Attachments {
			if m.Deleted || !r.Media.Reads(a) {
				continue
			}
			was, err := r.readOne(ctx, m, at)
			if err != nil {
				return nil, err
			}
			changed = changed || was
			if why := r.unread[place{m.ID, at}]; why != "" {
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
	case <-r.t.Newer:
	case <-heard.C:
	}
	r.readings++
	return nil, quiet.ErrNewer
}

// signalTime is how long a signal of the store may be under way that would make the model start over for nothing.
const signalTime = 100 * time.Millisecond

// readOne reads a message's attachment, unless this attempt has tried. It reports whether the message was changed.
func (r *run) readOne(ctx context.Context, m *tania.Message, at int) (changed bool, err error) {
	here := place{m.ID, at}
	if r.unread[here] != "" {
		return false, nil
	}
	if r.unread == nil {
		r.unread = map[place]string{}
	}
	if len(r.unread) >= mostFiles {
		r.unread[here] = "more files than are read in one turn"
		return false, nil
	}
	given := m.Attachments[at]
	read, err := r.Media.Read(ctx, given, r.spoken())
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		r.unread[here] = err.Error()
		r.log.Warn("an attachment was not read", "message", m.ID, "type", given.Type, "error", err)
		return false, nil
	}
	amended, err := r.Engine.Amend(ctx, m.Key, m.ID, func(now *tania.Message, settled bool) bool {
		if settled || now.Deleted || at >= len(now.Attachments) || now.Attachments[at] != given {
			return false // Chatwoot told first, or the file is another by now
		}
		now.Attachments[at] = read
		return true
	})
	if err == nil && !amended.Changed {
		r.unread[here] = "the message was changed while its attachment was read"
	}
	return amended.Changed, err
}

// spoken is the one language that the bot's customers speak, empty where there are several.
func (r *run) spoken() tania.Language {
	if len(r.Bot.Languages) == 1 {
		return r.Bot.Languages[0]
	}
	return ""
}

// restarts counts how often the turn started over for what the customer wrote after the quiet time.
func (r *run) restarts() int { return max(0, r.t.Restarts-r.readings-r.quiet.Early()) }
