package reply_test

import (
	"slices"
	"testing"

	"tania/internal/answer"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/chatwoot"
	"tania/internal/reply"
	"tania/internal/tania"
)

// workshopDeps are those of a bot without a model that has two guarantees.
func workshopDeps() reply.Deps {
	b := bot.Default()
	b.FAQ = []bot.FAQ{
		{ID: "repairs", Questions: []string{"¿Las reparaciones tienen garantía?"}, Answer: bot.Text{"": "Treinta días."}},
		{ID: "bicycles", Questions: []string{"¿Las bicicletas tienen garantía?"}, Answer: bot.Text{"": "Dos años."}},
		{ID: "hours", Questions: []string{"¿Cuál es su horario?"}, Answer: bot.Text{"": "De 9 a 19."}},
	}
	d := deps(nil)
	d.Bot, d.Answerer = b, answer.New(answer.Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})})
	return d
}

var guarantees = []tania.Choice{
	{Source: "faq:repairs", Title: "¿Las reparaciones tienen garantía?"}, {Source: "faq:bicycles", Title: "¿Las bicicletas tienen garantía?"},
}

// TestAQuestionBackIsAnOutcomeOfItsOwn: it names the choices in plan and record, counts neither as answered nor as not known, and is kept
// for nobody else.
func TestAQuestionBackIsAnOutcomeOfItsOwn(t *testing.T) {
	s := &seen{}
	d := workshopDeps()
	d.Cache, d.Scope = s, cached(nil, s).Scope
	turn := caseOf("¿qué garantía me dan?")
	turn.Memory.NotKnown = []tania.TurnID{"earlier"} // one more, and a human would come
	p, err := reply.Decide(t.Context(), turn, d)
	if err != nil || p.Record.Outcome != tania.OutcomeAskedBack || p.Handoff != "" || len(p.Choices) != 2 || len(p.Record.Sources) > 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if want := "asked back: " + p.Choices[0].Source + ", " + p.Choices[1].Source; p.Record.Detail != want || !p.Record.Outcome.Reached() {
		t.Errorf("the record says %q, want %q", p.Record.Detail, want)
	}
	if len(s.settled) != 1 || s.settled[0].Known {
		t.Errorf("kept for all: %+v", s.settled)
	}
}

// TestWhatIsWrittenAfterAQuestionBack: a choice is answered by its entry, and not from the cache; none is not known; all else is a
// question, also where the question back is no longer the newest that was said.
func TestWhatIsWrittenAfterAQuestionBack(t *testing.T) {
	asked := func(change func(*tania.Conversation)) tania.Conversation {
		m := tania.Conversation{
			AskedBack: []tania.AskedBack{{Turn: "before", Question: "garantía", Choices: guarantees, Open: true}},
			History: []tania.Entry{
				{ID: 1, From: tania.FromCustomer, Text: "garantía", At: noon}, {ID: 2, From: tania.FromBot, Text: "¿…?", At: noon},
			},
		}
		if change != nil {
			change(&m)
		}
		return m
	}
	closed := func(m *tania.Conversation) { m.AskedBack[0].Open = false }
	human := func(m *tania.Conversation) {
		m.History = append(m.History, tania.Entry{ID: 3, From: tania.FromHuman, Text: "¿Cuál?", At: noon})
	}
	own := func(m *tania.Conversation) { m.AskedBack[0].Turn = "t" }
	for _, c := range []struct {
		name, text, want string
		change           func(*tania.Conversation)
		outcome          tania.Outcome
	}{
		{"by number", "2", "Dos años.", nil, tania.OutcomeAnswered},
		{"by place", "la primera por favor", "Treinta días.", nil, tania.OutcomeAnswered},
		{"by a word with an error", "las bicicletsa", "Dos años.", nil, tania.OutcomeAnswered},
		{"both", "las dos", "", nil, tania.OutcomeAnswered},
		{"none", "ninguna", "", nil, tania.OutcomeNotKnown},
		{"the number of none", "3", "", nil, tania.OutcomeNotKnown},
		{"another question", "¿cuál es su horario?", "De 9 a 19.", nil, tania.OutcomeAnswered},
		{"the same matter again", "¿qué garantía me dan?", "", nil, tania.OutcomeNotKnown},
		{"a human", "quiero hablar con una persona", "", nil, tania.OutcomeHandedOver},
		{"an answer came between", "2", "", closed, tania.OutcomeNotKnown},
		{"a human came between", "2", "", human, tania.OutcomeNotKnown},
		{"an earlier attempt of the turn asked", "¿qué garantía me dan?", "", own, tania.OutcomeAskedBack},
	} {
		s := &seen{look: cache.Look{Hit: true, Entry: "e", Answer: "from the cache"}}
		d := workshopDeps()
		if c.outcome == tania.OutcomeAnswered && c.name != "another question" {
			d.Cache, d.Scope = s, cached(nil, s).Scope
		}
		turn := caseOf(c.text)
		turn.Memory = asked(c.change)
		p, err := reply.Decide(t.Context(), turn, d)
		if err != nil || p.Record.Outcome != c.outcome || c.want != "" && p.Text() != c.want {
			t.Errorf("%s: %s %q, %v; want %s %q", c.name, p.Record.Outcome, p.Text(), err, c.outcome, c.want)
		}
		if c.name == "by number" && !slices.Equal(p.Record.Sources, []string{"faq:bicycles"}) {
			t.Errorf("%s: from %v", c.name, p.Record.Sources)
		}
	}
}

// TestATrialAsksBackAndUnderstandsTheChoice of a conversation as it is remembered.
func TestATrialAsksBackAndUnderstandsTheChoice(t *testing.T) {
	k := &known{
		memory: tania.Conversation{Inbox: 11, Updated: noon},
		live:   &chatwoot.Conversation{Inbox: 11, Contact: tania.Contact{ID: 3}, Status: tania.StatusPending, CanReply: true},
	}
	r := rehearsal(k, nil)
	d := workshopDeps()
	r.Bot, r.Answerer = d.Bot, d.Answerer
	got, err := r.Try(t.Context(), there, "¿qué garantía me dan?")
	if err != nil || got.Record.Outcome != tania.OutcomeAskedBack || len(got.Choices) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	k.memory.AskedBack = []tania.AskedBack{{Turn: "before", Question: "garantía", Choices: guarantees, Open: true}}
	if got, err = r.Try(t.Context(), there, "la segunda"); err != nil || got.Text() != "Dos años." {
		t.Errorf("%+v, %v", got, err)
	}
	if len(k.memory.AskedBack) != 1 || !k.memory.AskedBack[0].Open {
		t.Errorf("the trial left %+v", k.memory.AskedBack)
	}
}
