package shareable

import (
	"strings"

	"tania/internal/cache/reading"
)

// acts reports whether a word is what they did, in Spanish or Portuguese.
func acts(w string) bool {
	return reading.EndsIn(w, 2, "aron", "ieron", "eron", "aram", "eram", "iram")
}

// pastOf reports whether a word is a regular past of English.
func pastOf(w string) bool { return reading.EndsIn(w, 2, "ed") && !needful[w] }

// how reports whether the message asks for the way to do something, or whether one may: the same for everybody.
func (m *spoken) how() bool {
	for i, w := range m.rest {
		next := m.at(i + 1)
		switch w {
		case "como", "how":
			if next == "va" || next == "esta" || next == "vai" || next == "much" || next == "many" || next == "long" || next == "is" || next == "are" || next == "quedo" || next == "sigue" || next == "anda" ||
				next == "come" || next == "far" || own[next] || next == "cliente" || next == "ficou" || next == "was" {
				continue
			}
			if next == "do" || next == "can" || next == "could" || next == "puedo" || next == "posso" || next == "se" || next == "hago" || next == "faco" || next == "to" {
				if m.knows(i + 1) {
					continue
				}
			}
			return true
		case "donde", "onde", "where", "adonde":
			if next == "puedo" || next == "posso" || next == "se" || next == "do" && m.at(i+2) == "i" || next == "can" || next == "could" || next == "to" || next == "should" || len(next) > 2 && strings.HasSuffix(next, "o") && next != "debo" && next != "pedido" && next != "fico" {
				return true
			}
		case "puedo", "podemos", "posso", "podria", "poderia":
			if !seesOwn(m.at(i+1)) && (infinitive(next) || next == "no" || next == "eu" || next == "yo") {
				return true
			}
		case "can", "could", "may", "should", "must":
			if (next == "i" || next == "we" || next == "someone" || next == "my" || next == "not") && !seesOwn(m.at(i+2)) && m.at(i+2) != "have" {
				return true
			}
		case "se":
			if (next == "puede" || next == "pueden" || next == "pode" || next == "necesita" || next == "requiere") && !seesOwn(m.at(i+2)) {
				return true
			}
		case "posible", "possible", "possivel":
			return !seesOwn(next) && !seesOwn(m.at(i+2))
		case "debo", "devo", "preciso":
			if infinitive(next) && !seesOwn(next) {
				return true
			}
		case "tengo", "tenho":
			if next == "que" && infinitive(m.at(i+2)) && m.at(i+2) != "pagar" {
				return true
			}
		case "need", "have":
			if next == "to" && m.at(i-1) == "i" && i > 1 && m.at(i-2) == "do" && !seesOwn(m.at(i+2)) {
				return true
			}
		case "necesito", "requisitos", "pasos", "steps", "allowed", "able", "help", "ayuda", "ajuda":
			if i > 0 && (m.at(i-1) != "i" || i > 1 && m.at(i-2) == "do") || w == "requisitos" || w == "steps" || w == "pasos" || (w == "help" || w == "ayuda" || w == "ajuda") && !m.knows(i) {
				return true
			}
		}
	}
	return false
}

// knows reports whether within the next words one wants to know the state of something, which is personal whatever the way.
func (m *spoken) knows(i int) bool {
	for j := i; j < min(i+4, len(m.rest)); j++ {
		if (m.rest[j] == "know" || m.rest[j] == "saber" || m.rest[j] == "se" && m.at(j-1) == "como") && (asks[m.at(j+1)] || m.at(j+1) == "if" || m.at(j+1) == "si" || m.at(j+1) == "se") {
			return true
		}
	}
	return false
}

// seesOwn reports whether a verb asks to be shown, not to be let do.
func seesOwn(w string) bool { return sees[w] }

var sees = reading.WordSet(`saber ver know see check consultar revisar verificar get tell conocer have conferir hear preguntar`)

// supposes reports whether the message asks what would be: "qué pasa si mi pedido llega dañado", "will I be charged if I cancel".
func (m *spoken) supposes() bool {
	for i, w := range m.rest {
		if w == "if" || w == "si" || w == "cuando" && i > 0 && !m.accented["cuando"] && i > 1 || w == "se" && i > 0 && m.says(remedies) || (w == "when" && i > 1) {
			if i > 0 && embedded[m.at(i-1)] || w == "si" && i == 0 && !m.says(remedies) && !m.how() && m.all[0] != "si" {
				continue
			}
			if i == 0 && len(m.all) > len(m.rest) && !m.says(remedies) {
				continue
			}
			if w == "when" || w == "cuando" {
				if !m.says(remedies) && !m.how() {
					continue
				}
			}
			return true
		}
		if w == "caso" && (m.at(i-1) == "en" || m.at(i-1) == "em" || i == 0) {
			return true
		}
	}
	return false
}

// personal reports whether the answer depends on who asks.
func (m *spoken) personal() bool {
	how, supposed, remedy := m.how(), m.supposes(), m.says(remedies)
	if m.says(claims) && !supposed {
		return true
	}
	if m.says(aspects) && !(supposed && remedy) {
		return true
	}
	return !supposed && !remedy && !(how && reading.HasAny(m.rest, mishaps)) && m.event() || m.owns(how, supposed, remedy) || m.acted(how, supposed, remedy) || m.asksOfSelf(how, supposed) || m.asksOfRecord(how, supposed)
}

// owns reports whether something of the customer's own is asked after.
func (m *spoken) owns(how, supposed, remedy bool) bool {
	for i, w := range m.rest {
		if !own[w] {
			continue
		}
		near := m.rest[i+1 : min(i+4, len(m.rest))]
		prev, before := m.at(i-1), m.at(i-2)
		why := reading.HasAny(m.rest, whys) || strings.HasPrefix(strings.Join(m.rest, " "), "por que ")
		switch {
		case mine[w]:
			return true
		case askers[prev] && !(supposed && prev != "where" && prev != "donde") && !(why && !reading.HasAny(near, records)) && prev != "que", copulas[prev] && askers[before] && before != "is" && !(supposed && remedy) && prev != "hay",
			(copulas[prev] && values[m.at(0)] || copulas[prev] && m.at(0) == "a") && !how && !supposed:
			return true
		case m.at(0) == "ya" || m.at(0) == "ja":
			return true
		case supposed || how && !m.recounts(i):
			continue
		case reading.HasAny(near, records), reading.HasAny(near, holdings) && (reading.HasAny(m.rest, checks) || reading.HasAny(m.rest, records)) && !(remedy && !reading.HasAny(m.rest, stateOf)):
			return true
		case i == 0 && w == "my" && !remedy && !how && reading.HasAny(near, holdings) && !reading.HasAny(near, cards) && reading.HasAny(m.rest[1:min(5, len(m.rest))], passive):
			return true
		case i == 0 && w != "my" && !how && !remedy && !why && !reading.HasAny(m.rest, may):
			return true
		case values[m.at(0)] && !remedy && i > 1 && m.at(0) != "que" && m.at(0) != "what":
			return true
		}
	}
	return false
}

// recounts reports whether the sentence begins by telling what happened to a record of one's own, so that a "how" after it asks about that.
func (m *spoken) recounts(i int) bool {
	return i == 0 && records[m.at(1)] && (m.at(2) == "no" || m.at(2) == "nao" || m.at(2) == "fue" || m.at(2) == "was" || m.at(2) == "foi" || m.at(2) == "llego" || m.at(2) == "chegou" || m.at(2) == "not" || pastOf(m.at(2)))
}

// acted reports whether something was done by the customer, or to them.
func (m *spoken) acted(how, supposed, remedy bool) bool {
	excused := supposed || remedy || how
	for i, w := range m.rest {
		prev, next := m.at(i-1), m.at(i+1)
		switch {
		case mishaps[w]:
			if !excused && (prev == "i" || prev == "" || firsts[w]) && reading.HasAny(m.rest, records) {
				return true
			}
		case (w == "me" || w == "nos") && (acts(next) || next == "han" || next == "ha") && !mishaps[next]:
			if !supposed {
				return true
			}
		case (w == "me" || w == "nos") && m.accented[next] && strings.HasSuffix(next, "o") && !supposed && !remedy:
			return true
		case (w == "me" || w == "nos") && did[next]:
			if !supposed && !(excused && prev == "no" && !reading.HasAny(m.rest, own) && !reading.HasAny(m.rest, records)) && !(next == "cobran" && m.at(i+2) == "por" && infinitive(m.at(i+3))) {
				return true
			}
		case (w == "me" || w == "nos") && (next == "van" || next == "va" || next == "vao" || next == "vai") && m.at(i+2) != "" && !supposed && !how:
			return true
		case (w == "me" || w == "us") && did[prev] && prev != "send", w == "me" && i > 1 && pastOf(m.at(i-2)) && m.at(i-1) == "to":
			if !supposed {
				return true
			}
		case firsts[w] && !reading.FunctionWords[w]:
			// Without its accent it may be a command or a wish: "que compre".
			if !supposed && (m.accented[w] || prev != "que" || m.at(i-2) == "por") && prev != "se" && prev != "no" && prev != "quien" && !(bidding[w] && !m.accented[w] && prev != "yo" && prev != "ya") && !(i == 0 && next != "" && !m.accented[w] && !definite[next] && w == "envie") {
				return true
			}
		case m.accented[w] && (strings.HasSuffix(w, "e") || strings.HasSuffix(w, "i")) && len(w) > 3 && !notFirsts[w] && !reading.FunctionWords[w] && !asks[w] && !(future(w) && !values[m.at(0)] && !preps[m.at(0)]), w == "he" && participle(next) && prev != "te":
			if !excused {
				return true
			}
		case len(w) > 4 && strings.HasSuffix(w, "ei") && !notFirsts[w]:
			if !excused {
				return true
			}
		case w == "i":
			verb := next
			if verb == "just" || verb == "already" || verb == "have" || verb == "accidentally" || verb == "recently" || verb == "never" || verb == "had" {
				verb = m.at(i + 2)
			}
			if (pastOf(verb) || went[verb]) && !mishaps[verb] && !needful[verb] && !supposed && !(how && i > 0 && verb != "was") {
				return true
			}
			if (next == "have" && (pastOf(m.at(i+2)) || went[m.at(i+2)]) || next == "am" && m.at(i+2) == "missing") && !supposed {
				return true
			}
		case w == "they" && pastOf(next), w == "did" && next == "you" && (acted[m.at(i+2)] || reading.HasAny(m.rest[i+2:], ours)) && i == 0, w == "have" && next == "you" && pastOf(m.at(i+2)):
			return true
		case (w == "has" || w == "have" || w == "was") && i == 0 && ours[next] && reading.HasAny(m.rest, records), weDid.MatchString(w) && i <= 1:
			return true
		case (w == "ya" || w == "ja") && i <= 1 && !supposed && !how && (acts(next) || next == "esta" || next == "estan" || next == "llego" || next == "salio" || next == "me" || next == "se" || next == "foi" || next == "saiu" || next == "chegou" || m.accented[next]),
			(w == "ja" && i == len(m.rest)-2 && !supposed), w == "ya" && i > 0 && (next == "esta" || next == "llego" || next == "salio" || next == "fue"):
			return true
		case (w == "sigue" || w == "siguen" || w == "continua") && i == 0:
			return true
		}
	}
	return false
}

// future reports whether a word is a first person of what will be.
func future(w string) bool {
	return strings.HasSuffix(w, "are") || strings.HasSuffix(w, "ere") || strings.HasSuffix(w, "ire") || strings.HasSuffix(w, "dre")
}

// asksOfSelf reports whether the customer asks what they have, get, owe or are.
func (m *spoken) asksOfSelf(how, supposed bool) bool {
	if supposed {
		return false
	}
	valued := values[m.at(0)] || preps[m.at(0)] && values[m.at(1)]
	for i, w := range m.rest {
		next := m.at(i + 1)
		switch w {
		case "tengo", "tenho", "tenemos", "temos":
			after := m.at(i + 1)
			if valued && i > 0 && after == "que" && m.at(i+2) == "pagar" && !reading.HasAny(m.rest, settled) {
				return true
			}
			if lasting[after] || reading.HasAny(m.rest[i+1:], lastingly) {
				break
			}
			if how && i > 0 {
				break
			}
			if valued && i > 0 && !strings.HasPrefix(m.at(i-1), "opcion") || i == 0 && !how && (records[after] || records[m.at(i+2)] || holdings[after] || reading.HasAny(m.rest, checks)) || m.at(i-1) == "ya" {
				return true
			}
		case "curso", "debo", "devo", "pago", "recibo", "cobro", "viajo", "vuelo", "recebo", "gano", "ganho", "voy", "estou", "estoy", "embarco":
			if i <= 1 && (w == "estoy" || w == "estou") && (participle(next) && !strings.HasSuffix(next, "ndo") || debtors[next]) && !statesSelf[next] && !how {
				return true
			}
			if !valued || i == 0 || how || infinitive(next) || next == "por" || next == "para" || next == "que" || next == "de" || next == "llevar" {
				break
			}
			if (w == "vuelo" || w == "pago" || w == "curso") && (determiners[m.at(i-1)] || m.at(i-1) == "de") {
				break
			}
			if m.at(0) != "como" && !(m.at(0) == "donde" && w == "pago") && !(m.at(0) == "onde" && w == "pago") {
				return true
			}
		case "am":
			if next == "i" && !mayBe[m.at(i+2)] && m.at(i+2) != "unable" && m.at(i+2) != "not" && m.at(i+2) != "having" && m.at(i+2) != "going" && (i > 0 || participle2(m.at(i+2)) || m.at(i+2) == "in" || m.at(i+2) == "on" || m.at(i+2) == "still" || m.at(i+2) == "due" || m.at(i+2) == "approved") {
				return true
			}
			if next == "i" && (m.at(i+2) == "eligible" || m.at(i+2) == "entitled") && len(m.rest) <= 4 {
				return true
			}
		case "do", "will", "have", "does", "did":
			if next != "i" && next != "we" {
				break
			}
			verb := m.at(i + 2)
			state := verb == "have" || verb == "owe" || verb == "get" || verb == "pay" || verb == "fly" || verb == "receive" || verb == "earn" || verb == "board" || verb == "depart" || verb == "arrive"
			if state && m.at(i+3) != "to" && !(w == "do" && (verb == "get" || verb == "pay" || verb == "receive") && i > 0 && (m.at(i-1) == "how" || m.at(i-1) == "where") && m.at(i-1) != "much") &&
				(verb == "have" || m.at(0) == "when" || m.at(0) == "how" && i > 1 || m.at(0) == "which" || m.at(0) == "what" && verb != "get" && verb != "pay") {
				return true
			}
		}
	}
	return false
}

// may are what one asks leave with.
var may = reading.WordSet(`puede pueden pode podem can could may should debe deve`)

var (
	cards   = reading.WordSet(`card tarjeta cartao`)
	passive = reading.WordSet(`was were has been`)
)

var whys = reading.WordSet(`why`)

var debtors = reading.WordSet(`inadimplente moroso morosa suspenso suspensa apto apta libre irregular`)

var settled = reading.WordSet(`por para si se de for to if matricula inscripcion`)

// happened are third persons of the past whose accent may be left out.
var happened = reading.WordSet(`llego salio entro quedo vencio acredito paso fue vino veio vieram vinieron subio aumento cayo foi came went arrived`)

// event reports whether something of the customer's own, or a record, is said to have come about.
func (m *spoken) event() bool {
	owned := reading.HasAny(m.rest, own)
	for i, w := range m.rest {
		if !(m.accented[w] && strings.HasSuffix(w, "o") && len(w) > 3 || acts(w) || len(w) > 4 && w != "estou" && strings.HasSuffix(w, "ou") && w != "you" || w == "caiu" || w == "saiu" || happened[w]) {
			continue
		}
		if owned {
			return true
		}
		for j := range m.rest {
			if definite[m.at(j)] && (records[m.at(j+1)] || monies[m.at(j+1)]) && j != i {
				return true
			}
		}
	}
	return false
}

var monies = reading.WordSet(`dinero plata money dinheiro sueldo salario giro remesa`)

var lastingly = reading.WordSet(`devolver cancelar cambiar reclamar pagar derecho anos garantia`)

func participle2(w string) bool { return pastOf(w) || participle(w) }

// asksOfRecord reports whether a record is asked after as one that exists, without a word of whose: "estado del pedido", "cuándo llega el paquete".
func (m *spoken) asksOfRecord(how, supposed bool) bool {
	if how || supposed {
		return false
	}
	for i, w := range m.rest {
		next := m.at(i + 1)
		switch {
		case stateOf[w] && (next == "de" || next == "del" || next == "do" || next == "da" || next == "of") && reading.HasAny(m.rest[i+1:min(i+5, len(m.rest))], records):
			return true
		case (w == "donde" || w == "where" || w == "onde") && (next == "esta" || next == "is") && definite[m.at(i+2)] && orders[m.at(i+3)], w == "cade" && reading.HasAny(m.rest[i+1:], orders):
			return true
		case (w == "cuando" || w == "when" || w == "quando" || w == "hora") && i <= 2 && definite[m.at(len(m.rest)-2)] && orders[m.rest[len(m.rest)-1]]:
			return true
		}
	}
	return false
}

var orders = reading.WordSet(`pedido pedidos orden order paquete package parcel encomienda encomenda pacote reembolso refund envio entrega delivery shipment repartidor entregador courier compra vuelo flight factura fatura cita appointment consulta`)
