package chatwootsim

import (
	"maps"
	"slices"
	"strings"
)

// itemKeys are the keys that items of a rich message may have, by content_type (ContentAttributeValidator).
var itemKeys = map[string][]string{
	"input_select": {"title", "value"},
	"cards":        {"title", "description", "media_url", "actions"},
	"form":         {"type", "placeholder", "label", "name", "options", "default", "required", "pattern", "title", "pattern_error"},
	"article":      {"title", "description", "link"},
}

// actionKeys are the keys that a card's actions may have.
var actionKeys = []string{"text", "type", "payload", "uri"}

// ContentTypes are the values of Message's content_type.
var ContentTypes = []string{
	"text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article", "incoming_email",
	"input_csat", "integrations", "sticker", "voice_call",
}

func checkItems(m *Message) error {
	allowed, rich := itemKeys[m.ContentType]
	if !rich {
		return nil
	}
	items, _ := m.Attributes["items"].([]any)
	if len(items) == 0 {
		return invalid("Content attributes At least one item is required.")
	}
	var unknown, unknownActions []string
	for _, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			return invalid("Content attributes Items should be a hash.")
		}
		unknown = append(unknown, others(fields, allowed)...)
		actions, _ := fields["actions"].([]any)
		for _, action := range actions {
			if fields, ok := action.(map[string]any); ok {
				unknownActions = append(unknownActions, others(fields, actionKeys)...)
			}
		}
	}
	switch {
	case len(unknown) > 0:
		return invalid("Content attributes contains invalid keys for items : [:" + strings.Join(unknown, ", :") + "]")
	case len(unknownActions) > 0:
		return invalid("Content attributes contains invalid keys for actions:  [:" + strings.Join(unknownActions, ", :") + "]")
	}
	return nil
}

func others(fields map[string]any, allowed []string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(key string) bool { return slices.Contains(allowed, key) })
}
