package intake_test

import (
	"testing"
	"time"

	"tania/internal/governor"
	"tania/internal/intake"
	"tania/internal/queue/failover"
	"tania/internal/tania"
)

// TestASpooledDeliveryIsReplayedAsOfItsArrival: how old a message is decides whether it is still answered.
func TestASpooledDeliveryIsReplayedAsOfItsArrival(t *testing.T) {
	arrived := time.Date(2026, 6, 17, 9, 0, 2, 0, time.UTC)
	engine := open(t)
	door := intake.New(intake.Options{
		Engine: engine, Governor: governor.New(governor.Options{}), Now: func() time.Time { return arrived.Add(40 * time.Minute) },
	})
	body := []byte(`{"event":"message_created","id":7,"message_type":"incoming","content":"hola","account":{"id":3},"created_at":"2026-06-17T09:00:01.000Z",` +
		`"sender":{"id":501},"conversation":{"id":1287,"inbox_id":11,"status":"pending"}}`)
	d := failover.Delivery{Key: tania.ConversationKey{Account: 3, Conversation: 1287}, Body: body, Received: arrived}
	if err := door.Replay(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	turn, err := engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := turn.Messages[0].Received; !got.Equal(arrived) {
		t.Errorf("received at %s, want %s", got, arrived)
	}
}
