package modeltext

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Content reads the content of a message, which servers send as a text, a part, a list of parts or of texts, or an object of Gemini's or of
// their own around it. ok is false for a shape that is not known: that is no answer, whatever it holds.
func (d *Reader) Content(raw json.RawMessage) (text string, calls []Call, ok bool) {
	var v any
	if len(bytes.TrimSpace(raw)) == 0 {
		return "", nil, true
	}
	if json.Unmarshal(raw, &v) != nil {
		return "", nil, false
	}
	c := content{tools: d.tools}
	ok = c.read(v, 0)
	return strings.Join(c.texts, "\n"), c.calls, ok
}

type content struct {
	tools []Tool
	texts []string
	calls []Call
}

// The names of the parts that are no text for customers though their shape is known, and of the fields that hold what a part says.
var (
	silentParts = []string{
		"image", "image_url", "input_image", "audio", "file", "document", "citation", "citations", "annotations", "source",
		"refusal", "redacted_thinking", "step-start", "source-url",
	}
	partFields = []string{"text", "content", "value", "output_text", "parts", "message"}
)

func (c *content) read(v any, depth int) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		c.texts = append(c.texts, v)
		return true
	case []any:
		for _, part := range v {
			if !c.read(part, depth+1) {
				return false
			}
		}
		return true
	case map[string]any:
		return depth < deepest && c.part(v, depth)
	}
	return false
}

// part reads one part by its type, or where it has none by its fields.
func (c *content) part(m map[string]any, depth int) bool {
	kind, _ := m["type"].(string)
	class, _ := classOf(kind)
	switch isThought, _ := m["thought"].(bool); {
	case isThought || class == thought || slices.Contains(silentParts, kind):
		return true
	case class == call:
		c.calls = append(c.calls, known(callsIn(m, c.tools), c.tools)...)
		return true
	}
	for _, field := range partFields {
		if inner, ok := m[field]; ok {
			return c.read(inner, depth+1)
		}
	}
	if calls := callsIn(m, c.tools); len(calls) > 0 {
		c.calls = append(c.calls, known(calls, c.tools)...)
		return true
	}
	return len(m) == 0 || kind == "text" || kind == "output_text"
}
