package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// PrintJSON prints a value for programs.
func PrintJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Table is how a list is printed for people.
type Table[T any] struct {
	// Head names the columns, and Row gives those of an entry, parted by tabs.
	Head string
	Row  func(T) string
	// None is what is printed in place of an empty list.
	None string
}

// Print prints a list, as JSON where that is wanted.
func (t Table[T]) Print(out io.Writer, asJSON bool, list []T) error {
	if asJSON {
		return PrintJSON(out, append([]T{}, list...)) // an empty list is [] to programs, not null
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, t.None)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, t.Head)
	for _, entry := range list {
		_, _ = fmt.Fprintln(w, t.Row(entry))
	}
	return w.Flush()
}
