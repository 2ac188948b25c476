package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tania/internal/pii"
)

// personal are kinds of personal data; off is none of them.
func personal() kind[pii.Set] {
	allowed := "off, or of " + strings.Join(pii.Names(), ", ") + " those that are wanted, separated by commas"
	return kind[pii.Set]{allowed, func(s string) (pii.Set, error) {
		names := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' })
		switch {
		case len(names) == 0:
			return pii.Set(0), errors.New("is an empty list")
		case slices.Contains([]string{"off", "false", "none", "no", "0"}, names[0]) && len(names) == 1:
			return pii.Set(0), nil
		case slices.Contains([]string{"on", "true", "yes", "1"}, names[0]) && len(names) == 1:
			names = []string{"all"}
		}
		for _, name := range names {
			if _, err := pii.Parse([]string{name}); err != nil {
				return pii.Set(0), fmt.Errorf("has %q, which is no kind of personal data", name)
			}
		}
		kinds, err := pii.Parse(names)
		return pii.SetOf(kinds...), err
	}}
}
