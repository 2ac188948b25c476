package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// codebase is what is counted of a tree of Go files.
type codebase struct {
	files     []int          // lines of each file of code
	packages  map[string]int // lines of code of each folder
	imports   map[string][]string
	module    string
	functions []int // lines of each function

	lines, testLines, comments, wide int
	tangled                          int // lines with more boolean operators than anybody reads at once
	contributing, decisions          int // words for contributors, and records of decisions
	longFunctions, nameLetters       int
	exported, documented, variables  int
}

// mostOperators is how many && and || a line may have.
const mostOperators = 4

func survey(root fs.FS) (*codebase, error) {
	h := &codebase{packages: map[string]int{}, imports: map[string][]string{}}
	if err := h.readPages(root); err != nil {
		return nil, err
	}
	return h, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && !ours(d):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return h.read(name, string(text))
	})
}

func (h *codebase) read(name, text string) error {
	lines := strings.Count(text, "\n")
	if strings.HasSuffix(name, "_test.go") {
		h.testLines += lines
		return nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return err
	}
	h.files = append(h.files, lines)
	h.packages[path.Dir(name)] += lines
	h.lines += lines
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			h.comments++
		}
		if utf8.RuneCountInString(line) > 120 {
			h.wide++
		}
		if code, _, _ := strings.Cut(line, "//"); strings.Count(code, "&&")+strings.Count(code, "||") > mostOperators {
			h.tangled++
		}
	}
	for _, i := range file.Imports {
		if dir, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), h.module+"/"); ours {
			h.imports[path.Dir(name)] = append(h.imports[path.Dir(name)], dir)
		}
	}
	for _, declared := range file.Decls {
		switch d := declared.(type) {
		case *ast.FuncDecl:
			h.function(d, set.Position(d.End()).Line-set.Position(d.Pos()).Line+1)
		case *ast.GenDecl:
			h.general(d)
		}
	}
	return nil
}

func (h *codebase) function(d *ast.FuncDecl, lines int) {
	h.functions = append(h.functions, lines)
	h.nameLetters += utf8.RuneCountInString(d.Name.Name)
	if lines > 60 {
		h.longFunctions++
	}
	if d.Recv == nil || ast.IsExported(receiver(d)) {
		h.export(d.Name, d.Doc)
	}
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// general counts types, constants and variables. A group's comment is that of each in it.
func (h *codebase) general(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			h.export(s.Name, d.Doc, s.Doc, s.Comment)
		case *ast.ValueSpec:
			for _, name := range s.Names {
				h.export(name, d.Doc, s.Doc, s.Comment)
				if d.Tok == token.VAR && name.Name != "_" {
					h.variables++
				}
			}
		}
	}
}

func (h *codebase) export(name *ast.Ident, docs ...*ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	h.exported++
	if slices.ContainsFunc(docs, func(c *ast.CommentGroup) bool { return c != nil }) {
		h.documented++
	}
}

// quantile is the value that so many percent do not exceed; 0 of none.
func quantile(values []int, percent int) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)*percent/100]
}

func sortedOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
