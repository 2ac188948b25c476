package main

import (
	"tania/internal/config"
	"tania/internal/governor"
	"tania/internal/tania"
)

// newGovernor maps the settings to the rules. me is the user behind the token, 0 for a bot's.
func newGovernor(c *config.Config, me tania.UserID) *governor.Governor {
	s := c.Governor
	o := governor.Options{
		Account: c.Chatwoot.Account, Inboxes: s.Inboxes, Blocklist: s.Blocklist, Blocked: s.Blocked,
		ReplyStatuses: s.ReplyStatuses, BotLabel: c.Handoff.ReturnLabel, BotUser: me,
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
