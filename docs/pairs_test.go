package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// spanish names the Spanish twin of each guide, both relative to this directory.
var spanish = map[string]string{
	"../README.md":      "es/README.md",
	"architecture.md":   "es/arquitectura.md",
	"attachments.md":    "es/adjuntos.md",
	"bot.md":            "es/bot.md",
	"tools.md":          "es/herramientas.md",
	"capacity.md":       "es/capacidad.md",
	"channels.md":       "es/canales.md",
	"connect.md":        "es/conectar.md",
	"dashboard.md":      "es/panel.md",
	"debugging.md":      "es/depuracion.md",
	"delivery.md":       "es/entrega.md",
	"deployment.md":     "es/despliegue.md",
	"field.md":          "es/campo.md",
	"guard.md":          "es/revision.md",
	"limits.md":         "es/limites.md",
	"marks.md":          "es/marcas.md",
	"migration.md":      "es/migracion.md",
	"models.md":         "es/modelos.md",
	"observability.md":  "es/observabilidad.md",
	"operation.md":      "es/operacion.md",
	"personal-data.md":  "es/datos-personales.md",
	"procedures.md":     "es/procedimientos.md",
	"security.md":       "es/seguridad.md",
	"semantic-cache.md": "es/cache-semantica.md",
}

// englishOnly are pages that a program writes, or that only contributors read.
var englishOnly = []string{"benchmarks.md", "cache-measured.md", "configuration.md", "testing.md"}

// TestEveryGuideHasItsTwin holds that no guide exists in one language alone.
func TestEveryGuideHasItsTwin(t *testing.T) {
	var twins []string
	for _, twin := range spanish {
		twins = append(twins, filepath.FromSlash(twin))
	}
	for _, pattern := range []string{"*.md", "es/*.md"} {
		pages, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			if spanish[page] == "" && !slices.Contains(twins, page) && !slices.Contains(englishOnly, page) {
				t.Errorf("%s has no twin in the other language: add it to spanish, or say why it is English only", page)
			}
		}
	}
}

// TestTwinsHaveTheSameSections compares the outlines of each pair of guides, and how many tables and blocks of code each section has.
func TestTwinsHaveTheSameSections(t *testing.T) {
	for page, twin := range spanish {
		one, other := outline(t, page), outline(t, twin)
		for i := range max(len(one), len(other)) {
			if i >= len(one) || i >= len(other) || one[i].shape != other[i].shape {
				t.Errorf("%s and %s differ at section %d: %s, %s", page, twin, i+1, at(one, i), at(other, i))
				break
			}
		}
	}
}

// TestASectionThatIsMissingIsFound makes sure that the comparison can fail.
func TestASectionThatIsMissingIsFound(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := outline(t, write("a.md", "# A\n\n## B\n\n| x |\n|---|\n| 1 |\n\n## C\n\n```sh\n# no heading\n```\n"))
	for name, text := range map[string]string{
		"a section":     "# A\n\n## B\n\n| x |\n|---|\n| 1 |\n",
		"a level":       "# A\n\n## B\n\n| x |\n|---|\n| 1 |\n\n### C\n\n```sh\n```\n",
		"a table":       "# A\n\n## B\n\n## C\n\n```sh\n```\n",
		"a table's row": "# A\n\n## B\n\n| x |\n|---|\n| 1 |\n| 2 |\n\n## C\n\n```sh\n```\n",
		"a block":       "# A\n\n## B\n\n| x |\n|---|\n| 1 |\n\n## C\n",
	} {
		if slices.EqualFunc(whole, outline(t, write("b.md", text)), func(x, y section) bool { return x.shape == y.shape }) {
			t.Errorf("%s that differs is not seen", name)
		}
	}
}

// section is a heading and what its twin must have, too.
type section struct {
	heading string
	shape   shape
}

// shape is a heading's level, and the rows of tables and blocks of code below it.
type shape struct{ level, rows, blocks int }

// outline gives a page's sections in order.
func outline(t *testing.T, page string) (list []section) {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(page))
	if err != nil {
		t.Fatal(err)
	}
	fenced := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		title := strings.TrimLeft(line, "#")
		switch level := len(line) - len(title); {
		case strings.HasPrefix(line, "```"):
			if fenced = !fenced; fenced && len(list) > 0 {
				list[len(list)-1].shape.blocks++
			}
		case fenced:
		case level > 0 && strings.HasPrefix(title, " "):
			list = append(list, section{strings.TrimSpace(title), shape{level: level}})
		case strings.HasPrefix(line, "|") && len(list) > 0:
			list[len(list)-1].shape.rows++
		}
	}
	return list
}

// at names a section for an error.
func at(list []section, i int) string {
	if i >= len(list) {
		return "no section"
	}
	s := list[i]
	return fmt.Sprintf("%q (level %d, %d table rows, %d blocks of code)", s.heading, s.shape.level, s.shape.rows, s.shape.blocks)
}
