package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
	"tania/internal/words"
)

// revise follows a change of a customer's message: it was corrected, deleted, or a voice note of it transcribed. What is not answered yet
// is changed where it is. What is answered is asked again where the change alters what it asks; else the memory says what it says now. The
// receipt is empty where the change is none.
func (i *Intake) revise(ctx context.Context, event *chatwoot.Event, now time.Time) (Receipt, error) {
	news := event.Revised(now)
	found, err := i.Engine.Amend(ctx, news.Key, news.ID, func(m *tania.Message, settled bool) bool { return reread(m, &news, settled) })
	switch {
	case err != nil:
		return Receipt{}, err
	case found.Changed:
		return Receipt{Status: tania.TakenAmended}, i.newer(ctx, event)
	case found.Known || news.Deleted:
		return Receipt{}, nil
	}
	return i.reviseAnswered(ctx, event, &news)
}

// reread gives a message in the queue the text that it has now, and reports whether that is another one. When an answer to it is being sent
// already, only what alters the question counts.
func reread(m, news *tania.Message, settled bool) bool {
	anew := tania.Keep(m.Attachments, slices.Clone(news.Attachments))
	spoken := (&tania.Message{Content: news.Content, Attachments: anew}).Spoken()
	switch {
	case m.Deleted || outdated(news, m.Edited):
		return false
	case news.Deleted:
		m.Deleted, m.Content, m.Attachments = true, "", nil
		return true
	case sameText(m.Spoken(), spoken) && len(m.Attachments) == len(news.Attachments):
		return false
	case settled && words.SameButTyping(m.Spoken(), spoken):
		return false
	}
	m.Content, m.Attachments, m.Edited = news.Content, anew, news.Edited
	return true
}

// outdated reports whether a webhook was overtaken by that of a later change.
func outdated(news *tania.Message, edited time.Time) bool {
	return !news.Edited.IsZero() && news.Edited.Before(edited)
}

// sameText compares texts but for the spaces in them.
func sameText(a, b string) bool {
	return slices.Equal(strings.Fields(a), strings.Fields(b))
}

// reviseAnswered follows a change of a message that was decided on. The revision is pushed before the memory is changed: should the process
// end between the two, the webhook that comes again is the same revision, which the queue takes once.
func (i *Intake) reviseAnswered(ctx context.Context, event *chatwoot.Event, news *tania.Message) (Receipt, error) {
	record, err := i.decided(ctx, news)
	if err != nil || record == nil || outdated(news, record.Edited) {
		return Receipt{}, err
	}
	news.Attachments = tania.Keep(record.Read, news.Attachments)
	before, after := record.Content, news.Spoken()
	empty := record.Reason == tania.Empty && record.Turn == ""
	if sameText(before, after) && !(empty && len(news.Attachments) > 0) {
		return Receipt{}, nil
	}
	asked := empty || record.Turn != "" && record.Outcome != tania.OutcomeFailed
	answer := Receipt{Status: tania.TakenNoted}
	if asked && !words.SameButTyping(before, after) && i.admits(event) {
		news.Revision = record.Revision + 1
		answer, err = i.push(ctx, event, *news)
	} else {
		record.Content, record.Edited = after, news.Edited
		err = i.Engine.SaveRecords(ctx, *record)
	}
	if err != nil {
		return Receipt{}, err
	}
	_, err = i.Engine.UpdateConversation(ctx, news.Key, func(c *tania.Conversation) bool { return c.Correct(news.ID, after) })
	return answer, err
}

// decided is the decision on a message, nil when there was none.
func (i *Intake) decided(ctx context.Context, m *tania.Message) (*tania.Record, error) {
	records, err := i.Engine.Records(ctx, m.Key)
	at := slices.IndexFunc(records, func(r tania.Record) bool { return r.Message == m.ID })
	if err != nil || at < 0 {
		return nil, err
	}
	return &records[at], nil
}

// admits reports whether the gate would let the message pass, had it been written as it now reads.
func (i *Intake) admits(event *chatwoot.Event) bool {
	written := *event
	written.Kind = chatwoot.KindMessageCreated
	return i.Gate(&written, i.Now()).Proceed()
}
