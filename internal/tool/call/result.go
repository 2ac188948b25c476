package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"tania/internal/tool"
)

// result is what the model is given of an answer.
func (h *HTTP) result(t *tool.HTTP, ok bool, body []byte) (any, error) {
	v := value(body)
	if ok && t.Result != "" {
		var err error
		if v, err = tool.Select(t.Result, v); err != nil {
			return nil, err
		}
	}
	written, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("what is left of the answer is no JSON: %w", err)
	}
	if clean := h.scrub.Text(string(written)); clean != string(written) {
		if v = value([]byte(clean)); len(clean) <= t.MostBytes {
			return v, nil
		}
		written = []byte(clean)
	}
	if len(written) <= t.MostBytes {
		return v, nil
	}
	cut := written[:t.MostBytes]
	for !utf8.Valid(cut) && len(cut) > 0 {
		cut = cut[:len(cut)-1]
	}
	return map[string]any{"cut": fmt.Sprintf("the answer has %d bytes; these are the first", len(written)), "answer": string(cut)}, nil
}

// value is a body as JSON, or as a text where it is none.
func value(body []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	if d.Decode(&v) == nil && !d.More() {
		return v
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(body)), "\uFFFD")
}
