package procedure

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tania/internal/tania"
)

func text(es, en, pt string) tania.Text {
	return tania.Text{tania.Spanish: es, tania.English: en, tania.Portuguese: pt}
}

// Built-in texts.
var (
	yesWord  = text("Sí", "Yes", "Sim")
	noWord   = text("No", "No", "Não")
	leftText = text("De acuerdo, lo dejamos aquí. Si lo necesitas más adelante, solo dímelo.",
		"All right, we'll leave it there. If you need it later, just tell me.",
		"Tudo bem, paramos por aqui. Se precisar mais tarde, é só me dizer.")
	sumUp     = text("Esto es lo que tengo:", "This is what I have:", "É isto que tenho:")
	isItRight = text("¿Está bien así?", "Is that right?", "Está certo?")
	whatElse  = text("¿Qué dato cambio? Escríbelo corregido, o dime «déjalo» para no seguir.",
		"What should I change? Write it as it should be, or say “forget it” to stop.",
		"O que devo mudar? Escreva como deve ficar, ou diga «deixa» para parar.")
	severally = text("Veo más de uno, y necesito uno solo.", "I see more than one, and need just one.", "Vejo mais de um, e preciso de um só.")
	tooSmall  = text("Tiene que ser %s o más.", "It has to be %s or more.", "Tem que ser %s ou mais.")
	tooLarge  = text("Tiene que ser %s o menos.", "It has to be %s or less.", "Tem que ser %s ou menos.")
	tooEarly  = text("No puede ser antes de: %s.", "It cannot be before %s.", "Não pode ser antes de: %s.")
	tooLate   = text("No puede ser después de: %s.", "It cannot be after %s.", "Não pode ser depois de: %s.")
	photoCame = text("foto recibida", "photo received", "foto recebida")
	notClear  = text("Perdona, no lo entendí.", "Sorry, I didn't get that.", "Desculpe, não entendi.")
)

// unread is what is said where a slot's value could not be read, by its type.
var unread = map[sort]tania.Text{
	sortDate: text("No encontré una fecha. Puedes escribirla así: 3 de mayo.", "I found no date. You can write it like this: 3 May.",
		"Não encontrei uma data. Pode escrever assim: 3 de maio."),
	sortTime: text("No encontré una hora. Puedes escribirla así: 20:30.", "I found no time. You can write it like this: 20:30.",
		"Não encontrei um horário. Pode escrever assim: 20:30."),
	sortNumber: text("No encontré un número.", "I found no number.", "Não encontrei um número."),
	sortPattern: text("No encontré ese dato en tu mensaje.", "I couldn't find that in your message.",
		"Não encontrei esse dado na sua mensagem."),
	sortEmail: text("Eso no parece un correo: se escribe nombre@ejemplo.com.", "That doesn't look like an e-mail address: name@example.com.",
		"Isso não parece um e-mail: nome@exemplo.com."),
	sortPhone: text("Eso no parece un teléfono. Escríbelo con todas sus cifras.",
		"That doesn't look like a phone number. Please write all its digits.", "Isso não parece um telefone. Escreva com todos os números."),
	sortPhoto:  text("Aún no me llegó la foto.", "I haven't got the photo yet.", "A foto ainda não chegou."),
	sortChoice: text("No sé cuál de las opciones es.", "I'm not sure which of these you mean.", "Não sei qual das opções é."),
}

func sayIn(t tania.Text, w when) string { return t.In(w.language, w.fallback) }

var (
	spanishDays      = strings.Fields("domingo lunes martes miércoles jueves viernes sábado")
	portugueseDays   = strings.Fields("domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado")
	spanishMonths    = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
	portugueseMonths = strings.Fields("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro")
)

// shownDate is a day as people read it, with its weekday: who wrote "the 3rd" sees whether it was understood.
func shownDate(d time.Time, l tania.Language) string {
	switch l {
	case tania.English:
		return d.Format("Monday, 2 January 2006")
	case tania.Portuguese:
		return fmt.Sprintf("%s, %d de %s de %d", portugueseDays[d.Weekday()], d.Day(), portugueseMonths[d.Month()-1], d.Year())
	}
	return fmt.Sprintf("%s %d de %s de %d", spanishDays[d.Weekday()], d.Day(), spanishMonths[d.Month()-1], d.Year())
}

// fill puts what is known into a text: {slot} as people read it, {step.field} of what a tool gave.
func fill(template string, s *tania.Procedure) string {
	return placeholder.ReplaceAllStringFunc(template, func(found string) string {
		name := strings.Trim(found, "{}")
		if step, field, ok := strings.Cut(name, "."); ok {
			return fieldOf(s.Results[step].Result, field)
		}
		if have := s.Slot(name); have != nil {
			return have.Shown
		}
		return ""
	})
}

// fieldOf reads a field of a JSON object, at any depth; "" where there is none.
func fieldOf(object json.RawMessage, path string) string {
	var v any
	if json.Unmarshal(object, &v) != nil {
		return ""
	}
	for key := range strings.SplitSeq(path, ".") {
		m, is := v.(map[string]any)
		if !is {
			return ""
		}
		v = m[key]
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	written, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(written)
}

// summary lists what is known, a slot to a line, in the order of the steps.
func (p *Procedure) summary(s *tania.Procedure, w when) string {
	var lines []string
	for _, slot := range p.slots {
		if have := s.Slot(slot.name); have != nil {
			lines = append(lines, "- "+slot.called(w)+": "+have.Shown)
		}
	}
	return strings.Join(lines, "\n")
}

// called is a slot's label, or its name.
func (s *slot) called(w when) string {
	if label := s.label.In(w.language, w.fallback); label != "" {
		return label
	}
	name := strings.ReplaceAll(s.name, "_", " ")
	return strings.ToUpper(name[:1]) + name[1:]
}

// listed is a question with its options by number.
func listed(question string, titles []string) string {
	lines := []string{question}
	for i, t := range titles {
		lines = append(lines, strconv.Itoa(i+1)+". "+t)
	}
	return strings.Join(lines, "\n")
}
