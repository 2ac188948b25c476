// Package lazyregexp compiles a regular expression when it is first used. A program that starts, or never meets what an expression
// is for, pays neither the time nor the memory: those over all letters of Unicode take tens of kilobytes each.
package lazyregexp

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// Regexp is a regular expression that is compiled by its first use. It is safe for concurrent use.
type Regexp struct {
	compiled func() *regexp.Regexp
}

// underTest is set in test binaries, which compile at once: an expression with a mistake fails the tests of its package.
var underTest = strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// New gives the expression, in the syntax of package regexp. A mistake in it panics at the first use, and at once in tests.
func New(expression string) *Regexp {
	r := &Regexp{compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
	if underTest {
		r.compiled()
	}
	return r
}

// The methods are those of regexp.Regexp.

// MatchString reports whether the text has a match.
func (r *Regexp) MatchString(text string) bool { return r.compiled().MatchString(text) }

// FindString gives the first match, "" for none.
func (r *Regexp) FindString(text string) string { return r.compiled().FindString(text) }

// FindStringIndex gives the bounds of the first match, nil for none.
func (r *Regexp) FindStringIndex(text string) []int { return r.compiled().FindStringIndex(text) }

// FindStringSubmatch gives the first match and its groups, nil for none.
func (r *Regexp) FindStringSubmatch(text string) []string {
	return r.compiled().FindStringSubmatch(text)
}

// FindStringSubmatchIndex gives the bounds of the first match and its groups, nil for none.
func (r *Regexp) FindStringSubmatchIndex(text string) []int {
	return r.compiled().FindStringSubmatchIndex(text)
}

// FindAllString gives at most n matches, all if n is negative.
func (r *Regexp) FindAllString(text string, n int) []string {
	return r.compiled().FindAllString(text, n)
}

// FindAllStringIndex gives the bounds of at most n matches, of all if n is negative.
func (r *Regexp) FindAllStringIndex(text string, n int) [][]int {
	return r.compiled().FindAllStringIndex(text, n)
}

// FindAllStringSubmatch gives at most n matches and their groups, all if n is negative.
func (r *Regexp) FindAllStringSubmatch(text string, n int) [][]string {
	return r.compiled().FindAllStringSubmatch(text, n)
}

// FindAllStringSubmatchIndex gives the bounds of at most n matches and their groups, of all if n is negative.
func (r *Regexp) FindAllStringSubmatchIndex(text string, n int) [][]int {
	return r.compiled().FindAllStringSubmatchIndex(text, n)
}

// ReplaceAllString replaces every match; in the replacement $1 is the first group.
func (r *Regexp) ReplaceAllString(text, replacement string) string {
	return r.compiled().ReplaceAllString(text, replacement)
}

// ReplaceAllStringFunc replaces every match by what replace makes of it.
func (r *Regexp) ReplaceAllStringFunc(text string, replace func(string) string) string {
	return r.compiled().ReplaceAllStringFunc(text, replace)
}

// Split cuts the text at matches into at most n parts, into all if n is negative.
func (r *Regexp) Split(text string, n int) []string { return r.compiled().Split(text, n) }
