package wire

import (
	"bytes"
	"encoding/json"
)

// InAnotherShape reads the answer of a server whose address is that of another API: Ollama's own ("message", "response"), the Responses
// API's ("output"), Gemini's ("candidates"), Anthropic's ("content"), TGI's ("generated_text").
func InAnotherShape(body []byte) (Choice, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return Choice{}, false
	}
	var c Choice
	for _, name := range []string{"finish_reason", "stop_reason", "done_reason"} {
		if reason := fields[name]; len(reason) > 0 {
			c.FinishReason = Loose(reason)
		}
	}
	var candidates []struct {
		Content      json.RawMessage
		FinishReason Loose
	}
	if json.Unmarshal(fields["candidates"], &candidates) == nil && len(candidates) > 0 {
		fields["content"], c.FinishReason = candidates[0].Content, candidates[0].FinishReason
	}
	if message := bytes.TrimSpace(fields["message"]); len(message) > 0 && message[0] == '{' {
		c.Message = json.RawMessage(message)
		return c, true
	}
	for _, name := range []string{"output", "content", "output_text", "response", "generated_text"} {
		if content := fields[name]; len(content) > 0 && string(content) != "null" {
			c.Message, _ = json.Marshal(Reply{Content: Loose(content)})
			return c, true
		}
	}
	return c, false
}
