package testsize

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	out, err := exec.Command("go", "list", "-test", "-f", `{{if .ForTest}}{{.ForTest}} {{join .Deps " "}}{{end}}`, "../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		tested, deps, _ := strings.Cut(strings.TrimSpace(line), " ")
		dir := strings.Replace(tested, "tania/", "./", 1)
		if strings.Contains(deps+" ", "tania/internal/testsize ") && !strings.Contains(" "+strings.Join(packages, " ")+" ", " "+dir+" ") {
			t.Errorf("%s asks for a size; SIZED_PACKAGES in the Makefile does not have it", dir)
		}
	}
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
