package modeltext

import "testing"

func TestContentInItsShapes(t *testing.T) {
	for name, raw := range map[string]string{
		"a text":                         `"` + hall + `"`,
		"a part":                         `{"type":"text","text":"` + hall + `"}`,
		"parts":                          `[{"type":"text","text":"` + hall + `"}]`,
		"a part of reasoning":            `[{"type":"reasoning","text":null,"summary":[]},{"type":"text","text":"` + hall + `"}]`,
		"a part of thinking":             `[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"` + hall + `"}]`,
		"a thought of Gemini":            `{"role":"model","parts":[{"text":"hm","thought":true},{"text":"` + hall + `"}]}`,
		"a part of the Responses API":    `[{"type":"output_text","text":"` + hall + `","annotations":[]}]`,
		"a message of the Responses API": `[{"type":"reasoning","summary":[]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"` + hall + `"}]}]`,
		"texts":                          `["` + hall + `"]`,
		"a value within the text":        `[{"type":"text","text":{"value":"` + hall + `","annotations":[]}}]`,
		"an object around it":            `{"content":"` + hall + `"}`,
		"a picture beside it":            `[{"type":"image_url","image_url":{"url":"https://x"}},{"type":"text","text":"` + hall + `"}]`,
		"a null beside it":               `[null,"` + hall + `"]`,
	} {
		t.Run(name, func(t *testing.T) {
			text, calls, ok := reader.Content([]byte(raw))
			if !ok || text != hall || len(calls) != 0 {
				t.Errorf("%s gives %q, %v, %v", raw, text, calls, ok)
			}
		})
	}
}

func TestContentOfUnknownShapeIsNoAnswer(t *testing.T) {
	for _, raw := range []string{`{"foo":"bar"}`, `[{"foo":{"bar":1}}]`, `12`, `true`, `{"status":"ok","data":{"x":1}}`, `"half`} {
		if text, _, ok := reader.Content([]byte(raw)); ok || text != "" {
			t.Errorf("%s gives %q, %v", raw, text, ok)
		}
	}
	for _, raw := range []string{``, `null`, `[]`, `{}`, `""`} {
		if text, _, ok := reader.Content([]byte(raw)); !ok || text != "" {
			t.Errorf("%s gives %q, %v", raw, text, ok)
		}
	}
}

func TestCallsAmongTheParts(t *testing.T) {
	for _, raw := range []string{
		`[{"type":"text","text":"Un momento."},{"type":"tool_use","id":"t","name":"handoff","input":{"reason":"` + reason + `"}}]`,
		`{"role":"model","parts":[{"text":"Un momento."},{"functionCall":{"name":"handoff","args":{"reason":"` + reason + `"}}}]}`,
	} {
		text, calls, ok := reader.Content([]byte(raw))
		if !ok || text != "Un momento." || len(calls) != 1 || calls[0].Arguments["reason"] != reason {
			t.Errorf("%s gives %q, %v, %v", raw, text, calls, ok)
		}
	}
}
