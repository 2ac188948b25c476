package promise

import "strings"

// claims are those that a clause makes.
func (c *clause) claims() (list []Claim) {
	for i := range c.fold {
		for _, rule := range []func(int) (Act, tense){
			c.perfect, c.past, c.passive, c.just, c.future, c.going, c.present, c.receiving, c.keepingInTouch, c.phrases, c.open,
		} {
			if act, t := rule(i); t != 0 && !c.excused(i, t) {
				list = append(list, Claim{Act: c.meant(act, i), Done: t == done, stem: c.stemAt(i)})
				break
			}
		}
	}
	if len(list) == 0 {
		list = c.bare()
	}
	return list
}

var (
	persons = set(`person persona pessoa human humano humana agent agente colleague companero companera colega equipo equipe team
		atendente asesor asesora advisor alguien
		alguem someone especialista specialist tecnico technician colleagues colegas companeros companeras
		agents agentes
		repartidor courier entregador manager gerente
		supervisor consultor consultant soporte support`)
	messages = set(`correo email e-mail mail mensaje message mensagem sms whatsapp notificacion notification notificacao
		recordatorio reminder lembrete text`)
	moneys = set(`dinero money dinheiro reembolso refund estorno devolucion importe`)
)

// meant is the act of a verb by what it is done with: who passes you to a person hands over, who passes your case on does not.
func (c *clause) meant(act Act, i int) Act {
	n := len(c.fold)
	passes := act == HandOver || strings.HasPrefix(c.word(i), "pas") || strings.HasPrefix(c.word(i+1), "pas") || c.has(i, i+4, `pass
		passing passar pasar`)
	switch {
	case passes && c.any(0, n, persons) && c.has(0, n, `you te le lhe les voce ti`):
		return HandOver
	case act == HandOver:
		return Register
	case act == Send && c.any(i, n, messages):
		return Contact
	case act == Send && c.any(i, n, moneys):
		return Refund
	}
	return act
}

// tense says whether something is said to be done, or to come.
type tense uint8

const (
	done tense = iota + 1
	coming
)

// excused reports whether what stands at a place is denied, possible or conditional, and so no claim.
func (c *clause) excused(i int, t tense) bool { //nolint:cyclop // what excuses, case by case
	at := c.back(i, clitics)
	for by := range 2 {
		if w := c.word(at - by); negations[w] || t == done && modals[w] && !in(w, "to que para") {
			return true
		}
	}
	for j := i - 1; j >= 0; j-- {
		if c.conditional(j) {
			return true
		}
	}
	if t == done {
		return false
	}
	for j := i + 1; j < len(c.fold); j++ {
		if in(c.fold[j], "si if se cuando when quando whenever") && (wishes[c.word(j+1)] || wishes[c.word(j+2)]) {
			return true
		}
	}
	return false
}

// conditional reports whether a word makes what follows it one of several cases.
func (c *clause) conditional(j int) bool {
	switch w := c.fold[j]; w {
	case "se":
		return c.conditionalSe(j)
	case "as":
		return c.word(j+1) == "soon"
	case "ate", "hasta":
		return false
	case "vez":
		return in(c.word(j-1), "una uma")
	default:
		return whens[w]
	}
}

// conditionalSe reports whether "se" is "if", in Portuguese: it begins the clause or follows a comma, and no verb of "se" follows.
func (c *clause) conditionalSe(j int) bool {
	next := c.word(j + 1)
	return (j == 0 || c.word(j-1) == "e" || c.word(j-1) == "mas") && (portuguese[next] || wishes[next])
}

var (
	portuguese = set(`voce o a os as quiser preferir precisar for tiver nao seu sua houver desejar ja algo alguem`)
	wishes     = set(`quieres quiere quieren prefieres prefiere gustas gusta deseas desea necesitas necesita lo te le you me nos
		quiser preferir desejar precisar needed
		necessary wish like want prefer need hace es fuera das envias compartes puedes puede`)
	subjects = set(`i we yo nosotros eu`)
)

// perfect: "he cancelado", "hemos enviado", "I have just booked", "we've sent", "le han llamado", "se ha cancelado".
func (c *clause) perfect(i int) (Act, tense) {
	switch w := c.fold[i]; w {
	case "he", "hemos":
		j := c.skip(i+1, adverbs)
		if c.form(j) == participle || c.form(j) == past1 && strings.HasSuffix(c.word(j), "o") {
			return c.acts[j], done
		}
		if (c.word(j) == "dado" || c.word(j) == "hecho") && j+1 < len(c.fold) {
			return Switch, done
		}
	case "have", "has":
		if w == "has" && !in(c.word(i-1), "team colleague agent") {
			return "", 0
		}
		if w == "have" && !subjects[c.word(c.back(i, adverbs))] {
			return "", 0
		}
		if j := c.skip(i+1, adverbs); c.form(j) == participle && c.word(j-1) != "been" {
			return c.acts[j], done
		}
	case "ha", "han":
		j := c.skip(i+1, adverbs)
		if c.form(j) != participle {
			return "", 0
		}
		if in(c.word(i-1), "se te le lo equipo") {
			return c.acts[j], done
		}
	}
	return "", 0
}

// past: "cancelé", "já enviei", "I cancelled", "ya cancelamos".
func (c *clause) past(i int) (Act, tense) {
	switch c.form(i) {
	case past1:
		return c.acts[i], done
	case we:
		at := i - 1
		for at >= 0 && clitics[c.fold[at]] && c.fold[at] != "ya" && c.fold[at] != "ja" {
			at--
		}
		if w := c.word(at); w == "ya" || w == "ja" || w == "acabamos" {
			return c.acts[i], done
		}
	case participle:
		if at := c.back(i, adverbs); at >= 0 && subjects[c.word(at)] && isEnglish(c.fold[i]) && !c.has(i+1, i+3, `our us them`) {
			return c.acts[i], done
		}
	}
	return "", 0
}

// isEnglish reports whether a participle is an English past.
func isEnglish(w string) bool { return strings.HasSuffix(w, "ed") || irregulars[w].form == participle }

// passive: "ha sido cancelado", "fue reembolsado", "foi cancelada", "your order has been cancelled", "está confirmada", "queda anulado".
func (c *clause) passive(i int) (Act, tense) { //nolint:cyclop // a case for each auxiliary
	var j int
	switch w := c.fold[i]; w {
	case "sido", "quedado":
		j = c.skip(i+1, adverbs)
	case "been":
		if at := c.back(i, adverbs); c.word(at) != "has" && c.word(at) != "have" {
			return "", 0
		}
		j = c.skip(i+1, adverbs)
	case "fue", "fueron", "foi", "foram", "was", "were", "quedo", "quedaron", "ficou", "ficaram":
		j = c.skip(i+1, adverbs)
	case "queda", "quedan", "fica", "ficam", "esta", "estan", "estao", "is", "are", "are now":
		j = c.skip(i+1, adverbs)
		now := c.has(i-1, j, `ya ja now already all successfully`) || c.has(0, i, `ya ja`)
		if c.form(j) != participle || !now && !c.any(i-8, i, possessed) && !in(w, "queda quedan fica ficam") {
			return "", 0
		}
		if !now && c.has(j+1, len(c.fold), `within when once after until every if per only si cuando hasta en em dentro se quando ate`) {
			return "", 0 // that is so of every order
		}
		return c.acts[j], done
	case "ser", "sera", "seran", "serao", "be":
		j = c.skip(i+1, adverbs)
		before := c.word(c.back(i, adverbs))
		if c.form(j) != participle || w == "be" && before != "will" || w == "ser" && !in(before, "vai a") {
			return "", 0
		}
		return c.acts[j], coming
	default:
		return "", 0
	}
	if c.form(j) == participle {
		return c.acts[j], done
	}
	return "", 0
}

// matters are what is made: a booking, a change.
var matters = set(`reserva cambio cancelacion reembolso pedido cita devolucion registro booking reservation change cancellation
		refund appointment
	order cancelamento troca agendamento alteracao transferencia transfer abono`)

// just: "acabo de cancelar", "acabei de enviar", "I went ahead and booked".
func (c *clause) just(i int) (Act, tense) {
	switch c.fold[i] {
	case "acabo", "acabamos", "acabei":
		if c.word(i+1) == "de" && c.form(i+2) == infinitive {
			return c.acts[i+2], done
		}
	case "he", "hemos", "hice", "hicimos", "fiz", "fizemos", "hecha", "hecho", "feito", "feita", "made", "placed":
		made := c.fold[i] != "made" || subjects[c.word(i-1)] || c.word(i-1) == "have"
		if made && c.any(i+1, i+5, matters) {
			return Register, done
		}
	case "di", "dimos", "dei", "demos":
		if c.has(i+1, i+3, `baja baixa alta aviso`) {
			return Switch, done
		}
	case "deje", "dejamos", "deixei":
		if c.has(i+1, i+4, `registrado registrada constancia anotado anotada reservado reservada agendado agendada`) {
			return Register, done
		}
	}
	return "", 0
}

// future: "te llamaremos", "cancelaré", "le contactarán", "I'll refund", "the team will call you".
func (c *clause) future(i int) (Act, tense) {
	switch c.form(i) {
	case future1:
		return c.acts[i], coming
	case future3:
		w := c.fold[i]
		if strings.HasSuffix(w, "s") {
			return "", 0
		}
		return c.acts[i], coming
	}
	if c.fold[i] != "will" {
		return "", 0
	}
	j := c.skip(i+1, adverbs)
	if c.form(j) != infinitive && c.word(j) != "get" && c.word(j) != "be" {
		return "", 0
	}
	if c.word(j) == "get" || c.word(j) == "be" {
		return c.touch(j)
	}
	if c.word(i-1) == "you" {
		return "", 0
	}
	return c.acts[j], coming
}

// touch: "get back to you", "be in touch", "get in touch".
func (c *clause) touch(j int) (Act, tense) {
	if c.has(j+1, j+3, `back touch`) {
		return Contact, coming
	}
	if c.word(j) == "be" && c.form(j+1) == gerund {
		return c.acts[j+1], coming
	}
	return "", 0
}

// going: "voy a cancelar", "vamos a enviarle", "vou ligar", "I'm going to book", "let me cancel", "I'm processing".
func (c *clause) going(i int) (Act, tense) {
	switch c.fold[i] {
	case "voy", "vamos", "van", "va", "vou", "vao", "vai":
		j := i + 1
		if c.word(j) == "a" {
			j++
		}
		j = c.skip(j, clitics)
		if c.form(j) == infinitive {
			return c.acts[j], coming
		}
		if (c.word(j) == "entrar" || c.word(j) == "ponerse" || c.word(j) == "ponernos") && c.has(j, j+3, `contato contacto`) {
			return Contact, coming
		}
	case "going":
		if c.word(i+1) == "to" && c.form(i+2) == infinitive && in(c.word(i-1), "am are is") && c.word(i-2) != "you" {
			return c.acts[i+2], coming
		}
	case "let":
		if c.word(i+1) != "me" || c.form(i+2) != infinitive {
			return "", 0
		}
		switch act := c.acts[i+2]; act {
		case Check, Confirm, HandOver, Contact:
		default:
			return act, coming
		}
	case "am", "are", "estoy", "estamos", "estou":
		j := c.skip(i+1, adverbs)
		if c.form(j) == gerund && c.acts[j] != Check && (c.fold[i] != "are" || c.word(i-1) == "we") {
			return c.acts[j], coming
		}
	}
	return "", 0
}

// present: "te aviso", "lo cancelo", "le llaman", "te llamamos", "cancelamos tu pedido".
func (c *clause) present(i int) (Act, tense) { //nolint:cyclop // a case for each form
	switch c.form(i) {
	case present1:
		if c.nominal(i) || c.shows(i) {
			return "", 0
		}
		at := c.back(i, map[string]bool{"ya": true, "ahora": true, "mismo": true, "mesmo": true, "ja": true})
		if clitics[c.word(at)] && !in(c.word(at), "a me nos") || in(c.word(at), "yo eu") {
			return c.acts[i], coming
		}
	case we:
		if c.shows(i) || c.acts[i] == Check {
			return "", 0
		}
		if in(c.word(i-1), "te le les lo lhe") || c.any(i+1, i+3, possessed) || c.has(i+1, i+6, "voce usted ti") {
			return c.acts[i], coming
		}
	case it:
		if c.acts[i] == Contact && in(c.word(i-1), "te le lhe") && c.any(0, len(c.fold), persons) {
			return Contact, coming
		}
	case they:
		if in(c.word(i-1), "te le lhe") && in(string(c.acts[i]), "contact send refund") {
			return c.acts[i], coming
		}
	}
	return "", 0
}

// nominal reports whether what looks like a verb is a noun: "el cambio", "lo reservado", "o aviso".
func (c *clause) nominal(i int) bool {
	before := c.word(i - 1)
	if in(c.fold[i], `cambio aviso envio cargo registro reembolso abono marco arreglo ajuste activo contato contacto retorno
		cancelamento desconto`) {
		return !in(before, "te le les lo lhe yo eu la")
	}
	return in(before, "o a os as los")
}

// shows reports whether a verb brings what stands in the reply itself, or says that something is so.
func (c *clause) shows(i int) bool {
	switch c.acts[i] {
	case HandOver:
		return true
	case Confirm, Contact:
		return in(c.word(i+1), "que de sobre porque") || c.word(i+1) == "para" && strings.HasPrefix(c.word(i), "escrib")
	case Send:
		if c.has(i, len(c.fold), `enlace link liga aqui continuacion siguiente seguir informacion detalles abaixo`) ||
			strings.Contains(c.text, ":") || strings.Contains(c.text, "http") {
			return true
		}
	}
	return false
}

// receiving: "recibirás un correo", "you'll receive a call", "você receberá".
func (c *clause) receiving(i int) (Act, tense) {
	w := c.fold[i]
	switch {
	case in(w, "recibiras recibira recibiran recibireis receberas recebera llegara llegaran chegara"):
	case in(w, "receive get hear") && in(c.word(i-1), "will shortly soon") && c.has(i-3, i, `you`):
	case w == "receber" && c.word(i-1) == "vai", w == "recibir" && c.has(i-3, i, `vas va`):
	case w == "expect" && c.has(i+1, i+4, `call email reply message`):
		return Contact, coming
	default:
		return "", 0
	}
	if c.has(i+1, i+6, `reembolso refund dinero money dinheiro estorno devolucion abono`) {
		return Refund, coming
	}
	if w == "hear" || c.has(i+1, i+6, `llamada call correo email e-mail mail mensaje message sms whatsapp notificacion
		notification ligacao mensagem respuesta reply answer resposta noticias
		confirmacion confirmation confirmacao aviso`) {
		return Contact, coming
	}
	return Send, coming
}

// keepingInTouch: "nos pondremos en contacto", "entraremos em contato", "I'll get back to you".
func (c *clause) keepingInTouch(i int) (Act, tense) {
	if (c.fold[i] == "contacto" || c.fold[i] == "contato") && (c.word(i-1) == "en" || c.word(i-1) == "em") {
		switch c.word(i - 2) {
		case "pondremos", "pondra", "pondran", "ponemos", "entraremos", "entrara", "entramos", "entro", "pondre", "entrarao", "estaremos":
			return Contact, coming
		}
	}
	return "", 0
}

// phrases: "all set", "ya está hecho", "taken care of", "consider it done".
func (c *clause) phrases(i int) (Act, tense) {
	if i == 0 && (strings.HasPrefix(c.text, "Hecho,") || strings.HasPrefix(c.text, "Done,") || strings.HasPrefix(c.text, "Feito,")) {
		return Other, done
	}
	sure := c.word(i+1) == "make" && c.word(i+2) == "sure"
	if in(c.word(i), "haremos hare faremos farei will") && (sure || in(c.word(i+1), "llegar chegar")) {
		return Send, coming
	}
	rest := strings.Join(c.fold[i:min(i+4, len(c.fold))], " ")
	for _, p := range []string{
		"all set", "all done", "it is done", "taken care of", "consider it done", "ya esta hecho", "ya quedo", "ya esta listo",
		"dalo por hecho",
		"esta feito", "ja esta feito", "todo listo", "tudo certo com", "tudo resolvido",
	} {
		if (rest == p || strings.HasPrefix(rest, p+" ")) && !strings.HasPrefix(rest, p+" para") {
			return Other, done
		}
	}
	return "", 0
}

// bare reads a sentence without a verb of its own: "¡Listo, pedido cancelado!", "Booking confirmed.", "Hecho."
func (c *clause) bare() []Claim {
	n := len(c.fold)
	if n == 0 || n > 6 {
		return nil
	}
	if n <= 2 && in(c.word(0), "hecho done feito") {
		return []Claim{{Act: Other, Done: true}}
	}
	last := n - 1
	for last > 0 && (adverbs[c.fold[last]] || in(c.fold[last], "exito con sucesso com") || strings.HasSuffix(c.fold[last], "mente")) {
		last--
	}
	if c.form(last) != participle || c.any(0, n, negations) || c.any(0, n, modals) || c.any(0, n, whens) {
		return nil
	}
	return []Claim{{Act: c.acts[last], Done: true}}
}
