// Package docs holds the guides. Its test keeps their links true.
package docs

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var (
	fence   = regexp.MustCompile("(?ms)^[ \t]*```.*?^[ \t]*```[ \t]*$")
	code    = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)|(?:src|href)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *#*$`)
	target  = regexp.MustCompile(`\]\([^)]*\)`)
)

// TestEveryLinkLeadsSomewhere follows the relative links of all Markdown files to files, and to headings within them.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	followed := 0
	for _, path := range guides(t, "..") {
		for _, to := range links(read(t, path)) {
			followed++
			if why := broken(t, path, to); why != "" {
				t.Errorf("%s: %s: %s", path, to, why)
			}
		}
	}
	if followed < 100 {
		t.Errorf("only %d links were found", followed)
	}
}

// TestABrokenLinkIsFound makes sure that the other test can fail.
func TestABrokenLinkIsFound(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	text := "# ¿Qué es `x`?\n# Twice\n# Twice\n[a](page.md#qué-es-x) [b](page.md#twice-1) [c](#twice-2) [d](gone.md) `[e](code.md)` <img src=\"no.png\">\n```\n[f](fenced.md)\n# no heading\n```\n[g](#no-heading)\n"
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, to := range links(read(t, page)) {
		if broken(t, page, to) != "" {
			found = append(found, to)
		}
	}
	if got, want := strings.Join(found, " "), "#twice-2 gone.md no.png #no-heading"; got != want {
		t.Errorf("broken: %s, want %s", got, want)
	}
}

// guides are the Markdown files below root, but those of hidden directories and of test data.
func guides(t *testing.T, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".md"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// read gives a page without its blocks of code.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fence.ReplaceAllString(string(text), "")
}

// links are the relative ones of a page.
func links(text string) (list []string) {
	for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(text, "x"), -1) {
		to := m[1] + m[2]
		if u, err := url.Parse(to); err == nil && u.Scheme == "" && u.Host == "" {
			list = append(list, to)
		}
	}
	return list
}

// broken says why a link on a page leads nowhere; empty: it leads somewhere.
func broken(t *testing.T, page, to string) string {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		return err.Error()
	}
	path := page
	if u.Path != "" {
		path = filepath.Join(filepath.Dir(page), filepath.FromSlash(u.Path))
	}
	if _, err := os.Stat(path); err != nil {
		return "there is no such file"
	}
	if u.Fragment == "" || !strings.HasSuffix(path, ".md") {
		return ""
	}
	if !anchors(read(t, path))[u.Fragment] {
		return "there is no such heading"
	}
	return ""
}

// anchors are the names of a page's headings, as GitHub makes them.
func anchors(text string) map[string]bool {
	names := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(target.ReplaceAllString(m[1], "]")) {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				b.WriteRune(r)
			case r == ' ':
				b.WriteByte('-')
			}
		}
		name := b.String()
		for n := 1; names[name]; n++ {
			name = b.String() + "-" + strconv.Itoa(n)
		}
		names[name] = true
	}
	return names
}

// named is a test as docs/field.md names it, with its package.
var named = regexp.MustCompile("`(Test\\w+)` \\(([\\w/]+)\\)")

// TestEveryKindFromTheFieldHasItsTest looks for the tests that the table of kinds names, in both languages.
func TestEveryKindFromTheFieldHasItsTest(t *testing.T) {
	one, other := namedTests(t, "field.md"), namedTests(t, "es/campo.md")
	if len(one) < 40 || !slices.Equal(one, other) {
		t.Errorf("the tables differ, or are short: %d and %d kinds", len(one), len(other))
	}
}

// TestEveryPromiseHasItsTest looks for the tests that the map of promises names.
func TestEveryPromiseHasItsTest(t *testing.T) {
	if found := namedTests(t, "../CONTRIBUTING.md"); len(found) < 30 {
		t.Errorf("the map of promises names %d tests", len(found))
	}
}

// namedTests gives the tests that a page names, and fails for those that do not exist.
func namedTests(t *testing.T, page string) (names []string) {
	t.Helper()
	for _, found := range named.FindAllStringSubmatch(read(t, page), -1) {
		name, room := found[1], found[2]
		names = append(names, name)
		files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(room), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		declared := regexp.MustCompile(`(?m)^func ` + name + `\w*\(`)
		if !slices.ContainsFunc(files, func(file string) bool { return declared.MatchString(read(t, file)) }) {
			t.Errorf("%s: %s has no %s", page, room, name)
		}
	}
	return names
}

// place is a file or folder of the repository as the contributors' pages name it.
var place = regexp.MustCompile("`((?:internal|cmd|docs|e2e|examples|deploy)/[^`\\s]*)`")

// TestContributorsAreSentToFilesThatExist looks for the files that the recipes and the map name.
func TestContributorsAreSentToFilesThatExist(t *testing.T) {
	found := 0
	for _, page := range []string{"../CONTRIBUTING.md", "../AGENTS.md"} {
		for _, m := range place.FindAllStringSubmatch(read(t, page), -1) {
			if strings.ContainsAny(m[1], "{*") || strings.Contains(m[1], "XX") || strings.Contains(m[1], "NAME") {
				continue // of several files
			}
			found++
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: there is no %s", page, m[1])
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d files are named", found)
	}
}
