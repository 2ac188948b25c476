package worker_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tania/internal/bot"
	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/tania"
)

// inBubbles is a bot on WhatsApp whose replies come as short messages.
func inBubbles(s *settings) {
	s.sim.Inboxes = []chatwootsim.Inbox{{ID: 11, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true}}
	s.bot = func(b *bot.Bot) { b.Bubbles = 4 }
}

const inThree = "¡Claro!\n\nDeposita a la CLABE `012345678901234567`."

func TestAReplyComesAsBubblesAtTheirPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says(inThree), func(s *settings) {
			patiently(s)
			inBubbles(s)
			s.worker.TypingInterval = time.Minute
		})
		defer r.stop()
		c := r.write(0, questions(1))
		r.idle(time.Hour)
		r.wantSaid(c, "¡Claro!", "Deposita a la CLABE `012345678901234567`.", "012345678901234567")
		said := r.sim.BotMessages(c)
		for i, want := range []time.Duration{1025 * time.Millisecond, 600 * time.Millisecond} {
			if pause := said[i+1].Created.Sub(said[i].Created); pause < want || pause > want+time.Second {
				t.Errorf("a pause of %s before %q; want %s", pause, said[i+1].Content, want)
			}
		}
		dots := 0
		for _, call := range r.sim.Calls() {
			if strings.Contains(call.Path, "toggle_typing_status") && strings.Contains(string(call.Body), `"on"`) {
				dots++
			}
		}
		if dots != 3 {
			t.Errorf("the dots came on %d times; want once before each message", dots)
		}
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered || len(d.Replies) != 3 {
			t.Errorf("record %+v", d)
		}
	})
}

// A human who steps in between two bubbles is not talked over.
func TestAHumanWhoStepsInBetweenTwoBubblesIsNotTalkedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, says(inThree), func(s *settings) {
			patiently(s)
			inBubbles(s)
		})
		defer r.stop()
		c := r.write(0, questions(1))
		r.until("the first", func() bool { return len(r.said(c)) == 1 })
		if _, err := r.sim.AgentReplies(c, 7, "Yo le atiendo.", chatwootsim.ViaAPI); err != nil {
			t.Fatal(err)
		}
		r.idle(time.Hour)
		r.wantSaid(c, "¡Claro!")
		if d := r.record(c); d.Outcome != tania.OutcomeAnswered || d.Reply != "¡Claro!" || !strings.Contains(d.Detail, "1 of 3") ||
			!strings.Contains(d.Detail, string(tania.HumanActive)) {
			t.Errorf("record %+v; want what was said, and why no more", d)
		}
	})
}

// TestACrashAnywhereOfAReplyInBubblesIsFinishedByAnother strikes as in a reply that comes at once.
func TestACrashAnywhereOfAReplyInBubblesIsFinishedByAnother(t *testing.T) {
	for _, name := range []string{"echo and look", "list, no echo"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newStage(t, worlds[name], 3, false, inBubbles).everywhere() })
		})
	}
}
