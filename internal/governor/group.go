package governor

import (
	"strings"

	"tania/internal/chatwoot"
)

// groupChat refuses what many read: the bot would answer people who did not ask it, before all others. Groups may be named.
func groupChat(g *Governor, ev *chatwoot.Event) finding {
	address := ev.Conversation.Contact.Group(ev.Conversation.Address)
	if address == "" {
		return finding{}
	}
	for _, pattern := range g.Groups {
		if glob(strings.ToLower(pattern), address) {
			return finding{}
		}
	}
	return refuse(address + " is a group; those that the bot answers in are named in GOVERNOR_GROUPS")
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
