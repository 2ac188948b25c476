package llm

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
)

const hall = "Abrimos el salón para fiestas los sábados."

// answersOf are what the model answers in a case from the field, step by step.
func answersOf(t *testing.T, name string) []func(http.ResponseWriter, *http.Request) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "cases", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Steps []struct {
			Answer json.RawMessage `json:"model_answers"`
		}
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	var answers []func(http.ResponseWriter, *http.Request)
	for _, s := range c.Steps {
		var a struct {
			Status int
			Body   json.RawMessage
		}
		if json.Unmarshal(s.Answer, &a) == nil {
			answers = append(answers, reply(a.Status, string(a.Body)))
		}
	}
	return answers
}

func TestRepliesFromTheFieldReadAsTheAnswer(t *testing.T) {
	for _, name := range []string{"reply-channel-markers", "reply-unclosed-thought", "reply-content-shapes"} {
		for _, answer := range answersOf(t, name) {
			t.Run(name, func(t *testing.T) {
				inBubble(t, script(answer), func(t *testing.T, p *provider) {
					got, err := p.client(t, nil).Respond(t.Context(), question)
					if err != nil || got.Text != hall || !got.Known || len(p.seen()) != 1 {
						t.Errorf("%+v, %v after %d calls", got, err, len(p.seen()))
					}
				})
			})
		}
	}
}

func TestCallsFromTheFieldAreHandoffs(t *testing.T) {
	for _, answer := range answersOf(t, "reply-call-as-text") {
		inBubble(t, script(answer), func(t *testing.T, p *provider) {
			got, err := p.client(t, nil).Respond(t.Context(), question)
			if err != nil {
				t.Fatal(err)
			}
			got.Usage = tania.Usage{}
			if diff := cmp.Diff(Response{Known: true, Handoff: &Handoff{Reason: "renta del salón"}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnAnswerThatBrokeOffIsAskedForAgain(t *testing.T) {
	broke := func(choice string) func(http.ResponseWriter, *http.Request) {
		return reply(200, `{"choices":[{"index":0,`+choice+`"message":{"role":"assistant","content":"El salón se renta y cuesta"}}]}`)
	}
	for name, answers := range map[string][]func(http.ResponseWriter, *http.Request){
		"from the field":      answersOf(t, "reply-choice-error"),
		"the reason alone":    {broke(`"finish_reason":"error",`), reply(200, completion(hall))},
		"GLM's network":       {broke(`"finish_reason":"network_error",`), reply(200, completion(hall))},
		"DeepSeek's resource": {broke(`"finish_reason":"insufficient_system_resource",`), reply(200, completion(hall))},
		"an error alone":      {broke(`"finish_reason":null,"error":"upstream went away",`), reply(200, completion(hall))},
		"a code in quotes":    {broke(`"error":{"code":"503","message":"overloaded"},`), reply(200, completion(hall))},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(answers...), func(t *testing.T, p *provider) {
				var calls []tania.ModelCall
				a := p.client(t, func(o *OpenAIOptions) { o.Observe = func(c tania.ModelCall) { calls = append(calls, c) } })
				got, err := a.Respond(t.Context(), question)
				if err != nil || got.Text != hall || len(calls) != 2 || calls[0].Err == nil || calls[0].Kind != string(kindStatus) {
					t.Errorf("%+v, %v, calls %+v", got, err, calls)
				}
			})
		})
	}
}

// TestWhatCannotBeReadCostsOneMoreCall asks twice, whatever is wrong, and then does not know.
func TestWhatCannotBeReadCostsOneMoreCall(t *testing.T) {
	message := func(content, finish string) func(http.ResponseWriter, *http.Request) {
		return reply(200, `{"choices":[{"finish_reason":"`+finish+`","message":{"role":"assistant","content":`+content+`}}]}`)
	}
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"characters without a shape": answersOf(t, "reply-invisible")[0],
		"an open thought":            message(`"<think>The customer asks about the hall, so"`, "stop"),
		"thoughts up to the limit":   message(`"<think>The customer asks about the hall, so"`, "length"),
		"analysis alone":             message(`"<|channel|>analysis<|message|>Need the hours."`, "stop"),
		"nothing":                    message(`null`, "stop"),
		"a shape nobody knows":       message(`{"data":{"x":"secret"}}`, "stop"),
		"an object as text":          message(`"{\"status\":\"ok\"}"`, "stop"),
		"a tool that is not there": message(`null,"tool_calls":[{"type":"function","function":{"name":"search","arguments":"{}"}}]`,
			"tool_calls"),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(answer), func(t *testing.T, p *provider) {
				got, err := p.client(t, nil).Respond(t.Context(), question)
				if err != nil || got.Text != "" || got.Known || got.Handoff != nil ||
					len(p.seen()) != 2 || len(got.Notes) == 0 || got.Usage.Calls != 2 {
					t.Errorf("%+v, %v after %d calls", got, err, len(p.seen()))
				}
			})
			inBubble(t, script(answer, reply(200, completion(hall))), func(t *testing.T, p *provider) {
				if got, err := p.client(t, nil).Respond(t.Context(), question); err != nil || got.Text != hall || !got.Known {
					t.Errorf("the second time: %+v, %v", got, err)
				}
			})
			inBubble(t, script(answer), func(t *testing.T, p *provider) {
				a := p.client(t, func(o *OpenAIOptions) { o.Fallbacks, o.BreakerFailures = []string{"second", "third"}, 1 })
				if got, err := a.Respond(t.Context(), question); err != nil || got.Known || len(p.seen()) != 2 {
					t.Errorf("with fallbacks: %+v, %v after %d calls", got, err, len(p.seen()))
				}
				for name, open := range a.BreakersOpen() {
					if open {
						t.Errorf("the breaker of %s opened", name)
					}
				}
			})
		})
	}
}

func TestAFallbackThatIsAwayAfterAnUnreadableReplyIsNotWaitedFor(t *testing.T) {
	handle := script(reply(200, `{"choices":[{"finish_reason":"length","message":{"content":"<think>so"}}]}`), reply(503, `{}`))
	inBubble(t, handle, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.Fallbacks, o.MaxRetries = []string{"second"}, -1 })
		if got, err := a.Respond(t.Context(), question); err != nil || got.Known || got.Text != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestThoughtsThatFillTheLimitGetMoreRoom(t *testing.T) {
	full := reply(200, `{"choices":[{"finish_reason":"length","message":{"content":"<think>so many"}}]}`)
	inBubble(t, script(full, reply(200, completion(hall))), func(t *testing.T, p *provider) {
		if _, err := p.client(t, nil).Respond(t.Context(), question); err != nil {
			t.Fatal(err)
		}
		if seen := p.seen(); seen[1].raw["max_tokens"] != 4*seen[0].raw["max_tokens"].(float64) {
			t.Errorf("asked for %v, then %v", seen[0].raw["max_tokens"], seen[1].raw["max_tokens"])
		}
	})
}

func TestFiltersAreNamed(t *testing.T) {
	for body, want := range map[string]string{
		`{"choices":[{"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"medium"}},"message":{"content":"No"}}]}`: "violence medium",
		`{"choices":[{"finish_reason":"SAFETY","message":{"content":null}}]}`:      "SAFETY",
		`{"choices":[{"finish_reason":"sensitive","message":{"content":""}}]}`:     "sensitive",
		`{"choices":[{"finish_reason":"RECITATION","message":{"content":""}}]}`:    "RECITATION",
		`{"choices":[{"finish_reason":"refusal","message":{"content":"half a"}}]}`: "refusal",
	} {
		inBubble(t, script(reply(200, body)), func(t *testing.T, p *provider) {
			_, err := p.client(t, nil).Respond(t.Context(), question)
			if err == nil || !strings.Contains(err.Error(), want) || len(p.seen()) != 1 {
				t.Errorf("%v after %d calls, want %q", err, len(p.seen()), want)
			}
		})
	}
}

func TestAnAnswerHasABound(t *testing.T) {
	inBubble(t, script(reply(200, completion(strings.Repeat("Abrimos a las nueve de la mañana. ", 112_000)))),
		func(t *testing.T, p *provider) {
			began := time.Now()
			got, err := p.client(t, nil).Respond(t.Context(), question)
			if n := len([]rune(got.Text)); err != nil || n > LongestAnswer || n < LongestAnswer/2 || !got.Truncated ||
				len(got.Notes) == 0 || !strings.HasSuffix(got.Text, "mañana.") {
				t.Errorf("%d characters, truncated %v, notes %v, %v after %s", n, got.Truncated, got.Notes, err, time.Since(began))
			}
		})
}
