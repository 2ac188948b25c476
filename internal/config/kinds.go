package config

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tania/internal/lazyregexp"
)

// kind is how a variable's text becomes a value.
type kind[T any] struct {
	allowed string
	parse   func(string) (T, error)
}

// maxID is the largest id that JSON numbers carry exactly.
const maxID = 1 << 53

func phrase(allowed string) kind[string] {
	return kind[string]{allowed, func(s string) (string, error) {
		if strings.ContainsFunc(s, unicode.IsControl) {
			return "", errors.New("has a line break or a control character in it")
		}
		return s, nil
	}}
}

// word is a phrase without spaces.
func word(allowed string) kind[string] {
	return kind[string]{allowed, func(s string) (string, error) {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return "", errors.New("has a space or a control character in it")
		}
		return s, nil
	}}
}

// secret is a value that goes into an HTTP header or a connection.
func secret(allowed string) kind[Secret] {
	return kind[Secret]{allowed, func(s string) (Secret, error) {
		if rest, ok := strings.CutPrefix(s, "Bearer "); ok && rest != "" {
			return "", wrong{`begins with "Bearer "`, "give the token alone, without Bearer"}
		}
		for _, r := range s {
			if r <= ' ' || r > '~' {
				return "", wrong{"has a space, a line break or a character outside ASCII in it", "copy it again, whole and alone"}
			}
		}
		return Secret(s), nil
	}}
}

// vectorSource is auto, off, an address or a path.
// serverWithout is a host with a port, or a host with the path that servers of embeddings have.
var serverWithout = lazyregexp.New(`(?i)^(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):\d+(?:/.*)?$|^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:/.*)?/v1/?$`)

// LacksScheme reports whether a text looks like the address of a server without http:// before it, rather than the name of a file.
func LacksScheme(text string) bool { return serverWithout.MatchString(text) }

func vectorSource() kind[VectorSource] {
	server := address("", modelPath)
	return kind[VectorSource]{
		"auto, off, the address of a server (http://127.0.0.1:8080/v1), or a file or folder with a table of vectors",
		func(s string) (VectorSource, error) {
			switch {
			case strings.EqualFold(s, "auto"):
				return VectorSource{Auto: true}, nil
			case strings.EqualFold(s, "off"):
				return VectorSource{}, nil
			case strings.Contains(s, "://"):
				u, err := server.parse(s)
				return VectorSource{Server: u}, err
			case strings.ContainsFunc(s, unicode.IsControl):
				return VectorSource{}, errors.New("has a line break or a control character in it")
			case LacksScheme(s):
				_, err := server.parse(s)
				return VectorSource{}, err
			}
			return VectorSource{Table: s}, nil
		},
	}
}

func yesNo() kind[bool] {
	return kind[bool]{"true or false", func(s string) (bool, error) {
		switch strings.ToLower(s) {
		case "true", "1", "yes", "on":
			return true, nil
		case "false", "0", "no", "off":
			return false, nil
		}
		return false, errors.New("is neither true nor false")
	}}
}

func whole(least, most int) kind[int] {
	return kind[int]{fmt.Sprintf("a whole number from %d to %d", least, most), func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return 0, errors.New("is out of range")
		case err != nil:
			return 0, errors.New("is not a whole number")
		}
		return n, within(n, least, most)
	}}
}

// orAuto is a number that is not 0, or auto, which is 0.
func orAuto(n kind[int]) kind[int] {
	return kind[int]{"auto, or " + n.allowed, func(s string) (int, error) {
		if strings.EqualFold(s, "auto") {
			return 0, nil
		}
		return n.parse(s)
	}}
}

// span is a duration given as a whole number of units.
func span(least, most int, unit time.Duration, units string) kind[time.Duration] {
	n := whole(least, most)
	return kind[time.Duration]{fmt.Sprintf("%s, from %d to %d", units, least, most), func(s string) (time.Duration, error) {
		v, err := n.parse(s)
		if d, wrote := time.ParseDuration(s); err != nil && wrote == nil && d > 0 {
			return 0, wrong{"has a unit", fmt.Sprintf("write it in %s: %d", units, max(1, int(d/unit)))}
		}
		return time.Duration(v) * unit, err
	}}
}

func millis(least, most int) kind[time.Duration] {
	return span(least, most, time.Millisecond, "milliseconds")
}

// lasting is a time with its unit.
func lasting(least, most time.Duration) kind[time.Duration] {
	allowed := fmt.Sprintf("a time with its unit from %s to %s, 15m or 2h for example", least, most)
	return kind[time.Duration]{allowed, func(s string) (time.Duration, error) {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, wrong{"is no time with its unit", "write 15m for a quarter of an hour"}
		}
		return d, within(d, least, most)
	}}
}

// dollars gives micro-USD.
func dollars() kind[int64] {
	return kind[int64]{"dollars, from 0 to 1000000, 12.50 for example", func(s string) (int64, error) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			return 0, errors.New("is not an amount")
		}
		return int64(math.Round(v * 1e6)), within(v, 0, 1e6)
	}}
}

// fraction is a share.
func fraction(least, most float64) kind[float64] {
	return kind[float64]{fmt.Sprintf("a share from %g to %g", least, most), func(s string) (float64, error) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			return 0, errors.New("is not a number")
		}
		return v, within(v, least, most)
	}}
}

func id[T ~int64](of string) kind[T] {
	return kind[T]{"the " + of + "'s id, a whole number from 1", func(s string) (T, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return 0, errors.New("is not a whole number")
		}
		return T(n), within(n, 1, maxID)
	}}
}

func within[T cmp.Ordered](v, least, most T) error {
	switch {
	case v < least:
		return errors.New("is too small")
	case v > most:
		return errors.New("is too large")
	}
	return nil
}

// choice is one of some words, in any case.
func choice(words ...string) kind[string] {
	return kind[string]{strings.Join(words, " or "), func(s string) (string, error) {
		if s = strings.ToLower(s); !slices.Contains(words, s) {
			return "", errors.New("is not one of them")
		}
		return s, nil
	}}
}

// mapped reads with one kind and gives another type.
func mapped[A, B any](k kind[A], f func(A) B) kind[B] {
	return kind[B]{k.allowed, func(s string) (B, error) {
		v, err := k.parse(s)
		return f(v), err
	}}
}

// listOf is a comma-separated list, without repetitions.
func listOf[T comparable](of kind[T], allowed string) kind[[]T] {
	return kind[[]T]{allowed, func(s string) ([]T, error) {
		var list []T
		for item := range strings.SplitSeq(s, ",") {
			item = strings.TrimSpace(item)
			if item == "" {
				continue
			}
			v, err := of.parse(item)
			if w, ok := errors.AsType[wrong](err); ok {
				return nil, wrong{elementError(v, item, w.text), w.fix}
			}
			if err != nil {
				return nil, errors.New(elementError(v, item, err.Error()))
			}
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		if list == nil {
			return nil, errors.New("is an empty list")
		}
		return list, nil
	}}
}

// elementError names the element of a list, unless it is a secret.
func elementError(kind any, item, text string) string {
	if _, hidden := kind.(Secret); hidden {
		return "one of the list " + text
	}
	return fmt.Sprintf("%q in the list %s", item, text)
}

// wrong is a parser's error with a fix that is better than the general one.
type wrong struct{ text, fix string }

func (w wrong) Error() string { return w.text }
