// Measure prints how the house is kept: the sizes of files, packages and functions, tests against code, documentation and names.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
)

// largest is how many lines of code a package may have, its tests apart.
const largest = 2500

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	h, err := survey(os.DirFS(dir))
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	h.print()
}

func (h *codebase) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	row := func(what, format string, values ...any) { fmt.Fprintf(w, what+"\t"+format+"\n", values...) }
	row("files: lines, median/p90/longest", "%d/%d/%d", quantile(h.files, 50), quantile(h.files, 90), quantile(h.files, 100))
	sizes := make([]int, 0, len(h.packages))
	var over []string
	for name, n := range h.packages {
		sizes = append(sizes, n)
		if n > largest {
			over = append(over, fmt.Sprintf("%s %d", name, n))
		}
	}
	row("packages: lines, median/largest", "%d/%d", quantile(sizes, 50), quantile(sizes, 100))
	row(fmt.Sprintf("packages over %d lines", largest), "%s", sortedOr(over, "none"))
	row("functions over 60 lines", "%.1f %% of %d, longest %d", share(h.longFunctions, len(h.functions)), len(h.functions),
		quantile(h.functions, 100))
	row("test : code", "%.2f (%.2f: suites to the tests, tools out)", float64(h.testLines)/float64(max(h.lines, 1)),
		float64(h.testLines+h.suites())/float64(max(h.shipped(), 1)))
	row("exported with doc", "%.1f %%", share(h.documented, h.exported))
	row("comment lines", "%.1f %%", share(h.comments, h.lines))
	row("lines over 120 characters", "%.1f %%", share(h.wide, h.lines))
	row(fmt.Sprintf("lines with more than %d && and ||", mostOperators), "%d", h.tangled)
	row("package variables per 1,000 lines", "%.1f", share(h.variables, h.lines)*10)
	row("mean length of a function's name", "%.1f", float64(h.nameLetters)/float64(max(len(h.functions), 1)))
	row("contributors' docs", "%d words, %d records of decisions", h.contributing, h.decisions)
	_ = w.Flush()
}

// share is part of all, in percent.
func share(part, all int) float64 { return 100 * float64(part) / float64(max(all, 1)) }

// ours reports whether a folder is one of the program's own.
func ours(d fs.DirEntry) bool {
	name := d.Name()
	return name == "." || !strings.HasPrefix(name, ".") && name != "testdata" && name != "node_modules"
}
