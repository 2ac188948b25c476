package governor

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tania/internal/tania"
	"tania/internal/words"
)

const (
	// loopWithin is how soon after their last message a machine's next one comes; people come back with the same words days later.
	loopWithin = 15 * time.Minute
	// shortWord is how many letters a repeated text has at least to be told by itself: "ok" or "sí" may answer different questions.
	shortWord = 4
	// longText and fastest, in characters and in characters a second, are beyond what people type (some 10) or dictate (some 15).
	longText = 80
	fastest  = 20
)

// exchange is what the other side wrote, and what the bot had said before, since they wrote last.
type exchange struct {
	text  string
	at    time.Time
	reply string
}

// looping refuses the answer to another machine, an autoresponder or a bot, which would answer it again: when each of the bot's last
// replies was followed by the text that it was a reply to, or by one that nobody can have typed meanwhile. People who are impatient
// write several times before a reply, not the same after each. A human gets the conversation.
func looping(g *Governor, v *view) finding {
	if g.LoopReplies <= 0 {
		return finding{}
	}
	all := v.exchanges(g.LoopReplies + 1)
	if len(all) <= g.LoopReplies {
		return finding{}
	}
	repeated := 0
	for i := range g.LoopReplies {
		same, fast := again(all[i], all[i+1]), tooFast(all[i], all[i+1])
		if !same && !fast {
			return finding{}
		}
		if same {
			repeated++
		}
	}
	f := refuse(fmt.Sprintf("the bot's last %d replies were answered by a machine: %d times by the same text, otherwise faster than people write",
		g.LoopReplies, repeated))
	f.handoff = tania.HandoffLoop
	return f
}

// again reports whether a text came again after a reply.
func again(now, before exchange) bool {
	text := folded(now.text)
	if text == "" || text != folded(before.text) || now.at.Sub(before.at) > loopWithin {
		return false
	}
	return utf8.RuneCountInString(text) >= shortWord || before.reply == "" || now.reply == before.reply
}

// tooFast reports whether a text is longer than anybody writes in the time since they wrote before. Both times are Chatwoot's.
func tooFast(now, before exchange) bool {
	n := utf8.RuneCountInString(now.text)
	return n >= longText && float64(n) > fastest*now.at.Sub(before.at).Seconds()
}

func folded(text string) string {
	return strings.Join(strings.FieldsFunc(words.Fold(text), between), " ")
}

func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// exchanges gives the turn and the exchanges before it, newest first, at most n. Before the conversation came back to the bot, or a human
// wrote, it was another one.
func (v *view) exchanges(n int) []exchange {
	newest, ok := v.newest()
	if !ok {
		return nil
	}
	all := []exchange{{at: newest.Created}}
	for _, m := range v.Messages {
		all[0].text += m.Content + "\n"
	}
	for _, e := range slices.Backward(v.Memory.History) {
		own := slices.ContainsFunc(v.Messages, func(m tania.Message) bool { return m.ID == e.ID })
		last := &all[len(all)-1]
		switch {
		case own:
		case e.From == tania.FromHuman || e.At.Before(v.Memory.GivenBack):
			return all
		case e.From == tania.FromBot:
			last.reply = e.Text + "\n" + last.reply
		case last.reply == "":
			last.text = e.Text + "\n" + last.text
		case len(all) == n:
			return all
		default:
			all = append(all, exchange{text: e.Text + "\n", at: e.At})
		}
	}
	return all
}
