// Package sample makes texts as customers write them, with personal data in them and with what only looks like it, by rule and from a
// seed. What it makes is measured by pii.Evaluate; it shares no line with what finds the data.
package sample

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Value is a piece of personal data as it stands in a text.
type Value struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Text is what a customer writes, and the personal data in it.
type Text struct {
	Text   string  `json:"text"`
	Values []Value `json:"values"`
}

// Make gives so many texts from a seed: two of three have personal data, the others what looks like it.
func Make(seed uint64, n int) []Text {
	r := maker{rand.New(rand.NewPCG(seed, 16))}
	all := make([]Text, n)
	for i := range all {
		if i%3 == 2 {
			all[i] = Text{Text: r.lookAlike()}
		} else {
			all[i] = r.personal()
		}
	}
	return all
}

type maker struct{ *rand.Rand }

func (r maker) pick(list []string) string { return list[r.IntN(len(list))] }

// digits are n figures, the first of which is no zero.
func (r maker) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789"[r.IntN(10)]
	}
	if n > 0 && b[0] == '0' {
		b[0] = "123456789"[r.IntN(9)]
	}
	return string(b)
}

// letters are n capitals.
func (r maker) letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[r.IntN(26)]
	}
	return string(b)
}

// personal is a text with one piece of personal data, at times with two.
func (r maker) personal() Text {
	k := kinds[r.IntN(len(kinds))]
	value := r.dress(k, k.make(r))
	text := Text{Text: r.carry(k.carried, value), Values: []Value{{k.kind, value}}}
	if r.IntN(6) == 0 {
		other := kinds[r.IntN(len(kinds))]
		second := r.dress(other, other.make(r))
		if !strings.Contains(value, second) && !strings.Contains(second, value) {
			text.Text += r.pick([]string{" ", "\n", ". ", " -- "}) + r.carry(other.carried, second)
			text.Values = append(text.Values, Value{other.kind, second})
		}
	}
	return text
}

func (r maker) carry(name, value string) string {
	return strings.Replace(r.pick(carriers[name]), "@@", value, 1)
}

// dress writes a value as some keyboards and hands do: in full-width figures, with other dashes and spaces, over two lines.
func (r maker) dress(k kind, value string) string {
	switch r.IntN(24) {
	case 0:
		return strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return c - '0' + '０'
			}
			return c
		}, value)
	case 1:
		return strings.ReplaceAll(value, "-", r.pick([]string{"–", "‑", "−"}))
	case 2:
		return strings.ReplaceAll(value, " ", "\u00a0")
	case 3:
		if k.breaks {
			return strings.Replace(value, " ", "\n", 1)
		}
	case 4:
		if k.lower {
			return strings.ToLower(value)
		}
	}
	return value
}

// in sets figures off in groups.
func in(s, by string, groups ...int) string {
	var parts []string
	for _, n := range groups {
		parts = append(parts, s[:n])
		s = s[n:]
	}
	if s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, by)
}

// lookAlike is a text that has numbers and no personal data.
func (r maker) lookAlike() string {
	text := r.pick(carriers["lookAlikes"])
	for {
		from, rest, found := strings.Cut(text, "{")
		if !found {
			return text
		}
		what, after, _ := strings.Cut(rest, "}")
		text = from + r.thing(what) + after
	}
}

// thing is what stands in a look-alike: figures by their count, a day, money and the like.
func (r maker) thing(what string) string {
	switch what {
	case "day":
		return fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 2020+r.IntN(9))
	case "iso":
		return fmt.Sprintf("%d-%02d-%02d", 2020+r.IntN(9), 1+r.IntN(12), 1+r.IntN(28))
	case "hour":
		return fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(60))
	case "money":
		return fmt.Sprintf("%d.%03d,%02d", 1+r.IntN(99), r.IntN(1000), r.IntN(100))
	case "dollars":
		return fmt.Sprintf("%d,%03d.%02d", 1+r.IntN(99), r.IntN(1000), r.IntN(100))
	case "millions":
		return fmt.Sprintf("%d.%03d.000", 1+r.IntN(99), r.IntN(1000))
	case "place":
		return fmt.Sprintf("%.6f, -%.6f", 10+r.Float64()*40, 10+r.Float64()*80)
	case "version":
		return fmt.Sprintf("%d.%d.%d", r.IntN(20), r.IntN(40), r.IntN(3000))
	case "parcel":
		return r.letters(2) + r.digits(9) + r.letters(2)
	case "code":
		return r.letters(3) + "-" + r.digits(6)
	case "sixteen":
		return r.unlike(16)
	case "groups":
		return in(r.unlike(16), " ", 4, 4, 4)
	}
	n := 0
	_, _ = fmt.Sscanf(what, "%d", &n)
	return r.digits(n)
}

// unlike are figures as many as a card has, that do not agree with their check figure.
func (r maker) unlike(n int) string {
	s := "4" + r.digits(n-1)
	for withLuhn(s[:n-1]) == s {
		s = s[:n-1] + r.digits(1)
	}
	return s
}
