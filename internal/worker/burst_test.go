package worker

import (
	"encoding/json"
	"slices"
	"testing"

	"tania/internal/queue"
	"tania/internal/tania"
)

// TestWhatIsStoredOfABurstIsLinear: twice as many messages take twice the space, and the last record names them all.
func TestWhatIsStoredOfABurstIsLinear(t *testing.T) {
	size := func(n int) (bytes int) {
		r := &run{t: &queue.Turn{}}
		var ids []tania.MessageID
		for i := range n {
			id := tania.MessageID(1_000_000 + i)
			ids = append(ids, id)
			r.t.Messages = append(r.t.Messages, tania.Message{ID: id, Content: "hola"})
		}
		records := r.records(tania.Record{}, "")
		for i, record := range records {
			text, err := json.Marshal(record)
			if err != nil {
				t.Fatal(err)
			}
			bytes += len(text)
			if record.Message != ids[i] || record.Content != "hola" {
				t.Fatalf("record %d is %+v", i, record)
			}
		}
		if last := records[n-1]; !slices.Equal(last.Messages, ids) {
			t.Errorf("the last record names %d messages, want %d", len(last.Messages), n)
		}
		return bytes
	}
	small, large := size(500), size(5000)
	if large > 11*small {
		t.Errorf("500 messages take %d bytes and 5,000 take %d", small, large)
	}
}
