package e2e

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/tania"
)

func TestAnAlertIsPostedOnceAcrossRestarts(t *testing.T) {
	pages := make(chan map[string]any, 16)
	pager := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var page map[string]any
		if err := json.NewDecoder(r.Body).Decode(&page); err != nil {
			t.Error(err)
		}
		pages <- page
	}))
	t.Cleanup(pager.Close)
	in := newInstallation(t, "DLQ_ALERT_THRESHOLD=1", "ALERT_WEBHOOK_URL="+pager.URL+"/services/T0/B0/secret")
	dir := ""
	for _, e := range in.tania.env {
		if value, ok := strings.CutPrefix(e, "TANIA_DATA_DIR="); ok {
			dir = value
		}
	}
	bury(t, filepath.Join(dir, "tania.db"), 2)

	in.tania.start()
	select {
	case page := <-pages:
		alert, _ := page["alert"].(map[string]any)
		text, _ := page["text"].(string)
		if page["state"] != "raised" || alert["name"] != "dead_letters" || alert["value"] != 2.0 ||
			!strings.Contains(text, "2 dead letters are kept (limit 1)") {
			t.Errorf("%v", page)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no alert came")
	}
	_, metrics := scrape(t, in.tania.address)
	if !strings.Contains(metrics, `tania_alert_firing{alert="dead_letters"} 1`) {
		t.Error(matching(metrics, "tania_alert_firing"))
	}
	in.tania.stop()
	in.tania.start()
	await(t, 30*time.Second, "the first reading after the restart", func() bool {
		_, metrics := scrape(t, in.tania.address)
		return strings.Contains(metrics, `tania_alert_firing{alert="dead_letters"} 1`)
	})
	in.tania.stop()
	if len(pages) != 0 {
		t.Errorf("told again: %v", <-pages)
	}
	if strings.Contains(in.tania.output.String(), "B0/secret") {
		t.Error("the receiver's address is in the log")
	}
}

// bury leaves dead letters in a store.
func bury(t *testing.T, path string, n int) {
	t.Helper()
	e, err := sqlitequeue.Open(t.Context(), path, queue.Options{Debounce: -1, DebounceMax: -1})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= n && err == nil; i++ {
		key := tania.ConversationKey{Account: 1, Conversation: tania.ConversationID(i)}
		_, err = e.Push(t.Context(), tania.Message{ID: tania.MessageID(i), Key: key, Content: "hola"})
		var turn *queue.Turn
		if err == nil {
			turn, err = e.Claim(t.Context())
		}
		if err == nil {
			err = e.Bury(t.Context(), turn, errors.New("the model is gone"))
		}
	}
	if err := errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
}
