// Package wire is what is sent to and read from servers of models, POST /chat/completions and /embeddings: requests, and answers in one
// piece, in a stream, or in the shape of another API. What comes in are a server's bytes; what they mean is decided in llm.
//
// These few fields are all of it that Tania uses. OpenAI's own library has types for everything else too, which would make the binary
// 20 MB larger.
package wire

import "encoding/json"

// Request is the body of a call.
type Request struct {
	Model               string    `json:"model"`
	Messages            []Message `json:"messages"`
	MaxTokens           int       `json:"max_tokens,omitempty"`
	MaxCompletionTokens int       `json:"max_completion_tokens,omitempty"`
	Temperature         *float64  `json:"temperature,omitempty"`
	User                string    `json:"user,omitempty"`
	Tools               []Tool    `json:"tools,omitempty"`
	Stream              bool      `json:"stream,omitempty"`
}

// The roles of messages.
const (
	RoleSystem    = "system"
	RoleUser      = "user"
	RoleAssistant = "assistant"
	RoleTool      = "tool"
)

// Message is one of a conversation.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	// ToolCalls are what the model called, ToolCallID names the call that a message of RoleTool answers.
	ToolCalls  []ToolCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

// ToolCall is a call of the model as it is told again.
type ToolCall struct {
	ID       string     `json:"id"`
	Type     string     `json:"type"`
	Function CalledTool `json:"function"`
}

// CalledTool is the tool that was called. Arguments are JSON in a text.
type CalledTool struct {
	Name      string `json:"name"`
	Arguments string `json:"arguments"`
}

// Tool is a function that the model may call.
type Tool struct {
	Type     string   `json:"type"`
	Function Function `json:"function"`
}

// Function is what a tool is called by, and the JSON Schema of its parameters.
type Function struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Parameters  map[string]any `json:"parameters"`
}

// Completion is the answer. Servers differ in the types of what is loose here.
type Completion struct {
	Model   Loose    `json:"model"`
	Choices []Choice `json:"choices"`
	Usage   struct {
		PromptTokens     Loose `json:"prompt_tokens"`
		CompletionTokens Loose `json:"completion_tokens"`
	} `json:"usage"`
}

// Choice is one of the answers of a completion; Tania asks for one.
type Choice struct {
	FinishReason Loose           `json:"finish_reason"`
	Message      json.RawMessage `json:"message"`
	// Text is the answer of servers that complete texts, Delta that of servers that cannot but stream.
	Text  Loose           `json:"text,omitempty"`
	Delta json.RawMessage `json:"delta,omitempty"`
	// Error is set by brokers that lost the model half-way.
	Error         Loose `json:"error,omitempty"`
	FilterResults Loose `json:"content_filter_results,omitempty"`
}

// Reply is the message of a choice.
type Reply struct {
	// Content is a text, a list of parts, or null.
	Content   Loose `json:"content"`
	Refusal   Loose `json:"refusal"`
	ToolCalls []struct {
		Function FunctionCall `json:"function"`
	} `json:"tool_calls"`
	// FunctionCall is the older form of a tool call, still sent by compatible servers.
	FunctionCall FunctionCall `json:"function_call"`
}

// FunctionCall is a call that the model wrote.
type FunctionCall struct {
	Name Loose `json:"name"`
	// Arguments are JSON in a text, or as they are.
	Arguments Loose `json:"arguments"`
}

// Reply is the choice's message; what cannot be read of it is empty.
func (c Choice) Reply() (m Reply) {
	for _, raw := range []json.RawMessage{c.Message, c.Delta} {
		if len(raw) > 0 && json.Unmarshal(raw, &m) == nil {
			return m
		}
	}
	m.Content = c.Text
	return m
}

// EmbeddingRequest is the body of POST /embeddings.
type EmbeddingRequest struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
	// Encoding is asked for as numbers: not every server knows base64.
	Encoding string `json:"encoding_format"`
}

// Embedding is its answer.
type Embedding struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
	Usage struct {
		PromptTokens Loose `json:"prompt_tokens"`
	} `json:"usage"`
}

// InOrder gives the embeddings in the order of the texts, nil where one is missing. Servers number them; one that numbers none has them in
// order.
func (r Embedding) InOrder(texts int) [][]float32 {
	if len(r.Data) != texts {
		return nil
	}
	vectors := make([][]float32, texts)
	for i, d := range r.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= texts || vectors[at] != nil || len(d.Embedding) == 0 {
			return nil
		}
		vectors[at] = d.Embedding
	}
	return vectors
}

// Loose is a value of any type.
type Loose json.RawMessage

// MarshalJSON writes the value as it came, null where none did.
func (l Loose) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("null"), nil
	}
	return l, nil
}

// UnmarshalJSON keeps the value as it is.
func (l *Loose) UnmarshalJSON(b []byte) error {
	*l = append((*l)[:0], b...)
	return nil
}

// Text is a string's content, "" for null, and any other value as it was written.
func (l Loose) Text() string {
	var s *string
	if json.Unmarshal(l, &s) != nil {
		return string(l)
	}
	if s == nil {
		return ""
	}
	return *s
}

// Whole is a number's whole part, 0 for anything else.
func (l Loose) Whole() int64 {
	var n float64
	if json.Unmarshal(l, &n) != nil {
		return 0
	}
	return int64(n)
}
