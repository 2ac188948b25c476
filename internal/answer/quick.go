package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/bot"
	"tania/internal/lazyregexp"
	"tania/internal/tania"
)

// Built-in texts, for what bot.yaml leaves empty: a reply is never empty.
var (
	greeting = bot.Text{
		tania.Spanish:    "¡Hola, {name}! Soy {bot}, de {business}. ¿En qué puedo ayudarle?",
		tania.English:    "Hi {name}! I'm {bot}, from {business}. How can I help you?",
		tania.Portuguese: "Olá, {name}! Sou {bot}, de {business}. Como posso ajudar?",
	}
	thanks = bot.Text{
		tania.Spanish:    "¡Con gusto! ¿Hay algo más en lo que pueda ayudarle?",
		tania.English:    "You're welcome! Is there anything else I can help you with?",
		tania.Portuguese: "De nada! Posso ajudar em mais alguma coisa?",
	}
	farewell = bot.Text{
		tania.Spanish:    "¡Gracias por escribirnos! Que tenga un buen día.",
		tania.English:    "Thanks for writing to us! Have a good day.",
		tania.Portuguese: "Obrigado por escrever! Tenha um bom dia.",
	}
	offerHuman = bot.Text{
		tania.Spanish:    "Si lo prefiere, puedo comunicarle con una persona del equipo.",
		tania.English:    "If you prefer, I can connect you with a person from the team.",
		tania.Portuguese: "Se preferir, posso passar você para uma pessoa da equipe.",
	}
	// anonymous stand for a bot and a business without a name.
	anonymousBot = bot.Text{
		tania.Spanish: "el asistente virtual", tania.English: "the virtual assistant", tania.Portuguese: "o assistente virtual",
	}
	anonymousBusiness = bot.Text{
		tania.Spanish: "nuestro equipo", tania.English: "our team", tania.Portuguese: "nossa equipe",
	}
)

// text is the bot's own in a language, else the built-in one.
func (a *Answerer) text(own, builtIn bot.Text, lang tania.Language) string {
	if s := own.In(lang, a.bot.Language); strings.TrimSpace(s) != "" {
		return s
	}
	return builtIn.In(lang, a.bot.Language)
}

// language is the customer's where the bot answers in it, else the bot's.
func (a *Answerer) language(customer tania.Language) tania.Language {
	code := strings.ToLower(string(customer))
	if base, _, cut := strings.Cut(strings.ReplaceAll(code, "_", "-"), "-"); cut {
		code = base
	}
	lang := tania.Language(code)
	if lang != "" && (len(a.bot.Languages) == 0 || slices.Contains(a.bot.Languages, lang)) {
		return lang
	}
	if a.bot.Language != "" {
		return a.bot.Language
	}
	return tania.Spanish
}

var (
	nameFirst = lazyregexp.New(`^\{name\}[\s,;:.!]*`)
	nameLater = lazyregexp.New(`[\s,]*\{name\}`)
)

// fill puts names into {name}, {bot} and {business}. Without a name the text reads as if it had not asked for one.
func (a *Answerer) fill(text string, c tania.Contact, lang tania.Language) string {
	if !strings.Contains(text, "{") {
		return text
	}
	name := firstName(c.Name)
	if name == "" && nameFirst.MatchString(text) {
		text = upperFirst(nameFirst.ReplaceAllString(text, ""))
	}
	if name == "" {
		text = nameLater.ReplaceAllString(text, "")
	}
	return strings.TrimSpace(strings.NewReplacer(
		"{name}", name,
		"{bot}", orText(a.bot.Name, anonymousBot.In(lang, a.bot.Language)),
		"{business}", orText(a.bot.Business, anonymousBusiness.In(lang, a.bot.Language)),
	).Replace(text))
}

func orText(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

var (
	titles = []string{
		"sr", "sra", "srta", "don", "doña", "dr", "dra", "mr", "mrs", "ms", "miss", "lic", "ing", "prof", "profa", "dona",
		"seu",
	}
	noNames = []string{
		"cliente", "customer", "client", "visitor", "visitante", "guest", "invitado", "convidado", "usuario", "usuário", "user", "anonymous",
		"anónimo",
		"anonimo", "anônimo", "unknown", "desconocido", "desconhecido", "contact", "contacto", "contato", "test", "prueba", "teste", "admin",
		"info", "ventas",
		"sales", "soporte", "support", "suporte", "whatsapp", "null", "none", "undefined", "nan", "facebook", "instagram", "telegram", "tienda",
		"grupo",
		"the", "la", "el", "los", "las", "yo", "me", "eu", "no", "si", "sí", "not", "name", "nombre", "nome", "sin", "sem",
	}
)

// firstName is the name to greet by; empty when what Chatwoot has does not look like a person's. Visitors without a name get
// one like "quiet-river-512" from Chatwoot (Haikunator), others come as a phone number or an address.
func firstName(full string) string {
	if strings.ContainsFunc(full, func(r rune) bool { return unicode.IsNumber(r) || strings.ContainsRune("@_/\\+:<>{}[]|#$%*=", r) }) {
		return ""
	}
	for _, word := range strings.Fields(full) {
		word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
		lower := strings.ToLower(word)
		if word == "" || slices.Contains(titles, lower) {
			continue
		}
		if !likeName(word) || slices.Contains(noNames, lower) {
			return ""
		}
		if word == lower || word == strings.ToUpper(word) {
			return upperFirst(lower)
		}
		return word
	}
	return ""
}

// likeName: letters, perhaps with an apostrophe or a hyphen between capitals ("O'Neil", "Jean-Luc", but not "quiet-river").
func likeName(word string) bool {
	if n := utf8.RuneCountInString(word); n < 2 || n > 20 {
		return false
	}
	if strings.Contains(word, "-") && word == strings.ToLower(word) {
		return false
	}
	capitals := 0
	for i, r := range word {
		switch {
		case unicode.IsUpper(r) && i > 0:
			capitals++
		case !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("'’-", r):
			return false
		}
	}
	return capitals < 3 || word == strings.ToUpper(word)
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
