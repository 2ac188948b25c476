package shareable_test

import (
	"strings"
	"testing"
	"time"

	"tania/internal/cache/shareable"
	"tania/internal/language"
)

func TestTheGate(t *testing.T) {
	for _, c := range []struct {
		name string
		want shareable.Refusal
		text []string
	}{
		{"admits how to do something with one's own", "", []string{
			"¿Cómo cambio mi contraseña?", "can I change my delivery address?", "Como cancelo a assinatura?", "¿Dónde veo mi número de cliente?",
			"How do I track my order?",
		}},
		{"admits what would be if it happened to one", "", []string{
			"¿Qué hago si mi pedido llega dañado?", "Will I be charged if I cancel?", "O que fazer se o produto chegar com defeito?",
		}},
		{
			"admits a mishap that befalls anybody, with what to do", "",
			[]string{"olvidé mi clave, ¿qué hago?", "I forgot my PIN, what should I do?", "esqueci minha senha, como recupero?"},
		},
		{"admits a pronoun that stands for nothing", "", []string{
			"How long does it take for the card to come?",
			"What does it mean if my payment is pending?", "would it be possible to close an account?",
		}},
		{"admits a pronoun whose noun is in the message", "", []string{"Can I return a product if I opened it?"}},
		{"admits a word that names a topic", "", []string{"elegibilidade", "loyalty", "shipping", "garantía", "devoluciones"}},
		{"admits what is allowed to anybody", "", []string{
			"Am I allowed to hold money in multiple currencies?",
			"¿Puedo cambiar la fecha de mi vuelo?",
		}},
		{"refuses what is asked of one's own record", shareable.RefusalPersonal, []string{
			"¿Dónde está mi pedido?", "Has my refund been processed?", "Quando vence minha fatura?", "¿Mi vuelo sale a tiempo?", "estado del pedido",
		}},
		{
			"refuses what one has, owes or is", shareable.RefusalPersonal,
			[]string{"¿cuántos puntos tengo?", "How much do I owe?", "quanto eu devo?", "¿Estoy inscripto en la materia?", "Which seat am I in?"},
		},
		{"refuses what was done by or to the customer", shareable.RefusalPersonal, []string{
			"¿me aprobaron el crédito?", "did you get my payment?", "me cobraron dos veces la misma compra",
			"I ordered a jacket last week and it still hasn't arrived", "¿Se acreditó el pago?",
		}},
		{"refuses who somebody is and what is theirs", shareable.RefusalIdentifying, []string{
			"me llamo lucia", "soy Carlos Gómez", "my booking reference is XK4P2Q", "mi DNI es 28.456.789", "card ending in 8812",
			"I live at 221 Baker Street", "ana arroba gmail punto com",
		}},
		{
			"refuses pieces of a sentence", shareable.RefusalFollowUp,
			[]string{"azul", "in red?", "para dos personas", "el de 500 megas", "a las 5", "no cartão", "the cheaper one"},
		},
		{
			"refuses a pronoun without its noun", shareable.RefusalFollowUp,
			[]string{"is it refundable?", "¿lo tienen en rojo?", "ele vem com carregador?", "¿me la pueden mandar?", "¿puedo cambiarlo después?"},
		},
		{
			"refuses a verb without its subject", shareable.RefusalFollowUp,
			[]string{"¿es reembolsable?", "¿viene con garantía?", "é à prova d'água?", "¿cuánto mide?"},
		},
		{
			"refuses a choice among what was offered", shareable.RefusalFollowUp,
			[]string{"¿cuál me conviene más?", "qual você recomenda?", "which one is better?", "me quedo con el primero"},
		},
		{"refuses what continues", shareable.RefusalFollowUp, []string{"y en talla M?", "how about Sunday?", "e no sábado?", "and on weekends?"}},
		{"refuses reactions", shareable.RefusalFollowUp, []string{
			"ok gracias", "perfecto, muchas gracias", "sounds good", "pode ser amanhã?", "",
			"¿?", "👍",
		}},
		{"refuses commands", shareable.RefusalAction, []string{
			"cancela mi pedido", "book me a table for four", "me manda o boleto",
			"anulen la compra por favor", "quiero hablar con un humano",
		}},
		{
			"refuses what holds at this moment", shareable.RefusalVolatile,
			[]string{"are you open right now?", "¿A cuánto está el euro?", "how late is it now", "¿Está caída la app?"},
		},
		{"refuses to read a very long text", shareable.RefusalTooLong, []string{strings.Repeat("¿qué? ", 1000)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, text := range c.text {
				if got := shareable.Question(language.Read(text)); got != c.want {
					t.Errorf("Gate(%q) = %q, want %q", text, got, c.want)
				}
			}
		})
	}
}

func TestAMegabyteIsRefusedAtOnce(t *testing.T) {
	text := strings.Repeat("a1@ soy ¿", 100_000)
	began := time.Now()
	if got := shareable.Turn(shareable.Request{Text: text}, began); got != shareable.RefusalTooLong {
		t.Errorf("Turn = %q", got)
	}
	if took := time.Since(began); took > 5*time.Millisecond {
		t.Errorf("took %s", took)
	}
}

func FuzzGate(f *testing.F) {
	for _, r := range readLabelled(f, "../testdata/cacheable.jsonl") {
		f.Add(r.Text)
	}
	f.Add("\xff\xfe soy \x00 #\x80 1")
	f.Add(strings.Repeat("que ", 240))
	known := map[shareable.Refusal]bool{
		"": true, shareable.RefusalIdentifying: true, shareable.RefusalPersonal: true, shareable.RefusalFollowUp: true,
		shareable.RefusalAction: true, shareable.RefusalVolatile: true, shareable.RefusalInstructs: true, shareable.RefusalTooLong: true,
	}
	f.Fuzz(func(t *testing.T, text string) {
		began := time.Now()
		got := shareable.Question(language.Read(text))
		if !known[got] {
			t.Errorf("Gate(%q) = %q", text, got)
		}
		if got != shareable.Question(language.Read(text)) {
			t.Errorf("Gate(%q) differs the second time", text)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %s for %d bytes", took, len(text))
		}
	})
}

func BenchmarkGate(b *testing.B) {
	rows := readLabelled(b, "../testdata/cacheable.jsonl")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		shareable.Question(language.Read(rows[i%len(rows)].Text))
	}
}
