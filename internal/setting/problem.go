// Package setting has what settings in variables and in files have in common: the problem of one, how a value may be shown, the encoding
// of a file, and what a mistyped name meant.
package setting

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong in the configuration.
type Problem struct {
	// Name is the variable, or the place in a file: "bot.yaml:12:3".
	Name string
	// Value is what was given, hidden where it is a secret; empty for files.
	Value string
	// Text says what is wrong with it, Allowed what would be right, Fix what to do.
	Text, Allowed, Fix string
	// Snippet shows the place in the file.
	Snippet string
}

// String is the problem in one line; Snippet is not part of it.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Name)
	if p.Value != "" {
		b.WriteString("=" + p.Value)
	}
	b.WriteString(": " + p.Text)
	if p.Allowed != "" {
		b.WriteString("; allowed: " + p.Allowed)
	}
	if p.Fix != "" {
		b.WriteString("; fix: " + p.Fix)
	}
	return b.String()
}

// Problems is the error of Load and Load: everything that is wrong, not only the first thing.
type Problems []Problem

// Error lists all problems, one to a line, with the places in files below.
func (ps Problems) Error() string {
	var b strings.Builder
	if len(ps) == 1 {
		b.WriteString("config: ")
	} else {
		fmt.Fprintf(&b, "config: %d problems:", len(ps))
	}
	for _, p := range ps {
		if len(ps) > 1 {
			b.WriteString("\n  - ")
		}
		b.WriteString(p.String())
		if p.Snippet != "" {
			b.WriteString("\n      " + strings.ReplaceAll(strings.TrimRight(p.Snippet, "\n"), "\n", "\n      "))
		}
	}
	return b.String()
}

// OrNil is the problems as an error, nil when there are none.
func (ps Problems) OrNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Shown is a value as an error may show it: a secret's length only, anything else quoted and cut.
func Shown(value string, secret bool) string {
	if secret {
		return fmt.Sprintf("(secret, %d characters)", len([]rune(value)))
	}
	// An address may carry a password before its @ or a token behind its ?.
	value = inAddress.ReplaceAllString(value, "$1$3…$2")
	const most = 80
	if r := []rune(value); len(r) > most {
		value = string(r[:most]) + "…"
	}
	return strconv.Quote(value)
}

var inAddress = regexp.MustCompile(`(//)[^/@]*(@)|(\?).+`)
