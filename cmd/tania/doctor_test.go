package main

import (
	"strings"
	"testing"
)

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
