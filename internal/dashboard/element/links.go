package element

import (
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// ConversationPath is where the dashboard shows a conversation.
func ConversationPath(k tania.ConversationKey) string {
	return "/conversations/" + strconv.FormatInt(int64(k.Account), 10) + "/" + strconv.FormatInt(int64(k.Conversation), 10)
}

// InChatwoot is where agents see a conversation in the Chatwoot at an address, "" where that is no web address.
func InChatwoot(address string, k tania.ConversationKey) string {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return ""
	}
	return base.JoinPath("app", "accounts", strconv.FormatInt(int64(k.Account), 10), "conversations",
		strconv.FormatInt(int64(k.Conversation), 10)).String()
}

// ChatwootLink leads to a conversation in Chatwoot, where its address is known.
func ChatwootLink(t *texts.Texts, address string, k tania.ConversationKey) g.Node {
	there := InChatwoot(address, k)
	return g.If(there != "", g.Group{g.Text(" "), h.A(h.Class("small"), h.Href(there), h.Rel("noopener"), t.Say("conversation.open"))})
}

// ConversationLink leads to a conversation's page.
func ConversationLink(k tania.ConversationKey) g.Node {
	return h.A(h.Href(ConversationPath(k)), g.Text(k.String()))
}
