package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/tania"
)

func TestAnswersOfServers(t *testing.T) {
	message := func(message, finish string) string {
		return `{"choices":[{"index":0,"finish_reason":"` + finish + `","message":` + message +
			`}],"usage":{"prompt_tokens":100,"completion_tokens":20}}`
	}
	usage := tania.Usage{Model: "first", Calls: 1, InputTokens: 100, OutputTokens: 20}
	for _, c := range []struct {
		name, body string
		want       Response
	}{
		{"a plain answer", completion("Sí, hasta las 19 h."), Response{Text: "Sí, hasta las 19 h.", Known: true}},
		{"reasoning is not for the customer", completion("<think>He asks\nabout hours.</think>\n\nSí."), Response{Text: "Sí.", Known: true}},
		{"reasoning whose beginning the template swallowed", completion("He asks about hours.</think>Sí."), Response{Text: "Sí.", Known: true}},
		{
			"content as a list of parts",
			message(`{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Sí."}]}`, "stop"),
			Response{Text: "Sí.", Known: true},
		},
		{"copied tags and names", completion("[agent Ana] <customer_message>Sí.</customer_message>"), Response{Text: "Sí.", Known: true}},
		{
			"cut off at the length limit", message(`{"role":"assistant","content":"Abrimos hoy. Cerramos a las 19 h. Y mañ"}`, "length"),
			Response{Text: "Abrimos hoy. Cerramos a las 19 h.", Known: true, Truncated: true},
		},
		{
			"cut off in its first sentence", message(`{"role":"assistant","content":"Abrimos hoy hasta"}`, "length"),
			Response{Text: "Abrimos hoy hasta…", Known: true, Truncated: true},
		},
		{
			"the handoff tool", message(`{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"handoff","arguments":"{\"reason\":\"wants a refund\"}"}}]}`, "tool_calls"),
			Response{Known: true, Handoff: &Handoff{Reason: "wants a refund"}},
		},
		{
			"the handoff tool beside a text",
			message(`{"role":"assistant","content":"Un momento.","tool_calls":[{"id":"t","type":"function","function":{"name":"handoff","arguments":"{\"reason\":\"refund\"}"}}]}`, "tool_calls"),
			Response{Text: "Un momento.", Known: true, Handoff: &Handoff{Reason: "refund"}},
		},
		{
			"broken arguments", message(`{"role":"assistant","tool_calls":[{"id":"t","type":"function","function":{"name":"handoff","arguments":"{\"reason\": \"angry customer"}}]}`, "tool_calls"),
			Response{Known: true, Handoff: &Handoff{Reason: "angry customer"}},
		},
		{
			"arguments that are plain text",
			message(`{"role":"assistant","tool_calls":[{"id":"t","type":"function","function":{"name":"handoff","arguments":"angry customer"}}]}`,
				"tool_calls"),
			Response{Known: true, Handoff: &Handoff{Reason: "angry customer"}},
		},
		{
			"no arguments", message(`{"role":"assistant","tool_calls":[{"id":"t","type":"function","function":{"name":"handoff","arguments":""}}]}`,
				"tool_calls"),
			Response{Known: true, Handoff: &Handoff{Reason: "the model asked for a human"}},
		},
		{
			"a tool that is not there beside a text",
			message(`{"role":"assistant","content":"Sí.","tool_calls":[{"id":"t","type":"function","function":{"name":"search","arguments":"{}"}}]}`, "tool_calls"),
			Response{Text: "Sí.", Known: true},
		},
		{
			"the older form of a call", message(`{"role":"assistant","function_call":{"name":"handoff","arguments":"{\"reason\":\"x\"}"}}`,
				"function_call"),
			Response{Known: true, Handoff: &Handoff{Reason: "x"}},
		},
		{
			"a call written as text", completion("Claro.\n<tool_call>\n{\"name\": \"handoff\", \"arguments\": {\"reason\": \"asks for Ana\"}}\n</tool_call>"),
			Response{Text: "Claro.", Known: true, Handoff: &Handoff{Reason: "asks for Ana"}},
		},
		{
			"a call written as code", completion(`handoff(reason="asks for Ana")`),
			Response{Known: true, Handoff: &Handoff{Reason: "asks for Ana"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, script(reply(200, c.body)), func(t *testing.T, p *provider) {
				got, err := p.client(t, nil).Respond(t.Context(), question)
				if err != nil {
					t.Fatal(err)
				}
				c.want.Usage = usage
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestFailuresGoToTheFallbackOrAreNamed(t *testing.T) {
	ok := reply(200, completion("Sí."))
	for _, c := range []struct {
		name    string
		replies []func(http.ResponseWriter, *http.Request)
		// asked are the models in order; err is empty when an answer comes.
		asked []string
		err   error
		text  string
	}{
		{
			"500 is tried again",
			[]func(http.ResponseWriter, *http.Request){reply(500, `{"error":{"message":"oops"}}`), ok},
			[]string{"first", "first"},
			nil, "",
		},
		{"a dropped connection is tried again", []func(http.ResponseWriter, *http.Request){drop, ok}, []string{"first", "first"}, nil, ""},
		{"a proxy's page in HTML is tried again", []func(http.ResponseWriter, *http.Request){reply(200, `<html>Bad gateway</html>`,
			"Content-Type", "text/html"), ok}, []string{"first", "first"}, nil, ""},
		{
			"half an answer is tried again",
			[]func(http.ResponseWriter, *http.Request){reply(200, `{"choices":[{"mess`), ok},
			[]string{"first", "first"},
			nil, "",
		},
		{
			"no choices is tried again",
			[]func(http.ResponseWriter, *http.Request){reply(200, `{"choices":[]}`), ok},
			[]string{"first", "first"},
			nil, "",
		},
		{
			"an empty answer is tried again",
			[]func(http.ResponseWriter, *http.Request){reply(200, completion(" \n")), ok},
			[]string{"first", "first"},
			nil, "",
		},
		{"an error under 200 counts as the error it is", []func(http.ResponseWriter, *http.Request){reply(200,
			`{"error":{"code":404,"message":"no such model"}}`), ok}, []string{"first", "second"}, nil, ""},
		{"an unknown model goes to the fallback at once", []func(http.ResponseWriter, *http.Request){reply(404,
			`{"error":{"code":"model_not_found","message":"no"}}`), ok}, []string{"first", "second"}, nil, ""},
		{"a forbidden model goes to the fallback at once", []func(http.ResponseWriter, *http.Request){reply(403,
			`{"error":{"message":"not yours"}}`), ok}, []string{"first", "second"}, nil, ""},
		{"a bad request goes to the fallback at once", []func(http.ResponseWriter, *http.Request){reply(400,
			`{"error":{"message":"the model does not exist"}}`), ok}, []string{"first", "second"}, nil, ""},
		{"a used-up account goes to the fallback at once", []func(http.ResponseWriter, *http.Request){reply(429,
			`{"error":{"code":"insufficient_quota","message":"no money"}}`), ok}, []string{"first", "second"}, nil, ""},
		{
			"thoughts that fill the length limit go to the fallback",
			[]func(http.ResponseWriter, *http.Request){reply(200,
				`{"choices":[{"finish_reason":"length","message":{"role":"assistant","content":"<think>so many"}}]}`), ok},
			[]string{"first", "second"},
			nil, "",
		},
		{"a wrong key ends it", []func(http.ResponseWriter, *http.Request){reply(401,
			`{"error":{"message":"Incorrect API key provided: `+testKey+`"}}`)}, []string{"first"}, ErrUnauthorized, "OPENAI_API_KEY"},
		{
			"a refusal ends it",
			[]func(http.ResponseWriter, *http.Request){reply(200,
				`{"choices":[{"finish_reason":"stop","message":{"role":"assistant","refusal":"I can't help with that."}}]}`)},
			[]string{"first"},
			ErrRefused, "can't help",
		},
		{
			"a content filter ends it",
			[]func(http.ResponseWriter, *http.Request){reply(200,
				`{"choices":[{"finish_reason":"content_filter","message":{"role":"assistant","content":""}}]}`)},
			[]string{"first"},
			ErrRefused,
			"filter",
		},
		{"a content filter under 400 ends it", []func(http.ResponseWriter, *http.Request){reply(400,
			`{"error":{"code":"content_filter","message":"filtered"}}`)}, []string{"first"}, ErrRefused, "filtered"},
		{
			"all fail",
			[]func(http.ResponseWriter, *http.Request){reply(503, `overloaded`)},
			[]string{"first", "first", "first", "second", "second", "second"},
			ErrUnavailable, "503 Service Unavailable: overloaded",
		},
		{
			"a redirect is not followed",
			[]func(http.ResponseWriter, *http.Request){reply(302, ``, "Location", "/elsewhere")},
			[]string{"first", "second"},
			ErrUnavailable, "OPENAI_BASE_URL",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, script(c.replies...), func(t *testing.T, p *provider) {
				a := p.client(t, func(o *OpenAIOptions) { o.Fallbacks = []string{"second"} })
				got, err := a.Respond(t.Context(), question)
				if diff := cmp.Diff(c.asked, p.models()); diff != "" {
					t.Errorf("models asked: %s", diff)
				}
				if c.err == nil {
					if err != nil || got.Text != "Sí." || got.Fallback != (c.asked[len(c.asked)-1] == "second") {
						t.Errorf("got %+v, %v", got, err)
					}
					return
				}
				if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.text) {
					t.Errorf("got error %v, want %v with %q", err, c.err, c.text)
				}
				if strings.Contains(err.Error(), testKey) {
					t.Errorf("the key is in the error: %v", err)
				}
			})
		})
	}
}

func TestUsageOfEveryPaidCallIsCounted(t *testing.T) {
	inBubble(t, script(reply(200, completion("")), reply(200, completion("Sí."))), func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) {
			o.Prices = map[string]bot.Price{"first": {Input: 0.15, Output: 0.6}}
		})
		got, err := a.Respond(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		want := tania.Usage{Model: "first", Calls: 2, InputTokens: 200, OutputTokens: 40, Cost: 54}
		if diff := cmp.Diff(want, got.Usage); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTokensAreEstimatedWhenTheServerCountsNone(t *testing.T) {
	inBubble(t, script(reply(200, `{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"`+strings.Repeat("palabra ",
		50)+`"}}]}`)), func(t *testing.T, p *provider) {
		got, err := p.client(t, nil).Respond(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		if got.Usage.OutputTokens < 85 || got.Usage.OutputTokens > 130 || got.Usage.InputTokens < 100 {
			t.Errorf("got %+v", got.Usage)
		}
	})
}

func TestUsedUpBudgetMakesNoCall(t *testing.T) {
	for _, c := range []struct {
		name  string
		spent int64
		err   error
		want  error
		calls int
	}{
		{"below", 9_999_999, nil, nil, 1},
		{"used up", 10_000_000, nil, ErrBudget, 0},
		{"a sum that cannot be read stops nobody", 0, errors.New("disk full"), nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, script(reply(200, completion("Sí."))), func(t *testing.T, p *provider) {
				a := p.client(t, func(o *OpenAIOptions) {
					o.Budget = 10_000_000
					o.Spent = func(context.Context) (int64, error) { return c.spent, c.err }
				})
				_, err := a.Respond(t.Context(), question)
				if !errors.Is(err, c.want) || len(p.seen()) != c.calls {
					t.Errorf("got %v after %d calls", err, len(p.seen()))
				}
			})
		})
	}
}

func TestObserveSeesEveryCall(t *testing.T) {
	inBubble(t, script(reply(500, `{}`), reply(200, completion("Sí."))), func(t *testing.T, p *provider) {
		var calls []tania.ModelCall
		a := p.client(t, func(o *OpenAIOptions) { o.Observe = func(c tania.ModelCall) { calls = append(calls, c) } })
		if _, err := a.Respond(t.Context(), question); err != nil {
			t.Fatal(err)
		}
		if len(calls) != 2 || calls[0].Status != 500 || calls[0].Err == nil || calls[1].Status != 200 ||
			calls[1].Err != nil || calls[1].Usage.InputTokens != 100 {
			t.Errorf("got %+v", calls)
		}
	})
}

func TestOptionsThatCannotWorkSaySoWhenAsked(t *testing.T) {
	for name, o := range map[string]OpenAIOptions{
		"no model":             {},
		"a base URL of a host": {Model: "m", BaseURL: "localhost:11434"},
		"not a URL":            {Model: "m", BaseURL: "http://[::1"},
	} {
		o.MaxRetries = -1
		if _, err := NewOpenAI(o).Respond(t.Context(), question); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnvironmentIsNotReadBehindTheConfiguration(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-from-the-environment")
	t.Setenv("OPENAI_BASE_URL", "http://elsewhere.test/v1")
	inBubble(t, script(reply(200, completion("Sí."))), func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.APIKey = "" })
		if _, err := a.Respond(t.Context(), question); err != nil {
			t.Fatal(err)
		}
		if got := p.seen()[0].header.Get("Authorization"); got != "" {
			t.Errorf("sent %q", got)
		}
	})
}

func TestHugeAnswerIsNotReadWhole(t *testing.T) {
	huge := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"choices":[{"message":{"content":"`))
		chunk := []byte(strings.Repeat("a", 1<<20))
		for range 64 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
	inBubble(t, script(huge), func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.MaxRetries = -1 })
		began := time.Now()
		_, err := a.Respond(t.Context(), question)
		if !errors.Is(err, ErrUnavailable) || time.Since(began) > time.Second || len(err.Error()) > 1000 {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
	})
}
