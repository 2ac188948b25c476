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
	// dictated is how fast people dictate, in characters a second; they type slower.
	dictated = 15
	// sentence is how many characters of a prompt answer tell: "ok", "sí" and "muchas gracias" are on a key of many phones.
	sentence = 20
	// fewWords is how many words a text has at least that may be one template filled in again.
	fewWords = 3
	// crossing is how far a reply's time may be after that of its answer: Chatwoot's are whole seconds.
	crossing = time.Second
)

// Signs of a machine, by how sure they are. A prompt answer may be a person's who went on writing while the bot replied; not each time.
const (
	unsure = 1
	sure   = 2
)

// exchange is what the other side wrote, and what the bot had said before, since they wrote last.
type exchange struct {
	text string
	at   time.Time
	// reply is what the bot said, replied when it had said it.
	reply   string
	replied time.Time
}

// looping refuses the answer to another machine, an autoresponder or a bot, which would answer it again: when each of the bot's last
// replies was followed by the text that it was a reply to, or by one that nobody can have written meanwhile. The unsure signs must go on
// for twice as many replies. People who are impatient write several times before a reply, not the same after each. A human gets the
// conversation.
func looping(g *Governor, v *view) finding {
	if g.LoopReplies <= 0 {
		return finding{}
	}
	need := sure * g.LoopReplies
	all := v.exchanges(need + 1)
	signs, replies, repeated := 0, 0, 0
	for i := 1; i < len(all) && signs < need; i++ {
		now, before := all[i-1], all[i]
		switch {
		case again(now, before), refilled(now, before):
			repeated++
			signs += sure
		case tooFast(now, before):
			signs += sure
		case tooPrompt(now):
			signs += unsure
		default:
			return finding{}
		}
		replies++
	}
	if signs < need {
		return finding{}
	}
	f := refuse(fmt.Sprintf("the bot's last %d replies were answered by a machine: %d times by the same text or one like it, otherwise faster than people write",
		replies, repeated))
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

// refilled reports whether a text is the one before with other numbers or names in it ("Ticket #124 received"), sooner after the reply
// than it is spoken. People who ask for one order after the other have the same words, and take their time.
func refilled(now, before exchange) bool {
	words, last := blanks(now.text), blanks(before.text)
	longer := max(len(words), len(last))
	common := 0
	there := counted(last)
	for word, n := range counted(words) {
		common += min(n, there[word])
	}
	return longer >= fewWords && 4*common >= 3*longer && now.fasterThan(dictated)
}

// tooFast reports whether a text is longer than anybody writes in the time since they wrote before. Both times are Chatwoot's.
func tooFast(now, before exchange) bool {
	n := utf8.RuneCountInString(now.text)
	took := max(now.at.Sub(before.at), time.Second)
	return n >= longText && float64(n) > fastest*took.Seconds()
}

// tooPrompt reports whether a text is an answer that nobody can have written since the reply, let alone read it before.
func tooPrompt(now exchange) bool {
	return utf8.RuneCountInString(strings.TrimSpace(now.text)) >= sentence && now.fasterThan(fastest)
}

// fasterThan reports whether a text has more characters than so many a second since the reply. One that crossed the reply does not answer it.
func (e exchange) fasterThan(rate float64) bool {
	took := e.at.Sub(e.replied)
	if e.replied.IsZero() || took < -crossing {
		return false
	}
	return float64(utf8.RuneCountInString(strings.TrimSpace(e.text))) > rate*max(took, time.Second).Seconds()
}

// blanks gives the words of a text, those with a digit as one: what a template is filled in with.
func blanks(text string) []string {
	list := strings.Fields(folded(text))
	for i, word := range list {
		if strings.ContainsFunc(word, unicode.IsDigit) {
			list[i] = "#"
		}
	}
	return list
}

func counted(list []string) map[string]int {
	counts := make(map[string]int, len(list))
	for _, word := range list {
		counts[word]++
	}
	return counts
}

func folded(text string) string {
	return strings.Join(strings.FieldsFunc(words.Fold(text), between), " ")
}

func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// exchanges gives the turn and the exchanges before it, newest first, at most n. Before the conversation came back to the bot, or a human wrote, it was another one.
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
			if last.reply == "" {
				last.replied = e.At
			}
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
