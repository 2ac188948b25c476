package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"tania/internal/scrub"
	"tania/internal/tool"
)

// result is what the model is given of an answer.
func (h *HTTP) result(t *tool.HTTP, ok bool, body []byte) (any, error) {
	expression := t.Result
	if !ok {
		expression = ""
	}
	return Shown(Value(body), expression, t.MostBytes, h.scrub)
}

// Shown is what of an answer the model is given: what a jq expression selects of it, without secrets and within a bound of bytes.
func Shown(v any, expression string, most int, hide *scrub.Scrubber) (any, error) {
	if expression != "" {
		var err error
		if v, err = tool.Select(expression, v); err != nil {
			return nil, err
		}
	}
	written, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("what is left of the answer is no JSON: %w", err)
	}
	if clean := hide.Text(string(written)); clean != string(written) {
		if v = Value([]byte(clean)); len(clean) <= most {
			return v, nil
		}
		written = []byte(clean)
	}
	if len(written) <= most {
		return v, nil
	}
	cut := written[:most]
	for !utf8.Valid(cut) && len(cut) > 0 {
		cut = cut[:len(cut)-1]
	}
	return map[string]any{"cut": fmt.Sprintf("the answer has %d bytes; these are the first", len(written)), "answer": string(cut)}, nil
}

// Value is a body as JSON, or as a text where it is none.
func Value(body []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	if d.Decode(&v) == nil && !d.More() {
		return v
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(body)), "\uFFFD")
}
