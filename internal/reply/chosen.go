package reply

import (
	"strings"

	"tania/internal/answer"
	"tania/internal/answer/choice"
	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

// askedBack are the questions of the episode by which the bot asked back in other turns.
func (d *decision) askedBack() (asked []tania.AskedBack) {
	for _, a := range d.Memory.AskedBack {
		if a.Turn != d.Turn {
			asked = append(asked, a)
		}
	}
	return asked
}

// chosen reads what the customer chose who was asked back by the bot's newest words; nil where they say something else.
func (d *decision) chosen(text string, history []tania.Entry) *answer.Chosen {
	asked := d.askedBack()
	if len(asked) == 0 || !asked[len(asked)-1].Open || humanSince(history) {
		return nil
	}
	last := asked[len(asked)-1]
	titles := make([]string, len(last.Choices))
	for i, c := range last.Choices {
		titles[i] = c.Title
	}
	picked, ok := choice.Read(text, titles)
	if !ok {
		return nil
	}
	chosen := &answer.Chosen{Question: last.Question}
	for _, place := range picked.Places {
		chosen.Choices = append(chosen.Choices, last.Choices[place])
	}
	return chosen
}

// askingBack plans to ask the customer what they mean. The record says which entries they are offered.
func (d *decision) askingBack(record tania.Record, a answer.Answer) Plan {
	record.Outcome = tania.OutcomeAskedBack
	var sources, titles []string
	for _, c := range a.Choices {
		sources, titles = append(sources, c.Source), append(titles, c.Title)
	}
	p := Plan{Choices: a.Choices, Record: noted(record, "asked back: "+strings.Join(sources, ", "))}
	p.Parts, p.Options = channels.Offer(d.newest().Channel, a.Pick, a.Text, append(titles, a.NoneOfThese))
	return p
}

// humanSince reports whether a human spoke after the bot did.
func humanSince(history []tania.Entry) bool {
	for i := len(history) - 1; i >= 0 && history[i].From != tania.FromBot; i-- {
		if history[i].From == tania.FromHuman {
			return true
		}
	}
	return false
}
