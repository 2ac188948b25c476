package pages

import (
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"tania/internal/dashboard/element"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// Trial is what the bot would do with a text.
type Trial struct {
	// Conversation is the one that the text was taken to be written into, 0: a new one. Inbox is where, Before counts the messages before it.
	Conversation tania.ConversationID
	Inbox        tania.InboxID
	Before       int
	// Bot is the assigned bot that answered, empty for the main one.
	Bot string

	Outcome tania.Outcome
	// Reason is the governor's, Detail is it in words; Unchecked names rules that could not be checked.
	Reason    tania.Reason
	Detail    string
	Unchecked []string
	// Wait is how long the turn would wait before it is worked.
	Wait     time.Duration
	Language tania.Language
	Route    tania.Route
	RouteWhy string
	// Handoff is why a human would take over, HandoffWhy it in words.
	Handoff    tania.HandoffReason
	HandoffWhy string
	// Answer is what the customer would read.
	Answer string
	// CacheTier and CacheEntry say which entry of the cache answered, CacheWhy why it was not asked or would not keep the answer.
	CacheTier, CacheEntry, CacheWhy string
	CacheScore                      float64
	Sources                         []string
	Usage                           tania.Usage
	Steps                           []tania.Step
	Acts                            []tania.Act
	// Error is why there is no answer.
	Error string
}

// Millis is the time of all steps.
func (x Trial) Millis() (sum float64) {
	for _, s := range x.Steps {
		sum += s.Millis
	}
	return sum
}

// Tried is what a trial gave, or why it did not run; it is also sent by itself, to be put into the page.
func (v Bot) Tried(t *texts.Texts) g.Node {
	var nodes g.Group
	if v.Problem != "" {
		nodes = append(nodes, element.Banner("bad", h.Role("alert"), t.Say(v.Problem)))
	}
	if v.Trial != nil {
		nodes = append(nodes, v.Trial.node(t))
	}
	return nodes
}

func (x Trial) node(t *texts.Texts) g.Node {
	return h.Div(
		h.Class("decision"), element.TestID("trial"),
		h.P(x.verdict(t)),
		g.If(x.Answer != "", h.BlockQuote(h.Class("text"), element.TestID("trial-answer"), g.Text(x.Answer))),
		h.Dl(
			h.Class("why"),
			element.Entry(t.Text("try.route"), element.TestID("trial-route"), g.Text(t.Term("route", x.Route)+" "), h.Code(g.Text(string(x.Route)))),
			element.Given(t.Text("try.bot"), x.Bot),
			element.Given(t.Text("decision.rule"), x.RouteWhy),
			element.Given(t.Text("conversation.language"), string(x.Language)),
			element.Entry(t.Text("try.governor"), element.TestID("trial-governor"), g.Text(t.Term("reason", x.Reason))),
			element.Given(t.Text("decision.detail"), x.Detail),
			g.If(x.Wait > 0, element.Entry(t.Text("try.waits"), g.Text(t.Millis(float64(x.Wait.Milliseconds()))))),
			g.If(len(x.Unchecked) > 0, element.Entry(t.Text("decision.unchecked"), g.Text(strings.Join(x.Unchecked, " ")))),
			element.Entry(t.Text("try.history"), element.TestID("trial-history"), x.before(t)),
			g.If(x.CacheTier != "" || x.CacheWhy != "", element.Entry(t.Text("decision.cache"), element.TestID("trial-cache"), x.fromCache(t))),
			g.If(len(x.Sources) > 0, element.Entry(t.Text("decision.sources"), element.TestID("trial-sources"), element.Sources(x.Sources))),
			g.If(len(x.Acts) > 0, element.Entry(t.Text("decision.acts"), acted(t, x.Acts))),
			element.Entry(t.Text("try.cost"), element.TestID("trial-cost"), x.cost(t)),
			element.Entry(t.Text("decision.steps"), element.TestID("trial-ms"), x.times(t)),
		),
	)
}

func (x Trial) verdict(t *texts.Texts) g.Node {
	switch {
	case x.Error != "":
		return g.Group{element.Badge("failed", t.Text("outcome.failed")), g.Text(" "), h.Span(h.Class("mono"), g.Text(x.Error))}
	case x.Handoff != "":
		why := t.Term("handoff", x.Handoff)
		if x.HandoffWhy != "" {
			why += ": " + x.HandoffWhy
		}
		return g.Group{element.Outcome(t, tania.OutcomeHandedOver), g.Text(" " + why)}
	case x.Reason != tania.Proceed || x.Route == "":
		return g.Group{element.Outcome(t, x.Outcome), g.Text(" " + t.Term("reason", x.Reason))}
	}
	return g.Group{element.Outcome(t, x.Outcome), g.Text(" " + t.Term("route_why", x.Route))}
}

// before says what the text was taken to follow.
func (x Trial) before(t *texts.Texts) g.Node {
	where := t.Text("try.new")
	if x.Conversation != 0 {
		where = t.Text("try.before", x.Before, int64(x.Conversation))
	}
	if x.Inbox != 0 {
		where += " · " + t.Text("conversation.inbox") + " " + strconv.FormatInt(int64(x.Inbox), 10)
	}
	return g.Text(where)
}

// fromCache is the entry that answered, or why none did.
func (x Trial) fromCache(t *texts.Texts) g.Node {
	if x.CacheTier == "" {
		return g.Group{t.Say("try.not_cached"), g.Text(" "), h.Code(g.Text(x.CacheWhy))}
	}
	return g.Group{g.Text(x.CacheTier + " "), h.Code(g.Text(x.CacheEntry)), g.If(x.CacheScore != 0, g.Text(" "+t.Short(x.CacheScore)))}
}

func (x Trial) cost(t *texts.Texts) g.Node {
	if x.Usage.Calls == 0 {
		return t.Say("try.free")
	}
	return element.Usage(t, x.Usage)
}

func (x Trial) times(t *texts.Texts) g.Node {
	var steps string
	for _, s := range x.Steps {
		steps += t.Term("step", s.Name) + " " + t.Millis(s.Millis) + " · "
	}
	return g.Group{g.Text(steps), h.B(g.Text(t.Millis(x.Millis())))}
}
