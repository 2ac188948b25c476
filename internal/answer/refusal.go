package answer

import (
	"strings"

	"tania/internal/language"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// longestRefusal is how long a reply that only refuses is, in bytes: two or three sentences without a word of substance.
const longestRefusal = 400

var (
	// refusals say that the bot cannot or may not do "that", folded and without the marks at their ends. What "that" is stays open: a refusal
	// that names it, or goes on with "but", tells the customer something.
	refusals = lazyregexp.New(`^` + sorry + `(?:` + refusalES + `|` + refusalEN + `|` + refusalPT + `)$`)
	// politeness is what stands beside a refusal and says nothing more: an apology, an offer of other help.
	politeness = lazyregexp.New(`^(?:` + sorry + `|.*\b(?:hay|tiene\w*|existe) (?:algo|alguna|otra) .*\b(?:ayud|` +
		`asist)\w+.*|.*\b(?:en que|algo) (?:mas|otra) .*ayud\w+.*|` +
		`.*\b(?:something|anything) else\b.*|.*\bhow else\b.*|.*\b(?:algo mais|mais alguma coisa|outra coisa|` +
		`em que mais)\b.*)$`)
)

var emphasis = strings.NewReplacer("*", "", "_", "")

const (
	sorry = `(?:(?:lo siento|lo lamento|lamento|disculp[aeo]\w*|perdon\w*|una disculpa|(?:i am |i[’']m )?(?:very |` +
		`so )?sorry|i apologi[sz]e|(?:my )?apologies|` +
		`unfortunately|desculp[aeo]\w*|sinto muito|infelizmente|lamentablemente|mucho|muito|por eso|for that|about that|` +
		`pero|but|mas|sin embargo|however|` +
		`(?:como|as|sendo) (?:an?|um|uma|un|una)? ?(?:ai|ia|modelo|assistente|asistente|language|virtual|` +
		`large)[^,.;]{0,40}),? ?)*`
	refusalES = `(?:yo )?no (?:te |le |les )?(?:puedo|podemos|podria|me es posible|nos es posible|soy capaz de|` +
		`estoy autorizad[oa] (?:a|para)|tengo permitido) ?` +
		`(?:(?:ayudar|asistir|responder|contestar|cumplir|hacer|realizar|proporcionar|atender|continuar|hablar|discutir|` +
		`participar)(?:te|le|les|lo)? ?)?` +
		`(?:(?:con|a|en|de|sobre)? ?(?:eso|esto|ello|(?:es[ae]|est[ae]|tu|su) (?:\w+ )?(?:solicitud|peticion|consulta|` +
		`pregunta|tema|asunto)))?`
	refusalEN = `i(?: can[’']?t| cannot| can not| could not| am unable to| am not able to|[’']m unable to|` +
		`[’']m not able to| won[’']?t| will not|` +
		` am not allowed to|[’']m not allowed to| do not| don[’']?t)(?: be able to)?` +
		` (?:help|assist|answer|respond|comply|fulfil?l|provide|do|engage|discuss|continue|process|complete)(?: you)?` +
		`(?: with| to| in| on)?(?: (?:that|this|it|(?:that|this|your|the) (?:\w+ )?(?:request|question|topic|query|` +
		`conversation|matter)))?`
	refusalPT = `(?:eu )?nao (?:te |lhe |o |a )?(?:posso|podemos|consigo|me e possivel|e possivel|sou capaz de|` +
		`estou autorizad[oa] a|tenho permissao para) ?` +
		`(?:(?:te |lhe )?(?:ajudar|auxiliar|atender|responder|cumprir|fazer|realizar|fornecer|continuar|falar|` +
		`discutir)(?:-lo|-la|-te|-lhe)? ?)?` +
		`(?:(?:com|a|em|de|sobre)? ?(?:isso|isto|(?:ess[ae]|est[ae]|sua|seu|a sua|o seu) (?:\w+ )?(?:solicitacao|pedido|` +
		`pergunta|assunto|tema|questao)))?`
)

// onlyRefuses reports whether a reply does no more than refuse: "Lo siento, no puedo ayudar con eso."
func onlyRefuses(text string) bool {
	if len(text) > longestRefusal {
		return false
	}
	refused := false
	for statement := range language.Statements(words.Fold(emphasis.Replace(text))) {
		said := strings.Trim(statement, " \n\t.,;:!?…\"'")
		switch {
		case refusals.MatchString(said):
			refused = true
		case said != "" && !politeness.MatchString(said):
			return false
		}
	}
	return refused
}
