package worker

import (
	"context"

	"tania/internal/ledger"
	"tania/internal/tania"
)

// fewestToSum is how many messages an episode has at least that is summed up for the team: fewer are read faster than a summary.
const fewestToSum = 3

// summed has the model sum an episode up for the note of a handoff. What was paid for is booked, whatever it wrote.
type summed struct {
	*run
	episode []tania.Entry
	usage   tania.Usage
}

// wanted gives what sums up, nil where nothing is to: the model is away, or nobody is handed a conversation worth it.
func (s *summed) wanted(reason tania.HandoffReason) func(context.Context, tania.Language) string {
	switch {
	case !s.Bot.SumsUp, len(s.episode) < fewestToSum, reason == tania.HandoffModelAway, reason.Silent():
		return nil
	}
	return s.make
}

// make sums up. That it could not be done is no reason for anything: the note then has what was said last.
func (s *summed) make(ctx context.Context, lang tania.Language) string {
	text, usage, err := s.Answerer.Summarise(s.hiding(ctx, nil), s.episode, lang)
	s.usage = s.usage.Add(usage)
	s.report("count", ledger.Pay(ctx, s.Engine, s.Name, usage))
	if err != nil {
		s.log.Info("the note of the handoff has no summary", "why", err)
	}
	return text
}
