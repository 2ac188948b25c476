package chatwootsim

import (
	"cmp"
	"maps"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tania/internal/tania"
)

// contactsPage is how many contacts a page has (ContactsController::RESULTS_PER_PAGE).
const contactsPage = 15

// e164 is what Contact takes for a phone number.
var e164 = regexp.MustCompile(`^\+[1-9]\d{1,14}$`)

// listContacts gives those that can be reached: visitors without address, number or identifier are left out (Contact.resolved_contacts).
func (s *Server) listContacts(q *request) (int, any) {
	list := s.sortedContacts(q, func(k *contact) bool { return k.Email+k.Phone+k.Identifier != "" })
	return http.StatusOK, s.contactsREST(q, list)
}

func (s *Server) searchContacts(q *request) (int, any) {
	wanted := strings.ToLower(strings.TrimSpace(q.URL.Query().Get("q")))
	if wanted == "" {
		return http.StatusUnprocessableEntity, object{"error": "Specify search string with parameter q"}
	}
	list := s.sortedContacts(q, func(k *contact) bool {
		all := []string{k.Name, k.Email, k.Phone, k.Identifier}
		return slices.ContainsFunc(all, func(text string) bool { return strings.Contains(strings.ToLower(text), wanted) }) ||
			strconv.FormatInt(int64(k.ID), 10) == wanted
	})
	body := s.contactsREST(q, list)
	meta := body["meta"].(object)
	meta["has_more"] = len(list) > pageOf(q)*contactsPage
	meta["count"] = len(body["payload"].([]any))
	return http.StatusOK, body
}

func (s *Server) filterContacts(q *request) (int, any) {
	conditions, why := conditionsOf(q.params["payload"], contactKeys)
	if why != "" {
		return http.StatusUnprocessableEntity, object{"error": why}
	}
	return http.StatusOK, s.contactsREST(q, s.sortedContacts(q, func(k *contact) bool { return conditions.hold(k.fields()) }))
}

// sortedContacts picks contacts in the order that the query asks for, else by id.
func (s *Server) sortedContacts(q *request, want func(*contact) bool) []*contact {
	var list []*contact
	for _, id := range slices.Sorted(maps.Keys(s.contacts)) {
		if k := s.contacts[id]; want(k) {
			list = append(list, k)
		}
	}
	by, descending := strings.CutPrefix(q.URL.Query().Get("sort"), "-")
	order := map[string]func(a, b *contact) int{
		"name":             func(a, b *contact) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
		"email":            func(a, b *contact) int { return strings.Compare(a.Email, b.Email) },
		"phone_number":     func(a, b *contact) int { return strings.Compare(a.Phone, b.Phone) },
		"created_at":       func(a, b *contact) int { return a.created.Compare(b.created) },
		"last_activity_at": func(a, b *contact) int { return a.created.Compare(b.created) },
	}[by]
	if order != nil {
		slices.SortStableFunc(list, func(a, b *contact) int {
			if descending {
				return order(b, a)
			}
			return order(a, b)
		})
	}
	return list
}

func (s *Server) contactsREST(q *request, list []*contact) object {
	payload := []any{}
	for _, k := range onePage(list, pageOf(q), contactsPage) {
		payload = append(payload, s.contactWithInboxes(k))
	}
	return object{"meta": object{"count": len(list), "current_page": pageOf(q)}, "payload": payload}
}

// pageOf is the page that is asked for, from 1.
func pageOf(q *request) int {
	n, _ := strconv.Atoi(q.URL.Query().Get("page"))
	return max(n, 1)
}

func onePage[T any](list []T, number, size int) []T {
	from := min((number-1)*size, len(list))
	return list[from:min(from+size, len(list))]
}

// contactWithInboxes is _contact.json with the inboxes in which the contact can be written to.
func (s *Server) contactWithInboxes(k *contact) object {
	data := contactREST(k)
	inboxes := []any{}
	for _, id := range slices.Sorted(maps.Keys(k.sources)) {
		if in, ok := s.inbox(id); ok {
			inboxes = append(inboxes, object{"source_id": k.sources[id], "inbox": inboxSlim(in)})
		}
	}
	data["contact_inboxes"] = inboxes
	return data
}

func (s *Server) showContact(q *request) (int, any) {
	return http.StatusOK, object{"payload": s.contactWithInboxes(q.contact)}
}

func (s *Server) createContact(q *request) (int, any) {
	k := &contact{}
	if status, refused := s.writeContact(k, q.params); status != 0 {
		return status, refused
	}
	in, wanted := tania.InboxID(number(q.params["inbox_id"])), q.params["inbox_id"] != nil
	if _, ok := s.inbox(in); wanted && !ok {
		return notFound()
	}
	made := s.newContact(k.Contact)
	made.custom, made.additional = k.custom, k.additional
	inbox := object{"inbox": nil, "source_id": nil}
	if wanted {
		made.sources[in] = cmp.Or(text(q.params["source_id"]), uuid.NewString())
		there, _ := s.inbox(in)
		inbox = object{"inbox": inboxSlim(there), "source_id": made.sources[in]}
	}
	s.touch()
	return http.StatusOK, object{"payload": object{"contact": s.contactWithInboxes(made), "contact_inbox": inbox}}
}

func (s *Server) updateContact(q *request) (int, any) {
	if status, refused := s.writeContact(q.contact, q.params); status != 0 {
		return status, refused
	}
	s.touch()
	return s.showContact(q)
}

func (s *Server) deleteContact(q *request) (int, any) {
	delete(s.contacts, q.contact.ID)
	for id, c := range s.conversations {
		if c.contact == q.contact {
			delete(s.conversations, id)
		}
	}
	s.touch()
	return http.StatusOK, empty{}
}

// writeContact takes what is said of a contact, or answers what is wrong with it; 0 when nothing is.
func (s *Server) writeContact(k *contact, params object) (int, any) {
	changed := k.Contact
	for name, field := range map[string]*string{
		"name": &changed.Name, "email": &changed.Email, "phone_number": &changed.Phone, "identifier": &changed.Identifier,
	} {
		if value, said := params[name]; said {
			*field = text(value)
		}
	}
	changed.Email = strings.ToLower(changed.Email)
	if blocked, said := params["blocked"]; said {
		changed.Blocked = truthy(blocked)
	}
	if wrong, attribute := s.wrongContact(changed); wrong != "" {
		return http.StatusUnprocessableEntity, object{"message": wrong, "attributes": []string{attribute}}
	}
	k.Contact = changed
	k.custom, k.additional = merged(k.custom, params["custom_attributes"]), merged(k.additional, params["additional_attributes"])
	return 0, nil
}

func merged(have object, fresh any) object {
	all := maps.Clone(have)
	if all == nil {
		all = object{}
	}
	maps.Copy(all, structure(fresh))
	return all
}

// wrongContact says what Contact's validations refuse.
func (s *Server) wrongContact(k tania.Contact) (message, attribute string) {
	if _, err := mail.ParseAddress(k.Email); k.Email != "" && err != nil {
		return "Email Invalid email", "email"
	}
	if k.Phone != "" && !e164.MatchString(k.Phone) {
		return "Phone number should be in e164 format", "phone_number"
	}
	for _, other := range s.contacts {
		switch {
		case other.ID == k.ID:
		case k.Email != "" && other.Email == k.Email:
			return "Email has already been taken", "email"
		case k.Phone != "" && other.Phone == k.Phone:
			return "Phone number has already been taken", "phone_number"
		case k.Identifier != "" && other.Identifier == k.Identifier:
			return "Identifier has already been taken", "identifier"
		}
	}
	return "", ""
}

func (s *Server) contactConversations(q *request) (int, any) {
	payload := []any{}
	for _, c := range s.latest(func(c *conversation) bool { return c.contact == q.contact }) {
		payload = append(payload, s.conversationREST(c))
	}
	return http.StatusOK, object{"payload": payload}
}

func (s *Server) createContactInbox(q *request) (int, any) {
	in, ok := s.inbox(tania.InboxID(number(q.params["inbox_id"])))
	if !ok {
		return notFound()
	}
	q.contact.sources[in.ID] = cmp.Or(text(q.params["source_id"]), q.contact.sources[in.ID], uuid.NewString())
	return http.StatusOK, object{"source_id": q.contact.sources[in.ID], "inbox": inboxSlim(in)}
}

// contactableInboxes are those through which an agent can begin a conversation.
func (s *Server) contactableInboxes(q *request) (int, any) {
	payload := []any{}
	for _, in := range s.o.Inboxes {
		if in.Channel == tania.ChannelAPI || q.contact.sources[in.ID] != "" {
			payload = append(payload, object{"source_id": cmp.Or(q.contact.sources[in.ID], uuid.NewString()), "inbox": inboxSlim(in)})
		}
	}
	return http.StatusOK, object{"payload": payload}
}

func (s *Server) listContactLabels(q *request) (int, any) {
	return http.StatusOK, object{"payload": append([]string{}, q.contact.labels...)}
}

func (s *Server) createContactLabels(q *request) (int, any) {
	q.contact.labels = texts(q.params["labels"])
	return s.listContactLabels(q)
}
