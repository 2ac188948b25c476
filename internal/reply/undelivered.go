package reply

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tania/internal/tania"
)

// deliveryPause is how long a network that takes nothing for the moment is left alone before the same message is sent to it once more.
// Limits of a sender's pace last for seconds (https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits).
const deliveryPause = 30 * time.Second

// deliveryAge is how old a message may be for its failure to be somebody's concern, where no other age is set.
const deliveryAge = 24 * time.Hour

// Undelivered plans what follows from messages of the bot's that their channel did not deliver: they are sent once more where that may
// help, else a human gets the conversation with what the customer did not read. Nothing follows where a human has it, where the customer
// or a human has written since, or where the failure is old news: then it is only counted.
func Undelivered(c Case, d Deps) Plan {
	d = d.withDefaults()
	all := c.Messages
	c.Messages = slices.DeleteFunc(slices.Clone(all), func(m tania.Message) bool { return !c.Memory.WasNotDelivered(m.ID) })
	after := len(c.Messages) == 0
	if after {
		c.Messages = all
	}
	first := c.Messages[0].Undelivered
	record := tania.Record{
		Key: c.newest().Key, Turn: c.Turn, Attempt: c.Attempt, Restarts: c.Restarts,
		Reason: tania.NotDelivered, Detail: fmt.Sprintf("%s: %q", first.Cause, first.Error), Language: Language(d.Bot, "", c.Memory.Language),
	}
	if after {
		return Silence(noted(record, "it was sent after all"))
	}
	if why := concernsNobody(&c, d); why != "" {
		return Silence(noted(record, why))
	}
	if d.Governor != nil {
		verdict := d.Governor.Fence(c.Facts())
		record.Unchecked = verdict.Unchecked
		if !verdict.Proceed() && verdict.Reason != tania.CannotReply {
			record.Reason, record.Detail = verdict.Reason, record.Detail+"; "+verdict.Detail
			return Silence(record)
		}
	}
	if c.Paused == "" && mayPass(c.Messages) {
		return onceMore(&c, record)
	}
	if c.Paused == "" {
		if p, ok := byTemplate(&c, d, record); ok {
			return p
		}
	}
	reason := tania.HandoffNotDelivered
	if first.Cause == tania.CauseOutsideWindow {
		reason = tania.HandoffOutsideWindow
	}
	p := handOver(record, reason, cmp.Or(first.Error, string(first.Cause)))
	p.Unsaid = unread(c.Messages)
	return p
}

// concernsNobody says why nothing follows from a failure, "" where something does.
func concernsNobody(c *Case, d Deps) string {
	if age := c.Now.Sub(c.Messages[0].Undelivered.Sent); age > cmp.Or(d.MaxAge, deliveryAge) {
		return fmt.Sprintf("it was written %s ago", roughly(age))
	}
	for _, e := range c.Memory.History {
		if e.ID > c.newest().ID && e.From != tania.FromBot {
			return "the " + string(e.From) + " has written since"
		}
	}
	return ""
}

// mayPass reports whether the messages may be delivered a little later; each is tried once more.
func mayPass(messages []tania.Message) bool {
	for i := range messages {
		if u := messages[i].Undelivered; !u.Cause.Passes() || u.Again != 0 || u.Text == "" {
			return false
		}
	}
	return true
}

// onceMore plans to send the messages again, in a while.
func onceMore(c *Case, record tania.Record) Plan {
	if left := deliveryPause - c.Age; left > 0 {
		record.Outcome = tania.OutcomeWaiting
		return Plan{Wait: left, Record: record}
	}
	record.Outcome = tania.OutcomeAnswered
	p := Plan{Record: record}
	for i := range c.Messages {
		p.Parts, p.Repeats = append(p.Parts, c.Messages[i].Undelivered.Text), append(p.Repeats, c.Messages[i].ID)
	}
	return p
}

// unread is what the customer did not read.
func unread(messages []tania.Message) (texts []string) {
	for i := range messages {
		if text := messages[i].Undelivered.Text; text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Overtaken is the record of a message that was not delivered in a turn in which the customer wrote again, with the turn's record: they are
// answered that, and nothing follows from the failure of what was said before.
func Overtaken(base tania.Record, m tania.Message) tania.Record {
	return tania.Record{
		Key: base.Key, Message: m.ID, Inbox: m.Inbox, Received: m.Received, Revision: m.Revision, Turn: base.Turn, At: base.At, Bot: base.Bot,
		Outcome: tania.OutcomeSilent, Reason: tania.NotDelivered, Undelivered: m.Undelivered,
		Detail: string(m.Undelivered.Cause) + ": the customer has written since",
	}
}
