package openapitest

import (
	"regexp"
	"strings"
)

// Deviation is a place where Chatwoot's code (v4.15.1 to the develop branch of August 2026) differs from its description,
// and the code is right. The package's test fails when one of them no longer deviates.
type Deviation struct {
	// Operation is the method and the path, "…" for /api/v1/accounts/{account_id}/conversations/{conversation_id}.
	// "*" is every operation.
	Operation string
	// Place is "request" or "response {status}", then the path of the key; "*" stands for one key of any name.
	Place string
	Why   string
}

// Deviations is the whole list.
var Deviations = []Deviation{
	{"*", "request header Api-Access-Token", "Rails reads it as api_access_token; nginx drops names with underscores"},
	{"GET …", "request security agentBotApiKey", "bot tokens may, since 4.14.2"},
	{"GET …/labels", "request security agentBotApiKey", "bot tokens may, since 4.14.2"},
	{"POST …/labels", "request security agentBotApiKey", "bot tokens may, since 4.14.2"},
	{"POST …/custom_attributes", "request security agentBotApiKey", "bot tokens may (AccessTokenAuthHelper)"},
	{"POST …/messages", "request $.echo_id", "Messages::MessageBuilder takes it and the answer echoes it"},
	{"POST …/messages", "request $.source_id", "Messages::MessageBuilder takes it (API inboxes; harmful elsewhere)"},
	{"POST …/toggle_priority", "request $.priority", "null removes the priority"},
	{"POST …/assignments", "request $.assignee_type", "AgentBot assigns a bot; later than the description"},

	{
		"POST /api/v1/accounts/{account_id}/contacts", "response 200 $.payload",
		"an object of contact and contact_inbox (contacts/create.json.jbuilder), described as an array",
	},
	{
		"GET /api/v1/accounts/{account_id}/contacts/search", "response 200 $.meta.has_more",
		"whether there is another page (contacts/search.json.jbuilder)",
	},
	{"POST /api/v1/accounts/{account_id}/conversations", "response 200 $.*", "the whole conversation (_conversation.json.jbuilder)"},
	{
		"POST /api/v1/accounts/{account_id}/conversations/filter", "response 200 $.*",
		"meta and payload stand alone (conversations/filter.json.jbuilder), described within data",
	},
	{"GET /api/v1/accounts/{account_id}/inboxes/{id}", "response 200 $.*", "what an API inbox has beside (_inbox.json.jbuilder)"},
	{
		"POST /public/api/v1/inboxes/{inbox_identifier}/contacts/{contact_identifier}/conversations/{conversation_id}/messages",
		"response 200 $.echo_id", "the message's echo_id (messages/create.json.jbuilder)",
	},

	{"*", "response 401", "every operation may answer 401, 403, 422 and 429; the description names few"},
	{"*", "response 403", "as 401: API access switched off for the account"},
	{"*", "response 422", "as 401: any exception while a message is made, any invalid record elsewhere"},
	{"*", "response 429", "as 401: rack-attack's limit by address"},
	{"*", "response 500", "GET of a conversation with a team on some versions; failures of the server"},
	{"*", "response 401 $.error", "errors are {error: text}, not {description, errors}"},
	{"*", "response 403 $.error", "errors are {error: text}"},
	{"*", "response 404 $.error", "errors are {error: text}"},
	{"*", "response 401 $.errors[]", "a missing token is {errors: [text]}, described as objects"},
	{"POST …/messages", "response 200 $.echo_id", "messages/create.json.jbuilder echoes it"},
	{"POST …/messages", "response 200 $.attachments", "an array of attachments; the description has one object, attachment"},
	{"GET …/messages", "response 200 $.payload[].attachments", "an array of attachments; the description has one object, attachment"},
	{"GET …/messages", "response 200 $.payload[].content", "null when a message has attachments only"},
	{"GET …/messages", "response 200 $.meta.contact.*", "the contact's keys are there; the description wraps them in payload"},
	{"GET …/messages", "response 200 $.meta.assignee.*", "the assignee's keys differ from those of an agent"},
	{"POST …/messages", "response 200 $.content", "null when a message has attachments only"},
	{"GET …", "response 200 $.meta.assignee_type", "there since 4.8.0"},
	{"GET …", "response 200 $.meta.assignee.*", "an agent bot's keys are not those of a user"},
	{"GET …", "response 200 $.meta.team", "the assigned team"},
	{"GET …", "response 200 $.status", "snoozed is a status too"},
	{"POST …/toggle_status", "response 200 $.payload.success", "null after a bot's handoff and after a status that did not change"},
	{"POST …/toggle_status", "response 200 $.payload.snoozed_until", "toggle_status.json.jbuilder has it"},
	{"POST …/assignments", "response 200 $", "null: an unknown assignee unassigns"},
	{
		"POST …/assignments", "response 200 $.*",
		"_agent.json.jbuilder, _agent_bot_slim.json.jbuilder or _team.json.jbuilder: none is the user described",
	},
}

// unlisted leaves out the findings that a deviation covers.
func unlisted(found []finding) []finding {
	var rest []finding
	for _, f := range found {
		if !listed(f) {
			rest = append(rest, f)
		}
	}
	return rest
}

func listed(f finding) bool {
	for _, d := range Deviations {
		if d.covers(f) {
			return true
		}
	}
	return false
}

func (d Deviation) covers(f finding) bool {
	return (d.Operation == "*" || d.Operation == f.Operation) && placed(d.Place, f.Place)
}

// placed reports whether a place is the pattern's, whose "*" is one key.
func placed(pattern, place string) bool {
	expression := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `[^.]+`)
	return regexp.MustCompile("^" + expression + "$").MatchString(place)
}
