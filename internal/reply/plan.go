package reply

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tania/internal/bot"
	"tania/internal/chatwoot/channels"
	"tania/internal/chatwoot/template"
	"tania/internal/tania"
)

// Plan is what a turn is about to do, and why. Its JSON is stored in checkpoints.
type Plan struct {
	// Parts are texts fitted to the channel, sent in order as the turn's parts "1", "2", …
	Parts []string `json:"parts,omitempty"`
	// Paced reports whether the parts come one by one, as somebody types them.
	Paced bool `json:"paced,omitempty"`
	// Options are what the customer can press below the last part.
	Options []channels.Option `json:"options,omitempty"`
	// Notice is said once in a while, instead of an answer or before a wait.
	Notice tania.Notice `json:"notice,omitempty"`
	// Handoff is set when a human takes over, HandoffDetail says why in words.
	Handoff       tania.HandoffReason `json:"handoff,omitempty"`
	HandoffDetail string              `json:"handoff_detail,omitempty"`
	// Message is said instead of the handoff's own words.
	Message string `json:"message,omitempty"`
	// Unsaid is what the customer was to read and did not, for the note of the handoff.
	Unsaid []string `json:"unsaid,omitempty"`
	// Unreachable reports whether the channel takes no messages to the customer now, so that only the team is told.
	Unreachable bool `json:"unreachable,omitempty"`
	// Template is what the one part is sent as, nil for a message of its own.
	Template *template.Message `json:"template,omitempty"`
	// Repeats are the messages that the parts repeat, because they were not delivered; none where the parts are new.
	Repeats []tania.MessageID `json:"repeats,omitempty"`
	// Choices are what the customer is asked back about, in the order of their numbers.
	Choices []tania.Choice `json:"choices,omitempty"`
	// Procedure is what is remembered of the one that the customer is taken through, nil where nothing of it has changed. Resolve has the
	// conversation resolved once all was said.
	Procedure *tania.Procedure `json:"procedure,omitempty"`
	Resolve   bool             `json:"resolve,omitempty"`
	// Doubts reports whether the customer was not content with the bot's answer before.
	Doubts bool `json:"doubts,omitempty"`
	// Record is the decision record as far as it was made.
	Record tania.Record `json:"record"`

	// Wait makes the turn wait before it is worked at all; never checkpointed.
	Wait time.Duration `json:"-"`
}

// Quiet reports whether the customer will read nothing.
func (p *Plan) Quiet() bool { return len(p.Parts) == 0 && p.Handoff == "" }

// Text is what the customer reads of an answer, for the record.
func (p *Plan) Text() string {
	read := make([]string, len(p.Parts))
	for i := range p.Parts {
		read[i] = p.Part(i)
	}
	return strings.Join(read, "\n\n")
}

// Part is what the customer reads of a part, with the options below it. Options that are but the numbers of what it lists say nothing more.
func (p *Plan) Part(i int) string {
	lines := []string{p.Parts[i]}
	for n, o := range p.OptionsOf(i) {
		if number := strconv.Itoa(n + 1); o.Title != number {
			lines = append(lines, number+". "+o.Title)
		}
	}
	return strings.Join(lines, "\n")
}

// OptionsOf are the options below a part.
func (p *Plan) OptionsOf(i int) []channels.Option {
	if i != len(p.Parts)-1 {
		return nil
	}
	return p.Options
}

// Hit is the cached answer that a plan for a turn's messages gives, nil if it gives none.
func (p *Plan) Hit(messages []tania.Message) *tania.CacheHit {
	if p.Record.CacheEntry == "" || p.Record.Route != tania.RouteCached {
		return nil
	}
	return &tania.CacheHit{Entry: p.Record.CacheEntry, Question: Text(messages), At: messages[len(messages)-1].Created}
}

// Silence plans to say nothing, for the reason in the record.
func Silence(record tania.Record) Plan {
	record.Outcome, record.Handoff = tania.OutcomeSilent, ""
	return Plan{Record: record}
}

// handOver plans a handoff; detail says why in words.
func handOver(record tania.Record, reason tania.HandoffReason, detail string) Plan {
	record.Outcome, record.Handoff = tania.OutcomeHandedOver, reason
	return Plan{Handoff: reason, HandoffDetail: detail, Record: record}
}

// noted is a record with words more in its detail.
func noted(record tania.Record, words ...string) tania.Record {
	if len(words) > 0 {
		record.Detail = strings.Join(slices.DeleteFunc(append([]string{record.Detail}, words...), func(s string) bool { return s == "" }), "; ")
	}
	return record
}

// Language is the customer's: as the text tells, else as remembered, where the bot speaks it, else the bot's.
func Language(bot *bot.Bot, recognised, remembered tania.Language) tania.Language {
	spoken := func(l tania.Language) bool {
		return l != "" && (len(bot.Languages) == 0 || slices.Contains(bot.Languages, l))
	}
	candidates := []tania.Language{recognised, remembered, bot.Language}
	if i := slices.IndexFunc(candidates, spoken); i >= 0 {
		return candidates[i]
	}
	return tania.Spanish
}

// noticeText is what a customer is told by a notice.
func noticeText(b *bot.Bot, n tania.Notice, lang tania.Language) string {
	return map[tania.Notice]bot.Text{
		tania.NoticeRateLimited: b.RateLimited, tania.NoticeOutsideHours: b.OutsideHours,
		tania.NoticeAttachment: b.Attachment, tania.NoticeTooLong: b.TooLong,
	}[n].In(lang, b.Language)
}
