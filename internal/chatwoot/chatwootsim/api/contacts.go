package api

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/chatwoot/chatwootsim/shape"
	"tania/internal/tania"
)

// contactsPage is how many contacts a page has (ContactsController::RESULTS_PER_PAGE).
const contactsPage = 15

// listContacts gives those that can be reached: visitors without address, number or identifier are left out (Contact.resolved_contacts).
func (s *api) listContacts(q *calls.Request) (int, any) {
	list := s.sortedContacts(q, func(k *chatwootsim.Customer) bool { return k.Email+k.Phone+k.Identifier != "" })
	return http.StatusOK, s.contactsREST(q, list)
}

func (s *api) searchContacts(q *calls.Request) (int, any) {
	wanted := strings.ToLower(strings.TrimSpace(q.URL.Query().Get("q")))
	if wanted == "" {
		return http.StatusUnprocessableEntity, rails.Object{"error": "Specify search string with parameter q"}
	}
	list := s.sortedContacts(q, func(k *chatwootsim.Customer) bool {
		all := []string{k.Name, k.Email, k.Phone, k.Identifier}
		return slices.ContainsFunc(all, func(text string) bool { return strings.Contains(strings.ToLower(text), wanted) }) ||
			strconv.FormatInt(int64(k.ID), 10) == wanted
	})
	body := s.contactsREST(q, list)
	meta := body["meta"].(rails.Object)
	meta["has_more"] = len(list) > calls.PageOf(q)*contactsPage
	meta["count"] = len(body["payload"].([]any))
	return http.StatusOK, body
}

func (s *api) filterContacts(q *calls.Request) (int, any) {
	conditions, why := conditionsOf(q.Params["payload"], contactKeys)
	if why != "" {
		return http.StatusUnprocessableEntity, rails.Object{"error": why}
	}
	return http.StatusOK, s.contactsREST(q, s.sortedContacts(q,
		func(k *chatwootsim.Customer) bool { return conditions.hold(customerFields(k)) }))
}

// sortedContacts picks contacts in the order that the query asks for, else by id.
func (s *api) sortedContacts(q *calls.Request, want func(*chatwootsim.Customer) bool) []*chatwootsim.Customer {
	var list []*chatwootsim.Customer
	for _, id := range slices.Sorted(maps.Keys(s.Customers)) {
		if k := s.Customers[id]; want(k) {
			list = append(list, k)
		}
	}
	by, descending := strings.CutPrefix(q.URL.Query().Get("sort"), "-")
	order := map[string]func(a, b *chatwootsim.Customer) int{
		"name": func(a, b *chatwootsim.Customer) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		},
		"email":            func(a, b *chatwootsim.Customer) int { return strings.Compare(a.Email, b.Email) },
		"phone_number":     func(a, b *chatwootsim.Customer) int { return strings.Compare(a.Phone, b.Phone) },
		"created_at":       func(a, b *chatwootsim.Customer) int { return a.Created.Compare(b.Created) },
		"last_activity_at": func(a, b *chatwootsim.Customer) int { return a.Created.Compare(b.Created) },
	}[by]
	if order != nil {
		slices.SortStableFunc(list, func(a, b *chatwootsim.Customer) int {
			if descending {
				return order(b, a)
			}
			return order(a, b)
		})
	}
	return list
}

func (s *api) contactsREST(q *calls.Request, list []*chatwootsim.Customer) rails.Object {
	payload := []any{}
	for _, k := range calls.OnePage(list, calls.PageOf(q), contactsPage) {
		payload = append(payload, s.contactWithInboxes(k))
	}
	return rails.Object{"meta": rails.Object{"count": len(list), "current_page": calls.PageOf(q)}, "payload": payload}
}

// contactWithInboxes is _contact.json with the inboxes in which the contact can be written to.
func (s *api) contactWithInboxes(k *chatwootsim.Customer) rails.Object {
	data := shape.ContactREST(k)
	inboxes := []any{}
	for _, id := range slices.Sorted(maps.Keys(k.Sources)) {
		if in, ok := s.Inbox(id); ok {
			inboxes = append(inboxes, rails.Object{"source_id": k.Sources[id], "inbox": shape.InboxSlim(in)})
		}
	}
	data["contact_inboxes"] = inboxes
	return data
}

func (s *api) showContact(q *calls.Request) (int, any) {
	return http.StatusOK, rails.Object{"payload": s.contactWithInboxes(q.Customer)}
}

func (s *api) createContact(q *calls.Request) (int, any) {
	k := &chatwootsim.Customer{}
	if status, refused := s.WriteContact(k, q.Params); status != 0 {
		return status, refused
	}
	in, wanted := tania.InboxID(rails.Number(q.Params["inbox_id"])), q.Params["inbox_id"] != nil
	if _, ok := s.Inbox(in); wanted && !ok {
		return calls.NotFound()
	}
	made := s.NewCustomer(k.Contact)
	made.Custom, made.Additional = k.Custom, k.Additional
	inbox := rails.Object{"inbox": nil, "source_id": nil}
	if wanted {
		made.Sources[in] = cmp.Or(rails.Text(q.Params["source_id"]), uuid.NewString())
		there, _ := s.Inbox(in)
		inbox = rails.Object{"inbox": shape.InboxSlim(there), "source_id": made.Sources[in]}
	}
	s.Touch()
	return http.StatusOK, rails.Object{"payload": rails.Object{"contact": s.contactWithInboxes(made), "contact_inbox": inbox}}
}

func (s *api) updateContact(q *calls.Request) (int, any) {
	if status, refused := s.WriteContact(q.Customer, q.Params); status != 0 {
		return status, refused
	}
	s.Touch()
	return s.showContact(q)
}

func (s *api) deleteContact(q *calls.Request) (int, any) {
	delete(s.Customers, q.Customer.ID)
	for id, c := range s.Threads {
		if c.Customer == q.Customer {
			delete(s.Threads, id)
		}
	}
	s.Touch()
	return http.StatusOK, calls.Empty{}
}

func (s *api) contactConversations(q *calls.Request) (int, any) {
	payload := []any{}
	for _, c := range s.Latest(func(c *chatwootsim.Thread) bool { return c.Customer == q.Customer }) {
		payload = append(payload, s.conversationREST(c))
	}
	return http.StatusOK, rails.Object{"payload": payload}
}

func (s *api) createContactInbox(q *calls.Request) (int, any) {
	in, ok := s.Inbox(tania.InboxID(rails.Number(q.Params["inbox_id"])))
	if !ok {
		return calls.NotFound()
	}
	q.Customer.Sources[in.ID] = cmp.Or(rails.Text(q.Params["source_id"]), q.Customer.Sources[in.ID], uuid.NewString())
	return http.StatusOK, rails.Object{"source_id": q.Customer.Sources[in.ID], "inbox": shape.InboxSlim(in)}
}

// contactableInboxes are those through which an agent can begin a conversation.
func (s *api) contactableInboxes(q *calls.Request) (int, any) {
	payload := []any{}
	for _, in := range s.Options.Inboxes {
		if in.Channel == tania.ChannelAPI || q.Customer.Sources[in.ID] != "" {
			payload = append(payload, rails.Object{"source_id": cmp.Or(q.Customer.Sources[in.ID], uuid.NewString()), "inbox": shape.InboxSlim(in)})
		}
	}
	return http.StatusOK, rails.Object{"payload": payload}
}

func (s *api) listContactLabels(q *calls.Request) (int, any) {
	return http.StatusOK, rails.Object{"payload": append([]string{}, q.Customer.Labels...)}
}

func (s *api) createContactLabels(q *calls.Request) (int, any) {
	q.Customer.Labels = rails.Texts(q.Params["labels"])
	return s.listContactLabels(q)
}
