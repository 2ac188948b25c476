package governor

import (
	"slices"
	"strings"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// clockSlack is how far ahead of ours Chatwoot's clock may be before its times are not believed.
const clockSlack = 10 * time.Minute

// older reports whether a webhook is from before what is known, by Chatwoot's own order. Over a step of its clock that order is known to
// some seconds only, and what comes later counts.
func older(seen time.Time, ahead time.Duration, c *tania.Conversation) bool {
	if ahead != c.SeenAhead {
		seen = seen.Add(clockSteps)
	}
	return seen.Before(c.SeenAt)
}

// heard is when a message was written, by our time: as much before its arrival as it is before the conversation's last change, both by
// Chatwoot's clock or as the channel says.
func heard(ev *chatwoot.Event, now time.Time) time.Time {
	written, sent := ev.Message.Created, ev.Conversation.Updated
	if !ev.Message.Written.IsZero() {
		written = ev.Message.Written
	}
	if written.IsZero() || !sent.After(written) {
		return now
	}
	return now.Add(-sent.Sub(written))
}

// clockSteps is how far in the future a time of Chatwoot's may seem to be. What was heard from further on, before its clock was set
// right, does not keep what comes now from being heard.
const clockSteps = 3 * time.Second

// Observe lets a conversation's memory take in a webhook, and reports whether that changed anything worth storing.
// A human's message begins a takeover; Tania's own messages come back as the proof that they were sent; and the
// conversation may have been given back to the bot. Webhooks may come late, twice and in any order.
func (g *Governor) Observe(ev *chatwoot.Event, c *tania.Conversation, now time.Time) bool {
	if ev.Conversation.Key.Conversation == 0 || !g.serves(&ev.Conversation) {
		return false
	}
	changed := g.follow(ev, c, now)
	if ev.Message != nil && g.hear(ev, c, now) {
		changed = true
	}
	if changed {
		c.Updated = now
	}
	return changed
}

// follow takes in the conversation's state, unless the webhook is older than what is known.
func (g *Governor) follow(ev *chatwoot.Event, c *tania.Conversation, now time.Time) bool {
	news := &ev.Conversation
	seen := believed(news.Updated, now)
	ended := endEpisode(ev, c, seen)
	if older(seen, news.Ahead, c) && !c.SeenAt.After(now.Add(clockSteps)) {
		return ended
	}
	at := seen
	if m := ev.Message; m != nil && !m.Created.IsZero() && m.Created.Before(at) {
		// The state was as it is now when this message was written, so that the message itself comes after.
		at = m.Created
	}
	changed := g.givenBack(ev, c) && giveBack(c, at)

	changed = adopt(ev, c, at) || changed
	if changed {
		c.SeenAt, c.SeenAhead = seen, news.Ahead
	}
	return changed || ended
}

// adopt takes what the webhook says of the conversation, and reports whether any of it is new.
func adopt(ev *chatwoot.Event, c *tania.Conversation, at time.Time) (changed bool) {
	news := &ev.Conversation
	status := news.Status
	if ev.Kind == chatwoot.KindMessageCreated && ev.Message.Direction == chatwoot.Incoming {
		status = reopened(status)
	}
	if status != "" {
		changed = set(&c.Status, status)
	}
	changed = set(&c.CanReply, news.CanReply) || changed
	changed = set(&c.AssigneeKind, news.AssigneeKind) || changed
	changed = set(&c.AssigneeID, news.AssigneeID) || changed
	if news.Inbox != 0 {
		changed = set(&c.Inbox, news.Inbox) || changed
	}
	if news.Channel != "" {
		changed = set(&c.Channel, news.Channel) || changed
	}
	if news.Contact.ID != 0 {
		changed = c.KnowContact(news.Contact, at) || changed
	}
	if !slices.Equal(c.Labels, news.Labels) {
		c.Labels, changed = slices.Clone(news.Labels), true
	}
	return changed
}

// givenBack reports whether the webhook shows that the bot has the conversation again: it was resolved, it became
// pending, or the label was put on. That it is pending or has the label is not enough: a human's reply by API, Slack or
// phone leaves both as they were.
func (g *Governor) givenBack(ev *chatwoot.Event, c *tania.Conversation) bool {
	news := &ev.Conversation
	known := !c.SeenAt.IsZero()
	switch news.Status {
	case tania.StatusResolved:
		return ev.Kind != chatwoot.KindMessageCreated && c.Status != tania.StatusResolved
	case tania.StatusPending:
		if ev.Kind == chatwoot.KindConversationStatusChanged || ev.StatusAfter == tania.StatusPending ||
			known && c.Status != "" && c.Status != tania.StatusPending {
			return true
		}
	}
	return known && g.BotLabel != "" && slices.Contains(news.Labels, g.BotLabel) && !slices.Contains(c.Labels, g.BotLabel)
}

// giveBack ends what began before: a late webhook does not end what humans did since.
func giveBack(c *tania.Conversation, at time.Time) (changed bool) {
	if c.Takeover != nil && !at.Before(c.Takeover.Last) {
		c.Takeover, changed = nil, true
	}
	if c.HandedOver != nil && !at.Before(c.HandedOver.At) {
		c.HandedOver, changed = nil, true
	}
	if at.After(c.GivenBack) {
		c.GivenBack, c.NotKnown, c.AskedBack, changed = at, nil, nil, true
	}
	return changed
}

// endEpisode separates what was said until the conversation was resolved from what is said after. Also a webhook that comes late tells it.
func endEpisode(ev *chatwoot.Event, c *tania.Conversation, at time.Time) bool {
	resolved := ev.Conversation.Status == tania.StatusResolved && ev.Kind != chatwoot.KindMessageCreated
	if !resolved || !at.After(c.EpisodeSince) {
		return false
	}
	c.EpisodeSince = at
	return true
}

// hear takes in a message, except a customer's own, which the worker remembers with its turn.
func (g *Governor) hear(ev *chatwoot.Event, c *tania.Conversation, now time.Time) bool {
	m := ev.Message
	if m.Deleted {
		return forget(c, m.ID)
	}
	if m.Direction != chatwoot.Outgoing {
		return false
	}
	changed := false
	if m.Marker != nil && !c.WasSent(m.Marker.Turn, m.Marker.Part) {
		c.MarkSent(tania.SentMark{Turn: m.Marker.Turn, Part: m.Marker.Part, Message: m.ID})
		changed = true
	}
	if m.Marker != nil && m.Sender.Kind == tania.ActorBot {
		g.Self.Learn(m.Sender.ID)
	}
	switch {
	case ev.NotDelivered(g.Self.Is):
		return c.NotDelivered(m.ID, m.Edited) || changed
	case ev.Kind == chatwoot.KindMessageUpdated && !m.Failed():
		return c.Delivered(m.ID, m.Edited) || changed
	}
	if m.Private || ev.Kind != chatwoot.KindMessageCreated || m.Reaction || m.Imported || m.Call {
		return changed
	}
	at := believed(m.Created, now)
	if !m.Written.IsZero() && m.Written.Before(at) {
		// A phone that was offline: its owner is not writing now.
		at = m.Written
	}
	entry := tania.Entry{ID: m.ID, From: tania.FromBot, Name: m.Sender.Name, Text: strings.TrimSpace(m.Content), At: at}
	if m.ByHuman(g.BotUser) {
		entry.From = tania.FromHuman
		changed = takeOver(c, m.Sender, at, heard(ev, now)) || changed
	}
	return remember(c, entry) || changed
}

// takeOver notes a human's message, unless the conversation was given back after it.
func takeOver(c *tania.Conversation, by chatwoot.Sender, at, now time.Time) bool {
	if at.Before(c.GivenBack) || c.Takeover != nil && !at.After(c.Takeover.Last) {
		return false
	}
	c.Takeover = &tania.Takeover{Name: by.Name, Last: at, Heard: now}
	if by.Kind == tania.ActorUser {
		c.Takeover.By = tania.UserID(by.ID)
	}
	return true
}

// remember puts an entry into the history. One that is there already with the same text stays as it is, and so does the bot's own with the
// options that it offered below that text.
func remember(c *tania.Conversation, e tania.Entry) bool {
	same := func(have tania.Entry) bool {
		offered := have.From == tania.FromBot && e.From == tania.FromBot && strings.HasPrefix(have.Text, e.Text+"\n")
		return e.ID != 0 && have.ID == e.ID && (have.Text == e.Text || offered)
	}
	if e.Text == "" || slices.ContainsFunc(c.History, same) {
		return false
	}
	c.Remember(e)
	return true
}

func forget(c *tania.Conversation, id tania.MessageID) bool {
	before := len(c.History)
	c.History = slices.DeleteFunc(slices.Clone(c.History), func(e tania.Entry) bool { return e.ID == id })
	return c.Unsay(id) || len(c.History) != before
}

// believed gives a time of Chatwoot's, or now where it is missing or cannot be.
func believed(t, now time.Time) time.Time {
	if t.Unix() <= 0 || t.After(now.Add(clockSlack)) {
		return now
	}
	return t
}

func set[T comparable](have *T, news T) bool {
	if *have == news {
		return false
	}
	*have = news
	return true
}
