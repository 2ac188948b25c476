package web_test

import (
	"testing"
	"time"

	"tania/internal/queue/failover"
	"tania/internal/tania"
	"tania/internal/web"
)

// TestASpooledDeliveryIsReplayedAsOfItsArrival: how old a message is decides whether it is still answered.
func TestASpooledDeliveryIsReplayedAsOfItsArrival(t *testing.T) {
	arrived := time.Date(2026, 6, 17, 9, 0, 2, 0, time.UTC)
	var server *web.Server
	s := newSite(t, func(o *web.Options) {
		o.Now = func() time.Time { return arrived.Add(40 * time.Minute) }
		server = web.New(*o)
	})
	d := failover.Delivery{Key: tania.ConversationKey{Account: 3, Conversation: 1287}, Body: incoming(7, nil), Received: arrived}
	if err := server.Replay(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	turn, err := s.engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := turn.Messages[0].Received; !got.Equal(arrived) {
		t.Errorf("received at %s, want %s", got, arrived)
	}
}
