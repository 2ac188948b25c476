// Package modelservers is a table of small fake servers for tests: each refuses of a request what a real one does, in its words.
package modelservers

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// Server is one kind of model server.
type Server struct {
	Name string
	// Source is where its words are from.
	Source string
	// Refuses are its refusals, the first that holds for a request is answered.
	Refuses []Refusal
	// Streams makes it answer with server-sent events whatever is asked for.
	Streams bool
	// Takes is what is found out about it, as tania doctor says it; empty when it takes everything in the end.
	Takes string
	// Passing is set where the refusal is of the moment, and nothing is learnt from it.
	Passing bool
}

// Refusal is an error for requests of some kind.
type Refusal struct {
	// When is what of a request is refused.
	When When
	// Status and Body are the error. %d stands for the answer's limit that the request asks for.
	Status int
	Body   string
	// Times bounds how often; 0 is always.
	Times int
}

// Request is what a server looks at.
type Request struct {
	Model               string
	MaxTokens           int `json:"max_tokens"`
	MaxCompletionTokens int `json:"max_completion_tokens"`
	Temperature         *float64
	User                string
	Stream              bool
	Messages            []struct{ Role, Content string }
	Tools               []struct {
		Function struct {
			Parameters map[string]any
		}
	}
}

// When reports whether a request is refused.
type When func(r Request) bool

// HasTools is of a request with a tool.
func HasTools(r Request) bool { return len(r.Tools) > 0 }

// HasTemperature is of one with a temperature.
func HasTemperature(r Request) bool { return r.Temperature != nil }

// HasUser is of one that names its user.
func HasUser(r Request) bool { return r.User != "" }

// HasMaxTokens is of the older name for the limit.
func HasMaxTokens(r Request) bool { return r.MaxTokens > 0 }

// IsUnstreamed is of a request that wants its answer in one piece.
func IsUnstreamed(r Request) bool { return !r.Stream }

// HasMaxCompletionTokens is of the newer name for the limit.
func HasMaxCompletionTokens(r Request) bool { return r.MaxCompletionTokens > 0 }

// HasSystem is of a message with the role system.
func HasSystem(r Request) bool { return len(r.Messages) > 0 && r.Messages[0].Role == "system" }

// HasTurns is of more messages than one.
func HasTurns(r Request) bool { return len(r.Messages) > 1 }

// HasStrictSchema is of a tool's schema with additionalProperties.
func HasStrictSchema(r Request) bool {
	return HasTools(r) && r.Tools[0].Function.Parameters["additionalProperties"] != nil
}

// AsksFor is of a longer answer than so many tokens.
func AsksFor(more int) When { return func(r Request) bool { return r.limit() > more } }

// Tokens is of requests with more tokens, of four characters, than so many, the answer's among them.
func Tokens(more int) When { return func(r Request) bool { return r.prompt()+r.limit() > more } }

func (r Request) limit() int { return max(r.MaxTokens, r.MaxCompletionTokens) }

func (r Request) prompt() int {
	n := 0
	for _, m := range r.Messages {
		n += utf8.RuneCountInString(m.Content)
	}
	return n / 4
}

// Handler is the server, which answers what it does not refuse with text.
func (s Server) Handler(text string) http.Handler {
	var mu sync.Mutex
	refused := map[int]int{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var asked Request
		if err != nil || json.Unmarshal(body, &asked) != nil {
			http.Error(w, "bad", http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for i, f := range s.Refuses {
			if !f.When(asked) || f.Times > 0 && refused[i] >= f.Times {
				continue
			}
			refused[i]++
			said := f.Body
			if strings.Contains(said, "%d") {
				said = fmt.Sprintf(said, asked.limit())
			}
			if !strings.HasPrefix(said, "data:") {
				w.Header().Set("Content-Type", "application/json")
			}
			w.WriteHeader(f.Status)
			_, _ = io.WriteString(w, said)
			return
		}
		s.answer(w, asked, text)
	})
}

// answer writes a completion, in pieces where that is asked for.
func (s Server) answer(w http.ResponseWriter, asked Request, text string) {
	if !asked.Stream && !s.Streams {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"object":"chat.completion","model":%q,"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":100,"completion_tokens":20}}`, asked.Model, quoted(text))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, ": ping\n\nevent: message\ndata: "+`{"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":"hm"}}]}`+"\n\n")
	for _, word := range strings.SplitAfter(text, " ") {
		_, _ = fmt.Fprintf(w, "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":null}]}\n\n",
			quoted(word))
	}
	_, _ = io.WriteString(w, "data: "+`{"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`+"\n\ndata: "+`{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20}}`+"\n\ndata: [DONE]\n\n")
}

func quoted(text string) string {
	// A text can always be written.
	b, _ := json.Marshal(text)
	return string(b)
}
