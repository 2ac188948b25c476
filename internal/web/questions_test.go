package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/operator"
	"tania/internal/questions"
	"tania/internal/queue"
	"tania/internal/tania"
	"tania/internal/web"
)

// TestOperatorsListQuestions through the route, as the command does where one process has the file: with every filter it gives what the
// store would.
func TestOperatorsListQuestions(t *testing.T) {
	var engine queue.Engine
	s := newSite(t, func(o *web.Options) { engine = o.Engine })
	for i, text := range []string{"¿Abren los domingos?", "abren el domingo", "¿Tienen parqueadero?"} {
		id := tania.MessageID(1 + i)
		if err := engine.SaveRecords(t.Context(), tania.Record{
			Key: tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(id)}, Message: id, Inbox: tania.InboxID(1 + i%2),
			Content: text, Language: tania.Spanish, At: time.Date(2026, 11, 26+i, 12, 0, 0, 0, time.UTC), Outcome: tania.OutcomeNotKnown,
		}); err != nil {
			t.Fatal(err)
		}
	}
	local, remote := operator.LocalQuestions(engine, false), operator.RemoteQuestions(s.URL, "")
	for name, c := range map[string]struct {
		f    questions.Filter
		want int
	}{
		"all":       {questions.Filter{}, 2},
		"most":      {questions.Filter{Most: true}, 2},
		"one miss":  {questions.Filter{Miss: tania.MissCorrected}, 0},
		"one inbox": {questions.Filter{Inbox: 2}, 1},
		"one day":   {questions.Filter{Day: "2026-11-28"}, 1},
		"words":     {questions.Filter{Words: "PARQUEADERO"}, 1},
	} {
		want, errLocal := local.Questions(t.Context(), c.f)
		got, err := remote.Questions(t.Context(), c.f)
		if err != nil || errLocal != nil || len(got.Groups) != c.want || got.Of != 3 {
			t.Errorf("%s: %d groups of %d, %v, %v", name, len(got.Groups), got.Of, err, errLocal)
		}
		if diff := cmp.Diff(want, got); diff != "" && c.want > 0 {
			t.Errorf("%s (-store +route):\n%s", name, diff)
		}
	}
	for _, query := range []string{"miss=x", "inbox=x", "inbox=0", "day=yesterday", "sort=oldest"} {
		if a := s.do(t, http.MethodGet, "/admin/questions?"+query, nil, nil); a.status != http.StatusBadRequest || a.body["error"] == "" {
			t.Errorf("%s: %d %v", query, a.status, a.body)
		}
	}
}
