package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one deliberate fault. All mutants of a package are built into one test binary, in which one at a time is on.
type mutant struct {
	id   int
	kind string
	file string // base name
	line int
	in   string // the function
	old  string // the code that it changes, on one line
	want string // what it changes it to, in words or code
	at   int    // index of the file

	start, end     int // byte offsets of what is wrapped
	prefix, suffix string
}

// key names a mutant independently of its line.
func (m *mutant) key() string {
	return strings.Join([]string{m.file, m.in, m.kind, m.old}, " | ")
}

// mutants finds every fault that can be put into a package, in the order of its code.
func (s *source) mutants() []*mutant {
	f := &finder{source: s}
	for i, file := range s.files {
		f.file = i
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				f.function(fn)
			}
		}
	}
	for i, m := range f.found {
		m.id = i + 1
		m.prefix, m.suffix = strings.ReplaceAll(m.prefix, "#", fmt.Sprint(m.id)), strings.ReplaceAll(m.suffix, "#", fmt.Sprint(m.id))
	}
	return f.found
}

// finder collects mutants.
type finder struct {
	*source
	file  int
	in    string
	found []*mutant
	// timers are those of this function, and the functions that give back the timer of a context.
	timers map[types.Object]bool
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// add notes a mutant that wraps a node; # in the wrapping is its id.
func (f *finder) add(n ast.Node, kind, want, prefix, suffix string) {
	start, end := f.offset(n.Pos()), f.offset(n.End())
	f.found = append(f.found, &mutant{
		kind: kind, file: filepath.Base(f.names[f.file]), line: f.fset.Position(n.Pos()).Line, in: f.in, at: f.file, start: start, end: end,
		old: strings.Join(strings.Fields(string(f.texts[f.file][start:end])), " "), want: want, prefix: prefix, suffix: suffix,
	})
}

// rewritten is a file with the package's mutants in it. Lines stay where they are.
func (s *source) rewritten(file int, mutants []*mutant) []byte {
	type insertion struct {
		at, order int
		text      string
	}
	var all []insertion
	for i, m := range mutants {
		if m.at == file {
			// Of several at one place, what ends comes before what begins, and of the latter the outer before the inner.
			all = append(all, insertion{m.start, i + 1, m.prefix}, insertion{m.end, -i - 1, m.suffix})
		}
	}
	slices.SortStableFunc(all, func(a, b insertion) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	var out []byte
	done := 0
	for _, in := range all {
		out = append(append(out, s.texts[file][done:in.at]...), in.text...)
		done = in.at
	}
	return append(out, s.texts[file][done:]...)
}

// support is the file that the mutants need in their package. TANIA_MUTANT is the one that is on; TANIA_MUTANTS_SEEN names a file that the
// ids of those are written to whose code runs.
func (s *source) support(n int) []byte {
	return fmt.Appendf(nil, `package %s

import (
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutantActive, _ = strconv.Atoi(os.Getenv("TANIA_MUTANT"))
	mutantsSeen     = mutantOpen()
	mutantsKnown    [%d]atomic.Bool
)

func mutantOpen() *os.File {
	name := os.Getenv("TANIA_MUTANTS_SEEN")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	return f
}

// mutantOn reports whether a mutant is on.
func mutantOn(id int) bool {
	if mutantsSeen != nil && !mutantsKnown[id].Swap(true) {
		_, _ = mutantsSeen.WriteString(strconv.Itoa(id) + "\n")
	}
	return id == mutantActive
}

// mutantOne is 1 when a mutant is on, 0 otherwise.
func mutantOne(id int) int {
	if mutantOn(id) {
		return 1
	}
	return 0
}
`, s.name, n+1)
}
