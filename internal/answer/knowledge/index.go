// Package knowledge finds the FAQ entries and passages of bot.yaml that a question is about, by the words they share:
// accents, case, endings and typing errors are forgiven, customer-service synonyms known in Spanish, English and Portuguese.
// It is built once from the bot's FAQ and knowledge and is then read only.
package knowledge

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"tania/internal/answer/knowledge/spelling"
	"tania/internal/answer/knowledge/synonyms"
	"tania/internal/bot"
	"tania/internal/embedding"
	passages "tania/internal/knowledge"
	"tania/internal/language"
	"tania/internal/tania"
	"tania/internal/words"
)

// Index answers which entries a text is about. It is safe for concurrent use.
type Index struct {
	faq      []bot.FAQ
	articles []bot.Passage
	// entries are the FAQ's, and behind them the passages. Where there is a shelf they are the FAQ's alone, and it has what follows of all.
	entries  []*entry
	shelf    *shelf
	terms    map[string]int
	weight   []float64 // by term
	factor   []float64 // by term: its importance whatever its frequency
	postings [][]int   // by term: the entries that have it
	rare     float64   // weight of a word that no entry has
	words    *spelling.Vocabulary
	// language is the bot's.
	language tania.Language
	// meant are the fields and senses of related.txt and senses.txt with the entries that name them.
	meant map[string][]int
	// ranking compares whole entries, for Rank; faqRanking those of the FAQ with each other.
	ranking    ranking
	faqRanking *passages.Memory
	// sensed counts the entries that have a sense of senses.txt.
	sensed map[string]int
}

// ranking orders entries, which it names by their places, by how likely the last of those asked is about them.
type ranking interface {
	Rank(meant embedding.Vector, asked ...passages.Text) []passages.Ranked
}

// Hit is an entry that a text is about. Either FAQ or Passage is set.
type Hit struct {
	FAQ     *bot.FAQ
	Passage *bot.Passage
	// Score is from 0 to 1: how much of what the text asks for the entry has.
	Score float64
	// Excerpt is the part of the passage that matches best, whole sentences; empty for an FAQ entry.
	Excerpt string

	// place is the entry's with 1 added, 0 where it is not known.
	place int
	// like is as in passages.Ranked.
	like float64
}

// Source names the hit for a decision record: "faq:{id}" or the passage's source.
func (h Hit) Source() string {
	if h.FAQ != nil {
		return "faq:" + h.FAQ.ID
	}
	return h.Passage.Source
}

// New builds the index. The slices must not be changed afterwards. What does not tell its language is taken to be in the bot's.
func New(faq []bot.FAQ, articles []bot.Passage, bot tania.Language) *Index {
	x := &Index{
		faq: faq, articles: articles, terms: map[string]int{}, meant: map[string][]int{}, words: spelling.New(), language: bot,
		sensed: map[string]int{},
	}
	for i := range faq {
		x.add(x.faqEntry(&faq[i]))
	}
	for i := range articles {
		x.add(x.passageEntry(&articles[i]))
	}
	x.addSynonyms()
	x.weigh()
	texts := make([]passages.Text, len(x.entries))
	for i, e := range x.entries {
		texts[i] = x.written(e, words.Stem, 4*mostWords)
		x.countSenses(texts[i].Marks)
		x.addMeant(i, texts[i].Marks)
	}
	x.ranking, x.faqRanking = passages.NewMemory(texts), passages.NewMemory(texts[:len(faq)])
	return x
}

// Search gives the entries that share words with the text, best first, at most limit of them.
func (x *Index) Search(r *language.Reading, limit int) []Hit {
	hits := x.hits(x.ask(r))
	return hits[:min(limit, len(hits))]
}

// sure is how likely an entry has to be the answer to be given as such.
// A text of so few words, which may ask nothing, has to be that part of what an entry is about, by judge: "el envío" is not answered by
// "¿Cuánto cuesta el envío a Puebla?".
const (
	sure      = 0.65
	bareWords = 2
	alone     = 0.6
)

// Best gives the entry that answers the text, and false when none surely does: no answer is better than a wrong one. meant is as in Rank:
// by what it means alone no entry is sure.
func (x *Index) Best(r *language.Reading, meant embedding.Vector) (Hit, bool) {
	return x.best(r, "", meant)
}

func (x *Index) best(r *language.Reading, before string, meant embedding.Vector) (Hit, bool) {
	if x.ask(r).vague() && before == "" {
		return Hit{}, false
	}
	hits := x.Weigh(r, before, meant, 1)
	if len(hits) == 0 || hits[0].Score < sure || before == "" && hits[0].like > 0 && x.Lacks(hits[0], r) {
		return Hit{}, false
	}
	bare := before == "" && len(r.Words()) <= bareWords
	return hits[0], !bare || x.entryOf(hits[0]).judge(x.ask(r)).Score >= alone
}

// Following gives the entry that answers a text which continues the one before it ("¿y los domingos?"): it answers both together, and has
// every word that the new text brings, or one that means the same.
func (x *Index) Following(before string, r *language.Reading) (Hit, bool) {
	h, sure := x.best(r, before, embedding.Vector{})
	if !sure {
		return Hit{}, false
	}
	e := x.entryOf(h)
	for _, w := range x.wordsAsked(r) {
		if !w.weak && w.placeIn(e, x.spokenOf(e)) == nowhere {
			return Hit{}, false
		}
	}
	return h, true
}

// Lacks reports whether a text has words that say what it is about, and an entry none of them, nor one that means the same.
func (x *Index) Lacks(h Hit, r *language.Reading) bool {
	says, e := false, x.entryOf(h)
	for _, w := range x.wordsAsked(r) {
		if w.weak || w.number != "" {
			continue
		}
		if w.placeIn(e, x.spokenOf(e)) < inField {
			return false
		}
		says = true
	}
	return says
}

func (x *Index) hits(q question) []Hit {
	var hits []Hit
	for _, n := range x.candidates(q) {
		if h := x.entryAt(n).judge(q); h.Score > 0 {
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits
}

// candidates are the entries that have a word of the question, in the order of bot.yaml: those that have most of them, where they are many.
func (x *Index) candidates(q question) []int {
	if x.shelf != nil {
		return x.shelf.most(q, len(x.faq))
	}
	seen := map[int]bool{}
	var found []int
	for _, w := range q {
		for _, t := range w.terms {
			for _, n := range x.postings[t] {
				if !seen[n] {
					seen[n] = true
					found = append(found, n)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// languageOf is the language that the first of some texts tells, the bot's where none does.
func (x *Index) languageOf(texts ...string) tania.Language {
	for _, text := range texts {
		if lang := language.Detect(text); lang != "" {
			return lang
		}
	}
	return x.language
}

func (x *Index) add(e *entry) {
	n := len(x.entries)
	e.place = n
	x.entries = append(x.entries, e)
	for t := range e.all {
		x.postings[t] = append(x.postings[t], n)
	}
}

// countSenses counts those among an entry's marks.
func (x *Index) countSenses(marks []string) {
	for _, m := range marks {
		if strings.HasPrefix(m, senseMark) {
			x.sensed[m]++
		}
	}
}

// weigh gives rare words more weight than common ones.
func (x *Index) weigh() {
	n := float64(len(x.entries))
	x.weight = make([]float64, len(x.postings))
	for t, in := range x.postings {
		x.weight[t] = x.factor[t] * (1 + math.Log((n+1)/(float64(len(in))+1)))
	}
	x.rare = strangeness * (1 + math.Log((n+1)/1.5))
	for _, e := range x.entries {
		x.sum(e)
	}
}

// sum adds the weights of an entry's variants up.
func (x *Index) sum(e *entry) {
	for i := range e.variants {
		v := &e.variants[i]
		// In one order, so that the sum is the same each time.
		for _, t := range slices.Sorted(maps.Keys(v.terms)) {
			v.whole += x.weightOf(t)
		}
	}
}

// variant interns the words of a text that carry meaning.
func (x *Index) variant(text string, lang tania.Language) variant {
	v := variant{terms: bag{}, numbers: map[string]bool{}}
	for _, w := range split(language.Read(text)) {
		if t, ok := x.number(w, lang); ok {
			v.terms[t] = true
		}
		if w.number {
			v.numbers[w.text] = true
		}
	}
	return v
}

// addSynonyms lets typing errors be corrected to words that mean one of the index's concepts.
func (x *Index) addSynonyms() {
	for _, w := range slices.Sorted(maps.Keys(synonyms.Concepts)) {
		if _, ok := x.terms[synonyms.Concepts[w]]; ok {
			x.words.Add(w)
		}
	}
}

// number gives that of a word in an index that is being made; one that has a shelf has the words of all entries.
func (x *Index) number(w word, lang tania.Language) (int, bool) {
	term := w.mark(w.stem(lang))
	if x.shelf != nil {
		return x.shelf.view.Mark(term)
	}
	x.words.Add(w.text)
	return x.intern(term, importance(w.text)), true
}

func (x *Index) intern(term string, factor float64) int {
	t, ok := x.terms[term]
	if !ok {
		t = len(x.postings)
		x.terms[term] = t
		x.postings = append(x.postings, nil)
		x.factor = append(x.factor, factor)
	}
	return t
}
