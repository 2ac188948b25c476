package bot

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Reader reads a bot again and again, of which most is as it was: what the documents of its knowledge are divided into is remembered from
// one reading to the next, and shared by what they give. It is safe for concurrent use; nil remembers nothing.
type Reader struct {
	mutex sync.Mutex
	known map[[sha256.Size]byte]*divided
	round int
}

// divided are the portions of a document, and the round in which it was last read.
type divided struct {
	portions []section
	round    int
}

// roundsKept is how many rounds a document stays that is in none of them. A round is one reading of a bot, by whomever: of its files, of
// the version that they become, of a draft.
const roundsKept = 8

// Load is the function of that name.
func (r *Reader) Load(path string) (*Bot, error) {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	return r.LoadFS(os.DirFS(dir), name)
}

// LoadFS is the function of that name.
func (r *Reader) LoadFS(fsys fs.FS, name string) (*Bot, error) {
	defer r.end()
	return r.load(fsys, name, "")
}

// BuiltIn is the function of that name.
func (r *Reader) BuiltIn(beside fs.FS) *Bot {
	defer r.end()
	b := Default()
	b.learn(beside, r)
	b.Version = version(*b)
	return b
}

// end forgets what was not read for a while.
func (r *Reader) end() {
	if r == nil {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.round++
	for of, d := range r.known {
		if d.round <= r.round-roundsKept {
			delete(r.known, of)
		}
	}
}

// portions divides a document at its headings, and what is below one where it is long. What is given must not be changed.
func (r *Reader) portions(source []byte) []section {
	if r == nil {
		return divide(source)
	}
	of := sha256.Sum256(source)
	r.mutex.Lock()
	known := r.known[of]
	if known != nil {
		known.round = r.round
	}
	r.mutex.Unlock()
	if known != nil {
		return known.portions
	}
	made := divide(source)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.known == nil {
		r.known = map[[sha256.Size]byte]*divided{}
	}
	r.known[of] = &divided{made, r.round}
	return made
}

func divide(source []byte) (all []section) {
	for _, s := range splitMarkdown(source) {
		for _, part := range portions(s.text) {
			all = append(all, section{path: s.path, text: part})
		}
	}
	return all
}
