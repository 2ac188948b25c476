package installation

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
	"tania/internal/tania"
)

func TestAWebhookIsSignedOverItsEscapedBytes(t *testing.T) {
	s := newShop(t, nil)
	s.writes("a <b> & c\u2028d")
	s.settle()
	h := s.bot.all()[0]
	at := strconv.FormatInt(s.clock().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "." + string(h.body)))
	want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	if got := h.header.Get("X-Chatwoot-Signature"); got != want || h.header.Get("X-Chatwoot-Timestamp") != at {
		t.Errorf("signature %s, want %s", got, want)
	}
	if want := `"content":"a \u003cb\u003e \u0026 c\u2028d"`; !bytes.Contains(h.body, []byte(want)) {
		t.Errorf("body lacks %s", want)
	}
}

func TestOlderVersionsDoNotSignBotsWebhooks(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) { o.Version = "4.12.0" })
	s.writes("line one\n<two>")
	s.must(s.SetStatus(1, 7, tania.StatusOpen, time.Time{}))
	s.settle()
	h := s.bot.all()[0]
	if h.header.Get("X-Chatwoot-Signature") != "" || h.header.Get("X-Chatwoot-Delivery") != "" {
		t.Errorf("signed: %v", h.header)
	}
	if got := h.event["content"]; got != "<p>line one<br />\n&lt;two&gt;</p>\n" {
		t.Errorf("content %q", got)
	}
	for _, e := range s.bot.events() {
		if e == "conversation_updated" || e == "conversation_status_changed" {
			t.Errorf("%s came before 4.13", e)
		}
	}
}

func TestOnly429And500AreTriedAgain(t *testing.T) {
	for status, want := range map[int]int{
		200: 1, 201: 1, 400: 1, 401: 1, 404: 1, 502: 1, 503: 1, 504: 1, 429: 3, 500: 3,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			s := newShop(t, nil)
			s.bot.answer = func(int, hook) int { return status }
			id := s.writes("Hi").Conversation
			s.settle()
			d := s.Deliveries()[0]
			if len(d.Attempts) != want || d.OK != (status < 300) || !d.Done {
				t.Errorf("%d attempts, ok %v, done %v; want %d", len(d.Attempts), d.OK, d.Done, want)
			}
			ids := map[string]bool{}
			for _, h := range s.bot.all() {
				if h.event["event"] == "message_created" {
					ids[h.header.Get("X-Chatwoot-Delivery")] = true
				}
			}
			if len(ids) != 1 {
				t.Errorf("delivery ids differ between attempts: %v", ids)
			}
			// What a bot does not take goes to humans, with a note of the system.
			open, noted := s.status(id) == tania.StatusOpen,
				s.Messages(id)[len(s.Messages(id))-1].Content == "Conversation was marked open by system due to an error with the agent bot."
			if failed := status >= 300; open != failed || noted != failed {
				t.Errorf("open %v, noted %v; want %v", open, noted, failed)
			}
		})
	}
}

func TestARetryThatSucceedsLeavesTheConversationToTheBot(t *testing.T) {
	s := newShop(t, nil)
	s.bot.answer = func(n int, _ hook) int { return []int{500, 429, 200}[min(n, 2)] }
	id := s.writes("Hi").Conversation
	s.settle()
	if d := s.Deliveries()[0]; len(d.Attempts) != 3 || !d.OK || s.status(id) != tania.StatusPending {
		t.Errorf("%d attempts, ok %v, %s", len(d.Attempts), d.OK, s.status(id))
	}
}

func TestATimeoutIsFinal(t *testing.T) {
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer slow.Close()
	defer close(release)
	s := newShop(t, func(o *chatwootsim.Options) { o.Bot.URL, o.WebhookTimeout = slow.URL, 20*time.Millisecond })
	id := s.writes("Hi").Conversation
	s.await(func() bool { d := s.Deliveries(); return d[0].Done })
	d := s.Deliveries()[0]
	if len(d.Attempts) != 1 || d.Attempts[0].Error == "" || s.status(id) != tania.StatusOpen {
		t.Errorf("%+v, conversation %s", d.Attempts, s.status(id))
	}
}

func TestAnAccountsWebhookIsNeverTriedAgain(t *testing.T) {
	failing := newReceiver(t, func(int, hook) int { return 500 })
	s := newShop(t, func(o *chatwootsim.Options) { o.Hooks = []chatwootsim.Hook{{URL: failing.URL}} })
	id := s.writes("Hi").Conversation
	s.settle()
	if got := len(failing.all()); got != 2 || s.status(id) != tania.StatusPending {
		t.Errorf("%d requests for two events, conversation %s", got, s.status(id))
	}
}

func TestOneConversationsWebhooksGoOneAfterTheOtherAndOthersDoNotWait(t *testing.T) {
	hold, inside := make(chan struct{}), make(chan string, 10)
	s := newShop(t, nil)
	s.bot.answer = func(_ int, h hook) int {
		inside <- rails.Text(h.event["content"])
		if h.event["content"] == "first" {
			<-hold
		}
		return 200
	}
	one := s.writes("first").Conversation
	if got := <-inside; got != "first" {
		t.Fatal(got)
	}
	s.writes("second", one)
	s.writes("other")
	if got := <-inside; got != "other" {
		t.Errorf("%q came while the first was held", got)
	}
	close(hold)
	s.settle()
	if diff := cmp.Diff([]string{"message_created first", "message_created other", "message_created second"}, s.bot.events()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	s := newShop(t, func(o *chatwootsim.Options) { o.RetryInterval = time.Hour })
	s.bot.answer = func(int, hook) int { return 500 }
	s.writes("Hi")
	s.await(func() bool { return len(s.Deliveries()[0].Attempts) == 1 })
	s.Close()
	if err := s.WaitFor(t.Context(), func() bool { return false }); err == nil {
		t.Error("WaitFor on a closed server: no error")
	}
}
