package config

import "fmt"

// Secret is a token, key or password. However it is printed or logged, its value stays hidden; Reveal is the only way to it.
type Secret string

// Reveal gives the value, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String says whether there is a value, not what it is.
func (s Secret) String() string {
	if s == "" {
		return "(unset)"
	}
	return "(secret)"
}

// Format hides the value from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText hides the value from JSON, YAML and slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
