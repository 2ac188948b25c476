package installation_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/tania"
)

// TestTaniasOwnSideOfTheWireUnderstandsTheSimulator lets Tania's verifier, decoder and client meet the simulator.
func TestTaniasOwnSideOfTheWireUnderstandsTheSimulator(t *testing.T) {
	verifier := chatwoot.NewVerifier("secret")
	events := make(chan *chatwoot.Event, 100)
	bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := verifier.Verify(r.Header, body, time.Now()); err != nil {
			t.Errorf("signature: %v", err)
		}
		event, err := chatwoot.Decode(body)
		if err != nil {
			t.Errorf("decode: %v", err)
		}
		events <- event
	}))
	defer bot.Close()
	sim, err := installation.New(chatwootsim.Options{Bot: chatwootsim.Bot{Token: "bot", Secret: "secret", URL: bot.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := chatwoot.NewClient(chatwoot.ClientOptions{BaseURL: server.URL, Token: "bot", Transport: transport})

	wrote, err := sim.CustomerWrites(chatwootsim.CustomerMessage{Text: "Hi <there> & all"})
	if err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Message.ID != wrote.ID || e.Message.Content != "Hi <there> & all" || e.Message.Direction != chatwoot.Incoming ||
		e.Conversation.Status != tania.StatusPending {
		t.Errorf("the customer's: %+v", e.Message)
	}
	key := tania.ConversationKey{Account: 1, Conversation: wrote.Conversation}
	ctx, done := context.WithTimeout(t.Context(), 10*time.Second)
	defer done()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	marker := &chatwoot.Marker{Turn: "T1", Part: "1"}
	must(client.SetTyping(ctx, key, true))
	said, err := client.SendMessage(ctx, key, chatwoot.OutgoingMessage{Content: "Hello", Marker: marker, InReplyTo: wrote.ID})
	must(err)
	echo := <-events
	if echo.Message.ID != said.ID || echo.Message.Sender.Kind != tania.ActorBot {
		t.Errorf("the echo: %+v", echo.Message)
	}
	if diff := cmp.Diff(marker, echo.Message.Marker); diff != "" {
		t.Errorf("marker (-want +got):\n%s", diff)
	}
	status, err := client.SetStatus(ctx, key, tania.StatusOpen)
	must(err)
	must(client.AssignTeam(ctx, key, 5))
	labels, err := client.AddLabels(ctx, key, "handoff")
	must(err)
	must(client.MergeCustomAttributes(ctx, key, map[string]any{"a": "b"}))
	must(client.MergeCustomAttributes(ctx, key, map[string]any{"c": 1.0}))
	must(client.SetPriority(ctx, key, "high"))
	seen, err := client.Conversation(ctx, key)
	must(err)
	if err := client.AssignAgent(ctx, key, 999); err == nil {
		t.Error("an unknown agent: no error")
	}
	if _, err := client.Profile(ctx); !chatwoot.IsStatus(err, http.StatusUnauthorized) {
		t.Errorf("a bot's profile: %v", err)
	}
	got, _ := sim.Conversation(key.Conversation)
	want := map[string]any{"a": "b", "c": 1.0}
	if diff := cmp.Diff(want, got.CustomAttributes); diff != "" {
		t.Errorf("custom attributes (-want +got):\n%s", diff)
	}
	if status != tania.StatusOpen || seen.Status != tania.StatusOpen || got.Team != 5 || got.Priority != "high" || len(labels) != 1 {
		t.Errorf("status %s, seen %s, team %d, priority %q, labels %v", status, seen.Status, got.Team, got.Priority, labels)
	}
}
