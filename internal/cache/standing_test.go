package cache_test

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"tania/internal/answer"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/cache/shareable"
	"tania/internal/cache/store"
	"tania/internal/cache/store/sqlitestore"
)

const shopYAML = `name: Ana
faq:
  - id: hours
    questions: ["¿Cuál es el horario de la tienda?"]
    answer: Abrimos de nueve a seis, de lunes a viernes.
  - id: returns
    questions: ["¿Cómo devuelvo un producto defectuoso?"]
    answer: Traiga el artículo con su recibo dentro de treinta días.
  - id: password
    questions: ["¿Cómo cambio mi contraseña?"]
    answer: Pulse «Olvidé mi clave» y siga el enlace del correo.
`

// knower is a bot's answerer, made of its bot.yaml.
func knower(t *testing.T, yaml string) *answer.Answerer {
	t.Helper()
	b, err := bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(yaml)}}, "bot.yaml")
	must(t, err)
	return answer.New(answer.Options{Bot: b, Responder: offline.New(offline.Options{Bot: b})})
}

// edition is the version of a bot that answers in the processes of a test.
type edition struct {
	atomic.Pointer[answer.Answerer]
}

func (e *edition) of(store.Scope) shareable.Knowledge { return e.Load() }

// ask is what a turn of a version asks.
func ask(by *answer.Answerer, text string) shareable.Request {
	r := asked(text)
	r.Knowledge = by
	return r
}

// keeps has an answer made by a version and kept.
func keeps(t *testing.T, c *cache.Cache, by *answer.Answerer, text, answer string, sources ...string) {
	t.Helper()
	l := c.Look(t.Context(), ask(by, text))
	m := made(answer)
	m.Sources, m.Knowledge = sources, by
	if l.Hit || l.Refusal != "" {
		t.Fatalf("%q: %+v, want a miss", text, l)
	}
	if why := c.Keep(ask(by, text), l, m); why != "" {
		t.Fatalf("%q is not kept: %s", text, why)
	}
	settle(t, c)
}

// stores are those of several processes, and of one.
var stores = map[string]func(t *testing.T) store.Store{
	"Redis": func(t *testing.T) store.Store { return redisStore(t, server.URL(), newName()) },
	"SQLite": func(t *testing.T) store.Store {
		s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "cache.db"), sqlitestore.Options{})
		must(t, err)
		t.Cleanup(func() { must(t, s.Close()) })
		return s
	},
}

// TestAVersionForgetsOnlyWhatRestedOnWhatChanged publishes changes of one entry, and goes back.
func TestAVersionForgetsOnlyWhatRestedOnWhatChanged(t *testing.T) {
	entry := func(text string) string { return shopYAML + text }
	for name, c := range map[string]struct {
		yaml string
		// forgotten are the questions whose answers are.
		forgotten []string
	}{
		"nothing but a comment":            {entry("# as before\n"), nil},
		"a greeting":                       {entry("texts: {greeting: Hola}\n"), nil},
		"a price of a model":               {entry("prices: {m: {input: 1, output: 2}}\n"), nil},
		"the entry an answer was made of":  {strings.Replace(shopYAML, "nueve a seis", "diez a siete", 1), []string{hours}},
		"another question for it":          {strings.Replace(shopYAML, "¿Cuál es el horario de la tienda?", "¿Abren hoy?", 1), []string{hours}},
		"an entry that has gone":           {shopYAML[:strings.Index(shopYAML, "  - id: password")], []string{password}},
		"an entry that could be better":    {entry("  - {id: sunday, questions: [¿Horario de los domingos?], answer: De diez a dos.}\n"), []string{hours}},
		"an entry that has nothing of any": {entry("  - {id: parking, questions: [¿Tienen estacionamiento?], answer: Sí.}\n"), nil},
	} {
		for kind, open := range stores {
			t.Run(name+" on "+kind, func(t *testing.T) {
				t.Parallel()
				before, after, now := knower(t, shopYAML), knower(t, c.yaml), &edition{}
				now.Store(before)
				cached := start(t, cache.Options{Store: open(t), Knowledge: now.of})
				answers := map[string]string{hours: opens, returns: back, password: reset}
				keeps(t, cached, before, hours, opens, "faq:hours")
				keeps(t, cached, before, returns, back, "faq:returns")
				keeps(t, cached, before, password, reset, "faq:password")
				check := func(when string) {
					t.Helper()
					for question, answer := range answers {
						want := answer
						for _, f := range c.forgotten {
							if f == question {
								want = ""
							}
						}
						if got := cached.Look(t.Context(), ask(after, question)); got.Refusal != "" || got.Answer != want {
							t.Errorf("%s, %q is answered %q (%s), want %q", when, question, got.Answer, got.Refusal, want)
						}
					}
				}
				check("before the cache hears of the version")
				if got := cached.Look(t.Context(), ask(before, hours)); !got.Hit {
					t.Errorf("a turn that began with the version before is not answered: %+v", got)
				}
				now.Store(after)
				cached.Recheck()
				settle(t, cached)
				check("afterwards")
				if got := len(cached.Entries()); got != len(answers)-len(c.forgotten) {
					t.Errorf("%d entries are kept, want %d", got, len(answers)-len(c.forgotten))
				}
				now.Store(before)
				cached.Recheck()
				settle(t, cached)
				if got := len(cached.Entries()); got != len(answers)-len(c.forgotten) {
					t.Errorf("%d entries are kept after going back, want %d", got, len(answers)-len(c.forgotten))
				}
			})
		}
	}
}

// TestAnAnswerOfTheVersionBeforeIsNotServedHoweverLateItComes keeps an answer that was begun before a version was published, in another
// process.
func TestAnAnswerOfTheVersionBeforeIsNotServedHoweverLateItComes(t *testing.T) {
	before, after := knower(t, shopYAML), knower(t, strings.Replace(shopYAML, "nueve a seis", "diez a siete", 1))
	now := &edition{}
	now.Store(after)
	slow, quick := two(t, cache.Options{Knowledge: now.of})
	quick.Recheck()
	settle(t, quick)
	keeps(t, slow, before, hours, opens, "faq:hours")
	keeps(t, slow, before, returns, back, "faq:returns")
	settle(t, quick)
	if got := quick.Look(t.Context(), ask(after, hours)); got.Hit || got.Refusal != "" {
		t.Errorf("%+v, want a miss", got)
	}
	if got := quick.Look(t.Context(), ask(after, returns)); got.Answer != back {
		t.Errorf("%+v, want what stands in both", got)
	}
}

// TestTheNearestAnswerThatStandsIsServed where a nearer one has fallen.
func TestTheNearestAnswerThatStandsIsServed(t *testing.T) {
	before, after := knower(t, shopYAML), knower(t, strings.Replace(shopYAML, "nueve a seis", "diez a siete", 1))
	c := start(t, cache.Options{Store: memory(t), Verify: never})
	keeps(t, c, before, hours, opens, "faq:hours")
	keeps(t, c, after, hours, "Abrimos de diez a siete, de lunes a viernes.", "faq:hours")
	if got := c.Look(t.Context(), ask(after, hours2)); got.Answer != "Abrimos de diez a siete, de lunes a viernes." {
		t.Errorf("%+v", got)
	}
}

// TestWarmAnswersFollowTheFAQ warms a scope again when the bot is replaced.
func TestWarmAnswersFollowTheFAQ(t *testing.T) {
	before, after, now := knower(t, shopYAML), knower(t, strings.Replace(shopYAML, "nueve a seis", "diez a siete", 1)), &edition{}
	now.Store(before)
	c := start(t, cache.Options{Store: memory(t), Knowledge: now.of, FAQ: func(store.Scope) []cache.Warm {
		by, text := now.Load(), opens
		if by == after {
			text = strings.Replace(opens, "nueve a seis", "diez a siete", 1)
		}
		return []cache.Warm{
			{FAQ: "hours", Question: hours, Answer: text, Knowledge: by}, {FAQ: "returns", Question: returns, Answer: back, Knowledge: by},
		}
	}})
	c.Look(t.Context(), ask(before, password))
	settle(t, c)
	if got := c.Look(t.Context(), ask(before, hours)); got.Answer != opens {
		t.Fatalf("%+v", got)
	}
	now.Store(after)
	c.Recheck()
	settle(t, c)
	c.Look(t.Context(), ask(after, password))
	settle(t, c)
	for question, want := range map[string]string{hours: "Abrimos de diez a siete, de lunes a viernes.", returns: back} {
		if got := c.Look(t.Context(), ask(after, question)); got.Answer != want {
			t.Errorf("%q: %q, want %q", question, got.Answer, want)
		}
	}
	if got := len(c.Entries()); got != 2 {
		t.Errorf("%d entries, want those of the FAQ as it is", got)
	}
}
