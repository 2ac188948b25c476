package doctor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChecksArePrintedOneToALineWithTheFix(t *testing.T) {
	var b strings.Builder
	if err := Print(&b, []Check{
		{Name: "clock", Status: OK, Text: "agrees"},
		{Name: "model", Status: Fail, Text: "a < b", Fix: "copy the key"},
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("ok    clock: agrees\nfail  model: a < b  → copy the key\n", b.String()); diff != "" {
		t.Error(diff)
	}
}
