package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// mostOperators is how many "&&" and "||" a line of code may have: more are a rule that wants names, or a table.
const mostOperators = 4

// TestNoLineHasMoreThanFourBooleanOperators reads all Go files of the repository, tests too. golangci-lint has no such rule.
func TestNoLineHasMoreThanFourBooleanOperators(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for line, n := range operatorsByLine(files, file) {
			if n > mostOperators {
				t.Errorf("%s:%d has %d boolean operators, want %d at most", path, line, n, mostOperators)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func operatorsByLine(files *token.FileSet, file *ast.File) map[int]int {
	lines := map[int]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if e, ok := n.(*ast.BinaryExpr); ok && (e.Op == token.LAND || e.Op == token.LOR) {
			lines[files.Position(e.OpPos).Line]++
		}
		return true
	})
	return lines
}
