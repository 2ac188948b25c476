package fact

import (
	"strconv"
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
)

const (
	halfDay  = 12 * 60
	wholeDay = 24 * 60
)

// beforeHour are words before a number that is an hour.
var beforeHour = reading.WordSet(`las at until till by às as la from desde between entre das aos after before antes ate hasta`)

// time reads "9:00", "7h30", "7 pm", "19.30 h", "9 de la mañana", "9 o'clock".
func (r *reader) time(i int) (next int) { //nolint:cyclop // ways to write a time
	t := r.tokens[i]
	if t.Sort != token.Figures || len(t.Low) > 5 || strings.ContainsAny(t.Low, ",'") {
		return i
	}
	head, tail, dotted := strings.Cut(t.Low, ".")
	hour, err := strconv.Atoi(head)
	if err != nil || hour > 24 || len(head) > 2 {
		return i
	}
	minutes, j, sure := 0, i+1, len(head) == 2 && head[0] == '0' || hour > 12
	said := false
	switch {
	case dotted:
		if len(tail) != 2 || tail > "59" {
			return i
		}
		minutes, _ = strconv.Atoi(tail)
	case (r.parts[j] == ":" || r.parts[j] == "h") && r.tight(i, j+1) && r.sixtieth(j+1):
		minutes, _ = strconv.Atoi(r.parts[j+1])
		said = true
		sure = sure || r.parts[j] == "h"
		j += 2
		if r.parts[j] == ":" && r.tight(j-1, j+1) && r.tokens[j+1].Sort == token.Figures {
			j += 2
		}
	}
	half, end := r.half(j)
	switch {
	case half != 0:
		said, sure, j = true, true, end
		hour = onHalf(hour, half)
	case r.tokens[j].Sort == token.Word && hourLetters[r.parts[j]] && (said || dotted || r.hourly(i, j)):
		said, sure = true, sure || r.parts[j] == "h" && r.hourly(i, j)
		j++
	case r.parts[j] == "o'clock" || r.has(j, "en", "punto"):
		said = true
		j++
	}
	if !said {
		return i
	}
	r.add(fact{kind: Time, value: float64((hour*60 + minutes) % wholeDay), vague: !sure && hour <= 12}, i, j)
	return j
}

// hourly reports whether "9h" is a time and no duration, by the words around.
func (r *reader) hourly(i, j int) bool {
	before := r.before(i, 1)
	if before == "as" || before == "das" || before == "las" || before == "a" && strings.HasPrefix(r.tokens[i-1].Raw, "à") {
		return true
	}
	if !beforeHour[before] && !rangeJoints[r.before(i, 1)] && r.before(i, 1) != "de" {
		return false
	}
	return r.parts[j] == "h" && !r.has(i-1, "de") && r.before(i, 1) != "hasta" && r.before(i, 1) != "ate" && r.before(i, 1) != "by"
}

// half is the half of the day that stands at a token: 1 before noon, 2 after.
func (r *reader) half(j int) (half, next int) {
	w := r.parts[j]
	switch {
	case w == "am":
		return 1, j + 1
	case w == "pm":
		return 2, j + 1
	case (w == "a" || w == "p") && (r.has(j+1, ".", "m") || r.parts[j+1] == "m"):
		half = 1
		if w == "p" {
			half = 2
		}
		next = j + 2
		if r.parts[j+1] == "." {
			next = j + 3
		}
		if r.parts[next] == "." && !r.tokens[next].Spaced {
			next++
		}
		return half, next
	}
	k := j
	for k < j+3 && beforePart[r.parts[k]] {
		k++
	}
	if k > j {
		if half = partsOfDay[r.parts[k]]; half != 0 {
			return half, k + 1
		}
	}
	return 0, j
}

var beforePart = reading.WordSet(`de la da in the at por`)

// sixtieth reports whether a token is the minutes of a time.
func (r *reader) sixtieth(i int) bool {
	return r.tokens[i].Sort == token.Figures && len(r.parts[i]) == 2 && r.parts[i] <= "59"
}

var partsOfDay = map[string]int{
	"manana": 1, "madrugada": 1, "morning": 1, "manha": 1, "tarde": 2, "noche": 2, "afternoon": 2, "evening": 2, "night": 2, "noite": 2,
}

func onHalf(hour, half int) int {
	switch {
	case half == 1 && hour == 12:
		return 0
	case half == 2 && hour < 12:
		return hour + 12
	}
	return hour
}

// noon reads "mediodía" and "midnight".
func (r *reader) noon(i int) (next int) {
	switch w := r.parts[i]; {
	case w == "mediodia" || w == "noon" || w == "midday":
		r.add(fact{kind: Time, value: halfDay}, i, i+1)
		return i + 1
	case w == "medianoche" || w == "midnight":
		r.add(fact{kind: Time, value: 0}, i, i+1)
		return i + 1
	case r.has(i, "meio", "-", "dia"):
		r.add(fact{kind: Time, value: halfDay}, i, i+3)
		return i + 3
	case r.has(i, "meia", "-", "noite"):
		r.add(fact{kind: Time, value: 0}, i, i+3)
		return i + 3
	}
	return i
}

// wordedTime reads "las nueve y media", "half past nine", "nueve de la mañana".
func (r *reader) wordedTime(i int) (next int) {
	if r.has(i, "half", "past") || r.has(i, "quarter", "past") || r.has(i, "quarter", "to") {
		n := r.numberAt(i + 2)
		if n.next == i+2 || n.value > 12 {
			return i
		}
		minutes := map[string]int{"half past": 30, "quarter past": 15, "quarter to": -15}[r.parts[i]+" "+r.parts[i+1]]
		r.add(fact{kind: Time, value: float64((int(n.value)*60 + minutes + wholeDay) % wholeDay), vague: true}, i, n.next)
		return n.next
	}
	n := r.wordedAt(i)
	if n.next == i || n.value > 24 || n.value != float64(int(n.value)) {
		return i
	}
	hour, minutes, j := int(n.value), 0, n.next
	said := clockArticles[r.before(i, 1)]
	switch {
	case r.has(j, "y", "media") || r.has(j, "e", "meia"):
		minutes, j = 30, j+2
	case r.has(j, "y", "cuarto"):
		minutes, j = 15, j+2
	case r.has(j, "menos", "cuarto"):
		minutes, j = -15, j+2
	}
	half, end := r.half(j)
	switch {
	case half != 0:
		hour, j, said = onHalf(hour, half), end, true
	case r.parts[j] == "o'clock" || r.has(j, "en", "punto"):
		j, said = j+1, true
	case unit.ByWord[r.parts[j]].Base != "" || r.tokens[j].Sort == token.Word && !reading.FunctionWords[r.parts[j]]:
		return i
	}
	if !said {
		return i
	}
	r.add(fact{kind: Time, value: float64((hour*60 + minutes + wholeDay) % wholeDay), vague: half == 0 && hour <= 12}, i, j)
	return j
}

var clockArticles = reading.WordSet(`las at as`)

// sureOfHalf makes the times of a text that counts hours to 24 those that they say.
func (r *reader) sureOfHalf() {
	late := false
	for _, f := range r.facts {
		counted := f.kind == Time && strings.Contains(r.text[f.at:f.end], ":")
		if counted && !f.vague && f.value > halfDay || f.clock && f.value > 12 {
			late = true
		}
	}
	for i := range r.facts {
		if f := &r.facts[i]; late && (f.clock || f.kind == Time && strings.Contains(r.text[f.at:f.end], ":")) {
			f.vague = false
		}
	}
}

// sameTime reports whether two times are one.
func sameTime(a, b fact) bool {
	if a.value == b.value {
		return true
	}
	return (a.vague || b.vague) && int(a.value)%halfDay == int(b.value)%halfDay
}
