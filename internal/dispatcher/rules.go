package dispatcher

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tania/internal/tania"
)

// Dispatcher chooses routes.
type Dispatcher struct {
	faq   []faqEntry
	extra map[tania.Route][]string
}

type faqEntry struct {
	id     string
	phrase []string
}

// New compiles the options.
func New(o Options) *Dispatcher {
	d := &Dispatcher{extra: map[tania.Route][]string{}}
	for _, f := range o.FAQ {
		for _, k := range f.Keywords {
			if words := strings.Fields(fold(k)); len(words) > 0 {
				d.faq = append(d.faq, faqEntry{f.ID, words})
			}
		}
	}
	for route, phrases := range map[tania.Route][]string{tania.RouteHandoff: o.Handoff, tania.RouteFrustration: o.Frustration, tania.RouteSensitive: o.Sensitive} {
		for _, p := range phrases {
			if p = fold(p); p != "" {
				d.extra[route] = append(d.extra[route], " "+p+" ")
			}
		}
	}
	return d
}

func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

const human = `(?:una? |otr[ao] |el |la |um |uma |algun |a |an |the |real |live |persona |agente )*(?:persona|humano|humana|agente|asesora?|ejecutiv[oa]|representante|operador[a]?|encargad[oa]|gerente|supervisor[a]?|alguien|human|person|agent|rep|representative|operator|manager|supervisor|someone|somebody|advisor|customer (?:service|support|care)|support|pessoa|atendente|alguem|vendedor|responsavel|suporte|equipe|equipo|staff)`

var rules = []struct {
	route tania.Route
	why   string
	re    *regexp.Regexp
}{
	{tania.RouteSensitive, "sensitive topic", regexp.MustCompile(`\b(cobr\w+ (?:indebid\w+|dos veces|doble|duplicad\w+)|me cobraron|cobrad[oa] (?:duas|em dobro)|charged (?:me )?(?:twice|double)|double charged|unauthori[sz]ed charge|fraude?|estafa\w*|scam|golpe|money back|devuelvan mi dinero|devolucion de mi dinero|meu dinheiro de volta|intoxic\w+|food poisoning|alergi\w+ (?:al|por|grave)|allergic reaction|abogad[oa]|lawyer|advogad[oa]|attorney|sue you|demandar\w*|denunci\w+|profeco|procon|sernac|indecopi|condusef|suicid\w+|data breach|discrimin\w+|acos\w+)\b`)},
	{tania.RouteHandoff, "asks for a human", regexp.MustCompile(`\b(?:(?:hablar|habla|hable|hablr|platicar|comunic\w+|contact\w+|pas[ae]\w*|transf\w+|conect\w+|connect\w*|atiend\w+|atender\w*|talk|speak|chat|get|let|transfer|falar|fale|chamar|chama|llam[ae]\w*|call|passa\w*|necesito|quiero|prefiero|need|want|quero|preciso)\b(?: \w+){0,4}? (?:con|to|with|com|me|a|por|que me \w+|of|para)?\s?` + human + `)\b`)},
	{tania.RouteHandoff, "rejects the bot", regexp.MustCompile(`\b(ya no quiero (?:el|al|este) (?:bot|robot)|no quiero (?:hablar con )?(?:un|el|este) (?:bot|robot)|stop the bot|no quiero bots?|nao quero (?:falar com )?(?:um |o )?(?:bot|robo))\b`)},
	{tania.RouteHandoff, "names a human", regexp.MustCompile(`^(?:un |una |um |uma |an |a )?(?:asesora?|agente|humano|ejecutivo|atendente|agent|human|representative|operador|operator|persona|pessoa)(?: please| por favor| porfa| pls)?$`)},
	{tania.RouteFrustration, "complains", regexp.MustCompile(`\b(hart[oa]|pesim[oa]|porqueria|burla|no sirve\w*|inutil\w*|useless|ridiculous|fed up|worst|terrible service|ya te (?:lo )?dije|already told you|ja (?:te )?(?:falei|expliquei)|horrivel|cansad[oa] d\w+|enrolacao|ninguem resolve|no me resuelven|no entiendes nada|idiota\w*|estupid\w+|stupid)\b`)},
}

var (
	greetings = regexp.MustCompile(`^(?:(?:h+o+l+a+|buen(?:o|a)?s?|dias?|tardes|noches|que|tal|onda|hey+|hi+|hello+|there|good|morning|afternoon|evening|team|oi+|ola+|bom|boa|dia|tarde|noite|tudo|bem|como|estan?|how|are|you|equipo)\s?)+$`)
	thanks    = regexp.MustCompile(`^(?:(?:ok|okay|perfecto|listo|muy amable|much[oa]s?|mil|gracias+|te agradezco|thanks?|thank|you|a|lot|so|very|thx|ty|obrigad[oa]|muito|valeu|pela ajuda|por todo|por la ayuda|amable)\s?)+$`)
	farewell  = regexp.MustCompile(`^(?:(?:adios|chao|chau|hasta|luego|manana|pronto|nos|vemos|bye+|goodbye|see|you|later|tchau|ate|logo|mais|have|a|nice|good|day|que tengas?|buen|dia|gracias|thanks)\s?)+$`)
	thanked   = regexp.MustCompile(`\b(?:gracias|agradezco|thank|thanks|thx|ty|obrigad[oa]|valeu)\b`)
	parting   = regexp.MustCompile(`\b(?:adios|chao|chau|hasta|vemos|bye|goodbye|see you|tchau|ate|have a)\b`)
)

// Dispatch chooses the route of a turn's text.
func (d *Dispatcher) Dispatch(text string) Choice {
	c := Choice{Route: tania.RouteModel, Language: DetectLanguage(text)}
	s := fold(text)
	for _, r := range rules {
		for _, p := range d.extra[r.route] {
			if strings.Contains(" "+s+" ", p) {
				c.Route, c.Why = r.route, "bot.yaml:"+p
				return c
			}
		}
		if m := r.re.FindString(s); m != "" {
			c.Route, c.Why = r.route, r.why+": "+m
			return c
		}
	}
	switch {
	case s == "":
	case farewell.MatchString(s) && parting.MatchString(s):
		c.Route, c.Why = tania.RouteFarewell, s
	case thanks.MatchString(s) && thanked.MatchString(s):
		c.Route, c.Why = tania.RouteThanks, s
	case greetings.MatchString(s):
		c.Route, c.Why = tania.RouteGreeting, s
	default:
		d.matchFAQ(s, &c)
	}
	return c
}

func (d *Dispatcher) matchFAQ(s string, c *Choice) {
	words := map[string]bool{}
	for _, w := range strings.Fields(s) {
		words[w] = true
	}
	best := 0
	for _, f := range d.faq {
		all := true
		for _, w := range f.phrase {
			all = all && words[w]
		}
		if all && len(f.phrase) > best {
			best = len(f.phrase)
			c.Route, c.FAQ, c.Why = tania.RouteFAQ, f.id, "keywords: "+strings.Join(f.phrase, " ")
		}
	}
}

var functionWords = map[tania.Language]string{
	tania.Spanish:    " el los las una de que y en con por para mi su es esta como cuando donde cual cuanto quiero hola gracias buenas buenos tienen puedo hay muchas adios hasta me no si lo ",
	tania.English:    " the a an of and in with for my your is are how when where what which much want hello hi thanks thank you do does can have good i me not to it bye see ",
	tania.Portuguese: " o os as um uma de que e em com por para meu minha seu voce voces esta como quando onde qual quanto quero oi ola obrigado obrigada bom boa tem posso nao sim tchau ate muito me ",
}

// DetectLanguage counts function words.
func DetectLanguage(text string) tania.Language {
	var best tania.Language
	most, tie := 0, false
	for _, lang := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		n := 0
		for _, w := range strings.Fields(fold(text)) {
			if strings.Contains(functionWords[lang], " "+w+" ") {
				n++
			}
		}
		if n > most {
			best, most, tie = lang, n, false
		} else if n == most && n > 0 {
			tie = true
		}
	}
	if tie {
		if strings.ContainsAny(text, "ñ¿¡") {
			return tania.Spanish
		}
		if strings.ContainsAny(text, "ãõç") {
			return tania.Portuguese
		}
	}
	return best
}
