package main

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// reflecting is a function that the linker reaches and that calls a method by a name known only when it runs.
var reflecting = regexp.MustCompile(`(?m)^(\S+) <ReflectMethod>`)

// TestNoMethodIsCalledByItsName keeps the binary small: one such call, anywhere, has the linker keep every exported method.
func TestNoMethodIsCalledByItsName(t *testing.T) {
	link := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-dumpdep", "-o", os.DevNull, ".")
	link.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := link.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out[:min(len(out), 2000)])
	}
	callers := map[string]bool{}
	for _, m := range reflecting.FindAllSubmatch(out, -1) {
		callers[string(m[1])] = true
	}
	for caller := range callers {
		t.Errorf("%s calls methods by name", caller)
	}
}
