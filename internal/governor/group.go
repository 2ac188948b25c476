package governor

import (
	"strings"

	"tania/internal/chatwoot"
)

// manyReaders are the ends of WhatsApp's addresses for groups, status lists and channels, as the bridges that use a paired phone give
// them to Chatwoot: as the contact's identifier, or as its address in the inbox.
var manyReaders = []string{"@g.us", "@broadcast", "@newsletter"}

// groupChat refuses what many read: the bot would answer people who did not ask it, before all others. Groups may be named.
func groupChat(g *Governor, ev *chatwoot.Event) finding {
	for _, address := range []string{ev.Conversation.Contact.Identifier, ev.Conversation.Address, ev.Conversation.Contact.Phone} {
		address = strings.ToLower(address)
		if !readByMany(address) {
			continue
		}
		for _, pattern := range g.Groups {
			if glob(strings.ToLower(pattern), address) {
				return finding{}
			}
		}
		return refuse(address + " is a group; those that the bot answers in are named in GOVERNOR_GROUPS")
	}
	return finding{}
}

func readByMany(address string) bool {
	for _, end := range manyReaders {
		if strings.HasSuffix(address, end) {
			return true
		}
	}
	return false
}

// glob reports whether a text is as a pattern says, in which * stands for any characters.
func glob(pattern, text string) bool {
	first, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text, rest = text[at+len(part):], after
	}
}
