package shareable

import (
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
)

var (
	// bound is a command with its "me" attached: "mandame", "cancélenme".
	bound    = lazyregexp.New(`^\p{L}{3,}(?:a|e|i|an|en|ad|ed|id)(?:me|melo|mela|melos|melas|noslo)$`)
	unbound  = lazyregexp.New(`(?:time|name|game|frame|prime|fame|scheme|extreme|supreme|crime|same|theme)$`)
	attached = lazyregexp.New(`^(\p{L}{3,})(?:me|nos|lo|la|los|las)$`)

	// commands are told to somebody who is to do something; Spanish and Portuguese ones are not what one asks with.
	commands = reading.WordSet(`cancela cancele cancelen cancelar cancel cambia cambie cambien cambiar change update actualiza actualice actualicen atualiza atualize revisa revise revisen verifica verifique verifiquen check
		envia envie envien mande manda manden send agenda agende agenden schedule book reserva reserve reserven reenvia reenvie resend elimina elimine eliminen borra borre delete remove activa active activen activate
		desactiva desactive deactivate bloquea bloquee bloqueen bloqueia bloqueie block desbloquea desbloquee unblock desbloqueia llama llame llamen call dame deme denme give devuelve devuelva devuelvan refund
		reembolsa reembolse reembolsen muda mude altere confirme confirma confirmen confirm pon ponga quita quite cadastre anula anule anulen remarca remarque reprograma reprograme reprogramen mova
		transfiere transfiera transfira transfer reschedule renueva renueve renew genera genere gere emita emitan corrige corrija corrijan adelanta adelante posterga postergue paga pague suspende suspenda
		desconecta desconecte reinicia reinicie desmarca desmarque marca marque marquen upgrade downgrade replace repone`)
	// plainCommands are what these languages say only to somebody who is to act.
	plainCommands = reading.WordSet(`cancela cancele cancelen anula anule anulen bloquea bloquee bloqueen bloqueia bloqueie envien manden manda mande reserven devuelvan devuelva reembolsen reembolse desbloquea desbloquee desbloqueen remarca reprograma
		reprogramen emita emitan cambien confirmen corrijan llamen`)
	// doings are commands as infinitives: "quiero cancelar", "can you cancel".
	doings = reading.WordSet(`cancelar cambiar actualizar atualizar revisar verificar enviar mandar agendar reservar reenviar eliminar borrar activar desactivar bloquear desbloquear llamar devolver reembolsar mudar alterar
		confirmar poner quitar anular remarcar reprogramar transferir renovar generar gerar emitir corregir corrigir pasar mover comprar pedir ordenar contratar marcar
		cancel change update send schedule book reserve resend delete remove activate deactivate block unblock call refund confirm transfer reschedule renew replace upgrade check buy order fix credit waive look
		mandarme enviarme llamarme pasarme darme agendarme reservarme hacerme ayudarme ligar dar apartar separar`)
	// orders of these make something of the customer's own, even without a word of it.
	buyings = reading.WordSet(`reservar comprar agendar ordenar contratar pedir book buy order schedule reserve apartar`)
	// told are commands to be told something.
	told   = reading.WordSet(`dime digame diganme decime cuentame cuenteme contame explicame expliqueme explicame muestrame muestreme mostrame informame informeme indicame indiqueme ensename comentame platicame hablame aconsejame recomiendame ayudame ayudenme`)
	people = reading.WordSet(`humano humana persona asesor asesora agente ejecutivo ejecutiva operador operadora representante alguien human person agent representative someone somebody pessoa atendente alguem manager supervisor
		supervisora gerente encargado encargada vendedor vendedora responsable operator advisor soporte humanos personas agents humans`)
	talk = reading.WordSet(`hablar comunicar comunicarme contactar platicar conversar talk speak chat falar conversar pasame pasar pasenme paseme comunicame comuniqueme transfiereme transfer connect conectar conecta passa passar`)
	// bidden come before what one wants done.
	bidden    = reading.WordSet(`quiero quisiera queria quero necesito preciso gostaria want wanna deseo need like`)
	seconds   = reading.WordSet(`puedes puede pueden podes podrias podria podrian pode podem poderia poderiam consegue conseguem`)
	wishes    = book(`necesito que|quiero que|quisiera que|preciso que|quero que|gostaria que|exijo|quiero mi dinero|solicito`)
	dative    = reading.WordSet(`manda mandas mandan mande envia envias envian envie pasa pasas pasan passa passe passam llama llamas llaman agenda agendas agendan reserva reservas reservan cancela cancelas cancelan liga ligue ligam anota anotas anotan apunta marca marcas marcan devuelve devuelven transfiere comunica comunican conecta activa activan bloquea bloquean cambia cambias cambian guarda guardan aparta apartan`)
	canYou    = book(`can you|could you|would you|will you|can u|can someone|could someone`)
	recipient = reading.WordSet(`me us nos`)
	definite  = reading.WordSet(`el la los las the o a os as este esta esse essa`)
)

// action reports whether the message asks for something to be done, not to be told.
func (m *spoken) action() bool {
	first := m.at(0)
	owned := reading.HasAny(m.rest, own)
	if m.commanding(first) || reading.HasAny(m.rest, people) && reading.HasAny(m.rest, talk) && !m.how() {
		return true
	}
	if m.says(wishes) && first != "no" {
		return true
	}
	if first == "me" && dative[m.at(1)] && m.at(2) != "como" && !reading.HasAny(m.rest, topics) || first == "nos" && dative[m.at(1)] && m.at(2) != "" && !infinitive(m.at(2)) {
		return true
	}
	if m.how() {
		return false
	}
	switch {
	case commands[first] && (owned || recipient[m.at(1)] && first != "update"), plainCommands[first] && definite[m.at(1)] && records[m.at(2)]:
		return first != "give" && first != "dame" || owned
	case bidden[first] && owned, first == "i" && m.at(1) == "want" && owned && reading.HasAny(m.rest, doings):
		return first != "necesito" || reading.HasAny(m.rest, doings)
	}
	for i, w := range m.rest {
		switch {
		case bidden[w] && (buyings[m.at(i+1)] || m.at(i+1) == "to" && buyings[m.at(i+2)]) && i <= 2 && m.at(i+1) != "" && m.counted(i+2):
			return true
		case (seconds[w] && (doings[m.at(i+1)] || m.at(i+1) == "me" && doings[m.at(i+2)]) || m.saysAt(canYou, i) && doings[m.at(i+2)]) && (owned || reading.HasAny(m.rest[i:], recipient) || strings.HasSuffix(m.at(i+1), "rme")):
			return true
		}
	}
	return false
}

// commanding reports whether a word is a command with its "me", or a known one with another pronoun.
func (m *spoken) commanding(w string) bool {
	if told[w] {
		return false
	}
	if len(w) >= 6 && bound.MatchString(w) && !unbound.MatchString(w) {
		return true
	}
	parts := attached.FindStringSubmatch(w)
	return parts != nil && commands[parts[1]] && !infinitive(parts[1]) && !reading.FunctionWords[w]
}

// counted reports whether what follows is so and so many, or one: somebody orders.
func (m *spoken) counted(from int) bool {
	for i := from; i < min(from+3, len(m.rest)); i++ {
		if reading.IsNumber(m.rest[i]) || reading.Ones[m.rest[i]] || m.rest[i] == "a" && m.at(i-1) != "a" {
			return true
		}
	}
	return false
}

var (
	moments = reading.WordSet(`ahora ahorita hoy now today todays hoje agora currently actualmente atualmente tonight stock`)
	// changing things have another price, or other places, at every hour.
	changing  = reading.WordSet(`dolar euro dollar cotizacion cotacao bitcoin cambio`)
	quoted    = reading.WordSet(`cuanto quanto cotizacion cotacao precio preco valor price esta rate`)
	meanwhile = book(`este momento|neste momento|nesse momento|this moment|the moment|no momento|por el momento|de momento`)
	atOnce    = book(`esta noche|esta tarde|esta semana|this week|esta semana|este fin|essa semana|nesta semana|hoje a noite|right away|exchange rate|tipo de cambio`)
	offers    = reading.WordSet(`promocion promociones oferta ofertas promocao promocoes turnos turno cupos cupo lugares lugar mesas mesa entradas disponible disponibles disponibilidad disponibilidade vaga vagas tables table offers deals slots
		available availability free tickets rooms habitaciones quartos citas descuento descuentos`)
	broken = book(`esta caida|esta caido|se cayo|is down|site down|app down|caiu|fora do ar|esta fuera|hay fallas|hay algun problema|hay problemas|an outage|any outage|outage|sin sistema|estan caidos|no hay sistema|
		website down|system down|server down|servers down|caiu o sistema|saiu do ar|de servicio`)
	leftOver = book(`queda lugar|quedan cupos|any left|tickets left|ainda tem|ainda ha|todavia hay|todavia tienen|aun hay|aun tienen|in stock|em estoque|agotado|agotada|esgotado|sold out`)
	left     = reading.WordSet(`queda quedan sobra sobran restam left`)
	nextDays = reading.WordSet(`manana tomorrow amanha ayer yesterday ontem`)
	opens    = reading.WordSet(`abren abre abierto abiertos atienden trabajan open opens available closed cerrado cerrados abrem abrir aberto aberta funcionan funcionam atendem`)
)

// volatile reports whether the answer holds for this moment only.
func (m *spoken) volatile() bool {
	if reading.HasAny(m.rest, moments) || m.says(meanwhile) || m.says(leftOver) {
		return true
	}
	switch {
	case reading.HasAny(m.rest, changing) && reading.HasAny(m.rest, quoted) && len(m.rest) <= 8 && !m.how():
		return true
	case m.says(broken) && len(m.content) <= 4 && !m.how() && !reading.HasAny(m.rest, own):
		return true
	case reading.HasAny(m.rest, left) && reading.HasAny(m.rest, offers):
		return true
	case m.asksTime(), m.says(atOnce) && reading.HasAny(m.rest, offers):
		return true
	}
	for i, w := range m.rest {
		if nextDays[w] && m.at(i-1) != "la" && m.at(i-1) != "the" && reading.HasAny(m.rest, opens) && !m.how() {
			return true
		}
	}
	return false
}

var clock = book(`que hora es|que horas sao|what time is it|how late is it|que dia es|que fecha es|what day is it|que dia e`)

// asksTime reports whether the hour is asked, and not that of anything.
func (m *spoken) asksTime() bool {
	for i := range m.rest {
		if next := m.at(i + 3); m.saysAt(clock, i) && len(m.rest) >= i+3 && (next == "" || next == "en" || next == "in" || next == "it" || next == "em") {
			return true
		}
	}
	return false
}
