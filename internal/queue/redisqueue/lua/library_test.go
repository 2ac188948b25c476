package lua

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestScriptsHaveWhatTheyCall: what lib.lua defines stands in a script before its first use there, and a script has nothing that it does
// not use.
func TestScriptsHaveWhatTheyCall(t *testing.T) {
	files, err := fs.Glob(sources, "*.lua")
	if err != nil {
		t.Fatal(err)
	}
	defined := regexp.MustCompile(`(?m)^local function (\w+)`).FindAllStringSubmatch(read("lib"), -1)
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".lua")
		if name == "lib" {
			continue
		}
		text := asides.ReplaceAllString(needs(read(name))+read(name), "")
		for _, d := range defined {
			definition := strings.Index(text, "local function "+d[1]+"(")
			calls := regexp.MustCompile(`(?:^|[^\w.])`+d[1]+`\(`).FindAllStringIndex(strings.Replace(text, "function "+d[1]+"(", "", 1), -1)
			switch {
			case definition < 0 && len(calls) > 0:
				t.Errorf("%s calls %s, which it does not have", name, d[1])
			case definition >= 0 && len(calls) == 0:
				t.Errorf("%s has %s, which it does not call", name, d[1])
			case definition >= 0 && calls[0][0] < definition:
				t.Errorf("%s calls %s before it has it", name, d[1])
			}
		}
	}
	if strings.Contains(needs(read("push")), "function bury") {
		t.Error("a push has what buries turns")
	}
}

// TestLazyPartsAreMadeWhenCalled: a claim has what ends leases and turns, but Redis makes it only when there is such a turn.
func TestLazyPartsAreMadeWhenCalled(t *testing.T) {
	atOnce, later := made(needs(read("claim")))
	for _, name := range []string{"bury", "place", "finish", "carry"} {
		if atOnce[name] || !later[name] {
			t.Errorf("%s is made at once: %t, later: %t", name, atOnce[name], later[name])
		}
	}
	for _, name := range []string{"take", "bodies", "leave", "expire"} {
		if !atOnce[name] {
			t.Errorf("%s is not made at once", name)
		}
	}
}

// made tells a script's functions that it makes at once from those that stand within others.
func made(script string) (atOnce, later map[string]bool) {
	atOnce, later = map[string]bool{}, map[string]bool{}
	function := regexp.MustCompile(`^local function (\w+)`)
	depth := 0
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(strings.TrimRight(line, "\n"), " -- lazy")
		if name := function.FindStringSubmatch(line); name != nil {
			if depth == 0 {
				atOnce[name[1]] = true
			} else {
				later[name[1]] = true
			}
			if !strings.HasSuffix(line, " end") {
				depth++
			}
		} else if line == "end" && depth > 0 {
			depth--
		}
	}
	return atOnce, later
}
