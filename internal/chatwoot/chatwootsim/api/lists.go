package api

import (
	"net/http"
	"slices"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/calls"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

// conversationsPage is how many conversations a page has (Kaminari's default).
const conversationsPage = 25

// found is ConversationFinder without the assignee: open ones where no status is said, of any status where words are looked for.
func (s *api) found(q *calls.Request) []*chatwootsim.Thread {
	query := q.URL.Query()
	status, words := query.Get("status"), strings.ToLower(query.Get("q"))
	if status == "" && words == "" {
		status = string(tania.StatusOpen)
	}
	labels := slices.Concat(query["labels[]"], query["labels"])
	return s.Latest(func(c *chatwootsim.Thread) bool {
		switch {
		case status != "" && status != "all" && words == "" && string(c.Status) != status:
		case query.Get("inbox_id") != "" && query.Get("inbox_id") != digits(c.Inbox):
		case query.Get("team_id") != "" && query.Get("team_id") != digits(c.Team):
		case len(labels) > 0 && !slices.ContainsFunc(labels, func(l string) bool { return slices.Contains(c.Labels, l) }):
		case words != "" && !says(c, words):
		default:
			return true
		}
		return false
	})
}

// says reports whether a customer's or an agent's message has the words.
func says(c *chatwootsim.Thread, words string) bool {
	return c.Last(func(m *chatwootsim.Message) bool {
		return (m.Type == chatwootsim.Incoming || m.Type == chatwootsim.Outgoing) && strings.Contains(strings.ToLower(m.Content), words)
	}) != nil
}

func assigned(c *chatwootsim.Thread) bool { return c.Assignee != 0 || c.AssignedBot }

// counted is the meta of a list: how many of them are whose.
func counted(q *calls.Request, list []*chatwootsim.Thread) rails.Object {
	mine, unassigned := 0, 0
	for _, c := range list {
		if c.Assignee == q.User.ID {
			mine++
		}
		if !assigned(c) {
			unassigned++
		}
	}
	return rails.Object{
		"mine_count": mine, "assigned_count": len(list) - unassigned, "unassigned_count": unassigned, "all_count": len(list),
	}
}

func (s *api) listConversations(q *calls.Request) (int, any) {
	list := s.found(q)
	meta := counted(q, list)
	whose := q.URL.Query().Get("assignee_type")
	list = slices.DeleteFunc(list, func(c *chatwootsim.Thread) bool {
		switch whose {
		case "me":
			return c.Assignee != q.User.ID
		case "unassigned":
			return assigned(c)
		case "assigned":
			return !assigned(c)
		}
		return false
	})
	return http.StatusOK, rails.Object{"data": rails.Object{"meta": meta, "payload": s.conversationsREST(q, list)}}
}

func (s *api) conversationsREST(q *calls.Request, list []*chatwootsim.Thread) []any {
	payload := []any{}
	for _, c := range calls.OnePage(list, calls.PageOf(q), conversationsPage) {
		payload = append(payload, s.conversationREST(c))
	}
	return payload
}

func (s *api) countConversations(q *calls.Request) (int, any) {
	return http.StatusOK, rails.Object{"meta": counted(q, s.found(q))}
}

// filterConversations has no "data" around its answer, which the list has (conversations/filter.json.jbuilder).
func (s *api) filterConversations(q *calls.Request) (int, any) {
	filter, why := conditionsOf(q.Params["payload"], conversationKeys)
	if why != "" {
		return http.StatusUnprocessableEntity, rails.Object{"error": why}
	}
	list := s.Latest(func(c *chatwootsim.Thread) bool { return filter.hold(threadFields(c)) })
	return http.StatusOK, rails.Object{"meta": counted(q, list), "payload": s.conversationsREST(q, list)}
}
