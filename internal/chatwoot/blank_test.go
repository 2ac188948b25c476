package chatwoot

import (
	"encoding/json"
	"testing"
)

func TestWhatShowsNothingIsEmpty(t *testing.T) {
	for _, text := range []string{
		"", " \t\n", "\u2800", "\u2800\u2800 \u2800", "\u200b", "\u3164", "\u00ad", "\ufeff", "\u2060\u200d\u200c", "\u115f\u1160\uffa0",
		"\u034f", "\ufe0f",
		"\u00a0\u2003\u3000", "\u180e", "\U000e0020", "\u202e", "\u200b\u2800\u3164\u00ad\n",
	} {
		content, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		event, err := Decode([]byte(`{"event":"message_created","id":1,"content":` + string(content) +
			`,"message_type":"incoming","account":{"id":1},"conversation":{"id":1}}`))
		if err != nil || event.Message.Content != "" {
			t.Errorf("%+q: %v, %+q", text, err, event.Message.Content)
		}
	}
	for _, text := range []string{".", "?", "👍", "❤️", "a\u200b", "\u2801", "é", "ー", "\u0600", "٠"} {
		if shown(text) != text {
			t.Errorf("%+q is taken for blank", text)
		}
	}
}
