package cacheeval

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"tania/internal/tania"
)

// phrasebook makes questions: {slot} in a pattern stands for one of the slot's fillings, {n} for a number.
type phrasebook struct {
	patterns []string
	slots    map[string][]string
}

// Questions makes n different questions as a shop's and a service's customers ask them in a language, for measuring how long look-ups take.
// Which texts of the result have one answer is not said. It gives the same for the same seed.
func Questions(lang tania.Language, n int, seed uint64) []string {
	book, ok := phrasebooks[lang]
	if !ok {
		book = phrasebooks[tania.English]
	}
	rnd := rand.New(rand.NewPCG(seed, 4)) //nolint:gosec // a sample needs no secrecy
	seen := make(map[string]bool, n)
	list := make([]string, 0, n)
	for len(list) < n {
		text := book.make(rnd)
		if rnd.IntN(3) == 0 {
			text = disturb(text, lang, rnd)
		}
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// make fills a pattern's slots.
func (p phrasebook) make(rnd *rand.Rand) string {
	pattern := p.patterns[rnd.IntN(len(p.patterns))]
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if name == "n" {
			b.WriteString(strconv.Itoa(2 + rnd.IntN(60)))
		} else {
			list := p.slots[name]
			b.WriteString(list[rnd.IntN(len(list))])
		}
		pattern = after
	}
}

func fillings(list string) []string { return strings.Split(list, "|") }

var phrasebooks = map[tania.Language]phrasebook{
	tania.Spanish: {
		patterns: fillings(`¿Cómo {does} {thing} {how}?|¿Cuánto cuesta {thing} {where}?|¿Tienen {thing} de {n} {unit} {where}?|¿Puedo {does} {thing} {how}?|` +
			`¿Qué necesito para {does} {thing} {how}?|¿Cuántos {unit} tarda {thing} {where}?|Quisiera saber si hacen {thing} {where}|¿Qué pasa si no puedo {does} {thing} {how}?|` +
			`¿Se puede {does} {thing} {how} y después {does} {thing}?|¿Hay {thing} {how} para {who}?|¿Cuál es la diferencia entre {thing} y {thing}?|` +
			`¿Por qué no me deja {does} {thing} {how}?|¿Cuál es el mínimo para {does} {thing} {where}?|¿{who} pueden {does} {thing} {how}?`),
		slots: map[string][]string{
			"does": fillings(`cambiar|cancelar|devolver|pagar|contratar|activar|renovar|comprar|reservar|solicitar|consultar|recoger|descargar|configurar|reclamar|ampliar|transferir|compartir|pausar|imprimir`),
			"thing": fillings(`la contraseña|la factura|un pedido grande|la garantía extendida|el envío exprés|la tarjeta de regalo|un plan familiar|la membresía anual|el servicio de instalación|` +
				`una cita de revisión|el seguro del equipo|los pasteles de chocolate|las cajas de cartón|un router nuevo|la línea adicional|el recibo electrónico|una cuenta de empresa|` +
				`los muebles de jardín|la bicicleta eléctrica|el curso de inglés|unas gafas graduadas|el colchón matrimonial|la silla de ruedas|un certificado de estudios|los repuestos originales|` +
				`la impresora láser|el aire acondicionado|una mudanza completa|la limpieza de alfombras|el menú sin gluten`),
			"how": fillings(`por internet|desde el teléfono|en la tienda|sin comprobante|con tarjeta de crédito|en efectivo|por transferencia|los domingos|fuera de horario|desde otro país|en cuotas|con descuento|` +
				`antes de la fecha de corte|después de la compra|con la aplicación|por correo`),
			"where": fillings(`a domicilio|en Guadalajara|en Monterrey|en Bogotá|en Medellín|en Lima|en Rosario|en Córdoba|en Sevilla|en Valencia|en el centro|en el aeropuerto|fuera de la ciudad|en las islas|` +
				`en la zona norte|para todo el país`),
			"unit": fillings(`días|horas|semanas|meses|kilos|litros|metros|personas|megas|piezas`),
			"who":  fillings(`los estudiantes|las empresas|los jubilados|los menores de edad|los extranjeros|los socios|los clientes nuevos|las personas con discapacidad|los maestros`),
		},
	},
	tania.English: {
		patterns: fillings(`How do I {does} {thing} {how}?|How much is {thing} {where}?|Do you have {thing} for {n} {unit} {where}?|Can I {does} {thing} {how}?|` +
			`What do I need to {does} {thing} {how}?|How many {unit} does {thing} take {where}?|I would like to know if you offer {thing} {where}|What happens if I can't {does} {thing} {how}?|` +
			`Is it possible to {does} {thing} {how} and then {does} {thing}?|Is there {thing} {how} for {who}?|What is the difference between {thing} and {thing}?|` +
			`Why does it not let me {does} {thing} {how}?|What is the minimum to {does} {thing} {where}?|Can {who} {does} {thing} {how}?`),
		slots: map[string][]string{
			"does": fillings(`change|cancel|return|pay for|sign up for|activate|renew|buy|book|request|look up|pick up|download|set up|claim|extend|transfer|share|pause|print`),
			"thing": fillings(`the password|the invoice|a large order|the extended warranty|express shipping|a gift card|a family plan|the annual membership|the installation service|a service appointment|` +
				`device insurance|chocolate cakes|cardboard boxes|a new router|an additional line|the electronic receipt|a business account|garden furniture|an electric bike|the English course|` +
				`prescription glasses|a queen mattress|a wheelchair|a study certificate|original spare parts|a laser printer|air conditioning|a full move|carpet cleaning|the gluten-free menu`),
			"how": fillings(`online|from my phone|in the shop|without a receipt|with a credit card|in cash|by bank transfer|on Sundays|out of hours|from another country|in instalments|at a discount|` +
				`before the billing date|after the purchase|in the app|by mail`),
			"where": fillings(`at home|in Chicago|in Boston|in Denver|in Austin|in Leeds|in Toronto|in Dublin|in Sydney|downtown|at the airport|outside the city|on the islands|in the northern area|` +
				`nationwide|across the border`),
			"unit": fillings(`days|hours|weeks|months|kilos|litres|metres|people|megabits|pieces`),
			"who":  fillings(`students|companies|pensioners|minors|foreigners|members|new customers|people with disabilities|teachers`),
		},
	},
	tania.Portuguese: {
		patterns: fillings(`Como faço para {does} {thing} {how}?|Quanto custa {thing} {where}?|Vocês têm {thing} de {n} {unit} {where}?|Posso {does} {thing} {how}?|` +
			`O que preciso para {does} {thing} {how}?|Quantos {unit} demora {thing} {where}?|Gostaria de saber se fazem {thing} {where}|O que acontece se eu não puder {does} {thing} {how}?|` +
			`Dá para {does} {thing} {how} e depois {does} {thing}?|Existe {thing} {how} para {who}?|Qual é a diferença entre {thing} e {thing}?|` +
			`Por que não consigo {does} {thing} {how}?|Qual é o mínimo para {does} {thing} {where}?|{who} podem {does} {thing} {how}?`),
		slots: map[string][]string{
			"does": fillings(`mudar|cancelar|devolver|pagar|contratar|ativar|renovar|comprar|reservar|solicitar|consultar|retirar|baixar|configurar|reclamar|ampliar|transferir|compartilhar|pausar|imprimir`),
			"thing": fillings(`a senha|a fatura|um pedido grande|a garantia estendida|o envio expresso|o cartão presente|um plano família|a assinatura anual|o serviço de instalação|uma revisão agendada|` +
				`o seguro do aparelho|bolos de chocolate|caixas de papelão|um roteador novo|uma linha adicional|o recibo eletrônico|uma conta empresarial|móveis de jardim|a bicicleta elétrica|` +
				`o curso de inglês|óculos de grau|o colchão de casal|a cadeira de rodas|um certificado de estudos|peças originais|a impressora a laser|o ar condicionado|uma mudança completa|` +
				`a limpeza de tapetes|o cardápio sem glúten`),
			"how": fillings(`pela internet|pelo celular|na loja|sem comprovante|com cartão de crédito|em dinheiro|por transferência|aos domingos|fora do horário|de outro país|parcelado|com desconto|` +
				`antes do vencimento|depois da compra|pelo aplicativo|pelo correio`),
			"where": fillings(`em casa|em Curitiba|em Recife|em Salvador|em Manaus|em Santos|em Lisboa|no Porto|em Braga|no centro|no aeroporto|fora da cidade|nas ilhas|na zona norte|para todo o país|no litoral`),
			"unit":  fillings(`dias|horas|semanas|meses|quilos|litros|metros|pessoas|megas|peças`),
			"who":   fillings(`estudantes|empresas|aposentados|menores de idade|estrangeiros|sócios|clientes novos|pessoas com deficiência|professores`),
		},
	},
}
