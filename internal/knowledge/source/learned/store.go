package learned

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Grace is how long a document is kept after its source was first read without it.
const Grace = 24 * time.Hour

// Origin is a source as it was asked for, so that it can be read again.
type Origin struct {
	// Address is a web address, or the path of a file or folder.
	Address string `json:"address"`
	// Private are the private addresses that may be read for it.
	Private []string `json:"private,omitempty"`
	// Depth is how many links away from the address pages are read, on the same host.
	Depth int `json:"depth,omitempty"`
}

// Reading is what a source says now.
type Reading struct {
	Documents []Document
	// Unchanged are the IDs of documents of which the source says that they are as before.
	Unchanged []string
	// Unread are the IDs of documents that are there and could not be read now: their last copies stay.
	Unread []string
	// Partial reports that there is more: what is not among the documents may still be there.
	Partial bool
	// Notes are for the person who asked: what was left out, and why.
	Notes []string
}

// Add takes a document in, or notes why it could not be read. One without a text is left out.
func (r *Reading) Add(d Document, err error) {
	switch {
	case err != nil:
		r.Unread = append(r.Unread, d.ID)
		r.Notes = append(r.Notes, err.Error())
	case strings.TrimSpace(d.Text) != "":
		r.Documents = append(r.Documents, d)
	}
}

// Change is what a reading changed.
type Change struct {
	// Dir is the source's folder.
	Dir string
	// Added, Changed, Same, Missing and Removed count documents; missing ones are kept until the grace is over.
	Added, Changed, Same, Missing, Removed int
}

// state is the file beside the documents.
type state struct {
	Origin
	// Documents are by their ID.
	Documents map[string]kept `json:"documents"`
}

type kept struct {
	File string `json:"file"`
	Mark
	// Missing is when the source was first read without it.
	Missing time.Time `json:"missing,omitzero"`
}

// stateFile begins with a dot, like all that is no knowledge.
const stateFile = ".source.json"

// Store is the folder with all its sources. One process at a time may write it: who has Lock.
type Store struct {
	Dir string
	Now func() time.Time
}

// Origins are the sources that were learned, by the names of their folders.
func (s Store) Origins() ([]Origin, error) {
	files, err := filepath.Glob(filepath.Join(s.Dir, "*", stateFile))
	if err != nil {
		return nil, fmt.Errorf("learned: %w", err)
	}
	var all []Origin
	for _, file := range files {
		st, err := loadState(file)
		if err != nil {
			return nil, err
		}
		all = append(all, st.Origin)
	}
	return all, nil
}

func loadState(file string) (state, error) {
	st := state{Documents: map[string]kept{}}
	content, err := os.ReadFile(file) //nolint:gosec // beside bot.yaml
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err == nil {
		err = json.Unmarshal(content, &st)
	}
	if err != nil {
		return st, fmt.Errorf("learned: %s: %w", file, err)
	}
	return st, nil
}

// Marks are those of the documents that are kept of a source, by their IDs.
func (s Store) Marks(o Origin) (map[string]Mark, error) {
	dir := filepath.Join(s.Dir, nameOf(o.Address))
	st, err := loadState(filepath.Join(dir, stateFile))
	if err != nil {
		return nil, err
	}
	marks := map[string]Mark{}
	if st.Depth != o.Depth {
		return marks, nil // other links are wanted
	}
	for id, k := range st.Documents {
		// A file that somebody deleted is read anew.
		if _, err := os.Stat(filepath.Join(dir, k.File)); err == nil {
			marks[id] = k.Mark
		}
	}
	return marks, nil
}

// ErrEmpty is for a source in which nothing is found: what was learned from it before stays.
var ErrEmpty = errors.New("nothing to learn was found there")

// Update brings the folder of a source to what a reading says. Each file is replaced at once, so that whoever reads meanwhile finds whole
// documents; a file that says the same is left alone.
func (s Store) Update(o Origin, r Reading) (Change, []string, error) {
	c := Change{Dir: filepath.Join(s.Dir, nameOf(o.Address))}
	if len(r.Documents)+len(r.Unchanged) == 0 {
		return c, r.Notes, ErrEmpty
	}
	st, err := loadState(filepath.Join(c.Dir, stateFile))
	if err != nil {
		return c, nil, err
	}
	st.Origin = o
	if err := os.MkdirAll(c.Dir, 0o755); err != nil { //nolint:gosec // the bot may run as another user
		return c, nil, fmt.Errorf("learned: %w", err)
	}
	notes, err := s.put(&c, &st, r.Documents)
	if err == nil {
		err = s.age(&c, &st, r)
	}
	if err == nil {
		err = st.save(c.Dir)
	}
	return c, append(slices.Clone(r.Notes), notes...), err
}

// put writes the documents that are new or say something else.
func (s Store) put(c *Change, st *state, documents []Document) (notes []string, err error) {
	for _, d := range documents {
		file, whole := d.encode()
		if !whole {
			notes = append(notes, fmt.Sprintf("%s is longer than %d KiB: its beginning is kept", d.Source, MostBytes>>10))
		}
		old, known := st.Documents[d.ID]
		name := fileOf(d)
		if known {
			name = old.File
		}
		path := filepath.Join(c.Dir, name)
		had, err := os.ReadFile(path) //nolint:gosec // in the folder
		switch {
		case err == nil && bytes.Equal(had, file):
			c.Same++
		case known:
			c.Changed++
		default:
			c.Added++
		}
		if err != nil || !bytes.Equal(had, file) {
			if err := replace(path, file); err != nil {
				return notes, err
			}
		}
		st.Documents[d.ID] = kept{File: name, Mark: d.Mark}
	}
	return notes, nil
}

// age counts what is unchanged and what a reading did not bring, and removes what has been missing for longer than the grace.
func (s Store) age(c *Change, st *state, r Reading) error {
	there := map[string]bool{}
	for _, d := range r.Documents {
		there[d.ID] = true
	}
	for _, id := range r.Unchanged {
		if k, ok := st.Documents[id]; ok && !there[id] {
			k.Missing = time.Time{}
			st.Documents[id], there[id] = k, true
			c.Same++
		}
	}
	if r.Partial {
		return nil
	}
	for _, id := range r.Unread {
		there[id] = true
	}
	for id, k := range st.Documents {
		switch {
		case there[id]:
			continue
		case k.Missing.IsZero():
			k.Missing = s.Now().UTC()
			st.Documents[id] = k
		case s.Now().Sub(k.Missing) >= Grace:
			if err := os.Remove(filepath.Join(c.Dir, k.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("learned: %w", err)
			}
			delete(st.Documents, id)
			c.Removed++
			continue
		}
		c.Missing++
	}
	return nil
}

func (st *state) save(dir string) error {
	content, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return fmt.Errorf("learned: %w", err)
	}
	return replace(filepath.Join(dir, stateFile), append(content, '\n'))
}

// replace writes a file whole or not at all. While it is written its name begins with a dot.
func replace(path string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return fmt.Errorf("learned: %w", err)
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("learned: %w", errors.Join(err, os.Remove(temporary.Name())))
	}
	return nil
}

// nameOf is the folder's name for an address, legible and unlike that of any other.
func nameOf(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		rest = filepath.Base(address)
	}
	return slug(rest) + "-" + digest(address)
}

func fileOf(d Document) string {
	name := d.Title
	if name == "" {
		name = d.ID
	}
	return slug(name) + "-" + digest(d.ID) + ".md"
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}

// slug is a text in small letters and digits with dashes between, at most 40 of them.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case b.Len() >= 40:
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.TrimSuffix(b.String(), "-"); s != "" {
		return s
	}
	return "document"
}
