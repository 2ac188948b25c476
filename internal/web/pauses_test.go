package web_test

import (
	"log/slog"
	"strings"
	"testing"

	"tania/internal/bots/pauses"
	"tania/internal/operator"
	"tania/internal/tania"
	"tania/internal/web"
)

func TestBotsArePausedThroughTheRoutes(t *testing.T) {
	s := newSite(t, func(o *web.Options) {
		o.Pauses = &pauses.Board{
			Store: o.Engine, Account: 3, Known: func(name string) bool { return name == "shop" }, Log: slog.New(slog.DiscardHandler),
		}
	})
	all := operator.RemotePauses(s.URL, "")
	if list, err := all.List(t.Context()); err != nil || len(list) != 0 {
		t.Fatal(list, err)
	}
	scope := pauses.Scope{Bot: "shop", Inbox: tania.InboxID(11)}
	for n, want := range []bool{true, false} {
		if changed, err := all.Pause(t.Context(), pauses.Pause{Scope: scope, By: "ana", Why: "a fair"}); err != nil || changed != want {
			t.Fatal(n, changed, err)
		}
	}
	list, err := all.List(t.Context())
	if err != nil || len(list) != 1 || list[0].String() != "paused, bot shop, inbox 11, by ana: a fair" || list[0].Account != 3 ||
		list[0].At.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
	for n, want := range []bool{true, false} {
		if changed, err := all.Resume(t.Context(), scope, "ana"); err != nil || changed != want {
			t.Fatal(n, changed, err)
		}
	}
	if _, err := all.Pause(t.Context(), pauses.Pause{Scope: pauses.Scope{Bot: "shpo"}}); err == nil ||
		!strings.Contains(err.Error(), "no bot of this name") {
		t.Errorf("an unknown bot is paused: %v", err)
	}
	without := newSite(t, nil)
	if got := without.do(t, "GET", "/admin/bot/pauses", nil, nil); got.status != 404 {
		t.Errorf("%d without pauses", got.status)
	}
}
