package governor

import (
	"fmt"
	"slices"
	"strings"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

// gateRules are asked of each webhook, in this order: what it is, who wrote it, whether the bot serves there, and at
// last what it says. So the reason given is the one that a person would name first: a note of Tania's own is own_message,
// an agent's note is private, a message of a blocked contact is blocked_contact although it is also empty.
var gateRules = []rule[*chatwoot.Event]{
	{tania.UnsupportedEvent, notAMessage},
	{tania.OwnMessage, ownMessage},
	{tania.Private, privateNote},
	{tania.Template, template},
	{tania.Outgoing, outgoing},
	{tania.InboxNotAllowed, otherInbox},
	{tania.BlockedContact, blockedContact},
	{tania.Deleted, deletedMessage},
	{tania.Imported, importedMessage},
	{tania.Reaction, reaction},
	{tania.AutoReply, autoReply},
	{tania.Empty, emptyMessage},
	{tania.Group, groupChat},
	{tania.OptedOut, optOutWord},
}

// notAMessage refuses what holds no news that could be answered: events of other kinds, Chatwoot's activity messages, and
// changes of a message, except its deletion and a customer's choice in an input_select.
func notAMessage(_ *Governor, ev *chatwoot.Event) finding {
	m := ev.Message
	switch {
	case m == nil || ev.Kind != chatwoot.KindMessageCreated && ev.Kind != chatwoot.KindMessageUpdated:
		return refuse("event " + ev.Name)
	case ev.Conversation.Key.Conversation == 0:
		return refuse(ev.Name + " without a conversation")
	case m.Direction == chatwoot.Activity:
		return refuse("activity message")
	case m.Call:
		return refuse("record of a phone call")
	case m.Direction != chatwoot.Incoming && m.Direction != chatwoot.Outgoing && m.Direction != chatwoot.Template:
		return refuse("message type " + string(m.Direction))
	case ev.Kind == chatwoot.KindMessageUpdated && m.Direction == chatwoot.Incoming && !m.Deleted:
		return refuse("change of a message that is known already")
	}
	return finding{}
}

func ownMessage(g *Governor, ev *chatwoot.Event) finding {
	m := ev.Message
	if m.Direction == chatwoot.Incoming || !m.Own(g.BotUser) || choice(ev) {
		return finding{}
	}
	if m.Marker != nil {
		return refuse("turn " + string(m.Marker.Turn) + ", part " + m.Marker.Part)
	}
	return refuse("written by the bot's own user")
}

func privateNote(_ *Governor, ev *chatwoot.Event) finding {
	if !ev.Message.Private {
		return finding{}
	}
	return refuse("note of " + author(ev.Message))
}

func template(_ *Governor, ev *chatwoot.Event) finding {
	if ev.Message.Direction != chatwoot.Template {
		return finding{}
	}
	return refuse("automatic message of Chatwoot")
}

func outgoing(_ *Governor, ev *chatwoot.Event) finding {
	if ev.Message.Direction != chatwoot.Outgoing || choice(ev) {
		return finding{}
	}
	return refuse("message of " + author(ev.Message))
}

func otherInbox(g *Governor, ev *chatwoot.Event) finding {
	return g.inboxServed(ev.Conversation.Key.Account, ev.Conversation.Inbox)
}

// inboxServed refuses what is in an account or an inbox that the bot does not serve; 0 is one that is not known.
func (g *Governor) inboxServed(account tania.AccountID, inbox tania.InboxID) finding {
	switch {
	case g.Account != 0 && account == 0:
		return unchecked("the webhook does not name its account")
	case g.Account != 0 && account != g.Account:
		return refuse(fmt.Sprintf("account %d; the bot serves account %d", account, g.Account))
	case len(g.Inboxes) > 0 && inbox == 0:
		return unchecked("the webhook does not name its inbox")
	case len(g.Inboxes) > 0 && !slices.Contains(g.Inboxes, inbox):
		return refuse(fmt.Sprintf("inbox %d is not in the list of inboxes", inbox))
	}
	return finding{}
}

func blockedContact(g *Governor, ev *chatwoot.Event) finding {
	contact := &ev.Conversation.Contact
	if sender := &ev.Message.Sender; contact.ID == 0 && sender.Kind == tania.ActorContact {
		contact = &sender.Contact
	}
	return g.contactAllowed(contact, ev.Conversation.Address)
}

// contactAllowed refuses a contact, with an address in the inbox, that is blocked in Chatwoot or by the settings.
func (g *Governor) contactAllowed(contact *tania.Contact, address string) finding {
	if !g.Blocklist {
		return finding{}
	}
	if contact.Blocked {
		return refuse("blocked in Chatwoot")
	}
	if entry, ok := g.blocked.match(contact, address); ok {
		return refuse("on the block list: " + entry)
	}
	return finding{}
}

func deletedMessage(_ *Governor, ev *chatwoot.Event) finding {
	if !ev.Message.Deleted {
		return finding{}
	}
	return refuse("the message was deleted")
}

// importedMessage refuses what was said before the inbox was connected: somebody answered it then, or nobody will.
func importedMessage(_ *Governor, ev *chatwoot.Event) finding {
	if !ev.Message.Imported {
		return finding{}
	}
	return refuse("imported history")
}

// reaction refuses an emoji that was put on a message: it says nothing that could be answered.
func reaction(_ *Governor, ev *chatwoot.Event) finding {
	switch m := ev.Message; {
	case !m.Reaction:
		return finding{}
	case m.InReplyTo != 0:
		return refuse(fmt.Sprintf("a reaction to message %d", m.InReplyTo))
	}
	return refuse("a reaction to a message")
}

// autoReply refuses a mail that nobody wrote: two machines would answer each other.
func autoReply(_ *Governor, ev *chatwoot.Event) finding {
	if !ev.Message.AutoReply {
		return finding{}
	}
	return refuse("a mail that a machine sent: an automatic reply, or a report of undelivered mail")
}

// emptyMessage refuses what has nothing in it. What the channel could not show to Chatwoot (is_unsupported) is not
// nothing: the customer sent something and is told that it cannot be read.
func emptyMessage(_ *Governor, ev *chatwoot.Event) finding {
	m := ev.Message
	if len(m.Attachments) > 0 || m.Unsupported || len(m.Submitted) > 0 || strings.TrimSpace(m.Content) != "" {
		return finding{}
	}
	return refuse("neither text nor attachments")
}

// choice reports whether a customer chose in an input_select or filled in a form: a change of the bot's own message.
func choice(ev *chatwoot.Event) bool {
	_, ok := ev.CustomerMessage(ev.Message.Created)
	return ok && ev.Message.Direction != chatwoot.Incoming
}

// author names who wrote a message.
func author(m *chatwoot.Message) string {
	who := "no one in particular"
	switch {
	case m.Automation:
		return "an automation rule"
	case m.Campaign:
		return "a campaign"
	case m.Phone:
		return "a human on the phone"
	case m.Sender.Kind == tania.ActorUser:
		who = "a human"
	case m.Sender.Kind == tania.ActorBot:
		who = "a bot"
	case m.Sender.Kind == tania.ActorCaptain:
		who = "Captain"
	}
	if m.Sender.Name != "" {
		who += " (" + m.Sender.Name + ")"
	}
	return who
}
