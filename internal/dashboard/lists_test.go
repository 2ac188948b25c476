package dashboard_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/dashboard"
	"tania/internal/privacy"
	"tania/internal/tania"
)

// Where workers are processes of their own, the page's process has decided nothing itself.
func TestLatestConversationsAreOfAllProcesses(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Account = 0 })
	record := func(account tania.AccountID, conversation tania.ConversationID, message tania.MessageID, text string) {
		t.Helper()
		key := tania.ConversationKey{Account: account, Conversation: conversation}
		at := time.Unix(1_790_000_000, 0).Add(time.Duration(message) * time.Second)
		if err := s.engine.SaveRecords(t.Context(), tania.Record{Key: key, Message: message, Content: text, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	record(3, 21, 1, "the first of 21")
	record(3, 22, 2, "the only one of 22")
	record(3, 21, 3, "the last of 21, "+strings.Repeat("long ", 40))
	resp, body := s.ask(http.DefaultClient, "GET", "/conversations", nil, nil)
	first, second := strings.Index(body, "/conversations/3/21"), strings.Index(body, "/conversations/3/22")
	if resp.StatusCode != http.StatusOK || first < 0 || second < first || strings.Contains(body, "the first of 21") ||
		strings.Contains(body, strings.Repeat("long ", 30)) {
		t.Errorf("%s, 21 at %d, 22 at %d:\n%s", resp.Status, first, second, body)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if resp, _ := s.ask(client, "GET", "/conversations?q=22", nil, nil); resp.Header.Get("Location") != "/conversations/3/22" {
		t.Errorf("the only account is not taken: %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	record(4, 21, 4, "another account")
	if resp, _ := s.ask(client, "GET", "/conversations?q=22", nil, nil); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("one of two accounts was taken: %s", resp.Status)
	}
}

func TestDecisionsAreFiltered(t *testing.T) {
	s := newIdleSite(t, nil)
	for id, r := range map[tania.ConversationID]tania.Record{
		31: {Message: 1, Content: "¿Dónde está mi envío?", Outcome: tania.OutcomeAnswered, Reason: tania.Proceed},
		32: {Message: 2, Content: "Quiero hablar con alguien", Outcome: tania.OutcomeHandedOver, Reason: tania.Proceed},
		33: {Message: 3, Content: "hola", Outcome: tania.OutcomeSilent, Reason: tania.HumanActive},
	} {
		r.Key = tania.ConversationKey{Account: 1, Conversation: id}
		r.At = time.Date(2026, 11, 20+int(r.Message), 12, 0, 0, 0, time.UTC)
		if err := s.engine.SaveRecords(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string][]int{
		"":                              {31, 32, 33},
		"words=ENVIO":                   {31},
		"outcome=silent":                {33},
		"reason=proceed":                {31, 32},
		"day=2026-11-22":                {32},
		"words=no+such+word":            {},
		"outcome=answered&words=hablar": {},
	} {
		_, body := s.ask(http.DefaultClient, "GET", "/conversations?"+query, nil, nil)
		var got []int
		for id := 31; id <= 33; id++ {
			if strings.Contains(body, fmt.Sprintf(`href="/conversations/1/%d"`, id)) {
				got = append(got, id)
			}
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
}

// TestADeadTurnIsToldInPlainWords has a turn fail on Chatwoot, and looks at what a support lead reads of it.
func TestADeadTurnIsToldInPlainWords(t *testing.T) {
	s := newIdleSite(t, func(o *dashboard.Options) { o.Chatwoot = "https://chat.example.com/" })
	key := tania.ConversationKey{Account: 1, Conversation: 77}
	message := tania.Message{ID: 9, Key: key, Content: "¿Me ayudan?", Contact: tania.Contact{ID: 2, Name: "Ana Pérez"}}
	if _, err := s.engine.Push(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	turn, err := s.engine.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Bury(t.Context(), turn,
		errors.New("worker: send part 1: chatwoot: send message: 401 Unauthorized: Invalid token")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/dead", "/dead/" + string(turn.ID)} {
		_, body := s.ask(http.DefaultClient, "GET", path, nil, http.Header{"Accept-Language": {"es"}})
		for _, want := range []string{
			"Ana Pérez", "¿Me ayudan?", "Chatwoot no acepta la clave del bot.",
			"https://chat.example.com/app/accounts/1/conversations/77",
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
}

func TestMaskHidesOnEveryPage(t *testing.T) {
	s := newSite(t, func(o *dashboard.Options) { o.Mask = true; o.Cache = newFakeCache() })
	contact := s.sim.AddContact(tania.Contact{Name: "Ana Torres", Email: "ana@example.com", Phone: "+5215512345678"})
	id := s.write(chatwootsim.CustomerMessage{Contact: contact.ID, Text: "secreto de Ana: perdí mi zafiro"})
	s.ended()
	dead := s.die("otro secreto, quiero saber de los pasteles")
	turns, err := s.engine.Dead(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	paths := append([]string{
		fmt.Sprintf("/conversations/1/%d", id), fmt.Sprintf("/conversations/1/%d", dead[0]), "/dead/" + string(turns[0].ID),
		fmt.Sprintf("/admin/conversations/1/%d", id), "/admin/dead", "/admin/dead/" + string(turns[0].ID),
	}, everyPage...)
	for _, path := range paths {
		resp, body := s.ask(http.DefaultClient, "GET", path, nil, nil)
		if resp.StatusCode != 200 {
			t.Errorf("%s: %s", path, resp.Status)
		}
		for _, secret := range []string{"secreto", "perdí", "zafiro", "Ana Torres", "ana@example.com", "+5215512345678"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	if _, body := s.ask(http.DefaultClient, "GET", paths[0], nil, nil); !strings.Contains(body, "••••") {
		t.Error("nothing is hidden")
	}
}

func TestSearchUnderstandsWhatPeopleWrite(t *testing.T) {
	s := newSite(t, nil)
	for q, want := range map[string]string{
		"1287": "/conversations/1/1287", "#1287": "/conversations/1/1287", " 1287 ": "/conversations/1/1287", "3:12": "/conversations/3/12",
		"3/12": "/conversations/3/12",
		"https://chat.example.com/app/accounts/3/inbox/4/conversations/12?x=1": "/conversations/3/12",
	} {
		if resp, _ := s.ask(http.DefaultClient, "GET", "/conversations?q="+url.QueryEscape(q), nil, nil); resp.Header.Get("Location") != want {
			t.Errorf("%q leads to %q", q, resp.Header.Get("Location"))
		}
	}
	for _, q := range []string{"hola", "-5", "3:", "3:x", "99999999999999999999", "<script>alert(1)</script>"} {
		resp, body := s.ask(http.DefaultClient, "GET", "/conversations?q="+url.QueryEscape(q), nil, nil)
		if resp.StatusCode != http.StatusUnprocessableEntity || strings.Contains(body, "<script>alert") {
			t.Errorf("%q: %s", q, resp.Status)
		}
	}
}

func TestDeadTurnsInBulk(t *testing.T) {
	s := newSite(t, nil)
	s.die("¿a qué hora abren?", "¿tienen pasteles?", "quiero un bolillo")
	dead, err := s.engine.Dead(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, body := s.ask(http.DefaultClient, "GET", "/dead/"+string(dead[0].ID), nil, nil); !strings.Contains(body, "422") ||
		!strings.Contains(body, "&#34;content&#34;") {
		t.Errorf("reason, history or payload are missing: %s", body)
	}
	post := func(form url.Values, want string) {
		t.Helper()
		resp, _ := s.ask(http.DefaultClient, "POST", "/dead", form, nil)
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("%v: %s to %q, want %q", form, resp.Status, got, want)
		}
	}
	post(url.Values{"do": {"retry"}}, "/dead?done=nothing&n=0")
	post(url.Values{"do": {"retry"}, "turn": {"none"}}, "/dead?done=gone&n=0")
	post(url.Values{"do": {"discard"}, "turn": {string(dead[0].ID)}}, "/dead?done=discarded&n=1")
	post(url.Values{"do": {"retry"}, "which": {"all"}}, "/dead?done=retried&n=2")
	if resp, _ := s.ask(http.DefaultClient, "POST", "/dead", url.Values{"do": {"eat"}}, nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown deed: %s", resp.Status)
	}
	s.ended()
	if left, err := s.engine.Dead(t.Context(), 0); err != nil || len(left) != 0 {
		t.Errorf("%d left, %v", len(left), err)
	}
	if resp, _ := s.ask(http.DefaultClient, "GET", "/dead/"+string(dead[0].ID), nil, nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a discarded turn: %s", resp.Status)
	}
}

// TestAParkedTurnShowsWhatItWaitsFor has a real engine park a turn, and looks at what an operator reads of it.
func TestAParkedTurnShowsWhatItWaitsFor(t *testing.T) {
	const why, words = "approval of a refund of 120 USD", "quiero mi reembolso"
	for name, mask := range map[string]bool{"shown": false, "masked": true} {
		t.Run(name, func(t *testing.T) {
			s := newIdleSite(t, func(o *dashboard.Options) { o.Chatwoot, o.Mask = "https://chat.example.com/", privacy.Mask(mask) })
			message := tania.Message{
				ID: 9, Key: tania.ConversationKey{Account: 1, Conversation: 78}, Content: words,
				Contact: tania.Contact{ID: 2, Name: "Ana Pérez"},
			}
			if _, err := s.engine.Push(t.Context(), message); err != nil {
				t.Fatal(err)
			}
			turn, err := s.engine.Claim(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := s.engine.Park(t.Context(), turn, time.Hour, []byte(why)); err != nil {
				t.Fatal(err)
			}
			parked, err := s.engine.ParkedTurns(t.Context(), 0)
			if err != nil || len(parked) != 1 {
				t.Fatalf("%d turns are parked, %v", len(parked), err)
			}
			s.dashboard.Sample(t.Context())
			_, now := s.ask(http.DefaultClient, "GET", "/", nil, nil)
			if !strings.Contains(now, `<dd data-testid="parked">1</dd>`) || !strings.Contains(now, `href="/parked"`) {
				t.Error("the first page does not count the turn, or does not lead to it")
			}
			_, body := s.ask(http.DefaultClient, "GET", "/parked", nil, nil)
			for _, want := range []string{
				`href="/conversations/1/78"`, "https://chat.example.com/app/accounts/1/conversations/78",
				parked[0].Since.UTC().Format("2006-01-02 15:04:05 UTC"), parked[0].Until.UTC().Format("2006-01-02 15:04:05 UTC"),
			} {
				if !strings.Contains(body, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			for _, said := range []string{why, words, "Ana Pérez"} {
				if strings.Contains(body, said) == mask {
					t.Errorf("%q is on the page: %v", said, !mask)
				}
			}
			if err := s.engine.Unpark(t.Context(), turn.ID, "Eva", []byte("yes")); err != nil {
				t.Fatal(err)
			}
			if _, body := s.ask(http.DefaultClient, "GET", "/parked", nil, nil); !strings.Contains(body, "no-parked") ||
				strings.Contains(body, "chat.example.com") {
				t.Error("a turn that somebody decided on is still listed")
			}
		})
	}
}
