package reply

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/bot"
	"tania/internal/governor"
	"tania/internal/tania"
)

// failure is a case of one message that was not delivered, just now.
func failure(cause tania.DeliveryCause, change func(*Case)) Case {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	c := Case{
		Now: now, Age: time.Minute, Memory: tania.Conversation{Failed: []tania.FailedSend{{Message: 7}}},
		Messages: []tania.Message{{
			ID: 7, Channel: tania.ChannelWhatsApp, Status: tania.StatusPending, CanReply: true,
			Undelivered: &tania.Undelivered{
				Cause: cause, Error: "131000: what the network said", Text: "380 pesos", Sent: now.Add(-time.Minute),
			},
		}},
	}
	if change != nil {
		change(&c)
	}
	return c
}

func TestWhatFollowsFromAMessageThatWasNotDelivered(t *testing.T) {
	said := func(from tania.Author) func(*Case) {
		return func(c *Case) { c.Memory.History = []tania.Entry{{ID: 8, From: from, Text: "…"}} }
	}
	deps := Deps{Bot: bot.Default(), Governor: governor.New(governor.Options{}), MaxAge: time.Hour}
	for name, c := range map[string]struct {
		c    Case
		want func(Plan) bool
	}{
		"it passes": {failure(tania.CauseTemporary, nil), func(p Plan) bool {
			return slices.Equal(p.Parts, []string{"380 pesos"}) && slices.Equal(p.Repeats, []tania.MessageID{7}) && p.Wait == 0
		}},
		"it passes, in a while": {
			failure(tania.CauseRateLimited, func(c *Case) { c.Age = 10 * time.Second }),
			func(p Plan) bool { return p.Wait == 20*time.Second && p.Quiet() },
		},
		"it was the second try": {
			failure(tania.CauseRateLimited, func(c *Case) { c.Messages[0].Undelivered.Again = 5 }),
			handsOver(tania.HandoffNotDelivered),
		},
		"there is nothing to repeat": {
			failure(tania.CauseRateLimited, func(c *Case) { c.Messages[0].Undelivered.Text = "" }),
			func(p Plan) bool { return p.Handoff == tania.HandoffNotDelivered && len(p.Unsaid) == 0 },
		},
		"the bot was paused": {failure(tania.CauseRateLimited, func(c *Case) { c.Paused = "by ana" }), handsOver(tania.HandoffNotDelivered)},
		"blocked":            {failure(tania.CauseBlocked, nil), handsOver(tania.HandoffNotDelivered)},
		"outside the window": {failure(tania.CauseOutsideWindow, nil), handsOver(tania.HandoffOutsideWindow)},
		"nobody can reply": {
			failure(tania.CauseOutsideWindow, func(c *Case) { c.Messages[0].CanReply = false }), handsOver(tania.HandoffOutsideWindow),
		},
		"a human has it":        {failure(tania.CauseBlocked, func(c *Case) { c.Messages[0].Status = tania.StatusOpen }), isSilent},
		"a human wrote":         {failure(tania.CauseTemporary, said(tania.FromHuman)), isSilent},
		"the customer wrote":    {failure(tania.CauseTemporary, said(tania.FromCustomer)), isSilent},
		"the bot wrote":         {failure(tania.CauseBlocked, said(tania.FromBot)), handsOver(tania.HandoffNotDelivered)},
		"it was sent after all": {failure(tania.CauseBlocked, func(c *Case) { c.Memory.Failed = nil }), isSilent},
		"old": {
			failure(tania.CauseBlocked, func(c *Case) { c.Messages[0].Undelivered.Sent = c.Now.Add(-61 * time.Minute) }), isSilent,
		},
	} {
		p := Undelivered(c.c, deps)
		if !c.want(p) || p.Record.Detail == "" || !strings.Contains(p.Record.Detail, string(c.c.Messages[0].Undelivered.Cause)) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func isSilent(p Plan) bool {
	return p.Quiet() && p.Wait == 0 && p.Record.Outcome == tania.OutcomeSilent
}

func handsOver(reason tania.HandoffReason) func(Plan) bool {
	return func(p Plan) bool {
		return p.Handoff == reason && p.Record.Handoff == reason && slices.Equal(p.Unsaid, []string{"380 pesos"}) && len(p.Parts) == 0 &&
			p.HandoffDetail == "131000: what the network said"
	}
}

// Without a setting a day is old.
func TestAFailureIsOldAfterADay(t *testing.T) {
	sent := func(ago time.Duration) Case {
		return failure(tania.CauseBlocked, func(c *Case) { c.Messages[0].Undelivered.Sent = c.Now.Add(-ago) })
	}
	if p := Undelivered(sent(23*time.Hour), Deps{Bot: bot.Default()}); p.Handoff == "" {
		t.Errorf("%+v", p)
	}
	if p := Undelivered(sent(25*time.Hour), Deps{Bot: bot.Default()}); !isSilent(p) {
		t.Errorf("%+v", p)
	}
}
