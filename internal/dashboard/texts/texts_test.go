package texts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tania/internal/tania"
)

func loadEach(t *testing.T) map[tania.Language]*Texts {
	t.Helper()
	all := map[tania.Language]*Texts{}
	for _, lang := range languages {
		loaded, err := Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		all[lang] = loaded
	}
	return all
}

var verb = regexp.MustCompile(`%[.\d]*[a-z]`)

func TestEveryLanguageHasEveryText(t *testing.T) {
	all := loadEach(t)
	for lang, have := range all {
		for key, english := range all[tania.English].by {
			text, ok := have.by[key]
			switch {
			case !ok || strings.TrimSpace(text) == "":
				t.Errorf("%s: %s is missing", lang, key)
			case !slices.Equal(verb.FindAllString(text, -1), verb.FindAllString(english, -1)):
				t.Errorf("%s: %s takes other values than in English: %q, %q", lang, key, text, english)
			}
		}
		for key := range have.by {
			if _, ok := all[tania.English].by[key]; !ok {
				t.Errorf("%s: %s is in no other language", lang, key)
			}
		}
	}
}

var (
	aKey  = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)
	aFile = regexp.MustCompile(`\.(js|css|svg|yaml)$`)
)

func TestTextsAreThoseThatPagesUse(t *testing.T) {
	have := loadEach(t)[tania.English].by
	used := map[string]bool{}
	termed := map[string]bool{}
	for _, file := range parsed(t, "..", "../pages", "../pages/known", "../pages/course", "../approvals", "../element") {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if key := literal(n); aKey.MatchString(key) && !aFile.MatchString(key) {
					used[key] = true
					if _, ok := have[key]; !ok {
						t.Errorf("%s is used, and there is no such text", key)
					}
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Term" {
					termed[literal(n.Args[0])] = true
				}
			}
			return true
		})
	}
	for key := range have {
		set, name, _ := strings.Cut(key, ".")
		fromCode := set == "done" || name == "title" || name == "text"
		if !used[key] && !termed[set] && !fromCode {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// literal is a string in the source, "" for everything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	value, _ := strconv.Unquote(lit.Value) // what was parsed is well quoted
	return value
}

// TestEveryDecisionHasWords reads the closed sets from the source, so that a value added there is missed here.
func TestEveryDecisionHasWords(t *testing.T) {
	have := loadEach(t)[tania.English].by
	wanted := map[string][]string{
		"Reason": {"reason", "reason_short"}, "Route": {"route", "route_why"}, "HandoffReason": {"handoff"}, "Outcome": {"outcome"},
		"Approved": {"ruling"}, "RuledBy": {"ruled_by"},
		"Status": {"status"}, "Author": {"author"}, "Miss": {"miss"}, "RecollectionKind": {"recalled"},
		"DeliveryCause": {"undelivered_cause"}, "GuardReason": {"guard"},
		"ProcedureEnd": {"procedure_end"},
		// of the audit log
		"Action": {"action"}, "As": {"actor"}, "Result": {"audited"},
	}
	found := 0
	for _, file := range parsed(t, "../../tania", "../../audit") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			if !ok {
				return true
			}
			for _, v := range spec.Values {
				lit, ok := v.(*ast.BasicLit)
				if !ok {
					continue
				}
				value, err := strconv.Unquote(lit.Value)
				if err != nil {
					continue
				}
				if kind.Name == "Reason" && !slices.Contains(tania.Reasons(), tania.Reason(value)) {
					t.Errorf("%s is no reason that a filter may want", value)
				}
				for _, set := range wanted[kind.Name] {
					found++
					if _, ok := have[set+"."+value]; !ok && set+value != "reason_shortproceed" {
						t.Errorf("%s.%s has no words", set, value)
					}
				}
			}
			return true
		})
	}
	if found < 60 {
		t.Errorf("only %d values found: is the source read?", found)
	}
}

// parsed is the source in some directories, its tests aside.
func parsed(t *testing.T, dirs ...string) (files []*ast.File) {
	t.Helper()
	for _, dir := range dirs {
		names, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("no source in %s: %v", dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	return files
}

func TestLanguageIsTheBrowsers(t *testing.T) {
	for accept, want := range map[string]tania.Language{
		"":                                    tania.English,
		"es":                                  tania.Spanish,
		"es-MX,es;q=0.9,en;q=0.8":             tania.Spanish,
		"pt-BR,pt;q=0.9,en-US;q=0.8":          tania.Portuguese,
		"de-DE,de;q=0.9,en;q=0.8":             tania.English,
		"fr,pt;q=0.5":                         tania.Portuguese,
		"ja":                                  tania.English,
		"*":                                   tania.English,
		";;;q=x,,,":                           tania.English,
		strings.Repeat("es-MX;q=0.1,", 10000): tania.Spanish,
	} {
		if got := LanguageOf(accept); got != want {
			t.Errorf("%.40q: %s, want %s", accept, got, want)
		}
	}
}
