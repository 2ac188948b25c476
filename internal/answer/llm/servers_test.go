package llm

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tania/internal/answer/llm/modelservers"
	"tania/internal/answer/llm/wire"
	"tania/internal/tania"
)

// aQuestion is a prompt with all that one may have: rules, knowledge that can be shortened, and a history. It has some 1,100 tokens.
func aQuestion() Prompt {
	knowledge := strings.Repeat("El salón tiene lugar para ochenta personas. ", 60)
	p := Prompt{
		System: "You are Tania. " + knowledge, Text: "¿Qué días hay fiestas?", Language: tania.Spanish, User: "3:1287",
		Shorter: func(share float64) string { return "You are Tania. " + knowledge[:int(share*float64(len(knowledge)))] },
	}
	for i := range 6 {
		p.History = append(p.History, tania.Entry{
			From: []tania.Author{tania.FromCustomer, tania.FromBot}[i%2],
			Text: strings.Repeat("Hola, buenas. ", 8),
		})
	}
	return p
}

func TestEveryServerOfTheTableAnswers(t *testing.T) {
	for _, s := range modelservers.Table {
		t.Run(s.Name, func(t *testing.T) {
			handler := s.Handler(hall)
			inBubble(t, func(w http.ResponseWriter, r *http.Request, _ int) { handler.ServeHTTP(w, r) }, func(t *testing.T, p *provider) {
				warmth := 0.2
				a := p.client(t, func(o *OpenAIOptions) { o.Temperature, o.BreakerFailures = &warmth, 1 })
				got, err := a.Respond(t.Context(), aQuestion())
				if err != nil || got.Text != hall || !got.Known {
					t.Fatalf("%+v, %v after %d requests", got, err, len(p.seen()))
				}
				first := len(p.seen())
				if most := 1 + 3*len(s.Refuses) + 5; first > most {
					t.Errorf("%d requests for the first answer", first)
				}
				if _, err := a.Respond(t.Context(), aQuestion()); err != nil || len(p.seen()) != first+1 {
					t.Errorf("%d requests for the second answer, %v", len(p.seen())-first, err)
				}
				if a.BreakersOpen()["first"] {
					t.Error("the breaker opened")
				}
				last := p.seen()[len(p.seen())-1]
				if tools := last.raw["tools"] != nil; s.Passing && !tools {
					t.Error("a call written badly took the tool away")
				}
				if tools := last.raw["tools"] != nil; tools == strings.Contains(last.Messages[0].Content, HandoffMarkRule) {
					t.Error("the handoff is by tool and by mark, or by neither")
				}
				time.Sleep(learntFor + time.Second) // the bubble's clock
				before := len(p.seen())
				if _, err := a.Respond(t.Context(), aQuestion()); err != nil {
					t.Errorf("after an hour: %v", err)
				}
				if again := p.seen()[before]; len(s.Refuses) > 0 && !s.Passing && again.raw["tools"] == nil {
					t.Error("after an hour it is not asked for everything again")
				}
			})
		})
	}
}

func TestTheHandoffWithoutTools(t *testing.T) {
	server := modelservers.Server{Refuses: []modelservers.Refusal{{
		When: modelservers.HasTools, Status: 400,
		Body: `{"error":"herramientas: no se admite"}`,
	}}}
	for _, text := range []string{
		"Le paso.\n[handoff: renta del salón]", "Le paso.\n\n**[Handoff: renta del salón]**",
		"Le paso. [handoff: renta del salón", "[handoff] renta del salón",
	} {
		handler := server.Handler(text)
		inBubble(t, func(w http.ResponseWriter, r *http.Request, _ int) { handler.ServeHTTP(w, r) }, func(t *testing.T, p *provider) {
			got, err := p.client(t, nil).Respond(t.Context(), question)
			if err != nil || got.Handoff == nil || got.Handoff.Reason != "renta del salón" || strings.Contains(got.Text, "handoff") {
				t.Errorf("%q gives %+v (%v), %v", text, got, got.Handoff, err)
			}
		})
	}
}

func TestACallWrittenBadlyTwiceIsAskedForWithoutTheTool(t *testing.T) {
	bad := reply(400, `{"error":{"message":"The function call that the model generated is not valid JSON","type":"invalid_request_error"}}`)
	inBubble(t, script(bad, bad, reply(200, completion(hall)), reply(200, completion(hall))), func(t *testing.T, p *provider) {
		a := p.client(t, nil)
		for range 2 {
			if got, err := a.Respond(t.Context(), question); err != nil || got.Text != hall {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		for i, tools := range []bool{true, true, false, true} {
			if got := p.seen()[i].raw["tools"] != nil; got != tools {
				t.Errorf("request %d has tools: %v", i+1, got)
			}
		}
	})
	inBubble(t, script(bad), func(t *testing.T, p *provider) {
		got, err := p.client(t, nil).Respond(t.Context(), question)
		if err != nil || got.Known || len(p.seen()) > 6 {
			t.Errorf("badly for ever: %+v, %v after %d requests", got, err, len(p.seen()))
		}
	})
}

func TestCasesOfServersFromTheField(t *testing.T) {
	for _, c := range []struct {
		name string
		// refuses is on which requests the first answer of the case comes.
		refuses func(a asked, n int) bool
		is      func(a asked) bool
	}{
		{"model-404-tools", func(a asked, _ int) bool { return a.raw["tools"] != nil }, func(a asked) bool { return a.raw["tools"] == nil }},
		{
			"model-500-system", func(a asked, _ int) bool { return a.Messages[0].Role == wire.RoleSystem },
			func(a asked) bool { return strings.HasPrefix(a.Messages[0].Content, "You are Tania.") },
		},
		{"model-botched-call", func(_ asked, n int) bool { return n == 1 }, func(a asked) bool { return a.raw["tools"] != nil }},
		{
			"model-context-small", func(a asked, _ int) bool { return a.raw["max_tokens"].(float64) > 1441 },
			func(a asked) bool { return a.raw["max_tokens"].(float64) == 1441 },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			refusal := answersOf(t, c.name)[0]
			var p *provider
			handle := func(w http.ResponseWriter, r *http.Request, n int) {
				if c.refuses(p.seen()[n-1], n) {
					refusal(w, r)
					return
				}
				say(w, 200, completion(hall))
			}
			inBubble(t, handle, func(t *testing.T, served *provider) {
				p = served
				a := p.client(t, func(o *OpenAIOptions) { o.MaxTokens, o.BreakerFailures = 2000, 1 })
				got, err := a.Respond(t.Context(), question)
				seen := p.seen()
				if err != nil || got.Text != hall || len(seen) != 2 || !c.is(seen[1]) || a.BreakersOpen()["first"] {
					t.Errorf("%+v, %v after %d requests", got, err, len(seen))
				}
				if c.name != "model-context-small" {
					return
				}
				if len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "4096") || a.Context() != 4096 {
					t.Errorf("the record says %q, and the context is %d", got.Notes, a.Context())
				}
				if time.Sleep(2 * learntFor); a.Context() != 0 { // the bubble's clock
					t.Errorf("the context is still %d, and is not found out again", a.Context())
				}
			})
		})
	}
}

// TestErrorsThatNameNoPartStayFailures has errors that have words of capabilities in them, or none, and are about something else.
func TestErrorsThatNameNoPartStayFailures(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
	}{
		{404, `{"error":{"message":"The model 'tools-7b-system' does not exist","code":"model_not_found"}}`},
		{404, `404 page not found`},
		{502, `<html><h1>502 Bad Gateway</h1> The tool is not supported. System role not supported.</html>`},
		{401, `{"error":{"message":"tools are not supported without a key"}}`},
		{429, `{"error":{"message":"Rate limit reached for model on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s."}}`},
		{503, `{"error":{"message":"overloaded"}}`},
	} {
		inBubble(t, script(reply(c.status, c.body)), func(t *testing.T, p *provider) {
			a := p.client(t, func(o *OpenAIOptions) { o.Model, o.MaxRetries = "tools-7b-system", -1 })
			if _, err := a.Respond(t.Context(), aQuestion()); err == nil || len(p.seen()) != 1 {
				t.Errorf("%s: %v after %d requests", c.body, err, len(p.seen()))
			}
		})
	}
}

func TestASmallContextIsKnownForTheNextCustomer(t *testing.T) {
	server := modelservers.Server{Refuses: []modelservers.Refusal{{
		When: modelservers.Tokens(1000), Status: 400,
		Body: `{"error":{"message":"maximum context length is 1000 tokens, your prompt has 1050 tokens"}}`,
	}}}
	handler := server.Handler(hall)
	inBubble(t, func(w http.ResponseWriter, r *http.Request, _ int) { handler.ServeHTTP(w, r) }, func(t *testing.T, p *provider) {
		a := p.client(t, nil)
		got, err := a.Respond(t.Context(), aQuestion())
		if err != nil || len(got.Notes) == 0 || !strings.Contains(got.Notes[0], "the history to") {
			t.Fatalf("%+v, %v", got, err)
		}
		before := len(p.seen())
		short := question
		if got, err := a.Respond(t.Context(), short); err != nil || len(p.seen()) != before+1 ||
			p.seen()[before].raw["max_tokens"].(float64) < 700 {
			t.Errorf("a short question: %+v, %v, asked for %v", got, err, p.seen()[before].raw["max_tokens"])
		}
	})
}

func TestStreamsAreRead(t *testing.T) {
	event := func(data ...string) func(http.ResponseWriter, *http.Request) {
		return reply(200, "data: "+strings.Join(data, "\n\ndata: ")+"\n\n", "Content-Type", "text/event-stream")
	}
	delta := func(d string) string { return fmt.Sprintf(`{"choices":[{"delta":%s}]}`, d) }
	stop := `{"choices":[{"delta":{},"finish_reason":"stop"}]}`
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		want   Response
	}{
		"pieces": {event(delta(`{"content":"Sí, "}`), delta(`{"content":"claro."}`), stop, "[DONE]"), Response{Text: "Sí, claro.", Known: true}},
		"a call": {event(
			delta(`{"content":null,"tool_calls":[{"index":0,"id":"a","function":{"name":"handoff","arguments":""}}]}`),
			delta(`{"tool_calls":[{"index":0,"function":{"arguments":"{\"reason\":"}}]}`),
			delta(`{"tool_calls":[{"index":0,"function":{"arguments":"\"x\"}"}}]}`), "[DONE]",
		), Response{Handoff: &Handoff{Reason: "x"}, Known: true}},
		"thoughts in pieces": {
			event(delta(`{"content":"<thi"}`), delta(`{"content":"nk>hm</think>"}`), delta(`{"content":"Sí."}`), stop),
			Response{Text: "Sí.", Known: true},
		},
		"parts of Mistral": {event(delta(`{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}`),
			delta(`{"content":[{"type":"text","text":"Sí, "}]}`), delta(`{"content":"hoy."}`), stop), Response{Text: "Sí, hoy.", Known: true}},
		"a message in a stream": {
			event(`{"choices":[{"message":{"role":"assistant","content":"Sí."},"finish_reason":"stop"}]}`),
			Response{Text: "Sí.", Known: true},
		},
		"an object a line": {
			reply(200, delta(`{"content":"Sí, "}`)+"\n"+delta(`{"content":"hoy."}`)+"\n"+stop+"\n"),
			Response{Text: "Sí, hoy.", Known: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(c.answer), func(t *testing.T, p *provider) {
				got, err := p.client(t, nil).Respond(t.Context(), question)
				if err != nil || got.Text != c.want.Text || (got.Handoff == nil) != (c.want.Handoff == nil) ||
					got.Handoff != nil && got.Handoff.Reason != c.want.Handoff.Reason {
					t.Errorf("%+v, %v", got, err)
				}
			})
		})
	}
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"a stream without an end":    event(delta(`{"content":"El salón se renta y cuesta"}`)),
		"a stream cut within a line": reply(200, "data: "+delta(`{"content":"El salón"}`)+"\n\ndata: {\"choi"),
		"an error in its midst":      event(delta(`{"content":"El salón"}`), `{"error":{"code":502,"message":"gone"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(answer, reply(200, completion(hall))), func(t *testing.T, p *provider) {
				if got, err := p.client(t, nil).Respond(t.Context(), question); err != nil || got.Text != hall || len(p.seen()) != 2 {
					t.Errorf("%+v, %v after %d requests", got, err, len(p.seen()))
				}
			})
		})
	}
}
