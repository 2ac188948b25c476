package config

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/pii"
)

// TestPIIMaskIsRead with the kinds that each value means.
func TestPIIMaskIsRead(t *testing.T) {
	for text, want := range map[string][]pii.Kind{
		"off": nil, "FALSE": nil, "none": nil, "all": pii.Kinds, "true": pii.Kinds, "on": pii.Kinds,
		"cards": {pii.Card}, "email, phone": {pii.Email, pii.Phone}, "cards,Addresses": {pii.Card, pii.Address},
	} {
		got, err := personal().parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		for _, k := range pii.Kinds {
			if got.Has(k) != slices.Contains(want, k) {
				t.Errorf("%q: %s is looked for: %v", text, k, got.Has(k))
			}
		}
	}
	for _, text := range []string{"cards,passports", ",", "off,cards"} {
		if _, err := personal().parse(text); err == nil || text == "cards,passports" && !strings.Contains(err.Error(), `"passports"`) {
			t.Errorf("%q gives %v", text, err)
		}
	}
}
