package llm

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tania/internal/answer/llm/modelservers"
)

// TestWhatAServerDoesNotTakeIsFoundOutWithoutItsWords has refusals that name nothing, in no language of ours.
func TestWhatAServerDoesNotTakeIsFoundOutWithoutItsWords(t *testing.T) {
	for name, c := range map[string]struct {
		when   modelservers.When
		status int
		body   string
	}{
		"tools":                  {modelservers.HasTools, 400, `{"error":"リクエストが不正です"}`},
		"a system message":       {modelservers.HasSystem, 422, `{"detail":"Unprocessable"}`},
		"temperature":            {modelservers.HasTemperature, 400, `{"error":{"message":"This model does not accept sampling options"}}`},
		"user":                   {modelservers.HasUser, 400, ``},
		"the limit's name":       {modelservers.HasMaxTokens, 422, `{"error":"bad key"}`},
		"an answer in one piece": {modelservers.IsUnstreamed, 405, `{"error":"wrong mode"}`},
		"more than one message":  {modelservers.HasTurns, 400, `{"error":{"message":"one question at a time, please"}}`},
		"a template that breaks": {modelservers.HasTools, 500, `{"error":{"message":"the template could not be applied"}}`},
		"tools and a system message": {
			func(r modelservers.Request) bool { return modelservers.HasTools(r) || modelservers.HasSystem(r) }, 400,
			`{"error":"no"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			handler := modelservers.Server{Refuses: []modelservers.Refusal{{When: c.when, Status: c.status, Body: c.body}}}.Handler(hall)
			inBubble(t, func(w http.ResponseWriter, r *http.Request, _ int) { handler.ServeHTTP(w, r) }, func(t *testing.T, p *provider) {
				warmth := 0.2
				a := p.client(t, func(o *OpenAIOptions) { o.Temperature = &warmth })
				if got, err := a.Respond(t.Context(), aQuestion()); err != nil || got.Text != hall {
					t.Fatalf("%+v, %v after %d requests", got, err, len(p.seen()))
				}
				first := len(p.seen())
				if _, err := a.Respond(t.Context(), aQuestion()); err != nil || len(p.seen()) != first+1 {
					t.Errorf("%d requests for the second answer, %v", len(p.seen())-first, err)
				}
			})
		})
	}
}

func TestARefusalOfTheMomentTakesNothingAway(t *testing.T) {
	inBubble(t, script(reply(400, `{"error":"no"}`), reply(200, completion(hall))), func(t *testing.T, p *provider) {
		a := p.client(t, nil)
		for range 2 {
			if got, err := a.Respond(t.Context(), question); err != nil || got.Text != hall {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		for i, r := range p.seen() {
			if r.raw["tools"] == nil {
				t.Errorf("request %d has no tool", i+1)
			}
		}
	})
}

func TestWhatNoFormOfTheRequestHelpsAgainstIsNotTriedForEverybody(t *testing.T) {
	inBubble(t, script(reply(400, `{"error":"no"}`)), func(t *testing.T, p *provider) {
		a := p.client(t, nil)
		for i, most := range []int{len(parts) + 1, 1, 1} {
			before := len(p.seen())
			if _, err := a.Respond(t.Context(), question); err == nil || len(p.seen())-before > most {
				t.Errorf("question %d: %v after %d requests", i+1, err, len(p.seen())-before)
			}
		}
		time.Sleep(triedFor + time.Second) // the bubble's clock
		before := len(p.seen())
		if _, err := a.Respond(t.Context(), question); err == nil || len(p.seen())-before < 3 {
			t.Errorf("later: %v after %d requests", err, len(p.seen())-before)
		}
	})
}

func TestWhatIsAboutTheAccountOrTheModelIsNotTriedInOtherForms(t *testing.T) {
	for _, body := range []string{
		`{"error":{"message":"Your credit balance is too low to access the API"}}`, `{"error":{"message":"The model gpt-9 does not exist"}}`,
		`{"error":{"message":"the model has been decommissioned"}}`,
		`{"error":{"message":"flagged by our moderation"}}`, "<html><body><h1>400 Bad Request</h1></body></html>",
	} {
		inBubble(t, script(reply(400, body)), func(t *testing.T, p *provider) {
			if _, err := p.client(t, nil).Respond(t.Context(), question); err == nil || len(p.seen()) != 1 {
				t.Errorf("%s: %v after %d requests", strings.TrimSpace(body), err, len(p.seen()))
			}
		})
	}
}
