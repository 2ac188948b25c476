// Package api is the REST API of an account, for agents and for bots.
package api

import (
	"net/http"
	"time"

	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// api answers the routes.
type api struct {
	*calls.Calls
	labels    []*label
	lastLabel int64
}

// Routes puts the API into a mux.
func Routes(mux *http.ServeMux, c *calls.Calls) {
	s := &api{Calls: c}
	const account = "/api/v1/accounts/{account}"
	const one = account + "/conversations/{conversation}"
	const contact = account + "/contacts/{contact}"
	const label = account + "/labels/{label}"
	for _, route := range []struct {
		pattern string
		right   calls.Right
		answer  func(*calls.Request) (int, any)
	}{
		{"POST " + account + "/conversations", calls.BotsToo, s.createConversation},
		{"GET " + account + "/conversations", calls.UsersOnly, s.listConversations},
		{"GET " + account + "/conversations/meta", calls.UsersOnly, s.countConversations},
		{"POST " + account + "/conversations/filter", calls.UsersOnly, s.filterConversations},
		{"GET " + one, calls.BotsSince4142, s.showConversation},
		{"PATCH " + one, calls.BotsToo, s.updateConversation},
		{"POST " + one + "/messages", calls.BotsToo, s.createMessage},
		{"GET " + one + "/messages", calls.UsersOnly, s.listMessages},
		{"DELETE " + one + "/messages/{message}", calls.UsersOnly, s.destroyMessage},
		{"POST " + one + "/toggle_status", calls.BotsToo, s.toggleStatus},
		{"POST " + one + "/toggle_typing_status", calls.BotsSince4112, s.toggleTyping},
		{"POST " + one + "/toggle_priority", calls.BotsToo, s.togglePriority},
		{"POST " + one + "/custom_attributes", calls.BotsToo, s.writeCustomAttributes},
		{"POST " + one + "/assignments", calls.BotsToo, s.createAssignment},
		{"GET " + one + "/labels", calls.BotsSince4142, s.listLabels},
		{"POST " + one + "/labels", calls.BotsSince4142, s.createLabels},
		{"GET " + account + "/contacts", calls.UsersOnly, s.listContacts},
		{"POST " + account + "/contacts", calls.UsersOnly, s.createContact},
		{"GET " + account + "/contacts/search", calls.UsersOnly, s.searchContacts},
		{"POST " + account + "/contacts/filter", calls.UsersOnly, s.filterContacts},
		{"GET " + contact, calls.UsersOnly, s.showContact},
		{"PUT " + contact, calls.UsersOnly, s.updateContact},
		{"PATCH " + contact, calls.UsersOnly, s.updateContact},
		{"DELETE " + contact, calls.UsersOnly, s.deleteContact},
		{"GET " + contact + "/conversations", calls.UsersOnly, s.contactConversations},
		{"POST " + contact + "/contact_inboxes", calls.UsersOnly, s.createContactInbox},
		{"GET " + contact + "/contactable_inboxes", calls.UsersOnly, s.contactableInboxes},
		{"GET " + contact + "/notes", calls.UsersOnly, s.listNotes},
		{"POST " + contact + "/notes", calls.UsersOnly, s.createNote},
		{"GET " + contact + "/labels", calls.UsersOnly, s.listContactLabels},
		{"POST " + contact + "/labels", calls.UsersOnly, s.createContactLabels},
		{"GET " + account + "/labels", calls.UsersOnly, s.listAccountLabels},
		{"POST " + account + "/labels", calls.UsersOnly, s.createAccountLabel},
		{"GET " + label, calls.UsersOnly, s.showAccountLabel},
		{"PATCH " + label, calls.UsersOnly, s.updateAccountLabel},
		{"DELETE " + label, calls.UsersOnly, s.deleteAccountLabel},
		{"GET " + account + "/inboxes", calls.UsersOnly, s.listInboxes},
		{"GET " + account + "/inboxes/{inbox}", calls.UsersOnly, s.showInbox},
		{"GET " + account + "/inboxes/{inbox}/agent_bot", calls.UsersOnly, s.showInboxBot},
		{"GET " + account + "/teams", calls.UsersOnly, s.listTeams},
		{"GET " + account + "/agents", calls.UsersOnly, s.listAgents},
		{"GET " + account + "/agent_bots", calls.UsersOnly, s.listBots},
		{"GET " + account + "/webhooks", calls.UsersOnly, s.listWebhooks},
		{"GET /api/v1/profile", calls.UsersOnly, s.profile},
		{"/api/v1/", calls.UsersOnly, func(*calls.Request) (int, any) { return calls.NotFound() }},
	} {
		c.Handle(mux, route.pattern, route.right, route.answer)
	}
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, _ *http.Request) {
		calls.Write(w, http.StatusOK, rails.Object{
			"version": s.Options.Version, "timestamp": s.Now().Format(time.DateTime), "queue_services": "ok", "data_services": "ok",
		})
	})
}
