package worker_test

import (
	"context"
	"strings"
	"testing"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

func TestACustomerIsSentSoManyMessagesOfAnAnswer(t *testing.T) {
	r := newRig(t, says(strings.Repeat("Abrimos a las nueve de la mañana y cerramos a las siete. ", 300)), func(s *settings) {
		s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "Instagram", Channel: tania.ChannelInstagram, ActiveBot: true}}
	})
	c := r.write(0, questions(1))
	r.until("the answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	said := r.said(c)
	if len(said) != 10 {
		t.Errorf("the customer was sent %d messages", len(said))
	}
	if last := said[len(said)-1]; !strings.HasSuffix(last, ".") {
		t.Errorf("the last ends with %q", last[len(last)-20:])
	}
	if d := r.record(c); !strings.Contains(d.Detail, "of which the customer was sent 10") {
		t.Errorf("the record says %q", d.Detail)
	}
}

func TestWhatIsOutOfTheOrdinaryStandsInTheRecord(t *testing.T) {
	r := newRig(t, func(context.Context, llm.Prompt) (llm.Response, error) {
		return llm.Response{Notes: []string{"no answer could be read: nothing"}}, nil
	}, nil)
	c := r.write(0, questions(1))
	r.until("the answer", func() bool { return len(r.said(c)) > 0 })
	r.ended()
	r.wantSaid(c, r.spanish(r.bot.Unknown))
	if d := r.record(c); d.Detail != "no answer could be read: nothing" {
		t.Errorf("the record says %q", d.Detail)
	}
}
