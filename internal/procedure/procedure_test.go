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

// TestABooking: everything at once, in words; a day without a table is asked again; the number of people is found beside its word.
func TestABooking(t *testing.T) {
	for lang, script := range map[tania.Language]string{
		es: `
			> hola! quería reservar una mesa para cuatro personas el 24 de diciembre a las 9
			El jueves 24 de diciembre de 2026 a las 21:00 no hay mesa.
			> uy, entonces el sábado a las 8 y media
			¿A qué teléfono te avisamos?
			> al 987 654 321
			- Día: sábado 5 de diciembre de 2026
			- Hora: 20:30
			- Personas: 4
			- Teléfono: 987654321
			> mejor somos 5
			- Personas: 5
			> dale
			Reservada: sábado 5 de diciembre de 2026, 20:30`,
		en: `
			> hey can i book a table for 5 people on saturday 8:30pm pls, my number is +1 (305) 555-0100
			- Day: Saturday, 5 December 2026
			- Time: 20:30
			- Phone: +13055550100
			> yes
			Booked: Saturday, 5 December 2026, 20:30.`,
		pt: `
			> oi queria reservar uma mesa sábado às 20h30
			Para quantas pessoas?
			> seremos cinco
			Qual é o seu telefone?
			> 11 98765-4321
			- Pessoas: 5
			> sim, pode reservar
			Reservada: sábado, 5 de dezembro de 2026, 20:30.`,
	} {
		d := newDesk(t, lang)
		d.tell(script)
		if len(d.called) != 1 || !strings.Contains(d.called[0], `"date":"2026-12-05"`) || !strings.Contains(d.called[0], `"people":5,`) ||
			!strings.Contains(d.called[0], `"time":"20:30"`) {
			t.Errorf("%s: called %s", lang, d.called)
		}
	}
}

// TestAComplaint: a branch by yes and no, a day that is over, an end with a human.
func TestAComplaint(t *testing.T) {
	d := newDesk(t, es)
	d.tell(`
		> quiero poner una queja
		¿Qué pasó?
		> el mesero nos gritó delante de todos y la sopa estaba fría
		¿Qué día fue?
		> el viernes
		¿Quieres que te llamemos?
		> no, prefiero por escrito
		¿A qué correo te respondemos?
		> ana.perez arroba gmail
		Eso no parece un correo
		> perdón: Ana.Perez@gmail.com
		El equipo ya lo tiene`)
	if got := d.filled(); !strings.Contains(got, "day=2026-11-27 called_back=false email=ana.perez@gmail.com") {
		t.Errorf("filled %s", got)
	}
	d = newDesk(t, en)
	d.tell(`
		> I want to complain about a waiter
		What happened?
		> how long do you keep the videos?
		What happened?
		> he shouted at us
		Which day was it?
		> tomorrow
		It cannot be after Sunday, 29 November 2026.
		> sorry, yesterday
		Would you like us to call you?
		> yes please
		On which number?
		> 305 555 0100
		Thank you for telling us.`)
	if got := d.filled(); !strings.Contains(got, "what=he shouted at us day=2026-11-28 called_back=true phone=3055550100") {
		t.Errorf("filled %s", got)
	}
}

// TestAnAddress: a free text is taken as the answer to its question alone; what is wrong is asked as often as it may be, then a human
// comes.
func TestAnAddress(t *testing.T) {
	d := newDesk(t, pt)
	d.tell(`
		> oi, preciso mudar o endereço do pedido 1042
		Qual é o novo endereço?
		> Rua das Flores 1200, apto 3
		- Novo endereço: Rua das Flores 1200, apto 3
		> não
		O que devo mudar?
		> o endereço
		Qual é o novo endereço?
		> Rua do Sol 5
		- Novo endereço: Rua do Sol 5
		> sim
		Pronto, vai para Rua do Sol 5.`)
	d.wantCalled(`change_address {"address":"Rua do Sol 5","order_id":"1042"}`)
	d = newDesk(t, es)
	d.tell(`
		> cambiar mi dirección
		¿De qué pedido?
		> el de ayer
		El número del pedido tiene cuatro cifras.
		> no me acuerdo
		El número del pedido tiene cuatro cifras.
		> ni idea
		address: asked order as often as it may`)
}

func (d *desk) filled() string {
	var all []string
	for _, f := range d.state.Slots {
		all = append(all, fmt.Sprintf("%s=%v", f.Slot, f.Value))
	}
	return strings.Join(all, " ")
}

// TestWhatBeginsAProcedureAndWhatDoesNot.
func TestWhatBeginsAProcedureAndWhatDoesNot(t *testing.T) {
	for text, want := range map[string]string{
		"quiero devolver un pedido":                    "return",
		"devolver mi compra porfa":                     "return",
		"¿puedo devolver el pedido 1042?":              "return",
		"¿puedo devolver mi pedido?":                   "return",
		"quiero devlver el pedido":                     "return",
		"I'd like to return my order":                  "return",
		"gostaria de devolver uma encomenda":           "return",
		"no quiero devolver el pedido":                 "",
		"I don't want to return the order":             "",
		"¿cómo devuelvo un pedido?":                    "",
		"¿cuántos días tengo para devolver un pedido?": "",
		"cuánto cuesta devolver un pedido":             "",
		"how do i return an order":                     "",
		"¿se puede devolver un pedido abierto?":        "",
		"quero reservar uma mesa pra amanhã":           "booking",
		"can I book a table for tonight?":              "booking",
		"do you have tables":                           "",
		"quiero hacer una reclamación":                 "complaint",
		"quiero reclamar":                              "complaint",
		"necesito cambiar la dirección de entrega":     "address",
		"¿dónde está mi pedido?":                       "",
		"hola":                                         "",
		"":                                             "",
	} {
		d := newDesk(t, es)
		got := ""
		for _, p := range d.bot.Procedures {
			if p.Starts(text, procedure.Turn{Language: es, Now: d.now}) {
				got += p.Name
			}
		}
		if got != want {
			t.Errorf("%q begins %q, not %q", text, got, want)
		}
	}
}

// TestSlotsAreFilledByWhatIsMeantAlone: messy sentences, and what looks like a value and is none.
func TestSlotsAreFilledByWhatIsMeantAlone(t *testing.T) {
	for _, c := range []struct {
		lang  tania.Language
		texts []string
		want  string
	}{
		{es, []string{"quiero devolver el pedido 1042"}, "order=1042"},
		{es, []string{"quiero devolver el pedido #1042!!"}, "order=1042"},
		{es, []string{"quiero devolver el pedido", "1042", "vino rota la caja"}, "order=1042 reason=broken"},
		{es, []string{"quiero devolver el pedido, me costó $1042"}, ""},
		{es, []string{"quiero devolver el pedido, pagué 1042€ "}, ""},
		{es, []string{"quiero devolver el pedido, mi celular es 987 654 1042"}, ""},
		{es, []string{"quiero devolver el pedido, escríbeme a ana1042@x.com o mira www.x.com/1042"}, ""},
		{es, []string{"quiero devolver el pedido del 3 de mayo de 2026"}, ""},
		{es, []string{"quiero devolver los pedidos 1042 y 1043"}, ""},
		{es, []string{"quiero devolver el pedido 10421"}, ""},
		{es, []string{"quiero devolver el pedido 0123"}, ""},
		{es, []string{"quiero devolver el pedido 1042, no llegó roto"}, "order=1042"},
		{es, []string{"quiero devolver el pedido 1042, no me gusta, vino roto"}, "order=1042 reason=broken"},
		{es, []string{"quiero devolver el pedido 1042 porque no es mi talla"}, "order=1042 reason=size"},
		{en, []string{"want to return order 1042 it arrived damged"}, "order=1042 reason=broken"},
		{en, []string{"return order 1042, wrong size and broken"}, "order=1042"},
		{pt, []string{"quero devolver o pedido 1042 que veio quebrada"}, "order=1042 reason=broken"},
	} {
		d := newDesk(t, c.lang)
		d.says(c.texts...)
		if d.state == nil {
			t.Errorf("%q begins nothing", c.texts)
			continue
		}
		if got := d.filled(); got != c.want {
			t.Errorf("%q fills %q, not %q", c.texts, got, c.want)
		}
	}
}
