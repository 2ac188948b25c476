// Package privacy hides what customers wrote and who they are from those who look after the machine (PRIVACY_MASK).
// Ids, times, decisions and numbers stay: they are what operation needs.
package privacy

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tania/internal/queue"
	"tania/internal/tania"
)

// Mask hides when it is true; false changes nothing.
type Mask bool

// hidden stands for what is not shown.
const hidden = "••••"

// Content hides a text but for its length in characters.
func (m Mask) Content(s string) string {
	if !bool(m) || s == "" {
		return s
	}
	return hidden + " (" + strconv.Itoa(utf8.RuneCountInString(s)) + ")"
}

// Name hides a name, a phone or an address.
func (m Mask) Name(s string) string {
	if !bool(m) || s == "" {
		return s
	}
	return hidden
}

var (
	// personal finds what errors and reasons may quote: e-mails, phones, and whatever stands in quotation marks.
	personal = regexp.MustCompile(`[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|\+?\d[\d\s().-]{6,}\d|"(?:[^"\\]|\\.)*"|“[^”]*”|«[^»]*»|\x60[^\x60]*\x60`)
	// answered cuts an answer that a server gave, which may repeat what it was sent.
	answered = regexp.MustCompile(`(?s)([{\[<]).*`)
)

// Technical hides what an error or a reason quotes of a customer, and keeps the rest.
func (m Mask) Technical(s string) string {
	if !bool(m) || s == "" {
		return s
	}
	return answered.ReplaceAllString(personal.ReplaceAllString(s, hidden), "$1"+hidden)
}

// Why keeps the rule of a route and hides the customer's words behind it.
func (m Mask) Why(s string) string {
	if rule, words, ok := strings.Cut(s, ": "); ok && bool(m) {
		return rule + ": " + m.Name(words)
	}
	return m.Name(s)
}

// Contact hides all but the id.
func (m Mask) Contact(c tania.Contact) tania.Contact {
	c.Name, c.Email, c.Phone, c.Identifier = m.Name(c.Name), m.Name(c.Email), m.Name(c.Phone), m.Name(c.Identifier)
	return c
}

// Conversation hides what was said and by whom. What is shared with the given one is not changed.
func (m Mask) Conversation(c tania.Conversation) tania.Conversation {
	if !bool(m) {
		return c
	}
	c.Contact = m.Contact(c.Contact)
	if c.LastHit != nil {
		h := *c.LastHit
		h.Question = m.Content(h.Question)
		c.LastHit = &h
	}
	if c.Takeover != nil {
		t := *c.Takeover
		t.Name = m.Name(t.Name)
		c.Takeover = &t
	}
	if c.HandedOver != nil {
		h := *c.HandedOver
		h.Summary = m.Content(h.Summary)
		c.HandedOver = &h
	}
	if c.Trouble != nil {
		t := *c.Trouble
		t.Cause = m.Technical(t.Cause)
		c.Trouble = &t
	}
	c.Acts, c.Procedure = m.acts(c.Acts), m.procedure(c.Procedure)
	if c.Approval != nil {
		a := *c.Approval
		a.Arguments, a.Ruling = m.json(a.Arguments), m.ruling(a.Ruling)
		c.Approval = &a
	}
	asked := make([]tania.AskedBack, len(c.AskedBack))
	for i, a := range c.AskedBack {
		a.Question = m.Content(a.Question)
		asked[i] = a
	}
	c.AskedBack = asked
	history := make([]tania.Entry, len(c.History))
	for i, e := range c.History {
		e.Name, e.Text = m.Name(e.Name), m.Content(e.Text)
		history[i] = e
	}
	c.History, c.Left = history, m.Recollections(c.Left)
	return c
}

// Recollections hides what was said in each.
func (m Mask) Recollections(list []tania.Recollection) []tania.Recollection {
	masked := make([]tania.Recollection, len(list))
	for i, r := range list {
		r.Text = m.Content(r.Text)
		masked[i] = r
	}
	return masked
}

// procedure hides what was filled in.
func (m Mask) procedure(p *tania.Procedure) *tania.Procedure {
	if p == nil {
		return nil
	}
	masked := p.Clone()
	for i := range masked.Slots {
		f := &masked.Slots[i]
		f.Value, f.Shown = nil, m.Content(f.Shown)
	}
	for name, came := range masked.Results {
		came.Result = m.json(came.Result)
		masked.Results[name] = came
	}
	return &masked
}

// acts hides what tools were called with and what they gave, which is mostly a customer's.
func (m Mask) acts(list []tania.Act) []tania.Act {
	masked := slices.Clone(list)
	for i := range masked {
		masked[i].Arguments, masked[i].Result = m.json(masked[i].Arguments), m.json(masked[i].Result)
		masked[i].Ruling = m.ruling(masked[i].Ruling)
	}
	return masked
}

// ruling hides why somebody decided so.
func (m Mask) ruling(r *tania.Ruling) *tania.Ruling {
	if r == nil || r.Verdict == tania.ApprovalWithdrawn {
		return r
	}
	hidden := *r
	hidden.Reason = m.Content(r.Reason)
	return &hidden
}

func (m Mask) json(v json.RawMessage) json.RawMessage {
	if len(v) == 0 {
		return v
	}
	hidden, err := json.Marshal(m.Content(string(v)))
	if err != nil {
		return nil
	}
	return hidden
}

// Record hides what was said.
func (m Mask) Record(r tania.Record) tania.Record {
	if !bool(m) {
		return r
	}
	r.Content, r.Reply, r.RouteWhy = m.Content(r.Content), m.Content(r.Reply), m.Why(r.RouteWhy)
	if r.Read != nil {
		r.Read = m.attachments(r.Read)
	}
	r.Detail, r.Error = m.Technical(r.Detail), m.Technical(r.Error)
	r.Acts = m.acts(r.Acts)
	unchecked := make([]string, len(r.Unchecked))
	for i, s := range r.Unchecked {
		unchecked[i] = m.Technical(s)
	}
	r.Unchecked = unchecked
	for _, rated := range []**tania.Rating{&r.Review.Rated, &r.Review.Wanted} {
		if *rated != nil {
			hidden := **rated
			hidden.Reason, hidden.Name = m.Content(hidden.Reason), m.Name(hidden.Name)
			*rated = &hidden
		}
	}
	return r
}

// Records hides in each.
func (m Mask) Records(list []tania.Record) []tania.Record {
	masked := make([]tania.Record, len(list))
	for i, r := range list {
		masked[i] = m.Record(r)
	}
	return masked
}

// Dead hides what was said in a dead letter. The checkpoint is a reply, the journal and what the turn was parked for
// hold what customers asked for: they are left out, but for times, who decided, and which calls are settled.
func (m Mask) Dead(d queue.DeadTurn) queue.DeadTurn {
	if !bool(m) {
		return d
	}
	history := make([]queue.Failure, len(d.History))
	for i, f := range d.History {
		f.Error = m.Technical(f.Error)
		history[i] = f
	}
	calls := make([]queue.Call, len(d.Calls))
	for i, c := range d.Calls {
		calls[i] = queue.Call{Number: c.Number, Settled: c.Settled}
	}
	d.Messages, d.History, d.Error, d.Checkpoint, d.Calls = m.messages(d.Messages), history, m.Technical(d.Error), nil, calls
	if d.Parked != nil {
		d.Parked = &queue.Parked{Since: d.Parked.Since, Until: d.Parked.Until, Decided: d.Parked.Decided, By: d.Parked.By}
	}
	return d
}

// Parked hides what was said in a turn that waits. What it waits for may quote the customer.
func (m Mask) Parked(p queue.ParkedTurn) queue.ParkedTurn {
	if !bool(m) {
		return p
	}
	p.Messages, p.Why, p.Decision = m.messages(p.Messages), []byte(m.Content(string(p.Why))), nil
	return p
}

func (m Mask) attachments(all []tania.Attachment) []tania.Attachment {
	masked := make([]tania.Attachment, len(all))
	for i, a := range all {
		masked[i] = tania.Attachment{Type: a.Type, URL: m.Name(a.URL), Transcript: m.Content(a.Transcript), Text: m.Content(a.Text), Own: a.Own}
	}
	return masked
}

func (m Mask) messages(all []tania.Message) []tania.Message {
	masked := make([]tania.Message, len(all))
	for i, x := range all {
		x.Content, x.Contact, x.Address = m.Content(x.Content), m.Contact(x.Contact), m.Name(x.Address)
		x.Attachments = m.attachments(x.Attachments)
		known := make([]tania.Attribute, len(x.Attributes))
		for j, a := range x.Attributes {
			known[j] = tania.Attribute{Name: a.Name, Value: m.Name(a.Value)}
		}
		x.Attributes = known
		masked[i] = x
	}
	return masked
}
