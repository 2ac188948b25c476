package channels

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// split cuts a text into parts that are within the limits. What is lost between them is white space.
func split(text string, limits []limit) []string {
	var parts []string
	for text = strings.TrimSpace(text); text != ""; {
		end := longest(text, limits)
		if end < len(text) {
			end = cut(text, end)
		}
		if part := strings.TrimSpace(text[:end]); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	}
	return parts
}

// maxCluster bounds what is taken for one character, in bytes: a letter may carry any number of marks.
const maxCluster = 256

// longest is the length of the longest beginning within the limits that does not break a character as people see it, unless a
// single one is over them. It is never 0.
func longest(text string, limits []limit) int {
	// Every count is at least one for four bytes, so what is further on does not fit, and a long text is not measured again and again.
	if most := 4*limits[0].most + maxCluster; len(text) > most {
		for !utf8.RuneStart(text[most]) {
			most--
		}
		text = text[:most]
	}
	if fits(text, limits) {
		return len(text)
	}
	if end := lastWithin(text, clusterEnds(text), limits); end > 0 {
		return end
	}
	var runes []int
	for i, r := range text {
		runes = append(runes, i+utf8.RuneLen(r))
	}
	return max(lastWithin(text, runes, limits), runes[0])
}

// lastWithin is the last of the ends up to which the text is within the limits, 0 if none is.
func lastWithin(text string, ends []int, limits []limit) int {
	n := sort.Search(len(ends), func(i int) bool { return !fits(text[:ends[i]], limits) })
	if n == 0 {
		return 0
	}
	return ends[n-1]
}

// clusterEnds are where the characters end, as people see them.
func clusterEnds(text string) []int {
	var ends []int
	end, state := 0, -1
	for rest := text; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		end += len(cluster)
		ends = append(ends, end)
	}
	return ends
}

// cut is the best end of a part of at most end bytes. One in the first third would make parts too small.
func cut(text string, end int) int {
	whole := inner(text, end)
	ends := endings(text, end, whole)
	least := end / 3
	for _, at := range []int{ends.paragraph, ends.line, ends.sentence, ends.word} {
		if at > least {
			return at
		}
	}
	// Chinese, Japanese and Thai have no spaces.
	opportunity := lastOpportunity(text, end, whole)
	if opportunity > least {
		return opportunity
	}
	if at := max(ends.word, opportunity); at > 0 {
		return at
	}
	for _, at := range slices.Backward(clusterEnds(text[:end])) {
		if !whole[at] {
			return at
		}
	}
	return end
}

// lastEnds are the last places of each kind where a text may end, 0 for none.
type lastEnds struct{ paragraph, line, sentence, word int }

// endings finds where a text may end up to a place.
func endings(text string, end int, whole []bool) (last lastEnds) {
	before, _ := utf8.DecodeRuneInString(text)
	for i, next := range text[:min(end+utf8.UTFMax, len(text))] {
		if i > end {
			break
		}
		if i > 0 && !whole[i] {
			last.note(i, before, next, strings.HasPrefix(text[i:], "\n\n"))
		}
		before = next
	}
	return last
}

// note takes a place between two runes for what it is.
func (e *lastEnds) note(at int, before, next rune, paragraph bool) {
	space := unicode.IsSpace(next)
	if paragraph {
		e.paragraph = at
	}
	if next == '\n' {
		e.line = at
	}
	if strings.ContainsRune("。！？", before) || space && strings.ContainsRune(".!?…", before) {
		e.sentence = at
	}
	if space {
		e.word = at
	}
}

// lastOpportunity is the last place where a line may be broken by Unicode's rules.
func lastOpportunity(text string, end int, whole []bool) int {
	last, at, state := 0, 0, -1
	for rest := text; rest != "" && at < end; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if at += len(segment); at <= end && !whole[at] {
			last = at
		}
	}
	return last
}
