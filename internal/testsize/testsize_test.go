package testsize

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWhatRunsInPartIsRunWhole: make test names every test that asks for a size, by names that are there.
func TestWhatRunsInPartIsRunWhole(t *testing.T) {
	make := read(t, "../../Makefile")
	names, packages := setting(t, make, "SIZED"), strings.Fields(setting(t, make, "SIZED_PACKAGES"))
	var tests strings.Builder
	for _, dir := range packages {
		files, _ := filepath.Glob(filepath.Join("../..", dir, "*_test.go"))
		for _, file := range files {
			tests.WriteString(read(t, file))
		}
	}
	for name := range strings.SplitSeq(names, "|") {
		name, _, _ = strings.Cut(strings.Trim(name, "^$"), "$")
		if !strings.Contains(tests.String(), "func "+name+"(t *testing.T)") {
			t.Errorf("no package of SIZED_PACKAGES has %s", name)
		}
	}
	for dir := range importers(t) {
		if !slices.Contains(packages, dir) && dir != "./internal/queue/queuetest/model" { // the engines run that
			t.Errorf("%s asks for a size; SIZED_PACKAGES in the Makefile does not have it", dir)
		}
	}
}

// importers are the directories of what imports this package.
func importers(t *testing.T) map[string]bool {
	t.Helper()
	dirs := map[string]bool{}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && strings.Contains(read(t, "../../"+path), "\"tania/internal/testsize\"\n") {
			dirs["./"+filepath.Dir(path)] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(dirs) == 0 {
		t.Fatal("nothing asks for a size")
	}
	return dirs
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func setting(t *testing.T, makefile, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + ` := (.*)$`).FindStringSubmatch(makefile)
	if found == nil {
		t.Fatalf("the Makefile has no %s", name)
	}
	return strings.ReplaceAll(found[1], "$$", "$")
}

// TestWhatIsNotRacedRunsNothingBesideAnything: a package that make test runs without the race detector starts no goroutine, in code or
// tests.
func TestWhatIsNotRacedRunsNothingBesideAnything(t *testing.T) {
	for _, dir := range strings.Fields(setting(t, read(t, "../../Makefile"), "SEQUENTIAL")) {
		files, _ := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if len(files) == 0 {
			t.Errorf("%s of SEQUENTIAL in the Makefile has no code", dir)
		}
		for _, file := range files {
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if concurrent(n) {
					t.Errorf("%s runs something beside something: take %s out of SEQUENTIAL in the Makefile", fset.Position(n.Pos()), dir)
				}
				return true
			})
		}
	}
}

// concurrent reports whether code starts a goroutine, or uses what may: a server, a bubble, a group of goroutines.
func concurrent(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		return true
	case *ast.SelectorExpr:
		return slices.Contains([]string{"Go", "Parallel", "RunParallel", "AfterFunc"}, n.Sel.Name)
	case *ast.ImportSpec:
		return slices.Contains([]string{`"net/http/httptest"`, `"testing/synctest"`, `"golang.org/x/sync/errgroup"`}, n.Path.Value)
	}
	return false
}
