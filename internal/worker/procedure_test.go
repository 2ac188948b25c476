package worker_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/answer/offline"
	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
	"tania/internal/tool/call"
)

// desk is the shop of the procedures: it answers at once, and notes each write by its key.
type desk struct {
	*httptest.Server
	mu   sync.Mutex
	keys map[string]string
	done []string
}

func (c *desk) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer := map[string]any{"number": "R-77"}
	switch {
	case strings.HasPrefix(q.URL.Path, "/tables"):
		answer = map[string]any{"free": q.URL.Query().Get("date") != "2026-12-24"}
	case q.Method == http.MethodGet:
		answer = map[string]any{"found": !strings.HasSuffix(q.URL.Path, "/9999"), "status": "delivered"}
	default:
		key := q.Header.Get("Idempotency-Key")
		if c.keys[key] == "" {
			c.keys[key] = q.Method + " " + q.URL.Path
			c.done = append(c.done, c.keys[key])
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (c *desk) seen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.done, ", ")
}

// withProcedures gives a bot the procedures of the examples, and a shop to call.
func withProcedures(t *testing.T, o *settings) *desk {
	t.Helper()
	shop := &desk{keys: map[string]string{}}
	shop.Server = httptest.NewServer(shop)
	t.Cleanup(shop.Close)
	b, err := bot.Load("../procedure/testdata/bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Tools {
		b.Tools[i].HTTP.URL = strings.Replace(b.Tools[i].HTTP.URL, "https://shop.example", shop.URL, 1)
		b.Tools[i].HTTP.Private = []string{"127.0.0.1"}
	}
	h := call.NewHTTP(nil)
	t.Cleanup(h.Close)
	o.worker.Tools.HTTP, o.worker.ToolCalls = h, 8
	o.bot = func(of *bot.Bot) { *of = *b }
	if o.responder == nil && !o.translates {
		o.responder = offline.New(offline.Options{Bot: b})
	}
	return shop
}

// tell has a customer write lines, each a turn, and holds that the bot's last words then have a text: "> customer", "bot".
func (r *rig) tell(conversation tania.ConversationID, script string) tania.ConversationID {
	r.t.Helper()
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		customer, is := strings.CutPrefix(line, "> ")
		switch {
		case line == "":
		case is:
			conversation = r.write(conversation, customer)
			r.until("the webhook", r.sim.Settled)
			r.ended()
		case !strings.Contains(r.lastOf(conversation), line):
			r.t.Errorf("the bot says %q, not %q", r.lastOf(conversation), line)
		}
	}
	return conversation
}

// TestAProcedureOverWebhooks: no model is asked; a question in between is answered, a slot corrected, and the write made once.
func TestAProcedureOverWebhooks(t *testing.T) {
	var shop *desk
	r := newRig(t, nil, func(o *settings) { shop = withProcedures(t, o) })
	c := r.tell(0, `
		> buenas, quisiera devolver el pedido 1042, no es mi talla
		- Pedido: 1042
		> ¿cuánto tarda el envío?
		¿Registro la devolución así?
		> perdón, el pedido es el 1043
		- Pedido: 1043
		> sí, porfa`)
	if shop.seen() != "POST /orders/1043/returns" || !strings.Contains(r.lastOf(c), "tu devolución es la R-77") {
		t.Errorf("the shop saw %s, the customer was told %q", shop.seen(), r.said(c))
	}
	said := strings.Join(r.said(c), "\n")
	if !strings.Contains(said, "El envío tarda de 2 a 4 días.") {
		t.Errorf("the question in between was not answered: %s", said)
	}
	memory, d := r.memory(c), r.record(c)
	if p := memory.Procedure; p == nil || p.End != tania.ProcedureAnswered || p.Slot("order").Value != "1043" ||
		d.Route != tania.RouteProcedure {
		t.Errorf("remembered %+v, record %+v", memory.Procedure, d)
	}
	if d.Outcome != tania.OutcomeAnswered || len(d.Acts) != 1 || !d.Acts[0].OK {
		t.Errorf("record %+v", d)
	}
	r.tell(c, `
		> gracias!
		Con gusto`)
}

// TestAProcedureResolves its conversation, by buttons.
func TestAProcedureByButtons(t *testing.T) {
	var shop *desk
	r := newRig(t, nil, func(o *settings) {
		shop = withProcedures(t, o)
		o.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Shop", Channel: tania.ChannelWebWidget, ActiveBot: true}}
	})
	press := func(c tania.ConversationID, title string) {
		t.Helper()
		all := r.sim.BotMessages(c)
		if _, err := r.sim.SubmitInputSelect(all[len(all)-1].ID, title); err != nil {
			t.Fatal(err)
		}
		r.until("the webhook", r.sim.Settled)
		r.ended()
	}
	c := r.tell(0, `
		> I want to return my order 1043
		Why are you returning it?`)
	press(c, "Wrong size")
	if !strings.Contains(r.lastOf(c), "- Reason: Wrong size") {
		t.Errorf("the bot says %q", r.lastOf(c))
	}
	press(c, "Yes")
	if shop.seen() != "POST /orders/1043/returns" || !strings.Contains(r.lastOf(c), "R-77") {
		t.Errorf("the shop saw %q, the bot says %q", shop.seen(), r.lastOf(c))
	}
	c = r.tell(0, `
		> quiero reservar una mesa para 4 personas pasado mañana a las 9 de la noche, mi teléfono es +51 987 654 321
		- Personas: 4`)
	press(c, "Sí")
	state, _ := r.sim.Conversation(c)
	if state.Status != tania.StatusResolved || !strings.Contains(r.lastOf(c), "¡Te esperamos!") || !strings.Contains(shop.seen(),
		"POST /bookings") {
		t.Errorf("%s, the bot says %q", state.Status, r.lastOf(c))
	}
}

// TestAHumanGoesFirst: whoever asks for one, is hurt or angry, gets one, with what was filled in so far in the note.
func TestAHumanGoesFirst(t *testing.T) {
	for _, word := range []string{"quiero hablar con una persona", "me intoxiqué con la comida"} {
		var shop *desk
		r := newRig(t, nil, func(o *settings) { shop = withProcedures(t, o) })
		c := r.tell(0, `
			> quiero devolver el pedido 1043 porque vino roto
			Envíame una foto`)
		r.write(c, word)
		r.until("the webhook", r.sim.Settled)
		r.ended()
		note := r.note(c)
		if !strings.Contains(note, "**Procedimiento:** return") || !strings.Contains(note, "order: 1043") || !strings.Contains(note,
			"reason: Llegó roto") {
			t.Errorf("%s: the note is %q", word, note)
		}
		if p := r.memory(c).Procedure; p.End != tania.ProcedureHandedOver || shop.seen() != "" {
			t.Errorf("%s: remembered %+v", word, p)
		}
	}
}

// understands is a model that takes messages for a procedure's, with quotes by what a message has; of others it says what it knows.
func understands(quotes map[string]map[string]any) model {
	return func(_ context.Context, p llm.Prompt) (llm.Response, error) {
		usage := tania.Usage{Model: "m", Calls: 1, InputTokens: 10, OutputTokens: 5}
		for _, t := range p.Tools {
			for word, q := range quotes {
				if strings.Contains(p.Text, word) && strings.HasPrefix(t.Name, "procedure_return") {
					return llm.Response{Calls: []llm.Call{{Tool: t.Name, Arguments: q}}, Usage: usage}, nil
				}
			}
		}
		if strings.Contains(p.Text, "vale") {
			return llm.Response{Text: "El vale dura un año.", Known: true, Usage: usage}, nil
		}
		return llm.Response{Text: "No sé.", Usage: usage}, nil
	}
}

// TestAModelBeginsAndFills: what code does not recognise a model may quote; what the customer did not say is not filled, and nothing is
// cached.
func TestAModelBeginsAndFills(t *testing.T) {
	var shop *desk
	r := newRig(t, understands(map[string]map[string]any{
		"regresarles": {"order": "9876", "reason": "broken"},
		"numerito":    {"order": "1043"},
	}), func(o *settings) {
		o.translates, o.cache = true, true
		shop = withProcedures(t, o)
	})
	c := r.tell(0, `
		> me mandaron una caja hecha pedazos, se las voy a regresarles
		¿Qué número tiene el pedido?
		> eso dura el vale o no dura
		¿Qué número tiene el pedido?
		> el de la boleta
		No encontré ese dato en tu mensaje.
		> el numerito es 1043, antes era 1044
		Envíame una foto`)
	if !slices.Contains(r.said(c), "El vale dura un año.") {
		t.Errorf("what was asked beside was not answered: %q", r.said(c))
	}
	p := r.memory(c).Procedure
	if p == nil || p.Slot("order").Value != "1043" || p.Slot("reason").Value != "broken" || p.Tries != 0 || shop.seen() != "" {
		t.Errorf("remembered %+v", p)
	}
	if d := r.record(c); d.Route != tania.RouteProcedure || d.CacheEntry != "" {
		t.Errorf("record %+v", d)
	}
}
