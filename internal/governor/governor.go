// Package governor decides whether the bot may answer: ordered lists of small rules, each with a closed reason.
// It looks at webhooks, at what Tania remembers of a conversation and at Chatwoot's own view of it; it does no I/O.
package governor

import (
	"slices"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// Options are the settings of the rules. A zero setting switches its rule off, unless said otherwise.
type Options struct {
	// Account is the only account served; 0: any.
	Account tania.AccountID
	// Inboxes are those served; empty: all.
	Inboxes []tania.InboxID

	// Blocklist keeps the bot silent to the contacts in Blocked and to those blocked in Chatwoot.
	Blocklist bool
	// Blocked holds contact ids ("123"), phones ("+52 55 1234 5678"), e-mails and contact identifiers, in any spelling.
	Blocked []string

	// Groups are patterns of the groups that the bot answers in, with * for any characters; empty: none.
	Groups []string
	// OptOut are the channels, of ChannelSMS and ChannelWhatsApp, on which opt-out words are obeyed.
	OptOut []tania.Channel

	// ReplyStatuses are the conversation statuses the bot answers in; empty: pending.
	ReplyStatuses []tania.Status
	// HumanTimeout is how long the bot stays silent after a human's last message. With 0 only a handoff and the status
	// keep it from talking over a human.
	HumanTimeout time.Duration
	// BotLabel is the label that gives a conversation back to the bot when it is put on; empty: none does.
	BotLabel string
	// BotUser is the user behind Tania's own token where that is a user's, 0 for an agent bot's.
	BotUser tania.UserID
	// Self is the agent bot behind Tania's own token; nil: it is a user's.
	Self *Self

	// MaxPerMinute is how many messages of one conversation are answered without a wait in any minute.
	MaxPerMinute int
	// LoopReplies is how many replies in a row another machine may answer before the bot falls silent.
	LoopReplies int
	// MaxChars is the longest message that is answered, in characters.
	MaxChars int
	// Hours are the service hours; nil: always open.
	Hours *ServiceHours
}

// Governor applies the rules. It has no state and may be used by many goroutines.
type Governor struct {
	Options
	blocked blocklist
}

// New gives a governor.
func New(o Options) *Governor {
	if len(o.ReplyStatuses) == 0 {
		o.ReplyStatuses = []tania.Status{tania.StatusPending}
	}
	return &Governor{Options: o, blocked: newBlocklist(o.Blocked)}
}

// Gate judges a webhook by itself, before anything is stored: is it a customer's message that the bot may look at?
// It takes less than a microsecond.
func (g *Governor) Gate(ev *chatwoot.Event, _ time.Time) Verdict { return apply(g, gateRules, ev) }

// Judge decides before a turn is worked whether it may be answered.
func (g *Governor) Judge(f Facts) Verdict { return g.weigh(judgeRules, f) }

// Fence decides right before something is sent whether the bot may still speak. It asks only what may have changed
// since Judge by somebody else's doing: neither rate nor length nor hours.
func (g *Governor) Fence(f Facts) Verdict { return g.weigh(sendRules, f) }

func (g *Governor) weigh(rules []rule[*view], f Facts) Verdict {
	v := apply(g, rules, newView(f))
	if f.LiveErr != nil {
		v.Unchecked = append(v.Unchecked, "status: the conversation could not be looked at: "+f.LiveErr.Error())
	}
	return v
}

// serves reports whether a conversation is in an account and an inbox of the bot, as far as they are known.
func (g *Governor) serves(c *chatwoot.Conversation) bool {
	account, inbox := c.Key.Account, c.Inbox
	return (g.Account == 0 || account == 0 || account == g.Account) &&
		(len(g.Inboxes) == 0 || inbox == 0 || slices.Contains(g.Inboxes, inbox))
}

// AgentsNote reports whether an event is a new private note that a human of the team wrote, where the bot serves: neither the bot's own,
// nor one of an automation.
func (g *Governor) AgentsNote(ev *chatwoot.Event) bool {
	m := ev.Message
	if m == nil || ev.Kind != chatwoot.KindMessageCreated || ev.Conversation.Key.Conversation == 0 || !g.serves(&ev.Conversation) {
		return false
	}
	byAgent := m.Direction == chatwoot.Outgoing && m.Private && m.Sender.Kind == tania.ActorUser && !m.Own(g.BotUser)
	return byAgent && !m.Automation && !m.Campaign && !m.Imported && !m.Deleted
}

// Serves reports whether an event is of an account and an inbox that the bot serves.
func (g *Governor) Serves(ev *chatwoot.Event) bool {
	return ev.Conversation.Key.Conversation != 0 && g.serves(&ev.Conversation)
}
