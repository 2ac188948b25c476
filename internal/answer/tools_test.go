package answer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/tania"
)

// drawer is a toolbox that says what was called.
type drawer struct {
	called []string
	most   int
	wrote  bool
	fails  error
}

func (d *drawer) Offered() []llm.Tool {
	schema := []byte(`{"type":"object","properties":{"id":{"type":"string"}}}`)
	return []llm.Tool{{Name: "where", Description: "Where an order is.", Parameters: schema}}
}
func (d *drawer) Before(context.Context) ([]llm.Step, string, error) { return nil, "", nil }
func (d *drawer) Bounds() (int, int64)                               { return d.most, 0 }
func (d *drawer) Wrote() bool                                        { return d.wrote }

func (d *drawer) Call(_ context.Context, c llm.Call) (string, error) {
	d.called = append(d.called, fmt.Sprint(c.Tool, c.Arguments))
	return `{"status":"sent","total":"$48.75"}`, d.fails
}

// scripted is a model that says one thing after the other, and keeps what it was given.
type scripted struct {
	says  []llm.Response
	given []llm.Prompt
}

func (s *scripted) Respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	s.given = append(s.given, p)
	r := s.says[min(len(s.given), len(s.says))-1]
	r.Known, r.Usage = true, tania.Usage{Model: "m", Calls: 1, InputTokens: 10}
	return r, nil
}

func calls(id string) llm.Response {
	return llm.Response{Calls: []llm.Call{{Tool: "where", Arguments: map[string]any{"id": id}}}}
}

func answered(t *testing.T, m *scripted, d *drawer) (Answer, error) {
	t.Helper()
	b := bot.Default()
	b.FAQ = []bot.FAQ{{ID: "hours", Questions: []string{"When are you open?"}, Answer: bot.Text{bot.AnyLanguage: "From 9 to 5."}}}
	a := New(Options{Bot: b, Responder: m, Translates: true})
	return a.Answer(t.Context(), Question{Text: "Where is my order 7?", Language: tania.English, Route: tania.RouteModel, Tools: d})
}

func TestAModelCallsAndAnswersFromWhatCame(t *testing.T) {
	m, d := &scripted{says: []llm.Response{calls("7"), {Text: "We sent it; you paid $48.75."}}}, &drawer{}
	a, err := answered(t, m, d)
	if err != nil || a.Text != "We sent it; you paid $48.75." || !a.Known || !a.Acted {
		t.Fatalf("%+v, %v", a, err)
	}
	if a.Usage.Calls != 2 || len(d.called) != 1 {
		t.Fatalf("%+v, %v, called %q", a, err, d.called)
	}
	first := m.given[0]
	if len(first.Tools) != 1 || len(first.Steps) != 0 || !strings.Contains(first.System, "You have tools beside handoff") {
		t.Errorf("first asked with %+v", first)
	}
	if steps := m.given[1].Steps; len(steps) != 1 || steps[0].Calls[0].Result != `{"status":"sent","total":"$48.75"}` {
		t.Errorf("then asked with %+v", steps)
	}
	m = &scripted{says: []llm.Response{calls("7"), {Text: "You paid $99.10."}}}
	if a, err = answered(t, m, &drawer{}); err != nil || a.Known {
		t.Errorf("an amount that no tool gave: %+v, %v", a, err)
	}
}

func TestAModelThatGoesOnCallingIsStopped(t *testing.T) {
	m, d := &scripted{says: []llm.Response{calls("7")}}, &drawer{most: 3}
	a, err := answered(t, m, d)
	if err != nil || a.Handoff == nil || len(d.called) != 3 || len(m.given) != 5 {
		t.Errorf("%+v, %v, %d calls, asked %d times", a, err, len(d.called), len(m.given))
	}
}

func TestWhatEndsACallEndsTheAnswer(t *testing.T) {
	stop := errors.New("stop")
	m, d := &scripted{says: []llm.Response{calls("7"), {Text: "Done."}}}, &drawer{fails: stop}
	a, err := answered(t, m, d)
	if !errors.Is(err, stop) || a.Usage.Calls != 1 || len(m.given) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAHumanTellsOfAChangeThatTheModelCannotSay(t *testing.T) {
	m := &scripted{says: []llm.Response{calls("7"), {Text: "You paid $99.10."}}}
	if a, err := answered(t, m, &drawer{wrote: true}); err != nil || a.Handoff == nil {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAloneToolsAreShownAndNotCalled(t *testing.T) {
	m, d := &scripted{says: []llm.Response{calls("7")}}, &drawer{}
	a := New(Options{Bot: bot.Default(), Responder: m, Translates: true})
	q := Question{Text: "Where is my order 7?", Language: tania.English, Route: tania.RouteModel, Tools: d}
	made, err := a.Answer(t.Context(), q.Alone())
	if !errors.Is(err, ErrToolWanted) || len(d.called) != 0 || made.Usage.Calls != 1 {
		t.Errorf("%+v, %v, called %q", made, err, d.called)
	}
}
