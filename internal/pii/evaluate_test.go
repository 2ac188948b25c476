package pii_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/pii"
)

// TestEvaluateCounts has one line of each kind of result.
func TestEvaluateCounts(t *testing.T) {
	file := strings.Join([]string{
		`{"text":"mi tarjeta es 4111 1111 1111 1111, mi correo ana@example.com","values":[{"kind":"card","value":"4111 1111 1111 1111"}]}`,
		`{"text":"mi DNI es 12345678A","values":[{"kind":"dni","value":"12345678A"}]}`,
		`{"text":"CPF 529.982.247-25 e de novo 529.982.247-25","values":[{"kind":"cpf","value":"529.982.247-25"},{"kind":"cpf","value":"529.982.247-25"}]}`,
		`{"text":"NIE X1234567L","values":[{"kind":"dni","value":"X1234567L"}]}`,
		``,
		`{"text":"nada","values":[]}`,
	}, "\n")
	got, err := pii.Evaluate(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := pii.Report{
		Texts: 5, Values: 5, Recall: 0.8, False: 1, FalseRate: 0.2,
		Kinds: map[string]pii.Score{
			"card": {Recall: 1, N: 1}, "dni": {Recall: 0.5, N: 2, Missed: 1, Otherwise: 1}, "cpf": {Recall: 1, N: 2}, "email": {False: 1},
		},
		Misses: []pii.Miss{
			{Text: "mi tarjeta es 4111 1111 1111 1111, mi correo ana@example.com", Kind: "email", Value: "ana@example.com", False: true},
			{Text: "mi DNI es 12345678A", Kind: "dni", Value: "12345678A"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var printed strings.Builder
	if err := got.Print(&printed); err != nil || !strings.Contains(printed.String(), `missed dni "12345678A"`) {
		t.Errorf("%v\n%s", err, printed.String())
	}
}

// TestAPartIsNotTheWhole: a value of which figures are left was not found.
func TestAPartIsNotTheWhole(t *testing.T) {
	got, err := pii.Evaluate(strings.NewReader(`{"text":"a 612 345 678 99 b","values":[{"kind":"phone","value":"612 345 678 99"}]}`))
	if err != nil || got.Recall != 0 || got.False != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEvaluateRefusesWhatItCannotMeasure(t *testing.T) {
	for file, want := range map[string]string{
		"{}\nnonsense": "line 2",
		`{"text":"hola","values":[{"kind":"card","value":"4111"}]}`: `"4111" is not in the text`,
	} {
		if _, err := pii.Evaluate(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v", file, err)
		}
	}
}
