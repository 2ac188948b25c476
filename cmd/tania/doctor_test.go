package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/doctor"
)

func TestChecksArePrintedOneToALineWithTheMend(t *testing.T) {
	checks := []doctor.Check{
		{Name: "clock", Status: doctor.OK, Text: "agrees"},
		{Name: "model", Status: doctor.Fail, Text: "a < b", Fix: "copy the key"},
	}
	var b strings.Builder
	if err := printChecks(&b, checks); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("ok    clock: agrees\nfail  model: a < b  → copy the key\n", b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := printChecksJSON(&b, checks); err != nil {
		t.Fatal(err)
	}
	var back []doctor.Check
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(checks, back); diff != "" || !strings.Contains(b.String(), "a < b") {
		t.Error(diff, b.String())
	}
}

func TestDoctorFailsWhenACheckFails(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PORT", "0")
	for _, name := range []string{"CHATWOOT_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"} {
		t.Setenv(name, "") // empty is unset: nothing is asked
	}
	err := doctorCmd{Env: ".env", JSON: true}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "checks failed") {
		t.Errorf("%v", err)
	}
}
