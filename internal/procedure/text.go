package procedure

import (
	"regexp"
	"slices"
	"strings"

	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// said is a text by its words.
type said struct {
	text string
	*language.Reading
	// clauses are the words between signs and conjunctions that end a thought.
	clauses [][]string
}

var ending = regexp.MustCompile(`[,.;:!?¿¡\n]+(?:\s|$)|[¿¡;\n]|\s(?:pero|but|mas|sino|porem)\s`)

func readText(text string) said {
	s := said{text: strings.TrimSpace(text), Reading: language.Read(text)}
	for _, clause := range ending.Split(s.Folded(), -1) {
		var list []string
		for _, w := range language.Read(clause).Tokens() {
			list = append(list, language.Expand(w)...)
		}
		if len(list) > 0 {
			s.clauses = append(s.clauses, list)
		}
	}
	return s
}

// words are all of the text's.
func (s *said) words() []string { return slices.Concat(s.clauses...) }

// phraseOf are the words of a phrase that tell something.
func phraseOf(phrase string) (kept []string) {
	all := language.Read(phrase).Tokens()
	for _, w := range all {
		if !functionWords[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return all // "no", "otro": they are all there is
	}
	return kept
}

// alike reports whether a customer's word is one of a phrase: the same, with another ending, or with a typing error.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) < 4 || len(b) < 4 || a[0] != b[0] {
		return false
	}
	for _, l := range []tania.Language{tania.Spanish, tania.English, tania.Portuguese} {
		if words.Stem(a, l) == words.Stem(b, l) {
			return true
		}
	}
	n := min(len(a), len(b))
	return n >= 5 && words.Distance(a, b, 1) <= 1 || n >= 9 && words.Distance(a, b, 2) <= 2
}

// has reports whether all words of a phrase are in one clause or, with whole, in the text, and none of them is denied.
func (s *said) has(phrase []string, whole bool) bool {
	clauses := s.clauses
	if whole {
		clauses = [][]string{s.words()}
	}
	return slices.ContainsFunc(clauses, func(clause []string) bool {
		first := len(clause)
		for _, want := range phrase {
			at := slices.IndexFunc(clause, func(w string) bool { return alike(w, want) })
			if at < 0 {
				return false
			}
			first = min(first, at)
		}
		return !denied(clause, first)
	})
}

// denied reports whether a word stands behind a no: "no está roto", "I don't want to return it".
func denied(clause []string, at int) bool {
	return slices.ContainsFunc(clause[max(0, at-4):at], func(w string) bool { return negators[w] })
}

// question reports whether a text asks something, informing whether it asks for information and not for a thing to be done.
func (s *said) question() (asks, informing bool) {
	asks = strings.ContainsAny(s.text, "?¿")
	for _, clause := range s.clauses {
		for i, w := range clause {
			switch {
			case asks && interrogatives[w], i == 0 && strongInterrogatives[w], i == 1 && strongInterrogatives[w] && prepositions[clause[0]]:
				return true, true
			}
		}
	}
	return asks, false
}

// wants reports whether a text asks for a thing to be done.
func (s *said) wants() bool {
	return slices.ContainsFunc(s.words(), func(w string) bool { return wanting[w] })
}

// leaves reports whether a text says that the customer does not want to go on.
func (s *said) leaves() bool {
	var kept []string
	for _, w := range s.words() {
		if !courtesies[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 || len(kept) > 6 {
		return false
	}
	return leaving[strings.Join(kept, " ")] || negators[kept[0]] && leaving[strings.Join(kept[1:], " ")]
}

// corrects reports whether a text takes something back that was said.
func (s *said) corrects() bool {
	all := s.words()
	folded := " " + strings.Join(all, " ") + " "
	return len(all) > 0 && correctingFirst[all[0]] && len(all) > 1 ||
		slices.ContainsFunc(correcting, func(c string) bool { return strings.Contains(folded, " "+c+" ") })
}

// mentions reports whether a text names a slot: by its name, its label or its words.
func (s *said) mentions(of *slot) bool {
	names := append([]string{strings.ReplaceAll(of.name, "_", " ")}, of.words...)
	for _, label := range of.label {
		names = append(names, label)
	}
	return slices.ContainsFunc(names, func(name string) bool {
		phrase := slices.DeleteFunc(phraseOf(name), func(w string) bool { return anyOnes[w] })
		return len(phrase) > 0 && !slices.ContainsFunc(phrase, func(want string) bool {
			return !slices.ContainsFunc(s.words(), func(w string) bool { return alike(w, want) })
		})
	})
}

func set(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}

func phrases(list ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range list {
		all[w] = true
	}
	return all
}

var (
	functionWords = set(`a al o os as um uma el la los las un una unos unas the an my mi mis meu minha meus minhas su sus your de del do da dos das of
		en em in to for para por y e and que se me te lo le`)
	// anyOnes stand in labels and tell none from another.
	anyOnes  = set(`nuevo nueva new novo nova numero number num`)
	negators = set(`no not nunca never sin without nao sem jamas jamais ningun ninguno nenhum`)
	// interrogatives ask for information where the sentence is a question; strong ones do so anywhere.
	interrogatives = set(`cuanto cuanta cuantos cuantas como cuando donde cual cuales que quien quienes porque how when where what which why who
		quanto quanta quantos quantas quando onde qual quais quem`)
	strongInterrogatives = set(`cuanto cuanta cuantos cuantas cual cuales donde how where what which who why quanto quanta quantos quantas qual quais onde`)
	prepositions         = set(`a en de con por para desde hasta at in on from by em com ate`)
	wanting              = set(`quiero quisiera querria queria necesito deseo ocupo quero preciso gostaria desejo want need wanna like please favor ayuda ayudame help
		ajuda mi mis my meu minha`)
	courtesies = set(`por favor please porfa gracias thanks thank you obrigado obrigada ok okay vale bueno bien pues entonces mejor then well bom
		entao ya ahora so i it eso esto isso all lo la yo eu hola sorry perdon perdona disculpa desculpa y e and`)
	leaving = phrases("dejalo", "dejelo", "deja", "dejemos", "dejemoslo", "dejalo asi", "deja asi", "dejelo asi", "olvidalo", "olvidelo",
		"olvida", "no importa",
		"no quiero", "no quiero seguir", "no quiero continuar", "no quiero nada", "no sigo", "no seguir", "no continuar", "cancela", "cancelar",
		"cancelalo", "cancele", "salir", "terminar", "basta", "nada", "no nada", "cambie de idea", "me arrepenti", "cambie de opinion",
		"no necesito",
		"never mind", "nevermind", "forget", "forget about", "leave", "leave be", "cancel", "stop", "quit", "exit", "do not want to continue",
		"do not want to", "do not want", "changed my mind", "have changed my mind", "no longer want", "do not need", "drop",
		"deixa", "deixa pra", "deixa para", "deixe", "deixa quieto", "esquece", "esqueca", "desisto", "desisti", "sair", "parar",
		"nao quero mais", "nao quero",
		"nao quero continuar", "nao precisa", "mudei de ideia")
	correcting = []string{
		"en realidad", "quise decir", "quiero decir", "me equivoque", "equivoque", "corrijo", "correccion", "corregir", "mal", "cambia",
		"cambiar",
		"cambie", "cambialo", "era", "perdon", "digo", "no es", "sino", "actually", "i meant", "meant", "mistake", "wrong", "correct",
		"correction",
		"change", "sorry", "instead", "na verdade", "quis dizer", "errei", "errado", "errada", "corrigir", "mudar", "muda", "trocar", "desculpa",
		"alias", "nao e",
	}
	correctingFirst = set(`no not nao nope mejor melhor perdon sorry desculpa`)
)
