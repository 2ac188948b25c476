package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	pattern   = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /\S*$`)
	codeSpan  = regexp.MustCompile("`([^`]+)`")
	routeName = regexp.MustCompile(`^((?:GET|POST|PUT|PATCH|DELETE) )?(/[^\s?]*)`)
)

// TestEveryRouteIsDescribed compares the tables of routes in the operation guides with what the web side serves, the dashboard's pages
// aside.
func TestEveryRouteIsDescribed(t *testing.T) {
	served := servedRoutes(t)
	if len(served) < 20 {
		t.Fatalf("only %d routes were found in internal/web", len(served))
	}
	for _, page := range []string{"operation.md", "es/operacion.md"} {
		described := describedRoutes(t, page)
		for _, route := range served {
			if !slices.Contains(described, route) {
				t.Errorf("%s does not describe %s", page, route)
			}
		}
		for _, route := range described {
			if !slices.Contains(served, route) {
				t.Errorf("%s describes %s, which is not served", page, route)
			}
		}
	}
}

// servedRoutes are the patterns that internal/web registers.
func servedRoutes(t *testing.T) (routes []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "internal", "web", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && pattern.MatchString(text) {
					routes = append(routes, strings.TrimSuffix(text, "{$}"))
				}
			}
			return true
		})
	}
	slices.Sort(routes)
	return slices.Compact(routes)
}

// describedRoutes are those in the first column of a page's first table. A path without a method has that of the one before it.
func describedRoutes(t *testing.T, page string) (routes []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(page))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n|---|---|\n")
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), " | ")
		method := ""
		for _, span := range codeSpan.FindAllStringSubmatch(cell, -1) {
			found := routeName.FindStringSubmatch(span[1])
			if found == nil {
				continue
			}
			if found[1] != "" {
				method = found[1]
			}
			routes = append(routes, method+found[2])
		}
	}
	return routes
}
