package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Whole makes one completion of an answer that came in pieces: server-sent events, or an object a line. Others are given back as they
// are.
func Whole(body []byte) []byte {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) == 0 || json.Valid(trimmed) {
		return body
	}
	var s stream
	for line := range bytes.Lines(trimmed) {
		if !s.line(bytes.TrimSpace(line)) {
			return body
		}
	}
	if s.chunks == 0 {
		return body
	}
	return s.completion()
}

// stream puts the pieces of an answer together.
type stream struct {
	chunks     int
	ended      bool
	failed     json.RawMessage
	model      Loose
	usage      json.RawMessage
	finish     string
	refusal    strings.Builder
	content    []any
	calls      []streamedCall
	message    json.RawMessage
	choiceErr  Loose
	filterInfo Loose
}

type streamedCall struct{ name, arguments strings.Builder }

// chunk is one piece.
type chunk struct {
	Model   Loose           `json:"model"`
	Usage   json.RawMessage `json:"usage"`
	Error   json.RawMessage `json:"error"`
	Choices []struct {
		FinishReason  Loose           `json:"finish_reason"`
		Message       json.RawMessage `json:"message"`
		Error         Loose           `json:"error"`
		FilterResults Loose           `json:"content_filter_results"`
		Text          Loose           `json:"text"`
		Delta         struct {
			Content   json.RawMessage `json:"content"`
			Refusal   Loose           `json:"refusal"`
			ToolCalls []struct {
				Index    *int         `json:"index"`
				Function FunctionCall `json:"function"`
			} `json:"tool_calls"`
			FunctionCall FunctionCall `json:"function_call"`
		} `json:"delta"`
	} `json:"choices"`
}

// line reads a line; false means that this is no stream.
func (s *stream) line(line []byte) bool {
	data, isEvent := bytes.CutPrefix(line, []byte("data:"))
	switch {
	case len(line) == 0, line[0] == ':', bytes.HasPrefix(line, []byte("event:")), bytes.HasPrefix(line, []byte("id:")),
		bytes.HasPrefix(line, []byte("retry:")):
		return true
	case !isEvent && line[0] != '{':
		return false
	}
	data = bytes.TrimSpace(data)
	if bytes.Equal(data, []byte("[DONE]")) {
		s.ended = true
		return true
	}
	var c chunk
	if json.Unmarshal(data, &c) != nil && !json.Valid(data) {
		// A line that the end of the connection cut. What was there stays unended.
		return s.chunks > 0 || isEvent
	}
	s.chunks++
	s.add(c, data)
	return true
}

func (s *stream) add(c chunk, raw []byte) {
	if len(c.Error) > 0 && string(c.Error) != "null" {
		s.failed = raw
	}
	if c.Model.Text() != "" {
		s.model = c.Model
	}
	if len(c.Usage) > 0 && string(c.Usage) != "null" {
		s.usage = c.Usage
	}
	if len(c.Choices) == 0 {
		return
	}
	first := c.Choices[0]
	if text := first.FinishReason.Text(); text != "" {
		s.finish, s.ended = text, true
	}
	if len(first.Message) > 0 && string(first.Message) != "null" {
		s.message = first.Message
	}
	if first.Error.Text() != "" {
		s.choiceErr = first.Error
	}
	if len(first.FilterResults) > 0 {
		s.filterInfo = first.FilterResults
	}
	s.refusal.WriteString(first.Delta.Refusal.Text())
	s.addContent(first.Delta.Content)
	s.addContent(json.RawMessage(first.Text))
	for i, call := range first.Delta.ToolCalls {
		at := i
		if call.Index != nil {
			at = *call.Index
		}
		s.addCall(at, call.Function)
	}
	if call := first.Delta.FunctionCall; len(call.Name) > 0 || len(call.Arguments) > 0 {
		s.addCall(0, call)
	}
}

// mostCalls bounds the calls of one answer.
const mostCalls = 64

func (s *stream) addCall(at int, call FunctionCall) {
	if at < 0 || at >= mostCalls {
		return
	}
	for len(s.calls) <= at {
		s.calls = append(s.calls, streamedCall{})
	}
	s.calls[at].name.WriteString(call.Name.Text())
	s.calls[at].arguments.WriteString(call.Arguments.Text())
}

// addContent adds a piece of content: a text goes on with the text before it.
func (s *stream) addContent(raw json.RawMessage) {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil || v == nil {
		return
	}
	parts, isList := v.([]any)
	if !isList {
		parts = []any{v}
	}
	for _, part := range parts {
		if m, ok := part.(map[string]any); ok && len(m) == 2 && m["type"] == "text" {
			part = m["text"]
		}
		text, isText := part.(string)
		if n := len(s.content); isText && n > 0 {
			if before, ok := s.content[n-1].(string); ok {
				s.content[n-1] = before + text
				continue
			}
		}
		s.content = append(s.content, part)
	}
}

// brokenOff is the finish_reason of a stream that has no end.
const brokenOff = "error: the stream broke off"

// completion is the answer in one piece.
func (s *stream) completion() []byte {
	if s.failed != nil {
		return s.failed
	}
	if !s.ended {
		s.finish = brokenOff
	}
	var content any = s.content
	if len(s.content) == 1 {
		content = s.content[0]
	}
	message := map[string]any{"role": RoleAssistant, "content": content}
	if s.refusal.Len() > 0 {
		message["refusal"] = s.refusal.String()
	}
	var calls []any
	for i := range s.calls {
		calls = append(calls, map[string]any{"type": "function", "function": map[string]any{
			"name":      s.calls[i].name.String(),
			"arguments": s.calls[i].arguments.String(),
		}})
	}
	if calls != nil {
		message["tool_calls"] = calls
	}
	made := map[string]any{"finish_reason": s.finish, "message": message}
	if s.message != nil {
		made["message"] = s.message
	}
	if len(s.choiceErr) > 0 {
		made["error"] = s.choiceErr
	}
	if len(s.filterInfo) > 0 {
		made["content_filter_results"] = s.filterInfo
	}
	whole := map[string]any{"model": s.model, "choices": []any{made}}
	if s.usage != nil {
		whole["usage"] = s.usage
	}
	// What came as JSON can be written as JSON.
	body, err := json.Marshal(whole)
	if err != nil {
		return nil
	}
	return body
}
