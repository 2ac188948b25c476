package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/outage"
	"tania/internal/tania"
)

// gate is a proxy before a server, which answers with a page of its own while the server is away.
type gate struct {
	*httptest.Server
	away atomic.Bool
	// refused counts the requests that came while it was away.
	refused atomic.Int64
}

func newGate(t *testing.T, h http.Handler) *gate {
	t.Helper()
	g := &gate{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.away.Load() {
			g.refused.Add(1)
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>")
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	return g
}

const customersOfAnOutage = 20

// TestAServerIsAway has twenty customers write before and during an outage of Chatwoot or of the model: each question is answered once
// and in order, and nobody is handed over for it. What is shown to operators names the server meanwhile.
func TestAServerIsAway(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		// asked is how often the server is asked in vain before it is back: more often than a turn may fail.
		asked int64
		title string
	}{
		outage.Chatwoot: {30, "Chatwoot no responde"},
		outage.Model:    {9, "El modelo no responde"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait most of the time
			in := newInstallation(t, "QUEUE_DEBOUNCE_MS=50", "GOVERNOR_RATE_LIMIT_ENABLED=false")
			api, model := newGate(t, in.sim.Handler()), newGate(t, http.HandlerFunc(repeat))
			in.tania.env = append(in.tania.env, "CHATWOOT_BASE_URL="+api.URL, "OPENAI_BASE_URL="+model.URL+"/v1")
			in.tania.start()
			server := map[string]*gate{outage.Chatwoot: api, outage.Model: model}[name]

			conversations := make([]tania.ConversationID, customersOfAnOutage)
			write := func(n int) {
				t.Helper()
				for c := range conversations {
					m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversations[c], Text: question(c, n)})
					if err != nil {
						t.Fatal(err)
					}
					conversations[c] = m.Conversation
				}
			}
			write(0)
			in.await(t, 30*time.Second, "the first answer", func() bool { return in.answersIn(conversations) > 0 })
			server.away.Store(true)
			write(1)
			await(t, 30*time.Second, "the outage to be noticed", func() bool { return slices.Contains(in.away(t), name) })
			write(2)
			if name == outage.Chatwoot {
				await(t, 30*time.Second, "the page to say so", func() bool { return strings.Contains(in.page(t), x.title) })
			}
			if said := in.get(t, "/readyz"); !strings.Contains(said, `"`+name+`"`) {
				t.Errorf("/readyz says %s", said)
			}
			await(t, 2*time.Minute, "the server to be asked in vain", func() bool { return server.refused.Load() >= x.asked })
			server.away.Store(false)
			if err := in.awaitAll(t, 2*time.Minute, func() int { return 3*customersOfAnOutage - in.answersIn(conversations) }); err != nil {
				t.Error(err)
			}
			await(t, 30*time.Second, "the outage to be over", func() bool { return len(in.away(t)) == 0 })
			for c, id := range conversations {
				var want []string
				for n := range 3 {
					want = append(want, mark.FindString(question(c, n)))
				}
				if got := in.answered(id); !slices.Equal(got, want) {
					t.Errorf("conversation %d: answered %v, want %v", id, got, want)
				}
				if s, _ := in.sim.Conversation(id); s.Status != tania.StatusPending {
					t.Errorf("conversation %d is %s, want it with the bot", id, s.Status)
				}
			}
			if s := in.stats(t); s.Failed != 0 {
				t.Errorf("%d dead turns", s.Failed)
			}
		})
	}
}

// answersIn counts the questions of some conversations that were answered.
func (in *installation) answersIn(conversations []tania.ConversationID) (n int) {
	for _, id := range conversations {
		n += len(in.answered(id))
	}
	return n
}

// away names the servers that the statistics call away.
func (in *installation) away(t *testing.T) (names []string) {
	t.Helper()
	var stats struct{ Away []outage.State }
	if err := json.Unmarshal([]byte(in.get(t, "/chatwoot/stats")), &stats); err != nil {
		t.Fatal(err)
	}
	for _, s := range stats.Away {
		names = append(names, s.Name)
	}
	return names
}

// page is the dashboard's first one, in Spanish.
func (in *installation) page(t *testing.T) string {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+in.tania.address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Accept-Language", "es")
	q.Header.Set("Accept", "text/html")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
