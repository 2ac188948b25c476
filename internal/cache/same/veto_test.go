package same

import (
	"testing"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

func TestVeto(t *testing.T) {
	es, en, pt := tania.Spanish, tania.English, tania.Portuguese
	for _, c := range []struct {
		name string
		lang tania.Language
		a, b string
		want Veto
	}{
		{"another number is another question", es, "plan de 50 megas", "plan de 500 megas", VetoNumber},
		{"a number word is its figures", es, "doce cuotas", "12 cuotas", ""},
		{"another unit is another amount", es, "bolsa de 2 kg", "bolsa de 2 g", VetoNumber},
		{"equal amounts in two units are equal", es, "bolsa de 1 kg", "bolsa de 1000 gramos", ""},
		{"dollars are not pesos", es, "vale 10 dólares", "vale 10 pesos", VetoNumber},
		{"a dollar sign may be pesos", es, "vale $10", "vale 10 pesos", ""},
		{"an article may be a one", es, "llevar una maleta", "llevar 1 maleta", ""},
		{"an article is no two", es, "llevar una maleta", "llevar dos maletas", VetoNumber},
		{"a place is not an amount", es, "el tercer mes", "los tres meses", VetoNumber},
		{"a version has parts", es, "versión 2.1", "versión 2.10", VetoNumber},
		{"numbers that count each other's things differ", es, "2 camisas y 3 pantalones", "2 pantalones y 3 camisas", VetoNumber},
		{"numbers in the other order are another range", es, "de 3 a 5", "de 5 a 3", VetoDirection},
		{"another weekday is another day", pt, "abrem na sexta", "abrem na quinta", VetoDate},
		{"the plural of a weekday is the day", es, "abren el sábado", "abren los sábados", ""},
		{"the weekend is not during the week", es, "horario de fin de semana", "horario entre semana", VetoDate},
		{"nine in the morning is not nine at night", es, "a las 9 de la mañana", "a las 9 de la noche", VetoDate},
		{"tomorrow is not the morning", es, "hay clases mañana", "hay clases por la mañana", VetoDate},
		{"next month is not this month", es, "ofertas de este mes", "ofertas del próximo mes", VetoDate},
		{"monthly is by the month", es, "precio mensual", "precio al mes", ""},
		{"a season is a date", en, "open in summer", "open in winter", VetoDate},
		{"before is not after", en, "pay before Friday", "pay after Friday", VetoDate},
		{"may is a month behind a preposition only", en, "may I pay", "can I pay", ""},
		{"not turns a question around", es, "qué cubre la garantía", "qué no cubre la garantía", VetoNegation},
		{"twice not is not once", es, "no es que no funcione", "no es que funcione", VetoNegation},
		{"not belongs to a word", es, "puedo no pagar", "no puedo pagar", VetoNegation},
		{"without belongs to a thing", es, "con queso sin tomate", "sin queso con tomate", VetoNegation},
		{"only leaves the rest out", es, "aceptan efectivo", "aceptan solo efectivo", VetoNegation},
		{"an exception is left out", en, "all plans include support", "all plans include support except basic", VetoNegation},
		{"to stop is not to go on", es, "quiero recibir correos", "quiero dejar de recibir correos", VetoNegation},
		{"in the is no negation in Portuguese", pt, "pagar no boleto", "pagar boleto", ""},
		{"can't is can not", en, "I can't log in", "I can not log in", ""},
		{"a prefix turns a verb around", es, "vinculo mi cuenta", "desvinculo mi cuenta", VetoOpposite},
		{"two prefixes oppose each other", es, "plan prepago", "plan pospago", VetoOpposite},
		{"opposite verbs oppose in all forms", es, "quiero abrir una cuenta", "cómo cierro una cuenta", VetoOpposite},
		{"April is not opening", es, "oferta de abril", "cierre de oferta", VetoDate},
		{"opposite adverbs oppose", en, "turn on alerts", "turn off alerts", VetoOpposite},
		{"phrases oppose", es, "dar de alta el servicio", "dar de baja el servicio", VetoOpposite},
		{"there and back is more than there", es, "pasaje de ida", "pasaje de ida y vuelta", VetoOpposite},
		{"from here to there is not back", es, "envío de Lima a Cusco", "envío de Cusco a Lima", VetoDirection},
		{"without from there is a direction too", es, "dólares a pesos", "pesos a dólares", VetoDirection},
		{"until and since say a direction", es, "desde Quito hasta Loja", "desde Loja hasta Quito", VetoDirection},
		{"from is not to", en, "flights from Lima", "flights to Lima", VetoDirection},
		{"to a place is not from it", en, "Is there a bus to the airport?", "Is there a bus from the airport?", VetoDirection},
		{"to before from is the same direction", en, "bus to London from Paris", "bus from Paris to London", ""},
		{
			"an article of a thing left out is none of its roles", es, "de la cuenta de ahorros a la corriente",
			"de la cuenta corriente a la de ahorros", VetoDirection,
		},
		{"one for another is a direction", en, "exchange size M for size L", "exchange size L for size M", VetoDirection},
		{"first one then the other", es, "recibir antes de pagar", "pagar antes de recibir", VetoDirection},
		{
			"what opens before the other", es, "¿El estacionamiento abre antes que la tienda?", "¿La tienda abre antes que el estacionamiento?",
			VetoDirection,
		},
		{
			"what is the same for both is the same either way", es, "¿La tienda abre a la misma hora que el estacionamiento?",
			"¿El estacionamiento abre a la misma hora que la tienda?", "",
		},
		{
			"what one has that the other has not", en, "What does Silver include that Gold does not?",
			"What does Gold include that Silver does not?", VetoDirection,
		},
		{"with one and without the other", es, "¿Hay galletas sin azúcar y con gluten?", "¿Hay galletas sin gluten y con azúcar?", VetoNegation},
		{
			"an option left for another", es, "¿Puedo cambiar mi pedido de envío a recoger en tienda?",
			"¿Puedo cambiar mi pedido de recoger en tienda a envío?", VetoDirection,
		},
		{
			"a condition is no consequence", en, "If the payment fails, is the booking cancelled?",
			"If the booking is cancelled, does the payment fail?", VetoDirection,
		},
		{"a colour belongs to a thing", en, "a red table with white chairs", "a white table with red chairs", VetoDirection},
		{"who does is not who it is done to", pt, "O professor avalia o aluno?", "O aluno avalia o professor?", VetoDirection},
		{"who charges is not who is charged", en, "Does the courier charge the buyer?", "Is the courier charged by the buyer?", VetoDirection},
		{"what leads one thing leads another", en, "After the tour is there a tasting?", "Is there a tour after the tasting?", VetoDirection},
		{"only belongs to a thing", es, "¿Solo los estudiantes entran los lunes?", "¿Los estudiantes entran solo los lunes?", VetoNegation},
		{"an owner is not what is owned", es, "la funda del colchón", "el colchón de la funda", VetoDirection},
		{"the sides of an and may change places", en, "Do you sell tea and coffee?", "Do you sell coffee and tea?", ""},
		{"with what leads each", es, "¿Tienen galletas sin azúcar y con fibra?", "¿Tienen galletas con fibra y sin azúcar?", ""},
		{"a phrase may stand in front", en, "Can I return a gift without a receipt?", "Without a receipt, can I return a gift?", ""},
		{"a time may stand in front", es, "¿Los sábados abre el taller?", "¿Abre el taller los sábados?", ""},
		{"a subject may follow its verb", es, "¿Abre la tienda?", "¿La tienda abre?", ""},
		{"an owner may stand before what is owned", en, "What is the price of the gold plan?", "What is the gold plan price?", ""},
		{"a name that the other has not", es, "envían a Chile", "envían a Colombia", VetoName},
		{"where is not when", es, "¿Dónde entregan?", "¿Cuándo entregan?", VetoAsked},
		{"greetings change nothing", es, "Hola, ¿tienen wifi?", "tienen wifi, gracias", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := reading.Read(c.a, c.lang), reading.Read(c.b, c.lang)
			if got := FindVeto(a, b, Match(a, b)); got != c.want {
				t.Errorf("%q, %q: veto %q, want %q", c.a, c.b, got, c.want)
			}
			if got := FindVeto(b, a, Match(b, a)); got != c.want {
				t.Errorf("%q, %q: veto %q, want %q", c.b, c.a, got, c.want)
			}
		})
	}
}

func TestVetoLanguage(t *testing.T) {
	for _, c := range []struct {
		name         string
		a, b         string
		langA, langB tania.Language
		want         Veto
	}{
		{"languages are kept apart", "precio del plan", "preço do plano", tania.Spanish, tania.Portuguese, VetoLanguage},
		{"words tell what the detector does not", "¿Aceptan PayPal?", "Do you accept PayPal?", "", "", VetoLanguage},
		{"a text without telling words is of any", "Pix", "¿Pix?", tania.Portuguese, tania.Portuguese, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := reading.Read(c.a, c.langA), reading.Read(c.b, c.langB)
			if got := FindVeto(a, b, Match(a, b)); got != c.want {
				t.Errorf("veto %q, want %q", got, c.want)
			}
		})
	}
}

func TestMatchKnowsTypingErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b string
		want bool
	}{
		{"a letter is left out", "credito", "credto", true},
		{"two letters are exchanged", "tarda", "trada", true},
		{"a letter is doubled", "password", "passsword", true},
		{"a letter sounds alike", "cuesta", "questa", true},
		{"an h is left out", "horario", "orario", true},
		{"a vowel of a short word is left out", "pago", "pgo", true},
		{"two words are two", "contratar", "contactar", false},
		{"one letter makes another word", "pedido", "perdido", false},
		{"opposites are two", "activo", "inactivo", false},
		{"a letter of a short word makes another", "casa", "cara", false},
		{"two letters make another word", "passwords", "passports", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := reading.Read("x "+c.a+" z", tania.Spanish), reading.Read("x "+c.b+" z", tania.Spanish)
			if got := retyped(Match(a, b)); got != c.want {
				t.Errorf("%s, %s: %v, want %v", c.a, c.b, got, c.want)
			}
		})
	}
}

// retyped reports whether the two questions are one, word by word and in order, but for typing errors.
func retyped(m *Matching) bool {
	if len(m.A) != len(m.B) {
		return false
	}
	for i, j := range m.A {
		if i != j {
			return false
		}
	}
	return true
}
