package chatwoot

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// wraps is how deep WrappedIn looks.
const wraps = 4

// WrappedIn finds a webhook of Chatwoot's within a body that is none itself, as programs between the two make it: n8n and Make put it below
// "body", in a list, or into a string, Zapier into a field of a form. It gives the way to it, "[0].body" for example, and "" where there is
// none.
func WrappedIn(body []byte) string {
	if found := wrappedIn(body, "", wraps); found != "" {
		return found
	}
	return inForm(body)
}

// inForm finds a webhook within a form's field, as in "payload=%7B…".
func inForm(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if found := wrappedIn([]byte(form.Get(name)), "the form's field "+name, wraps); found != "" {
			return found
		}
	}
	return ""
}

func wrappedIn(data []byte, way string, deep int) string {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if len(data) == 0 || deep < 0 {
		return ""
	}
	switch data[0] {
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(data, &list) == nil && len(list) > 0 {
			return wrappedIn(list[0], way+"[0]", deep-1)
		}
	case '"':
		var text string
		if json.Unmarshal(data, &text) == nil {
			return wrappedIn([]byte(text), way+" (a text)", deep-1)
		}
	case '{':
		var fields map[string]json.RawMessage
		if json.Unmarshal(data, &fields) != nil {
			return ""
		}
		if isWebhook(fields) && way != "" {
			return strings.TrimPrefix(way, ".")
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if found := wrappedIn(fields[name], way+"."+name, deep-1); found != "" {
				return found
			}
		}
	}
	return ""
}

// isWebhook recognises a webhook by the event and the account that every one has.
func isWebhook(fields map[string]json.RawMessage) bool {
	var event string
	return json.Unmarshal(fields["event"], &event) == nil && event != "" && (fields["account"] != nil || fields["conversation"] != nil)
}
