package knowledge

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"tania/internal/answer/knowledge/spelling"
	"tania/internal/answer/knowledge/synonyms"
	"tania/internal/bot"
	passages "tania/internal/knowledge"
	"tania/internal/tania"
	"tania/internal/words"
)

// Library is what a process has worked out of the entries of a bot that has many: which words each has and what they mean, in a file, so
// that a new version of the bot has but the entries read that changed, and a restart none. All versions of one bot share it. It is safe for
// concurrent use.
type Library struct {
	index *passages.Index

	mutex sync.Mutex
	words *spelling.Vocabulary
	// known is how many of the index's words are in words.
	known int
}

// Many is from how many passages on an index is made in a library where it has one.
const Many = 3000

// OpenLibrary opens the one in a file, or begins it. The file belongs to one process; another gets an error.
func OpenLibrary(path string) (*Library, error) {
	index, err := passages.Open(path)
	if err != nil {
		return nil, err
	}
	return &Library{index: index, words: spelling.New()}, nil
}

// Close lets the file go. Indexes that were made in the library go on.
func (l *Library) Close() error { return l.index.Close() }

// Index is New in the library. With an error it is made in memory.
func (l *Library) Index(faq []bot.FAQ, articles []bot.Passage, bot tania.Language) (*Index, error) {
	x := &Index{faq: faq, articles: articles, language: bot, words: l.words}
	x.rare = strangeness * (1 + math.Log(float64(x.size()+1)/1.5))
	view, err := l.shelve(x)
	if err != nil {
		return New(faq, articles, bot), fmt.Errorf("knowledge: library: %w", err)
	}
	x.shelf, x.ranking = &shelf{view: view, faqs: len(faq), made: map[int]*entry{}}, view
	texts := make([]passages.Text, len(faq))
	for i := range faq {
		e := x.faqEntry(&faq[i])
		e.place = i
		x.sum(e)
		x.entries = append(x.entries, e)
		texts[i] = x.written(e, words.Stem, 4*mostWords)
	}
	x.faqRanking = passages.NewMemory(texts)
	return x, nil
}

// shelve has the index's entries in the library.
func (l *Library) shelve(x *Index) (*passages.View, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	ids := make([]string, x.size())
	for place := range ids {
		ids[place] = x.id(place)
	}
	if err := l.index.Trim(ids); err != nil {
		return nil, err
	}
	var missing []int
	for place, has := range l.index.Has(ids) {
		if !has {
			missing = append(missing, place)
		}
	}
	if err := l.read(x, ids, missing); err != nil {
		return nil, err
	}
	view, err := l.index.View(ids)
	if err != nil {
		return nil, err
	}
	fresh := view.Words(l.known)
	for _, w := range fresh {
		l.words.Add(w)
	}
	l.known += len(fresh)
	for _, w := range slices.Sorted(maps.Keys(synonyms.Concepts)) {
		if _, ok := view.Mark(synonyms.Concepts[w]); ok {
			l.words.Add(w)
		}
	}
	return view, nil
}

// batch is how many entries are read and written together.
const batch = 250

// read works out what entries are found by, on all processors, and writes it in their order.
func (l *Library) read(x *Index, ids []string, missing []int) error {
	var group errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	work, made := make(chan []int), make(chan passages.Change, workers)
	for range workers {
		group.Go(func() error {
			stem := remembered()
			for places := range work {
				var c passages.Change
				for _, place := range places {
					c.Put = append(c.Put, x.document(ids[place], place, stem))
				}
				made <- c
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		for places := range slices.Chunk(missing, batch) {
			work <- places
		}
		return nil
	})
	go func() { _ = group.Wait(); close(made) }()
	var failed error
	for c := range made {
		if failed == nil {
			failed = l.index.Apply(c)
		}
	}
	return failed
}

// longestRead bounds of how many of an entry's words it is known what they mean.
const longestRead = 1024

// document is an entry as the library has it.
func (x *Index) document(id string, place int, by stemmer) passages.Passage {
	h := x.hitAt(place)
	text := x.written(&entry{faq: h.FAQ, passage: h.Passage}, by, longestRead)
	return passages.Passage{ID: id, Title: text.Heading, Text: text.Text, Marks: text.Marks}
}

// lists is a fingerprint of all that says what words mean: where one of the lists is another, what was worked out by it is too.
var lists = sync.OnceValue(func() []byte {
	sum := sha256.New()
	for _, list := range []string{relatedWords, senseLines, spanishWords, englishWords, portugueseWords} {
		_, _ = sum.Write([]byte(list))
	}
	for _, name := range slices.Sorted(maps.Keys(synonyms.ConceptWords)) {
		_, _ = sum.Write([]byte(name + "\n" + synonyms.ConceptWords[name] + "\n"))
	}
	for _, row := range synonyms.PhraseWords {
		_, _ = sum.Write([]byte(row[0] + "\n" + row[1] + "\n"))
	}
	return sum.Sum(nil)
})

// id names an entry by all that it is found by, with the bot's language.
func (x *Index) id(place int) string {
	h := x.hitAt(place)
	parts := []string{string(x.language), "passage"}
	if h.Passage != nil {
		parts = append(parts, h.Passage.Title, h.Passage.Text)
	} else {
		parts[1] = "faq"
		parts = append(parts, h.FAQ.Questions...)
		parts = append(parts, strings.Join(h.FAQ.Keywords, "\n"))
		for _, lang := range slices.Sorted(maps.Keys(h.FAQ.Answer)) {
			parts = append(parts, string(lang), h.FAQ.Answer[lang])
		}
	}
	sum := sha256.New()
	_, _ = sum.Write(lists())
	for _, part := range parts {
		_, _ = sum.Write(binary.AppendUvarint(nil, uint64(len(part))))
		_, _ = sum.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}
