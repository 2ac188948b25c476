package assembly

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"tania/internal/config"
	"tania/internal/governor"
	"tania/internal/queue"
	"tania/internal/tania"
)

// newSelf is the agent bot that Tania is, as far as an earlier process has learnt it: the id is in the name of a counter, with a
// print of the token that it was learnt with, for another token is another bot's.
func newSelf(ctx context.Context, c *config.Config, engine queue.Memory, log *slog.Logger) *governor.Self {
	token := sha256.Sum256([]byte(c.Chatwoot.Token.Reveal()))
	prefix := fmt.Sprintf("agent_bot/%x/", token[:8])
	self := &governor.Self{}
	ctx, done := context.WithTimeout(ctx, 2*time.Second)
	defer done()
	counters, err := engine.Counters(ctx)
	if err != nil {
		log.Warn("this agent bot's identity could not be read and is learnt again", "error", err)
	}
	for name := range counters {
		if id, found := strings.CutPrefix(name, prefix); found {
			n, _ := strconv.ParseInt(id, 10, 64)
			self.Learn(n)
		}
	}
	self.Learnt = func(id int64) {
		// Not within the change of a conversation that it may be learnt from: the store would wait for itself.
		go func() {
			ctx, done := context.WithTimeout(context.Background(), 5*time.Second)
			defer done()
			if err := engine.Count(ctx, map[string]int64{prefix + strconv.FormatInt(id, 10): 1}); err != nil {
				log.Warn("this agent bot's identity was not stored", "bot", id, "error", err)
			}
		}()
	}
	return self
}

// newGovernor maps the settings to the rules. me is the user behind the token, 0 for a bot's.
func newGovernor(c *config.Config, me tania.UserID, self *governor.Self) *governor.Governor {
	s := c.Governor
	o := governor.Options{
		Account: c.Chatwoot.Account, Inboxes: s.Inboxes, Blocklist: s.Blocklist, Blocked: s.Blocked,
		Groups: s.Groups, OptOut: s.OptOut, LoopReplies: s.LoopReplies,
		ReplyStatuses: s.ReplyStatuses, BotLabel: c.Handoff.ReturnLabel, BotUser: me, Self: self,
	}
	if s.HumanGating {
		o.HumanTimeout = s.HumanTimeout
	}
	if s.RateLimit {
		o.MaxPerMinute = s.MessagesPerMinute
	}
	if s.MaxLength {
		o.MaxChars = s.MaxChars
	}
	if s.ServiceHours {
		o.Hours = &governor.ServiceHours{Location: s.Hours.Location, Start: s.Hours.Start, End: s.Hours.End, Days: s.Hours.Days}
		for _, h := range s.Hours.Holidays {
			o.Hours.Holidays = append(o.Hours.Holidays, governor.Holiday(h))
		}
	}
	return governor.New(o)
}

// Gate is the governor of a program that only lets messages in, an import for example: its rules need nothing but the message.
func Gate(c *config.Config) *governor.Governor { return newGovernor(c, 0, nil) }
