package knowledge

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/gofrs/flock"
)

// Index holds passages and finds them by their words. What it needs to find them is in memory, the passages are in its file. It is safe
// for concurrent use: whoever searches waits for a change of the index only while it is put in place.
//
// The file is a copy that one process keeps for itself. Where processes share a store, the store has the passages: each process applies
// the changes from there in their order, with a mark that tells how far it got, and goes on from Mark after a restart.
type Index struct {
	path string
	lock *flock.Flock
	// changing is held by who changes the index, mutex by all.
	changing sync.Mutex
	mutex    sync.RWMutex
	held     *held
	file     *os.File
	end      int64
	mark     string
}

// held is what an index has in memory.
type held struct {
	terms map[string]uint32
	// forms are the terms that are forms of one word, by what is left of them without their endings.
	forms    map[string][]uint32
	names    []string
	spelling *spelling
	// marks numbers the marks, markNames has them by number, and marked the documents with each.
	marks     map[string]uint32
	markNames []string
	marked    [][]posting
	postings  [][]posting
	docs      []document
	// sizes are the documents' numbers of words.
	sizes []float32
	// gone is true for the documents that were changed or removed.
	gone     []bool
	profiles profiles
	byID     map[string]uint32
	meanings meanings
	// length is the number of words in all passages that count.
	length int64
}

// document is a passage as it is compared.
type document struct {
	id string
	// words are its terms in their order, titles and headings first.
	words []uint32
	// heading is how many of them are of titles and headings.
	heading uint32
	// at and size are where the file has the passage, in bytes; its marks are right before it, in so many.
	at        int64
	size      int32
	markBytes int32
}

// posting is a passage that has a term, in the upper 24 bits, and how often, at most 255 times.
type posting uint32

const (
	mostDocuments = 1 << 24
	mostTimes     = 1<<8 - 1
)

func (p posting) doc() uint32    { return uint32(p) >> 8 }
func (p posting) times() float32 { return float32(p & mostTimes) }

func newHeld() *held {
	return &held{
		terms: map[string]uint32{}, forms: map[string][]uint32{}, byID: map[string]uint32{},
		spelling: newSpelling(), marks: map[string]uint32{},
	}
}

// Change is what happens to passages at once: some are there from then on, in place of what had their ids, others are not.
type Change struct {
	Put    []Passage
	Remove []string
	// Mark is where in the history of changes this one is, in the words of who keeps the history.
	Mark string
}

// Open loads the index that a file holds, or begins it. What is damaged in the file is dropped, with all that came later: Mark tells from
// where it has to come again. The file belongs to one process; another gets an error.
func Open(path string) (*Index, error) {
	lock := flock.New(path + ".lock")
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, fmt.Errorf("knowledge: %s belongs to another process: %w", path, errOr(err, os.ErrExist))
	}
	x := &Index{path: path, lock: lock}
	if err := x.load(); err != nil {
		_ = lock.Unlock()
		return nil, fmt.Errorf("knowledge: %w", err)
	}
	return x, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Close lets the file go. The index must not be used afterwards.
func (x *Index) Close() error {
	x.changing.Lock()
	defer x.changing.Unlock()
	err := x.file.Close()
	_ = x.lock.Unlock()
	return err
}

// Len is the number of passages.
func (x *Index) Len() int {
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	return len(x.held.byID)
}

// Mark is that of the last change, "" before the first.
func (x *Index) Mark() string {
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	return x.mark
}

// Passage gives the passage with an id, and false where there is none.
func (x *Index) Passage(id string) (Passage, bool, error) {
	x.mutex.RLock()
	defer x.mutex.RUnlock()
	n, ok := x.held.byID[id]
	if !ok {
		return Passage{}, false, nil
	}
	p, err := x.read(&x.held.docs[n])
	return p, err == nil, err
}

func (x *Index) read(d *document) (Passage, error) {
	content := make([]byte, d.size)
	var p Passage
	if _, err := x.file.ReadAt(content, d.at); err != nil {
		return p, fmt.Errorf("knowledge: passage %s: %w", d.id, err)
	}
	if err := json.Unmarshal(content, &p); err != nil {
		return p, fmt.Errorf("knowledge: passage %s: %w", d.id, err)
	}
	return p, nil
}

// readMarks gives a passage's marks, each as often as it has it.
func (x *Index) readMarks(d *document) (marks []string, err error) {
	content := make([]byte, d.markBytes)
	if _, err := x.file.ReadAt(content, d.at-int64(d.markBytes)); err != nil {
		return nil, fmt.Errorf("knowledge: marks of %s: %w", d.id, err)
	}
	for len(content) > 0 {
		mark, n := binary.Uvarint(content)
		times, m := binary.Uvarint(content[max(0, n):])
		if n <= 0 || m <= 0 || mark >= uint64(len(x.held.markNames)) {
			return nil, fmt.Errorf("knowledge: marks of %s: %w", d.id, errDamaged)
		}
		for range times {
			marks = append(marks, x.held.markNames[mark])
		}
		content = content[n+m:]
	}
	return marks, nil
}

// searchable is all that a passage is found by, and how many of these terms are of its heading.
func (p *Passage) searchable() ([]string, int) {
	heading := terms(p.Heading())
	return append(heading, terms(p.Text)...), len(heading)
}

// intern gives the number of a term, and true where it is new.
func (h *held) intern(term string) (uint32, bool) {
	n, ok := h.terms[term]
	if !ok {
		n = uint32(len(h.postings)) //nolint:gosec // memory ends before
		h.terms[term] = n
		h.postings = append(h.postings, nil)
		h.names = append(h.names, term)
		h.spelling.add(term, n)
		root := singular(term)
		h.forms[root] = append(h.forms[root], n)
	}
	return n, !ok
}

// add takes a passage in, in place of what had its id.
func (h *held) add(d document) {
	h.remove(d.id)
	n := uint32(len(h.docs)) //nolint:gosec // at most mostDocuments
	times := make(map[uint32]uint32, len(d.words))
	for _, w := range d.words {
		times[w]++
	}
	for w, t := range times {
		h.postings[w] = append(h.postings[w], posting(n<<8|min(t, mostTimes)))
	}
	h.docs = append(h.docs, d)
	h.sizes = append(h.sizes, float32(len(d.words)))
	h.gone = append(h.gone, false)
	h.byID[d.id] = n
	h.length += int64(len(d.words))
}

// internMark gives the number of a mark, and true where it is new.
func (h *held) internMark(mark string) (uint32, bool) {
	n, ok := h.marks[mark]
	if !ok {
		n = uint32(len(h.marked)) //nolint:gosec // memory ends before
		h.marks[mark] = n
		h.markNames, h.marked = append(h.markNames, mark), append(h.marked, nil)
	}
	return n, !ok
}

// mark gives the document that was added last a mark, so many times.
func (h *held) mark(mark uint32, times uint32) {
	doc := uint32(len(h.docs) - 1) //nolint:gosec // at most mostDocuments
	h.marked[mark] = append(h.marked[mark], posting(doc<<8|min(times, mostTimes)))
}

// having are the documents with a mark.
func (h *held) having(mark string) []posting {
	n, ok := h.marks[mark]
	if !ok {
		return nil
	}
	return h.marked[n]
}

func (h *held) remove(id string) {
	n, ok := h.byID[id]
	if !ok {
		return
	}
	delete(h.byID, id)
	delete(h.meanings.vectors, id)
	d := &h.docs[n]
	h.length -= int64(len(d.words))
	d.words, d.heading, h.gone[n] = nil, 0, true
}

// settle is called after changes, before the next search.
func (h *held) settle() { h.profiles = make(profiles, len(h.docs)) }
