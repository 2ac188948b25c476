package procedure_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/procedure"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

const es, en, pt = tania.Spanish, tania.English, tania.Portuguese

// desk takes a customer through the procedures of testdata, with a shop that answers at once.
type desk struct {
	t     *testing.T
	bot   *bot.Bot
	state *tania.Procedure
	lang  tania.Language
	now   time.Time
	turn  int
	// called are the calls that change something, answer gives what a call comes to.
	called []string
	answer func(policy.Call) (any, bool)
}

func newDesk(t *testing.T, lang tania.Language) *desk {
	t.Helper()
	b, err := bot.Load("testdata/bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// A Sunday.
	d := &desk{t: t, bot: b, lang: lang, now: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)}
	d.answer = func(c policy.Call) (any, bool) {
		switch c.Tool {
		case "get_order":
			id := c.Arguments["order_id"].(string)
			return map[string]any{"found": id != "9999", "status": map[bool]string{true: "sent", false: "delivered"}[id == "5000"]}, true
		case "free_table":
			return map[string]any{"free": c.Arguments["date"] != "2026-12-24"}, true
		}
		return map[string]any{"number": "R-77"}, true
	}
	return d
}

// says is one turn of the customer's messages; the last move is what they are told.
func (d *desk) says(texts ...string) procedure.Move {
	d.t.Helper()
	var messages []procedure.Message
	for _, text := range texts {
		m := procedure.Message{ID: tania.MessageID(100*d.turn + len(messages) + 1), Text: text}
		m.Text, m.Photo, _ = strings.Cut(text, "📷")
		messages = append(messages, m)
	}
	return d.hears(messages)
}

func (d *desk) hears(messages []procedure.Message) procedure.Move {
	d.t.Helper()
	d.turn++
	turn := procedure.Turn{ID: tania.TurnID(fmt.Sprint("t", d.turn)), Language: d.lang, Now: d.now}
	if d.state == nil {
		for _, p := range d.bot.Procedures {
			if p.Starts(messages[0].Text, turn) {
				s := p.Begin(turn.ID, d.now)
				d.state = &s
				break
			}
		}
	}
	if d.state == nil {
		return procedure.Move{}
	}
	p := procedure.Find(d.bot.Procedures, d.state.Name)
	heard := p.Hear(d.state, messages, turn)
	if heard.Left {
		return procedure.Move{Text: procedure.LeftText(d.lang, es)}
	}
	facts := policy.Facts{Now: d.now}
	for range 40 {
		m := p.Next(d.state, heard, turn, facts)
		switch m.Does {
		case procedure.Looks:
			v, ok := d.answer(m.Call)
			facts.Looked = append(facts.Looked, tool.Made{Tool: m.Call.Tool, Arguments: m.Call.Arguments, Result: v, OK: ok, At: d.now})
		case procedure.Calls:
			v, ok := d.answer(m.Call)
			data, err := json.Marshal(v)
			if err != nil {
				d.t.Fatal(err)
			}
			wrote := m.Call.Tool != "free_table"
			if wrote {
				arguments, _ := json.Marshal(m.Call.Arguments)
				d.called = append(d.called, m.Call.Tool+" "+string(arguments))
			}
			if why := p.Gave(d.state, m, tania.Came{OK: ok, Result: data, Wrote: wrote && ok}); why != "" {
				return procedure.Move{Does: procedure.GivesUp, Why: why}
			}
		default:
			return m
		}
		// What is remembered goes through the store.
		data, err := json.Marshal(d.state)
		if err != nil {
			d.t.Fatal(err)
		}
		d.state = &tania.Procedure{}
		if err := json.Unmarshal(data, d.state); err != nil {
			d.t.Fatal(err)
		}
	}
	d.t.Fatal("it goes round and round")
	return procedure.Move{}
}

// tell has the customer write lines, each a turn, and holds what the bot says of it: "> customer", then a part of the bot's text.
func (d *desk) tell(script string) {
	d.t.Helper()
	var last procedure.Move
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		customer, is := strings.CutPrefix(line, "> ")
		switch {
		case line == "":
		case is:
			last = d.says(strings.Split(customer, " / ")...)
		case !strings.Contains(last.Text+last.Why, line):
			d.t.Errorf("the bot says %q (%s), not %q", last.Text, last.Why, line)
		}
	}
}

func (d *desk) wantCalled(want ...string) {
	d.t.Helper()
	if got := strings.Join(d.called, "; "); got != strings.Join(want, "; ") {
		d.t.Errorf("called %s\nwant   %s", got, strings.Join(want, "; "))
	}
}

// TestAReturn: what was said already is not asked; the customer corrects, asks nothing twice, and it is done once they have said yes.
func TestAReturn(t *testing.T) {
	for lang, script := range map[tania.Language]string{
		es: `
			> hola buenas quiero devolver el pedido 1042 porque llegó roto
			Envíame una foto
			> ahi va📷https://chatwoot.example/1.jpg
			- Pedido: 1042
			- Motivo: Llegó roto
			¿Registro la devolución así?
			> no, el pedido era 1043
			- Pedido: 1043
			> sí, por favor
			tu devolución es la R-77`,
		en: `
			> hi! i want to retrun my order, it came brokn
			What is the order's number?
			> its 1043
			Please send me a photo
			> here📷https://chatwoot.example/1.jpg
			- Order: 1043
			> yes please
			your return is number R-77`,
		pt: `
			> oi, quero devolver meu pedido 1043, chegou quebrado📷https://chatwoot.example/1.jpg
			- Pedido: 1043
			- Motivo: Chegou quebrado
			> isso, pode registrar
			sua devolução é a R-77`,
	} {
		d := newDesk(t, lang)
		d.tell(script)
		d.wantCalled(`create_return {"order_id":"1043","photo":"https://chatwoot.example/1.jpg","reason":"broken"}`)
	}
}
