package fact

import (
	"slices"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
	"tania/internal/tania"
)

// reader reads the facts of a text.
type reader struct {
	text      string
	tokens    []token.Token
	parts     []string
	languages []tania.Language
	field     bool
	facts     []fact
}

func (r *reader) read() {
	for i := 0; r.tokens[i].Sort != 0; {
		next := i
		switch r.tokens[i].Sort {
		case token.Figures:
			next = r.atFigures(i)
		case token.Word:
			next = r.atWord(i)
		case token.Sign:
			next = r.atSign(i)
		}
		i = max(next, i+1)
	}
	r.sureOfHalf()
	r.bind()
}

// add takes a fact that stands from one token up to another.
func (r *reader) add(f fact, from, to int) {
	f.at, f.end = r.tokens[from].At, r.tokens[to-1].End
	r.facts = append(r.facts, f)
}

// has reports whether words stand from a token on.
func (r *reader) has(i int, words ...string) bool {
	if i+len(words) > len(r.parts) {
		return false
	}
	return slices.Equal(r.parts[i:i+len(words)], words)
}

// tight reports whether no space stands between the tokens from one up to another.
func (r *reader) tight(from, to int) bool {
	for i := from + 1; i <= to; i++ {
		if i >= len(r.tokens) || r.tokens[i].Spaced {
			return false
		}
	}
	return true
}

// before is the folded word before a token, "" for none.
func (r *reader) before(i, by int) string {
	if i-by < 0 {
		return ""
	}
	return r.parts[i-by]
}

// speaks reports whether the text may be in a language.
func (r *reader) speaks(lang tania.Language) bool { return slices.Contains(r.languages, lang) }

func (r *reader) atFigures(i int) (next int) {
	for _, read := range []func(int) int{
		r.enumerator, r.always, r.dateOfFigures, r.days, r.phone, r.time, r.promo, r.codeOfFigures, r.amount,
	} {
		if next = read(i); next > i {
			return next
		}
	}
	return i
}

func (r *reader) atWord(i int) (next int) {
	for _, read := range []func(int) int{
		r.moneyBefore, r.codeOfLetters, r.monthFirst, r.days, r.month, r.named, r.noon, r.wordedTime, r.amount, r.one, r.plan,
	} {
		if next = read(i); next > i {
			return next
		}
	}
	return i
}

func (r *reader) atSign(i int) (next int) {
	switch t := r.tokens[i]; {
	case t.Low == "#":
		return r.numbered(i)
	case t.Low == "+":
		return r.phone(i)
	case t.Low == "(":
		return r.phone(i)
	case unit.Money[unit.ByWord[t.Low].Base]:
		return r.moneyBefore(i)
	}
	return i
}

// enumerator passes over the number of a point of a list, and of a step or an option.
func (r *reader) enumerator(i int) (next int) {
	t := r.tokens[i]
	if r.emergency(i) || r.before(i, 1) == "felices" || r.parts[i+1] == "gracias" {
		return i + 1
	}
	if len(t.Low) > 2 {
		return i
	}
	if t.First && pointMarks[r.parts[i+1]] && (r.tokens[i+2].Spaced || r.parts[i+1] != "-" && r.parts[i+1] != ":") {
		return i + 2
	}
	key := strings.HasPrefix(strings.TrimPrefix(r.text[t.End:], "\ufe0f"), "\u20e3")
	if r.parts[i+1] == ")" && r.before(i, 1) != "(" || key {
		return i + 1
	}
	// "… 1. Print the label. 2. Drop it off."
	if r.parts[i+1] == "." && r.tokens[i+2].Capital() && r.tokens[i+2].Spaced && r.beginsSentence(i) {
		return i + 2
	}
	if steps[r.before(i, 1)] || r.chosen(i) || r.before(i, 1) == "#" && steps[r.before(i, 2)] {
		return i + 1
	}
	return i
}

// emergency reports whether a number is one that everybody in a country calls: 112, 911.
func (r *reader) emergency(i int) bool {
	if r.tokens[i+1].Sort == token.Figures || r.parts[i+1] == "-" {
		return false
	}
	return in112[r.parts[i]] && (called[r.before(i, 1)] || called[r.before(i, 2)])
}

// chosen reports whether a number is that of a choice: "la 1 o la 2".
func (r *reader) chosen(i int) bool {
	if len(r.parts[i]) > 1 || r.tokens[i+1].Sort == token.Word && !between[r.parts[i+1]] {
		return false
	}
	return r.before(i, 1) == "la" && (r.parts[i+1] == "o" || r.before(i, 2) == "o") && r.before(i, 2) != "a" && r.before(i, 4) != "a"
}

var (
	in112  = reading.WordSet(`112 911 999 190 192 193 061 091 088 107`)
	called = reading.WordSet(`llame llama llamar llamen call dial marque marca marcar ligue ligar disque`)
)

var pointMarks = reading.WordSet(". ) - :")

var steps = reading.WordSet(`paso pasos passo passos step steps opcion opciones opcao option options punto ponto numero pregunta
		question pergunta alternativa respuesta`)

// always reads "24/7".
func (r *reader) always(i int) (next int) {
	var end int
	switch {
	case r.has(i, "24", "/", "7") || r.has(i, "24", "x", "7"):
		end = i + 3
	case r.has(i, "24", "horas", "al", "dia") || r.has(i, "24", "horas", "del", "dia") || r.has(i, "24", "horas", "por", "dia") ||
		r.has(i, "24", "hours", "a", "day") || r.has(i, "24", "horas", "do", "dia"):
		end = i + 4
	default:
		return i
	}
	if !r.ofBot(i) {
		r.add(fact{kind: Day, set: allDays, span: true, hours: true}, i, end)
	}
	return end
}

// ofBot reports whether what stands at a place is said of the bot itself: "estoy aquí 24/7".
func (r *reader) ofBot(i int) bool {
	for by := 1; by <= 5; by++ {
		switch r.before(i, by) {
		case "estoy", "estou", "i'm", "i’m", "am", "asistente", "assistant", "assistente":
			return true
		case ".", "!", "?":
			return false
		}
	}
	return false
}

// promo reads "2x1", as "2 por 1".
func (r *reader) promo(i int) (next int) {
	joint := r.parts[i+1]
	if r.tokens[i+2].Sort != token.Figures || len(r.parts[i]) > 1 || len(r.parts[i+2]) > 1 {
		return i
	}
	if joint == "x" && r.tight(i, i+2) || joint == "por" || joint == "for" && r.parts[i+3] != "%" {
		r.add(fact{kind: Code, id: r.parts[i] + "x" + r.parts[i+2]}, i, i+3)
		return i + 3
	}
	return i
}
