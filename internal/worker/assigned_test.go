package worker_test

import (
	"testing"

	"tania/internal/bot"
)

// TestALabelThatWasPutOnBeforeTheTurnChoosesItsBot, also when it came after the message: what is remembered of the conversation counts.
func TestALabelThatWasPutOnBeforeTheTurnChoosesItsBot(t *testing.T) {
	r := newRig(t, says("no model is asked"), nil)
	greets := func(text string) *bot.Bot {
		b := bot.Default()
		b.Greeting = bot.Text{bot.AnyLanguage: text}
		return b
	}
	vip := r.made(greets("vip"), 1)
	vip.Name, vip.When.Labels = "vip", []string{"vip"}
	r.options.Bots.Publish(r.made(greets("main"), 1), vip)
	if _, err := r.engine.Pause(t.Context(), "the test"); err != nil {
		t.Fatal(err)
	}
	c := r.write(0, "Hola")
	r.until("the message's webhook", r.sim.Settled)
	if err := r.sim.SetLabels(c, []string{"vip"}); err != nil {
		t.Fatal(err)
	}
	r.until("the label's webhook", r.sim.Settled)
	if _, err := r.engine.Resume(t.Context(), "the test"); err != nil {
		t.Fatal(err)
	}
	r.until("a greeting", func() bool { return len(r.said(c)) == 1 })
	r.ended()
	r.wantSaid(c, "vip")
	if d := r.record(c); d.Bot != "vip" {
		t.Errorf("the record names %q", d.Bot)
	}
}
