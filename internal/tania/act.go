package tania

import (
	"encoding/json"
	"slices"
	"time"
)

// Act is a tool that the model called, or wanted to.
type Act struct {
	Turn TurnID `json:"turn"`
	// Number counts the turn's acts from 1.
	Number    int             `json:"number"`
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	// Result is what the model was given of it: JSON, or null where it was refused or nobody knows.
	Result json.RawMessage `json:"result,omitempty"`
	// OK reports whether it was done. Refused is why it was not made, from a closed set; Doubtful reports that it may have been made.
	OK      bool   `json:"ok"`
	Refused string `json:"refused,omitempty"`
	// Wrote reports whether the tool is one that changes something.
	Wrote    bool `json:"wrote,omitempty"`
	Doubtful bool `json:"doubtful,omitempty"`
	// Ruling is what the team decided on it, nil where it was not asked.
	Ruling *Ruling `json:"ruling,omitempty"`
	// Millis is how long it took, in milliseconds.
	Millis float64   `json:"ms,omitempty"`
	At     time.Time `json:"at"`
}

// Ask is a call that the customer was asked about, by the digest of tool and arguments.
type Ask struct {
	Digest string    `json:"digest"`
	Turn   TurnID    `json:"turn"`
	At     time.Time `json:"at"`
}

// Bounds of the acts that a conversation remembers: how many, of those that changed something, and their arguments and results in bytes.
const (
	ActsLimit   = 40
	WritesLimit = 400
	ActsBytes   = 64 << 10
	AsksLimit   = 8
)

// Acted takes in what was called in a turn, once however often it is told. What was refused is not remembered.
func (c *Conversation) Acted(acts []Act) {
	for _, a := range acts {
		if a.Refused == "" && !c.hasActed(a) {
			c.Acts = append(c.Acts, a)
		}
	}
	c.Acts = bounded(c.Acts)
}

// bounded drops the oldest acts, those first that only looked: limits count what was changed. Of writes the result goes before the act.
func bounded(acts []Act) []Act {
	acts = slices.Clone(acts)
	size := func() (bytes int) {
		for _, a := range acts {
			bytes += len(a.Arguments) + len(a.Result)
		}
		return bytes
	}
	for len(acts) > ActsLimit || size() > ActsBytes {
		oldest := slices.IndexFunc(acts, func(a Act) bool { return !a.Wrote })
		if oldest < 0 {
			break
		}
		acts = slices.Delete(acts, oldest, oldest+1)
	}
	acts = newest(acts, WritesLimit)
	for i := 0; i < len(acts) && size() > ActsBytes; i++ {
		acts[i].Result = nil
	}
	return acts
}

func (c *Conversation) hasActed(a Act) bool {
	for _, have := range c.Acts {
		if have.Turn == a.Turn && have.Number == a.Number {
			return true
		}
	}
	return false
}

// AskedFor takes in the calls that the customer was asked about in a turn; those of earlier turns are not open any more.
func (c *Conversation) AskedFor(turn TurnID, asks []Ask) {
	if len(asks) == 0 && len(c.Asks) > 0 && c.Asks[0].Turn == turn {
		return
	}
	c.Asks = newest(asks, AsksLimit)
}

// Call counts a call of a tool for a contact on a day, and gives how many there were before.
func (m *ContactMemory) Call(tool, day string) int {
	if m.Called == nil || m.CalledOn != day {
		m.Called, m.CalledOn = map[string]int{}, day
	}
	m.Called[tool]++
	return m.Called[tool] - 1
}
