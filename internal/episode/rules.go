package episode

import (
	"strings"
	"unicode/utf8"

	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
	"tania/internal/words"
)

// The rules read a sentence in small letters without accents. They are few and plain: a sentence that is missed costs a question, one that
// is taken wrongly is told the model later.
var (
	// opening is what a statement may begin with.
	opening = `^(?:(?:hola|buenas|buenos dias|buenas tardes|si|bueno|pues|hi|hello|hey|yes|well|oi|ola|bom dia|boa tarde|sim|bem)[,;:! ]+)*(?:y |and |e )?`
	// ownWords are what has a number or a name of the customer's.
	ownThings = `(?:pedido|orden|compra|contrato|cliente|factura|reserva|cuenta|poliza|order|purchase|contract|customer|invoice|booking|account|` +
		`policy|encomenda|fatura|conta|apolice)`

	// goods are what a customer has or uses that matters to a business, in all three languages.
	goods = `(?:iphone|ipad|macbook|tablet|galaxy|pixel|kindle|playstation|xbox|` +
		`plan|paquete|modelo|suscripcion|telefono|celular|router|modem|computadora|laptop|impresora|coche|carro|auto|moto|bicicleta|bici|` +
		`perro|gato|mascota|casa|departamento|piso|negocio|tienda|empresa|package|model|subscription|phone|computer|printer|car|bike|bicycle|dog|cat|pet|` +
		`house|apartment|flat|business|shop|company|plano|pacote|assinatura|telefone|computador|impressora|cachorro|apartamento|negocio|loja)s?`

	// reached is how somebody wishes to be written to or called, Spanish and Portuguese. It is no list of what a bot is to give them.
	reached = `(?:escrib|escrev|llam|chame|ligue|contact|contat|avis|envi|mand|habl|fale|trat|atiend|atend|respond|contest|entreg)`

	descriptions = lazyregexp.New(opening + `(?:yo |i |eu )?(?:` + strings.Join([]string{
		// Who they are.
		`me llamo `, `mi nombre es `, `my name is `, `(?:i am|i'm) called `, `(?:me chamo|chamo-me) `, `(?:o )?meu nome e `,
		// Where they are.
		`vivo en `, `(?:yo )?soy de `, `mi (?:direccion|ciudad|colonia|barrio|codigo postal) es `, `live in `, `(?:i am|i'm|am) from `,
		`my (?:address|city|postcode|zip code) is `, `moro em `, `sou de `, `(?:o |a )?(?:meu|minha) (?:endereco|cidade|bairro|cep) e `,
		// What of theirs has a number.
		`mi (?:numero de )?` + ownThings + ` (?:es|tiene el numero) `, `my ` + ownThings + `(?: number| id)? is `,
		`(?:o |a )?(?:meu|minha) (?:numero d[eo] )?` + ownThings + ` e `,
		// How they are reached.
		`mi (?:correo|mail|email|telefono|celular|movil|whatsapp)(?: electronico)? es `, `my (?:e-?mail|phone|mobile|cell)(?: address| number)? is `,
		`(?:o )?meu (?:e-?mail|telefone|celular|whatsapp) e `,
		// What they bought, use, own and like. Whoever has something may have anything, an illness too: what they have is of a list.
		`compre (?:un|una|el|la|los|las|unos|unas|dos|tres|\d+) `, `bought (?:an?|the|two|three|\d+) `,
		`comprei (?:um|uma|o|a|os|as|dois|duas|tres|\d+) `,
		`(?:tengo|uso|have|use|tenho) (?:\pL+ |\d+ ){0,2}` + goods + `\b`,
		`prefiero que me ` + reached, `prefiero (?:el|la|los|las|un|una|por|en|pagar|recibir) `,
		`prefer (?:the|an?|by|in|to pay|to receive|to be called) `, `prefer \pL+$`,
		`prefiro que me ` + reached, `prefiro (?:o|a|os|as|um|uma|por|em|pagar|receber) `,
	}, "|") + `)`)

	// neverKept are words beside which nothing is remembered: secrets, and what the law protects most (health, faith, politics, love life).
	neverKept = lazyregexp.New(`\b(?:contrasena|clave|password|passcode|senha|pin|cvv|cvc|token|otp|codigo de (?:seguridad|verificacion|acceso)|` +
		`security code|enferm\w*|alerg\w*|allerg\w*|embaraz\w*|pregnan\w*|gravid\w*|cancer|diabet\w*|vih|hiv|depres\w*|medic\w*|sindrome|syndrome|` +
		`discapac\w*|disab\w*|diseases?|ill(?:ness)?|sick|doen[ct]\w*|hospital\w*|operacion|surgery|cirur\w*|religi\w*|catolic\w*|catholic|musulm\w*|` +
		`muslim|judi[oa]s?|jewish|sindicat\w*|union member|gay|lesbian\w*|bisex\w*|trans|partido|eleccion\w*|sida|aids|terapia|therapy|psic\w*|` +
		`nip|passphrase|frase secreta|tumou?r\w*|infec\w*|abort\w*|autis\w*|oncolog\w*|quimio\w*|chemo\w*|pres[oa]s?|carcel|prison|prisao|jail|arrest\w*|` +
		`dni|nie|curp|rfc|cpf|cnpj|rg|ssn|nss|iban|pasaporte|passport|passaporte|cedula|` +
		`identificacion|epilep\w*|asma|asthma|inhala\w*|inhaler|vph|hpv|sms|verifica\w*|verification|frase de recupera\w*|recovery (?:phrase|code))\b|` +
		`\b(?:codigo|code)\W+(?:de \pL+ )?(?:es )?\d{3,}|\b(?:cuenta|account|conta)\b.*\d(?:[ .-]?\d){9,}|\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,}`)
	// toTheBot is in what is said to the bot about itself, and in what it is told to do or to give.
	toTheBot = lazyregexp.New(`\b(?:tus instrucciones|your instructions|(?:tuas|suas) instrucoes|system prompt|ignor(?:a|e|es|en)|olvid(?:a|e|es)|forget|` +
		`disregard|esquec[ae]|desconsider[ae]|actua como|act as|pretend|finge|dame|give me|descuentos?|discounts?|descontos?|gratis|for free|` +
		`reembols\w*|refunds?)\b`)
	digits = lazyregexp.New(`\d(?:[ .-]?\d){11,18}`)
)

// longestStatement bounds what a sentence of somebody's about themselves may be, in characters: a longer one is a story.
const longestStatement = tania.RecollectionChars

// selfDescriptions are the sentences of a text in which its writer says something of themselves, as they wrote them.
func selfDescriptions(text string) (said []string) {
	for sentence := range language.Sentences(text) {
		sentence = strings.TrimSpace(sentence)
		n := utf8.RuneCountInString(sentence)
		if n > longestStatement || strings.ContainsAny(sentence, "?¿<>[]{}|") || private(sentence) {
			continue
		}
		if folded := words.Fold(sentence); descriptions.MatchString(folded) && !toTheBot.MatchString(folded) {
			said = append(said, sentence)
		}
	}
	return said
}

// private reports whether a text has what is not to be remembered: secrets, numbers of cards, and what the law protects most.
func private(text string) bool {
	if neverKept.MatchString(words.Fold(text)) {
		return true
	}
	for _, number := range digits.FindAllString(text, -1) {
		if isCard(number) {
			return true
		}
	}
	return false
}

// isCard reports whether a number can be a card's, by its check digit (ISO/IEC 7812-1, Luhn).
func isCard(number string) bool {
	sum, n := 0, 0
	for i := len(number) - 1; i >= 0; i-- {
		if number[i] < '0' || number[i] > '9' {
			continue
		}
		d := int(number[i] - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		n++
	}
	return n >= 13 && sum%10 == 0
}
