package shareable

import (
	"strings"

	"tania/internal/cache/reading"
)

// followsUp reports whether the message cannot be understood alone.
func (m *spoken) followsUp() bool {
	switch {
	case len(m.rest) <= 5 && (m.says(again) || m.says(understands)):
		return true
	case len(m.rest) == 0, len(m.content) == 0 && !m.askedWhole(), m.joins():
		return true
	case len(m.rest) == 1:
		return !topic(m.rest[0])
	case m.says(anyhow) && !(m.accented["se"] && !m.says(refers)), m.fragment(), m.picksAmong(), m.pointsBack(), m.lacksSubject(), m.lacksObject():
		return true
	}
	return false
}

// askedWhole admits the few questions that function words alone make: "¿dónde están?", "who are you".
func (m *spoken) askedWhole() bool {
	first := m.at(0)
	return len(m.rest) >= 2 && asks[first] && (reading.HasAny(m.rest, businesses) && !reading.HasAny(m.rest, pointing))
}

var businesses = reading.WordSet(`you estan ustedes eres voces voce`)

// joins reports whether the message begins with what joins it to another.
func (m *spoken) joins() bool {
	for _, first := range []string{m.all[0], m.at(0)} {
		next := m.at(1)
		switch {
		case joins[first] && !(first == "so" && (next == "para" || next == "aceitam" || next == "tem")), first == "mas" && !m.accented["mas"],
			first == "e" && !m.accented["e"], first == "o" && (next == "sea" || haveVerbs[next] || next == "es" || next == "el" || next == "la" || next == "si"):
			return true
		}
	}
	return m.rest[len(m.rest)-1] == "tambien" || m.rest[len(m.rest)-1] == "tambem" || m.rest[len(m.rest)-1] == "too"
}

// abstract reports whether a word has an ending of abstract nouns.
func abstract(w string) bool {
	return reading.EndsIn(w, 3, "cion", "ciones", "sion", "siones", "dad", "dades", "encia", "encias", "ancia", "ancias", "miento", "mientos", "cao", "coes", "dade", "mento", "mentos", "tion", "tions", "sions", "ment", "ments", "ship", "ships",
		"bility", "ility", "ance", "ence", "logy", "logia")
}

// enclitic reports whether a word is a verb with a pronoun at its end: "devolverlo".
func enclitic(w string) bool {
	for _, pronoun := range []string{"melo", "mela", "selo", "sela", "lo", "la", "los", "las"} {
		if verb, ok := strings.CutSuffix(w, pronoun); ok && reading.EndsIn(verb, 2, "ar", "er", "ir", "ando", "iendo") {
			return true
		}
	}
	return false
}

// topic reports whether a word alone names what a business is asked about.
func topic(w string) bool {
	return topics[w] || abstract(w) && !untopical[w] && !picks[w]
}

// courtesy is the words of thanks and favours: "perfecto, muchas gracias" says no more than "perfecto".
var courtesy = reading.WordSet(strings.ReplaceAll(reading.Favours, "|", " "))

// slight reports whether a word carries no matter of its own.
func slight(w string) bool {
	return reading.FunctionWords[w] || preps[w] || courtesy[w] || reading.Addresses[w] || dangling[w] || picks[w] || reading.IsNumber(w) || saysNumber(w)
}

// saysNumber reports whether a word is a number's, in any language: a gate does not know which one is spoken.
func saysNumber(w string) bool {
	for _, table := range reading.Numerals {
		if _, ok := table[w]; ok {
			return true
		}
	}
	return false
}

// fragment reports whether the message is a piece of a sentence: "in red", "para dos personas", "el de 500 megas".
func (m *spoken) fragment() bool {
	matter, topical := 0, false
	for _, w := range m.content {
		if !slight(w) && !(options[w] && len(m.rest) <= 4 && m.at(0) != "how" && !m.verbs()) {
			matter++
		}
		topical = topical || topic(w)
	}
	if matter == 0 {
		return !(reading.HasAny(m.rest, asks) && topical && len(m.rest) > 3) && !m.aboutYou() && len(m.rest) <= 8
	}
	first, next := m.at(0), m.at(1)
	if article[first] && (next == "de" || next == "que" && first != "o" && first != "a" || next == "one" && first == "the" || next == "mas" || next == "menos" || next == "mais" || next == "do" || next == "da") {
		return true
	}
	verbs, inf, question := m.verbs(), false, reading.HasAny(m.rest, asks)
	for _, w := range m.rest {
		inf = inf || infinitive(w) || strings.HasSuffix(w, "ing")
	}
	if verbs || question || commands[first] || m.accented[first] && strings.HasSuffix(first, "a") || m.told() {
		return false
	}
	switch {
	case preps[first] && !(inf && (infinitive(next) || strings.HasSuffix(next, "ing") || first == "para" || first == "to" || first == "for" || first == "de")) && !asks[next] && !(first == "a" && len(m.rest) > 4):
		return true
	case definiteArt[first] && len(m.rest) <= 4 && !topical && !inf:
		return true
	case len(m.rest) <= 3 && !topical && !inf && (picks[first] || options[first] || picks[m.rest[len(m.rest)-1]] || reading.IsNumber(m.rest[len(m.rest)-1]) || reading.EndsIn(next, 3, "er", "est", "isimo", "isima") && definiteArt[first]):
		return true
	}
	return false
}

// aboutYou reports whether the bot or the business itself is asked or told something, which needs no antecedent.
func (m *spoken) aboutYou() bool {
	for i, w := range m.rest {
		if (w == "you" || w == "your") && i > 0 && len(m.rest) >= 3 && !reading.HasAny(m.rest, pointing) && m.at(0) != "do" && m.at(0) != "can" && m.at(0) != "would" && !reading.HasAny(m.rest, dangling) {
			return true
		}
	}
	return reading.HasAny(m.rest, yourself) && !reading.HasAny(m.rest, pointing) || m.at(0) == "eres" && len(m.rest) > 1
}

// verbs reports whether a word of the message is a finite verb, as far as forms tell.
func (m *spoken) verbs() bool {
	for i, w := range m.rest {
		if finite[w] && !(w == "e" && !m.accented["e"]) && !(w == "da" || w == "se" || w == "use") || subjectless[w] && w != "e" ||
			len(w) >= 5 && (strings.HasSuffix(w, "an") || strings.HasSuffix(w, "en") || strings.HasSuffix(w, "am") || strings.HasSuffix(w, "em") || strings.HasSuffix(w, "amos") || strings.HasSuffix(w, "emos")) ||
			i > 0 && (m.rest[i-1] == "se" || m.rest[i-1] == "me" || m.rest[i-1] == "i" || m.rest[i-1] == "you" || m.rest[i-1] == "no" && !(i == 1 && options[w])) && !preps[w] {
			return true
		}
	}
	return false
}

// picksAmong reports whether a "which" has no noun: "cuál conviene", "qual é melhor", "cuál es la diferencia".
func (m *spoken) picksAmong() bool {
	for i, w := range m.rest {
		if w != "cual" && w != "cuales" && w != "qual" && w != "quais" && w != "which" {
			continue
		}
		after := m.rest[i+1:]
		matter := 0
		for _, a := range after {
			if !slight(a) {
				matter++
			}
		}
		if matter == 0 && !(len(after) > 2 && reading.HasAny(after, topics)) {
			return true
		}
		last := m.rest[len(m.rest)-1]
		if strings.HasPrefix(last, "diferen") || strings.HasPrefix(last, "differen") {
			return true
		}
	}
	for i, w := range m.rest {
		if strings.HasPrefix(w, "diferenci") || strings.HasPrefix(w, "diferenca") || strings.HasPrefix(w, "difference") {
			return i == len(m.rest)-1
		}
	}
	return false
}

// pointsBack reports whether a pronoun has nothing in the message to stand for.
func (m *spoken) pointsBack() bool {
	antecedent := false
	before := 0
	for i, w := range m.rest {
		prev, next := m.at(i-1), m.at(i+1)
		free := antecedent && before >= 1
		switch {
		case w == "that":
			if !(i > 1 && clauses[next] && !askThat[prev]) && !free && !(i > 0 && !reading.FunctionWords[prev] && next != "") {
				return true
			}
		case w == "it":
			if !free && !m.impersonal(i) {
				return true
			}
		case w == "one" && (prev == "from" || prev == "between" || next == "to" || reading.IsNumber(next)):
		case w == "one":
			if next == "" || reading.FunctionWords[next] || prev == "the" || definiteArt[m.at(i-2)] && !reading.FunctionWords[prev] {
				return true
			}
		case w == "ones":
			return true
		case others[w]:
			if prev == "each" || next == "persona" || next == "person" || next == "people" || next == "pessoa" {
				break
			}
			if next == "" || reading.FunctionWords[next] || attributes[next] && i <= 3 || len(m.content) < 3 {
				return true
			}
		case w == "mismo" || w == "misma" || w == "same" || w == "mesmo" || w == "mesma":
			if next == "" || definiteArt[prev] && next == "" || i == 0 {
				return true
			}
		case w == "he" && (participle(next) || prev == "me" || prev == "te" || prev == "lo" || next == "puesto" || next == "hecho"):
		case w == "they" || w == "them" || w == "their" || w == "ellos" || w == "ellas" || w == "ella" || w == "ele" || w == "ela" || w == "eles" || w == "elas" || w == "he" || w == "she" || w == "him" || w == "his" || w == "her" || w == "its":
			if !free && before < 2 {
				return true
			}
		case w == "este" || w == "estos" || w == "this" || w == "these" || w == "neste" || w == "deste" || w == "desta" || w == "nesta" || w == "that" || w == "ese" || w == "esa" || w == "esse" || w == "essa":
			if !timely[next] && !here[next] && !dated[next] && !(free && next == "") {
				return true
			}
		case w == "ahi" || w == "alli" || w == "alla":
			return true
		case pointing[w]:
			if !timely[next] && !here[next] && !free {
				return true
			}
		case w == "there":
			if i > 1 && !free && prev != "is" && prev != "are" && prev != "was" && prev != "were" && prev != "will" && prev != "be" && next != "is" && next != "are" && next != "a" && next != "any" {
				return true
			}
		case w == "lo":
			if !free && !lastingAfter[next] {
				return true
			}
		case (w == "la" || w == "los" || w == "las") && (haveVerbs[next] || i > 0 && clitics[prev] && !(prev == "no" && i == 1) && next != "" && (haveVerbs[next] || strings.HasSuffix(next, "an") || strings.HasSuffix(next, "en"))):
			if !free {
				return true
			}
		case w == "el" && m.accented["el"]:
			if !free {
				return true
			}
		case w == "esta" && !m.accented["esta"]:
			// "esta camisa" but "esta bloqueada", "esta timely noun".
			if next != "" && !reading.FunctionWords[next] && !participle(next) && !timely[next] && !here[next] && !picks[next] && !asks[prev] && i > 0 && i <= 3 && before < 2 && subjectless[prev] {
				return true
			}
		case len(w) > 6 && enclitic(w) && !charla[w]:
			if !free {
				return true
			}
		}
		if !reading.FunctionWords[w] {
			before++
		}
		if !slight(w) && !pointing[w] && !attributes[w] && (i > 0 && (determiners[prev] || asks[prev] || prev == "de" || prev == "of" || prev == "if" || prev == "si") || strings.HasSuffix(w, "s") && i > 0) {
			antecedent = true
		}
	}
	return false
}

// impersonal says of an "it" that it stands for nothing: "is it possible", "does it cost to send", "what does it mean if", "will it rain".
func (m *spoken) impersonal(i int) bool {
	after := m.rest[i+1:]
	if len(after) == 0 {
		return false
	}
	if supposed[after[0]] || reading.HasAny(m.rest, weathery) && !reading.HasAny(m.rest, own) {
		return true
	}
	for j, w := range after {
		switch w {
		case "to", "if", "when", "that":
			if j > 0 && len(after) > j+1 {
				return true
			}
		case "for":
			if j > 0 && reading.HasAny(after[j:], map[string]bool{"to": true}) {
				return true
			}
		}
	}
	return m.at(i-1) == "would" && after[0] == "be" || after[0] == "is" && len(after) > 1 && supposed[after[1]] || m.at(i-1) == "is" && after[0] == "time"
}

// lacksSubject reports whether a verb of the third person begins the sentence and no thing is named that it could speak of: "¿es reembolsable?".
func (m *spoken) lacksSubject() bool {
	at := -1
	for i, w := range m.rest {
		if w == "e" && !m.accented["e"] {
			continue
		}
		if subjectless[w] && !(w == "esta" && i > 0 && !reading.FunctionWords[m.rest[i-1]] && !asks[m.at(i-2)]) {
			at = i
			break
		}
		// What comes before may only ask: "cuántos megas", "de qué material".
		asked := asks[w] || preps[w] || w == "no" || w == "si" || w == "mas" || w == "tambien" || w == "me" || w == "se" || w == "tiempo" || w == "tempo"
		if !asked && (i == 0 || !asks[m.rest[i-1]]) {
			return false
		}
	}
	if at < 0 || m.saysAt(impersonals, at) || reading.HasAny(m.rest[at:], yourself) {
		return false
	}
	verb := m.rest[at]
	if verb == "e" || verb == "es" || verb == "son" || verb == "sao" || verb == "era" || verb == "fue" || verb == "sera" || verb == "seria" {
		// "cuál es el horario", "qué es un CDT" name their subject.
		if at > 0 && asks[m.rest[at-1]] && len(m.rest) > at+2 {
			return false
		}
	}
	asking := reading.HasAny(m.rest[:at], asks)
	if asking && at >= 2 && !preps[m.at(0)] && copular[verb] && !attributes[m.rest[at-1]] && !slight(m.rest[at-1]) || m.at(at-1) == "quien" || m.at(at-1) == "quienes" || m.at(at-1) == "quem" || weatherly[m.at(at+1)] {
		return false
	}
	if verb == "estan" && (m.at(0) == "donde" || m.at(0) == "en" && asks[m.at(1)] && at > 2) {
		return false
	}
	if last := m.rest[len(m.rest)-1]; (verb == "demora" || verb == "tarda" || verb == "demoran" || verb == "tardan" || verb == "leva") && at > 0 && infinitive(last) && last != "llegar" && last != "chegar" && last != "salir" && last != "sair" {
		return false
	}
	subjects := 0
	for i := at + 1; i < len(m.rest); i++ {
		w, prev := m.rest[i], m.rest[i-1]
		switch {
		case w == "que" && i == at+1 && verb != "es", infinitive(w) && !(preps[prev] && prev != "a"):
			return false
		case determiners[prev] && !(prev == "a" && (m.accented["a"] || !lusitan[verb])) && !preps[m.at(i-2)] && !slight(w) && prev != "no" && prev != "na":
			if i-1 == at+1 && takers[verb] && !asking {
				continue
			}
			subjects++
		case i == at+1 && !takers[verb] && !slight(w) && !copular[verb]:
			subjects++
		case i > at+1 && !slight(w) && !slight(prev) && !preps[prev] && takers[verb] && strings.ToLower(w) != w:
			subjects++
		}
	}
	return subjects == 0
}

// lusitan verbs are Portuguese, where "a" is an article.
var lusitan = reading.WordSet(`e sao estao fica vem inclui custa custam serve cobre demora dura pesa tem aceita funciona`)

// lacksObject reports whether one may do something to nothing that is named: "¿se puede lavar?".
func (m *spoken) lacksObject() bool {
	last := m.rest[len(m.rest)-1]
	switch m.at(0) {
	case "se", "puedo", "puede", "posso", "pode", "podemos":
		return len(m.rest) <= 3 && infinitive(last)
	}
	return false
}

// weatherly is said of the sky.
var weatherly = reading.WordSet(`lloviendo nevando nublado ventoso soleado despejado granizando chovendo`)

var (
	refers      = book(`me lo|te lo|el otro|la otra|otra cosa|cual me`)
	again       = book(`por que no|why not|otra vez|de nuevo|de novo|again|what else|anything else|something else|are you sure`)
	understands = book(`i do not understand|i have tried`)
)

// told reports whether courtesy which was taken off asked to be told something, so that a noun alone is a whole request: "tell me the weather".
func (m *spoken) told() bool {
	if len(m.all) == len(m.rest) {
		return false
	}
	for _, w := range m.all[:len(m.all)-len(m.rest)] {
		if embedded[w] || told[w] {
			return true
		}
	}
	return false
}

var copular = reading.WordSet(`es son esta estan e sao estao fica era fue sera seria queda quedan`)
