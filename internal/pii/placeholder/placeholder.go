// Package placeholder puts placeholders such as [EMAIL_1] in place of personal data, and the data back in place of them. The placeholders
// of a conversation are its own: those of another, and what a customer wrote in their form, stand for nothing.
package placeholder

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"tania/internal/pii"
	"tania/internal/tania"
)

// Rule tells a model what placeholders are. It belongs into the system text of a prompt that has some.
const Rule = "Personal data is hidden from you behind placeholders in square brackets with a number, like [EMAIL_1] or [CARD_2]. " +
	"Where you would write the data, in a reply or in the argument of a tool, write its placeholder exactly as it stands: the data is put " +
	"in its place. Never invent a placeholder, never ask for the data behind one that you have, and never mention that anything is hidden."

// typed is the kind of what somebody wrote in the form of a placeholder. It stands for what they wrote.
const typed = "typed"

// form is how models, and people, write a placeholder: in any case, with spaces, escaped as in Markdown, or without its brackets.
var form = func() *regexp.Regexp {
	labels := []string{strings.ToUpper(typed)}
	for _, k := range pii.Kinds {
		labels = append(labels, strings.ReplaceAll(strings.ToUpper(string(k)), "_", `\\?[_ \-]?`))
	}
	label := `(` + strings.Join(labels, "|") + `)`
	return regexp.MustCompile(`(?i)\\?\[\s*` + label + `\s*(?:\\?[_\-#:])?\s*(\d{1,4})\s*\\?\]|\b` + label + `\\?_(\d{1,4})\b`)
}()

// Table has the placeholders of one conversation. It is safe for concurrent use.
type Table struct {
	kinds pii.Set
	salt  string

	mu sync.Mutex
	// known are those that were given out, values what they stand for, as far as it was seen since New.
	known  []tania.Placeholder
	values map[string]string
}

// New gives the table of a conversation, which its salt names, with the placeholders that were given out in it before.
func New(kinds pii.Set, salt string, known []tania.Placeholder) *Table {
	return &Table{kinds: kinds, salt: salt, known: append([]tania.Placeholder(nil), known...), values: map[string]string{}}
}

// Known are the placeholders that were given out. What they stand for cannot be read from them.
func (t *Table) Known() []tania.Placeholder {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]tania.Placeholder(nil), t.known...)
}

// Mask is a text with placeholders in place of personal data, and of what is written in their form.
func (t *Table) Mask(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	from := 0
	for _, f := range t.kinds.Find(text) {
		b.WriteString(t.escaped(text[from:f.Start]))
		b.WriteString(t.of(string(f.Kind), f.Value, text[f.Start:f.End]))
		from = f.End
	}
	b.WriteString(t.escaped(text[from:]))
	return b.String()
}

// Cover is a text of ours with placeholders in place of data that has one already: what is not known of a customer stays.
func (t *Table) Cover(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.covered(text)
}

// covered has the placeholders of data in place of it, also where nothing around it says what it is. The longer data is looked for first.
func (t *Table) covered(text string) string {
	names := slices.SortedFunc(maps.Keys(t.values), func(a, b string) int {
		return cmp.Or(len(t.values[b])-len(t.values[a]), strings.Compare(a, b))
	})
	for _, name := range names {
		if written := t.values[name]; len(written) >= leastCovered && !strings.HasPrefix(name, strings.ToUpper(typed)) {
			text = replaceWhole(text, written, "["+name+"]")
		}
	}
	return text
}

// leastCovered is how long data is at least that is looked for in a text word for word.
const leastCovered = 6

// replaceWhole replaces what stands in a text and is no part of a longer word or number.
func replaceWhole(text, old, by string) string {
	var b strings.Builder
	for {
		at := strings.Index(text, old)
		if at < 0 {
			return b.String() + text
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(old):])
		b.WriteString(text[:at])
		if isPart(before) || isPart(after) {
			b.WriteString(old)
		} else {
			b.WriteString(by)
		}
		text = text[at+len(old):]
	}
}

func isPart(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// escaped has a placeholder in place of what is written in the form of one, and of data that has one.
func (t *Table) escaped(text string) string {
	return t.covered(form.ReplaceAllStringFunc(text, func(s string) string { return t.of(typed, s, s) }))
}

// of gives the placeholder of a value: the one that it had before, or a new one.
func (t *Table) of(kind, value, written string) string {
	sum := sha256.Sum256([]byte(t.salt + "\x00" + kind + "\x00" + value))
	digest, number := hex.EncodeToString(sum[:8]), 1
	for _, p := range t.known {
		if p.Kind == kind && p.Digest == digest {
			return t.named(p, written)
		}
		if p.Kind == kind {
			number = max(number, p.Number+1)
		}
	}
	p := tania.Placeholder{Kind: kind, Number: number, Digest: digest}
	t.known = append(t.known, p)
	return t.named(p, written)
}

// named writes a placeholder, and remembers what it stands for as it was written last.
func (t *Table) named(p tania.Placeholder, written string) string {
	name := fmt.Sprintf("%s_%d", strings.ToUpper(p.Kind), p.Number)
	t.values[name] = written
	return "[" + name + "]"
}

// Restored is a text with the data in place of its placeholders.
type Restored struct {
	Text string
	// Put counts what was put back, and Unknown are placeholders that stand for nothing, as they were written.
	Put     int
	Unknown []string
}

// Restore puts back what placeholders stand for, in whatever case and spacing they are written.
func (t *Table) Restore(text string) Restored {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := Restored{}
	r.Text = form.ReplaceAllStringFunc(text, func(s string) string {
		m := form.FindStringSubmatch(s)
		value, ok := t.values[nameOf(m[1]+m[3], m[2]+m[4])]
		if !ok {
			r.Unknown = append(r.Unknown, s)
			return s
		}
		r.Put++
		return value
	})
	return r
}

func nameOf(label, number string) string {
	n, _ := strconv.Atoi(number)
	label = strings.ToUpper(strings.NewReplacer(`\`, "", " ", "_", "-", "_").Replace(label))
	if label == "TAXID" {
		label = "TAX_ID"
	}
	return label + "_" + strconv.Itoa(n)
}

// tableKey is that of a context's table.
type tableKey struct{}

// With gives a context within which texts are masked by a conversation's table.
func With(ctx context.Context, t *Table) context.Context {
	return context.WithValue(ctx, tableKey{}, t)
}

// From gives the table of a context, a new one of no conversation where it has none.
func From(ctx context.Context, kinds pii.Set) *Table {
	if t, ok := ctx.Value(tableKey{}).(*Table); ok && t != nil {
		return t
	}
	return New(kinds, "", nil)
}
