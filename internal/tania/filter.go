package tania

import "strings"

// FilterError is what is no filter of what was asked for: its fields by their names, and for each what is one. The filter beside it is as
// if they were empty.
type FilterError struct {
	Fields []string
	wanted []string
}

// Reject adds a field, and says what would be a filter.
func (e *FilterError) Reject(field, want string) {
	e.Fields, e.wanted = append(e.Fields, field), append(e.wanted, field+": want "+want)
}

// Err is the error, nil where nothing was rejected.
func (e *FilterError) Err() error {
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// Error implements error.
func (e *FilterError) Error() string { return strings.Join(e.wanted, "; ") }
