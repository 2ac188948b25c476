// Package complaint reads what model servers answer instead of a completion: the message for people, and the words by which to tell what it
// is that a server does not take.
package complaint

import (
	"encoding/json"
	"strings"
)

// Read gives the code and the message of an error, the message as one short line. It reads {"error":{"code","type","message"}},
// {"error":"…"} and {"message"|"detail":"…"}, any of them in a list, else the text itself.
func Read(body []byte) (code, text string) {
	var whole struct {
		Error           json.RawMessage
		Message, Detail any
	}
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil && len(list) > 0 {
		body = list[0]
	}
	if json.Unmarshal(body, &whole) != nil {
		return "", Shorten(string(body))
	}
	var inner struct {
		Code, Type, Message any
		Metadata            struct{ Raw any }
	}
	if json.Unmarshal(whole.Error, &inner) == nil {
		said := asText(inner.Message)
		if raw := asText(inner.Metadata.Raw); raw != "" {
			said += ": " + raw
		}
		return asText(inner.Code) + " " + asText(inner.Type), Shorten(said)
	}
	var plain string
	if json.Unmarshal(whole.Error, &plain) == nil {
		return "", Shorten(plain)
	}
	return "", Shorten(strings.TrimSpace(asText(whole.Message) + " " + asText(whole.Detail)))
}

func asText(v any) string {
	if v == nil {
		return ""
	}
	if s, ok := v.(string); ok {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// Shorten makes one short line of a server's text.
func Shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "no text"
	}
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
