package llm

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tania/internal/answer/llm/complaint"
)

// size is how much of a prompt and of an answer is asked for: first the answer is shortened, then the history, then the knowledge.
type size struct {
	// answer is a share of the usual limit, history and knowledge of the prompt's.
	answer, history, knowledge float64
}

var sizes = []size{
	{1, 1, 1},
	{0.5, 1, 1},
	{0.25, 1, 1},
	{0.25, 0.4, 1},
	{0.25, 0, 1},
	{0.25, 0, 0.5},
	{0.25, 0, 0.25},
	{0.25, 0, 0.1},
}

// room is what was learnt of the length that a model has room for.
type room struct {
	// context is in tokens, 0 where the server does not tell; perToken is how many characters one has, by the server's count.
	context  int
	perToken float64
	// level is the size that fitted a prompt of which this many characters did not, where the context is not known.
	level, fails int
	until        time.Time
}

// Context is how many tokens the first model was found to have room for, 0 where that is not known: its server refused more and said so.
func (a *OpenAI) Context() int {
	if len(a.models) == 0 {
		return 0
	}
	d := &a.models[0].dialect
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Now().After(d.room.until) {
		return 0
	}
	return d.room.context
}

// fit is the size in which a prompt is asked.
type fit struct {
	level int
	// limit is the answer's, in tokens, 0 for the size's own share.
	limit int
	room  room
	// full is the whole prompt's length in characters.
	full int
}

// begin gives the size to begin with: the whole, unless the model is known to have less room.
func (d *dialect) begin(e *errand, asked int) fit {
	d.mu.Lock()
	known := d.room
	d.mu.Unlock()
	f := fit{full: e.prompt.length(sizes[0])}
	if time.Now().After(known.until) {
		return f
	}
	f.room = known
	switch {
	case known.context > 0:
		f.settle(e, asked, 0)
	case known.fails > 0 && f.full >= known.fails:
		f.level = known.level
	}
	return f
}

// fitted remembers a size that the model had room for, after one that it had not.
func (d *dialect) fitted(f fit) {
	if f.level == 0 && f.limit == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	learnt := f.room
	learnt.level, learnt.until = f.level, d.room.until
	if learnt.context == 0 && (learnt.fails == 0 || f.full < learnt.fails) {
		learnt.fails = f.full
	}
	if time.Now().After(learnt.until) {
		learnt.until = time.Now().Add(learntFor)
	}
	d.room = learnt
}

// shrink makes the next smaller request of one that was too long, by the server's numbers where it gives them, and reports whether there is
// one.
func (f *fit) shrink(e *errand, w complaint.Words, asked int) bool {
	context, prompt := w.Room(asked)
	if context > 0 && prompt > 0 {
		f.room = room{context: context, perToken: float64(e.prompt.length(sizes[f.level])) / float64(prompt)}
		if room := context - prompt; room >= leastAnswer && (f.limit == 0 && room < asked || room < f.limit) {
			f.limit = room
			return true
		}
		if f.settle(e, asked, f.level+1) {
			return true
		}
	}
	f.limit = 0
	for from := f.level; f.level < len(sizes)-1; {
		f.level++
		if sizes[f.level].answer < sizes[from].answer || e.prompt.length(sizes[f.level]) < e.prompt.length(sizes[from]) {
			return true
		}
	}
	return false
}

// settle finds the first size from a level on that the model has room for.
func (f *fit) settle(e *errand, asked, from int) bool {
	for level := from; level < len(sizes); level++ {
		// The estimate may be a tenth too low.
		left := f.room.context - int(1.1*float64(e.prompt.length(sizes[level]))/f.room.perToken)
		if left >= min(asked, max(leastAnswer, int(sizes[level].answer*float64(asked)))) || level == len(sizes)-1 && left >= leastAnswer {
			f.level, f.limit = level, 0
			if left < asked {
				f.limit = left
			}
			return true
		}
	}
	return false
}

// most is the answer's limit of a size, in tokens.
func (f *fit) most(usual int) int {
	if f.limit > 0 {
		return min(f.limit, usual)
	}
	return max(int(sizes[f.level].answer*float64(usual)), min(leastAnswer, usual))
}

// notes say in words what was shortened.
func (f *fit) notes(usual int) []string {
	if f.level == 0 && f.limit == 0 {
		return nil
	}
	var cut []string
	if most := f.most(usual); most < usual {
		cut = append(cut, fmt.Sprintf("the answer to %d tokens", most))
	}
	s := sizes[f.level]
	if s.history < 1 {
		cut = append(cut, fmt.Sprintf("the history to %d %%", int(100*s.history)))
	}
	if s.knowledge < 1 {
		cut = append(cut, fmt.Sprintf("the knowledge to %d %%", int(100*s.knowledge)))
	}
	if len(cut) == 0 {
		return nil
	}
	room := "small"
	if f.room.context > 0 {
		room = fmt.Sprintf("%d tokens", f.room.context)
	}
	return []string{"the model's context is " + room + ": " + strings.Join(cut, ", ")}
}

// shortened is the prompt in a size.
func (p Prompt) shortened(s size) Prompt {
	if s.history < 1 {
		p.History = p.History[len(p.History)-int(s.history*float64(len(p.History))):]
	}
	if s.knowledge < 1 && p.Shorter != nil {
		p.System = p.Shorter(s.knowledge)
	}
	return p
}

// length is the prompt's in a size, in characters, with what every request has beside it.
func (p Prompt) length(s size) int {
	p = p.shortened(s)
	n := utf8.RuneCountInString(p.System) + utf8.RuneCountInString(p.Text) + len(CustomerRule) + 500
	for _, e := range p.History {
		n += utf8.RuneCountInString(e.Text) + 50
	}
	for _, t := range p.Tools {
		n += len(t.Name) + len(t.Description) + len(t.Parameters) + 50
	}
	for _, s := range p.Steps {
		for _, c := range s.Calls {
			n += utf8.RuneCountInString(c.Result) + 200
		}
	}
	return n
}
