package guardeval

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tania/internal/tania"
	"tania/internal/words"
)

//go:embed texts/dev.txt
var devTexts string

//go:embed texts/held.txt
var heldTexts string

//go:embed texts/sayings.txt
var sayingTexts string

// matter is what a business says and what a bot answers by it, by language, with places for values.
type matter struct {
	says, answers map[tania.Language][]string
}

func matters(text string) (list []matter) {
	for block := range strings.SplitSeq(text, "\n\n") {
		m := matter{map[tania.Language][]string{}, map[tania.Language][]string{}}
		for line := range strings.SplitSeq(block, "\n") {
			if strings.HasPrefix(line, "#") || len(line) < 4 {
				continue
			}
			lang, rest := tania.Language(line[:2]), strings.ReplaceAll(line[4:], `\n`, "\n")
			if line[2] == '>' {
				m.says[lang] = append(m.says[lang], rest)
			} else {
				m.answers[lang] = append(m.answers[lang], rest)
			}
		}
		if len(m.says) > 0 {
			list = append(list, m)
		}
	}
	return list
}

// sayings are the sentences of a language, by what they are.
func sayings(lang tania.Language, what, part string) (list []string) {
	for line := range strings.SplitSeq(sayingTexts, "\n") {
		if text, ok := strings.CutPrefix(line, fmt.Sprintf("%s %s %s ", lang, what, part)); ok {
			list = append(list, text)
		}
	}
	return list
}

var place = regexp.MustCompile(`\{([a-z]+) ([a-z])\}`)

var languages = []tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// Parts of what is made: rules are found by the one and measured by the other, whose texts were written before.
const (
	Dev  = "dev"
	Held = "held"
)

// Make makes labelled replies by rule, the same ones for a seed: for each true reply one with an altered fact, and of others a promise, a
// wrong language, somebody else's data and personal data.
func Make(part string, seed uint64, rounds int) (list []Sample) {
	texts := devTexts
	if part == Held {
		texts = heldTexts
	}
	r := rand.New(rand.NewPCG(seed, 49))
	for range rounds {
		for _, m := range matters(texts) {
			for _, lang := range languages {
				list = append(list, makeOf(m, writer{r, lang}, part)...)
			}
		}
	}
	return list
}

// filled are the values of a sample by their places.
type filled map[string]value

func (w writer) fill(text string, have filled, currency int) string {
	return place.ReplaceAllStringFunc(text, func(p string) string {
		m := place.FindStringSubmatch(p)
		kind, name := m[1], m[2]
		v, ok := have[name]
		if !ok {
			drawn := map[string]string{"bare": "price", "iso": "date"}[kind]
			if drawn == "" {
				drawn = kind
			}
			taken := func(h value) bool { return h.kind == v.kind && h.n == v.n && h.text == v.text }
			for v = w.draw(drawn, currency); slices.ContainsFunc(have.list(), taken); {
				v = w.draw(drawn, currency)
			}
			have[name] = v
		}
		v.kind = kind
		return w.write(v)
	})
}

func (f filled) list() (list []value) {
	for _, v := range f {
		list = append(list, v)
	}
	return list
}

// holds reports whether a value is one of those that the business gave, or reads like one.
func (f filled) holds(v value) bool {
	for _, h := range f {
		number := numeric[v.kind] && numeric[h.kind] && (v.n == h.n || v.n == h.m)
		if h == v || number || v.kind == h.kind && h.like(v) {
			return true
		}
		switch v.kind {
		case "day":
			if h.kind == "days" && v.n >= h.n && v.n <= h.m {
				return true
			}
		case "time":
			if h.kind == "hours" && v.m == 0 && (v.n%12 == h.n%12 || v.n%12 == h.m%12) {
				return true
			}
		case "hours":
			if h.kind == "time" && (h.n%12 == v.n%12 || h.n%12 == v.m%12) {
				return true
			}
		}
	}
	return false
}

// numeric are kinds of which a number alone may be taken for another's.
var numeric = map[string]bool{"num": true, "pct": true, "weight": true, "data": true}

// like reports whether two values of a kind read the same in some form.
func (v value) like(other value) bool {
	switch v.kind {
	case "time":
		return v.n%12 == other.n%12 && v.m == other.m
	case "dur":
		return v.n == other.n && v.unit+other.unit == 5
	}
	return false
}

func makeOf(m matter, w writer, part string) (list []Sample) {
	currency := w.IntN(len(currencies))
	have := filled{}
	var s Sample
	s.Language = string(w.lang)
	for _, text := range m.says[w.lang] {
		s.Sources = append(s.Sources, Source{Text: w.fill(text, have, currency)})
	}
	answers := m.answers[w.lang]
	template := answers[w.IntN(len(answers))]
	reply := w.fill(template, have, currency)
	ok := sayings(w.lang, "ok", part)
	if w.IntN(2) == 0 {
		reply += " " + ok[w.IntN(len(ok))]
	}
	if w.IntN(4) == 0 {
		reply = ok[w.IntN(len(ok))] + " " + reply
	}
	with := func(text, expect string) {
		next := s
		next.Reply, next.Expect = text, expect
		list = append(list, next)
	}
	with(reply, OK)
	if text := w.alter(template, have, currency); text != "" {
		with(text, string(tania.GuardFacts))
	}
	promises := sayings(w.lang, "promise", part)
	p := promises[w.IntN(len(promises))]
	with(pick(w, reply+" "+p, p+" "+reply, p), string(tania.GuardPromise))
	other := languages[(slices.Index(languages, w.lang)+1+w.IntN(2))%3]
	if theirs := m.answers[other]; len(theirs) > 0 {
		text := writer{w.Rand, other}.fill(theirs[w.IntN(len(theirs))], have, currency)
		if len(strings.Map(onlyLetter, text)) >= 20 {
			with(text, string(tania.GuardLanguage))
		}
	}
	with(reply+" "+w.strangers(), string(tania.GuardOthersData))
	with(reply+" "+w.personal(), string(tania.GuardPersonal))
	return list
}

func onlyLetter(r rune) rune {
	if r < 'A' || r > 'z' {
		return -1
	}
	return r
}

// alter writes an answer with one value altered, "" where none can be.
func (w writer) alter(template string, have filled, currency int) string {
	places := place.FindAllStringSubmatch(template, -1)
	if len(places) == 0 {
		return ""
	}
	for range 20 {
		p := places[w.IntN(len(places))]
		v := have[p[2]]
		v.kind = p[1]
		a := w.altered(v)
		own := have[p[2]]
		a2 := a
		a2.kind = own.kind
		if have.holds(a2) {
			continue
		}
		text := strings.Replace(template, p[0], w.write(a), 1)
		return w.fill(text, have, currency)
	}
	return ""
}

// strangers are contact details of somebody else.
func (w writer) strangers() string {
	name := pick(w, "Lucía Romero", "João Silva", "Peter Brown", "Marta Díaz", "Ana Costa")
	first := strings.ToLower(strings.Fields(words.Fold(name))[0])
	mail := first + "." + pick(w, "romero", "silva", "brown", "diaz") + strconv.Itoa(w.IntN(90)+10) + "@" + pick(w, "gmail.com",
		"hotmail.com", "yahoo.com.br", "outlook.es")
	phone := fmt.Sprintf("6%02d %03d %03d", w.IntN(100), w.IntN(1000), w.IntN(1000))
	switch w.lang {
	case tania.English:
		return pick(w, "The order is in the name of "+name+", "+mail+".", "You can also reach "+name+" at "+phone+".")
	case tania.Portuguese:
		return pick(w, "O pedido está em nome de "+name+", "+mail+".", "O telefone de "+name+" é "+phone+".")
	}
	return pick(w, "El pedido está a nombre de "+name+", "+mail+".", "El teléfono de "+name+" es "+phone+".")
}

// personal is a number of a card, an account or a person, with right check digits.
func (w writer) personal() string {
	card := "4" + fmt.Sprintf("%014d", w.Int64N(1e14))
	card += strconv.Itoa(checkDigit(card))
	card = card[:4] + " " + card[4:8] + " " + card[8:12] + " " + card[12:]
	dni := w.IntN(90000000) + 10000000
	id := fmt.Sprintf("%d%c", dni, "TRWAGMYFPDXBNJZSQVHLCKE"[dni%23])
	ssn := fmt.Sprintf("%03d-%02d-%04d", w.IntN(600)+100, w.IntN(90)+10, w.IntN(9000)+1000)
	switch w.lang {
	case tania.English:
		return pick(w, "The card on file is "+card+".", "Your SSN is "+ssn+".")
	case tania.Portuguese:
		return pick(w, "O cartão cadastrado é "+card+".", "Seu CPF é 529.982.247-25.")
	}
	return pick(w, "La tarjeta registrada es "+card+".", "Su DNI es "+id+".")
}

func checkDigit(digits string) int {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}
