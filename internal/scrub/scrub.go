// Package scrub takes the configured secrets out of texts that come from outside: a server may quote a token in an error, a page or an
// address that it redirects to. It is the one place that knows in which forms a secret may be quoted.
package scrub

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands in the place of a secret.
const hidden = "(secret)"

// Scrubber hides secrets. A nil Scrubber hides none. It is safe for concurrent use.
type Scrubber struct {
	replacer *strings.Replacer
	forms    []string
	// weak finds secrets of few letters, where something before them says that they are one; nil: there are none.
	weak *regexp.Regexp
}

// New makes a scrubber of the secrets that are not empty.
func New(secrets ...string) *Scrubber {
	s := &Scrubber{}
	var weak []string
	for _, secret := range secrets {
		switch {
		case secret == "":
		case isWeak(secret):
			weak = append(weak, regexp.QuoteMeta(secret))
		default:
			s.forms = append(s.forms, formsOf(secret)...)
		}
	}
	// Of two that begin alike the longer one is hidden whole.
	slices.SortFunc(s.forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	s.forms = slices.Compact(s.forms)
	var pairs []string
	for _, form := range s.forms {
		pairs = append(pairs, form, hidden)
	}
	s.replacer = strings.NewReplacer(pairs...)
	if len(weak) > 0 {
		s.weak = regexp.MustCompile(named + `(?:` + strings.Join(weak, "|") + `)($|[^\pL\pN])`)
	}
	return s
}

// named is what stands before a secret and says that it is one: a scheme, a name with = or :, or the user of an address.
const named = `(?i)(\b(?:bearer|basic|apikey)\s+|\w*(?:token|secret|passw(?:or)?d|pwd|key|auth)["']?\s*(?:=\s*["']?|:\s*["']|:)|://[^/\s:@]*:)`

// isWeak reports whether a secret is so short or so plain that it occurs in any text: hiding it everywhere would garble the text, and tell
// what it is.
func isWeak(secret string) bool {
	n := utf8.RuneCountInString(secret)
	if n < 8 {
		return true
	}
	other := func(is func(rune) bool) bool {
		return strings.ContainsFunc(secret, func(r rune) bool { return !is(r) })
	}
	return n < 16 && (!other(unicode.IsLower) || !other(unicode.IsUpper) || !other(unicode.IsDigit))
}

// formsOf are the forms in which programs quote a text.
func formsOf(secret string) []string {
	plain, _ := json.Marshal(secret) // a string always encodes
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	forms := []string{
		secret, query, path, lowerEscapes(query), lowerEscapes(path), strings.ReplaceAll(query, "+", "%20"),
		html.EscapeString(secret), inJSON(secret), string(plain[1 : len(plain)-1]),
	}
	return append(forms, inBase64(secret)...)
}

// inJSON is a text within JSON that does not escape < > &.
func inJSON(secret string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(secret) // a string always encodes
	text := strings.TrimSuffix(b.String(), "\n")
	return text[1 : len(text)-1]
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(s string) string {
	return escapes.ReplaceAllStringFunc(s, strings.ToLower)
}

var escapes = regexp.MustCompile(`%[0-9A-F]{2}`)

// inBase64 are the digits that a secret alone decides on, wherever in a longer text it stands: behind the user of Basic, for example.
func inBase64(secret string) (forms []string) {
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			digits := encoding.EncodeToString(append(make([]byte, shift), secret...))
			from := (shift*8 + 5) / 6
			to := (shift + len(secret)) * 8 / 6
			if to-from >= 8 {
				forms = append(forms, digits[from:to])
			}
		}
	}
	return forms
}

// Text is a text without the secrets.
func (s *Scrubber) Text(text string) string {
	if s == nil {
		return text
	}
	text = s.replacer.Replace(text)
	if s.weak != nil {
		text = s.weak.ReplaceAllString(text, "${1}"+hidden+"${2}")
	}
	return text
}

// unfinished is how much of a text's end may be the beginning of a secret.
func (s *Scrubber) unfinished(text []byte) (n int) {
	for _, form := range s.forms {
		for k := min(len(form)-1, len(text)); k > n; k-- {
			if string(text[len(text)-k:]) == form[:k] {
				n = k
				break
			}
		}
	}
	return n
}
