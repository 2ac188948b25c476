package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// read gives the text, the end and the first call of an answer that came as these bytes.
func read(t *testing.T, body string) (text, finish, call string) {
	t.Helper()
	var c Completion
	if err := json.Unmarshal(Whole([]byte(body)), &c); err != nil || len(c.Choices) == 0 {
		t.Fatalf("%q: %v, %v", body, c, err)
	}
	m := c.Choices[0].Reply()
	for _, called := range m.ToolCalls {
		call = called.Function.Name.Text() + called.Function.Arguments.Text()
	}
	return m.Content.Text(), c.Choices[0].FinishReason.Text(), call
}

func TestAnAnswerInPiecesIsMadeWhole(t *testing.T) {
	delta := func(s string) string { return `{"choices":[{"delta":` + s + `}]}` }
	events := func(lines ...string) string { return "data: " + strings.Join(lines, "\n\ndata: ") + "\n\n" }
	const end, broke = `{"choices":[{"delta":{},"finish_reason":"stop"}]}`, "error: the stream broke off"
	for name, c := range map[string]struct{ body, text, finish, call string }{
		"in one piece":   {`{"choices":[{"message":{"content":"Hola"},"finish_reason":"stop"}]}`, "Hola", "stop", ""},
		"events":         {": hello\n" + events(delta(`{"content":"Ho"}`), delta(`{"content":"la"}`), end, "[DONE]"), "Hola", "stop", ""},
		"objects":        {delta(`{"content":"Ho"}`) + "\n" + delta(`{"content":"la"}`) + "\n" + end, "Hola", "stop", ""},
		"parts":          {events(delta(`{"content":[{"type":"text","text":"Ho"}]}`), delta(`{"content":"la"}`), end), "Hola", "stop", ""},
		"no end":         {events(delta(`{"content":"Ho"}`)), "Ho", broke, ""},
		"half a line":    {events(delta(`{"content":"Ho"}`)) + `data: {"choi`, "Ho", broke, ""},
		"done is an end": {events(delta(`{"content":"Ho"}`), "[DONE]"), "Ho", "", ""},
		"a call": {
			events(delta(`{"content":"x","tool_calls":[{"index":0,"function":{"name":"handoff","arguments":"{\"rea"}}]}`),
				delta(`{"tool_calls":[{"index":0,"function":{"arguments":"son\":1}"}}]}`), end), "x", "stop", `handoff{"reason":1}`,
		},
		"calls out of bounds": {
			events(delta(`{"content":"x","tool_calls":[{"index":64,"function":{"name":"a"}},{"index":-1,"function":{"name":"b"}}]}`), end),
			"x", "stop", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if text, finish, call := read(t, c.body); text != c.text || finish != c.finish || call != c.call {
				t.Errorf("read %q, %q, %q", text, finish, call)
			}
		})
	}
	for _, other := range []string{"", "<html>502</html>", "data", "no\n{}"} {
		if got := Whole([]byte(other)); string(got) != other {
			t.Errorf("%q is no stream, and became %q", other, got)
		}
	}
}

// TestAnswersOfOtherAPIsAreRead are those of servers whose address is another API's.
func TestAnswersOfOtherAPIsAreRead(t *testing.T) {
	for name, body := range map[string]string{
		"Ollama, chat":     `{"message":{"role":"assistant","content":"Hola"},"done_reason":"stop"}`,
		"Ollama, generate": `{"response":"Hola","done_reason":"stop"}`,
		"TGI":              `{"generated_text":"Hola","finish_reason":"stop"}`,
		"Responses":        `{"output_text":"Hola","stop_reason":"stop"}`,
		"Gemini":           `{"candidates":[{"content":"Hola","finishReason":"stop"}]}`,
	} {
		c, ok := InAnotherShape([]byte(body))
		if m := c.Reply(); !ok || m.Content.Text() != "Hola" || c.FinishReason.Text() != "stop" {
			t.Errorf("%s: %v, %q, %q", name, ok, m.Content, c.FinishReason)
		}
	}
	for _, body := range []string{`{"error":"no"}`, `[]`, `{"response":null}`, `x`} {
		if c, ok := InAnotherShape([]byte(body)); ok {
			t.Errorf("%s is read as %v", body, c)
		}
	}
}

func TestALooseValueIsReadWhateverItsType(t *testing.T) {
	for given, want := range map[string]struct {
		text  string
		whole int64
	}{
		`"a"`: {"a", 0}, `null`: {"", 0}, `7`: {"7", 7}, `7.9`: {"7.9", 7}, `"7"`: {"7", 0}, `{"a":1}`: {`{"a":1}`, 0}, ``: {"", 0},
	} {
		if l := Loose(given); l.Text() != want.text || l.Whole() != want.whole {
			t.Errorf("%s: %q, %d", given, l.Text(), l.Whole())
		}
	}
}
