package promise

import "strings"

// Verbs of no table are claims where their form alone says that the bot, or somebody of the business, did something or will. harmless are
// those that a talk is made of.
var (
	harmlessPast = set(`entendido comprendido visto leido recibido encontrado podido tenido sido estado intentado logrado conseguido mencionado comentado dicho
		explicado indicado preguntado perdido equivocado querido pensado notado hecho
		received read understood seen found noticed been had tried mentioned said explained got told asked
		missed meant misunderstood gotten heard loved known wanted needed thought`)
	harmlessLater = `ayud ajud explic cont dir pod ser est tendr ter neces precis intent tent trat esper encant recom suger mostr gui orient quer hab sab deb
		gust ver detall indic coment brind acompan dar escuch entend valor agrad apreci segu pregunt`
	harmlessWill = set(`be need have help explain try do see love guide walk tell show share assist look provide say answer wait gladly appreciate want like recommend
		understand never always not list describe clarify summarize ask stay continue happily mean depend vary cost apply find require`)
	harmlessState = `includ locat bas requir need limit allow expect cover protect guarant appreciat interest relat consider delay damag clos open lik hop suppos charg
		inclui ubic limit permit cubiert proteg garant interes dan agot cerr perd retras prev relacion bienven localiz fech
		atras abert valor suggest apologiz offer`
	harmlessGoing = `ayud ajud explic cont dec diz neces precis ver ser est intent tent mostr gui orient pod ter dar tener haber hav
		pas comunic conect transf respond entend recom preguntar`
)

// startsWith reports whether a word begins with a stem of a list.
func startsWith(w, list string) bool {
	for stem := range strings.FieldsSeq(list) {
		if strings.HasPrefix(w, stem) {
			return true
		}
	}
	return false
}

// open reads claims whose verb is in no table.
func (c *clause) open(i int) (Act, tense) { //nolint:cyclop,gocognit // a case for each form
	w, low := c.fold[i], c.low[i]
	switch {
	case w == "he" || w == "hemos":
		j := c.skip(i+1, adverbs)
		if p := c.word(j); (participles[ending(p, 3)] || participles[ending(p, 4)]) && !harmlessPast[p] && len(p) > 5 {
			return Other, done
		}
	case w == "have" && subjects[c.word(c.back(i, adverbs))]:
		if p := c.word(c.skip(i+1, adverbs)); strings.HasSuffix(p, "ed") && !harmlessPast[p] {
			return Other, done
		}
	case strings.HasSuffix(w, "ed") && in(c.word(i-1), "just already") && subjects[c.word(i-2)] && !harmlessPast[w]:
		return Other, done
	case in(w, "is was were been be queda quedo esta fue sera sido foi ficou") && c.any(i-4, i, possessed):
		p := c.word(c.skip(i+1, adverbs))
		romance := (participles[ending(p, 3)] || participles[ending(p, 4)]) && len(p) > 5
		english := strings.HasSuffix(p, "ed") && len(p) > 4
		possible := w == "be" && c.word(i-1) != "will"
		if !romance && !english || possible || startsWith(p, harmlessState) {
			return "", 0
		}
		if in(w, "be sera is esta") { // a passage may say that it is so of everybody
			return Other, coming
		}
		return Other, done
	case strings.HasSuffix(w, "ed") && len(w) > 4 && subjects[c.word(i-1)] && !harmlessPast[w] && !startsWith(w, harmlessState):
		return Other, done
	case w == "will" || w == "going" && c.word(i+1) == "to":
		return c.willDo(i)
	case w == "voy" || w == "vamos" || w == "vou":
		j := i + 1
		if c.word(j) == "a" {
			j++
		}
		j = c.skip(j, clitics)
		if v := c.word(j); isInfinitive(v) && !startsWith(v, harmlessGoing) {
			return Other, coming
		}
	case later(w, low):
		if !startsWith(w, harmlessLater) {
			return Other, coming
		}
	case (strings.HasSuffix(low, "rá") || strings.HasSuffix(low, "rán") || strings.HasSuffix(low, "rão")) && len(w) > 2:
		if c.any(0, i, persons) && !startsWith(w, harmlessLater) {
			return Other, coming
		}
	case w == "vai" || w == "vao" || w == "va" || w == "van":
		if c.any(0, i, persons) && !c.has(i, len(c.fold), "ajudar ayudar ayudarte precisar necesitar") {
			return Other, coming
		}
	case w == "encargo" || w == "ocupo" || w == "cuido" || w == "procedo":
		if in(c.word(i-1), "me yo eu") || w == "procedo" {
			return Other, coming
		}
	case w == "tienes" || w == "tiene":
		if c.word(i-1) == "ya" && c.form(i+1) == participle {
			return c.acts[i+1], done
		}
	case w == "liberty" && c.word(i-2) == "took", w == "way" && c.word(i-1) == "its" && c.any(0, i, moneys):
		return Other, done
	case strings.HasSuffix(w, "ei") && len(w) > 4 && !startsWith(w, "sei ter gost entend encontr expliqu mencion coment not consegui tent err"):
		return Other, done
	case w == "abrimos" || w == "abrimo":
		if c.has(i+1, i+4, "chamado ticket incidencia caso reclamacion reclamo reclamacao solicitud solicitacao protocolo") {
			return Register, done
		}
	}
	return "", 0
}

// willDo reads "I'll hold one", "my colleagues will respond".
func (c *clause) willDo(i int) (Act, tense) {
	j := i + 1
	if c.word(i) == "going" {
		j++
	}
	j = c.skip(j, adverbs)
	who := c.word(c.back(i, map[string]bool{"am": true, "are": true, "is": true, "also": true}))
	if !in(who, "i we") && !c.any(0, i, persons) || harmlessWill[c.word(j)] && c.word(j+1) != "to" || j >= len(c.fold) {
		return "", 0
	}
	if c.word(j) == "see" && c.word(j+1) == "to" {
		return Other, coming
	}
	if in(c.word(j), "give send") && c.has(j, len(c.fold), "information details answer steps") {
		return "", 0
	}
	return Other, coming
}

func ending(w string, n int) string { return w[max(0, len(w)-n):] }

func isInfinitive(w string) bool {
	for _, e := range []string{"ar", "er", "ir", "arte", "arle", "erte", "erle", "irte", "irle", "arlo", "arla", "erlo", "arme", "erme"} {
		if strings.HasSuffix(w, e) && len(w) > len(e)+1 {
			return true
		}
	}
	return false
}

// later reports whether a word is a future of the first person: "guardaré", "repondremos".
func later(w, low string) bool {
	for _, e := range []string{"aré", "eré", "iré", "dré"} {
		if strings.HasSuffix(low, e) && len(low) > len(e)+2 {
			return true
		}
	}
	return strings.HasSuffix(w, "remos") && len(w) > 7 && !in(w, "queremos podremos")
}

// stemAt is how the verb of a claim begins: of the word at a place or, where that is an auxiliary, of the next that is none.
func (c *clause) stemAt(i int) string {
	for i < len(c.fold) && (clitics[c.fold[i]] || in(c.fold[i], "will going to voy vamos vou a he hemos have just vai vao va van be is esta sera now already")) {
		i++
	}
	w := c.word(i)
	return w[:min(len(w), 5)]
}
