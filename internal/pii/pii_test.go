package pii_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"tania/internal/pii"
	"tania/internal/pii/sample"
)

// TestMadeTextsAreRead measures texts made by rule.
func TestMadeTextsAreRead(t *testing.T) {
	var file bytes.Buffer
	e := json.NewEncoder(&file)
	for _, s := range sample.Make(16, 9_000) {
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
	}
	report, err := pii.Evaluate(&file)
	if err != nil {
		t.Fatal(err)
	}
	report.Misses = report.Misses[:min(len(report.Misses), 60)]
	var printed bytes.Buffer
	if err := report.Print(&printed); err != nil {
		t.Fatal(err)
	}
	t.Log(printed.String())
	if report.Recall < 0.995 || report.FalseRate > 0.005 {
		t.Error("less than 99.5 % are found, or more than 0.5 % wrongly")
	}
}
