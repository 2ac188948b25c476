package semcache

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tania/internal/words"
)

// Refusal is why a message is neither looked up nor its answer stored.
type Refusal string

// The refusals of questions.
const (
	RefusalIdentifying Refusal = "identifying" // a number, an address, a name
	RefusalPersonal    Refusal = "personal"    // about the customer's own order, account, balance
	RefusalFollowUp    Refusal = "follow_up"   // needs what was said before
	RefusalAction      Refusal = "action"      // asks to do something
	RefusalVolatile    Refusal = "volatile"    // true at this moment only
	RefusalTooLong     Refusal = "too_long"
)

// longest is the longest text that the cache reads, in bytes.
const longest = 1000

// Gate says why a message must not be served from, or stored in, a cache that customers share; "" if it may.
func Gate(text string) Refusal {
	if len(text) > longest {
		return RefusalTooLong
	}
	if identifying(text) {
		return RefusalIdentifying
	}
	all := canonical(tokens.FindAllString(words.Fold(text), -1))
	m := spoken{all: all, rest: withoutCourtesy(all)}
	switch {
	case m.followsUp():
		return RefusalFollowUp
	case m.personal():
		return RefusalPersonal
	case m.action():
		return RefusalAction
	case m.volatile():
		return RefusalVolatile
	}
	return ""
}

var (
	mailAddress = regexp.MustCompile(`\S@\S+\.\S`)
	// longNumber is five digits or more, also with separators between them, but not the thousands of a price.
	longNumber = regexp.MustCompile(`\d(?:[ \-./()]?\d){4,}`)
	price      = regexp.MustCompile(`^\d{1,3}(?:[.,]\d{3})+$`)
	code       = regexp.MustCompile(`(?i)\b(?:[a-z]+\d|\d+[a-z])[a-z\d]*\b`)
	hashNumber = regexp.MustCompile(`(?i)(?:#|\bn[º°]|\bnro\.?|\bno\.)\s*[a-z]*\d{2,}`)
	ending     = regexp.MustCompile(`(?i)\b(?:termina(?:da|do)?|terminad[ao]s?|acaba|ending|ends|finali[zs]a|final)\s+(?:en|em|in|with|con|com)?\s*\d{2,}`)
	document   = regexp.MustCompile(`(?i)\b(?:dni|cpf|cnpj|rfc|curp|cuit|cuil|rut|ssn|nit|cedula|cédula|pasaporte|passport|rg)\b\s*(?:es|is|é|:|n[º°]|#)*\s*[a-z]{0,4}\d`)
	record     = regexp.MustCompile(`(?i)\b(?:pedido|orden|order|ticket|caso|case|factura|invoice|guía|guia|tracking|reserva|booking|folio|contrato|poliza|póliza|cuenta|account|conta)\s*(?:n[º°o]?\.?|num(?:ero|ber)?|número|number|#|:)?\s*[a-z]{0,3}-?\d{2,}`)
	introduces = regexp.MustCompile(`(?i)\b(?:soy|me llamo|mi nombre es|a nombre de|habla|i am|i'm|my name is|this is|name is|under the name|eu sou|sou o|sou a|meu nome é|me chamo|em nome de)\s+(?:el |la |de |o |a )?(\p{L}+)`)
	ownIs      = regexp.MustCompile(`(?i)\b(?:mi|my|meu|minha)\s+(?:\p{L}+\s+){1,3}(?:es|is|é|:)\s+(\S+)`)
	lives      = regexp.MustCompile(`(?i)\b(?:vivo en|i live (?:at|in|on)|moro (?:em|na|no)|calle|avenida|av\.|rua|street)\s+\p{L}+.*\d`)
)

// identifying says that a text names somebody or something of theirs.
func identifying(text string) bool {
	if mailAddress.MatchString(text) || hashNumber.MatchString(text) || ending.MatchString(text) || document.MatchString(text) || record.MatchString(text) || lives.MatchString(text) {
		return true
	}
	for _, n := range longNumber.FindAllString(text, -1) {
		if !price.MatchString(n) {
			return true
		}
	}
	for _, c := range code.FindAllString(text, -1) {
		if digits := strings.Count(strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '0'
			}
			return 'x'
		}, c), "0"); digits >= 4 && len(c) >= 6 {
			return true
		}
	}
	for _, m := range introduces.FindAllStringSubmatch(text, -1) {
		if first := []rune(m[1])[0]; unicode.IsUpper(first) && !unicode.IsUpper([]rune(m[1] + "a")[1]) {
			return true
		}
	}
	for _, m := range ownIs.FindAllStringSubmatch(text, -1) {
		if strings.ContainsAny(m[1], "0123456789@") || unicode.IsUpper([]rune(m[1])[0]) {
			return true
		}
	}
	return false
}

// spoken is a message as the gate's rules read it: all its words, and those without courtesy.
type spoken struct{ all, rest []string }

var (
	own      = set(`mi mis mio mia mios mias my mine meu minha meus minhas nuestro nuestra nuestros nuestras our ours nosso nossa`)
	selves   = set(`i me yo eu nos us`)
	joins    = set(`y and e o or pero but mas entonces then so entao tambien also tampoco osea aunque`)
	pointing = set(`eso esto aquello ese esa esos esas este estos estas aquel aquella aquellos aquellas it that this those these them one ones isso isto esse essa esses essas aquele aquela
		otro otra otros otras other another outro outra outros outras mismo misma anterior previous same`)
	dangling = set(`cuesta cuestan vale valen sale salen cost costs demora tarda dura funciona sirve incluye custa custam inclui funciona works work price precio preco valor
		explica explicas explique explain repite repetir repeat dices dijiste said mas more mais menos less segundo primero tercero ultimo ultima 1 2 3 4 5 si ok okay vale bueno dale
		claro listo perfecto yes yeah yep sure sim nao no not entiendo understand entendi gracias thanks obrigado obrigada manana hoy hora`)
	moments = set(`ahora ahorita hoy now today hoje agora currently actualmente atualmente momento moment tonight stock`)
	// records are what a business keeps of one customer alone: what is asked of them has another answer for each.
	records = set(`pedido pedidos orden ordenes order orders saldo saldos balance balances cita citas appointment appointments paquete paquetes package parcel encomienda encomenda pacote
		reembolso reembolsos refund refunds factura facturas invoice invoices bill bills boleto envio envios delivery shipment entrega reserva reservas booking reservation
		pago pagos payment payments pagamento contrato contract guia tracking ticket tickets caso case compra compras purchase purchases puntos points pontos deuda debt divida
		transaccion transaction transactions transacao transferencia transfer transfers estado statement extrato turno turnos siniestro claim vuelo flight voo cargo charge charges
		historial history consumo salario salary millas miles consulta exame exames resultado resultados results examen examenes`)
	// holdings are kept of a customer too, but much is asked of them that is the same for all.
	holdings = set(`plan plano cuenta account conta dinero money dinheiro credito credit limite limit suscripcion subscription assinatura cuota cuotas poliza policy deposito deposit tarjeta card
		cartao prestamo loan emprestimo beca membresia membership servicio service`)
	// checks ask to look something up.
	checks = set(`estado status revisa revise revisar check checking checked ver verifica verificar consultar see look track tracking rastrear seguimiento queda quedan left remaining available disponible
		disponivel restante vence vencimiento due expires arrive arrived arriving arrives llega llego llegar llegado llegara chega chegou delivered received recibido processed procesado
		aprobado approved confirmed confirmado listo lista ready shipped enviado atrasado delayed late`)
	// askers want to know what something of one's own is, where, when or how much.
	askers = set(`donde cuando cuanto cuanta cuantos cuantas cual cuales que where when what which who whats wheres hows is are has have did does was were will cade onde quando quanto quanta quantos
		quantas qual quais esta estan ya hora`)
	copulas = set(`is are was were es esta estan son era sera seran fue sao foi va vai llega llego llegara chega fica tiene hay much many hora long will does did has have do`)
	states  = set(`donde cuando cuanto cuanta cuantos cuantas cual cuales que where when what which who whats is are has have did does was were will cade onde quando quanto quanta quantos qual quais
		esta estan ya revisa revise revisar check estado status ver tengo tiene llega llego llegara`)
	howTo = set(`como how puedo podemos posso podemos can could may poder necesito need preciso requisitos pasos steps`)
	done  = regexp.MustCompile(`(?:aron|ieron|eron|aram|eram|iram|ado|ido|ados|idos)$`)
	did   = set(`llego llega llegara llegan llegaron cobro cobra cobran aparece aparecio sale salio dijo dijeron falta hicieron dieron debitaron queda quedan vence vencio toca corresponde
		deben debe debo chega chegou cobrou cobram falta vence charged charge sent send billed told owe owed paid bought ordered received got`)
	bound    = regexp.MustCompile(`^\p{L}{3,}(?:a|e|i|an|en|ad|ed|id)(?:me|nos|melo|mela|melos|melas|noslo|lo|la|los|las)$`)
	enclitic = regexp.MustCompile(`^\p{L}{2,}(?:ar|er|ir)(?:lo|la|los|las|melo|mela)$`)
	commands = set(`cancela cancele cancelen cancelar cancel cambia cambie cambiar change update actualiza actualice atualiza revisa revise verifica verifique verify check envia envie mande manda send
		agenda agende schedule book reserva reserve reenvia resend elimina elimine borra delete remove activa active activate desactiva deactivate bloquea bloquee block desbloquea unblock
		llama llame call dame deme give devuelve devuelva refund reembolsa muda mude altere confirme confirma confirm pon ponga quita quite cadastre`)
	// told are commands to be told something.
	told   = set(`dime digame diganme cuentame cuenteme explicame expliqueme muestrame muestreme informame informeme indicame indiqueme ensename comentame platicame`)
	people = set(`humano humana persona asesor asesora agente ejecutivo ejecutiva operador operadora representante alguien human person agent representative someone somebody pessoa atendente alguem`)
	talk   = set(`hablar comunicar comunicarme contactar platicar conversar talk speak chat falar conversar pasame pasar`)
)

// content is the words that carry meaning.
func (m spoken) content() (list []string) {
	for _, w := range m.rest {
		if !functionWords[w] && !addresses[w] {
			list = append(list, w)
		}
	}
	return list
}

func has(list []string, of map[string]bool) bool {
	return slices.ContainsFunc(list, func(w string) bool { return of[w] })
}

// followsUp says that the message cannot be understood alone.
func (m spoken) followsUp() bool {
	content := m.content()
	if len(m.rest) == 0 || joins[m.all[0]] || joins[m.rest[0]] || len(content) == 0 {
		return true
	}
	if len(m.rest) == 1 || !slices.ContainsFunc(content, func(w string) bool { return !dangling[w] }) {
		return true
	}
	text := " " + strings.Join(m.rest, " ") + " "
	for _, p := range []string{" what about ", " how about ", " que tal ", " e se ", " otra vez ", " de nuevo ", " de novo ", " again ", " me lo ", " te lo ", " se lo ", " lo mismo "} {
		if strings.Contains(text, p) {
			return true
		}
	}
	before, antecedent := 0, false
	for i, w := range m.rest {
		next := ""
		if i+1 < len(m.rest) {
			next = m.rest[i+1]
		}
		switch {
		case before >= 3, antecedent && (w == "it" || w == "lo" || w == "that"):
			return false
		case others[w] && next != "" && !functionWords[next] && !pointing[next] && len(content) >= 3:
		case pointing[w] && !(w == "that" && i > 0 && selves[next]) && !timely[next] && !here[next] && !(w == "it" && impersonal(m.rest[i+1:])),
			w == "lo" && !lastingAfter[next],
			(w == "la" || w == "los" || w == "las") && haveVerbs[next],
			enclitic.MatchString(w) && len(w) > 6:
			return true
		}
		if !functionWords[w] {
			before++
			antecedent = antecedent || i > 0 && determiners[m.rest[i-1]] && !dangling[w]
		}
	}
	return false
}

// impersonal says of what follows an "it" that it stands for nothing: "is it possible", "does it cost to send".
func impersonal(after []string) bool {
	return len(after) > 0 && supposed[after[0]] || len(after) > 2 && after[1] == "to"
}

var (
	// determiners stand before a thing that is named.
	determiners  = set(`a an the my your our un una unos unas el la los las mi mis su sus tu um uma o os as meu minha seu sua nosso nossa`)
	others       = set(`otro otra otros otras other another outro outra outros outras`)
	supposed     = set(`possible ok okay necessary true safe legal raining snowing going supposed suppose cold hot warm sunny cloudy windy below above`)
	here         = set(`card account tarjeta cuenta cartao conta area country pais app application bank company service store shop website site page aplicacion banco empresa servicio tienda pagina servico loja aplicativo bot`)
	timely       = set(`mes ano semana fin month year week weekend evening morning afternoon moment momento tarde noche noite`)
	lastingAfter = set(`que mas mejor mismo de antes del siguiente`)
	haveVerbs    = set(`tienen tienes tiene venden vendes hacen haces puedo puedes puede envian envias mandan quiero necesito dan das compro pago aceptan manejan`)
)

// personal says that the answer depends on who asks.
func (m spoken) personal() bool {
	text := " " + strings.Join(m.rest, " ") + " "
	for _, p := range []string{
		" cuanto debo ", " que debo ", " do i owe ", " i owe ", " quanto devo ", " tengo contratado ", " tengo contratada ", " tengo activo ", " tenho contratado ", " contrate ", " contratei ",
		" am i ", " was i ", " did i ", " have i ", " i was charged ", " i have been charged ", " i got charged ", " i paid ", " i ordered ", " i bought ", " i received ", " my last ",
		" pague ", " paguei ", " compre ", " comprei ", " pedi ", " recebi ", " recibi ", " ordene ", " fui ", " hice ", " fiz ", " charged me ", " you charged ", " charge me ", " meu nome ", " mi nombre ",
	} {
		if strings.Contains(text, p) {
			return true
		}
	}
	how := false
	for i, w := range m.rest {
		prev, next := "", ""
		if i > 0 {
			prev = m.rest[i-1]
		}
		if i+1 < len(m.rest) {
			next = m.rest[i+1]
		}
		switch {
		case howTo[w] && next != "much" && next != "many" && next != "long" && !(w == "como" && (next == "va" || next == "esta" || next == "vai")):
			how = true
		case (w == "tengo" || w == "tenho") && states[m.rest[0]] && next != "que" && !how:
			return true
		case (w == "me" || w == "nos") && (did[next] || done.MatchString(next) || next == "han" || next == "ha" || next == "esta" || next == "estan"):
			return true
		case (w == "me" || w == "us") && did[prev] && prev != "send" && prev != "got":
			return true
		case w == "do" && next == "i" && i+2 < len(m.rest) && m.rest[i+2] == "have" && !(i+3 < len(m.rest) && m.rest[i+3] == "to"):
			return true
		}
	}
	for i, w := range m.rest {
		if !own[w] {
			continue
		}
		near := m.rest[i+1 : min(i+4, len(m.rest))]
		switch {
		case w == "mio" || w == "mia" || w == "mine":
			return true
		case !how && has(near, records), !how && has(near, holdings) && has(m.rest, checks):
			return true
		case i > 0 && askers[m.rest[i-1]], i > 1 && copulas[m.rest[i-1]] && askers[m.rest[i-2]]:
			return true
		}
	}
	return false
}

// action says that the message asks for something to be done, not to be told.
func (m spoken) action() bool {
	first := m.rest[0]
	switch {
	case bound.MatchString(first) && len(first) >= 6 && !told[first], has(m.rest, people) && has(m.rest, talk):
		return true
	case (commands[first] || first == "quiero" || first == "want" || first == "quero") && has(m.rest, own) && !has(m.rest, howTo):
		return true
	}
	return false
}

// volatile says that the answer holds for this moment only.
func (m spoken) volatile() bool { return has(m.rest, moments) }
