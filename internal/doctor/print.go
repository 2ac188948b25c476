package doctor

import (
	"fmt"
	"io"
	"strings"
)

// Print writes one line for each check, with the fix behind an arrow.
func Print(w io.Writer, checks []Check) error {
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "%-4s  %s: %s", c.Status, c.Name, c.Text)
		if c.Fix != "" {
			b.WriteString("  → " + c.Fix)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
