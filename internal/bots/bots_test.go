package bots_test

import (
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/governor"
	"tania/internal/tania"
)

func named(name string, w bot.When) *bots.Runtime { return &bots.Runtime{Name: name, When: w} }

func TestTheFirstBotThatFitsAnswers(t *testing.T) {
	main := &bots.Runtime{Governor: governor.New(governor.Options{Account: 3})}
	r := bots.NewRegistry(
		main,
		named("vip", bot.When{Labels: []string{"vip", "gold"}}),
		named("phone", bot.When{Inboxes: []tania.InboxID{11}, Channels: []tania.Channel{tania.ChannelSMS}}),
		named("shop", bot.When{Inboxes: []tania.InboxID{11}}),
		named("other", bot.When{Account: 5}),
	)
	for _, c := range []struct {
		place bots.Place
		want  string
	}{
		{bots.Place{Account: 3, Inbox: 11, Channel: tania.ChannelSMS, Labels: []string{"x", "gold"}}, "vip"},
		{bots.Place{Account: 3, Inbox: 11, Channel: tania.ChannelSMS}, "phone"},
		{bots.Place{Account: 3, Inbox: 11}, "shop"},
		{bots.Place{Account: 3, Inbox: 12, Labels: []string{"x"}}, "main"},
		{bots.Place{Account: 5, Inbox: 11, Labels: []string{"vip"}}, "other"},
		{bots.Place{Account: 9, Inbox: 11}, "main"},
		{bots.Place{}, "main"},
	} {
		if got := r.For(c.place).Called(); got != c.want {
			t.Errorf("%+v is answered by %s, want %s", c.place, got, c.want)
		}
	}
	if !r.ByLabels() || r.Named("shop").Name != "shop" || r.Named("main") != main || r.Named("none") != nil || len(r.All()) != 5 {
		t.Error("the registry does not know its bots")
	}
	r.Publish(main, named("shop", bot.When{Inboxes: []tania.InboxID{11}}))
	if r.ByLabels() || r.For(bots.Place{Account: 3, Labels: []string{"vip"}}) != main {
		t.Error("a bot answers that was replaced")
	}
}

// TestLabelsAreThoseKnownLast: of the message's webhook, or of one that came after it.
func TestLabelsAreThoseKnownLast(t *testing.T) {
	at := time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC)
	m := tania.Message{Labels: []string{"old"}, Created: at}
	for since, want := range map[time.Duration]string{-time.Second: "old", 0: "new", time.Second: "new"} {
		c := tania.Conversation{Labels: []string{"new"}, SeenAt: at.Add(since)}
		if got := bots.PlaceOf(&m).Now(&m, &c).Labels[0]; got != want {
			t.Errorf("%s after the message: %s, want %s", since, got, want)
		}
	}
	if got := bots.PlaceOf(&m).Now(&m, &tania.Conversation{}).Labels; len(got) != 1 {
		t.Errorf("nothing is known, and the message's labels are %v", got)
	}
}
