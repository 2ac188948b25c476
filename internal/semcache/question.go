// Package semcache answers a question that was answered before, in other words too, and knows when it must not. Questions that the governor
// let pass come in, with the answers that were given to them.
package semcache

import (
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/tania"
	"tania/internal/words"
)

// Question is a message as the cache reads it.
type Question struct {
	Language tania.Language
	// Exact is the text without case, accents, punctuation, courtesy and ways to write a number: equal texts ask the same.
	Exact string

	words []word
	// terms and grams are sorted and unique: stems, and pieces of two to four letters.
	terms, grams []feature
	facts        facts
}

// feature is a hash of a term or gram.
type feature uint32

// word is one that is left when courtesy is gone.
type word struct {
	text, stem string
	id         feature
	// function words say how something is asked, not what about.
	function bool
	// to is set behind "a", "to", "para", until "de", "from", "desde".
	to bool
	// fact words count in facts.
	fact bool
	// name words are written with a capital where nothing but a name has one.
	name bool
}

// mostWords bounds what is read of a text.
const mostWords = 64

var tokens = regexp.MustCompile(`\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+(?:['’´` + "`" + `][\p{L}\p{M}]+)*|[%$€£#+]`)

// Read reads a message in a language.
func Read(text string, lang tania.Language) *Question {
	if len(text) > 16*mostWords {
		text = text[:16*mostWords]
	}
	q := &Question{Language: lang}
	parts := withoutCourtesy(canonical(tokens.FindAllString(words.Fold(text), 4*mostWords)))
	if len(parts) > mostWords {
		parts = parts[:mostWords]
	}
	q.Exact = strings.Join(parts, " ")
	q.facts = factsOf(parts, lang)
	names := namesIn(text)
	to := false
	for _, p := range parts {
		w := word{text: p, stem: p, function: functionWords[p], fact: isFact(p), name: names[p]}
		switch {
		case toward[p]:
			to = true
		case from[p]:
			to = false
		default:
			w.to = to
		}
		if !w.fact && !isNumber(p) {
			w.stem = words.Stem(p, lang)
		}
		w.id = hash(w.stem)
		q.words = append(q.words, w)
		q.terms = append(q.terms, w.id)
		padded := "_" + p + "_"
		for n := 2; n <= 4; n++ {
			for i := 0; i+n <= len(padded); i++ {
				q.grams = append(q.grams, hash(padded[i:i+n]))
			}
		}
	}
	q.terms, q.grams = unique(q.terms), unique(q.grams)
	return q
}

// namesIn gives the folded words that have a capital inside a sentence, unless most words of the text have one.
func namesIn(text string) map[string]bool {
	var names map[string]bool
	capitals, begins, all := 0, true, 0
	for _, at := range tokens.FindAllStringIndex(text, 4*mostWords) {
		token := text[at[0]:at[1]]
		first, size := utf8.DecodeRuneInString(token)
		if !unicode.IsLetter(first) {
			continue
		}
		before := strings.TrimRight(text[:at[0]], " \t")
		begins = before == "" || strings.ContainsAny(before[len(before)-1:], ".!?\n:;,") || strings.HasSuffix(before, "¿") || strings.HasSuffix(before, "¡")
		all++
		if !unicode.IsUpper(first) {
			continue
		}
		capitals++
		if begins || size == len(token) {
			continue
		}
		if names == nil {
			names = map[string]bool{}
		}
		names[words.Fold(token)] = true
	}
	if all < 2 || capitals*2 > all+1 {
		return nil
	}
	return names
}

func unique(f []feature) []feature {
	slices.Sort(f)
	return slices.Compact(f)
}

func hash(s string) feature {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return feature(h.Sum32())
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// canonical writes contractions out and numbers as figures.
func canonical(parts []string) []string {
	out := make([]string, 0, len(parts))
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		if strings.ContainsAny(p, "'’´`") {
			out = append(out, contraction(p)...)
			continue
		}
		if isNumber(p) {
			out = append(out, figure(p))
			continue
		}
		if long, ok := shortForms[p]; ok {
			out = append(out, strings.Fields(long)...)
			continue
		}
		if n, ok := numberWords[p]; ok {
			out = append(out, n)
			continue
		}
		if i+1 < len(parts) {
			if ones[p] && countable[parts[i+1]] {
				out = append(out, "1")
				continue
			}
			if (p == "por" && (parts[i+1] == "ciento" || parts[i+1] == "cento")) || p == "per" && parts[i+1] == "cent" {
				out = append(out, "%")
				i++
				continue
			}
		}
		if (p == "a" || p == "p") && i > 0 && isNumber(parts[i-1]) && i+1 < len(parts) && parts[i+1] == "m" {
			out = append(out, p+"m")
			i++
			continue
		}
		if p == "percent" || p == "porciento" {
			p = "%"
		}
		out = append(out, p)
	}
	return out
}

var (
	thousands = regexp.MustCompile(`^\d{1,3}(?:[.,]\d{3})+$`)
	noZero    = regexp.MustCompile(`^(\d+)\.0+$`)
)

// figure writes 1,000 and 1.000 as 1000, 1,5 and 1.50 as 1.5.
func figure(s string) string {
	if thousands.MatchString(s) {
		return strings.NewReplacer(".", "", ",", "").Replace(s)
	}
	s = strings.ReplaceAll(s, ",", ".")
	if m := noZero.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if trimmed := strings.TrimLeft(s, "0"); trimmed != "" && trimmed[0] >= '0' && trimmed[0] <= '9' {
		s = trimmed
	}
	return s
}

func contraction(p string) []string {
	head, tail, _ := strings.Cut(strings.Map(func(r rune) rune {
		if r == '’' || r == '´' || r == '`' {
			return '\''
		}
		return r
	}, p), "'")
	switch tail {
	case "t":
		if head == "can" {
			return []string{"can", "not"}
		}
		if head == "won" {
			return []string{"will", "not"}
		}
		return []string{strings.TrimSuffix(head, "n"), "not"}
	case "s":
		if contracted[head] {
			return []string{head, "is"}
		}
		return []string{head}
	case "re":
		return []string{head, "are"}
	case "ll":
		return []string{head, "will"}
	case "ve":
		return []string{head, "have"}
	case "d":
		return []string{head, "would"}
	case "m":
		return []string{head, "am"}
	}
	return []string{head + tail}
}

// withoutCourtesy takes greetings, thanks and what only leads to the question off both ends, unless too little is left.
func withoutCourtesy(parts []string) []string {
	rest := parts
	for again := true; again && len(rest) > 0; {
		again = false
		for n := min(longestCourtesy, len(rest)); n > 0; n-- {
			if leading[strings.Join(rest[:n], " ")] {
				rest, again = rest[n:], true
				break
			}
			if trailing[strings.Join(rest[len(rest)-n:], " ")] {
				rest, again = rest[:len(rest)-n], true
				break
			}
		}
	}
	// "Hi, pal" asks what "pal" does not.
	if asks := slices.ContainsFunc(rest, func(p string) bool { return !functionWords[p] && !addresses[p] }); !asks || len(rest) < 2 {
		return parts
	}
	return rest
}
