// Package guardeval measures the checks of package guard on labelled replies, and makes such replies by rule.
package guardeval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tania/internal/guard"
	"tania/internal/guard/promise"
	"tania/internal/tania"
)

// OK is the label of a reply that may be sent.
const OK = "ok"

// Sample is a labelled reply.
type Sample struct {
	Reply        string   `json:"reply"`
	Sources      []Source `json:"sources"`
	Conversation []Turn   `json:"conversation"`
	Language     string   `json:"language"`
	Expect       string   `json:"expect"`
	Forbidden    []string `json:"forbidden,omitempty"`
	Note         string   `json:"note,omitempty"`
	HandsOver    bool     `json:"hands_over,omitempty"`
}

// Source is what a reply rests on: a text, or an object with one.
type Source struct {
	Text   string
	Result bool
}

// UnmarshalJSON reads a text; an object with a text, its title before it; and any other value as what a tool gave.
func (s *Source) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &s.Text) == nil {
		return nil
	}
	var o struct {
		Title, Text, Content, Answer, Body, Passage string
		Tool, Name, Type                            string
		Result                                      json.RawMessage
	}
	if err := json.Unmarshal(data, &o); err != nil {
		o.Text = ""
	}
	s.Result = o.Tool != "" || o.Type == "tool"
	for _, text := range []string{o.Text, o.Content, o.Answer, o.Body, o.Passage} {
		if text != "" {
			s.Text = strings.TrimSpace(o.Title + "\n" + text)
			return nil
		}
	}
	s.Text, s.Result = string(data), true
	return nil
}

// MarshalJSON writes the text.
func (s Source) MarshalJSON() ([]byte, error) { return json.Marshal(s.Text) }

// Turn is a message of a conversation: a text, or an object that says who wrote it.
type Turn struct {
	From tania.Author
	Text string
}

// UnmarshalJSON reads "Customer: …", and objects with from, role or author, and text or content.
func (t *Turn) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.Text) == nil {
		if who, rest, ok := strings.Cut(t.Text, ":"); ok && len(who) < 16 {
			if from, known := author(who); known {
				t.From, t.Text = from, strings.TrimSpace(rest)
				return nil
			}
		}
		t.From = tania.FromCustomer
		return nil
	}
	var o struct{ From, Role, Author, Sender, Text, Content, Message string }
	if err := json.Unmarshal(data, &o); err != nil {
		return err
	}
	t.From, _ = author(firstOf(o.From, o.Role, o.Author, o.Sender))
	t.Text = firstOf(o.Text, o.Content, o.Message)
	return nil
}

// MarshalJSON writes who wrote what.
func (t Turn) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"from": string(t.From), "text": t.Text})
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// author tells who wrote a message by a word for them; a customer where the word is not known.
func author(who string) (from tania.Author, known bool) {
	switch strings.ToLower(strings.TrimSpace(who)) {
	case "bot", "assistant", "asistente", "assistente", "ai", "tania":
		return tania.FromBot, true
	case "human", "agent", "agente", "colleague", "atendente":
		return tania.FromHuman, true
	case "customer", "cliente", "user", "usuario", "contact", "client":
		return tania.FromCustomer, true
	}
	return tania.FromCustomer, false
}

// Score is what was found of the replies with a label.
type Score struct {
	// N counts the replies with the label, Held those that would not have been sent, Named those for which the label was among the reasons.
	N     int `json:"n"`
	Held  int `json:"held"`
	Named int `json:"named"`
	// Recall is Held by N.
	Recall float64 `json:"recall"`
	// FalseAlarms counts the replies that may be sent and that were held for this reason; FalseRate is by all that may be sent.
	FalseAlarms int     `json:"false_alarms"`
	FalseRate   float64 `json:"false_rate"`
}

// Report is what an evaluation gives.
type Report struct {
	Replies int `json:"replies"`
	OK      int `json:"ok"`
	// Held counts the replies that may be sent and were held, for whatever reason.
	Held      int               `json:"false_alarms"`
	FalseRate float64           `json:"false_rate"`
	Kinds     map[string]*Score `json:"kinds"`
	// Micros is how long a check takes in the middle, and of one reply in a hundred longer than Slowest, in microseconds.
	Micros  float64 `json:"median_us"`
	Slowest float64 `json:"p99_us"`
	Misses  []Miss  `json:"misses,omitempty"`
}

// Miss is a reply that was judged otherwise than it is labelled.
type Miss struct {
	Line     int      `json:"line"`
	Expect   string   `json:"expect"`
	Found    []string `json:"found,omitempty"`
	Reply    string   `json:"reply"`
	Language string   `json:"language"`
}

// Evaluate checks the replies of a file of JSON lines. Errors name the line.
func Evaluate(r io.Reader) (Report, error) {
	report := Report{Kinds: map[string]*Score{}}
	var took []time.Duration
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var s Sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return Report{}, fmt.Errorf("guardeval: line %d: %w", n, err)
		}
		if s.Expect == "" {
			return Report{}, fmt.Errorf("guardeval: line %d: expect is missing", n)
		}
		reply := s.reply()
		began := time.Now()
		findings := guard.Check(reply)
		took = append(took, time.Since(began))
		report.take(n, s, findings)
	}
	report.sum(took)
	return report, lines.Err()
}

// reply is the sample as it is checked.
func (s Sample) reply() guard.Reply {
	r := guard.Reply{
		Text: s.Reply, Language: tania.Language(strings.ToLower(s.Language)), Forbidden: s.Forbidden,
	}
	if s.HandsOver {
		r.Handover = promise.Made
	}
	for _, source := range s.Sources {
		if source.Result {
			r.Sources = append(r.Sources, guard.NewResult(source.Text))
		} else {
			r.Sources = append(r.Sources, guard.NewSource(source.Text))
		}
	}
	for _, t := range s.Conversation {
		r.Conversation = append(r.Conversation, guard.Said(t))
	}
	return r
}

func (r *Report) kind(name string) *Score {
	if r.Kinds[name] == nil {
		r.Kinds[name] = &Score{}
	}
	return r.Kinds[name]
}

func (r *Report) take(line int, s Sample, findings []guard.Finding) {
	r.Replies++
	var found []string
	for _, f := range findings {
		found = append(found, string(f.Reason)+": "+f.Words)
	}
	if s.Expect == OK {
		r.OK++
		if len(findings) > 0 {
			r.Held++
			seen := map[tania.GuardReason]bool{}
			for _, f := range findings {
				if !seen[f.Reason] {
					r.kind(string(f.Reason)).FalseAlarms++
				}
				seen[f.Reason] = true
			}
			r.Misses = append(r.Misses, Miss{line, s.Expect, found, s.Reply, s.Language})
		}
		return
	}
	score := r.kind(s.Expect)
	score.N++
	if len(findings) > 0 {
		score.Held++
	} else {
		r.Misses = append(r.Misses, Miss{line, s.Expect, found, s.Reply, s.Language})
	}
	for _, f := range findings {
		if string(f.Reason) == s.Expect {
			score.Named++
			break
		}
	}
}

func (r *Report) sum(took []time.Duration) {
	for _, s := range r.Kinds {
		s.Recall = float64(s.Held) / float64(max(s.N, 1))
		s.FalseRate = float64(s.FalseAlarms) / float64(max(r.OK, 1))
	}
	r.FalseRate = float64(r.Held) / float64(max(r.OK, 1))
	if slices.Sort(took); len(took) > 0 {
		r.Micros = float64(took[len(took)/2].Nanoseconds()) / 1e3
		r.Slowest = float64(took[len(took)*99/100].Nanoseconds()) / 1e3
	}
}

// Print writes the report as a table for people, and a line for each miss.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d replies, %d of which may be sent: %d held (%.2f %%). One check takes %.0f µs, one in a hundred more than %.0f µs.\n\n",
		r.Replies, r.OK, r.Held, 100*r.FalseRate, r.Micros, r.Slowest)
	fmt.Fprintf(&b, "%-16s %6s %7s %7s %13s\n", "reason", "n", "recall", "named", "false alarms")
	names := make([]string, 0, len(r.Kinds))
	for name := range r.Kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := r.Kinds[name]
		recall, named := "-", "-"
		if s.N > 0 {
			recall, named = fmt.Sprintf("%.4f", s.Recall), fmt.Sprintf("%.4f", float64(s.Named)/float64(s.N))
		}
		fmt.Fprintf(&b, "%-16s %6d %7s %7s %4d (%.2f %%)\n", name, s.N, recall, named, s.FalseAlarms, 100*s.FalseRate)
	}
	for _, m := range r.Misses {
		fmt.Fprintf(&b, "line %d, %s, %s: %q %s\n", m.Line, m.Language, m.Expect, m.Reply, strings.Join(m.Found, "; "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
