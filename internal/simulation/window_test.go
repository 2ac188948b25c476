package simulation

import (
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// TestTheWindowIsNoWiderThanItsName: a second answer is excused where nothing could show the first, and nowhere else.
func TestTheWindowIsNoWiderThanItsName(t *testing.T) {
	const in, out = chatwootsim.Incoming, chatwootsim.Outgoing
	type said struct {
		at   float64 // seconds since the city began
		kind chatwootsim.MessageType
	}
	// The first and the second answer are the last but one of the bot's messages and the last.
	late := []said{{1, in}, {2.8, in}, {7, out}, {10, out}, {12, in}, {14, out}}
	for name, x := range map[string]struct {
		said  []said
		echo  float64 // when the first answer's echo came; 0: never
		holds bool
	}{
		"written before the last answer, and written on":  {said: late, holds: true},
		"its echo came after the second":                  {said: late, echo: 16, holds: true},
		"its echo came in time":                           {said: late, echo: 13},
		"nobody wrote on":                                 {said: []said{{1, in}, {2.8, in}, {7, out}, {10, out}, {14, out}}},
		"the customer was waiting":                        {said: []said{{1, in}, {7, out}, {9, in}, {10, out}, {12, in}, {14, out}}},
		"two waits that began in one second":              {said: []said{{9.1, in}, {9.2, out}, {9.3, in}, {14, out}}, holds: true},
		"two waits that began in one second and the next": {said: []said{{9.1, in}, {9.2, out}, {10.3, in}, {14, out}}},
	} {
		t.Run(name, func(t *testing.T) {
			born := time.Unix(1_800_000_000, 0)
			since := func(seconds float64) time.Time { return born.Add(time.Duration(seconds * float64(time.Second))) }
			var messages, answers []chatwootsim.Message
			for i, s := range x.said {
				m := chatwootsim.Message{ID: tania.MessageID(i + 1), Type: s.kind, Created: since(s.at)}
				messages = append(messages, m)
				if s.kind == out {
					answers = append(answers, m)
				}
			}
			first, second, all := answers[len(answers)-2], answers[len(answers)-1], taken{}
			if x.echo > 0 {
				all[first.ID] = since(x.echo)
			}
			if got := excused(messages, first, second, all); got != x.holds {
				t.Errorf("excused: %v, want %v", got, x.holds)
			}
		})
	}
}
