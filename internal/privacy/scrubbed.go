package privacy

import (
	"context"
	"slices"
	"time"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Scrubbed is an engine as operators read it: what servers said in dead letters and records goes through clean first. What is stored today
// is clean; what an earlier version stored may quote a secret, and so may one that has become a secret since.
func Scrubbed(engine queue.Engine, clean func(string) string) queue.Engine {
	return scrubbed{engine, clean}
}

type scrubbed struct {
	queue.Engine
	clean func(string) string
}

// Dead implements queue.Queue.
func (s scrubbed) Dead(ctx context.Context, limit int) ([]queue.DeadTurn, error) {
	dead, err := s.Engine.Dead(ctx, limit)
	for i := range dead {
		s.dead(&dead[i])
	}
	return dead, err
}

// DeadTurn implements queue.Queue.
func (s scrubbed) DeadTurn(ctx context.Context, id tania.TurnID) (queue.DeadTurn, error) {
	dead, err := s.Engine.DeadTurn(ctx, id)
	s.dead(&dead)
	return dead, err
}

func (s scrubbed) dead(d *queue.DeadTurn) {
	d.Error = s.clean(d.Error)
	d.History = slices.Clone(d.History)
	for i := range d.History {
		d.History[i].Error = s.clean(d.History[i].Error)
	}
	if d.Checkpoint != nil {
		d.Checkpoint = []byte(s.clean(string(d.Checkpoint)))
	}
	if d.Parked != nil {
		parked := *d.Parked
		s.parked(&parked)
		d.Parked = &parked
	}
	d.Calls = slices.Clone(d.Calls)
	for i := range d.Calls {
		c := &d.Calls[i]
		c.Intent, c.Result = []byte(s.clean(string(c.Intent))), []byte(s.clean(string(c.Result)))
	}
}

// ParkedTurns implements queue.Parking.
func (s scrubbed) ParkedTurns(ctx context.Context, limit int) ([]queue.ParkedTurn, error) {
	turns, err := s.Engine.ParkedTurns(ctx, limit)
	for i := range turns {
		s.parked(&turns[i].Parked)
	}
	return turns, err
}

// parked cleans what a turn waits for: it may quote what a server said.
func (s scrubbed) parked(p *queue.Parked) {
	p.Why, p.Decision = []byte(s.clean(string(p.Why))), []byte(s.clean(string(p.Decision)))
}

// Records implements queue.Memory.
func (s scrubbed) Records(ctx context.Context, key tania.ConversationKey) ([]tania.Record, error) {
	records, err := s.Engine.Records(ctx, key)
	return s.records(records), err
}

// RecentRecords implements queue.Memory.
func (s scrubbed) RecentRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	records, err := s.Engine.RecentRecords(ctx, limit)
	return s.records(records), err
}

// RecordsBetween implements queue.Memory.
func (s scrubbed) RecordsBetween(ctx context.Context, from, to time.Time, limit int) ([]tania.Record, error) {
	records, err := s.Engine.RecordsBetween(ctx, from, to, limit)
	return s.records(records), err
}

// MissedRecords implements queue.Memory.
func (s scrubbed) MissedRecords(ctx context.Context, limit int) ([]tania.Record, error) {
	records, err := s.Engine.MissedRecords(ctx, limit)
	return s.records(records), err
}

func (s scrubbed) records(records []tania.Record) []tania.Record {
	for i := range records {
		r := &records[i]
		r.Error, r.Detail = s.clean(r.Error), s.clean(r.Detail)
		r.Unchecked = slices.Clone(r.Unchecked)
		for j := range r.Unchecked {
			r.Unchecked[j] = s.clean(r.Unchecked[j])
		}
	}
	return records
}
