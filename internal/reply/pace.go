package reply

import (
	"fmt"
	"time"
	"unicode/utf8"

	"tania/internal/tania"
)

// A message is typed in so long: by its length, as a quick hand types, but so that nobody waits for it.
const (
	perCharacter = 25 * time.Millisecond
	shortestPace = 600 * time.Millisecond
	longestPace  = 2500 * time.Millisecond
)

// TypingTime is how long a message takes to be typed.
func TypingTime(text string) time.Duration {
	return min(max(shortestPace, time.Duration(utf8.RuneCountInString(text))*perCharacter), longestPace)
}

// Until is a plan whose parts from one on are not said, and that hands nothing over: who stepped in, as why says, has the conversation.
func (p Plan) Until(part int, why string) Plan {
	p.Record = noted(p.Record, fmt.Sprintf("%d of %d messages were sent; %s", part, len(p.Parts), why))
	if p.Handoff != "" {
		p.Record.Outcome = tania.OutcomeAnswered
	}
	p.Parts, p.Options, p.Handoff, p.Record.Handoff = p.Parts[:part], nil, "", ""
	return p
}
