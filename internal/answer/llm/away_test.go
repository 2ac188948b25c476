package llm

import (
	"net/http"
	"testing"
)

// TestAModelThatIsClosedToUsIsAway: what the customer wrote has no part in it, and no minute changes it.
func TestAModelThatIsClosedToUsIsAway(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		body         string
		away, closed bool
	}{
		"a revoked key":          {401, `{"error":{"message":"Incorrect API key provided"}}`, true, true},
		"no money":               {402, `{"error":{"message":"Insufficient credits","code":402}}`, true, true},
		"no money, of Anthropic": {400, `{"error":{"message":"Your credit balance is too low to access the Anthropic API."}}`, true, true},
		"a quota that is used up": {
			429,
			`{"error":{"code":"insufficient_quota","message":"You exceeded your current quota, please check your plan and billing details."}}`, true,
			true,
		},
		"a quota of a minute": {
			429,
			`{"error":{"message":"You exceeded your current quota, please check your plan and billing details. Please retry in 21s."}}`, true,
			false,
		},
		"a limit that advertises": {
			429,
			`{"error":{"message":"Rate limit reached. Need more tokens? Upgrade at https://console.groq.com/settings/billing","code":"rate_limit_exceeded"}}`, true, false,
		},
		"no such model": {
			404,
			`{"error":{"message":"The model does not exist or you do not have access to it.","code":"model_not_found"}}`, true, true,
		},
		"a country":                   {403, `{"error":{"message":"Country, region, or territory not supported"}}`, true, true},
		"a message that is moderated": {403, `{"error":{"message":"Your input was flagged by moderation"}}`, false, false},
		"a server that restarts":      {503, `{"error":"loading"}`, true, false},
		"a request it does not take":  {400, `{"error":"no"}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(reply(c.status, c.body)), func(t *testing.T, p *provider) {
				a := p.client(t, nil)
				_, err := a.Respond(t.Context(), question)
				if err == nil || Away(err) != c.away || Closed(err) != c.closed {
					t.Errorf("away %v, closed %v: %v", Away(err), Closed(err), err)
				}
				if _, err := a.Ping(t.Context()); (err != nil) != c.away {
					t.Errorf("a probe says %v", err)
				}
			})
		})
	}
}

func TestAModelThatRestartsIsWaitedForBesideOneThatIsClosed(t *testing.T) {
	answers := func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 0 {
			reply(404, `{"error":"the model is not found"}`)(w, r)
			return
		}
		reply(503, `{"error":"loading"}`)(w, r)
	}
	inBubble(t, answers, func(t *testing.T, p *provider) {
		a := p.client(t, func(o *OpenAIOptions) { o.Fallbacks = []string{"second"} })
		if _, err := a.Respond(t.Context(), question); !Away(err) || Closed(err) {
			t.Errorf("away %v, closed %v: %v", Away(err), Closed(err), err)
		}
	})
}

// TestAnswersOfOtherAPIsAreRead has servers whose address was given without the part that makes them speak as OpenAI's does.
func TestAnswersOfOtherAPIsAreRead(t *testing.T) {
	for name, body := range map[string]string{
		"Ollama's own":      `{"model":"m","message":{"role":"assistant","content":"` + hall + `"},"done":true,"done_reason":"stop"}`,
		"Ollama, generated": `{"model":"m","response":"` + hall + `","done":true}`,
		"the Responses API": `{"id":"r","output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"` +
			hall + `"}]}]}`,
		"Gemini's own": `{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"` + hall +
			`"}],"role":"model"},"finishReason":"STOP"}]}`,
		"Anthropic's own": `{"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"` +
			hall + `"}],"stop_reason":"end_turn"}`,
		"TGI's own": `{"generated_text":"` + hall + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, script(reply(200, body)), func(t *testing.T, p *provider) {
				if got, err := p.client(t, nil).Respond(t.Context(), question); err != nil || got.Text != hall {
					t.Errorf("%+v, %v", got, err)
				}
			})
		})
	}
	inBubble(t, script(reply(200, `{"candidates":[{"content":{"parts":[{"text":"Abr"}]},"finishReason":"SAFETY"}]}`)),
		func(t *testing.T, p *provider) {
			if got, err := p.client(t, nil).Respond(t.Context(), question); err == nil {
				t.Errorf("what a filter stopped is said: %+v", got)
			}
		})
}
