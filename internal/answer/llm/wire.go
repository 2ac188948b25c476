package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// What is sent to and read from POST /chat/completions. These few fields are all of it that Tania uses; OpenAI's own library has
// types for everything else too, which would make the binary 20 MB larger.

// request is the body of a call.
type request struct {
	Model               string        `json:"model"`
	Messages            []chatMessage `json:"messages"`
	MaxTokens           int           `json:"max_tokens,omitempty"`
	MaxCompletionTokens int           `json:"max_completion_tokens,omitempty"`
	Temperature         *float64      `json:"temperature,omitempty"`
	User                string        `json:"user,omitempty"`
	Tools               []tool        `json:"tools,omitempty"`
	Stream              bool          `json:"stream,omitempty"`
}

// The roles of messages.
const (
	roleSystem    = "system"
	roleUser      = "user"
	roleAssistant = "assistant"
)

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// tool is a function that the model may call.
type tool struct {
	Type     string   `json:"type"`
	Function function `json:"function"`
}

type function struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Parameters  map[string]any `json:"parameters"`
}

// chatCompletion is the answer. Servers differ in the types of what is loose here.
type chatCompletion struct {
	Model   loose    `json:"model"`
	Choices []choice `json:"choices"`
	Usage   struct {
		PromptTokens     loose `json:"prompt_tokens"`
		CompletionTokens loose `json:"completion_tokens"`
	} `json:"usage"`
}

type choice struct {
	FinishReason loose           `json:"finish_reason"`
	Message      json.RawMessage `json:"message"`
	// Text is the answer of servers that complete texts, Delta that of servers that cannot but stream.
	Text  loose           `json:"text,omitempty"`
	Delta json.RawMessage `json:"delta,omitempty"`
	// Error is set by brokers that lost the model half-way.
	Error         loose `json:"error,omitempty"`
	FilterResults loose `json:"content_filter_results,omitempty"`
}

type chatReply struct {
	// Content is a text, a list of parts, or null.
	Content   loose `json:"content"`
	Refusal   loose `json:"refusal"`
	ToolCalls []struct {
		Function functionCall `json:"function"`
	} `json:"tool_calls"`
	// FunctionCall is the older form of a tool call, still sent by compatible servers.
	FunctionCall functionCall `json:"function_call"`
}

type functionCall struct {
	Name loose `json:"name"`
	// Arguments are JSON in a text, or as they are.
	Arguments loose `json:"arguments"`
}

// reply is the choice's message; what cannot be read of it is empty.
func (c choice) reply() (m chatReply) {
	for _, raw := range []json.RawMessage{c.Message, c.Delta} {
		if len(raw) > 0 && json.Unmarshal(raw, &m) == nil {
			return m
		}
	}
	m.Content = c.Text
	return m
}

// embeddingRequest is the body of POST /embeddings.
type embeddingRequest struct {
	Model string `json:"model"`
	Input string `json:"input"`
	// Encoding is asked for as numbers: not every server knows base64.
	Encoding string `json:"encoding_format"`
}

// embeddingReply is its answer.
type embeddingReply struct {
	Data []struct {
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
	Usage struct {
		PromptTokens loose `json:"prompt_tokens"`
	} `json:"usage"`
}

// loose is a value of any type.
type loose json.RawMessage

// MarshalJSON writes the value as it came, null where none did.
func (l loose) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("null"), nil
	}
	return l, nil
}

// UnmarshalJSON keeps the value as it is.
func (l *loose) UnmarshalJSON(b []byte) error {
	*l = append((*l)[:0], b...)
	return nil
}

// text is a string's content, "" for null, and any other value as it was written.
func (l loose) text() string {
	var s *string
	if json.Unmarshal(l, &s) != nil {
		return string(l)
	}
	if s == nil {
		return ""
	}
	return *s
}

// whole is a number's whole part, 0 for anything else.
func (l loose) whole() int64 {
	var n float64
	if json.Unmarshal(l, &n) != nil {
		return 0
	}
	return int64(n)
}

// mostBytes bounds what is read of an answer.
const mostBytes = 4 << 20

// The paths of the endpoints.
const (
	pathChat      = "/chat/completions"
	pathEmbedding = "/embeddings"
)

// post makes one call and reads its answer. status is 0 when none came.
func (s *server) post(ctx context.Context, path string, r any) (status int, header http.Header, body []byte, err error) {
	sent, err := json.Marshal(r)
	if err != nil {
		return 0, nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(sent))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("User-Agent", "tania")
	if s.key != "" {
		req.Header.Set("Authorization", "Bearer "+s.key)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	body, err = io.ReadAll(io.LimitReader(res.Body, mostBytes))
	return res.StatusCode, res.Header, body, err
}
