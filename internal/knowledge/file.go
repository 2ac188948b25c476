package knowledge

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cespare/xxhash/v2"
)

// The file is a heading and records one after another: a kind, the size of the content in four bytes and its checksum in eight, the
// content. The heading changes with the form of the records and with what terms are: a file with another one begins anew.
const (
	heading    = "tania knowledge 3\n"
	recordHead = 1 + 4 + 8
	// mostContent bounds what a damaged size can ask for, in bytes.
	mostContent = 64 << 20
	// mostText is the longest passage, in bytes: its record, every letter escaped, is below mostContent.
	mostText = 4 << 20
)

// Kinds of records. A list of terms numbers them on, one of marks those; a passage has its id, how many of its terms
// are of its heading, its terms by number, its marks by number with how often it has each, and itself as JSON.
const (
	recordTerms   = 't'
	recordMarks   = 'k'
	recordPassage = 'p'
	recordRemoval = 'r'
	recordMark    = 'm'
)

var errDamaged = errors.New("damaged record")

// load reads the whole file and cuts off what cannot be read.
func (x *Index) load() error {
	err := x.loadAll()
	x.held.settle()
	return err
}

func (x *Index) loadAll() error {
	x.held, x.mark, x.end = newHeld(), "", 0
	file, err := os.OpenFile(x.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	x.file = file
	in := bufio.NewReaderSize(file, 1<<20)
	begin := make([]byte, len(heading))
	if _, err := io.ReadFull(in, begin); err != nil || string(begin) != heading {
		return x.begin()
	}
	x.end = int64(len(heading))
	for {
		kind, content, err := readRecord(in)
		if err == nil {
			err = x.take(kind, content, x.end+recordHead)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return file.Truncate(x.end)
		}
		x.end += recordHead + int64(len(content))
	}
}

// begin empties the file.
func (x *Index) begin() error {
	if err := x.file.Truncate(0); err != nil {
		return err
	}
	_, err := x.file.WriteAt([]byte(heading), 0)
	x.end = int64(len(heading))
	return err
}

// readRecord gives the next record, io.EOF where the file ends before it.
func readRecord(in *bufio.Reader) (kind byte, content []byte, err error) {
	var head [recordHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.LittleEndian.Uint32(head[1:])
	if size > mostContent {
		return 0, nil, errDamaged
	}
	content = make([]byte, size)
	if _, err := io.ReadFull(in, content); err != nil {
		return 0, nil, errDamaged
	}
	if xxhash.Sum64(content) != binary.LittleEndian.Uint64(head[5:]) {
		return 0, nil, errDamaged
	}
	return head[0], content, nil
}

func appendRecord(to []byte, kind byte, content []byte) []byte {
	to = append(to, kind)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(content))) //nolint:gosec // bounded by mostText
	to = binary.LittleEndian.AppendUint64(to, xxhash.Sum64(content))
	return append(to, content...)
}

// take does what a record says, whose content begins at a place of the file.
func (x *Index) take(kind byte, content []byte, at int64) error {
	switch kind {
	case recordTerms:
		for term := range bytes.SplitSeq(content, []byte{0}) {
			x.held.intern(string(term))
		}
	case recordMarks:
		for mark := range bytes.SplitSeq(content, []byte{0}) {
			x.held.internMark(string(mark))
		}
	case recordPassage:
		d, marks, err := decodeDocument(content, uint64(len(x.held.postings)), uint64(len(x.held.marked)))
		if err != nil {
			return err
		}
		d.at += at
		x.held.add(d)
		x.held.markAll(marks)
	case recordRemoval:
		x.held.remove(string(content))
	case recordMark:
		x.mark = string(content)
	default:
		return fmt.Errorf("%w: kind %q", errDamaged, kind)
	}
	return nil
}

// timed is a mark by number, and how often a document has it.
type timed struct{ mark, times uint32 }

func (h *held) markAll(marks []timed) {
	for _, m := range marks {
		h.mark(m.mark, m.times)
	}
}

// encodeDocument writes a passage's record, and notes how long its marks are.
func encodeDocument(d *document, marks []timed, passage []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(d.id)))
	out = append(out, d.id...)
	out = binary.AppendUvarint(out, uint64(d.heading))
	out = binary.AppendUvarint(out, uint64(len(d.words)))
	for _, w := range d.words {
		out = binary.AppendUvarint(out, uint64(w))
	}
	out = binary.AppendUvarint(out, uint64(len(marks)))
	before := len(out)
	for _, m := range marks {
		out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(m.mark)), uint64(m.times))
	}
	d.markBytes = int32(len(out) - before) //nolint:gosec // a passage has few marks
	return append(out, passage...)
}

// decodeDocument reads a passage's record. Its place is counted from the beginning of the content.
func decodeDocument(content []byte, knownTerms, knownMarks uint64) (document, []timed, error) {
	rest := content
	next := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[max(0, n):]
		return v
	}
	size := next()
	if size > uint64(len(rest)) {
		return document{}, nil, errDamaged
	}
	d := document{id: string(rest[:size])}
	rest = rest[size:]
	heading, count := next(), next()
	if count > uint64(len(rest)) || heading > count {
		return document{}, nil, errDamaged
	}
	d.heading = uint32(heading) //nolint:gosec // at most count
	d.words = make([]uint32, count)
	for i := range d.words {
		w := next()
		if w >= knownTerms {
			return document{}, nil, errDamaged
		}
		d.words[i] = uint32(w) //nolint:gosec // below knownTerms
	}
	if count = next(); 2*count > uint64(len(rest)) {
		return document{}, nil, errDamaged
	}
	before, marks := len(rest), make([]timed, count)
	for i := range marks {
		mark, times := next(), next()
		if mark >= knownMarks {
			return document{}, nil, errDamaged
		}
		marks[i] = timed{uint32(mark), uint32(min(times, mostTimes))} //nolint:gosec // below knownMarks
	}
	d.markBytes = int32(before - len(rest))                        //nolint:gosec // bounded by mostText
	d.at, d.size = int64(len(content)-len(rest)), int32(len(rest)) //nolint:gosec // bounded by mostText
	return d, marks, nil
}

// Apply makes a change, in the file first. It is found from when Apply returns. The file is not forced to the disk, since all that is in
// it can come again: after a crash Mark is that of the last change that was kept whole.
func (x *Index) Apply(c Change) error {
	x.changing.Lock()
	defer x.changing.Unlock()
	if len(x.held.docs)+len(c.Put) > mostDocuments {
		return fmt.Errorf("knowledge: more than %d passages", mostDocuments)
	}
	texts, headings := make([][]string, len(c.Put)), make([]int, len(c.Put))
	for i := range c.Put {
		if p := &c.Put[i]; len(p.Heading())+len(p.Text) > mostText {
			return fmt.Errorf("knowledge: passage %s is longer than %d bytes", p.ID, mostText)
		}
		texts[i], headings[i] = c.Put[i].searchable()
	}
	x.mutex.Lock()
	err := x.apply(c, texts, headings)
	x.mutex.Unlock()
	if err != nil {
		return err
	}
	if gone := len(x.held.docs) - len(x.held.byID); gone > len(x.held.byID)+fewGone {
		return x.compact(func(uint32) bool { return true })
	}
	return nil
}

// Trim drops all passages but those with some ids, where the others are many. Views of the index stay as they are.
func (x *Index) Trim(ids []string) error {
	x.changing.Lock()
	defer x.changing.Unlock()
	if len(x.held.docs) <= 2*len(ids)+fewGone {
		return nil
	}
	kept := make(map[uint32]bool, len(ids))
	for _, id := range ids {
		if n, ok := x.held.byID[id]; ok {
			kept[n] = true
		}
	}
	return x.compact(func(doc uint32) bool { return kept[doc] })
}

// fewGone are not worth writing the file anew.
const fewGone = 1000

func (x *Index) apply(c Change, texts [][]string, headings []int) error {
	var out []byte
	docs, marks := make([]document, len(c.Put)), make([][]timed, len(c.Put))
	for i := range c.Put {
		passage, err := json.Marshal(&c.Put[i])
		if err != nil {
			return fmt.Errorf("knowledge: %w", err)
		}
		d := document{id: c.Put[i].ID, words: make([]uint32, len(texts[i])), heading: uint32(headings[i])} //nolint:gosec // bounded by mostText
		var news [][]byte
		for j, term := range texts[i] {
			n, isNew := x.held.intern(term)
			if d.words[j] = n; isNew {
				news = append(news, []byte(term))
			}
		}
		if len(news) > 0 {
			out = appendRecord(out, recordTerms, bytes.Join(news, []byte{0}))
		}
		marks[i], news = make([]timed, 0, len(c.Put[i].Marks)), nil
		for _, m := range counted(c.Put[i].Marks) {
			n, isNew := x.held.internMark(m.name)
			if marks[i] = append(marks[i], timed{n, m.times}); isNew {
				news = append(news, []byte(m.name))
			}
		}
		if len(news) > 0 {
			out = appendRecord(out, recordMarks, bytes.Join(news, []byte{0}))
		}
		content := encodeDocument(&d, marks[i], passage)
		d.size = int32(len(passage)) //nolint:gosec // bounded by mostText
		d.at = x.end + int64(len(out)) + recordHead + int64(len(content)-len(passage))
		docs[i], out = d, appendRecord(out, recordPassage, content)
	}
	for _, id := range c.Remove {
		out = appendRecord(out, recordRemoval, []byte(id))
	}
	out = appendRecord(out, recordMark, []byte(c.Mark))
	if _, err := x.file.WriteAt(out, x.end); err != nil {
		return x.undo(err)
	}
	x.end += int64(len(out))
	for i, d := range docs {
		x.held.add(d)
		x.held.markAll(marks[i])
	}
	for _, id := range c.Remove {
		x.held.remove(id)
	}
	x.held.settle()
	x.mark = c.Mark
	return nil
}

// undo reads the file as it was before a change that could not be written: terms that it brought would have numbers in memory only.
func (x *Index) undo(cause error) error {
	err := errors.Join(x.file.Truncate(x.end), x.file.Close())
	return fmt.Errorf("knowledge: %w", errors.Join(cause, err, x.load()))
}

// compact writes the passages that are kept into a new file and takes that. Who searches meanwhile has the old one.
func (x *Index) compact(kept func(doc uint32) bool) error {
	path := x.path + ".new"
	fresh := &Index{path: path}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("knowledge: %w", err)
	}
	if err := fresh.load(); err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	if err := x.copyTo(fresh, kept); err != nil {
		return errors.Join(err, fresh.file.Close(), os.Remove(path))
	}
	if err := os.Rename(path, x.path); err != nil {
		return errors.Join(fmt.Errorf("knowledge: %w", err), fresh.file.Close())
	}
	fresh.held.meanings = fresh.held.meant(x.held.meanings.vectors)
	x.mutex.Lock()
	old := x.file
	x.file, x.held, x.end = fresh.file, fresh.held, fresh.end
	x.mutex.Unlock()
	return old.Close()
}

// batch is how many passages are written at once.
const batch = 500

func (x *Index) copyTo(fresh *Index, kept func(doc uint32) bool) error {
	var c Change
	flush := func() error {
		c.Mark = x.mark
		err := fresh.Apply(c)
		c.Put = c.Put[:0]
		return err
	}
	for i := range x.held.docs {
		if x.held.gone[i] || !kept(uint32(i)) { //nolint:gosec // at most mostDocuments
			continue
		}
		p, err := x.read(&x.held.docs[i])
		if err == nil {
			p.Marks, err = x.readMarks(&x.held.docs[i])
		}
		if err != nil {
			return err
		}
		if c.Put = append(c.Put, p); len(c.Put) == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
