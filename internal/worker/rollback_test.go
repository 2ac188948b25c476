package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/versions"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/tania"
)

// priced is a bot.yaml in which shipping has a price; the rest is the same in all versions.
func priced(euros int) string {
	return fmt.Sprintf(`name: Ana
faq:
  - {id: shipping, questions: ["¿Cuánto cuesta el envío a Córdoba?"], answer: "El envío cuesta %d euros."}
  - {id: hours, questions: ["¿Cuál es el horario de la tienda?"], answer: "Abrimos de nueve a seis."}
`, euros)
}

var shippingPrice = regexp.MustCompile(`El envío cuesta \d+ euros\.`)

// reader is a model that says what its knowledge holds. A question with "despacio" waits for release.
type reader struct {
	mu      sync.Mutex
	calls   map[string]int
	began   chan struct{}
	release chan struct{}
}

func (m *reader) respond(_ context.Context, p llm.Prompt) (llm.Response, error) {
	m.mu.Lock()
	m.calls[p.Text]++
	m.mu.Unlock()
	if strings.Contains(p.Text, "despacio") {
		m.began <- struct{}{}
		<-m.release
	}
	usage := tania.Usage{Model: "m", Calls: 1, InputTokens: 10, OutputTokens: 5}
	if strings.Contains(p.Text, "horario") {
		return llm.Response{Text: "Abrimos de nueve a seis. [2]", Known: true, Usage: usage}, nil
	}
	return llm.Response{Text: shippingPrice.FindString(p.System) + " [1]", Known: true, Usage: usage}, nil
}

func (m *reader) asked(text string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls[text]
}

// TestAVersionIsRolledBackWhileAThousandTurnsRun publishes a version with another price while customers ask for it and for other things,
// and goes back to the one before. What a customer is told is of the version that the turn's record names.
func TestAVersionIsRolledBackWhileAThousandTurnsRun(t *testing.T) {
	const turns, slowly = 1000, "¿Cuánto cuesta el envío despacio a Sevilla?"
	m := &reader{calls: map[string]int{}, began: make(chan struct{}), release: make(chan struct{})}
	shape := func(m tania.Message, lang tania.Language) store.Scope {
		return store.Scope{Account: m.Key.Account, Inbox: m.Inbox, Language: lang, Version: "v"}
	}
	var registry *bots.Registry
	r, cached := cachedRigWith(t, m.respond, func(s *settings) { s.worker.Concurrency = 16; s.scope = shape },
		func(o *cache.Options) {
			o.Knowledge = func(store.Scope) shareable.Knowledge { return registry.Main().Answerer }
		})
	registry = r.options.Bots
	files := fstest.MapFS{"bot.yaml": {Data: []byte(priced(5))}}
	follower := &versions.Follower{
		Store: r.engine, Source: versions.Source{FS: files, Name: "bot.yaml"}, Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Adopt: func(b *bot.Bot, number int) {
			registry.Publish(r.made(b, number))
			cached.Recheck()
		},
	}
	// The store is followed as in a process, from the first version on.
	if err := follower.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	following, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- follower.Run(following, nil) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()

	prices := map[int]string{1: "El envío cuesta 5 euros.", 2: "El envío cuesta 9 euros.", 3: "El envío cuesta 5 euros."}
	publish := func(number int, make func() (queue.BotVersion, error)) {
		t.Helper()
		v, err := make()
		if err != nil || v.Number != number {
			t.Fatalf("version %d, %v; want %d", v.Number, err, number)
		}
		r.until(fmt.Sprintf("version %d answers", number), func() bool { return registry.Main().Version == number })
	}
	var asked []string
	var conversations []tania.ConversationID
	ask := func(n int) {
		for range n {
			text := []string{"¿Cuánto cuesta el envío a Córdoba?", "¿Cuál es el horario de la tienda?"}[len(asked)%2]
			if len(asked)%5 == 0 { // one of its own
				text = fmt.Sprintf("¿Cuánto cuesta el envío a Córdoba con el código postal %d?", 14000+len(asked))
			}
			asked, conversations = append(asked, text), append(conversations, r.write(0, text))
		}
	}
	straggler := r.write(0, slowly)
	<-m.began
	ask(turns / 3)
	r.until("turns under way", func() bool { return len(r.sim.BotMessages(conversations[10])) > 0 })
	publish(2, func() (queue.BotVersion, error) {
		files["bot.yaml"] = &fstest.MapFile{Data: []byte(priced(9)), ModTime: time.Unix(1, 0)}
		return follower.Reload(t.Context(), "dearer")
	})
	// A turn that began with the first version ends after the second was published.
	close(m.release)
	ask(turns / 3)
	r.until("turns of the second version", func() bool { return len(r.sim.BotMessages(conversations[turns/3+10])) > 0 })
	publish(3, func() (queue.BotVersion, error) {
		return operator.LocalBots(r.engine, follower).RollBack(t.Context(), 1, "Ana", "too dear")
	})
	ask(turns - len(asked))
	r.until("every answer", func() bool {
		for _, c := range conversations {
			if len(r.sim.BotMessages(c)) == 0 {
				return false
			}
		}
		return true
	})
	r.ended()
	settled(t, cached)

	seen, hits := map[int]int{}, 0
	for i, c := range append(conversations, straggler) {
		d, said, want := r.record(c), r.said(c), "Abrimos de nueve a seis."
		if i >= len(asked) || !strings.Contains(asked[i], "horario") {
			want = prices[d.BotVersion]
		}
		if len(said) != 1 || said[0] != want {
			t.Errorf("conversation %d was told %q by version %d, want once %q", c, said, d.BotVersion, want)
		}
		if d.Route == tania.RouteCached {
			hits++
		}
		seen[d.BotVersion]++
	}
	if d := r.record(straggler); d.BotVersion != 1 || d.Route == tania.RouteCached {
		t.Errorf("the slow turn is of version %d, want 1", d.BotVersion)
	}
	if len(seen) != 3 || seen[0] > 0 || hits < turns/3 {
		t.Errorf("turns by version: %v, %d from the cache; want all three, and many from the cache", seen, hits)
	}
	t.Logf("%d turns by version: %v; %d from the cache; the model was asked for the hours %d times", len(conversations)+1, seen, hits,
		m.asked("¿Cuál es el horario de la tienda?"))
	// What no version changed was kept through all of them.
	if n := m.asked("¿Cuál es el horario de la tienda?"); n != 1 {
		t.Errorf("the model was asked for the hours %d times, want once", n)
	}
	cached.Recheck() // an answer that was begun before the rollback may have been kept since
	settled(t, cached)
	for _, e := range cached.List(t.Context(), 0) {
		if strings.Contains(e.Answer, "9 euros") {
			t.Errorf("entry %s, %q, of the withdrawn version is kept: %q", e.ID, e.Question, e.Answer)
		}
	}
	if _, said := r.asks(0, "¿Cuánto cuesta el envío a Córdoba?"); said != prices[3] {
		t.Errorf("after the rollback a customer is told %q", said)
	}
}
