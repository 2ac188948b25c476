package tania

import (
	"testing"
	"time"
)

func TestWhatPassesIsTooMuchAtOnceAndTroubleOfTheNetwork(t *testing.T) {
	for _, c := range DeliveryCauses() {
		if got, want := c.Passes(), c == "rate_limited" || c == "temporary"; got != want {
			t.Errorf("%s passes: %v", c, got)
		}
	}
}

func TestWhatWasNotDeliveredIsNoPartOfWhatWasSaid(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	said := Entry{ID: 2, From: FromBot, Text: "380 pesos", At: at}
	var c Conversation
	c.Remember(Entry{ID: 1, From: FromCustomer, Text: "¿Cuánto?", At: at})
	c.Remember(said)
	if !c.NotDelivered(2, at) || c.NotDelivered(2, at) || len(c.History) != 1 {
		t.Fatalf("history %+v; want the customer's question, and the failure taken in once", c.History)
	}
	// The worker that sent it notes it late, or its webhook comes after that of its failure.
	if c.Remember(said); len(c.History) != 1 {
		t.Errorf("history %+v", c.History)
	}
	// What the customer picked of it has its id.
	if c.Remember(Entry{ID: 2, From: FromCustomer, Text: "Centro", At: at}); len(c.History) != 2 {
		t.Errorf("history %+v", c.History)
	}
	if c.Delivered(2, at) || c.Delivered(2, time.Time{}) {
		t.Error("an older webhook undoes a failure")
	}
	if !c.Delivered(2, at.Add(time.Second)) || c.WasNotDelivered(2) {
		t.Error("delivered after all, and still held to have failed")
	}
}

func TestATurnIsOfWhatTheCustomerWrote(t *testing.T) {
	failed, wrote := Message{ID: 2, Undelivered: &Undelivered{}}, Message{ID: 3}
	for _, c := range []struct{ of, want []MessageID }{
		{[]MessageID{2, 3}, []MessageID{3}}, {[]MessageID{2}, []MessageID{2}}, {[]MessageID{3}, []MessageID{3}},
	} {
		var all []Message
		for _, id := range c.of {
			all = append(all, map[MessageID]Message{2: failed, 3: wrote}[id])
		}
		got := OfCustomer(all)
		if len(got) != len(c.want) || got[0].ID != c.want[0] || len(all) != len(c.of) {
			t.Errorf("%v: %+v", c.of, got)
		}
	}
}

func TestCountsOfWhatWasNotDeliveredAreFoundAmongOthers(t *testing.T) {
	got := UndeliveredCounts(map[string]int64{
		"llm/calls": 9, UndeliveredCounter(ChannelTelegram, CauseBlocked): 1, UndeliveredCounter(ChannelTwilioWhatsApp, CauseAuth): 4,
	})
	if len(got) != 2 || got[0] != (UndeliveredCount{ChannelTwilioWhatsApp, CauseAuth, 4}) || got[1].Channel != ChannelTelegram {
		t.Errorf("%+v", got)
	}
}
