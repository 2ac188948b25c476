package approval

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

// Bounds of what a note shows, in characters. Each argument is shortened by itself: a long one hides no other.
const (
	aboutChars = 200
	valueChars = 120
)

// Line says in one line what a request is for: what the tool does, with which arguments, for whom.
func Line(l tania.Language, a *tania.Approval, customer string) string {
	line := escape(shorten(oneLine(a.About), aboutChars))
	line = strings.TrimSpace(line + " " + code(a.Tool))
	for i, pair := range pairs(a.Arguments) {
		if i > 0 {
			line += ","
		}
		line += " " + pair
	}
	if customer = oneLine(customer); customer != "" {
		line += " · " + wordsIn(l).customer + " " + code(shorten(customer, valueChars))
	}
	return line
}

// pairs are the arguments of a call, each readable.
func pairs(arguments json.RawMessage) (list []string) {
	var all map[string]json.RawMessage
	if json.Unmarshal(arguments, &all) != nil {
		return []string{code(shorten(string(arguments), valueChars))}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, code(name+": "+shorten(oneLine(string(all[name])), valueChars)))
	}
	return list
}

// Asking is the note that asks the team for its word.
func Asking(l tania.Language, a *tania.Approval, customer string, patience time.Duration) string {
	w := wordsIn(l)
	approve, reject := "/approve", "/reject"
	if a.Named {
		approve, reject = fmt.Sprint("/approve ", a.Number), fmt.Sprint("/reject ", a.Number)
	}
	how := fmt.Sprintf(w.how, code(approve), code(reject+" "+w.why), minutes(patience))
	if a.Named {
		how += " " + w.named
	}
	return fmt.Sprintf("**"+w.asks+"** %s\n\n%s", a.Number, Line(l, a, customer), how)
}

func minutes(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", max(1, int(d.Round(time.Second)/time.Second)))
	}
	return fmt.Sprintf("%d min", int(d.Round(time.Minute)/time.Minute))
}

// Closed is what became of a request, for the note that tells it.
type Closed struct {
	Ruling tania.Ruling
	// Act is the call that was made, nil for none; Refused is why an approved one was not.
	Act     *tania.Act
	Refused string
	// Number is the request's.
	Number int
}

// Closing is the note that says what became of a request.
func Closing(l tania.Language, c Closed) string {
	w := wordsIn(l)
	by := code(oneLine(c.Ruling.By))
	if c.Ruling.By == "" {
		by = w.way[c.Ruling.Way]
	}
	var text string
	switch {
	case c.Ruling.Verdict == tania.ApprovalRejected:
		text = fmt.Sprintf(w.rejected, by)
		if c.Ruling.Reason != "" {
			text += " " + code(c.Ruling.Reason)
		}
	case c.Ruling.Verdict != tania.ApprovalGiven:
		text = w.withdrawn[c.Ruling.Reason]
	case c.Act == nil && c.Refused == "":
		text = fmt.Sprintf(w.unmade, by)
	case c.Act == nil:
		text = fmt.Sprintf(w.refused, by, code(shorten(oneLine(c.Refused), valueChars)))
	case c.Act.Doubtful:
		text = fmt.Sprintf(w.doubtful, by)
	case !c.Act.OK:
		text = fmt.Sprintf(w.failed, by, code(shorten(oneLine(string(c.Act.Result)), valueChars)))
	default:
		text = fmt.Sprintf(w.done, by, code(shorten(oneLine(string(c.Act.Result)), valueChars)))
	}
	return fmt.Sprintf("**"+w.number+"** %s", c.Number, text)
}

// Answer is the note that tells an agent why their word did not count; "" where it did.
func Answer(l tania.Language, came Came, a tania.Approval) string {
	w := wordsIn(l)
	switch came {
	case Late:
		by := code(oneLine(a.Ruling.By))
		if a.Ruling.By == "" {
			by = w.way[a.Ruling.Way]
		}
		if a.Ruling.Verdict == tania.ApprovalWithdrawn || a.Ruling.Verdict == tania.ApprovalExpired {
			return w.answers[Nothing]
		}
		return fmt.Sprintf(w.answers[Late], by)
	case Unnamed, Other:
		return fmt.Sprintf(w.answers[came], code(fmt.Sprint("/approve ", a.Number)))
	default:
		return w.answers[came]
	}
}

// code is a text in a code span that it cannot end. Chatwoot runs no Liquid there: it puts a raw block around it, which a text must not
// end.
func code(text string) string {
	return "`" + channels.Protect(strings.ReplaceAll(text, "`", "'")) + "`"
}

// escape keeps Markdown from reading a text.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_[]<>|~#", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return channels.Protect(b.String())
}

// oneLine is a text in one line, without what is not seen or turns the reading direction.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}

func shorten(s string, chars int) string {
	if r := []rune(s); len(r) > chars {
		return string(r[:chars-1]) + "…"
	}
	return s
}
