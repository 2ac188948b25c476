package governor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
)

// sendRules are asked right before something is sent.
var sendRules = slices.Concat(fenceRules, []rule[*view]{{tania.CannotReply, cannotReply}})

// fenceRules are asked of each turn before it is worked and again before anything is sent, for their answers may have changed by somebody
// else's doing: whether there is still something to answer, whether the bot serves there and may speak to this contact, whether a human has
// the conversation, and what Chatwoot says of it.
var fenceRules = []rule[*view]{
	{tania.Deleted, allDeleted},
	{tania.InboxNotAllowed, inboxOfTurn},
	{tania.BlockedContact, contactOfTurn},
	{tania.OptedOut, optedOut},
	{tania.HumanActive, humanActive},
	{tania.HumanAssigned, handedOver},
	{tania.OtherBot, otherBot},
	{tania.Snoozed, snoozed},
	{tania.NotPending, notPending},
}

// judgeRules are asked of each turn before it is worked, in this order: the rules of the fence, and what the bot's own settings say. The
// rate limit is the last, so that nobody waits for an answer that will not come.
var judgeRules = slices.Concat(fenceRules, []rule[*view]{
	{tania.Paused, paused},
	{tania.OutsideHours, outsideHours},
	{tania.TooLong, tooLong},
	{tania.Loop, looping},
	{tania.RateLimited, rateLimited},
})

// handbackGrace is how long after a handoff a message that was pending may be from before it.
const handbackGrace = time.Minute

// paused refuses what an operator took from the bot: humans answer there, and one gets the conversation, without a word to the customer.
// Where a human has it already, an earlier rule says so.
func paused(_ *Governor, v *view) finding {
	if v.Paused == "" {
		return finding{}
	}
	f := refuse(v.Paused)
	f.handoff = tania.HandoffPaused
	return f
}

func allDeleted(_ *Governor, v *view) finding {
	if len(v.Messages) == 0 || slices.ContainsFunc(v.Messages, func(m tania.Message) bool { return !m.Deleted }) {
		return finding{}
	}
	return refuse("everything the customer wrote was deleted")
}

// inboxOfTurn refuses a turn of an account or an inbox that is not served: the settings may have changed since its webhook.
func inboxOfTurn(g *Governor, v *view) finding {
	m, ok := v.newest()
	if !ok {
		return finding{}
	}
	inbox := cmp.Or(m.Inbox, v.Memory.Inbox)
	if v.Live != nil {
		inbox = cmp.Or(v.Live.Inbox, inbox)
	}
	return g.inboxServed(m.Key.Account, inbox)
}

// contactOfTurn refuses a turn whose contact was blocked since its webhook, in Chatwoot or by the settings.
func contactOfTurn(g *Governor, v *view) finding {
	m, ok := v.newest()
	if !ok {
		return finding{}
	}
	contact := m.Contact
	if known := v.Memory.Contact; known.ID == contact.ID && v.Memory.ContactAt.After(m.Created) {
		contact = known
	}
	if v.Live != nil && v.Live.Contact.ID != 0 {
		contact = v.Live.Contact
	}
	return g.contactAllowed(&contact, m.Address)
}

// humanActive refuses while a human writes to the customer. What ends it early is seen by Observe.
func humanActive(g *Governor, v *view) finding {
	t := v.Memory.Takeover
	if g.HumanTimeout <= 0 || t == nil {
		return finding{}
	}
	last := cmp.Or(t.Heard, t.Last)
	left := last.Add(g.HumanTimeout).Sub(v.Now)
	if left <= 0 {
		return finding{}
	}
	who := "a human"
	if t.Name != "" {
		who = t.Name
	}
	return refuse(fmt.Sprintf("%s wrote %s ago; the bot is back in %s, or when the conversation is given back to it",
		who, brief(v.Now.Sub(last)), brief(left)))
}

// handedOver refuses what Tania itself gave to humans, until they resolve it or give it back: by the label, or by the
// status pending. It is the only case of human_assigned. An assignee says nothing: Chatwoot keeps the old one when a
// customer comes back, assigns open conversations by turns, and assigns bots too.
func handedOver(g *Governor, v *view) finding {
	h := v.Memory.HandedOver
	if h == nil {
		return finding{}
	}
	if v.Retried && h.Reason.Excuses() {
		return humanSince(v, h)
	}
	if v.status == tania.StatusPending && v.statusAt.After(h.At.Add(handbackGrace)) {
		// A handoff opens the conversation, so somebody has made it pending since; the webhook that said so was lost.
		return finding{}
	}
	back := "when it is resolved or made pending"
	if g.BotLabel != "" {
		back = fmt.Sprintf("when it is resolved, made pending or labelled %q", g.BotLabel)
	}
	return refuse(fmt.Sprintf("handed over %s ago (%s); the bot is back %s", brief(v.Now.Sub(h.At)), h.Reason, back))
}

// otherBot refuses a conversation that another bot has. Chatwoot (since 4.17) gives new conversations to the bot of their inbox
// by itself, so an assigned bot may well be Tania.
func otherBot(g *Governor, v *view) finding {
	switch {
	case v.assignee.kind == tania.ActorCaptain:
		return refuse("the conversation is assigned to Captain")
	case v.assignee.kind != tania.ActorBot || v.assignee.id == 0 || g.Self.Is(v.assignee.id):
		return finding{}
	case !g.Self.Known():
		return unchecked(fmt.Sprintf("assigned to bot %d, which may be this one: its id is learnt from its first reply", v.assignee.id))
	}
	return refuse(fmt.Sprintf("the conversation is assigned to bot %d, which is another one", v.assignee.id))
}

// humanSince refuses a retried turn where a human has the conversation, or has written, since the bot failed in it.
func humanSince(v *view, h *tania.HandedOver) finding {
	if t := v.Memory.Takeover; t != nil && t.Last.After(h.At) {
		return refuse("a human has written since the bot failed")
	}
	for _, e := range v.Memory.History {
		if e.From == tania.FromHuman && e.At.After(h.At) {
			return refuse("a human has written since the bot failed")
		}
	}
	if v.Live != nil && v.Live.AssigneeKind == tania.ActorUser {
		return refuse("the conversation is assigned to a human since the bot failed")
	}
	return finding{}
}

// excused reports whether the conversation is open only because the bot failed in it.
func excused(v *view) bool {
	h := v.Memory.HandedOver
	return v.Retried && h != nil && h.Reason.Excuses() && v.status == tania.StatusOpen
}

func snoozed(g *Governor, v *view) finding {
	if v.status != tania.StatusSnoozed || g.repliesIn(v.status) {
		return finding{}
	}
	return refuse("an agent snoozed the conversation")
}

func notPending(g *Governor, v *view) finding {
	switch {
	case v.status == "":
		return unchecked("the conversation's status is not known")
	case g.repliesIn(v.status), excused(v):
		return finding{}
	}
	return refuse(fmt.Sprintf("the conversation is %s; the bot answers in %s", v.status, joined(g.ReplyStatuses)))
}

func (g *Governor) repliesIn(s tania.Status) bool { return slices.Contains(g.ReplyStatuses, s) }

// cannotReply refuses what would reach nobody. It is asked when it is known what would be said: a human, or a template, says it then.
func cannotReply(_ *Governor, v *view) finding {
	if v.canReply {
		return finding{}
	}
	return refuse("the channel takes no messages to this customer now (can_reply is false)")
}

// outsideHours refuses what neither came nor is worked in service hours. The customer is told once in each closed period.
func outsideHours(g *Governor, v *view) finding {
	if g.Hours == nil {
		return finding{}
	}
	if g.Hours.Location == nil {
		return unchecked("the service hours have no time zone")
	}
	if g.Hours.Open(v.Now) {
		return finding{}
	}
	if m, ok := v.newest(); ok && !m.Received.IsZero() && g.Hours.Open(m.Received) {
		return finding{}
	}
	f := refuse("closed, and nothing opens within a year")
	if opens, ok := g.Hours.Opens(v.Now); ok {
		f.detail = "closed until " + opens.Format("Mon 2 Jan 15:04 MST")
	}
	if v.Memory.Notices[tania.NoticeOutsideHours].Before(g.Hours.ClosedSince(v.Now)) {
		f.notice = tania.NoticeOutsideHours
	}
	return f
}

// tooLong refuses a turn in which a message is longer than the bot reads; each time the customer is told.
func tooLong(g *Governor, v *view) finding {
	if g.MaxChars <= 0 {
		return finding{}
	}
	for i := range v.Messages {
		m := &v.Messages[i]
		if m.Deleted || len(m.Content) <= g.MaxChars {
			continue
		}
		if n := utf8.RuneCountInString(m.Content); n > g.MaxChars {
			f := refuse(fmt.Sprintf("message %d has %d characters; %d are read", m.ID, n, g.MaxChars))
			f.notice = tania.NoticeTooLong
			return f
		}
	}
	return finding{}
}

// brief writes a duration for a person, to the second.
func brief(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func joined(statuses []tania.Status) string {
	var names []string
	for _, s := range statuses {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
