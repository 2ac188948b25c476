package chatwootsim

import (
	"net/http"
	"slices"
	"strings"

	"tania/internal/tania"
)

// conversationsPage is how many conversations a page has (Kaminari's default).
const conversationsPage = 25

// latest picks conversations, the one with the latest activity first.
func (s *Server) latest(want func(*conversation) bool) []*conversation {
	var list []*conversation
	for _, c := range s.conversations {
		if want(c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *conversation) int {
		if n := b.LastActivity.Compare(a.LastActivity); n != 0 {
			return n
		}
		return int(b.ID - a.ID)
	})
	return list
}

// found is ConversationFinder without the assignee: open ones where no status is said, of any status where words are looked for.
func (s *Server) found(q *request) []*conversation {
	query := q.URL.Query()
	status, words := query.Get("status"), strings.ToLower(query.Get("q"))
	if status == "" && words == "" {
		status = string(tania.StatusOpen)
	}
	labels := slices.Concat(query["labels[]"], query["labels"])
	return s.latest(func(c *conversation) bool {
		switch {
		case status != "" && status != "all" && words == "" && string(c.Status) != status:
		case query.Get("inbox_id") != "" && query.Get("inbox_id") != digits(c.Inbox):
		case query.Get("team_id") != "" && query.Get("team_id") != digits(c.Team):
		case len(labels) > 0 && !slices.ContainsFunc(labels, func(l string) bool { return slices.Contains(c.Labels, l) }):
		case words != "" && !c.says(words):
		default:
			return true
		}
		return false
	})
}

// says reports whether a customer's or an agent's message has the words.
func (c *conversation) says(words string) bool {
	return c.last(func(m *Message) bool {
		return (m.Type == Incoming || m.Type == Outgoing) && strings.Contains(strings.ToLower(m.Content), words)
	}) != nil
}

func assigned(c *conversation) bool { return c.Assignee != 0 || c.AssignedBot }

// counted is the meta of a list: how many of them are whose.
func counted(q *request, list []*conversation) object {
	mine, unassigned := 0, 0
	for _, c := range list {
		if c.Assignee == q.user.ID {
			mine++
		}
		if !assigned(c) {
			unassigned++
		}
	}
	return object{
		"mine_count": mine, "assigned_count": len(list) - unassigned, "unassigned_count": unassigned, "all_count": len(list),
	}
}

func (s *Server) listConversations(q *request) (int, any) {
	list := s.found(q)
	meta := counted(q, list)
	whose := q.URL.Query().Get("assignee_type")
	list = slices.DeleteFunc(list, func(c *conversation) bool {
		switch whose {
		case "me":
			return c.Assignee != q.user.ID
		case "unassigned":
			return assigned(c)
		case "assigned":
			return !assigned(c)
		}
		return false
	})
	return http.StatusOK, object{"data": object{"meta": meta, "payload": s.conversationsREST(q, list)}}
}

func (s *Server) conversationsREST(q *request, list []*conversation) []any {
	payload := []any{}
	for _, c := range onePage(list, pageOf(q), conversationsPage) {
		payload = append(payload, s.conversationREST(c))
	}
	return payload
}

func (s *Server) countConversations(q *request) (int, any) {
	return http.StatusOK, object{"meta": counted(q, s.found(q))}
}

// filterConversations has no "data" around its answer, which the list has (conversations/filter.json.jbuilder).
func (s *Server) filterConversations(q *request) (int, any) {
	filter, why := conditionsOf(q.params["payload"], conversationKeys)
	if why != "" {
		return http.StatusUnprocessableEntity, object{"error": why}
	}
	list := s.latest(func(c *conversation) bool { return filter.hold(c.fields()) })
	return http.StatusOK, object{"meta": counted(q, list), "payload": s.conversationsREST(q, list)}
}
