package same

import (
	"slices"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/tania"
)

// What two questions both say must stand in the same order, or they are two: "A before B" and "B before A" have all their words in common.
// Languages let a few things stand elsewhere without saying anything else, and those alone are allowed: the sides of an "and", a phrase put
// in front with the small word that leads it, the subject behind its verb, the owner before what is owned, and the sides of what is the
// same on both.

// ordered is a word that both questions say, as one of them says it.
type ordered struct {
	// key is the same in both questions.
	key int
	// led are the small words before it that tell how it hangs together with the rest; joined reports whether an "and" or "or" is among them,
	// with that left out, whose sides say the same in any order.
	led    string
	joined bool
	// article reports whether one stands before it; moment that it is a time.
	article, isTime bool
}

// rearranged reports whether words which both questions say stand in another order, and whether that says the same all the same.
func rearranged(a, b *reading.Question, m *Matching) (moved, same bool) {
	if inOrder(a, m.A) {
		return false, true
	}
	first := map[reading.Feature]int{}
	keys := make([]int, len(a.Words))
	for i := range a.Words {
		if j, twice := first[a.Words[i].ID]; twice {
			keys[i] = j
		} else {
			first[a.Words[i].ID], keys[i] = i, i
		}
	}
	x, y := shared(a, m.A, func(i int) int { return keys[i] }), shared(b, m.B, func(i int) int { return keys[m.B[i]] })
	if len(x) != len(y) {
		return true, false
	}
	t := a.Facts.Tables
	from, to := 0, len(x)
	for from < to && x[from].key == y[from].key {
		from++
	}
	for to > from && x[to-1].key == y[to-1].key {
		to--
	}
	if from == to {
		return false, true
	}
	if !agree(x[:from], y[:from]) || !agree(x[to:], y[to:]) {
		return true, false
	}
	// A word that is said twice may belong to what was moved as well as to what was not.
	for i := max(0, from-mostMoved); i <= from; i++ {
		for j := to; j <= min(len(x), to+mostMoved); j++ {
			if mayMove(x[i:j], y[i:j], i == 0, t) || asksSameness(a, b) && mayExchange(x[i:j], y[i:j]) {
				return true, true
			}
		}
	}
	return true, false
}

// mostMoved bounds how many words before and behind a difference are tried as parts of it.
const mostMoved = 3

// inOrder reports whether no word that carries meaning was overtaken by another.
func inOrder(q *reading.Question, pairs []int) bool {
	last := -1
	for i, j := range pairs {
		if j < 0 || relational(q, i) {
			continue
		}
		if j < last {
			return false
		}
		last = j
	}
	return true
}

// shared gives the words of a question that the other one says too. Two that are the same word have one key.
func shared(q *reading.Question, pairs []int, keyOf func(i int) int) (list []ordered) {
	inTurn := slices.ContainsFunc(q.Words, func(w reading.Word) bool { return sequence[q.Facts.Tables][w.Text] })
	next := ordered{}
	for i := range q.Words {
		w := &q.Words[i]
		if relational(q, i) {
			next.lead(w.Text, q.Facts.Tables)
			continue
		}
		if pairs[i] < 0 {
			next = ordered{}
			continue
		}
		next.key, next.isTime, next.joined = keyOf(i), w.IsTime, next.joined && !inTurn
		list = append(list, next)
		next = ordered{}
	}
	return list
}

// relational reports whether a word relates others to each other, or says nothing that its place could change. What counts in facts is
// compared there.
func relational(q *reading.Question, i int) bool {
	w := &q.Words[i]
	if w.Function || w.Fact && !w.IsTime || reading.Comparatives[w.Text] {
		return true
	}
	return reading.RoleWords[w.Text] != reading.Bare || relating[q.Facts.Tables][w.Text] != ""
}

// lead takes a small word in.
func (o *ordered) lead(w string, t tania.Language) {
	as := ""
	switch {
	case joining[t][w]:
		o.joined = true
	case articlesOf[t][w]:
		o.article = true
	case relating[t][w] != "":
		as = relating[t][w]
	case reading.Comparatives[w]:
		as = w
	}
	if as != "" && o.led != "" {
		as = " " + as
	}
	o.led += as
}

var (
	joining = map[tania.Language]map[string]bool{
		tania.Spanish: reading.WordSet(`y e o u pero ni tambien`), tania.English: reading.WordSet(`and or but nor also`),
		tania.Portuguese: reading.WordSet(`e ou mas nem tambem`),
	}
	// sequence are words that say what is done sooner or later: with them the sides of an "and" are steps.
	sequence = map[tania.Language]map[string]bool{
		tania.Spanish:    reading.WordSet(`primero primeramente antes ahora luego despues posteriormente finalmente`),
		tania.English:    reading.WordSet(`first firstly before now then next later after afterwards finally`),
		tania.Portuguese: reading.WordSet(`primeiro primeiramente antes agora depois apos tarde posteriormente finalmente seguida`),
	}
	articlesOf = map[tania.Language]map[string]bool{
		tania.Spanish:    reading.WordSet(`el la los las un una unos unas lo su sus mi mis`),
		tania.English:    reading.WordSet(`the a an my your their this these`),
		tania.Portuguese: reading.WordSet(`o a os as um uma uns umas seu sua seus suas meu minha meus minhas`),
	}
	// relating words say how what follows hangs together with the rest, each written one way.
	relating = map[tania.Language]map[string]string{
		tania.Spanish: relations(`of: de del, to: a al hacia hasta, from: desde, with: con, without: sin, for: para, by: por, in: en, between: entre, than: que, if: si cuando mientras, not: no nunca tampoco jamas,
			only: solo solamente unicamente, before: antes, after: despues tras, about: sobre, because: porque, like: como`),
		tania.English: relations(`of: of, to: to into until till towards, from: from off, with: with, without: without, for: for, by: by, in: in on at, between: between, than: than, as: as, that: that which who, if: if when while once unless,
			not: not no never, only: only just solely, before: before, after: after, instead: instead rather, about: about over, because: because`),
		tania.Portuguese: relations(`of: de do da dos das, to: ao aos ate, from: desde, with: com, without: sem, for: para pra pro, by: por pelo pela pelos pelas, in: em no na nos nas num numa, between: entre, than: que, if: se quando caso enquanto,
			not: nao nunca jamais, only: so somente apenas, before: antes, after: depois apos, about: sobre, because: porque, like: como`),
	}
	// sameness makes two sides equal, whichever is named first.
	sameness = reading.WordSet(`mismo misma mismos mismas same mesmo mesma mesmos mesmas`)
)

// relations reads a table of lists, each behind the name of what its words say.
func relations(table string) map[string]string {
	m := map[string]string{}
	for row := range strings.SplitSeq(table, ",") {
		as, list, _ := strings.Cut(row, ":")
		for w := range strings.FieldsSeq(list) {
			m[w] = strings.TrimSpace(as)
		}
	}
	return m
}

// agree reports whether words hang together with the rest in the same way, one by one.
func agree(x, y []ordered) bool {
	return slices.EqualFunc(x, y, func(a, b ordered) bool { return a.key == b.key && a.led == b.led })
}

// mayMove reports whether y is x with its second part put first, and that this may be done without saying anything else.
func mayMove(x, y []ordered, atStart bool, t tania.Language) bool {
	for s := 1; s < len(x); s++ {
		head, tail := x[:s], x[s:]
		headThere, tailThere := y[len(tail):], y[:len(tail)]
		if !agree(head[1:], headThere[1:]) || !agree(tail[1:], tailThere[1:]) || head[0].key != headThere[0].key ||
			tail[0].key != tailThere[0].key {
			continue
		}
		kept := head[0].led == headThere[0].led && tail[0].led == tailThere[0].led
		switch {
		case tail[0].joined && headThere[0].joined:
			// "con pan y leche", "con leche y pan"; "con queso y sin sal", "sin sal y con queso"
			if kept || head[0].led == tailThere[0].led && tail[0].led == "" && headThere[0].led == "" {
				return true
			}
		case kept && atStart && (bothLead(head, headThere) || bothLead(tail, tailThere)) && !eitherClings(tail, headThere):
			return true // "sin recibo puedo devolver", "puedo devolver sin recibo"
		case kept && passage[head[0].led] && passage[tail[0].led]:
			return true // "to Rome from Oslo", "from Oslo to Rome"
		case kept && t != tania.English && (verbBefore(head, tail, headThere, tailThere) || verbBefore(tail, head, tailThere, headThere)):
			return true // "abre la tienda", "la tienda abre"
		case t == tania.English && owner(head, tail, headThere, tailThere), t == tania.English && owner(tailThere, headThere, tail, head):
			return true // "the price of the plan", "the plan's price"
		}
	}
	return false
}

// passage are ways from and to.
var passage = reading.WordSet(`to from`)

// leads reports whether a phrase may stand in front of a sentence or at its end: a time, or one that a small word leads.
func leads(o ordered) bool { return (o.led != "" || o.isTime) && !clings(o) }

func bothLead(x, y []ordered) bool { return leads(x[0]) && leads(y[0]) }

// clings reports whether a phrase belongs to the word before it.
func clings(o ordered) bool {
	return o.led == "of" || o.led == "than" || o.led == "as" || o.led == "that"
}

func eitherClings(x, y []ordered) bool { return clings(x[0]) || clings(y[0]) }

// verbBefore reports whether one part begins with a verb without an article, alone or with a bare object, and the other is its subject,
// with an article in both questions.
func verbBefore(verb, subject, verbThere, subjectThere []ordered) bool {
	if len(verb) > 2 || len(verb) == 2 && (verb[1].article || verb[1].led != "") {
		return false
	}
	return !verb[0].article && !verbThere[0].article && subject[0].article && subjectThere[0].article && subject[0].led == ""
}

// owner reports whether a thing stands before its "of" in one question and behind its owner in the other.
func owner(thing, of, thingThere, ofThere []ordered) bool {
	owned := of[0].led == "of" || of[0].led == "in" || of[0].led == "for"
	return owned && len(thing) <= 2 && ofThere[0].led == thing[0].led && thingThere[0].led == ""
}

// asksSameness reports whether both questions ask whether something is the same on two sides.
func asksSameness(a, b *reading.Question) bool {
	is := func(w reading.Word) bool { return sameness[w.Text] }
	return slices.ContainsFunc(a.Words, is) && slices.ContainsFunc(b.Words, is)
}

// mayExchange reports whether y is x with its first and last part exchanged, each led as the other was: the sides of what is the same.
func mayExchange(x, y []ordered) bool {
	n := len(x)
	for s := 1; s < n; s++ {
		for t := 1; s+t <= n; t++ {
			first, middle, last := x[:s], x[s:n-t], x[n-t:]
			lastThere, middleThere, firstThere := y[:t], y[t:n-s], y[n-s:]
			if agree(first[1:], firstThere[1:]) && agree(middle, middleThere) && agree(last[1:], lastThere[1:]) &&
				first[0].key == firstThere[0].key && last[0].key == lastThere[0].key &&
				first[0].led == lastThere[0].led && last[0].led == firstThere[0].led {
				return true
			}
		}
	}
	return false
}

// otherOrder reports whether what both questions say is the other way round in one of them.
func otherOrder(a, b *reading.Question, m *Matching) bool {
	if unsaid(a, m.A)+unsaid(b, m.B) > mostUnsaid {
		return turned(a, b, m) || swapped(a, b, m)
	}
	if moved, same := rearranged(a, b, m); moved {
		return !same
	}
	return turned(a, b, m) || ledElsewhere(a, b, m) || done(a, b, m)
}

// ledElsewhere reports whether what leads one word in one question leads another in the other: "after the tour a tasting", "a tour after
// the tasting".
func ledElsewhere(a, b *reading.Question, m *Matching) bool {
	at := func(i int) int { return i }
	x, y := shared(a, m.A, at), shared(b, m.B, func(i int) int { return m.B[i] })
	if len(x) != len(y) {
		return false
	}
	left, came := map[string]bool{}, map[string]bool{}
	for i := range x {
		if x[i].led != y[i].led {
			left[x[i].led], came[y[i].led] = true, true
		}
	}
	for led := range left {
		if came[led] && deciding[strings.SplitN(led, " ", 2)[0]] {
			return true
		}
	}
	return false
}

// deciding relations are not the same when they hold of something else.
var deciding = reading.WordSet(`before after if than without not only instead because to from`)

// done reports whether who does something in one question has it done to them in the other: "the courier charges the buyer", "is the
// courier charged by the buyer".
func done(a, b *reading.Question, m *Matching) bool {
	byWhom := func(q, other *reading.Question, pairs []int) bool {
		is, passive := false, false
		for i := range q.Words {
			w := &q.Words[i]
			is = is || being[w.Text]
			passive = passive || is && reading.EndsIn(w.Text, 2, "ed", "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas")
			if j := pairs[i]; passive && j >= 0 && !relational(q, i) && w.Role == reading.Priced && other.Words[j].Role == reading.Bare {
				return true
			}
		}
		return false
	}
	return byWhom(a, b, m.A) || byWhom(b, a, m.B)
}

var being = reading.WordSet(`is are was were be been being gets get es son fue fueron ser sea sido e sao foi foram seja`)

// mostUnsaid is how many words with a meaning may be in one question alone for the order of the others to be what tells them apart.
const mostUnsaid = 2

// unsaid counts the words with a meaning that the other question does not have.
func unsaid(q *reading.Question, pairs []int) (n int) {
	for i, j := range pairs {
		if j < 0 && !relational(q, i) {
			n++
		}
	}
	return n
}
