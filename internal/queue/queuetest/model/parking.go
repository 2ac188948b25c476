package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tania/internal/queue"
	"tania/internal/tania"
)

func (m *machine) park(r *rapid.T) {
	t := m.anyHeld(r)
	patience := rapid.SampledFrom([]time.Duration{0, 3 * time.Second, 13 * time.Second, time.Hour}).Draw(r, "patience")
	why := fmt.Sprint("approval ", rapid.IntRange(1, 99).Draw(r, "why"))
	if t.amended {
		m.refused(t, m.Engine().Park(m.Context(), t.view, patience, []byte(why)))
		return
	}
	m.try(m.Engine().Park(m.Context(), t.view, patience, []byte(why), m.newRecords(t, "parked")...))
	t.attempt--
	t.parked, t.holds = &queue.Parked{Why: []byte(why), Since: m.Now(), Until: m.Now().Add(patience)}, true
	t.due = t.parked.Until
	m.end(t)
}

// unpark decides on a turn that is parked, was once, or never.
func (m *machine) unpark(r *rapid.T) {
	var turns []*modelTurn
	for _, b := range m.boxes {
		turns = append(turns, b.turns...)
	}
	if len(turns) == 0 {
		r.Skip()
	}
	slices.SortFunc(turns, func(x, y *modelTurn) int { return cmp.Compare(x.id, y.id) })
	t := rapid.SampledFrom(turns).Draw(r, "turn")
	word := fmt.Sprint("word ", rapid.IntRange(1, 99).Draw(r, "word"))
	err := m.Engine().Unpark(m.Context(), t.id, "ana", []byte(word))
	if !m.open(t) {
		if !errors.Is(err, queue.ErrNotFound) {
			m.Fatalf("turn %s, which does not wait for a word, was given one: %v", t.id, err)
		}
		return
	}
	m.try(err)
	t.parked.Decided, t.parked.By, t.parked.Decision = m.Now(), "ana", []byte(word)
	t.due = m.Now()
}

// open reports whether somebody may still decide on a turn.
func (m *machine) open(t *modelTurn) bool {
	return t.holds && t.parked.Decided.IsZero() && t.parked.Until.After(m.Now())
}

// sameParked compares the list of parked turns.
func (m *machine) sameParked() {
	var want []queue.ParkedTurn
	for _, b := range m.boxes {
		if t := b.current(); t != nil && m.open(t) {
			want = append(want, queue.ParkedTurn{ID: t.id, Key: t.key, Parked: *t.parked})
		}
	}
	slices.SortFunc(want, func(x, y queue.ParkedTurn) int { return cmp.Or(x.Until.Compare(y.Until), cmp.Compare(x.ID, y.ID)) })
	got, err := m.Engine().ParkedTurns(m.Context(), 0)
	m.try(err)
	messages := map[tania.TurnID][]tania.MessageID{}
	for i := range got {
		messages[got[i].ID] = ids(got[i].Messages)
		got[i].Messages = nil
	}
	m.same("parked turns", want, got)
	for _, p := range want {
		m.same("messages of parked turn "+string(p.ID), m.boxes[p.Key].current().messages, messages[p.ID])
	}
}
